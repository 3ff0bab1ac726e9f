"""The tiers of a programme, lowest first, with what it takes to enter and to keep each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

import numpy as np

from xlclv.customers.windows import LIFETIME, Window
from xlclv.errors import InputError
from xlclv.segments.measures import CLV, Measure, OrderMeasure
from xlclv.segments.policies import ONE_DOWN, IfNotKept, Rounding, Skipped
from xlclv.segments.validity import Validity
from xlclv.terms import TERMS, BoolArray, FloatArray, IntArray, TextArray

# What a blank cell means.
VALID_MONTHS, GRACE_DAYS = 12, 30
FACTOR = Decimal(1)
(NO_TIER,) = TERMS["tier"].codes


def _no_numbers() -> FloatArray:
    return np.array([], dtype=float)


def _no_counts() -> IntArray:
    return np.array([], dtype=np.int64)


def _no_texts() -> TextArray:
    return np.array([], dtype=object)


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of a table, lowest first; a column left out means what its blank cells mean.

    Args:
        names: Shape (t,).
        enter_at: Value from which each tier is reached, strictly rising, shape (t,).
        treatments: How each tier is treated, shape (t,).
        measure: What decides the tier.
        window: Time over which spend and orders count.
        keep_at: Value from which each tier is kept, at most enter_at, shape (t,).
        valid_months: Months each tier is valid, shape (t,).
        round_up_to: To the end of what that is rounded up, t of them.
        grace_days: Days after that in which the tier can still be kept, shape (t,).
        if_not_kept: What happens then, t of them.
        points_factor: Factor on points earned in each tier, t of them.
        entry_reward: Id of the rule granted on entry, "" for none, shape (t,).
        skipped_tiers: Whether it is entered by passing it, t of them.
    """

    names: TextArray
    enter_at: FloatArray
    treatments: TextArray
    measure: Measure = CLV
    window: Window = LIFETIME
    keep_at: FloatArray = field(default_factory=_no_numbers)
    valid_months: IntArray = field(default_factory=_no_counts)
    round_up_to: tuple[Rounding, ...] = ()
    grace_days: IntArray = field(default_factory=_no_counts)
    if_not_kept: tuple[IfNotKept, ...] = ()
    points_factor: tuple[Decimal, ...] = ()
    entry_reward: TextArray = field(default_factory=_no_texts)
    skipped_tiers: tuple[Skipped, ...] = ()

    def __post_init__(self) -> None:
        """Fill in the columns that were left out."""
        size = self.names.size
        usual = {
            "keep_at": self.enter_at,
            "valid_months": np.full(size, VALID_MONTHS, dtype=np.int64),
            "round_up_to": (Rounding.MONTH,) * size,
            "grace_days": np.full(size, GRACE_DAYS, dtype=np.int64),
            "if_not_kept": (ONE_DOWN,) * size,
            "points_factor": (FACTOR,) * size,
            "entry_reward": np.full(size, "", dtype=object),
            "skipped_tiers": (Skipped.TOP_ONLY,) * size,
        }
        for name, column in usual.items():
            if not len(getattr(self, name)):
                object.__setattr__(self, name, column)

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

    @property
    def size(self) -> int:
        """Return the number of tiers."""
        return int(self.names.size)

    @property
    def replayed(self) -> bool:
        """Say whether orders tell the tier of any day; otherwise it is known for one day only."""
        return isinstance(self.measure, OrderMeasure)

    @property
    def windowed(self) -> bool:
        """Say whether what was earned counts for a time only."""
        return self.replayed and self.window != LIFETIME

    @property
    def lowest_is_lasting(self) -> bool:
        """Say whether the lowest tier asks for nothing: whoever is in it never loses it."""
        return self.size > 0 and bool(self.enter_at[0] <= 0)

    @property
    def never_lost(self) -> BoolArray:
        """Say which tiers stay though they are not kept, shape (t,)."""
        return np.array([policy.keeps for policy in self.if_not_kept], dtype=bool)

    def falls_to(self, rank: IntArray, earned: IntArray) -> IntArray:
        """Return the rank after a tier was not kept, NONE (-1) for no tier, shape of rank.

        Args:
            rank: Rank of the tier, shape (n,).
            earned: Rank of the tier whose threshold is reached on that day, shape (n,).
        """
        to = np.empty_like(rank)
        for policy in set(self.if_not_kept):
            here = np.array([one == policy for one in self.if_not_kept], dtype=bool)[rank]
            to[here] = policy.falls_to(rank[here], earned[here])
        return np.maximum(to, 0 if self.lowest_is_lasting else -1)

    @property
    def validity(self) -> Validity:
        """Return how long each tier is valid."""
        to_month, to_year = (
            np.array([one is end for one in self.round_up_to], dtype=bool)
            for end in (Rounding.MONTH, Rounding.YEAR)
        )
        return Validity(self.valid_months, to_month, to_year)

    @property
    def counts_when_passed(self) -> BoolArray:
        """Say which tiers count as entered when a rise skips them, shape (t,)."""
        return np.array([one is Skipped.EACH_PASSED for one in self.skipped_tiers], dtype=bool)

    def rank(self, values: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
        """Return the position of the tier of each value, -1 below the lowest, shape of values."""
        return np.searchsorted(self.enter_at, values, side="right") - 1

    def place(self, values: FloatArray) -> TextArray:
        """Return the name of the tier of each value, shape of values."""
        return self.named(self.rank(values))

    def named(self, rank: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> TextArray:
        """Return the name of the tier of each rank, "No tier" of -1, shape of rank."""
        return np.asarray(np.append(self.names, NO_TIER)[rank])
