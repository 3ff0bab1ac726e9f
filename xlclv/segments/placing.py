"""Every customer's tier, by whatever the tier table measures."""

from dataclasses import dataclass

import numpy as np

from xlclv.customers.people import People
from xlclv.errors import InputError
from xlclv.segments.tiers import Tiers, gap_to_next
from xlclv.terms import FloatArray, TextArray


@dataclass(frozen=True, slots=True)
class Placing:
    """Where customers stand, shape (k,) each.

    Args:
        value: What the tier table measures, NaN where unknown.
        tier: Name of the tier, "" where the value is unknown.
        gap: What is missing to the next tier, NaN where the value is unknown.
    """

    value: FloatArray
    tier: TextArray
    gap: FloatArray


def place(everybody: People, tiers: Tiers) -> Placing:
    """Place all customers in tiers.

    Raises:
        InputError: The tiers measure points, of which nothing is known yet.
    """
    value = _measured(everybody, tiers)
    known = ~np.isnan(value)
    tier = np.full(value.size, "", dtype=object)
    gap = np.full(value.size, np.nan)
    tier[known] = tiers.place(value[known])
    gap[known] = gap_to_next(value[known], tiers)
    return Placing(value, tier, gap)


def _measured(everybody: People, tiers: Tiers) -> FloatArray:
    if tiers.measure == "Net spend":
        return everybody.spend(tiers.window)
    if tiers.measure == "Orders":
        return everybody.order_count(tiers.window)
    if tiers.measure == "Points earned":
        raise InputError("no_points_yet", value=tiers.measure)
    return everybody.clv
