"""What a decision holds: who gets which reward, why not, and what is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from xlclv.rewards import figures
from xlclv.rewards.facts import Facts, Rows
from xlclv.rewards.figures import CENT
from xlclv.rewards.rule import Rule
from xlclv.rewards.rules.table import Rules
from xlclv.rewards.scene.hurdles import Stage, Stages, Why
from xlclv.terms import BoolArray, DateArray, IntArray, TextArray
from xlclv.words import word


@dataclass(frozen=True, slots=True, eq=False)
class Awards:
    """The rewards one rule grants: a of them, by customer, then day, then reference.

    Args:
        customer: Position of who gets it; of a referral, who referred, shape (a,).
        occasion: Position among the occasions of the rule, shape (a,).
        day: Day of the occasion, NaT not known, shape (a,).
        reference: What it is for: an order, the day of the event, a friend, shape (a,).
        dated: Day from which it counts: the day of the decision, for points of an order that
            of the order, shape (a,).
        points: Whole points, 0 for other rewards, shape (a,).
        face_cents: What it is worth to the customer in cents, 0 unknown, shape (a,).
        cost_cents: What it costs us in cents, both sides of a referral, 0 unknown, shape (a,).
        usable_from: First day on which it can be used, shape (a,).
        expires_on: Last day, NaT never, shape (a,).
        wait_until: Day until which it has to wait, for the customer has had enough messages;
            NaT: it goes now, shape (a,).
        friend: Position of the friend who is rewarded too, else -1, shape (a,).
        friend_points: Points of the friend, shape (a,).
        friend_face_cents: Worth to the friend in cents, shape (a,).
        friend_cost_cents: The friend's part of `cost_cents`, shape (a,).
        warning: It costs as much as the customer is worth, or more, shape (a,).
    """

    customer: Rows
    occasion: Rows
    day: DateArray
    reference: TextArray
    dated: DateArray
    points: IntArray
    face_cents: IntArray
    cost_cents: IntArray
    usable_from: DateArray
    expires_on: DateArray
    wait_until: DateArray
    friend: Rows
    friend_points: IntArray
    friend_face_cents: IntArray
    friend_cost_cents: IntArray
    warning: BoolArray

    @property
    def size(self) -> int:
        """Return the number of awards."""
        return int(self.customer.size)

    @property
    def waits(self) -> BoolArray:
        """Say which awards have to wait, shape (a,)."""
        return ~np.isnat(self.wait_until)


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """One rule decided for every customer.

    Args:
        rule: The rule.
        stage: First hurdle that failed on the occasion that got furthest, or Stage.GRANTED if
            there is an award, shape (n,).
        day: Day of that occasion, the latest of equals, shape (n,); NaT where there is none or
            the day is not known.
        best: The award of that occasion, a position in `awards`, NONE without one, shape (n,).
        why: The reasons of each stage at which customers fail.
        why_award: Why awards (positions) are granted.
        awards: What is granted.
        used_before: Cents booked earlier in the budget period of the day.
        in_period: Which awards are dated in that period, shape (a,).
    """

    rule: Rule
    stage: Stages
    day: DateArray
    best: Rows
    why: Mapping[Stage, Why]
    why_award: Why
    awards: Awards
    used_before: int
    in_period: BoolArray

    @property
    def eligible(self) -> BoolArray:
        """Say who gets the reward, shape (n,)."""
        granted: BoolArray = self.stage == Stage.GRANTED
        return granted

    @property
    def expires(self) -> DateArray:
        """Return the last day of each customer's best award; NaT: none, or never, shape (n,)."""
        return np.append(self.awards.expires_on, np.datetime64("NaT"))[self.best]

    @property
    def count(self) -> int:
        """Return the number of awards."""
        return self.awards.size

    @property
    def cost(self) -> Decimal | None:
        """Return what all awards cost; None where the cost of one is not known."""
        return _money(self.awards.cost_cents) if self.rule.cost_is_known else None

    @property
    def left(self) -> Decimal | None:
        """Return what is left of the budget of the present period; None where there is none."""
        if self.rule.budget is None or not self.rule.cost_is_known:
            return None
        spent = _money(self.awards.cost_cents[self.in_period]) + self.used_before * CENT
        return self.rule.budget - spent

    def reasons(self, rows: Rows) -> TextArray:
        """Return why these customers (positions) get the reward or do not, shape of `rows`."""
        texts = np.full(rows.size, "", dtype=object)
        stages = self.stage[rows]
        for stage in np.unique(stages):
            here = stages == stage
            if stage == Stage.GRANTED:
                texts[here] = self.award_reasons(self.best[rows[here]])
            else:
                texts[here] = self.why[Stage(stage)](rows[here])
        return texts

    def award_reasons(self, places: Rows) -> TextArray:
        """Return why awards (positions) are granted, and until when they wait."""
        texts = self.why_award(places)
        for place in np.flatnonzero(self.awards.waits[places]):
            until, end = self.awards.wait_until[places[place]], self.ends[places[place]]
            key = "rewards.reason.wait_in_vain" if until > end else "rewards.reason.wait"
            days = {"day": figures.day(until), "end": figures.day(end)}
            texts[place] = word(key, why=texts[place], **days)
        return texts

    @property
    def ends(self) -> DateArray:
        """Return the last day on which each award can still be granted, NaT: no end, shape (a,)."""
        days = self.rule.trigger.lasts(self.rule)
        if days is None:
            return np.full(self.awards.size, np.datetime64("NaT"), "datetime64[D]")
        return self.awards.day + np.timedelta64(days, "D")


def _money(cents: IntArray) -> Decimal:
    return int(cents.sum()) * CENT


@dataclass(frozen=True, slots=True, eq=False)
class Reversals:
    """Rewards booked earlier whose order is gone or has become smaller: r of them.

    Args:
        customer: Position of who had it, shape (r,).
        rule_id: The rule, shape (r,).
        reference: The reference it was booked with, shape (r,).
        points: Points taken back, as they are booked: 0 or negative, shape (r,).
        cost_cents: Cost taken back, as it is booked: 0 or negative, shape (r,).
        face_cents: Worth taken back, as it is booked: 0 or negative, shape (r,).
        books: False: it has been used, so nothing can be taken back, shape (r,).
        why: In words, shape (r,).
    """

    customer: Rows
    rule_id: TextArray
    reference: TextArray
    points: IntArray
    cost_cents: IntArray
    face_cents: IntArray
    books: BoolArray
    why: TextArray

    @property
    def size(self) -> int:
        """Return the number of rewards concerned."""
        return int(self.customer.size)


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """All rules decided for all customers.

    Args:
        facts: The customers.
        rules: The rule table, with the rows that were not decided.
        as_of: The day of the decision.
        by_rule: One decision per decided rule, in the order in which rules are served.
        reversals: What is taken back of earlier rewards.
        contacts: Offers and messages that each customer had in the last 30 days, shape (n,).
    """

    facts: Facts
    rules: Rules
    as_of: np.datetime64
    by_rule: tuple[Decision, ...]
    reversals: Reversals
    contacts: IntArray
