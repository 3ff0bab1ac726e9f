"""The order log against a reference that goes through one customer at a time."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.customers.log import NO_KEY, OrderLog, order_log, repeated
from xlclv.terms import IntArray

AS_OF = np.datetime64("2026-06-30")
LAST = int(AS_OF.astype(int))


@dataclass(frozen=True)
class Line:
    customer: str
    day: int
    amount: float
    order: str = ""


# Quarters of money add up without rounding, so that sums do not depend on the order of rows.
AMOUNTS = st.integers(-40, 40).map(lambda quarters: quarters / 4)
DAYS = st.integers(LAST - 20, LAST + 4)  # some lie in the future
CUSTOMERS = st.sampled_from("abcd")
LINES = st.lists(st.builds(Line, CUSTOMERS, DAYS, AMOUNTS), max_size=40)
# An order id belongs to one customer; some lines have none.
LINES_WITH_IDS = st.lists(
    st.builds(
        lambda customer, day, amount, number: Line(
            customer, day, amount, f"{customer}{number}" if number else ""
        ),
        CUSTOMERS,
        DAYS,
        AMOUNTS,
        st.integers(0, 6),
    ),
    max_size=40,
)


def log_of(lines: list[Line], *, with_ids: bool = False) -> OrderLog:
    return order_log(
        np.array([line.customer for line in lines], dtype=object),
        np.array([line.day for line in lines], dtype=np.int64).astype("datetime64[D]"),
        np.array([line.amount for line in lines], dtype=float),
        AS_OF,
        keys_of(lines) if with_ids else None,
    )


def keys_of(lines: list[Line]) -> IntArray:
    """Number the orders of each customer by their ids."""
    pairs = [(line.customer, line.order) for line in lines]
    first = {pair: number for number, pair in reversed(list(enumerate(pairs)))}
    return np.array([first[pair] if pair[1] else NO_KEY for pair in pairs], dtype=np.int64)


def orders_of(lines: list[Line], *, with_ids: bool = False) -> dict[str, list[tuple[int, float]]]:
    """Return day and net money of every order of each customer, in order."""
    counted = [line for line in lines if line.day <= LAST]
    orders: dict[str, list[tuple[int, float]]] = {line.customer: [] for line in counted}

    def key(line: Line) -> tuple[str, str, int]:
        named = with_ids and line.order
        return (line.customer, line.order, 0) if named else (line.customer, "", line.day)

    for (customer, *_), group in groupby(sorted(counted, key=key), key):
        members = list(group)
        bought = [line for line in members if line.amount >= 0]
        net = sum(line.amount for line in members)
        cancelled = len(bought) < len(members) and net <= 0
        if bought and not cancelled:
            orders[customer].append((min(line.day for line in bought), net))
    return {customer: sorted(found) for customer, found in orders.items()}


def orders_in(log: OrderLog) -> dict[str, list[tuple[int, float]]]:
    orders: dict[str, list[tuple[int, float]]] = {customer: [] for customer in log.ids}
    for customer, day, amount in zip(log.customer, log.day, log.amount, strict=True):
        orders[log.ids[customer]].append((int(day), float(amount)))
    return {customer: sorted(found) for customer, found in orders.items()}


@given(LINES)
def test_without_ids_an_order_is_a_day_of_a_customer(lines: list[Line]) -> None:
    assert orders_in(log_of(lines)) == orders_of(lines)


@given(LINES_WITH_IDS)
def test_with_ids_an_order_is_what_shares_an_id(lines: list[Line]) -> None:
    assert orders_in(log_of(lines, with_ids=True)) == orders_of(lines, with_ids=True)


@given(LINES_WITH_IDS, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_rows_does_not_matter(
    lines: list[Line],
    random: Random,
    with_ids: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    shuffled = random.sample(lines, len(lines))
    assert orders_in(log_of(lines, with_ids=with_ids)) == orders_in(
        log_of(shuffled, with_ids=with_ids)
    )


@given(LINES_WITH_IDS, st.integers(LAST - 21, LAST))
def test_sums_per_customer_are_those_of_a_loop(lines: list[Line], since: int) -> None:
    log = log_of(lines, with_ids=True)
    spent: dict[str, float] = defaultdict(float)
    recent: dict[str, float] = defaultdict(float)
    for line in lines:
        if line.day <= LAST:
            spent[line.customer] += line.amount
            recent[line.customer] += line.amount if line.day > since else 0
    orders = orders_of(lines, with_ids=True)
    assert dict(zip(log.ids, log.spend(), strict=True)) == spent
    assert dict(zip(log.ids, log.spend(since), strict=True)) == recent
    assert log.per_customer().tolist() == [len(orders[customer]) for customer in log.ids]
    assert log.per_customer(log.amount).tolist() == [
        sum(net for _, net in orders[customer]) for customer in log.ids
    ]


@given(LINES_WITH_IDS)
def test_every_line_knows_its_order(lines: list[Line]) -> None:
    log = log_of(lines, with_ids=True)
    of_lines = np.zeros(log.amount.size)
    inside = log.line_order >= 0
    np.add.at(of_lines, log.line_order[inside], log.line_amount[inside])
    assert of_lines.tolist() == log.amount.tolist()
    assert (log.line_customer[inside] == log.customer[log.line_order[inside]]).all()


def test_a_refund_nets_the_order_it_names_whatever_its_day() -> None:
    bought, sent_back = Line("a", LAST - 9, 50, "1"), Line("a", LAST - 2, -20, "1")
    assert orders_in(log_of([bought, sent_back], with_ids=True)) == {"a": [(LAST - 9, 30)]}


def test_a_refund_of_the_whole_cancels_the_order() -> None:
    log = log_of([Line("a", LAST - 9, 50, "1"), Line("a", LAST, -50, "1")], with_ids=True)
    assert log.amount.size == 0
    assert log.spend().tolist() == [0]


def test_a_free_order_is_an_order() -> None:
    assert orders_in(log_of([Line("a", LAST, 0)])) == {"a": [(LAST, 0)]}


def test_a_refund_alone_is_no_order_and_lowers_revenue() -> None:
    log = log_of([Line("a", LAST, -5)])
    assert (log.amount.size, log.spend().tolist(), log.line_order.tolist()) == (0, [-5], [-1])


def test_what_rounding_leaves_of_a_cancelled_order_is_no_order() -> None:
    lines = [Line("a", LAST, amount) for amount in (0.1, 0.2, -0.3)]
    assert sum(line.amount for line in lines) > 0
    assert log_of(lines).amount.size == 0


def test_the_as_of_day_itself_counts() -> None:
    log = log_of([Line("a", LAST, 5), Line("b", LAST + 1, 5)])
    assert (log.ids.tolist(), log.as_of) == (["a"], LAST)


def test_no_line_makes_an_empty_log() -> None:
    log = log_of([])
    assert (log.ids.size, log.customer.size, log.spend().size) == (0, 0, 0)


def test_customers_stand_in_the_order_of_their_first_line() -> None:
    assert log_of([Line(name, LAST, 1) for name in "dbdac"]).ids.tolist() == list("dbac")


@pytest.mark.parametrize(
    ("second", "again"),
    [(["a", "a", "a"], [False, False, True]), (["a", "b", "c"], [False, False, False])],
)
def test_a_row_is_repeated_if_all_of_it_is(second: list[str], again: list[bool]) -> None:
    columns = [np.array(texts, dtype=object) for texts in (["x", "y", "x"], second)]
    assert repeated(columns).tolist() == again
