"""The first order of a customer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import Hurdle, on_day
from xlclv.rewards.scene.occasions import Occasions
from xlclv.rewards.scene.scene import NONE, Scene
from xlclv.rewards.triggers.nth_order import of_one_order, orders_hurdle
from xlclv.rewards.triggers.wording import window_text
from xlclv.terms import TERMS
from xlclv.words import word


@dataclass(frozen=True, slots=True)
class FirstOrder(Trigger):
    """The first order, from the orders or, where these lack it, from the customer sheet."""

    code = "First order"
    value = None
    needs_value = False
    window = TERMS["window_after"]
    per_order = False
    paid_for = PaidFor.ORDER
    decided_by_order = False
    tiers = TierRole.CUSTOMER

    def sources(self, rule: Rule) -> Sequence[str]:
        """Ask for nothing: the customer sheet may know it."""
        del rule
        return ()

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        """Take whoever has a first order."""
        del rule
        hurdle = orders_hurdle(scene, 1)
        order, day = scene.first_order, scene.first_day
        passed = (order != NONE) | ~np.isnat(day) | hurdle.passed
        found = Hurdle(hurdle.stage, passed, hurdle.why)
        return of_one_order(scene, found, day, order, on_day("first_order", day))

    def when(self, rule: Rule) -> str:
        """Say "for their first order"."""
        return word("rewards.occasion.first_order") + window_text(rule.window_after)
