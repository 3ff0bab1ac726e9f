"""What users add to our tabs stays in a real Calc, as it does on the command line."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.workbook import Workbook

from tests.hosts.calc.bed import Calc
from tests.hosts.calc.test_refresh_in_calc import refresh_in_calc
from tests.refresh.kept.test_kept import (
    last_column,
    other_orders,
    results_with,
    row_of,
    with_column,
)

pytestmark = pytest.mark.slow


def marked(book: Workbook) -> None:
    with_column(book)
    sheet = book["CustomerValues"]
    place = row_of(sheet, "c"), last_column(sheet)
    sheet.cell(*place).comment = Comment("asked for a refund", "Ann")
    book["Summary"]["K2"] = "for the board"


def test_what_stands_beside_a_row_follows_it(calc: Calc, profile: Path, tmp_path: Path) -> None:
    path = results_with(tmp_path, marked)
    other_orders(path, "dxcba")
    calc.open(str(path))
    refresh_in_calc(calc, profile)
    calc.save(str(tmp_path / "out.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    sheet = book["CustomerValues"]
    column = last_column(sheet)
    assert sheet.cell(5, column).value == "My note"
    for name in "abcd":
        row = row_of(sheet, name)
        assert sheet.cell(row, column).value == f"call {name}"
        assert sheet.cell(row, column + 2).value == f"=A{row}&$A$5"
    assert sheet.cell(row_of(sheet, "x"), column).value is None
    note = sheet.cell(row_of(sheet, "c"), column).comment
    assert note is not None
    assert "asked for a refund" in note.text
    assert book["Summary"]["K2"].value == "for the board"
    assert not any(cell.value for row in sheet.iter_rows(min_row=11) for cell in row)
