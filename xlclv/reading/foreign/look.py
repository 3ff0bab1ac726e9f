"""What has to be known of a sheet before its cells are read: how far it reaches, its errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# How the binary formats number the error values of cells (MS-XLS 2.5.10, MS-XLSB 2.5.97.2).
ERROR_CODES: Final[Mapping[int, str]] = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class Locked(Exception):  # noqa: N818 - says what the workbook is
    """The workbook is encrypted with a password."""


@dataclass(slots=True)
class Look:
    """A sheet before it is read; rows and columns from 1.

    Args:
        last_row: The last row that has a cell filled, 0 without.
        last_column: The last column that has a cell filled, 0 without.
        errors: Row, column and code of each error value.
    """

    last_row: int = 0
    last_column: int = 0
    errors: list[tuple[int, int, str]] = field(default_factory=list)

    def reach(self, row: int, column: int) -> None:
        """Take in a cell."""
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)

    def error(self, row: int, column: int, code: int) -> None:
        """Note an error value by its number."""
        self.errors.append((row, column, ERROR_CODES.get(code, "#VALUE!")))
