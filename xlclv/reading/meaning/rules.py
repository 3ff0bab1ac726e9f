"""The rules applied while a table is read, with their rows and their money."""

from dataclasses import dataclass, field

import numpy as np

from xlclv.readings import Rule, RuleLevel
from xlclv.tables import RawTable
from xlclv.terms import BoolArray, FloatArray
from xlclv.words import word

_LISTED = 5


def money(value: float) -> str:
    """Write money the way a sentence shows it.

    >>> money(-1234.5)
    '-1,234.50'
    """
    return f"{value + 0.0:,.2f}"


@dataclass(slots=True)
class Rules:
    """Rules in the order in which they were applied.

    Args:
        raw: The table.
    """

    raw: RawTable
    found: list[Rule] = field(default_factory=list)

    def add(
        self,
        name: str,
        *,
        level: RuleLevel = "info",
        rows: BoolArray | None = None,
        amount: FloatArray | float | None = None,
        orders: int | None = None,
        at: int = 0,
        **facts: object,
    ) -> None:
        """Add a rule; its text is `reading.NAME` with rows, money and further facts filled in.

        Args:
            name: Its key.
            level: How serious it is.
            rows: Which rows it concerns, shape (n,).
            amount: Money of each row, shape (n,), or of all of them.
            orders: How many orders it concerns.
            at: The column (from 0) of the cells to be named.
            **facts: What else the text names.
        """
        marked = np.flatnonzero(rows) if rows is not None else np.array([], np.int64)
        total: float | None = None
        if amount is not None:
            whole = np.nansum(amount[marked]) if isinstance(amount, np.ndarray) else amount
            total = round(float(whole), 6)
        text = word(
            f"reading.{name}",
            rows=f"{marked.size:,}",
            orders="" if orders is None else f"{orders:,}",
            money="" if total is None else money(total),
            **facts,
        )
        cells = tuple(self.raw.where.cell(at, int(row)) for row in marked[:_LISTED])
        self.found.append(Rule(name, level, text, int(marked.size), orders, total, cells))
