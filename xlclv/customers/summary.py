"""One row per customer from an order log. Estimates: float."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xlclv.customers.dates import NEVER, UNKNOWN
from xlclv.customers.log import OrderLog, order_log
from xlclv.customers.status import NO_ORDER, status
from xlclv.errors import NotEnoughData
from xlclv.terms import (
    DAYS_PER_YEAR,
    BoolArray,
    DateArray,
    FloatArray,
    Frame,
    IntArray,
    TextArray,
    dates,
    numbers,
)
from xlclv.value.simple import clv
from xlclv.words import day


@dataclass(frozen=True, slots=True)
class Customers:
    """What the log says of each of k customers.

    Args:
        ids: Shape (k,).
        first: Day of the first order, NaT where all orders were cancelled, shape (k,).
        last: Day of the last order, NaT where all orders were cancelled, shape (k,).
        orders: Orders with a net amount above 0, shape (k,).
        revenue: Net money of all lines, shape (k,).
        gap: Usual days between two orders, above 0, shape (k,).
        as_of: The day.
    """

    ids: TextArray
    first: DateArray
    last: DateArray
    orders: FloatArray
    revenue: FloatArray
    gap: FloatArray
    as_of: np.datetime64

    @property
    def has_order(self) -> BoolArray:
        """Say who has an order that counts, shape (k,)."""
        return self.orders > 0

    @property
    def tenure(self) -> FloatArray:
        """Years since the first order, shape (k,); 0 without one."""
        days = (self.as_of - self.first).astype(float)
        return np.where(self.has_order, days, 0.0) / DAYS_PER_YEAR

    @property
    def avg_value(self) -> FloatArray:
        """Net revenue per order, not below 0, shape (k,); 0 without an order."""
        return np.maximum(self.revenue, 0) / np.maximum(self.orders, 1) * self.has_order

    @property
    def per_year(self) -> FloatArray:
        """Orders per year, shape (k,).

        Somebody who is a customer for less than a year is counted over a whole one: the first
        order of yesterday does not become 365 orders a year.
        """
        return self.orders / np.maximum(self.tenure, 1)


def customers_of(log: OrderLog) -> Customers:
    """Summarise a log, one row per customer."""
    size = log.ids.size
    first = np.full(size, NEVER)
    last = np.full(size, UNKNOWN)
    np.minimum.at(first, log.customer, log.day)
    np.maximum.at(last, log.customer, log.day)
    orders = log.per_customer()
    first[orders == 0] = UNKNOWN
    return Customers(
        log.ids,
        first.astype("datetime64[D]"),
        last.astype("datetime64[D]"),
        orders,
        log.spend(),
        usual_gap(first, last, orders),
        np.datetime64(log.as_of, "D"),
    )


def usual_gap(first: IntArray, last: IntArray, orders: FloatArray) -> FloatArray:
    """Return the usual days between two orders of each customer, shape (k,), above 0.

    The customer's own gaps are averaged with one typical gap, the median of all who ordered on
    more than one day. So somebody with one order gets the typical gap, two orders in a row do
    not make a daily buyer, and with many orders the own rhythm decides. A year, if nobody
    ordered twice.
    """
    again = (orders > 1) & (last > first)
    spans = np.where(again, last - first, 0).astype(float)
    typical = float(np.median(spans[again] / (orders[again] - 1))) if again.any() else DAYS_PER_YEAR
    own_gaps = np.where(again, orders - 1, 0)
    gaps: FloatArray = (spans + typical) / (own_gaps + 1)
    return gaps


def customer_table(
    customer_ids: TextArray,
    order_dates: DateArray,
    amounts: FloatArray,
    as_of: ArrayLike,
    margin: float = 1,
    horizon: float = 3,
) -> Frame:
    """One row per customer from an order log: orders, revenue, average order value, CLV and status.

    All purchases of one customer on one day are one order; refunds (negative amounts) lower
    revenue; orders after as_of do not count. Projected CLV is average value x orders per year
    x horizon x margin.

    Args:
        customer_ids: Customer of each order, shape (m,).
        order_dates: Day of each order, shape (m,).
        amounts: Net money of each order, refunds negative, shape (m,).
        as_of: The day for which the values hold.
        margin: Profit per money of revenue, -1 to 1.
        horizon: Years ahead that the projected CLV counts, >= 0.

    Returns:
        Columns customer_id, first_order, last_order, order_count, revenue, avg_value,
        orders_per_year, tenure (years), historic_clv, projected_clv, status; shape (k,), in
        the order in which the customers first appear.

    Raises:
        InputError: A value is outside the range above.
        NotEnoughData: No order lies before as_of.

    >>> table = customer_table(
    ...     ["a", "b", "a"], ["2025-01-01", "2025-03-01", "2026-01-01"], [50, 20, 70], "2026-01-01"
    ... )
    >>> table["order_count"], table["revenue"]
    (array([2., 1.]), array([120.,  20.]))
    """
    (today,) = dates(as_of=as_of)
    log = order_log(
        np.asarray(customer_ids, dtype=object), order_dates, np.asarray(amounts, float), today
    )
    if not log.ids.size:
        raise NotEnoughData("no_orders", as_of=day(today))
    share, years = numbers(margin=margin, horizon=horizon)
    return as_frame(customers_of(log), share, years)


def as_frame(customers: Customers, margin: FloatArray, horizon: FloatArray) -> Frame:
    """Return the columns of CLV_CUSTOMERS."""
    return {
        "customer_id": customers.ids,
        "first_order": customers.first,
        "last_order": customers.last,
        "order_count": customers.orders,
        "revenue": customers.revenue,
        "avg_value": customers.avg_value,
        "orders_per_year": customers.per_year,
        "tenure": customers.tenure,
        "historic_clv": customers.revenue * margin,
        "projected_clv": clv(customers.avg_value, customers.per_year, horizon, margin),
        "status": statuses(customers),
    }


def statuses(
    customers: Customers, at_risk: float = 1.5, passive: float = 3, lost: float = 6
) -> TextArray:
    """Return the status of each customer, shape (k,)."""
    result = np.full(customers.ids.size, NO_ORDER, dtype=object)
    has = customers.has_order
    result[has] = status(
        customers.last[has], customers.as_of, customers.gap[has], at_risk, passive, lost
    )
    return result
