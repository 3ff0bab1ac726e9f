"""A workbook that people already have: its customers are valued, the rest stays."""

import re
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName

from tests.refresh.books import (
    CLV_COLUMNS,
    CUSTOMERS,
    STAMP,
    a_book,
    by_customer,
    changed_cells,
    changed_parts,
    checks_of,
    columns_of,
    customers,
    day,
    formulas_of,
    headed,
    mapped,
    put,
    refreshed,
    refused,
    rows_of,
    sheets_of,
    table_of,
)
from tests.refresh.plain_books import LISTS, a_listed_sheet, an_order_book, clv_of

pytestmark = pytest.mark.slow

GERMAN = {
    "customer_id": "Kd.-Nr.",
    "avg_value": "Ø Bon",
    "frequency": "Käufe / Jahr",
    "lifespan": "Bleibt (Jahre)",
}
# Note, customer, years, value, frequency, status: in an order of their own.
KUNDEN = [
    ("Stammgast", 1001, 3, 50.0, 2, "zahlt bar"),
    ("", 1002, 5, 80.5, 12, "Rechnung"),
    ("neu", 1003, 0.5, 19.9, 1.5, ""),
    ("=Verein", 1004, 10, 310, 24, "Rechnung"),
    ("", 1005, 2, 12.25, 4, "gesperrt"),
]


def a_german_sheet(path: Path) -> Path:
    """Write a sheet as somebody keeps it: title above, totals below, formats, a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Kunden 2026"
    sheet["A1"] = "Kundenliste der Teestube"
    sheet["A1"].font = Font(name="Georgia", size=16, bold=True, color="7030A0")
    sheet.merge_cells("A1:F1")
    sheet["H1"] = "Stand"
    sheet["I1"] = datetime(2026, 6, 30)  # noqa: DTZ001 - cells have no zone
    sheet["I1"].number_format = "dd.mm.yyyy"
    headers = ("Notiz", "Kd.-Nr.", "Bleibt (Jahre)", "Ø Bon", "Käufe / Jahr", "Status", "Umsatz")
    for column, header in enumerate(headers, start=1):
        cell = put(sheet, 3, column, header)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="305496")
        cell.alignment = Alignment(wrap_text=True, horizontal="center")
    for row, customer in enumerate(KUNDEN, start=4):
        for column, value in enumerate(customer, start=1):
            put(sheet, row, column, value if value != "" else None)
        sheet.cell(row, 4).number_format = '#,##0.00 "€"'
        sheet.cell(row, 7).value = f"=D{row}*E{row}"
        sheet.cell(row, 7).number_format = "#,##0"
    sheet["F8"].fill = PatternFill("solid", fgColor="FFC7CE")
    sheet["B6"].comment = Comment("ruft lieber an", "Eva")
    put(sheet, 9, 2, "Summe").font = Font(bold=True)
    for column in "DG":
        total = sheet[f"{column}9"]
        total.value = f"=SUM({column}4:{column}8)"
        total.border = Border(top=Side("double"))
    sheet.freeze_panes = "A4"
    sheet.column_dimensions["A"].width = 22
    notes = book.create_sheet("Notizen")
    for row, text in enumerate(["Nicht vergessen", "Tee bestellen", "=1+1"], start=1):
        put(notes, row, 1, text)
    notes["C1"] = "='Kunden 2026'!D9*2"
    book.save(path)
    return path


def test_a_german_customer_sheet_is_valued_row_by_row(tmp_path: Path) -> None:
    book = a_german_sheet(tmp_path / "kunden.xlsx")
    out, results = refreshed(book, choices=mapped(**GERMAN))
    assert out.name == "kunden-refreshed.xlsx"
    columns = headed(out, "Kunden 2026", 3)
    for row, (_, _, years, value, frequency, _) in enumerate(KUNDEN, start=4):
        assert columns["CLV"][row].value == pytest.approx(value * frequency * years)
        for header in ("Tier", "Gap to next tier", "xlclv Status"):
            assert columns[header][row].value is not None
        for header in ("Reward", "Reason"):  # no rule is switched on
            assert columns[header][row].value is None
    assert columns["CLV"][9].value is None
    assert results.people.size == len(KUNDEN)


def test_every_other_cell_of_a_german_sheet_is_as_before(tmp_path: Path) -> None:
    book = a_german_sheet(tmp_path / "kunden.xlsx")
    out, _ = refreshed(book, choices=mapped(**GERMAN))
    changed = changed_cells(book, out, "Kunden 2026")
    # The block stands right of the last header, G; nothing else differs, not even H1 and I1.
    assert columns_of(changed) == set("HIJKLM")
    assert {int(re.sub(r"\D", "", place)) for place in changed} == set(range(3, 9))
    assert changed_cells(book, out, "Notizen") == set()
    assert changed_parts(book, out) == {*LISTS, "xl/worksheets/sheet1.xml"}
    assert sheets_of(out)[:2] == ["Kunden 2026", "Notizen"]


def test_a_german_sheet_gets_its_own_status_beside_the_one_it_has(tmp_path: Path) -> None:
    out, _ = refreshed(a_german_sheet(tmp_path / "kunden.xlsx"), choices=mapped(**GERMAN))
    columns = headed(out, "Kunden 2026", 3)
    assert [columns["Status"][row].value for row in (4, 5)] == ["zahlt bar", "Rechnung"]
    assert columns["xlclv Status"][4].value == "Unknown"  # no order is dated


def test_the_report_says_what_was_taken_for_what(tmp_path: Path) -> None:
    _, results = refreshed(a_german_sheet(tmp_path / "kunden.xlsx"), choices=mapped(**GERMAN))
    told = "\n".join(results.notes)
    assert "Kunden 2026!A3:G8" in told
    assert 'Average order value (AOV) = "Ø Bon" (D)' in told
    assert "Columns not used: Notiz." in told
    assert "row 9" in told


@pytest.mark.parametrize("column", ["A", "B"])
def test_a_note_below_the_totals_is_no_customer(tmp_path: Path, column: str) -> None:
    book = openpyxl.load_workbook(a_german_sheet(tmp_path / "kunden.xlsx"))
    book["Kunden 2026"][f"{column}11"] = "Gelb markierte Kunden bitte anrufen."
    book.save(tmp_path / "note.xlsx")
    out, results = refreshed(tmp_path / "note.xlsx", choices=mapped(**GERMAN))
    assert sorted(results.people.ids) == ["1001", "1002", "1003", "1004", "1005"]
    assert headed(out, "Kunden 2026", 3)["CLV"][9].value is None


def test_new_columns_look_like_those_beside_them(tmp_path: Path) -> None:
    out, _ = refreshed(a_german_sheet(tmp_path / "kunden.xlsx"), choices=mapped(**GERMAN))
    columns = headed(out, "Kunden 2026", 3)
    assert columns["CLV"][4].number_format == "#,##0.00"
    sheet = openpyxl.load_workbook(out)["Kunden 2026"]
    head = next(cell for cell in sheet[3] if cell.value == "CLV")
    assert head.font.bold
    assert head.fill.fgColor.rgb == "00305496"


# --- Excel tables -----------------------------------------------------------------------------


@pytest.mark.parametrize("totals", [False, True])
def test_an_excel_table_grows_by_our_columns(tmp_path: Path, totals: bool) -> None:  # noqa: FBT001
    book = a_listed_sheet(tmp_path / "clients.xlsx", totals=totals)
    out, _ = refreshed(book)
    sheet = openpyxl.load_workbook(out)["Clients"]
    table = sheet.tables["Clients"]
    assert table.ref == f"B4:K{8 if totals else 7}"
    assert [column.name for column in table.tableColumns] == [*CUSTOMERS, *CLV_COLUMNS]
    assert table.totalsRowCount == (1 if totals else None)
    assert [sheet[f"F{row}"].value for row in (5, 6, 7)] == [300, 1280, 50]
    assert columns_of(changed_cells(book, out, "Clients")) == set("FGHIJK")
    assert [sheet[f"{column}8"].value for column in "FGHIJK"] == [None] * 6
    touched = {*LISTS, "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"}
    assert changed_parts(book, out) <= touched


def test_averages_may_be_formulas(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet("Clients")
        sheet.write_row(0, 0, [*CUSTOMERS, "Turnover 2025"])
        sheet.write_row(1, 0, ["C1", None, 2, 3, 100])
        sheet.write_formula(1, 1, "=E2/C2", None, 50)
    out, _ = refreshed(book)
    assert headed(out, "Clients", 1)["CLV"][2].value == 300
    assert "E2/C2" in formulas_of(out)


# --- rows that cannot be valued ---------------------------------------------------------------


def test_a_bad_row_says_which_cell_and_the_others_are_computed(tmp_path: Path) -> None:
    book = customers(
        tmp_path / "a.xlsx",
        ["C1", 50, 2, 3],
        ["C2", "n/a", 2, 3],
        ["C3", 50, -2, 3],
        ["C1", 99, 9, 9],
        [None, 50, 2, 3],
        ["C4", None, 2, 3],
        ["C5", True, 2, 3],
        ["C6", 10, 10, 1],
    )
    out, results = refreshed(book)
    columns = headed(out, "My customers", 1)
    clv = [columns["CLV"][row].value for row in range(2, 10)]
    errors = ["#VALUE!"] * 4
    assert clv == [300, *errors, "#N/A", "#VALUE!", 100]
    assert all(columns["CLV"][row].data_type == "e" for row in (3, 4, 5, 6, 7, 8))
    reasons = [columns["Reason"][row].value or "" for row in range(2, 10)]
    assert 'My customers!B3: Average order value (AOV) is "n/a"' in reasons[1]
    assert "My customers!C4: Purchase frequency is -2" in reasons[2]
    assert "earlier row" in reasons[3]
    assert "My customers!A6: Customer id is empty" in reasons[4]
    assert "missing" in reasons[5]
    assert "My customers!B8: Average order value (AOV) is TRUE" in reasons[6]
    for row in range(3, 9):
        assert [columns[name][row].value for name in ("Tier", "Reward")] == [None, None]
    assert results.problems >= 2
    checks = checks_of(out)
    assert checks["1 row of the customer sheet repeats a customer"] == (
        "✖ Fix",
        "My customers!A5",
    )
    [where] = [cells for title, (_, cells) in checks.items() if "customer rows cannot" in title]
    assert "My customers!B3" in where


def test_an_error_cell_is_named(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet("Clients")
        sheet.write_row(0, 0, CUSTOMERS)
        sheet.write_row(1, 0, ["C1", None, 2, 3])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_row(2, 0, ["C2", 50, 2, 3])
    out, _ = refreshed(book)
    columns = headed(out, "Clients", 1)
    assert columns["CLV"][3].value == 300
    assert columns["CLV"][2].data_type == "e"
    assert "Clients!B2" in columns["Reason"][2].value
    assert "#DIV/0!" in columns["Reason"][2].value


def test_blank_rows_between_customers_stay_blank(tmp_path: Path) -> None:
    book = customers(tmp_path / "a.xlsx", ["C1", 50, 2, 3], [None] * 4, ["C2", 10, 1, 1])
    out, results = refreshed(book)
    assert clv_of(out) == [300, "", 10]
    assert results.people.size == 2


# --- books with something in the way ----------------------------------------------------------


def test_days_are_right_in_a_book_that_counts_from_1904(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(an_order_book(tmp_path / "shop.xlsx"))
    book.epoch = CALENDAR_MAC_1904
    book.save(tmp_path / "mac.xlsx")
    out, results = refreshed(tmp_path / "mac.xlsx", as_of=day("2026-06-30"))
    assert str(results.people.first[0]) == "2025-01-10"
    assert by_customer(out, "Last order")["C1"] == date(2026, 1, 10)
    assert table_of(out, "History", "Refreshed")["As of"] == [date(2026, 6, 30)]
    assert table_of(out, "History", "Refreshed")["Refreshed"] == [STAMP]


def test_a_note_where_results_would_go_is_never_overwritten(tmp_path: Path) -> None:
    book = customers(tmp_path / "a.xlsx", ["C1", 50, 2, 3, None, "call him"], ["C2", 1, 1, 1])
    message = refused(book)
    assert "My customers!F2 is not empty" in message


def test_merged_cells_are_in_the_way_only_where_results_go(tmp_path: Path) -> None:
    rows = [["Our clients"], CUSTOMERS, ["C1", 50, 2, 3], ["C2", 1, 1, 1]]
    book = openpyxl.load_workbook(a_book(tmp_path / "a.xlsx", {"Clients": rows}))
    book["Clients"].merge_cells("A1:K1")
    book.save(tmp_path / "title.xlsx")
    out, _ = refreshed(tmp_path / "title.xlsx")
    assert [str(ref) for ref in openpyxl.load_workbook(out)["Clients"].merged_cells] == ["A1:K1"]
    book["Clients"].merge_cells("E3:F3")
    book.save(tmp_path / "inside.xlsx")
    assert "Clients!E3:F3" in refused(tmp_path / "inside.xlsx")


def test_filters_formats_names_and_chart_sheets_stay(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(customers(tmp_path / "a.xlsx", ["C1", 50, 2, 3]))
    sheet = book["My customers"]
    sheet.auto_filter.ref = "A1:D2"
    red = PatternFill("solid", bgColor="FF0000")
    sheet.conditional_formatting.add("B2:B2", CellIsRule("lessThan", ["10"], fill=red))
    sheet.protection.sheet = True
    book.defined_names["clients"] = DefinedName("clients", attr_text="'My customers'!$A$1:$D$2")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2), titles_from_data=True)
    book.create_chartsheet("Chart").add_chart(chart)
    book.save(tmp_path / "b.xlsx")
    out, _ = refreshed(tmp_path / "b.xlsx")
    after = openpyxl.load_workbook(out)
    assert after.sheetnames[:2] == ["My customers", "Chart"]
    assert after["My customers"].auto_filter.ref == "A1:D2"
    assert after["My customers"].protection.sheet
    assert [str(found.sqref) for found in after["My customers"].conditional_formatting] == ["B2"]
    assert after.defined_names["clients"].attr_text == "'My customers'!$A$1:$D$2"


def test_a_clv_column_that_is_there_is_filled_where_it_stands(tmp_path: Path) -> None:
    headers = ["CLV", *CUSTOMERS]
    book = customers(tmp_path / "a.xlsx", [None, "C1", 50, 2, 3], headers=headers)
    out, _ = refreshed(book)
    rows = rows_of(out, "My customers")
    assert rows[0] == [*headers, *CLV_COLUMNS[1:]]
    assert rows[1][0] == 300
