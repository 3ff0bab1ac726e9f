"""BG/CNBD-k and MBG/CNBD-k: regular orders, a chance to leave after an order.

As BG/NBD and MBG/NBD, but the gap between two orders is the sum of k stages, each of which ends
at random, at a rate from Gamma(r, alpha): an Erlang distribution of shape k. With k = 1 they are
BG/NBD and MBG/NBD; the larger k, the more regular the orders and the sooner silence means a
farewell. The whole number k is the one the orders are likeliest with.

Of a customer still here, `stage` is how many stages of the next order are over: the past gap tells.

Source: Reutterer, Platzer & Schröder (2021), Leveraging purchase regularity for predicting customer
behavior the easy way, International Journal of Research in Marketing 38, 194-215.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlclv.errors import InputError
from xlclv.models.histories import checked
from xlclv.models.model import Fit, OrderModel, fitted
from xlclv.models.optimise import climb, start_from
from xlclv.models.regular_likelihood import Histories, Likelihood, log_left, of_gaps
from xlclv.models.special import beta_share, log_beta, log_gamma
from xlclv.terms import FloatArray
from xlclv.words import word

LOW = np.array([-12.0, -14.0, -12.0, -12.0])  # box of log r, log alpha / r, log a, log b
HIGH = np.array([9.0, 18.0, 9.0, 9.0])
# From log r and log alpha / r to log r and log alpha.
TURN = np.eye(4) + np.diag([1.0, 0, 0], -1)
NOBODY_LEAVES = 1e-3
STAGES = (1, 2, 3, 4, 5, 6, 8, 12, 16, 24)  # with 24 a gap varies by a fifth of its length
NODES = 48  # of the interpolation over the horizon
TERMS, MOST_TERMS = 32, 65536
SMALLEST_CHANCE = 1e-12  # to leave after an order: nobody makes so many
SMALLEST = 1e-16  # of a sum: below the digits of a float


@dataclass(frozen=True, slots=True)
class Regular(OrderModel):
    """Parameters of BG/CNBD-k and MBG/CNBD-k, all > 0.

    Args:
        r: Shape of the rate of stages across customers.
        alpha: Its scale, in the unit of age: the mean gap of a rate is k alpha / r.
        a: First shape of the chance to leave after an order.
        b: Second shape: the mean chance is a / (a + b).
        k: Stages of a gap, whole.
    """

    FIRST: ClassVar[int]

    r: float
    alpha: float
    a: float
    b: float
    k: float

    def __post_init__(self) -> None:
        """Refuse what no model can have."""
        OrderModel.__post_init__(self)
        if self.k != int(self.k):
            expected = word("expected.whole")
            raise InputError("not_whole", name="k", value=self.k, expected=expected, hint="")

    @property
    def stages(self) -> int:
        """Return k."""
        return int(self.k)

    @classmethod
    def fit(
        cls,
        repeat_orders: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        counts: ArrayLike | None = None,
        near: Self | None = None,
        log_gaps: ArrayLike | None = None,
    ) -> Fit[Self]:
        """Fit by maximum likelihood, with the likeliest k.

        Args:
            repeat_orders: x, whole, >= 0, shape (n,).
            recency: t_x, shape (n,).
            age: T, shape (n,), any unit.
            counts: Customers that each row stands for, shape (n,); left out: one.
            near: Parameters of similar data, to start from: k is sought from theirs on.
            log_gaps: Sum of the logarithms of all gaps of the customers of the row, shape (n,);
                left out: k is told by the sum of each customer's gaps alone, which is less sure.

        Returns:
            The estimates; the error of k is NaN. The log-likelihood compares with those of
            BG/NBD, MBG/NBD and Pareto/NBD.

        Raises:
            InputError: A row cannot be true.
            NotEnoughData: Nobody ordered twice.
        """
        data = Histories.of(repeat_orders, recency, age, counts, log_gaps)
        at = 0 if near is None or near.k not in STAGES else STAGES.index(int(near.k))
        best = cls._fit(data, STAGES[at], near)
        for way in (STAGES[at + 1 :], STAGES[:at][::-1]):
            start = best
            for k in way:
                found = cls._fit(data, k, best.params)
                if not found.log_likelihood > best.log_likelihood:
                    break
                best = found
            if best is not start:
                break
        return best

    @classmethod
    def fit_with(
        cls,
        k: int,
        repeat_orders: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        counts: ArrayLike | None = None,
        near: Self | None = None,
        log_gaps: ArrayLike | None = None,
    ) -> Fit[Self]:
        """Fit with a given k; see `fit`."""
        return cls._fit(Histories.of(repeat_orders, recency, age, counts, log_gaps), k, near)

    @classmethod
    def _fit(cls, data: "Histories", k: int, near: Self | None = None) -> Fit[Self]:
        """Fit with a given k, from the peak of another k where that is known."""
        likelihood = Likelihood(data.x, data.recency, data.age, data.weight / data.n, k, cls.FIRST)
        known = None
        if near is not None:  # the gaps stay as long on average
            scale = near.alpha / near.r * near.k / k / data.unit
            known = near.r, scale, near.a, near.b
        start = start_from((k, 0.3 / k, 1.0, 1.0), known)
        peak = climb(likelihood, start, LOW, HIGH, data.n, TURN)
        r, alpha, a, b = np.exp(peak.logs).tolist()
        noted = "all_alive" if a / (a + b) < NOBODY_LEAVES else ""
        params = cls(r, alpha * data.unit, a, b, float(k))
        return fitted(params, peak, data.n, data.repeaters, noted, data.constant(k))

    def log_likelihood(
        self,
        repeat_orders: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        log_gaps: ArrayLike | None = None,
    ) -> FloatArray:
        """Return the log-likelihood of each customer, shape (n,)."""
        r, alpha, a, b, k = self
        x, last, age_ = checked(repeat_orders, recency, age)
        shape = r + k * x
        value = log_gamma(shape) - log_gamma(r) + r * np.log(alpha) - shape * np.log(alpha + last)
        value += log_beta(a, b + x + self.FIRST) - log_beta(a, b)
        value += of_gaps(k, x, last, log_gaps)
        return np.asarray(value + np.logaddexp(*self._log_here_and_left(x, last, age_)), float)

    def p_alive(self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Return the chance that each customer has not left yet, shape (n,)."""
        here, left = self._log_here_and_left(*checked(repeat_orders, recency, age))
        return np.asarray(1 / (1 + np.exp(np.minimum(left - here, 700))), float)

    def _log_here_and_left(
        self, x: FloatArray, recency: FloatArray, age: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return the log weights of being here at T and of having left at t_x, shape (n,).

        The chance that k stages last longer than T - t_x is, with q = (alpha + t_x) / (alpha + T)
        and R = r + k x, q^R times the sum over j < k of (R)_j / j! (1 - q)^j.
        """
        shape = self.r + self.k * x
        stages = self._stage_weights(shape, (age - recency) / (self.alpha + age)).sum(axis=0)
        here = shape * np.log((self.alpha + recency) / (self.alpha + age)) + np.log(stages)
        return here, log_left(self.a, self.b + x + self.FIRST - 1, x + self.FIRST > 0)

    def _stage_weights(self, shape: FloatArray, silent: FloatArray) -> FloatArray:
        """Return (R)_j / j! (1 - q)^j for j = 0, 1, ..., shape (k, n)."""
        weights = np.ones((self.stages, *shape.shape))
        for j in range(1, self.stages):
            weights[j] = weights[j - 1] * (shape + j - 1) / j * silent
        return weights

    def stage_chances(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> FloatArray:
        """Return the chances that 0, 1, ... stages of the next order are over, shape (k, n)."""
        x, last, age_ = checked(repeat_orders, recency, age)
        weights = self._stage_weights(self.r + self.k * x, (age_ - last) / (self.alpha + age_))
        return np.asarray(weights / weights.sum(axis=0), float)

    def orders_if_alive(
        self, repeat_orders: ArrayLike, age: ArrayLike, horizon: ArrayLike, stage: int = 0
    ) -> FloatArray:
        """Return the orders expected within the horizon of a customer still here, shape (n,).

        Sum over n of the chance that nk - j stages end in time, I_z(nk - j, R + j) with
        z = h / (alpha + T + h), times the chance to stay n - 1 times. For a given x this is a
        smooth function of log(1 + h / (alpha + T)), interpolated where it is asked often.
        """
        x, age_, ahead = np.broadcast_arrays(
            *(np.asarray(each, float) for each in (repeat_orders, age, horizon))
        )
        far = np.log1p(ahead / (self.alpha + age_))
        kinds, place, size = np.unique(x, return_inverse=True, return_counts=True)
        place = place.reshape(x.shape)
        often = size[place] > NODES
        result = np.zeros(x.shape)
        result[often] = self._interpolated(kinds, place[often], far[often], stage)
        result[~often] = self._summed(x[~often], far[~often], stage)
        return result

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
        x, last, since = repeat_orders[here], recency[here], age[here]
        chances = self.stage_chances(x, last, since)
        stage = (random.random(here.size) > np.cumsum(chances, axis=0)).sum(axis=0)
        stage = np.minimum(stage, self.stages - 1)
        shape = self.r + self.k * x + stage
        due = (
            stage + random.poisson(random.gamma(shape, horizon / (self.alpha + since)))
        ) // self.k
        leave = np.maximum(random.beta(self.a, self.b + x + self.FIRST), SMALLEST_CHANCE)
        count[here] = np.minimum(due, random.geometric(leave))
        return count

    def _interpolated(
        self, kinds: FloatArray, place: NDArray[np.intp], far: FloatArray, stage: int
    ) -> FloatArray:
        """Read the orders off a polynomial in `far` for each x, kinds[place] of each row."""
        used, row = np.unique(place, return_inverse=True)
        top = np.full(used.size, 1e-12)
        np.maximum.at(top, row, far)
        angles = np.pi * (np.arange(NODES) + 0.5) / NODES
        at = (np.cos(angles) + 1) / 2 * top[:, None]
        values = self._summed(np.repeat(kinds[used], NODES), at.ravel(), stage)
        series = values.reshape(at.shape) @ np.cos(np.outer(angles, np.arange(NODES)))
        series *= np.where(np.arange(NODES), 2, 1) / NODES
        # Chebyshev's series by Clenshaw's rule, all rows at once.
        u = 2 * far / top[row] - 1
        last = before = np.zeros(far.shape)
        for column in series.T[:0:-1]:
            last, before = column[row] + 2 * u * last - before, last
        orders: FloatArray = np.maximum(series[:, 0][row] + u * last - before, 0.0)
        return orders

    def _summed(self, x: FloatArray, far: FloatArray, stage: int) -> FloatArray:
        """Sum over n, a block of terms at a time, for as long as the last one counts."""
        z, shape = -np.expm1(-far)[:, None], (self.r + self.k * x + stage)[:, None]
        stays = (self.b + x + self.FIRST)[:, None]
        stayed_once = log_beta(self.a, stays)
        total, going = np.zeros(far.shape), np.arange(far.size)
        for start in range(1, MOST_TERMS, TERMS):
            n = np.arange(start, start + TERMS)
            log_stay = log_beta(self.a, stays[going] + n - 1) - stayed_once[going]
            in_time = beta_share(n * self.k - stage, shape[going], z[going])
            parts = in_time * np.exp(log_stay)
            total[going] += parts.sum(axis=1)
            going = going[parts[:, -1] > SMALLEST * total[going]]
            if not going.size:
                break
        return total


@dataclass(frozen=True, slots=True)
class BgCnbd(Regular):
    """Parameters of BG/CNBD-k: nobody leaves before the second order."""

    NAME = "BG/CNBD-k"
    FIRST = 0


@dataclass(frozen=True, slots=True)
class MbgCnbd(Regular):
    """Parameters of MBG/CNBD-k: a customer may leave after the first order too.

    >>> every_month = MbgCnbd.fit([11, 12, 5] * 9, [335, 360, 152] * 9, [350, 370, 360] * 9).params
    >>> every_month.k > 6, (every_month.p_alive([11, 5], [335, 152], [350, 360]) > 0.5).tolist()
    (True, [True, False])
    """

    NAME = "MBG/CNBD-k"
    FIRST = 1
