"""The hurdles of a rule that come before its occasions: the rule itself, and who a customer is."""

from collections.abc import Sequence

import numpy as np

from xlclv.rewards import figures
from xlclv.rewards.facts import Facts, clean
from xlclv.rewards.rule import Rule, TierRole
from xlclv.rewards.scene.hurdles import (
    Hurdle,
    Stage,
    Why,
    condition_hurdle,
    each,
    excluded,
    label_columns,
    other_tier,
    same,
    short_of,
)
from xlclv.terms import DateArray
from xlclv.words import plural_key, word


def rule_hurdles(facts: Facts, rule: Rule, as_of: np.datetime64) -> list[Hurdle]:
    """Return the hurdles that ask about the rule, not the customer.

    An order must lie within the days of its rule itself, so it is paid after they are over too.
    """
    hurdles = [
        Hurdle(Stage.RESTS, np.full(facts.size, rule.active), same(word("rewards.reason.rests")))
    ]
    first, last = rule.valid_from, rule.valid_to
    if first is not None and as_of < first:
        hurdles.append(_closed(facts, word("rewards.reason.not_yet", day=figures.day(first))))
    elif last is not None and as_of > last and not rule.trigger.per_order:
        hurdles.append(_closed(facts, word("rewards.reason.over", day=figures.day(last))))
    return hurdles


def _closed(facts: Facts, why: str) -> Hurdle:
    return Hurdle(Stage.DATES, np.zeros(facts.size, dtype=bool), same(why))


def customer_hurdles(facts: Facts, rule: Rule) -> list[Hurdle]:
    """Return the hurdles on who the customer is.

    The tiers of a rule are asked about here unless its occasions ask themselves: an order is
    made in the tier before it, and reaching a tier is an occasion.
    """
    hurdles = [Hurdle(Stage.OPT_IN, facts.opt_in, same(word("rewards.reason.opt_in")))]
    if rule.not_for:
        hurdles.append(_not_for(facts, rule.not_for))
    if rule.only_tiers and rule.trigger.tiers is TierRole.CUSTOMER:
        passed = facts.tier_labels.among(rule.only_tiers)
        hurdles.append(Hurdle(Stage.TIERS, passed, other_tier(facts, rule.only_tiers)))
    if rule.only_segments:
        in_segment = facts.segment_labels.among(rule.only_segments)
        passed = in_segment | facts.tag_labels.among(rule.only_segments)
        hurdles.append(Hurdle(Stage.SEGMENTS, passed, _other_segment(facts, rule)))
    return hurdles


def condition_hurdles(facts: Facts, rule: Rule, as_of: np.datetime64) -> list[Hurdle]:
    """Return the hurdles of the conditions."""
    return [
        condition_hurdle(Stage.CONDITION_1 + number, condition, facts, as_of)
        for number, condition in enumerate(rule.conditions)
    ]


def window_hurdle(rule: Rule, day: DateArray, as_of: np.datetime64) -> list[Hurdle]:
    """Return the hurdle that the days after the event are not over, if the rule has such days."""
    after = rule.trigger.lasts(rule)
    if after is None:
        return []
    key = plural_key("rewards.reason.window", after)

    def written(since: np.datetime64) -> str:
        if np.isnat(since):
            return word("rewards.reason.unknown", field=word("rewards.field.event"))
        return word(key, days=after, day=figures.day(since))

    passed = as_of <= day + np.timedelta64(after, "D")
    return [Hurdle(Stage.WINDOW, passed, lambda rows: each(day[rows], written))]


def _not_for(facts: Facts, entries: Sequence[str]) -> Hurdle:
    columns = label_columns(facts)

    def written(row: np.intp) -> str:
        bears = frozenset[str]().union(*(labels.parts[labels.codes[row]] for labels in columns))
        first = next(entry for entry in entries if clean(entry) in bears)
        return word("rewards.reason.not_for", entry=first)

    return Hurdle(Stage.NOT_FOR, ~excluded(facts, entries), lambda rows: each(rows, written))


def _other_segment(facts: Facts, rule: Rule) -> Why:
    title, needed = word("rewards.field.segment"), figures.listed(rule.only_segments, "or")

    def written(labels: str) -> str:
        return short_of(title, labels.strip("; ") or word("errors.nothing"), needed)

    return lambda rows: each(facts.segment[rows] + "; " + facts.tags[rows], written)
