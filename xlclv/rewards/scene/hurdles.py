"""What stands between a customer and a reward: hurdles in a fixed order, each with its reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from xlclv.rewards import figures
from xlclv.rewards.conditions.condition import Comparison, Condition
from xlclv.rewards.conditions.fields import Field
from xlclv.rewards.facts import Facts, Labels, Rows
from xlclv.terms import Array, BoolArray, DateArray, TextArray
from xlclv.words import word

# Texts for the rows asked for, shape of the rows; made only when someone reads them.
Why = Callable[[Rows], TextArray]
Stages = NDArray[np.int8]  # of each, the first hurdle that it fails


class Stage(IntEnum):
    """The hurdles in order: the first not passed is the reason; who got furthest is nearest."""

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
class Hurdle:
    """One hurdle of one rule, of its customers or of its occasions.

    Args:
        stage: Its place in the order; a rule has at most one hurdle per stage.
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


def condition_hurdle(
    stage: int, condition: Condition, facts: Facts, as_of: np.datetime64
) -> Hurdle:
    """Return the hurdle of one condition; what is not known does not pass."""
    field = condition.field
    values = field.values(facts, as_of)

    def written(value: float | str) -> str:
        return short_of(field.title, field.written(value), condition.needed())

    def why(rows: Rows) -> TextArray:
        asked = values[rows]
        missing = word("rewards.reason.unknown", field=field.title)
        texts: TextArray = np.where(field.unknown(asked), missing, each(asked, written))
        return texts

    return Hurdle(Stage(stage), condition.holds(values), why)


def short_of(field: str, value: str, needed: str) -> str:
    """Say what is there and what is needed."""
    return word("rewards.reason.short_of", field=field, value=value, needed=needed)


def label_columns(facts: Facts) -> tuple[Labels, ...]:
    """Return every column in which a list may name a customer."""
    return facts.tier_labels, facts.segment_labels, facts.tag_labels, facts.id_labels


def excluded(facts: Facts, entries: Sequence[str]) -> BoolArray:
    """Say whom a list of tiers, segments, tags and customer ids names, shape (n,)."""
    columns = label_columns(facts)
    meant: BoolArray = np.any([labels.among(entries) for labels in columns], axis=0)
    return meant


def other_tier(facts: Facts, tiers: Sequence[str]) -> Why:
    """Say which tier a customer has instead of one of these."""
    title, needed = word("rewards.field.tier"), figures.listed(tiers, "or")

    def written(tier: str) -> str:
        if not tier.strip():
            return word("rewards.reason.unknown", field=title)
        return short_of(title, tier, needed)

    return lambda rows: each(facts.tier[rows], written)


def has(title: str, values: Array, written: Callable[..., str] = str) -> Why:
    """Say what is there: "Status is Lost"."""

    def said(value: float | str) -> str:
        return word("rewards.reason.has", field=title, value=written(value))

    return lambda rows: each(values[rows], said)


def on_day(key: str, days: DateArray) -> Why:
    """Say on which day something was, or, where that is not known, only that it was."""

    def written(day: np.datetime64) -> str:
        if np.isnat(day):
            return word(f"rewards.granted.{key}")
        return word(f"rewards.granted.{key}_on", day=figures.day(day))

    return lambda rows: each(days[rows], written)


def reaches(field: Field, least: float, facts: Facts, as_of: np.datetime64) -> Hurdle:
    """Return the hurdle of a trigger whether a number of the customer is large enough."""
    condition = Condition(field, Comparison.AT_LEAST, (least,))
    return condition_hurdle(Stage.TRIGGER, condition, facts, as_of)
