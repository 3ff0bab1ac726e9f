"""A birthday, with days before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import birthday_near, next_birthday
from xlclv.rewards import figures
from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import Hurdle, Stage, each, on_day
from xlclv.rewards.scene.occasions import Occasions, dated, of_customers
from xlclv.rewards.scene.scene import Scene
from xlclv.terms import Term
from xlclv.words import word

DAYS_OF_A_YEAR = Term("", at_least=0, at_most=365, whole=True)


@dataclass(frozen=True, slots=True)
class Birthday(Trigger):
    """A birthday; the trigger value is the days before it that count."""

    code = "Birthday"
    value = DAYS_OF_A_YEAR
    needs_value = False
    window = DAYS_OF_A_YEAR
    per_order = False
    paid_for = PaidFor.DAY
    decided_by_order = False
    tiers = TierRole.CUSTOMER

    def sources(self, rule: Rule) -> Sequence[str]:
        """Ask for nothing: whose birth date is missing has no birthday."""
        del rule
        return ()

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        """Take whoever has a birthday near the day."""
        today = np.asarray(scene.as_of, "datetime64[D]")
        born = scene.facts.birth_date
        day = birthday_near(born, today, rule.trigger_value or 0, self.lasts(rule))
        coming = next_birthday(born, today)
        unknown = word("rewards.reason.unknown", field=word("rewards.field.birth_date"))

        def written(birthday: np.datetime64) -> str:
            if np.isnat(birthday):
                return unknown
            on = figures.day(birthday)
            return word("rewards.reason.birthday", day=on, span=_span(rule))

        hurdle = Hurdle(Stage.TRIGGER, ~np.isnat(day), lambda rows: each(coming[rows], written))
        return of_customers(hurdle, day, on_day("birthday", day), dated(day))

    def when(self, rule: Rule) -> str:
        """Say around the birthday when the reward counts."""
        return word("rewards.occasion.birthday", span=_span(rule))

    def lasts(self, rule: Rule) -> int:
        """Return the days after it; unless the rule says otherwise only the birthday counts."""
        return rule.window_after or 0

    def how_often(self) -> str:
        """Say "once each time"."""
        return word("rewards.times.birthday")

    def expiry(self, rule: Rule) -> str:
        """Return the text: the days are counted from a birthday that is still to come."""
        return "expires_birthday" if rule.trigger_value else "expires"


def _span(rule: Rule) -> str:
    """Say around a birthday when the reward counts."""
    before, after = rule.trigger_value or 0, rule.window_after or 0
    form = f"{'before' if before else ''}{'after' if after else ''}" or "day"
    return word(f"rewards.birthday.{form}", before=before, after=after)
