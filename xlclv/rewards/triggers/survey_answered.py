"""An answer to a survey."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import on_day, same
from xlclv.rewards.scene.occasions import Occasions, dated
from xlclv.rewards.scene.scene import Scene
from xlclv.rewards.sources import FEEDBACK
from xlclv.rewards.triggers.wording import window_text
from xlclv.terms import TERMS
from xlclv.words import word


@dataclass(frozen=True, slots=True)
class SurveyAnswered(Trigger):
    """Each day on which a customer answers."""

    code = "Survey answered"
    value = None
    needs_value = False
    window = TERMS["window_after"]
    per_order = False
    paid_for = PaidFor.DAY
    decided_by_order = False
    tiers = TierRole.CUSTOMER

    def sources(self, rule: Rule) -> Sequence[str]:
        """Ask for the feedback."""
        del rule
        return (FEEDBACK,)

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        """Take each day on which a customer answered."""
        del rule
        answers = scene.history.surveys
        customer, day = np.empty(0, np.intp), np.empty(0, "datetime64[D]")
        if answers is not None:
            counted = (answers.customer >= 0) & (answers.day <= scene.as_of)
            customer, day = answers.customer[counted].astype(np.intp), answers.day[counted]
            place = np.lexsort((day, customer))
            customer, day = customer[place], day[place].astype("datetime64[D]")
            new = np.ones(customer.size, dtype=bool)
            new[1:] = (customer[1:] != customer[:-1]) | (day[1:] != day[:-1])
            customer, day = customer[new], day[new]
        return Occasions(
            customer=customer,
            day=day,
            named=dated(day),
            because=on_day("survey", day),
            none=same(word("rewards.reason.no_survey")),
        )

    def when(self, rule: Rule) -> str:
        """Say "for each day on which they answer a survey"."""
        return word("rewards.occasion.survey") + window_text(rule.window_after)
