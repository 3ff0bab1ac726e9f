"""A tab of ours written over in Excel: our cells alone, and what the user added goes along."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import xlwings as xw

from xlclv.addresses import Box
from xlclv.errors import InputError
from xlclv.hosts.excel.book.able import able, attempt, writes_at_end
from xlclv.hosts.excel.book.entries import Grid, as_grid, entries, kept, put
from xlclv.hosts.excel.book.facts import OpenFacts
from xlclv.hosts.excel.book.journal import Journal
from xlclv.hosts.excel.book.reading import listed_tables, read_cells
from xlclv.reading.grid import Sheet
from xlclv.refresh.staying import Place, Staying

Colour = tuple[int, int, int]
NO_COLOUR: Final = -4142  # xlColorIndexNone
UNTOLD: Final = "untold"


@dataclass
class Tab:
    """A tab that is there, with what stays on it.

    Args:
        sheet: The sheet.
        drawn: The tab as it is drawn.
        stays: What of it stays; None where all of it is drawn.
        areas: The cells drawn.
    """

    sheet: xw.Sheet
    drawn: Sheet
    stays: Staying | None
    areas: Sequence[Box]
    colours: dict[Place, Colour] | None = field(default=None, init=False)

    def write(self, journal: Journal) -> None:
        """Write what is drawn, empty what was ours, and take along what stands beside a row."""
        last = self.sheet.used_range.last_cell
        rows = max(last.row, len(self.drawn.cells))
        columns = max(last.column, width(self.drawn))
        grid = entries(self.drawn.cells, rows, columns)
        if self.stays is None:
            self._put(Box(1, 1, rows, columns), grid, journal)
            return
        with self._carried(self.stays.runs(), rows + 2, journal):
            self._add_unmoved(grid)
            for box in (*self.stays.ours, *self.areas):
                last_row, last_column = min(box.last_row, rows), min(box.last_column, columns)
                if box.first_row <= last_row and box.first_column <= last_column:
                    self._put(Box(*box[:2], last_row, last_column), grid, journal)

    @contextmanager
    def _carried(
        self, runs: Sequence[tuple[Box, Place]], below: int, journal: Journal
    ) -> Iterator[None]:
        """Take cells of the user, with all their looks and notes, to where their rows are then."""
        stage = [box.moved_to(box.first_row + below, box.first_column) for box, _ in runs]
        ends = [box.moved_to(*place) for box, place in runs]
        for cells in stage:
            journal.note(self._range(cells).clear)
        for box, cells in zip([box for box, _ in runs], stage, strict=True):
            journal.keep(self._range(box))
            _copy(self._range(box), self._range(cells))
        for box, _ in runs:
            self._range(box).clear()
        yield
        for cells, end in zip(stage, ends, strict=True):
            journal.keep(self._range(end))
            _copy(self._range(cells), self._range(end))
            self._range(cells).clear()

    def _range(self, box: Box) -> xw.Range:
        return self.sheet.range(box[:2], box[2:])

    def _put(self, box: Box, grid: Grid, journal: Journal) -> None:
        block = self.sheet.range(box[:2], box[2:])
        journal.keep(block)
        cells = grid[box.first_row - 1 : box.last_row]
        put(block, [row[box.first_column - 1 : box.last_column] for row in cells])

    def _add_unmoved(self, grid: Grid) -> None:
        """Let cells of the user that a block of ours spans stand there as they did."""
        stays = self.stays
        spanned = [
            (row, column)
            for (row, column), new in (stays.cells.items() if stays else ())
            if (row, column) == new
            and any(box.meets(Box(row, column, row, column)) for box in self.areas)
        ]
        for row, column in spanned:
            ((entry,),) = kept(self.sheet.range((row, column)))
            grid[row - 1][column - 1] = entry

    # --- looks --------------------------------------------------------------------------------

    def see(self) -> None:
        """Keep the colours of all cells, where the host tells them."""
        last = self.sheet.used_range.last_cell
        if self.stays is not None:
            self.colours = painted(self.sheet, Box(1, 1, last.row, last.column))

    def dress(self, drawn: xw.Sheet, signals: frozenset[Colour]) -> None:
        """Give the cells drawn their looks, and then those that the user had coloured theirs."""
        whole = Box(1, 1, max(len(self.drawn.cells), 1), width(self.drawn))
        if self.stays is None:
            _copy_looks(drawn, self.sheet, whole)
            return
        ours = painted(drawn, whole)
        if self.colours is None or ours is None:
            for box in self.areas:  # what was there keeps all its looks
                for part in _beyond(box, self.stays.ours):
                    _copy_looks(drawn, self.sheet, part)
            return
        for box in self.areas:
            _copy_looks(drawn, self.sheet, box)
        usual = frozenset(ours.values())
        mine = {
            place: colour
            for place, colour in self.colours.items()
            if place not in self.stays.cells
            and colour not in (usual if self._in_table(place) else usual | signals)
        }
        places = {old: self.stays.place(*old) for old in mine}
        for old, new in places.items():
            if old != new:
                self._paint(old, ours.get(old))
        for old, new in places.items():
            if new is not None:
                self._paint(new, mine[old])

    def _in_table(self, place: Place) -> bool:
        here = Box(*place, *place)
        tables = () if self.stays is None else self.stays.before.tables
        return any(table.box.meets(here) for table in tables)

    def _paint(self, place: Place, colour: Colour | None) -> None:
        attempt("colour", self.sheet.range(place), "color", colour)


def tab_of(
    book: xw.Book, drawn: Sheet, old: Sequence[Box], new: Sequence[Box], titles: frozenset[str]
) -> Tab:
    """Return a tab that is there with what stays on it.

    Raises:
        InputError: Something that the user added has no place any more.
    """
    sheet = book.sheets[drawn.name]
    before = Sheet(sheet.name, _seen(sheet), tuple(listed_tables(sheet)))
    stays = Staying(book.name, before, drawn, old, titles)
    facts = OpenFacts(book)
    for box, _ in stays.runs():
        array = facts.one_formula(sheet.name, box)
        if array:
            raise InputError("kept_array_moved", path=book.name, sheet=sheet.name, cells=array)
    return Tab(sheet, drawn, stays, new)


def _seen(sheet: xw.Sheet) -> Grid:
    """Return the cells of a sheet; a formula that shows nothing is seen as well."""
    cells = read_cells(sheet)
    rows, columns = len(cells), len(cells[0]) if cells else 0
    block = sheet.range((1, 1), (max(rows, 1), max(columns, 1)))
    formulas = able("formulas", lambda: as_grid(block.formula, rows, columns), otherwise=cells)
    return [
        [formula if cell in (None, "") else cell for cell, formula in zip(*pair, strict=True)]
        for pair in zip(cells, formulas, strict=True)
    ]


def width(sheet: Sheet) -> int:
    """Return how many columns a sheet has."""
    return max((len(row) for row in sheet.cells), default=1)


def painted(sheet: xw.Sheet, box: Box) -> dict[Place, Colour] | None:
    """Return the colours of cells, halving what has several; None where the host tells none."""
    try:
        return dict(_painted(sheet, box))
    except _Untold:
        return None


class _Untold(Exception):  # noqa: N818 - no fault
    """The host does not tell colours."""


def _painted(sheet: xw.Sheet, box: Box) -> Iterator[tuple[Place, Colour]]:
    block = sheet.range(box[:2], box[2:])
    index: Any = able("colours", lambda: block.api.Interior.ColorIndex, otherwise=UNTOLD)
    if index == UNTOLD:
        raise _Untold
    if index == NO_COLOUR:
        return
    rows, columns = block.shape
    if index is not None or rows == columns == 1:
        colour = able("colour", lambda: block.color)
        for row in range(box.first_row, box.last_row + 1):
            for column in range(box.first_column, box.last_column + 1):
                if colour is not None:
                    yield (row, column), (colour[0], colour[1], colour[2])
    elif rows >= columns:
        middle = box.first_row + rows // 2
        yield from _painted(sheet, box._replace(last_row=middle - 1))
        yield from _painted(sheet, box._replace(first_row=middle))
    else:
        middle = box.first_column + columns // 2
        yield from _painted(sheet, box._replace(last_column=middle - 1))
        yield from _painted(sheet, box._replace(first_column=middle))


def _copy(source: xw.Range, target: xw.Range) -> None:
    """Copy cells with all that they have: in Lite only the target can ask for it."""
    if writes_at_end(source.sheet.book):
        target.copy_from(source, "all")
    else:
        source.copy(target)


def _copy_looks(drawn: xw.Sheet, sheet: xw.Sheet, box: Box) -> None:
    def copy() -> None:
        drawn.range(box[:2], box[2:]).copy()
        sheet.range(box[:2]).paste(paste="formats")

    able("copied formats", copy)


def _beyond(box: Box, others: Sequence[Box]) -> Iterator[Box]:
    """Yield the part of a box below and the part on the right of all others that it meets."""
    met = [other for other in others if other.meets(box)]
    row = max((other.last_row for other in met), default=box.first_row - 1)
    column = max((other.last_column for other in met), default=box.first_column - 1)
    if row < box.last_row:
        yield box._replace(first_row=row + 1)
    if column < box.last_column and row >= box.first_row:
        yield box._replace(first_column=column + 1, last_row=min(row, box.last_row))
