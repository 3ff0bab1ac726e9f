"""What a user added to a tab of an open workbook: where it goes when the tab is written anew.

The same as `xlclv.xlsx.kept` for a saved file: cells beside a row of ours follow that row, columns
at the end of a table of ours stay in it, and what has no place any more is refused, in the same
words, before anything is written.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Final

from xlclv.addresses import LAST_ROW, Box, letters
from xlclv.errors import InputError
from xlclv.reading.grid import ListedTable, Sheet
from xlclv.xlsx.kept.moves import KEYS

Place = tuple[int, int]
Cells = Sequence[Sequence[object]]
_RANGE: Final = re.compile(r"!(\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?)")


def areas_of(target: str) -> list[Box]:
    """Return the cells of a tab that are ours, as the name that marks it tells; [] if it does not.

    >>> [str(box) for box in areas_of("='My tab'!$A$1:$C$9,'My tab'!$E$1")]
    ['A1:C9', 'E1']
    >>> areas_of("='My tab'!$A$1")
    []
    """
    boxes = [Box.at(found) for found in _RANGE.findall(target) if "#REF!" not in target]
    return [] if boxes == [Box(1, 1, 1, 1)] else boxes


@dataclass(frozen=True, slots=True)
class Body:
    """A table of ours before and after.

    Args:
        old: The table as it stood.
        new: The table as it is drawn.
        own: The columns that the user added at its end, as they stood.
        rows: The new number of each row that is still there.
    """

    old: ListedTable
    new: ListedTable
    own: range
    rows: Mapping[int, int]

    def place(self, row: int, column: int) -> Place | None:
        """Return where a cell of a row of the table, or beside it, goes; None: its row is gone."""
        if column in self.own:
            column += self.new.last_column + 1 - self.own.start
        if row == self.old.header_row:
            return self.new.header_row, column
        if row > self.old.last_row:  # the totals
            return row - self.old.last_row + self.new.last_row, column
        found = self.rows.get(row)
        return None if found is None else (found, column)

    def grown(self) -> Box:
        """Return the cells of the table with the columns and totals of the user."""
        last_row = self.new.last_row + self.old.totals_rows
        last_column = self.new.last_column + len(self.own)
        return Box(self.new.header_row, self.new.first_column, last_row, last_column)


@dataclass
class Staying:
    """What of a tab stays as the user has it.

    Args:
        path: Name of the workbook.
        before: The tab as it stands, all of its cells.
        drawn: The tab as it is drawn.
        areas: The cells that were ours; empty where nothing tells.
        titles: Headers that columns of ours have in any language, small.

    Raises:
        InputError: Something of it has no place any more.
    """

    path: str
    before: Sheet
    drawn: Sheet
    areas: Sequence[Box]
    titles: Collection[str]
    bodies: list[Body] = field(init=False)
    cells: dict[Place, Place] = field(init=False)

    def __post_init__(self) -> None:
        now = {table.name: table for table in self.drawn.tables}
        self.bodies = [
            Body(table, now[table.name], own, dict(self._rows(table, now[table.name])))
            for table in self.before.tables
            if table.name in now
            for own in [self._own_columns(table, now[table.name])]
        ]
        self.cells = dict(self._found())
        taken = Counter(self.cells.values())
        for (row, column), place in self.cells.items():
            if taken[place] > 1:
                raise self._refusal("kept_in_way", f"{letters(column)}{row}")

    @cached_property
    def ours(self) -> list[Box]:
        """Return the cells that were ours; without a marker, all but what is beside."""
        if self.areas:
            return list(self.areas)
        width = max((len(row) for row in self.drawn.cells), default=1)
        whole = Box(1, 1, LAST_ROW, width)
        for body in self.bodies:
            last = body.own.start - 1 if body.own else body.old.last_column
            whole = whole.around(whole._replace(last_column=last))
        return [whole]

    def place(self, row: int, column: int) -> Place | None:
        """Return where a cell goes; None: its row is no longer there."""
        beside = [
            body
            for body in self.bodies
            if body.old.header_row <= row <= body.old.last_row + body.old.totals_rows
            and body.old.first_column <= column
        ]
        body = max(beside, key=lambda one: one.old.first_column, default=None)
        return (row, column) if body is None else body.place(row, column)

    def runs(self) -> list[tuple[Box, Place]]:
        """Return blocks of cells beside rows that change their place, with the new first cell.

        What looks empty is among them: it may have a note, a colour, or a formula that shows "".

        Raises:
            InputError: Something of the user that stays stands where such a row goes.
        """
        found = [run for body in self.bodies for run in self._runs(body)]
        ends = [box.moved_to(*place) for box, place in found]
        leaving = [box for box, _ in found]
        for row, column in self.cells:
            here = Box(row, column, row, column)
            if any(end.meets(here) for end in ends) and not any(map(here.meets, leaving)):
                raise self._refusal("kept_in_way", str(here))
        return found

    def _runs(self, body: Body) -> Iterator[tuple[Box, Place]]:
        width = max((len(cells) for cells in self.before.cells), default=0)
        rows = [body.old.header_row, *sorted(body.rows)]
        rows += range(body.old.last_row + 1, body.old.last_row + 1 + body.old.totals_rows)
        beyond = max(body.own.stop, body.old.last_column + 1)
        following = [
            other.old.first_column
            for other in self.bodies
            if other.old.first_column > body.old.first_column
        ]
        spans = (
            (body.own.start, body.own.stop - 1),
            (beyond, min([width, *(one - 1 for one in following)])),
        )
        for first, last in spans:
            run: Box | None = None
            for row in rows if first <= last else ():
                row_then, column_then = body.place(row, first) or (row, first)
                if (row_then, column_then) == (row, first):
                    continue
                if run is not None and run.last_row == row - 1:
                    start = body.place(run.first_row, first)
                    if start == (row_then - row + run.first_row, column_then):
                        run = run._replace(last_row=row)
                        continue
                if run is not None:
                    yield run, body.place(run.first_row, first) or run[:2]
                run = Box(row, first, row, last)
            if run is not None:
                yield run, body.place(run.first_row, first) or run[:2]

    def _rows(self, old: ListedTable, new: ListedTable) -> Iterator[tuple[int, int]]:
        now = {key: row for row, key in _keys(self.drawn.cells, new)}
        for row, key in _keys(self.before.cells, old):
            if key in now:
                yield row, now[key]

    def _own_columns(self, table: ListedTable, new: ListedTable) -> range:
        """Return the columns of a table of ours that the user added at its end."""
        known = {header.casefold() for header in _headers(self.drawn.cells, new)}
        headers = _headers(self.before.cells, table)
        ours = [header.casefold() in known | set(self.titles) for header in headers]
        end, first = len(headers), table.first_column
        while end and (not ours[end - 1] or self._is_beyond(table, first + end - 1)):
            end -= 1
        if not all(ours[:end]):
            at = ours.index(False)
            cells = f"{letters(first + at)}{table.header_row}"
            raise self._refusal("kept_among_ours", cells, header=headers[at])
        return range(first + end, first + len(headers))

    def _is_beyond(self, table: ListedTable, column: int) -> bool:
        header = Box(table.header_row, column, table.header_row, column)
        return bool(self.areas) and not any(area.meets(header) for area in self.areas)

    def _found(self) -> Iterator[tuple[Place, Place]]:
        """Yield each filled cell of the user with where it goes."""
        for row, cells in enumerate(self.before.cells, start=1):
            mine = [area for area in self.ours if area.first_row <= row <= area.last_row]
            for column, cell in enumerate(cells, start=1):
                if cell in (None, "") or any(
                    area.first_column <= column <= area.last_column for area in mine
                ):
                    continue
                here, place = f"{letters(column)}{row}", self.place(row, column)
                if place is None:
                    raise self._refusal("kept_row_gone", here)
                if self._is_drawn(*place):
                    raise self._refusal("kept_in_way", here)
                yield (row, column), place

    def _is_drawn(self, row: int, column: int) -> bool:
        here = Box(row, column, row, column)
        within = any(table.box.meets(here) for table in self.drawn.tables)
        return within or _at(self.drawn.cells, row, column) not in (None, "")

    def _refusal(self, key: str, cells: str, header: str = "") -> InputError:
        sheet = self.before.name
        return InputError(key, path=self.path, sheet=sheet, cells=cells, header=header)


def _at(cells: Cells, row: int, column: int) -> object:
    line = cells[row - 1] if row <= len(cells) else ()
    return line[column - 1] if column <= len(line) else None


def _headers(cells: Cells, table: ListedTable) -> list[str]:
    columns = range(table.first_column, table.last_column + 1)
    return [str(_at(cells, table.header_row, column) or "") for column in columns]


def _keys(cells: Cells, table: ListedTable) -> Iterator[tuple[int, object]]:
    """Yield each row with what it is known by; equal ones are told apart by their order."""
    columns = range(table.first_column, table.first_column + KEYS.get(table.name, 1))
    seen = Counter[tuple[str, ...]]()
    for row in range(table.header_row + 1, table.last_row + 1):
        key = tuple(_text(_at(cells, row, column)) for column in columns)
        seen[key] += 1
        yield row, (key, seen[key])


def _text(cell: object) -> str:
    """Return what tells a cell, the same from a file and from a host."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return repr(float(cell))
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - cells have no zone
    return "" if cell is None else str(cell).strip()
