"""The monthly routine: a new export goes into the existing book."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.refresh.books import (
    STAMP,
    a_book,
    a_csv,
    by_customer,
    changed_cells,
    folder,
    refreshed,
    refused,
    rows_of,
)
from xlclv.errors import InputError
from xlclv.refresh.refresh import RefreshRequest, look_at, refresh

HEADER = "Order number,Customer id,Order date,Product,Net amount,Status"
JANUARY = ["1,a,2026-01-05,Mug,10,paid", "2,b,2026-01-31,Plate,20,pending"]
FEBRUARY = ["2,b,2026-01-31,Plate,25,paid", "3,c,2026-02-03,Bowl,30,paid"]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return the book made of January's export."""
    export = a_csv(tmp_path / "january.csv", HEADER, *JANUARY)
    path, _ = refresh(RefreshRequest(export, tmp_path / "book.xlsx"), STAMP)
    return path


def february(folder: Path, *lines: str) -> tuple[Path, ...]:
    return (a_csv(folder / "february.csv", HEADER, *(lines or FEBRUARY)),)


def orders_of(path: Path) -> list[list[Any]]:
    """Return number, customer, day, product, amount and status of each row of the order tab."""
    rows = rows_of(path, "Orders")[4:]
    wanted = ("Order id", "Customer id", "Order date", "Product", "Amount net", "Order status")
    places = [rows[0].index(header) for header in wanted if header in rows[0]]
    return [[row[at] for at in places] for row in rows[1:]]


def said(path: Path, exports: tuple[Path, ...]) -> dict[str, str]:
    table = look_at(RefreshRequest(path, orders=exports), STAMP).inputs.orders
    assert table is not None
    assert table.reading is not None
    return {rule.name: rule.text for rule in table.reading.rules}


def test_new_orders_are_added_and_changed_ones_updated(book: Path, tmp_path: Path) -> None:
    exports = february(tmp_path)
    rules = said(book, exports)
    assert rules["orders_added"] == (
        "From the export: 1 orders with 30.00 are new; 0 were there already."
    )
    assert "(+5.00): 2 20.00 → 25.00" in rules["orders_updated"]
    out, results = refreshed(book, orders=exports)
    assert orders_of(out) == [
        ["1", "a", date(2026, 1, 5), "Mug", 10, "paid"],
        ["2", "b", date(2026, 1, 31), "Plate", 25, "paid"],
        ["3", "c", date(2026, 2, 3), "Bowl", 30, "paid"],
    ]
    assert by_customer(out, "Revenue") == {"a": 10, "b": 25, "c": 30}
    assert any("are new" in note for note in results.notes)


def test_the_same_month_twice_changes_nothing(book: Path, tmp_path: Path) -> None:
    exports = february(tmp_path)
    first, _ = refreshed(book, orders=exports)
    second, _ = refreshed(first, orders=exports)
    assert changed_cells(first, second, "Orders") == set()
    assert "orders_updated" not in said(first, exports)
    # A refund row of a later month joins its order and stays there.
    march = (a_csv(tmp_path / "march.csv", HEADER, "1,a,2026-03-01,Mug,-4,paid"),)
    third, _ = refreshed(second, orders=march)
    assert by_customer(third, "Revenue")["a"] == 6
    for again in (exports, march):
        fourth, _ = refreshed(third, orders=again)
        assert changed_cells(third, fourth, "Orders") == set()


def test_orders_gone_from_the_export_stay(book: Path, tmp_path: Path) -> None:
    out, _ = refreshed(book, orders=february(tmp_path, "3,c,2026-02-03,Bowl,30,paid"))
    assert [row[0] for row in orders_of(out)] == ["1", "2", "3"]


def test_a_cancelled_order_counts_no_more(book: Path, tmp_path: Path) -> None:
    lines = ["1,a,2026-01-05,Mug,10,cancelled", FEBRUARY[1]]
    out, _ = refreshed(book, orders=february(tmp_path, *lines))
    assert by_customer(out, "Revenue") == {"c": 30}
    assert [row[-1] for row in orders_of(out)] == ["cancelled", "pending", "paid"]


def test_a_line_taken_out_of_an_order_is_worth_nothing(tmp_path: Path) -> None:
    lines = ["1,a,2026-01-05,Mug,10,paid", "1,a,2026-01-05,Plate,20,paid"]
    export = a_csv(tmp_path / "january.csv", HEADER, *lines)
    book, _ = refresh(RefreshRequest(export, tmp_path / "book.xlsx"), STAMP)
    exports = february(tmp_path, lines[1])
    out, _ = refreshed(book, orders=exports)
    assert by_customer(out, "Revenue") == {"a": 20}
    again, _ = refreshed(out, orders=exports)
    assert changed_cells(out, again, "Orders") == set()


def test_orders_without_numbers_are_added_as_often_as_they_are_more(tmp_path: Path) -> None:
    header, row = "Customer id,Order date,Net amount", "a,2026-01-05,10"
    export = a_csv(tmp_path / "january.csv", header, row)
    book, _ = refresh(RefreshRequest(export, tmp_path / "book.xlsx"), STAMP)
    more = (a_csv(tmp_path / "both.csv", header, row, row, "b,2026-02-01,7"),)
    out, _ = refreshed(book, orders=more)
    assert by_customer(out, "Revenue") == {"a": 20, "b": 7}
    again, _ = refreshed(out, orders=more)
    assert changed_cells(out, again, "Orders") == set()


def test_what_the_user_added_stays(book: Path, tmp_path: Path) -> None:
    edited = openpyxl.load_workbook(book)
    sheet = edited["Orders"]
    width = sheet.max_column
    sheet.cell(5, width + 1, "My note")
    sheet.cell(6, width + 1, "call back")
    edited["Input"]["B16"].comment = None
    table = sheet.tables["tblOrders"]
    table.ref = f"A5:{sheet.cell(5, width + 1).coordinate[:-1]}7"
    table.autoFilter.ref = table.ref
    table.tableColumns.append(
        openpyxl.worksheet.table.TableColumn(id=len(table.tableColumns) + 1, name="My note")
    )
    edited.save(tmp_path / "edited.xlsx")
    out, _ = refreshed(tmp_path / "edited.xlsx", orders=february(tmp_path))
    after = openpyxl.load_workbook(out)["Orders"]
    assert after.cell(6, width + 1).value == "call back"
    assert after.tables["tblOrders"].ref.endswith("8")
    assert len(orders_of(out)) == 3


def test_a_column_the_book_lacks_is_added(tmp_path: Path) -> None:
    header = "Order number,Customer id,Order date,Net amount"
    export = a_csv(tmp_path / "january.csv", header, "1,a,2026-01-05,10")
    book, _ = refresh(RefreshRequest(export, tmp_path / "book.xlsx"), STAMP)
    out, _ = refreshed(book, orders=february(tmp_path, "3,c,2026-02-03,Bowl,30,cancelled"))
    assert by_customer(out, "Revenue") == {"a": 10}


def test_what_cannot_be_read_is_looked_at(book: Path, tmp_path: Path) -> None:
    exports = february(tmp_path, FEBRUARY[1], "4,d,2026-02-04,Bowl,much,paid")
    table = look_at(RefreshRequest(book, orders=exports), STAMP).inputs.orders
    assert table is not None
    assert table.reading is not None
    rule = next(rule for rule in table.reading.rules if rule.name == "rows_not_put_in")
    assert (rule.level, rule.rows) == ("warning", 1)
    assert "february!" in rule.text


def test_a_book_that_takes_no_orders_is_refused(tmp_path: Path) -> None:
    book = a_book(
        tmp_path / "b.xlsx",
        {"Mine": [["Customer", "Date", "Total", "Tax"], ["a", date(2026, 1, 1), 12, 2]]},
    )
    assert "layout of its own" in refused(book, orders=february(tmp_path))
    people = a_book(
        tmp_path / "p.xlsx", {"Mine": [["Customer id", "Revenue", "Orders"], ["a", 10, 2]]}
    )
    assert "no order table" in refused(people, orders=february(tmp_path))


def test_in_place_keeps_a_dated_copy(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    exports = february(tmp_path)
    path, _ = refresh(RefreshRequest(book, orders=exports, in_place=True), STAMP)
    assert path == book
    assert len(orders_of(book)) == 3
    assert (tmp_path / "book-2026-07-01-093000.xlsx").read_bytes() == before
    with pytest.raises(InputError, match="no workbook that can be"):
        refresh(RefreshRequest(exports[0], in_place=True), STAMP)


def test_nothing_is_written_when_the_export_is_refused(book: Path, tmp_path: Path) -> None:
    exports = (a_csv(tmp_path / "odd.csv", "Something,Else", "1,2"),)
    before = folder(tmp_path)
    with pytest.raises(InputError):
        refresh(RefreshRequest(book, orders=exports, in_place=True), STAMP)
    assert folder(tmp_path) == before


def test_months_one_by_one_give_what_all_at_once_give(tmp_path: Path) -> None:
    random_ = random.Random(7)  # noqa: S311 - the same every time
    lines = []
    for number in range(60):
        day = date(2026, 1, 1) + timedelta(days=number * 3)
        lines.append(f"{number},{random_.choice('abcdef')},{day},Mug,{random_.randint(1, 99)},paid")
    whole, _ = refresh(RefreshRequest(a_csv(tmp_path / "all.csv", HEADER, *lines)), STAMP)
    first = a_csv(tmp_path / "first.csv", HEADER, *lines[:25])
    book, _ = refresh(RefreshRequest(first), STAMP)
    for at in (20, 40):
        part = a_csv(tmp_path / f"part{at}.csv", HEADER, *lines[at : at + 20])
        book, _ = refresh(RefreshRequest(book, orders=(part,)), STAMP)
    assert by_customer(book, "Revenue") == by_customer(whole, "Revenue")
    assert by_customer(book, "Orders") == by_customer(whole, "Orders")
    assert orders_of(book) == orders_of(whole)
