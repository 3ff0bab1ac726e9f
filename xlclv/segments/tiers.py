"""Value tiers: Gold, Silver, Bronze, or whatever the tier table says."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError, NotEnoughData
from xlclv.segments.ladder import Tiers
from xlclv.segments.tier_rows import read_tier_rows
from xlclv.tables import Table, remembered
from xlclv.terms import FloatArray, Frame, TextArray, numbers
from xlclv.words import word, words

__all__ = ["Tiers", "gap_to_next", "read_tiers", "tier", "tier_cuts", "tier_gap"]


@remembered(2)
def read_tiers(table: Table) -> Tiers:
    """Read a tier table.

    Raises:
        InputError: A row is at fault; the message names every cell at fault.
    """
    if not table.rows:
        raise InputError("empty_table", name=word(f"tables.{table.spec.name}"))
    read = read_tier_rows(table)
    if read.tiers is None:
        raise InputError("table_fault", fault=" ".join(map(str, read.faults)))
    return read.tiers


def tier(value: ArrayLike, tier_table: Table) -> TextArray:
    """Tier of each value: the highest tier whose "Enter at" the value reaches (>=).

    A value below the lowest tier gets "No tier". The order of the rows does not matter.

    Args:
        value: CLV or another value, shape (n,).
        tier_table: Columns Tier and Enter at.

    Returns:
        Names of tiers, shape (n,).

    Raises:
        InputError: The table lacks a column, or two tiers have one name or threshold.
    """
    (values,) = numbers(value=value)
    return read_tiers(tier_table).place(values)


def tier_gap(value: ArrayLike, tier_table: Table) -> FloatArray:
    """Value missing to the next higher tier; 0 in the highest.

    Args:
        value: CLV or another value, shape (n,).
        tier_table: Columns Tier and Enter at.

    Returns:
        Same unit as value, shape (n,).

    Raises:
        InputError: The table lacks a column, or two tiers have one name or threshold.
    """
    (values,) = numbers(value=value)
    return gap_to_next(values, read_tiers(tier_table))


def gap_to_next(values: FloatArray, tiers: Tiers) -> FloatArray:
    """Return what each value lacks to the next tier, shape of values."""
    next_at = np.append(tiers.enter_at, np.nan)[tiers.rank(values) + 1]
    return np.where(np.isnan(next_at), 0.0, next_at - values)


def tier_cuts(
    values: FloatArray, shares: ArrayLike = (0.2, 0.3, 0.5), names: Sequence[str] | None = None
) -> Frame:
    """Proposed tier table: cut-offs that put the given shares of the customers in each tier.

    The cut-off of a tier is the value of its last customer, so equal values stay together and
    a tier may hold a few more than its share. The lowest tier begins at 0, or lower where a
    value is negative.

    Args:
        values: Value of each customer, shape (n,).
        shares: Share of the customers per tier, best first, each above 0, sum 1.
        names: Names of the tiers, best first; left out: Gold, Silver, Bronze.

    Returns:
        Columns tier, cut_off, customers, value_share (of the sum), best tier first.

    Raises:
        InputError: The shares do not add up to 1, or names and shares differ in number.
        NotEnoughData: There are fewer customers than tiers, or too many equal values.

    >>> tier_cuts([10, 20, 30, 40, 50, 60, 70, 80, 90, 1000])["cut_off"]
    array([90., 60.,  0.])
    """
    (parts,) = numbers(shares=shares)
    parts = np.atleast_1d(parts)
    labels = list(names) if names is not None else words("choices.tiers")
    if abs(parts.sum() - 1) > 1e-9:  # noqa: PLR2004 - 0.2 + 0.3 + 0.5 in floats
        raise InputError("shares_sum", value=float(parts.sum()))
    if len(labels) != parts.size:
        raise InputError(
            "unequal_lengths", name="names", size=len(labels), other="shares", other_size=parts.size
        )
    ranked = np.sort(np.asarray(values, float))[::-1]
    last = np.rint(np.cumsum(parts) * ranked.size).astype(int) - 1
    if ranked.size < parts.size or (np.diff(np.append(-1, last)) < 1).any():
        raise NotEnoughData("few_for_tiers", size=ranked.size, tiers=parts.size)
    cuts = ranked[last]
    cuts[-1] = min(0.0, cuts[-1])
    if (np.diff(cuts) >= 0).any():
        raise NotEnoughData("equal_values", size=ranked.size, tiers=parts.size)
    return _count(ranked, cuts, labels)


def _count(ranked: FloatArray, cuts: FloatArray, labels: Sequence[str]) -> Frame:
    """Count customers and value per tier; `cuts` fall, `ranked` too."""
    tier_of = np.searchsorted(-cuts, -ranked, side="left")
    worth = np.bincount(tier_of, ranked, cuts.size)
    total = ranked.sum()
    return {
        "tier": np.array(labels, dtype=object),
        "cut_off": cuts,
        "customer_count": np.bincount(tier_of, minlength=cuts.size).astype(float),
        "value_share": worth / total if total else np.zeros(cuts.size),
    }
