"""Ranges of totals: how far the orders and the profit of a group may end from what is expected.

Two kinds of doubt add up. The parameters are not known exactly: they are drawn anew, near the
estimates, and each draw shifts all customers together. And customers do as they please: what each
may do is simulated, and its variance adds up over a group. Given the parameters a total is taken as
gamma distributed, which is never below 0, lopsided for a few customers and normal for many.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xlclv.models.clock import EVEN, Clock, known
from xlclv.models.forecast import Scored, expected_spend, month_ends
from xlclv.models.gamma_gamma import GammaGamma
from xlclv.models.histories import Summary
from xlclv.models.model import Fit, OrderModel
from xlclv.terms import FloatArray, Frame, IntArray

DRAWS, FEWER_DRAWS, MANY = 64, 32, 20_000  # in pairs; fewer for more different histories
WORK = 4_000_000  # customers simulated in all; each at least LEAST_RUNS times
LEAST_RUNS, MOST_RUNS = 8, 100
CHANCES = 256  # of a total per draw of the parameters
FARTHEST = 3.0  # a parameter that the data do not tell is drawn at most so far off, logarithms
SEED = 20


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is asked of the future.

    Args:
        months: Horizon.
        discount_rate: Per year.
        margin: Profit per money of revenue of each customer, shape (n,) or one number.
        clock: On which the orders were fitted.
    """

    months: int = 12
    discount_rate: float = 0.0
    margin: FloatArray | float = 1.0
    clock: Clock = EVEN


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the orders and the profit of n customers may end from what is expected.

    The totals of any groups follow from it, so that it is computed once for all of them.

    Args:
        expected: Orders and profit of each customer, shape (2, n).
        chance: Variance of the two, given the parameters, shape (2, n).
        place: Distinct history of each customer, shape (n,).
        slopes: Of log expected orders and profit per order to the log parameters of the orders,
            shape (k, u) of u distinct histories.
        moves: Draws of those log parameters, shape (draws, k).
        spend_slopes: Of log expected spend to its log parameters, shape (3 or 0, n).
        spend_moves: Draws of those, shape (draws, 3 or 0).
    """

    expected: FloatArray
    chance: FloatArray
    place: NDArray[np.intp]
    slopes: FloatArray
    moves: FloatArray
    spend_slopes: FloatArray
    spend_moves: FloatArray

    def times(self, margin: FloatArray) -> "Spread":
        """Return the same with the money of each customer times a margin, shape (n,)."""
        both = np.array([np.ones(margin.size), margin])
        return replace(self, expected=self.expected * both, chance=self.chance * both**2)

    def of(self, group: IntArray, confidence: float = 0.95, model_error: float = 0.0) -> Frame:
        """Return the ranges of the totals of groups, as of `ranges`."""
        groups = int(group.max(initial=-1)) + 1
        frame: Frame = {
            "group": np.arange(groups, dtype=float),
            "customers": np.bincount(group, minlength=groups).astype(float),
        }
        means = self._means(group, groups)
        for at, name in enumerate(("orders", "value")):
            variance = np.bincount(group, self.chance[at], groups).astype(float)
            low, high = _ends(means[at], variance, confidence, model_error)
            frame |= {name: means[at, 0], f"{name}_low": low, f"{name}_high": high}
        return frame

    def _means(self, group: IntArray, groups: int) -> FloatArray:
        """Return expected orders and profit per group, at the estimates and at each draw.

        Shape (2, 1 + draws, groups).
        """
        totals = np.zeros((2, 1 + len(self.moves), groups))
        totals[:, 0] = [np.bincount(group, each, groups) for each in self.expected]
        for draw, (move, of_spend) in enumerate(zip(self.moves, self.spend_moves, strict=True), 1):
            shifted = np.exp(move @ self.slopes)[self.place]
            totals[0, draw] = np.bincount(group, self.expected[0] * shifted, groups)
            if of_spend.size:
                shifted = shifted * np.exp(of_spend @ self.spend_slopes)
            totals[1, draw] = np.bincount(group, self.expected[1] * shifted, groups)
        return totals


def spread(
    summary: Summary,
    orders: Fit[OrderModel],
    spend: Fit[GammaGamma] | None,
    ahead: Ahead | None = None,
    scored: Scored | None = None,
) -> Spread:
    """Say how far the orders and the profit of customers may end from what is expected.

    Args:
        summary: Of the log, n customers.
        orders: Fit of the orders.
        spend: Fit of the money per order, None for the plain mean of each customer.
        ahead: What is asked; left out: 12 months, undiscounted, revenue.
        scored: What was scored already for the same summary and question.
    """
    asked = ahead or Ahead()
    random = np.random.default_rng(SEED + 1)
    if scored is None:
        view = known(summary, asked.clock)
        scored = Scored(view, *month_ends(view, asked.months, asked.discount_rate))
    view = scored.view
    _, count, discounted = scored.at(orders.params)
    place = view.rows.place
    money = expected_spend(spend, summary) * asked.margin
    draws = DRAWS if view.rows.count.size < MANY else FEWER_DRAWS
    moves = shifts(random, orders.covariance, draws)
    spend_slopes, spend_moves = _spend_moves(random, spend, summary, draws)
    return Spread(
        np.array([count[place], discounted[place] * money]),
        _chance(summary, orders, spend, asked),
        place,
        scored.log_slopes(orders),
        moves,
        spend_slopes,
        spend_moves,
    )


def ranges(
    summary: Summary,
    orders: Fit[OrderModel],
    spend: Fit[GammaGamma] | None,
    group: IntArray,
    ahead: Ahead | None = None,
    confidence: float = 0.95,
    model_error: float = 0.0,
) -> Frame:
    """Return the ranges of the totals of groups of customers.

    Args:
        summary: Of the log, n customers.
        orders: Fit of the orders.
        spend: Fit of the money per order, None for the plain mean of each customer.
        group: Number of the group of each customer, from 0, shape (n,).
        ahead: What is asked; left out: 12 months, undiscounted, revenue.
        confidence: Share of the range.
        model_error: Relative error of past forecasts beyond chance, as a standard deviation; it
            moves all customers of a group together.

    Returns:
        Columns group, customers, orders, orders_low, orders_high, value, value_low, value_high,
        shape (g,) for groups 0 to g - 1; the values are profit.
    """
    return spread(summary, orders, spend, ahead).of(group, confidence, model_error)


# --- the parameters ---------------------------------------------------------------------------


def shifts(random: np.random.Generator, covariance: FloatArray, draws: int) -> FloatArray:
    """Draw shifts of the logarithms, in pairs of opposite sign, shape (draws, k)."""
    values, vectors = np.linalg.eigh(covariance)
    # The symmetric root: the signs of the vectors, which differ between processors, cancel.
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    half = random.standard_normal((draws // 2, len(covariance))) @ root.T
    return np.asarray(np.clip(np.concatenate([half, -half]), -FARTHEST, FARTHEST), float)


def _spend_moves(
    random: np.random.Generator, spend: Fit[GammaGamma] | None, summary: Summary, draws: int
) -> tuple[FloatArray, FloatArray]:
    """Return slopes of log expected spend, shape (3, n), and shifts, shape (draws, 3)."""
    if spend is None:
        return np.zeros((0, summary.age.size)), np.zeros((draws, 0))
    slopes = spend.params.log_slopes(summary.frequency.astype(float), summary.spend)
    return slopes, shifts(random, spend.covariance, draws)


# --- chance -----------------------------------------------------------------------------------


def _chance(
    summary: Summary, orders: Fit[OrderModel], spend: Fit[GammaGamma] | None, asked: Ahead
) -> FloatArray:
    """Return the variance of orders and profit of each customer, given the parameters, (2, n)."""
    random = np.random.default_rng(SEED + 2)
    n = summary.age.size
    runs = int(np.clip(WORK // max(n, 1), LEAST_RUNS, MOST_RUNS))
    view = known(summary, asked.clock)
    ends, factors = month_ends(view, asked.months, asked.discount_rate)
    _, expected, discounted = Scored(view, ends, factors).at(orders.params)
    kept = discounted / np.where(expected > 0, expected, 1)  # what discounting leaves of an order
    place = view.rows.place
    mean_money = expected_spend(spend, summary)
    worth = kept[place] * asked.margin
    mean = expected[place], discounted[place] * mean_money * asked.margin
    squares = np.zeros((2, n))
    x, recency, age = (column[place] for column in view.columns)
    for _ in range(runs):
        count = orders.params.drawn_orders(random, x, recency, age, float(ends[-1]))
        money = worth * drawn_money(random, spend, summary, count, mean_money)
        for at, came in enumerate((count, money)):
            squares[at] += (came - mean[at]) ** 2
    return squares / runs


def drawn_money(
    random: np.random.Generator,
    spend: Fit[GammaGamma] | None,
    summary: Summary,
    count: FloatArray,
    mean_money: FloatArray,
) -> FloatArray:
    """Draw the money of so many orders of each customer, shape (n,)."""
    if spend is None:
        return count * mean_money
    p, q, v = spend.params
    money = np.zeros(count.size)
    buys = np.flatnonzero(count)
    x, own = summary.frequency[buys], np.maximum(summary.spend[buys], 0)
    rate = random.gamma(p * x + q, 1 / (v + x * own))
    money[buys] = random.gamma(p * count[buys]) / np.maximum(rate, 1e-300)
    return money


def _ends(
    means: FloatArray,
    variance: FloatArray,
    confidence: float,
    model_error: float,
) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the range of each group, shape (g,)."""
    tails = (1 - confidence) / 2, (1 + confidence) / 2
    ends = np.zeros((2, variance.size))
    for at, spread in enumerate(variance):
        random = np.random.default_rng(SEED)  # no range depends on the groups before it
        mean = means[1:, at, None]
        size = np.abs(mean)
        scale = spread / max(abs(float(means[0, at])), 1e-300)  # variance grows with the mean
        shape = np.where(size > 0, size / max(scale, 1e-300), 1.0)
        drawn = random.standard_gamma(np.broadcast_to(shape, (len(mean), CHANCES))) / shape * mean
        if model_error:
            width = math.sqrt(math.log1p(model_error**2))
            drawn = drawn * np.exp(width * random.standard_normal(drawn.shape) - width**2 / 2)
        ends[:, at] = np.quantile(drawn, tails)
    return ends[0], ends[1]
