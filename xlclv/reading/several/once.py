"""Orders that stand in several files or sheets of one log count once.

The same order is told by customer, order number and day. Where its content differs the later one
counts: that of the file whose orders reach further, or that was named later. Without order numbers
rows that are alike in every column count once too. What may as well be two orders is told by a
check that asks to look at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

import numpy as np
import pandas as pd

from xlclv.errors import XlclvError
from xlclv.reading.cellcolumns import Column, Conventions
from xlclv.reading.daycells import days
from xlclv.reading.found import Found
from xlclv.reading.meaning.orders import LONG
from xlclv.reading.meaning.roles import CUSTOMER
from xlclv.reading.numbercells import numbers
from xlclv.reading.several.places import Picked
from xlclv.reading.several.stack import roles_in
from xlclv.readings import Rule
from xlclv.tables import RawTable
from xlclv.terms import BoolArray, DateArray, FloatArray, IntArray
from xlclv.words import word

AMOUNT: Final = (
    *("amount_net", "line_total", "subtotal", "order_total", "amount_gross", "before_discount"),
    "amount",
)
NEVER: Final = np.iinfo(np.int64).max
_LISTED: Final = 5


@dataclass(frozen=True, slots=True)
class Once:
    """Which rows of a log count once.

    Args:
        alike: Rows left out as they stand in another part too, shape (n,).
        older: Rows left out as another part has the order with other content, shape (n,).
        parted: Rows of orders whose parts have no product in common; they all stay, shape (n,).
        orders_alike: How many orders stood in several parts with the same content.
        orders_changed: How many stood in several parts with different content.
    """

    alike: BoolArray
    older: BoolArray
    parted: BoolArray
    orders_alike: int
    orders_changed: int


def counted_once(found: Found, conventions: Conventions) -> Found:
    """Return a table that was put together from several without the orders that repeat.

    Args:
        found: The table.
        conventions: How its days and numbers are written, where the user says it.
    """
    rows = found.raw.rows
    if len(found.starts) < 2 or not rows:  # noqa: PLR2004 - a single part repeats nothing here
        return found
    log = _Log(found, conventions)
    part = np.repeat(np.arange(len(found.starts)), np.diff([*found.starts, rows]))
    number, order = log.orders(part)
    dated = _by_first_day(order, log.day, part)
    once = keep_once(dated, log.content(), log.items(), part, _lateness(log.day, part))
    loose = _loose_rows(log.content(all_columns=True), part, order)
    moved = _moved(number, order, log, part)
    kept = ~(once.alike | once.older | loose)
    rules = [
        log.rule("orders_in_several", "info", once.alike, once.orders_alike),
        log.rule("orders_changed_later", "info", once.older, once.orders_changed),
        log.rule("orders_parted", "warning", once.parted, None),
        log.rule("orders_on_other_days", "warning", moved, None),
        log.rule("rows_in_several", "warning", loose, None),
    ]
    return replace(
        found,
        raw=picked(found.raw, np.flatnonzero(kept)),
        starts=tuple(int(kept[:start].sum()) for start in found.starts),
        rules=(*found.rules, *(rule for rule in rules if rule is not None)),
    )


def picked(raw: RawTable, rows: IntArray) -> RawTable:
    """Return some rows of a table, each still known by its own place."""
    if rows.size == raw.rows:
        return raw
    columns = [
        column[rows] if isinstance(column, np.ndarray) else [column[row] for row in rows.tolist()]
        for column in raw.columns
    ]
    where = raw.where
    place = Picked(where.sheet, where.header_row, where.first_column, where, rows)
    return RawTable(raw.headers, columns, place)


def keep_once(
    order: IntArray, content: IntArray, item: IntArray, part: IntArray, lateness: IntArray
) -> Once:
    """Decide which rows stay where orders stand in several parts.

    Args:
        order: Number of the order of each row, -1 unknown, shape (n,).
        content: A number that tells rows of different content apart, shape (n,).
        item: Number of the product of each row, -1 unknown, shape (n,).
        part: The part each row is from, shape (n,).
        lateness: Rank of each part, the last one highest, shape (parts,).
    """
    frame = pd.DataFrame({"order": order, "part": part, "content": content})
    frame["late"] = lateness[part]
    groups = frame[order >= 0].groupby(["order", "part"], sort=False)
    # A sum of numbers that wraps around is the same in whatever order the rows stand.
    group = groups.agg(content=("content", "sum"), late=("late", "first"), rows=("content", "size"))
    group = group.reset_index()
    by_order = group.groupby("order", sort=False)
    several = by_order["part"].transform("size") > 1
    same = by_order["content"].transform("nunique") == 1
    same &= by_order["rows"].transform("nunique") == 1
    apart = several & ~same & group["order"].isin(_without_common_item(order, item, part))
    first = group["part"] == by_order["part"].transform("min")
    last = group["late"] == by_order["late"].transform("max")
    group["stays"] = np.where(same, first, last) | apart
    group["same"], group["apart"] = same, apart
    told = group[["order", "part", "stays", "same", "apart"]]
    place = frame[["order", "part"]].merge(told, on=["order", "part"], how="left")
    out = (order >= 0) & (place["stays"] == False).to_numpy()  # noqa: E712 - a column
    alike = out & (place["same"] == True).to_numpy()  # noqa: E712 - a column
    repeats = several & group["stays"] & ~apart
    return Once(
        alike=alike,
        older=out & ~alike,
        parted=(place["apart"] == True).to_numpy(),  # noqa: E712 - a column
        orders_alike=int((repeats & same).sum()),
        orders_changed=int((repeats & ~same).sum()),
    )


def _without_common_item(order: IntArray, item: IntArray, part: IntArray) -> IntArray:
    """Return the orders that name products, none of which stands in two parts."""
    frame = pd.DataFrame({"order": order, "item": item, "part": part})
    known = frame[(frame["order"] >= 0) & (frame["item"] >= 0)].drop_duplicates()
    times = known.groupby(["order", "item"]).size().groupby("order").max()
    found: IntArray = times[times == 1].index.to_numpy()
    return found


def _by_first_day(order: IntArray, day: DateArray, part: IntArray) -> IntArray:
    """Number orders anew so that those that begin on different days in two parts are two."""
    if np.isnat(day).all():
        return order
    stamp = np.where(np.isnat(day), NEVER, day.astype("datetime64[D]").astype(np.int64))
    first = pd.Series(stamp).groupby([order, part]).transform("min").to_numpy()
    codes = pd.factorize(pd.MultiIndex.from_arrays([order, first]))[0].astype(np.int64)
    return np.where(order < 0, -1, codes)


def _moved(number: IntArray, order: IntArray, log: "_Log", part: IntArray) -> BoolArray:
    """Say which rows may repeat an order under another day, shape (n,).

    Not so a refund, a number that several customers have, as numbers that start again do, and
    one that returns after a long time.
    """
    amounts = log.amounts()
    bought = np.ones(order.size, bool) if amounts is None else ~(amounts < 0)
    frame = pd.DataFrame({"order": order, "part": part, "number": number, "day": log.day})
    frame = frame[(order >= 0) & bought & ~np.isnat(log.day)]
    if frame.empty:
        return np.zeros(order.size, bool)
    owners = frame.groupby("number")["order"].nunique()
    frame = frame[frame["number"].map(owners) == 1]
    first = frame.groupby(["order", "part"])["day"].min().groupby("order").agg(["min", "max"])
    gap = first["max"] - first["min"]
    again = first.index[(gap > np.timedelta64(0)) & (gap <= LONG)]
    return np.isin(order, again.to_numpy()) & bought


def _lateness(day: DateArray, part: IntArray) -> IntArray:
    """Rank parts by their last day; of two that end alike the one named later is the later one."""
    parts = int(part.max()) + 1
    last = np.full(parts, np.iinfo(np.int64).min)
    dated = ~np.isnat(day)
    np.maximum.at(last, part[dated], day[dated].astype("datetime64[D]").astype(np.int64))
    rank = np.empty(parts, np.int64)
    rank[np.lexsort((np.arange(parts), last))] = np.arange(parts)
    return rank


def _loose_rows(content: IntArray, part: IntArray, order: IntArray) -> BoolArray:
    """Say which rows without an order number stand in an earlier part too, shape (n,)."""
    loose = order < 0
    frame = pd.DataFrame({"content": content, "part": part})[loose]
    frame["time"] = frame.groupby(["content", "part"]).cumcount()
    again = np.zeros(order.size, bool)
    again[loose] = frame.duplicated(["content", "time"], keep="first").to_numpy()
    return again


class _Log:
    """The columns of a log, read when they are needed."""

    def __init__(self, found: Found, conventions: Conventions) -> None:
        self.raw = found.raw
        self.conventions = conventions
        named = roles_in(found)
        self.roles = [named.get(at, "") for at in range(len(found.raw.headers))]
        self.codes = [self._codes(at) for at in range(len(self.roles))]
        self.day = self._day()

    def _codes(self, at: int) -> tuple[IntArray, Sequence[str]]:
        column = self._column(at)
        texts = [as_written(cell) for cell in column.different]
        merged, names = pd.factorize(np.array([*texts, ""], dtype=object))
        codes = np.append(merged[:-1], -1)[column.codes]
        return codes.astype(np.int64), [*names]

    def _column(self, at: int) -> Column:
        raw = self.raw
        return Column.of(raw.columns[at], str(raw.headers[at]), raw.where, at)

    def first(self, *roles: str) -> int | None:
        """Return the first column of some roles, the first role first."""
        return next((self.roles.index(role) for role in roles if role in self.roles), None)

    def _day(self) -> DateArray:
        at = self.first("order_date")
        if at is not None:
            try:
                return days(self._column(at), self.conventions).values  # noqa: PD011
            except XlclvError:  # told where the whole table is read
                pass
        return np.full(self.raw.rows, np.datetime64("NaT"), "datetime64[D]")

    def amounts(self) -> FloatArray | None:
        """Return the money of each row, None where it cannot be told yet."""
        at = self.first(*AMOUNT)
        if at is None:
            return None
        try:
            return numbers(self._column(at), self.conventions).values  # noqa: PD011
        except XlclvError:
            return None

    def items(self) -> IntArray:
        """Number the products, -1 without, shape (n,)."""
        at = self.first("product")
        return np.full(self.raw.rows, -1) if at is None else self.codes[at][0]

    def orders(self, part: IntArray) -> tuple[IntArray, IntArray]:
        """Number the order numbers, and the orders; -1 without, shape (n,) each.

        Rows of one customer and order number are one order.
        """
        at = self.first("order_id")
        if at is None:
            none = np.full(self.raw.rows, -1)
            return none, none
        number = self.codes[at][0]
        owner = self._owner()
        # Further rows of an order may leave out the number, the customer or both.
        frame = pd.DataFrame({"part": part, "number": number, "owner": owner})
        bare = (number < 0) & (owner < 0) & self._filled()
        frame["number"] = frame["number"].where((frame["number"] >= 0) | ~bare)
        frame["number"] = frame.groupby("part")["number"].ffill().fillna(-1).astype(np.int64)
        frame["owner"] = frame["owner"].where(frame["owner"] >= 0)
        filled = frame.groupby(["part", "number"])["owner"].ffill().fillna(-1).astype(np.int64)
        codes = pd.factorize(pd.MultiIndex.from_arrays([frame["number"], filled]))[0]
        number = frame["number"].to_numpy(np.int64)
        return number, np.where(number < 0, -1, codes.astype(np.int64))

    def _owner(self) -> IntArray:
        """Number the customers by the first column that names one, -1 without, shape (n,)."""
        owner = np.full(self.raw.rows, -1)
        for place, role in enumerate(CUSTOMER):
            at = self.first(role)
            if at is not None:
                codes = self.codes[at][0]
                open_rows = (owner < 0) & (codes >= 0)
                owner[open_rows] = codes[open_rows] * len(CUSTOMER) + place
        return owner

    def _filled(self) -> BoolArray:
        filled = np.zeros(self.raw.rows, bool)
        for codes, _ in self.codes:
            filled |= codes >= 0
        return filled

    def content(self, *, all_columns: bool = False) -> IntArray:
        """Return a number that tells rows of different content apart, shape (n,).

        Columns that nobody knows, such as a row number, make no order another one.
        """
        told = {
            str(at): codes
            for at, (codes, _) in enumerate(self.codes)
            if all_columns or self.roles[at] not in ("", "line_id", "neutral")
        }
        if not told:
            return np.zeros(self.raw.rows, np.int64)
        hashed = pd.util.hash_pandas_object(pd.DataFrame(told), index=False)
        return hashed.to_numpy().astype(np.int64)

    def rule(self, name: str, level: "str", out: BoolArray, orders: int | None) -> Rule | None:
        """Tell which rows were left out, None where no row was."""
        rows = np.flatnonzero(out)
        if not rows.size:
            return None
        amounts = self.amounts()
        money = None if amounts is None else float(np.nansum(amounts[rows]))
        at = self.first("order_id", "customer_id") or 0
        codes, names = self.codes[at]
        named = list(dict.fromkeys(names[code] for code in codes[rows] if code >= 0))
        listed = ", ".join(named[:_LISTED]) + (" …" if len(named) > _LISTED else "")
        facts = {"rows": f"{rows.size:,}", "orders": f"{orders or 0:,}", "listed": listed}
        shown = word("reading.worth", money=f"{money + 0.0:,.2f}") if money is not None else ""
        text = word(f"reading.{name}", worth=shown, **facts)
        cells = tuple(self.raw.where.cell(at, int(row)) for row in rows[:_LISTED])
        return Rule(name, level, text, int(rows.size), orders, money, cells)  # type: ignore[arg-type]


def as_written(cell: object) -> str:
    """Return what a cell says, alike in whatever kind of file it stands.

    >>> as_written(12.0), as_written(" 12 "), as_written(date(2026, 1, 31))
    ('12', '12', '2026-01-31')
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
