"""Ranges with headers become tables: any order of columns, any alias, every fault with its cell."""

from itertools import permutations

import numpy as np
import pytest

from xlclv.addresses import letters
from xlclv.errors import InputError
from xlclv.tables import (
    ARGUMENT_TABLES,
    CUSTOMERS,
    FEEDBACK,
    FIT,
    LEDGER,
    ORDERS,
    REWARDS,
    RULES,
    SPECS,
    TIERS,
    Place,
    RawTable,
    Table,
    TableSpec,
    match_headers,
    missing,
    names_of,
    plain,
    read_table,
    title,
)
from xlclv.terms import TERMS


def read(headers: list[str], *rows: tuple[object, ...], spec: TableSpec = ORDERS) -> Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(headers)
    return read_table(RawTable(headers, columns, Place("Orders", 4, 2)), spec)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_letters_of_a_column(number: int, text: str) -> None:
    assert letters(number) == text


@pytest.mark.parametrize(
    ("header", "reduced"),
    [
        ("Order date", "orderdate"),
        ("ORDER_DATE", "orderdate"),
        (" order-date: ", "orderdate"),
        ("Enter at (≥)", "enterat"),
        ("Größe", "grösse"),
        (None, ""),
        (2026, "2026"),
        ("(…)", ""),
    ],
)
def test_headers_are_compared_by_letters_and_digits(header: object, reduced: str) -> None:
    assert plain(header) == reduced


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_columns_may_stand_in_any_order(order: tuple[int, ...]) -> None:
    headers, row = ["Client", "Invoice date", "Net sales"], ("a", "2026-01-31", 5.0)
    table = read([headers[at] for at in order], tuple(row[at] for at in order))
    assert table.values("customer_id").tolist() == ["a"]
    assert table.values("order_date").astype(str).tolist() == ["2026-01-31"]
    assert table.values("amount_net").tolist() == [5]
    assert table.index["amount_net"] == order.index(2)


@pytest.mark.parametrize(
    ("spec", "name", "alias"),
    [
        (spec, name, alias)
        for spec in SPECS.values()
        for name in spec.columns
        for alias in names_of(name, spec)
    ],
)
def test_every_alias_is_recognised(spec: TableSpec, name: str, alias: str) -> None:
    by_mail = {"customer_id": 0} if (spec, name) == (CUSTOMERS, "customer_email") else {}
    assert match_headers([alias.upper()], spec) == {name: 0, **by_mail}


def test_the_first_alias_of_the_list_wins() -> None:
    headers = ["Total", "Customer", "Date", "Net amount"]
    assert match_headers(headers, ORDERS)["amount_net"] == 3


def test_of_equal_headers_the_first_counts() -> None:
    assert match_headers(["Customer", "Customer"], ORDERS) == {"customer_id": 0}


def test_a_header_is_taken_once() -> None:
    assert match_headers(["Orders", "Order count"], CUSTOMERS) == {"order_count": 1}


def test_the_user_may_choose_a_header() -> None:
    headers = ["Customer", "Date", "Net", "Betrag"]
    chosen = match_headers(headers, ORDERS, {"amount_net": "betrag"})
    assert chosen == {"customer_id": 0, "order_date": 1, "amount_net": 3}


def test_a_choice_for_another_table_is_passed_over() -> None:
    assert match_headers(["Customer"], ORDERS, {"birth_date": "x"}) == {"customer_id": 0}


def test_a_chosen_header_must_be_there() -> None:
    with pytest.raises(InputError) as caught:
        match_headers(["Customer", "", "Net"], ORDERS, {"amount_net": "Betrag"})
    assert str(caught.value) == (
        'There is no header "Betrag" for amount_net. The headers are: Customer, Net. [V106]'
    )


def test_a_missing_column_is_named_with_what_is_there() -> None:
    with pytest.raises(InputError) as caught:
        read(["Customer", "When", ""], ("a", "2026-01-31", None))
    assert str(caught.value) == (
        "the order table lacks the column Order date, Amount net. The headers found are: "
        "Customer, When. Rename a header. [V107]"
    )


def test_one_of_several_columns_may_be_enough() -> None:
    spec = TableSpec("orders", ORDERS.columns, required=("customer_id", ("cost", "tax")))
    assert missing({"customer_id": 0}, spec) == ["Cost / Tax"]
    assert missing({"customer_id": 0, "tax": 1}, spec) == []


HEADERS = ["Customer", "Date", "Net amount", "Qty", "Ignored"]


def test_wholly_blank_rows_are_left_out() -> None:
    table = read(
        HEADERS,
        ("a", "2026-01-31", 5, None, None),
        (None, None, "", " ", "a note"),
        ("b", "2026-02-01", 6, 2, None),
    )
    assert (table.rows, table.used.tolist()) == (2, [0, 2])
    assert table.values("customer_id").tolist() == ["a", "b"]
    assert np.isnan(table.values("qty")[0])
    assert table.values("qty", 1).tolist() == [1, 2]


def test_every_fault_has_its_cell_and_row() -> None:
    table = read(
        HEADERS,
        (None, None, None, None, None),
        ("a", "31.01.2026", "#REF!", None, None),
        ("b", "2026-02-01", None, None, None),
        ("c", "2026-02-01", 5, 1.5, "#N/A"),
    )
    assert [(fault.cell, fault.row, fault.name) for fault in table.faults] == [
        ("Orders!C6", 0, "order_date"),
        ("Orders!D6", 0, "amount_net"),
        ("Orders!D7", 1, "amount_net"),
    ]
    assert str(table.faults[0]) == (
        'Orders!C6: Order date is "31.01.2026"; expected a date. '
        "Write text dates as 2026-01-31. [V102]"
    )
    assert table.faults[1].error.code == "#REF!"
    assert str(table.faults[2]).endswith("Amount net is empty; expected a number. [V101]")
    assert table.bad_rows().tolist() == [True, True, False]


def test_a_faulty_cell_counts_as_the_default() -> None:
    table = read(HEADERS, ("a", "2026-01-31", "x", "y", None))
    assert np.isnan(table.values("amount_net")).all()
    assert table.values("qty", 1).tolist() == [1]


def test_a_column_that_is_not_there_has_the_default() -> None:
    table = read(HEADERS, ("a", "2026-01-31", 5, None, None))
    assert table.values("product").tolist() == [""]
    assert table.values("is_refund").tolist() == [False]
    assert np.isnan(table.values("tax")).all()
    assert table.blank("product").tolist() == [True]
    assert not table.has("product")
    assert not table.has("qty")  # there, but empty
    assert table.has("customer_id")


def test_reading_a_column_leaves_the_table_as_it_is() -> None:
    table = read(HEADERS, ("a", "2026-01-31", 5, None, None))
    table.values("amount_net")[0] = 99
    assert table.values("amount_net").tolist() == [5]


def test_a_table_with_headers_only_has_no_rows() -> None:
    table = read(HEADERS)
    assert (table.rows, table.faults) == (0, ())


@pytest.mark.parametrize("name", list(SPECS))
def test_an_empty_table_answers_like_any_other(name: str) -> None:
    table = Table.empty(name)
    assert (table.rows, table.faults, table.bad_rows().size) == (0, (), 0)
    for column in SPECS[name].columns:
        assert table.values(column).size == 0


def test_a_place_without_a_sheet_is_a_bare_address() -> None:
    assert Place().cell(1, 0) == "B2"
    assert Place("T", 3, 27).cell(0, 9) == "T!AA13"


@pytest.mark.parametrize("spec", SPECS.values(), ids=str)
def test_every_table_is_made_of_terms(spec: TableSpec) -> None:
    assert set(spec.columns) <= set(TERMS)
    required = {
        name for need in spec.required for name in ([need] if isinstance(need, str) else need)
    }
    assert set(spec.filled) <= required <= set(spec.columns)
    assert len(set(spec.columns + spec.results)) == len(spec.columns) + len(spec.results)


def test_every_table_argument_has_its_table() -> None:
    tables = {name for name, term in TERMS.items() if term.kind == "table"}
    assert set(ARGUMENT_TABLES) == tables
    assert set(ARGUMENT_TABLES.values()) == {
        *(ORDERS, CUSTOMERS, TIERS, RULES, LEDGER, FEEDBACK, REWARDS, FIT)
    }


def test_the_title_is_the_first_alias() -> None:
    assert (title("order_date"), title("enter_at")) == ("Order date", "Enter at (≥)")
