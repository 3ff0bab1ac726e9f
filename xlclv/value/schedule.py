"""The year-by-year proof of the simple CLV. Estimates: float."""

import numpy as np

from xlclv.errors import InputError
from xlclv.terms import Frame, numbers
from xlclv.value.simple import annuity, clv

LONGEST = 200  # years; a longer table helps nobody and 1E+9 would fill the memory


def schedule(
    avg_value: float,
    frequency: float,
    lifespan: float,
    margin: float = 1,
    discount_rate: float = 0,
    acq_cost: float = 0,
    timing: float = 0,
) -> Frame:
    """Year-by-year proof of CLV: value, discounted value and running total of each year.

    Year 0 holds the acquisition cost; the last running total equals CLV of the same arguments.

    Args:
        avg_value: Money per purchase, >= 0.
        frequency: Purchases per year, >= 0.
        lifespan: Years, 0 to 200.
        margin: Profit per money of revenue, -1 to 1.
        discount_rate: Per year, 0 to below 1.
        acq_cost: Money, >= 0.
        timing: When in a year the money comes: 0 end, 0.5 middle, 1 start.

    Returns:
        Columns year, year_value, discounted, cumulative, each of shape (years + 1,).

    Raises:
        InputError: A value is outside the range above.

    >>> schedule(50, 2, 3)["cumulative"]
    array([  0., 100., 200., 300.])
    """
    total = clv(avg_value, frequency, lifespan, margin, discount_rate, acq_cost, timing)
    if lifespan > LONGEST:
        raise InputError("too_many_years", name="lifespan", value=lifespan, most=LONGEST)
    year = np.arange(np.ceil(lifespan) + 1)
    ends = np.minimum(year, lifespan)
    yearly = avg_value * frequency * margin
    rate, when = numbers(discount_rate=discount_rate, timing=timing)
    worth = annuity(ends, rate, when)
    value = np.concatenate(([-acq_cost], np.diff(ends) * yearly))
    discounted = np.concatenate(([-acq_cost], np.diff(worth) * yearly))
    cumulative = np.cumsum(discounted)
    cumulative[-1] = total  # the same number, without the rounding of the running sum
    return {"year": year, "year_value": value, "discounted": discounted, "cumulative": cumulative}
