"""Runs in the driver, on the open document: the reading and writing that Refresh does.

The driver is a process of its own, with the Python of LibreOffice; the environment of xlclv has
to be made importable there, as the component does it in LibreOffice.
"""

import json
import sys
from datetime import date
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
    from xlclv.hosts.calc.document import read_document  # noqa: PLC0415 - not before load

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


def refresh(driver: Any, profile: str) -> list[object]:  # noqa: ANN401 - of UNO
    """Refresh with a sum of its own; return the steps of the progress bar."""
    load(profile)
    from xlclv.hosts.calc.commands import refresh  # noqa: PLC0415

    def open_hidden(path: str) -> Any:  # noqa: ANN401
        return driver.load(Path(path).as_uri())

    indicator = Indicator()
    refresh(driver.document, indicator, open_hidden, compute)
    return indicator.steps


def compute(source: Any, folder: Path) -> Any:  # noqa: ANN401
    """Return doubled numbers beside the input, a new sheet of values and one that was drawn."""
    import openpyxl  # noqa: PLC0415

    from xlclv.columns import CellError  # noqa: PLC0415
    from xlclv.hosts.calc.document import Outcome, Placed  # noqa: PLC0415

    inputs = source.sheets[0]
    doubled = [[2 * row[0] if isinstance(row[0], float) else None] for row in inputs.cells]
    found: list[list[object]] = [["Day", "Result"]]
    found += [[date(2026, 1, 31), CellError("#N/A")], [date(2026, 2, 1), True]]
    found += [["Last", row[0]] for row in doubled[-1:]]
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Drawn")
    sheet["A1"] = "Title"
    sheet["A2"].number_format = "0.0%"
    book.save(folder / "drawn.xlsx")
    cells = [
        Placed(inputs.name, doubled, column=2),
        Placed("Output", found, row=1, whole=True),
        Placed("Drawn", [[0.25]], row=1),
    ]
    return Outcome(cells, folder / "drawn.xlsx", ["Drawn"])
