"""Read the sheets of an .xlsx or .xlsm workbook: every cell at its own address."""

import codecs
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from xlclv.addresses import letters, number_of
from xlclv.columns import CellError
from xlclv.errors import InputError
from xlclv.reading.grid import ListedTable, Sheet
from xlclv.xlsx.package import MAIN, Package
from xlclv.xlsx.styles import whole
from xlclv.xlsx.zipmembers import DAMAGE

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

# calamine takes 32 bytes for every cell of the rectangle that spans the used ones, and ends the
# whole program if it gets none: one stray cell at XFD1048576 would ask for 550 GB.
_MOST_CELLS: Final = 60_000_000
_DAMAGE: Final = (*DAMAGE, KeyError, etree.XMLSyntaxError)
_CHUNK: Final = 2**20
_ERRORS: Final = 2  # where a program prints its errors
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
HEAD_ROWS: Final = 2  # of a tab of ours: its title and its purpose
# calamine believes a cell's own address more than that of its row.
_LETTERS: Final = re.compile(rb"""(?<![:\w])r\s*=\s*["']([A-Za-z]{1,10})""")
_ROW: Final = re.compile(rb"""(?<![:\w])r\s*=\s*["'][A-Za-z]*(\d{1,20})""")
_HIDDEN: Final = re.compile(rb"""<row\b[^>]*\shidden\s*=\s*["'](?:1|true)["']""")
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
# Asked for the texts in the first column of the first rows of a sheet.
Heads = Callable[[str], list[list[object]]]
# Told the names of a book and how its sheets begin, says which sheets nobody needs.
Unread = Callable[[Mapping[str, str], Heads], Collection[str]]


def read_all(_names: Mapping[str, str], _heads: Heads) -> Collection[str]:
    """Leave no sheet unread."""
    return ()


def read_sheets(
    path: Path, leave_unread: Unread = read_all
) -> tuple[tuple[Sheet, ...], dict[str, str]]:
    """Read all sheets of a workbook, hidden ones too.

    Args:
        path: The workbook.
        leave_unread: Says which sheets nobody needs; of these come the first texts only.

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

        @cache
        def head(name: str) -> list[list[object]]:
            return _head(package, parts[name]) if name in parts else []

        unread = leave_unread(names, head)
        heads = {name: (head(name), 0) for name in unread if name in parts}
        readable = _readable(package)
    wanted = {name: part for name, part in parts.items() if name not in unread}
    read = _read_cells(path, wanted, readable) | heads
    sheets = (Sheet(name, *read[name][:1], tables[name], read[name][1]) for name in parts)
    return tuple(sheets), names


def _readable(package: Package) -> bytes | None:
    """Return a copy that calamine can read, None where it can read the file itself.

    It takes a macro sheet of old, the leftover of a module, or UTF-16 for damage.
    """
    root, others = package.tree(package.workbook), 0
    tabs = root.findall(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet")
    for tab, sheet in zip(tabs, package.sheets(), strict=True):
        if not sheet.has_cells:
            tab.getparent().remove(tab)  # type: ignore[union-attr] # it was found below sheets
            others += 1
    wide = [part for part in package.parts() if package.starts_with(part, UTF_16)]
    if not others and not wide:
        return None
    copy = BytesIO()
    for part in wide:
        package.put(part, package.tree(part))
    package.put(package.workbook, root)
    package.write(copy)
    return copy.getvalue()


def _head(package: Package, part: str) -> list[list[object]]:
    """Return the texts in the first rows of a sheet, which tell whether it is one of ours."""
    rows: list[list[object]] = [[""] for _ in range(HEAD_ROWS)]
    for row in islice(package.elements(part, "row"), HEAD_ROWS):
        number, cell = row.get("r", ""), row.find(f"{{{MAIN}}}c")
        if cell is not None and number.isdecimal() and 0 < int(number) <= HEAD_ROWS:
            rows[int(number) - 1] = [_text_of(package, cell)]
    return rows


def _text_of(package: Package, cell: etree._Element) -> str:
    holder, value = cell, cell.findtext(f"{{{MAIN}}}v", "")
    if cell.get("t") == "s" and value.isdecimal():
        shared = package.related(package.workbook, "sharedStrings")
        strings = package.elements(shared[0], "si") if shared else iter(())
        found = next(islice(strings, int(value), None), None)
        holder = cell if found is None else found
    return "".join(text.text or "" for text in holder.iter(f"{{{MAIN}}}t"))


def _read_cells(
    path: Path, parts: Mapping[str, str], readable: bytes | None
) -> dict[str, tuple[list[list[object]], int]]:
    """Read the cells of each sheet, given its part; and say how many of its rows are hidden."""
    # Loaded here, for a browser, where the functions run too, has no calamine.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    found: dict[str, tuple[list[list[object]], int]] = {}
    name = ""

    def content() -> Path | BytesIO:
        return path if readable is None else BytesIO(readable)

    try:
        with (
            zipfile.ZipFile(content()) as members,
            CalamineWorkbook.from_object(content()) as book,
        ):
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
        with _hushed():
            sheet = book.get_sheet_by_name(name)
            rows = cast("list[list[object]]", sheet.to_python(skip_empty_area=False))
        _fill_merged(rows, sheet.merged_cell_ranges or ())
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise zlib.error(str(error)) from error  # counts as damage, like any other
    return rows


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep what a panic prints, in words for programmers, off the screen."""
    try:
        screen = os.dup(_ERRORS)
    except OSError:  # a program without a screen, or one in a browser
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, _ERRORS)
        yield
    finally:
        os.dup2(screen, _ERRORS)
        os.close(screen)
        os.close(nowhere)


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
            row = whole(element.get("r")) or row + 1
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
        totals = whole(root.get("totalsRowCount"))
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
