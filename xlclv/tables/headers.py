"""The titles of columns, and how they are found in a header row."""

import re
from collections.abc import Mapping, Sequence

from xlclv.errors import InputError
from xlclv.headers import names as headers_of
from xlclv.tables.specs import CUSTOMERS, ORDERS, TableSpec
from xlclv.terms import TERMS
from xlclv.words import every


def plain(header: object) -> str:
    """Reduce a header to what counts in a comparison: letters and digits, small.

    >>> plain("Enter at (≥)"), plain("order_date"), plain("Größe")
    ('enterat', 'orderdate', 'grösse')
    """
    text = "" if header is None else str(header)
    return re.sub(r"\([^)]*\)|[\W_]+", "", text).casefold()


def match_headers(
    headers: Sequence[object], spec: TableSpec, chosen: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Find the columns of a table among headers.

    A header stands for a column when it equals its name, its title or one of its other names
    (`headers.NAME` in the catalogue), small and capital letters, spaces and signs apart. The
    first name in the list that is found wins, so "Net amount" comes before "Total".

    Args:
        headers: Texts of the header row.
        spec: The table looked for.
        chosen: Column name to header text, where the user says it.

    Returns:
        Column name to position (from 0).

    Raises:
        InputError: A chosen header is not there, or a chosen name is no column of the table.
    """
    places: dict[str, int] = {}
    for position, header in enumerate(headers):
        places.setdefault(plain(header), position)
    places.pop("", None)
    taken: dict[str, int] = {}
    for name, header in (chosen or {}).items():
        if name in spec.columns:
            taken[name] = _chosen(name, header, places, headers)
    for name in spec.columns:
        if name not in taken:
            found = (places.get(plain(alias)) for alias in names_of(name, spec))
            free = (place for place in found if place is not None and place not in taken.values())
            place = next(free, None)
            if place is not None:
                taken[name] = place
    if spec is CUSTOMERS and "customer_email" in taken:
        # Where nothing else says who somebody is, the e-mail address does.
        taken.setdefault("customer_id", taken["customer_email"])
    return taken


def names_of(name: str, spec: TableSpec) -> list[str]:
    """Return the headers that stand for a column, in the order in which they are looked for.

    What others call a column of orders or customers is known in many languages.
    """
    elsewhere = headers_of(spec.name, name) if spec in (ORDERS, CUSTOMERS) else ()
    return [name, *titles(name), *every(f"headers.{name}"), *elsewhere]


def _chosen(name: str, header: str, places: Mapping[str, int], headers: Sequence[object]) -> int:
    if plain(header) not in places:
        listed = ", ".join(str(text) for text in headers if text not in (None, ""))
        raise InputError("no_such_header", name=name, value=header, expected=listed)
    return places[plain(header)]


def missing(index: Mapping[str, int], spec: TableSpec) -> list[str]:
    """Return the titles of the required columns that were not found."""
    lacking = []
    for need in spec.required:
        names = need if isinstance(need, tuple) else (need,)
        if not any(name in index for name in names):
            lacking.append(" / ".join(title(name) for name in names))
    return lacking


def titles(name: str) -> list[str]:
    """Return what sheets call a column or setting in every language, the one in use first."""
    return every(f"titles.{name}")


def title(name: str) -> str:
    """Return what sheets call a column or setting; a mere argument keeps its name.

    >>> title("order_date"), title("order_dates")
    ('Order date', 'order_dates')
    """
    return TERMS[name].title


def own_title(usual: str) -> str:
    """Return the header of a column of ours beside one of the user's with the usual one."""
    return f"xlclv {usual}"
