"""Pareto/NBD: orders at random while alive, an unseen end at any time.

While alive, a customer orders at a rate from Gamma(r, alpha) and leaves at a rate from
Gamma(s, beta). What the published closed forms need four hypergeometric functions for is one
integral over the unknown day on which the customer left, see `pareto_likelihood`.

Source: Schmittlein, Morrison & Colombo (1987), Management Science 33, 1-24; Fader & Hardie
(2005), A Note on Deriving the Pareto/NBD Model, note 009.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import NotEnoughData
from xlclv.models.histories import blocks, checked, on_distinct, tuples
from xlclv.models.model import Fit, OrderModel, fitted
from xlclv.models.optimise import USUAL, climb, start_from
from xlclv.models.pareto_likelihood import Likelihood, log_left
from xlclv.models.special import log_gamma
from xlclv.terms import FloatArray

# Box of log r, log alpha, log s, log beta; alpha and beta of the mean age.
LOW = np.array([-12.0, -14.0, -12.0, -14.0])
HIGH = np.array([9.0, 18.0, 9.0, 18.0])
LONGEST_LIFE = 1e12  # mean, in the unit of age
NOBODY_LEAVES = 1e-3  # chance to leave within the mean age below this: all seem alive


@dataclass(frozen=True, slots=True)
class ParetoNbd(OrderModel):
    """Parameters of Pareto/NBD, all > 0.

    Args:
        r: Shape of the order rate across customers.
        alpha: Its scale, in the unit of age: the mean rate is r / alpha.
        s: Shape of the rate of leaving across customers.
        beta: Its scale, in the unit of age: the mean rate is s / beta.

    >>> ParetoNbd.fit([2, 0, 1, 0, 5], [30, 0, 12, 0, 35], [39, 39, 38, 30, 37]).verdict
    'thin'
    >>> known = ParetoNbd(r=0.5534, alpha=10.5802, s=0.6061, beta=11.6562)
    >>> round(float(known.p_alive(2, 30.43, 38.86)), 4)
    0.8691
    """

    NAME = "Pareto/NBD"

    r: float
    alpha: float
    s: float
    beta: float

    @classmethod
    def fit(
        cls,
        repeat_orders: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        counts: ArrayLike | None = None,
        near: Self | None = None,
    ) -> Fit[Self]:
        """Fit by maximum likelihood.

            L = G(r+x) alpha^r beta^s / G(r) * [(alpha+T)^-(r+x) (beta+T)^-s + the integral above]

        Source: note 009, eq. (17).
        """
        x, last, age_, weight = tuples(repeat_orders, recency, age, counts)
        n, repeaters = float(weight.sum()), float(weight[x > 0].sum())
        if not repeaters:
            raise NotEnoughData("nobody_ordered_twice")
        unit = float((weight * age_).sum()) / n
        objective = Likelihood(x, last / unit, age_ / unit, weight / n)
        peak = climb(objective, start_from(USUAL, near, [1, unit, 1, unit]), LOW, HIGH, n)
        r, alpha, s, beta = np.exp(peak.logs).tolist()
        noted = "all_alive" if -np.expm1(-s * np.log1p(1 / beta)) < NOBODY_LEAVES else ""
        constant = -float((weight * x).sum()) * float(np.log(unit))
        return fitted(cls(r, alpha * unit, s, beta * unit), peak, n, repeaters, noted, constant)

    def log_likelihood(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> FloatArray:
        """Return the log-likelihood of each customer, shape (n,)."""
        r, alpha, s, beta = self
        x, last, age_ = checked(repeat_orders, recency, age)
        here = log_gamma(r + x) - log_gamma(r) + r * np.log(alpha) + s * np.log(beta)
        here = here - (r + x) * np.log(alpha + age_) - s * np.log(beta + age_)
        return np.asarray(here + np.logaddexp(0, self._log_odds_left(x, last, age_)), float)

    def p_alive(self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Return the chance that each customer has not left yet, shape (n,).

        Source: note 009, eq. (36).
        """
        log_odds = self._log_odds_left(*checked(repeat_orders, recency, age))
        return np.asarray(1 / (1 + np.exp(np.minimum(log_odds, 700))), float)

    def _log_odds_left(self, x: FloatArray, recency: FloatArray, age: FloatArray) -> FloatArray:
        """Return the logarithm of the odds that each customer has left, shape of x."""
        r, alpha, s, beta = self

        def slow(count: FloatArray, last: FloatArray, until: FloatArray) -> FloatArray:
            here = (r + count) * np.log((alpha + last) / (alpha + until))
            here += s * np.log((beta + last) / (beta + until))
            parts = [log_left((r, alpha, s, beta), *block) for block in blocks(count, last, until)]
            return np.concatenate(parts) - here if parts else here

        return on_distinct(slow, x, recency, age)

    def orders_if_alive(
        self,
        repeat_orders: ArrayLike,
        age: ArrayLike,
        horizon: ArrayLike,
        stage: int = 0,  # noqa: ARG002 - orders at random have one
    ) -> FloatArray:
        """Return the orders expected within the horizon of a customer still here, shape (n,).

        Source: note 009, eq. (41).
        """
        r, alpha, s, beta = self
        x, age_, ahead = np.broadcast_arrays(
            np.asarray(repeat_orders, float), np.asarray(age, float), np.asarray(horizon, float)
        )
        return np.asarray((r + x) / (alpha + age_) * _time_alive(s, beta + age_, ahead), float)

    def drawn_orders(
        self,
        random: np.random.Generator,
        repeat_orders: FloatArray,
        recency: FloatArray,
        age: FloatArray,
        horizon: float,
    ) -> FloatArray:
        """Draw the orders of each customer within the horizon, shape (n,)."""
        count = np.zeros(repeat_orders.size)
        here = np.flatnonzero(random.random(count.size) < self.p_alive(repeat_orders, recency, age))
        x, since = repeat_orders[here], age[here]
        leaving = np.maximum(random.gamma(self.s, 1 / (self.beta + since)), 1 / LONGEST_LIFE)
        alive = np.minimum(random.exponential(1 / leaving), horizon)
        count[here] = random.poisson(random.gamma(self.r + x, alive / (self.alpha + since)))
        return count


def _time_alive(s: float, until: FloatArray, ahead: FloatArray) -> FloatArray:
    """Return the mean time alive of the next `ahead`, int (1 + w/until)^-s dw; s may be 1."""
    log_growth = np.log1p(ahead / until)
    if s == 1:
        return np.asarray(until * log_growth, float)
    return np.asarray(until * -np.expm1((1 - s) * log_growth) / (s - 1), float)
