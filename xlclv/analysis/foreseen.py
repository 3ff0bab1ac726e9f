"""The forecast of a log: the model chosen, fitted, and tried on earlier days.

The same log is asked about again and again (posting computes twice, a spreadsheet program refreshes
an open book many times), so the last answers are kept.
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b

import numpy as np

from xlclv.customers.log import OrderLog
from xlclv.errors import InputError, NotEnoughData, XlclvError
from xlclv.models.choice import BEST, fit_known
from xlclv.models.clock import Known, known
from xlclv.models.forecast import (
    LEAST_DAYS,
    Forecast,
    Scored,
    fit_spend,
    forecast,
    month_ends,
)
from xlclv.models.gamma_gamma import GammaGamma
from xlclv.models.histories import Summary, net_amounts, summarise
from xlclv.models.model import Fit, OrderModel
from xlclv.models.next_order import NextOrders, next_orders
from xlclv.models.trust.backtest import LEAST_ORDERS, BackTest, back_tests
from xlclv.models.trust.judge import Trust, judge
from xlclv.models.trust.plan import Plan, Season, plan, refuse_uninformed
from xlclv.models.trust.ranges import Ahead, Spread, spread
from xlclv.terms import FloatArray, IntArray

# Larger logs are compared and tried on every n-th customer: more tell little new and take long.
MOST_COMPARED, MOST_TRIED = 5_000, 4_000  # customers
KEPT = 4  # answers
UNTRIED = 0.15  # error beyond chance of a forecast never tried; counts like one trial of others
MEDIAN = 0.6745  # of the size of a normal error, in standard deviations
CHANCE = 2.0  # variance of a total of money against its number of orders


@dataclass(frozen=True, eq=False)
class Asked:
    """A log to forecast, told from others by what stands in it.

    Args:
        customer: Number of the customer of each order, from 0, shape (n,).
        day: Day of each order, days since 1970-01-01, shape (n,).
        amount: Money of each order, shape (n,).
        as_of: The day of the data.
        model: Name of a model of `choice.MODELS`, or "best".
        season: "off", "auto" or "on".
        months: How far the forecast looks.
        discount_rate: Per year.
    """

    customer: IntArray
    day: IntArray
    amount: FloatArray
    as_of: int
    model: str = BEST
    season: Season = "auto"
    months: int = 12
    discount_rate: float = 0.0

    @classmethod
    def of(
        cls, log: OrderLog, model: str, season: Season, months: int, discount_rate: float
    ) -> "Asked":
        """Ask about the orders of a log, net of all refunds."""
        columns = (log.customer, log.day, net_amounts(log), log.as_of)
        return cls(*columns, model, season, months, discount_rate)

    @cached_property
    def _key(self) -> tuple[object, ...]:
        """Return what tells it from others."""
        digest = blake2b(digest_size=16)
        for column in (self.customer, self.day, self.amount):
            digest.update(np.ascontiguousarray(column).tobytes())
        choices = (self.as_of, self.model, self.season, self.months, self.discount_rate)
        return digest.digest(), *choices

    def __hash__(self) -> int:
        """Return a hash of what stands in it."""
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        """Say whether another asks the same."""
        return isinstance(other, Asked) and self._key == other._key

    @property
    def columns(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Return customer, day and amount."""
        return self.customer, self.day, self.amount

    def part(self, step: int) -> tuple[IntArray, IntArray, FloatArray]:
        """Return the same of every n-th customer."""
        if step == 1:
            return self.columns
        kept = self.customer % step == 0
        return self.customer[kept], self.day[kept], self.amount[kept]

    def step(self, most: int) -> int:
        """Return which part holds at most so many customers."""
        return max(1, -(-(int(self.customer.max(initial=-1)) + 1) // most))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How a log is forecast, and how well that went before.

    Args:
        plan: Clock and fitted model.
        summary: Of the log, k customers with an order.
        spend: Fit of the money per order; None where the plain mean has to do.
        tests: Forecasts of earlier days, the latest first.
        tried_on: Every n-th customer was in these.
        trust: What they say.
        forecast: Of each customer; its values are revenue.
        spread: How far totals may end from it.
        next_order: When each customer orders next, if it is one still; None where it is not told.
    """

    plan: Plan
    summary: Summary
    spend: Fit[GammaGamma] | None
    tests: tuple[BackTest, ...]
    tried_on: int
    trust: Trust
    forecast: Forecast
    spread: Spread
    next_order: NextOrders | None

    @property
    def model_error(self) -> float:
        """Return how far such forecasts were off beyond chance, as a standard deviation."""
        trials = len(self.tests)
        if not trials:
            return UNTRIED
        typical = float(np.median([abs(test.value_error) for test in self.tests])) / MEDIAN
        orders = float(np.median([test.actual.sum() for test in self.tests]))
        beyond = max(typical**2 - CHANCE / max(orders, 1.0), 0.0)
        return math.sqrt((UNTRIED**2 + trials * beyond) / (1 + trials))


def foresee(asked: Asked) -> Foreseen:
    """Forecast a log.

    Raises:
        NotEnoughData: The log is too short, or does not tell the total well enough.
        UndefinedError: The fit did not reach its peak.
    """
    answer = _answer(asked)
    if isinstance(answer, XlclvError):
        raise answer
    return answer


@lru_cache(maxsize=KEPT)
def _answer(asked: Asked) -> Foreseen | XlclvError:
    """Return the forecast, or why there is none, which takes as long to find out."""
    try:
        return _foreseen(asked)
    except XlclvError as error:
        return error


def _foreseen(asked: Asked) -> Foreseen:
    summary = summarise(*asked.columns, asked.as_of)
    _refuse_thin(summary)
    found = plan(*asked.columns, asked.as_of, _model(asked), asked.season)
    refuse_uninformed(summary, found.orders, found.clock)
    step = asked.step(MOST_TRIED)
    name, clock = found.orders.model.NAME, found.clock
    tests = back_tests(*asked.part(step), asked.as_of, name, clock, asked.months)
    view, spend = known(summary, clock), fit_spend(summary)
    scored = Scored(view, *month_ends(view, asked.months, asked.discount_rate))
    ahead = Ahead(asked.months, asked.discount_rate, clock=clock)
    return Foreseen(
        found,
        summary,
        spend,
        tuple(tests),
        step,
        judge(tests),
        forecast(summary, found.orders, spend, asked.months, scored=scored),
        spread(summary, found.orders, spend, ahead, scored),
        _next(view, found.orders),
    )


def _next(view: Known, orders: Fit[OrderModel]) -> NextOrders | None:
    try:
        return next_orders(view, orders)
    except InputError:  # the model tells no rate of one customer
        return None


def _refuse_thin(summary: Summary) -> None:
    """Raise NotEnoughData where no fit is needed to see that the log tells too little."""
    if summary.span < LEAST_DAYS:
        raise NotEnoughData("short_history", days=summary.span, least=LEAST_DAYS)
    repeats = int(summary.frequency.sum())
    if repeats < LEAST_ORDERS:
        raise NotEnoughData("few_repeat_orders", orders=repeats, least=LEAST_ORDERS)


def _model(asked: Asked) -> str:
    """Return the name of the model; of a large log the likeliest for a part of it."""
    step = asked.step(MOST_COMPARED)
    if asked.model != BEST or step == 1:
        return asked.model
    part = summarise(*asked.part(step), asked.as_of)
    return fit_known(known(part), BEST).model.NAME
