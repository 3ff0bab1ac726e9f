"""Columns are filled beside a user's own, and not one byte of these changes."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from xlclv.columns import CellError
from xlclv.errors import InputError
from xlclv.xlsx.fill_columns import FilledColumn, fill_columns
from xlclv.xlsx.package import REL, Package

SHEET = "xl/worksheets/sheet1.xml"
TABLE = "xl/tables/table1.xml"
HEADER, FIRST, LAST = 3, 4, 7
Fill = Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None]


def customers(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    """Write a customer sheet: a title, a table with a row of totals, a note on the right."""
    head = book.add_format({"bold": True, "bg_color": "#FFFF00"})
    money = book.add_format({"num_format": "0.00", "border": 1})
    columns = [
        {"header": "id", "total_string": "Total"},
        {"header": "tier"},
        {"header": "average", "header_format": head, "format": money},
    ]
    options = {"name": "tblCustomers", "total_row": True, "columns": columns}
    sheet.add_table(HEADER - 1, 0, LAST, 2, options)
    for row, (name, tier) in enumerate([("a", "old"), ("b", "old"), ("c", None), ("d", "old")]):
        sheet.write_row(row + FIRST - 1, 0, [name, tier])
        sheet.write_number(row + FIRST - 1, 2, row * 10, money)
    sheet.write("A1", "My customers")
    sheet.write("J5", "call & ask")
    sheet.write_formula("J6", "=SUM(C4:C7)", money, 60)
    sheet.set_column("A:C", 15)
    sheet.freeze_panes(3, 1)


def a_book(path: Path, fill: Fill = customers, options: dict[str, object] | None = None) -> Path:
    with xlsxwriter.Workbook(path, options) as book:
        fill(book, book.add_worksheet("Customers"))
    return path


def filled(
    path: Path, *columns: FilledColumn, rows: tuple[int, int, int] = (HEADER, FIRST, LAST)
) -> Path:
    out = path.with_name(f"filled_{path.name}")
    with Package(path) as book:
        fill_columns(book, "Customers", *rows, columns)
        book.write(out)
    return out


def part(path: Path, name: str = SHEET) -> bytes:
    with Package(path) as book:
        return book.read(name)


def edited(path: Path, old: bytes, new: bytes, name: str = SHEET) -> Path:
    """Change a part of a file by its bytes."""
    out = path.with_name(f"edited_{path.name}")
    with Package(path) as book:
        xml = book.read(name)
        assert old in xml
        book.put(name, xml.replace(old, new, 1))
        book.write(out)
    return out


def column(number: int, values: Sequence[object], code: str | None = None) -> FilledColumn:
    return FilledColumn(number, f"New {number}", values, code)


def without(xml: bytes, letters: str) -> bytes:
    """Return a sheet without the cells of some columns, its dimension and its widths."""
    cells = re.compile(rb'<c r="[%s]\d+"[^>]*?(/>|>.*?</c>)' % letters.encode())
    return re.sub(rb"<dimension[^>]*>|<cols>.*</cols>", b"", cells.sub(b"", xml))


def test_only_the_columns_change(tmp_path: Path) -> None:
    book = a_book(tmp_path / "a.xlsx")
    out = filled(book, FilledColumn(2, "tier", list("ABCD")), column(4, [1.5, 2, None, -3]))
    assert without(part(out), "BD") == without(part(book), "BD")
    with Package(book) as before, Package(out) as after:
        assert before.parts() == after.parts()
        same = {name for name in before.parts() if before.read(name) == after.read(name)}
    assert set(after.parts()) - same == {SHEET, TABLE}


def test_both_readers_see_the_values(tmp_path: Path) -> None:
    day, moment = date(2024, 2, 29), datetime(2024, 3, 1, 12)  # noqa: DTZ001 - cells have no zone
    out = filled(
        a_book(tmp_path / "a.xlsx"),
        column(4, [1.5, 2, np.float64(0.1), np.int64(7)], "#,##0.00"),
        column(5, [day, moment, pd.Timestamp(day), np.datetime64("2024-02-29")], "yyyy-mm-dd"),
        column(6, [True, np.True_, None, False]),
        column(7, ["=1+1", " lead", "<&>\n'\"", ""]),
        column(8, [CellError("#VALUE!"), CellError("#N/A"), math.nan, math.inf]),
    )
    sheet = openpyxl.load_workbook(out)["Customers"]
    seen = [[cell.value for cell in sheet[f"{c}{FIRST}:{c}{LAST}"] for cell in cell] for c in "DFG"]
    assert seen == [
        [1.5, 2, 0.1, 7],
        [True, True, None, False],
        ["=1+1", " lead", "<&>\n'\"", None],
    ]
    assert sheet["G4"].data_type != "f"
    assert [sheet[f"H{row}"].value for row in range(FIRST, LAST + 1)] == [
        "#VALUE!",
        "#N/A",
        None,
        "#NUM!",
    ]
    assert [sheet[f"E{row}"].value for row in (4, 5, 6, 7)] == [
        datetime(2024, 2, 29),  # noqa: DTZ001
        moment,
        datetime(2024, 2, 29),  # noqa: DTZ001
        datetime(2024, 2, 29),  # noqa: DTZ001
    ]
    rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_name("Customers").to_python()
    assert rows[3][:4] == ["a", "old", 0.0, 1.5]
    assert rows[4][4:7] == [moment, True, " lead"]
    assert rows[5][9] == 60


def test_moments_with_a_zone_show_their_own_clock(tmp_path: Path) -> None:
    noon = datetime(2024, 3, 1, 12, tzinfo=UTC)
    out = filled(a_book(tmp_path / "a.xlsx"), column(4, [noon] * 4))
    assert b'<c r="D4" s="2"><v>45352.5</v>' in part(out)


def test_days_count_from_1904_where_the_book_says_so(tmp_path: Path) -> None:
    book = a_book(tmp_path / "a.xlsx", options={"date_1904": True})
    out = filled(book, column(4, [date(2024, 3, 1)] * 4, "yyyy-mm-dd"))
    assert b"<v>43890</v>" in part(out)
    assert openpyxl.load_workbook(out)["Customers"]["D4"].value.date() == date(2024, 3, 1)


def test_the_table_grows_over_new_columns(tmp_path: Path) -> None:
    out = filled(a_book(tmp_path / "a.xlsx"), column(4, [1] * 4), column(5, [2] * 4))
    table = openpyxl.load_workbook(out)["Customers"].tables["tblCustomers"]
    assert (table.ref, table.autoFilter.ref, table.totalsRowCount) == ("A3:E8", "A3:E7", 1)
    assert [(c.id, c.name) for c in table.tableColumns][2:] == [
        (3, "average"),
        (4, "New 4"),
        (5, "New 5"),
    ]
    again = filled(out, column(4, [9] * 4), column(5, [8] * 4))
    assert part(again, TABLE) == part(out, TABLE)
    assert openpyxl.load_workbook(again)["Customers"]["E7"].value == 8


def test_a_gap_keeps_the_table_as_it_is(tmp_path: Path) -> None:
    book = a_book(tmp_path / "a.xlsx")
    out = filled(book, column(5, [1] * 4))
    assert part(out, TABLE) == part(book, TABLE)
    assert openpyxl.load_workbook(out)["Customers"]["E3"].value == "New 5"


def test_new_columns_look_like_their_neighbours(tmp_path: Path) -> None:
    out = filled(a_book(tmp_path / "a.xlsx"), column(4, [1] * 4, "0.0%"), column(5, ["x"] * 4))
    sheet = openpyxl.load_workbook(out)["Customers"]
    assert sheet["D3"].font.b is True
    assert [sheet[at].border.left.style for at in ("D4", "E7")] == ["thin", "thin"]
    assert [sheet[at].number_format for at in ("C4", "D4", "E4")] == ["0.00", "0.0%", "0.00"]
    assert sheet.column_dimensions["D"].width == 10
    assert sheet.column_dimensions["A"].width == 15.7109375  # A to C, as it was
    assert sheet.dimensions == "A1:J8"


def test_columns_that_exist_keep_their_looks(tmp_path: Path) -> None:
    out = filled(a_book(tmp_path / "a.xlsx"), FilledColumn(3, "average", [1, 2, 3, None], "0%"))
    sheet = openpyxl.load_workbook(out)["Customers"]
    assert {sheet[f"C{row}"].number_format for row in range(4, 8)} == {"0.00"}
    assert sheet["C7"].border.left.style == "thin"
    assert sheet["C3"].value == "average"


def test_rows_that_are_not_there_yet(tmp_path: Path) -> None:
    def sparse(_: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write("B2", "id")
        sheet.set_row(3, 33)
        sheet.write("A9", "end")

    out = filled(
        a_book(tmp_path / "a.xlsx", sparse), column(3, ["r3", "r4", "r5", None]), rows=(2, 3, 6)
    )
    sheet = openpyxl.load_workbook(out)["Customers"]
    assert [sheet[f"C{row}"].value for row in range(2, 7)] == ["New 3", "r3", "r4", "r5", None]
    assert sheet.row_dimensions[4].height == 33
    assert re.findall(rb'<row r="(\d+)"', part(out)) == [b"2", b"3", b"4", b"5", b"9"]
    assert b'<cols><col min="3" max="3"' in part(out)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1))
def test_any_text_comes_back_as_text(tmp_path: Path, text: str) -> None:
    out = filled(a_book(tmp_path / "a.xlsx"), column(4, [text] * 4))
    cell = openpyxl.load_workbook(out)["Customers"]["D4"]
    assert cell.data_type != "f"
    # openpyxl leaves Excel's escapes in such cells; its own function resolves them.
    assert unescape(cell.value) == text
    raw = CalamineWorkbook.from_path(str(out)).get_sheet_by_name("Customers").to_python()
    assert str(raw[3][3])


def test_a_text_longer_than_a_cell_is_cut(tmp_path: Path) -> None:
    out = filled(a_book(tmp_path / "a.xlsx"), column(4, ["x" * 40_000] * 4))
    assert len(openpyxl.load_workbook(out)["Customers"]["D4"].value) == 32_767


def test_overwritten_formulas_leave_the_calc_chain(tmp_path: Path) -> None:
    book = edited(
        a_book(tmp_path / "a.xlsx"), b'<c r="C4" s="2"><v>0</v>', b'<c r="C4" s="2"><f>1</f>'
    )
    chained = tmp_path / "chained.xlsx"
    with Package(book) as package:
        package.put("xl/calcChain.xml", b"<calcChain/>", "application/x-chain")
        package.relate(package.workbook, f"{REL}/calcChain", "xl/calcChain.xml")
        package.write(chained)
    with Package(filled(chained, column(4, [1] * 4))) as kept:
        assert "xl/calcChain.xml" in kept
    with Package(filled(chained, FilledColumn(3, "average", [1] * 4))) as dropped:
        assert "xl/calcChain.xml" not in dropped
        assert b"<f>1</f>" not in dropped.read(SHEET)


def refusal(path: Path, *columns: FilledColumn) -> tuple[str, object]:
    with pytest.raises(InputError) as caught:
        filled(path, *columns)
    assert path.name in str(caught.value)
    return caught.value.key, caught.value.facts.get("cells")


def test_shared_formulas(tmp_path: Path) -> None:
    master = b'<c r="C4" s="2"><f t="shared" ref="C4:C5" si="0">A4</f><v>0</v></c>'
    book = edited(a_book(tmp_path / "a.xlsx"), b'<c r="C4" s="2"><v>0</v></c>', master)
    copied = b'<c r="C5" s="2"><f t="shared" si="0"/>'
    inside = edited(book, b'<c r="C5" s="2">', copied)
    filled(inside, FilledColumn(3, "average", [1] * 4))
    outside = edited(
        book, b'<c r="J6" s="2"><f>SUM(C4:C7)</f>', b'<c r="J6"><f t="shared" si="0"/>'
    )
    assert refusal(outside, FilledColumn(3, "average", [1] * 4)) == ("formula_shared", "average")
    filled(outside, column(4, [1] * 4))


def test_a_header_the_table_already_has(tmp_path: Path) -> None:
    book = a_book(tmp_path / "a.xlsx")
    assert refusal(book, FilledColumn(4, "TIER", [1] * 4)) == ("table_column_taken", "TIER")


def test_sheets_that_cannot_be_filled(tmp_path: Path) -> None:
    book = a_book(tmp_path / "a.xlsx")
    remarked = tmp_path / "x.xlsx"
    with Package(book) as package:
        package.put(SHEET, package.read(SHEET).replace(b"<sheetData>", b"<!-- -->\n<sheetData>"))
        package.write(remarked)
    assert refusal(remarked, column(4, [1] * 4)) == ("sheet_not_spliceable", None)
    with Package(book) as package, pytest.raises(InputError) as caught:
        fill_columns(package, "Nobody", 1, 2, 2, [column(4, [1])])
    assert caught.value.key == "sheet_unknown"
