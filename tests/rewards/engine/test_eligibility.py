"""Who gets a reward: one customer and one rule at a time, both sides of every limit."""

from typing import Any

import numpy as np
import pytest

from tests.rewards.reward_cases import TODAY, decisions, people, read, row, verdict
from xlclv.rewards.engine.eligibility import decide
from xlclv.rewards.facts import Facts
from xlclv.words import word

Cells = dict[str, Any]

BIRTHDAY = {"trigger": "Birthday", "trigger_value": 7, "window_after": 7}
WINDOW = "from 7 days before to 7 days after their birthday"
NTH = {"trigger": "Nth order", "trigger_value": 3}
TENURE = {"trigger": "Tenure", "trigger_value": 2}
PASSIVE = {"trigger": "Passive"}
QUIET = {"trigger": "Passive", "trigger_value": 60}
POINTS = {"reward": "Fixed points", "reward_value": 50}
TOO_FEW_DAYS = "Days since last order is 59, needed: 60 or more"

# customer, rule, eligible, reason; the day is 2026-03-05
SCENARIOS: list[tuple[Cells, Cells, bool, str]] = [
    # the rule itself
    ({}, {}, True, "the reward is on offer now"),
    ({}, {"active": "No"}, False, "the rule rests (Active is No)"),
    ({}, {"valid_from": "2026-03-06"}, False, "the rule starts on 2026-03-06"),
    ({}, {"valid_from": "2026-03-05"}, True, "the reward is on offer now"),
    ({}, {"valid_to": "2026-03-05"}, True, "the reward is on offer now"),
    ({}, {"valid_to": "2026-03-04"}, False, "the rule ended on 2026-03-04"),
    # consent and exclusions
    ({"opt_in": False}, {}, False, "Opt-in is No"),
    ({"opt_in": False}, POINTS, False, "Opt-in is No"),
    ({"tags": "vip; Staff"}, {"not_for": "staff"}, False, "this reward is not for staff"),
    ({"tags": "staffing"}, {"not_for": "staff"}, True, "the reward is on offer now"),
    ({"tier": "Mid"}, {"not_for": "mid"}, False, "this reward is not for mid"),
    ({"segment": "Shoes"}, {"not_for": "shoes"}, False, "this reward is not for shoes"),
    ({"customer_id": "C17"}, {"not_for": "x; c17"}, False, "this reward is not for c17"),
    ({"customer_id": "C170"}, {"not_for": "x; c17"}, True, "the reward is on offer now"),
    # tiers and segments
    ({"tier": "High-end"}, {"only_tiers": "Mid; High-end"}, True, "the reward is on offer now"),
    (
        {"tier": "Budget"},
        {"only_tiers": "Mid; High-end"},
        False,
        "Tier is Budget, needed: Mid or High-end",
    ),
    ({}, {"only_tiers": "Mid"}, False, "Tier is not known"),
    ({"segment": "Hats"}, {"only_segments": "hats"}, True, "the reward is on offer now"),
    ({"tags": "vip"}, {"only_segments": "hats; VIP"}, True, "the reward is on offer now"),
    (
        {"segment": "Shoes", "tags": "old"},
        {"only_segments": "Hats; vip"},
        False,
        "Segment or tag is Shoes; old, needed: Hats or vip",
    ),
    ({}, {"only_segments": "Hats"}, False, "Segment or tag is empty, needed: Hats"),
    # first order: there is one, whatever came after it
    (
        {"orders_life": 1, "first_order": "2026-03-01"},
        {"trigger": "First order"},
        True,
        "the first order was on 2026-03-01",
    ),
    ({"orders_life": 1}, {"trigger": "First order"}, True, "the first order was placed"),
    ({"orders_life": 2}, {"trigger": "First order"}, True, "the first order was placed"),
    (
        {"orders_life": 0},
        {"trigger": "First order"},
        False,
        "Orders life is 0, needed: 1 or more",
    ),
    ({}, {"trigger": "First order"}, False, "Orders life is not known"),
    (
        {"orders_life": 1, "first_order": "2026-02-03"},
        {"trigger": "First order", "window_after": 30},
        True,
        "the first order was on 2026-02-03",
    ),
    (
        {"orders_life": 1, "first_order": "2026-02-02"},
        {"trigger": "First order", "window_after": 30},
        False,
        "the 30 days after 2026-02-02 are over",
    ),
    (
        {"orders_life": 1},
        {"trigger": "First order", "window_after": 30},
        False,
        "Day of the trigger is not known",
    ),
    # n-th order: at least n so far
    ({"orders_life": 3}, NTH, True, "Orders life is 3"),
    ({"orders_life": 4}, NTH, True, "Orders life is 4"),
    ({"orders_life": 2}, NTH, False, "Orders life is 2, needed: 3 or more"),
    # birthday
    ({"birth_date": "1990-03-12"}, BIRTHDAY, True, "the birthday is on 2026-03-12"),
    (
        {"birth_date": "1990-03-13"},
        BIRTHDAY,
        False,
        f"the next birthday is on 2026-03-13, the reward counts {WINDOW}",
    ),
    ({"birth_date": "1990-02-26"}, BIRTHDAY, True, "the birthday is on 2026-02-26"),
    (
        {"birth_date": "1990-02-25"},
        BIRTHDAY,
        False,
        f"the next birthday is on 2027-02-25, the reward counts {WINDOW}",
    ),
    ({"birth_date": "1992-02-29"}, BIRTHDAY, True, "the birthday is on 2026-02-28"),
    ({}, BIRTHDAY, False, "Birth date is not known"),
    ({"birth_date": "1990-03-05"}, {"trigger": "Birthday"}, True, "the birthday is on 2026-03-05"),
    (
        {"birth_date": "1990-03-06"},
        {"trigger": "Birthday"},
        False,
        "the next birthday is on 2026-03-06, the reward counts on their birthday",
    ),
    # tenure: complete years
    ({"first_order": "2024-03-05"}, TENURE, True, "customer since 2024-03-05"),
    (
        {"first_order": "2026-01-01", "joined": "2024-03-05"},
        TENURE,
        True,
        "customer since 2024-03-05",
    ),
    ({"joined": "2024-03-05"}, TENURE, True, "customer since 2024-03-05"),
    (
        {"first_order": "2024-03-05", "joined": "2026-01-01"},
        TENURE,
        True,
        "customer since 2024-03-05",
    ),
    ({"first_order": "2024-03-06"}, TENURE, False, "Tenure years is 1, needed: 2 or more"),
    ({}, TENURE, False, "Tenure years is not known"),
    (
        {"first_order": "2024-02-03"},
        {**TENURE, "window_after": 30},
        True,
        "customer since 2024-02-03",
    ),
    (
        {"first_order": "2024-02-02"},
        {**TENURE, "window_after": 30},
        False,
        "the 30 days after 2026-02-02 are over",
    ),
    # tier reached
    (
        {"tier": "Mid"},
        {"trigger": "Tier reached", "only_tiers": "Mid; High-end"},
        True,
        "Tier is Mid",
    ),
    # passive
    ({"status": "Passive"}, PASSIVE, True, "Status is Lapsed"),
    ({"status": "Lost"}, PASSIVE, True, "Status is Lost"),
    ({"status": "At risk"}, PASSIVE, False, "Status is At risk, needed: Lapsed or Lost"),
    ({}, PASSIVE, False, "Status is not known"),
    (
        {"status": "Active", "last_order": "2026-01-04"},
        QUIET,
        True,
        "Days since last order is 60",
    ),
    (
        {"status": "Active", "last_order": "2026-01-05"},
        QUIET,
        False,
        f"neither is met: Status is Active, needed: Lapsed or Lost; {TOO_FEW_DAYS}",
    ),
    ({"status": "Lost", "last_order": "2026-03-01"}, QUIET, True, "Status is Lost"),
    (
        {"last_order": "2026-01-05"},
        QUIET,
        False,
        f"neither is met: Status is not known; {TOO_FEW_DAYS}",
    ),
]


@pytest.mark.parametrize(("customer", "cells", "eligible", "reason"), SCENARIOS)
def test_the_decision_and_its_reason(
    customer: Cells,
    cells: Cells,
    eligible: bool,  # noqa: FBT001
    reason: str,
) -> None:
    assert verdict(customer, **cells) == (eligible, reason)


def asks(field: str, test: str, value: str | float) -> Cells:
    return {"field_1": field, "test_1": test, "value_1": value}


# customer, condition, met, what the reason says if not
CONDITIONS: list[tuple[Cells, Cells, str | None]] = [
    ({"orders_12m": 2}, asks("Orders 12m", "≥", 2), None),
    ({"orders_12m": 1}, asks("Orders 12m", "≥", 2), "Orders 12m is 1, needed: 2 or more"),
    ({"orders_12m": 2}, asks("Orders 12m", ">", 2), "Orders 12m is 2, needed: more than 2"),
    ({"orders_12m": 3}, asks("Orders 12m", ">", 2), None),
    ({"orders_12m": 2}, asks("Orders 12m", "≤", 2), None),
    ({"orders_12m": 3}, asks("Orders 12m", "≤", 2), "Orders 12m is 3, needed: 2 or less"),
    ({"orders_12m": 2}, asks("Orders 12m", "<", 2), "Orders 12m is 2, needed: less than 2"),
    ({"orders_12m": 1}, asks("Orders 12m", "<", 2), None),
    ({"orders_12m": 2}, asks("Orders 12m", "=", 2), None),
    ({"orders_12m": 3}, asks("Orders 12m", "=", 2), "Orders 12m is 3, needed: 2"),
    ({"orders_12m": 3}, asks("Orders 12m", "≠", 2), None),
    ({"orders_12m": 2}, asks("Orders 12m", "≠", 2), "Orders 12m is 2, needed: anything but 2"),
    ({"orders_12m": 2}, asks("Orders 12m", "between", "2; 4"), None),
    ({"orders_12m": 4}, asks("Orders 12m", "between", "2; 4"), None),
    (
        {"orders_12m": 5},
        asks("Orders 12m", "between", "2; 4"),
        "Orders 12m is 5, needed: from 2 to 4",
    ),
    ({"orders_12m": 4}, asks("Orders 12m", "in list", "2; 4; 6"), None),
    (
        {"orders_12m": 3},
        asks("Orders 12m", "in list", "2; 4; 6"),
        "Orders 12m is 3, needed: 2, 4 or 6",
    ),
    ({}, asks("Orders 12m", "≠", 2), "Orders 12m is not known"),
    ({}, asks("Orders 12m", "<", 2), "Orders 12m is not known"),
    ({"orders_life": 9}, asks("Orders life", "≥", 9), None),
    ({"clv": 1234.5}, asks("CLV", "≥", 2000), "CLV is 1,234.50, needed: 2,000 or more"),
    ({"clv": 199.996}, asks("CLV", "≥", 200), None),  # the sheet shows 200.00
    ({"clv": 199.994}, asks("CLV", "≥", 200), "CLV is 199.99, needed: 200 or more"),
    ({"spend_12m": 0.1 + 0.2}, asks("Net spend 12m", "≤", 0.3), None),
    ({"net_clv": -5}, asks("Net CLV", "<", 0), None),
    ({"spend_life": 5}, asks("Net spend life", ">", 4), None),
    ({"avg_order": 50}, asks("Average order", "≥", 50), None),
    ({"first_order": "2024-03-05"}, asks("Tenure years", "≥", 2), None),
    ({"last_order": "2026-02-21"}, asks("Days since last order", "≥", 12), None),
    (
        {"last_order": "2026-02-21"},
        asks("days since LAST order", "≥", 60),
        "Days since last order is 12, needed: 60 or more",
    ),
    ({}, asks("Days since last order", "≥", 60), "Days since last order is not known"),
    ({"birth_date": "1980-03-05"}, asks("Birthday in days", "=", 0), None),
    ({"birth_date": "1980-03-04"}, asks("Birthday in days", "≥", 364), None),
    ({"status": "Lost"}, asks("Status", "=", "lost"), None),
    (
        {"status": "Lost"},
        asks("Status", "in list", "Active; At risk"),
        "Status is Lost, needed: Active or At risk",
    ),
    ({"status": "Lost"}, asks("Status", "≠", "Lost"), "Status is Lost, needed: anything but Lost"),
    ({}, asks("Status", "≠", "Lost"), "Status is not known"),
    ({"newsletter": "Yes"}, asks("Newsletter", "=", "Yes"), None),
    ({"newsletter": "No"}, asks("Newsletter", "=", "TRUE"), "Newsletter is No, needed: Yes"),
    ({}, asks("Newsletter", "=", "No"), "Newsletter is not known"),
    ({"channel": "Shop"}, asks("Channel", "in list", "web; shop"), None),
    ({"channel": "Shop"}, asks("Channel", "=", "Web"), "Channel is Shop, needed: Web"),
]


@pytest.mark.parametrize(("customer", "condition", "reason"), CONDITIONS)
def test_a_condition(customer: Cells, condition: Cells, reason: str | None) -> None:
    granted = word("rewards.reason.date_range")
    assert verdict(customer, **condition) == (reason is None, reason or granted)


def test_all_conditions_must_hold_and_the_first_that_fails_is_named() -> None:
    cells = {
        **asks("Orders 12m", "≥", 2),
        "field_2": "CLV",
        "test_2": "≥",
        "value_2": 100,
        "field_3": "Status",
        "test_3": "=",
        "value_3": "Active",
    }
    fine = {"orders_12m": 2, "clv": 100, "status": "Active"}
    assert verdict(fine, **cells)[0]
    assert verdict({**fine, "clv": 99, "status": "Lost"}, **cells)[1].startswith("CLV is 99,")
    assert verdict({**fine, "status": "Lost"}, **cells)[1].startswith("Status is Lost,")


def test_exclusion_and_consent_are_named_before_anything_else() -> None:
    cells = {"not_for": "staff", "only_tiers": "Mid", **asks("CLV", "≥", 100)}
    assert verdict({"tags": "staff"}, **cells) == (False, "this reward is not for staff")
    assert verdict({"tags": "staff", "opt_in": False}, **cells) == (False, "Opt-in is No")


@pytest.mark.parametrize(
    ("as_of", "eligible"),
    [("2025-12-26", False), ("2025-12-27", True), ("2026-01-10", True), ("2026-01-11", False)],
)
def test_a_birthday_window_spans_new_year(as_of: str, eligible: bool) -> None:  # noqa: FBT001
    assert verdict({"birth_date": "1990-01-03"}, as_of, **BIRTHDAY)[0] is eligible


def test_the_day_given_decides_everything() -> None:
    customer = {"first_order": "2024-03-05"}
    assert not verdict(customer, "2026-03-04", **TENURE)[0]
    assert verdict(customer, "2026-03-05", **TENURE)[0]


@pytest.mark.parametrize(
    ("cells", "expires"),
    [
        ({"expires_days": 60}, "2026-05-04"),
        ({}, None),
        ({**BIRTHDAY, "expires_days": 10}, "2026-03-22"),  # from the birthday, still to come
        ({**TENURE, "expires_days": 10}, "2026-03-15"),  # from today, the event is past
    ],
)
def test_a_reward_expires_at_the_end_of_its_last_day(cells: Cells, expires: str | None) -> None:
    facts = people({"birth_date": "1990-03-12", "first_order": "2020-01-01"})
    (decision,) = decisions(facts, row(**cells)).by_rule
    assert decision.eligible.all()
    assert decision.expires.astype(str).tolist() == [expires or "NaT"]


def test_only_rules_whose_status_is_ok_are_decided() -> None:
    rules = read(
        row(rule_id="R01", only_tiers="Gold"),
        row(rule_id="R02", trigger="Survey answered"),
        row(rule_id="R03"),
        known={"orders"},
    )
    decided = decide(people({"tier": "Mid"}), rules, np.datetime64(TODAY))
    assert [one.rule.rule_id for one in decided.by_rule] == ["R03"]


def test_facts_tell_which_labels_a_rule_may_name() -> None:
    facts = people({"segment": "Shoes", "tags": "VIP ; staff"}, {"customer_id": "K9"})
    assert facts.labels() - {""} == {"shoes", "vip", "staff", "c1", "k9"}


def test_no_customers_and_no_rules_are_decided_too() -> None:
    nobody = Facts.of([])
    assert decisions(nobody, row(**BIRTHDAY)).by_rule[0].count == 0
    assert decisions(nobody).by_rule == ()
