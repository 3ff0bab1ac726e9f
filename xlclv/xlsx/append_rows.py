"""Rows by the hundred thousand: appended to a drawn sheet as XML, ten times faster than by cell.

XlsxWriter draws a table with its first row; the other rows take the format of that row. So there
is one place that decides how a column looks, and a table of a million rows costs seconds.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from xlclv.addresses import letters
from xlclv.columns import serial
from xlclv.terms import Array
from xlclv.words import yes_no
from xlclv.xlsx.cells import cell_xml
from xlclv.xlsx.package import Package
from xlclv.xlsx.rows import cells_of, rows_of, split_sheet

_DIMENSION = re.compile(rb'(<dimension ref="A1:[A-Z]+)\d+(")')
CHUNK = 20_000  # rows made at a time


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
            _append(package, bulk, MAC_EPOCH if date_1904 else WINDOWS_EPOCH)
        package.write(whole)
    whole.replace(path)


def _append(package: Package, bulk: Bulk, epoch: datetime) -> None:
    part = next(sheet.part for sheet in package.sheets() if sheet.name == bulk.sheet)
    pieces = split_sheet(package.read(part))
    if pieces is None:
        raise ValueError(part)
    head, rows, tail = pieces
    styles = _styles(rows, bulk.row - 1)
    added = b"".join(_rows(bulk, styles, at, epoch) for at in range(0, len(bulk.columns[0]), CHUNK))
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


def _rows(bulk: Bulk, styles: dict[int, int], start: int, epoch: datetime) -> bytes:
    """Return a chunk of rows as XML."""
    first = bulk.row + start
    columns = []
    for column, values in enumerate(bulk.columns, start=bulk.column):
        part = np.asarray(values)[start : start + CHUNK]
        columns.append(_cells(_as_drawn(part, epoch), first, column, styles.get(column, 0), epoch))
    rows = enumerate(zip(*columns, strict=True), start=first)
    return "".join(f'<row r="{row}">{"".join(cells)}</row>' for row, cells in rows).encode()


def _as_drawn(values: Array, epoch: datetime) -> list[object]:
    """Return cells as the first row of the table shows them: no infinite number, Yes for true."""
    if values.dtype.kind == "M":
        values = serial(values) - (MAC_EPOCH - WINDOWS_EPOCH).days * (epoch == MAC_EPOCH)
    if values.dtype.kind == "f":
        values = np.where(np.isfinite(values), values, np.nan)
    if values.dtype.kind in "bO":
        yes, no = yes_no(answer=True), yes_no(answer=False)
        return [
            (yes if cell else no)
            if isinstance(cell, bool)
            else None
            if isinstance(cell, float) and not math.isfinite(cell)
            else cell
            for cell in values.tolist()
        ]
    return list(values.tolist())


def _cells(cells: list[object], first: int, column: int, style: int, epoch: datetime) -> list[str]:
    """Return a column of cells as XML, none where there is nothing."""
    place = f"{letters(column)}%d"
    return [
        "" if cell is None or cell == "" else cell_xml(place % row, style, cell, epoch)
        for row, cell in enumerate(cells, start=first)
    ]
