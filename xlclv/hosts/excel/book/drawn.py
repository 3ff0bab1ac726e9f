"""What was drawn, told cell by cell for a host that cannot open a second workbook, such as Lite.

`read_sheets` tells cells alone, and needs calamine, which not every browser has; this is slower.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.cell.cell import TYPE_ERROR
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from xlclv.addresses import Box
from xlclv.columns import CellError
from xlclv.hosts.excel.book.able import attempt, set_width
from xlclv.reading.grid import ListedTable, Sheet


@dataclass(frozen=True, slots=True)
class Looks:
    """How a sheet was drawn.

    Args:
        formats: Cells of one column, from 1, with the number format they share.
        widths: First and last of some columns, from 1, with their width in characters.
    """

    formats: Sequence[tuple[Box, str]]
    widths: Sequence[tuple[int, int, float]]


def read_drawn(path: Path) -> tuple[tuple[Sheet, ...], dict[str, str], dict[str, Looks]]:
    """Read a workbook that we drew.

    Returns:
        Its sheets and the names of the book, as of `read_sheets`; the looks of each sheet.
    """
    book = openpyxl.load_workbook(path, data_only=True)
    tabs = book.worksheets
    sheets = tuple(Sheet(tab.title, _cells(tab), tuple(_tables(tab))) for tab in tabs)
    names = {name: str(defined.value) for name, defined in book.defined_names.items()}
    looks = {tab.title: Looks(list(_formats(tab)), list(_widths(tab))) for tab in tabs}
    return sheets, names, looks


def dress(sheet: xw.Sheet, looks: Looks, *, widths: bool) -> None:
    """Give a sheet the number formats drawn, and the widths too, where the host can."""
    for box, code in looks.formats:
        cells = sheet.range(box[:2], box[2:])
        attempt("number format", cells, "number_format", code)
    for first, last, width in looks.widths if widths else ():
        set_width(sheet.range((1, first), (1, last)), width)


def _cells(tab: Worksheet) -> list[list[object]]:
    return [[_value(cell) for cell in row] for row in tab.iter_rows(min_row=1, min_col=1)]


def _value(cell: Any) -> object:  # noqa: ANN401 - cells of openpyxl come in several kinds
    return CellError(str(cell.value)) if cell.data_type == TYPE_ERROR else cell.value


def _tables(tab: Worksheet) -> Iterator[ListedTable]:
    table: Table
    for table in tab.tables.values():
        box, totals = Box.at(table.ref), table.totalsRowCount or 0
        yield ListedTable(
            table.displayName,
            header_row=box.first_row,
            first_column=box.first_column,
            last_row=box.last_row - totals,
            last_column=box.last_column,
            totals_rows=totals,
        )


def _formats(tab: Worksheet) -> Iterator[tuple[Box, str]]:
    for column, cells in enumerate(tab.iter_cols(min_row=1, min_col=1), start=1):
        row = 1
        for code, run in groupby(cells, key=lambda cell: cell.number_format):
            rows = len(list(run))
            yield Box(row, column, row + rows - 1, column), code
            row += rows


def _widths(tab: Worksheet) -> Iterator[tuple[int, int, float]]:
    for drawn in tab.column_dimensions.values():
        if drawn.min and drawn.max and drawn.width:
            yield drawn.min, drawn.max, drawn.width
