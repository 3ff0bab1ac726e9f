"""Birthdays and tenure: month arithmetic on days, whole columns at once.

A month later is the same day of the next month, or its last day where that day is missing:
31 January and a month is the last of February, 29 February and a year is 28 February.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlclv.errors import InputError
from xlclv.terms import TERMS, BoolArray, DateArray, FloatArray, choice, dates, numbers

ONE_DAY = np.timedelta64(1, "D")
ONE_MONTH = np.timedelta64(1, "M")
ONE_YEAR = np.timedelta64(1, "Y")
MONTHS_PER_YEAR = 12
NEARBY = np.array([-1, 0, 1], "timedelta64[Y]")  # last year, this one, the next
NO_DAY = np.datetime64("NaT", "D")
UNKNOWN = np.iinfo(np.int64).min  # NaT as a number
NEVER = 1 << 40  # number of a day that does not come; days may be added to it
Spans = NDArray[np.timedelta64]


def birthday(
    birth_date: ArrayLike,
    as_of: ArrayLike,
    days_before: ArrayLike = 7,
    days_after: ArrayLike = 7,
) -> BoolArray:
    """Say whether a birthday is near: TRUE from days_before until days_after it.

    A birthday on 29 February is kept on 28 February in common years. The window may span New Year.

    Args:
        birth_date: Day of birth, shape (n,).
        as_of: The day that is asked about.
        days_before: Days before the birthday that count, whole number >= 0.
        days_after: Days after the birthday that count, whole number >= 0.

    Returns:
        TRUE or FALSE, shape (n,).

    Raises:
        InputError: A birth date is missing or after as_of, or a number of days is out of range.

    >>> birthday(["1990-01-03", "1990-06-30"], "2026-12-29")
    array([ True, False])
    """
    before, after = numbers(days_before=days_before, days_after=days_after)
    born, today = dates(birth_date=birth_date, as_of=as_of)
    _refuse_later("birth_date", born, today)
    return in_birthday_window(born, today, before, after)


def tenure(first_order: ArrayLike, as_of: ArrayLike, unit: str = "years") -> FloatArray:
    """Return how long someone has been a customer, in complete years, months or days.

    A year or month is complete on the same day of the month, or on its last day if that is earlier.

    Args:
        first_order: Day of the first order, shape (n,).
        as_of: The day up to which is counted.
        unit: "years", "months" or "days".

    Returns:
        A whole number >= 0, shape (n,).

    Raises:
        InputError: A first order is missing or after as_of, or the unit is unknown.

    >>> tenure(["2024-02-29", "2025-01-31"], "2026-02-28", "months")
    array([24., 13.])
    """
    chosen = choice("unit", unit)
    first, today = dates(first_order=first_order, as_of=as_of)
    _refuse_later("first_order", first, today)
    return complete_units(first, today, chosen)


def _refuse_later(name: str, days: DateArray, as_of: DateArray) -> None:
    empty = np.isnat(days)
    if empty.any():
        rows = empty if days.ndim else None
        raise InputError("empty", rows=rows, name=name, expected=TERMS[name].expected)
    later = days > as_of
    if later.any():
        rows = later if days.ndim else None
        raise InputError("after_as_of", rows=rows, name=name, value=days, as_of=as_of)


def in_birthday_window(
    birth_date: DateArray, as_of: DateArray, days_before: ArrayLike, days_after: ArrayLike
) -> BoolArray:
    """Say where as_of is from days_before until days_after a birthday; an unknown one is not."""
    near: BoolArray = ~np.isnat(birthday_near(birth_date, as_of, days_before, days_after))
    return near


def birthday_near(
    birth_date: DateArray, as_of: DateArray, days_before: ArrayLike, days_after: ArrayLike
) -> DateArray:
    """Return the birthday in whose window as_of is, shape (n,); NaT where it is in none."""
    # The window may reach into the next year or come from the last; no window needs a fourth
    # year, for one longer than a year holds a birthday of these three.
    earliest, latest = as_of - _spans(days_after), as_of + _spans(days_before)
    shape = np.broadcast_shapes(birth_date.shape, earliest.shape, latest.shape)
    years = NEARBY.reshape(-1, *(1 for _ in shape))
    day = _birthday_of(birth_date, as_of, years)
    near = np.where((earliest <= day) & (day <= latest), day, NO_DAY)
    first: DateArray = np.fmin.reduce(near, axis=0)
    return first


def next_birthday(birth_date: DateArray, as_of: DateArray) -> DateArray:
    """Return the first birthday on or after as_of, shape (n,); NaT where unknown."""
    this_year, next_year = (_birthday_of(birth_date, as_of, years) for years in NEARBY[1:])
    coming: DateArray = np.where(this_year < as_of, next_year, this_year)
    return coming


def complete_units(first: DateArray, as_of: DateArray, unit: str) -> FloatArray:
    """Return the complete years, months or days from first to as_of; NaN where one is NaT."""
    if unit == "days":
        days: FloatArray = (as_of - first) / ONE_DAY
        return days
    begun: Spans = as_of.astype("datetime64[M]") - first.astype("datetime64[M]")
    incomplete = add_months(first, begun) > as_of
    months: FloatArray = begun / ONE_MONTH - incomplete
    return months if unit == "months" else np.floor(months / MONTHS_PER_YEAR)


def add_months(day: DateArray, months: Spans | np.timedelta64) -> DateArray:
    """Return the day that many months later, at most the last day of its month.

    >>> add_months(np.array(["2026-01-31"], "datetime64[D]"), np.timedelta64(1, "M"))
    array(['2026-02-28'], dtype='datetime64[D]')
    """
    own_month = day.astype("datetime64[M]")
    month = own_month + months
    first = month.astype("datetime64[D]")
    last = (month + ONE_MONTH).astype("datetime64[D]") - ONE_DAY
    later: DateArray = np.minimum(first + (day - own_month.astype("datetime64[D]")), last)
    return later


def _birthday_of(
    birth_date: DateArray, as_of: DateArray, later: Spans | np.timedelta64
) -> DateArray:
    """Return the birthday so many years after that in the year of as_of."""
    age: Spans = as_of.astype("datetime64[Y]") - birth_date.astype("datetime64[Y]")
    return add_months(birth_date, (age + later).astype("timedelta64[M]"))


def _spans(days: ArrayLike) -> Spans:
    return np.asarray(days).astype(np.int64).astype("timedelta64[D]")
