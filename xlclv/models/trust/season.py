"""The clock of a shop from its own log: how busy each month or week is, apart from who is there.

The repeat orders of each season are compared with those a model expects of the customers who were
there, on the clock so far; the ratio corrects the clock, and the model is fitted again, until both
agree. Two whole years are needed: of a season seen once nobody knows whether it was one. Within
the weeks the weekdays count where they are more than chance: a shop closed on Sundays has none.
"""

from dataclasses import dataclass, replace

import numpy as np

from xlclv.errors import NotEnoughData
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.clock import (
    DAYS_OF_WEEK,
    EVEN,
    SEASONS,
    Clock,
    Known,
    Season,
    known,
    season_of,
)
from xlclv.models.histories import Summary, summarise
from xlclv.models.model import Fit, OrderModel
from xlclv.terms import DAYS_PER_YEAR, FloatArray, IntArray

LEAST_DAYS = round(2 * DAYS_PER_YEAR)
ROUNDS = 4  # each leaves a tenth of the error of the one before
SAMPLE = 100_000  # customers: more say nothing new of a season, but take their time
POINTS = 400  # of the expectation of a new customer, read off in between
MOST_CHANCE = 22.46  # chi-square of 6 degrees of freedom at one in a thousand
PRIOR = 5.0  # orders as expected, added to each season, so that an empty one is not of length 0


@dataclass(frozen=True, slots=True)
class Seasons:
    """A clock and how well the log bears it out.

    Args:
        clock: The clock.
        gain: Log-likelihood of the orders on it less that on an even clock.
        again: Correlation of the seasons of the first half of the log with those of the second,
            -1 to 1.
    """

    clock: Clock
    gain: float
    again: float

    @property
    def real(self) -> bool:
        """Say whether the seasons are more than chance and came again."""
        free = len(self.clock.factors) - 1
        return self.gain > free and self.again > 0

    @property
    def swing(self) -> float:
        """Return how much longer the longest day is than the shortest."""
        return max(self.clock.factors) / min(self.clock.factors)


def find_seasons(
    summary: Summary, by: Season = "month", model: type[OrderModel] = BgNbd
) -> Seasons:
    """Estimate the clock of a log.

    Args:
        summary: Of the log, with its days.
        by: Kind of season.
        model: Model of the orders.

    Raises:
        NotEnoughData: The log spans less than two years, or nobody ordered twice.
    """
    if summary.days is None or summary.span < LEAST_DAYS:
        raise NotEnoughData("one_season", days=summary.span, least=LEAST_DAYS)
    seen = _sample(summary)
    even = clock_fit = _fit(known(seen), model)
    clock = EVEN
    orders = repeats_by_day(seen)
    for _ in range(ROUNDS):
        view = known(seen, clock)
        clock_fit = _fit(view, model)
        clock = _corrected(clock, by, orders, expected_by_day(view, clock_fit.params), seen)
    clock_fit = _fit(known(seen, clock), model)
    start = seen.as_of - seen.span
    lengths = clock.lengths(np.arange(start, seen.as_of + 1))
    gain = clock_fit.log_likelihood - even.log_likelihood + float(orders @ np.log(lengths))
    if by != "weekday":
        expected = expected_by_day(known(seen, clock), clock_fit.params)
        clock = replace(clock, weekdays=_weekdays(orders, expected, seen))
    return Seasons(clock, gain, _again(seen, by, orders, even.params))


def _weekdays(orders: FloatArray, expected: FloatArray, summary: Summary) -> tuple[float, ...]:
    """Return the lengths of the weekdays on a clock without them; empty where all may be alike.

    With 6 numbers free, twice the log-likelihood ratio of equal weekdays is beyond MOST_CHANCE in
    one shop of a thousand.
    """
    ratio = _ratio("weekday", orders, expected, summary)
    came = np.bincount(_seasons("weekday", summary), orders, DAYS_OF_WEEK)
    level = float(orders.sum()) / max(float(expected.sum()), 1e-300)
    if 2 * float(came @ np.log(ratio / level)) <= MOST_CHANCE:
        return ()
    return tuple((ratio / ratio.mean()).tolist())


def repeats_by_season(summary: Summary, by: Season) -> FloatArray:
    """Count the repeat orders of each season, shape (12,), (52,) or (7,)."""
    return np.bincount(_seasons(by, summary), repeats_by_day(summary), SEASONS[by]).astype(float)


def _sample(summary: Summary) -> Summary:
    """Keep every n-th customer of a large log."""
    days, step = summary.days, -(-summary.customer.size // SAMPLE)
    if step == 1 or days is None:
        return summary
    place = np.searchsorted(summary.customer, days.customer)
    kept = place % step == 0
    customer, day = days.customer[kept], days.day[kept]
    return summarise(customer, day, np.zeros(day.size), summary.as_of)


def _fit(view: Known, model: type[OrderModel]) -> Fit[OrderModel]:
    return model.fit(*view.columns, view.rows.count)


def repeats_by_day(summary: Summary) -> FloatArray:
    """Count the repeat orders of each day since the start of the log, shape (span + 1,)."""
    if summary.days is None:
        return np.zeros(summary.span + 1)
    start = summary.as_of - summary.span
    again = np.ones(summary.days.day.size, bool)
    again[summary.days.first] = False
    return np.bincount(summary.days.day[again] - start, minlength=summary.span + 1).astype(float)


def expected_by_day(view: Known, params: OrderModel) -> FloatArray:
    """Return the repeat orders that a model expects of each day, shape (span + 1,).

    Of all customers from their first order on, without a look at what they did.
    """
    summary = view.summary
    time = view.clock.at(np.arange(summary.as_of - summary.span, summary.as_of + 1))
    born = np.bincount(summary.span - summary.age, minlength=summary.span + 1)
    grid = np.linspace(0, time[-1] - time[0], POINTS)
    curve = params.expected_orders(0, 0, 0, grid)
    total = np.zeros(summary.span + 1)
    for day in np.flatnonzero(born):
        since = np.interp(time[day:] - time[day], grid, curve)
        total[day + 1 :] += born[day] * np.diff(since)
    return total


def _corrected(
    clock: Clock, by: Season, orders: FloatArray, expected: FloatArray, summary: Summary
) -> Clock:
    ratio = _ratio(by, orders, expected, summary)
    factors = np.array(clock.factors or np.ones(SEASONS[by])) * ratio
    return Clock(by, tuple((factors / factors.mean()).tolist()))


def _ratio(by: Season, orders: FloatArray, expected: FloatArray, summary: Summary) -> FloatArray:
    """Return orders over those expected, per season."""
    season = _seasons(by, summary)
    came = np.bincount(season, orders, SEASONS[by])
    due = np.bincount(season, expected, SEASONS[by])
    return np.asarray((came + PRIOR) / (due + PRIOR), float)


def _seasons(by: Season, summary: Summary) -> IntArray:
    return season_of(np.arange(summary.as_of - summary.span, summary.as_of + 1), by)


def _again(summary: Summary, by: Season, orders: FloatArray, params: OrderModel) -> float:
    """Correlate the busy seasons of both halves of the log; the halves are whole years."""
    expected = expected_by_day(known(summary), params)
    year = round(DAYS_PER_YEAR)
    half = summary.span // (2 * year) * year
    ratios = []
    for part in (slice(-2 * half, -half), slice(-half, None)):
        season = _seasons(by, summary)[part]
        came = np.bincount(season, orders[part], SEASONS[by])
        due = np.bincount(season, expected[part], SEASONS[by])
        ratios.append(np.log((came + PRIOR) / (due + PRIOR)))
    first, second = (ratio - ratio.mean() for ratio in ratios)
    length = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / length if length > 0 else 0.0
