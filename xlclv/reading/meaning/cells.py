"""The columns of one table, read when somebody asks, once each, all of them one way."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from xlclv.columns import as_text
from xlclv.reading.cellcolumns import Column, Conventions, is_error
from xlclv.reading.daycells import Days, days, order_shown
from xlclv.reading.numbercells import Numbers, decimal_shown, numbers
from xlclv.reading.textdates import Order
from xlclv.reading.textnumbers import Decimal
from xlclv.tables import RawTable
from xlclv.terms import BoolArray, IntArray

_TEXT_MARK: Final = re.compile(r'=\s*"(.*)"|\'(?=.)(.*)', re.DOTALL)
_WHOLE: Final = re.compile(r"-?[0-9]+(\.0+)?")


@dataclass(frozen=True, slots=True)
class Labels:
    """A column of names: which of `names` each row holds, -1 where it is blank, shape (n,)."""

    codes: IntArray
    names: Sequence[str]

    @property
    def blank(self) -> BoolArray:
        """Say which rows are blank, shape (n,)."""
        empty: BoolArray = self.codes < 0
        return empty

    def renamed(self, rename: Callable[[str], str]) -> "Labels":
        """Return the labels under other names; "" is a blank, equal names become one."""
        return Labels.of(self.codes, [rename(name) for name in self.names])

    def where(self, fits: Callable[[str], bool]) -> BoolArray:
        """Say which rows hold a name that fits, shape (n,)."""
        marked = np.array([*map(fits, self.names), False], dtype=bool)
        held: BoolArray = marked[self.codes]
        return held

    def values(self) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
        """Return the name of each row, "" where it is blank, shape (n,)."""
        names = np.empty(len(self.names) + 1, dtype=object)
        names[:] = [*self.names, ""]
        return names[self.codes]

    @classmethod
    def of(cls, codes: IntArray, names: Sequence[str]) -> "Labels":
        """Make labels of names that may be blank or stand twice."""
        merged, different = pd.factorize(np.array([*names, ""], dtype=object))
        found = list(different)
        new = merged.astype(np.int64)
        if "" in found:
            gone = found.index("")
            new = np.where(new == gone, -1, new - (new > gone))
            found = [name for name in found if name]
        return cls(new[codes], found)


class Cells:
    """A table whose columns are read on demand.

    Args:
        raw: The table.
        conventions: What the user says about the way of writing.
        numeric: Positions of columns that hold numbers, which tell each other's decimal sign.
        dated: Positions of columns that hold days, which tell each other's order.
    """

    def __init__(
        self,
        raw: RawTable,
        conventions: Conventions,
        numeric: Iterable[int] = (),
        dated: Iterable[int] = (),
    ) -> None:
        self.raw = raw
        self.conventions = conventions
        self.numeric = tuple(numeric)
        self.dated = tuple(dated)
        self.rows = raw.rows
        self._columns: dict[int, Column] = {}
        self._numbers: dict[int, Numbers] = {}
        self._days: dict[int, Days] = {}

    def column(self, at: int) -> Column:
        """Return a column with its different cells."""
        if at not in self._columns:
            header = " ".join(str(self.raw.headers[at]).split())
            self._columns[at] = Column.of(self.raw.columns[at], header, self.raw.where, at)
        return self._columns[at]

    def numbers(self, at: int) -> Numbers:
        """Return a column of numbers."""
        if at not in self._numbers:
            self._numbers[at] = numbers(self.column(at), self.conventions, lambda: self._decimals)
        return self._numbers[at]

    def days(self, at: int) -> Days:
        """Return a column of days."""
        if at not in self._days:
            self._days[at] = days(self.column(at), self.conventions, lambda: self._orders)
        return self._days[at]

    @cached_property
    def _decimals(self) -> tuple[Decimal, ...]:
        shown = (decimal_shown(self.column(at), self.conventions) for at in self.numeric)
        return tuple(sign for sign in shown if sign is not None)

    @cached_property
    def _orders(self) -> tuple[Order, ...]:
        shown = (order_shown(self.column(at)) for at in self.dated)
        return tuple(order for order in shown if order is not None)

    def labels(self, at: int) -> Labels:
        """Return a column of names; an error value is a blank."""
        column = self.column(at)
        names = ["" if is_error(cell) else as_text(cell) for cell in column.different]
        return Labels.of(column.codes, names)

    def ids(self, at: int) -> Labels:
        """Return a column of ids without the marks that only say that they are text."""
        labels = self.labels(at).renamed(_without_mark)
        if all(map(_WHOLE.fullmatch, labels.names)):
            return labels.renamed(lambda name: name.partition(".")[0])
        return labels

    def is_numeric(self, at: int) -> bool:
        """Say whether most filled cells of a column are numbers, however written."""
        column = self.column(at)
        sample = column.different[:200]
        if not sample:
            return False
        hits = sum(_looks_like_number(cell) for cell in sample)
        return hits * 10 >= len(sample) * 8

    def filled(self, at: int) -> BoolArray:
        """Say which cells of a column hold something, shape (n,)."""
        return ~self.column(at).blank

    def notes(self) -> list[str]:
        """Return what was detected in the columns read so far, in plain sentences."""
        return [note for at in sorted(self._columns) for note in self._columns[at].notes]


def _without_mark(name: str) -> str:
    found = _TEXT_MARK.fullmatch(name)
    return name if found is None else (found[1] or found[2] or "").strip()


_NUMBERLIKE: Final = re.compile(
    r"[-−(]?\s*([A-Z]{0,3}[$€£¥₩₹]|[A-Z]{3}|kr\.?|zł|R\$)?\s*[-−(]?[0-9][0-9.,'’ \u00a0\u202f]*"
    r"[-–)%]*\s*([A-Z]{3}|[$€£¥₩₹]|kr\.?|zł|円|元|원|Kč|Ft)?[-)%.]*"
)


def _looks_like_number(cell: object) -> bool:
    if isinstance(cell, str):
        return _NUMBERLIKE.fullmatch(cell) is not None or cell == "-"
    return isinstance(cell, int | float) and not isinstance(cell, bool)
