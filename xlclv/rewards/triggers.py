"""The events that grant a reward: whom they have happened to, on which day, and why not."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import MONTHS_PER_YEAR, ONE_DAY, add_months, birthday_near, next_birthday
from xlclv.rewards import figures
from xlclv.rewards.checks import Check, Stage, Why, condition_check, each, same
from xlclv.rewards.conditions import Condition
from xlclv.rewards.facts import Facts, Rows
from xlclv.rewards.fields import FIELDS
from xlclv.rewards.rule import Rule
from xlclv.terms import DateArray, FloatArray, TextArray
from xlclv.words import word

GONE = FIELDS["status"].choices[2:]  # after Active and At risk


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """A trigger, decided for all customers.

    Args:
        check: Whom it has happened to.
        day: When, shape (n,); NaT where it is not known or has not happened.
        because: Why a customer gets the reward, in words.
    """

    check: Check
    day: DateArray
    because: Why


def event(facts: Facts, rule: Rule, as_of: np.datetime64) -> Event:
    """Decide the trigger of a rule.

    Raises:
        LookupError: Nothing computes that trigger yet; such a rule is not to be decided.
    """
    return _EVENTS[rule.trigger](facts, rule, as_of)


def birthday_span(rule: Rule) -> str:
    """Say around a birthday when the reward counts."""
    before, after = rule.trigger_value or 0, rule.window_after or 0
    form = f"{'before' if before else ''}{'after' if after else ''}" or "day"
    return word(f"rewards.birthday.{form}", before=before, after=after)


def window_check(rule: Rule, day: DateArray, as_of: np.datetime64) -> list[Check]:
    """Return the check that the days after the event are not over, if the rule has such days."""
    if rule.window_after is None or rule.trigger == "Birthday":
        return []
    days = str(rule.window_after)

    def written(since: np.datetime64) -> str:
        if np.isnat(since):
            return word("rewards.reason.unknown", field=word("rewards.field.event"))
        return word("rewards.reason.window", days=days, day=figures.day(since))

    passed = as_of <= day + rule.window_after * ONE_DAY
    return [Check(Stage.WINDOW, passed, lambda rows: each(day[rows], written))]


def _first_order(facts: Facts, _rule: Rule, as_of: np.datetime64) -> Event:
    check = _field_check("orders_life", "=", 1, facts, as_of)
    return Event(check, facts.first_order, _on_day("first_order", facts.first_order))


def _nth_order(facts: Facts, rule: Rule, as_of: np.datetime64) -> Event:
    check = _field_check("orders_life", "≥", rule.trigger_value or 1, facts, as_of)
    # The day of the n-th order itself is known once there is a table of single orders.
    return Event(check, facts.last_order, _has("orders_life", facts.orders_life))


def _tenure(facts: Facts, rule: Rule, as_of: np.datetime64) -> Event:
    years = rule.trigger_value or 1
    check = _field_check("tenure_years", "≥", years, facts, as_of)
    day = add_months(facts.first_order, np.timedelta64(MONTHS_PER_YEAR * years, "M"))
    return Event(check, day, _on_day("tenure", facts.first_order))


def _field_check(key: str, test: str, value: float, facts: Facts, as_of: np.datetime64) -> Check:
    return condition_check(Stage.TRIGGER, Condition(FIELDS[key], test, (value,)), facts, as_of)


def _birthday(facts: Facts, rule: Rule, as_of: np.datetime64) -> Event:
    today = np.asarray(as_of, "datetime64[D]")
    day = birthday_near(facts.birth_date, today, rule.trigger_value or 0, rule.window_after or 0)
    coming = next_birthday(facts.birth_date, today)
    unknown = word("rewards.reason.unknown", field=word("rewards.field.birth_date"))

    def written(birthday: np.datetime64) -> str:
        if np.isnat(birthday):
            return unknown
        span = birthday_span(rule)
        return word("rewards.reason.birthday", day=figures.day(birthday), span=span)

    check = Check(Stage.TRIGGER, ~np.isnat(day), lambda rows: each(coming[rows], written))
    return Event(check, day, _on_day("birthday", day))


def _tier_reached(facts: Facts, _rule: Rule, as_of: np.datetime64) -> Event:
    """Take whoever is in one of the tiers; when the tier was reached is not known."""
    return Event(_always(facts), np.full(facts.size, as_of), _has("tier", facts.tier))


def _date_range(facts: Facts, rule: Rule, as_of: np.datetime64) -> Event:
    day = as_of if rule.valid_from is None else rule.valid_from
    text = word("rewards.reason.date_range")
    return Event(_always(facts), np.full(facts.size, day, "datetime64[D]"), same(text))


def _always(facts: Facts) -> Check:
    return Check(Stage.TRIGGER, np.ones(facts.size, dtype=bool), same(""))


def _passive(facts: Facts, rule: Rule, as_of: np.datetime64) -> Event:
    """Take whoever is passive or lost, or has not ordered for the days the rule names."""
    gone = _status_check(facts, as_of)
    if rule.trigger_value is None:
        return Event(gone, facts.last_order, _has("status", facts.status))
    late = _field_check("days_since", "≥", rule.trigger_value, facts, as_of)
    passed = gone.passed | late.passed
    days = facts.days_since(as_of)

    def why(rows: Rows) -> TextArray:
        pairs = zip(gone.why(rows), late.why(rows), strict=True)
        texts = (word("rewards.reason.neither", first=one, second=two) for one, two in pairs)
        return np.fromiter(texts, dtype=object, count=rows.size)

    def because(rows: Rows) -> TextArray:
        by_status = _has("status", facts.status)(rows)
        texts: TextArray = np.where(gone.passed[rows], by_status, _has("days_since", days)(rows))
        return texts

    day = facts.last_order + rule.trigger_value * ONE_DAY
    return Event(Check(Stage.TRIGGER, passed, why), day, because)


def _status_check(facts: Facts, as_of: np.datetime64) -> Check:
    condition = Condition(FIELDS["status"], "in list", GONE)
    return condition_check(Stage.TRIGGER, condition, facts, as_of)


def _has(key: str, values: FloatArray | TextArray) -> Why:
    field, title = FIELDS.get(key), word(f"rewards.field.{key}")

    def written(value: float | str) -> str:
        text = field.written(value) if field else str(value)
        return word("rewards.reason.has", field=title, value=text)

    return lambda rows: each(values[rows], written)


def _on_day(key: str, days: DateArray) -> Why:
    def written(day: np.datetime64) -> str:
        if np.isnat(day):
            return word(f"rewards.granted.{key}")
        return word(f"rewards.granted.{key}_on", day=figures.day(day))

    return lambda rows: each(days[rows], written)


_EVENTS: dict[str, Callable[[Facts, Rule, np.datetime64], Event]] = {
    "First order": _first_order,
    "Nth order": _nth_order,
    "Birthday": _birthday,
    "Tenure": _tenure,
    "Tier reached": _tier_reached,
    "Passive": _passive,
    "Date range": _date_range,
}
