"""Calls as people type them, each with its answer: one table for every way a call can take."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tests.hosts.answers import FIT, LEDGER, LOYAL, ORDERS, STAY_FIT, TIERS, Cells
from xlclv.columns import serial_of
from xlclv.functions import BY_NAME

DAY = serial_of(date(2026, 6, 30))
JANUARY = serial_of(date(2026, 1, 31))
BAD_TIERS: list[Cells] = [["Tier", "Enter at"], ["Mid", "oops"]]


@dataclass(frozen=True, slots=True)
class Lane:
    """One call of a function that answers row by row.

    Args:
        name: The function.
        cells: Per argument a cell, a table as rows, None where it is left out.
        answer: What the cell shows: a number, a text, or an error by its code.
    """

    name: str
    cells: Cells
    answer: object

    @property
    def rows(self) -> Iterator[object]:
        """Yield the arguments for two rows that are alike; tables and choices are single."""
        for argument, cell in zip(BY_NAME[self.name].arguments, self.cells, strict=False):
            alone = argument.is_table or argument.term.choices or cell is None
            yield cell if alone else [[cell], [cell]]


LANES = (
    Lane("CLV", [50, 2, 3], 300.0),
    Lane("CLV", [50.5, 2, 3, 0.4], 121.2),  # 50.5 x 6 x 40%
    Lane("CLV", [50, 2, 3, None, 0.1], 100 / 1.1 + 100 / 1.21 + 100 / 1.331),
    Lane("CLV", [50, 2, 3, None, None, 20], 280.0),
    Lane("CLV", [-1, 2, 3], "#VALUE!"),
    Lane("CLV", ["50", 2, 3], "#VALUE!"),
    Lane("CLV", [50, 2, 3, 40], "#VALUE!"),
    Lane("CLV_LIFESPAN", [0.25], 4.0),
    Lane("CLV_LIFESPAN", [0], "#NUM!"),
    Lane("CLV_RETENTION", [100, 0.8, 0.1], 100 * 1.1 / 0.3),
    Lane("CLV_RETENTION", [100, 1, 0], "#NUM!"),
    Lane("CLV_RETENTION", [100, 0.8, 0.1, None, "No"], 100 * 0.8 / 0.3),
    Lane("CLV_PROMOTION", [100, 10, 0.5, 0, 2], 160.0),
    Lane("CLV_NEXT_ORDER", [JANUARY, 30], serial_of(date(2026, 3, 2))),
    Lane("CLV_NEXT_ORDER", ["2026-01-31", 30], serial_of(date(2026, 3, 2))),
    Lane("CLV_NEXT_ORDER", ["31.01.2026", 30], "#VALUE!"),
    Lane("CLV_NEXT_ORDER", [12, 30], "#VALUE!"),
    Lane("CLV_STATUS", [JANUARY, DAY, 100], "At risk"),
    Lane("CLV_STATUS", [DAY, JANUARY, 30], "#VALUE!"),
    Lane("CLV_STATUS", [JANUARY, DAY, 100, 3, 2], "#VALUE!"),
    Lane("CLV_BIRTHDAY", [serial_of(date(1988, 7, 2)), DAY], 1.0),
    Lane("CLV_TENURE", ["2025-01-31", "2026-02-28", "Months"], 13.0),
    Lane("CLV_TENURE", ["2025-01-31", "2026-02-28", "weeks"], "#VALUE!"),
    Lane("CLV_TIER", [100, TIERS], "Mid"),
    Lane("CLV_TIER", [-5, TIERS], "No tier"),
    Lane("CLV_TIER", [100, BAD_TIERS], "#VALUE!"),
    Lane("CLV_TIER_GAP", [250, TIERS], 750.0),
    Lane("CLV_POINTS", ["a", LEDGER, DAY], 70.0),
    Lane("CLV_POINTS", ["stranger", LEDGER, DAY], 0.0),
    Lane("CLV_POINTS", ["a", LEDGER, DAY, "Used"], 30.0),
    Lane("CLV_LOYALTY_TIER", ["a", ORDERS, LOYAL, DAY], "High-end"),
    Lane("CLV_LOYALTY_TIER", ["b", ORDERS, LOYAL, DAY, "Mid", JANUARY], "Mid"),
    Lane("CLV_LOYALTY_TIER", ["a", ORDERS, LOYAL, serial_of(date(2020, 1, 1))], "#N/A"),
    Lane("CLV_P_ALIVE", [FIT, 0, 0, 38.86], 1.0),
    Lane("CLV_P_ALIVE", [FIT, 0, 5, 38.86], "#VALUE!"),
    Lane("CLV_SURVIVAL", [STAY_FIT, 3], 0.25),
    Lane("CLV_NEW_SUBSCRIBER", [STAY_FIT, 100, 0.25], 100 * math.log(5) / 0.8),
)
