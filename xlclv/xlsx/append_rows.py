"""Rows by the hundred thousand: appended to a drawn sheet as XML, ten times faster than by cell.

XlsxWriter draws a table with its first row; the other rows take the format of that row. So there
is one place that decides how a column looks, and a table of a million rows costs seconds.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from openpyxl.utils.datetime import to_excel

from xlclv.columns import CellError, serial
from xlclv.tables import letters
from xlclv.terms import Array
from xlclv.words import word
from xlclv.xlsx.package import Package
from xlclv.xlsx.rows import cells_of, escaped, rows_of, split_sheet

_DIMENSION = re.compile(rb'(<dimension ref="A1:[A-Z]+)\d+(")')
DAYS_TO_1904 = 1462  # from the first day of Excel to that of old Macintosh books
CHUNK = 20_000  # rows made at a time
LONGEST_TEXT = 32_767


@dataclass(frozen=True, slots=True)
class Bulk:
    """Rows to append to a table that is the last on its sheet.

    Args:
        sheet: Name of the sheet.
        table: Display name of the table.
        row: Where the rows begin, from 1; the row above tells how they look.
        column: First column, from 1.
        columns: The values, one array per column, all of one length.
    """

    sheet: str
    table: str
    row: int
    column: int
    columns: Sequence[Array]

    @property
    def last_row(self) -> int:
        """Return the last row, from 1."""
        return self.row + len(self.columns[0]) - 1


def append(path: Path, bulks: Sequence[Bulk], *, date_1904: bool = False) -> None:
    """Append rows to a workbook that XlsxWriter has just written, its days counted alike."""
    whole = path.with_name(f"{path.name}.bulk")
    with Package(path) as package:
        for bulk in bulks:
            _append(package, bulk, DAYS_TO_1904 if date_1904 else 0)
        package.write(whole)
    whole.replace(path)


def _append(package: Package, bulk: Bulk, skipped: int) -> None:
    part = next(sheet.part for sheet in package.sheets() if sheet.name == bulk.sheet)
    pieces = split_sheet(package.read(part))
    if pieces is None:
        raise ValueError(part)
    head, rows, tail = pieces
    styles = _styles(rows, bulk.row - 1)
    added = b"".join(
        _rows(bulk, styles, at, skipped) for at in range(0, len(bulk.columns[0]), CHUNK)
    )
    head = _DIMENSION.sub(rb"\g<1>%d\g<2>" % bulk.last_row, head)
    package.put(part, b"".join([head, b"<sheetData>", rows, added, b"</sheetData>", tail]))
    _stretch_table(package, part, bulk)


def _styles(rows: bytes, number: int) -> dict[int, int]:
    """Return the format of each cell of a row, by column."""
    row = next(row for row in rows_of(rows) if row.number == number)
    return {cell.column: cell.style for cell in cells_of(rows[row.inner : row.inner_end])}


def _stretch_table(package: Package, part: str, bulk: Bulk) -> None:
    for table_part in package.related(part, "table"):
        table = package.tree(table_part)
        if table.get("displayName") == bulk.table:
            for element in (table, *table.iterfind("{*}autoFilter")):
                corner = element.get("ref", "").partition(":")[0]
                last = f"{letters(bulk.column + len(bulk.columns) - 1)}{bulk.last_row}"
                element.set("ref", f"{corner}:{last}")
            package.put(table_part, table)


def _rows(bulk: Bulk, styles: dict[int, int], start: int, skipped: int) -> bytes:
    """Return a chunk of rows as XML."""
    first = bulk.row + start
    columns = []
    for column, values in enumerate(bulk.columns, start=bulk.column):
        part = np.asarray(values)[start : start + CHUNK]
        place = f'{letters(column)}%d" s="{styles.get(column, 0)}'
        columns.append(_cells(_counted(part, skipped), first, place))
    rows = enumerate(zip(*columns, strict=True), start=first)
    return "".join(f'<row r="{row}">{"".join(cells)}</row>' for row, cells in rows).encode()


def _counted(values: Array, skipped: int) -> Array:
    """Return days as the serial numbers of the book, everything else as it is."""
    if values.dtype.kind == "M":
        return serial(values) - skipped
    if values.dtype.kind != "O" or not skipped:
        return values
    days = [isinstance(value, date) for value in values]
    counted = values.copy()
    counted[days] = [to_excel(day) - skipped for day in values[days]]  # type: ignore[no-untyped-call]
    return counted


def _cells(values: Array, first: int, place: str) -> list[str]:
    """Return a column of cells as XML, empty where there is nothing."""
    head, tail = f'<c r="{place}'.split("%d")
    rows = enumerate(values.tolist(), start=first)
    if values.dtype.kind == "f":
        if np.isfinite(values).all():
            return [f'{head}{row}{tail}"><v>{value!r}</v></c>' for row, value in rows]
        return [
            f'{head}{row}{tail}"><v>{value!r}</v></c>' if math.isfinite(value) else ""
            for row, value in rows
        ]
    if values.dtype.kind == "O" and set(map(type, values)) <= {str, type(None)}:
        # Few of a million texts differ, so each is written once.
        inside = {text: f"{tail}{_inline(text)}" if text else "" for text in set(values)}
        return [f"{head}{row}{inside[text]}" if text else "" for row, text in rows]
    return [
        "" if value is None else _WRITERS.get(type(value), _text)(place % row, value)
        for row, value in rows
    ]


def _text(place: str, value: object) -> str:
    text = str(value)
    return f'<c r="{place}{_inline(text)}' if text else ""


def _inline(text: str) -> str:
    """Return the end of a cell that holds a text, from behind its format."""
    text = text[:LONGEST_TEXT]
    if not (text.isalnum() and text.isascii()):
        text = escaped(text)
    kept = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f'" t="inlineStr"><is><t{kept}>{text}</t></is></c>'


def _number(place: str, value: float) -> str:
    return f'<c r="{place}"><v>{value!r}</v></c>' if math.isfinite(value) else ""


def _day(place: str, value: date | datetime) -> str:
    return f'<c r="{place}"><v>{to_excel(value)!r}</v></c>'  # type: ignore[no-untyped-call]


def _yes_or_no(place: str, value: bool) -> str:  # noqa: FBT001 - a cell's value
    return _text(place, word("drawing.yes" if value else "drawing.no"))


def _error(place: str, value: CellError) -> str:
    return f'<c r="{place}" t="e"><v>{value.code}</v></c>'


_WRITERS: dict[type, Callable[..., str]] = {
    float: _number,
    int: _number,
    date: _day,
    datetime: _day,
    bool: _yes_or_no,
    CellError: _error,
}
