"""Every order as an occasion: which qualify for a rule, and in which tier they were made."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlclv.customers.orders import CENTS
from xlclv.rewards import figures
from xlclv.rewards.facts import Rows, clean
from xlclv.rewards.figures import money, number
from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import Hurdle, Stage, one_by_one, same, short_of
from xlclv.rewards.scene.occasions import Occasions
from xlclv.rewards.scene.scene import NONE, Scene, running_count
from xlclv.rewards.sources import ORDERS
from xlclv.rewards.triggers.wording import window_text
from xlclv.segments.ladder import NO_TIER
from xlclv.terms import TERMS, BoolArray, IntArray, Term, TextArray
from xlclv.words import word

FOLLOWING = (1, 2, 3)  # multiples that show how a count goes on


@dataclass(frozen=True, slots=True)
class Order(Trigger):
    """Each order, or each k-th of those that qualify."""

    code = "Order"
    value = Term("", at_least=1, whole=True)
    needs_value = False
    window = TERMS["window_after"]
    per_order = True
    paid_for = PaidFor.ORDER
    decided_by_order = True
    tiers = TierRole.ORDER

    def sources(self, rule: Rule) -> Sequence[str]:
        """Ask for the orders."""
        del rule
        return (ORDERS,)

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        """Return all orders as occasions; the hurdles say which of them pay."""
        orders = scene.orders
        cents = scene.qualifying_cents(rule.products)
        trigger = _trigger_hurdle(scene, rule, cents)
        tiers = [_tier_hurdle(scene, rule)] if rule.only_tiers else []

        def because(rows: Rows) -> TextArray:
            pairs = zip(orders.reference[rows], orders.day[rows], strict=True)
            texts = (word("rewards.granted.order_on", order=ref, day=day) for ref, day in pairs)
            return np.fromiter(texts, dtype=object, count=rows.size)

        return Occasions(
            customer=orders.customer.astype(np.intp),
            day=orders.day,
            named=lambda rows: orders.reference[rows],
            because=because,
            none=same(word("rewards.reason.no_order")),
            hurdles=(*tiers, trigger),
            order=np.arange(orders.size, dtype=np.intp),
            cents=cents,
            rank=scene.rank_before,
            turn=np.arange(orders.size, dtype=np.intp),
        )

    def when(self, rule: Rule) -> str:
        """Say which orders grant the reward; Min order decides that here."""
        step = rule.trigger_value or 1
        form = "order" if step == 1 else "order_kth"
        facts = {f"number_{times}": number(times * step) for times in FOLLOWING}
        if rule.min_order is not None:
            form = f"{form}_from"
            facts["amount"] = money(rule.min_order)
        placed = "placed" if step == 1 else "if_placed"
        return word(f"rewards.occasion.{form}", **facts) + window_text(rule.window_after, placed)

    def waiting(self, rule: Rule) -> str:
        """Return the text: points are dated on the day of the order."""
        return "waiting_order" if rule.gives_points else "waiting"

    def expiry(self, rule: Rule) -> str:
        """Return the text: points are dated on the day of the order."""
        return "expires_order" if rule.gives_points else "expires"


def _trigger_hurdle(scene: Scene, rule: Rule, cents: IntArray) -> Hurdle:
    orders = scene.orders
    in_time = orders.day <= scene.as_of
    qualifies = in_time & rule.enough(cents)
    every = rule.trigger_value or 1
    number = _number_of(qualifies, orders.customer)
    early, late = _outside(scene, rule)

    def written(row: np.intp) -> str:
        order, on = orders.reference[row], figures.day(orders.day[row])
        if not in_time[row]:
            return word("rewards.reason.order_later", order=order, day=on)
        if early[row]:
            return word("rewards.reason.order_early", order=order, on=on, day=rule.valid_from)
        if late[row]:
            return word("rewards.reason.order_late", order=order, on=on, day=rule.valid_to)
        if qualifies[row]:
            return word("rewards.reason.not_kth", order=order, number=number[row], every=every)
        return too_small(rule, order, int(cents[row]))

    passed = qualifies & ~early & ~late & (number % every == 0)
    return Hurdle(Stage.TRIGGER, passed, one_by_one(written))


def _outside(scene: Scene, rule: Rule) -> tuple[BoolArray, BoolArray]:
    """Say which orders are from before the days of the rule, and which from after them."""
    day = scene.orders.day
    none = np.zeros(day.size, dtype=bool)
    early = none if rule.valid_from is None else day < rule.valid_from
    late = none if rule.valid_to is None else day > rule.valid_to
    return early, late


def too_small(rule: Rule, order: str, cents: int) -> str:
    """Say that an order is too small, or holds nothing of what the rule is for."""
    if cents <= 0:
        key = "no_product" if rule.products else "zero_order"
        return word(f"rewards.reason.{key}", order=order)
    title = word("rewards.reason.order", order=order)
    needed = word("rewards.needed.at_least", value=money(rule.min_order or 0))
    return short_of(title, money(cents / CENTS), needed)


def _number_of(qualifies: BoolArray, customer: IntArray) -> IntArray:
    """Return which of its customer's qualifying orders each one is, from 1; 0 for others."""
    number = np.zeros(customer.size, np.int64)
    number[qualifies] = running_count(customer[qualifies]) + 1
    return number


def _tier_hurdle(scene: Scene, rule: Rule) -> Hurdle:
    """Return the hurdle on the tier in which each order was made: the one before it."""
    orders, facts, names = scene.orders, scene.facts, scene.history.ladder.names
    if scene.history.standing is None:
        passed = facts.tier_labels.among(rule.only_tiers)[orders.customer]
    else:
        wanted = {clean(tier) for tier in rule.only_tiers}
        by_rank = np.array([clean(name) in wanted for name in names] + [False], dtype=bool)
        passed = by_rank[scene.rank_before]
    needed = figures.listed(rule.only_tiers, "or")
    nothing = TERMS["tier"].said(NO_TIER)

    def written(row: np.intp) -> str:
        if scene.history.standing is None:
            tier = str(facts.tier[orders.customer[row]])
        else:
            rank = int(scene.rank_before[row])
            tier = nothing if rank == NONE else names[rank]
        title = word("rewards.reason.tier_before", order=orders.reference[row])
        return short_of(title, tier or nothing, needed)

    return Hurdle(Stage.TIERS, passed, one_by_one(written))
