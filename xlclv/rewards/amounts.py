"""Points and cents, exact: whole numbers and fractions, never a binary float."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from xlclv.customers.orders import CENTS
from xlclv.rewards import figures
from xlclv.terms import IntArray

SAFE = 2**61  # what 64-bit integers must stay below, so that two of them can be added
MOST = 2**53  # the largest whole number a cell holds exactly


def points_per_money(cents: IntArray, rate: Decimal, most: Decimal | None) -> IntArray:
    """Return floor(money x rate) for each sum of money, at most `most`, shape (n,).

    Args:
        cents: Money in cents, shape (n,); nothing is paid for less than 0.
        rate: Points per money.
        most: The most for each sum; None: any number.

    >>> points_per_money(np.array([29, 100, 199]), Decimal(1), None).tolist()
    [0, 1, 1]
    >>> points_per_money(np.array([1000]), Decimal("0.29"), None).tolist()
    [2]
    """
    top, bottom = (rate / CENTS).as_integer_ratio()
    points = np.maximum(_whole(cents, top, bottom) * top // bottom, 0)
    limit = MOST if most is None else min(int(most), MOST)
    return np.minimum(points, limit).astype(np.int64)


def cents_of_points(points: IntArray, value: Decimal) -> IntArray:
    """Return what points cost in cents, half a cent away from 0, shape (n,).

    >>> cents_of_points(np.array([50, 49, 1, -50]), Decimal("0.0001")).tolist()
    [1, 0, 0, -1]
    """
    top, bottom = (value * CENTS).as_integer_ratio()
    twice = _whole(np.abs(points), 2 * top, 2 * bottom) * (2 * top)
    return np.sign(points) * ((twice + bottom) // (2 * bottom)).astype(np.int64)


def share_of(amount: int, part: int, whole: int) -> int:
    """Return floor(amount x part / whole) of whole numbers; 0 of nothing."""
    return amount * part // whole if whole else 0


def whole_cents(money: Decimal | None) -> int:
    """Return money in cents, half a cent up; 0 where it is not known."""
    return 0 if money is None else int(figures.cents(money) * CENTS)


def _whole(numbers: IntArray, top: int, bottom: int) -> NDArray[np.int64] | NDArray[np.object_]:
    """Return whole numbers fit for n * top // bottom: Python's own where 64 bits might not do."""
    largest = max(int(np.abs(numbers).max(initial=0)), 1)
    return numbers if max(largest * abs(top), bottom) < SAFE else numbers.astype(object)
