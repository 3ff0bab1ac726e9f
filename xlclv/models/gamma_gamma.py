"""Gamma-Gamma: what a customer spends per order, between the customer's own mean and everybody's.

Spend per order varies within a customer as Gamma(p, rate), the rate across customers as
Gamma(q, v). A customer with few orders is drawn towards the mean of all; one with many keeps
the own mean.

Source: Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value, note 025.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError, NotEnoughData, UndefinedError
from xlclv.models.histories import blocks
from xlclv.models.model import Fit, Model, fitted
from xlclv.models.optimise import climb
from xlclv.models.special import digamma, log_gamma
from xlclv.terms import FloatArray, numbers

# Box of log p, log q, log v / q, v of the mean spend.
LOW, HIGH = np.array([-9.0, -9.0, -18.0]), np.array([9.0, 9.0, 18.0])
TURN = np.eye(3) + np.diag([0.0, 1.0], -1)  # from these to log p, log q, log v


@dataclass(frozen=True, slots=True)
class GammaGamma(Model):
    """Parameters of Gamma-Gamma, all > 0.

    Args:
        p: Shape of spend within a customer.
        q: Shape of spend across customers; the mean spend exists for q > 1.
        v: Scale, money: the mean spend is p v / (q - 1).

    >>> GammaGamma.fit([2, 1, 0, 4], [20, 35, 0, 28]).verdict
    'thin'
    >>> GammaGamma(p=6.25, q=3.74, v=15.44).expected_spend([2, 0], [22.35, 0]).round(2)
    array([24.66, 35.22])
    """

    NAME = "Gamma-Gamma"

    p: float
    q: float
    v: float

    @classmethod
    def fit(
        cls, repeat_orders: ArrayLike, avg_spend: ArrayLike, counts: ArrayLike | None = None
    ) -> Fit[Self]:
        """Fit by maximum likelihood to the customers with a repeat order.

            L = G(px+q) / (G(px) G(q)) v^q m^(px-1) x^px / (v + x m)^(px+q)

        Args:
            repeat_orders: x, orders after the first, whole, >= 0, shape (n,).
            avg_spend: m, mean money per repeat order, shape (n,), > 0; ignored where x is 0.
            counts: Customers that each row stands for, shape (n,); left out: one.

        Returns:
            The estimates; the verdict is "no_mean" where q <= 1. `n` counts those with x > 0.

        Raises:
            InputError: Spend is not above 0 where x is; `rows` tells which rows.
            NotEnoughData: Nobody ordered twice.

        Source: note 025, eq. (1a).
        """
        (x,) = numbers(repeat_orders=repeat_orders)
        x, spend = np.broadcast_arrays(np.atleast_1d(x), np.asarray(avg_spend, float))
        unpaid = (x > 0) & ~((spend > 0) & np.isfinite(spend))
        if unpaid.any():
            raise InputError("spend_not_positive", rows=unpaid, name="avg_spend", value=spend)
        weight = np.ones(x.size) if counts is None else np.asarray(counts, float)
        again = (x > 0) & (weight > 0)
        if not again.any():
            raise NotEnoughData("no_paid_repeats")
        x, spend, weight = x[again], spend[again], weight[again]
        n, unit = float(weight.sum()), float((weight * spend).sum() / weight.sum())
        objective = Likelihood(x, spend / unit, weight / n)
        peak = climb(objective, np.log([1.0, 2.0, 0.5]), LOW, HIGH, n, TURN)
        p, q, v = np.exp(peak.logs).tolist()
        noted = "no_mean" if q <= 1 else ""
        return fitted(cls(p, q, v * unit), peak, n, n, noted, -n * float(np.log(unit)))

    def log_likelihood(self, repeat_orders: ArrayLike, avg_spend: ArrayLike) -> FloatArray:
        """Return the log-likelihood of each customer with a repeat order, shape (n,)."""
        p, q, v = self
        x, m = np.asarray(repeat_orders, float), np.asarray(avg_spend, float)
        value = log_gamma(p * x + q) - log_gamma(p * x) - log_gamma(q) + q * np.log(v)
        value = value + (p * x - 1) * np.log(m) + p * x * np.log(x)
        return np.asarray(value - (p * x + q) * np.log(v + x * m), float)

    def expected_spend(self, repeat_orders: ArrayLike, avg_spend: ArrayLike) -> FloatArray:
        """Return the money expected per order of each customer, shape (n,).

        Weighs the customer's own mean m against the mean of all:

            w = p x / (p x + q - 1);   E = w m + (1 - w) v p / (q - 1)

        Args:
            repeat_orders: x, shape (n,).
            avg_spend: m, shape (n,), >= 0; ignored where x is 0.

        Raises:
            InputError: A value is outside its range.
            UndefinedError: q <= 1: the mean of all is infinite.

        Source: note 025, eq. (5).
        """
        p, q, v = self
        if q <= 1:
            raise UndefinedError("no_mean_spend", value=q)
        (x,) = numbers(repeat_orders=repeat_orders)
        x, spend = np.broadcast_arrays(x, np.asarray(avg_spend, float))
        negative = (x > 0) & ~((spend >= 0) & np.isfinite(spend))
        if negative.any():
            rows = negative if negative.ndim else None
            raise InputError("spend_not_positive", rows=rows, name="avg_spend", value=spend)
        # The two weighted means on one fraction: 1 - w would lose digits for q next to 1.
        return np.asarray(p * (v + np.where(x > 0, x * spend, 0)) / (p * x + q - 1), float)

    def log_slopes(self, repeat_orders: FloatArray, avg_spend: FloatArray) -> FloatArray:
        """Return the derivatives of log expected spend to log p, log q, log v, shape (3, n).

        From E = p (v + x m) / (p x + q - 1).
        """
        p, q, v = self
        pool = p * repeat_orders + q - 1
        own = np.where(repeat_orders > 0, repeat_orders * avg_spend, 0)
        return np.array([(q - 1) / pool, -q / pool, v / (v + own)])


class Likelihood:
    """The mean log-likelihood as a function of log parameters; gamma functions per distinct x."""

    def __init__(self, x: FloatArray, mean_spend: FloatArray, weight: FloatArray) -> None:
        self.rest = blocks(x * mean_spend, weight, x * weight)
        self.kinds, place = np.unique(x, return_inverse=True)
        self.of_kind = np.bincount(place, weight)
        log_spend = weight * np.log(mean_spend)
        self.log_sum = float(log_spend.sum())
        self.x_log_sum = float((x * log_spend).sum())

    def __call__(self, logs: FloatArray) -> tuple[float, FloatArray]:
        """Return the mean log-likelihood and its gradient in the logarithms."""
        p, q, v = np.exp(logs)
        x, of_kind = self.kinds, self.of_kind
        sums = x_sums = inverse = x_inverse = 0.0
        for total, weight, x_weight in self.rest:
            raised = total + v
            logs_, inverses = np.log(raised), 1 / raised
            sums, x_sums = sums + weight @ logs_, x_sums + x_weight @ logs_
            inverse, x_inverse = inverse + weight @ inverses, x_inverse + x_weight @ inverses
        value = of_kind @ (log_gamma(p * x + q) - log_gamma(p * x) + p * x * np.log(x))
        value += q * np.log(v) - log_gamma(q) + p * self.x_log_sum - self.log_sum
        value -= p * x_sums + q * sums
        both = digamma(p * x + q)
        slope = np.array(
            [
                of_kind @ (x * (both - digamma(p * x) + np.log(x))) + self.x_log_sum - x_sums,
                of_kind @ both - digamma(q) + np.log(v) - sums,
                q / v - p * x_inverse - q * inverse,
            ]
        )
        return float(value), slope * np.exp(logs)
