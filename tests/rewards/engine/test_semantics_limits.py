"""Limits over time: once per occasion, max times, cool-down, budgets, groups, the contact cap."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.rewards.reward_cases import Cells, row
from tests.rewards.reward_shop import Shop, awarded, entry, only, orders, points, rows_of, said
from xlclv.rewards.listing import rule_totals
from xlclv.rewards.posting import postings

DAY = "2026-03-05"
BIRTHDAY = {"trigger": "Birthday", "trigger_value": 7, "window_after": 7}
AMOUNT = {"reward": "Amount off", "reward_value": 10}


# what is booked and decided again: nothing new on the same day, nor the day after
EVERYTHING: list[tuple[str, Cells]] = [
    ("Order", {"trigger": "Order"}),
    ("First order", {"trigger": "First order"}),
    ("Nth order", {"trigger": "Nth order", "trigger_value": 2}),
    ("Birthday", BIRTHDAY),
    ("Tenure", {"trigger": "Tenure", "trigger_value": 1}),
    ("Tier reached", {"trigger": "Tier reached", "only_tiers": "Mid"}),
    ("Passive", {"trigger": "Passive", "trigger_value": 20}),
    ("Referral", {"trigger": "Referral", "friend_reward": 5, **AMOUNT}),
    ("Survey answered", {"trigger": "Survey answered"}),
    ("Date range", {}),
]
BUSY = Shop(
    (("C1", "2025-01-10", 50), ("C1", "2026-02-01", 30), ("C2", "2026-02-05", 20)),
    facts={"C1": {"tier": "Mid", "birth_date": "1990-03-07", "first_order": "2025-01-10"}},
    referred_by={"C2": "C1"},
    answers=(("C1", "2026-02-20"), ("C1", "2026-02-20"), ("C1", "2026-02-21")),
)


def with_facts(shop: Shop, **known: Any) -> Shop:  # noqa: ANN401
    return replace(shop, facts={**shop.facts, "C1": {**shop.facts["C1"], **known}})


@pytest.mark.parametrize(("trigger", "cells"), EVERYTHING)
def test_twice_on_the_same_day_pays_nothing_twice(trigger: str, cells: Cells) -> None:
    shop = with_facts(BUSY, last_order="2026-02-01", status="Active")
    rule = row(**cells)
    decided = shop.decide(DAY, rule)
    assert only(decided).count > 0, trigger
    after = shop.book(DAY, rule)
    for day in (DAY, "2026-03-06"):
        assert rows_of(postings(after.decide(day, rule))) == []
    assert said(after.decide(DAY, rule), "C1").startswith("issued on 2026-03-05 for ")


def test_a_day_nobody_knows_decides_what_needs_no_day() -> None:
    # A customer sheet without a single date has none.
    decided = with_facts(BUSY, orders_life=3).decide(
        "NaT",
        *(row(rule_id=f"R{number:02d}", **cells) for number, (_, cells) in enumerate(EVERYTHING)),
    )
    granted = [one.rule.trigger.code for one in decided.by_rule if one.count]
    assert granted == ["First order", "Nth order", "Tier reached", "Date range"]


def test_a_reward_by_hand_is_never_decided() -> None:
    decided = BUSY.decide(DAY, row(trigger="Manual"))
    assert only(decided).count == 0
    assert said(decided, "C1") == "issued by hand: by a row in the ledger"


def test_the_references_say_what_a_reward_is_for() -> None:
    shop = with_facts(BUSY, last_order="2026-02-01")
    found = {}
    for trigger, cells in EVERYTHING:
        awards = only(shop.decide(DAY, row(**cells))).awards
        own = awards.customer == 0
        found[trigger] = awards.reference[own].tolist()
    assert found == {
        "Order": ["O1", "O2"],
        "First order": ["O1"],
        "Nth order": ["O2"],
        "Birthday": ["2026-03-07"],
        "Tenure": ["2026-01-10"],
        "Tier reached": ["Mid"],  # without orders of tiers nobody knows when
        "Passive": ["2026-02-01"],
        "Referral": ["C2"],
        "Survey answered": ["2026-02-20", "2026-02-21"],
        "Date range": ["once"],
    }


def test_rule_and_reference_are_compared_without_capitals() -> None:
    shop = Shop((("C1", "2026-03-01", 10, {"order_id": "Ab-7"}),))
    booked = shop.with_entries(entry("2026-03-02", rule_id="r01", reference="aB-7"))
    assert awarded(booked.decide(DAY, row(trigger="Order"))) == []
    other = shop.with_entries(entry("2026-03-02", customer_id="C2", reference="Ab-7"))
    assert len(awarded(other.decide(DAY, row(trigger="Order")))) == 1


def test_what_was_taken_back_whole_can_be_granted_again() -> None:
    shop = Shop(facts={"C1": {}})
    given = entry("2026-03-01", reference="once", booked_cost=5)
    back = entry("2026-03-02", reference="once", booked_cost=-5, entry_state="reversed")
    rule = row(max_times=1, max_per="Ever")
    assert awarded(shop.with_entries(given).decide(DAY, rule)) == []
    assert len(awarded(shop.with_entries(given, back).decide(DAY, rule))) == 1
    marked = entry("2026-03-01", reference="once", booked_cost=5, entry_state="reversed")
    assert len(awarded(shop.with_entries(marked).decide(DAY, rule))) == 1
    assert awarded(shop.with_entries(given, back, given).decide(DAY, rule)) == []


def test_an_entry_after_the_day_does_not_count() -> None:
    shop = Shop(facts={"C1": {}}).with_entries(entry("2026-03-06", reference="once"))
    assert len(awarded(shop.decide(DAY, row()))) == 1


# limit, days of rewards booked by hand, eligible on 2026-03-05, reason if not
TIMES: list[tuple[Cells, list[str], str | None]] = [
    ({"max_times": 1, "max_per": "Month"}, ["2026-02-28"], None),
    ({"max_times": 1, "max_per": "Month"}, ["2026-03-01"], "limit reached: 1 of 1 in 2026-03"),
    ({"max_times": 2, "max_per": "Month"}, ["2026-03-01"], None),
    ({"max_times": 1, "max_per": "Year"}, ["2025-12-31"], None),
    ({"max_times": 1, "max_per": "Year"}, ["2026-01-01"], "limit reached: 1 of 1 in 2026"),
    ({"max_times": 2, "max_per": "Ever"}, ["2019-01-01"], None),
    (
        {"max_times": 2, "max_per": "Ever"},
        ["2019-01-01", "2019-01-02"],
        "limit reached: 2 of 2 ever",
    ),
    ({"max_times": 1, "max_per": "Order"}, ["2026-03-05"], None),
    ({"cool_down": 30}, ["2026-02-03"], None),
    ({"cool_down": 30}, ["2026-02-04"], "not again before 2026-03-06, 30 days after 2026-02-04"),
    ({"cool_down": 0}, ["2026-03-05"], None),
]


@pytest.mark.parametrize(("limit", "booked", "reason"), TIMES)
def test_limits_count_what_is_booked(limit: Cells, booked: list[str], reason: str | None) -> None:
    shop = Shop(facts={"C1": {}})
    shop = shop.with_entries(*(entry(day, reference=f"hand {day}") for day in booked))
    decided = shop.decide(DAY, row(**limit))
    assert said(decided, "C1") == (reason or "the reward is on offer now")


DAYS = ("2026-01-01", "2026-01-20", "2026-02-01", "2026-02-01", "2026-02-20")
# limit of points per order, the orders that are paid
CROWDED: list[tuple[Cells, list[str]]] = [
    ({"max_times": 1, "max_per": "Month"}, ["O1", "O3"]),
    ({"max_times": 2, "max_per": "Month"}, ["O1", "O2", "O3", "O4"]),
    ({"max_times": 3, "max_per": "Year"}, ["O1", "O2", "O3"]),
    ({"max_times": 1, "max_per": "Ever"}, ["O1"]),
    ({"cool_down": 19}, ["O1", "O2", "O5"]),
    ({"cool_down": 20}, ["O1", "O3"]),
    ({"cool_down": 12}, ["O1", "O2", "O3", "O5"]),
    # O2 comes too soon, so February is still free; O5 would be the second of it.
    ({"cool_down": 20, "max_times": 1, "max_per": "Month"}, ["O1", "O3"]),
    # O2 is one too many in January and holds nothing back: O3 is 31 days after O1.
    ({"cool_down": 15, "max_times": 1, "max_per": "Month"}, ["O1", "O3"]),
]


@pytest.mark.parametrize(("limit", "paid"), CROWDED)
def test_limits_count_awards_of_one_decision_in_their_order(limit: Cells, paid: list[str]) -> None:
    shop = orders(*DAYS)
    decided = shop.decide(DAY, points(**limit))
    assert [one[2] for one in awarded(decided)] == paid
    after = shop.book(DAY, points(**limit))
    assert awarded(after.decide(DAY, points(**limit))) == []


def test_max_times_counts_awards_dated_today_together() -> None:
    answers = tuple(("C1", day) for day in ("2026-01-01", "2026-02-01", "2026-03-01"))
    rule = row(trigger="Survey answered", max_times=2, max_per="Month")
    shop = Shop(answers=answers)
    assert [one[2] for one in awarded(shop.decide(DAY, rule))] == ["2026-01-01", "2026-02-01"]
    after = shop.book(DAY, rule)
    assert awarded(after.decide("2026-03-31", rule)) == []
    assert [one[2] for one in awarded(after.decide("2026-04-01", rule))] == ["2026-03-01"]


def test_an_occasion_refused_by_its_group_uses_up_no_limit() -> None:
    shop = orders("2026-03-01", "2026-03-02")
    better = points(rule_id="R00", priority=1, group="earn", only_tiers="Mid")
    shop = replace(shop, facts={"C1": {"tier": "Mid"}})
    first_only = {**better, "max_times": 1, "max_per": "Ever"}
    base = points(priority=2, group="earn", max_times=1, max_per="Ever")
    assert [one[1:3] for one in awarded(shop.decide(DAY, first_only, base))] == [
        ("R00", "O1"),
        ("R01", "O2"),
    ]


# Budgets

CROWD = {
    "C4": {"birth_date": "1990-03-06"},
    "C3": {"birth_date": "1990-03-07"},
    "C1": {"birth_date": "1990-03-07"},
    "C2": {"birth_date": "1990-03-07"},
}


def birthday_budget(**cells: Any) -> Cells:  # noqa: ANN401
    return row(**BIRTHDAY, **AMOUNT, **cells)


def test_a_budget_exhausted_in_the_middle_of_a_tie_goes_by_customer_id() -> None:
    decided = Shop(facts=CROWD).decide(DAY, birthday_budget(budget=20))
    assert sorted(one[0] for one in awarded(decided)) == ["C1", "C4"]
    assert said(decided, "C2") == "budget used up (20 of 20)"
    assert said(decided, "C3") == "budget used up (20 of 20)"


# period of the budget of 25, days and costs booked, customers served, used before, left
USED: list[tuple[str, list[tuple[str, float | None]], int, int, str]] = [
    ("Whole run", [], 2, 0, "5"),
    ("Whole run", [("2019-01-01", 10)], 1, 1000, "5"),
    ("Whole run", [("2019-01-01", None)], 1, 1000, "5"),  # it must have cost what it costs
    ("Year", [("2025-12-31", 10)], 2, 0, "5"),
    ("Year", [("2026-01-01", 5.01)], 1, 501, "9.99"),
    ("Quarter", [("2026-01-01", 10)], 1, 1000, "5"),
    ("Quarter", [("2025-12-31", 10)], 2, 0, "5"),
    ("Month", [("2026-02-28", 10)], 2, 0, "5"),
    ("Month", [("2026-03-01", 10), ("2026-03-02", 10)], 0, 2000, "5"),
    ("Month", [("2026-03-01", 30)], 0, 3000, "-5"),
]


@pytest.mark.parametrize(("per", "booked", "served", "used", "left"), USED)
def test_a_budget_counts_what_was_spent_in_its_period(
    per: str, booked: list[tuple[str, float | None]], served: int, used: int, left: str
) -> None:
    spent = (
        entry(day, customer_id="C9", reference=f"hand {day}", booked_cost=cost)
        for day, cost in booked
    )
    shop = Shop(facts=CROWD).with_entries(*spent)
    one = only(shop.decide(DAY, birthday_budget(budget=25, budget_per=per)))
    assert (one.count, one.used_before, one.left) == (served, used, Decimal(left))


def test_the_first_that_does_not_fit_stops_the_queue() -> None:
    shop = Shop(
        tuple(("C1", f"2026-03-0{day}", amount) for day, amount in ((1, 50), (2, 80), (3, 5)))
    )
    rule = points(budget=1)  # a point costs a cent
    decided = shop.decide(DAY, rule)
    assert [one[2] for one in awarded(decided)] == ["O1"]  # O3 would fit, but stands behind O2
    assert said(decided, "C1") == "order O1 on 2026-03-01"
    assert only(decided).left == Decimal("0.5")


def test_points_of_earlier_months_use_the_budget_of_these() -> None:
    shop = orders("2026-01-10", "2026-01-20", "2026-02-10", "2026-03-01", amount=60)
    rule = points(budget=1, budget_per="Month")
    decided = shop.decide(DAY, rule)
    assert [one[2] for one in awarded(decided)] == ["O1", "O3", "O4"]
    assert only(decided).left == Decimal("0.4")
    after = shop.book(DAY, rule)
    assert awarded(after.decide(DAY, rule)) == []
    assert said(after.decide(DAY, rule), "C1") == "budget used up (0.60 of 1)"  # of January


def test_a_budget_is_never_overspent_over_several_runs() -> None:
    shop = Shop(facts=CROWD)
    rule = birthday_budget(budget=25, budget_per="Year")
    for day in ("2026-03-04", "2026-03-05", "2026-03-06"):
        shop = shop.book(day, rule)
        assert sum(cells["booked_cost"] for cells in shop.ledger) <= 25
    assert len(shop.ledger) == 2


def test_totals_say_what_was_used_before() -> None:
    shop = Shop(facts=CROWD).with_entries(entry("2026-01-01", customer_id="C9", booked_cost=5))
    totals = rule_totals(shop.decide(DAY, birthday_budget(budget=25, budget_per="Year")))
    found = [
        totals[name].tolist()
        for name in ("eligible_count", "cost", "budget", "used_before", "left")
    ]
    assert found == [[2], [20], [25], [5], [0]]


# Rewards of a group that were booked earlier


def test_a_booked_reward_shuts_out_the_rules_after_it_as_long_as_it_lives() -> None:
    first = row(rule_id="R01", priority=1, group="offers", expires_days=10, valid_to="2026-03-05")
    second = row(rule_id="R02", priority=2, group="offers")
    shop = Shop(facts={"C1": {}}).book(DAY, first)
    assert said(shop.decide("2026-03-15", first, second), "C1", "R02") == (
        "R01 of the same group is better"
    )
    assert len(awarded(shop.decide("2026-03-16", first, second))) == 1
    used = replace(shop, ledger=tuple({**one, "entry_state": "used"} for one in shop.ledger))
    assert len(awarded(used.decide("2026-03-10", first, second))) == 1


def test_a_booked_reward_does_not_shut_out_the_rules_before_it() -> None:
    second = row(rule_id="R02", priority=2, group="offers")
    first = row(rule_id="R01", priority=1, group="offers")
    shop = Shop(facts={"C1": {}}).book("2026-03-01", second)
    assert [one[1] for one in awarded(shop.decide(DAY, first, second))] == ["R01"]


def test_a_booked_reward_of_an_order_shuts_out_others_of_that_order_only() -> None:
    first = points(rule_id="R01", priority=1, group="earn", expires_days=1)
    second = points(rule_id="R02", priority=2, group="earn")
    shop = orders("2026-03-05").book(DAY, first)
    shop = shop.with_lines(("C1", "2026-04-01", 10))
    rested = {**first, "active": "No"}
    assert [one[2] for one in awarded(shop.decide("2026-04-02", rested, second))] == ["O2"]
