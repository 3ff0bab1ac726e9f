"""Would the forecast have been right? Go back in time, forecast, compare with what came.

Rolling origins: from a quarter before the day of the data on, a quarter further back each time, a
model is fitted to what was known then and foretells the orders and the money up to the day of the
data, at most as far as the forecast reaches. Beside it stand three naive rules: nobody returns, the
next time is as the last, and each customer's own average goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import NotEnoughData, XlclvError
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.choice import fit_known
from xlclv.models.clock import EVEN, Clock, Known, known
from xlclv.models.forecast import expected_spend, fit_spend
from xlclv.models.histories import OrderDays, Summary, order_days, summarise
from xlclv.models.model import Fit, OrderModel
from xlclv.models.trust.doubt import chance_of_orders, doubt_of_orders
from xlclv.models.trust.season import find_seasons
from xlclv.models.trust.strangers import find_strangers
from xlclv.terms import DAYS_PER_MONTH, FloatArray, Frame, IntArray

QUARTER = round(3 * DAYS_PER_MONTH)
HALF_A_YEAR = 2 * QUARTER
MOST_ORIGINS = 8
LEAST_DAYS = 180  # known at an origin
LEAST_ORDERS = 20  # repeat orders known at an origin
DECILES = 10
FAR_OFF = 0.30  # of a half year: beyond it chance and doubt are asked whether they explain it


@dataclass(frozen=True, slots=True)
class BackTest:
    """A forecast from an earlier day, beside what came; n customers known on that day.

    Args:
        origin: The day, days since 1970-01-01.
        days: How far ahead it looked.
        fit: The fit of the orders.
        expected: Orders foretold, shape (n,).
        actual: Orders that came, on different days, shape (n,).
        last: Orders of as many days before the origin, shape (n,).
        average: Own orders per day so far, times the days, shape (n,).
        value_expected: Money foretold, all customers.
        value_actual: Money that came from them.
        quarter_expected: Orders foretold for the first quarter after the origin.
        quarter_actual: Orders that came in it.
        month_expected: Orders foretold for the last month of that quarter.
        month_actual: Orders that came in it.
        half_expected: Orders foretold for the first half year after the origin; none where it
            looked less far.
        half_actual: Orders that came in it.
        half_error: Standard error of those foretold, of chance and parameters, as a fraction, where
            they were off by more than FAR_OFF.
    """

    origin: int
    days: int
    fit: Fit[OrderModel]
    expected: FloatArray
    actual: FloatArray
    last: FloatArray
    average: FloatArray
    value_expected: float
    value_actual: float
    quarter_expected: float
    quarter_actual: float
    month_expected: float = 0.0
    month_actual: float = 0.0
    half_expected: float = 0.0
    half_actual: float = 0.0
    half_error: float = 0.0

    @property
    def error(self) -> float:
        """Return how far the total was off, as a fraction of what came, or of an order."""
        return relative_error(float(self.expected.sum()), float(self.actual.sum()), 1.0)

    @property
    def value_error(self) -> float:
        """Return the same of the money; where none came, of what an order was to bring."""
        foretold = float(self.expected.sum())
        worth = self.value_expected / foretold if foretold > 0 else 0.0
        return relative_error(self.value_expected, self.value_actual, worth)

    @property
    def miss(self) -> float:
        """Return the root of the mean squared error per customer, orders."""
        return _miss(self.expected, self.actual)

    @property
    def naive_miss(self) -> float:
        """Return the same of the best naive rule, known only afterwards.

        Squared, because an expectation is what keeps squared errors small; the mean absolute
        error is smallest for the median, which is 0 where most customers do not return.
        """
        rules = (np.zeros(self.actual.size), self.last, self.average)
        return min(_miss(rule, self.actual) for rule in rules)

    @property
    def calibration(self) -> float:
        """Return by how much the deciles were off together, as a fraction of all orders.

        Each decile holds a tenth of the customers, sorted by what was foretold of them.
        """
        table = self.deciles()
        off = np.abs(table["expected"] - table["actual"]).sum()
        return float(off / self.actual.sum()) if self.actual.any() else np.inf

    def deciles(self) -> Frame:
        """Return customers, actual and expected orders by tenths, least foretold first."""
        order = np.argsort(self.expected, kind="stable")
        parts = np.array_split(order, DECILES)
        return {
            "customers": np.array([part.size for part in parts], float),
            "actual": np.array([self.actual[part].sum() for part in parts]),
            "expected": np.array([self.expected[part].sum() for part in parts]),
        }

    @property
    def gini(self) -> float:
        """Return how well the forecast ranks customers: 1 as well as can be, 0 as chance does."""
        best = _gini(self.actual, self.actual)
        return _gini(self.expected, self.actual) / best if best > 0 else 0.0


def relative_error(expected: float, actual: float, least: float = 1.0) -> float:
    """Return how far off expected is, as a fraction of actual, or of the least if none came.

    >>> relative_error(12, 10, 1), relative_error(3, 0, 1), relative_error(0, 0, 0)
    (0.2, 3.0, 0.0)
    """
    whole = actual if actual > 0 else least
    return (expected - actual) / whole if whole > 0 else 0.0


def _miss(expected: FloatArray, actual: FloatArray) -> float:
    return float(np.sqrt(np.mean((expected - actual) ** 2)))


def _gini(score: FloatArray, actual: FloatArray) -> float:
    """Return the Gini coefficient of what came, customers sorted by score, the best first.

    Customers of one score share what came from them.
    """
    kinds, place = np.unique(-score, return_inverse=True)
    size = np.bincount(place, minlength=kinds.size)
    came = np.bincount(place, actual, kinds.size)
    if not came.sum():
        return 0.0
    share, reached = size / size.sum(), np.cumsum(came) / came.sum()
    area = (share * (reached + np.append(0, reached[:-1])) / 2).sum()
    return float(2 * area - 1)


def back_tests(
    customer: ArrayLike,
    day: ArrayLike,
    amount: ArrayLike,
    as_of: int,
    model: str = BgNbd.NAME,
    clock: Clock = EVEN,
    months: int = 12,
    *,
    mixed: bool = False,
) -> list[BackTest]:
    """Forecast from earlier days, as far back as the log allows.

    Everything is what was known at the origin, but for two: the kind of model, and the clock where
    fewer than two seasons were known, since a single year cannot tell its seasons from chance.

    Args:
        customer: Number of the customer of each order, whole, from 0, shape (n,).
        day: Day of each order, days since 1970-01-01, shape (n,).
        amount: Money of each order, shape (n,).
        as_of: The day of the data.
        model: Name of a model of `choice.MODELS`, or "best".
        clock: On which the orders are counted.
        months: How far the forecast looks.
        mixed: Whether customers unlike the others get parameters of their own, as in a plan.

    Returns:
        The latest origin first; none where the log is too short.
    """
    who, when = np.asarray(customer, np.int64), np.asarray(day, np.int64)
    log = _Log(who, when, np.asarray(amount, float), order_days(who, when).until(as_of), as_of)
    return list(_tests(log, _Way(model, clock, mixed), round(months * DAYS_PER_MONTH)))


@dataclass(frozen=True, slots=True)
class _Log:
    customer: IntArray
    day: IntArray
    amount: FloatArray
    days: OrderDays
    as_of: int

    def summary(self, origin: int) -> Summary:
        return summarise(self.customer, self.day, self.amount, origin)

    def counted(self, known_: Summary, after: int, until: int) -> FloatArray:
        """Count the order days of each known customer after one day up to another, shape (n,)."""
        inside = (self.days.day > after) & (self.days.day <= until)
        return self._sums(known_, self.days.customer[inside], None)

    def earned(self, known_: Summary, after: int, until: int) -> float:
        """Add up the money of known customers after one day up to another."""
        inside = (self.day > after) & (self.day <= until)
        return float(self._sums(known_, self.customer[inside], self.amount[inside]).sum())

    @staticmethod
    def _sums(known_: Summary, who: IntArray, what: FloatArray | None) -> FloatArray:
        place = np.minimum(np.searchsorted(known_.customer, who), known_.customer.size - 1)
        mine = known_.customer[place] == who
        weights = None if what is None else what[mine]
        return np.bincount(place[mine], weights, known_.customer.size).astype(float)


@dataclass(frozen=True, slots=True)
class _Way:
    """How to forecast; see `back_tests`."""

    model: str
    clock: Clock
    mixed: bool

    def view(self, summary: Summary) -> Known:
        """Read a log off the clock as it was known then, where two seasons were."""
        if self.clock.even:
            return known(summary)
        try:
            return known(summary, find_seasons(summary, self.clock.by).clock)
        except NotEnoughData:
            return known(summary, self.clock)

    def fit(self, view: Known, near: OrderModel | None) -> tuple[Fit[OrderModel], OrderModel]:
        """Fit a log; also return parameters from which an earlier fit can start."""
        plain = fit_known(view, self.model, near)
        strangers = find_strangers(view, plain) if self.mixed else None
        return plain if strangers is None else strangers.fit, plain.params


def _tests(log: _Log, way: _Way, longest: int) -> Iterator[BackTest]:
    if not log.days.day.size:
        return
    start, near = int(log.days.day.min()), None
    for back in range(1, MOST_ORIGINS + 1):
        origin, ahead = log.as_of - back * QUARTER, min(back * QUARTER, longest)
        if origin - start < max(LEAST_DAYS, ahead):
            return
        try:
            test, near = _test(log, origin, ahead, way, near)
        except XlclvError:  # too little was known on that day
            return
        yield test


def _test(
    log: _Log, origin: int, ahead: int, way: _Way, near: OrderModel | None
) -> tuple[BackTest, OrderModel]:
    """Test one origin; return the parameters too, from which an earlier fit can start."""
    summary = log.summary(origin)
    if summary.frequency.sum() < LEAST_ORDERS:
        raise NotEnoughData("nobody_ordered_twice")
    view = way.view(summary)
    fit, start = way.fit(view, near)
    expected = _foretold(view, fit, ahead)
    money = expected_spend(fit_spend(summary), summary)
    first = min(QUARTER, ahead)
    early = first - round(DAYS_PER_MONTH)
    half = HALF_A_YEAR if ahead >= HALF_A_YEAR else 0
    quarter, begun, both = (
        float(_foretold(view, fit, days).sum()) for days in (first, early, half)
    )
    came = float(log.counted(summary, origin, origin + half).sum())
    far = abs(both - came) > FAR_OFF * came  # it takes long to tell how much is chance
    test = BackTest(
        origin,
        ahead,
        fit,
        expected,
        log.counted(summary, origin, origin + ahead),
        log.counted(summary, origin - ahead, origin),
        (summary.frequency + 1) / (summary.age + 1) * ahead,
        float(expected @ money),
        log.earned(summary, origin, origin + ahead),
        quarter,
        float(log.counted(summary, origin, origin + first).sum()),
        quarter - begun,
        float(log.counted(summary, origin + early, origin + first).sum()),
        both,
        came,
        _error(view, fit, half) if half and far else 0.0,
    )
    return test, start


def _foretold(view: Known, fit: Fit[OrderModel], days: int) -> FloatArray:
    orders = fit.params.expected_orders(*view.columns, float(view.ahead(days)))
    return orders[view.rows.place]


def _error(view: Known, fit: Fit[OrderModel], days: int) -> float:
    return float(np.hypot(doubt_of_orders(view, fit, days), chance_of_orders(view, fit, days)))
