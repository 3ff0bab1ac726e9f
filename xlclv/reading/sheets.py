"""Read the sheets of an .xlsx or .xlsm workbook: every cell at its own address."""

import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from xlclv.addresses import letters, number_of
from xlclv.columns import CellError
from xlclv.errors import InputError
from xlclv.reading.grid import ListedTable, Sheet
from xlclv.xlsx.package import MAIN, Package

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

# calamine takes 32 bytes for every cell of the rectangle that spans the used ones, and ends the
# whole program if it gets none: one stray cell at XFD1048576 would ask for 550 GB.
_MOST_CELLS: Final = 60_000_000
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, etree.XMLSyntaxError)
_CHUNK: Final = 2**20
# calamine believes a cell's own address more than that of its row.
_LETTERS: Final = re.compile(rb"""(?<![:\w])r\s*=\s*["']([A-Za-z]{1,10})""")
_ROW: Final = re.compile(rb"""(?<![:\w])r\s*=\s*["'][A-Za-z]*(\d{1,20})""")
_HIDDEN: Final = re.compile(rb"""<row\b[^>]*\shidden\s*=\s*["'](?:1|true)["']""")
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
Unread = Callable[[Mapping[str, str]], Collection[str]]


def read_sheets(
    path: Path, leave_unread: Unread = lambda _names: ()
) -> tuple[tuple[Sheet, ...], dict[str, str]]:
    """Read all sheets of a workbook, hidden ones too.

    Args:
        path: The workbook.
        leave_unread: Told the names of the book, says which sheets nobody needs; these come
            without their cells.

    Returns:
        The sheets that hold cells, in the order of the book; the names that hold for the whole
        book, each with the text of what it refers to.

    Raises:
        InputError: The file is no such workbook, is protected, damaged or unsafe, or a sheet
            spans more cells than fit in memory.
    """
    with Package(path) as package:
        parts = {sheet.name: sheet.part for sheet in package.sheets() if sheet.has_cells}
        tables = {name: tuple(_listed(package, part)) for name, part in parts.items()}
        names = _defined_names(package)
    unread = leave_unread(names)
    read = _read_cells(path, {name: part for name, part in parts.items() if name not in unread})
    nothing: tuple[list[list[object]], int] = ([], 0)
    sheets = (
        Sheet(name, cells, tables[name], hidden)
        for name, (cells, hidden) in ((name, read.get(name, nothing)) for name in parts)
    )
    return tuple(sheets), names


def _read_cells(path: Path, parts: Mapping[str, str]) -> dict[str, tuple[list[list[object]], int]]:
    """Read the cells of each sheet, given its part; and say how many of its rows are hidden."""
    # Loaded here, for a browser, where the functions run too, has no calamine.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    found: dict[str, tuple[list[list[object]], int]] = {}
    name = ""
    try:
        with zipfile.ZipFile(path) as members, CalamineWorkbook.from_path(path) as book:
            for name, part in parts.items():
                has_errors, hidden = _scan(members, part, path, name)
                cells = to_python(book, name)
                if has_errors:
                    _put_errors(cells, members, part)
                found[name] = (cells, hidden)
    except (*_DAMAGE, CalamineError) as error:
        part = parts.get(name, path.name)
        raise InputError("damaged_workbook", path=path.name, part=part) from error
    return found


def to_python(book: "CalamineWorkbook", name: str) -> list[list[object]]:
    """Return the cells of a sheet.

    Calamine panics, past all `except Exception`, at a day outside of time, such as -9E+18.
    """
    try:
        sheet = book.get_sheet_by_name(name)
        rows = cast("list[list[object]]", sheet.to_python(skip_empty_area=False))
        _fill_merged(rows, sheet.merged_cell_ranges or ())
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise zlib.error(str(error)) from error  # counts as damage, like any other
    return rows


def _fill_merged(
    rows: list[list[object]],
    ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    """Give every row that a merged cell spans its value; ranges count from 0."""
    for (first, column), (last, _) in ranges:
        for row in range(first + 1, min(last, len(rows) - 1) + 1):
            if column < len(rows[row]) and rows[row][column] == "":
                rows[row][column] = rows[first][column]


def _scan(members: zipfile.ZipFile, part: str, path: Path, sheet: str) -> tuple[bool, int]:
    """Say whether a sheet may hold error values, and how many rows are hidden.

    Its extent is then known to fit in memory.

    Raises:
        InputError: The sheet spans too many cells.
    """
    columns, rows = {b"A"}, {b"1"}
    errors, hidden, rest = False, 0, b""
    with members.open(part) as file:
        while chunk := file.read(_CHUNK):
            text = rest + chunk
            columns.update(_LETTERS.findall(text))
            rows = {max(rows.union(_ROW.findall(text)), key=int)}
            errors = errors or b'"e"' in text or b"'e'" in text
            rest = text[max(text.rfind(b"<"), len(text) - _CHUNK) :]
            hidden += len(_HIDDEN.findall(text[: len(text) - len(rest)]))
    last_row = int(*rows)
    last_column = max(number_of(found.decode().upper()) for found in columns)
    if last_row * last_column > _MOST_CELLS:
        corner = f"{letters(last_column)}{last_row}"
        raise InputError("sheet_too_wide", path=path.name, sheet=sheet, cell=corner)
    return errors, hidden


def _put_errors(cells: list[list[object]], members: zipfile.ZipFile, part: str) -> None:
    """Put the error values in their cells, which calamine leaves blank."""
    for row, column, code in _error_cells(members, part):
        while len(cells) < row:
            cells.append([""] * len(cells[0] if cells else ()))
        line = cells[row - 1]
        if len(line) < column:
            for other in cells:
                other.extend([""] * (column - len(other)))
        line[column - 1] = CellError(code)


def _error_cells(members: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int, str]]:
    """Yield row, column (from 1) and code of every cell with an error value."""
    row = 0
    with members.open(part) as file:
        rows = etree.iterparse(
            file, events=("end",), tag=f"{{{MAIN}}}row", resolve_entities=False, no_network=True
        )
        for _, element in rows:
            row = int(element.get("r", row + 1))
            column = 0
            for cell in element.iterchildren(f"{{{MAIN}}}c"):
                place = _REFERENCE.fullmatch(cell.get("r", ""))
                column = number_of(place[1]) if place else column + 1
                if cell.get("t") == "e":
                    yield row, column, cell.findtext(f"{{{MAIN}}}v", "#VALUE!")
            element.clear()


def _listed(package: Package, part: str) -> Iterator[ListedTable]:
    """Yield the tables of a sheet that show their headers."""
    for target in package.related(part, "table"):
        root = package.tree(target)
        place = _REFERENCE.fullmatch(root.get("ref", ""))
        if place is None or root.get("headerRowCount", "1") == "0":
            continue
        first_column, header_row, last_column, last_row = place.groups()
        totals = int(root.get("totalsRowCount", "0"))
        yield ListedTable(
            root.get("displayName", ""),
            header_row=int(header_row),
            first_column=number_of(first_column),
            last_row=int(last_row or header_row) - totals,
            last_column=number_of(last_column or first_column),
            totals_rows=totals,
        )


def _defined_names(package: Package) -> dict[str, str]:
    names = package.tree(package.workbook).iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName")
    return {
        name.get("name", ""): name.text or "" for name in names if name.get("localSheetId") is None
    }
