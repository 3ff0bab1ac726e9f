"""Drawing: titles, links, tables; every value as what it is."""

from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.refresh.book_rules import faults
from tests.refresh.books import formulas_of, parts
from xlclv.columns import CellError
from xlclv.schema import BODY
from xlclv.workbook.drawing import CREATED, Drawing

MOMENT = datetime(2026, 7, 1, 9, 30)  # noqa: DTZ001 - cells have no zone


def drawn(path: Path, values: list[object], shown: str = "text") -> Worksheet:
    """Write values down column A of the tab Summary."""
    with Drawing(path) as drawing:
        sheet = drawing.tab("Summary")
        column = np.empty(len(values), dtype=object)
        column[:] = values
        drawing.column(sheet, BODY, 0, column, "plain", shown)  # type: ignore[arg-type]
        drawing.tab("Checks")
    assert faults(path) == []
    return openpyxl.load_workbook(path)["Summary"]


def test_values_are_written_as_what_they_are(tmp_path: Path) -> None:
    given = ["text", 1, 2.5, True, False, None, "", CellError("#N/A")]
    sheet = drawn(tmp_path / "a.xlsx", given)
    read = [sheet.cell(BODY + 1 + at, 1).value for at in range(len(given))]
    assert read[:-1] == ["text", 1, 2.5, "Yes", "No", None, None]
    assert read[-1] in ("#N/A", "=#N/A")


def test_days_and_moments_show_as_such(tmp_path: Path) -> None:
    sheet = drawn(tmp_path / "a.xlsx", [date(2026, 1, 2), None, MOMENT], "stamp")
    cells = [sheet.cell(BODY + 1 + at, 1) for at in range(3)]
    assert [str(cell.value) for cell in cells] == ["2026-01-02 00:00:00", "None", str(MOMENT)]
    assert cells[0].number_format == "yyyy-mm-dd hh:mm"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "{=1}", "http://x.y", "mailto:a@b.c"])
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    sheet = drawn(tmp_path / "a.xlsx", [text, f" {text}"])
    cell = sheet.cell(BODY + 1, 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert formulas_of(tmp_path / "a.xlsx") == []


def test_text_is_cut_where_a_cell_ends(tmp_path: Path) -> None:
    sheet = drawn(tmp_path / "a.xlsx", ["x" * 40_000])
    assert len(sheet.cell(BODY + 1, 1).value) == 32_767


def test_numbers_that_are_none_leave_the_cell_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Drawing(path) as drawing:
        sheet = drawing.tab("Summary")
        drawing.column(sheet, BODY, 0, np.array([1.5, np.nan, np.inf, -np.inf]), "plain", "money")
        drawing.tab("Checks")
    tab = openpyxl.load_workbook(path)["Summary"]
    assert [tab.cell(BODY + 1 + at, 1).value for at in range(4)] == [1.5, None, None, None]
    assert tab.cell(BODY + 1, 1).number_format == "#,##0.00"


def test_numbers_beyond_bounds_in_mixed_columns_do_not_stop_it(tmp_path: Path) -> None:
    sheet = drawn(tmp_path / "a.xlsx", ["x", float("nan"), float("inf")])
    assert [sheet.cell(BODY + 1 + at, 1).value for at in (1, 2)] in ([None, None], [None, "#NUM!"])


def test_links_and_names_follow_a_sheet_with_another_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Drawing(path, {"Checks": "Eva's checks", "Summary": "My summary"}, "✖ 2") as drawing:
        sheet = drawing.tab("Summary")
        drawing.define("out_x", sheet, 7, 2)
        tab = drawing.tab("Checks")
        drawing.define("chk_master", tab, 4, 1)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["My summary", "Eva's checks"]
    assert book["My summary"]["A3"].value == "✖ 2"
    assert book.defined_names["out_x"].attr_text == "'My summary'!$C$8"
    assert book.defined_names["chk_master"].attr_text == "'Eva''s checks'!$B$5"
    assert book.defined_names["tab_checks"].attr_text == (
        "'Eva''s checks'!$A$1:$A$2,'Eva''s checks'!$A$3:$B$3"
    )
    assert book["My summary"]["A3"].hyperlink.location == "'Eva''s checks'!A1"
    assert faults(path) == []


def test_an_empty_table_has_one_empty_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Drawing(path) as drawing:
        sheet = drawing.tab("CustomerValues")
        span = drawing.table(sheet, "tblValues", {"customer_id": np.array([], dtype=object)})
        drawing.tab("Checks")
    assert span == (BODY + 1, BODY + 1)
    assert openpyxl.load_workbook(path)["CustomerValues"].tables["tblValues"].ref == "A5:A6"
    assert faults(path) == []


def test_a_table_may_have_rows_to_fill(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    frame = {"tier": np.array(["Gold"], dtype=object), "enter_at": np.array([5.0])}
    with Drawing(path) as drawing:
        sheet = drawing.tab("Tiers")
        drawing.table(sheet, "tblTiers", frame, inputs=["tier"], spare=3)
        drawing.tab("Checks")
    tab = openpyxl.load_workbook(path)["Tiers"]
    assert tab.tables["tblTiers"].ref == "A5:B9"
    assert not tab["A9"].protection.locked
    assert tab["B9"].protection.locked


def _broken(path: Path) -> None:
    with Drawing(path) as drawing:
        drawing.tab("Summary")
        raise ZeroDivisionError


def test_nothing_is_written_where_drawing_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        _broken(tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()


def test_the_stamp_is_fixed(tmp_path: Path) -> None:
    drawn(tmp_path / "a.xlsx", ["x"])
    core = parts(tmp_path / "a.xlsx")["docProps/core.xml"].decode()
    assert CREATED.isoformat() in core
