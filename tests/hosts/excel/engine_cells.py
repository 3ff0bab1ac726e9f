"""Cells, tables and names of the host of xlwings in `engine`; entries are taken as Excel does.

A text that looks like a formula, a number, a day or TRUE becomes one unless an apostrophe stands
before it.
"""

import re
from collections.abc import Iterator
from copy import copy
from datetime import date, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.formula.translate import Translator
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table as ListObject

if TYPE_CHECKING:
    from tests.hosts.excel.engine import Sheet

ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?%?", re.IGNORECASE)
DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}( \d{2}:\d{2}:\d{2})?")
Grid = list[list[Any]]


def entered(entry: Any) -> tuple[Any, str | None]:  # noqa: ANN401, PLR0911 - one line per kind
    """Return what Excel makes of an entry, and the type of the cell where openpyxl would err."""
    if not isinstance(entry, str) or not entry:
        return (None if entry == "" else entry), None
    if entry[0] == "'":
        return entry[1:], "s"
    if entry.removeprefix("=") in ERRORS:
        return entry.removeprefix("="), "e"
    if entry[0] in "=@" or (entry[0] in "+-" and not NUMBER.fullmatch(entry)):
        return f"={entry.lstrip('=')}", "f"
    if NUMBER.fullmatch(entry):
        return float(entry.rstrip("%")) / (100 if entry.endswith("%") else 1), None
    if entry.casefold() in ("true", "false"):
        return entry.casefold() == "true", None
    if DAY.fullmatch(entry):
        return datetime.fromisoformat(entry), None
    return entry, "s"


class Error(str):
    """An error of a cell, which is no text."""

    __slots__ = ()


def box_of(place: Any) -> tuple[int, int, int, int]:  # noqa: ANN401
    if isinstance(place, Range):
        return place.box
    if isinstance(place, tuple):
        rows, columns = place[2:] or (1, 1)
        return place[0], place[1], place[0] + rows - 1, place[1] + columns - 1
    left, top, right, bottom = range_boundaries(place.replace("$", ""))
    assert left and top and right and bottom  # noqa: PT018
    return top, left, bottom, right


class Range:
    max_cells_per_read: int | None = None
    max_cells_per_write: int | None = 5_000

    def __init__(self, sheet: "Sheet", box: tuple[int, int, int, int]) -> None:
        self.sheet, self.box = sheet, box
        self.options: dict[str, Any] = {}

    api = property(lambda self: self)
    row = property(lambda self: self.box[0])
    column = property(lambda self: self.box[1])
    coords = property(lambda self: (self.sheet.name, *self.box[:2], *self.shape))

    @property
    def shape(self) -> tuple[int, int]:
        top, left, bottom, right = self.box
        return bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __bool__(self) -> bool:
        return True

    def __call__(self, row: int, column: int | None = None) -> "Range":
        if column is None:
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        return self.sheet.block(box_of((self.row + row - 1, self.column + column - 1)))

    def get_address(
        self,
        row_absolute: bool,  # noqa: FBT001 - as xlwings calls it
        col_absolute: bool,  # noqa: FBT001
        external: bool,  # noqa: FBT001
    ) -> str:
        assert row_absolute
        assert col_absolute
        assert not external
        return self.address

    @property
    def address(self) -> str:
        top, left, bottom, right = self.box
        first, last = f"${get_column_letter(left)}${top}", f"${get_column_letter(right)}${bottom}"
        return first if first == last else f"{first}:{last}"

    def _cells(self) -> Iterator[Iterator[Any]]:
        top, left, bottom, right = self.box
        for row in range(top, bottom + 1):
            yield (self.sheet.tab.cell(row, column) for column in range(left, right + 1))

    def _value(self, cell: Any) -> Any:  # noqa: ANN401
        book = self.sheet.book
        if cell.data_type == "f":
            known = self.sheet.name in book.cached.sheetnames
            cell = book.cached[self.sheet.name][cell.coordinate] if known else None
        if cell is None:
            return None
        if isinstance(cell.value, date) and not isinstance(cell.value, datetime):
            return datetime(cell.value.year, cell.value.month, cell.value.day)  # noqa: DTZ001
        return Error(cell.value) if cell.data_type == "e" else cell.value

    @property
    def raw_value(self) -> Grid:
        return [[self._value(cell) for cell in row] for row in self._cells()]

    @raw_value.setter
    def raw_value(self, grid: Any) -> None:  # noqa: ANN401
        self.sheet.book.app.count_write()
        self.sheet.book.saved = False
        if not isinstance(grid, list | tuple):
            grid = [[grid] * self.shape[1]] * self.shape[0]
        for cells, entries in zip(self._cells(), grid, strict=True):
            for cell, entry in zip(cells, entries, strict=True):
                value, kind = entered(entry)
                shown = cell.number_format
                cell.value = value
                if kind:
                    cell.data_type = kind
                if shown != "General" or not isinstance(value, date):
                    cell.number_format = shown

    @property
    def formula(self) -> Any:  # noqa: ANN401 - as Excel does: a bare text for one cell
        grid = tuple(
            tuple("" if cell.value is None else _text(cell.value) for cell in row)
            for row in self._cells()
        )
        return grid[0][0] if len(self) == 1 else grid

    @property
    def number_format(self) -> str | None:
        found = {cell.number_format for row in self._cells() for cell in row}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, code: str) -> None:
        for row in self._cells():
            for cell in row:
                cell.number_format = code

    @property
    def Interior(self) -> SimpleNamespace:  # noqa: N802 - the name Excel has for it
        """Tell the colour of all cells: none, one, or None where they differ."""
        found = {cell.fill.fgColor.rgb if cell.fill.fill_type else "" for cell in self._all()}
        index = None if len(found) > 1 else (-4142 if found == {""} else 6)
        return SimpleNamespace(ColorIndex=index)

    @property
    def color(self) -> tuple[int, ...] | None:
        (found,) = {cell.fill.fgColor.rgb for cell in self._all()}
        return tuple(bytes.fromhex(found[-6:]))

    @color.setter
    def color(self, colour: tuple[int, int, int] | None) -> None:
        shown = "FF{:02X}{:02X}{:02X}".format(*colour) if colour else ""
        for cell in self._all():
            cell.fill = PatternFill("solid", fgColor=shown) if colour else PatternFill()

    def _all(self) -> Iterator[Any]:
        return (cell for row in self._cells() for cell in row)

    @property
    def merge_cells(self) -> bool | None:
        return self._share(sum(map(self._within, self.sheet.tab.merged_cells.ranges)))

    @property
    def has_array(self) -> bool | None:
        return self._share(sum(self._within(CellRange(each.ref)) for each in self._arrays()))

    def _share(self, cells: int) -> bool | None:
        """Answer as Excel does: None where only some cells are so."""
        return cells > 0 if cells in (0, len(self)) else None

    def _within(self, other: CellRange) -> int:
        """Return how many cells of another range are in this one."""
        top, left, bottom, right = self.box
        rows = min(bottom, other.max_row) - max(top, other.min_row) + 1
        columns = min(right, other.max_col) - max(left, other.min_col) + 1
        return max(rows, 0) * max(columns, 0)

    def _arrays(self) -> list[ArrayFormula]:
        cells = (cell for row in self.sheet.tab.iter_rows() for cell in row)
        return [cell.value for cell in cells if isinstance(cell.value, ArrayFormula)]

    @property
    def CurrentArray(self) -> Any:  # noqa: ANN401, N802 - the name Excel has for it
        (found,) = (each for each in self._arrays() if self._within(CellRange(each.ref)))
        return SimpleNamespace(
            Count=CellRange(found.ref).size["rows"] * CellRange(found.ref).size["columns"]
        )

    def copy(self, destination: object = None) -> None:
        if destination is None:
            self.sheet.book.app.copied = self
            return
        self.sheet.book.app.count_write()
        target = destination
        for at, row in enumerate(self._cells()):
            for across, cell in enumerate(row):
                new = target.sheet.tab.cell(target.row + at, target.column + across)
                new.value, new.data_type = cell.value, cell.data_type
                if cell.data_type == "f":
                    moved = Translator(cell.value, cell.coordinate)
                    new.value = moved.translate_formula(new.coordinate)
                new.number_format, new.fill = cell.number_format, copy(cell.fill)
                new.comment = copy(cell.comment)

    def clear(self) -> None:
        self.sheet.book.app.count_write()
        for cell in self._all():
            cell.value, cell.comment = None, None
            cell.number_format, cell.fill = "General", PatternFill()

    def paste(self, paste: str | None = None, **_options: object) -> None:
        assert paste == "formats"
        self.sheet.book.selected = self  # as Excel does
        copied = self.sheet.book.app.copied
        assert copied is not None
        for at, row in enumerate(copied._cells()):  # noqa: SLF001 - of the same class
            for across, cell in enumerate(row):
                new = self.sheet.tab.cell(self.row + at, self.column + across)
                new.number_format, new.fill = cell.number_format, copy(cell.fill)

    def select(self) -> None:
        self.sheet.book.selected = self


def _text(value: Any) -> str:  # noqa: ANN401
    return str(value.text if isinstance(value, ArrayFormula) else value)


class Tables:
    def __init__(self, sheet: "Sheet") -> None:
        self.sheet = sheet

    def __iter__(self) -> Iterator["Table"]:
        return (Table(self.sheet, table) for table in self.sheet.tab.tables.values())

    def __len__(self) -> int:
        return len(self.sheet.tab.tables)

    def __call__(self, key: str | int) -> "Table":
        tables = self.sheet.tab.tables
        return Table(
            self.sheet, list(tables.values())[key - 1] if isinstance(key, int) else tables[key]
        )

    def __contains__(self, key: str) -> bool:
        return key in self.sheet.tab.tables

    def add(self, source: Range, name: str, **_options: object) -> "Table":
        table = ListObject(displayName=name, ref=source.address.replace("$", ""))
        self.sheet.tab.add_table(table)
        return Table(self.sheet, table)


class Table:
    def __init__(self, sheet: "Sheet", table: ListObject) -> None:
        self.sheet, self.table = sheet, table

    name = property(lambda self: self.table.name)
    display_name = property(lambda self: self.table.displayName)
    range = property(lambda self: self.sheet.range(self.table.ref))
    show_headers = property(lambda self: self.table.headerRowCount != 0)
    show_totals = property(lambda self: bool(self.table.totalsRowCount))

    def resize(self, place: Any) -> None:  # noqa: ANN401 - of xlwings, not of here
        self.table.ref = place.address.replace("$", "")
        if self.table.autoFilter:
            self.table.autoFilter.ref = self.table.ref
        titles: Any = self.sheet.tab[self.table.ref]
        self.table.tableColumns = []
        rebuild: Any = self.table
        rebuild._initialise_columns()  # noqa: SLF001 - what openpyxl does on saving
        for column, cell in zip(self.table.tableColumns, titles[0], strict=True):
            column.name = str(cell.value)


class Names:
    def __init__(self, file: openpyxl.Workbook) -> None:
        self.file = file

    def snapshot(self) -> list[tuple[str, "Name"]]:
        return [(name, Name(self.file, name)) for name in self.file.defined_names]

    def __call__(self, key: str) -> "Name":
        return Name(self.file, key)

    def contains(self, key: str) -> bool:
        return key in self.file.defined_names

    def add(self, name: str, refers_to: str) -> "Name":
        self.file.defined_names[name] = DefinedName(name, attr_text=refers_to.removeprefix("="))
        return Name(self.file, name)


class Name:
    def __init__(self, file: openpyxl.Workbook, name: str) -> None:
        self.file, self._name = file, name

    name = property(lambda self: self._name)

    @property
    def refers_to(self) -> str:
        return f"={self.file.defined_names[self._name].value}"

    @refers_to.setter
    def refers_to(self, target: str) -> None:
        self.file.defined_names[self._name].value = target.removeprefix("=")

    def delete(self) -> None:
        del self.file.defined_names[self._name]
