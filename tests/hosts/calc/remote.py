"""Runs in the driver, on the open document: the reading and writing that Refresh does.

The driver is a process of its own, with the Python of LibreOffice; the environment of xlclv has
to be made importable there, as the component does it in LibreOffice.
"""

import json
import sys
from pathlib import Path
from typing import Any


def load(profile: str) -> None:
    """Make xlclv importable, from the folders that the installation wrote down."""
    settings = json.loads(Path(profile, "user", "xlclv.json").read_text(encoding="utf-8"))
    sys.path[:0] = [path for path in settings["paths"] if path not in sys.path]


class Indicator:
    """Stands for the progress bar."""

    def __init__(self) -> None:
        self.steps: list[object] = []

    def start(self, text: str, steps: int) -> None:
        self.steps.append([text, steps])

    def setValue(self, step: int) -> None:  # noqa: N802 - the name UNO has for it
        self.steps.append(step)

    def end(self) -> None:
        self.steps.append("end")


def read(driver: Any, profile: str) -> dict[str, Any]:  # noqa: ANN401 - of UNO
    """Return the source that is read from the document, as JSON can hold it."""
    load(profile)
    from xlclv.hosts.calc.book.reading import read_document  # noqa: PLC0415 - not before load

    source = read_document(driver.document)
    return {
        "path": source.path.name,
        "kind": source.kind,
        "names": dict(source.names),
        "sheets": {
            sheet.name: [[repr(cell) for cell in row] for row in sheet.cells]
            for sheet in source.sheets
        },
        "tables": [repr(table) for sheet in source.sheets for table in sheet.tables],
    }


def refresh(driver: Any, profile: str, fault: str = "") -> list[object]:  # noqa: ANN401 - of UNO
    """Refresh with a sum of its own; return the steps of the progress bar."""
    load(profile)
    from xlclv.hosts.calc.book.commands import refresh  # noqa: PLC0415

    def open_hidden(path: str) -> Any:  # noqa: ANN401
        return driver.load(Path(path).as_uri())

    def sums(source: Any, _request: Any, facts: Any, folder: Path, _now: Any) -> Any:  # noqa: ANN401
        return compute(source, facts, folder, fault)

    indicator = Indicator()
    refresh(driver.document, indicator, open_hidden, prepared=sums)
    return indicator.steps


def compute(source: Any, facts: Any, folder: Path, fault: str) -> Any:  # noqa: ANN401
    """Return doubled numbers beside the input, and a sheet that was drawn."""
    import openpyxl  # noqa: PLC0415

    from xlclv.columns import CellError  # noqa: PLC0415
    from xlclv.refresh.obstacles import Filling, refuse_obstacles  # noqa: PLC0415
    from xlclv.refresh.outcome import Outcome  # noqa: PLC0415
    from xlclv.xlsx.fill_columns import FilledColumn  # noqa: PLC0415

    inputs = source.sheets[0]
    amounts = [row[0] for row in inputs.cells[1:]]
    doubled = [2 * amount if isinstance(amount, float) else CellError("#N/A") for amount in amounts]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Drawn"
    for row in (["Title"], ["Amount"], *([amount] for amount in amounts)):
        sheet.append(row)
    sheet.column_dimensions["A"].width = 30
    for line in sheet["A3:A9"]:
        line[0].number_format = "0.0%"
    book.save(folder / "drawn.xlsx")
    column = FilledColumn(3, "Doubled", doubled, "0.0")
    fillings = [Filling(inputs.name, 1, 2, 1 + len(amounts), (column,))]
    if fault:
        broken = FilledColumn(4, "Broken", [object()], None)  # nothing a cell can hold
        fillings.append(Filling(inputs.name, 1, 2, 2, (broken,)))
    refuse_obstacles(source, folder / "drawn.xlsx", ["Drawn"], fillings, facts)
    return Outcome(folder / "drawn.xlsx", {"Drawn": "Drawn"}, fillings, results=None)  # type: ignore[arg-type]


# --- everything that can be seen of a document ------------------------------------------------

LOOKS = ("CellBackColor", "CharColor", "CharHeight", "CharWeight", "IsTextWrapped", "HoriJustify")
FEW = 50  # rows that are looked at one by one


def dump(driver: Any, names: list[str]) -> dict[str, Any]:  # noqa: ANN401
    """Return cells, looks, sizes, links, tables and charts of sheets."""
    document = driver.document
    return {name: dump_sheet(document, document.Sheets.getByName(name)) for name in names}


def dump_sheet(document: Any, sheet: Any) -> dict[str, Any]:  # noqa: ANN401
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)  # noqa: FBT003
    end = cursor.RangeAddress
    area = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
    rows = min(end.EndRow + 1, FEW)
    return {
        "values": [[repr(cell) for cell in row] for row in area.getDataArray()],
        "formulas": area.getFormulaArray(),
        "looks": looks(document, area),
        "conditions": conditions(sheet),
        "links": links(sheet, rows),
        "widths": [area.Columns.getByIndex(at).Width for at in range(end.EndColumn + 1)],
        "heights": heights(area, rows),
        "tables": tables(document, sheet),
        "charts": charts(sheet),
    }


def looks(document: Any, area: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return how many cells have each look, and which of the first rows."""
    found: dict[str, tuple[list[int], set[str]]] = {}
    groups = area.getUniqueCellFormatRanges()
    for index in range(groups.Count):
        group = groups.getByIndex(index)
        key, *look = group.getPropertyValues(("NumberFormat", *LOOKS))
        look[-1] = document.NumberFormats.getByKey(key).FormatString + look[-1].value
        count, cells = found.setdefault(repr(look), ([0], set()))  # one look, several groups
        for box in group.RangeAddresses:
            columns = range(box.StartColumn, box.EndColumn + 1)
            count[0] += len(columns) * (box.EndRow + 1 - box.StartRow)
            rows = range(box.StartRow, min(box.EndRow + 1, FEW))
            cells |= {f"{column} {row}" for column in columns for row in rows}
    return {look: [count[0], sorted(cells)] for look, (count, cells) in found.items()}


def heights(area: Any, rows: int) -> dict[str, int]:  # noqa: ANN401
    """Return the heights that were set; others follow from the texts whenever Calc sees fit."""
    usual = area.Spreadsheet.Rows.getByIndex(1_000_000).Height
    found = {str(at): area.Rows.getByIndex(at) for at in range(rows)}
    heights = {at: row.Height for at, row in found.items() if not row.OptimalHeight}
    return {at: height for at, height in heights.items() if height != usual}


def conditions(sheet: Any) -> list[list[object]]:  # noqa: ANN401
    formats = sheet.ConditionalFormats.getConditionalFormats()
    return sorted(
        [each.Range.RangeAddressesAsString.rpartition(".")[2], each.Count] for each in formats
    )


def links(sheet: Any, rows: int) -> list[list[str]]:  # noqa: ANN401
    cells = [sheet.getCellByPosition(0, row) for row in range(rows)]
    fields = [cell.TextFields.getByIndex(0) for cell in cells if cell.TextFields.Count]
    return [[field.URL, field.Representation] for field in fields]


def tables(document: Any, sheet: Any) -> list[list[object]]:  # noqa: ANN401
    found = []
    for name in document.DatabaseRanges.ElementNames:
        listed = document.DatabaseRanges.getByName(name)
        area = listed.DataArea
        if area.Sheet == sheet.RangeAddress.Sheet:
            box = [area.StartColumn, area.StartRow, area.EndColumn, area.EndRow]
            found.append([name, *box, listed.ContainsHeader, listed.AutoFilter])
    return sorted(found)


def charts(sheet: Any) -> list[list[str]]:  # noqa: ANN401
    """Return the title of each chart with the cells it shows."""
    found = []
    for index in range(sheet.Charts.Count):
        chart = sheet.Charts.getByIndex(index).EmbeddedObject
        system = chart.getFirstDiagram().getCoordinateSystems()[0]
        shown = [each.getDataSeries()[0].getDataSequences() for each in system.getChartTypes()]
        categories = system.getAxisByDimension(0, 0).getScaleData().Categories
        values = [one.Values.SourceRangeRepresentation for each in shown for one in each]
        first = [categories.Values.SourceRangeRepresentation] if categories else []
        found.append([str(chart.Title.String), *first, *sorted(values)])
    return sorted(found)


def names(driver: Any) -> dict[str, str]:  # noqa: ANN401
    named = driver.document.NamedRanges
    return {name: named.getByName(name).Content for name in named.ElementNames}


def state(driver: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what a refresh must leave as it is: what is shown, what can be undone."""
    document = driver.document
    controller = document.CurrentController
    return {
        "sheets": list(document.Sheets.ElementNames),
        "sheet": controller.ActiveSheet.Name,
        "selection": controller.getSelection().AbsoluteName,
        "undo": list(document.UndoManager.getAllUndoActionTitles()),
        "redo": list(document.UndoManager.getAllRedoActionTitles()),
        "locked": document.hasControllersLocked() or document.isActionLocked(),
    }


def select(driver: Any, sheet: str, address: str) -> None:  # noqa: ANN401
    controller = driver.document.CurrentController
    controller.select(driver.document.Sheets.getByName(sheet).getCellRangeByName(address))


def below(driver: Any, sheet: str, header: str) -> str:  # noqa: ANN401
    """Return the address of the cell below a header."""
    headers = driver.document.Sheets.getByName(sheet).getCellRangeByName("A5:AZ5").getDataArray()[0]
    return f"{sheet}.{chr(ord('A') + headers.index(header))}6"


def errors(driver: Any) -> list[str]:  # noqa: ANN401
    """Return the addresses of all cells that show an error."""
    found = []
    for sheet in driver.document.Sheets:
        cells = sheet.queryFormulaCells(4)  # of com.sun.star.sheet.FormulaResult: errors
        found += [cells.RangeAddressesAsString] if cells.Count else []
    return found


def print_only(driver: Any, sheet: str) -> None:  # noqa: ANN401
    """Leave a sheet alone in the document, so that it is all that is printed."""
    for name in driver.document.Sheets.ElementNames:
        if name != sheet:
            driver.document.Sheets.removeByName(name)


def add_sheet(driver: Any, name: str) -> None:  # noqa: ANN401
    driver.document.Sheets.insertNewByName(name, driver.document.Sheets.Count)


def rename(driver: Any, sheet: str, name: str) -> None:  # noqa: ANN401
    driver.document.Sheets.getByName(sheet).setName(name)


def filter_rows(driver: Any, sheet: str, table: str, field: int, text: str) -> int:  # noqa: ANN401
    """Hide the rows of a table that do not hold a text; return how many rows are left."""
    import uno  # noqa: PLC0415 - only in the driver

    wanted = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
    wanted.Field, wanted.StringValue = field, text
    wanted.Operator = uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
    listed = driver.document.DatabaseRanges.getByName(table)
    listed.getFilterDescriptor().setFilterFields((wanted,))
    listed.refresh()
    rows = driver.document.Sheets.getByName(sheet).Rows
    area = listed.DataArea
    return sum(rows.getByIndex(at).IsVisible for at in range(area.StartRow, area.EndRow + 1))


def add_pivot(driver: Any, sheet: str, source: str) -> None:  # noqa: ANN401
    """Put a pivot table of some cells on a sheet, below what is there."""
    sheets = driver.document.Sheets
    pivots = sheets.getByName(sheet).DataPilotTables
    wanted = pivots.createDataPilotDescriptor()
    name, _, cells = source.partition(".")
    wanted.setSourceRange(sheets.getByName(name).getCellRangeByName(cells).RangeAddress)
    place = sheets.getByName(sheet).getCellRangeByName("A900").getCellByPosition(0, 0).CellAddress
    pivots.insertNewByName("mine", place, wanted)
