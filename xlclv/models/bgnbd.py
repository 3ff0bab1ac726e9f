"""BG/NBD: orders at random while alive, a chance to leave after every repeat order.

The usual model for an order log. Nobody leaves before the second order, so it calls a customer
with one order alive for ever; `mbgnbd` mends that.

Source: Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24,
275-284, and their note 004.
"""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.models import beta_geometric as shared
from xlclv.models.beta_geometric import BetaGeometric
from xlclv.models.optimise import Fit
from xlclv.models.summary import checked
from xlclv.terms import FloatArray, numbers

NAME = "BG/NBD"
FIRST = 0  # nobody leaves after the first order
BgNbd = BetaGeometric


def fit(
    repeat_orders: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    counts: ArrayLike | None = None,
) -> Fit[BetaGeometric]:
    """Fit the model by maximum likelihood.

        L = G(r+x) alpha^r / G(r) * B(a, b+x) / B(a, b)
            * [(alpha+T)^-(r+x) + a / (b+x-1) (alpha+t_x)^-(r+x) where x > 0]

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

    Source: note 004, eq. (6).

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
    """Return the chance that each customer has not left yet, shape (n,); 1 after one order.

    Source: Fader, Hardie & Lee (2008), note 021, eq. (2).

    >>> round(float(p_alive(BgNbd(0.243, 4.414, 0.793, 2.426), 2, 30.43, 38.86)), 4)
    0.7266
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

    Source: note 004, eq. (10).

    >>> given = BgNbd(0.2425945, 4.4136019, 0.7929199, 2.4258881)
    >>> round(float(expected_orders(given, 2, 30.43, 38.86, 39)), 4)
    1.2259
    """
    return shared.expected_orders(params, (repeat_orders, recency, age), horizon, FIRST)


def expected_new(params: BetaGeometric, horizon: ArrayLike) -> FloatArray:
    """Return the repeat orders expected of a new customer within the horizon, shape (n,).

    Source: note 004, eq. (9).
    """
    (ahead,) = numbers(time_ahead=horizon)
    return shared.orders_if_alive(params.checked(), 0.0, 0.0, ahead, FIRST)


def probability(params: BetaGeometric, repeat_orders: ArrayLike, horizon: ArrayLike) -> FloatArray:
    """Return the chance of exactly that many repeat orders of a new customer, shape (n,).

    Source: note 004, eq. (8).
    """
    (x,) = numbers(repeat_orders=repeat_orders)
    (ahead,) = numbers(time_ahead=horizon)
    return shared.orders_by_number(params, np.asarray(x), ahead, FIRST)
