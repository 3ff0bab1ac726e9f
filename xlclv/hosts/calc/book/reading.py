"""The open document of Calc, read as a source of tables.

Objects of UNO come in as arguments, so nothing here imports it. Rows and columns count from 0.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from xlclv.columns import DAY_0, CellError
from xlclv.errors import InputError
from xlclv.hosts.calc.functions.calls import ERROR_NUMBERS, null_date
from xlclv.reading.sheets import HEAD_ROWS, Unread, read_all
from xlclv.reading.source import ListedTable, Sheet, Source

Uno = Any
Grid = list[list[object]]
ERROR_CODES = {number: code for code, number in ERROR_NUMBERS.items()}
FIRST_SERIAL = 61  # 1900-03-01; before it Excel and Calc count differently
# Bits of com.sun.star.util.NumberFormat, values of com.sun.star.sheet.AddressConvention.
DATE, LOGICAL = 2, 1024
CALC_NAMES, EXCEL_NAMES = 0, 1


def read_document(document: Uno, leave_unread: Unread = read_all) -> Source:
    """Read all sheets of an open document, each at once.

    Args:
        document: The document.
        leave_unread: Says which sheets nobody needs; of these come the first texts only.

    Returns:
        The same as `read_source` for the saved file, but for times of day, which stay numbers.

    Raises:
        InputError: The document counts its days from another day than Excel.
    """
    if null_date(document) != DAY_0:
        raise InputError("calc_null_date")
    sheets = [document.Sheets.getByIndex(index) for index in range(document.Sheets.Count)]
    tables = list(_tables(document))
    names = dict(_names(document))
    by_name = {sheet.Name: sheet for sheet in sheets}
    unread = leave_unread(names, lambda name: read_head(by_name[name]) if name in by_name else [])
    read = (
        Sheet(
            sheet.Name,
            read_head(sheet) if sheet.Name in unread else read_cells(document, sheet),
            tuple(table for at, table in tables if at == index),
        )
        for index, sheet in enumerate(sheets)
    )
    return Source(_path(document), "xlsx", tuple(read), names)


def _path(document: Uno) -> Path:
    """Return the file of the document, or its title while it has none."""
    parts = urlparse(document.URL)
    return Path(unquote(parts.path)) if parts.scheme == "file" else Path(document.Title)


def read_head(sheet: Uno) -> Grid:
    """Return the first cells of the first rows of a sheet."""
    area = sheet.getCellRangeByPosition(0, 0, 0, HEAD_ROWS - 1)
    return [list(row) for row in area.getDataArray()]


def read_cells(document: Uno, sheet: Uno) -> Grid:
    """Return the cells of a sheet from A1 to the last in use."""
    area = used(sheet)
    rows: Grid = [list(row) for row in area.getDataArray()]
    if rows == [[""]]:
        return []
    _put_errors(area, rows)
    for kind, box in _typed_boxes(document, area):
        _convert(rows, kind, box)
    return rows


def used(sheet: Uno) -> Uno:
    """Return the range of a sheet from A1 to the last cell in use."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)  # noqa: FBT003 - UNO takes no keywords
    end = cursor.RangeAddress
    return sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)


def _put_errors(area: Uno, rows: Grid) -> None:
    """Put error cells where Calc hands over None, as it does for nothing else."""
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is None:
                number = area.getCellByPosition(column, row).getError()
                cells[column] = CellError(ERROR_CODES.get(number, "#VALUE!"))


def _typed_boxes(document: Uno, area: Uno) -> Iterator[tuple[int, Uno]]:
    """Yield the ranges formatted as dates or as TRUE and FALSE: Calc keeps both as numbers."""
    groups = area.getUniqueCellFormatRanges()
    for index in range(groups.Count):
        group = groups.getByIndex(index)
        kind = document.NumberFormats.getByKey(group.getByIndex(0).NumberFormat).Type
        if kind & (DATE | LOGICAL):
            for box in group.RangeAddresses:
                yield kind & (DATE | LOGICAL), box


def _convert(rows: Grid, kind: int, box: Uno) -> None:
    convert = _as_day if kind == DATE else _as_boolean
    for cells in rows[box.StartRow : box.EndRow + 1]:
        for column in range(box.StartColumn, box.EndColumn + 1):
            cell = cells[column]
            if isinstance(cell, float):
                cells[column] = convert(cell)


def _as_day(serial: float) -> object:
    if serial < FIRST_SERIAL:
        return serial
    start = datetime.combine(DAY_0, datetime.min.time())
    with suppress(OverflowError):  # a number no calendar has
        moment = start + timedelta(days=serial)
        return moment.date() if serial.is_integer() else moment
    return serial


def _as_boolean(number: float) -> object:
    return bool(number) if number in (0, 1) else number


def _tables(document: Uno) -> Iterator[tuple[int, ListedTable]]:
    """Yield the tables of Excel, which are database ranges here, with the number of the sheet."""
    for name in document.DatabaseRanges.ElementNames:
        listed = document.DatabaseRanges.getByName(name)
        if listed.ContainsHeader:
            area, totals = listed.DataArea, int(listed.TotalsRow)
            yield (
                area.Sheet,
                ListedTable(
                    name,
                    header_row=area.StartRow + 1,
                    first_column=area.StartColumn + 1,
                    last_row=area.EndRow + 1 - totals,
                    last_column=area.EndColumn + 1,
                    totals_rows=totals,
                ),
            )


def _names(document: Uno) -> Iterator[tuple[str, str]]:
    """Yield the names of the document with what they refer to, written as Excel does."""
    parser = document.createInstance("com.sun.star.sheet.FormulaParser")
    for name in document.NamedRanges.ElementNames:
        named = document.NamedRanges.getByName(name)
        parser.FormulaConvention = CALC_NAMES
        tokens = parser.parseFormula(named.Content, named.ReferencePosition)
        parser.FormulaConvention = EXCEL_NAMES
        yield name, parser.printFormula(tokens, named.ReferencePosition)
