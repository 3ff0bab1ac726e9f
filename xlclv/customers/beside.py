"""What an order table says of each customer beside the money: costs, discounts, consent, names.

Every one of these columns may be there or not. Money beside an amount follows the amount: a refund
that states it gives it back, and an order that was refunded whole leaves nothing of it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xlclv.customers.lines import Lines
from xlclv.customers.log import OrderLog, strays
from xlclv.tables import Table
from xlclv.terms import BoolArray, FloatArray, IntArray, TextArray

MISSING = -1
A_CENT = 0.01


@dataclass(frozen=True, slots=True)
class Costs:
    """What the goods of each customer cost, as far as the orders tell; shape (k,) each.

    Goods whose cost is blank count for nothing here: neither their amount nor a cost of 0. A
    refund without a cost is money given back while the goods stay with the customer, so it lowers
    the amount and not the cost.

    Args:
        revenue: Net money of the lines whose cost is known.
        cost: Their cost.
        orders: Orders with a cost.
    """

    revenue: FloatArray
    cost: FloatArray
    orders: FloatArray

    @property
    def margin(self) -> FloatArray:
        """Return profit per money of revenue, NaN where no cost or no revenue is, shape (k,)."""
        known = (self.orders > 0) & (self.revenue >= A_CENT)
        earned = np.where(known, self.revenue - self.cost, np.nan)
        return earned / np.where(known, self.revenue, 1.0)

    def profit(self, revenue: FloatArray, margin: FloatArray) -> FloatArray:
        """Return what is left of revenue: to the cent where costs are known, else the margin.

        Args:
            revenue: Net money of each customer, shape (k,).
            margin: Profit per money of the revenue whose cost is not known, shape (k,).
        """
        return (self.revenue - self.cost) + (revenue - self.revenue) * margin


@dataclass(frozen=True)
class Beside:
    """What stands beside the amounts of a log.

    Args:
        lines: The rows of the order table that count.
        log: The log made of them.
    """

    lines: Lines
    log: OrderLog

    def costs(self) -> Costs | None:
        """Add up the costs of each customer; None where no line has one."""
        cost = self._column("cost")
        if cost is None:
            return None
        log, order = self.log, self._order
        amount, size = log.line_amount, log.ids.size
        back, stated = amount < 0, ~np.isnan(cost)
        bought = ~back & (cost >= 0)
        if not bought.any():
            return None
        known = _any(log.line_customer, bought, size)[log.line_customer] | stated
        of_known = np.where(strays(order, amount), known, _any(order, bought)[order])
        counted = bought | (back & of_known)
        signed = np.where(back, -np.abs(cost), cost)
        given = np.where(stated & counted & ~self._cancelled, signed, 0.0)
        is_order = log.line_order[bought & (log.line_order != MISSING)]
        customer = log.customer[np.unique(is_order)]
        return Costs(
            np.bincount(log.line_customer[counted], amount[counted], size).astype(float),
            np.bincount(log.line_customer, given, size).astype(float),
            np.bincount(customer, minlength=size).astype(float),
        )

    def discounts(self) -> FloatArray | None:
        """Add up the discounts given to each customer, shape (k,); None where no line has one."""
        discount = self._column("discount")
        if discount is None:
            return None
        size = np.abs(np.nan_to_num(discount))
        given = np.where(self.log.line_amount < 0, -size, size) * ~self._cancelled
        return np.bincount(self.log.line_customer, given, self.log.ids.size).astype(float)

    def _column(self, name: str) -> FloatArray | None:
        """Return a column of the lines that count, shape (m,); None where nothing stands in it."""
        table = self.lines.table
        if not table.has(name):
            return None
        values: FloatArray = table.values(name)[self.lines.counts]
        return None if np.isnan(values).all() else values

    @cached_property
    def _order(self) -> IntArray:
        """Return the order of each line, shape (m,)."""
        return self.log.numbers(self.lines.keys())

    @cached_property
    def _cancelled(self) -> BoolArray:
        """Say which lines are of an order that was refunded whole, shape (m,)."""
        whole: BoolArray = self.log.line_order == MISSING
        return whole & ~strays(self._order, self.log.line_amount)


def negative_costs(table: Table) -> BoolArray:
    """Say which purchases have a cost below 0, which is none that can be counted, shape (n,)."""
    found: BoolArray = (table.values("cost") < 0) & (table.values("amount_net") >= 0)
    return found & ~table.values("is_refund", default=False)


def _any(code: IntArray, rows: BoolArray, size: int = 0) -> BoolArray:
    """Say which codes have such a row, shape (number of codes,)."""
    count = max(size, int(code.max(initial=MISSING)) + 1)
    found: BoolArray = np.bincount(code[rows], minlength=count) > 0
    return found


def positions(table: Table, ids: TextArray) -> IntArray:
    """Return the position of the customer of each row of an order table, MISSING for a stranger."""
    return pd.Index(ids).get_indexer(pd.Index(table.values("customer_id"))).astype(np.int64)


def latest(
    table: Table, name: str, customer: IntArray, size: int, as_of: np.datetime64
) -> IntArray:
    """Return the row of the order table that says last what a column tells of each customer.

    Every order speaks, also one that does not count; not one after the day. Of yes and no on one
    day, no counts.

    Args:
        table: The order table.
        name: The column.
        customer: The customer of each row, as of `positions`, shape (n,).
        size: How many customers there are, k.
        as_of: The day.

    Returns:
        Rows, MISSING where nothing is said, shape (k,).
    """
    found = np.full(size, MISSING, np.int64)
    column, day = table.columns[name], table.values("order_date")
    speaks = ~(column.blank | column.bad) & (day <= as_of) & (customer != MISSING)
    rows = np.flatnonzero(speaks)
    said = table.values(name)[rows]
    turn = ~said if said.dtype == bool else rows
    order = np.lexsort((turn, day[rows], customer[rows]))
    found[customer[rows][order]] = rows[order]  # the last one stays
    return found
