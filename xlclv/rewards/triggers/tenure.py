"""So many complete years as a customer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import MONTHS_PER_YEAR, add_months
from xlclv.rewards.conditions.fields import FIELDS
from xlclv.rewards.figures import counted
from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import on_day, reaches
from xlclv.rewards.scene.occasions import Occasions, dated, of_customers
from xlclv.rewards.scene.scene import Scene
from xlclv.rewards.triggers.wording import window_text
from xlclv.terms import TERMS, Term


@dataclass(frozen=True, slots=True)
class Tenure(Trigger):
    """An anniversary of the first order, or of the day joined before it, and every day after it."""

    code = "Tenure"
    value = Term("", at_least=1, whole=True)
    needs_value = True
    window = TERMS["window_after"]
    per_order = False
    paid_for = PaidFor.DAY
    decided_by_order = False
    tiers = TierRole.CUSTOMER

    def sources(self, rule: Rule) -> Sequence[str]:
        """Ask for nothing: the customer sheet may know the first order."""
        del rule
        return ()

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        """Take whoever has been a customer for so long, on the anniversary."""
        years = rule.trigger_value or 1
        hurdle = reaches(FIELDS["tenure_years"], years, scene.facts, scene.as_of)
        first = scene.facts.customer_since
        day = add_months(first, np.timedelta64(MONTHS_PER_YEAR * years, "M"))
        return of_customers(hurdle, day, on_day("tenure", first), dated(day))

    def when(self, rule: Rule) -> str:
        """Say "once they have been customers for 2 complete years"."""
        said = counted("rewards.occasion.tenure", rule.trigger_value or 1)
        return said + window_text(rule.window_after, "after_that")
