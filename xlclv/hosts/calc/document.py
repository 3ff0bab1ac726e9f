"""The open document of Calc: read as a source of tables, written to in one undoable step.

Objects of UNO come in as arguments, so nothing here imports it. Rows and columns count from 0.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from xlclv.columns import CellError
from xlclv.errors import InputError
from xlclv.hosts.calc.calls import ERROR_NUMBERS, EXCEL_NULL_DATE, as_cell, null_date
from xlclv.words import word
from xlclv.workbook.source import ListedTable, Sheet, Source

Uno = Any
Grid = list[list[object]]
ERROR_CODES = {number: code for code, number in ERROR_NUMBERS.items()}
FIRST_SERIAL = 61  # 1900-03-01; before it Excel and Calc count differently
# Bits of com.sun.star.util.NumberFormat and of com.sun.star.sheet.CellFlags, values of
# com.sun.star.sheet.AddressConvention and FormulaResult.
DATE, LOGICAL = 2, 1024
ALL_CONTENTS = 1 | 2 | 4 | 16  # numbers, dates, texts, formulas; neither notes nor formats
CALC_NAMES, EXCEL_NAMES = 0, 1
ISO_DATE = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class Placed:
    """Cells to write.

    Args:
        sheet: Name of the sheet; it is added where it is missing.
        cells: Rows of cells of one width: numbers, texts, dates, booleans, CellErrors, None.
        row: Where the first of them goes, from 0.
        column: Its column, from 0.
        whole: The sheet is ours: whatever else it holds is removed.
    """

    sheet: str
    cells: Sequence[Sequence[object]]
    row: int = 0
    column: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a refresh writes into the document.

    Args:
        cells: Values, written in this order.
        drawn: A workbook whose sheets are copied where the document lacks them; `cells` that
            go to these sheets are written over the copies.
        sheets: Names of these sheets, in order.
    """

    cells: Sequence[Placed]
    drawn: Path | None = None
    sheets: Sequence[str] = ()


# --- reading ----------------------------------------------------------------------------------


def read_document(document: Uno) -> Source:
    """Read all sheets of an open document, each at once.

    Returns:
        The same as `read_source` for the saved file, but for times of day, which stay numbers.

    Raises:
        InputError: The document counts its days from another day than Excel.
    """
    if null_date(document) != EXCEL_NULL_DATE:
        raise InputError("calc_null_date")
    sheets = [document.Sheets.getByIndex(index) for index in range(document.Sheets.Count)]
    tables = list(_tables(document))
    read = (
        Sheet(
            sheet.Name,
            read_cells(document, sheet),
            tuple(table for at, table in tables if at == index),
        )
        for index, sheet in enumerate(sheets)
    )
    return Source(_path(document), "xlsx", tuple(read), dict(_names(document)))


def _path(document: Uno) -> Path:
    """Return the file of the document, or its title while it has none."""
    parts = urlparse(document.URL)
    return Path(unquote(parts.path)) if parts.scheme == "file" else Path(document.Title)


def read_cells(document: Uno, sheet: Uno) -> Grid:
    """Return the cells of a sheet from A1 to the last in use."""
    area = _used(sheet)
    rows: Grid = [list(row) for row in area.getDataArray()]
    if rows == [[""]]:
        return []
    _put_errors(area, rows)
    for kind, box in _typed_boxes(document, area):
        _convert(rows, kind, box)
    return rows


def _used(sheet: Uno) -> Uno:
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
    start = datetime.combine(EXCEL_NULL_DATE, datetime.min.time())
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


# --- writing ----------------------------------------------------------------------------------


def write_document(document: Uno, outcome: Outcome, open_hidden: Callable[[str], Uno]) -> None:
    """Write results as one step of undo, drawn and recalculated once at its end.

    Undo brings the cells back; a sheet that was added stays.

    Raises:
        InputError: A sheet is protected; then nothing is written.
    """
    for placed in outcome.cells:
        _refuse_protected(document, placed.sheet)
    document.lockControllers()
    document.addActionLock()
    document.UndoManager.enterUndoContext(word("calc.undo"))
    try:
        _import_sheets(document, outcome, open_hidden)
        for placed in outcome.cells:
            _write_cells(document, placed)
    finally:
        document.UndoManager.leaveUndoContext()
        document.removeActionLock()
        document.unlockControllers()


def _import_sheets(document: Uno, outcome: Outcome, open_hidden: Callable[[str], Uno]) -> None:
    """Copy sheets that the document lacks, with formats and charts, to its end."""
    lacking = [name for name in outcome.sheets if not document.Sheets.hasByName(name)]
    if outcome.drawn is None or not lacking:
        return
    book = open_hidden(str(outcome.drawn))
    try:
        for name in lacking:
            document.Sheets.importSheet(book, name, document.Sheets.Count)
    finally:
        book.close(True)  # noqa: FBT003 - UNO takes no keywords


def _refuse_protected(document: Uno, name: str) -> None:
    sheets = document.Sheets
    if sheets.hasByName(name) and sheets.getByName(name).isProtected():
        raise InputError("calc_protected", sheet=name)


def _write_cells(document: Uno, placed: Placed) -> None:
    sheets = document.Sheets
    if not sheets.hasByName(placed.sheet):
        sheets.insertNewByName(placed.sheet, sheets.Count)
    sheet = sheets.getByName(placed.sheet)
    if placed.whole:
        _used(sheet).clearContents(ALL_CONTENTS)
    if not placed.cells or not placed.cells[0]:
        return
    height, width = len(placed.cells), len(placed.cells[0])
    area = sheet.getCellRangeByPosition(
        placed.column, placed.row, placed.column + width - 1, placed.row + height - 1
    )
    area.setDataArray(tuple(tuple(map(_value, row)) for row in placed.cells))
    _write_errors(area, placed.cells)
    _show_as_dates(document, area, placed.cells)


def _value(cell: object) -> float | str:
    return "" if isinstance(cell, CellError) else as_cell(cell)


def _write_errors(area: Uno, cells: Sequence[Sequence[object]]) -> None:
    for row, line in enumerate(cells):
        for column, cell in enumerate(line):
            if isinstance(cell, CellError):
                area.getCellByPosition(column, row).Formula = f"={cell.code}"


def _show_as_dates(document: Uno, area: Uno, cells: Sequence[Sequence[object]]) -> None:
    """Let dates read as dates where the sheet does not do so yet."""
    formats = document.NumberFormats
    for column in range(len(cells[0])):
        rows = [row for row, line in enumerate(cells) if isinstance(line[column], date)]
        if not rows:
            continue
        target = area.getCellRangeByPosition(column, rows[0], column, rows[-1])
        first = target.getCellByPosition(0, 0).NumberFormat
        if not formats.getByKey(first).Type & DATE:
            target.NumberFormat = _iso_date(document)


def _iso_date(document: Uno) -> int:
    formats, locale = document.NumberFormats, document.CharLocale
    key = formats.queryKey(ISO_DATE, locale, False)  # noqa: FBT003
    return int(formats.addNew(ISO_DATE, locale) if key < 0 else key)
