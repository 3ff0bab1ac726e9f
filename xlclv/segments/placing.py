"""Every customer's tier, by whatever the tier table measures."""

from dataclasses import dataclass, replace

import numpy as np

from xlclv.customers.orders import Orders, single_orders
from xlclv.customers.people import People
from xlclv.segments.loyalty import NONE, Standing, standing, unknown_tiers
from xlclv.segments.tiers import Tiers
from xlclv.terms import BoolArray, FloatArray, TextArray


@dataclass(frozen=True, slots=True)
class Placing:
    """Where customers stand, shape (k,) each.

    Args:
        value: What the tier table measures, NaN where unknown.
        tier: Name of the tier, "" where there is none and the value is unknown.
        gap: What is missing to the next tier, 0 in the highest, NaN where the value is unknown.
        standing: The tiers over time.
        unknown_tier: The current tier on the customer sheet is none of the tiers; it does not
            count.
    """

    value: FloatArray
    tier: TextArray
    gap: FloatArray
    standing: Standing
    unknown_tier: BoolArray


def place(
    everybody: People,
    tiers: Tiers,
    *,
    orders: Orders | None = None,
    points_earned: FloatArray | None = None,
) -> Placing:
    """Place all customers in tiers.

    Args:
        everybody: The customers, k of them.
        tiers: The tiers.
        orders: Their single orders; left out: those of the order log.
        points_earned: Points earned to date, shape (k,), for tiers that measure them.

    Raises:
        InputError: The tiers measure points, of which nothing is known.
    """
    value = tiers.measure.values(everybody, tiers.window, points_earned)
    if (
        tiers.replayed
        and orders is None
        and everybody.lines is not None
        and everybody.log is not None
    ):
        orders = single_orders(everybody.lines, everybody.log)
    current = everybody.fact("current_tier")
    unknown = unknown_tiers(tiers, current)
    found = standing(
        tiers,
        orders,
        everybody.size,
        everybody.as_of,
        value,
        np.where(unknown, "", current),
        everybody.fact("tier_since"),
    )
    # The replay counts no orders where it knows none, even of customers who are on the sheet only.
    found = replace(found, value=np.where(np.isnan(value), np.nan, found.value))
    tier = np.where((found.rank == NONE) & np.isnan(value), "", tiers.named(found.rank))
    return Placing(found.value, tier, _gap(tiers, found), found, unknown)


def _gap(tiers: Tiers, found: Standing) -> FloatArray:
    """Return what is missing to the tier above the present one."""
    next_at = np.append(tiers.enter_at, np.nan)[found.rank + 1]
    # Enough may be there already: then any order raises the customer.
    missing = np.maximum(next_at - found.value, 0.0)
    gap = np.where(np.isnan(next_at), 0.0, missing)
    return np.where(np.isnan(found.value), np.nan, gap)
