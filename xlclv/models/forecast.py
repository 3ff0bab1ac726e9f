"""What customers will be worth: orders and money expected within some months, with an interval.

One convention for all: a month has 30.4375 days, a discount rate is per year, and the money of a
month comes at its end, as the money of a year does in the simple CLV.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xlclv.errors import NotEnoughData, UndefinedError
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.choice import fit_known
from xlclv.models.clock import EVEN, Clock, Known, known
from xlclv.models.gamma_gamma import GammaGamma
from xlclv.models.histories import Summary, distinct
from xlclv.models.model import Fit, OrderModel
from xlclv.models.optimise import DIFFERENCE, LEAST_REPEATERS, LOOSE
from xlclv.models.special import normal_quantile
from xlclv.terms import DAYS_PER_MONTH, FloatArray, numbers
from xlclv.words import word

LEAST_DAYS = 180  # a shorter log cannot tell a pause from a farewell
MONTHS_PER_YEAR = 12
TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of each of n customers within the horizon.

    Args:
        p_alive: Chance not to have left yet, shape (n,).
        expected_orders: Orders within the horizon, shape (n,).
        expected_spend: Money per order, shape (n,).
        clv: Discounted profit within the horizon, shape (n,).
        low: Lower end of the interval of clv, shape (n,); NaN where the data do not tell.
        high: Upper end, shape (n,).
        orders_low: Lower end of the interval of expected_orders, shape (n,); NaN as above.
        orders_high: Upper end, shape (n,).
        orders: Fit of the orders.
        spend: Fit of the money per order; None where the plain mean had to do.
    """

    p_alive: FloatArray
    expected_orders: FloatArray
    expected_spend: FloatArray
    clv: FloatArray
    low: FloatArray
    high: FloatArray
    orders_low: FloatArray
    orders_high: FloatArray
    orders: Fit[OrderModel]
    spend: Fit[GammaGamma] | None

    @property
    def remark(self) -> str:
        """Say in plain words what to think of the forecast."""
        remarks = [self.orders.remark]
        if self.spend is None:
            remarks.append(word("models.plain_mean"))
        return " ".join(remarks)


def refuse_short(span: int) -> None:
    """Raise NotEnoughData for a log of less than 180 days."""
    if span < LEAST_DAYS:
        raise NotEnoughData("short_history", days=span, least=LEAST_DAYS)


def refuse_thin(repeaters: int, span: int | None = None) -> None:
    """Raise NotEnoughData for fewer than 50 repeat customers or, if known, under 180 days."""
    if span is not None:
        refuse_short(span)
    if repeaters < LEAST_REPEATERS:
        raise NotEnoughData("too_few_repeaters", size=repeaters, least=LEAST_REPEATERS)


def fit_both(
    summary: Summary, model: str = BgNbd.NAME, clock: Clock = EVEN
) -> tuple[Fit[OrderModel], Fit[GammaGamma] | None]:
    """Fit the orders and the money per order of a log.

    Customers whose repeat orders brought no money tell nothing of spend and are left out there.

    Args:
        summary: Of the log, in days.
        model: Name of a model of `choice.MODELS`, or "best".
        clock: On which the orders are counted.

    Returns:
        The two fits; None for the second where Gamma-Gamma has no finite mean or no peak.

    Raises:
        NotEnoughData: Nobody ordered twice.
        UndefinedError: The fit of the orders did not reach its peak.
    """
    orders = fit_known(known(summary, clock), model)
    if not orders.converged:
        raise UndefinedError("no_convergence", model=orders.model.NAME)
    return orders, fit_spend(summary)


def fit_spend(summary: Summary) -> Fit[GammaGamma] | None:
    """Fit the money per order; None where Gamma-Gamma has no finite mean or no peak."""
    paid = np.flatnonzero((summary.frequency > 0) & (summary.spend > 0))
    if not paid.size:
        return None
    spend = GammaGamma.fit(summary.frequency[paid], summary.spend[paid])
    usable = spend.converged and spend.params.q > 1
    return spend if usable else None


def forecast(
    summary: Summary,
    orders: Fit[OrderModel],
    spend: Fit[GammaGamma] | None,
    months: int = 12,
    discount_rate: float = 0,
    margin: float = 1,
    confidence: float | None = 0.95,
    clock: Clock = EVEN,
    scored: "Scored | None" = None,
) -> Forecast:
    """Expect orders, spend and CLV of each customer of a log.

        CLV = margin * E[spend] * P(alive) * sum_k (1+d)^(-k/12) E[orders in month k | alive]

    The interval says how sure the expectation is, given how sure the parameters are (delta
    method on the logarithm); what a single customer will do varies more.

    Args:
        summary: Of the log, in days.
        orders: Fit of the orders on the clock.
        spend: Fit of the money per order; None takes each customer's plain mean, and the mean
            of all for those without a repeat order.
        months: Horizon.
        discount_rate: Per year.
        margin: Profit per money of revenue.
        confidence: Share of the interval; None for no interval, in a fifth of the time.
        clock: On which the orders were fitted.
        scored: What was scored already for the same summary, clock, horizon and rate.
    """
    (share,) = map(float, numbers(margin=margin))
    if scored is None:
        view = known(summary, clock)
        scored = Scored(view, *month_ends(view, months, discount_rate))
    rows = scored.view.rows
    alive, expected, discounted = scored.at(orders.params)
    money = expected_spend(spend, summary)
    value = share * money * discounted[rows.place]
    count = expected[rows.place]
    low = high = few = many = np.full(value.shape, np.nan)
    if confidence is not None:
        variance = _variance(orders.covariance, scored.log_slopes(orders))[rows.place]
        low, high = _interval(value, variance + _spend_variance(spend, summary), confidence)
        few, many = _interval(count, variance, confidence)
    return Forecast(alive[rows.place], count, money, value, low, high, few, many, orders, spend)


def month_ends(view: Known, months: int, discount_rate: float) -> tuple[FloatArray, FloatArray]:
    """Return when the months ahead end, in the time of the clock, and what discounting leaves.

    Args:
        view: What is known on the day of the data.
        months: How many.
        discount_rate: Per year.
    """
    (rate,) = map(float, numbers(discount_rate=discount_rate))
    number = np.arange(1, months + 1)
    factors = np.exp(-math.log1p(rate) * number / MONTHS_PER_YEAR)
    return view.ahead(DAYS_PER_MONTH * number), np.asarray(factors, float)


class Scored:
    """Predictions for distinct (x, t_x, T); what needs no t_x, for distinct (x, T) only.

    Args:
        view: What is known on the day of the data.
        ends: When the months ahead end, as of `month_ends`.
        factors: What discounting leaves at each end.
    """

    def __init__(self, view: Known, ends: FloatArray, factors: FloatArray) -> None:
        self.view, self.columns = view, view.columns
        self._slopes_of: tuple[Fit[OrderModel], FloatArray] | None = None
        self.pairs = distinct(self.columns[0], self.columns[2])
        # The discounted sum of the months from the cumulative ones, by parts; without discount
        # only the end of the last one counts.
        weights = factors - np.append(factors[1:], 0)
        counts = weights != 0
        self.ends, self.weights = ends[counts], weights[counts]

    def at(self, params: OrderModel) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return P(alive), expected orders and discounted expected orders, shape (u,)."""
        x, age = self.pairs.columns
        alive = params.p_alive(*self.columns)
        orders, discounted = np.zeros(alive.shape), np.zeros(alive.shape)
        for stage, chance in enumerate(params.stage_chances(*self.columns)):
            cumulative = params.orders_if_alive(x[:, None], age[:, None], self.ends, stage)
            orders += chance * cumulative[self.pairs.place, -1]
            discounted += chance * (cumulative * self.weights).sum(axis=1)[self.pairs.place]
        return alive, alive * orders, alive * discounted

    def log_slopes(self, fit: Fit[OrderModel]) -> FloatArray:
        """Return the derivatives of log discounted orders to the log parameters, shape (k, u).

        Those of the last fit are kept.
        """
        if self._slopes_of is None or self._slopes_of[0] is not fit:
            self._slopes_of = fit, np.array(list(self._slopes(fit)))
        return self._slopes_of[1]

    def _slopes(self, fit: Fit[OrderModel]) -> Iterator[FloatArray]:
        given = np.array([*fit.params])
        for step in DIFFERENCE * np.eye(len(fit.covariance), given.size):
            up, down = (
                np.log(np.maximum(self.at(fit.params.moved(moved))[2], TINY))
                for moved in (given * np.exp(step), given * np.exp(-step))
            )
            yield (up - down) / (2 * DIFFERENCE)


def expected_spend(spend: Fit[GammaGamma] | None, summary: Summary) -> FloatArray:
    """Return the money expected per order of each customer, shape (n,)."""
    own = np.maximum(summary.spend, 0)
    if spend is not None:
        return spend.params.expected_spend(summary.frequency, own)
    again = summary.frequency > 0
    orders = summary.frequency[again]
    pooled = float(orders @ own[again] / orders.sum()) if again.any() else 0.0
    return np.where(again, own, pooled)


def _spend_variance(spend: Fit[GammaGamma] | None, summary: Summary) -> FloatArray:
    """Return the variance of the logarithm of expected spend, shape (n,)."""
    if spend is None:
        return np.zeros(summary.frequency.size)
    x = summary.frequency.astype(float)
    return _variance(spend.covariance, spend.params.log_slopes(x, summary.spend))


def _variance(covariance: FloatArray, slopes: FloatArray) -> FloatArray:
    """Return the variance of a function of the parameters from its slopes, shape (n,)."""
    total = np.zeros(slopes.shape[1])
    for row, slope in zip(covariance, slopes, strict=True):
        for weight, other in zip(row, slopes, strict=True):
            if weight:
                total += weight * slope * other
    return total


def _interval(
    value: FloatArray, variance: FloatArray, confidence: float
) -> tuple[FloatArray, FloatArray]:
    error = np.sqrt(np.maximum(variance, 0))
    known = error < LOOSE
    factor = np.exp(normal_quantile((1 + confidence) / 2) * np.where(known, error, 0))
    ends = value / factor, value * factor
    return (
        np.where(known, np.minimum(*ends), np.nan),
        np.where(known, np.maximum(*ends), np.nan),
    )
