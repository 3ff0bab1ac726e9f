"""Changed cells and new rows of a table on a user's sheet; everything else stays as it was."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import TableFormula
from openpyxl.worksheet.worksheet import Worksheet

from tests.refresh.book_rules import faults
from tests.refresh.books import changed_cells, list_as_table
from xlclv.errors import InputError
from xlclv.xlsx.package import Package
from xlclv.xlsx.put_rows import Box, put_rows

ROWS = [
    ["Id", "Day", "Amount", "Twice"],
    ["C1", date(2026, 1, 1), 10, "=[@Amount]*2"],
    ["C2", date(2026, 1, 2), 20, "=[@Amount]*2"],
]
BOX = Box("Orders", "tblOrders", 1, 3, 1, 4)
NEW = [{1: "C3", 2: date(2026, 1, 3), 3: 30.5}, {1: "=1+1", 3: 40.0}]


def made(path: Path, change: Callable[[Worksheet], object] = lambda _: None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Orders"
    for row in ROWS:
        sheet.append(row)
    table = list_as_table(sheet, "tblOrders", "A1:D3")
    table._initialise_columns()  # noqa: SLF001 - as openpyxl does on saving
    formula = TableFormula(attr_text="tblOrders[[#This Row],[Amount]]*2")
    table.tableColumns[3].calculatedColumnFormula = formula
    for name, column in zip(ROWS[0], table.tableColumns, strict=True):
        column.name = name
    for row in (2, 3):
        sheet.cell(row, 3).number_format = "0.00"
    change(sheet)
    book.save(path)
    return path


def put(path: Path, changed: dict[tuple[int, int], object], added: list[dict[int, Any]]) -> Path:
    out = path.with_name("out.xlsx")
    with Package(path) as book:
        put_rows(book, BOX, changed, added)
        book.write(out)
    breaches = faults(out)
    assert not breaches, "\n".join(breaches)
    return out


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        put(path, {}, NEW)
    return caught.value.key


def test_rows_are_added_in_the_looks_of_the_last_one(tmp_path: Path) -> None:
    path = made(tmp_path / "b.xlsx")
    out = put(path, {}, NEW)
    sheet = openpyxl.load_workbook(out)["Orders"]
    assert [cell.value for cell in sheet[4]][:3] == ["C3", date_time(2026, 1, 3), 30.5]
    assert (sheet["A5"].value, sheet["A5"].data_type) == ("=1+1", "s")
    assert sheet["C4"].number_format == "0.00"
    assert sheet["B4"].number_format == sheet["B3"].number_format
    assert sheet["D4"].value == "=tblOrders[[#This Row],[Amount]]*2"
    assert sheet.tables["tblOrders"].ref == "A1:D5"
    assert sheet.tables["tblOrders"].autoFilter.ref == "A1:D5"
    added = {f"{column}{row}" for column in "ABCD" for row in (4, 5)}
    assert changed_cells(path, out, "Orders") <= added


def date_time(*parts: int) -> object:
    from datetime import datetime  # noqa: PLC0415 - openpyxl returns days so

    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - cells have no zone


def test_single_cells_are_changed(tmp_path: Path) -> None:
    path = made(tmp_path / "b.xlsx")
    out = put(path, {(3, 3): 25.0, (2, 1): None}, [])
    assert changed_cells(path, out, "Orders") == {"A2", "C3"}
    sheet = openpyxl.load_workbook(out)["Orders"]
    assert (sheet["C3"].value, sheet["C3"].number_format, sheet["A2"].value) == (25, "0.00", None)


def test_rules_and_names_of_the_column_reach_over_new_rows(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        drop = DataValidation(type="decimal", operator="greaterThan", formula1="0")
        drop.add("C2:C3")
        sheet.add_data_validation(drop)
        red = CellIsRule(operator="lessThan", formula=["0"], fill=PatternFill(bgColor="FF0000"))
        sheet.conditional_formatting.add("C2:C3", red)
        sheet.conditional_formatting.add("F2:F3", red)
        book = sheet.parent
        assert book is not None
        book.defined_names["sums"] = DefinedName("sums", attr_text="Orders!$C$2:$C$3")
        book.defined_names["part"] = DefinedName("part", attr_text="Orders!$C$2:$C$30")

    out = openpyxl.load_workbook(put(made(tmp_path / "b.xlsx", change), {}, NEW))
    sheet = out["Orders"]
    assert str(sheet.data_validations.dataValidation[0].sqref) == "C2:C5"
    assert {str(one.sqref) for one in sheet.conditional_formatting} == {"C2:C5", "F2:F3"}
    assert out.defined_names["sums"].attr_text == "Orders!$C$2:$C$5"
    assert out.defined_names["part"].attr_text == "Orders!$C$2:$C$30"


def test_what_stands_below_is_in_the_way(tmp_path: Path) -> None:
    path = made(tmp_path / "b.xlsx", lambda sheet: sheet.cell(5, 2, "a note"))
    assert refused(path) == "rows_in_way"
    beside = made(tmp_path / "c.xlsx", lambda sheet: sheet.cell(5, 6, "a note"))
    out = put(beside, {}, NEW)
    sheet = openpyxl.load_workbook(out)["Orders"]
    assert (sheet["F5"].value, sheet["A5"].value) == ("a note", "=1+1")


def test_another_table_or_totals_are_in_the_way(tmp_path: Path) -> None:
    def other(sheet: Worksheet) -> None:
        sheet["A5"], sheet["A6"] = "Else", 1
        list_as_table(sheet, "other", "A5:A6")

    assert refused(made(tmp_path / "b.xlsx", other)) == "rows_in_way"

    def totals(sheet: Worksheet) -> None:
        sheet["A4"] = "Total"
        sheet.tables["tblOrders"].totalsRowCount = 1
        sheet.tables["tblOrders"].ref = "A1:D4"

    assert refused(made(tmp_path / "c.xlsx", totals)) == "table_has_totals"


def test_a_sheet_that_is_full_takes_no_rows(tmp_path: Path) -> None:
    path = made(tmp_path / "b.xlsx")
    box = Box("Orders", "tblOrders", 1, 1_048_575, 1, 4)
    with Package(path) as book, pytest.raises(InputError) as caught:
        put_rows(book, box, {}, NEW)
    assert caught.value.key == "rows_too_many"
