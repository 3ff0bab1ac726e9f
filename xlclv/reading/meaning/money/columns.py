"""Columns of money put so that they can be added up: what belongs to an order stands once."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from xlclv.reading.meaning.cells import Cells
from xlclv.reading.meaning.roles import Roles
from xlclv.terms import BoolArray, FloatArray, IntArray

Scope = Literal["line", "order"]
Pattern = Literal["first", "constant", "varied", "single"]
NEARLY: Final = 0.95  # of the orders of several lines
_SAME: Final = 1e-9
# Columns whose header says that they are the order's, and those that can only be a line's.
_OF_ORDER: Final = frozenset(("order_total", "subtotal", "refund_amount", "shipping", "tip"))
_OF_LINE: Final = frozenset(
    ("unit_price", "unit_price_gross", "price", "qty", "line_total", "unit_cost", "list_price")
)


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows by order.

    Args:
        codes: The order of each row, shape (n,).
        count: How many orders there are.
        live: Rows that count for anything, shape (n,).
        numbered: The table has order numbers.
        same_time: Orders whose lines agree in the time of day, shape (count,).
    """

    codes: IntArray
    count: int
    live: BoolArray
    numbered: bool
    same_time: BoolArray

    def sums(self, values: FloatArray) -> FloatArray:
        """Add up a column for each order, shape (count,)."""
        return np.bincount(self.codes[self.live], values[self.live], self.count).astype(float)

    def any(self, rows: BoolArray) -> BoolArray:
        """Say which orders have such a row, shape (count,)."""
        found: BoolArray = np.bincount(self.codes[rows & self.live], minlength=self.count) > 0
        return found

    @property
    def lines(self) -> IntArray:
        """Return how many rows each order has, shape (count,)."""
        return np.bincount(self.codes[self.live], minlength=self.count).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Money:
    """A column of money or of a quantity.

    Args:
        at: Its position (from 0).
        role: What it is.
        raw: Its numbers as they stand, NaN where there is none, shape (n,).
        add: What can be added up: NaN is 0, and what belongs to an order stands once, shape (n,).
        known: Rows whose amount is known: it stands there, or in another row of the order.
        scope: Whose it is.
        pattern: How it stands in orders of several lines.
        informative: In how many orders of several lines that shows.
    """

    at: int
    role: str
    raw: FloatArray
    add: FloatArray
    known: BoolArray
    scope: Scope
    pattern: Pattern
    informative: int

    @property
    def total(self) -> float:
        """Return the sum of what can be added up."""
        return float(np.sum(self.add))

    @property
    def empty(self) -> bool:
        """Say whether there is nothing but blanks and zeros."""
        return not self.add.any()


def money_columns(cells: Cells, roles: Roles, groups: Groups, of_line: bool) -> list[Money]:  # noqa: FBT001 - of a layout
    """Return all columns of money and quantities of a table."""
    return [
        money_column(cells, at, taken.role, groups, forced="line" if of_line else None)
        for at, taken in sorted(roles.taken.items())
        if taken.role in _NUMERIC
    ]


_NUMERIC: Final = frozenset(
    (
        *("amount_net", "subtotal", "line_total", "amount", "unit_price", "unit_price_gross"),
        *("price", "order_total", "amount_gross", "before_discount", "qty", "discount"),
        *("discount_rate", "tax", "tax_part", "tax_elsewhere", "tax_rate", "shipping"),
        *("shipping_tax", "charged_fee", "tip", "refund_amount", "refund_qty", "cost"),
        *("unit_cost", "fee", "payout", "payment", "list_price", "profit", "qty_info"),
        "discount_info",
    )
)


def money_column(
    cells: Cells, at: int, role: str, groups: Groups, forced: Scope | None = None
) -> Money:
    """Read one column of money and put what belongs to an order once.

    Args:
        cells: The table.
        at: Position of the column.
        role: What it is.
        groups: The orders.
        forced: Whose it is, where that is known.
    """
    raw = np.where(groups.live, cells.numbers(at).values, np.nan)
    pattern, informative, group = _pattern(raw, groups)
    scope = forced or _scope(role, pattern)
    return placed(at, role, raw, groups, scope, pattern, informative, group)


def placed(
    at: int,
    role: str,
    raw: FloatArray,
    groups: Groups,
    scope: Scope,
    pattern: Pattern,
    informative: int,
    group: IntArray | None = None,
) -> Money:
    """Return a column with a scope; what belongs to an order stands in its first filled row."""
    filled = ~np.isnan(raw)
    if scope == "line" or not groups.numbered:
        known = filled
        if pattern == "first" and role not in _OF_LINE:
            known = filled | groups.any(filled)[groups.codes]
        add = np.where(filled, raw, 0.0)
        return Money(at, role, raw, add, known & groups.live, "line", pattern, informative)
    by_sign = _by_sign(raw, groups) if group is None else group
    first = np.full(groups.count * 2, -1, np.int64)
    rows = np.flatnonzero(filled)[::-1]
    first[by_sign[rows]] = rows
    add = np.zeros(raw.size)
    places = first[first >= 0]
    add[places] = raw[places]
    known = groups.any(filled)[groups.codes] & groups.live
    return Money(at, role, raw, add, known, "order", pattern, informative)


def _by_sign(raw: FloatArray, groups: Groups) -> IntArray:
    """Number the rows of an order by sign: a refund may stand in rows of its own."""
    return groups.codes * 2 + (np.nan_to_num(raw) < 0)


def _pattern(raw: FloatArray, groups: Groups) -> tuple[Pattern, int, IntArray]:
    """Tell how a column stands in the orders of several lines that have it."""
    group = _by_sign(raw, groups)
    if not groups.numbered:
        return "single", 0, group
    live, size = groups.live, groups.count * 2
    rows = np.bincount(group[live], minlength=size)
    filled = live & ~np.isnan(raw)
    have = np.bincount(group[filled], minlength=size)
    low = np.full(size, np.inf)
    high = np.full(size, -np.inf)
    np.minimum.at(low, group[filled], raw[filled])
    np.maximum.at(high, group[filled], raw[filled])
    telling = (rows > 1) & (have > 0) & ((low != 0) | (high != 0))
    count = int(telling.sum())
    if not count:
        return "single", 0, group
    first_row = np.full(size, raw.size)
    np.minimum.at(first_row, group[live], np.flatnonzero(live))
    at_first = np.zeros(size, bool)
    there = np.flatnonzero(first_row < raw.size)
    at_first[there] = filled[first_row[there]]
    only_first = telling & (have == 1) & at_first
    constant = telling & (have == rows) & (high - low <= _SAME)
    if only_first.sum() >= NEARLY * count:
        return "first", count, group
    if (only_first | constant).sum() >= NEARLY * count:
        return "constant", int(constant.sum()), group
    return "varied", count, group


def _scope(role: str, pattern: Pattern) -> Scope:
    if role in _OF_LINE and not (role == "line_total" and pattern == "first"):
        return "line"
    return "order" if pattern in ("first", "constant") else "line"


def is_of_order(role: str) -> bool:
    """Say whether the header of a role says that the amount is the order's."""
    return role in _OF_ORDER
