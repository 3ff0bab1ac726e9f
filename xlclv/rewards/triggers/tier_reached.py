"""A rise to a tier."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import NO_DAY
from xlclv.rewards import figures
from xlclv.rewards.facts import Rows
from xlclv.rewards.figures import listed
from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import Hurdle, Stage, each, has, other_tier
from xlclv.rewards.scene.occasions import Occasions, iso, of_customers
from xlclv.rewards.scene.scene import Scene
from xlclv.rewards.triggers.wording import window_text
from xlclv.terms import TERMS, DateArray, TextArray
from xlclv.words import word


@dataclass(frozen=True, slots=True)
class TierReached(Trigger):
    """The last rise to one of the tiers of the rule.

    A tier that was passed on the way up counts where its row says so. Where the day is not known
    the tier itself counts, once.
    """

    code = "Tier reached"
    value = None
    needs_value = False
    window = TERMS["window_after"]
    per_order = False
    paid_for = PaidFor.DAY
    decided_by_order = False
    tiers = TierRole.EVENT

    def sources(self, rule: Rule) -> Sequence[str]:
        """Ask for nothing: whatever the tiers measure, it is known or the tier is not."""
        del rule
        return ()

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        """Take whoever rose to one of the tiers, on the day of the last such rise."""
        facts, tiers = scene.facts, rule.tiers_to_reach
        day, reached = _risen(scene, tiers)
        unknown = np.isnat(day)
        why_not = other_tier(facts, tiers)

        def named(rows: Rows) -> TextArray:
            texts: TextArray = np.where(unknown[rows], reached[rows], iso(day[rows]))
            return texts

        def because(rows: Rows) -> TextArray:
            is_in = has(word("rewards.field.tier"), facts.tier)(rows)
            since = each(day[rows], _reached_on)
            return np.where(unknown[rows], is_in, since)

        def why(rows: Rows) -> TextArray:
            in_it = facts.tier_labels.among(tiers)[rows]
            return np.where(in_it, word("rewards.reason.not_risen"), why_not(rows))

        hurdle = Hurdle(Stage.TRIGGER, reached != "", why)
        return of_customers(hurdle, np.where(unknown, scene.as_of, day), because, named)

    def when(self, rule: Rule) -> str:
        """Say "for reaching Silver or Gold"."""
        tiers = listed(rule.tiers_to_reach, "or")
        return word("rewards.occasion.tier", tiers=tiers) + window_text(rule.window_after)


def _reached_on(day: np.datetime64) -> str:
    return word("rewards.granted.tier_on", day=figures.day(day))


def _risen(scene: Scene, tiers: tuple[str, ...]) -> tuple[DateArray, TextArray]:
    """Return the day of the last rise to one of the tiers, and the tier; NaT and "" if none."""
    facts, ladder, standing = scene.facts, scene.history.ladder, scene.history.standing
    day = np.full(facts.size, NO_DAY)
    reached = np.full(facts.size, "", dtype=object)
    if standing is None:
        here = facts.tier_labels.among(tiers)
        reached[here] = facts.tier[here]
        return day, reached
    meant = {tier.casefold() for tier in tiers}
    for rank, name in enumerate(ladder.names):
        if name.casefold() not in meant:
            continue
        rise = standing.entered[:, rank]
        # "Top only" asks for a rise that ended here.
        counts = standing.landed[:, rank] | ladder.each_passed[rank]
        undated = counts & np.isnat(rise) & (standing.rank >= rank)
        dated = counts & (rise <= scene.as_of)
        later = dated & (np.isnat(day) | (rise >= day))
        day[later] = rise[later]
        reached[later | (undated & np.isnat(day))] = name
    return day, reached
