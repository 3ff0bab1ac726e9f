"""The tab Loyalty: who moves, who is about to, whom to congratulate and to thank, what is open."""

from datetime import date

import numpy as np
import pytest

from tests.tables_by_hand import LOG, computed, table
from xlclv.analysis.advice import next_steps
from xlclv.analysis.lists import birthdays, in_grace, movements, thank_yous
from xlclv.analysis.results import Results
from xlclv.rewards.listing import reward_list
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, LEDGER, ORDERS, RULES, TIERS

AS_OF = date(2026, 6, 30)
SPENT = ("tier", "measure", "enter_at", "window", "valid_months", "round_up_to", "grace_days")
TIER_ROWS = [
    ("Gold", "Net spend", 300, "Rolling 12 months", 12, "none", 30),
    ("Silver", "Net spend", 100, "Rolling 12 months", 12, "none", 30),
    ("Bronze", "Net spend", 0, "Rolling 12 months", 12, "none", 30),
]
PURCHASES = [
    ("a", date(2026, 6, 10), 350.0),  # from nothing to Gold
    ("b", date(2025, 6, 15), 320.0),  # Gold until 15 June 2026, nothing since: in grace
    ("c", date(2024, 1, 5), 150.0),  # Silver long ago
    ("d", date(2026, 1, 5), 50.0),
]


def shop(**inputs: object) -> Results:
    tiers = table(TIERS, SPENT, *TIER_ROWS)
    orders = table(ORDERS, LOG, *PURCHASES)
    return computed(orders=orders, tiers=tiers, settings=Settings(as_of=AS_OF), **inputs)


def test_a_rise_of_the_last_days_is_listed_with_both_tiers() -> None:
    frame = movements(shop())
    assert list(frame["customer_id"]) == ["a"]
    assert str(frame["moved_on"][0]) == "2026-06-10"
    assert (frame["tier_before"][0], frame["tier_after"][0]) == ("No tier", "Gold")


def test_who_is_in_grace_is_listed_with_what_is_missing() -> None:
    results = shop()
    frame = in_grace(results)
    assert list(frame["customer_id"]) == ["b"]
    assert str(frame["grace_until"][0]) == "2026-07-15"
    assert (frame["tier"][0], frame["keep_gap"][0]) == ("Gold", 300)
    assert ("Loyalty", "1 customer is about to lose the tier.") in next_steps(results)


def test_tiers_by_value_are_compared_with_the_customer_sheet() -> None:
    names = ("customer_id", "avg_value", "frequency", "lifespan", "current_tier")
    rows = [("a", 400, 1, 1, "silver"), ("b", 50, 1, 1, "Silver"), ("c", 150, 1, 1, "Silver")]
    customers = table(CUSTOMERS, names, *rows)
    tiers = table(TIERS, ("tier", "enter_at"), ("Gold", 300), ("Silver", 100), ("Bronze", 0))
    frame = movements(computed(customers=customers, tiers=tiers, settings=Settings(as_of=AS_OF)))
    pairs = zip(frame["customer_id"], frame["tier_before"], frame["tier_after"], strict=True)
    # Of b no day of the tier is known, so it has no end; c is where it was.
    assert list(pairs) == [("a", "Silver", "Gold")]


def test_birthdays_ahead_are_of_those_who_may_be_contacted() -> None:
    names = ("customer_id", "birth_date", "opt_in")
    rows = [
        ("a", date(1990, 7, 30), True),
        ("b", date(1990, 6, 30), True),
        ("c", date(1990, 7, 31), True),
        ("d", date(1990, 7, 1), False),
    ]
    frame = birthdays(shop(customers=table(CUSTOMERS, names, *rows)))
    assert list(frame["customer_id"]) == ["b", "a"]
    assert list(frame["birthday"].astype(str)) == ["2026-06-30", "2026-07-30"]


MAILED = [
    ("a", date(1990, 7, 1), "Yes", "Ann"),
    ("b", date(1990, 7, 1), "No", "Bob"),
    ("c", date(1990, 7, 1), None, None),
    ("d", date(1990, 7, 1), "Yes", "=1+1"),
]
CONSENT = ("customer_id", "birth_date", "newsletter", "label")
THANKS = ("rule_id", "rule_name", "rule_type", "trigger", "trigger_value", "reward", "reward_value")


def test_whoever_did_not_agree_to_mail_is_on_no_list_but_earns_rewards() -> None:
    rules = [
        ("R1", "Note", "Thank-you", "Nth order", 1, "Note", None),
        ("R2", "Points", "Offer", "Nth order", 1, "Fixed points", 5),
        ("R3", "Gift", "Offer", "Nth order", 1, "Free gift", 5),
    ]
    sheet = table(CUSTOMERS, CONSENT, *MAILED)
    results = shop(customers=sheet, rules=table(RULES, THANKS, *rules))
    assert list(birthdays(results)["customer_id"]) == ["a", "d"]
    assert sorted(thank_yous(results)["customer_id"]) == ["a", "d"]
    granted = reward_list(results.decisions)
    whose = {
        rule: sorted(granted["customer_id"][granted["rule_id"] == rule])
        for rule in ("R1", "R2", "R3")
    }
    # Rewards are granted all the same, but who did not agree is on no list to be sent anything.
    assert whose == {rule: list("abcd") for rule in whose}


def test_names_and_addresses_stand_at_the_end_of_each_list_where_any_is_known() -> None:
    rules = table(RULES, THANKS, ("R1", "Note", "Thank-you", "Nth order", 1, "Note", None))
    lists = (movements, in_grace, birthdays, thank_yous)
    results = shop(customers=table(CUSTOMERS, CONSENT, *MAILED), rules=rules)
    for each in lists:
        assert list(each(results))[-1] == "customer_name", each
    frame = birthdays(results)
    assert list(frame["customer_name"]) == ["Ann", "=1+1"]
    unnamed = [(*cells, None) for *cells, _ in MAILED]
    results = shop(customers=table(CUSTOMERS, CONSENT, *unnamed), rules=rules)
    assert not any("customer_name" in each(results) for each in lists)


def test_thank_yous_are_those_of_rules_of_that_type() -> None:
    names = ("rule_id", "rule_name", "rule_type", "trigger", "trigger_value", "reward")
    rows = [
        ("R1", "Note", "Thank-you", "Nth order", 1, "Note"),
        ("R2", "Perk", "Perk", "Nth order", 1, "Service"),
    ]
    frame = thank_yous(shop(rules=table(RULES, names, *rows)))
    assert set(frame["rule_id"]) == {"R1"}
    assert sorted(frame["customer_id"]) == ["a", "b", "c", "d"]


def test_points_about_to_expire_are_a_thing_to_do() -> None:
    names = ("entry_date", "customer_id", "points", "entry_state", "expires_on")
    rows = [
        (date(2026, 1, 1), "a", 40, "active", date(2026, 7, 30)),
        (date(2026, 1, 1), "b", 60, "active", date(2026, 7, 31)),
    ]
    results = shop(ledger=table(LEDGER, names, *rows))
    assert ("Loyalty", "40 points expire within 30 days: remind their owners.") in next_steps(
        results
    )
    figures = {kpi.key: kpi.value for kpi in results.kpis}
    assert figures["points_open"] == 100
    assert figures["owed"] == pytest.approx(1.0)
    assert figures["redemption"] == 0


def test_a_current_tier_that_is_none_is_a_fault_and_does_not_stop_the_refresh() -> None:
    customers = table(CUSTOMERS, ("customer_id", "current_tier"), ("a", "Platinum"), ("b", None))
    results = shop(customers=customers)
    (check,) = (check for check in results.checks if check.key == "unknown_tier")
    assert (check.level, check.cells) == ("fault", ("a",))
    assert results.placing.tier[list(results.people.ids).index("a")] == "Gold"


def test_a_customer_sheet_without_any_day_has_no_birthdays_and_no_grace() -> None:
    customers = table(
        CUSTOMERS,
        ("customer_id", "avg_value", "frequency", "lifespan", "birth_date"),
        ("a", 10, 1, 1, date(1990, 7, 1)),
    )
    results = computed(customers=customers)
    assert np.isnat(results.people.as_of)
    for frame in (birthdays(results), in_grace(results), movements(results)):
        assert not frame["customer_id"].size
