"""A workbook refreshed once more, and the template."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter

from tests.refresh.books import (
    CUSTOMERS,
    STAMP,
    a_book,
    changed_cells,
    checks_of,
    customers,
    day,
    headed,
    list_as_table,
    parts,
    refreshed,
    refused,
    rows_of,
    sheets_of,
    table_of,
)
from tests.refresh.plain_books import CLIENTS, a_listed_sheet, a_plain_sheet, all_cells, clv_of
from xlclv.reading.choices import Choices
from xlclv.workbook.template import sample_results, write_book

pytestmark = pytest.mark.slow

# --- once more --------------------------------------------------------------------------------


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
    assert len(set(history["Total customer value (simple CLV)"])) == 1
    assert "unchanged" in str(rows_of(second, "Details"))
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
    name = openpyxl.load_workbook(out).defined_names["tab_segments"].attr_text
    assert name.startswith("'Eva''s groups'!$A$1:")
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
