"""A table that was found, and where."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlclv.reading.grid import ListedTable
from xlclv.readings import Rule
from xlclv.tables import RawTable


@dataclass(frozen=True, slots=True)
class Found:
    """A table and where it was found.

    Args:
        raw: Its headers and its body, without totals.
        sheet: The name of its sheet.
        table: The table that Excel lists there; None where it is a plain range.
        last_row: The last row of its body (from 1), without totals and blank rows at the end.
        notes: What was taken for what, in plain sentences.
        index: Column name to position (from 0) in the table.
        chosen: The headers the user named that stand in this table, to be passed on.
        span: From its first header to its last cell, such as Orders!A5:F20.
        others: Names of the sheets of further tables that it was put together from.
        starts: The rows (from 0) with which each of these tables begins.
        rules: What was done to put it together.
        places: How many of the notes, the first ones, say where it stands.
    """

    raw: RawTable
    sheet: str
    table: ListedTable | None
    last_row: int
    notes: tuple[str, ...]
    index: Mapping[str, int]
    chosen: Mapping[str, str]
    span: str = ""
    others: tuple[str, ...] = ()
    starts: tuple[int, ...] = (0,)
    rules: tuple[Rule, ...] = ()
    places: int = 1

    @property
    def sheets(self) -> frozenset[str]:
        """Return the names of all its sheets."""
        return frozenset((self.sheet, *self.others))
