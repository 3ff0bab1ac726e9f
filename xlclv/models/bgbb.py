"""BG/BB: orders at discrete occasions (yearly gifts, weekly visits), one at most per occasion.

While alive, a customer orders at each occasion with a chance from Beta(alpha, beta) and leaves
before each with a chance from Beta(gamma, delta).

Source: Fader, Hardie & Shang (2010), Customer-Base Analysis in a Discrete-Time Noncontractual
Setting, Marketing Science 29, 1086-1108.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError, NotEnoughData
from xlclv.models.histories import distinct
from xlclv.models.model import Fit, OrderModel, fitted
from xlclv.models.optimise import climb, start_from
from xlclv.models.special import digamma, log_beta
from xlclv.terms import FloatArray, numbers

SMALLEST_CHANCE = 1e-12  # to leave before an occasion: nobody has so many
LOW, HIGH = np.full(4, -9.0), np.full(4, 9.0)  # box of the logarithms


@dataclass(frozen=True, slots=True)
class BgBb(OrderModel):
    """Parameters of BG/BB, all > 0.

    Time is counted in occasions: recency is the number of the last occasion with an order, 0 if
    there is none; age is how many occasions the customer had; a horizon is whole occasions.

    Args:
        alpha: First shape of the chance to order at an occasion.
        beta: Second shape: the mean chance is alpha / (alpha + beta).
        gamma: First shape of the chance to leave before an occasion.
        delta: Second shape: the mean chance is gamma / (gamma + delta).

    >>> BgBb.fit([0, 1, 2, 3], [0, 1, 3, 3], [3, 3, 3, 3], [60, 20, 20, 30]).converged
    True
    >>> BgBb(1.2035, 0.7497, 0.6567, 2.7834).expected_orders([0, 4], [0, 5], 6, 10).round(3)
    array([0.13 , 3.628])
    """

    NAME = "BG/BB"

    alpha: float
    beta: float
    gamma: float
    delta: float

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

        Raises:
            InputError: A row cannot be true.
            NotEnoughData: Nobody ordered at any occasion.

        Source: Fader, Hardie & Shang (2010), eq. (6).
        """
        given = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(column)) for column in (repeat_orders, recency, age))
        )
        _checked(*given)
        rows = distinct(*given)
        weight = rows.weight(counts)
        histories = _checked(*rows.columns)
        n, again = float(weight.sum()), float(weight[histories[0] > 0].sum())
        if not again:
            raise NotEnoughData("nobody_ordered_twice")
        peak = climb(
            Likelihood(histories, weight / n),
            start_from(np.ones(4), near),
            *(LOW, HIGH, n),
        )
        return fitted(cls(*np.exp(peak.logs).tolist()), peak, n, again)

    def log_likelihood(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> FloatArray:
        """Return the log-likelihood of each customer, shape (n,)."""
        x, last, n = map(np.atleast_1d, _checked(repeat_orders, recency, age))
        return np.asarray(np.logaddexp.reduce(_log_terms(self, x, *_terms(last, n)), axis=1), float)

    def p_alive(self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Return the chance that each customer is alive at the next occasion, shape (n,).

        Source: Fader, Hardie & Shang (2010), eq. (11).
        """
        x, last, n = _checked(repeat_orders, recency, age)
        terms = _log_terms(self, np.atleast_1d(x), *_terms(np.atleast_1d(last), np.atleast_1d(n)))
        here = np.exp(terms[:, 0] - np.logaddexp.reduce(terms, axis=1)).reshape(n.shape)
        return np.asarray(here * (self.delta + n) / (self.gamma + self.delta + n), float)

    def orders_if_alive(
        self,
        repeat_orders: ArrayLike,
        age: ArrayLike,
        horizon: ArrayLike,
        stage: int = 0,  # noqa: ARG002 - orders at random have one
    ) -> FloatArray:
        """Return the orders expected in the next occasions if alive at the first, shape (n,).

        Summed occasion by occasion, which has no fault at gamma = 1, unlike the closed form.

        Source: Fader, Hardie & Shang (2010), eq. (13).
        """
        (ahead,) = numbers(occasions=horizon)
        x, n, ahead = np.broadcast_arrays(
            np.asarray(repeat_orders, float), np.asarray(age, float), ahead
        )
        chance = (self.alpha + x) / (self.alpha + self.beta + n)
        occasions, place = np.unique(n, return_inverse=True)
        lived = self._lived(occasions, int(ahead.max(initial=0)))
        return np.asarray(chance * lived[place.reshape(n.shape), ahead.astype(int)], float)

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
        x, n = repeat_orders[here], age[here]
        leave = np.maximum(random.beta(self.gamma, self.delta + n + 1), SMALLEST_CHANCE)
        lived = np.minimum(random.geometric(leave), int(horizon))
        count[here] = random.binomial(lived, random.beta(self.alpha + x, self.beta + n - x))
        return count

    def _lived(self, occasions: FloatArray, most: int) -> FloatArray:
        """Return the occasions lived of the next 0, 1, ... if alive at the first.

        Shape (n, most + 1).
        """
        later = self.delta + occasions[:, None] + np.arange(1, most)
        stays = np.ones((occasions.size, most))
        stays[:, 1:] = np.cumprod(later / (self.gamma + later), axis=1)
        return np.concatenate([np.zeros((occasions.size, 1)), np.cumsum(stays, axis=1)], axis=1)


Histories = tuple[FloatArray, FloatArray, FloatArray]


def _checked(repeat_orders: ArrayLike, last_occasion: ArrayLike, occasions: ArrayLike) -> Histories:
    """Return orders, last occasion and occasions as arrays of one shape, if they can be true."""
    (x,) = numbers(repeat_orders=repeat_orders)
    last, n = np.asarray(last_occasion, float), np.asarray(occasions, float)
    x, last, n = np.broadcast_arrays(x, last, n)
    whole = (last == np.floor(last)) & (n == np.floor(n))
    true = whole & (x <= last) & (last <= n) & ((x > 0) | (last == 0))
    if not true.all():
        rows = ~true if true.ndim else None
        raise InputError("bad_occasions", rows=rows, name="last_occasion", value=last)
    return x, last, n


def _terms(last: FloatArray, n: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return (lived, possible): occasions lived through in each possible history, shape (n, k).

    The first column is a customer still here, the others one who left after `last` + i.
    """
    most = int((n - last).max(initial=0))
    steps = np.arange(most)
    lived = np.column_stack([n, last[:, None] + steps])
    possible = np.column_stack([np.ones(n.size, bool), steps < (n - last)[:, None]])
    return np.where(possible, lived, n[:, None]), possible


def _log_terms(params: BgBb, x: FloatArray, lived: FloatArray, possible: FloatArray) -> FloatArray:
    """Return the log-likelihood of each possible history, shape of lived."""
    alpha, beta, gamma, delta = params
    left = np.ones(lived.shape[1])
    left[0] = 0.0  # still here
    count = x[:, None]
    value = log_beta(alpha + count, beta + lived - count) - log_beta(alpha, beta)
    value = value + log_beta(gamma + left, delta + lived) - log_beta(gamma, delta)
    return np.where(possible, value, -np.inf)


class Likelihood:
    """The mean log-likelihood of weighted histories as a function of log parameters."""

    def __init__(self, histories: Histories, weight: FloatArray) -> None:
        self.x, self.weight = histories[0], weight
        self.lived, self.possible = _terms(*histories[1:])

    def __call__(self, logs: FloatArray) -> tuple[float, FloatArray]:
        """Return the mean log-likelihood and its gradient in the logarithms."""
        params = BgBb(*np.exp(logs).tolist())
        terms = _log_terms(params, self.x, self.lived, self.possible)
        total = np.logaddexp.reduce(terms, axis=1)
        share = np.exp(terms - total[:, None]) * self.weight[:, None]
        alpha, beta, gamma, delta = params
        x, lived = self.x[:, None], self.lived
        left = np.ones(lived.shape[1])
        left[0] = 0.0
        orders = digamma(alpha + beta) - digamma(alpha + beta + lived)
        stays = digamma(gamma + delta) - digamma(gamma + delta + lived + left)
        slopes = (
            orders + digamma(alpha + x) - digamma(alpha),
            orders + digamma(beta + lived - x) - digamma(beta),
            stays + digamma(gamma + left) - digamma(gamma),
            stays + digamma(delta + lived) - digamma(delta),
        )
        gradient = np.array([(share * slope).sum() for slope in slopes])
        return float(self.weight @ total), gradient * np.exp(logs)
