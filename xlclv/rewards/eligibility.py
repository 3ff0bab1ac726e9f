"""Who gets which reward on a day: all customers at once, one rule after the other.

Money is exact: costs and budgets are Decimals of whole cents, one cost per rule. Grants made
before the day are not known, so a budget counts the grants of this decision alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from xlclv.rewards import figures
from xlclv.rewards.checks import (
    Check,
    Stage,
    Why,
    condition_checks,
    customer_checks,
    rule_checks,
    same,
)
from xlclv.rewards.facts import Facts, Rows
from xlclv.rewards.rule import Rule
from xlclv.rewards.rules import Rules
from xlclv.rewards.together import Together
from xlclv.rewards.triggers import event, window_check
from xlclv.terms import BoolArray, DateArray, TextArray
from xlclv.words import word

Stages = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """One rule decided for every customer.

    Args:
        rule: The rule.
        stage: First check that failed, or Stage.GRANTED, shape (n,).
        day: When the trigger happened, shape (n,); NaT where it has not or is not known.
        expires: Last day of the reward if it is granted, shape (n,); NaT: never.
        why: The reasons of each stage.
    """

    rule: Rule
    stage: Stages
    day: DateArray
    expires: DateArray
    why: Mapping[Stage, Why]

    @property
    def eligible(self) -> BoolArray:
        """Say who gets the reward, shape (n,)."""
        granted: BoolArray = self.stage == Stage.GRANTED
        return granted

    @property
    def count(self) -> int:
        """Return how many customers get the reward."""
        return int(self.eligible.sum())

    @property
    def cost(self) -> Decimal | None:
        """Return what all grants cost; None where the cost of one is not known."""
        return None if self.rule.cost is None else self.rule.cost * self.count

    @property
    def left(self) -> Decimal | None:
        """Return what is left of the budget; None where there is none."""
        if self.rule.budget is None or self.cost is None:
            return None
        return self.rule.budget - self.cost

    def reasons(self, rows: Rows) -> TextArray:
        """Return why these customers (positions) get the reward or do not, shape of `rows`."""
        texts = np.full(rows.size, "", dtype=object)
        stages = self.stage[rows]
        for stage in np.unique(stages):
            here = stages == stage
            texts[here] = self.why[Stage(stage)](rows[here])
        return texts


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """All rules decided for all customers.

    Args:
        facts: The customers.
        rules: The rule table, with the rows that were not decided.
        as_of: The day of the decision.
        by_rule: One decision per decided rule, in the order in which rules are served.
    """

    facts: Facts
    rules: Rules
    as_of: np.datetime64
    by_rule: tuple[Decision, ...]


def decide(facts: Facts, rules: Rules, as_of: np.datetime64) -> Decisions:
    """Decide every rule whose status is OK for every customer.

    Rules are served by priority, then id. Within a rule whose budget is short, customers are
    served by trigger date, then id, so the order of the input rows never matters.

    Args:
        facts: One row per customer.
        rules: The rule table, read.
        as_of: The day of the decision.
    """
    day = as_of.astype("datetime64[D]")
    served = rules.decided
    together = Together(served, facts.size)
    by_rule = []
    for place, rule in enumerate(served):
        decision = _decide_rule(facts, rule, day, together.check(place))
        together.grant(place, decision.eligible)
        by_rule.append(decision)
    return Decisions(facts, rules, day, tuple(by_rule))


def _decide_rule(facts: Facts, rule: Rule, as_of: np.datetime64, room: Check) -> Decision:
    happened = event(facts, rule, as_of)
    checks = [
        *rule_checks(facts, rule, as_of),
        *customer_checks(facts, rule),
        happened.check,
        *window_check(rule, happened.day, as_of),
        *condition_checks(facts, rule, as_of),
        room,
    ]
    stage = _first_failing(checks, facts.size)
    budget = _budget_check(facts, rule, happened.day, stage == Stage.GRANTED)
    stage[~budget.passed] = Stage.BUDGET
    why = {check.stage: check.why for check in (*checks, budget)}
    why[Stage.GRANTED] = happened.because
    return Decision(rule, stage, happened.day, _expiry(rule, happened.day, as_of), why)


def _first_failing(checks: list[Check], size: int) -> Stages:
    stage = np.full(size, Stage.GRANTED, dtype=np.int8)
    for check in sorted(checks, key=lambda check: check.stage, reverse=True):
        stage[~check.passed] = check.stage
    return stage


def _budget_check(facts: Facts, rule: Rule, day: DateArray, wanted: BoolArray) -> Check:
    """Return the check that the budget reaches this far down the queue of those who qualify."""
    budget, cost = rule.budget, rule.cost
    served = np.ones(facts.size, dtype=bool)
    if budget is None or not cost:
        return Check(Stage.BUDGET, served, same(""))
    queue = np.flatnonzero(wanted)
    queue = queue[np.lexsort((facts.id_rank[queue], day[queue]))]
    reach = int(budget // cost)
    served[queue[reach:]] = False
    used = figures.money(cost * min(reach, queue.size))
    text = word("rewards.reason.budget", used=used, budget=figures.money(budget))
    return Check(Stage.BUDGET, served, same(text))


def _expiry(rule: Rule, day: DateArray, as_of: np.datetime64) -> DateArray:
    """Return the last day of a reward: its days count from as_of, or from an event still to come.

    "60 days" ends with day 60.
    """
    if rule.expires_days is None:
        return np.full(day.shape, "NaT", dtype="datetime64[D]")
    start: DateArray = np.where(day > as_of, day, as_of)
    return start + np.timedelta64(rule.expires_days, "D")
