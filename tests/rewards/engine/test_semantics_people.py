"""Referrals, and tiers reached: who is paid for whom, and what counts as going up."""

from typing import Any

import numpy as np
import pytest

from tests.rewards.reward_cases import Cells, row
from tests.rewards.reward_shop import Line, Shop, awarded, only, rows_of, said, spend_tiers
from xlclv.rewards.posting import postings
from xlclv.rewards.scene.history import Ladder, entry_tiers
from xlclv.segments.policies import Skipped

DAY = "2026-03-05"
BRING = {"trigger": "Referral", "reward": "Amount off", "reward_value": 10, "friend_reward": 4}


def pairs(shop: Shop, day: str = DAY, **cells: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """Return who is paid for which friend."""
    return [one[0:3:2] for one in awarded(shop.decide(day, row(**BRING, **cells)))]  # type: ignore[misc]


A, B, C = ("C1", "2026-01-01", 50), ("C2", "2026-02-01", 40), ("C3", "2026-02-10", 30)

# orders, who brought whom, cells of the rule, pairs paid on 2026-03-05
REFERRALS: list[tuple[tuple[Line, ...], dict[str, str], Cells, list[tuple[str, str]]]] = [
    ((A, B), {"C2": "C1"}, {}, [("C1", "C2")]),
    ((A, B), {"C2": "C1"}, {"min_order": 40}, [("C1", "C2")]),
    ((A, B), {"C2": "C1"}, {"min_order": 40.01}, []),
    ((A, B), {"C2": "C1"}, {"waiting_days": 32}, [("C1", "C2")]),  # until 2026-03-05
    ((A, B), {"C2": "C1"}, {"waiting_days": 33}, []),
    ((A, B), {"C2": "C1"}, {"window_after": 32}, [("C1", "C2")]),
    ((A, B), {"C2": "C1"}, {"window_after": 31}, []),
    ((A,), {"C2": "C1"}, {}, []),  # no order yet
    ((A,), {"C1": "C1"}, {}, []),  # herself
    ((A, B), {"C1": "C2"}, {}, []),  # was a customer before
    ((B,), {"C2": "C1"}, {}, []),  # who is said to have brought her never ordered
    ((A, B), {"C2": "C1", "C1": "C2"}, {}, [("C1", "C2")]),  # each the other: the first counts
    ((A, ("C2", "2026-01-01", 40)), {"C2": "C1"}, {}, [("C1", "C2")]),  # on one day
    ((A, ("C2", "2026-01-01", 40)), {"C2": "C1", "C1": "C2"}, {}, []),
    ((A, B, C), {"C2": "C1", "C3": "C2"}, {}, [("C1", "C2"), ("C2", "C3")]),  # a chain
    ((A, B, C), {"C2": "C1", "C3": "C1"}, {}, [("C1", "C2"), ("C1", "C3")]),
    ((A, B, C), {"C2": "C1", "C3": "C1"}, {"max_times": 1, "max_per": "Year"}, [("C1", "C2")]),
    ((A, B), {"C2": "nobody"}, {}, []),
    ((A, B), {"C2": "C1"}, {"not_for": "C2"}, []),
    ((A, B), {"C2": "C1"}, {"not_for": "C1"}, []),
]


@pytest.mark.parametrize(("lines", "brought", "cells", "expected"), REFERRALS)
def test_who_is_paid_for_whom(
    lines: tuple[Line, ...],
    brought: dict[str, str],
    cells: Cells,
    expected: list[tuple[str, str]],
) -> None:
    assert pairs(Shop(lines, referred_by=brought), **cells) == expected


def shop_of(*lines: Line, **brought: str) -> Shop:
    return Shop(lines, referred_by=brought)


REASONS: list[tuple[Shop, Cells, str]] = [
    (shop_of(A, B, C2="C1"), {}, "brought C2, whose first order was on 2026-02-01"),
    (
        shop_of(A, B, C2="C1"),
        {"min_order": 41},
        "order of the friend C2 is 40, needed: 41 or more",
    ),
    (
        shop_of(A, B, C2="C1"),
        {"waiting_days": 33},
        "waits until 2026-03-06 (return window of the first order of C2)",
    ),
    (shop_of(A, C2="C1"), {}, "the friend C2 has no order yet"),
    (shop_of(A, C1="C1"), {}, "C1 cannot refer herself or himself"),
    (shop_of(A, ("C2", "2025-12-31", 9), C2="C1"), {}, "the friend C2 was a customer before"),
    (
        shop_of(A, ("C2", "2026-01-01", 9), C2="C1", C1="C2"),
        {},
        "C2 and this customer name each other, with first orders on one day",
    ),
    (shop_of(A, B), {}, "has brought no friend yet"),
    (
        shop_of(A, C1="nobody"),
        {},
        "has brought no friend yet, and was brought by someone who is no customer known",
    ),
    (shop_of(A, B, C2="C1"), {"not_for": "C2"}, "this reward is not for the friend C2"),
    (shop_of(A, B, C2="C1"), {"not_for": "C1"}, "this reward is not for C1"),
]


@pytest.mark.parametrize(("shop", "cells", "reason"), REASONS)
def test_a_referral_says_why(shop: Shop, cells: Cells, reason: str) -> None:
    assert said(shop.decide(DAY, row(**BRING, **cells)), "C1") == reason


@pytest.mark.parametrize("without", ["C1", "C2"])
def test_without_consent_of_both_neither_gets_anything(without: str) -> None:
    shop = Shop((A, B), referred_by={"C2": "C1"}, facts={without: {"opt_in": False}})
    decided = shop.decide(DAY, row(**BRING))
    assert rows_of(postings(decided)) == []
    assert "Opt-in" in said(decided, "C1")


def test_both_sides_are_booked_together() -> None:
    shop = Shop((A, B), referred_by={"C2": "C1"})
    rule = row(**BRING, cost_each="50%", expires_days=90, waiting_days=14)
    (one,) = shop.decide(DAY, rule).by_rule
    assert (one.count, one.awards.cost_cents.tolist()) == (1, [700])
    rows = rows_of(postings(shop.decide(DAY, rule)))
    named = ("customer_id", "reference", "face_value", "booked_cost", "usable_from", "note")
    assert [[cells[name] for name in named] for cells in rows] == [
        ["C1", "C2", 10, 5, DAY, "10 off for referring C2"],
        ["C2", "C2", 4, 2, DAY, "4 off for being referred by C1"],
    ]
    after = shop.book(DAY, rule)
    assert rows_of(postings(after.decide(DAY, rule))) == []
    assert only(after.decide(DAY, {**rule, "budget": 10})).used_before == 700


@pytest.mark.parametrize(
    ("cells", "cost"),
    [
        ({}, 1400),
        ({"cost_each": "3"}, 600),  # for each of the two
        ({"cost_each": "3", "friend_reward": None}, 300),
        ({"reward": "Fixed points", "reward_value": 50, "friend_reward": 20}, 70),
    ],
)
def test_a_referral_costs_twice(cells: Cells, cost: int) -> None:
    shop = Shop((A, B), referred_by={"C2": "C1"})
    decided = shop.decide(DAY, row(**{**BRING, **cells}))
    assert only(decided).awards.cost_cents.tolist() == [cost]


def test_the_friends_cost_is_booked_where_that_of_the_referrer_is_not_known() -> None:
    shop = Shop((A, B), referred_by={"C2": "C1"})
    rule = row(**{**BRING, "reward": "Free gift", "reward_value": None})
    rows = rows_of(postings(shop.decide(DAY, rule)))
    assert [cells["booked_cost"] for cells in rows] == [None, 4]


def test_the_reward_for_being_brought_uses_up_no_limit_of_ones_own() -> None:
    rule = row(**BRING, max_times=1, max_per="Ever", cool_down=300)
    shop = Shop((A, B, C), referred_by={"C2": "C1", "C3": "C2"})
    early = shop.book("2026-02-05", rule)
    assert [cells["customer_id"] for cells in early.ledger] == ["C1", "C2"]
    assert [one[0:3:2] for one in awarded(early.decide(DAY, rule))] == [("C2", "C3")]


def test_a_referral_is_taken_back_with_the_order_of_the_friend() -> None:
    rule = row(**BRING, min_order=30)
    shop = Shop((A, B), referred_by={"C2": "C1"}).book("2026-02-20", rule)
    gone = shop.with_lines(("C2", "2026-02-25", -40, {"ref_order": "O2"}))
    back = gone.decide(DAY, rule).reversals
    assert back.cost_cents.tolist() == [-1000, -400]
    assert back.why.tolist() == ["C2: the order was cancelled"] * 2
    after = gone.book(DAY, rule)
    assert rows_of(postings(after.decide(DAY, rule))) == []
    smaller = shop.with_lines(("C2", "2026-02-25", -15, {"ref_order": "O2"}))
    assert smaller.decide(DAY, rule).reversals.size == 2
    enough = shop.with_lines(("C2", "2026-02-25", -10, {"ref_order": "O2"}))
    assert enough.decide(DAY, rule).reversals.size == 0


def test_points_of_both_sides_go_by_the_money_of_the_friends_first_order() -> None:
    rates = {"reward": "Points per money", "reward_value": 2, "friend_reward": 1}
    shop = Shop((A, ("C2", "2026-02-01", 40.9)), referred_by={"C2": "C1"})
    rows = rows_of(postings(shop.decide(DAY, row(**{**BRING, **rates}))))
    assert [(cells["customer_id"], cells["points"]) for cells in rows] == [("C1", 81), ("C2", 40)]


# Tiers reached

RISE = (("C1", "2025-06-01", 150), ("C1", "2025-07-01", 60), ("C1", "2025-08-01", 900))
LEAP = (("C1", "2025-06-01", 150), ("C1", "2025-08-01", 960))
ENTRY = {"trigger": "Tier reached", "reward": "Free gift"}

# orders, tiers of the rule, each tier passed counts, day, references
TIERS: list[tuple[tuple[Line, ...], str, bool, str, list[str]]] = [
    (RISE, "Mid", False, "2025-06-30", []),
    (RISE, "Mid", False, "2025-07-01", ["2025-07-01"]),
    (RISE, "Mid", False, "2025-08-01", ["2025-07-01"]),  # still in it or above
    (RISE, "High-end", False, "2025-08-01", ["2025-08-01"]),
    (RISE, "Mid; High-end", False, "2025-08-01", ["2025-08-01"]),  # the last rise
    (LEAP, "Mid", False, "2025-08-01", []),  # passed over
    (LEAP, "Mid", True, "2025-08-01", ["2025-08-01"]),
    (LEAP, "High-end", False, "2025-08-01", ["2025-08-01"]),
    (LEAP, "Budget", False, "2025-08-01", ["2025-06-01"]),
]


@pytest.mark.parametrize(("lines", "tiers", "each", "day", "expected"), TIERS)
def test_which_rises_are_rewarded(
    lines: tuple[Line, ...],
    tiers: str,
    each: bool,  # noqa: FBT001
    day: str,
    expected: list[str],
) -> None:
    skipped = (Skipped.EACH_PASSED if each else Skipped.TOP_ONLY,) * 3
    shop = Shop(lines, tiers=spend_tiers(skipped_tiers=skipped))
    decided = shop.decide(day, row(**ENTRY, only_tiers=tiers))
    assert [one[2] for one in awarded(decided)] == expected


def test_a_tier_kept_or_come_down_to_is_not_reached_again() -> None:
    # High-end from August 2025 is valid until 31 August 2026, then 30 days of grace.
    lines = (*LEAP, ("C1", "2026-08-15", 300))
    shop = Shop(lines, tiers=spend_tiers())
    rule = row(**ENTRY, only_tiers="Mid; High-end")
    shop = shop.book("2025-08-02", rule)
    for day in ("2026-08-31", "2026-09-30", "2026-10-01"):
        assert rows_of(postings(shop.decide(day, rule))) == []
    decided = shop.decide("2026-10-01", rule)
    assert decided.facts.tier.tolist() == ["Mid"]  # one tier down, after grace
    assert said(decided, "C1") == "the tier was not reached by rising to it"
    assert said(shop.decide("2026-09-30", rule), "C1") == "issued on 2025-08-02 for 2025-08-01"


def test_points_keep_the_factor_until_grace_is_over() -> None:
    earn = {"trigger": "Order", "reward": "Points per money", "reward_value": 1}
    lines = (*LEAP, ("C1", "2026-09-30", 100), ("C1", "2026-10-01", 100))
    shop = Shop(lines, tiers=spend_tiers())
    assert [one[3] for one in awarded(shop.decide("2026-10-02", row(**earn)))][-2:] == [150, 125]


def test_the_entry_reward_of_a_tier_is_a_rule_of_tier_reached() -> None:
    tiers = spend_tiers(entry_reward=np.array(["", "R01", "r01"], dtype=object))
    entry = entry_tiers(tiers)
    assert entry == {"r01": ("Mid", "High-end")}
    decided = Shop(RISE, tiers=tiers).decide(DAY, row(**ENTRY), entry=entry)
    assert [one[2] for one in awarded(decided)] == ["2025-08-01"]


def test_a_tier_without_a_known_day_is_rewarded_once() -> None:
    shop = Shop(facts={"C1": {"tier": "Mid"}, "C2": {"tier": "Budget"}})
    rule = row(**ENTRY, only_tiers="Mid; High-end")
    decided = shop.decide(DAY, rule)
    assert [one[:3] for one in awarded(decided)] == [("C1", "R01", "Mid")]
    assert said(decided, "C2") == "Tier is Budget, needed: Mid or High-end"
    assert rows_of(postings(shop.book(DAY, rule).decide("2026-06-01", rule))) == []


def test_a_ladder_holds_what_rewards_need_of_the_tiers() -> None:
    ladder = Ladder.of(spend_tiers())
    assert ladder.names == ("Budget", "Mid", "High-end")
    assert [str(factor) for factor in ladder.points_factor] == ["1", "1.25", "1.5"]
    assert ladder.each_passed == (False, False, False)
