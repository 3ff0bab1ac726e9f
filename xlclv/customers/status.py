"""How a customer stands, measured by the customer's own rhythm."""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError, UndefinedError
from xlclv.terms import TERMS, DateArray, FloatArray, TextArray, dates, numbers

STATUSES = TERMS["status"].choices
IN_ORDER: TextArray = np.array(STATUSES, dtype=object)
ACTIVE, AT_RISK, PASSIVE, LOST = STATUSES
NO_ORDER, UNKNOWN = TERMS["status"].codes
LAST_DAY = np.datetime64("9999-12-31")


def status(
    last_order: ArrayLike,
    as_of: ArrayLike,
    expected_gap: ArrayLike,
    at_risk: ArrayLike = 1.5,
    passive: ArrayLike = 3,
    lost: ArrayLike = 6,
) -> TextArray:
    """Active, At risk, Lapsed or Lost, by the time since the last order.

    The time is measured in multiples of the customer's usual gap between two orders.

    Args:
        last_order: Day of the last order, shape (n,), not after as_of.
        as_of: The day it is judged.
        expected_gap: Usual days between two orders, above 0, shape (n,).
        at_risk: From this multiple on: At risk.
        passive: From this multiple on: Passive.
        lost: From this multiple on: Lost.

    Returns:
        Text, shape (n,).

    Raises:
        InputError: A value is out of range, the multiples do not rise, or an order lies in
            the future.

    >>> status(["2026-01-01", "2026-06-01"], "2026-06-30", 30)
    array(['Lost', 'Active'], dtype=object)
    """
    gap, risky, idle, gone = numbers(
        expected_gap=expected_gap, at_risk=at_risk, passive=passive, lost=lost
    )
    falling = ~((risky < idle) & (idle < gone))
    if falling.any():
        raise InputError("multiples_fall", rows=falling if falling.ndim else None)
    waiting = days_between(last_order, as_of, "last_order") / gap
    step = (waiting >= risky).astype(int) + (waiting >= idle) + (waiting >= gone)
    return np.asarray(IN_ORDER[step], dtype=object)


def days_between(earlier: ArrayLike, as_of: ArrayLike, name: str) -> FloatArray:
    """Return whole days from a past day to as_of, shape (n,).

    Raises:
        InputError: A day is after as_of.
    """
    day, today = dates(**{name: earlier, "as_of": as_of})
    days = (today - day).astype(float)
    if np.any(days < 0):
        rows = days < 0 if days.ndim else None
        raise InputError("after_as_of", rows=rows, name=name, value=_text(day), as_of=_text(today))
    return days


def _text(days: DateArray) -> TextArray:
    return days.astype(str).astype(object)


def next_order(last_order: ArrayLike, avg_gap: ArrayLike) -> DateArray:
    """Day on which the next order is expected: last order + average gap.

    Args:
        last_order: Day of the last order, shape (n,).
        avg_gap: Average days between two orders, >= 0, shape (n,).

    Returns:
        Days, shape (n,), the gap rounded to whole days.

    Raises:
        InputError: The gap is below 0 or longer than a life.
        UndefinedError: The day lies after the year 9999.

    >>> next_order("2026-01-31", 30.4)
    array('2026-03-02', dtype='datetime64[D]')
    """
    (day,) = dates(last_order=last_order)
    (gap,) = numbers(avg_gap=avg_gap)
    expected = np.asarray(day + np.rint(gap).astype("timedelta64[D]"))
    late = expected > LAST_DAY
    if late.any():
        raise UndefinedError("too_late", rows=late if late.ndim else None)
    return expected
