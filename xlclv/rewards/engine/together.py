"""Which rewards of one customer go together, decided in the order in which rules are served."""

from collections.abc import Sequence

import numpy as np

from xlclv.rewards.facts import Rows, clean
from xlclv.rewards.rule import Rule, Together
from xlclv.rewards.scene.hurdles import Hurdle, Stage, each
from xlclv.rewards.scene.scene import NONE
from xlclv.terms import BoolArray, TextArray
from xlclv.words import word

ALL_RULES = ""  # the group of a rule that names none


class Group:
    """What has been granted within one group.

    Each array has shape (n,) and holds the place of the rule that came first, or NONE.
    """

    def __init__(self, size: int) -> None:
        self.anything, self.best, self.only = np.full((3, size), NONE, dtype=np.int32)


class Rivals:
    """Keeps what has been granted and says what stands in the way of the next rule.

    Within a group, the first "Best of group" shuts out the others of that kind, an "Only this"
    neither follows nor is followed by another reward of its group (of all rules if it names
    none), and a "Stack" is granted beside the others.

    What competes are the rewards of one customer, or of one order: see `size`.

    Args:
        rules: Those that compete, in the order in which they are served.
        size: Number of customers, or of orders.
    """

    def __init__(self, rules: Sequence[Rule], size: int) -> None:
        self._rules = rules
        self._places = {rule.rule_id: place for place, rule in enumerate(rules)}
        names = {ALL_RULES, *(clean(rule.group) for rule in rules)}
        self._groups = {name: Group(size) for name in names}

    def hurdle(self, rule: Rule) -> Hurdle:
        """Return the hurdle whether the other rewards leave room for a rule."""
        own, everything = self._groups[clean(rule.group)], self._groups[ALL_RULES]
        rival = np.full(everything.anything.shape, NONE, dtype=np.int32)
        if rule.together is Together.BEST_OF_GROUP:
            rival = own.best
        elif rule.together is Together.ONLY_THIS:
            rival = own.anything
        for only in (own.only, everything.only):
            rival = np.where(only != NONE, only, rival)

        def why(rows: Rows) -> TextArray:
            return each(rival[rows], lambda other: self._reason(rule, int(other)))

        return Hurdle(Stage.GROUP, rival == NONE, why)

    def grant(self, rule: Rule, to: BoolArray) -> None:
        """Note who gets, or has, the reward of a rule, shape (n,)."""
        own, everything = self._groups[clean(rule.group)], self._groups[ALL_RULES]
        noted = [own.anything, everything.anything]
        if rule.together is Together.BEST_OF_GROUP:
            noted.append(own.best)
        elif rule.together is Together.ONLY_THIS:
            noted.append(own.only)
        for first in noted:
            first[to & (first == NONE)] = self._places[rule.rule_id]

    def _reason(self, rule: Rule, place: int) -> str:
        other = self._rules[place]
        if other.together is Together.ONLY_THIS:
            return word("rewards.reason.other_is_alone", rule=other.rule_id)
        form = "alone" if rule.together is Together.ONLY_THIS else "better"
        return word(f"rewards.reason.{form}", rule=other.rule_id)
