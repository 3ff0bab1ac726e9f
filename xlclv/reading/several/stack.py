"""Tables of one layout, such as a sheet or a file per month, become one table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from xlclv import headers
from xlclv.columns import Cells
from xlclv.reading.found import Found
from xlclv.reading.meaning.layouts import find_layout
from xlclv.reading.meaning.roles import (
    BASES,
    BESIDE,
    MARKS,
    STATUS,
    by_headers,
    position_of,
    role_of,
)
from xlclv.reading.several.places import Stacked
from xlclv.readings import Rule
from xlclv.tables import RawTable
from xlclv.words import word

# What makes an order: of two tables of one layout neither has more of these than the other.
ESSENTIAL: Final = frozenset(("order_id", "customer_id", "email", "order_date", "qty", *BASES))
# What else changes what an order is worth, or whether it counts.
TELLING: Final = frozenset((*BESIDE, *STATUS, *MARKS, "cancelled_date", "currency_code"))

Key = tuple[str, int]  # a header, and how often it stood before


def stacked(founds: Sequence[Found]) -> Found | None:
    """Return tables of one layout as one, or None where their columns have not the same meaning.

    A column that some of them lack is blank in their rows, which a rule tells.

    Args:
        founds: The tables, in the order in which they were named.
    """
    keys = [_keys(found.raw.headers) for found in founds]
    roles = [roles_in(found) for found in founds]
    if not _one_layout(keys, roles):
        return None
    whole = list(dict.fromkeys(key for own in keys for key in own if key[0]))
    places = [{key: at for at, key in enumerate(own)} for own in keys]
    columns = [
        [
            cell
            for found, place in zip(founds, places, strict=True)
            for cell in _cells(found, place.get(key))
        ]
        for key in whole
    ]
    starts = [0, *accumulate(found.raw.rows for found in founds)][:-1]
    first = founds[0]
    where = Stacked(
        first.raw.where.sheet,
        first.raw.where.header_row,
        first.raw.where.first_column,
        [found.raw.where for found in founds],
        starts,
        [[place.get(key) for key in whole] for place in places],
    )
    texts = {
        key: str(found.raw.headers[at])
        for found, own in reversed([*zip(founds, keys, strict=True)])
        for at, key in enumerate(own)
    }
    index: dict[str, int] = {}
    for found, own in zip(founds, keys, strict=True):
        for name, at in found.index.items():
            index.setdefault(name, whole.index(own[at]))
    return replace(
        first,
        raw=RawTable([texts[key] for key in whole], columns, where),
        notes=tuple(_notes(founds)),
        places=len(founds) + 1,
        index=index,
        chosen={
            name: header for found in reversed(founds) for name, header in found.chosen.items()
        },
        others=tuple(found.sheet for found in founds[1:]),
        starts=tuple(starts),
        rules=tuple(_lacking(founds, keys, roles, whole)),
    )


def _keys(texts: Sequence[object]) -> list[Key]:
    """Tell headers apart whatever their case and signs, equal ones by their order."""
    times: dict[str, int] = {}
    found = []
    for text in texts:
        key = headers.key("" if text is None else str(text))
        times[key] = times.get(key, 0) + 1
        found.append((key, times[key]))
    return found


def _one_layout(keys: Sequence[Sequence[Key]], roles: Sequence[Mapping[int, str]]) -> bool:
    """Say whether the columns that make an order stand under the same headers in all tables.

    So none of them has a column of its own in place of one that another has: a table with
    `Total` and one with `Net` are two layouts, and so are two with different amounts.
    """
    essential = [
        {own[at] for at, role in named.items() if role in ESSENTIAL}
        for own, named in zip(keys, roles, strict=True)
    ]
    if any(other != essential[0] for other in essential):
        return False
    by_role: dict[str, set[Key]] = {}
    for own, named in zip(keys, roles, strict=True):
        for at, role in named.items():
            by_role.setdefault(role, set()).add(own[at])
    shared = set.intersection(*map(set, keys))
    return all(_in_one(named - shared, keys) for named in by_role.values())


def _in_one(named: set[Key], keys: Sequence[Sequence[Key]]) -> bool:
    return any(named <= set(own) for own in keys)


def roles_in(found: Found) -> dict[int, str]:
    """Return what the columns of an order table are, as far as headers and the user tell."""
    texts = found.raw.headers
    roles = {at: taken.role for at, taken in by_headers(texts, find_layout(texts)).items()}
    for name, header in found.chosen.items():
        at = position_of(texts, header)
        if at is not None:
            roles[at] = role_of(name)
    return roles


def _cells(found: Found, at: int | None) -> Cells:
    return [None] * found.raw.rows if at is None else found.raw.columns[at]


def _notes(founds: Sequence[Found]) -> Iterator[str]:
    """Say where each table stands."""
    yield word("notes.one_log", count=len(founds))
    for found in founds:
        yield word("notes.part_of_log", place=found.span, rows=f"{found.raw.rows:,}")
    for found in founds:
        yield from found.notes[1:]


def _lacking(
    founds: Sequence[Found],
    keys: Sequence[Sequence[Key]],
    roles: Sequence[Mapping[int, str]],
    whole: Sequence[Key],
) -> Iterator[Rule]:
    """Name the columns that some of the tables lack; one that may hold money asks for a look."""
    for key in whole:
        without = [found for found, own in zip(founds, keys, strict=True) if key not in own]
        if not without:
            continue
        part = next(part for part, own in enumerate(keys) if key in own)
        at = keys[part].index(key)
        yield Rule(
            "part_lacks_column",
            "warning" if roles[part].get(at) in TELLING else "info",
            word(
                "reading.part_lacks_column",
                header=founds[part].raw.headers[at],
                sheets=", ".join(found.sheet for found in without),
            ),
            rows=sum(found.raw.rows for found in without),
            cells=tuple(found.raw.where.cell(0, -1) for found in without),
        )
