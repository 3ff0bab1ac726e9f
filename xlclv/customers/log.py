"""The order log, cleaned: which lines count, and which of them make one order.

Rules, also stated in docs/reference/reading.md:
- A line of a negative amount is a refund. It lowers revenue and is never an order.
- Lines of one customer that share an order id are one order, dated by its first purchase line; a
  refund that names the order it belongs to is netted against it. Without order ids, all purchases
  of one customer on one day are one order.
- An order whose refunds eat up all of it was cancelled: no order. An order of 0 without a refund
  (a free item, a coupon over the whole amount) is one, as the published CDNOW counts have it.
- Lines after `as_of` do not count.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from xlclv.customers.dates import NEVER
from xlclv.terms import BoolArray, DateArray, FloatArray, IntArray, TextArray

NO_KEY = -1


@dataclass(frozen=True, slots=True)
class OrderLog:
    """Lines and orders up to a day. k customers, m lines, n orders.

    Args:
        ids: The customers, in the order of their first line, shape (k,).
        line_customer: Position of the customer of each line in `ids`, shape (m,).
        line_day: Day of each line, days since 1970-01-01, shape (m,).
        line_amount: Net money of each line, refunds negative, shape (m,).
        line_order: Order of each line; -1 where it belongs to none, shape (m,).
        customer: Position of the customer of each order, shape (n,).
        day: Day of each order, shape (n,).
        amount: Net money of each order, shape (n,).
        as_of: The day, days since 1970-01-01.
    """

    ids: TextArray
    line_customer: IntArray
    line_day: IntArray
    line_amount: FloatArray
    line_order: IntArray
    customer: IntArray
    day: IntArray
    amount: FloatArray
    as_of: int

    def numbers(self, keys: IntArray | None) -> IntArray:
        """Number the orders of all lines from 0, also those that are none any more, shape (m,).

        Args:
            keys: As of `order_log`, of these lines.
        """
        return pd.factorize(order_keys(self.line_customer, self.line_day, keys))[0].astype(np.int64)

    def per_customer(self, of_orders: FloatArray | None = None) -> FloatArray:
        """Sum a number per order for each customer, shape (k,); without one, count orders."""
        return np.bincount(self.customer, of_orders, self.ids.size).astype(float)

    def spend(self, since: int | None = None) -> FloatArray:
        """Return net money per customer from lines after the day `since`, shape (k,)."""
        amounts = self.line_amount if since is None else self.line_amount * (self.line_day > since)
        return np.bincount(self.line_customer, amounts, self.ids.size).astype(float)


def order_log(
    customer_ids: TextArray,
    days: ArrayLike,
    amounts: FloatArray,
    as_of: np.datetime64 | DateArray,
    keys: IntArray | None = None,
) -> OrderLog:
    """Make a log of lines.

    Args:
        customer_ids: Customer of each line, shape (m,).
        days: Day of each line, shape (m,).
        amounts: Net money of each line, refunds negative, shape (m,).
        as_of: Last day that counts.
        keys: A number that the lines of one order share, shape (m,); NO_KEY where unknown. A
            refund carries that of the order it belongs to.

    Returns:
        The log; lines after `as_of` are left out.
    """
    day = np.asarray(days, dtype="datetime64[D]").astype(np.int64)
    last_day = int(as_of.astype("datetime64[D]").astype(np.int64))
    counted = day <= last_day
    day, amount = day[counted], np.asarray(amounts, float)[counted]
    codes, ids = pd.factorize(np.asarray(customer_ids, dtype=object)[counted])
    customer = codes.astype(np.int64)
    numbers = order_keys(customer, day, None if keys is None else keys[counted])
    line_order, orders = _orders(customer, day, amount, numbers)
    return OrderLog(
        np.asarray(ids, dtype=object), customer, day, amount, line_order, *orders, last_day
    )


def order_keys(customer: IntArray, day: IntArray, keys: IntArray | None) -> IntArray:
    """Number lines so that those of one order have one number, shape of the lines.

    Lines without a key belong to the order of their customer and day.
    """
    if not customer.size:
        return customer
    start = int(day.min())
    by_day = customer * (int(day.max()) - start + 1) + (day - start)
    if keys is None:
        return by_day
    return np.where(keys != NO_KEY, keys, int(keys.max()) + 1 + by_day)


def strays(order: IntArray, amount: FloatArray) -> BoolArray:
    """Say which lines are refunds that belong to no purchase, shape (m,).

    Args:
        order: The order of each line, numbered from 0, shape (m,).
        amount: Net money of each line, shape (m,).
    """
    bought = np.bincount(order, amount >= 0) > 0
    alone: BoolArray = ~bought[order]
    return alone


def _orders(
    customer: IntArray, day: IntArray, amount: FloatArray, keys: IntArray
) -> tuple[IntArray, tuple[IntArray, IntArray, FloatArray]]:
    """Put lines together to orders; an order needs a purchase that is not refunded whole."""
    if not keys.size:
        return keys, (customer, day, amount)
    order = pd.factorize(keys)[0].astype(np.int64)
    count = int(order.max()) + 1
    net: FloatArray = np.bincount(order, amount, count).astype(float)
    bought = amount >= 0
    refunded = np.bincount(order, ~bought, count) > 0
    first_day = np.full(count, NEVER)
    np.minimum.at(first_day, order[bought], day[bought])
    owner = np.zeros(count, np.int64)
    owner[order[::-1]] = customer[::-1]  # the first line of an order says whose it is
    is_order = (first_day < NEVER) & (~refunded | (net > _dust(order, amount, count)))
    renumbered: IntArray = np.where(is_order, np.cumsum(is_order) - 1, -1)
    return renumbered[order], (owner[is_order], first_day[is_order], net[is_order])


def _dust(order: IntArray, amount: FloatArray, count: int) -> FloatArray:
    """Return what rounding can leave of a sum that is 0: 0.1 + 0.2 - 0.3 is no order."""
    return np.bincount(order, np.abs(amount), count).astype(float) * 1e-12


def repeated(columns: list[TextArray]) -> BoolArray:
    """Say which rows equal an earlier row in every column, shape (n,)."""
    frame = pd.DataFrame(dict(enumerate(columns)))
    return frame.duplicated(keep="first").to_numpy()
