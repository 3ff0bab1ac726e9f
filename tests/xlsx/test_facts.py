"""What stands on the sheets of a file is told by its XML."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
import xlsxwriter

from tests.xlsx.test_fill_columns import SHEET, a_book, customers, edited
from xlclv.addresses import Box
from xlclv.xlsx.facts import FileFacts, StandingTable, defined_names, named_tables
from xlclv.xlsx.package import REL, Package

T = TypeVar("T")
NEW = Box.at("D3:D7")  # beside the customers


def asked(path: Path, question: Callable[[FileFacts], T]) -> T:
    with Package(path) as book:
        return question(FileFacts(book))


def test_array_formulas(tmp_path: Path) -> None:
    array = b'<f t="array" ref="D5:J6">C4:C7</f>'
    book = edited(a_book(tmp_path / "a.xlsx"), b"<f>SUM(C4:C7)</f>", array)
    assert asked(book, lambda facts: facts.one_formula("Customers", NEW)) == "D5:J6"
    assert asked(book, lambda facts: facts.one_formula("Customers", Box.at("A1:C9"))) == ""
    one = edited(a_book(tmp_path / "b.xlsx"), b"<f>SUM(C4:C7)</f>", array.replace(b"D5:J6", b"J6"))
    assert asked(one, lambda facts: facts.one_formula("Customers", Box.at("J6"))) == ""


@pytest.mark.parametrize(
    ("merged", "told"), [("D5:E5", "D5:E5"), ("A1:H1", ""), ("A9:H9", ""), ("C7:D8", "C7:D8")]
)
def test_merged_cells(tmp_path: Path, merged: str, told: str) -> None:
    cells = f'</sheetData><mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>'
    book = edited(a_book(tmp_path / "a.xlsx"), b"</sheetData>", cells.encode())
    assert asked(book, lambda facts: facts.merged("Customers", NEW)) == told


@pytest.mark.parametrize("row", [3, 5, 7])
@pytest.mark.parametrize("entry", ["mine", 0, '=""'])
def test_content(tmp_path: Path, row: int, entry: object) -> None:
    def with_note(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        customers(book, sheet)
        sheet.write(row - 1, 3, entry)

    book = a_book(tmp_path / "a.xlsx", with_note)
    assert asked(book, lambda facts: facts.content("Customers", NEW)) == f"D{row}"
    assert asked(book, lambda facts: facts.content("Customers", Box.at("E1:H9"))) == ""


def test_content_of_cells_without_an_address(tmp_path: Path) -> None:
    """Their place follows from their order; calamine and Excel read them so."""
    cells = b'<row r="5"><c><v>1</v></c><c/><c/><c><v>2</v></c></row>'
    row = re.compile(rb'<row r="5".*?</row>', re.DOTALL)
    path = a_book(tmp_path / "a.xlsx")
    with Package(path) as book:
        book.put(SHEET, row.sub(cells, book.read(SHEET)))
        book.write(tmp_path / "b.xlsx")
    assert asked(tmp_path / "b.xlsx", lambda facts: facts.content("Customers", NEW)) == "D5"


def test_a_format_is_no_content(tmp_path: Path) -> None:
    def with_colour(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        customers(book, sheet)
        sheet.write_blank(4, 3, None, book.add_format({"bg_color": "#FF0000"}))

    book = a_book(tmp_path / "a.xlsx", with_colour)
    assert asked(book, lambda facts: facts.content("Customers", NEW)) == ""


def test_tables(tmp_path: Path) -> None:
    def two(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        customers(book, sheet)
        columns = [{"header": "x"}, {"header": "y"}]
        sheet.add_table("D6:E8", {"name": "tblOther", "header_row": False, "columns": columns})
        book.define_name("rate", "=Customers!$A$1")

    book = a_book(tmp_path / "a.xlsx", two)
    assert asked(book, lambda facts: facts.tables("Customers")) == [
        StandingTable("tblCustomers", Box.at("A3:C8"), totals_rows=1),
        StandingTable("tblOther", Box.at("D6:E8"), has_headers=False),
    ]
    with Package(book) as package:
        assert named_tables(package) == ["tblCustomers", "tblOther"]
        assert defined_names(package) == ["rate"]


@pytest.mark.parametrize(
    ("columns", "grows", "reach"),
    [({4, 5}, True, "A3:E8"), ({5}, True, "A3:C8"), ({4}, False, "A3:C8"), (set(), True, "A3:C8")],
)
def test_a_table_grows_over_columns_without_a_gap(
    columns: set[int],
    grows: bool,  # noqa: FBT001
    reach: str,
) -> None:
    table = StandingTable("tbl", Box.at("A3:C8"), grows=grows)
    assert table.grown(3, columns) == Box.at(reach)
    assert table.grown(4, columns) == table.box


def test_a_pivot_table(tmp_path: Path) -> None:
    book = a_book(tmp_path / "a.xlsx")
    assert not asked(book, lambda facts: facts.holds_pivot("Customers"))
    with Package(book) as package:
        package.put("xl/pivotTables/pivotTable1.xml", b"<p/>", "application/x-pivot")
        package.relate(SHEET, f"{REL}/pivotTable", "xl/pivotTables/pivotTable1.xml")
        package.write(tmp_path / "pivot.xlsx")
    assert asked(tmp_path / "pivot.xlsx", lambda facts: facts.holds_pivot("Customers"))


def test_nothing_keeps_a_copy_from_being_written(tmp_path: Path) -> None:
    def locked(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        customers(book, sheet)
        sheet.protect()

    assert not asked(
        a_book(tmp_path / "a.xlsx", locked), lambda facts: facts.is_protected("Customers")
    )
