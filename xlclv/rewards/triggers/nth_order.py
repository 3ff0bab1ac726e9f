"""The n-th order of a customer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import NO_DAY
from xlclv.rewards import figures
from xlclv.rewards.conditions.fields import FIELDS
from xlclv.rewards.facts import Rows
from xlclv.rewards.figures import counted
from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.scene.hurdles import Hurdle, Why, each, has, reaches
from xlclv.rewards.scene.occasions import Occasions, OfOrders, amounts_of, iso, of_customers
from xlclv.rewards.scene.scene import NONE, Scene
from xlclv.rewards.sources import ORDERS
from xlclv.rewards.triggers.wording import window_text
from xlclv.terms import TERMS, DateArray, Term, TextArray
from xlclv.words import word

SO_FAR = FIELDS["orders_life"]


@dataclass(frozen=True, slots=True)
class NthOrder(Trigger):
    """The n-th order; when it was, only the orders can tell."""

    code = "Nth order"
    value = Term("", at_least=1, whole=True)
    needs_value = True
    window = TERMS["window_after"]
    per_order = False
    paid_for = PaidFor.ORDER
    decided_by_order = False
    tiers = TierRole.CUSTOMER

    def sources(self, rule: Rule) -> Sequence[str]:
        """Ask for the orders if days are counted from the n-th one."""
        return () if rule.window_after is None else (ORDERS,)

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        """Take whoever has an n-th order."""
        number = rule.trigger_value or 1
        hurdle = orders_hurdle(scene, number)
        order = scene.nth_order(number)
        day = np.append(scene.orders.day, NO_DAY)[order]
        passed = (order != NONE) | ((scene.first_order == NONE) & hurdle.passed)
        so_far = SO_FAR.take(scene.facts, scene.as_of)
        counted_so_far = has(SO_FAR.title, so_far, SO_FAR.written)

        def because(rows: Rows) -> TextArray:
            dated = each(day[rows], lambda one: _on(number, one))
            texts: TextArray = np.where(dated == "", counted_so_far(rows), dated)
            return texts

        found = Hurdle(hurdle.stage, passed, hurdle.why)
        return of_one_order(scene, found, day, order, because)

    def when(self, rule: Rule) -> str:
        """Say "for their order number 3"."""
        said = counted("rewards.occasion.nth_order", rule.trigger_value or 1)
        return said + window_text(rule.window_after)


def _on(number: int, day: np.datetime64) -> str:
    if np.isnat(day):
        return ""
    return word("rewards.granted.nth_order_on", number=number, day=figures.day(day))


def orders_hurdle(scene: Scene, number: int) -> Hurdle:
    """Return the hurdle whether customers have made so many orders, by the customer sheet."""
    return reaches(SO_FAR, number, scene.facts, scene.as_of)


def of_one_order(
    scene: Scene, hurdle: Hurdle, day: DateArray, order: Rows, because: Why
) -> Occasions:
    """Return an occasion of each customer who passes, for one of the customer's orders.

    Args:
        scene: The decision.
        hurdle: Whom it has happened to, of shape (n,).
        day: Day of that order, NaT unknown, shape (n,).
        order: Its position, NONE where the orders lack it, shape (n,).
        because: Why a customer gets the reward.
    """
    reference = np.append(scene.orders.reference, "")

    def named(rows: Rows) -> TextArray:
        texts: TextArray = np.where(order[rows] == NONE, iso(day[rows]), reference[order[rows]])
        return texts

    cents = amounts_of(order, scene.orders.cents)
    return of_customers(hurdle, day, because, named, OfOrders(order, cents, scene.rank))
