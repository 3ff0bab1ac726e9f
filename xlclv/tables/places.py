"""A range of cells with headers, as it stands on a sheet or in a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlclv.addresses import letters
from xlclv.columns import Cells


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: sheet or file, row of its headers, first column (both from 1)."""

    sheet: str = ""
    header_row: int = 1
    first_column: int = 1

    def cell(self, column: int, row: int) -> str:
        """Name the cell of a column (from 0) and a body row (from 0), such as Orders!C12."""
        address = f"{letters(self.first_column + column)}{self.header_row + 1 + row}"
        return f"{self.sheet}!{address}" if self.sheet else address


@dataclass(frozen=True, slots=True)
class RawTable:
    """A range of cells with a header row, as it stands on a sheet or in a file.

    Args:
        headers: Texts of the header row.
        columns: The cells below each header, all of one length.
        where: How messages name the place of a cell: sheet or file, header row and first column
            (both from 1).
    """

    headers: Sequence[str]
    columns: Sequence[Cells]
    where: Place = Place()

    @property
    def rows(self) -> int:
        """Return the number of rows below the header."""
        return len(self.columns[0]) if self.columns else 0
