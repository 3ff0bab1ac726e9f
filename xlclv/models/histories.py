"""What a model needs of an order log: per customer the frequency, recency, age and mean spend.

Many customers share the same whole days, so fits and predictions run on the distinct tuples
only: a million customers come to some hundred thousand tuples, and what depends on frequency
and age alone to a few thousand pairs.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlclv.customers.log import OrderLog
from xlclv.errors import InputError
from xlclv.terms import BoolArray, FloatArray, IntArray, numbers

LARGEST_KEY = 2**62
BLOCK = 8192
LARGEST_TABLE = 4  # cells of a look-up table per row, above which sorting is cheaper


@dataclass(frozen=True, slots=True)
class OrderDays:
    """The days on which customers ordered, each once, by customer and then by day; m rows.

    Args:
        customer: The customer's number in the log, shape (m,).
        day: Day of the order, shape (m,).
    """

    customer: IntArray
    day: IntArray

    @property
    def first(self) -> NDArray[np.intp]:
        """Return the row of the first order of each customer, shape (k,)."""
        if not self.customer.size:
            return np.zeros(0, np.intp)
        return np.flatnonzero(np.append(True, self.customer[1:] != self.customer[:-1]))

    @property
    def last(self) -> NDArray[np.intp]:
        """Return the row of the last order of each customer, shape (k,)."""
        return np.append(self.first[1:], self.customer.size)[: self.first.size] - 1

    def until(self, day: int) -> "OrderDays":
        """Return what was known at the end of a day."""
        known = self.day <= day
        return self if known.all() else OrderDays(self.customer[known], self.day[known])

    def log_gaps(self, time: FloatArray | None = None) -> FloatArray:
        """Return the sum of the logarithms of each customer's gaps, shape (k,).

        Args:
            time: When each order came, shape (m,); left out: its day.
        """
        when = self.day if time is None else time
        same = self.customer[1:] == self.customer[:-1]
        logs = np.zeros(self.customer.size)
        logs[1:][same] = np.log((when[1:] - when[:-1])[same])
        first = self.first
        return np.add.reduceat(logs, first) if first.size else logs


def order_days(customer: IntArray, day: IntArray) -> OrderDays:
    """Sort the orders of a log.

    Args:
        customer: Number of the customer of each order, whole, from 0, shape (n,).
        day: Day of each order, shape (n,).
    """
    if not day.size:
        return OrderDays(customer, day)
    start = int(day.min())
    width = int(day.max()) - start + 1
    # One number per customer and day: sorting it is faster than any grouping.
    keys = np.sort(customer * width + (day - start))
    keys = keys[np.append(True, keys[1:] != keys[:-1])]
    owner = keys // width
    return OrderDays(owner, keys - owner * width + start)


@dataclass(frozen=True, slots=True)
class Summary:
    """One row per customer with an order, k customers.

    Args:
        customer: The customer's number in the log, rising, shape (k,).
        frequency: x, days with an order after the first day, shape (k,).
        recency: t_x, days from the first order to the last, shape (k,).
        age: T, days from the first order to the day of the data, shape (k,).
        spend: Mean money per repeat order, 0 without one, shape (k,).
        span: Days from the first order of all to the day of the data.
        as_of: The day of the data, as a number of the same kind as the days of the log.
        days: The orders themselves; None where only the summary is known.
    """

    customer: IntArray
    frequency: IntArray
    recency: IntArray
    age: IntArray
    spend: FloatArray
    span: int
    as_of: int = 0
    days: OrderDays | None = None

    @property
    def repeaters(self) -> int:
        """Return how many customers ordered on a second day."""
        return int(np.count_nonzero(self.frequency))

    def only(self, mine: BoolArray) -> "Summary":
        """Return some of the customers, of the same log.

        Args:
            mine: Whether to keep each, shape (k,).
        """
        days = self.days
        if days is not None:
            kept = np.repeat(mine, self.frequency + 1)
            days = OrderDays(days.customer[kept], days.day[kept])
        return Summary(
            self.customer[mine],
            self.frequency[mine],
            self.recency[mine],
            self.age[mine],
            self.spend[mine],
            self.span,
            self.as_of,
            days,
        )


def summarise(customer: ArrayLike, day: ArrayLike, amount: ArrayLike, as_of: int) -> Summary:
    """Summarise a log; all orders of one customer on one day are one.

    Args:
        customer: Number of the customer of each order, whole, from 0, shape (n,).
        day: Day of each order, a whole number such as days since 1970, shape (n,).
        amount: Money of each order, shape (n,).
        as_of: Day of the data; later orders do not count.

    Source: Fader & Hardie, note 004: repeat orders, recency and age count from the first order.

    >>> log = summarise([0, 1, 0, 0], [0, 5, 10, 30], [20, 9, 30, 50], as_of=40)
    >>> log.frequency, log.recency, log.age, log.spend
    (array([2, 0]), array([30,  0]), array([40, 35]), array([40.,  0.]))
    """
    who, when = np.asarray(customer, np.int64), np.asarray(day, np.int64)
    days = order_days(who, when).until(as_of)
    if not days.customer.size:
        nothing = np.zeros(0, np.int64)
        return Summary(nothing, nothing, nothing, nothing, np.zeros(0), 0, as_of, days)
    first, last = days.first, days.last
    counted = when <= as_of
    money = np.asarray(amount, float)[counted]
    ids, frequency, start = days.customer[first], last - first, int(days.day.min())
    return Summary(
        ids,
        frequency,
        days.day[last] - days.day[first],
        as_of - days.day[first],
        _repeat_spend(who[counted], when[counted], money, ids, days.day[first], frequency),
        as_of - start,
        as_of,
        days,
    )


def _repeat_spend(
    who: IntArray, when: IntArray, money: FloatArray, ids: IntArray, first: IntArray, x: IntArray
) -> FloatArray:
    """Return the mean money of the days after the first one, shape of ids."""
    first_day = np.zeros(int(ids[-1]) + 1, np.int64)
    first_day[ids] = first
    repeat = when > first_day[who]
    total = np.bincount(who[repeat], money[repeat], first_day.size)[ids]
    return np.asarray(total / np.maximum(x, 1), float)


def net_amounts(log: OrderLog) -> FloatArray:
    """Return the money of each order; refunds that belong to none lower all of their customer."""
    gross = log.per_customer(log.amount)
    net = np.clip(log.spend(), 0, None)
    kept = np.where(gross > 0, np.minimum(net / np.where(gross > 0, gross, 1), 1), 0)
    return np.asarray(log.amount * kept[log.customer], float)


def summary_of(log: OrderLog) -> Summary:
    """Summarise a log for the models.

    Refunds that belong to no order lower all orders of their customer in proportion.
    """
    return summarise(log.customer, log.day, net_amounts(log), log.as_of)


@dataclass(frozen=True, slots=True)
class Distinct:
    """The distinct rows of some columns.

    Args:
        columns: Their values, each of shape (u,).
        place: The distinct row of each row, shape (n,).
        count: How often each occurs, shape (u,).
    """

    columns: tuple[FloatArray, ...]
    place: NDArray[np.intp]
    count: FloatArray

    def weight(self, counts: ArrayLike | None) -> FloatArray:
        """Return how many customers each distinct row stands for, shape (u,).

        Args:
            counts: Customers of each given row, shape (n,); None: one.
        """
        if counts is None:
            return self.count
        sums = np.bincount(self.place, np.asarray(counts, float), self.count.size)
        return np.asarray(sums, float)


def distinct(*columns: ArrayLike) -> Distinct:
    """Find the distinct rows of columns of one shape (n,)."""
    arrays = [np.asarray(column) for column in columns]
    coded = [_codes(array) for array in arrays]
    key = np.zeros(arrays[0].size, np.int64)
    room = 1
    for codes, kinds in coded:
        if room * kinds >= LARGEST_KEY:
            _, key = np.unique(key, return_inverse=True)
            room = int(key.max()) + 1
        key = key * kinds + codes
        room *= kinds
    row, place, count = _unique(key, room)
    return Distinct(tuple(np.asarray(array[row], float) for array in arrays), place, count)


def _codes(values: NDArray[np.generic]) -> tuple[IntArray, int]:
    """Number the values: equal ones alike; return the numbers and how many there may be."""
    if values.size and values.dtype.kind in "iu":
        low, high = int(values.min()), int(values.max())
        if high - low < LARGEST_KEY:
            return values.astype(np.int64) - low, high - low + 1
    kinds, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.int64), max(kinds.size, 1)


def _unique(key: IntArray, room: int) -> tuple[IntArray, NDArray[np.intp], FloatArray]:
    """Return a row of each distinct key, the key of each row and how often it occurs."""
    if room > LARGEST_TABLE * key.size:
        _, place, count = np.unique(key, return_inverse=True, return_counts=True)
    else:
        table = np.bincount(key, minlength=1)
        found = np.flatnonzero(table)
        number = np.zeros(table.size, np.intp)
        number[found] = np.arange(found.size)
        place, count = number[key], table[found]
    row = np.zeros(count.size, np.int64)
    row[place] = np.arange(key.size)
    return row, place, count.astype(float)


def blocks(*columns: FloatArray) -> list[tuple[FloatArray, ...]]:
    """Cut columns into blocks of rows that stay in the cache.

    They are also too short for the linear algebra behind numpy to use several threads, which
    wait for each other longer than they compute on a machine that does something else as well.
    """
    starts = range(0, columns[0].size, BLOCK)
    return [tuple(column[start : start + BLOCK] for column in columns) for start in starts]


def on_distinct(
    function: Callable[..., FloatArray], *columns: ArrayLike, least: int = 128
) -> FloatArray:
    """Apply a slow function of columns to their distinct rows only.

    Args:
        function: Takes as many arrays of shape (u,) as there are columns, returns one.
        columns: Arrays that broadcast to one shape.
        least: With fewer rows than this nothing is gained.
    """
    arrays = np.broadcast_arrays(*columns)
    shape = arrays[0].shape
    flat = [array.ravel() for array in arrays]
    if flat[0].size < least:
        return function(*(column.astype(float) for column in flat)).reshape(shape)
    rows = distinct(*flat)
    return function(*rows.columns)[rows.place].reshape(shape)


def checked(
    repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return frequency, recency and age as float arrays of one shape, if they can be true.

    Raises:
        InputError: A value is outside its range, the last order comes after the age, or
            frequency and recency do not fit together; `rows` tells which rows.
    """
    x, last, age_ = numbers(repeat_orders=repeat_orders, recency=recency, age=age)
    _refuse("recency_after_age", last > age_, "recency", last, age_)
    _refuse("recency_without_repeat", (x == 0) & (last > 0), "recency", last, x)
    _refuse("repeat_without_recency", (x > 0) & (last == 0), "repeat_orders", x, last)
    return x, last, age_


def _refuse(key: str, rows: BoolArray, name: str, value: FloatArray, limit: FloatArray) -> None:
    if rows.any():
        raise InputError(key, rows=rows if rows.ndim else None, name=name, value=value, limit=limit)


def tuples(
    repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike, counts: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Check and compress: the distinct (x, t_x, T) with the number of customers of each.

    Args:
        repeat_orders: x, shape (n,).
        recency: t_x, shape (n,).
        age: T, shape (n,).
        counts: Customers of each row, shape (n,); left out: one.
    """
    given = [np.atleast_1d(np.asarray(column)) for column in (repeat_orders, recency, age)]
    rows = distinct(*np.broadcast_arrays(*given))
    try:
        x, last, age_ = checked(*rows.columns)
    except InputError:
        checked(*given)  # raises again, naming the rows as they were given
        raise
    return x, last, age_, rows.weight(counts)
