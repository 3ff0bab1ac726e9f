"""Which rows of an order table count, and why the others do not."""

import numpy as np
import pytest

from xlclv.customers.lines import read_lines, signed_amounts
from xlclv.errors import NotEnoughData
from xlclv.tables import ORDERS, RawTable, Table, read_table

PLAIN = ("Customer id", "Order date", "Amount net")
WITH_ID = (*PLAIN, "Order id")


def table(headers: tuple[str, ...], *rows: tuple[object, ...]) -> Table:
    return read_table(RawTable(headers, list(zip(*rows, strict=True))), ORDERS)


def test_rows_that_can_be_read_count() -> None:
    lines = read_lines(table(PLAIN, ("a", "2026-01-01", 5), ("b", "2026-01-02", 7)))
    assert lines.counts.tolist() == [True, True]
    assert lines.as_of == np.datetime64("2026-01-02")
    assert lines.currency == ""


@pytest.mark.parametrize(
    "row",
    [
        ("b", "31.12.2025", 7),
        ("b", "2026-01-02", "7 EUR"),
        (None, "2026-01-02", 7),
        ("b", None, 7),
        ("b", "2026-01-02", None),
        ("b", "2026-01-02", "#REF!"),
    ],
)
def test_a_row_that_cannot_be_read_does_not_count(row: tuple[object, ...]) -> None:
    lines = read_lines(table(PLAIN, ("a", "2026-01-01", 5), row))
    assert lines.counts.tolist() == [True, False]
    assert lines.left_out["unreadable"].tolist() == [False, True]


def test_a_fault_in_a_column_that_is_not_needed_leaves_the_row_in() -> None:
    lines = read_lines(table((*PLAIN, "Tax"), ("a", "2026-01-01", 5, "x")))
    assert lines.counts.tolist() == [True]


def test_an_equal_row_counts_once_if_orders_have_ids() -> None:
    row = ("a", "2026-01-01", 5, "1")
    lines = read_lines(table(WITH_ID, row, row, ("a", "2026-01-01", 6, "1")))
    assert lines.left_out["repeated"].tolist() == [False, True, False]
    assert lines.log().amount.tolist() == [11]


def test_a_row_that_differs_in_a_column_of_no_meaning_is_no_repeat() -> None:
    headers = (*WITH_ID, "Line number")
    lines = read_lines(
        table(headers, ("a", "2026-01-01", 5, "1", 1), ("a", "2026-01-01", 5, "1", 2))
    )
    assert lines.counts.all()


def test_without_order_ids_equal_rows_are_two_purchases() -> None:
    row = ("a", "2026-01-01", 5)
    lines = read_lines(table(PLAIN, row, row))
    assert "repeated" not in lines.left_out
    assert lines.log().spend().tolist() == [10]


def test_the_most_frequent_currency_counts() -> None:
    rows = [("a", "2026-01-01", money, sign) for money, sign in ((1, "EUR"), (2, "USD"))]
    lines = read_lines(table((*PLAIN, "Currency"), *rows, ("b", "2026-01-01", 4, "EUR")))
    assert lines.currency == "EUR"
    assert lines.left_out["other_currency"].tolist() == [False, True, False]
    assert lines.log().spend().tolist() == [1, 4]


def test_one_currency_leaves_nothing_out() -> None:
    lines = read_lines(table((*PLAIN, "Currency"), ("a", "2026-01-01", 1, "EUR")))
    assert list(lines.left_out) == ["unreadable", "future"]


def test_a_row_without_a_currency_belongs_to_the_most_frequent() -> None:
    rows = [("a", "2026-01-01", 1, sign) for sign in ("EUR", "EUR", "USD", None)]
    lines = read_lines(table((*PLAIN, "Currency"), *rows))
    assert lines.left_out["other_currency"].tolist() == [False, False, True, False]


def test_rows_after_the_day_do_not_count_yet() -> None:
    orders = table(PLAIN, ("a", "2026-01-01", 5), ("a", "2026-01-02", 7))
    lines = read_lines(orders, np.datetime64("2026-01-01"))
    assert lines.left_out["future"].tolist() == [False, True]
    assert lines.log().spend().tolist() == [5]


def test_a_row_marked_as_a_refund_is_negative_either_way() -> None:
    rows = [("a", "2026-01-01", money, mark) for money, mark in ((5, "Yes"), (-5, True), (7, "No"))]
    orders = table((*PLAIN, "Refund"), *rows, ("a", "2026-01-01", 9, None))
    assert signed_amounts(orders).tolist() == [-5, -5, 7, 9]


def test_a_refund_belongs_to_the_order_it_names() -> None:
    headers = (*WITH_ID, "Refund of order")
    bought, kept = ("a", "2026-01-01", 50, "1", None), ("a", "2026-01-05", 30, "2", None)
    sent_back = ("a", "2026-01-09", -50, "R1", "1")
    log = read_lines(table(headers, bought, kept, sent_back)).log()
    assert log.amount.tolist() == [30]


def test_no_row_left_says_so() -> None:
    with pytest.raises(NotEnoughData, match=r"\[N205\]$"):
        read_lines(table(PLAIN, ("a", "someday", 5)))


def test_only_rows_after_the_day_say_so() -> None:
    with pytest.raises(NotEnoughData, match=r"no order up to 2025-01-01.*\[N201\]$"):
        read_lines(table(PLAIN, ("a", "2026-01-01", 5)), np.datetime64("2025-01-01"))
