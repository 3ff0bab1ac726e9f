"""BG/BB: orders at discrete occasions (yearly gifts, weekly visits), one at most per occasion.

While alive, a customer orders at each occasion with a chance from Beta(alpha, beta) and leaves
before each with a chance from Beta(gamma, delta).

Source: Fader, Hardie & Shang (2010), Customer-Base Analysis in a Discrete-Time Noncontractual
Setting, Marketing Science 29, 1086-1108.
"""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError, NotEnoughData
from xlclv.models.optimise import Fit, check_params, climb, std_errors, verdict
from xlclv.models.special import digamma, log_beta
from xlclv.models.summary import distinct
from xlclv.terms import FloatArray, numbers

NAME = "BG/BB"
LOW, HIGH = np.full(4, -9.0), np.full(4, 9.0)  # box of the logarithms


class BgBb(NamedTuple):
    """Parameters of BG/BB, all > 0.

    Args:
        alpha: First shape of the chance to order at an occasion.
        beta: Second shape: the mean chance is alpha / (alpha + beta).
        gamma: First shape of the chance to leave before an occasion.
        delta: Second shape: the mean chance is gamma / (gamma + delta).
    """

    alpha: float
    beta: float
    gamma: float
    delta: float

    def checked(self) -> Self:
        """Return these parameters, if all are above 0."""
        check_params(self)
        return self


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


class _Likelihood:
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
        return float(self.weight @ total), gradient * np.array(params)


def fit(
    repeat_orders: ArrayLike,
    last_occasion: ArrayLike,
    occasions: ArrayLike,
    counts: ArrayLike | None = None,
) -> Fit[BgBb]:
    """Fit the model by maximum likelihood.

    Args:
        repeat_orders: x, occasions with an order, whole, >= 0, shape (n,).
        last_occasion: t_x, number of the last occasion with an order, 0 if there is none.
        occasions: n, occasions the customer had.
        counts: Customers that each row stands for, shape (n,); left out: one.

    Raises:
        InputError: A row cannot be true.
        NotEnoughData: Nobody ordered at any occasion.

    Source: Fader, Hardie & Shang (2010), eq. (6).

    >>> fit([0, 1, 2, 3], [0, 1, 3, 3], [3, 3, 3, 3], [60, 20, 20, 30]).converged
    True
    """
    given = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(g)) for g in (repeat_orders, last_occasion, occasions))
    )
    _checked(*given)
    rows = distinct(*given)
    weight = rows.weight(counts)
    histories = _checked(*rows.columns)
    n, again = float(weight.sum()), float(weight[histories[0] > 0].sum())
    if not again:
        raise NotEnoughData("nobody_ordered_twice")
    peak = climb(_Likelihood(histories, weight / n), np.zeros(4), LOW, HIGH, n)
    params = np.exp(peak.logs)
    return Fit(
        NAME,
        BgBb(*params.tolist()),
        BgBb(*std_errors(peak, params).tolist()),
        peak.covariance,
        peak.mean * n,
        round(n),
        peak.converged,
        verdict(peak, again),
    )


def log_likelihood(
    params: BgBb, repeat_orders: ArrayLike, last_occasion: ArrayLike, occasions: ArrayLike
) -> FloatArray:
    """Return the log-likelihood of each customer, shape (n,)."""
    x, last, n = map(np.atleast_1d, _checked(repeat_orders, last_occasion, occasions))
    terms = _log_terms(params.checked(), x, *_terms(last, n))
    return np.asarray(np.logaddexp.reduce(terms, axis=1), float)


def p_alive(
    params: BgBb, repeat_orders: ArrayLike, last_occasion: ArrayLike, occasions: ArrayLike
) -> FloatArray:
    """Return the chance that each customer is alive at the next occasion, shape (n,).

    Source: Fader, Hardie & Shang (2010), eq. (11).
    """
    n = np.asarray(occasions, float)
    here = np.exp(_log_here(params, repeat_orders, last_occasion, n))
    return here * _stays(params, n, 1)[:, 0]


def _log_here(
    params: BgBb, repeat_orders: ArrayLike, last_occasion: ArrayLike, occasions: ArrayLike
) -> FloatArray:
    """Return the log chance of having been alive at the last of the occasions, shape (n,)."""
    x, last, n = map(np.atleast_1d, _checked(repeat_orders, last_occasion, occasions))
    terms = _log_terms(params.checked(), x, *_terms(last, n))
    return np.asarray(terms[:, 0] - np.logaddexp.reduce(terms, axis=1), float)


def _stays(params: BgBb, occasions: FloatArray, ahead: int) -> FloatArray:
    """Return the chance to live through 1, 2, ... further occasions, shape (n, ahead)."""
    lived = params.delta + np.atleast_1d(occasions)[:, None] + np.arange(ahead)
    return np.asarray(np.cumprod(lived / (params.gamma + lived), axis=1), float)


def expected_orders(
    params: BgBb,
    repeat_orders: ArrayLike,
    last_occasion: ArrayLike,
    occasions: ArrayLike,
    ahead: int,
) -> FloatArray:
    """Return the orders expected of each customer in the next `ahead` occasions, shape (n,).

    Summed occasion by occasion, which has no fault at gamma = 1, unlike the closed form.

    Source: Fader, Hardie & Shang (2010), eq. (13).

    >>> given = BgBb(1.2035, 0.7497, 0.6567, 2.7834)
    >>> expected_orders(given, [0, 4], [0, 5], 6, 10).round(3)
    array([0.13 , 3.628])
    """
    here = np.exp(_log_here(params, repeat_orders, last_occasion, occasions))
    x, n = np.broadcast_arrays(np.asarray(repeat_orders, float), np.asarray(occasions, float))
    chance = (params.alpha + x) / (params.alpha + params.beta + n)
    return np.asarray(here * chance * _stays(params, n, ahead).sum(axis=1), float)


def expected_new(params: BgBb, ahead: int) -> FloatArray:
    """Return the orders expected of a new customer in the first 1 to `ahead` occasions.

    Source: Fader, Hardie & Shang (2010), eq. (8).

    >>> expected_new(BgBb(1.2035, 0.7497, 0.6567, 2.7834), 3).round(2)
    array([0.5 , 0.92, 1.3 ])
    """
    alpha, beta, _, _ = params.checked()
    stays = _stays(params, np.zeros(1), ahead)[0]
    return np.asarray(alpha / (alpha + beta) * np.cumsum(stays), float)
