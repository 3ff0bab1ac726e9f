"""Where the cells of a table stand that was put together from several."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from xlclv.tables import Place
from xlclv.terms import IntArray


@dataclass(frozen=True, slots=True)
class Stacked(Place):
    """Tables below each other.

    Args:
        places: Where each of them stands.
        starts: The row (from 0) of the whole with which each begins.
        columns: For each of them the own position of every column of the whole, None where it
            lacks the column.
    """

    places: Sequence[Place] = ()
    starts: Sequence[int] = ()
    columns: Sequence[Sequence[int | None]] = ()

    def cell(self, column: int, row: int) -> str:
        """Name the cell of a column (from 0) and a row (from 0) of the whole."""
        part = max(bisect_right(self.starts, max(row, 0)) - 1, 0)
        own = self.columns[part][column]
        return self.places[part].cell(own or 0, row - self.starts[part])


@dataclass(frozen=True, slots=True)
class Picked(Place):
    """Some rows of a table.

    Args:
        place: Where the table stands.
        rows: The row (from 0) of the table that each row of the choice is, shape (n,).
    """

    place: Place = field(default_factory=Place)
    rows: IntArray | None = None

    def cell(self, column: int, row: int) -> str:
        """Name the cell of a column (from 0) and a row (from 0) of the choice."""
        if self.rows is not None and 0 <= row < self.rows.size:
            return self.place.cell(column, int(self.rows[row]))
        return self.place.cell(column, row)


@dataclass(frozen=True, slots=True)
class Beside(Place):
    """Two tables whose rows were joined by what they share; a row may lack one of them.

    Args:
        left: Where the table of the first columns stands.
        right: Where the other one stands.
        width: How many columns the first one has.
        columns: The own position of each column of the second one.
        left_rows: The row (from 0) of the first table in each row of the whole, -1 without.
        right_rows: The same of the second table.
    """

    left: Place = field(default_factory=Place)
    right: Place = field(default_factory=Place)
    width: int = 0
    columns: Sequence[int] = ()
    left_rows: IntArray | None = None
    right_rows: IntArray | None = None

    def cell(self, column: int, row: int) -> str:
        """Name the cell of a column (from 0) and a row (from 0) of the whole."""
        in_left = column < self.width
        if row < 0:  # the row of the headers
            return self.left.cell(column, row) if in_left else self._right(column, row)
        rows = self.left_rows if in_left else self.right_rows
        own = int(rows[row]) if rows is not None and row < rows.size else -1
        if own < 0:  # the row has nothing there; its other half tells where to look
            return self.cell(0 if rows is self.right_rows else self.width, row)
        return self.left.cell(column, own) if in_left else self._right(column, own)

    def _right(self, column: int, row: int) -> str:
        return self.right.cell(self.columns[column - self.width], row)
