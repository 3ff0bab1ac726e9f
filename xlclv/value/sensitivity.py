"""Which driver moves CLV most: the table behind a tornado chart. Estimates: float."""

import numpy as np

from xlclv.tables import title
from xlclv.terms import TERMS, Frame, numbers
from xlclv.value.simple import clv

DRIVERS = ("avg_value", "frequency", "lifespan", "margin", "discount_rate", "acq_cost")


def sensitivity(
    avg_value: float,
    frequency: float,
    lifespan: float,
    margin: float = 1,
    discount_rate: float = 0,
    acq_cost: float = 0,
    step_size: float = 0.1,
) -> Frame:
    """Tornado table: CLV when each driver is step_size lower and higher, largest swing first.

    A driver at its limit (a margin of 100%) stays there.

    Args:
        avg_value: Money per purchase, >= 0.
        frequency: Purchases per year, >= 0.
        lifespan: Years, >= 0.
        margin: Profit per money of revenue, -1 to 1.
        discount_rate: Per year, 0 to below 1.
        acq_cost: Money, >= 0.
        step_size: Relative change tried, above 0 up to 1.

    Returns:
        Columns driver, low, base, high, swing, rank, one row per driver; `low` is the CLV at
        the lower value of the driver.

    Raises:
        InputError: A value is outside the range above.

    >>> sensitivity(50, 2, 3)["swing"]
    array([60., 60., 60., 30.,  0.,  0.])
    """
    given = (avg_value, frequency, lifespan, margin, discount_rate, acq_cost)
    (step,) = numbers(step_size=step_size)
    base = np.tile(np.array(given, dtype=float)[:, None], (1, len(DRIVERS)))
    at_base = clv(*base)
    lower, higher = base.copy(), base.copy()
    for place, name in enumerate(DRIVERS):
        lower[place, place] = _within(name, base[place, place] * (1 - step))
        higher[place, place] = _within(name, base[place, place] * (1 + step))
    low, high = clv(*lower), clv(*higher)
    swing = np.abs(high - low)
    order = np.argsort(-swing, kind="stable")
    return {
        "driver": np.array([title(name) for name in DRIVERS], dtype=object)[order],
        "low": low[order],
        "base": at_base,
        "high": high[order],
        "swing": swing[order],
        "rank": np.arange(1.0, len(DRIVERS) + 1),
    }


def _within(name: str, value: float) -> float:
    """Hold a driver inside the range of its term; just inside where the limit is excluded."""
    term = TERMS[name]
    highest = min(term.at_most, float(np.nextafter(term.below, 0)))
    return min(max(value, term.at_least), highest)
