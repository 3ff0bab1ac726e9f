"""The occasions of a rule on their way through its hurdles."""

from dataclasses import dataclass

import numpy as np

from xlclv.rewards.facts import Rows
from xlclv.rewards.scene.hurdles import Hurdle, Stage, Stages, Why
from xlclv.terms import BoolArray, TextArray


@dataclass(frozen=True, slots=True, eq=False)
class Failing:
    """Which of some occasions fail a hurdle.

    Args:
        stage: The hurdle.
        rows: Positions of the occasions asked about, rising, shape (q,).
        failed: Which of these fail, shape (q,).
        why: Why, for positions within `rows`.
    """

    stage: Stage
    rows: Rows
    failed: BoolArray
    why: Why


class Sieve:
    """Keeps for each of m occasions the first hurdle that it fails.

    Args:
        stage: The first hurdle failed so far, or Stage.GRANTED, shape (m,).
    """

    def __init__(self, stage: Stages) -> None:
        self.stage = stage
        self.why: dict[Stage, Why] = {}

    @property
    def open(self) -> Rows:
        """Return the positions of the occasions that have passed everything so far."""
        return np.flatnonzero(self.stage == Stage.GRANTED)

    def hold(self, failing: Failing) -> None:
        """Hold back those that fail a hurdle."""
        rows, why = failing.rows, failing.why
        self.stage[rows[failing.failed]] = failing.stage

        def of_occasions(asked: Rows) -> TextArray:
            return why(np.searchsorted(rows, asked))

        self.why[failing.stage] = of_occasions


def first_failing(hurdles: list[Hurdle], size: int) -> Stages:
    """Return the first hurdle that each of them fails, or Stage.GRANTED, shape (size,)."""
    stage = np.full(size, Stage.GRANTED, dtype=np.int8)
    for hurdle in sorted(hurdles, key=lambda hurdle: hurdle.stage, reverse=True):
        stage[~hurdle.passed] = hurdle.stage
    return stage
