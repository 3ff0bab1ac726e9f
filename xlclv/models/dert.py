"""DERT: the orders ever expected of a customer, each counted less the later it comes."""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import UndefinedError
from xlclv.models.histories import on_distinct
from xlclv.models.model import OrderModel
from xlclv.terms import FloatArray, numbers

STEP, FIRST_LOG, LAST = 0.25, -20.0, 45.0  # the error of the sum falls like e^(-10 / STEP)


def dert(
    params: OrderModel,
    repeat_orders: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    discount_force: ArrayLike,
) -> FloatArray:
    """Return the discounted expected residual transactions of each customer, shape (n,).

        P(alive) int_0^inf e^(-delta t) dE(t) = P(alive) delta int_0^inf e^(-delta t) E(t) dt

    with E(t) the orders within t of a customer still here. Over the logarithm of time the
    integrand falls off at both ends, so that a sum in equal steps is exact to every digit.

    Args:
        params: BG/NBD, MBG/NBD or Pareto/NBD.
        repeat_orders: x, shape (n,) or one number, as recency and age.
        recency: t_x.
        age: T.
        discount_force: delta, continuous discount rate per unit of age: log(1 + yearly rate) over
            the units in a year, > 0, shape (n,) or one number.

    Raises:
        UndefinedError: delta = 0: the sum may be infinite.

    Source: Fader, Hardie & Lee (2005), RFM and CLV, Journal of Marketing Research 42, eq. (2),
    where the integral for Pareto/NBD is written with the confluent hypergeometric function of the
    second kind.
    """
    (force,) = numbers(discount_force=discount_force)
    endless = force == 0
    if endless.any():
        raise UndefinedError("endless_orders", rows=endless if endless.ndim else None)
    params.p_alive(repeat_orders, recency, age)  # names the rows at fault as they were given
    logs = np.arange(FIRST_LOG, np.log(LAST) + STEP, STEP)  # of delta t
    weights = STEP * np.exp(logs - np.exp(logs))

    def slow(x: FloatArray, last: FloatArray, since: FloatArray, rate: FloatArray) -> FloatArray:
        history, times = (x[:, None], last[:, None], since[:, None]), np.exp(logs) / rate[:, None]
        orders = params.expected_orders(*history, times)
        return np.asarray((orders * weights).sum(axis=1), float)  # to the digit for any n

    return on_distinct(slow, repeat_orders, recency, age, force)
