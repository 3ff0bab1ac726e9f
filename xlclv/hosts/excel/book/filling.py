"""Our columns of the user's tables, written into the open workbook."""

from functools import partial
from typing import Final

import xlwings as xw

from xlclv.addresses import Box
from xlclv.hosts.excel.book.able import able, attempt, set_width, writes_at_end
from xlclv.hosts.excel.book.entries import as_entry, put
from xlclv.hosts.excel.book.facts import read_tables, table_of
from xlclv.hosts.excel.book.journal import Journal
from xlclv.reading.source import Sheet, Source
from xlclv.refresh.obstacles import Filling
from xlclv.xlsx.fill_columns import FilledColumn

WIDTHS: Final = (10, 64)  # least and most of a new column, in characters


def _is_new(sheet: Sheet, filling: Filling, column: FilledColumn) -> bool:
    """Say whether a column has no header yet."""
    row = sheet.cells[filling.header_row - 1] if filling.header_row <= len(sheet.cells) else ()
    header = row[column.column - 1] if column.column <= len(row) else None
    return bool(column.header) and header in (None, "")


def body_of(book: xw.Book, filling: Filling, column: FilledColumn) -> xw.Range:
    """Return the cells to fill."""
    sheet, at = book.sheets[filling.sheet], column.column
    return sheet.range((filling.first_row, at), (filling.last_row, at))


def fill(book: xw.Book, source: Source, filling: Filling, journal: Journal) -> None:
    """Write one value per row, each column at once, and a header where it has none yet."""
    sheet = next(each for each in source.sheets if each.name == filling.sheet)
    new = [column for column in filling.columns if _is_new(sheet, filling, column)]
    for column in filling.columns:
        body = body_of(book, filling, column)
        if column in new:
            _begin(book, filling, column, journal)
        journal.keep(body)
        put(body, [[as_entry(value)] for value in column.values])
    if new:
        _grow(book, sheet, filling, {column.column for column in new}, journal)


def _begin(book: xw.Book, filling: Filling, column: FilledColumn, journal: Journal) -> None:
    """Write the header of a new column; it looks like the one on its left."""
    head = book.sheets[filling.sheet].range((filling.header_row, column.column))
    body = body_of(book, filling, column)
    _keep_look(body, journal)
    journal.keep(head)
    head.value = as_entry(column.header)
    if column.column > 1:
        look_alike(head, head.offset(0, -1))
    if column.number_format:
        attempt("number format", body, "number_format", column.number_format)
    wanted = max(len(column.header) + 3, column.width, WIDTHS[0])
    set_width(body, min(wanted, WIDTHS[1]))


def look_alike(cells: xw.Range, others: xw.Range) -> None:
    """Copy formats: by the clipboard, which Lite lacks."""
    if writes_at_end(cells.sheet.book):
        able("copied formats", lambda: cells.copy_from(others, "formats"))
    else:
        able("copied formats", others.copy)
        able("copied formats", lambda: cells.paste(paste="formats"))


def _keep_look(body: xw.Range, journal: Journal) -> None:
    for name in ("number_format", "column_width"):
        value = able(name, partial(getattr, body, name))
        if value is not None:
            journal.note(partial(attempt, name, body, name, value))


def _grow(
    book: xw.Book, sheet: Sheet, filling: Filling, columns: set[int], journal: Journal
) -> None:
    """Let the table that new columns adjoin take them in."""
    on_sheet = book.sheets[sheet.name]
    for table in read_tables(on_sheet):
        grown = table.grown(filling.header_row, columns)
        if grown != table.box:
            resize(on_sheet, table.name, grown, journal)


def resize(sheet: xw.Sheet, name: str, box: Box, journal: Journal) -> None:
    """Let a table reach over a box, where the host can."""
    table = table_of(sheet, name)
    if table is not None:
        before, after = sheet.range(table.range.address), sheet.range(box[:2], box[2:])
        journal.note(partial(able, "size of a table", lambda: table.resize(before)))
        able("size of a table", lambda: table.resize(after))
