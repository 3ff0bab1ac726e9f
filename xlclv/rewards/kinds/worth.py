"""What has a worth in money and is no points: discounts, gifts, services."""

from decimal import Decimal

import numpy as np

from xlclv.rewards import figures
from xlclv.rewards.amounts import whole_cents
from xlclv.rewards.rule import Reward
from xlclv.rewards.scene.scene import Scene
from xlclv.terms import IntArray


class Worth(Reward):
    """Its size is what it is worth to the customer."""

    is_points = False
    per_money = False
    face_column = "reward_value"

    def face_value(self, size: Decimal | None, most: Decimal | None) -> Decimal | None:
        """Return the worth, at most what one order can earn."""
        return size if size is None or most is None else min(size, most)

    def face_cents(self, size: Decimal | None) -> int:
        """Return the worth."""
        return whole_cents(size)

    def points(
        self, scene: Scene, size: Decimal, most: Decimal | None, cents: IntArray, rank: IntArray
    ) -> IntArray:
        """Return none."""
        del scene, size, most, rank
        return np.zeros(cents.size, np.int64)

    def most(self, most: Decimal) -> str:
        """Say the most money of one order."""
        return figures.money(most)
