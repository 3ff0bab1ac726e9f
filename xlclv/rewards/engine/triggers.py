"""The events that grant a reward: whom they have happened to, on which day, and why not."""

from collections.abc import Callable

import numpy as np

from xlclv.customers.dates import MONTHS_PER_YEAR, ONE_DAY, add_months, birthday_near, next_birthday
from xlclv.rewards import figures
from xlclv.rewards.engine.checks import Check, Stage, Why, condition_check, each, other_tier, same
from xlclv.rewards.engine.occasions import Named, Occasions, OfOrders, amounts_of, iso, of_customers
from xlclv.rewards.engine.purchases import purchases
from xlclv.rewards.engine.referrals import referrals
from xlclv.rewards.engine.scene import NONE, Scene
from xlclv.rewards.facts import Rows
from xlclv.rewards.ledger.entries import NO_DAY
from xlclv.rewards.rules.conditions import Condition
from xlclv.rewards.rules.fields import FIELDS
from xlclv.rewards.rules.rule import Rule
from xlclv.rewards.rules.sentence import birthday_span
from xlclv.terms import DateArray, FloatArray, TextArray
from xlclv.words import word

GONE = FIELDS["status"].choices[2:]  # after Active and At risk


def occasions(scene: Scene, rule: Rule) -> Occasions:
    """Return the occasions on which a rule pays."""
    return _OCCASIONS[rule.trigger](scene, rule)


def _first_order(scene: Scene, _rule: Rule) -> Occasions:
    """Take whoever has a first order, from the orders or, where these lack it, the facts."""
    check = _orders_check(scene, 1)
    order, day = scene.first_order, scene.first_day
    passed = (order != NONE) | ~np.isnat(day) | check.passed
    return _order_of(
        scene,
        Check(check.stage, passed, check.why),
        day,
        order,
        _on_day("first_order", day),
    )


def _nth_order(scene: Scene, rule: Rule) -> Occasions:
    """Take whoever has an n-th order; when it was, only the orders can tell."""
    number = rule.trigger_value or 1
    check = _orders_check(scene, number)
    order = scene.nth_order(number)
    day = np.append(scene.orders.day, NO_DAY)[order]
    passed = (order != NONE) | ((scene.first_order == NONE) & check.passed)
    counted = _has("orders_life", scene.facts.orders_life)

    def because(rows: Rows) -> TextArray:
        dated = each(day[rows], lambda one: _nth_on(number, one))
        texts: TextArray = np.where(dated == "", counted(rows), dated)
        return texts

    return _order_of(scene, Check(check.stage, passed, check.why), day, order, because)


def _nth_on(number: int, day: np.datetime64) -> str:
    if np.isnat(day):
        return ""
    return word("rewards.granted.nth_order_on", number=number, day=figures.day(day))


def _order_of(scene: Scene, check: Check, day: DateArray, order: Rows, because: Why) -> Occasions:
    """Return an occasion of each customer who passes, for one of the customer's orders."""
    reference = np.append(scene.orders.reference, "")

    def named(rows: Rows) -> TextArray:
        texts: TextArray = np.where(order[rows] == NONE, iso(day[rows]), reference[order[rows]])
        return texts

    cents = amounts_of(order, scene.orders.cents)
    return of_customers(check, day, because, named, OfOrders(order, cents, scene.rank))


def _orders_check(scene: Scene, number: int) -> Check:
    return _field_check("orders_life", "≥", number, scene)


def _tenure(scene: Scene, rule: Rule) -> Occasions:
    years = rule.trigger_value or 1
    check = _field_check("tenure_years", "≥", years, scene)
    first = scene.facts.first_order
    day = add_months(first, np.timedelta64(MONTHS_PER_YEAR * years, "M"))
    return of_customers(check, day, _on_day("tenure", first), _dated(day))


def _field_check(key: str, test: str, value: float, scene: Scene) -> Check:
    condition = Condition(FIELDS[key], test, (value,))
    return condition_check(Stage.TRIGGER, condition, scene.facts, scene.as_of)


def _dated(days: DateArray) -> Named:
    return lambda rows: iso(days[rows])


def _birthday(scene: Scene, rule: Rule) -> Occasions:
    today = np.asarray(scene.as_of, "datetime64[D]")
    born = scene.facts.birth_date
    day = birthday_near(born, today, rule.trigger_value or 0, rule.window_after or 0)
    coming = next_birthday(born, today)
    unknown = word("rewards.reason.unknown", field=word("rewards.field.birth_date"))

    def written(birthday: np.datetime64) -> str:
        if np.isnat(birthday):
            return unknown
        span = birthday_span(rule)
        return word("rewards.reason.birthday", day=figures.day(birthday), span=span)

    check = Check(Stage.TRIGGER, ~np.isnat(day), lambda rows: each(coming[rows], written))
    return of_customers(check, day, _on_day("birthday", day), _dated(day))


def _tier_reached(scene: Scene, rule: Rule) -> Occasions:
    """Take whoever rose to one of the tiers, on the day of the last such rise.

    A tier that was passed on the way up counts where its row says so. Where the day is not known
    the tier itself counts, once.
    """
    facts, tiers = scene.facts, rule.tiers_to_reach
    day, reached = _risen(scene, tiers)
    unknown = np.isnat(day)
    why_not = other_tier(facts, tiers)

    def named(rows: Rows) -> TextArray:
        texts: TextArray = np.where(unknown[rows], reached[rows], iso(day[rows]))
        return texts

    def because(rows: Rows) -> TextArray:
        is_in = _has("tier", facts.tier)(rows)
        since = each(day[rows], _reached_on)
        return np.where(unknown[rows], is_in, since)

    def why(rows: Rows) -> TextArray:
        in_it = facts.tier_labels.among(tiers)[rows]
        return np.where(in_it, word("rewards.reason.not_risen"), why_not(rows))

    check = Check(Stage.TRIGGER, reached != "", why)
    return of_customers(check, np.where(unknown, scene.as_of, day), because, named)


def _reached_on(day: np.datetime64) -> str:
    return word("rewards.granted.tier_on", day=figures.day(day))


def _risen(scene: Scene, tiers: tuple[str, ...]) -> tuple[DateArray, TextArray]:
    """Return the day of the last rise to one of the tiers, and the tier; NaT and "" if none."""
    facts, ladder, standing = scene.facts, scene.history.ladder, scene.history.standing
    day = np.full(facts.size, NO_DAY)
    reached = np.full(facts.size, "", dtype=object)
    if standing is None:
        here = facts.tier_labels.among(tiers)
        reached[here] = facts.tier[here]
        return day, reached
    meant = {tier.casefold() for tier in tiers}
    for rank, name in enumerate(ladder.names):
        if name.casefold() not in meant:
            continue
        rise = standing.entered[:, rank]
        # "Top only" asks for a rise that ended here.
        counts = standing.landed[:, rank] | ladder.each_passed[rank]
        undated = counts & np.isnat(rise) & (standing.rank >= rank)
        dated = counts & (rise <= scene.as_of)
        later = dated & (np.isnat(day) | (rise >= day))
        day[later] = rise[later]
        reached[later | (undated & np.isnat(day))] = name
    return day, reached


def _date_range(scene: Scene, rule: Rule) -> Occasions:
    size = scene.facts.size
    start = NO_DAY if rule.valid_from is None else rule.valid_from
    day = np.full(size, scene.as_of if rule.valid_from is None else start, "datetime64[D]")
    named = _dated(np.full(size, start, "datetime64[D]"))
    check = Check(Stage.TRIGGER, np.ones(size, dtype=bool), same(""))
    return of_customers(check, day, same(word("rewards.reason.date_range")), named)


def _passive(scene: Scene, rule: Rule) -> Occasions:
    """Take whoever is passive or lost, or has not ordered for the days the rule names."""
    facts = scene.facts
    gone = _status_check(scene)
    named = _dated(facts.last_order)
    if rule.trigger_value is None:
        return of_customers(gone, facts.last_order, _has("status", facts.status), named)
    late = _field_check("days_since", "≥", rule.trigger_value, scene)
    passed = gone.passed | late.passed
    days = facts.days_since(scene.as_of)

    def why(rows: Rows) -> TextArray:
        pairs = zip(gone.why(rows), late.why(rows), strict=True)
        texts = (word("rewards.reason.neither", first=one, second=two) for one, two in pairs)
        return np.fromiter(texts, dtype=object, count=rows.size)

    def because(rows: Rows) -> TextArray:
        by_status = _has("status", facts.status)(rows)
        texts: TextArray = np.where(gone.passed[rows], by_status, _has("days_since", days)(rows))
        return texts

    day = facts.last_order + rule.trigger_value * ONE_DAY
    return of_customers(Check(Stage.TRIGGER, passed, why), day, because, named)


def _status_check(scene: Scene) -> Check:
    condition = Condition(FIELDS["status"], "in list", GONE)
    return condition_check(Stage.TRIGGER, condition, scene.facts, scene.as_of)


def _survey(scene: Scene, _rule: Rule) -> Occasions:
    """Take each day on which a customer answered."""
    answers = scene.history.surveys
    customer, day = np.empty(0, np.intp), np.empty(0, "datetime64[D]")
    if answers is not None:
        counted = (answers.customer >= 0) & (answers.day <= scene.as_of)
        customer, day = answers.customer[counted].astype(np.intp), answers.day[counted]
        place = np.lexsort((day, customer))
        customer, day = customer[place], day[place].astype("datetime64[D]")
        new = np.ones(customer.size, dtype=bool)
        new[1:] = (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
        customer, day = customer[new], day[new]
    return Occasions(
        customer=customer,
        day=day,
        named=_dated(day),
        because=_on_day("survey", day),
        none=same(word("rewards.reason.no_survey")),
    )


def _by_hand(_scene: Scene, _rule: Rule) -> Occasions:
    """Take nobody: a row in the ledger is all there is to it."""
    nobody, never = np.empty(0, np.intp), np.empty(0, "datetime64[D]")
    none = same(word("rewards.reason.by_hand"))
    return Occasions(customer=nobody, day=never, named=_dated(never), because=none, none=none)


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


_OCCASIONS: dict[str, Callable[[Scene, Rule], Occasions]] = {
    "Order": purchases,
    "First order": _first_order,
    "Nth order": _nth_order,
    "Birthday": _birthday,
    "Tenure": _tenure,
    "Tier reached": _tier_reached,
    "Passive": _passive,
    "Referral": referrals,
    "Survey answered": _survey,
    "Date range": _date_range,
    "Manual": _by_hand,
}
