"""How to forecast a log: on which clock, by which model, and whether it tells enough.

A log tells enough where its total is known well, given what the orders say of the parameters and
what customers may do by chance: thirty business customers with a thousand orders do, a thousand
customers of whom ten came back do not.
"""

from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import NotEnoughData, UndefinedError
from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.choice import AT_RANDOM, BEST, compared, fit_known
from xlclv.models.clock import EVEN, Clock, Known, known
from xlclv.models.histories import Summary, summarise
from xlclv.models.model import Fit, OrderModel
from xlclv.models.pareto_nbd import ParetoNbd
from xlclv.models.parts import blended
from xlclv.models.special import normal_quantile
from xlclv.models.trust.backtest import LEAST_DAYS, QUARTER, BackTest, back_tests
from xlclv.models.trust.beginning import Older, older
from xlclv.models.trust.dispersion import dispersion
from xlclv.models.trust.doubt import chance_of_orders, doubt_of_orders
from xlclv.models.trust.season import Seasons, find_seasons
from xlclv.models.trust.strangers import Strangers, find_strangers
from xlclv.models.trust.trend import Trend, find_trend
from xlclv.models.trust.yearly import yearly_rhythm
from xlclv.terms import DAYS_PER_YEAR

Season = Literal["off", "auto", "on"]
LEAST_SWING = 1.25  # the longest day over the shortest: less is not worth a clock
MOST_COMPARED = 5_000  # customers: which model is likeliest is told by a part of a larger log
LEAST_TESTED = LEAST_DAYS + 2 * QUARTER  # days of a log with a back-test of two quarters
# Half the width of the 95 % range of the orders of half a year: as far off as a forecast may be.
MOST_WIDTH = 0.30


@dataclass(frozen=True, slots=True)
class Plan:
    """How a log is forecast.

    Args:
        clock: On which the orders are counted.
        orders: Fit of the orders on it.
        seasons: What was found of seasons; None where the log is too short or they are off.
        why: Key under `plan` in the catalogue: why there is a seasonal clock, or why not.
        strangers: Customers with parameters of their own, which `orders` holds too; None without.
        trend: The likeliest trend of how often customers order, which `orders` does not know.
        older: Customers who are older than the log; None without.
        dispersion: Variance of the orders of a month over that of chance.
        yearly: Standard errors by which orders a year apart are more than others; NaN if unknown.
    """

    clock: Clock
    orders: Fit[OrderModel]
    seasons: Seasons | None
    why: str
    strangers: Strangers | None = None
    trend: Trend | None = None
    older: Older | None = None
    dispersion: float = 1.0
    yearly: float = np.nan


def plan(
    customer: ArrayLike,
    day: ArrayLike,
    amount: ArrayLike,
    as_of: int,
    model: str = BEST,
    season: Season = "auto",
    joined: ArrayLike | None = None,
    *,
    mixed: bool = False,
) -> Plan:
    """Choose clock and model for a log.

    Seasons count where they are more than chance, came again in both halves of the log, swing by
    a quarter at least, and make the forecasts of earlier quarters better.

    Args:
        customer: Number of the customer of each order, whole, from 0, shape (n,).
        day: Day of each order, days since 1970-01-01, shape (n,).
        amount: Money of each order, shape (n,).
        as_of: The day of the data.
        model: Name of a model of `choice.MODELS`, or "best".
        season: "off", "auto", or "on" for a clock whatever its worth.
        joined: Day on which each customer joined, by number of the customer; NaN where it is not
            known; left out: of nobody.
        mixed: Whether the fit may be of two parts (`models.parts`), which no single row of
            parameters tells: customers unlike the others get parameters of their own; and "best"
            is the mean of the models where the log is too short to test one.

    Raises:
        NotEnoughData: Nobody ordered twice; or season is "on" and the log spans less than two
            years.
        UndefinedError: The fit did not reach its peak.
    """
    summary = summarise(customer, day, amount, as_of)
    clock, seasons, why = EVEN, None, "season_off"
    if season == "on":
        seasons = find_seasons(summary)
        clock, why = seasons.clock, "season_on"
    elif season == "auto":
        seasons, why = _seasons(summary)
        if seasons is not None and why == "season_found":
            better = _better(customer, day, amount, as_of, seasons.clock)
            clock, why = (seasons.clock, why) if better else (EVEN, "season_no_better")
    view = known(summary, clock)
    orders = _fit(view, model, mixed=mixed)
    if not orders.converged:
        raise UndefinedError("no_convergence", model=orders.model.NAME)
    strangers = find_strangers(view, orders) if mixed else None
    if strangers is not None:
        orders = strangers.fit
    return Plan(
        *(clock, orders, seasons, why, strangers),
        find_trend(view, orders.params),
        older(summary, joined),
        dispersion(view, orders.params),
        yearly_rhythm(summary),
    )


def _fit(view: Known, model: str, *, mixed: bool) -> Fit[OrderModel]:
    """Fit the model of that name, or choose one on a part of a large log.

    The likeliest is chosen. Where no back-test reaches half as far as a forecast of a year, all
    models of orders at random can be averaged instead: half of it those whose customers leave after
    an order, half of it one whose customers leave at any time. They fit alike and differ in how
    many stay for long, which only time tells, and the mean of forecasts errs less than the one
    that fits best (Bates & Granger 1969, Operational Research Quarterly 20, 451-468).
    """
    if model != BEST:
        return fit_known(view, model)
    part = view.part(MOST_COMPARED)
    fits = compared(part)
    best = fits[0]
    if mixed and view.summary.span < LEAST_TESTED and best.model in AT_RANDOM.values():
        return _mean(view, part, fits)
    return best if part is view else fit_known(view, best.model.NAME, best.params)


def _mean(view: Known, part: Known, fits: list[Fit[OrderModel]]) -> Fit[OrderModel]:
    """Average the models of orders at random, Pareto/NBD as fitted to a part of a large log."""
    after_orders, at_any_time = (
        [fit for fit in fits if fit.model in kinds and fit.converged]
        for kinds in ((BgNbd, MbgNbd), (ParetoNbd,))
    )
    if part is not view:
        after_orders = [fit_known(view, fit.model.NAME, fit.params) for fit in after_orders]
    means = [reduce(blended, each) for each in (after_orders, at_any_time) if each]
    return reduce(blended, means)


def _seasons(summary: Summary) -> tuple[Seasons | None, str]:
    try:
        seasons = find_seasons(summary)
    except NotEnoughData:
        return None, "season_unknown"
    real = seasons.real and seasons.swing > LEAST_SWING
    return seasons, "season_found" if real else "season_none"


def _better(
    customer: ArrayLike, day: ArrayLike, amount: ArrayLike, as_of: int, clock: Clock
) -> bool:
    """Say whether the clock makes the forecasts of the quarters after past origins better."""
    missed = [
        sum(map(_quarter_off, back_tests(customer, day, amount, as_of, MbgNbd.NAME, each)))
        for each in (clock, EVEN)
    ]
    return missed[0] < missed[1]


def _quarter_off(test: BackTest) -> float:
    return abs(test.quarter_expected - test.quarter_actual)


def doubt_of_total(summary: Summary, orders: Fit[OrderModel], clock: Clock = EVEN) -> float:
    """Return the standard error of the orders expected of all within a year, as a fraction.

    From what the data leave open of the parameters (delta method on the logarithm).
    """
    return doubt_of_orders(known(summary, clock), orders, DAYS_PER_YEAR)


def width_of_total(summary: Summary, orders: Fit[OrderModel], clock: Clock = EVEN) -> float:
    """Return how far the orders of the next half year may end from what is expected, a fraction.

    Half the width of their 95 % range: doubt about the parameters, and chance, drawn.
    """
    chance = chance_of_orders(known(summary, clock), orders, DAYS_PER_YEAR / 2)
    return normal_quantile(0.975) * float(np.hypot(doubt_of_total(summary, orders, clock), chance))


def refuse_uninformed(summary: Summary, orders: Fit[OrderModel], clock: Clock = EVEN) -> None:
    """Raise NotEnoughData where the log does not tell the total well enough."""
    width = width_of_total(summary, orders, clock)
    if not width <= MOST_WIDTH:
        raise NotEnoughData(
            "total_in_doubt",
            doubt=f"{min(width, 9.99):.0%}",
            most=f"{MOST_WIDTH:.0%}",
            orders=int(summary.frequency.sum()),
        )
