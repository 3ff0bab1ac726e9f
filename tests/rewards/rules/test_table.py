"""What a row of the rule table becomes, and every fault it can have."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tests.rewards.reward_cases import TIERS, WHERE, cell, read, row, rule, status
from xlclv.rewards.facts import Facts
from xlclv.rewards.known import Surveys
from xlclv.rewards.rules.pending import SOURCES
from xlclv.rewards.rules.table import Rules, read_rules
from xlclv.rewards.scene.history import History, known_sources
from xlclv.tables import RULES, RawTable, Table, read_table, title

BIRTHDAY = {"trigger": "Birthday", "reward": "% off", "reward_value": 0.2, "max_per_order": 30}


FIXED = {"reward": "Fixed points", "reward_value": 50}


def codes(rules: Rules) -> list[tuple[str, str]]:
    """Return the cell and error code of every fault."""
    return [(fault.cell, fault.error.message.rpartition("[")[2][:-1]) for fault in rules.faults]


def test_a_row_becomes_a_typed_rule() -> None:
    read_back = rule(
        rule_id="R04",
        rule_name="Birthday 20 %",
        **BIRTHDAY,
        active="Yes",
        trigger_value=7,
        window_after=7,
        only_tiers="mid; High-End",
        not_for="staff; reseller",
        field_1="ORDERS12m",
        test_1="≥",
        value_1=2,
        min_order=50,
        max_times=1,
        max_per="year",
        budget=2000,
        budget_per="Year",
        cost_each="55%",
        expires_days=60,
        valid_from="2026-01-01",
        priority=20,
        group="offers",
    )
    assert (read_back.trigger_value, read_back.window_after) == (7, 7)
    assert read_back.only_tiers == ("Mid", "High-end")
    assert read_back.not_for == ("staff", "reseller")
    (condition,) = read_back.conditions
    assert (condition.field.key, condition.test.code, condition.values) == (
        "orders_12m",
        "≥",
        (2.0,),
    )
    assert read_back.reward_value == Decimal("0.2")
    assert (read_back.max_per.code, read_back.budget) == ("Year", Decimal(2000))
    assert read_back.valid_from == np.datetime64("2026-01-01")
    assert read_back.together.code == "Best of group"  # what a group means unless it says otherwise


def test_a_blank_cell_is_no_restriction() -> None:
    plain = rule()
    assert plain.active
    assert (plain.only_tiers, plain.conditions, plain.not_for) == ((), (), ())
    assert (plain.budget, plain.max_times, plain.expires_days) == (None, None, None)
    assert (plain.together.code, plain.priority, plain.cost) == ("Stack", float("inf"), None)


@pytest.mark.parametrize(
    ("cells", "cost"),
    [
        ({"cost_each": "4.5"}, "4.50"),
        ({"cost_each": 4.5}, "4.50"),
        ({"reward": "Amount off", "reward_value": 10, "cost_each": "55 %"}, "5.50"),
        ({"reward": "Amount off", "reward_value": 10}, "10.00"),
        ({"reward": "Amount off", "reward_value": 10, "max_per_order": 8}, "8.00"),
        ({**BIRTHDAY, "cost_each": "55%"}, "16.50"),  # of the most one order can earn
        ({**BIRTHDAY, "max_per_order": 0.3, "cost_each": "55%"}, "0.17"),  # 0.165, half up
        ({"reward": "Free gift", "reward_value": 15, "cost_each": "60%"}, "9.00"),
    ],
)
def test_the_cost_of_a_grant_is_exact_to_the_cent(cells: dict[str, Any], cost: str) -> None:
    assert str(rule(**cells).cost) == cost


@pytest.mark.parametrize("reward", ["% off", "Free gift", "Free shipping", "Service", "Note"])
def test_a_cost_that_nothing_tells_is_not_taken_for_zero(reward: str) -> None:
    value = 0.1 if reward == "% off" else None
    assert rule(reward=reward, reward_value=value).cost is None


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    # cells, the column at fault, the code of the message
    ({"trigger": None}, "trigger", "R405"),
    ({"trigger": "Full moon"}, "trigger", "V105"),
    ({"reward": None}, "reward", "R405"),
    ({"only_tiers": "Mid; Gold"}, "only_tiers", "R402"),
    ({"only_tiers": "Mid;;Budget"}, "only_tiers", "R404"),
    ({"trigger": "Tier reached"}, "only_tiers", "R405"),
    ({"trigger": "Nth order"}, "trigger_value", "R405"),
    ({"trigger": "Nth order", "trigger_value": 0}, "trigger_value", "R407"),
    ({"trigger": "Tenure", "trigger_value": 1.5}, "trigger_value", "R407"),
    ({**BIRTHDAY, "trigger_value": 366}, "trigger_value", "R407"),
    ({**BIRTHDAY, "window_after": 366}, "window_after", "R407"),
    ({"trigger": "First order", "trigger_value": 1}, "trigger_value", "R406"),
    ({"window_after": 7}, "window_after", "R406"),
    ({"trigger": "Manual", "window_after": 7}, "window_after", "R406"),
    ({"friend_reward": 5}, "friend_reward", "R406"),
    ({"reward": "% off"}, "reward_value", "R405"),
    ({"reward": "% off", "reward_value": 20}, "reward_value", "R407"),
    ({"reward": "Amount off", "reward_value": 0}, "reward_value", "R407"),
    ({"reward": "Amount off", "reward_value": -5}, "reward_value", "V103"),
    ({"field_1": "Shoe size", "test_1": "=", "value_1": 42}, "field_1", "R402"),
    ({"field_1": "CLV", "value_1": 42}, "test_1", "R405"),
    ({"field_1": "CLV", "test_1": "≥"}, "value_1", "R405"),
    ({"test_2": "≥", "value_2": 5}, "field_2", "R405"),
    ({"field_1": "Status", "test_1": "≥", "value_1": "Lost"}, "test_1", "R407"),
    ({"field_1": "Status", "test_1": "=", "value_1": "Asleep"}, "value_1", "R402"),
    ({"field_1": "Newsletter", "test_1": "=", "value_1": "maybe"}, "value_1", "R402"),
    ({"field_1": "CLV", "test_1": "≥", "value_1": "1,000"}, "value_1", "R407"),
    ({"field_1": "Orders 12m", "test_1": "≥", "value_1": 1.5}, "value_1", "R407"),
    ({"field_1": "CLV", "test_1": "between", "value_1": "5"}, "value_1", "R407"),
    ({"field_1": "CLV", "test_1": "between", "value_1": "9; 5"}, "value_1", "R407"),
    ({"field_1": "CLV", "test_1": "in list", "value_1": "9; x"}, "value_1", "R407"),
    ({"products": "cat:Shoes"}, "products", "R411"),
    ({"products": "+"}, "products", "R411"),
    ({"max_times": 1}, "max_per", "R405"),
    ({"max_per": "Year"}, "max_times", "R405"),
    ({"max_times": 0, "max_per": "Year"}, "max_times", "R407"),
    ({"budget_per": "Year"}, "budget", "R405"),
    ({"budget": -1, "cost_each": "1"}, "budget", "V103"),
    ({"budget": 100}, "cost_each", "R405"),
    ({"cost_each": "about 5"}, "cost_each", "R409"),
    ({"cost_each": "55%"}, "cost_each", "R410"),
    ({**FIXED, "cost_each": "55%"}, "cost_each", "R407"),  # points have no face value
    ({**FIXED, "expiry_restarts": "Yes"}, "expires_days", "R405"),
    ({"expires_days": 10, "expiry_restarts": "Yes"}, "expiry_restarts", "R406"),
    ({**FIXED, "reward_value": 1.5}, "reward_value", "R407"),
    (
        {"trigger": "Birthday", "reward": "Points per money", "reward_value": 1},
        "trigger",
        "R407",
    ),
    ({"trigger": "Order", "trigger_value": 0}, "trigger_value", "R407"),
    ({"waiting_days": 14, "expires_days": 13}, "expires_days", "R407"),
    ({**FIXED, "trigger": "Referral", "friend_reward": 2.5}, "friend_reward", "R407"),
    ({"together": "Best of group"}, "group", "R405"),
    ({"valid_from": "2026-02-01", "valid_to": "2026-01-31"}, "valid_from", "R408"),
    ({"rule_id": None}, "rule_id", "V101"),
]


@pytest.mark.parametrize(("cells", "column", "code"), FAULTS)
def test_a_fault_names_its_cell_and_the_rule_is_ignored(
    cells: dict[str, Any], column: str, code: str
) -> None:
    rules = read(row(**cells))
    assert codes(rules) == [(cell(column), code)]
    assert rules.decided == ()
    assert rules.rows[0].status == rules.faults[0].error.message
    assert rules.rows[0].status.startswith(title(column))


@pytest.mark.parametrize(
    "cells",
    [
        {"valid_from": "2026-01-31", "valid_to": "2026-01-31"},
        {**BIRTHDAY, "trigger_value": 365, "window_after": 0},
        {"reward": "% off", "reward_value": 1},
        {"field_1": "CLV", "test_1": "between", "value_1": "5; 5"},
        {"field_1": "Newsletter", "test_1": "=", "value_1": True},
        {"field_1": "status", "test_1": "in list", "value_1": "passive; LOST"},
        {"budget": 0, "cost_each": "1"},
        {"trigger": "Order", "window_after": 30},
        {"waiting_days": 14, "expires_days": 14},
        {"trigger": "Referral", "waiting_days": 14, "expires_days": 7},
        {**FIXED, "expires_days": 10, "expiry_restarts": "Yes"},
        {"products": "+cat:Shoes; -sku:GIFT"},
    ],
)
def test_what_lies_just_inside_the_limits_is_ok(cells: dict[str, Any]) -> None:
    assert status(**cells) == "OK"


def test_messages_say_what_is_there_and_what_is_allowed() -> None:
    assert status(only_tiers="Gold") == (
        'Only tiers has "Gold"; expected one of: Budget, Mid, High-end. [R402]'
    )
    assert "Did you mean 20%?" in status(reward="% off", reward_value=20)


def test_all_faults_of_a_table_are_reported_at_once() -> None:
    rules = read(
        row(rule_id="R01", reward="% off", only_tiers="Gold"),
        row(rule_id="R02"),
        row(rule_id="R03", budget="much", cost_each="5", field_1="Height", test_1="=", value_1=1),
    )
    assert codes(rules) == [
        (cell("only_tiers"), "R402"),
        (cell("reward_value"), "R405"),
        (cell("field_1", 2), "R402"),
        (cell("budget", 2), "V102"),
    ]
    assert [one.state for one in rules.rows] == ["fault", "ok", "fault"]
    assert [one.rule_id for one in rules.decided] == ["R02"]
    assert rules.rows[0].status.count("[") == 2


def test_two_rules_of_one_id_are_both_ignored_and_name_each_other() -> None:
    rules = read(row(rule_id="R01"), row(rule_id="R02"), row(rule_id="r01"))
    assert codes(rules) == [(cell("rule_id", 0), "R401"), (cell("rule_id", 2), "R401")]
    assert cell("rule_id", 2) in rules.rows[0].status
    assert [one.rule_id for one in rules.decided] == ["R02"]


def test_labels_are_checked_only_where_they_are_known() -> None:
    cells = {"only_segments": "Shoes", "not_for": "Staff; budget; C7; reseler"}
    assert status(**cells) == "OK"
    rules = read(row(**cells), labels={"shoes", "staff", "c7"})
    assert codes(rules) == [(cell("not_for"), "R403")]
    assert '"reseler"' in rules.rows[0].status


POINTS = {"reward": "Points per money", "reward_value": 1}
# cells, the source the book lacks, what the status names
PENDING: list[tuple[dict[str, Any], str, str]] = [
    ({"trigger": "Order"}, "orders", "the table Orders"),
    ({"trigger": "First order", **POINTS}, "orders", "the table Orders"),
    (
        {"trigger": "Nth order", "trigger_value": 3, "window_after": 30},
        "orders",
        "the table Orders",
    ),
    ({"trigger": "Referral"}, "referrals", "the column Referred by in Customers"),
    ({"trigger": "Referral", "min_order": 30}, "orders", "the table Orders"),
    ({"trigger": "Survey answered"}, "feedback", "the table Feedback"),
    ({"field_1": "P(alive)", "test_1": "≥", "value_1": 0.5}, "p_alive", "(for P(alive))"),
    ({"field_1": "NPS score", "test_1": "≥", "value_1": 9}, "nps_score", "(for NPS score)"),
    (
        {"field_1": "Referrals made", "test_1": "≥", "value_1": 1},
        "referrals",
        "the column Referred by in Customers (for Referrals made)",
    ),
    (
        {"field_1": "Plan usage %", "test_1": "≥", "value_1": 80},
        "plan_usage",
        "the column Plan usage in Customers (for Plan usage %)",
    ),
]


@pytest.mark.parametrize(("cells", "source", "named"), PENDING)
def test_a_rule_that_lacks_a_source_says_which_and_is_no_fault(
    cells: dict[str, Any], source: str, named: str
) -> None:
    rules = read(row(**cells), known=SOURCES - {source})
    status_text = rules.rows[0].status
    assert status_text.startswith("Not evaluated: needs ")
    assert status_text.endswith(f"{named}.")
    assert (rules.count("pending"), rules.count("fault"), rules.count("ok")) == (1, 0, 0)
    assert rules.rows[0].rule is not None  # it still reads as a sentence
    assert rules.decided == ()
    assert status(**cells) == "OK"


@pytest.mark.parametrize(
    "cells",
    [
        {"trigger": "Manual"},
        {"reward": "Fixed points", "reward_value": 100},
        {"trigger": "Passive", "max_times": 1, "max_per": "Year"},
        {**BIRTHDAY, "max_times": 1, "max_per": "Ever"},
        {"trigger": "Passive", "cool_down": 30},
        {"waiting_days": 14},
        {"trigger": "First order"},
        {"trigger": "Tenure", "trigger_value": 2},
        {"trigger": "Nth order", "trigger_value": 3},
        {"trigger": "Referral"},
        {"trigger": "Passive", "window_after": 30},
        {"field_1": "Points", "test_1": "≥", "value_1": 9},
    ],
)
def test_no_rule_waits_for_a_ledger_or_for_more_than_it_needs(cells: dict[str, Any]) -> None:
    rules = read(row(**cells), known={"referrals"})
    assert rules.rows[0].status == "OK"


def test_facts_and_history_tell_which_sources_there_are() -> None:
    facts = Facts.of(["C1", "C2"], p_alive=[0.5, np.nan])
    assert known_sources(facts, History()) == {"p_alive"}
    asked = Surveys(np.array([0]), np.array(["2026-01-01"], "datetime64[D]"))
    history = History(surveys=asked, referrer=np.array([-1, 0]))
    assert known_sources(Facts.of(["C1", "C2"]), history) == {"feedback", "referrals"}


def test_the_entry_reward_of_a_tier_needs_no_only_tiers() -> None:
    entry = {"r01": ("Mid", "High-end")}
    rules = read(row(trigger="Tier reached", only_tiers="Budget"), entry=entry)
    assert rules.rows[0].rule is not None
    assert rules.rows[0].rule.tiers_to_reach == ("Budget", "Mid", "High-end")
    assert read(row(trigger="Tier reached"), entry=entry).rows[0].status == "OK"
    assert read(row(rule_id="R02", trigger="Tier reached"), entry=entry).count("fault") == 1


def test_a_column_the_table_lacks_is_blank_and_named_at_the_rule_id() -> None:
    raw = RawTable(["Rule id", "Name"], [["R01", "R02"], ["Thanks", "More thanks"]], WHERE)
    rules = read_rules(read_table(raw, RULES), TIERS)
    assert [fault.cell for fault in rules.faults] == ["RewardRules!B4"] * 2 + ["RewardRules!B5"] * 2
    assert {fault.name for fault in rules.faults} == {"trigger", "reward"}


def test_no_table_has_no_rules() -> None:
    rules = read_rules(Table.empty("rules"), TIERS)
    assert (rules.rows, rules.faults, rules.decided) == ((), (), ())
