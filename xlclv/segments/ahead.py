"""Looks ahead: the next order or day on which a tier can change, for any tier at any time."""

import numpy as np
from numpy.typing import NDArray

from xlclv.customers.dates import NEVER
from xlclv.segments.progress import Progress
from xlclv.terms import BoolArray, IntArray

Positions = NDArray[np.int32]


class Ahead:
    """Finds what comes next. Days are numbers since 1970-01-01; n orders, t tiers.

    Args:
        progress: What the tiers measure.
        customer: Customer of each order, shape (n,).
        day: Day of each order, shape (n,).
        enter: Measure from which each tier is reached, shape (t,).
        keep: Measure from which each tier is kept, shape (t,).
    """

    def __init__(
        self,
        progress: Progress,
        customer: IntArray,
        day: IntArray,
        enter: IntArray,
        keep: IntArray,
    ) -> None:
        self._progress = progress
        self._customer = np.append(customer, -1)
        after = progress.after_order
        reached = np.searchsorted(enter, after, side="right") - 1
        # One more at the end stands for "no order": it never comes and raises nobody.
        self.day = np.append(day, NEVER)
        self.reached = np.append(reached, -1)
        self._rises = _next([reached > rank for rank in range(-1, enter.size)])
        self._keeps = _next([after >= least for least in keep])
        turn_customer, self._turn_day = progress.turns
        self._turn_keys = progress.key(turn_customer, self._turn_day)
        self._turn_customer = np.append(turn_customer, -1)
        then = progress.at_end(turn_customer, self._turn_day)
        self._falls = _next([then < least for least in keep])

    def rise(self, customer: IntArray, rank: IntArray, start: IntArray) -> IntArray:
        """Return the next order, from a position on, that reaches a higher tier; n for none."""
        return self._own(customer, self._rises[rank + 1, start])

    def keep(self, customer: IntArray, rank: IntArray, start: IntArray) -> IntArray:
        """Return the next order, from a position on, that keeps a tier; n for none."""
        return self._own(customer, self._keeps[rank, start])

    def fall(self, customer: IntArray, rank: IntArray, day: IntArray) -> IntArray:
        """Return the first day after a day at whose end a tier would not be kept, or NEVER."""
        start = np.searchsorted(self._turn_keys, self._progress.key(customer, day), side="right")
        turn = self._falls[rank, start]
        own = self._turn_customer[turn] == customer
        return np.where(own, np.append(self._turn_day, NEVER)[turn], NEVER)

    def orders_to(self, customer: IntArray, day: IntArray) -> IntArray:
        """Return the position after the last order of customers up to days."""
        keys = self._progress.key(customer, day)
        return np.searchsorted(self._progress.order_keys, keys, side="right")

    def is_own(self, customer: IntArray, order: IntArray | Positions) -> BoolArray:
        """Say whether orders, n for none, are of the customers."""
        own: BoolArray = self._customer[order] == customer
        return own

    def _own(self, customer: IntArray, order: IntArray | Positions) -> IntArray:
        """Return the order where it is of the customer, else the position that means none."""
        own = self.is_own(customer, order)
        return np.where(own, order, self._customer.size - 1).astype(np.int64)


def _next(flags: list[BoolArray]) -> Positions:
    """Return, for each row of flags and each position, the next one that is set.

    Shape (rows, n + 1); n where there is none.
    """
    size = flags[0].size
    found = np.full((len(flags), size + 1), size, dtype=np.int32)
    places = np.arange(size, dtype=np.int32)
    for row, flag in zip(found, flags, strict=True):
        row[:size] = np.minimum.accumulate(np.where(flag, places, size)[::-1])[::-1]
    return found
