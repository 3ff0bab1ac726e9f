"""A rule reads as a sentence that says all it does."""

from typing import Any

import pytest
from reward_cases import row, rule

from xlclv.rewards.fields import FIELDS
from xlclv.rewards.sentence import reads_as, reward_text
from xlclv.tables import RULES
from xlclv.terms import TERMS

Cells = dict[str, Any]

BIRTHDAY: Cells = {
    "trigger": "Birthday",
    "trigger_value": 7,
    "window_after": 7,
    "only_tiers": "Mid; High-end",
    "field_1": "Orders 12m",
    "test_1": "≥",
    "value_1": 2,
    "min_order": 50,
    "reward": "% off",
    "reward_value": 0.2,
    "max_per_order": 30,
    "max_times": 1,
    "max_per": "Year",
    "budget": 2000,
    "budget_per": "Year",
}
READS_AS = (
    "Mid and High-end customers with at least 2 orders in 12 months get 20 % off (max 30) from "
    "7 days before to 7 days after their birthday, once a year, on orders from 50. "
    "Budget 2,000 a year."
)


def sentence(**cells: Any) -> str:  # noqa: ANN401
    return reads_as(rule(**cells))


def test_the_birthday_offer_reads_as_its_author_would_say_it() -> None:
    # The cost follows from the face value; nothing else is added to what was typed.
    assert sentence(**BIRTHDAY) == f"{READS_AS} Costs us 30 each."


def test_every_further_cell_has_its_words() -> None:
    assert sentence(
        **{**BIRTHDAY, "max_times": 3, "max_per": "Month", "cool_down": 300},
        active="No",
        only_segments="Shoes; vip",
        not_for="staff; reseller",
        products="+cat:Shoes; +cat:Hats; -sku:GIFT",
        cost_each="55%",
        waiting_days=14,
        expires_days=60,
        expiry_restarts="Yes",
        valid_from="2026-01-01",
        valid_to="2026-12-31",
        priority=20,
        group="offers",
    ) == (
        "Mid and High-end customers of the segment or tag Shoes or vip with at least 2 orders in "
        "12 months get 20 % off (max 30) from 7 days before to 7 days after their birthday, at "
        "most 3 times a month, not again within 300 days, on orders from 50, on cat:Shoes or "
        "cat:Hats only, not on sku:GIFT. Budget 2,000 a year. Not for staff or reseller. Can be "
        "used after 14 days. Expires after 60 days without activity. Valid from 2026-01-01 to "
        "2026-12-31. Only the first reward of the group offers is granted. Priority 20. Costs us "
        "16.50 each. The rule rests."
    )


# A rule with all cells filled in, and for each cell that changes what it does another value.
FULL: Cells = {
    **BIRTHDAY,
    "active": "Yes",
    "only_segments": "Shoes",
    "not_for": "staff",
    "field_2": "CLV",
    "test_2": "between",
    "value_2": "5; 10",
    "field_3": "Status",
    "test_3": "=",
    "value_3": "Lost",
    "products": "+cat:Shoes",
    "cool_down": 300,
    "cost_each": "5",
    "waiting_days": 14,
    "expires_days": 60,
    "expiry_restarts": "No",
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "priority": 20,
    "together": "Best of group",
    "group": "offers",
}
OTHER: Cells = {
    "active": "No",
    "trigger": "Passive",
    "trigger_value": 8,
    "window_after": 8,
    "only_tiers": "Budget",
    "only_segments": "Hats",
    "not_for": "C7",
    "field_1": "Orders life",
    "test_1": ">",
    "value_1": 3,
    "field_2": "Net CLV",
    "value_2": "6; 10",
    "value_3": "Active",
    "min_order": 51,
    "products": "-cat:Shoes",
    "reward": "Free gift",
    "reward_value": 0.21,
    "max_per_order": 31,
    "max_times": 2,
    "max_per": "Ever",
    "cool_down": 301,
    "budget": 2000.5,
    "budget_per": "Whole run",
    "cost_each": "5.5",
    "waiting_days": 15,
    "expires_days": 61,
    "expiry_restarts": "Yes",
    "valid_from": "2026-01-02",
    "valid_to": "2026-12-30",
    "priority": 21,
    "together": "Only this",
    "group": "perks",
}


# They name the rule, or are covered by their fellows of another condition or trigger.
NO_WORDS_HERE = {"rule_id", "rule_name", "rule_type", "note", "friend_reward"}
LIKE_OTHERS = {"test_2", "field_3", "test_3"}


def test_no_column_is_left_out_below() -> None:
    assert set(OTHER) == set(RULES.columns) - NO_WORDS_HERE - LIKE_OTHERS


@pytest.mark.parametrize("name", OTHER)
def test_a_cell_that_changes_the_rule_changes_the_sentence(name: str) -> None:
    assert sentence(**{**FULL, name: OTHER[name]}) != sentence(**FULL)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "All customers get a personal note at any time."),
        ({"valid_from": "2026-05-01"}, "get a personal note. Valid from 2026-05-01 on."),
        ({"valid_to": "2026-05-01"}, "get a personal note. Valid until 2026-05-01."),
        ({"trigger": "Order"}, "with every order."),
        ({"trigger": "Order", "trigger_value": 5}, "with one of every 5 orders."),
        ({"trigger": "First order"}, "after their first order and before the second."),
        ({"trigger": "First order", "window_after": 30}, "second, up to 30 days after it."),
        ({"trigger": "Nth order", "trigger_value": 3}, "from order number 3 on."),
        ({"trigger": "Birthday"}, "on their birthday, once a year."),
        (
            {"trigger": "Birthday", "trigger_value": 7},
            "from 7 days before their birthday to the day itself, once a year.",
        ),
        ({"trigger": "Birthday", "window_after": 7}, "from their birthday to 7 days after, once"),
        ({"trigger": "Tenure", "trigger_value": 2}, "customers for 2 complete years."),
        ({"trigger": "Tenure", "trigger_value": 1}, "customers for one complete year."),
        ({"trigger": "Tier reached", "only_tiers": "Mid"}, "Mid customers get a personal note for"),
        ({"trigger": "Passive"}, "when their status is Passive or Lost."),
        ({"trigger": "Passive", "trigger_value": 60}, "or they have not ordered for 60 days."),
        (
            {"trigger": "Referral", "reward": "Amount off", "reward_value": 10, "friend_reward": 5},
            "get 10 off (the friend gets 5 off) for each friend they bring",
        ),
        ({"trigger": "Survey answered"}, "for answering a survey."),
        ({"trigger": "Manual"}, "when it is given to them by hand."),
        ({"together": "Only this"}, "Goes with no other reward."),
        ({"max_times": 1, "max_per": "Ever"}, "once only."),
    ],
)
def test_the_words_of_a_cell(cells: Cells, words: str) -> None:
    assert words in sentence(**cells)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"reward": "Points per money", "reward_value": 1}, "1 point per 1 spent"),
        ({"reward": "Points per money", "reward_value": 1.5}, "1.5 points per 1 spent"),
        ({"reward": "Fixed points", "reward_value": 1000}, "1,000 points"),
        ({"reward": "% off", "reward_value": 0.2}, "20 % off"),
        ({"reward": "% off", "reward_value": 0.125, "max_per_order": 30}, "12.5 % off, at most 30"),
        ({"reward": "Amount off", "reward_value": 7.5}, "7.50 off"),
        ({"reward": "Free gift"}, "a free gift"),
        ({"reward": "Free gift", "reward_value": 15}, "a free gift worth 15"),
        ({"reward": "Free shipping"}, "free shipping"),
        ({"reward": "Service"}, "a service"),
        ({"reward": "Note"}, "a personal note"),
    ],
)
def test_the_reward_as_a_list_shows_it(cells: Cells, text: str) -> None:
    assert reward_text(rule(**cells)) == text


@pytest.mark.parametrize("trigger", TERMS["trigger"].choices)
@pytest.mark.parametrize("reward", TERMS["reward"].choices)
def test_every_rule_of_the_format_reads_as_a_sentence(trigger: str, reward: str) -> None:
    value = 2 if trigger in ("Nth order", "Tenure") else None
    cells = row(
        trigger=trigger, trigger_value=value, reward=reward, reward_value=0.5, only_tiers="Mid"
    )
    assert sentence(**cells).startswith("Mid customers get ")


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS.keys())
def test_every_field_and_test_has_its_words(field: Any) -> None:  # noqa: ANN401
    for test in field.tests:
        several = {"between": "1; 3", "in list": "1; 3"}
        value = several.get(test, "1") if not field.is_text else (field.choices or ("Web",))[0]
        text = sentence(field_1=field.title, test_1=test, value_1=value)
        assert text.startswith("All customers with ")
        assert " 1 orders " not in text
