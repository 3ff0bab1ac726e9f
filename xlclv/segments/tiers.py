"""Value tiers: High-end, Mid, Budget, or whatever the tier table says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError, NotEnoughData
from xlclv.tables import Table, title
from xlclv.terms import FloatArray, Frame, TextArray, numbers
from xlclv.words import word, words

CLV_MEASURE, LIFETIME = "CLV", "Lifetime"


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of a table, lowest first.

    Args:
        names: Shape (t,).
        enter_at: Value from which each tier is reached, strictly rising, shape (t,).
        treatments: How each tier is treated, shape (t,).
        measure: What decides the tier: CLV, Net spend, Orders or Points earned.
        window: Time over which spend and orders count.
    """

    names: TextArray
    enter_at: FloatArray
    treatments: TextArray
    measure: str = CLV_MEASURE
    window: str = LIFETIME

    @classmethod
    def of(
        cls, names: Sequence[str], enter_at: Sequence[float], treatments: Sequence[str] = ()
    ) -> Self:
        """Return tiers given in any order.

        Raises:
            InputError: Two tiers have one name or one threshold.
        """
        order = np.argsort(np.asarray(enter_at, float), kind="stable")
        given = (names, treatments or [""] * len(names))
        tiers = cls(
            np.array(given[0], dtype=object)[order],
            np.asarray(enter_at, float)[order],
            np.array(given[1], dtype=object)[order],
        )
        tiers.refuse_twins()
        return tiers

    def refuse_twins(self) -> None:
        """Raise an InputError where two tiers cannot be told apart."""
        same = np.flatnonzero(np.diff(self.enter_at) == 0)
        if same.size:
            first, second = self.names[same[0]], self.names[same[0] + 1]
            raise InputError("tier_twins", value=self.enter_at[same[0]], names=f"{first}, {second}")
        known: set[str] = set()
        for name in self.names:
            if name.casefold() in known:
                raise InputError("tier_name_twice", value=name)
            known.add(name.casefold())

    def rank(self, values: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
        """Return the position of the tier of each value, -1 below the lowest, shape of values."""
        return np.searchsorted(self.enter_at, values, side="right") - 1

    def place(self, values: FloatArray) -> TextArray:
        """Return the name of the tier of each value, shape of values."""
        return np.asarray(np.append(self.names, word("choices.no_tier"))[self.rank(values)])


def read_tiers(table: Table) -> Tiers:
    """Read a tier table.

    Raises:
        InputError: A row is at fault; the message names its cell.
    """
    if table.faults:
        raise InputError("table_fault", fault=str(table.faults[0]))
    if not table.rows:
        raise InputError("empty_table", name=word(f"tables.{table.spec.name}"))
    tiers = Tiers.of(
        list(table.values("tier")),
        list(table.values("enter_at")),
        list(table.values("treatment")),
    )
    return Tiers(
        tiers.names,
        tiers.enter_at,
        tiers.treatments,
        _one_of(table, "measure", CLV_MEASURE),
        _one_of(table, "window", LIFETIME),
    )


def _one_of(table: Table, name: str, default: str) -> str:
    """Return the text that all rows of a column share."""
    texts = sorted({str(text) for text in table.values(name, default)})
    if len(texts) > 1:
        raise InputError("tiers_differ", name=title(name), value=", ".join(texts))
    return texts[0]


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
        names: Names of the tiers, best first; left out: High-end, Mid, Budget.

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
        "customers": np.bincount(tier_of, minlength=cuts.size).astype(float),
        "value_share": worth / total if total else np.zeros(cuts.size),
    }
