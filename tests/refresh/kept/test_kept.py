"""What users add to our tabs stays, over refreshes with other customers and over postings."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from tests.refresh.books import STAMP, orders, refreshed
from xlclv.errors import InputError
from xlclv.refresh.refresh import RefreshRequest, refresh
from xlclv.refresh.verify import compare

pytestmark = pytest.mark.slow
YELLOW, GOOD = PatternFill("solid", fgColor="FFFFFF00"), PatternFill("solid", fgColor="FFC6EFCE")
START = date(2026, 1, 1)


def log(path: Path, names: str) -> Path:
    """Write an order log in which the first customer spends most."""
    rows = [
        (name, START + timedelta(days=7 * turn + at), 100 - 10 * at)
        for turn in range(6)
        for at, name in enumerate(names)
    ]
    return orders(path, *rows)


def results_with(tmp_path: Path, change: Callable[[Workbook], None], names: str = "abcd") -> Path:
    """Return a refreshed book that a user has changed."""
    path, _ = refreshed(log(tmp_path / "log.xlsx", names))
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def other_orders(path: Path, names: str) -> None:
    """Put other orders into a book, such that the customers change places."""
    book = openpyxl.load_workbook(path)
    sheet = book["Export"]
    sheet.delete_rows(2, sheet.max_row)
    for turn in range(6):
        for at, name in enumerate(names):
            sheet.append([name, START + timedelta(days=7 * turn + at), 100 - 10 * at])
    book.save(path)


def again(path: Path) -> Workbook:
    out = path.with_name("again.xlsx")
    refresh(RefreshRequest(path, out, replace_out=True, keep_old=False), STAMP)
    found = compare(path, out)
    assert found.only_ours, [one for one in found.findings if not one.ours]
    return openpyxl.load_workbook(out)


def row_of(sheet: Worksheet, customer: str) -> int:
    return next(row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 1).value == customer)


def last_column(sheet: Worksheet) -> int:
    return openpyxl.utils.range_boundaries(sheet.tables["tblValues"].ref)[2]  # type: ignore[no-any-return]


def with_column(book: Workbook) -> None:
    """Add a column at the right end of our table, as Excel does when somebody types there."""
    sheet = book["CustomerValues"]
    column = last_column(sheet) + 1
    table = sheet.tables["tblValues"]
    sheet.cell(5, column).value = "My note"
    for name in "abcd":
        row = row_of(sheet, name)
        sheet.cell(row, column).value = f"call {name}"
        sheet.cell(row, column + 2).value = f"=A{row}&$A$5"  # beside the table, behind a gap
    first, _, last = table.ref.partition(":")
    table.tableColumns.append(TableColumn(id=99, name="My note"))
    table.ref = f"{first}:{openpyxl.utils.get_column_letter(column)}{last[-1]}"
    table.autoFilter.ref = table.ref


def test_a_column_beside_our_table_follows_its_customers(tmp_path: Path) -> None:
    path = results_with(tmp_path, with_column)
    other_orders(path, "dxcba")
    sheet = again(path)["CustomerValues"]
    column = last_column(sheet)
    assert sheet.cell(5, column).value == "My note"
    for name in "abcd":
        row = row_of(sheet, name)
        assert sheet.cell(row, column).value == f"call {name}"
        assert sheet.cell(row, column + 2).value == f"=A{row}&$A$5"
    assert sheet.cell(row_of(sheet, "x"), column).value is None
    assert sheet.tables["tblValues"].column_names[-1] == "My note"


def test_what_belongs_to_a_customer_who_left_is_refused(tmp_path: Path) -> None:
    path = results_with(tmp_path, with_column)
    other_orders(path, "abx")
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"CustomerValues!\w+\d+: what you put there belongs"):
        again(path)
    assert path.read_bytes() == before
    assert not path.with_name("again.xlsx").exists()


def test_a_column_among_ours_is_refused(tmp_path: Path) -> None:
    def insert(book: Workbook) -> None:
        table = book["CustomerValues"].tables["tblValues"]
        table.tableColumns[2].name = "Mine"
        book["CustomerValues"].cell(5, 3).value = "Mine"

    with pytest.raises(InputError, match='your column "Mine" stands among ours'):
        again(results_with(tmp_path, insert))


def test_cells_where_results_go_are_refused(tmp_path: Path) -> None:
    def below(book: Workbook) -> None:
        book["CustomerValues"]["B10"] = "my remark"

    path = results_with(tmp_path, below)
    assert again(path)["CustomerValues"]["B10"].value == "my remark"
    other_orders(path, "abcdef")
    with pytest.raises(InputError, match="B10: what you put there stands where results"):
        again(path)


def test_colours_notes_rules_and_protection_stay(tmp_path: Path) -> None:
    def mark(book: Workbook) -> None:
        sheet = book["CustomerValues"]
        row = row_of(sheet, "c")
        sheet.cell(row, 2).fill = YELLOW
        sheet.cell(row, 1).font = Font(bold=True, color="FF123456")
        sheet.cell(row_of(sheet, "b"), 1).fill = GOOD  # as Excel's own cell style has it
        sheet.cell(row, 1).comment = Comment("asked for a refund", "Ann")
        sheet.conditional_formatting.add("A6:A9", FormulaRule(formula=['$A6="b"'], fill=YELLOW))
        sheet.conditional_formatting.add("B6:B9", CellIsRule(operator="lessThan", formula=["5"]))
        sheet.column_dimensions["A"].width = 44
        sheet.freeze_panes = "C6"
        sheet.sheet_properties.tabColor = "FFFF0000"
        sheet.protection.sheet = True
        book["Checks"]["B5"].fill = GOOD
        book["Summary"]["K2"] = "for the board"
        book["Summary"]["A5"].fill = YELLOW

    path = results_with(tmp_path, mark)
    other_orders(path, "xdcba")
    book = again(path)
    sheet = book["CustomerValues"]
    row = row_of(sheet, "c")
    assert sheet.cell(row, 2).fill.fgColor.rgb == "FFFFFF00"
    assert sheet.cell(row, 1).font.color.rgb == "FF123456"
    assert sheet.cell(row_of(sheet, "b"), 1).fill.fgColor.rgb == "FFC6EFCE"
    assert sheet.cell(row, 3).fill.fill_type is None
    assert sheet.cell(row, 1).comment.text == "asked for a refund"
    assert sum(bool(cell.comment) for cells in sheet for cell in cells) == 1
    rules = {
        str(one.sqref): [rule.formula for rule in one.rules] for one in sheet.conditional_formatting
    }
    assert rules["A6:A10"] == [['$A6="b"']]
    assert rules["B6:B10"] == [["5"]]
    assert sheet.column_dimensions["A"].width == 44
    assert sheet.freeze_panes == "C6"
    assert sheet.sheet_properties.tabColor.rgb == "FFFF0000"
    assert sheet.protection.sheet
    assert book["Summary"]["K2"].value == "for the board"
    assert book["Summary"]["A5"].fill.fgColor.rgb == "FFFFFF00"


def test_a_chart_of_the_user_stays_and_ours_are_not_doubled(tmp_path: Path) -> None:
    tabs = ("CustomerValues", "Summary", "Details")

    def draw(book: Workbook) -> None:
        for tab in tabs:
            chart = BarChart()
            chart.add_data(Reference(book["CustomerValues"], min_col=4, min_row=5, max_row=9))
            book[tab].add_chart(chart, "AH3")

    path = results_with(tmp_path, draw)
    counts = {}
    for turn in range(3):
        book = again(path)
        counts[turn] = {tab: len(book[tab]._charts) for tab in tabs}  # noqa: SLF001
        path.write_bytes(path.with_name("again.xlsx").read_bytes())
    expected = {"CustomerValues": 1, "Summary": 2, "Details": 5}
    assert counts[0] == counts[1] == counts[2] == expected
