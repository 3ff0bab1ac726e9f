"""Orders: which of them pay, how many points, in which tier, and what a refund takes back."""

from typing import Any

import numpy as np
import pytest

from tests.rewards.reward_cases import Cells, row
from tests.rewards.reward_shop import Shop, awarded, only, order_table, rows_of, said, spend_tiers
from xlclv.customers.lines import read_lines
from xlclv.customers.orders import single_orders
from xlclv.rewards.posting import postings

DAY = "2026-03-05"


def points(**cells: Any) -> Cells:  # noqa: ANN401
    """Return a rule: 1 point per money of every order."""
    usual = {"trigger": "Order", "reward": "Points per money", "reward_value": 1}
    return row(**{**usual, **cells})


def gift(**cells: Any) -> Cells:  # noqa: ANN401
    """Return a rule: a gift with every order."""
    return row(trigger="Order", reward="Free gift", **cells)


# amount, cells of the rule, points
FLOORS: list[tuple[float, Cells, int]] = [
    (19.99, {}, 19),
    (20.00, {}, 20),
    (0.29 * 100, {}, 29),  # 28.999999999999996 in floats
    (99.99, {"reward_value": 0.1}, 9),
    (1.15, {"reward_value": 100}, 115),  # 114.99999999999999 in floats
    (500, {"max_per_order": 200}, 200),
    (500, {"max_per_order": 200.9}, 200),
    (1e9, {"reward_value": 1e6}, 10**15),
    (33.33, {"reward": "Fixed points", "reward_value": 7}, 7),
]


@pytest.mark.parametrize(("amount", "cells", "expected"), FLOORS)
def test_points_are_rounded_down_order_by_order(amount: float, cells: Cells, expected: int) -> None:
    decided = Shop((("C1", "2026-03-01", amount),)).decide(DAY, points(**cells))
    assert awarded(decided) == [("C1", "R01", "O1", expected)]


def test_two_orders_are_rounded_each_not_together() -> None:
    shop = Shop((("C1", "2026-03-01", 1.5), ("C1", "2026-03-02", 1.5)))
    assert [one[3] for one in awarded(shop.decide(DAY, points()))] == [1, 1]


def test_an_order_that_earns_no_whole_point_is_no_award() -> None:
    decided = Shop((("C1", "2026-03-01", 0.99),)).decide(DAY, points())
    assert awarded(decided) == []
    assert said(decided, "C1") == "earns less than one point"


def test_points_go_by_what_is_paid_not_by_the_price() -> None:
    # Points on gross: a price of 100 with 20 refunded and no tax is 80.
    lines = (
        ("C1", "2026-03-01", 100, {"tax": 19, "discount": 5}),
        ("C1", "2026-03-03", -20, {"order_id": "O9", "ref_order": "O1"}),
    )
    assert awarded(Shop(lines).decide(DAY, points())) == [("C1", "R01", "O1", 80)]


def test_the_order_that_crosses_a_threshold_is_made_in_the_old_tier() -> None:
    lines = (
        ("C1", "2026-01-01", 199),
        ("C1", "2026-01-02", 1),  # 200 with this one: Mid from here on
        ("C1", "2026-01-03", 100),
        ("C1", "2026-01-04", 800),  # 1,100: High-end from here on
        ("C1", "2026-01-05", 100),
    )
    decided = Shop(lines, tiers=spend_tiers()).decide(DAY, points())
    assert [one[3] for one in awarded(decided)] == [199, 1, 125, 1000, 150]
    decided = Shop(lines, tiers=spend_tiers()).decide(DAY, points(only_tiers="Mid"))
    assert [one[2] for one in awarded(decided)] == ["O3", "O4"]
    assert said(decided, "C1") == "order O4 on 2026-01-04"
    decided = Shop(lines[:2], tiers=spend_tiers()).decide(DAY, points(only_tiers="Mid"))
    assert said(decided, "C1") == "Tier before order O2 is Budget, needed: Mid"
    decided = Shop(lines[:1], tiers=spend_tiers()).decide(DAY, points(only_tiers="Mid"))
    assert said(decided, "C1") == "Tier before order O1 is No tier, needed: Mid"


def test_an_order_must_lie_within_the_days_of_its_rule_and_is_paid_after_them() -> None:
    weekend = points(valid_from="2026-02-28", valid_to="2026-03-01")
    lines = tuple(("C1", f"2026-0{month}", 10.0) for month in ("2-27", "2-28", "3-01", "3-02"))
    paid = [("C1", "R01", "O2", 10), ("C1", "R01", "O3", 10)]
    assert awarded(Shop(lines).decide("2026-03-05", weekend)) == paid
    assert awarded(Shop(lines[:1]).decide("2026-02-28", weekend)) == []
    late = Shop((*lines[:1], lines[3])).decide("2026-03-05", weekend)
    assert said(late, "C1") == (
        "order O2 of 2026-03-02 is from after 2026-03-01, when the rule ended"
    )
    early = Shop(lines[:1]).decide("2026-03-05", weekend)
    assert said(early, "C1") == (
        "order O1 of 2026-02-27 is from before 2026-02-28, when the rule starts"
    )


def test_a_factor_is_exact_too() -> None:
    tiers = spend_tiers(factors=("1", "1.1", "1.5"))
    shop = Shop((("C1", "2026-01-01", 200), ("C1", "2026-01-02", 10)), tiers=tiers)
    assert awarded(shop.decide(DAY, points()))[-1][3] == 11  # 10.999999999999998 in floats


def test_a_refund_lowers_the_tier_progress_but_not_the_points_of_other_orders() -> None:
    lines = (
        ("C1", "2026-01-01", 150),
        ("C1", "2026-01-02", 60),
        ("C1", "2026-01-03", 100),
        ("C1", "2026-01-04", -60, {"order_id": "O2", "is_refund": True}),
    )
    decided = Shop(lines, tiers=spend_tiers()).decide(DAY, points())
    assert ("C1", "R01", "O2", 60) not in awarded(decided)
    assert ("C1", "R01", "O3", 100) in awarded(decided)  # 150 so far: not Mid


QUALIFY: list[tuple[Cells, list[str]]] = [
    # the orders of BASKETS that pay
    ({}, ["O1", "O2", "O3", "O4"]),
    ({"min_order": 50}, ["O1", "O3"]),
    ({"min_order": 50.01}, ["O3"]),
    ({"products": "+cat:Shoes"}, ["O1", "O3"]),
    ({"products": "+shoes; +Hats"}, ["O1", "O2", "O3"]),
    ({"products": "-sku:Shoes"}, ["O2", "O3", "O4"]),
    ({"products": "+Shoes; -shoes"}, []),
    ({"products": "+Shoes", "min_order": 45}, ["O1"]),
    ({"trigger_value": 2}, ["O2", "O4"]),
    ({"trigger_value": 2, "min_order": 50}, ["O3"]),
    ({"window_after": 3}, ["O3", "O4"]),
    ({"window_after": 3, "trigger_value": 2}, ["O4"]),  # counted over all orders
]
BASKETS = (
    ("C1", "2026-03-01", 50, {"order_id": "O1", "product": "Shoes"}),
    ("C1", "2026-03-01", 49.99, {"order_id": "O2", "product": "HATS"}),
    ("C1", "2026-03-02", 40, {"order_id": "O3", "product": "Shoes"}),
    ("C1", "2026-03-02", 30, {"order_id": "O3", "product": "Hats"}),
    ("C1", "2026-03-03", 20, {"order_id": "O4", "product": "Bags"}),
)


@pytest.mark.parametrize(("cells", "expected"), QUALIFY)
def test_which_orders_qualify(cells: Cells, expected: list[str]) -> None:
    decided = Shop(BASKETS).decide(DAY, gift(**cells))
    assert [one[2] for one in awarded(decided)] == expected


def test_points_count_only_the_products_of_the_rule() -> None:
    decided = Shop(BASKETS).decide(DAY, points(products="+Shoes"))
    assert [one[2:] for one in awarded(decided)] == [("O1", 50), ("O3", 40)]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"min_order": 21}, "order O4 is 20, needed: 21 or more"),
        ({"products": "+Shoes"}, "order O4 holds no product of this reward"),
        ({"trigger_value": 7}, "order O4 is number 1, only each number 7 counts"),
        ({"window_after": 1}, "the day after 2026-03-03 is over"),
    ],
)
def test_an_order_that_does_not_pay_says_why(cells: Cells, reason: str) -> None:
    assert said(Shop(BASKETS[-1:]).decide(DAY, gift(**cells)), "C1") == reason


def test_whoever_has_no_order_is_told_so() -> None:
    assert said(Shop(facts={"C1": {}}).decide(DAY, gift()), "C1") == "no order is known"


def test_an_order_worth_nothing_pays_nothing() -> None:
    decided = Shop((("C1", "2026-03-01", 0),)).decide(DAY, gift())
    assert said(decided, "C1") == "order O1 is worth nothing"


def test_points_are_dated_on_the_day_of_the_order_other_rewards_today() -> None:
    lines = (("C1", "2026-02-01", 50),)
    rules = (points(waiting_days=14, expires_days=365), gift(rule_id="R02", expires_days=30))
    earned, given = (one.awards for one in Shop(lines).decide(DAY, *rules).by_rule)
    assert [str(earned.dated[0]), str(earned.usable_from[0]), str(earned.expires_on[0])] == [
        *("2026-02-01", "2026-02-15", "2027-02-01")
    ]
    assert [str(given.dated[0]), str(given.usable_from[0]), str(given.expires_on[0])] == [
        *(DAY, DAY, "2026-04-04")
    ]


@pytest.mark.parametrize(
    ("as_of", "expected"), [("2026-02-01", 1), ("2027-02-01", 1), ("2027-02-02", 0)]
)
def test_365_days_end_with_day_365(as_of: str, expected: int) -> None:
    decided = Shop((("C1", "2026-02-01", 50),)).decide(as_of, points(expires_days=365))
    assert only(decided).count == expected
    if not expected:
        assert said(decided, "C1") == "would have expired on 2027-02-01"


def test_points_can_be_used_until_the_end_of_day_365() -> None:
    shop = Shop((("C1", "2026-02-01", 50),)).book(DAY, points(expires_days=365))
    assert shop.points("2027-02-01") == {"C1": 50}
    assert shop.points("2027-02-02") == {"C1": 0}


def test_points_wait_for_the_return_window() -> None:
    shop = Shop((("C1", "2026-03-01", 50),)).book(DAY, points(waiting_days=14))
    assert [cells["entry_state"] for cells in shop.ledger] == ["pending"]
    assert shop.points("2026-03-14") == {"C1": 0}
    assert shop.points("2026-03-15") == {"C1": 50}


def test_what_points_cost_is_their_value() -> None:
    assert only(Shop((("C1", "2026-03-01", 150),)).decide(DAY, points())).awards.cost_cents == [150]


def test_base_and_tier_rule_do_not_both_pay_for_one_order() -> None:
    # Double earning: the tier's own rule is the better one of the group.
    lines = (("C1", "2026-01-01", 250), ("C1", "2026-01-02", 100))
    base = points(rule_id="R01", priority=2, group="earn")
    tier = points(rule_id="R02", priority=1, group="earn", only_tiers="Mid", reward_value=3)
    shop = Shop(lines, tiers=spend_tiers(factors=("1", "1", "1")))
    assert awarded(shop.decide(DAY, base, tier)) == [
        ("C1", "R02", "O2", 300),
        ("C1", "R01", "O1", 250),
    ]
    assert said(shop.decide(DAY, base, tier), "C1", "R01") == "order O1 on 2026-01-01"
    # Booked one after the other it is the same: the tier's rule is served first and keeps O2.
    later = shop.book(DAY, base, tier)
    assert awarded(later.decide("2026-03-06", base, tier)) == []


def test_rewards_of_an_order_do_not_compete_with_the_others() -> None:
    offer = row(rule_id="R02", priority=1, group="earn")
    decided = Shop((("C1", "2026-01-01", 250),)).decide(DAY, points(group="earn"), offer)
    assert {one[1] for one in awarded(decided)} == {"R01", "R02"}


# What happens after the points of an order over 100.00 were booked on the day of the order:
# further lines, points taken back on 2026-03-05, why.
AFTER: list[tuple[list[Cells], int, str]] = [
    ([], 0, ""),
    ([{"amount_net": -100}], 100, "O1: the order was cancelled"),
    ([{"amount_net": -30}], 30, "O1: refunds have brought the order from 100 to 70"),
    ([{"amount_net": -0.01}], 1, "O1: refunds have brought the order from 100 to 99.99"),
    ([{"amount_net": -30}, {"amount_net": -20}], 50, "O1: refunds have brought the order from …"),
    ([{"amount_net": -100, "order_id": "O8", "ref_order": ""}], 0, ""),  # names no order
]


def refunds(cells: list[Cells]) -> tuple[Any, ...]:
    more = [
        {"order_id": f"B{number}", "ref_order": "O1", **one} for number, one in enumerate(cells)
    ]
    return tuple(("C1", "2026-03-02", one.pop("amount_net"), one) for one in more)


@pytest.mark.parametrize(("cells", "taken", "why"), AFTER)
def test_a_refund_after_the_reward_takes_points_back(
    cells: list[Cells], taken: int, why: str
) -> None:
    shop = Shop((("C1", "2026-02-01", 100), ("C1", "2026-02-02", 10))).book("2026-02-20", points())
    shop = shop.with_lines(*refunds([dict(one) for one in cells]))
    decided = shop.decide(DAY, points())
    assert -int(decided.reversals.points.sum()) == taken
    assert awarded(decided) == []
    if why and "…" not in why:
        assert decided.reversals.why.tolist() == [why]
    after = shop.book(DAY, points())
    assert after.points(DAY) == {"C1": 110 - taken}
    assert rows_of(postings(after.decide(DAY, points()))) == []
    assert rows_of(postings(after.decide("2026-03-06", points()))) == []


def test_points_that_were_used_are_taken_back_all_the_same() -> None:
    used = {"entry_date": "2026-02-25", "customer_id": "C1", "points": -90, "entry_state": "used"}
    shop = Shop((("C1", "2026-02-01", 100),)).book("2026-02-20", points()).with_entries(used)
    shop = shop.with_lines(("C1", "2026-03-02", -100, {"ref_order": "O1"})).book(DAY, points())
    assert shop.points(DAY) == {"C1": -90}


def test_refunds_before_and_after_booking_are_told_apart() -> None:
    # Booked with one refund already off: 70 points, dated on the day of the order.
    shop = Shop((("C1", "2026-02-01", 100),))
    shop = shop.with_lines(("C1", "2026-02-05", -30, {"ref_order": "O1"})).book(DAY, points())
    assert shop.points(DAY) == {"C1": 70}
    shop = shop.with_lines(("C1", "2026-03-10", -20, {"ref_order": "O1"}))
    decided = shop.decide("2026-03-11", points())
    assert decided.reversals.points.tolist() == [-20]


def test_a_second_refund_counts_from_what_the_first_left() -> None:
    shop = Shop((("C1", "2026-02-01", 100),)).book("2026-02-02", points())
    shop = shop.with_lines(("C1", "2026-02-10", -30, {"ref_order": "O1"})).book(
        "2026-02-11", points()
    )
    shop = shop.with_lines(("C1", "2026-02-20", -20, {"ref_order": "O1"})).book(
        "2026-02-21", points()
    )
    assert shop.points("2026-02-21") == {"C1": 50}


def test_points_of_another_rate_are_taken_back_in_proportion() -> None:
    shop = Shop((("C1", "2026-02-01", 100),)).book("2026-02-02", points(reward_value=3))
    shop = shop.with_lines(("C1", "2026-02-10", -33, {"ref_order": "O1"}))
    decided = shop.decide("2026-02-11", points(reward_value=1))
    assert decided.reversals.points.tolist() == [-99]  # 300 x 67 / 100 = 201 stay
    after = shop.book("2026-02-11", points(reward_value=1))
    assert rows_of(postings(after.decide("2026-02-12", points(reward_value=1)))) == []


def test_points_are_taken_back_in_proportion_though_the_rule_now_gives_more() -> None:
    shop = Shop((("C1", "2026-02-01", 100),)).book("2026-02-02", points(reward_value=1))
    shop = shop.with_lines(("C1", "2026-02-10", -20, {"ref_order": "O1"}))
    decided = shop.decide("2026-02-11", points(reward_value=3))
    assert decided.reversals.points.tolist() == [-20]  # 100 x 80 / 100 = 80 stay
    after = shop.book("2026-02-11", points(reward_value=3))
    assert rows_of(postings(after.decide("2026-02-12", points(reward_value=3)))) == []


@pytest.mark.parametrize("amounts", [(-50, -20), (-20, -50)])
def test_refunds_of_one_day_count_together_in_any_order(amounts: tuple[float, float]) -> None:
    # 50 points were booked by another rule, not by this one after the refund of 50.
    shop = Shop((("C1", "2026-02-01", 100),)).book("2026-02-02", points(reward_value=0.5))
    back = [("C1", "2026-02-10", amount, {"ref_order": "O1"}) for amount in amounts]
    decided = shop.with_lines(*back).decide("2026-02-11", points(reward_value=1))
    assert decided.reversals.points.tolist() == [-35]  # 50 x 30 / 100 = 15 stay


def test_a_changed_rate_alone_takes_nothing_back() -> None:
    shop = Shop((("C1", "2026-02-01", 100),)).book("2026-02-02", points(reward_value=3))
    assert shop.decide("2026-02-11", points(reward_value=1)).reversals.size == 0


def test_an_order_below_min_order_after_refunds_loses_its_reward() -> None:
    rule = gift(min_order=50, reward_value=8, cost_each="50%")
    shop = Shop((("C1", "2026-02-01", 100),)).book("2026-02-02", rule)
    shop = shop.with_lines(("C1", "2026-02-10", -60, {"ref_order": "O1"}))
    decided = shop.decide(DAY, rule)
    back = decided.reversals
    assert (back.books.tolist(), back.cost_cents.tolist(), back.face_cents.tolist()) == (
        [True],
        [-400],
        [-800],
    )
    after = shop.book(DAY, rule)
    assert rows_of(postings(after.decide(DAY, rule))) == []
    assert only(after.decide(DAY, row(**{**rule, "budget": 10, "budget_per": "Year"}))).left == 10


def test_a_reward_that_was_used_stays() -> None:
    entry = {"entry_date": "2026-02-02", "customer_id": "C1", "rule_id": "r01", "reference": "o1"}
    shop = Shop((("C1", "2026-02-01", 100), ("C1", "2026-02-03", -100, {"ref_order": "O1"})))
    decided = shop.with_entries({**entry, "entry_state": "used"}).decide(DAY, gift())
    assert decided.reversals.books.tolist() == [False]
    assert decided.reversals.why.tolist() == [
        "o1: the order was cancelled, but the reward has been used or has expired"
    ]
    assert rows_of(postings(decided)) == []


def test_an_order_that_is_not_in_the_table_is_left_alone() -> None:
    entry = {"entry_date": "2020-02-02", "customer_id": "C1", "rule_id": "R01", "reference": "O0"}
    shop = Shop((("C1", "2026-02-01", 100),)).with_entries(
        {**entry, "entry_state": "active", "points": 40}
    )
    assert shop.decide(DAY, points()).reversals.size == 0


def test_a_cancelled_order_is_known_by_customer_and_reference() -> None:
    lines = (
        ("C1", "2026-02-01", 100),
        ("C1", "2026-02-03", -100, {"ref_order": "O1"}),
        ("C2", "2026-02-01", 10),
        ("C2", "2026-02-04", -5, {"order_id": None}),
    )
    read = read_lines(order_table(lines), np.datetime64(DAY))
    cancelled = single_orders(read, read.log()).cancelled
    assert cancelled == {(0, "O1"): np.datetime64("2026-02-03")}


def test_without_order_ids_a_cancelled_order_is_known_by_its_day() -> None:
    no_id = {"order_id": None}
    lines = (
        ("C1", "2026-02-01", 100, no_id),
        ("C1", "2026-02-01", -100, no_id),
        ("C1", "2026-02-02", 10, no_id),
    )
    read = read_lines(order_table(lines), np.datetime64(DAY))
    orders = single_orders(read, read.log())
    assert orders.cancelled == {(0, "2026-02-01"): np.datetime64("2026-02-01")}
    assert orders.reference.tolist() == ["2026-02-02"]
