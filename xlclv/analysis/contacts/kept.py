"""What people wrote into the tab Contacts: owner, done, columns and rows of their own.

The tab is made anew by every refresh; a row is known again by person, list and occasion. A row
that is not due any more stays as long as somebody wrote something into it, and a row that is none
of ours stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pandas as pd

from xlclv.analysis.contacts.actions import Actions
from xlclv.customers.people import People
from xlclv.rewards.facts import Rows
from xlclv.tables import plain, titles
from xlclv.terms import TERMS, BoolArray, TextArray
from xlclv.words import meanings

KEY = ("customer_id", "contact_list", "occasion")
MARKS = ("owner", "done")
MADE = (
    *("contact_list", "customer_name", "customer_email", "customer_id", "contact_why", "offer"),
    *("offer_cost", "at_stake", "due_by", "offer_until", "occasion"),
)
NOT_DONE = frozenset({"", "0", "-", "false"})


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of the tab as somebody left them: e of them.

    Args:
        columns: Cells of the columns of ours, by name, shape (e,) each.
        own: Cells of the columns that somebody added, by header, in order, shape (e,) each.
    """

    columns: Mapping[str, TextArray] = field(default_factory=dict)
    own: Mapping[str, TextArray] = field(default_factory=dict)

    @classmethod
    def of(cls, headers: Sequence[object], rows: Sequence[Sequence[object]]) -> "Kept":
        """Tell the columns of ours from those of the user.

        Args:
            headers: The header row.
            rows: The rows below it.
        """
        ours = {plain(name): each for each in (*MADE, *MARKS) for name in (each, *titles(each))}
        columns: dict[str, TextArray] = {}
        own: dict[str, TextArray] = {}
        width = max([len(headers), *map(len, rows)], default=0)
        for at in range(width):
            header = headers[at] if at < len(headers) else None
            cells = _column([row[at] if at < len(row) else None for row in rows])
            name = ours.get(plain(header), "")
            if name and name not in columns:
                columns[name] = cells
            elif header not in (None, "") or _written(cells).any():
                own[_free(str(header or ""), at, own)] = cells
        return cls(columns, own)

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return max(
            (cells.size for cells in (*self.columns.values(), *self.own.values())), default=0
        )

    def column(self, name: str) -> TextArray:
        """Return a column of ours, None where the tab lacks it, shape (e,)."""
        return self.columns.get(name, _column([None] * self.size))

    @property
    def touched(self) -> BoolArray:
        """Say in which rows somebody wrote something, shape (e,)."""
        touched = np.zeros(self.size, bool)
        for cells in (*(self.column(name) for name in MARKS), *self.own.values()):
            touched |= _written(cells)
        return touched

    @property
    def ours(self) -> BoolArray:
        """Say which rows a refresh wrote, shape (e,)."""
        ours = np.array([code_of(cell) != "" for cell in self.column("contact_list")], bool)
        for name in ("customer_id", "occasion"):
            ours &= _written(self.column(name))
        return ours

    def keys(self) -> pd.Index:
        """Return what tells the rows apart, shape (e,)."""
        who, lists, occasion = (self.column(name) for name in KEY)
        return _keys(map(text_of, who), map(code_of, lists), map(text_of, occasion))

    def places(self, actions: Actions, people: People) -> Rows:
        """Return the row of each action, -1 where there is none, shape (a,)."""
        ours = np.flatnonzero(self.ours)
        keys = self.keys()[ours]
        first = np.flatnonzero(~keys.duplicated())
        asked = _keys(people.ids[actions.customer], actions.contact_list, actions.occasion)
        at = keys[first].get_indexer(asked)
        return np.where(at >= 0, np.append(ours[first], -1)[at], -1)


def is_done(cells: TextArray) -> BoolArray:
    """Say which cells say that it is done: anything but No, shape of cells.

    >>> is_done(np.array([None, "x", "No", False, 1.0], dtype=object)).tolist()
    [False, True, False, False, True]
    """
    no = NOT_DONE | meanings("choices.no")
    return np.array([text_of(cell).casefold() not in no for cell in cells], bool)


def _keys(*parts: object) -> pd.Index:
    joined = map("\n".join, zip(*parts, strict=True))
    return pd.Index(list(joined), dtype=object)


def code_of(cell: object) -> str:
    """Return the code of the list that a cell names, "" if none."""
    return TERMS["contact_list"].code(cell) or "" if isinstance(cell, str) else ""


def text_of(cell: object) -> str:
    """Return a cell as text; a whole number without its point, as ids are read."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell.date() if isinstance(cell, datetime) else cell).strip()


def _written(cells: TextArray) -> BoolArray:
    return np.array([cell not in (None, "") for cell in cells], bool)


def _column(cells: Sequence[object]) -> TextArray:
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def _free(header: str, at: int, taken: Mapping[str, TextArray]) -> str:
    """Return a header that nothing else in the table has, as a table must."""
    known = {each.casefold() for name in (*MADE, *MARKS) for each in titles(name)}
    known |= {each.casefold() for each in taken}
    name, number = header or f"{TERMS['contact_own'].title} {at + 1}", 2
    while name.casefold() in known:
        name, number = f"{header}{number}", number + 1
    return name
