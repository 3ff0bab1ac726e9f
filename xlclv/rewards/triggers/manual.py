"""A reward given by hand: by a row in the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import same
from xlclv.rewards.scene.occasions import Occasions, dated
from xlclv.rewards.scene.scene import Scene
from xlclv.words import word


@dataclass(frozen=True, slots=True)
class Manual(Trigger):
    """Nothing that happens: somebody books it."""

    code = "Manual"
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
        """Take nobody: a row in the ledger is all there is to it."""
        del scene, rule
        nobody, never = np.empty(0, np.intp), np.empty(0, "datetime64[D]")
        none = same(word("rewards.reason.by_hand"))
        return Occasions(customer=nobody, day=never, named=dated(never), because=none, none=none)

    def when(self, rule: Rule) -> str:
        """Say "when it is given to them by hand"."""
        del rule
        return word("rewards.occasion.manual")
