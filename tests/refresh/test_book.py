"""A workbook that people already have: its customers and orders are valued, the rest stays."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

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
    ORDERS,
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
    list_as_table,
    mapped,
    parts,
    put,
    refreshed,
    refused,
    rows_of,
    sheets_of,
    table_of,
)
from xlclv.reading.gather import Choices
from xlclv.workbook.template import sample_results, write_book

OUTPUT = ["CustomerValues", "Summary", "Segments", "Rewards", "Checks", "History"]
# What a refresh must touch: where sheets, styles and types are listed, and the sheet it fills.
LISTS = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "[Content_Types].xml"}
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
    assert 'Average purchase value = "Ø Bon" (D)' in told
    assert "Columns that were not needed: Notiz." in told
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

CLIENTS = [("C1", 50, 2, 3), ("C2", 80, 4, 4), ("C3", 25, 1, 2)]


def a_listed_sheet(path: Path, *, totals: bool) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Clients")
        sheet.write("B2", "Our clients")
        columns = [{"header": header} for header in CUSTOMERS]
        if totals:
            columns[0]["total_string"] = "Total"
            columns[1] |= {"total_function": "average", "total_value": 51.67}
        bottom = 7 if totals else 6
        options = {"name": "Clients", "columns": columns, "data": CLIENTS, "total_row": totals}
        sheet.add_table(3, 1, bottom, 4, options)
        sheet.write("B12", "a note below")
        sheet.write_formula("G12", "=SUM(Clients[Lifespan])", None, 9)
    return path


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


# --- where average, frequency and lifespan come from ------------------------------------------


def clv_of(path: Path, sheet: str = "My customers") -> list[object]:
    return [row[rows_of(path, sheet)[0].index("CLV")] for row in rows_of(path, sheet)[1:]]


def test_revenue_and_orders_stand_in_for_averages(tmp_path: Path) -> None:
    headers = ["Client", "Total spent", "Number of orders", "Customer lifespan"]
    book = customers(tmp_path / "a.xlsx", ["C1", 600, 4, 3], ["C2", 90, 1, 2], headers=headers)
    out, _ = refreshed(book)
    # Nothing says since when, so the orders count as those of one year.
    assert clv_of(out) == [600 / 4 * 4 * 3, 90 * 1 * 2]


def test_churn_gives_the_lifespan(tmp_path: Path) -> None:
    headers = [*CUSTOMERS[:3], "Churn rate"]
    book = customers(tmp_path / "a.xlsx", ["C1", 50, 2, 0.25], ["C2", 50, 2, 0.5], headers=headers)
    out, _ = refreshed(book)
    assert clv_of(out) == [400, 200]


def test_churn_of_nobody_falls_back_on_the_horizon(tmp_path: Path) -> None:
    headers = [*CUSTOMERS[:3], "Churn rate"]
    out, _ = refreshed(customers(tmp_path / "a.xlsx", ["C1", 50, 2, 0], headers=headers))
    assert clv_of(out) == [300]


def test_first_and_last_order_tell_frequency_lifespan_and_status(tmp_path: Path) -> None:
    headers = ["Customer", "Revenue", "Orders", "First order", "Last order"]
    book = customers(
        tmp_path / "a.xlsx",
        ["C1", 1000, 10, day("2022-01-01"), day("2026-01-01")],
        ["C2", 400, 4, day("2022-01-01"), day("2024-01-01")],
        headers=headers,
    )
    out, results = refreshed(book)
    years = [(day(end) - day("2022-01-01")).days / 365.25 for end in ("2026-01-01", "2024-01-01")]
    assert str(results.people.as_of) == "2026-01-01"
    expected = [100 * 10 / years[0] * years[0], 100 * 4 / years[0] * years[1]]
    assert clv_of(out) == pytest.approx(expected)
    assert [row[8] for row in rows_of(out, "My customers")[1:]] == ["Active", "At risk"]


def test_a_negative_clv_is_shown_and_flagged(tmp_path: Path) -> None:
    headers = [*CUSTOMERS, "Profit margin", "CAC"]
    rows = [["C1", 50, 2, 3, 0.4, 20], ["C2", 10, 1, 1, 0.3, 45], ["C3", 50, 2, 3, -0.1, 0]]
    out, results = refreshed(customers(tmp_path / "a.xlsx", *rows, headers=headers))
    assert clv_of(out) == pytest.approx([100, -42, -30])
    result, where = checks_of(out)["No customer is worth less than nothing"]
    assert result == "✖ Look"
    assert set(where.split(", ")) == {"C2", "C3"}
    assert {kpi.key: kpi.value for kpi in results.kpis}["negative"] == 2
    sheet = openpyxl.load_workbook(out)["CustomerValues"]
    marks = [rule for found in sheet.conditional_formatting for rule in found.rules]
    assert [(mark.operator, mark.formula) for mark in marks] == [("lessThan", ["0"])]


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
    assert 'My customers!B3: Average purchase value is "n/a"' in reasons[1]
    assert "My customers!C4: Purchase frequency is -2" in reasons[2]
    assert "earlier row" in reasons[3]
    assert "My customers!A6: Customer id is empty" in reasons[4]
    assert "missing" in reasons[5]
    assert "My customers!B8: Average purchase value is TRUE" in reasons[6]
    for row in range(3, 9):
        assert [columns[name][row].value for name in ("Tier", "Reward")] == [None, None]
    assert results.problems >= 2
    checks = checks_of(out)
    assert checks["Every customer stands once on the customer sheet"] == (
        "✖ Correct",
        "My customers!A5",
    )
    assert "My customers!B3" in checks["Customer rows can be read"][1]


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


# --- once more --------------------------------------------------------------------------------


def all_cells(path: Path) -> dict[str, list[list[object]]]:
    """Return all values but those that tell of the refresh before."""
    cells = {name: rows_of(path, name) for name in sheets_of(path)}
    cells.pop("History")
    for row in cells["Summary"]:
        row[:] = [re.sub(r" · (unchanged|[-+][\d.,%]+ since .*)$", "", str(cell)) for cell in row]
    # A book that has tiers and rules needs none to be assumed.
    notes = [row[0] for row in cells["Checks"]].index("What was found and assumed")
    del cells["Checks"][notes:]
    return cells


def a_plain_sheet(path: Path) -> Path:
    headers = [*CUSTOMERS, "Status", "Birthday"]
    rows = [
        [f"C{at}", 10 * at, 1 + at % 3, 2, "open", day(f"1980-07-{at:02}")] for at in range(1, 9)
    ]
    return customers(path, *rows, headers=headers)


@pytest.mark.parametrize("make", [a_plain_sheet, lambda path: a_listed_sheet(path, totals=True)])
def test_a_second_refresh_changes_nothing_but_the_history(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    first, _ = refreshed(make(tmp_path / "book.xlsx"), as_of=day("2026-06-30"))
    second, results = refreshed(first, STAMP + timedelta(days=1), as_of=day("2026-06-30"))
    assert second.name == "book-refreshed-2.xlsx"
    before, after = all_cells(first), all_cells(second)
    assert list(after) == list(before)
    # From now on the book has tiers of its own, and they are checked.
    assert set(checks_of(second)) - set(checks_of(first)) == {"The tiers are in order"}
    assert {name for name in before if after[name] != before[name]} == {"Checks"}
    third, _ = refreshed(second, STAMP + timedelta(days=2), as_of=day("2026-06-30"))
    assert all_cells(third) == after
    history = table_of(second, "History", "Refreshed")
    assert history["Refreshed"] == [STAMP, STAMP + timedelta(days=1)]
    assert len(set(history["Customer equity"])) == 1
    assert "unchanged" in str(rows_of(second, "Summary"))
    assert results.inputs.rules is not None


def renamed(path: Path, names: Mapping[str, str]) -> Path:
    """Rename sheets as a spreadsheet program does: names and charts follow."""
    out = path.with_name(f"renamed-{path.name}")
    with ZipFile(out, "w") as package:
        for part, content in parts(path).items():
            xml = content
            for old, new in names.items():
                xml = xml.replace(f'name="{old}"'.encode(), f'name="{new}"'.encode())
                xml = re.sub(rf"(?<![\w'])('?){old}\1!".encode(), f"'{new}'!".encode(), xml)
            package.writestr(part, xml)
    return out


def test_our_tabs_are_found_under_any_name(tmp_path: Path) -> None:
    first, _ = refreshed(a_plain_sheet(tmp_path / "book.xlsx"))
    names = {"Summary": "Mein Überblick", "Tiers": "Stufen", "Input": "Vorgaben"}
    names["Checks"] = "Kontrolle"
    book = renamed(first, names)
    out, results = refreshed(book)
    assert sheets_of(out) == [names.get(name, name) for name in sheets_of(first)]
    assert not results.proposed  # the tiers on Stufen count
    link = openpyxl.load_workbook(out)["Segments"]["A3"].hyperlink
    assert link
    assert "Kontrolle" in link.location


def test_a_tab_may_be_renamed_with_an_apostrophe(tmp_path: Path) -> None:
    first, _ = refreshed(a_plain_sheet(tmp_path / "book.xlsx"))
    book = openpyxl.load_workbook(first)
    book["Segments"].title = "Eva's groups"
    book.defined_names["tab_segments"].attr_text = "'Eva''s groups'!$A$1"
    book.save(tmp_path / "renamed.xlsx")
    out, _ = refreshed(tmp_path / "renamed.xlsx")
    assert openpyxl.load_workbook(out).defined_names["tab_segments"].attr_text == (
        "'Eva''s groups'!$A$1"
    )
    again, _ = refreshed(out)
    assert sheets_of(again) == sheets_of(tmp_path / "renamed.xlsx")


def test_a_sheet_that_has_the_name_of_a_tab_is_left_alone(tmp_path: Path) -> None:
    book = a_book(
        tmp_path / "book.xlsx",
        {
            "Clients": [CUSTOMERS, *CLIENTS],
            "summary": [["my own summary"], [42]],
            "Tiers": [["gold"], ["silver"]],
            "Input": [["what I put in"]],
        },
    )
    out, _ = refreshed(book)
    assert rows_of(out, "summary") == [["my own summary"], [42]]
    assert {"Summary_xlclv", "Tiers_xlclv", "Input_xlclv"} < set(sheets_of(out))
    again, _ = refreshed(out)
    assert sheets_of(again) == sheets_of(out)
    for name in ("summary", "Tiers", "Input"):
        assert changed_cells(book, again, name) == set()


def test_a_book_of_an_earlier_result_drops_customers_that_left(tmp_path: Path) -> None:
    first, _ = refreshed(a_plain_sheet(tmp_path / "book.xlsx"))
    made = openpyxl.load_workbook(first)
    made["My customers"].delete_rows(9)
    made.save(tmp_path / "edited.xlsx")
    out, results = refreshed(tmp_path / "edited.xlsx")
    assert results.people.size == 7
    assert len(table_of(out, "CustomerValues")["Customer id"]) == 7


# --- orders -----------------------------------------------------------------------------------

LOG = [
    ("C1", date(2025, 1, 10), 40.0),
    ("C1", date(2025, 7, 10), 60.0),
    ("C2", date(2025, 3, 1), 25.0),
    ("C1", date(2026, 1, 10), 50.0),
]


def an_order_book(path: Path) -> Path:
    rows = [["Export of our shop"], ["made on", date(2026, 2, 1)], []]
    rows += [["Receipt", "Member ID", "Paid at", "Net sales"]]
    rows += [[f"R{at}", *row] for at, row in enumerate(LOG, start=1)]
    return a_book(path, {"Notes": [["nothing here"]], "Sheet-Export 1": rows})


def test_orders_on_any_sheet_below_a_title(tmp_path: Path) -> None:
    book = an_order_book(tmp_path / "shop.xlsx")
    out, results = refreshed(book)
    assert by_customer(out, "Orders") == {"C1": 3, "C2": 1}
    assert by_customer(out, "Revenue") == {"C1": 150, "C2": 25}
    assert by_customer(out, "First order")["C1"] == date(2025, 1, 10)
    assert by_customer(out, "Last order")["C1"] == date(2026, 1, 10)
    assert by_customer(out, "CLV") == pytest.approx({"C1": 450, "C2": 75}, rel=1e-3)
    assert "Sheet-Export 1!A4:D8" in " ".join(results.notes)
    assert changed_parts(book, out) <= LISTS
    for name in ("Notes", "Sheet-Export 1"):
        assert changed_cells(book, out, name) == set()


def test_the_last_order_is_the_day_unless_one_is_said(tmp_path: Path) -> None:
    book = an_order_book(tmp_path / "shop.xlsx")
    _, results = refreshed(book)
    assert str(results.people.as_of) == "2026-01-10"
    assert any("No as-of date is set" in note and "2026-01-10" in note for note in results.notes)
    _, results = refreshed(book, as_of=day("2026-06-30"))
    assert str(results.people.as_of) == "2026-06-30"
    assert not any("No as-of date" in note for note in results.notes)


def test_orders_count_and_the_customer_sheet_adds(tmp_path: Path) -> None:
    headers = ["Customer id", "Name", "Acquisition cost", "Margin", "Lifespan", "Birthday"]
    book = a_book(
        tmp_path / "both.xlsx",
        {
            "Log": [ORDERS, *LOG],
            "People": [
                headers,
                ["C1", "Ada", 30, 0.5, 4, date(1980, 1, 10)],
                ["C9", "Ben", 10, 0.5, 4, None],
            ],
        },
    )
    out, results = refreshed(book)
    assert sorted(results.people.ids) == ["C1", "C2", "C9"]
    clv = headed(out, "People", 1)["CLV"]
    # 50 an order, 3 orders in a year, 4 years, half of it profit, 30 to win her
    assert clv[2].value == pytest.approx(50 * 3 / _years("2025-01-10", "2026-01-10") * 4 * 0.5 - 30)
    assert clv[3].value == "#N/A"  # on the sheet, but nothing says what Ben is worth
    assert checks_of(out)["Every buyer is on the customer sheet"] == (
        "ℹ For your information",
        "C2",
    )
    assert by_customer(out, "Orders")["C1"] == 3


def _years(first: str, last: str) -> float:
    return max(1.0, (day(last) - day(first)).days / 365.25)


def test_averages_of_the_sheet_count_for_customers_without_orders(tmp_path: Path) -> None:
    book = a_book(
        tmp_path / "both.xlsx",
        {"Log": [ORDERS, *LOG], "People": [CUSTOMERS, ["C1", 999, 99, 3], ["W1", 200, 12, 2]]},
    )
    out, _ = refreshed(book)
    clv = headed(out, "People", 1)["CLV"]
    assert clv[2].value == pytest.approx(50 * 3 / _years("2025-01-10", "2026-01-10") * 3)
    assert clv[3].value == 200 * 12 * 2


# --- settings ---------------------------------------------------------------------------------


def with_settings(path: Path, **values: object) -> Path:
    """Set cells of the tab Input by their names."""
    book = openpyxl.load_workbook(path)
    for name, value in values.items():
        sheet, cell = next(iter(book.defined_names[f"cfg_{name}"].destinations))
        book[sheet][cell].value = value
    out = path.with_name("set.xlsx")
    book.save(out)
    return out


@pytest.fixture
def one_customer(tmp_path: Path) -> Path:
    """Return the result for a customer of 50 a purchase, 2 a year, 3 years."""
    return refreshed(customers(tmp_path / "one.xlsx", ["C1", 50, 2, 3]))[0]


@pytest.mark.parametrize(
    ("values", "clv"),
    [
        ({}, 300),
        ({"margin": 0.4}, 120),
        ({"discount_rate": 0.1}, 248.6852),
        ({"discount_rate": 0.1, "timing": 0.5}, 260.8232),
        ({"margin": 0.4, "acq_cost": 150}, -30),
        ({"margin": None}, 300),  # blank: the default
    ],
)
def test_settings_change_the_values(
    one_customer: Path, values: dict[str, object], clv: float
) -> None:
    out, _ = refreshed(with_settings(one_customer, **values))
    assert clv_of(out) == [pytest.approx(clv, abs=5e-5)]


def test_the_horizon_stands_in_for_an_unknown_lifespan(tmp_path: Path) -> None:
    first, _ = refreshed(customers(tmp_path / "a.xlsx", ["C1", 50, 2], headers=CUSTOMERS[:3]))
    assert clv_of(first) == [300]
    out, _ = refreshed(with_settings(first, horizon=5))
    assert clv_of(out) == [500]


def test_averages_may_be_per_month(one_customer: Path) -> None:
    # 50 twice a month for 3 months: still 300, but 24 purchases a year for a quarter.
    out, _ = refreshed(with_settings(one_customer, period="month"))
    assert clv_of(out) == [pytest.approx(300)]
    assert by_customer(out, "Orders per year") == {"C1": 24}
    assert by_customer(out, "Lifespan") == {"C1": 0.25}


def test_the_day_on_input_counts_unless_another_is_asked_for(tmp_path: Path) -> None:
    first, _ = refreshed(an_order_book(tmp_path / "shop.xlsx"))
    book = with_settings(first, as_of=date(2026, 3, 31))
    _, results = refreshed(book)
    assert str(results.people.as_of) == "2026-03-31"
    _, results = refreshed(book, as_of=day("2026-02-28"))
    assert str(results.people.as_of) == "2026-02-28"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("margin", 40, "Margin is 40; expected a number from -1 to 1. Did you mean 40%?"),
        ("discount_rate", 1, "Discount rate is 1"),
        ("horizon", "three", 'Horizon (years) is "three"'),
        ("as_of", "30.06.2026", "2026-01-31"),
        ("period", "week", "year, month"),
    ],
)
def test_a_setting_out_of_range_names_its_cell(
    one_customer: Path, name: str, value: object, said: str
) -> None:
    book = with_settings(one_customer, **{name: value})
    destination = openpyxl.load_workbook(book).defined_names[f"cfg_{name}"].attr_text
    message = refused(book)
    assert message.startswith(destination.replace("'", "").replace("$", ""))
    assert message.startswith("Input!B")
    assert said in message


def test_all_bad_settings_are_named_at_once(one_customer: Path) -> None:
    message = refused(with_settings(one_customer, margin=40, horizon=-1))
    assert len(message.splitlines()) == 2
    assert all(line.startswith("Input!B") for line in message.splitlines())


def test_multiples_that_do_not_rise_name_their_cells(tmp_path: Path) -> None:
    first, _ = refreshed(an_order_book(tmp_path / "shop.xlsx"))
    message = refused(with_settings(first, at_risk=5, passive=3))
    assert "must rise" in message
    assert message.startswith("Input!B")


# --- tiers and rules of the book --------------------------------------------------------------


def test_tiers_typed_into_the_result_count_next_time(tmp_path: Path) -> None:
    first, _ = refreshed(a_plain_sheet(tmp_path / "book.xlsx"))
    book = openpyxl.load_workbook(first)
    for row, (name, limit) in enumerate((("Gold", 300), ("Silver", 100), ("Bronze", 0)), start=6):
        book["Tiers"].cell(row, 1).value = name
        book["Tiers"].cell(row, 3).value = limit
    book.save(tmp_path / "tiers.xlsx")
    out, _ = refreshed(tmp_path / "tiers.xlsx")
    values = table_of(out, "My customers")
    for clv, tier, gap in zip(
        values["CLV"], values["Tier"], values["Gap to next tier"], strict=True
    ):
        expected = "Gold" if clv >= 300 else "Silver" if clv >= 100 else "Bronze"
        next_at = 0 if clv >= 300 else 300 - clv if clv >= 100 else 100 - clv
        assert (tier, gap) == (expected, next_at)


def test_a_faulty_tier_table_is_named_and_tiers_are_proposed(tmp_path: Path) -> None:
    first, _ = refreshed(a_plain_sheet(tmp_path / "book.xlsx"))
    book = openpyxl.load_workbook(first)
    book["Tiers"]["C7"].value = "lots"
    book.save(tmp_path / "tiers.xlsx")
    out, results = refreshed(tmp_path / "tiers.xlsx")
    assert results.proposed
    result, where = checks_of(out)["The tiers are in order"]
    assert result == "✖ Correct"
    assert "Tiers!C7" in where


# --- the template -----------------------------------------------------------------------------


def test_the_template_refreshed_shows_what_it_shows(tmp_path: Path) -> None:
    book = tmp_path / "template.xlsx"
    write_book(book, sample_results())
    out, _ = refreshed(book)
    assert sheets_of(out) == sheets_of(book)
    before, after = all_cells(book), all_cells(out)
    for sheet in before:
        assert _rounded(after[sheet]) == _rounded(before[sheet]), sheet
    assert changed_cells(book, out, "Examples") == set()
    assert changed_cells(book, out, "Input") == set()


def _rounded(rows: list[list[object]]) -> list[list[object]]:
    """Leave out the last digits of sums, and empty cells at the end of rows."""
    return [
        [float(f"{cell:.12g}") if isinstance(cell, float) else cell for cell in row] for row in rows
    ]


def test_macros_of_a_book_stay(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsm"
    with xlsxwriter.Workbook(tmp_path / "made.xlsm") as made:
        sheet = made.add_worksheet("Clients")
        sheet.write_row(0, 0, CUSTOMERS)
        sheet.write_row(1, 0, ["C1", 50, 2, 3])
        project = tmp_path / "vbaProject.bin"
        project.write_bytes(b"macros" * 100)
        made.add_vba_project(project)
    (tmp_path / "made.xlsm").rename(book)
    out, _ = refreshed(book)
    assert out.name == "book-refreshed.xlsm"
    assert parts(out)["xl/vbaProject.bin"] == parts(book)["xl/vbaProject.bin"]


def test_only_one_sheet_is_looked_at_where_that_is_said(tmp_path: Path) -> None:
    book = a_book(
        tmp_path / "book.xlsx", {"2025": [CUSTOMERS, *CLIENTS], "2026": [CUSTOMERS, *CLIENTS[:2]]}
    )
    message = refused(book)
    assert "2025!A1" in message
    assert "2026!A1" in message
    assert "--sheet" in message
    out, results = refreshed(book, choices=Choices(sheet="2026"))
    assert results.people.size == 2
    assert changed_cells(book, out, "2025") == set()


def test_money_is_never_cut(tmp_path: Path) -> None:
    out, _ = refreshed(customers(tmp_path / "a.xlsx", ["C1", 0.1, 3, 1], ["C2", 1e9, 12, 30]))
    clv = clv_of(out)
    assert math.isclose(clv[0], 0.3, rel_tol=1e-12)
    assert clv[1] == 3.6e11


def test_a_totals_row_in_a_table_made_with_openpyxl(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Clients"
    for row in [CUSTOMERS, *CLIENTS, ("Total", None, None, "=SUBTOTAL(109,D2:D4)")]:
        sheet.append(row)
    list_as_table(sheet, "Kunden", "A1:D5", totals=1)
    book.save(tmp_path / "book.xlsx")
    out, results = refreshed(tmp_path / "book.xlsx")
    assert results.people.size == 3
    assert headed(out, "Clients", 1)["CLV"][5].value is None


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
