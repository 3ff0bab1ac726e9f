"""Costs, discounts, consent and names that stand beside the money of an order table."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables_by_hand import table
from xlclv.customers.people import People, people
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, ORDERS, Table

START, TODAY = date(2026, 1, 1), date(2026, 6, 30)
SETTINGS = Settings(as_of=TODAY, margin=0.4)
NAMES = ("order_id", "customer_id", "order_date", "amount_net", "cost", "discount", "ref_order")


def orders(*rows: tuple[object, ...]) -> Table:
    return table(ORDERS, NAMES, *rows)


def of(*rows: tuple[object, ...], sheet: Table | None = None) -> People:
    return people(orders(*rows), sheet, SETTINGS)


def bought(number: int, amount: float, cost: float | None, **more: object) -> tuple[object, ...]:
    facts = {"who": "a", "discount": None, "ref": None, "day": START, **more}
    order = (f"O{number}", facts["who"], facts["day"], amount, cost)
    return (*order, facts["discount"], facts["ref"])


# --- costs ------------------------------------------------------------------------------------


def test_a_cost_makes_the_margin_of_its_customer_and_not_of_others() -> None:
    everybody = of(bought(1, 100, 95), bought(2, 100, 5, who="b"), bought(3, 100, None, who="c"))
    assert everybody.margin.tolist() == [0.05, 0.95, 0.4]
    assert everybody.profit.tolist() == [5, 95, 40]
    assert everybody.clv == pytest.approx([15, 285, 120])  # once a year, three years
    assert everybody.by_cost.tolist() == [True, True, False]


def test_the_margin_of_the_sheet_comes_before_costs_and_these_before_the_settings() -> None:
    sheet = table(CUSTOMERS, ("customer_id", "margin"), ("a", 0.2), ("b", None), ("d", None))
    everybody = of(bought(1, 100, 95), bought(2, 100, 5, who="b"), sheet=sheet)
    assert everybody.ids.tolist() == ["a", "b", "d"]
    assert everybody.margin.tolist() == [0.2, 0.95, 0.4]
    assert everybody.profit[:2].tolist() == [20, 95]
    assert everybody.by_cost.tolist() == [False, True, False]


def test_goods_without_a_cost_are_taken_to_be_like_those_with_one() -> None:
    everybody = of(bought(1, 100, 70), bought(2, 50, None))
    assert everybody.margin.tolist() == [0.3]
    assert everybody.profit == pytest.approx([45])


REFUNDS = [
    # amount and cost of the refund, whose order; then revenue and cost of the goods
    pytest.param((-40, -24, "O1"), (60, 36), id="goods came back"),
    pytest.param((-40, 24, "O1"), (60, 36), id="cost written without a sign"),
    pytest.param((-40, None, "O1"), (60, 60), id="money back, goods stay out"),
    pytest.param((-100, None, "O1"), (0, 0), id="all of it back"),
    pytest.param((-100, -60, "O1"), (0, 0), id="all of it back, with its cost"),
    pytest.param((-40, None, None), (60, 60), id="of no order"),
    pytest.param((-40, -24, None), (60, 36), id="of no order, goods came back"),
]


@pytest.mark.parametrize(("refund", "left"), REFUNDS)
def test_a_refund_gives_the_cost_back_when_the_goods_come_back(
    refund: tuple[float, float | None, str | None], left: tuple[float, float]
) -> None:
    amount, cost, ref = refund
    back = bought(9, amount, cost, ref=ref, day=START + timedelta(days=9))
    everybody = of(bought(1, 100, 60), back)
    costs = everybody.costs
    assert costs is not None
    assert (costs.revenue.tolist(), costs.cost.tolist()) == ([left[0]], [left[1]])
    assert everybody.profit == pytest.approx([left[0] - left[1]])


def test_the_refund_of_an_order_whose_cost_nobody_knows_lowers_no_margin() -> None:
    back = bought(9, -50, None, ref="O2", day=START + timedelta(days=9))
    everybody = of(bought(1, 100, 60), bought(2, 80, None), back)
    assert everybody.margin.tolist() == [0.4]
    assert everybody.profit == pytest.approx([(100 - 60) + 30 * 0.4])


def test_goods_that_cost_far_more_than_is_left_of_their_price_are_a_loss() -> None:
    back = bought(9, -90, None, ref="O1", day=START + timedelta(days=9))
    everybody = of(bought(1, 100, 60), back)
    assert everybody.margin == pytest.approx([-5])
    assert everybody.profit.tolist() == [-50]
    assert everybody.clv == pytest.approx([-150])


def test_a_cost_below_zero_is_not_known() -> None:
    everybody = of(bought(1, 100, -60))
    assert everybody.costs is None
    assert everybody.margin.tolist() == [0.4]


def test_an_order_after_the_day_has_no_cost_yet() -> None:
    everybody = of(bought(1, 100, 60), bought(2, 100, 10, day=TODAY + timedelta(days=1)))
    assert everybody.margin.tolist() == [0.4]
    assert everybody.profit.tolist() == [40]


CENTS = st.integers(0, 20_000).map(lambda cents: Decimal(cents) / 100)
ROWS = st.lists(
    st.tuples(
        st.integers(1, 4),  # order
        st.integers(0, 60),  # day
        st.booleans(),  # bought, or given back
        CENTS,
        st.none() | CENTS,
        st.none() | CENTS,
    ),
    min_size=4,
    max_size=20,
)


@given(ROWS)
def test_costs_and_discounts_are_those_of_a_walk_through_the_orders(
    rows: list[tuple[int, int, bool, Decimal, Decimal | None, Decimal | None]],
) -> None:
    """The second route: decimals, order by order, as one would do it by hand."""
    lines = [
        (order, amount if is_bought else -amount, is_bought or amount == 0, cost, discount, day)
        for order, day, is_bought, amount, cost, discount in rows
    ]
    cells = [
        (
            f"O{order}",
            f"c{order % 2}",
            START + timedelta(days=day),
            *map(_cell, (net, cost, off)),
            None,
        )
        for order, net, _, cost, off, day in lines
    ]
    distinct = dict.fromkeys(cells)  # a row that repeats another counts once
    lines = [
        line for line, cell in zip(lines, cells, strict=True) if distinct.pop(cell, "") is None
    ]
    everybody = of(*cells)
    revenue, cost, given_off = _walk(lines)
    for at, who in enumerate(everybody.ids):
        discounts = everybody.discounts
        assert (0 if discounts is None else discounts[at]) == pytest.approx(float(given_off[who]))
        costs = everybody.costs
        if costs is not None and costs.orders[at] > 0:
            assert costs.revenue[at] == pytest.approx(float(revenue[who]), abs=1e-6)
            assert costs.cost[at] == pytest.approx(float(cost[who]), abs=1e-6)


def _cell(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


Line = tuple[int, Decimal, bool, Decimal | None, Decimal | None, int]


def _walk(lines: list[Line]) -> tuple[dict[str, Decimal], ...]:
    """Return revenue whose cost is known, that cost and the discounts, by customer."""
    revenue: dict[str, Decimal] = defaultdict(Decimal)
    cost: dict[str, Decimal] = defaultdict(Decimal)
    off: dict[str, Decimal] = defaultdict(Decimal)
    by_order: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_order[line[0]].append(line)
    known_of = {f"c{one[0] % 2}" for one in lines if one[2] and one[3] is not None}
    for order, its in by_order.items():
        who = f"c{order % 2}"
        purchases = [one for one in its if one[2]]
        refunds = [one for one in its if not one[2]]
        net = sum((one[1] for one in its), Decimal())
        gone = bool(purchases) and bool(refunds) and net <= 0
        known = any(one[3] is not None for one in purchases)
        for one in purchases:
            if one[3] is not None:
                revenue[who] += one[1]
                cost[who] += 0 if gone else one[3]
        for one in refunds:
            stray = not purchases and (one[3] is not None or who in known_of)
            if known or stray:
                revenue[who] += one[1]
                cost[who] -= 0 if gone else one[3] or 0
        for one in its:
            off[who] += 0 if gone else (one[4] or 0) * (1 if one[2] else -1)
    return revenue, cost, off


# --- discounts --------------------------------------------------------------------------------


def test_discounts_are_added_up_whatever_their_sign_and_refunds_give_theirs_back() -> None:
    back = bought(9, -40, None, discount=-4, ref="O1", day=START + timedelta(days=9))
    everybody = of(
        bought(1, 90, None, discount=10), bought(2, 90, None, discount=-5, who="b"), back
    )
    assert everybody.discounts is not None
    assert everybody.discounts.tolist() == [6, 5]


def test_without_a_discount_nothing_is_said_of_discounts() -> None:
    assert of(bought(1, 90, None)).discounts is None


# --- the day joined ---------------------------------------------------------------------------


def joined(day: date | None, first: date | None = START) -> People:
    sheet = table(CUSTOMERS, ("customer_id", "joined"), ("a", day), ("z", None))
    log = table(
        ORDERS, ("customer_id", "order_date", "amount_net"), ("a" if first else "y", START, 9)
    )
    return people(log, sheet, SETTINGS)


@pytest.mark.parametrize(
    ("day", "since"),
    [
        (date(2020, 5, 1), date(2020, 5, 1)),
        (date(2026, 3, 1), START),  # never later than the first order
        (None, START),
    ],
)
def test_who_joined_before_the_first_order_is_a_customer_since_then(
    day: date | None, since: date
) -> None:
    everybody = joined(day)
    assert everybody.customer_since[0] == np.datetime64(since)
    assert everybody.tenure[0] == pytest.approx((TODAY - since).days / 365.25)
    assert everybody.first[0] == np.datetime64(START)


def test_who_has_no_order_is_a_customer_since_the_day_joined_unless_it_is_yet_to_come() -> None:
    assert joined(date(2020, 5, 1), None).customer_since[1] == np.datetime64("2020-05-01")
    assert np.isnat(joined(date(2027, 5, 1), None).customer_since[1])


# --- consent and names ------------------------------------------------------------------------

SAID = ("order_id", "customer_id", "order_date", "amount_net", "newsletter", "opt_in")


def asked(*rows: tuple[str, int, object, object], sheet: Table | None = None) -> People:
    cells = [
        (f"O{at}", who, START + timedelta(days=day), 10, mail, member)
        for at, (who, day, mail, member) in enumerate(rows)
    ]
    return people(table(ORDERS, SAID, *cells), sheet, SETTINGS)


def test_where_nobody_was_asked_consent_is_unknown() -> None:
    consent = asked(("a", 0, None, None)).consent
    assert not consent.asked
    assert consent.may_be_mailed.tolist() == [True]


def test_where_anybody_was_asked_only_yes_may_be_mailed() -> None:
    rows = (("a", 0, "Yes", None), ("b", 0, "No", None), ("c", 0, None, None))
    consent = asked(*rows).consent
    assert consent.asked
    assert consent.may_be_mailed.tolist() == [True, False, False]
    assert consent.member.tolist() == [True, True, True]


@pytest.mark.parametrize(
    ("answers", "may"),
    [
        ([(0, "Yes"), (9, "No")], False),
        ([(9, "No"), (0, "Yes")], False),
        ([(0, "No"), (9, "Yes")], True),
        ([(0, "No"), (9, None), (3, "Yes")], True),
        ([(5, "Yes"), (5, "No")], False),
        ([(5, "No"), (5, "Yes")], False),
        ([(0, "No"), (400, "Yes")], False),  # after the day
    ],
)
def test_the_latest_order_tells_and_of_two_answers_of_a_day_no(
    answers: list[tuple[int, str | None]],
    may: bool,  # noqa: FBT001 - a case of the table
) -> None:
    consent = asked(*(("a", day, mail, None) for day, mail in answers)).consent
    assert consent.may_be_mailed.tolist() == [may]


def test_the_sheet_comes_before_the_orders() -> None:
    names = ("customer_id", "newsletter", "opt_in")
    sheet = table(CUSTOMERS, names, ("a", "No", None), ("b", "Yes", "Yes"), ("c", None, "No"))
    rows = (("a", 0, "Yes", "No"), ("b", 0, "No", "No"), ("c", 0, "Yes", "Yes"))
    consent = asked(*rows, sheet=sheet).consent
    assert consent.member.tolist() == [False, True, False]
    assert consent.may_be_mailed.tolist() == [False, True, False]  # c is no member


def test_names_and_addresses_come_from_the_sheet_else_from_the_latest_order() -> None:
    names = ("customer_id", "order_date", "amount_net", "customer_name", "customer_email")
    log = table(
        ORDERS,
        names,
        ("a", START, 9, "Ann Old", "a@old.example"),
        ("a", START + timedelta(days=3), 9, "Ann New", None),
        ("b", START, 9, "=1+1", "b"),
    )
    sheet = table(CUSTOMERS, ("customer_id", "label"), ("b", None), ("c", "Cleo"))
    everybody = people(log, sheet, SETTINGS)
    assert everybody.name.tolist() == ["Ann New", "=1+1", "Cleo"]
    assert everybody.email.tolist() == ["a@old.example", "", ""]  # the id is said already
