"""Which rows of a table are records, and which of them continue the order above."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from xlclv.columns import as_text
from xlclv.reading.meaning.cells import Cells, Labels
from xlclv.reading.meaning.lexicon import in_footer, is_total
from xlclv.reading.meaning.roles import Roles
from xlclv.terms import Array, BoolArray, DateArray, IntArray

_LOOKED_AT: Final = 5000  # rows without a day; more of them are no footers


@dataclass(frozen=True, slots=True)
class Records:
    """The rows of a table.

    Args:
        used: Rows that are records, shape (n,).
        header: Rows that repeat the header, shape (n,).
        total: Rows that only add up others, and lines a program wrote below, shape (n,).
    """

    used: BoolArray
    header: BoolArray
    total: BoolArray


def records(cells: Cells, roles: Roles, day: DateArray) -> Records:
    """Tell records from headers that return, sums and footers.

    Args:
        cells: The table.
        roles: What its columns are.
        day: The day of each row, NaT where there is none, shape (n,).
    """
    filled = np.zeros(cells.rows, bool)
    for at in range(len(cells.raw.headers)):
        filled |= cells.filled(at)
    header = _repeats_header(cells, roles)
    total = np.zeros(cells.rows, bool)
    without_day = np.flatnonzero(np.isnat(day) & filled & ~header)
    if without_day.size <= _LOOKED_AT:
        for row in without_day:
            total[row] = _is_sum_or_footer(cells, roles, int(row))
    return Records(filled & ~header & ~total, header, total)


def _repeats_header(cells: Cells, roles: Roles) -> BoolArray:
    """Say which rows hold the headers again, in two columns at least."""
    same = np.zeros(cells.rows, np.int64)
    for at in roles.taken:
        column = cells.column(at)
        header = str(cells.raw.headers[at]).strip()
        hits = [number for number, cell in enumerate(column.different) if cell == header]
        if hits:
            same += column.codes == hits[0]
    repeated: BoolArray = same >= 2  # noqa: PLR2004 - one cell may be called like its column
    return repeated


def _is_sum_or_footer(cells: Cells, roles: Roles, row: int) -> bool:
    texts = {}
    for at in range(len(cells.raw.headers)):
        code = int(cells.column(at).codes[row])
        if code >= 0:
            texts[at] = as_text(cells.column(at).different[code])
    if in_footer(texts.values()):
        return True
    if len(texts) == 1 and len(roles.taken) > 2:  # noqa: PLR2004 - a note, in a table of columns
        return True
    ids = roles.all("order_id", "customer_id", "email", "customer_name")
    named = any(_names_total(text) for text in texts.values() if not _is_number(text))
    if named:
        return sum(at in texts and not _names_total(texts[at]) for at in ids) <= 1
    only_numbers = all(_is_number(text) for text in texts.values())
    return only_numbers and not any(at in texts for at in ids) and not roles.has("ref_order")


def _names_total(text: str) -> bool:
    """Say whether a text is the name of a sum, or of the sum of something."""
    words = text.replace(":", " ").split()
    return is_total(text) or (bool(words) and (is_total(words[0]) or is_total(words[-1])))


def _is_number(text: str) -> bool:
    return not any(sign.isalpha() for sign in text)


@dataclass(frozen=True, slots=True)
class Runs:
    """Rows of one order that stand below each other; shape (n,) each.

    Args:
        number: Number of the run of each row.
        first: The first row of the run of each row.
        continued: Rows that continue an order: they lack what its first row says.
    """

    number: IntArray
    first: IntArray
    continued: BoolArray

    def filled(self, labels: Labels) -> Labels:
        """Give a row without a name that of the row above in its run."""
        return replace(labels, codes=self._down(labels.codes, labels.codes >= 0, labels.codes))

    def days(self, day: DateArray) -> DateArray:
        """Give a row without a day that of the row above in its run."""
        filled: DateArray = self._down(day, ~np.isnat(day), day)
        return filled

    def _down(self, values: Array, known: BoolArray, otherwise: Array) -> Array:
        rows = np.arange(values.size)
        last = np.maximum.accumulate(np.where(known, rows, -1))
        inside = (last >= 0) & (self.first <= last)
        return np.where(inside, values[np.maximum(last, 0)], otherwise)


def runs(order: Labels | None, used: BoolArray, blank: BoolArray) -> Runs:
    """Find rows that belong to the order above them.

    Args:
        order: The order number of each row; None where the table has none.
        used: Rows that are records.
        blank: Rows that say neither order nor customer nor day of their own.
    """
    size = used.size
    rows = np.arange(size)
    codes = np.full(size, -1) if order is None else order.codes
    if order is None:
        # Without order numbers only a row that says nothing of its own continues the one above.
        new = used & ~blank
    else:
        last = np.maximum.accumulate(np.where((codes >= 0) & used, rows, -1))
        above = np.append(-1, last[:-1])
        differs = (codes >= 0) & ((above < 0) | (codes != codes[np.maximum(above, 0)]))
        new = used & (differs | ((codes < 0) & ~blank))
    number = np.cumsum(new).astype(np.int64)
    first = np.maximum.accumulate(np.where(new, rows, 0))
    return Runs(number, first, used & ~new & blank)
