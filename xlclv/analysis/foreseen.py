"""The forecast of a log: the model chosen, fitted, and tried on earlier days.

The same log is asked about again and again (posting computes twice, a spreadsheet program refreshes
an open book many times), so the last answers are kept.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import cast

import numpy as np

from xlclv.customers.log import OrderLog
from xlclv.errors import InputError, NotEnoughData, XlclvError
from xlclv.models.choice import BEST
from xlclv.models.clock import known
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
from xlclv.models.model import Fit
from xlclv.models.next_order import NextOrders, next_orders
from xlclv.models.trust.backtest import LEAST_ORDERS, BackTest, back_tests
from xlclv.models.trust.judge import Trust, judge, model_error
from xlclv.models.trust.plan import Plan, Season, doubt_of_total, plan, refuse_uninformed
from xlclv.models.trust.ranges import Ahead, Spread, spread
from xlclv.settings import Settings
from xlclv.terms import DateArray, FloatArray, IntArray

MOST_TRIED = 4_000  # customers: a larger log is tried on every n-th of them, which is enough
KEPT = 4  # answers
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class How:
    """By what a log is forecast, and how far.

    Args:
        model: Name of a model of `choice.MODELS`, or "best".
        season: "off", "auto" or "on".
        months: How far the forecast looks.
        discount_rate: Per year.
    """

    model: str = BEST
    season: Season = "auto"
    months: int = 12
    discount_rate: float = 0.0


def how(settings: Settings) -> How:
    """Return what the settings say of the forecast."""
    season = cast("Season", settings.season)  # the term allows no other
    return How(settings.model, season, int(settings.months_ahead), settings.discount_rate)


def days_of(joined: DateArray) -> FloatArray:
    """Return days since 1970-01-01, NaN where unknown, shape of joined."""
    return np.where(np.isnat(joined), np.nan, joined.astype("M8[D]").astype(np.int64).astype(float))


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
        joined: Day on which each customer joined, by number, NaN where it is not known; None: of
            nobody.
    """

    customer: IntArray
    day: IntArray
    amount: FloatArray
    as_of: int
    model: str = BEST
    season: Season = "auto"
    months: int = 12
    discount_rate: float = 0.0
    joined: FloatArray | None = None

    @classmethod
    def of(cls, log: OrderLog, how: "How", joined: DateArray | None = None) -> "Asked":
        """Ask about the orders of a log, net of all refunds.

        Args:
            log: The log, k customers.
            how: By what, and how far.
            joined: Day on which each customer joined, NaT where it is not known, shape (k,).
        """
        columns = (log.customer, log.day, net_amounts(log), log.as_of)
        known = None if joined is None or np.isnat(joined).all() else days_of(joined)
        return cls(*columns, how.model, how.season, how.months, how.discount_rate, known)

    @cached_property
    def _key(self) -> tuple[object, ...]:
        """Return what tells it from others."""
        digest = blake2b(digest_size=16)
        joined = np.zeros(0) if self.joined is None else self.joined
        for column in (self.customer, self.day, self.amount, joined):
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


@dataclass(frozen=True, eq=False)
class Foreseen:
    """How a log is forecast, and how well that went before.

    Args:
        asked: What was asked.
        plan: Clock and fitted model.
        summary: Of the log, k customers with an order.
        spend: Fit of the money per order; None where the plain mean has to do.
        tests: Forecasts of earlier days, the latest first.
        tried_on: Every n-th customer was in these.
        trust: What they say.
    """

    asked: Asked
    plan: Plan
    summary: Summary
    spend: Fit[GammaGamma] | None
    tests: tuple[BackTest, ...]
    tried_on: int
    trust: Trust

    @cached_property
    def _scored(self) -> Scored:
        view = known(self.summary, self.plan.clock)
        return Scored(view, *month_ends(view, self.asked.months, self.asked.discount_rate))

    def _forecast(self, confidence: float | None) -> Forecast:
        fits = self.plan.orders, self.spend
        choices = {"confidence": confidence, "scored": self._scored}
        return forecast(self.summary, *fits, self.asked.months, **choices)  # type: ignore[arg-type]

    @cached_property
    def forecast(self) -> Forecast:
        """Return what is expected of each customer; its values are revenue."""
        return self._forecast(CONFIDENCE)

    @cached_property
    def plain(self) -> Forecast:
        """Return the same without intervals, in a fifth of the time."""
        return self._forecast(None)

    @cached_property
    def spread(self) -> Spread:
        """Return how far totals may end from what is expected, in revenue."""
        ahead = Ahead(self.asked.months, self.asked.discount_rate, clock=self.plan.clock)
        return spread(self.summary, self.plan.orders, self.spend, ahead, self._scored)

    @cached_property
    def next_order(self) -> NextOrders | None:
        """Return when each orders next, if a customer still; None where it is not told."""
        try:
            return next_orders(self._scored.view, self.plan.orders)
        except InputError:  # the model tells no rate of one customer
            return None

    @cached_property
    def model_error(self) -> float:
        """Return how far such forecasts were off beyond chance, as a standard deviation."""
        doubt = doubt_of_total(self.summary, self.plan.orders, self.plan.clock)
        return model_error(self.tests, self.asked.months, doubt)


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
        return weigh(asked)
    except XlclvError as error:
        return error


def weigh(asked: Asked) -> Foreseen:
    """Forecast a log that will not be asked about again; see `foresee`."""
    summary = summarise(*asked.columns, asked.as_of)
    _refuse_thin(summary)
    found = plan(*asked.columns, asked.as_of, asked.model, asked.season, asked.joined, mixed=True)
    refuse_uninformed(summary, found.orders, found.clock)
    step = asked.step(MOST_TRIED)
    how = found.orders.model.NAME, found.clock, asked.months
    tests = back_tests(*asked.part(step), asked.as_of, *how, mixed=True)
    trust = judge(tests, found)
    return Foreseen(asked, found, summary, fit_spend(summary), tuple(tests), step, trust)


def _refuse_thin(summary: Summary) -> None:
    """Raise NotEnoughData where no fit is needed to see that the log tells too little."""
    if summary.span < LEAST_DAYS:
        raise NotEnoughData("short_history", days=summary.span, least=LEAST_DAYS)
    repeats = int(summary.frequency.sum())
    if repeats < LEAST_ORDERS:
        raise NotEnoughData("few_repeat_orders", orders=repeats, least=LEAST_ORDERS)
