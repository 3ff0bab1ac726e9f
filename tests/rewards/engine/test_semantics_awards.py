"""What an award says and books: the contact cap, birthdays, cost and value, rows of the ledger."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.rewards.reward_cases import Cells, row
from tests.rewards.reward_shop import Shop, awarded, entry, only, orders, points, rows_of, said
from xlclv.rewards.listing import customer_summary, reward_list
from xlclv.rewards.posting import postings
from xlclv.rewards.scene.history import Policy

DAY = "2026-03-05"
BIRTHDAY = {"trigger": "Birthday", "trigger_value": 7, "window_after": 7}
AMOUNT = {"reward": "Amount off", "reward_value": 10}


# Contact cap


def offers(number: int, **cells: Any) -> list[Cells]:  # noqa: ANN401
    return [row(rule_id=f"R{one:02d}", priority=one, **cells) for one in range(1, number + 1)]


def waits(shop: Shop, day: str, *rules: Cells) -> list[str]:
    """Return until when the awards of C1 wait, in the order served."""
    decided = shop.decide(day, *rules)
    return [str(on) for one in decided.by_rule for on in one.awards.wait_until]


def capped(cap: int, **known: Any) -> Shop:  # noqa: ANN401
    return Shop(facts={"C1": {}}, policy=Policy(contact_cap=cap), **known)


# cap, days of messages booked, day of the last contact, rules, until when their awards wait
CAPS: list[tuple[int, list[str], str | None, int, list[str]]] = [
    (2, [], None, 2, ["NaT", "NaT"]),
    (2, [], None, 3, ["NaT", "NaT", "2026-04-04"]),
    (1, ["2026-02-03"], None, 1, ["NaT"]),  # 30 days ago: over
    (1, ["2026-02-04"], None, 1, ["2026-03-06"]),
    (1, [], "2026-02-04", 1, ["2026-03-06"]),
    (2, ["2026-02-04"], "2026-02-04", 1, ["NaT"]),  # the same message
    (2, ["2026-02-04"], "2026-02-10", 1, ["2026-03-06"]),
    (3, ["2026-02-10", "2026-02-20"], None, 4, ["NaT", "2026-03-12", "2026-03-22", "2026-04-04"]),
    (2, ["2026-02-10", "2026-02-20", "2026-03-01"], None, 1, ["2026-03-22"]),  # one too many
    (1, [], None, 3, ["NaT", "2026-04-04", "2026-05-04"]),
]


@pytest.mark.parametrize(("cap", "booked", "last", "number", "until"), CAPS)
def test_the_contact_cap_lets_rewards_wait(
    cap: int, booked: list[str], last: str | None, number: int, until: list[str]
) -> None:
    sent = (entry(day, rule_id="R99", reference=day) for day in booked)
    shop = capped(cap, last_contact={"C1": last} if last else {}).with_entries(*sent)
    assert waits(shop, DAY, *offers(number)) == until


def test_points_are_no_contact_and_never_wait() -> None:
    shop = replace(orders("2026-03-01"), policy=Policy(contact_cap=1))
    rules = [points(rule_id="R00", priority=0), *offers(1), points(rule_id="R02")]
    assert waits(shop, DAY, *rules) == ["NaT", "NaT", "NaT"]


def test_a_reward_that_waits_is_eligible_but_not_booked() -> None:
    shop = capped(1)
    rules = offers(2, reward="Amount off", reward_value=10, budget=10)
    decided = shop.decide(DAY, *rules)
    assert said(decided, "C1", "R02") == (
        "Eligible, wait until 2026-04-04 (contact cap): the reward is on offer now"
    )
    listed = reward_list(decided)
    assert listed["eligible"].tolist() == [True, True]
    assert listed["reason"][1].startswith("Eligible, wait until 2026-04-04 (contact cap)")
    assert customer_summary(decided)["granted"].tolist() == ["Thanks; Thanks"]
    assert decided.by_rule[1].left == 0  # it holds its budget
    after = shop.book(DAY, *rules)
    assert [cells["rule_id"] for cells in after.ledger] == ["R01"]
    for day in (DAY, "2026-04-03"):
        assert rows_of(postings(after.decide(day, *rules))) == []
    assert [cells["rule_id"] for cells in after.book("2026-04-04", *rules).ledger] == ["R01", "R02"]


def test_an_occasion_that_ends_before_the_cap_is_told_so() -> None:
    days = {"trigger": "Nth order", "trigger_value": 1, "reward": "Note"}
    shop = replace(orders("2026-03-01"), policy=Policy(contact_cap=1))
    late = row(rule_id="R02", priority=2, window_after=33, **days)  # until 3 April
    decided = shop.decide(DAY, *offers(1), late)
    assert said(decided, "C1", "R02").startswith(
        "Eligible, but the contact cap lasts until 2026-04-04 and this occasion only until "
        "2026-04-03: "
    )
    longer = row(rule_id="R02", priority=2, window_after=34, **days)
    decided = shop.decide(DAY, *offers(1), longer)
    assert said(decided, "C1", "R02").startswith("Eligible, wait until 2026-04-04 (contact cap): ")


def test_a_message_of_today_counts_however_often_the_day_is_decided() -> None:
    shop = capped(2, last_contact={"C1": DAY})
    assert waits(shop, DAY, *offers(2)) == ["NaT", "2026-04-04"]
    after = shop.book(DAY, *offers(2))
    assert rows_of(postings(after.decide(DAY, *offers(2)))) == []


# Birthdays


@pytest.mark.parametrize(
    ("as_of", "reference"),
    [("2025-12-27", "2026-01-03"), ("2026-01-10", "2026-01-03"), ("2026-12-28", "2027-01-03")],
)
def test_a_birthday_around_new_year_is_paid_once(as_of: str, reference: str) -> None:
    shop = Shop(facts={"C1": {"birth_date": "1990-01-03"}})
    assert [one[2] for one in awarded(shop.decide(as_of, row(**BIRTHDAY)))] == [reference]
    booked = shop.book("2025-12-27", row(**BIRTHDAY))
    expected = [] if reference == "2026-01-03" else [reference]
    assert [one[2] for one in awarded(booked.decide(as_of, row(**BIRTHDAY)))] == expected


def test_29_february_is_kept_on_the_28th_in_common_years() -> None:
    shop = Shop(facts={"C1": {"birth_date": "1992-02-29"}})
    rule = row(trigger="Birthday")
    assert [one[2] for one in awarded(shop.decide("2026-02-28", rule))] == ["2026-02-28"]
    assert awarded(shop.decide("2026-03-01", rule)) == []
    assert [one[2] for one in awarded(shop.decide("2028-02-29", rule))] == ["2028-02-29"]
    assert awarded(shop.decide("2028-02-28", rule)) == []


# Cost and value


@pytest.mark.parametrize(
    ("net_clv", "warns"),
    [(20, False), (10.01, False), (10, True), (8, True), (-5, True), (np.nan, False)],
)
def test_a_reward_that_costs_what_the_customer_is_worth_warns(
    net_clv: float,
    warns: bool,  # noqa: FBT001
) -> None:
    decided = Shop(facts={"C1": {"net_clv": net_clv}}).decide(DAY, row(**AMOUNT))
    one = only(decided)
    assert one.eligible.all()
    assert one.awards.warning.tolist() == [warns]
    assert ("Warning" in said(decided, "C1")) is warns


def test_the_warning_says_what_is_there() -> None:
    shop = Shop(facts={"C1": {"net_clv": 8}})
    assert said(shop.decide(DAY, row(cost_each="12.5")), "C1") == (
        "the reward is on offer now. Warning: costs 12.50, the customer's net value is 8."
    )


# Rows of the ledger


def test_an_award_becomes_a_row_of_the_ledger() -> None:
    rule = row(**AMOUNT, cost_each="55%", expires_days=30)
    assert rows_of(postings(Shop(facts={"C1": {}}).decide(DAY, rule))) == [
        {
            "entry_date": DAY,
            "customer_id": "C1",
            "rule_id": "R01",
            "reference": "once",
            "points": None,
            "face_value": 10,
            "booked_cost": 5.5,
            "entry_state": "active",
            "usable_from": DAY,
            "expires_on": "2026-04-04",
            "note": "10 off",
        }
    ]


def test_points_become_a_row_of_the_ledger() -> None:
    shop = orders("2026-03-01", amount=120.5)
    assert rows_of(postings(shop.decide(DAY, points(waiting_days=14)))) == [
        {
            "entry_date": "2026-03-01",
            "customer_id": "C1",
            "rule_id": "R01",
            "reference": "O1",
            "points": 120,
            "face_value": None,
            "booked_cost": 1.2,
            "entry_state": "pending",
            "usable_from": "2026-03-15",
            "expires_on": None,
            "note": "120 points",
        }
    ]


def test_nothing_to_post_has_the_columns_of_a_ledger() -> None:
    frame = postings(Shop(facts={"C1": {}}).decide(DAY))
    assert {name: column.size for name, column in frame.items()} == dict.fromkeys(frame, 0)


def test_a_list_has_a_row_per_award() -> None:
    listed = reward_list(orders("2026-03-01", "2026-03-02", amount=7.5).decide(DAY, points()))
    assert listed["reward"].tolist() == ["7 points", "7 points"]
    assert listed["cost"].tolist() == [0.07, 0.07]
    assert listed["reason"].tolist() == ["order O1 on 2026-03-01", "order O2 on 2026-03-02"]
