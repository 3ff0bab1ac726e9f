"""What stands between a customer and a reward: checks in a fixed order, each with its reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from xlclv.rewards import figures
from xlclv.rewards.facts import Facts, Rows, clean
from xlclv.rewards.rules.conditions import Condition
from xlclv.rewards.rules.rule import Rule
from xlclv.terms import Array, BoolArray, TextArray
from xlclv.words import word

# Texts for the rows asked for, shape of the rows; made only when someone reads them.
Why = Callable[[Rows], TextArray]


class Stage(IntEnum):
    """The checks in order: the first that fails is the reason; who got furthest is nearest."""

    RESTS = 0
    DATES = 1
    OPT_IN = 2
    NOT_FOR = 3
    TIERS = 4
    SEGMENTS = 5
    TRIGGER = 6
    WINDOW = 7
    WAITING = 8  # for the return window of a friend's first order
    CONDITION_1 = 9
    CONDITION_2 = 10
    CONDITION_3 = 11
    BOOKED = 12  # this very occasion has been paid
    POINTS = 13  # there would be none, or they would have expired
    GROUP = 14
    LIMIT = 15
    COOL_DOWN = 16
    BUDGET = 17
    GRANTED = 18


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One check of one rule, of its customers or of its occasions.

    Args:
        stage: Its place in the order; a rule has at most one check per stage.
        passed: Which of them pass, shape (n,).
        why: Why those fail that do, in words.
    """

    stage: Stage
    passed: BoolArray
    why: Why


def same(text: str) -> Why:
    """Return one reason for everybody."""
    return lambda rows: np.full(rows.size, text, dtype=object)


def each(values: Array, written: Callable[..., str]) -> TextArray:
    """Return a text per value, made once per distinct value."""
    distinct, place = np.unique(values, return_inverse=True)
    texts = np.empty(distinct.size, dtype=object)
    texts[:] = [written(value) for value in distinct]
    chosen: TextArray = texts[place]
    return chosen


def one_by_one(written: Callable[[np.intp], str]) -> Why:
    """Return reasons that are written for each row by itself."""

    def why(rows: Rows) -> TextArray:
        return np.fromiter((written(row) for row in rows), dtype=object, count=rows.size)

    return why


def rule_checks(facts: Facts, rule: Rule, as_of: np.datetime64) -> list[Check]:
    """Return the checks that ask about the rule, not the customer.

    An order must lie within the days of its rule itself, so it is paid after they are over too.
    """
    checks = [
        Check(Stage.RESTS, np.full(facts.size, rule.active), same(word("rewards.reason.rests")))
    ]
    first, last = rule.valid_from, rule.valid_to
    if first is not None and as_of < first:
        checks.append(_closed(facts, word("rewards.reason.not_yet", day=figures.day(first))))
    elif last is not None and as_of > last and rule.trigger != "Order":
        checks.append(_closed(facts, word("rewards.reason.over", day=figures.day(last))))
    return checks


def _closed(facts: Facts, why: str) -> Check:
    return Check(Stage.DATES, np.zeros(facts.size, dtype=bool), same(why))


def customer_checks(facts: Facts, rule: Rule) -> list[Check]:
    """Return the checks on who the customer is.

    The tiers of a rule are asked about here unless its occasions ask themselves: an order is
    made in the tier before it, and reaching a tier is an occasion.
    """
    checks = [Check(Stage.OPT_IN, facts.opt_in, same(word("rewards.reason.opt_in")))]
    if rule.not_for:
        checks.append(_not_for(facts, rule.not_for))
    if rule.only_tiers and rule.trigger not in ("Order", "Tier reached"):
        passed = facts.tier_labels.among(rule.only_tiers)
        checks.append(Check(Stage.TIERS, passed, other_tier(facts, rule.only_tiers)))
    if rule.only_segments:
        in_segment = facts.segment_labels.among(rule.only_segments)
        passed = in_segment | facts.tag_labels.among(rule.only_segments)
        checks.append(Check(Stage.SEGMENTS, passed, _other_segment(facts, rule)))
    return checks


def condition_checks(facts: Facts, rule: Rule, as_of: np.datetime64) -> list[Check]:
    """Return the checks of the conditions."""
    return [
        condition_check(Stage.CONDITION_1 + number, condition, facts, as_of)
        for number, condition in enumerate(rule.conditions)
    ]


def condition_check(stage: int, condition: Condition, facts: Facts, as_of: np.datetime64) -> Check:
    """Return the check of one condition; what is not known does not pass."""
    field = condition.field
    values = field.values(facts, as_of)

    def written(value: float | str) -> str:
        return short_of(field.title, field.written(value), condition.needed())

    def why(rows: Rows) -> TextArray:
        asked = values[rows]
        missing = word("rewards.reason.unknown", field=field.title)
        texts: TextArray = np.where(field.unknown(asked), missing, each(asked, written))
        return texts

    return Check(Stage(stage), condition.holds(values), why)


def short_of(field: str, value: str, needed: str) -> str:
    """Say what is there and what is needed."""
    return word("rewards.reason.short_of", field=field, value=value, needed=needed)


def excluded(facts: Facts, entries: Sequence[str]) -> BoolArray:
    """Say whom a list of tiers, segments, tags and customer ids names, shape (n,)."""
    columns = (facts.tier_labels, facts.segment_labels, facts.tag_labels, facts.id_labels)
    meant: BoolArray = np.any([labels.among(entries) for labels in columns], axis=0)
    return meant


def _not_for(facts: Facts, entries: Sequence[str]) -> Check:
    columns = (facts.tier_labels, facts.segment_labels, facts.tag_labels, facts.id_labels)

    def written(row: np.intp) -> str:
        bears = frozenset[str]().union(*(labels.parts[labels.codes[row]] for labels in columns))
        first = next(entry for entry in entries if clean(entry) in bears)
        return word("rewards.reason.not_for", entry=first)

    return Check(Stage.NOT_FOR, ~excluded(facts, entries), lambda rows: each(rows, written))


def other_tier(facts: Facts, tiers: Sequence[str]) -> Why:
    """Say which tier a customer has instead of one of these."""
    title, needed = word("rewards.field.tier"), figures.listed(tiers, "or")

    def written(tier: str) -> str:
        if not tier.strip():
            return word("rewards.reason.unknown", field=title)
        return short_of(title, tier, needed)

    return lambda rows: each(facts.tier[rows], written)


def _other_segment(facts: Facts, rule: Rule) -> Why:
    title, needed = word("rewards.field.segment"), figures.listed(rule.only_segments, "or")

    def written(labels: str) -> str:
        return short_of(title, labels.strip("; ") or word("errors.nothing"), needed)

    return lambda rows: each(facts.segment[rows] + "; " + facts.tags[rows], written)
