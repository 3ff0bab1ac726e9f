"""Results written into the open workbook, as a whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import xlwings as xw

from xlclv.addresses import Box
from xlclv.hosts.excel.book.able import able, attempt, writes_at_end
from xlclv.hosts.excel.book.drawn import Looks, dress, read_drawn
from xlclv.hosts.excel.book.entries import entries, put
from xlclv.hosts.excel.book.facts import table_of
from xlclv.hosts.excel.book.filling import fill, resize
from xlclv.hosts.excel.book.journal import Journal, all_or_nothing
from xlclv.hosts.excel.book.keeping import Tab, tab_of, width
from xlclv.hosts.excel.book.posting import check_room, post
from xlclv.reading.grid import ListedTable, Sheet
from xlclv.reading.sheets import read_sheets
from xlclv.reading.source import Source
from xlclv.refresh.outcome import Drawn, Outcome, told_by
from xlclv.refresh.staying import areas_of
from xlclv.rewards.conditions.fields import FIELDS
from xlclv.schema import BODY, COLUMNS, TAB
from xlclv.tables import title
from xlclv.words import word
from xlclv.workbook.tabs.columns import ANSWER, OFFERED
from xlclv.workbook.tabs.lists import FIELD_RANGE
from xlclv.workbook.tabs.tables import FIELD_COLUMNS


def write_book(book: xw.Book, source: Source, outcome: Drawn) -> None:
    """Write results; each sheet and each column at once.

    Raises:
        InputError: Excel refused something; then the workbook is as before.
    """
    with _opened(book, outcome.drawn) as drawn:
        looks: Mapping[str, Looks] = {}
        if drawn is None:
            sheets, names, looks = read_drawn(outcome.drawn)
        else:
            sheets, names = read_sheets(outcome.drawn)
        booking = outcome.booking if isinstance(outcome, Outcome) else None
        if booking is not None:
            check_room(book, booking)
            sheets = tuple(sheet for sheet in sheets if sheet.name != booking.box.sheet)
            looks = {name: each for name, each in looks.items() if name != booking.box.sheet}
        there = {sheet.name for sheet in book.sheets}
        standing = [sheet for sheet in sheets if sheet.name in there]
        tabs = [_standing(book, source, sheet, names, outcome) for sheet in standing]
        with all_or_nothing(book) as journal:
            if booking is not None:
                post(book, booking, journal)
            _write(book, source, outcome, _Drawn(drawn, sheets, names, looks, tabs), journal)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is drawn: the workbook where it is open, its sheets, names and looks; tabs it is for."""

    book: xw.Book | None
    sheets: Sequence[Sheet]
    names: Mapping[str, str]
    looks: Mapping[str, Looks]
    tabs: Sequence[Tab]


def _write(book: xw.Book, source: Source, outcome: Drawn, drawn: _Drawn, journal: Journal) -> None:
    there = {tab.drawn.name for tab in drawn.tabs}
    for filling in outcome.fillings:
        fill(book, source, filling, journal)
    for tab in drawn.tabs:
        _rewrite(tab, journal)
    for sheet in drawn.sheets:
        if sheet.name not in there:
            _add(book, drawn.book, sheet, journal)
    _set_names(book, drawn.names, journal)
    _finish(drawn.book, drawn.tabs)
    for name, drawn_so in drawn.looks.items():
        dress(book.sheets[name], drawn_so, widths=name not in there)
    _offer_fields(book, drawn.sheets, outcome, there)
    _offer_meanings(book, drawn.sheets, outcome)


@contextmanager
def _opened(book: xw.Book, path: Path) -> Iterator[xw.Book | None]:
    """Open the drawn workbook beside the user's, where the host can."""
    drawn = None
    if not writes_at_end(book):  # a script could not copy what it has opened
        drawn = able("a second workbook", lambda: book.app.books.open(str(path)))
    try:
        yield drawn
    finally:
        if drawn is not None:
            attempt("end of a copy", book.app, "cut_copy_mode", value=False)
            able("closing a workbook", drawn.close)
            able("window of a workbook", book.activate)


def _standing(
    book: xw.Book, source: Source, sheet: Sheet, names: Mapping[str, str], outcome: Drawn
) -> Tab:
    """Return a tab that is there with what stays on it; of some all is drawn anew."""
    marker = next(TAB[tab].marker for tab, name in outcome.tabs.items() if name == sheet.name)
    own = told_by()
    if marker in own.carried:
        return Tab(book.sheets[sheet.name], sheet, None, ())
    old, new = (areas_of(each.get(marker, "")) for each in (source.names, names))
    return tab_of(book, sheet, old, new, own.titles)


# --- sheets -----------------------------------------------------------------------------------


def _rewrite(tab: Tab, journal: Journal) -> None:
    """Write over a sheet; formulas elsewhere that point at its cells stay."""
    able("end of filters", lambda: _show_all(tab.sheet))
    tab.see()
    tab.write(journal)
    grown = {} if tab.stays is None else {body.new.name: body.grown() for body in tab.stays.bodies}
    for table in tab.drawn.tables:
        _place_table(tab.sheet, table, journal, grown.get(table.name))


def _show_all(sheet: xw.Sheet) -> None:
    """End the filters of tables, which would hide new rows."""
    for table in sheet.tables:
        table.autofilter.clear()


def _add(book: xw.Book, drawn: xw.Book | None, sheet: Sheet, journal: Journal) -> None:
    """Add a sheet at the end: as it was drawn, or its values where the host cannot copy."""
    before = {each.name for each in book.sheets}
    journal.note(partial(_remove_others, book, before))
    last = book.sheets[len(book.sheets) - 1]
    copied = None
    if drawn is not None:
        original = drawn.sheets[sheet.name]
        copied = able("copied sheet", lambda: original.copy(after=last, name=sheet.name))
    if copied is not None:
        return
    _remove_others(book, before)  # half a copy
    added = book.sheets.add(sheet.name, after=book.sheets[len(book.sheets) - 1])
    rows, columns = max(len(sheet.cells), 1), width(sheet)
    put(added.range((1, 1), (rows, columns)), entries(sheet.cells, rows, columns))
    for table in sheet.tables:
        _place_table(added, table, journal)


def _remove_others(book: xw.Book, names: set[str]) -> None:
    for sheet in list(book.sheets):
        if sheet.name not in names:
            sheet.delete()


def _place_table(
    sheet: xw.Sheet, drawn: ListedTable, journal: Journal, grown: Box | None = None
) -> None:
    """Let a table reach over the rows drawn, or add it, where the host can."""
    corner = (drawn.header_row, drawn.first_column)
    box = grown or Box(*corner, drawn.last_row + drawn.totals_rows, drawn.last_column)
    table = table_of(sheet, drawn.name)
    if table is None:
        cells = sheet.range(box[:2], box[2:])
        able("new table", lambda: sheet.tables.add(cells, name=drawn.name, has_headers=True))
    elif Box.at(table.range.address) != box:
        resize(sheet, drawn.name, box, journal)


# --- names and looks --------------------------------------------------------------------------


def _set_names(book: xw.Book, drawn: Mapping[str, str], journal: Journal) -> None:
    """Let the names that mark our cells refer to those drawn."""
    there = {name.name: name for name in book.names}
    for name, target in drawn.items():
        old = there.get(name)
        if old is None:
            added = book.names.add(name, f"={target}")
            journal.note(partial(able, "end of a name", added.delete))
        elif _plain(old.refers_to) != _plain(target):
            journal.note(partial(setattr, old, "refers_to", old.refers_to))
            old.refers_to = f"={target}"


def _plain(target: str | None) -> str:
    return (target or "").removeprefix("=").replace("'", "").casefold()


def _finish(drawn: xw.Book | None, tabs: Sequence[Tab]) -> None:
    """Give sheets that were there the looks drawn, where the host can; last, as it only shows."""
    if drawn is None:
        return
    signals = frozenset(_colour(text) for text in told_by().signals)
    for tab in tabs:
        tab.dress(drawn.sheets[tab.drawn.name], signals)


def _colour(text: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(text[-6:])
    return red, green, blue


def _offer_fields(book: xw.Book, drawn: Sequence[Sheet], outcome: Drawn, there: set[str]) -> None:
    """Offer the fields of rules from our list; a copied sheet asks for them in the file drawn."""
    rules, lists = outcome.tabs.get("RewardRules"), outcome.tabs.get("Lists")
    sheet = next((each for each in drawn if each.name == rules and rules not in there), None)
    if sheet is None or lists is None:
        return
    source = book.sheets[lists].range(FIELD_RANGE.format(last=len(FIELDS) + BODY + 1))
    for column, header in enumerate(sheet.cells[BODY], start=1):
        if header in {title(name) for name in FIELD_COLUMNS}:
            first, last = (BODY + 2, column), (sheet.tables[0].last_row, column)
            cells = book.sheets[sheet.name].range(first, last)
            able("choice of fields", partial(_offer, cells, source))


def _offer_meanings(book: xw.Book, drawn: Sequence[Sheet], outcome: Drawn) -> None:
    """Offer what a column can be from the list beside; a copied sheet asks the file drawn."""
    name = outcome.tabs.get(COLUMNS.name)
    sheet = next((each for each in drawn if each.name == name), None)
    if sheet is None:
        return
    rows = range(BODY + 2, len(sheet.cells) + 1)
    offered = [row for row in rows if sheet.cells[row - 1][OFFERED] not in (None, "")]
    about = word("answers.about_column")
    asked = [row for row in rows if sheet.cells[row - 1][0] == about]
    if not (offered and asked):
        return
    tab = book.sheets[sheet.name]
    source = tab.range((offered[0], OFFERED + 1), (offered[-1], OFFERED + 1))
    cells = tab.range((asked[0], ANSWER + 1), (asked[-1], ANSWER + 1))
    able("choice of what columns are", partial(_offer, cells, source))


def _offer(cells: xw.Range, source: xw.Range) -> None:
    cells.data_validation.set_list(source)
