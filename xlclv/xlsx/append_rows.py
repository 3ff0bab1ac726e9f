"""Rows by the hundred thousand: appended to a drawn sheet as XML, ten times faster than by cell.

XlsxWriter draws a table with its first row; the other rows take the format of that row. So there
is one place that decides how a column looks, and a table of a million rows costs seconds.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
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
MOST_KNOWN = 200_000  # different cells of a column remembered


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
    try:
        with Package(path) as package:
            for bulk in bulks:
                _append(package, bulk, MAC_EPOCH if date_1904 else WINDOWS_EPOCH)
            package.write(whole)
        whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)


def _append(package: Package, bulk: Bulk, epoch: datetime) -> None:
    part = next(sheet.part for sheet in package.sheets() if sheet.name == bulk.sheet)
    pieces = split_sheet(package.read(part))
    if pieces is None:
        raise ValueError(part)
    head, rows, tail = pieces
    styles = _styles(rows, bulk.row - 1)
    known = [
        _Column(column, styles.get(column, 0), epoch)
        for column in range(bulk.column, bulk.column + len(bulk.columns))
    ]
    added = b"".join(_rows(bulk, known, at, epoch) for at in range(0, len(bulk.columns[0]), CHUNK))
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


class _Column:
    """A column as it is written: few of a million cells differ, so each is made once."""

    def __init__(self, column: int, style: int, epoch: datetime) -> None:
        self.place, self.style, self.epoch = f"{letters(column)}@", style, epoch
        self.forget()

    def forget(self) -> None:
        """Begin anew, before what is known takes more memory than it saves time."""
        self.heads: dict[object, str] = {None: "", "": ""}
        self.tails: dict[object, str] = {None: "", "": ""}

    def pieces(self, cells: list[object], numbers: list[str]) -> Iterator[Iterable[str]]:
        """Yield what stands before the number of the row in each cell, the number, what follows.

        Nothing of it where there is no cell.
        """
        if len(self.heads) > MOST_KNOWN:
            self.forget()
        heads, tails = self.heads, self.tails
        for cell in set(cells).difference(heads):
            # The first @ is that of its place.
            xml = cell_xml(self.place, self.style, cell, self.epoch)
            heads[cell], _, tails[cell] = xml.partition("@")
        before = list(map(heads.__getitem__, cells))
        yield before
        yield (
            numbers
            if all(before)
            else [row if head else "" for row, head in zip(numbers, before, strict=True)]
        )
        yield map(tails.__getitem__, cells)


def _rows(bulk: Bulk, known: Sequence[_Column], start: int, epoch: datetime) -> bytes:
    """Return a chunk of rows as XML."""
    size = min(CHUNK, len(bulk.columns[0]) - start)
    numbers = [str(bulk.row + row) for row in range(start, start + size)]
    # A row is joined of the pieces of all its cells at once: nothing is made for a cell alone.
    pieces: list[Iterable[str]] = [repeat('<row r="', size), numbers, repeat('">', size)]
    for column, values in zip(known, bulk.columns, strict=True):
        drawn = _as_drawn(np.asarray(values)[start : start + size], epoch)
        pieces += column.pieces(drawn, numbers)
    pieces.append(repeat("</row>", size))
    return "".join(map("".join, zip(*pieces, strict=True))).encode()


def _as_drawn(values: Array, epoch: datetime) -> list[object]:
    """Return cells as the first row of the table shows them: no infinite number, Yes for true."""
    if values.dtype.kind == "M":
        values = serial(values) - (MAC_EPOCH - WINDOWS_EPOCH).days * (epoch == MAC_EPOCH)
    cells: list[object] = values.tolist()
    kinds = set(map(type, cells))
    if bool in kinds:
        said = {True: yes_no(answer=True), False: yes_no(answer=False)}
        cells = [said[cell] if isinstance(cell, bool) else cell for cell in cells]
    if float in kinds and not _all_finite(values):
        cells = [
            None if isinstance(cell, float) and not math.isfinite(cell) else cell for cell in cells
        ]
    return cells


def _all_finite(values: Array) -> bool:
    return values.dtype.kind == "f" and bool(np.isfinite(values).all())
