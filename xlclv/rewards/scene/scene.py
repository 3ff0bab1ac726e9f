"""What a decision goes by besides the rules, put together once for all of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xlclv.customers.dates import NO_DAY
from xlclv.customers.orders import Orders
from xlclv.rewards.facts import Facts, Rows, clean
from xlclv.rewards.scene.history import History, Policy
from xlclv.terms import BoolArray, DateArray, IntArray, TextArray

NONE = -1


@dataclass(frozen=True, eq=False)
class Scene:
    """Facts, history and settings of one decision; n customers, o orders.

    Args:
        facts: What is known of the customers on the day.
        history: What happened before.
        policy: What the settings say.
        as_of: The day.
    """

    facts: Facts
    history: History
    policy: Policy
    as_of: np.datetime64

    @cached_property
    def orders(self) -> Orders:
        """Return the single orders; none where they are not known."""
        none = np.empty(0, np.int64)
        no_day, no_text = np.empty(0, "datetime64[D]"), np.empty(0, dtype=object)
        nothing = Orders(none, no_day, no_text, none, none, no_day, none, no_text)
        return nothing if self.history.orders is None else self.history.orders

    @cached_property
    def order_number(self) -> IntArray:
        """Return which order of its customer each order is, from 1, shape (o,)."""
        return running_count(self.orders.customer) + 1

    @cached_property
    def first_order(self) -> Rows:
        """Return the position of each customer's first order, NONE without one, shape (n,)."""
        return self.nth_order(1)

    def nth_order(self, number: int) -> Rows:
        """Return the position of an order of each customer, NONE without it, shape (n,)."""
        found = np.full(self.facts.size, NONE, dtype=np.intp)
        at = np.flatnonzero((self.order_number == number) & (self.orders.day <= self.as_of))
        found[self.orders.customer[at]] = at
        return found

    @cached_property
    def first_day(self) -> DateArray:
        """Return the day of each customer's first order, NaT unknown, shape (n,)."""
        days = np.append(self.orders.day, NO_DAY)[self.first_order]
        given = np.where(self.facts.first_order > self.as_of, NO_DAY, self.facts.first_order)
        return np.where(self.first_order == NONE, given, days)

    @cached_property
    def rank(self) -> IntArray:
        """Return the rank of each customer's tier on the day, NONE without one, shape (n,)."""
        by_name = {clean(name): rank for rank, name in enumerate(self.history.ladder.names)}
        labels = self.facts.tier_labels
        ranks = [by_name.get(next(iter(part)), NONE) for part in labels.parts]
        return np.array(ranks, np.int64)[labels.codes]

    @cached_property
    def rank_before(self) -> IntArray:
        """Return the rank right before each order; on the day where that is not known, (o,)."""
        standing = self.history.standing
        if standing is None:
            return self.rank[self.orders.customer]
        return standing.before_order.astype(np.int64)

    def qualifying_lines(self, products: tuple[str, ...]) -> BoolArray:
        """Say which lines of orders count where these products do, shape of the lines.

        Args:
            products: As a rule names them, with + in front of those that count and - of those
                that do not; none: all lines count.
        """
        product = self.orders.line_product
        if not products:
            return np.ones(product.size, dtype=bool)
        codes, names = self._products
        wanted, unwanted = (_named(products, sign) for sign in "+-")
        allowed = [not wanted or name in wanted for name in names]
        kept = [good and name not in unwanted for good, name in zip(allowed, names, strict=True)]
        return np.array(kept, dtype=bool)[codes]

    def qualifying_cents(self, products: tuple[str, ...]) -> IntArray:
        """Return the money of each order that counts for these products, in cents, shape (o,)."""
        if not products:
            return self.orders.cents
        return self.orders.cents_of(self.qualifying_lines(products))

    @cached_property
    def _products(self) -> tuple[Rows, list[str]]:
        """Return the number of each line's product, and the products in small letters."""
        known: dict[str, int] = {}
        product: TextArray = self.orders.line_product
        codes = np.fromiter((known.setdefault(text, len(known)) for text in product), np.intp)
        return codes, [clean(str(text)) for text in known]


def _named(products: tuple[str, ...], sign: str) -> set[str]:
    """Return the products named with a sign; a prefix such as "sku:" says nothing more."""
    return {clean(entry[1:].rpartition(":")[2]) for entry in products if entry[0] == sign}


def running_count(group: IntArray | Rows) -> IntArray:
    """Return how many neighbours of the same number come before each one, shape (m,).

    >>> running_count(np.array([4, 4, 7, 7, 7])).tolist()
    [0, 1, 0, 1, 2]
    """
    return running_sum(np.ones(group.size, np.int64), group) - 1


def running_sum(number: IntArray, group: IntArray | Rows) -> IntArray:
    """Return the sum of numbers >= 0 up to each one within its group; equal groups are neighbours.

    >>> running_sum(np.array([5, 1, 2, 2]), np.array([4, 4, 7, 7])).tolist()
    [5, 6, 2, 4]
    """
    running = np.cumsum(number)
    starts = np.ones(group.size, dtype=bool)
    starts[1:] = group[1:] != group[:-1]
    return running - np.maximum.accumulate(np.where(starts, running - number, 0))
