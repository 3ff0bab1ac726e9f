"""What is said of an award: why it is granted, until when it waits, and whether it pays."""

import numpy as np

from xlclv.customers.orders import CENTS, to_cents
from xlclv.rewards import figures
from xlclv.rewards.engine.decisions import Awards, Decision
from xlclv.rewards.facts import Facts, Rows
from xlclv.rewards.figures import counted
from xlclv.rewards.rule import Rule
from xlclv.rewards.rules.sentence import reward_text
from xlclv.rewards.scene.hurdles import Why
from xlclv.rewards.scene.occasions import Occasions
from xlclv.terms import BoolArray, IntArray, TextArray
from xlclv.words import word


def overpriced(facts: Facts, rule: Rule, customer: Rows, cost: IntArray) -> BoolArray:
    """Say which awards cost as much as the customer is worth, or more; as far as both are known."""
    worth = facts.number("net_clv")[customer]
    known = ~np.isnan(worth)
    return known & (cost >= to_cents(np.where(known, worth, 0.0))) & rule.cost_is_known


def award_reasons(facts: Facts, found: Occasions, awards: Awards) -> Why:
    """Return why awards (positions) are granted, with the warning of those that cost too much."""

    def why(rows: Rows) -> TextArray:
        texts = found.because(awards.occasion[rows])
        for place in np.flatnonzero(awards.warning[rows]):
            cost = figures.money(awards.cost_cents[rows[place]] / CENTS)
            worth = figures.money(facts.number("net_clv")[awards.customer[rows[place]]])
            texts[place] = word("rewards.reason.warning", why=texts[place], cost=cost, worth=worth)
        return texts

    return why


def points_text(points: int) -> str:
    """Say how many points: "120 points"."""
    return counted("rewards.reward.points", points)


def award_texts(one: Decision) -> TextArray:
    """Say what each award gives, the way a list shows it, shape (a,)."""
    if not one.rule.gives_points:
        return np.full(one.awards.size, reward_text(one.rule), dtype=object)
    return points_texts(one.awards.points)


def points_texts(points: IntArray) -> TextArray:
    """Say how many points, once per number, shape (a,)."""
    known, place = np.unique(points, return_inverse=True)
    texts = np.empty(known.size, dtype=object)
    texts[:] = [points_text(int(number)) for number in known]
    said: TextArray = texts[place]
    return said
