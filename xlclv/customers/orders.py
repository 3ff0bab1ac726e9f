"""Single orders: what points, tiers and referrals go by. Money is exact: whole cents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from xlclv.customers.dates import NEVER
from xlclv.customers.lines import Lines, order_ids, signed_amounts
from xlclv.customers.log import OrderLog, strays
from xlclv.terms import BoolArray, DateArray, FloatArray, IntArray, TextArray

NO_ORDER = -1
CENTS = 100  # in one of money
MONEY_DECIMALS = 2
NOISE = 1e-4  # cents; what binary fractions leave of half a cent


@dataclass(frozen=True, eq=False)
class Orders:
    """Orders by customer, then day, then reference: n orders of m lines.

    Amounts count net of discounts and refunds; a refund that names its order lowers that order.
    Orders whose refunds eat them up are left out with all their lines.

    Args:
        customer: Position of the customer of each order, shape (n,).
        day: Day of each order, shape (n,).
        reference: Order id, or the day as 2026-01-31 where the table has none, shape (n,).
        line_order: Position of the order of each line, shape (m,); NO_ORDER for a refund that
            names no order.
        line_customer: Position of the customer of each line, shape (m,).
        line_day: Day of each line, shape (m,).
        line_cents: Net money of each line in cents, refunds negative, shape (m,).
        line_product: Product of each line, "" unknown, shape (m,).
        cancelled: Position of the customer and reference of each order left out because refunds
            ate it up, to the day of the last of these.
    """

    customer: IntArray
    day: DateArray
    reference: TextArray
    line_order: IntArray
    line_customer: IntArray
    line_day: DateArray
    line_cents: IntArray
    line_product: TextArray
    cancelled: Mapping[tuple[int, str], np.datetime64] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return the number of orders."""
        return int(self.customer.size)

    def of(self, customer: IntArray) -> "Orders":
        """Return the orders of some customers, numbered as in the list.

        Args:
            customer: Positions, rising, each once.
        """
        rows, lines = np.isin(self.customer, customer), np.isin(self.line_customer, customer)
        moved = np.append(np.cumsum(rows) - 1, NO_ORDER)
        number = {int(old): new for new, old in enumerate(customer)}
        cancelled = {
            (number[whose], reference): day
            for (whose, reference), day in self.cancelled.items()
            if whose in number
        }
        return Orders(
            customer=np.searchsorted(customer, self.customer[rows]),
            day=self.day[rows],
            reference=self.reference[rows],
            line_order=moved[self.line_order[lines]],
            line_customer=np.searchsorted(customer, self.line_customer[lines]),
            line_day=self.line_day[lines],
            line_cents=self.line_cents[lines],
            line_product=self.line_product[lines],
            cancelled=cancelled,
        )

    @cached_property
    def cents(self) -> IntArray:
        """Return the net money of each order in cents, shape (n,)."""
        return self.cents_of(np.ones(self.line_order.size, dtype=bool))

    def cents_of(self, lines: BoolArray) -> IntArray:
        """Return the net money of some lines of each order in cents, shape (n,)."""
        counted = lines & (self.line_order != NO_ORDER)
        total = np.bincount(self.line_order[counted], self.line_cents[counted], self.size)
        return np.rint(total).astype(np.int64)


def to_cents(amount: FloatArray) -> IntArray:
    """Round money to whole cents, half a cent away from 0.

    >>> to_cents(np.array([1.005, 0.29, -0.125]))
    array([101,  29, -13])
    """
    cents = np.floor(np.abs(amount) * CENTS + 0.5 + NOISE).astype(np.int64)
    return np.where(amount < 0, -cents, cents)


def single_orders(lines: Lines, log: OrderLog, *, with_tax: bool = False) -> Orders:
    """Return the single orders of a log; customers are numbered as in the log.

    Args:
        lines: The rows of the order table that count.
        log: The log made of them.
        with_tax: Tax counts as well.
    """
    table, counts = lines.table, lines.counts
    amount = signed_amounts(table)[counts]
    if with_tax:
        tax = np.abs(np.nan_to_num(table.values("tax")[counts]))
        amount = amount + np.where(amount < 0, -tax, tax)
    ids = order_ids(table)[counts] if table.has("order_id") else None
    numbers = log.numbers(lines.keys())
    reference = _references(log, ids)
    place = _sorted(log, reference)
    stray = strays(numbers, amount)
    kept = (log.line_order != NO_ORDER) | stray
    moved = np.append(place, NO_ORDER)[log.line_order[kept]]
    order = np.argsort(place)
    return Orders(
        customer=log.customer[order],
        day=log.day[order].astype("datetime64[D]"),
        reference=reference[order],
        line_order=moved,
        line_customer=log.line_customer[kept],
        line_day=log.line_day[kept].astype("datetime64[D]"),
        line_cents=to_cents(amount[kept]),
        line_product=table.values("product")[counts][kept],
        cancelled=_cancelled(log, amount, numbers, stray, ids),
    )


def _references(log: OrderLog, ids: TextArray | None) -> TextArray:
    """Return the id of each order of the log, its day where it has none."""
    days = log.day.astype("datetime64[D]").astype(str).astype(object)
    if ids is None:
        return days
    named = np.full(log.day.size, "", dtype=object)
    of_order = log.line_order != NO_ORDER
    named[log.line_order[of_order]] = ids[of_order]
    return np.where(named == "", days, named)


def _sorted(log: OrderLog, reference: TextArray) -> IntArray:
    """Return the place of each order by customer, day and reference, whatever the rows' order."""
    rank = np.unique(reference.astype(str), return_inverse=True)[1]
    place = np.empty(log.day.size, np.int64)
    place[np.lexsort((rank, log.day, log.customer))] = np.arange(log.day.size)
    return place


def _cancelled(
    log: OrderLog,
    amount: FloatArray,
    numbers: IntArray,
    stray: BoolArray,
    ids: TextArray | None,
) -> dict[tuple[int, str], np.datetime64]:
    """Return customer and reference of each purchase that is no order any more, and since when."""
    gone = (log.line_order == NO_ORDER) & ~stray
    if not gone.any():
        return {}
    frame = pd.DataFrame(
        {
            "key": numbers[gone],
            "customer": log.line_customer[gone],
            "day": np.where(amount[gone] >= 0, log.line_day[gone], NEVER),
            "last": log.line_day[gone],
            "id": "" if ids is None else ids[gone],
        }
    )
    # As in the log: the first line says whose the order is, its first purchase line the day.
    how = {"customer": "first", "day": "min", "last": "max", "id": "first"}
    found = frame.groupby("key").agg(how)
    days = found["day"].to_numpy().astype("datetime64[D]").astype(str)
    named = found["id"].to_numpy(dtype=object)
    references = np.where(named == "", days, named)
    since = found["last"].to_numpy().astype("datetime64[D]")
    return dict(zip(zip(found["customer"].tolist(), references, strict=True), since, strict=True))
