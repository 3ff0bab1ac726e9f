"""What one customer may do: the range of the orders and the money of a single customer.

The range of an expectation says how sure the forecast is; with many customers it is narrow. What
one customer will do varies far more, as a coin lands on one side however well its chances are
known. Here each customer is drawn many times over, parameters and chance together.
"""

from dataclasses import dataclass

import numpy as np

from xlclv.models.clock import known
from xlclv.models.forecast import Scored, expected_spend, month_ends
from xlclv.models.gamma_gamma import GammaGamma
from xlclv.models.histories import Summary
from xlclv.models.model import Fit, OrderModel
from xlclv.models.trust.ranges import Ahead, drawn_money, shifts
from xlclv.terms import FloatArray

WORK = 10_000_000  # customers drawn in all
LEAST_RUNS, MOST_RUNS = 40, 400
SEED = 21


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Ranges of what n customers may do, each by itself.

    Args:
        orders_low: Orders, lower end, whole, shape (n,).
        orders_high: Upper end.
        value_low: Discounted profit, lower end, shape (n,).
        value_high: Upper end.
    """

    orders_low: FloatArray
    orders_high: FloatArray
    value_low: FloatArray
    value_high: FloatArray


def outcomes(
    summary: Summary,
    orders: Fit[OrderModel],
    spend: Fit[GammaGamma] | None,
    ahead: Ahead | None = None,
    confidence: float = 0.95,
) -> Outcomes:
    """Return the prediction interval of each customer.

    Args:
        summary: Of the log, n customers.
        orders: Fit of the orders.
        spend: Fit of the money per order, None for the plain mean of each customer.
        ahead: What is asked; left out: 12 months, undiscounted, revenue.
        confidence: Share of the range.
    """
    asked = ahead or Ahead()
    random = np.random.default_rng(SEED)
    n = summary.age.size
    runs = int(np.clip(WORK // max(n, 1), LEAST_RUNS, MOST_RUNS)) // 2 * 2  # drawn in pairs
    worth, money = _per_order(summary, orders, spend, asked)
    view = known(summary, asked.clock)
    end = float(month_ends(view, asked.months, asked.discount_rate)[0][-1])
    x, recency, age = (column[view.rows.place] for column in view.columns)
    count, value = np.empty((runs, n), np.float32), np.empty((runs, n), np.float32)
    given, free = np.array([*orders.params]), len(orders.covariance)
    for run, shift in enumerate(shifts(random, orders.covariance, runs)):
        params = orders.params.moved(np.append(given[:free] * np.exp(shift), given[free:]))
        came = params.drawn_orders(random, x, recency, age, end)
        count[run] = came
        value[run] = worth * drawn_money(random, spend, summary, came, money)
    tails = (1 - confidence) / 2, (1 + confidence) / 2
    low, high = np.quantile(count, tails, axis=0, method="inverted_cdf").astype(float)
    ends = np.sort(np.quantile(value, tails, axis=0).astype(float), axis=0)
    return Outcomes(low, high, ends[0], ends[1])


def _per_order(
    summary: Summary, orders: Fit[OrderModel], spend: Fit[GammaGamma] | None, asked: Ahead
) -> tuple[FloatArray, FloatArray]:
    """Return profit left of a unit of money after discounting, and money per order, shape (n,)."""
    view = known(summary, asked.clock)
    scored = Scored(view, *month_ends(view, asked.months, asked.discount_rate))
    _, expected, discounted = scored.at(orders.params)
    kept = discounted / np.where(expected > 0, expected, 1)
    return kept[view.rows.place] * asked.margin, expected_spend(spend, summary)
