"""Do customers order ever less, or ever more? A trend that began some months ago.

From a day on each day counts as a little shorter (or longer) than the one before, on top of the
clock; the model is fitted again on that time, and the likelihood says whether the orders bear it
out. What has begun to fall may go on falling: `effect` says what that would do to the forecast.
"""

from dataclasses import dataclass

import numpy as np

from xlclv.models.beta_geometric import MbgNbd
from xlclv.models.choice import refit
from xlclv.models.clock import EVEN, Clock, Known, known
from xlclv.models.model import Fit, OrderModel
from xlclv.models.pareto_nbd import ParetoNbd
from xlclv.models.parts import Blend
from xlclv.terms import DAYS_PER_MONTH, DAYS_PER_YEAR, FloatArray, IntArray

QUARTER = 3 * DAYS_PER_MONTH
BEGINNINGS = tuple(round(months * DAYS_PER_MONTH) for months in (3, 5, 8, 12, 18))  # days ago
TIMES_AS_LONG = 2  # as the trend the log must be
SAMPLE = 20_000  # customers: more say nothing new of a trend, but take their time
STEP, STEEPEST = 0.15, 2.0  # first step of the search and its end, logarithm per quarter
CLOSER, NEAR = 3, 0.01  # parabolas, and slopes that are as good as the same


@dataclass(frozen=True, slots=True)
class Trend:
    """The likeliest trend of how often customers order.

    Args:
        since: Days ago that it began.
        slope: Logarithm of the change per quarter; below 0 they order ever less.
        gain: Log-likelihood with it less that without.
        effect: Orders of the next year if it goes on, over those if it does not, less 1.
    """

    since: int
    slope: float
    gain: float
    effect: float


def find_trend(view: Known, params: OrderModel) -> Trend:
    """Find the likeliest trend of a log; one of slope 0 where none is likelier than none.

    Args:
        view: The log on its clock.
        params: Fitted to it on that clock.
    """
    best = Trend(0, 0.0, 0.0, 0.0)
    seen, line = view.part(SAMPLE), None
    for since in BEGINNINGS:
        if view.summary.span >= TIMES_AS_LONG * since:
            line = _Line(seen, params, since, line)
            found = line.trend()
            best = max(best, found, key=lambda each: each.gain)
    return best


class _Line:
    """The log-likelihood of a log as a function of the slope of a trend that began on one day."""

    values: dict[float, float]
    fits: dict[float, list[tuple[Known, Fit[OrderModel]]]]

    def __init__(
        self, view: Known, params: OrderModel, since: int, other: "_Line | None" = None
    ) -> None:
        self.since, self.clock = since, view.clock
        place, age = view.rows.place, view.columns[2]
        self.parts = [
            (view.only(mine[place]).summary, _stand_in(part))
            for part, mine in params.parts_of(age)
            if mine.any()
        ]
        # Without a trend it does not matter when one began.
        self.values = {} if other is None else {0.0: other.values[0.0]}
        self.fits = {} if other is None else {0.0: other.fits[0.0]}

    def trend(self) -> Trend:
        """Search the likeliest slope: two steps, then the tops of parabolas."""
        for slope in (0.0, -STEP, STEP):
            if slope not in self.values:
                self.at(slope)
        for _ in range(CLOSER):
            slope = _top(self.values)
            if min(abs(slope - each) for each in self.values) < NEAR:
                break
            self.at(slope)
        best = max(self.values, key=lambda each: self.values[each])
        gain = self.values[best] - self.values[0.0]
        return Trend(self.since, best, gain, self.effect(best) if best else 0.0)

    def at(self, slope: float) -> None:
        """Fit all parts on the time of that slope."""
        fits, value = [], 0.0
        for number, (summary, near) in enumerate(self.parts):
            clock = _Falling(begins=summary.as_of - self.since, slope=slope, under=self.clock)
            view = known(summary, clock)
            fit = refit(view, self.fits[0.0][number][1].params if self.fits else near)
            fits.append((view, fit))
            value += fit.log_likelihood + slope * _late(view, self.since)
        self.fits[slope], self.values[slope] = fits, value

    def effect(self, slope: float) -> float:
        """Return what the trend does to the orders of the next year, if it goes on."""
        going, still = (
            sum(
                float(fit.params.expected_orders(*view.columns, ahead) @ view.rows.count)
                for view, fit in self.fits[each]
                if (ahead := float(view.ahead(DAYS_PER_YEAR))) > 0
            )
            for each in (slope, 0.0)
        )
        return going / still - 1 if still else 0.0


def _stand_in(params: OrderModel) -> OrderModel:
    """Return parameters to start from, of a model that is quick to fit."""
    if isinstance(params, Blend):
        return _stand_in(params.one)
    return MbgNbd(1.0, 100.0, 1.0, 1.0) if isinstance(params, ParetoNbd) else params


@dataclass(frozen=True, slots=True)
class _Falling(Clock):
    """A clock whose days grow shorter, or longer, from a day on."""

    begins: int = 0
    slope: float = 0.0
    under: Clock = EVEN

    @property
    def even(self) -> bool:
        """Say whether all days are alike."""
        return not self.slope and self.under.even

    def lengths(self, day: IntArray) -> FloatArray:
        """Return the length of days since 1970-01-01, shape of day."""
        late = np.maximum(day - self.begins, 0) / QUARTER
        return self.under.lengths(day) * np.exp(self.slope * late)


def _late(view: Known, since: int) -> float:
    """Add up the quarters since the trend began of all repeat orders."""
    days = view.summary.days
    if days is None:
        return 0.0
    again = np.ones(days.day.size, bool)
    again[days.first] = False
    late = days.day[again] - (view.summary.as_of - since)
    return float(np.maximum(late, 0).sum() / QUARTER)


def _top(values: dict[float, float]) -> float:
    """Return the top of the parabola through the highest point and its neighbours."""
    slopes = sorted(values)
    best = max(range(len(slopes)), key=lambda at: values[slopes[at]])
    if best in (0, len(slopes) - 1):
        return float(np.clip(2 * slopes[best], -STEEPEST, STEEPEST))
    low, mid, high = slopes[best - 1 : best + 2]
    left = (mid - low) * (values[mid] - values[high])
    right = (high - mid) * (values[mid] - values[low])
    return mid - ((mid - low) * left - (high - mid) * right) / (2 * (left + right))
