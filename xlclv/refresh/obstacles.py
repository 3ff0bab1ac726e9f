"""What of the user's stands in the way of results; every refusal to touch it is asked here.

Nothing of it depends on where the book is. Only what stands on its sheets does: a file tells that
by its XML, a spreadsheet program by its objects. Each of them answers the questions of `Facts`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from xlclv.addresses import Box
from xlclv.errors import InputError
from xlclv.reading.own import MARKER, own_tabs
from xlclv.reading.source import Source
from xlclv.tables import plain
from xlclv.xlsx.facts import StandingTable, defined_names, named_tables
from xlclv.xlsx.fill_columns import FilledColumn
from xlclv.xlsx.package import Package


class Facts(Protocol):
    """What only the file, or the program that has it open, can tell of a book.

    Where a program cannot tell, it answers as if there was nothing. Rows and columns count from 1.
    """

    @property
    def date_1904(self) -> bool:
        """Say whether days count from 1904."""

    def is_protected(self, sheet: str, /) -> bool:
        """Say whether a sheet lets nobody write to it."""

    def holds_pivot(self, sheet: str, /) -> bool:
        """Say whether a pivot table, or what belongs to one, stands on a sheet."""

    def tables(self, sheet: str, /) -> Sequence[StandingTable]:
        """Return the tables that the program lists by name on a sheet."""

    def number_format(self, sheet: str, row: int, column: int, /) -> str:
        """Return the code of the number format of a cell, "" unknown."""

    def content(self, sheet: str, box: Box, /) -> str:
        """Return the address of the first cell in a box that holds something, "" without."""

    def merged(self, sheet: str, box: Box, /) -> str:
        """Return merged cells that reach into a box, "" without."""

    def one_formula(self, sheet: str, box: Box, /) -> str:
        """Return cells filled by one array formula that reach into a box, "" without."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Columns to fill on a sheet of the user; rows counted from 1."""

    sheet: str
    header_row: int
    first_row: int
    last_row: int
    columns: tuple[FilledColumn, ...]

    def box(self, column: int) -> Box:
        """Return the cells of a column from its header to its last value."""
        return Box(self.header_row, column, self.last_row, column)


def refuse_obstacles(
    source: Source,
    drawn: Path,
    sheets: Iterable[str],
    fillings: Sequence[Filling],
    facts: Facts,
) -> None:
    """Refuse to write where something of the user's would be lost or stands in the way.

    Args:
        source: The book as it was read.
        drawn: A workbook; its sheets replace those of the same name or are added.
        sheets: The names of its sheets.
        fillings: Columns to fill on other sheets.
        facts: What else is known of the book.

    Raises:
        InputError: Something is; the message names it.
    """
    there = {sheet.name for sheet in source.sheets}
    replaced = [name for name in sheets if name in there]
    for name in dict.fromkeys([*replaced, *(filling.sheet for filling in fillings)]):
        if facts.is_protected(name):
            raise InputError("sheet_protected", sheet=name)
    for name in replaced:
        if facts.holds_pivot(name):
            raise InputError("tab_holds_pivot", path=source.path.name, sheet=name)
    others = {name: facts.tables(name) for name in there if name not in replaced}
    _refuse_names(source, drawn, others)
    for filling in fillings:
        _Way(source, filling, facts).must_be_clear()


def _refuse_names(
    source: Source, drawn: Path, others: Mapping[str, Sequence[StandingTable]]
) -> None:
    """Refuse a table or a name of the user's that is called like one of ours.

    A name that leads to a sheet of ours, or nowhere any more, is ours and moved.
    """
    with Package(drawn) as package:
        tables, names = named_tables(package), defined_names(package)
    ours, wanted = set(own_tabs(source).values()), _folded(names)
    for name, target in source.names.items():
        if name.casefold() in wanted and not _leads_to(target, ours):
            raise InputError("name_taken", path=source.path.name, name=name, target=target)
    theirs = {table.name.casefold() for tables in others.values() for table in tables}
    taken = [name for name in tables if name.casefold() in theirs | _folded(source.names)]
    taken += [name for name in names if name.casefold() in theirs]
    if taken:
        raise InputError("table_name_taken", path=source.path.name, table=taken[0])


def _leads_to(target: str, sheets: Collection[str]) -> bool:
    """Say whether a name leads to a cell of some sheets, or to one that is gone."""
    found = MARKER.match(target)
    return "#REF!" in target or bool(found and found[1].replace("''", "'") in sheets)


def _folded(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}


class _Way:
    """What stands where the columns of one filling go."""

    def __init__(self, source: Source, filling: Filling, facts: Facts) -> None:
        self.path, self.filling, self.facts = source.path.name, filling, facts
        cells = next(sheet.cells for sheet in source.sheets if sheet.name == filling.sheet)
        self.headers = cells[filling.header_row - 1] if filling.header_row <= len(cells) else ()

    def must_be_clear(self) -> None:
        """Refuse, as `refuse_obstacles`."""
        if not any(column.header for column in self.filling.columns):
            return self._refuse_formulas()  # a line of text may stand in merged cells
        tables = self.facts.tables(self.filling.sheet)
        self._refuse_headers(tables)
        self._refuse_merged()
        self._refuse_formulas()
        self._refuse_tables(tables)
        return self._refuse_content(tables)

    def _refusal(self, key: str, cells: object) -> InputError:
        return InputError(key, path=self.path, sheet=self.filling.sheet, cells=cells)

    def _header(self, column: int) -> object:
        return self.headers[column - 1] if column <= len(self.headers) else None

    def _boxes(self) -> Iterator[Box]:
        return (self.filling.box(column.column) for column in self.filling.columns)

    def _new(self) -> set[int]:
        """Return the columns that have no header yet."""
        numbers = (column.column for column in self.filling.columns)
        return {number for number in numbers if self._header(number) in (None, "")}

    def _refuse_headers(self, tables: Sequence[StandingTable]) -> None:
        """Refuse a column of the user's where one of ours goes."""
        for column in self.filling.columns:
            header = self._header(column.column)
            if header in (None, "") or plain(header) == plain(column.header):
                continue
            box = self.filling.box(column.column)._replace(last_row=self.filling.header_row)
            for table in tables:
                if table.box.meets(box):
                    raise self._refusal("table_in_way", table.box)
            raise self._refusal("column_in_way", box)

    def _refuse_merged(self) -> None:
        for box in self._boxes():
            if found := self.facts.merged(self.filling.sheet, box):
                raise self._refusal("cells_merged", found)

    def _refuse_formulas(self) -> None:
        for box in self._boxes():
            if found := self.facts.one_formula(self.filling.sheet, box):
                raise self._refusal("cells_of_one_formula", found)

    def _refuse_tables(self, tables: Sequence[StandingTable]) -> None:
        """Refuse a table with other headers where columns go, or where a table would grow to."""
        new, boxes = self._new(), list(self._boxes())
        grown = [table.grown(self.filling.header_row, new) for table in tables]
        for at, table in enumerate(tables):
            own = table.has_headers and table.box.first_row == self.filling.header_row
            if not own and any(table.box.meets(box) for box in boxes):
                raise self._refusal("table_in_way", table.box)
            if any(table.box.meets(box) for other, box in enumerate(grown) if other != at):
                raise self._refusal("table_in_way", table.box)

    def _refuse_content(self, tables: Sequence[StandingTable]) -> None:
        """Refuse cells without a header where a new column goes, down to the end of its table."""
        new = self._new()
        if not new:
            return
        first, last = self.filling.header_row, self.filling.last_row
        for table in tables:
            if table.grown(first, new) != table.box:
                last = max(last, table.box.last_row)
        found = self.facts.content(self.filling.sheet, Box(first, min(new), last, max(new)))
        if found:
            raise self._refusal("cells_taken", found)
