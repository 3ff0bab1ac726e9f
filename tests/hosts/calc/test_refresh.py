"""Reading an open document and writing to it, as the menu xlclv › Refresh does."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from tests.hosts.calc.bed import Calc
from xlclv.hosts.setup import calc as install
from xlclv.reading.source import read_source

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


SHOWN = [["Amount", "x", "Doubled"], [50, None, 100], [60, None, 120]]


def fill(calc: Calc) -> None:
    calc.put("A1", [["Amount", "x"], [50, ""], [60, ""]])


def test_results_go_to_a_new_sheet_and_a_new_column(calc: Calc, profile: Path) -> None:
    fill(calc)
    steps = calc.call(REMOTE, "refresh", str(profile))
    assert steps == [["xlclv: refresh", 3], 1, 2, "end"]
    assert calc.cells("A1:C3") == SHOWN
    assert calc.number_format("C2") == "0.0"
    assert calc.cells("Drawn.A1:A4") == [["Title"], ["Amount"], [50], [60]]
    assert calc.text("Drawn.A3") == "5000.0%"


def test_a_value_that_cannot_be_told_is_an_error_cell(calc: Calc, profile: Path) -> None:
    calc.put("A1", [["Amount"], [50], ["?"]])
    calc.call(REMOTE, "refresh", str(profile))
    assert calc.cells("C1:C3") == [["Doubled"], [100], [{"error": "#N/A"}]]


def test_a_refresh_is_one_step_that_can_be_undone_and_redone(calc: Calc, profile: Path) -> None:
    fill(calc)
    calc.call(REMOTE, "refresh", str(profile))
    calc.put("A3", [[70]])
    before = calc.call(REMOTE, "dump", calc.sheets())
    calc.call(REMOTE, "refresh", str(profile))
    after = calc.call(REMOTE, "dump", calc.sheets())
    assert calc.cells("C3") == [[140]]
    assert calc.undo()[0] == "xlclv refresh"
    assert calc.call(REMOTE, "dump", calc.sheets()) == before
    calc.redo()
    assert calc.call(REMOTE, "dump", calc.sheets()) == after


def test_a_second_refresh_leaves_nothing_of_the_first(calc: Calc, profile: Path) -> None:
    fill(calc)
    calc.call(REMOTE, "refresh", str(profile))
    fresh = calc.call(REMOTE, "dump", ["Drawn"])
    calc.put("Drawn.C9", [["stale"]])
    calc.set_number_format("Drawn.B2", "0.000")
    calc.call(REMOTE, "refresh", str(profile))
    assert calc.call(REMOTE, "dump", ["Drawn"]) == fresh
    assert calc.sheets() == ["Sheet1", "Drawn"]


def test_a_protected_sheet_stops_before_anything_is_written(calc: Calc, profile: Path) -> None:
    fill(calc)
    calc.call(REMOTE, "refresh", str(profile))
    calc.put("A2", [[70]])
    calc.protect("Drawn")
    with pytest.raises(RuntimeError, match="E513"):
        calc.call(REMOTE, "refresh", str(profile))
    assert calc.cells("C2") == [[100]]


def test_an_array_formula_in_the_way_is_refused(calc: Calc, profile: Path) -> None:
    fill(calc)
    calc.formula("C2:C3", "=A2:A3*3")
    with pytest.raises(RuntimeError, match=r"Sheet1!C2:C3: one array formula"):
        calc.call(REMOTE, "refresh", str(profile))
    assert calc.cells("C2:C3") == [[150], [180]]
    assert calc.sheets() == ["Sheet1"]


@pytest.mark.parametrize("earlier", [0, 1], ids=["first", "second"])
def test_a_failure_in_the_middle_leaves_all_as_it_was(
    calc: Calc, profile: Path, earlier: int
) -> None:
    fill(calc)
    for _ in range(earlier):
        calc.call(REMOTE, "refresh", str(profile))
    calc.put("A3", [[70]])
    before = calc.call(REMOTE, "dump", calc.sheets()), calc.call(REMOTE, "state")
    with pytest.raises(RuntimeError, match="TypeError"):
        calc.call(REMOTE, "refresh", str(profile), "broken")
    assert (calc.call(REMOTE, "dump", calc.sheets()), calc.call(REMOTE, "state")) == before
    calc.undo()
    assert calc.cells("A3") == [[60]]


def test_what_is_selected_stays_and_grouped_sheets_are_safe(calc: Calc, profile: Path) -> None:
    fill(calc)
    calc.call(REMOTE, "refresh", str(profile))
    calc.call(REMOTE, "select", "Sheet1", "B2:B3")
    before = calc.call(REMOTE, "state")
    calc.dispatch(".uno:TableSelectAll")
    calc.call(REMOTE, "refresh", str(profile))
    assert calc.cells("A1:C3") == SHOWN
    calc.dispatch(".uno:TableDeselectAll")
    assert calc.call(REMOTE, "state")["sheet"] == before["sheet"]


def test_the_menu_reaches_the_command(calc: Calc, profile: Path) -> None:
    log = install.user_folder(profile) / install.LOG
    calc.dispatch("vnd.xlclv:refresh")  # of a document that holds nothing to refresh
    calc.dispatch("vnd.xlclv:unheard-of")
    said = log.read_text(encoding="utf-8")
    assert "has no order table" in said
    assert "E510" in said
