"""Time as a shop lives it: a day of a busy season is longer than a day of a quiet one.

On such a clock a seasonal shop is one without seasons, so that every model of orders holds as it
stands, with its times read off the clock.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from xlclv.models.histories import Distinct, Summary, distinct
from xlclv.terms import BoolArray, FloatArray, IntArray

Season = Literal["month", "week", "weekday"]
SEASONS: dict[Season, int] = {"month": 12, "week": 52, "weekday": 7}
DAYS_OF_WEEK = 7
LEAP_CYCLE = 1461  # days in which all months and weeks come as often as in the long run
THURSDAY = 3  # 1970-01-01 was one


def season_of(day: IntArray, by: Season) -> IntArray:
    """Return the month (0 to 11), week of the year (0 to 51) or weekday (Monday 0) of days.

    Args:
        day: Days since 1970-01-01.
        by: Kind of season.
    """
    if by == "weekday":
        return np.asarray((day + THURSDAY) % DAYS_OF_WEEK, np.int64)
    dates = day.astype("datetime64[D]")
    if by == "month":
        months = dates.astype("datetime64[M]").astype(np.int64)
        return np.asarray(months % SEASONS["month"], np.int64)
    of_year = (dates - dates.astype("datetime64[Y]")).astype(np.int64)
    return np.asarray(np.minimum(of_year // DAYS_OF_WEEK, SEASONS["week"] - 1), np.int64)


@dataclass(frozen=True, slots=True)
class Clock:
    """How long the days of each season are.

    Args:
        by: Kind of season.
        factors: Length of a day in each season, in mean days, shape (12,), (52,) or (7,); empty:
            even.
        weekdays: Length of each weekday beside the other days of its week, Monday first, shape
            (7,); empty: alike.
    """

    by: Season = "month"
    factors: tuple[float, ...] = ()
    weekdays: tuple[float, ...] = ()

    @property
    def even(self) -> bool:
        """Say whether all days are alike."""
        return not self.factors and not self.weekdays

    def lengths(self, day: IntArray) -> FloatArray:
        """Return the length of days since 1970-01-01, in mean days, shape of day."""
        length = np.ones(day.shape)
        if self.factors:
            every = season_of(np.arange(LEAP_CYCLE), self.by)
            factors = np.array(self.factors)
            length = factors[season_of(day, self.by)] / factors[every].mean()
        if self.weekdays:
            weekdays = np.array(self.weekdays)
            length = length * weekdays[season_of(day, "weekday")] / weekdays.mean()
        return np.asarray(length, float)

    def at(self, day: ArrayLike) -> FloatArray:
        """Return the time at the end of days since 1970-01-01, in mean days, shape of day.

        Between the ends of two days it runs evenly.
        """
        when = np.asarray(day, float)
        if self.even or not when.size:
            return when
        first = min(int(np.floor(when.min())), 0)
        days = np.arange(first, max(int(np.ceil(when.max())), 0) + 1)
        time = np.cumsum(self.lengths(days))
        return np.asarray(np.interp(when, days, time - time[-first]), float)


EVEN = Clock()


@dataclass(frozen=True, slots=True)
class Known:
    """What a log tells a model of orders on its day, in the time of a clock.

    Args:
        summary: Of the log, in days.
        clock: Its clock.
        rows: The distinct (x, t_x, T), in days.
        columns: The same rows in the time of the clock, each of shape (u,).
    """

    summary: Summary
    clock: Clock
    rows: Distinct
    columns: tuple[FloatArray, FloatArray, FloatArray]

    def log_gaps(self) -> float | None:
        """Return the sum of the logarithms of all gaps; None where only the summary is known."""
        days = self.summary.days
        if days is None:
            return None
        time = None if self.clock.even else self.clock.at(days.day)
        return float(days.log_gaps(time).sum())

    def only(self, mine: BoolArray) -> "Known":
        """Return what is known of some of the customers, on the same clock.

        Args:
            mine: Whether to keep each customer, shape (n,).
        """
        return known(self.summary.only(mine), self.clock)

    def part(self, most: int) -> "Known":
        """Return what is known of every n-th customer, at most so many; itself if there are fewer.

        Args:
            most: Customers.
        """
        size = self.summary.customer.size
        step = -(-size // most)
        return self if step <= 1 else self.only(np.arange(size) % step == 0)

    def ahead(self, days: ArrayLike) -> FloatArray:
        """Return how much time the next days are, from the day of the data, shape of days."""
        as_of = self.summary.as_of
        return self.clock.at(as_of + np.asarray(days, float)) - self.clock.at(as_of)


def known(summary: Summary, clock: Clock = EVEN) -> Known:
    """Read a summary off a clock."""
    rows = distinct(summary.frequency, summary.recency, summary.age)
    x, recency, age = rows.columns
    if clock.even:
        return Known(summary, clock, rows, (x, recency, age))
    first = summary.as_of - age
    start = clock.at(first)
    last = np.where(x > 0, clock.at(first + recency) - start, 0.0)
    return Known(summary, clock, rows, (x, last, clock.at(summary.as_of) - start))
