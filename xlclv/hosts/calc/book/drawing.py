"""Sheets of a drawn workbook, brought into the open document of Calc.

A sheet the document lacks is added as it was drawn. One that is there keeps its place, its charts
and all references to it: its cells are replaced as if the drawn sheet was pasted over it, with
formats, widths and heights, because Calc can undo and redo that.

Objects of UNO come in as arguments, so nothing here imports it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

Uno = Any
# Of com.sun.star.sheet.CellFlags: numbers, dates, texts, notes, formulas, both kinds of formats,
# formats within a text. Not what is drawn over the cells, such as charts.
CELLS = 1 | 2 | 4 | 8 | 16 | 32 | 64 | 256
PAGE = ("IsLandscape", "Width", "Height", "ScaleToPagesX", "ScaleToPagesY", "HeaderIsOn")


class View:
    """What a window shows, to be put back after sheets have been pasted into."""

    def __init__(self, controller: Uno) -> None:
        self.controller = controller
        self.sheet = controller.ActiveSheet
        self.selection = controller.getSelection()

    def restore(self) -> None:
        """Show the same sheet and selection again."""
        self.controller.setActiveSheet(self.sheet)
        if self.selection is not None:
            self.controller.select(self.selection)


# --- sheets to add ----------------------------------------------------------------------------


def add(document: Uno, book: Uno, sheets: Sequence[str]) -> None:
    """Add sheets at the end, with charts, names, tables, and how they are shown and printed.

    None of it is a step of undo, as adding the sheets themselves is none.
    """
    for name in sheets:
        document.Sheets.importSheet(book, name, document.Sheets.Count)
        _set_page(document, book, name)
        _set_view(document, book, name)
    unrecorded(document, lambda: _furnish(document, book, sheets))


def unrecorded(document: Uno, write: Callable[[], None]) -> None:
    """Write without a trace in the list of undo.

    Much of Calc ends the lock by itself: importing sheets, buttons of filters, styles of pages.
    """
    document.UndoManager.lock()
    try:
        write()
    finally:
        document.UndoManager.unlock()


def _furnish(document: Uno, book: Uno, sheets: Sequence[str]) -> None:
    for name in sheets:
        _set_tables(document, book, name)
        _set_names(document, book, name)


def _set_page(document: Uno, book: Uno, name: str) -> None:
    """Print the sheet as drawn; the styles of its pages do not come with it."""
    drawn = book.StyleFamilies.getByName("PageStyles").getByName(
        book.Sheets.getByName(name).PageStyle
    )
    styles = document.StyleFamilies.getByName("PageStyles")
    title = f"xlclv {name}"
    if not styles.hasByName(title):
        styles.insertByName(title, document.createInstance("com.sun.star.style.PageStyle"))
    style = styles.getByName(title)
    for each in PAGE:
        setattr(style, each, getattr(drawn, each))
    document.Sheets.getByName(name).PageStyle = title


def _set_view(document: Uno, book: Uno, name: str) -> None:
    """Freeze the same panes and hide the grid alike."""
    shown, drawn = document.CurrentController, book.CurrentController
    shown.setActiveSheet(document.Sheets.getByName(name))
    drawn.setActiveSheet(book.Sheets.getByName(name))
    shown.ShowGrid = drawn.ShowGrid
    if drawn.hasFrozenPanes():
        shown.freezeAtPosition(drawn.getSplitColumn(), drawn.getSplitRow())


# --- sheets to replace ------------------------------------------------------------------------


def redraw(document: Uno, book: Uno, name: str) -> None:
    """Replace the cells of a sheet by those drawn; its charts show the new ones."""
    sheet, drawn = document.Sheets.getByName(name), book.Sheets.getByName(name)
    ranges = _charted(drawn)
    _remove_shapes(drawn)
    for table in _tables_on(document, name):
        table.getFilterDescriptor().setFilterFields(())
        table.AutoFilter = False  # its buttons would stay where the headers were
    sheet.Rows.IsVisible = True  # nothing is pasted into rows that a filter hides
    sheet.clearContents(CELLS)  # Calc asks before it pastes over something
    book.CurrentController.select(drawn)
    cells = book.CurrentController.getTransferable()
    _go_to(document, sheet)
    document.CurrentController.insertTransferable(cells)
    _set_tables(document, book, name)
    set_buttons(document, book, name)
    _set_names(document, book, name)
    sheet.setPrintAreas(tuple(_moved(area, sheet) for area in drawn.getPrintAreas()))
    _set_charted(sheet, ranges)


def _go_to(document: Uno, sheet: Uno) -> None:
    """Select the first cell of a sheet, and no other sheet with it.

    Whoever works on several sheets at once would get the paste on all of them; a collection of
    ranges ends that, a mere range does not.
    """
    cells = document.createInstance("com.sun.star.sheet.SheetCellRanges")
    cells.addRangeAddress(sheet.getCellByPosition(0, 0).RangeAddress, False)  # noqa: FBT003
    document.CurrentController.select(cells)


def _remove_shapes(sheet: Uno) -> None:
    """Take the charts off a drawn sheet; pasted ones would be tied to no cells."""
    page = sheet.DrawPage
    for index in reversed(range(page.Count)):
        page.remove(page.getByIndex(index))


def _moved(area: Uno, sheet: Uno) -> Uno:
    """Return the address of the same cells on another sheet."""
    area.Sheet = sheet.RangeAddress.Sheet
    return area


# --- tables and names -------------------------------------------------------------------------


def _tables_on(document: Uno, name: str) -> Iterator[Uno]:
    """Yield the tables of a sheet, which are database ranges here."""
    ranges, index = document.DatabaseRanges, document.Sheets.getByName(name).RangeAddress.Sheet
    for table in ranges.ElementNames:
        listed = ranges.getByName(table)
        if listed.DataArea.Sheet == index:
            yield listed


def _set_tables(document: Uno, book: Uno, name: str) -> None:
    """Give a sheet the tables drawn; one that is there stays the same for formulas."""
    ranges, sheet = document.DatabaseRanges, document.Sheets.getByName(name)
    drawn = {listed.Name: listed for listed in _tables_on(book, name)}
    for listed in list(_tables_on(document, name)):
        if listed.Name not in drawn:
            ranges.removeByName(listed.Name)
    for table, listed in drawn.items():
        area = _moved(listed.DataArea, sheet)
        if ranges.hasByName(table):
            ranges.getByName(table).DataArea = area
        else:
            ranges.addNewByName(table, area)
        ranges.getByName(table).ContainsHeader = listed.ContainsHeader


def set_buttons(document: Uno, book: Uno, name: str) -> None:
    """Give the tables of a sheet the buttons of a filter, where they are drawn with them."""
    for table in _tables_on(document, name):
        table.AutoFilter = book.DatabaseRanges.getByName(table.Name).AutoFilter


def _set_names(document: Uno, book: Uno, name: str) -> None:
    """Give the cells of a sheet the names drawn."""
    names, index = document.NamedRanges, book.Sheets.getByName(name).RangeAddress.Sheet
    for each in book.NamedRanges.ElementNames:
        drawn = book.NamedRanges.getByName(each)
        cells = drawn.getReferredCells()
        if cells is None or cells.RangeAddress.Sheet != index:
            continue
        if not names.hasByName(each):
            names.addNewByName(each, drawn.Content, drawn.ReferencePosition, drawn.Type)
        elif names.getByName(each).Content != drawn.Content:
            names.getByName(each).Content = drawn.Content


# --- charts -----------------------------------------------------------------------------------


def _charted(sheet: Uno) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the title of each chart of a sheet and what it shows, by its name."""
    return {
        name: (
            chart.Title.String,
            {part: shown.Values.SourceRangeRepresentation for part, shown in _parts(chart).items()},
        )
        for name, chart in _charts(sheet)
    }


def _set_charted(sheet: Uno, drawn: dict[str, tuple[str, dict[str, str]]]) -> None:
    """Let charts with these names show these ranges; those of the user stay as they are."""
    for name, chart in _charts(sheet):
        if name not in drawn:
            continue
        title, wanted = drawn[name]
        if chart.Title.String != title:
            chart.Title.String = title
        for part, shown in _parts(chart).items():
            text = wanted.get(part, shown.Values.SourceRangeRepresentation)
            if shown.Values.SourceRangeRepresentation != text:
                new = chart.getDataProvider().createDataSequenceByRangeRepresentation(text)
                new.Role = shown.Values.Role
                shown.setValues(new)


def _charts(sheet: Uno) -> Iterator[tuple[str, Uno]]:
    """Yield charts with a title by their names, which is all that a file of Calc keeps of them."""
    page = sheet.DrawPage
    shapes = [page.getByIndex(index) for index in range(page.Count)]
    told = {shape.PersistName: shape.Name for shape in shapes if hasattr(shape, "PersistName")}
    for index in range(sheet.Charts.Count):
        held = sheet.Charts.getByIndex(index)
        chart = held.EmbeddedObject
        if told.get(held.Name) and chart.HasMainTitle:
            yield told[held.Name], chart


def _parts(chart: Uno) -> dict[str, Uno]:
    """Return the columns that a chart shows, by series and by what they are there for."""
    found = {}
    for system in chart.getFirstDiagram().getCoordinateSystems():
        categories = system.getAxisByDimension(0, 0).getScaleData().Categories
        if categories is not None:
            found["categories"] = categories
        for kind in system.getChartTypes():
            for number, series in enumerate(kind.getDataSeries()):
                columns = (each for each in series.getDataSequences() if each.Values)
                found |= {f"{number} {each.Values.Role}": each for each in columns}
    return found
