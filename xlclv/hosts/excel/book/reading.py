"""An open workbook of Excel, read as a source of tables. Rows and columns count from 1."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import xlwings as xw

from xlclv.columns import EXCEL_ERRORS, CellError
from xlclv.hosts.excel.book.able import able
from xlclv.hosts.excel.book.entries import Grid
from xlclv.reading.sheets import Unread
from xlclv.reading.source import ListedTable, Sheet, Source

ZERO: Final = date(1899, 12, 30)  # a time of day comes as a moment of this day


def read_book(book: xw.Book, leave_unread: Unread = lambda _names: ()) -> Source:
    """Read all sheets of an open workbook, each at once.

    Args:
        book: The workbook.
        leave_unread: Told the names of the book, says which sheets nobody needs; these come
            without their cells.

    Returns:
        The same as `read_source` for the saved file.
    """
    names = dict(_names(book))
    unread = leave_unread(names)
    sheets = tuple(
        Sheet(sheet.name, [] if sheet.name in unread else read_cells(sheet), tuple(_tables(sheet)))
        for sheet in book.sheets
    )
    return Source(path_of(book), "xlsx", sheets, names)


def path_of(book: xw.Book) -> Path:
    """Return the file of a book, or its title while it has none, as one in a cloud may."""
    return Path(able(lambda: book.fullname) or book.name)


def read_cells(sheet: xw.Sheet) -> Grid:
    """Return the cells of a sheet from A1 to the last in use."""
    last = sheet.used_range.last_cell
    block = sheet.range((1, 1), (last.row, last.column))
    rows = block.options(ndim=2, err_to_str=True).value
    cells = [[_cell(cell) for cell in row] for row in rows]
    return [] if cells == [[None]] else cells


def _cell(cell: object) -> object:
    """Return a cell as the reader of files does: days without a time, no Decimal."""
    if isinstance(cell, str):
        return CellError(cell) if cell in EXCEL_ERRORS else cell
    if isinstance(cell, datetime):
        if cell.date() == ZERO:
            return cell.time()
        return cell if cell.time().isoformat() != "00:00:00" else cell.date()
    return float(cell) if isinstance(cell, Decimal) else cell


def _names(book: xw.Book) -> Iterator[tuple[str, str]]:
    """Yield the names of the whole book with what they refer to."""
    for name in book.names:
        if "!" not in name.name:  # else it holds for one sheet
            yield name.name, str(able(getattr, name, "refers_to") or "").removeprefix("=")


def _tables(sheet: xw.Sheet) -> list[ListedTable]:
    return able(lambda: [_table(table) for table in sheet.tables if table.show_headers]) or []


def _table(table: xw.main.Table) -> ListedTable:
    block = table.range
    rows, columns = block.shape
    totals = int(bool(table.show_totals))
    return ListedTable(
        table.display_name,
        header_row=block.row,
        first_column=block.column,
        last_row=block.row + rows - 1 - totals,
        last_column=block.column + columns - 1,
        totals_rows=totals,
    )
