"""Results written into the open document of Calc, as one step of undo or not at all.

Objects of UNO come in as arguments, so nothing here imports it. Rows and columns count from 0.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from xlclv.columns import CellError
from xlclv.hosts.calc.book import drawing
from xlclv.hosts.calc.functions.calls import as_cell
from xlclv.refresh.obstacles import Filling
from xlclv.refresh.outcome import Drawn
from xlclv.words import word
from xlclv.xlsx.fill_columns import FilledColumn

Uno = Any
# Of com.sun.star.sheet.CellFlags: numbers, dates, texts, formulas, formats within a text.
CONTENTS = 1 | 2 | 4 | 16 | 256
WIDEST = 8000  # of a column we add, in hundredths of a millimetre
ROOM = 300


def write_document(document: Uno, outcome: Drawn, open_hidden: Callable[[str], Uno]) -> None:
    """Write results as one step of undo, shown and recalculated once at its end.

    Undo brings the cells and their formats back; a sheet that was added stays. Where anything
    fails, the document is as before.
    """
    view = drawing.View(document.CurrentController)
    book = open_hidden(str(outcome.drawn))
    document.lockControllers()
    document.addActionLock()
    try:
        _write(document, book, outcome)
    finally:
        view.restore()
        document.removeActionLock()
        document.unlockControllers()
        book.close(True)  # noqa: FBT003 - UNO takes no keywords


def _write(document: Uno, book: Uno, outcome: Drawn) -> None:
    """Add what is lacking, which no undo takes back; then the rest as one step of undo."""
    lacking = [name for name in outcome.tabs.values() if not document.Sheets.hasByName(name)]
    names = set(document.NamedRanges.ElementNames)
    try:
        drawing.add(document, book, lacking)
        _as_one_step(document, lambda: _rewrite(document, book, outcome, lacking))
    except BaseException:
        drawing.unrecorded(document, lambda: _remove(document, lacking, names))
        raise


def _remove(document: Uno, sheets: Iterable[str], names: set[str]) -> None:
    """Take out sheets that were added, and the names that came with them."""
    for name in sheets:
        if document.Sheets.hasByName(name):
            document.Sheets.removeByName(name)
    for name in set(document.NamedRanges.ElementNames) - names:
        document.NamedRanges.removeByName(name)


def _as_one_step(document: Uno, write: Callable[[], None]) -> None:
    """Let all that is written be one step of undo; undo it where it fails."""
    manager = document.UndoManager
    before = manager.getAllUndoActionTitles()
    try:
        with _undo_context(document):
            write()
    except BaseException:
        if manager.getAllUndoActionTitles() != before:  # else nothing had been written yet
            manager.undo()
            manager.clearRedo()
        raise


@contextmanager
def _undo_context(document: Uno) -> Iterator[None]:
    """Record changes as one step, or as one part of the step that is being recorded.

    Calc keeps a hundred parts of a step and forgets the first ones, so whoever writes much
    records it in parts of parts.
    """
    document.UndoManager.enterUndoContext(word("calc.undo"))
    try:
        yield
    finally:
        document.UndoManager.leaveUndoContext()


def _rewrite(document: Uno, book: Uno, outcome: Drawn, added: Sequence[str]) -> None:
    for name in outcome.tabs.values():
        with _undo_context(document):
            if name in added:
                drawing.set_buttons(document, book, name)
            else:
                drawing.redraw(document, book, name)
    for filling in outcome.fillings:
        for column in filling.columns:
            with _undo_context(document):
                _fill(document, filling, column)


# --- columns of the user's sheets -------------------------------------------------------------


def _body(document: Uno, filling: Filling, column: FilledColumn) -> Uno:
    sheet, at = document.Sheets.getByName(filling.sheet), column.column - 1
    return sheet.getCellRangeByPosition(at, filling.first_row - 1, at, filling.last_row - 1)


def _fill(document: Uno, filling: Filling, column: FilledColumn) -> None:
    """Write one value per row; the header where the column has none yet."""
    body = _body(document, filling, column)
    head = body.Spreadsheet.getCellByPosition(column.column - 1, filling.header_row - 1)
    new = bool(column.header) and not head.Formula
    if new:
        _head(document, head, column.header)
    links = body.getCellByPosition(0, 0).TextFields
    if len(column.values) == 1 and links.Count:
        links.getByIndex(0).Representation = str(column.values[0])  # it stays a link
        return
    _empty(body)
    body.setDataArray(tuple((_value(cell),) for cell in column.values))
    for row, cell in enumerate(column.values):
        if isinstance(cell, CellError):
            body.getCellByPosition(0, row).Formula = f"={cell.code}"
    if new:
        _shape(document, body, column.number_format)


def _empty(body: Uno) -> None:
    """Take the contents out, in a way that can be undone and redone.

    Undoing `setDataArray` never empties a cell. Undoing a copy does, even a copy onto itself, as
    it brings back the whole range as it was.
    """
    body.Spreadsheet.copyRange(body.getCellByPosition(0, 0).CellAddress, body.RangeAddress)
    body.clearContents(CONTENTS)


def _value(cell: object) -> float | str:
    return "" if isinstance(cell, CellError) else as_cell(cell)


def _head(document: Uno, head: Uno, title: str) -> None:
    """Write a header that looks like the one on its left; a table that it adjoins grows."""
    address = head.CellAddress
    sheet = head.Spreadsheet
    if address.Column:
        left = sheet.getCellByPosition(address.Column - 1, address.Row)
        sheet.copyRange(address, left.RangeAddress)
    head.String = title
    ranges = document.DatabaseRanges
    for name in ranges.ElementNames:
        table = ranges.getByName(name)
        area = table.DataArea
        here = (area.Sheet, area.StartRow, area.EndColumn + 1)
        if table.ContainsHeader and here == (address.Sheet, address.Row, address.Column):
            area.EndColumn += 1
            table.DataArea = area


def _shape(document: Uno, body: Uno, number_format: str | None) -> None:
    """Give a new column its number format and the width that its texts need."""
    if number_format:
        body.NumberFormat = _format_key(document, number_format)
    column = body.Columns.getByIndex(0)
    column.OptimalWidth = True
    column.Width = min(column.Width + ROOM, WIDEST)


def _format_key(document: Uno, code: str) -> int:
    """Return the key of a format code, which is written as in English."""
    formats, english = document.NumberFormats, document.CharLocale
    english.Language, english.Country, english.Variant = "en", "US", ""
    key = formats.queryKey(code, english, False)  # noqa: FBT003 - UNO takes no keywords
    return int(formats.addNew(code, english) if key < 0 else key)
