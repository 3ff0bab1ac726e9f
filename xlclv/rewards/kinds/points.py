"""Points: for the money of an order, or a fixed number."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from xlclv.rewards.amounts import points_per_money
from xlclv.rewards.figures import counted
from xlclv.rewards.rule import Reward
from xlclv.rewards.scene.scene import NONE, Scene
from xlclv.terms import IntArray, Term
from xlclv.words import word


class Points(Reward):
    """Points are booked as points, and worth what the settings say."""

    is_points = True
    face_column = ""

    def face_value(self, size: Decimal | None, most: Decimal | None) -> None:
        """Return None: no column tells it."""

    def face_cents(self, size: Decimal | None) -> int:
        """Return 0: none is booked."""
        del size
        return 0


@dataclass(frozen=True, slots=True)
class PointsPerMoney(Points):
    """Points for each money of an order, times the factor of the tier."""

    code = "Points per money"
    size = Term("", above=0)
    per_money = True

    def points(
        self, scene: Scene, size: Decimal, most: Decimal | None, cents: IntArray, rank: IntArray
    ) -> IntArray:
        """Return floor(money x size x factor of the tier), at most `most`."""
        factors = scene.history.ladder.points_factor
        points = np.zeros(cents.size, np.int64)
        for one in np.unique(rank):
            factor = Decimal(1) if one == NONE or one >= len(factors) else factors[one]
            here = rank == one
            points[here] = points_per_money(cents[here], size * factor, most)
        return points

    def written(self, size: Decimal | None) -> str:
        """Say "2 points per 1 spent"."""
        return _written("rewards.reward.points_per_money", size)

    def most(self, most: Decimal) -> str:
        """Say the most points of one order."""
        return counted("rewards.reward.points", most)


@dataclass(frozen=True, slots=True)
class FixedPoints(Points):
    """A number of points."""

    code = "Fixed points"
    size = Term("", at_least=1, whole=True)
    per_money = False

    def points(
        self, scene: Scene, size: Decimal, most: Decimal | None, cents: IntArray, rank: IntArray
    ) -> IntArray:
        """Return the number, whatever the order."""
        del scene, most, rank
        return np.full(cents.size, int(size), np.int64)

    def written(self, size: Decimal | None) -> str:
        """Say "50 points"."""
        return _written("rewards.reward.points", size)

    def most(self, most: Decimal) -> str:
        """Say nothing: they are what they are, whatever the order."""
        del most
        return ""


def _written(key: str, size: Decimal | None) -> str:
    return word(key) if size is None else counted(key, size)
