"""Pareto/NBD: orders at random while alive, an unseen end at any time.

While alive, a customer orders at a rate from Gamma(r, alpha) and leaves at a rate from
Gamma(s, beta). What the published closed forms need four hypergeometric functions for is one
integral over the unknown day on which the customer left,

    s int_{t_x}^{T} (alpha + w)^-(r+x) (beta + w)^-(s+1) dw,

whose integrand is positive and smooth. Integrating it by Gauss-Legendre in logarithms neither
overflows (x >= 132 in other programs) nor subtracts two close numbers, and gives the exact
gradient along the way.

Source: Schmittlein, Morrison & Colombo (1987), Management Science 33, 1-24; Fader & Hardie
(2005), A Note on Deriving the Pareto/NBD Model, note 009.
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import NotEnoughData
from xlclv.models.histories import blocks, checked, on_distinct, tuples
from xlclv.models.model import Fit, OrderModel, fitted
from xlclv.models.optimise import USUAL, climb, start_from
from xlclv.models.special import digamma, log_gamma
from xlclv.terms import FloatArray

# Box of log r, log alpha, log s, log beta; alpha and beta of the mean age.
LOW = np.array([-12.0, -14.0, -12.0, -14.0])
HIGH = np.array([9.0, 18.0, 9.0, 18.0])
NODES = 40
LONGEST_LIFE = 1e12  # mean, in the unit of age
DROPPED = 38.0  # e^-38 is below the digits of a float: the integral ends there
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
            parts = [_left(self, *block).log for block in blocks(count, last, until)]
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


# --- the integral -----------------------------------------------------------------------------


@cache
def _rule() -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights of Gauss-Legendre on 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return (nodes + 1) / 2, weights / 2


class _Left(NamedTuple):
    """Chance to have left between t_x and T, against being here at t_x, and its parts.

    Args:
        log: Logarithm of s int ((alpha+t_x)/(alpha+w))^(r+x) ((beta+t_x)/(beta+w))^s dw/(beta+w).
        slopes: Its derivatives to r, alpha, s, beta, each of shape (n,).
    """

    log: FloatArray
    slopes: tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def _left(params: ParetoNbd, x: FloatArray, recency: FloatArray, age: FloatArray) -> _Left:
    """Integrate over u = log((c + w) / (c + t_x)), c the smaller of alpha and beta.

    So the integrand is resolved on the shorter of its two scales, however far apart they are;
    the far end is cut where nothing is left of it.
    """
    r, alpha, s, beta = params
    nodes, weights = _rule()
    shape = r + x
    a_first = alpha <= beta
    near, far = (alpha, beta) if a_first else (beta, alpha)
    near_power, far_power = (shape, s + 1) if a_first else (s + 1 + 0 * x, shape)
    since_near, since_far = near + recency, far + recency
    end = np.log1p((age - recency) / since_near)
    end = _cut(end, near_power, far_power, since_near / since_far)
    u = end[:, None] * nodes
    later = since_near[:, None] * np.expm1(u)  # w - t_x
    log_far = np.log1p(later / since_far[:, None])
    terms = weights * np.exp((1 - near_power)[:, None] * u - _column(far_power) * log_far)
    total = terms.sum(axis=1)
    with np.errstate(divide="ignore"):  # nothing between t_x and T: log 0
        log = np.log(s / (beta + recency) * since_near * end * total)
    mean = terms / np.where(total > 0, total, 1)[:, None]
    mean_near = (mean * u).sum(axis=1), (mean / (since_near[:, None] + later)).sum(axis=1)
    mean_far = (mean * log_far).sum(axis=1), (mean / (since_far[:, None] + later)).sum(axis=1)
    of_a, of_b = (mean_near, mean_far) if a_first else (mean_far, mean_near)
    of_alpha = shape * (1 / (alpha + recency) - of_a[1])
    of_beta = s / (beta + recency) - (s + 1) * of_b[1]
    return _Left(log, (-of_a[0], of_alpha, 1 / s - of_b[0], of_beta))


def _column(power: FloatArray | float) -> FloatArray | float:
    return power[:, None] if isinstance(power, np.ndarray) else power


def _cut(
    end: FloatArray, near_power: FloatArray, far_power: FloatArray | float, ratio: FloatArray
) -> FloatArray:
    """Return where either factor of the integrand has fallen by e^-38, at most `end`."""
    cut = np.minimum(end, DROPPED / np.maximum(near_power - 1, 1e-9))
    # du brings e^u in, which a near power below 1 does not make up for.
    needed = (DROPPED + np.maximum(1 - near_power, 0) * cut) / far_power
    return np.minimum(cut, np.log1p(np.expm1(np.minimum(needed, 600)) / ratio))


# --- likelihood -------------------------------------------------------------------------------


class Likelihood:
    """The mean log-likelihood of weighted tuples as a function of log parameters."""

    def __init__(
        self, x: FloatArray, recency: FloatArray, age: FloatArray, weight: FloatArray
    ) -> None:
        self.blocks = blocks(x, recency, age, weight)
        self.kinds, place = np.unique(x, return_inverse=True)
        self.of_kind = np.bincount(place, weight)

    def __call__(self, logs: FloatArray) -> tuple[float, FloatArray]:
        """Return the mean log-likelihood and its gradient in the logarithms."""
        params = ParetoNbd(*np.exp(logs).tolist())
        r, kinds, of_kind = params.r, self.kinds, self.of_kind
        value = float(of_kind @ (log_gamma(r + kinds) - log_gamma(r)))
        slope = np.zeros(4)
        slope[0] = of_kind @ (digamma(r + kinds) - digamma(r))
        for block in self.blocks:
            part, part_slope = _of_times(params, *block)
            value, slope = value + part, slope + part_slope
        return value, slope * np.exp(logs)


def _of_times(
    params: ParetoNbd, x: FloatArray, recency: FloatArray, age: FloatArray, weight: FloatArray
) -> tuple[float, FloatArray]:
    """Add up being here at T and having left before, relative to being here at t_x."""
    r, alpha, s, beta = params
    shape = r + x
    since_a, until_a = alpha + recency, alpha + age
    since_b, until_b = beta + recency, beta + age
    ratio_a, ratio_b = np.log(since_a / until_a), np.log(since_b / until_b)
    here = shape * ratio_a + s * ratio_b
    left = _left(params, x, recency, age)
    total = np.logaddexp(here, left.log)
    share_here = weight * np.exp(here - total)
    share_left = weight * np.exp(left.log - total)
    value = weight @ (
        total + r * np.log(alpha / since_a) - x * np.log(since_a) + s * np.log(beta / since_b)
    )
    of_here = (
        ratio_a,
        shape * (1 / since_a - 1 / until_a),
        ratio_b,
        s * (1 / since_b - 1 / until_b),
    )
    of_base = (
        np.log(alpha / since_a),
        r / alpha - shape / since_a,
        np.log(beta / since_b),
        s / beta - s / since_b,
    )
    slopes = [
        share_here @ part + share_left @ gone + weight @ base
        for part, gone, base in zip(of_here, left.slopes, of_base, strict=True)
    ]
    return float(value), np.array(slopes)
