"""The cells of one sheet, at their own addresses, with the tables listed on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from xlclv.addresses import Box


@dataclass(frozen=True, slots=True)
class ListedTable:
    """A table that Excel lists by name; rows and columns counted from 1.

    Args:
        name: Its display name, such as tblOrders.
        header_row: The row of its headers.
        first_column: Its first column.
        last_row: The last row of its body; `header_row` where the body is empty.
        last_column: Its last column.
        totals_rows: Rows of totals below the body.
    """

    name: str
    header_row: int
    first_column: int
    last_row: int
    last_column: int
    totals_rows: int = 0

    @property
    def box(self) -> Box:
        """Return its cells, without the totals."""
        return Box(self.header_row, self.first_column, self.last_row, self.last_column)


class ByColumn(Sequence[list[object]]):
    """Rows of cells kept by column, as a text file of a million rows needs it.

    Args:
        columns: The cells of each column, all of one length; None where a line had ended before.
    """

    def __init__(self, columns: Sequence[list[object]]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @overload
    def __getitem__(self, row: int) -> list[object]: ...
    @overload
    def __getitem__(self, row: slice) -> list[list[object]]: ...
    def __getitem__(self, row: int | slice) -> list[object] | list[list[object]]:
        if isinstance(row, slice):
            return [self[number] for number in range(*row.indices(len(self)))]
        return [column[row] for column in self.columns]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one sheet, or of a text file.

    Args:
        name: The name on its tab; of a text file the name without the ending.
        cells: Rows of cells from A1: float, text, bool, date, datetime, time, timedelta,
            CellError; "" or None where there is nothing.
        tables: The tables that Excel lists on it.
        hidden_rows: How many rows are hidden, by a filter or by hand, as far as a file tells.
    """

    name: str
    cells: Sequence[Sequence[object]]
    tables: tuple[ListedTable, ...] = ()
    hidden_rows: int = 0

    def column(self, column: int, first: int, last: int) -> list[object]:
        """Return the cells of a column from row `first` to row `last`, all counted from 1."""
        if isinstance(self.cells, ByColumn):
            return self.cells.columns[column - 1][first - 1 : last]
        return [row[column - 1] for row in self.cells[first - 1 : last]]
