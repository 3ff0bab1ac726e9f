"""Our columns of the user's tables, written into the open workbook."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import xlwings as xw

from xlclv.errors import InputError
from xlclv.hosts.excel.book.able import able
from xlclv.hosts.excel.book.entries import as_entry, put
from xlclv.hosts.excel.book.journal import Journal
from xlclv.reading.source import ListedTable, Sheet, Source
from xlclv.refresh.outcome import Filling
from xlclv.tables import letters
from xlclv.xlsx.fill_columns import FilledColumn

WIDTHS: Final = (10, 64)  # least and most of a new column, in characters
NOTHING: Final = (None, "")
Facts = dict[str, Any]  # what a message names


def refuse_obstacles(book: xw.Book, source: Source, fillings: Sequence[Filling]) -> None:
    """Refuse to write where something of the user's would be lost.

    Raises:
        InputError: A new column is not empty, or merged cells or another table reach into it.
    """
    sheets = {sheet.name: sheet for sheet in source.sheets}
    for filling in fillings:
        for column in filling.columns:
            sheet = sheets[filling.sheet]
            facts: Facts = {"path": source.path.name, "sheet": filling.sheet}
            if _is_new(sheet, filling, column):
                _refuse_taken(sheet, filling, column.column, facts)
                _refuse_tables(sheet, filling, column.column, facts)
            body = body_of(book, filling, column)
            if filling.last_row > filling.first_row and able(getattr, body, "merge_cells"):
                raise InputError("cells_merged", cells=body.address.replace("$", ""), **facts)


def _refuse_taken(sheet: Sheet, filling: Filling, column: int, facts: Facts) -> None:
    for row in range(filling.first_row, filling.last_row + 1):
        if _cell(sheet, row, column) not in NOTHING:
            raise InputError("cells_taken", cells=f"{letters(column)}{row}", **facts)


def _refuse_tables(sheet: Sheet, filling: Filling, column: int, facts: Facts) -> None:
    for table in sheet.tables:
        beside = table.first_column <= column <= table.last_column
        below = table.header_row <= filling.last_row and table.last_row >= filling.header_row
        if beside and below and table.header_row != filling.header_row:
            raise InputError("table_in_way", cells=table.name, **facts)


def _is_new(sheet: Sheet, filling: Filling, column: FilledColumn) -> bool:
    return bool(column.header) and _cell(sheet, filling.header_row, column.column) in NOTHING


def _cell(sheet: Sheet, row: int, column: int) -> object:
    cells = sheet.cells[row - 1] if row <= len(sheet.cells) else ()
    return cells[column - 1] if column <= len(cells) else None


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
        _grow(book, sheet, filling, [column.column for column in new], journal)


def _begin(book: xw.Book, filling: Filling, column: FilledColumn, journal: Journal) -> None:
    """Write the header of a new column; it looks like the one on its left."""
    head = book.sheets[filling.sheet].range((filling.header_row, column.column))
    body = body_of(book, filling, column)
    _keep_look(body, journal)
    journal.keep(head)
    head.value = as_entry(column.header)
    if column.column > 1:
        able(lambda: head.offset(0, -1).copy())
        able(lambda: head.paste(paste="formats"))
    if column.number_format:
        able(setattr, body, "number_format", column.number_format)
    wanted = max(len(column.header) + 3, column.width, WIDTHS[0])
    able(setattr, body, "column_width", min(wanted, WIDTHS[1]))


def _keep_look(body: xw.Range, journal: Journal) -> None:
    for name in ("number_format", "column_width"):
        value = able(getattr, body, name)
        if value is not None:
            journal.note(partial(able, setattr, body, name, value))


def _grow(
    book: xw.Book, sheet: Sheet, filling: Filling, columns: Sequence[int], journal: Journal
) -> None:
    """Let the table that new columns adjoin take them in."""
    for listed in sheet.tables:
        last = listed.last_column
        while last + 1 in columns:
            last += 1
        if listed.header_row == filling.header_row and last > listed.last_column:
            resize(book.sheets[sheet.name], listed, last, journal)


def resize(sheet: xw.Sheet, listed: ListedTable, last_column: int, journal: Journal) -> None:
    """Let a table reach to another column, where the host can."""
    table = able(lambda: sheet.tables[listed.name])
    if table is not None:
        before, corner = table.range, (listed.header_row, listed.first_column)
        last_row = listed.last_row + listed.totals_rows
        after = sheet.range(corner, (last_row, last_column))
        journal.note(partial(able, lambda: table.resize(before)))
        able(lambda: table.resize(after))


def refuse_table_names(source: Source, drawn: Sequence[Sheet], written: Sequence[str]) -> None:
    """Refuse where a table of the user's has the name of one of ours.

    Raises:
        InputError: There is one.
    """
    ours = {table.name.casefold() for sheet in drawn for table in sheet.tables}
    for sheet in source.sheets:
        for table in sheet.tables:
            if sheet.name not in written and table.name.casefold() in ours:
                raise InputError("table_name_taken", path=source.path.name, table=table.name)
