"""Simple CLV and what it is made of. Estimates: float."""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import UndefinedError
from xlclv.terms import FloatArray, numbers


def clv(
    avg_value: ArrayLike,
    frequency: ArrayLike,
    lifespan: ArrayLike,
    margin: ArrayLike = 1,
    discount_rate: ArrayLike = 0,
    acq_cost: ArrayLike = 0,
    timing: ArrayLike = 0,
) -> FloatArray:
    """Customer lifetime value: value x frequency x lifespan x margin - acquisition cost.

    With a discount rate the value of each year is discounted; a part year counts pro rata.
    The result may be negative.

        CLV = avg_value * frequency * margin * annuity(lifespan) - acq_cost

    Args:
        avg_value: Money per purchase, >= 0, shape (n,) or one number, as all arguments.
        frequency: Purchases per year, >= 0.
        lifespan: Years, >= 0.
        margin: Profit per money of revenue, -1 to 1.
        discount_rate: Per year, 0 to below 1.
        acq_cost: Money, >= 0.
        timing: When in a year the money comes: 0 end, 0.5 middle, 1 start.

    Returns:
        Money, shape (n,).

    Raises:
        InputError: A value is outside the range above.

    Source: product of the three averages, as in Kumar & Reinartz, Customer Relationship
    Management, ch. 5; discounting as in Berger & Nasr (1998), case 1.

    >>> float(clv(50, 2, 3))
    300.0
    >>> round(float(clv(50, 2, 3, discount_rate=0.1, timing=0.5)), 4)
    260.8232
    """
    value, per_year, years, share, rate, cost, when = numbers(
        avg_value=avg_value,
        frequency=frequency,
        lifespan=lifespan,
        margin=margin,
        discount_rate=discount_rate,
        acq_cost=acq_cost,
        timing=timing,
    )
    return value * per_year * annuity(years, rate, when) * share - cost


def annuity(years: FloatArray, rate: FloatArray, timing: FloatArray) -> FloatArray:
    """Return the present value of 1 a year over `years`, the part year pro rata.

    Full year k is paid at k - timing; the part year f after n full years at n + f (1 - timing).
    Without discounting this is `years`, exactly.
    """
    full = np.floor(years)
    part = years - full
    force = np.log1p(rate)
    with np.errstate(invalid="ignore", divide="ignore"):
        sum_of_full = -np.expm1(-full * force) / rate * np.exp(timing * force)
    discounted = sum_of_full + part * np.exp(-(full + part * (1 - timing)) * force)
    return np.where(rate == 0, years, discounted)


def lifespan(churn: ArrayLike) -> FloatArray:
    """Average lifespan of a customer: 1 / churn, in the periods of the churn rate.

    Args:
        churn: Share of customers lost per period, above 0 up to 1, shape (n,).

    Returns:
        Periods, shape (n,).

    Raises:
        InputError: Churn is outside 0 to 1.
        UndefinedError: Churn is 0; the customer would stay for ever.

    >>> float(lifespan(0.25))
    4.0
    """
    (lost,) = numbers(churn=churn)
    if np.any(lost == 0):
        raise UndefinedError("no_churn", rows=lost == 0 if lost.ndim else None, name="churn")
    return 1 / lost
