"""Results written into the open workbook, as a whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import xlwings as xw

from xlclv.errors import InputError
from xlclv.hosts.excel.book.able import able
from xlclv.hosts.excel.book.entries import entries, put
from xlclv.hosts.excel.book.filling import fill, refuse_obstacles, refuse_table_names
from xlclv.hosts.excel.book.journal import Journal, all_or_nothing
from xlclv.reading.grid import ListedTable, Sheet
from xlclv.reading.sheets import read_sheets
from xlclv.reading.source import Source
from xlclv.refresh.outcome import Filling
from xlclv.rewards.conditions.fields import FIELDS
from xlclv.schema import BODY
from xlclv.tables import title
from xlclv.workbook.tabs.lists import FIELD_RANGE
from xlclv.workbook.tabs.tables import FIELD_COLUMNS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a refresh writes.

    Args:
        drawn: A workbook; its sheets replace those of the same name or are added.
        sheets: Tab and name of these sheets, in order.
        fillings: Columns to fill on other sheets.
    """

    drawn: Path
    sheets: dict[str, str]
    fillings: Sequence[Filling] = ()


def write_book(book: xw.Book, source: Source, outcome: Outcome) -> None:
    """Write results; each sheet and each column at once.

    Raises:
        InputError: Something of the user's is in the way, or Excel refused something; then the
            workbook is as before.
    """
    sheets, names = read_sheets(outcome.drawn)
    refuse_obstacles(book, source, outcome.fillings)
    refuse_table_names(source, sheets, list(outcome.sheets.values()))
    _refuse_pivots(book, source, sheets)
    with _opened(book, outcome.drawn) as drawn, all_or_nothing() as journal:
        there = {sheet.name for sheet in book.sheets}
        for filling in outcome.fillings:
            fill(book, source, filling, journal)
        for sheet in sheets:
            if sheet.name in there:
                _rewrite(book.sheets[sheet.name], sheet, journal)
            else:
                _add(book, drawn, sheet, journal)
        _set_names(book, names, journal)
        _finish(book, drawn, [sheet for sheet in sheets if sheet.name in there])
        _offer_fields(book, sheets, outcome, there)


def _refuse_pivots(book: xw.Book, source: Source, drawn: Sequence[Sheet]) -> None:
    """Refuse to write over a pivot table, where the host tells them."""
    there = {sheet.name for sheet in source.sheets}
    for sheet in drawn:
        if sheet.name in there and able(_has_pivots, book, sheet.name):
            raise InputError("tab_holds_pivot", path=source.path.name, sheet=sheet.name)


def _has_pivots(book: xw.Book, sheet: str) -> bool:
    return len(book.sheets[sheet].pivot_tables) > 0


@contextmanager
def _opened(book: xw.Book, path: Path) -> Iterator[xw.Book | None]:
    """Open the drawn workbook beside the user's, where the host can."""
    drawn = able(lambda: book.app.books.open(str(path)))
    try:
        yield drawn
    finally:
        if drawn is not None:
            able(setattr, book.app, "cut_copy_mode", False)  # noqa: FBT003 - its value
            able(drawn.close)
            able(book.activate)


# --- sheets -----------------------------------------------------------------------------------


def _rewrite(sheet: xw.Sheet, drawn: Sheet, journal: Journal) -> None:
    """Write over a sheet; formulas elsewhere that point at its cells stay."""
    able(_show_all, sheet)
    last = sheet.used_range.last_cell
    rows = max(last.row, len(drawn.cells))
    columns = max(last.column, _width(drawn))
    block = sheet.range((1, 1), (rows, columns))
    journal.keep(block)
    put(block, entries(drawn.cells, rows, columns))  # what is longer from before is emptied
    for table in drawn.tables:
        _place_table(sheet, table, journal)


def _show_all(sheet: xw.Sheet) -> None:
    """End the filters of tables, which would hide new rows."""
    for table in sheet.tables:
        table.autofilter.clear()


def _width(sheet: Sheet) -> int:
    return max((len(row) for row in sheet.cells), default=1)


def _add(book: xw.Book, drawn: xw.Book | None, sheet: Sheet, journal: Journal) -> None:
    """Add a sheet at the end: as it was drawn, or its values where the host cannot copy."""
    before = {each.name for each in book.sheets}
    journal.note(partial(_remove_others, book, before))
    last = book.sheets[len(book.sheets) - 1]
    copied = drawn and able(lambda: drawn.sheets[sheet.name].copy(after=last, name=sheet.name))
    if copied:
        return
    _remove_others(book, before)  # half a copy
    added = book.sheets.add(sheet.name, after=book.sheets[len(book.sheets) - 1])
    rows, columns = max(len(sheet.cells), 1), _width(sheet)
    put(added.range((1, 1), (rows, columns)), entries(sheet.cells, rows, columns))
    for table in sheet.tables:
        _place_table(added, table, journal)


def _remove_others(book: xw.Book, names: set[str]) -> None:
    for sheet in list(book.sheets):
        if sheet.name not in names:
            sheet.delete()


def _place_table(sheet: xw.Sheet, drawn: ListedTable, journal: Journal) -> None:
    """Let a table reach over the rows drawn, or add it, where the host can."""
    corner = (drawn.header_row, drawn.first_column)
    after = sheet.range(corner, (drawn.last_row + drawn.totals_rows, drawn.last_column))
    table = able(lambda: sheet.tables[drawn.name])
    if table is None:
        able(lambda: sheet.tables.add(after, name=drawn.name, has_headers=True))
    elif table.range.address != after.address:
        before = sheet.range(table.range.address)
        journal.note(partial(able, lambda: table.resize(before)))
        able(lambda: table.resize(after))


# --- names and looks --------------------------------------------------------------------------


def _set_names(book: xw.Book, drawn: dict[str, str], journal: Journal) -> None:
    """Let the names that mark our cells refer to those drawn."""
    there = {name.name: name for name in book.names}
    for name, target in drawn.items():
        old = there.get(name)
        if old is None:
            added = book.names.add(name, f"={target}")
            journal.note(partial(able, added.delete))
        elif _plain(old.refers_to) != _plain(target):
            journal.note(partial(setattr, old, "refers_to", old.refers_to))
            old.refers_to = f"={target}"


def _plain(target: str | None) -> str:
    return (target or "").removeprefix("=").replace("'", "").casefold()


def _finish(book: xw.Book, drawn: xw.Book | None, sheets: Sequence[Sheet]) -> None:
    """Give sheets that were there the looks drawn, where the host can; last, as it only shows."""
    if drawn is None:
        return
    for sheet in sheets:
        end = (max(len(sheet.cells), 1), _width(sheet))
        able(_copy_looks, drawn.sheets[sheet.name], book.sheets[sheet.name], end)


def _copy_looks(drawn: xw.Sheet, sheet: xw.Sheet, end: tuple[int, int]) -> None:
    drawn.range((1, 1), end).copy()
    sheet.range((1, 1)).paste(paste="formats")


def _offer_fields(book: xw.Book, drawn: Sequence[Sheet], outcome: Outcome, there: set[str]) -> None:
    """Offer the fields of rules from our list; a copied sheet asks for them in the file drawn."""
    rules, lists = outcome.sheets.get("RewardRules"), outcome.sheets.get("Lists")
    sheet = next((each for each in drawn if each.name == rules and rules not in there), None)
    if sheet is None or lists is None:
        return
    source = book.sheets[lists].range(FIELD_RANGE.format(last=len(FIELDS) + BODY + 1))
    for column, header in enumerate(sheet.cells[BODY], start=1):
        if header in {title(name) for name in FIELD_COLUMNS}:
            first, last = (BODY + 2, column), (sheet.tables[0].last_row, column)
            cells = book.sheets[sheet.name].range(first, last)
            able(lambda cells: cells.data_validation.set_list(source), cells)
