"""Where cells of a tab stand once it is written anew: what is beside a row follows that row."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from xlclv.addresses import Box
from xlclv.xlsx.kept.old import OldTab, TabTable, value_of
from xlclv.xlsx.rows import cells_of, rows_of

# By how many of its first columns a row of a table is known; of most tables by the first.
KEYS: Final = {"tblRewards": 3}
Key = tuple[tuple[str, ...], int]
Place = tuple[int, int]


@dataclass
class Body:
    """A table of ours before and after, with the columns that the user added at its end.

    Args:
        old: The table as it stood.
        new: The table as it is drawn.
        before: The tab as it stood.
        after: Its new rows.
        own: The columns of the user, as they stood.
    """

    old: TabTable
    new: TabTable
    before: OldTab
    after: bytes
    own: range

    @cached_property
    def rows(self) -> dict[int, int]:
        """Return the new number of each row that is still there."""
        now = {key: row for row, key in self._keys(self.after, self.new, ())}
        then = self._keys(self.before.rows_xml, self.old, self.before.strings)
        return {row: now[key] for row, key in then if key in now}

    def _keys(
        self, rows: bytes, table: TabTable, strings: Sequence[str]
    ) -> Iterator[tuple[int, Key]]:
        """Yield each row with what it is known by; equal ones are told apart by their order."""
        first = table.box.first_column
        columns = range(first, first + KEYS.get(table.name, 1))
        numbers, seen = table.body(), Counter[tuple[str, ...]]()
        for row in rows_of(rows):
            if row.number in numbers:
                inner = rows[row.inner : row.inner_end]
                cells = {
                    cell.column: value_of(inner[cell.start : cell.end], strings)
                    for cell in cells_of(inner)
                    if cell.column in columns
                }
                key = tuple(cells.get(column, "") for column in columns)
                seen[key] += 1
                yield row.number, (key, seen[key])

    def place(self, row: int, column: int) -> Place | None:
        """Return where a cell of a row of the table, or beside it, goes; None: its row is gone."""
        if column in self.own:
            column += self.new.box.last_column + 1 - self.own.start
        if row == self.old.box.first_row:
            return self.new.box.first_row, column
        if row not in self.old.body():  # the totals
            return row - self.old.box.last_row + self.new.box.last_row + self.old.totals, column
        found = self.rows.get(row)
        return None if found is None else (found, column)

    def grown(self) -> Box:
        """Return the cells of the table with the columns and totals of the user."""
        box = self.new.box
        last = box.last_row + self.old.totals
        return box._replace(last_column=box.last_column + len(self.own), last_row=last)


class Moves:
    """Where cells of a tab stand once it is written anew.

    Args:
        before: The tab as it stood.
        after: Its new rows.
        tables: The tables that are drawn on it.

    Raises:
        InputError: The user put a column among ours.
    """

    def __init__(self, before: OldTab, after: bytes, tables: Sequence[TabTable]) -> None:
        now = {table.name: table for table in tables}
        self.bodies = [
            Body(
                old := table,
                now[table.name],
                before,
                after,
                before.own_columns(old, set(now[table.name].headers)),
            )
            for table in before.tables
            if table.name in now
        ]

    def place(self, row: int, column: int) -> Place | None:
        """Return where a cell goes; None: its row is no longer there."""
        body = self.body(row, column)
        return (row, column) if body is None else body.place(row, column)

    def body(self, row: int, column: int) -> Body | None:
        """Return the table that a cell stands in, or the nearest on its left in that row."""
        beside = [
            body
            for body in self.bodies
            if body.old.box.first_row <= row <= body.old.box.last_row
            and body.old.box.first_column <= column
        ]
        return max(beside, key=lambda body: body.old.box.first_column, default=None)

    def box(self, box: Box) -> Box | None:
        """Return where a range goes: with its row, or over the whole of a table as it was.

        None: its row is no longer there.
        """
        body = self.body(box.last_row, box.first_column)
        if body is None:
            return box
        _, first_column = body.place(body.old.box.first_row, box.first_column) or (0, 0)
        _, last_column = body.place(body.old.box.first_row, box.last_column) or (0, 0)
        box = box._replace(first_column=first_column, last_column=max(first_column, last_column))
        rows = body.old.body()
        if box.first_row <= rows[0] and box.last_row >= rows[-1]:
            grown = body.new.body()[-1] - rows[-1]
            return box._replace(last_row=box.last_row + grown)
        if box.first_row != box.last_row:
            return box
        place = body.place(box.first_row, box.first_column)
        return None if place is None else box._replace(first_row=place[0], last_row=place[0])
