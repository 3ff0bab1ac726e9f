"""The likelihood of regular orders: see `regular` for the model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import NotEnoughData
from xlclv.models.histories import blocks, tuples
from xlclv.models.special import digamma, log_beta, log_gamma
from xlclv.terms import BoolArray, FloatArray


def of_gaps(k: float, x: FloatArray, recency: FloatArray, log_gaps: ArrayLike | None) -> FloatArray:
    """Return the factors of the gaps themselves, next to those of k = 1, shape (n,).

    Product of gap^(k-1) / G(k); where the gaps are not known, the same of their sum t_x.
    """
    if log_gaps is not None:
        return np.asarray((k - 1) * np.asarray(log_gaps, float) - x * log_gamma(k), float)
    again = np.maximum(x, 1)
    logs = np.log(np.where(x > 0, recency, 1))
    value = (k - 1) * x * logs - log_gamma(k * again) + log_gamma(again)
    return np.where(x > 0, value, 0.0)


@dataclass(frozen=True, slots=True)
class Histories:
    """The distinct histories, times in units of the mean age."""

    x: FloatArray
    recency: FloatArray
    age: FloatArray
    weight: FloatArray
    unit: float
    log_gaps: float | None

    @classmethod
    def of(
        cls,
        repeat_orders: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        counts: ArrayLike | None,
        log_gaps: ArrayLike | None,
    ) -> "Histories":
        """Check and compress; see `regular.Regular.fit`."""
        x, last, age_, weight = tuples(repeat_orders, recency, age, counts)
        if not weight[x > 0].sum():
            raise NotEnoughData("nobody_ordered_twice")
        unit = float((weight * age_).sum() / weight.sum())
        total = None if log_gaps is None else float(np.sum(log_gaps))
        return cls(x, last / unit, age_ / unit, weight, unit, total)

    @property
    def n(self) -> float:
        """Return how many customers there are."""
        return float(self.weight.sum())

    @property
    def repeaters(self) -> float:
        """Return how many of them ordered again."""
        return float(self.weight[self.x > 0].sum())

    def constant(self, k: int) -> float:
        """Return what the log-likelihood of all has besides the parameters."""
        orders = float((self.weight * self.x).sum())
        in_units = -k * orders * float(np.log(self.unit))
        if self.log_gaps is not None:
            return in_units + (k - 1) * self.log_gaps - orders * float(log_gamma(k))
        return in_units + float(self.weight @ of_gaps(k, self.x, self.recency * self.unit, None))


class Likelihood:
    """The mean log-likelihood of weighted histories as a function of log r, alpha, a, b."""

    def __init__(
        self,
        x: FloatArray,
        recency: FloatArray,
        age: FloatArray,
        weight: FloatArray,
        k: int,
        first: int,
    ) -> None:
        self.k, self.first = k, first
        self.kinds, place = np.unique(x, return_inverse=True)
        self.of_kind = np.bincount(place, weight)
        self.blocks = blocks(x, recency, age, weight)

    def __call__(self, logs: FloatArray) -> tuple[float, FloatArray]:
        """Return the mean log-likelihood and its gradient in the logarithms."""
        params = np.exp(logs)
        value, slope = self._of_counts(*params)
        for block in self.blocks:
            part, part_slope = self._of_times(params, *block)
            value, slope = value + part, slope + part_slope
        return float(value), slope * params

    def _of_counts(self, r: float, alpha: float, a: float, b: float) -> tuple[float, FloatArray]:
        """Sum the factors that depend on the number of orders alone."""
        x, weight = self.kinds, self.of_kind
        shape, stays = r + self.k * x, b + x + self.first
        value = log_gamma(shape) - log_gamma(r) + r * np.log(alpha)
        value += log_beta(a, stays) - log_beta(a, b)
        both = digamma(a + b) - digamma(a + stays)
        slope = (
            weight @ (digamma(shape) - digamma(r) + np.log(alpha)),
            weight.sum() * r / alpha,
            weight @ both,
            weight @ (both + digamma(stays) - digamma(b)),
        )
        return float(weight @ value), np.array(slope)

    def _of_times(
        self,
        params: FloatArray,
        x: FloatArray,
        recency: FloatArray,
        age: FloatArray,
        weight: FloatArray,
    ) -> tuple[float, FloatArray]:
        """Add up being here still and having left, over the chance of being here at t_x."""
        r, alpha, a, b = params
        shape = r + self.k * x
        since, until = alpha + recency, alpha + age
        log_part, silent = np.log(since / until), (age - recency) / until
        # The stages that may be over: their sum and its slopes to the shape and to alpha.
        term, stages = np.ones(x.shape), np.ones(x.shape)
        harmonic, by_shape, by_alpha = np.zeros(x.shape), np.zeros(x.shape), np.zeros(x.shape)
        for j in range(1, self.k):
            harmonic += 1 / (shape + j - 1)
            term *= (shape + j - 1) / j * silent
            stages += term
            by_shape += term * harmonic
            by_alpha -= term * (j / until)
        log_here = shape * log_part + np.log(stages)
        log_gone = log_left(a, b + x + self.first - 1, x + self.first > 0)
        total = np.logaddexp(log_here, log_gone)
        here, left = weight * np.exp(log_here - total), weight * np.exp(log_gone - total)
        value = weight @ (total - shape * np.log(since))
        return float(value), np.array(
            [
                here @ (log_part + by_shape / stages) - weight @ np.log(since),
                here @ (shape * (1 / since - 1 / until) + by_alpha / stages)
                - (weight * shape) @ (1 / since),
                left.sum() / a,
                -(left @ np.exp(log_gone)) / a,
            ]
        )


def log_left(a: float, stayed: FloatArray, may_leave: BoolArray) -> FloatArray:
    """Return the log weight of having left after the last order, -inf where nobody can."""
    log_left = np.log(a / np.where(may_leave, stayed, 1.0))
    return np.where(may_leave, log_left, -np.inf)
