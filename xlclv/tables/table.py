"""A table read: typed columns, what is blank, what is wrong."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from xlclv.columns import CellError, Column, as_objects
from xlclv.readings import Reading
from xlclv.tables.places import RawTable
from xlclv.tables.specs import SPECS, TableSpec
from xlclv.terms import TERMS, Array, BoolArray


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that could not be used, and why."""

    cell: str
    row: int
    name: str
    error: CellError

    def __str__(self) -> str:
        """Write the fault the way a report lists it."""
        return f"{self.cell}: {self.error.message}"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table read: typed columns of shape (n,), blank cells and faults known; it never changes.

    Args:
        spec: What the table is.
        columns: Name to column; a name that is absent has no column on the sheet.
        used: Sheet rows (from 0, below the header) that are not wholly blank, shape (n,).
        raw: The range it was read from.
        index: Name to position (from 0) in the range.
        faults: Every cell that could not be read, in the order of the rows.
        reading: What an order table was taken to mean; None where nobody had to find out.
        known: What was worked out from it, see `remembered`.
    """

    spec: TableSpec
    columns: Mapping[str, Column]
    used: NDArray[np.int64]
    raw: RawTable
    index: Mapping[str, int]
    faults: tuple[Fault, ...]
    reading: Reading | None = None
    known: dict[Any, dict[Any, Any]] = field(default_factory=dict, init=False, repr=False)

    @property
    def rows(self) -> int:
        """Return the number of used rows."""
        return int(self.used.size)

    @classmethod
    def empty(cls, name: str) -> Self:
        """Return a table of a spec by name, with neither columns nor rows."""
        return cls(SPECS[name], {}, np.array([], np.int64), RawTable([], []), {}, ())

    @staticmethod
    def nothing(name: str, size: int, default: object = None) -> Array:
        """Return a column that is not there, shape (size,), filled with the default."""
        return _filled(TERMS[name].kind, size, default)

    def has(self, name: str) -> bool:
        """Say whether the table has that column and anything in it."""
        return name in self.columns and not bool(self.columns[name].blank.all())

    def values(self, name: str, default: object = None) -> Array:
        """Return a column, shape (n,), with `default` where it is blank, faulty or absent."""
        if name not in self.columns:
            return self.nothing(name, self.rows, default)
        column = self.columns[name]
        values = column.values.copy()
        values[column.blank | column.bad] = self.nothing(name, 1, default)[0]
        return values

    def typed(self, place: int) -> Array:
        """Return the cells of a column by its position (from 0) as they were typed, shape (n,)."""
        cells = self.raw.columns[place]
        if isinstance(cells, np.ndarray) and cells.dtype != object:
            return cells[self.used]
        return as_objects(cells)[self.used]

    def blank(self, name: str) -> BoolArray:
        """Say where a column has nothing, shape (n,); everywhere if it is absent."""
        if name not in self.columns:
            return np.ones(self.rows, bool)
        return self.columns[name].blank

    def bad_rows(self, names: Collection[str] | None = None) -> BoolArray:
        """Say which rows have a fault in any of these columns, or in any at all, shape (n,)."""
        bad = np.zeros(self.rows, bool)
        for name, column in self.columns.items():
            if names is None or name in names:
                bad |= column.bad
        return bad


def _filled(kind: str, size: int, default: object) -> Array:
    if kind == "number":
        return np.full(size, np.nan if default is None else default, dtype=float)
    if kind == "date":
        return np.full(size, np.datetime64("NaT") if default is None else default, "datetime64[D]")
    if kind == "boolean":
        return np.full(size, bool(default), dtype=bool)
    return np.full(size, "" if default is None else default, dtype=object)
