"""What stands between a customer and a reward: checks in a fixed order, each with its reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from xlclv.rewards import figures
from xlclv.rewards.conditions import Condition
from xlclv.rewards.facts import Facts, Rows, clean
from xlclv.rewards.rule import Rule
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
    CONDITION_1 = 8
    CONDITION_2 = 9
    CONDITION_3 = 10
    GROUP = 11
    BUDGET = 12
    GRANTED = 13


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One check of one rule.

    Args:
        stage: Its place in the order; a rule has at most one check per stage.
        passed: Which customers pass, shape (n,).
        why: Why those fail who do, in words.
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


def rule_checks(facts: Facts, rule: Rule, as_of: np.datetime64) -> list[Check]:
    """Return the checks that ask about the rule, not the customer."""
    early = rule.valid_from is not None and as_of < rule.valid_from
    late = rule.valid_to is not None and as_of > rule.valid_to
    if early and rule.valid_from is not None:
        dates = word("rewards.reason.not_yet", day=figures.day(rule.valid_from))
    elif late and rule.valid_to is not None:
        dates = word("rewards.reason.over", day=figures.day(rule.valid_to))
    else:
        dates = ""
    return [
        Check(Stage.RESTS, np.full(facts.size, rule.active), same(word("rewards.reason.rests"))),
        Check(Stage.DATES, np.full(facts.size, not (early or late)), same(dates)),
    ]


def customer_checks(facts: Facts, rule: Rule) -> list[Check]:
    """Return the checks on who the customer is."""
    checks = [Check(Stage.OPT_IN, facts.opt_in, same(word("rewards.reason.opt_in")))]
    if rule.not_for:
        checks.append(_not_for(facts, rule.not_for))
    if rule.only_tiers:
        passed = facts.tier_labels.among(rule.only_tiers)
        checks.append(Check(Stage.TIERS, passed, _other_tier(facts, rule)))
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


def _not_for(facts: Facts, entries: Sequence[str]) -> Check:
    columns = (facts.tier_labels, facts.segment_labels, facts.tag_labels, facts.id_labels)
    meant = np.any([labels.among(entries) for labels in columns], axis=0)

    def written(row: np.intp) -> str:
        bears = frozenset[str]().union(*(labels.parts[labels.codes[row]] for labels in columns))
        first = next(entry for entry in entries if clean(entry) in bears)
        return word("rewards.reason.not_for", entry=first)

    return Check(Stage.NOT_FOR, ~meant, lambda rows: each(rows, written))


def _other_tier(facts: Facts, rule: Rule) -> Why:
    title, needed = word("rewards.field.tier"), figures.listed(rule.only_tiers, "or")

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
