"""Drives a private Calc for the tests: one JSON command per line in, one JSON answer out.

Runs in the Python of LibreOffice, which knows UNO; the tests run in theirs.

    python3 driver.py OFFICE.PY SOFFICE PROFILE
"""

# ruff: noqa: ANN401, FBT003, T201
# UNO is untyped and takes no keywords; what is printed is the answer to a command.

import importlib.util
import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

ERRORS = {521: "#NULL!", 532: "#DIV/0!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?"}
ERRORS |= {503: "#NUM!", 32767: "#N/A"}
FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".pdf": "calc_pdf_Export"}


def load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Driver:
    """The commands; an address is A1 or Sheet.A1:B2."""

    def __init__(self, office: Any, context: Any) -> None:
        self.office, self.context = office, context
        self.desktop = office.new(context, "com.sun.star.frame.Desktop")
        self.document: Any = None

    def open(self, path: str | None = None) -> None:
        """Open a file, or a new document, instead of the one that is open."""
        self.close()
        url = Path(path).resolve().as_uri() if path else "private:factory/scalc"
        self.document = self.load(url)

    def load(self, url: str) -> Any:
        hidden = self.office.properties(Hidden=True)
        document = self.desktop.loadComponentFromURL(url, "_blank", 0, hidden)
        if document is None:
            raise OSError(url)
        return document

    def close(self) -> None:
        if self.document is not None:
            self.document.close(True)
            self.document = None

    def area(self, address: str) -> Any:
        sheet, _, cells = address.rpartition(".")
        sheets = self.document.Sheets
        return (sheets.getByName(sheet) if sheet else sheets.getByIndex(0)).getCellRangeByName(
            cells
        )

    def put(self, address: str, rows: list[list[Any]]) -> None:
        """Write values from an address on; None and "" leave a cell empty."""
        start = self.area(address).RangeAddress
        sheet = self.document.Sheets.getByIndex(start.Sheet)
        area = sheet.getCellRangeByPosition(
            start.StartColumn,
            start.StartRow,
            start.StartColumn + len(rows[0]) - 1,
            start.StartRow + len(rows) - 1,
        )
        area.setDataArray(tuple(tuple("" if c is None else c for c in row) for row in rows))

    def formula(self, address: str, text: str) -> None:
        """Type a formula: into one cell, or as an array formula into several."""
        area = self.area(address)
        box = area.RangeAddress
        if (box.StartColumn, box.StartRow) == (box.EndColumn, box.EndRow):
            area.getCellByPosition(0, 0).Formula = text
        else:
            area.setArrayFormula(text)

    def type(self, address: str, text: str) -> None:
        """Type into a cell, with the separators of the user's language."""
        self.area(address).getCellByPosition(0, 0).FormulaLocal = text

    def text(self, address: str) -> str:
        """Return what a cell shows."""
        return str(self.area(address).getCellByPosition(0, 0).String)

    def cells(self, address: str) -> list[list[Any]]:
        """Return values; an error is {"error": its code, or Err:504}, an empty cell None."""
        area = self.area(address)
        rows = [[None if cell == "" else cell for cell in row] for row in area.getDataArray()]
        for row, line in enumerate(area.getDataArray()):
            for column, cell in enumerate(line):
                if cell is None:
                    number = area.getCellByPosition(column, row).getError()
                    rows[row][column] = {"error": ERRORS.get(number, f"Err:{number}")}
        return rows

    def recalculate(self) -> float:
        """Compute all formulas again; return the seconds that took."""
        start = time.perf_counter()
        self.document.calculateAll()
        return time.perf_counter() - start

    def save(self, path: str) -> None:
        name = FILTERS[Path(path).suffix]
        url = Path(path).resolve().as_uri()
        self.document.storeToURL(url, self.office.properties(FilterName=name, Overwrite=True))

    def functions(self) -> dict[str, Any]:
        """Return what the function wizard shows of the functions of xlclv."""
        found = {}
        descriptions = self.office.new(self.context, "com.sun.star.sheet.FunctionDescriptions")
        for index in range(descriptions.Count):
            one = {each.Name: each.Value for each in descriptions.getByIndex(index)}
            if one["Name"].startswith("CLV"):
                arguments = [[each.Name, each.Description] for each in one["Arguments"] or ()]
                found[one["Name"]] = [one["Description"], arguments]
        return found

    def dispatch(self, url: str) -> None:
        """Choose a command of the menu on the open document."""
        frame = self.document.CurrentController.Frame
        helper = self.office.new(self.context, "com.sun.star.frame.DispatchHelper")
        helper.executeDispatch(frame, url, "_self", 0, ())

    def undo(self) -> list[str]:
        """Undo one step; return the titles of all there were."""
        manager = self.document.UndoManager
        titles = list(manager.getAllUndoActionTitles())
        manager.undo()
        return titles

    def redo(self) -> None:
        self.document.UndoManager.redo()

    def sheets(self) -> list[str]:
        return list(self.document.Sheets.ElementNames)

    def number_format(self, address: str) -> str:
        key = self.area(address).getCellByPosition(0, 0).NumberFormat
        return str(self.document.NumberFormats.getByKey(key).FormatString)

    def set_number_format(self, address: str, code: str) -> None:
        formats, locale = self.document.NumberFormats, self.document.CharLocale
        key = formats.queryKey(code, locale, False)
        self.area(address).NumberFormat = formats.addNew(code, locale) if key < 0 else key

    def set_null_date(self, year: int, month: int, day: int) -> None:
        start = self.document.NullDate
        start.Year, start.Month, start.Day = year, month, day
        self.document.NullDate = start

    def protect(self, sheet: str) -> None:
        self.document.Sheets.getByName(sheet).protect("")

    def call(self, path: str, name: str, *arguments: Any) -> Any:
        """Call a function of a Python file with this driver, for what has no command."""
        return getattr(load(Path(path)), name)(self, *arguments)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that LibreOffice is stopped too
    office_source, program, profile = map(Path, sys.argv[1:])
    office = load(office_source)
    with office.office(program, profile, profile.with_suffix(".log")) as context:
        driver = Driver(office, context)
        print(json.dumps({"ready": True}), flush=True)
        for line in sys.stdin:
            command, arguments = json.loads(line)
            try:
                answer = {"value": getattr(driver, command)(*arguments)}
            except Exception as error:  # noqa: BLE001 - the test that asked must see it
                answer = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
