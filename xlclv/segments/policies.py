"""What becomes of a tier: how its validity is rounded, what a fall does, who has passed it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

import numpy as np

from xlclv.codes import Coded, by_code
from xlclv.terms import IntArray
from xlclv.words import word


class Rounding(Coded):
    """To the end of what a validity is rounded up: the choices of the term `round_up_to`."""

    DAY = "none"
    MONTH = "month end"
    YEAR = "year end"


class Skipped(Coded):
    """Which tiers a rise enters: the choices of the term `skipped_tiers`."""

    TOP_ONLY = "Top only"
    EACH_PASSED = "Each tier passed"


class IfNotKept(ABC):
    """What happens at the end of grace: the choices of the term `if_not_kept`."""

    @property
    @abstractmethod
    def code(self) -> str:
        """Return the choice of the term `if_not_kept` that stands for it."""

    @property
    @abstractmethod
    def keeps(self) -> bool:
        """Say whether the tier is never lost."""

    @abstractmethod
    def falls_to(self, rank: IntArray, earned: IntArray) -> IntArray:
        """Return the ranks after it, shape of rank.

        Args:
            rank: Rank of the tier that is not kept.
            earned: Rank of the tier whose threshold is reached on that day, NONE if there is none.
        """

    @abstractmethod
    def written(self, rank: int) -> str:
        """Say what happens to whoever does not keep the tier of a rank."""


@dataclass(frozen=True, slots=True)
class OneDown(IfNotKept):
    """One tier down."""

    code = "One tier down"
    keeps = False

    def falls_to(self, rank: IntArray, earned: IntArray) -> IntArray:
        """Return the rank below."""
        del earned
        return rank - 1

    def written(self, rank: int) -> str:
        """Say "one tier down", or that there is none below."""
        return word("tiers.lost.one_down" if rank else "tiers.lost.none")


@dataclass(frozen=True, slots=True)
class ToEarned(IfNotKept):
    """Down to the tier that is still earned, if there is one below."""

    code = "To earned tier"
    keeps = False

    def falls_to(self, rank: IntArray, earned: IntArray) -> IntArray:
        """Return the rank earned, never a higher one."""
        return np.minimum(earned, rank)

    def written(self, rank: int) -> str:
        """Say "down to the tier whose threshold is still reached"."""
        del rank
        return word("tiers.lost.to_earned")


@dataclass(frozen=True, slots=True)
class Keep(IfNotKept):
    """The tier stays."""

    code = "Keep"
    keeps = True

    def falls_to(self, rank: IntArray, earned: IntArray) -> IntArray:
        """Return the same rank."""
        del earned
        return rank

    def written(self, rank: int) -> str:
        """Say nothing: it is never lost, and the sentence of the tier says so."""
        del rank
        return ""


ROUNDINGS: Final = by_code("round_up_to", Rounding)
SKIPPED: Final = by_code("skipped_tiers", Skipped)
ONE_DOWN, TO_EARNED, KEEP = OneDown(), ToEarned(), Keep()
POLICIES: tuple[IfNotKept, ...] = (ONE_DOWN, TO_EARNED, KEEP)
IF_NOT_KEPT: Final = by_code("if_not_kept", POLICIES)
