"""Every friend brought as an occasion: who is paid for, who still waits, and who is refused."""

from enum import IntEnum

import numpy as np

from xlclv.rewards import figures
from xlclv.rewards.engine.checks import Check, Stage, Why, excluded, one_by_one
from xlclv.rewards.engine.history import STRANGER
from xlclv.rewards.engine.occasions import Occasions, amounts_of
from xlclv.rewards.engine.purchases import enough, too_small
from xlclv.rewards.engine.scene import NONE, Scene
from xlclv.rewards.facts import Rows
from xlclv.rewards.rules.rule import POINTS_PER_MONEY, Rule
from xlclv.terms import BoolArray, DateArray, IntArray, TextArray
from xlclv.words import word


class Refusal(IntEnum):
    """Why a friend does not count, the first of these that holds."""

    COUNTS = 0
    HERSELF = 1
    OPT_IN = 2
    NOT_FOR = 3
    NO_ORDER = 4
    TOO_SMALL = 5
    OLDER = 6  # a customer before who is said to have brought her
    MUTUAL = 7


def referrals(scene: Scene, rule: Rule) -> Occasions:
    """Return all friends as occasions of those who brought them."""
    friend, customer = _pairs(scene)
    day = scene.first_day[friend]
    order = scene.first_order[friend]
    cents = amounts_of(order, scene.qualifying_cents(rule))
    refusal = _refusals(scene, rule, customer, friend, qualifies(rule, order, cents))
    ids = scene.facts.customer_id

    def written(row: np.intp) -> str:
        name, kind = ids[friend[row]], Refusal(refusal[row])
        if kind == Refusal.TOO_SMALL:
            return too_small(rule, word("rewards.reason.friend_order", friend=name), cents[row])
        return word(f"rewards.reason.friend_{kind.name.casefold()}", friend=name)

    def because(rows: Rows) -> TextArray:
        pairs = zip(ids[friend[rows]], day[rows], strict=True)
        texts = (word("rewards.granted.referral_on", friend=one, day=on) for one, on in pairs)
        return np.fromiter(texts, dtype=object, count=rows.size)

    trigger = Check(Stage.TRIGGER, refusal == Refusal.COUNTS, one_by_one(written))
    return Occasions(
        customer=customer,
        day=day,
        named=lambda rows: ids[friend[rows]],
        because=because,
        none=_none(scene),
        checks=(trigger, *_waiting(scene, rule, friend, day)),
        order=order,
        cents=cents,
        rank=scene.rank[customer],
        friend=friend,
        turn=scene.facts.id_rank[friend],
    )


def qualifies(rule: Rule, order: Rows, cents: IntArray) -> BoolArray:
    """Say which first orders are enough, shape of order; one that is not listed has no money."""
    asks = rule.min_order is not None or rule.products or rule.reward == POINTS_PER_MONEY
    unlisted = np.full(order.size, not asks)
    return np.where(order == NONE, unlisted, enough(rule, cents))


def _pairs(scene: Scene) -> tuple[Rows, Rows]:
    """Return friends and who brought them, by the latter, then day, then the friend's id."""
    brought = scene.history.referrer
    if brought is None:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    friend = np.flatnonzero(brought >= 0)
    customer = brought[friend].astype(np.intp)
    place = np.lexsort((scene.facts.id_rank[friend], scene.first_day[friend], customer))
    return friend[place], customer[place]


def _refusals(
    scene: Scene, rule: Rule, customer: Rows, friend: Rows, is_enough: BoolArray
) -> IntArray:
    """Return the refusal of each pair, shape (m,)."""
    facts, first = scene.facts, scene.first_day
    own, other = first[customer], first[friend]
    back = np.full(facts.size, NONE) if scene.history.referrer is None else scene.history.referrer
    unwanted = excluded(facts, rule.not_for) if rule.not_for else np.zeros(facts.size, dtype=bool)
    holds = {
        Refusal.HERSELF: customer == friend,
        Refusal.OPT_IN: ~facts.opt_in[friend],
        Refusal.NOT_FOR: unwanted[friend],
        Refusal.NO_ORDER: np.isnat(other),
        Refusal.TOO_SMALL: ~is_enough,
        Refusal.OLDER: np.isnat(own) | (other < own),
        Refusal.MUTUAL: (back[customer] == friend) & (other == own),
    }
    found = np.full(customer.size, Refusal.COUNTS, dtype=np.int64)
    for refusal in reversed(holds):
        found[holds[refusal]] = refusal
    return found


def _waiting(scene: Scene, rule: Rule, friend: Rows, day: DateArray) -> list[Check]:
    """Return the check that the friend's first order can no longer be returned."""
    if not rule.waiting_days:
        return []
    until = day + np.timedelta64(rule.waiting_days, "D")
    ids = scene.facts.customer_id

    def written(row: np.intp) -> str:
        day = figures.day(until[row])
        return word("rewards.reason.friend_waits", friend=ids[friend[row]], day=day)

    return [Check(Stage.WAITING, until <= scene.as_of, one_by_one(written))]


def _none(scene: Scene) -> Why:
    """Say of whoever brought nobody, and was perhaps brought by someone nobody knows."""
    brought = scene.history.referrer

    def written(row: np.intp) -> str:
        known = brought is None or brought[row] != STRANGER
        return word("rewards.reason.no_friend" if known else "rewards.reason.stranger")

    return one_by_one(written)
