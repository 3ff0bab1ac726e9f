"""The engine against a plain one: one customer and one rule after the other, datetime.date only."""

import calendar
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rewards.reward_cases import TIERS, decisions, people, row

Cells = dict[str, Any]
TODAY = date(2026, 3, 5)
DAYS = st.dates(date(2019, 1, 1), TODAY) | st.sampled_from([date(2020, 2, 29), date(2024, 2, 29)])


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


CUSTOMERS = st.fixed_dictionaries(
    {
        "tier": st.sampled_from(["", *TIERS]),
        "segment": st.sampled_from(["", "Shoes", "Hats"]),
        "tags": st.sampled_from(["", "staff", "vip; staff", "vip"]),
        "status": st.sampled_from(["", "Active", "At risk", "Passive", "Lost"]),
        "orders_life": maybe(st.integers(0, 5)),
        "clv": maybe(st.sampled_from([0.0, 99.99, 100.0, 250.5])),
        "first_order": maybe(DAYS),
        "last_order": maybe(DAYS),
        "birth_date": maybe(DAYS | st.dates(date(1990, 2, 20), date(1990, 3, 20))),
        "opt_in": st.sampled_from([True, True, True, False]),
    }
)

TRIGGERS = st.one_of(
    st.fixed_dictionaries({"trigger": st.sampled_from(["Date range", "First order"])}),
    st.fixed_dictionaries({"trigger": st.just("Nth order"), "trigger_value": st.integers(1, 4)}),
    st.fixed_dictionaries(
        {
            "trigger": st.just("Birthday"),
            "trigger_value": maybe(st.integers(0, 365)),
            "window_after": maybe(st.integers(0, 365)),
        }
    ),
    st.fixed_dictionaries(
        {
            "trigger": st.just("Tenure"),
            "trigger_value": st.integers(1, 6),
            "window_after": maybe(st.integers(0, 365)),
        }
    ),
    st.fixed_dictionaries(
        {"trigger": st.just("Passive"), "trigger_value": maybe(st.integers(1, 400))}
    ),
)

RULES = st.fixed_dictionaries(
    {
        "active": st.sampled_from(["Yes", "Yes", "Yes", "No"]),
        "only_tiers": maybe(st.sampled_from(["Mid", "Budget; High-end"])),
        "only_segments": maybe(st.sampled_from(["Shoes", "Hats; vip"])),
        "not_for": maybe(st.sampled_from(["staff", "C2; Hats", "mid"])),
        "condition": maybe(
            st.tuples(st.just("CLV"), st.sampled_from(["≥", ">", "≤", "<", "=", "≠"]), st.just(100))
        ),
        "budget": maybe(st.integers(0, 5)),
        "valid_from": maybe(st.sampled_from([date(2026, 3, 5), date(2026, 3, 6)])),
        "valid_to": maybe(st.sampled_from([date(2026, 3, 6)])),
        "priority": maybe(st.integers(1, 3)),
        "join": st.sampled_from(
            [
                ("Stack", None),
                ("Stack", "a"),
                ("Best of group", "a"),
                ("Best of group", "b"),
                ("Only this", None),
                ("Only this", "a"),
            ]
        ),
    }
)


def cells_of(number: int, trigger: Cells, rest: Cells) -> Cells:
    """Write a drawn rule as the cells of a row."""
    together, group = rest["join"]
    field, test, value = rest["condition"] or (None, None, None)
    plain = {name: cell for name, cell in rest.items() if name not in ("join", "condition")}
    asked = {"field_1": field, "test_1": test, "value_1": value}
    kind = {"together": together, "group": group, "cost_each": "1"}
    return row(**{**plain, **trigger, **asked, **kind, "rule_id": f"R{number}"})


def birthday_in(birth: date, year: int) -> date:
    is_leap_day = (birth.month, birth.day) == (2, 29)
    return (
        date(year, 2, 28) if is_leap_day and not calendar.isleap(year) else birth.replace(year=year)
    )


def event_day(customer: Cells, rule: Cells) -> date | None:
    """Return when the trigger happened to a customer; date.max: at a time nobody knows."""
    first, last, orders = customer["first_order"], customer["last_order"], customer["orders_life"]
    value = rule.get("trigger_value")
    if rule["trigger"] == "Date range":
        return TODAY
    if rule["trigger"] == "First order":
        return first or (date.max if orders else None)
    if rule["trigger"] == "Nth order":
        return date.max if (orders or 0) >= value else None  # only a table of orders knows when
    if rule["trigger"] == "Birthday":
        return birthday_day(customer["birth_date"], value or 0, rule.get("window_after") or 0)
    if rule["trigger"] == "Tenure":
        return tenure_day(first, value, rule.get("window_after"))
    return idle_day(last, customer["status"], value)


def idle_day(last: date | None, status: str, days: int | None) -> date | None:
    late = last is not None and days is not None and (TODAY - last).days >= days
    if status not in ("Passive", "Lost") and not late:
        return None
    return last + timedelta(days=days or 0) if last else date.max


def birthday_day(birth: date | None, before: int, after: int) -> date | None:
    first_of_window = TODAY - timedelta(days=after)
    for step in range(before + after + 1):
        day = first_of_window + timedelta(days=step)
        if birth and day == birthday_in(birth, day.year):
            return day
    return None


def tenure_day(first: date | None, years: int, window: int | None) -> date | None:
    if first is None:
        return None
    day = birthday_in(first, first.year + years)
    over = window is not None and day + timedelta(days=window) < TODAY
    return None if day > TODAY or over else day


def labels(text: str | None) -> set[str]:
    return {part.strip().casefold() for part in (text or "").split(";")} - {""}


def may_have(customer: Cells, rule: Cells) -> bool:
    """Say whether all but the trigger, the group and the budget allow it."""
    own = labels(customer["segment"]) | labels(customer["tags"])
    everything = own | labels(customer["tier"]) | labels(customer["customer_id"])
    return (
        rule["active"] == "Yes"
        and (rule["valid_from"] or TODAY) <= TODAY <= (rule["valid_to"] or TODAY)
        and customer["opt_in"]
        and not labels(rule["not_for"]) & everything
        and (not rule["only_tiers"] or bool(labels(rule["only_tiers"]) & labels(customer["tier"])))
        and (not rule["only_segments"] or bool(labels(rule["only_segments"]) & own))
        and condition_holds(customer["clv"], rule["test_1"], rule["value_1"])
    )


def condition_holds(clv: float | None, test: str | None, value: float) -> bool:
    if test is None:
        return True
    if clv is None:
        return False
    sign = (clv > value) - (clv < value)
    return sign in {"≥": (0, 1), ">": (1,), "≤": (0, -1), "<": (-1,), "=": (0,), "≠": (-1, 1)}[test]


def has_room(granted: list[Cells], rule: Cells) -> bool:
    for other in granted:
        same = rule["group"] is not None and other["group"] == rule["group"]
        if other["together"] == "Only this" and (same or other["group"] is None):
            return False
        if rule["together"] == "Only this" and (same or rule["group"] is None):
            return False
        if same and rule["together"] == other["together"] == "Best of group":
            return False
    return True


def plain_engine(customers: list[Cells], rules: list[Cells]) -> set[tuple[str, str]]:
    """Return the pairs of rule and customer that are granted."""
    granted: dict[str, list[Cells]] = {customer["customer_id"]: [] for customer in customers}
    for rule in sorted(rules, key=lambda one: (one["priority"] or float("inf"), one["rule_id"])):
        queue = [
            (event_day(customer, rule), customer["customer_id"])
            for customer in customers
            if may_have(customer, rule)
            and event_day(customer, rule)
            and has_room(granted[customer["customer_id"]], rule)
        ]
        queue.sort()
        for _, customer_id in queue[: rule["budget"]]:
            granted[customer_id].append(rule)
    return {(rule["rule_id"], one) for one, rules in granted.items() for rule in rules}


@settings(max_examples=300, deadline=None)
@given(
    st.lists(CUSTOMERS, min_size=1, max_size=8),
    st.lists(st.tuples(TRIGGERS, RULES), min_size=1, max_size=5),
)
def test_both_engines_grant_the_same(drawn: list[Cells], rows: list[tuple[Cells, Cells]]) -> None:
    customers = [{"customer_id": f"C{number}", **one} for number, one in enumerate(drawn)]
    rules = [cells_of(number, *one) for number, one in enumerate(rows)]
    known = [{name: value for name, value in one.items() if value is not None} for one in customers]
    decided = decisions(people(*known), *rules, as_of=TODAY.isoformat())
    actual = {
        (one.rule.rule_id, str(customer))
        for one in decided.by_rule
        for customer in decided.facts.customer_id[one.eligible]
    }
    assert actual == plain_engine(customers, rules)
