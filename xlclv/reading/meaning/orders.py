"""Which rows are one order: those of one customer that share a number, and mostly a day."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from xlclv.reading.meaning.cells import Labels
from xlclv.terms import BoolArray, DateArray, IntArray

LONG: Final = np.timedelta64(180, "D")  # after so long a number that returns is another order
_MANY: Final = 0.3  # share of numbers seen on several days from which on they restart daily
_DAYS: Final = 3  # a number must return on so many days to tell a daily restart


@dataclass(frozen=True, slots=True)
class OrderKeys:
    """The order of each row.

    Args:
        codes: Number of the order of each row, shape (n,).
        shared: Order numbers that belong to several customers.
        by_day: The numbers restart daily, so that the day belongs to the key.
        returned: Numbers that return after a long time.
    """

    codes: IntArray
    shared: int
    by_day: bool
    returned: int


def order_keys(
    order: Labels | None, owner: IntArray, day: DateArray, bought: BoolArray
) -> OrderKeys:
    """Number the orders: a number is unique per customer at most.

    Args:
        order: The order number of each row; None where the table has none.
        owner: The customer of each row, -1 nobody, shape (n,).
        day: The day of each row, shape (n,).
        bought: Rows that are no refunds, shape (n,).
    """
    size = owner.size
    days = day.astype("datetime64[D]").astype(np.int64)
    if order is None:
        # Without numbers every row stands for itself; the log puts those of a day together.
        return OrderKeys(np.arange(size), 0, by_day=False, returned=0)
    number = np.where(order.codes >= 0, order.codes, len(order.names) + np.arange(size))
    pair = _pairs(number, owner)
    numbered = (order.codes >= 0) & bought & ~np.isnat(day)
    shared = _shared(order.codes, owner, numbered)
    if not numbered.any():
        return OrderKeys(pair, shared, by_day=False, returned=0)
    if _restarts(order.codes[numbered], owner[numbered], days[numbered]):
        keyed = _pairs(pair, np.where(numbered, days, -1))
        return OrderKeys(_with_refunds(keyed, pair, numbered), shared, by_day=True, returned=0)
    return _apart(pair, days, numbered, shared)


def _pairs(one: IntArray, other: IntArray) -> IntArray:
    codes = pd.factorize(one.astype(np.int64) * (int(other.max(initial=0)) + 2) + other + 1)[0]
    return codes.astype(np.int64)


def _shared(codes: IntArray, owner: IntArray, numbered: BoolArray) -> int:
    named = numbered & (owner >= 0)
    pairs = np.unique(np.stack([codes[named], owner[named]]), axis=1)
    return int((np.bincount(pairs[0], minlength=1) > 1).sum())


def _restarts(codes: IntArray, owner: IntArray, days: IntArray) -> bool:
    """Say whether order numbers start again every day: most return on several days."""
    seen = np.unique(codes * (int(days.max()) + 1) + days) // (int(days.max()) + 1)
    times = np.bincount(seen)
    times = times[times > 0]
    owners = np.unique(codes * (int(owner.max()) + 2) + owner + 1) // (int(owner.max()) + 2)
    several = np.bincount(owners)
    several = several[several > 0]
    often = (times >= _DAYS).mean() >= _MANY and np.unique(days).size >= _DAYS
    return bool(often and (several > 1).mean() >= _MANY)


def _with_refunds(keyed: IntArray, pair: IntArray, numbered: BoolArray) -> IntArray:
    """Give a refund the key of the last order of its customer with its number."""
    last = np.full(int(pair.max()) + 1, -1, np.int64)
    last[pair[numbered]] = keyed[numbered]
    found = last[pair]
    return np.where(numbered | (found < 0), keyed, found)


def _apart(pair: IntArray, days: IntArray, numbered: BoolArray, shared: int) -> OrderKeys:
    """Part a number that returns after a long time into two orders."""
    count = int(pair.max()) + 1
    first = np.full(count, np.iinfo(np.int64).max)
    last = np.full(count, np.iinfo(np.int64).min)
    np.minimum.at(first, pair[numbered], days[numbered])
    np.maximum.at(last, pair[numbered], days[numbered])
    long = (last > first) & (last - np.minimum(first, last) > LONG.astype(int))
    if not long.any():
        return OrderKeys(pair, shared, by_day=False, returned=0)
    parted = long[pair] & numbered
    keyed = pair.copy()
    keyed[parted] = count + _pairs(pair, days)[parted]
    keyed = _with_refunds(pd.factorize(keyed)[0].astype(np.int64), pair, numbered)
    return OrderKeys(keyed, shared, by_day=False, returned=int(long.sum()))
