import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from xlclv.errors import InputError
from xlclv.reading.find import find_table
from xlclv.reading.found import Found
from xlclv.reading.source import ListedTable, Sheet, Source, read_source
from xlclv.reading.textcells import typed
from xlclv.tables import CUSTOMERS, ORDERS, TIERS, Place, read_table

DAY = dt.date(2026, 1, 31)
Rows = Sequence[Sequence[object]]

HEADERS = ["Order id", "Customer id", "Order date", "Amount net"]
ROWS: Rows = [["O1", "C1", DAY, 12.5], ["O2", "C2", DAY, -3.0], ["O3", "C1", DAY, 7.0]]
ORDERS_AT_A1: Rows = [HEADERS, *ROWS]
PEOPLE: Rows = [["Customer id", "Average purchase value", "Lifespan"], ["C1", 50.0, 3.0]]


def source(*tables: ListedTable, kind: str = "xlsx", **sheets: Rows) -> Source:
    filled = {}
    for name, rows in sheets.items():
        width = max(map(len, rows), default=0)
        filled[name] = [[*row, *[""] * (width - len(row))] for row in rows]
    made = tuple(Sheet(name, rows, tables) for name, rows in filled.items())
    return Source(Path("book.xlsx"), kind, made, {})  # type: ignore[arg-type]


def orders(rows: Rows, *tables: ListedTable) -> Found:
    found = find_table(source(*tables, Data=rows), ORDERS)
    assert found is not None
    return found


def columns(found: Found) -> list[list[object]]:
    return [list(column) for column in found.raw.columns]


def moved(rows: Rows, *, down: int, right: int) -> list[list[object]]:
    return [[] for _ in range(down)] + [[""] * right + list(row) for row in rows]


def has_value(index: Mapping[str, int]) -> bool:
    return "avg_value" in index or "revenue" in index


# where a table may stand


@pytest.mark.parametrize(("down", "right"), [(0, 0), (5, 0), (0, 3), (59, 2)])
def test_a_table_is_found_wherever_it_begins(down: int, right: int) -> None:
    found = orders(moved(ORDERS_AT_A1, down=down, right=right))
    assert found.raw.where == Place("Data", down + 1, right + 1)
    assert (found.sheet, found.table, found.last_row) == ("Data", None, down + 4)
    assert found.raw.headers == tuple(HEADERS)
    assert columns(found) == [list(cells) for cells in zip(*ROWS, strict=True)]
    assert found.index == {"order_id": 0, "customer_id": 1, "order_date": 2, "amount_net": 3}


def test_titles_above_and_notes_beside_do_not_matter() -> None:
    table = moved(ORDERS_AT_A1, down=3, right=1)
    table[0] = ["Orders of 2026", "Total", 16.5]
    table[1] = ["Customer: all", "Date", DAY]
    table[3] += ["", "Remarks", "Amount"]
    table[4] += ["", "call back", 99]
    found = orders(table)
    assert found.raw.where == Place("Data", 4, 2)
    assert found.raw.headers == tuple(HEADERS)
    assert found.last_row == 7


def test_a_column_without_header_belongs_to_the_table_that_needs_what_is_behind() -> None:
    rows = [[row[0], row[1], "", *row[2:]] for row in ORDERS_AT_A1]
    assert orders(rows).raw.headers == ("Order id", "Customer id", "", "Order date", "Amount net")


def test_headers_may_have_other_names_spaces_and_line_breaks() -> None:
    found = orders([["E-Mail", "Purchase\ndate", " AMOUNT "], ["a@b.c", DAY, 5.0]])
    assert found.index == {"customer_id": 0, "order_date": 1, "amount_net": 2}


def test_numbers_and_dates_are_no_headers() -> None:
    found = orders([[2026.0, *HEADERS, DAY], *([1.0, *row, 5] for row in ROWS)])
    assert found.raw.headers == ("", *HEADERS, "")
    assert found.index["customer_id"] == 2


def test_blank_rows_inside_stay_and_blank_rows_below_go() -> None:
    rows = [HEADERS, ROWS[0], [], ROWS[1], [], ["", " ", None]]
    found = orders(rows)
    assert (found.last_row, found.raw.rows) == (4, 3)
    table = read_table(found.raw, ORDERS)
    assert list(table.used) == [0, 2]


def test_cells_below_other_columns_do_not_lengthen_the_table() -> None:
    assert orders([*ORDERS_AT_A1, [], ["", "", "", "", "", "note"]]).last_row == 4


@pytest.mark.parametrize("rows", [[], [["Anything"], ["else"]], [HEADERS], [HEADERS, ["", " "]]])
def test_no_header_or_no_row_below_it_is_no_table(rows: Rows) -> None:
    assert find_table(source(Data=rows), ORDERS) is None
    assert find_table(source(Data=moved(ORDERS_AT_A1, down=60, right=0)), ORDERS) is None


def test_what_suffices_the_caller_says() -> None:
    book = source(Orders=ORDERS_AT_A1, People=PEOPLE)
    found = find_table(book, CUSTOMERS, enough=has_value)
    assert found is not None
    assert found.sheet == "People"
    assert find_table(source(Orders=ORDERS_AT_A1), CUSTOMERS, enough=has_value) is None


# several tables


def test_several_tables_are_refused_and_listed() -> None:
    june = [[*HEADERS[:3], "Order total"], *ORDERS_AT_A1[1:]]
    book = source(May=ORDERS_AT_A1, June=moved(june, down=2, right=0), People=PEOPLE)
    with pytest.raises(InputError) as caught:
        find_table(book, ORDERS)
    assert caught.value.key == "several_tables"
    assert "May!A1, June!A3" in str(caught.value)
    found = find_table(book, ORDERS, sheet=" june ")
    assert found is not None
    assert found.raw.where == Place("June", 3, 1)
    found = find_table(book, ORDERS, skip=["June"])
    assert found is not None
    assert found.sheet == "May"


def test_two_tables_side_by_side_are_refused() -> None:
    rows = [[*row, "", *row] for row in ORDERS_AT_A1]
    with pytest.raises(InputError) as caught:
        find_table(source(Data=rows), ORDERS)
    assert caught.value.key == "several_tables_on_sheet"
    assert "Data!A1, Data!F1" in str(caught.value)


def test_a_table_without_rows_does_not_compete() -> None:
    found = find_table(source(Blank=[HEADERS], Data=ORDERS_AT_A1), ORDERS)
    assert found is not None
    assert found.sheet == "Data"


def test_an_unknown_sheet_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        find_table(source(May=ORDERS_AT_A1), ORDERS, sheet="June")
    assert caught.value.key == "no_such_sheet"
    assert "May" in str(caught.value)


# headers the user names


def test_a_chosen_header_counts() -> None:
    rows = [["Kunde", "Tag", "Net", "Brutto"], ["C1", DAY, 5.0, 6.0]]
    chosen = {"customer_id": "kunde", "order_date": "Tag", "amount_net": "Brutto"}
    found = find_table(source(Data=rows), ORDERS, chosen=chosen)
    assert found is not None
    assert found.index == {"customer_id": 0, "order_date": 1, "amount_net": 3}
    assert found.chosen == chosen
    assert read_table(found.raw, ORDERS, found.chosen).values("amount_net")[0] == 6


def test_a_chosen_header_tells_tables_apart() -> None:
    other = [[*HEADERS[:3], "Brutto"], *ROWS]
    book = source(Net=ORDERS_AT_A1, Gross=[[*HEADERS, "Brutto"], *([*r, 1.0] for r in ROWS)])
    found = find_table(book, ORDERS, chosen={"amount_net": "Brutto"})
    assert found is not None
    assert found.sheet == "Gross"
    found = find_table(source(Net=ORDERS_AT_A1, Gross=other), ORDERS, chosen={"cost": "Brutto"})
    assert found is not None
    assert found.sheet == "Net"


def test_a_chosen_header_may_be_meant_for_the_other_table() -> None:
    book = source(Orders=[["Kunde", *HEADERS[2:]], *(row[1:] for row in ROWS)], People=PEOPLE)
    chosen = {"customer_id": "Kunde", "order_date": "Order date"}
    people = find_table(book, CUSTOMERS, chosen=chosen, enough=has_value)
    assert people is not None
    assert (people.index["customer_id"], people.chosen) == (0, {})
    found = find_table(book, ORDERS, chosen=chosen)
    assert found is not None
    assert found.chosen == chosen


def test_a_chosen_header_that_is_nowhere_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        find_table(source(Data=ORDERS_AT_A1), ORDERS, chosen={"amount_net": "Brutto"})
    assert caught.value.key == "no_such_header"
    assert "Order id, Customer id, Order date, Amount net" in str(caught.value)


# tables that Excel lists


def test_a_listed_table_sets_the_limits() -> None:
    rows = [[*row, "own"] for row in moved(ORDERS_AT_A1, down=1, right=0)]
    table = ListedTable("Sales", 2, 1, 4, 4)
    found = orders(rows, table)
    assert (found.table, found.last_row, found.raw.rows) == (table, 4, 2)
    assert found.raw.headers == tuple(HEADERS)


def test_a_listed_table_may_begin_far_down() -> None:
    table = ListedTable("Sales", 101, 1, 104, 4)
    assert orders(moved(ORDERS_AT_A1, down=100, right=0), table).table == table


def test_the_table_asked_for_by_name_is_taken_at_once() -> None:
    tables = (ListedTable("tblOrders", 1, 1, 4, 4), ListedTable("Copy", 1, 6, 4, 9))
    rows = [[*row, "", *row] for row in ORDERS_AT_A1]
    found = find_table(source(*tables, Data=rows), ORDERS, listed="tblOrders")
    assert found is not None
    assert found.table == tables[0]
    found = find_table(source(Data=ORDERS_AT_A1), ORDERS, listed="tblOrders")
    assert found is not None
    assert found.table is None


@pytest.mark.parametrize("last_row", [1, 2])
def test_where_the_table_asked_for_is_blank_no_other_is_looked_for(last_row: int) -> None:
    rows = [HEADERS, [], [], [], *ORDERS_AT_A1]
    book = source(ListedTable("tblOrders", 1, 1, last_row, 4), Data=rows)
    assert find_table(book, ORDERS, listed="tblOrders", sheet="Data") is None
    found = find_table(book, ORDERS, listed="tblOrders")  # the empty one may be the user's own
    assert found is not None
    assert found.span == "Data!A5:D8"


# totals


@pytest.mark.parametrize(
    "total",
    [
        [["Total", "", "", 16.5]],
        [["", "TOTAL:", "", 16.5]],
        [["", "", "", 16.5]],
        [["", "", "Grand total", 16.5], [], ["", "合計", "", 16.5]],
        [[], ["", "", "", 16.5]],
    ],
)
def test_totals_below_are_left_out_and_told(total: Rows) -> None:
    found = orders([*ORDERS_AT_A1, *total])
    assert (found.last_row, found.raw.rows) == (4, 3)
    assert "row 5" in found.notes[-1]
    assert "totals" in found.notes[-1]


@pytest.mark.parametrize("last", [["O4", "", DAY, 5.0], ["O4", "Total Energies", DAY, 5.0]])
def test_an_order_that_lacks_its_customer_is_no_total(last: Sequence[object]) -> None:
    found = orders([*ORDERS_AT_A1, last])
    assert found.last_row == 5
    assert not any("totals" in note for note in found.notes)


def test_the_totals_of_a_listed_table_are_told() -> None:
    table = ListedTable("Sales", 1, 1, 4, 4, totals_rows=1)
    found = orders([*ORDERS_AT_A1, ["Total", "", "", 16.5]], table)
    assert found.last_row == 4
    assert "row 5" in found.notes[-1]


# what is told


def test_notes_say_what_was_taken_for_what() -> None:
    rows = [["Customer", "Date", "Amount", "Amount", "Mood"], ["C1", DAY, 5.0, 6.0, "good"]]
    assert orders(rows).notes == ("Found the order table at Data!A1:E2.",)
    rows = [["Customer", "AOV", "Frequency", "Mood"], ["C1", 5.0, 6.0, "good"]]
    found = find_table(source(Data=rows), CUSTOMERS)
    assert found is not None
    assert found.notes[1:] == (
        (
            'Columns: Customer id = "Customer" (A), Average order value (AOV) = "AOV" (B), '
            'Purchase frequency = "Frequency" (C).'
        ),
        "Columns not used: Mood.",
    )


def test_tables_of_other_kinds_are_found_too() -> None:
    found = find_table(source(Rules=[["Tier", "Enter at"], ["Gold", 100.0]]), TIERS)
    assert found is not None
    assert found.index == {"tier": 0, "enter_at": 1}


# real files


def test_a_workbook_is_searched(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "My data"
    sheet["B2"] = "Orders\nof our shop"
    sheet.merge_cells("B2:E3")
    for at, row in enumerate(ORDERS_AT_A1, start=6):
        for column, cell in enumerate(row, start=2):
            sheet.cell(at, column, cell)
    sheet.add_table(Table(displayName="tblOrders", ref="B6:E9"))
    book.save(tmp_path / "shop.xlsx")
    found = find_table(read_source(tmp_path / "shop.xlsx"), ORDERS, listed="tblOrders")
    assert found is not None
    assert found.raw.where == Place("My data", 6, 2)
    table = read_table(found.raw, ORDERS)
    assert list(table.values("amount_net")) == [12.5, -3, 7]
    assert table.faults == ()


def csv_file(tmp_path: Path, text: str) -> Source:
    (tmp_path / "shop.csv").write_text(text, encoding="cp1252")
    return read_source(tmp_path / "shop.csv")


def test_a_text_file_is_searched(tmp_path: Path) -> None:
    text = "Verkäufe\n\nCustomer;Date;Net amount\n007;31.01.2026;1.234,50 €\nMüller;;5,00 €\n"
    found = find_table(csv_file(tmp_path, text + "Summe;;1.239,50 €\n"), ORDERS)
    assert found is not None
    assert (found.raw.where, found.last_row) == (Place("shop", 3, 1), 5)
    raw, notes = typed(found.raw, found.index)
    table = read_table(raw, ORDERS, found.chosen)
    assert list(table.values("amount_net")) == [1234.5, 5]
    assert list(table.values("customer_id")) == ["007", "Müller"]
    assert [fault.cell for fault in table.faults] == ["shop!B5"]
    assert len(notes) == 3


def test_a_line_with_more_cells_than_the_header_is_refused(tmp_path: Path) -> None:
    text = 'Customer,Date,Amount\n"C\n1",2026-01-31,5\nC2,2026-01-31,1,234\nC3,2026-01-31,1,5,\n'
    with pytest.raises(InputError) as caught:
        find_table(csv_file(tmp_path, text), ORDERS)
    assert caught.value.key == "csv_row_too_long"
    facts = caught.value.facts
    assert [facts[name] for name in ("line", "cells", "expected", "long")] == [4, 4, 3, 2]


def test_blank_cells_at_the_end_of_a_line_do_no_harm(tmp_path: Path) -> None:
    text = "Customer,Date,Amount\nC1,2026-01-31,5,,\nC2,2026-01-31\n"
    found = find_table(csv_file(tmp_path, text), ORDERS)
    assert found is not None
    assert columns(found)[2] == ["5", None]
