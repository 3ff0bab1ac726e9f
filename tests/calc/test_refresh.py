"""Reading an open document and writing to it, as the menu xlclv › Refresh does."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from xlclv.hosts import install
from xlclv.workbook.source import read_source

from .bed import Calc

REMOTE = str(Path(__file__).with_name("remote.py"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with every sort of cell, a table and a name."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "My orders"
    for row in (
        ["Customer", "Day", "Amount", "Paid"],
        ["007", "2026-01-31", 50.5, True],
        ["C1", "x", "=1/0", False],
        [12, None, "=C2*2", None],
    ):
        sheet.append(row)
    sheet["B2"] = 46_053.25
    sheet["B2"].number_format = "yyyy-mm-dd hh:mm"
    sheet["B3"] = 46_054
    sheet["B3"].number_format = "dd.mm.yyyy"
    sheet.add_table(Table(displayName="tblOrders", ref="A1:D4"))
    book.create_sheet("Empty")
    book.defined_names["rate"] = DefinedName("rate", attr_text="'My orders'!$C$2")
    book.save(tmp_path / "my book.xlsx")
    return tmp_path / "my book.xlsx"


def test_a_document_reads_as_its_file_does(calc: Calc, profile: Path, book: Path) -> None:
    calc.open(str(book))
    calc.save(str(book))  # with the results of its formulas
    read, file = calc.call(REMOTE, "read", str(profile)), read_source(book)
    assert read["path"] == "my book.xlsx"
    assert read["kind"] == file.kind
    names = {name: text.removeprefix("$") for name, text in file.names.items()}  # Calc adds it
    assert read["names"] == names
    assert read["tables"] == [repr(table) for sheet in file.sheets for table in sheet.tables]
    assert read["sheets"] == {
        sheet.name: [[repr(cell) for cell in row] for row in sheet.cells] for sheet in file.sheets
    }


def test_results_are_written_to_old_and_new_sheets(calc: Calc, profile: Path) -> None:
    calc.put("A1", [["Amount", "x"], [50, ""], [60, ""]])
    steps = calc.call(REMOTE, "refresh", str(profile))
    assert steps == [["xlclv: refresh", 3], 1, 2, "end"]
    assert calc.cells("A1:C3") == [["Amount", "x", None], [50, None, 100], [60, None, 120]]
    assert calc.cells("Output.A1:B5") == [
        [None, None],
        ["Day", "Result"],
        [46_053, {"error": "#N/A"}],
        [46_054, 1],
        ["Last", 120],
    ]
    assert calc.number_format("Output.A3") == "YYYY-MM-DD"
    assert calc.cells("Drawn.A1:A2") == [["Title"], [0.25]]
    assert calc.text("Drawn.A2") == "25.0%"


def test_a_refresh_is_one_step_that_can_be_undone(calc: Calc, profile: Path) -> None:
    calc.put("A1", [["Amount"], [50], [60]])
    calc.call(REMOTE, "refresh", str(profile))
    before = calc.cells("A1:C3"), calc.cells("Output.A1:B5")
    calc.put("A3", [[70]])
    calc.call(REMOTE, "refresh", str(profile))
    assert calc.cells("C3") == calc.cells("Output.B5") == [[140]]
    assert calc.undo()[0] == "xlclv refresh"
    calc.put("A3", [[60]])
    assert (calc.cells("A1:C3"), calc.cells("Output.A1:B5")) == before


def test_a_second_refresh_leaves_nothing_of_the_first(calc: Calc, profile: Path) -> None:
    calc.put("A1", [["Amount"], [50]])
    calc.call(REMOTE, "refresh", str(profile))
    calc.put("Output.A9", [["stale"]])
    calc.call(REMOTE, "refresh", str(profile))
    assert calc.cells("Output.A9") == [[None]]
    assert calc.sheets() == ["Sheet1", "Drawn", "Output"]


def test_a_protected_sheet_stops_before_anything_is_written(calc: Calc, profile: Path) -> None:
    calc.put("A1", [["Amount"], [50]])
    calc.call(REMOTE, "refresh", str(profile))
    calc.put("A2", [[70]])
    calc.protect("Output")
    with pytest.raises(RuntimeError, match="E513"):
        calc.call(REMOTE, "refresh", str(profile))
    assert calc.cells("C2") == [[100]]


def test_the_menu_reaches_the_command(calc: Calc, profile: Path) -> None:
    # Until refresh is connected, the log says so.
    log = install.user_folder(profile) / install.LOG
    calc.dispatch("vnd.xlclv:refresh")
    calc.dispatch("vnd.xlclv:unheard-of")
    assert "[E514]" in log.read_text(encoding="utf-8")
    assert "E510" in log.read_text(encoding="utf-8")
