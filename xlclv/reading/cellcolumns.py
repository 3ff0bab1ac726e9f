"""A column of cells, each different one known once; what the user says of its writing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal as Exact
from typing import Final

import numpy as np
import pandas as pd

from xlclv.columns import EXCEL_ERRORS, CellError, Cells, as_objects
from xlclv.reading.textdates import (
    Order,
)
from xlclv.reading.textnumbers import (
    Dash,
    Decimal,
)
from xlclv.tables import Place
from xlclv.terms import Array, BoolArray, IntArray
from xlclv.words import word

NUMBERS: Final = (float, int, Exact, np.floating, np.integer)


@dataclass(frozen=True, slots=True)
class Conventions:
    """How numbers and dates are written, where the user says it; None: the cells tell.

    Args:
        decimal: The decimal sign.
        dates: The order of day, month and year in dates such as 03/04/26.
        dash: What a dash behind a whole amount means.
    """

    decimal: Decimal | None = None
    dates: Order | None = None
    dash: Dash | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The different cells of a column.

    Args:
        name: How messages name the column.
        where: Where the table stands.
        at: Position of the column in it.
        cells: The cells as they were, shape (n,).
        codes: Which of `different` each cell holds, -1 where it is blank, shape (n,).
        different: Each different cell once; texts without the spaces around them.
    """

    name: str
    where: Place
    at: int
    cells: Cells
    codes: IntArray
    different: Sequence[object]
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, cells: Cells, name: str, where: Place, at: int) -> "Column":
        """Find the different cells of a column."""
        raw = cells if isinstance(cells, np.ndarray) else as_objects(cells)
        codes, found = pd.factorize(raw)
        different = [cell.strip() if isinstance(cell, str) else cell for cell in found.tolist()]
        if any(isinstance(cell, str) and not cell for cell in different):
            filled = np.array([cell != "" for cell in different], dtype=bool)
            codes = np.append(np.where(filled, np.cumsum(filled) - 1, -1), -1)[codes]
            different = [cell for cell in different if cell != ""]
        return cls(name, where, at, cells, codes.astype(np.int64), different)

    @property
    def blank(self) -> BoolArray:
        """Say which cells hold nothing, shape (n,)."""
        empty: BoolArray = self.codes < 0
        return empty

    def texts(self) -> tuple[IntArray, list[str]]:
        """Return which of the different cells are texts, and these texts."""
        at = [number for number, cell in enumerate(self.different) if isinstance(cell, str)]
        return np.array(at, dtype=np.int64), [str(self.different[number]) for number in at]

    def cell(self, number: int) -> str:
        """Name the first cell that holds one of the different cells."""
        return self.where.cell(self.at, int(np.flatnonzero(self.codes == number)[0]))

    def note(self, key: str, number: int, **facts: object) -> None:
        """Note what one of the different cells shows."""
        value, cell = self.different[number], self.cell(number)
        self.notes.append(word(f"notes.{key}", name=self.name, value=value, cell=cell, **facts))

    def facts(self, number: int) -> dict[str, object]:
        """Return what an error says about one of the different cells."""
        return {"name": self.name, "value": self.different[number], "cell": self.cell(number)}

    def spread(self, values: Array) -> Array:
        """Give each cell the value of what it holds; NaN and NaT where it is blank.

        Args:
            values: The value of each of the different cells, shape (len(different),).
        """
        blank = np.full(1, np.nan).astype(values.dtype)
        spread: Array = np.concatenate([values, blank])[self.codes]
        return spread

    def marks(self, marked: BoolArray) -> BoolArray:
        """Say which cells hold one of the different cells that are marked, shape (n,)."""
        spread: BoolArray = np.append(marked, False)[self.codes]
        return spread


def is_error(cell: object) -> bool:
    """Say whether a cell holds an error value of a spreadsheet."""
    return isinstance(cell, CellError) or (isinstance(cell, str) and cell in EXCEL_ERRORS)
