"""What statuses, types and marks say of the rows of an order table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from xlclv import headers
from xlclv.reading.meaning.cells import Cells, Labels
from xlclv.reading.meaning.layouts import Layout
from xlclv.reading.meaning.lexicon import (
    Use,
    document_kind,
    names_gift_card,
    says,
    status_use,
)
from xlclv.reading.meaning.roles import Roles
from xlclv.reading.meaning.rows import Runs
from xlclv.terms import BoolArray, IntArray

_USE: Final[dict[Use, int]] = {"counts": 0, "not_yet": 1, "refunded": 2, "ignore": 3}
_WON: Final = frozenset(map(headers.key, ("Closed Won", "Won", "Gewonnen", "Gagné", "Ganado")))
COUNTS, NOT_YET, REFUNDED, IGNORE = range(4)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A status that nobody knows."""

    column: int
    value: str
    rows: BoolArray


@dataclass(frozen=True, slots=True)
class Statuses:
    """What is said of each row; shape (n,) each.

    Args:
        use: COUNTS, NOT_YET, REFUNDED or IGNORE.
        words: The status as it is written; None without a column of statuses.
        word_use: What that word alone says.
        refund: Rows that are the refund of something, by their type or a mark.
        transfer: Rows of money moved that is no sale.
        test: Rows of test orders.
        gift_card: Rows that sell a gift card.
        marked_in: Columns that told anything.
        unknown: Statuses that nobody knows.
        cancelled_at: Rows that count for nothing because a day of cancellation is filled in.
    """

    use: IntArray
    words: Labels | None
    word_use: IntArray
    refund: BoolArray
    transfer: BoolArray
    test: BoolArray
    gift_card: BoolArray
    cancelled_at: BoolArray
    unknown: tuple[Unknown, ...] = ()
    deals: bool = False
    by_value: Mapping[tuple[int, str], Use] = field(default_factory=dict)


def statuses(
    cells: Cells, roles: Roles, run: Runs, layout: Layout, chosen: Mapping[str, str]
) -> Statuses:
    """Read everything that says whether a row counts.

    Args:
        cells: The table.
        roles: What its columns are.
        run: Rows of one order; those without a status have that of the row above.
        layout: Its layout, which may have words of its own.
        chosen: Status to "counts" or "ignore", where the user says it.
    """
    extra: dict[str, Use] = dict(layout.status)
    extra |= {headers.key(value): use for value, use in chosen.items()}  # type: ignore[misc]
    size = cells.rows
    use = np.zeros(size, np.int64)
    unknown: list[Unknown] = []
    by_value: dict[tuple[int, str], Use] = {}
    words, deals = None, False
    word_use = use
    for at in roles.all("status", "stage", "fulfilment"):
        labels = run.filled(cells.labels(at))
        role = roles.taken[at].role
        stage = role == "stage" or (role == "status" and _has_won(labels))
        deals |= stage
        told = [_told(name, role, extra, stage=stage) for name in labels.names]
        strength = np.array([_USE[one] if one else 0 for one in told] + [0])
        if role != "fulfilment":
            if words is None:
                words, word_use = labels, strength[labels.codes]
            unknown += [
                Unknown(at, name, labels.codes == number)
                for number, (name, one) in enumerate(zip(labels.names, told, strict=True))
                if one is None
            ]
            by_value |= {
                (at, name): one for name, one in zip(labels.names, told, strict=True) if one
            }
        use = np.maximum(use, strength[labels.codes])
    cancelled_at = _cancelled_at(cells, roles, run)
    use = np.where(cancelled_at | _yes(cells, roles, "is_cancelled"), IGNORE, use)
    use = np.where((use < REFUNDED) & _yes(cells, roles, "is_returned"), REFUNDED, use)
    kinds = [run.filled(cells.labels(at)) for at in roles.all("doc_type")]
    refund = _yes(cells, roles, "is_refund")
    transfer = np.zeros(size, bool)
    for labels in kinds:
        refund |= labels.where(lambda name: document_kind(name) == "refund")
        transfer |= labels.where(lambda name: document_kind(name) == "transfer")
    return Statuses(
        use=use,
        words=words,
        word_use=word_use,
        refund=refund,
        transfer=transfer & ~refund,
        test=_tests(cells, roles, run),
        gift_card=_gift_cards(cells, roles),
        cancelled_at=cancelled_at,
        unknown=tuple(unknown),
        deals=deals,
        by_value=by_value,
    )


def _has_won(labels: Labels) -> bool:
    return any(headers.key(name) in _WON for name in labels.names)


def _told(name: str, role: str, extra: Mapping[str, Use], *, stage: bool) -> Use | None:
    """Return what a word says in a column of a role; of a deal only the won stage counts."""
    use = status_use(name, extra)
    if role == "fulfilment":
        # Goods not yet sent are sold all the same.
        return use if use in ("ignore", "refunded") else "counts"
    if stage and headers.key(name) not in extra:
        return "counts" if headers.key(name) in _WON else use if use == "ignore" else "not_yet"
    return use


def _cancelled_at(cells: Cells, roles: Roles, run: Runs) -> BoolArray:
    cancelled = np.zeros(cells.rows, bool)
    for at in roles.all("cancelled_date"):
        labels = run.filled(cells.labels(at))
        cancelled |= labels.where(lambda name: any(sign in "123456789" for sign in name))
    return cancelled


def _yes(cells: Cells, roles: Roles, role: str) -> BoolArray:
    found = np.zeros(cells.rows, bool)
    for at in roles.all(role):
        found |= cells.labels(at).where(lambda name: says(name, "yes") or _names_itself(name))
    return found


def _names_itself(name: str) -> bool:
    """Say whether a mark spells what it marks, such as "Refund" in a column Refund."""
    return document_kind(name) == "refund" or status_use(name, {}) in ("refunded", "ignore")


def _tests(cells: Cells, roles: Roles, run: Runs) -> BoolArray:
    test = np.zeros(cells.rows, bool)
    for at in roles.all("tags"):
        labels = run.filled(cells.labels(at))
        test |= labels.where(lambda name: any(says(tag, "test") for tag in _parted(name)))
    for at in roles.all("is_test"):
        live = headers.key(str(cells.raw.headers[at])) == "livemode"
        group = "no" if live else "yes"
        test |= cells.labels(at).where(lambda name, group=group: says(name, group))  # type: ignore[misc]
    return test


def _parted(name: str) -> list[str]:
    for sign in ";,|":
        name = name.replace(sign, "\0")
    return [tag.strip() for tag in name.split("\0")]


def _gift_cards(cells: Cells, roles: Roles) -> BoolArray:
    found = np.zeros(cells.rows, bool)
    for at in roles.all("product"):
        found |= cells.labels(at).where(names_gift_card)
    return found
