"""A rule reads as a sentence that says all it does."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rewards.reward_cases import read, row, rule
from xlclv.rewards.conditions.condition import comparisons
from xlclv.rewards.conditions.fields import FIELDS
from xlclv.rewards.rule import Rule
from xlclv.rewards.rules.sentence import reads_as, reward_text
from xlclv.rewards.triggers import TRIGGERS
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
    "Mid and High-end customers with at least 2 orders in 12 months get 20% off (max 30) from "
    "7 days before to 7 days after their birthday, once a calendar year, on orders from 50. "
    "Budget 2,000 a calendar year."
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
        valid_from="2026-01-01",
        valid_to="2026-12-31",
        priority=20,
        group="offers",
    ) == (
        "Mid and High-end customers of the segment or tag Shoes or vip with at least 2 orders in "
        "12 months get 20% off (max 30) from 7 days before to 7 days after their birthday, at "
        "most 3 times a calendar month, at least 300 days apart, on orders from 50, on cat:Shoes "
        "or cat:Hats only, not on sku:GIFT. Budget 2,000 a calendar year. Not for staff or "
        "reseller. Pending for 14 days before it can be used. Expires after 60 days, counted from "
        "the birthday if that is still to come. Issued from 2026-01-01 to 2026-12-31. Only the "
        "first reward of the group offers is issued. Priority 20. Costs us 16.50 each. The rule "
        "rests."
    )


def test_points_of_orders_read_with_all_that_decides_about_them() -> None:
    assert sentence(
        trigger="Order",
        trigger_value=5,
        window_after=60,
        only_tiers="Mid; High-end",
        reward="Points per money",
        reward_value=1.5,
        max_per_order=500,
        min_order=20,
        products="+cat:Tea; -sku:GIFT",
        waiting_days=14,
        expires_days=365,
        expiry_restarts="Yes",
        max_times=10,
        max_per="Year",
        group="points",
    ) == (
        "Mid and High-end customers get 1.5 points per 1 spent (max 500 points) with order number "
        "5, 10, 15 and so on of their orders from 20, if placed in the last 60 days, at most 10 "
        "times a calendar year. Of an order only this counts: Tea; an order without it does not "
        "count. Of an order this does not count: GIFT; an order of nothing else does not count. "
        "The tier before the order counts. Spent means net of refunds; the points of an order are "
        "multiplied by the points factor of the tier before it and rounded down. Pending until 14 "
        "days after the order. Expires after 365 days without an order. Only the first reward of "
        "the group points is issued for an order. Costs us the value of its points, see Input."
    )


def test_a_referral_reads_with_both_sides_and_the_order_of_the_friend() -> None:
    assert sentence(
        trigger="Referral",
        window_after=90,
        reward="Amount off",
        reward_value=10,
        friend_reward=5,
        min_order=30,
        products="+Green tea",
        waiting_days=14,
        expires_days=90,
    ).startswith(
        "All customers get 10 off (the friend gets 5 off) for each friend they bring, after the "
        "friend's first order if it is from 30, up to 90 days after it. Of an order only this "
        "counts: Green tea; an order without it does not count. Issued to both 14 days after "
        "the friend's first order. Expires after 90 days. Costs us "
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
    points: Cells = {"reward": "Fixed points", "reward_value": 5}  # only points restart
    full = {**FULL, **points} if name == "expiry_restarts" else FULL
    assert sentence(**{**full, name: OTHER[name]}) != sentence(**full)


PER_MONEY: Cells = {"trigger": "Order", "reward": "Points per money", "reward_value": 1}
TEN_OFF: Cells = {
    "trigger": "Referral",
    "reward": "Amount off",
    "reward_value": 10,
    "friend_reward": 5,
    "cost_each": "50%",
}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "All customers get a personal note once."),
        ({"valid_from": "2026-05-01"}, "get a personal note once. Issued from 2026-05-01 on."),
        ({"valid_to": "2026-05-01"}, "get a personal note once. Issued until 2026-05-01."),
        ({"trigger": "Order"}, "with every order."),
        ({"trigger": "Order", "trigger_value": 1}, "with every order."),
        ({"trigger": "Order", "min_order": 100}, "with every order from 100."),
        (
            {"trigger": "Order", "trigger_value": 5},
            "with order number 5, 10, 15 and so on.",
        ),
        (
            {"trigger": "Order", "trigger_value": 5, "min_order": 40},
            "with order number 5, 10, 15 and so on of their orders from 40.",
        ),
        ({"trigger": "Order", "products": "+Tea"}, "this counts: Tea; an order without it does"),
        ({"trigger": "Order", "only_tiers": "Mid"}, "Mid customers get a personal note with"),
        ({"trigger": "Order", "only_tiers": "Mid"}, "The tier before the order counts."),
        ({"trigger": "First order"}, "for their first order."),
        ({"trigger": "First order", "window_after": 30}, "first order, up to 30 days after it."),
        ({"trigger": "First order", "min_order": 30}, "first order, on orders from 30."),
        ({"trigger": "Nth order", "trigger_value": 3}, "for their order number 3."),
        ({"trigger": "Birthday"}, "on their birthday, once each time."),
        (
            {"trigger": "Birthday", "trigger_value": 7},
            "from 7 days before their birthday to the day itself, once each time.",
        ),
        ({"trigger": "Birthday", "window_after": 7}, "from their birthday to 7 days after, once"),
        ({"trigger": "Birthday", "max_times": 1, "max_per": "Year"}, "once a calendar year."),
        ({"trigger": "Tenure", "trigger_value": 2}, "customers for 2 complete years."),
        ({"trigger": "Tenure", "trigger_value": 1}, "customers for one complete year."),
        (
            {"trigger": "Tenure", "trigger_value": 2, "window_after": 60},
            "for 2 complete years, up to 60 days after that.",
        ),
        (
            {"trigger": "Passive", "trigger_value": 90, "window_after": 60},
            "not ordered for 90 days, up to 60 days after that.",
        ),
        (
            {"trigger": "Tier reached", "only_tiers": "Mid; High-end"},
            "All customers get a personal note for reaching Mid or High-end.",
        ),
        ({"trigger": "Passive"}, "once in each pause in which their status is Lapsed or Lost."),
        ({"trigger": "Passive", "trigger_value": 60}, "or they have not ordered for 60 days."),
        ({"trigger": "Referral"}, "each friend they bring, after the friend's first order."),
        ({"trigger": "Referral", "waiting_days": 1}, "Issued 1 day after the friend's first"),
        ({"trigger": "Survey answered"}, "for each day on which they answer a survey."),
        ({"trigger": "Manual"}, "when it is issued to them by hand: by a row in the Ledger."),
        ({"waiting_days": 1}, "Pending for 1 day before it can be used."),
        ({"expires_days": 0}, "Expires at the end of the day."),
        ({"expires_days": 30}, "Expires after 30 days."),
        (
            {"trigger": "Order", "reward": "Fixed points", "reward_value": 5, "waiting_days": 14},
            "Pending until 14 days after the order.",
        ),
        (
            {"trigger": "Order", "reward": "Fixed points", "reward_value": 5, "expires_days": 365},
            "Expires 365 days after the order.",
        ),
        ({"trigger": "Order", "expires_days": 60}, "Expires after 60 days."),
        ({"cool_down": 1}, "at least 1 day apart."),
        ({"trigger": "Order", "together": "Only this"}, "no other reward for the same order."),
        (
            {"trigger": "Order", "together": "Only this", "group": "a"},
            "Goes with no other reward of the group a for the same order.",
        ),
        ({"reward": "Fixed points", "reward_value": 50}, "the value of its points, see Input."),
        ({"reward": "Fixed points", "reward_value": 50, "cost_each": 2}, "Costs us 2 each."),
        (
            {"reward": "Fixed points", "reward_value": 50, "max_per_order": 30},
            "All customers get 50 points once.",
        ),
        (
            {**TEN_OFF, "max_per_order": 8},
            "get 10 off (the friend gets 5 off) (max 8 each) for each friend",
        ),
        (TEN_OFF, "Costs us 5 each, and 2.50 for the friend."),
        (
            {**PER_MONEY, "trigger": "First order"},
            "by the points factor of the tier and rounded down",
        ),
        (
            {**PER_MONEY, "expires_days": 365, "expiry_restarts": "Yes"},
            "Expires after 365 days without an order.",
        ),
        ({"together": "Only this"}, "Goes with no other reward except those for an order."),
        ({"trigger": "Referral", "not_for": "staff"}, "Not for staff, nor for bringing them."),
        ({"max_times": 1, "max_per": "Ever"}, "once only."),
    ],
)
def test_the_words_of_a_cell(cells: Cells, words: str) -> None:
    assert words in sentence(**cells)


@pytest.mark.parametrize("trigger", ["Order", "First order", "Passive"])
def test_a_window_reads_by_its_trigger(trigger: str) -> None:
    windows = {
        "Order": {
            0: "with every order placed today.",
            1: "with every order placed today or yesterday.",
            30: "with every order placed in the last 30 days.",
        },
        "First order": {
            0: "for their first order, on that day only.",
            1: "for their first order, up to 1 day after it.",
            30: "for their first order, up to 30 days after it.",
        },
        "Passive": {
            0: "Lapsed or Lost, on the day of the last order only.",
            1: "Lapsed or Lost, up to 1 day after the last order.",
            30: "Lapsed or Lost, up to 30 days after the last order.",
        },
    }
    for days, words in windows[trigger].items():
        assert words in sentence(trigger=trigger, window_after=days)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({**PER_MONEY, "reward_value": 1}, "1 point per 1 spent"),
        ({**PER_MONEY, "reward_value": 1.5}, "1.5 points per 1 spent"),
        ({**PER_MONEY, "max_per_order": 500}, "1 point per 1 spent, at most 500 points"),
        ({"reward": "Fixed points", "reward_value": 1000}, "1,000 points"),
        ({"reward": "% off", "reward_value": 0.2}, "20% off"),
        ({"reward": "% off", "reward_value": 0.125, "max_per_order": 30}, "12.5% off, at most 30"),
        ({"reward": "Amount off", "reward_value": 7.5}, "7.50 off"),
        ({"reward": "Free gift"}, "a free gift"),
        ({"reward": "Free gift", "reward_value": 15}, "a free gift (value 15)"),
        ({"reward": "Free shipping"}, "free shipping"),
        ({"reward": "Service"}, "a service"),
        ({"reward": "Note"}, "a personal note"),
    ],
)
def test_the_reward_as_a_list_shows_it(cells: Cells, text: str) -> None:
    assert reward_text(rule(**cells)) == text


@pytest.mark.parametrize(
    ("trigger", "reward"),
    [
        (trigger, reward)
        for trigger in TERMS["trigger"].choices
        for reward in TERMS["reward"].choices
        if reward != "Points per money" or TRIGGERS[trigger].for_order
    ],
)
def test_every_rule_of_the_format_reads_as_a_sentence(trigger: str, reward: str) -> None:
    value = 2 if trigger in ("Nth order", "Tenure") else None
    size = 1 if "oints" in reward else 0.5
    cells = row(
        trigger=trigger, trigger_value=value, reward=reward, reward_value=size, only_tiers="Mid"
    )
    who = "All" if trigger == "Tier reached" else "Mid"
    assert sentence(**cells).startswith(f"{who} customers get ")


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS.keys())
def test_every_field_and_test_has_its_words(field: Any) -> None:  # noqa: ANN401
    for comparison in comparisons(field):
        test = comparison.code
        several = {"between": "1; 3", "in list": "1; 3"}
        value = several.get(test, "1") if not field.is_text else (field.choices or ("Web",))[0]
        text = sentence(field_1=field.title, test_1=test, value_1=value)
        assert text.startswith("All customers with ")
        assert " 1 orders " not in text


# ---- two rules that do different things never read the same


def maybe(*values: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401
    return st.sampled_from([None, *values])


VALUES = {
    "active": maybe("Yes", "No"),
    "trigger": st.sampled_from(TERMS["trigger"].choices),
    "trigger_value": maybe(0, 1, 2, 3, 30),
    "window_after": maybe(0, 1, 2, 30),
    "only_tiers": maybe("Mid", "Mid; High-end", "Budget; Mid; High-end"),
    "only_segments": maybe("Shoes", "Hats; vip"),
    "not_for": maybe("staff", "staff; C7", "Mid"),
    "field_1": maybe("Orders 12m", "CLV", "Net CLV", "Tenure years"),
    "test_1": maybe("≥", ">", "<", "=", "≠", "in list"),
    "value_1": maybe("1", "2"),
    "min_order": maybe(0, 1, 50, 50.5),
    "products": maybe("+Tea", "-Tea", "+Tea; -Honey", "+Tea; +Honey"),
    "reward": st.sampled_from(TERMS["reward"].choices),
    "reward_value": maybe(0.5, 1, 2),
    "friend_reward": maybe(0.5, 1, 2),
    "max_per_order": maybe(1, 30, 30.5),
    "max_times": maybe(1, 2),
    "max_per": maybe("Order", "Month", "Year", "Ever"),
    "cool_down": maybe(0, 1, 300),
    "budget": maybe(100, 2000.5),
    "budget_per": maybe("Month", "Quarter", "Year", "Whole run"),
    "cost_each": maybe("0", "5", "50%"),
    "waiting_days": maybe(0, 1, 14),
    "expires_days": maybe(0, 1, 14),
    "expiry_restarts": maybe("Yes", "No"),
    "valid_from": maybe("2026-01-01", "2026-01-02"),
    "valid_to": maybe("2026-12-31", "2027-01-01"),
    "priority": maybe(1, 20),
    "together": maybe("Stack", "Best of group", "Only this"),
    "group": maybe("offers", "perks"),
}
NAMES = {"rule_id", "rule_name", "rule_type", "note"}
LIKE_FIRST = {f"{part}_{number}" for part in ("field", "test", "value") for number in (2, 3)}


def test_every_column_is_varied() -> None:
    assert set(VALUES) == set(RULES.columns) - NAMES - LIKE_FIRST


@st.composite
def two_rows(draw: st.DrawFn) -> tuple[Cells, Cells]:
    """Draw a row and one that differs from it in one or two cells.

    Most cells are blank, for a row with a cell that its trigger cannot use has no sentence.
    """
    one = {name: draw(VALUES[name]) for name in ("trigger", "reward", "reward_value")}
    if one["trigger"] in ("Nth order", "Tenure"):
        one["trigger_value"] = 2
    names = st.sampled_from(sorted(VALUES))
    one |= {name: draw(VALUES[name]) for name in draw(st.sets(names, max_size=6))}
    other = {name: draw(VALUES[name]) for name in draw(st.sets(names, min_size=1, max_size=2))}
    return one, {**one, **other}


def essence(rule: Rule) -> dict[str, Any]:
    """Return what a rule does, without cells that change nothing."""
    kept = {one.name: getattr(rule, one.name) for one in fields(rule)}
    for name in ("rule_id", "name", "rule_type"):
        kept.pop(name, None)
    for name in ("cool_down", "waiting_days"):
        kept[name] = kept[name] or None
    if rule.trigger.code in ("Order", "Birthday"):  # every order; on the day itself
        default = {"Order": 1, "Birthday": 0}[rule.trigger.code]
        kept["trigger_value"] = rule.trigger_value or default
    if rule.trigger.code == "Birthday":
        kept["window_after"] = rule.window_after or 0
    if rule.max_times is None or rule.max_per.code == "Order":  # no order counts twice anyway
        kept["max_times"] = kept["max_per"] = None
    if rule.reward.code == "Fixed points":  # they are what they are, whatever the order
        kept["max_per_order"] = None
    if rule.budget is None:
        kept["budget_per"] = None
    kept["conditions"] = [
        (
            one.field.key,
            *one.values,
            "=" if one.test.code == "in list" else one.test.code,
        )  # lists of one
        for one in rule.conditions
    ]
    return kept


@given(two_rows())
def test_rules_that_do_different_things_never_read_the_same(rows: tuple[Cells, Cells]) -> None:
    rules = [read(row(**cells)).rows[0].rule for cells in rows]
    one, other = rules
    if one is not None and other is not None and reads_as(one) == reads_as(other):
        assert essence(one) == essence(other)
