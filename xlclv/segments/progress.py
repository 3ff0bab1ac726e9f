"""What a tier table measures, at any time: net spend in cents or orders, within its window.

- An order counts on its day, net of the refunds that name it, whenever they came.
- Amounts of one day count in the order in which the measure tells them.
"""

from functools import cached_property

import numpy as np

from xlclv.customers.orders import Orders
from xlclv.customers.windows import Window
from xlclv.segments.measures import OrderMeasure
from xlclv.terms import DateArray, IntArray

A_WINDOW = 367  # days; after so many every day has left every window


class Progress:
    """Sums of any customer on any day. Days are numbers since 1970-01-01.

    Args:
        orders: Single orders, n of them.
        measure: What is summed up, in its units.
        window: The time that counts.
    """

    def __init__(self, orders: Orders, measure: OrderMeasure, window: Window) -> None:
        self._window = window
        customer, dated, amount = measure.events(orders)
        day = _numbers(dated)
        self._base = int(day.min()) - 1 if day.size else 0
        self._span = int(day.max()) - self._base + A_WINDOW + 2 if day.size else 2
        keys = self.key(customer, day)
        # What calendars have to say is asked once per day, not once per customer.
        self._days = self._base + np.arange(self._span)
        opened = window.opened(_dates(self._days))
        # A lifetime begins before all days.
        self._opened = np.full(self._span, self._base) if opened is None else _numbers(opened)
        by_time = np.argsort(keys, kind="stable")
        self._keys = keys[by_time]
        self._totals = np.append(0, np.cumsum(amount[by_time]))
        self._customer, self._day = customer[by_time], day[by_time]
        place = np.empty(by_time.size, np.int64)
        place[by_time] = np.arange(by_time.size)
        self._order_place = place[by_time.size - orders.size :]
        self.order_keys: IntArray = self._keys[self._order_place]

    @cached_property
    def after_order(self) -> IntArray:
        """Return the measure right after each order, shape (n,)."""
        customer, day = self._customer[self._order_place], self._day[self._order_place]
        return self._totals[self._order_place + 1] - self._before_window(customer, day)

    def at_end(self, customer: IntArray, day: IntArray) -> IntArray:
        """Return the measure of customers at the end of days, shape of both."""
        return self._totals[self._events_to(customer, day)] - self._before_window(customer, day)

    def at_start(self, customer: IntArray, day: IntArray) -> IntArray:
        """Return the measure of customers on days, before anything happens on them."""
        events = self._events_to(customer, day - 1)
        return self._totals[events] - self._before_window(customer, day)

    def key(self, customer: IntArray, day: IntArray) -> IntArray:
        """Return numbers that sort by customer, then day."""
        return customer * self._span + self._offset(day)

    def _offset(self, day: IntArray) -> IntArray:
        """Return the place of days among all days; nothing happens before and after those."""
        return np.clip(day - self._base, 0, self._span - 1)

    @cached_property
    def turns(self) -> tuple[IntArray, IntArray]:
        """Return customer and day of all days on which a measure may change, in that order.

        They are the days on which something happens or leaves the window.
        """
        left = self._window.left(_dates(self._days))
        if left is None:
            return self._customer, self._day
        customer = np.concatenate([self._customer, self._customer])
        day = np.concatenate([self._day, _numbers(left)[self._offset(self._day)]])
        order = np.argsort(self.key(customer, day), kind="stable")
        return customer[order], day[order]

    def _events_to(self, customer: IntArray, day: IntArray) -> IntArray:
        return np.searchsorted(self._keys, self.key(customer, day), side="right")

    def _before_window(self, customer: IntArray, day: IntArray) -> IntArray:
        """Return the sum up to the last day that the window of each day leaves out."""
        return self._totals[self._events_to(customer, self._opened[self._offset(day)])]


def _numbers(day: DateArray) -> IntArray:
    return day.astype("datetime64[D]").astype(np.int64)


def _dates(day: IntArray) -> DateArray:
    return day.astype("datetime64[D]")
