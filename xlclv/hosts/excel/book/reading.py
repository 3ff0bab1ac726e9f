"""An open workbook of Excel, read as a source of tables. Rows and columns count from 1."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import xlwings as xw

from xlclv.columns import DAY_0, EXCEL_ERRORS, CellError
from xlclv.hosts.excel.book.able import able
from xlclv.hosts.excel.book.entries import Grid
from xlclv.hosts.excel.book.facts import read_tables
from xlclv.reading.sheets import HEAD_ROWS, Unread, read_all
from xlclv.reading.source import ListedTable, Sheet, Source


def read_book(book: xw.Book, leave_unread: Unread = read_all) -> Source:
    """Read all sheets of an open workbook, each at once.

    Args:
        book: The workbook.
        leave_unread: Says which sheets nobody needs; of these come the first texts only.

    Returns:
        The same as `read_source` for the saved file.
    """
    names = dict(_names(book))
    by_name = {sheet.name: sheet for sheet in book.sheets}
    unread = leave_unread(names, lambda name: read_head(by_name[name]) if name in by_name else [])
    sheets = tuple(
        Sheet(
            sheet.name,
            read_head(sheet) if sheet.name in unread else read_cells(sheet),
            tuple(listed_tables(sheet)),
        )
        for sheet in by_name.values()
    )
    return Source(path_of(book), "xlsx", sheets, names)


def path_of(book: xw.Book) -> Path:
    """Return the file of a book, or its title while it has none, as one in a cloud may."""
    return Path(able("file", lambda: book.fullname) or book.name)


def read_head(sheet: xw.Sheet) -> Grid:
    """Return the first cells of the first rows of a sheet."""
    cells: Grid = sheet.range((1, 1), (HEAD_ROWS, 1)).options(ndim=2, err_to_str=True).value
    return cells


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
        if cell.date() == DAY_0:  # so comes a time of day
            return cell.time()
        return cell if cell.time().isoformat() != "00:00:00" else cell.date()
    return float(cell) if isinstance(cell, Decimal) else cell


def _names(book: xw.Book) -> Iterator[tuple[str, str]]:
    """Yield the names of the whole book with what they refer to."""
    for name in book.names:
        if "!" not in name.name:  # else it holds for one sheet
            target = able("target of a name", partial(getattr, name, "refers_to"))
            yield name.name, str(target or "").removeprefix("=")


def listed_tables(sheet: xw.Sheet) -> Iterator[ListedTable]:
    """Yield the tables that show headers."""
    for table in read_tables(sheet):
        if table.has_headers:
            yield ListedTable(
                table.name,
                header_row=table.box.first_row,
                first_column=table.box.first_column,
                last_row=table.box.last_row - table.totals_rows,
                last_column=table.box.last_column,
                totals_rows=table.totals_rows,
            )
