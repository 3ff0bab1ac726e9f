"""What an order table says of each customer beside the money: costs, discounts, consent, names.

Every one of these columns may be there or not. Money beside an amount follows the amount: a refund
that states it gives it back, and an order that was refunded whole leaves nothing of it.
"""

from dataclasses import dataclass

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


def costs_of(lines: Lines, log: OrderLog) -> Costs | None:
    """Add up the costs of each customer of a log; None where no line has one."""
    cost = _column(lines, "cost")
    if cost is None:
        return None
    amount, size = log.line_amount, log.ids.size
    order, cancelled = _orders(lines, log)
    back, stated = amount < 0, ~np.isnan(cost)
    bought = ~back & (cost >= 0)
    if not bought.any():
        return None
    known = _any(log.line_customer, bought, size)[log.line_customer] | stated
    counted = bought | (back & np.where(strays(order, amount), known, _any(order, bought)[order]))
    given = np.where(stated & counted & ~cancelled, np.where(back, -np.abs(cost), cost), 0.0)
    is_order = log.line_order[bought & (log.line_order != MISSING)]
    customer = log.customer[np.unique(is_order)]
    return Costs(
        np.bincount(log.line_customer[counted], amount[counted], size).astype(float),
        np.bincount(log.line_customer, given, size).astype(float),
        np.bincount(customer, minlength=size).astype(float),
    )


def negative_costs(table: Table) -> BoolArray:
    """Say which purchases have a cost below 0, which is none that can be counted, shape (n,)."""
    found: BoolArray = (table.values("cost") < 0) & (table.values("amount_net") >= 0)
    return found & ~table.values("is_refund", default=False)


def discounts_of(lines: Lines, log: OrderLog) -> FloatArray | None:
    """Add up the discounts given to each customer, shape (k,); None where no line has one."""
    discount = _column(lines, "discount")
    if discount is None:
        return None
    _, cancelled = _orders(lines, log)
    size = np.abs(np.nan_to_num(discount))
    given = np.where(log.line_amount < 0, -size, size) * ~cancelled
    return np.bincount(log.line_customer, given, log.ids.size).astype(float)


def _column(lines: Lines, name: str) -> FloatArray | None:
    """Return a column of the lines that count, shape (m,); None where nothing stands in it."""
    if not lines.table.has(name):
        return None
    values: FloatArray = lines.table.values(name)[lines.counts]
    return values if (~np.isnan(values)).any() else None


def _orders(lines: Lines, log: OrderLog) -> tuple[IntArray, BoolArray]:
    """Return the order of each line, and which lines are of one that was refunded whole."""
    order = log.numbers(lines.keys())
    return order, (log.line_order == MISSING) & ~strays(order, log.line_amount)


def _any(code: IntArray, rows: BoolArray, size: int = 0) -> BoolArray:
    """Say which codes have such a row, shape (number of codes,)."""
    count = max(size, int(code.max(initial=MISSING)) + 1)
    found: BoolArray = np.bincount(code[rows], minlength=count) > 0
    return found


def latest(table: Table, name: str, ids: TextArray, as_of: np.datetime64) -> IntArray:
    """Return the row of the order table that says last what a column tells of each customer.

    Every order speaks, also one that does not count; not one after the day. Of yes and no on one
    day, no counts.

    Args:
        table: The order table.
        name: The column.
        ids: The customers, shape (k,).
        as_of: The day.

    Returns:
        Rows, MISSING where nothing is said, shape (k,).
    """
    found = np.full(ids.size, MISSING, np.int64)
    if not table.has(name):
        return found
    column, day = table.columns[name], table.values("order_date")
    rows = np.flatnonzero(~(column.blank | column.bad) & (day <= as_of))
    customer = pd.Index(ids).get_indexer(pd.Index(table.values("customer_id")[rows]))
    rows, customer = rows[customer >= 0], customer[customer >= 0]
    said = table.values(name)[rows]
    turn = ~said if said.dtype == bool else rows
    order = np.lexsort((turn, day[rows], customer))
    found[customer[order]] = rows[order]  # the last one stays
    return found
