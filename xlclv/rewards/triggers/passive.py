"""A pause: the status Passive or Lost, or no order for some time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import ONE_DAY
from xlclv.rewards.conditions.condition import Comparison, Condition
from xlclv.rewards.conditions.fields import FIELDS
from xlclv.rewards.facts import Rows
from xlclv.rewards.figures import counted
from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import Hurdle, Stage, condition_hurdle, has, reaches
from xlclv.rewards.scene.occasions import Occasions, dated, of_customers
from xlclv.rewards.scene.scene import Scene
from xlclv.rewards.triggers.wording import window_text
from xlclv.terms import TERMS, Term, TextArray
from xlclv.words import word

STATUS, DAYS_SINCE = FIELDS["status"], FIELDS["days_since"]
GONE = Condition(STATUS, Comparison.ONE_OF, STATUS.choices[2:])  # after Active and At risk


@dataclass(frozen=True, slots=True)
class Passive(Trigger):
    """Each pause in which the status is Passive or Lost, or which lasts so many days."""

    code = "Passive"
    value = Term("", at_least=1, whole=True)
    needs_value = False
    window = TERMS["window_after"]
    per_order = False
    paid_for = PaidFor.DAY
    decided_by_order = False
    tiers = TierRole.CUSTOMER

    def sources(self, rule: Rule) -> Sequence[str]:
        """Ask for nothing: the customer sheet may know the last order."""
        del rule
        return ()

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        """Take whoever is passive or lost, or has not ordered for the days the rule names."""
        facts = scene.facts
        gone = condition_hurdle(Stage.TRIGGER, GONE, facts, scene.as_of)
        status = has(STATUS.title, facts.status, STATUS.written)
        named = dated(facts.last_order)
        if rule.trigger_value is None:
            return of_customers(gone, facts.last_order, status, named)
        late = reaches(DAYS_SINCE, rule.trigger_value, facts, scene.as_of)
        passed = gone.passed | late.passed
        pause = has(DAYS_SINCE.title, facts.days_since(scene.as_of), DAYS_SINCE.written)

        def why(rows: Rows) -> TextArray:
            pairs = zip(gone.why(rows), late.why(rows), strict=True)
            texts = (word("rewards.reason.neither", first=one, second=two) for one, two in pairs)
            return np.fromiter(texts, dtype=object, count=rows.size)

        def because(rows: Rows) -> TextArray:
            texts: TextArray = np.where(gone.passed[rows], status(rows), pause(rows))
            return texts

        day = facts.last_order + rule.trigger_value * ONE_DAY
        return of_customers(Hurdle(Stage.TRIGGER, passed, why), day, because, named)

    def when(self, rule: Rule) -> str:
        """Say "once in each pause", and what makes one."""
        key = "rewards.occasion.passive"
        if rule.trigger_value is None:
            return word(f"{key}_any") + window_text(rule.window_after, "after_last_order")
        return counted(key, rule.trigger_value) + window_text(rule.window_after, "after_that")
