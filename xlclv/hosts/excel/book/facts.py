"""What of the user's stands on the sheets of an open workbook of Excel."""

import xlwings as xw

from xlclv.addresses import Box
from xlclv.errors import InputError
from xlclv.hosts.excel.book.able import able, refusals, writes_at_end
from xlclv.hosts.excel.book.entries import as_grid
from xlclv.hosts.log import log, log_to_file
from xlclv.xlsx.facts import StandingTable


class OpenFacts:
    """What stands in the way in an open workbook; what its host cannot tell is taken for absent."""

    def __init__(self, book: xw.Book) -> None:
        self._book = book

    @property
    def date_1904(self) -> bool:
        """Say whether days count from 1904; copied sheets must agree."""
        return able("first day", lambda: self._book.api.Date1904) is True

    def is_protected(self, sheet: str) -> bool:
        """Say whether a sheet lets no macro write to it."""
        api = able("protection", lambda: self._book.sheets[sheet].api)
        if able("protection on Windows", lambda: api.ProtectContents) is True:
            return able("who is kept out", lambda: api.ProtectionMode) is not True
        told = able("protection on the Mac", lambda: api.protect_contents)
        return told is not None and able("protection on the Mac", told.get) is True

    def holds_pivot(self, sheet: str) -> bool:
        """Say whether a pivot table stands on a sheet."""
        count = able("pivot tables", lambda: len(self._book.sheets[sheet].pivot_tables))
        return bool(count)

    def tables(self, sheet: str) -> list[StandingTable]:
        """Return the tables of a sheet.

        Raises:
            InputError: Excel does not tell them.
        """
        return read_tables(self._book.sheets[sheet])

    def number_format(self, sheet: str, row: int, column: int) -> str:
        """Return the code of the number format of a cell, "" unknown."""
        block = self._book.sheets[sheet].range((row, column))
        return str(able("number format", lambda: block.number_format) or "")

    def content(self, sheet: str, box: Box) -> str:
        """Return the address of the first cell in a box that holds something, "" without."""
        block = self._block(sheet, box)
        entered = able("formulas", lambda: as_grid(block.formula, *block.shape))
        shown = block.options(ndim=2, err_to_str=True).value if entered is None else entered
        for row, cells in enumerate(shown, start=box.first_row):
            for column, cell in enumerate(cells, start=box.first_column):
                if cell not in (None, ""):
                    return str(Box(row, column, row, column))
        return ""

    def merged(self, sheet: str, box: Box) -> str:
        """Return a box if merged cells reach into it, "" without: Excel says no more at once."""
        block = self._block(sheet, box)
        # None is the answer for a block of which some cells are merged.
        merged = able("merged cells", lambda: block.merge_cells, otherwise=False)
        return "" if merged is False else str(box)

    def one_formula(self, sheet: str, box: Box) -> str:
        """Return a cell of a box that an array formula fills together with others, "" without."""
        if writes_at_end(self._book):
            return ""
        block = self._block(sheet, box)
        asked = (
            able("array formulas", lambda: block.has_array, otherwise=False),
            able("spilled formulas", lambda: block.api.HasSpill, otherwise=False),
        )
        if all(answer is False for answer in asked):
            return ""
        return next((cell.address.replace("$", "") for cell in block if _is_part(cell)), "")

    def _block(self, sheet: str, box: Box) -> xw.Range:
        return self._book.sheets[sheet].range(box[:2], box[2:])


def _is_part(cell: xw.Range) -> bool:
    """Say whether a cell shows part of a formula that fills several."""
    if able("spilled formula", lambda: cell.api.HasSpill) is True:
        return True
    if able("array formula", lambda: cell.has_array) is not True:
        return False
    count = able("size of an array formula", lambda: cell.api.CurrentArray.Count, otherwise=2)
    return count != 1


def read_tables(sheet: xw.Sheet) -> list[StandingTable]:
    """Return the tables of a sheet, also those that show no headers.

    Raises:
        InputError: Excel does not tell them; results could then go over one.
    """
    try:
        return [_standing(table) for table in sheet.tables]
    except refusals() as error:
        log.warning("tables of %s", sheet.name, exc_info=error)
        raise InputError("excel_tables_unread", sheet=sheet.name, log=log_to_file()) from error


def table_of(sheet: xw.Sheet, name: str) -> xw.main.Table | None:
    """Return the table of that name on a sheet, None without."""
    return next((table for table in sheet.tables if table.name == name), None)


def _standing(table: xw.main.Table) -> StandingTable:
    block = table.range
    rows, columns = block.shape
    corner = block.row, block.column
    box = Box(*corner, corner[0] + rows - 1, corner[1] + columns - 1)
    return StandingTable(
        table.display_name,
        box,
        has_headers=bool(table.show_headers),
        totals_rows=int(bool(table.show_totals)),
    )
