"""Every friend brought as an occasion: who is paid for, who still waits, and who is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from xlclv.rewards import figures
from xlclv.rewards.facts import Rows
from xlclv.rewards.known import STRANGER
from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import Hurdle, Stage, Why, excluded, one_by_one
from xlclv.rewards.scene.occasions import Occasions, amounts_of
from xlclv.rewards.scene.scene import NONE, Scene
from xlclv.rewards.sources import ORDERS, REFERRALS
from xlclv.rewards.triggers.order import too_small
from xlclv.rewards.triggers.wording import window_text
from xlclv.terms import TERMS, BoolArray, DateArray, IntArray, TextArray
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


@dataclass(frozen=True, slots=True)
class Referral(Trigger):
    """A friend brought, once the friend has ordered."""

    code = "Referral"
    value = None
    needs_value = False
    window = TERMS["window_after"]
    per_order = False
    paid_for = PaidFor.FRIEND
    decided_by_order = True
    tiers = TierRole.CUSTOMER

    def sources(self, rule: Rule) -> Sequence[str]:
        """Ask who referred whom, and for orders if the friend's must be large enough."""
        asks = rule.min_order is not None or rule.products
        return (REFERRALS, ORDERS) if asks else (REFERRALS,)

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        """Return all friends as occasions of those who brought them."""
        friend, customer = _pairs(scene)
        day = scene.first_day[friend]
        order = scene.first_order[friend]
        cents = amounts_of(order, scene.qualifying_cents(rule.products))
        refusal = _refusals(scene, rule, customer, friend, rule.first_enough(order, cents))
        ids = scene.facts.customer_id

        def written(row: np.intp) -> str:
            name, kind = ids[friend[row]], Refusal(refusal[row])
            if kind == Refusal.TOO_SMALL:
                text = word("rewards.reason.friend_order", friend=name)
                return too_small(rule, text, cents[row])
            return word(f"rewards.reason.friend_{kind.name.casefold()}", friend=name)

        def because(rows: Rows) -> TextArray:
            pairs = zip(ids[friend[rows]], day[rows], strict=True)
            texts = (word("rewards.granted.referral_on", friend=one, day=on) for one, on in pairs)
            return np.fromiter(texts, dtype=object, count=rows.size)

        trigger = Hurdle(Stage.TRIGGER, refusal == Refusal.COUNTS, one_by_one(written))
        return Occasions(
            customer=customer,
            day=day,
            named=lambda rows: ids[friend[rows]],
            because=because,
            none=_none(scene),
            hurdles=(trigger, *_waiting(scene, rule, friend, day)),
            order=order,
            cents=cents,
            rank=scene.rank[customer],
            friend=friend,
            turn=scene.facts.id_rank[friend],
        )

    def when(self, rule: Rule) -> str:
        """Say "for each friend", and from which first order on."""
        key = "rewards.occasion.referral"
        if rule.min_order is None:
            said = word(key)
        else:
            said = word(f"{key}_from", amount=figures.money(rule.min_order))
        return said + window_text(rule.window_after)

    def waiting(self, rule: Rule) -> str:
        """Return the text: the reward is granted when the friend can return nothing any more."""
        return "waiting_friend" if rule.friend_reward is None else "waiting_both"


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


def _waiting(scene: Scene, rule: Rule, friend: Rows, day: DateArray) -> list[Hurdle]:
    """Return the hurdle that the friend's first order can no longer be returned."""
    if not rule.waiting_days:
        return []
    until = day + np.timedelta64(rule.waiting_days, "D")
    ids = scene.facts.customer_id

    def written(row: np.intp) -> str:
        day = figures.day(until[row])
        return word("rewards.reason.friend_waits", friend=ids[friend[row]], day=day)

    return [Hurdle(Stage.WAITING, until <= scene.as_of, one_by_one(written))]


def _none(scene: Scene) -> Why:
    """Say of whoever brought nobody, and was perhaps brought by someone nobody knows."""
    brought = scene.history.referrer

    def written(row: np.intp) -> str:
        known = brought is None or brought[row] != STRANGER
        return word("rewards.reason.no_friend" if known else "rewards.reason.stranger")

    return one_by_one(written)
