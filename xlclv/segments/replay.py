"""Plays the orders of all customers through a tier table. The rules stand in `loyalty`.

Every customer has a next change: a rise by an order, or a review of the tier. Each step finds and
makes the next change of all customers at once, so there are as many steps as the customer with the
most changes has; orders and reviews that change nothing are passed over.
"""

from decimal import ROUND_CEILING, Decimal

import numpy as np
from numpy.typing import NDArray

from xlclv.customers.dates import NEVER, UNKNOWN
from xlclv.customers.orders import Orders
from xlclv.segments.ahead import Ahead
from xlclv.segments.ladder import Tiers
from xlclv.segments.measures import OrderMeasure
from xlclv.segments.progress import Progress
from xlclv.terms import BoolArray, FloatArray, IntArray

NONE = -1
Change = tuple[IntArray, IntArray, IntArray, IntArray]


class Replay:
    """The tiers of k customers while their orders are played. Days are numbers since 1970-01-01.

    Args:
        tiers: The tiers, t of them.
        measure: What they measure.
        orders: Single orders, n of them.
        rank: Tier of each customer before any order, shape (k,).

    Attributes:
        rank: Tier now, shape (k,).
        since: Day since which, UNKNOWN where it is not known, shape (k,).
        valid: Last day on which it is valid, NEVER without end, shape (k,).
        entered: Day of the last rise to each tier or past it, shape (k, t).
        landed: That rise ended there, shape (k, t).
        changes: Customers, days, ranks before and after, one entry per step.
    """

    def __init__(self, tiers: Tiers, measure: OrderMeasure, orders: Orders, rank: IntArray) -> None:
        self._tiers = tiers
        self._unit = measure.unit
        self._enter = _least(tiers.enter_at, self._unit)
        self._keep = _least(tiers.keep_at, self._unit)
        self._validity = tiers.validity
        day = orders.day.astype("datetime64[D]").astype(np.int64)
        self._progress = Progress(orders, measure, tiers.window)
        self._ahead = Ahead(self._progress, orders.customer, day, self._enter, self._keep)
        size = rank.size
        self._next = np.searchsorted(orders.customer, np.arange(size), side="left")
        self._seen = np.full(orders.size + 1, NONE - 1)
        buys = self._ahead.is_own(np.arange(size), self._next)
        self._seen[self._next[buys]] = rank[buys]
        self.rank = rank.copy()
        self.since = np.full(size, UNKNOWN)
        self.valid = np.full(size, NEVER)
        self.entered = np.full((size, tiers.size), UNKNOWN)
        self.landed = np.arange(tiers.size) == rank[:, None]
        self.changes: list[Change] = []

    def play(self, until: IntArray) -> None:
        """Play all that happens up to the end of a day of each customer, shape (k,)."""
        active = np.arange(self.rank.size)
        while active.size:
            active = self._step(active, until)

    def put(self, who: IntArray, day: IntArray, rank: IntArray) -> None:
        """Put customers in the tier that they are known to have had since a day, at its end."""
        tier = np.arange(self._tiers.size)
        before = self.entered[who], self.landed[who]
        self._change(who, day, rank, self._ahead.orders_to(who, day))
        is_it = tier == rank[:, None]
        # How a lower tier was passed is known only where an order did it.
        passed = (tier < rank[:, None]) & (before[0] != UNKNOWN)
        own_day = np.where(tier <= rank[:, None], day[:, None], UNKNOWN)
        self.entered[who] = np.where(passed, before[0], own_day)
        self.landed[who] = np.where(passed, before[1], is_it)

    def before_order(self) -> IntArray:
        """Return the tier of the customer right before each order, shape (n,)."""
        known = self._seen[:-1] >= NONE
        latest = np.maximum.accumulate(np.where(known, np.arange(known.size), 0))
        return self._seen[latest]

    def value(self, day: int) -> FloatArray:
        """Return what the tiers measure at the end of a day, shape (k,)."""
        everybody = np.arange(self.rank.size)
        return self._progress.at_end(everybody, np.full(everybody.size, day)) / self._unit

    def _step(self, who: IntArray, until: IntArray) -> IntArray:
        """Make the next change of customers; return those who may have another."""
        order = self._ahead.rise(who, self.rank[who], self._next[who])
        day, valid, end = self._ahead.day[order], self.valid[who], until[who]
        rises = (day <= valid) & (day <= end)
        due = ~rises & (valid <= end)
        self._rise(who[rises], order[rises])
        return np.concatenate([who[rises], self._review(who[due], until)])

    def _review(self, who: IntArray, until: IntArray) -> IntArray:
        """Review tiers on the last day of their validity."""
        rank, valid = self.rank[who], self.valid[who]
        kept = self._progress.at_end(who, valid) >= self._keep[rank]
        # No review before the measure falls short changes anything.
        short = self._ahead.fall(who[kept], rank[kept], valid[kept])
        self._renew(who[kept], np.minimum(short, until[who[kept]] + 1))
        return np.concatenate([who[kept], self._in_grace(who[~kept], until)])

    def _in_grace(self, who: IntArray, until: IntArray) -> IntArray:
        """See what comes first: an order that keeps the tier, or the end of grace."""
        rank, valid = self.rank[who], self.valid[who]
        last = valid + self._tiers.grace_days[rank]
        order = self._ahead.keep(who, rank, self._ahead.orders_to(who, valid))
        day = self._ahead.day[order]
        kept = day <= np.minimum(last, until[who])
        lost = ~kept & (last < until[who])
        # Where that order raises the customer as well, the next step sees to it.
        self._renew(who[kept], day[kept])
        self._lose(who[lost], last[lost] + 1)
        return who[kept | lost]

    def _rise(self, who: IntArray, order: IntArray) -> None:
        # The order itself is still made in the old tier.
        self._change(who, self._ahead.day[order], self._ahead.reached[order], order + 1)

    def _lose(self, who: IntArray, day: IntArray) -> None:
        """Apply "If not kept", at the beginning of a day."""
        rank = self.rank[who]
        keep = self._tiers.never_lost[rank]
        self._renew(who[keep], day[keep])
        earned = np.searchsorted(self._enter, self._progress.at_start(who, day), side="right") - 1
        to = self._tiers.falls_to(rank, earned)
        stays, falls = ~keep & (to == rank), ~keep & (to < rank)
        self.valid[who[stays]] = self._first_validity(day[stays], rank[stays])
        fallen = who[falls]
        self._change(fallen, day[falls], to[falls], self._ahead.orders_to(fallen, day[falls] - 1))

    def _renew(self, who: IntArray, until: IntArray) -> None:
        valid = _dates(self.valid[who])
        renewed = self._validity.renewed(valid, _dates(until), self.rank[who])
        self.valid[who] = renewed.astype(np.int64)

    def _first_validity(self, day: IntArray, rank: IntArray) -> IntArray:
        """Return the last day of a validity that begins on a day; NEVER where none ends."""
        endless = (rank == NONE) | (self._tiers.lowest_is_lasting & (rank == 0))
        last = self._validity.last_day(_dates(day), rank).astype(np.int64)
        return np.where(endless, NEVER, last)

    def _change(self, who: IntArray, day: IntArray, to: IntArray, next_order: IntArray) -> None:
        """Put customers in another tier, which holds from an order on."""
        before, to = self.rank[who], to.astype(np.int64)
        moved = before != to
        self.changes.append((who[moved], day[moved], before[moved], to[moved]))
        self._enter_tiers(who, day, before, to)
        self.rank[who], self.since[who] = to, day
        self.valid[who] = self._first_validity(day, to)
        self._next[who] = next_order
        own = self._ahead.is_own(who, next_order)
        self._seen[next_order[own]] = to[own]

    def _enter_tiers(self, who: IntArray, day: IntArray, before: IntArray, to: IntArray) -> None:
        tier = np.arange(self._tiers.size)
        above: BoolArray = tier > to[:, None]
        came = (tier > before[:, None]) & ~above
        entered = np.where(came, day[:, None], self.entered[who])
        landed = np.where(came, tier == to[:, None], self.landed[who])
        self.entered[who] = np.where(above, UNKNOWN, entered)
        self.landed[who] = landed & ~above


def _least(threshold: FloatArray, unit: int) -> IntArray:
    """Return the least whole number of units that reaches each threshold: 1.1 is 110 cents."""
    exact = (Decimal(repr(float(value))) * unit for value in threshold)
    whole = [int(value.to_integral_value(ROUND_CEILING)) for value in exact]
    return np.array(whole, dtype=np.int64)


def _dates(day: IntArray) -> NDArray[np.datetime64]:
    return day.astype("datetime64[D]")
