"""The sample shop put into the tables of the template, and taken out of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import xlwings as xw

from xlclv.addresses import Box
from xlclv.columns import CellError
from xlclv.errors import InputError
from xlclv.hosts.excel.book.able import attempt
from xlclv.hosts.excel.book.entries import Grid, entries, put
from xlclv.hosts.excel.book.filling import resize
from xlclv.hosts.excel.book.journal import Journal, all_or_nothing
from xlclv.hosts.excel.book.reading import read_book
from xlclv.reading.own import outputs, own_tabs
from xlclv.reading.source import ListedTable, Sheet
from xlclv.schema import NUMBER_FORMATS, TAB, look
from xlclv.tables import CUSTOMERS, RawTable, plain, title
from xlclv.words import word
from xlclv.workbook.sample.tables import (
    sample_customers,
    sample_feedback,
    sample_ledger,
    sample_orders,
)

TABS: Final = {
    "Orders": sample_orders,
    "Customers": sample_customers,
    "Feedback": sample_feedback,
    "Ledger": sample_ledger,
}
DIGITS: Final = 12  # that a number keeps on its way through a sheet
OURS: Final = frozenset(plain(title(name)) for name in CUSTOMERS.results)
State = Literal["empty", "sample", "own"]


@dataclass(frozen=True, slots=True)
class SampleTable:
    """A table of the template with the sample that belongs there.

    Args:
        sheet: The sheet as it was read.
        table: Where its table stands.
        sample: The rows of the sample.
    """

    sheet: Sheet
    table: ListedTable
    sample: RawTable

    @property
    def names(self) -> list[str]:
        """Return the headers of the table, without case and signs."""
        row = self.sheet.cells[self.table.header_row - 1]
        return [plain(str(cell)) for cell in self._across(row)]

    @property
    def last_row(self) -> int:
        """Return the last row that the table or the sample takes."""
        return max(self.table.last_row, self.table.header_row + self.sample.rows)

    def _across(self, row: Sequence[object]) -> list[object]:
        cells = [*row, *[None] * self.table.last_column]
        return cells[self.table.first_column - 1 : self.table.last_column]

    def wanted(self) -> Grid:
        """Return the rows of the sample in the order of the columns; other columns are empty."""
        pairs = zip(self.sample.headers, self.sample.columns, strict=True)
        own = {plain(name): list(cells) for name, cells in pairs}
        columns = [own.get(name, [None] * self.sample.rows) for name in self.names]
        return [list(row) for row in zip(*columns, strict=True)]

    def state(self) -> State:
        """Say what stands in the columns of the user; those of refresh do not count."""
        at = [column for column, name in enumerate(self.names) if name not in OURS]
        rows = self.sheet.cells[self.table.header_row : self.last_row]
        found = [[_same(self._across(row)[column]) for column in at] for row in rows]
        while found and all(cell is None for cell in found[-1]):
            found.pop()
        if not found:
            return "empty"
        sample = [[_same(row[column]) for column in at] for row in self.wanted()]
        return "sample" if found == sample else "own"


def _same(cell: object) -> object:
    """Return a cell so that it equals what it was before it went through a sheet."""
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(f"{cell:.{DIGITS}g}")
    return None if cell == "" else cell


def load(book: xw.Book) -> str:
    """Put the sample into empty tables; return what to tell the user.

    Raises:
        InputError: The book is no template, or data of the user's stand there.
    """
    with all_or_nothing(book) as journal:
        for place in _places(book):
            if place.state() == "empty":
                _write(book, place, place.wanted(), place.sample.rows, journal)
    return word("excel.loaded")


def clear(book: xw.Book) -> str:
    """Take the sample out; return what to tell the user.

    Raises:
        InputError: The book is no template, or data of the user's stand there.
    """
    with all_or_nothing(book) as journal:
        for place in _places(book):
            if place.state() == "sample":
                _write(book, place, [], 1, journal)
    return word("excel.cleared")


def _places(book: xw.Book) -> list[SampleTable]:
    """Return the tables of the sample, once nothing of the user's stands in any.

    Raises:
        InputError: The book is no template, or data of the user's stand there.
    """
    places = list(_found(book))
    for place in places:
        if place.state() == "own":
            raise InputError("excel_own_data", sheet=place.sheet.name)
    if not places:
        raise InputError("excel_no_template")
    return places


def _found(book: xw.Book) -> Iterator[SampleTable]:
    source = read_book(book, outputs)
    for tab, name in own_tabs(source).items():
        sheet = next(each for each in source.sheets if each.name == name)
        tables = (table for table in sheet.tables if table.name == TAB[tab].table)
        table = next(tables, None)
        if tab in TABS and table is not None:
            yield SampleTable(sheet, table, TABS[tab]())


def _write(book: xw.Book, place: SampleTable, rows: Grid, height: int, journal: Journal) -> None:
    """Write rows into a table, empty what is below them, and let it reach over `height` rows."""
    table, sheet = place.table, book.sheets[place.sheet.name]
    corner = (table.header_row + 1, table.first_column)
    block = sheet.range(corner, (place.last_row, table.last_column))
    journal.keep(block)
    put(block, entries(rows, *block.shape))
    if rows:
        _shape(block, place)
    bottom = table.header_row + height + table.totals_rows
    box = Box(table.header_row, table.first_column, bottom, table.last_column)
    resize(sheet, table.name, box, journal)


def _shape(block: xw.Range, place: SampleTable) -> None:
    """Give rows that the table had not the number formats of their columns."""
    spec = TAB[place.sample.where.sheet].spec
    assert spec is not None  # noqa: S101 - both tabs are read back
    names = {plain(title(name)): name for name in (*spec.columns, *spec.results)}
    for at, header in enumerate(place.names):
        code = NUMBER_FORMATS.get(look(names[header])) if header in names else None
        if code:
            attempt("number format", block.columns[at], "number_format", code)
