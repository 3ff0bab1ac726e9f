"""MBG/NBD: as BG/NBD, but a customer may leave after the first order too.

For shops with many one-time buyers, whom BG/NBD calls alive for ever.

Source: Batislam, Denizel & Filiztekin (2007), Empirical validation and comparison of models for
customer base analysis, International Journal of Research in Marketing 24, 201-209; Hoppe &
Wagner (2007), Marketing - Journal of Research and Management 3, 75-90 (there: CBG/NBD).
"""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.models import beta_geometric as shared
from xlclv.models.beta_geometric import BetaGeometric
from xlclv.models.optimise import Fit
from xlclv.models.summary import checked
from xlclv.terms import FloatArray, numbers

NAME = "MBG/NBD"
FIRST = 1  # a customer may leave after the first order
MbgNbd = BetaGeometric


def fit(
    repeat_orders: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    counts: ArrayLike | None = None,
) -> Fit[BetaGeometric]:
    """Fit the model by maximum likelihood.

        L = G(r+x) alpha^r / G(r) * B(a, b+x+1) / B(a, b)
            * [(alpha+T)^-(r+x) + a / (b+x) (alpha+t_x)^-(r+x)]

    Args:
        repeat_orders: x, orders after the first, whole, >= 0, shape (n,).
        recency: t_x, time from the first to the last order, shape (n,).
        age: T, time from the first order to the day of the data, shape (n,), any unit.
        counts: Customers that each row stands for, shape (n,); left out: one.

    Returns:
        The estimates with standard errors, log-likelihood, AIC and a verdict.

    Raises:
        InputError: A row cannot be true.
        NotEnoughData: Nobody ordered twice.

    >>> found = fit([2, 0, 1, 0, 5], [30, 0, 12, 0, 35], [39, 39, 38, 30, 37])
    >>> found.n, found.converged, found.verdict
    (5, True, 'thin')
    """
    return shared.fit_params(NAME, (repeat_orders, recency, age), counts, FIRST)


def log_likelihood(
    params: BetaGeometric, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
) -> FloatArray:
    """Return the log-likelihood of each customer, shape (n,)."""
    return shared.log_likelihood(params, (repeat_orders, recency, age), FIRST)


def p_alive(
    params: BetaGeometric, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
) -> FloatArray:
    """Return the chance that each customer has not left yet, shape (n,).

    >>> round(float(p_alive(MbgNbd(0.525, 6.183, 0.891, 1.614), 0, 0, 38.86)), 4)
    0.3897
    """
    return shared.alive(params.checked(), *checked(repeat_orders, recency, age), FIRST)


def orders_if_alive(
    params: BetaGeometric, repeat_orders: ArrayLike, age: ArrayLike, horizon: ArrayLike
) -> FloatArray:
    """Return the orders expected within the horizon of a customer who is still here, shape (n,)."""
    return shared.orders_if_alive(params, repeat_orders, age, horizon, FIRST)


def expected_orders(
    params: BetaGeometric,
    repeat_orders: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    horizon: ArrayLike,
) -> FloatArray:
    """Return the orders expected of each customer within the horizon, shape (n,).

    Args:
        params: Of the fit.
        repeat_orders: x, shape (n,) or one number, as all arguments.
        recency: t_x.
        age: T.
        horizon: How far ahead, >= 0, in the unit of age.

    >>> given = MbgNbd(0.525, 6.183, 0.891, 1.614)
    >>> round(float(expected_orders(given, 2, 30.43, 38.86, 39)), 2)
    1.26
    """
    return shared.expected_orders(params, (repeat_orders, recency, age), horizon, FIRST)


def expected_new(params: BetaGeometric, horizon: ArrayLike) -> FloatArray:
    """Return the repeat orders expected of a new customer within the horizon, shape (n,)."""
    (ahead,) = numbers(time_ahead=horizon)
    stays = params.checked().b / (params.a + params.b)
    return stays * shared.orders_if_alive(params, 0.0, 0.0, ahead, FIRST)


def probability(params: BetaGeometric, repeat_orders: ArrayLike, horizon: ArrayLike) -> FloatArray:
    """Return the chance of exactly that many repeat orders of a new customer, shape (n,)."""
    (x,) = numbers(repeat_orders=repeat_orders)
    (ahead,) = numbers(time_ahead=horizon)
    return shared.orders_by_number(params, np.asarray(x), ahead, FIRST)
