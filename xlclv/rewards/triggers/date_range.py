"""An offer for a time: everybody gets it once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import NO_DAY
from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import Hurdle, Stage, same
from xlclv.rewards.scene.occasions import Occasions, dated, of_customers
from xlclv.rewards.scene.scene import Scene
from xlclv.words import word


@dataclass(frozen=True, slots=True)
class DateRange(Trigger):
    """The days from Valid from to Valid to."""

    code = "Date range"
    value = None
    needs_value = False
    window = None
    per_order = False
    paid_for = PaidFor.DAY
    decided_by_order = False
    tiers = TierRole.CUSTOMER

    def sources(self, rule: Rule) -> Sequence[str]:
        """Ask for nothing."""
        del rule
        return ()

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        """Take everybody, as from the first day of the rule."""
        size = scene.facts.size
        start = NO_DAY if rule.valid_from is None else rule.valid_from
        day = np.full(size, scene.as_of if rule.valid_from is None else start, "datetime64[D]")
        named = dated(np.full(size, start, "datetime64[D]"))
        hurdle = Hurdle(Stage.TRIGGER, np.ones(size, dtype=bool), same(""))
        return of_customers(hurdle, day, same(word("rewards.reason.date_range")), named)

    def when(self, rule: Rule) -> str:
        """Say "once"."""
        del rule
        return word("rewards.occasion.date_range")
