"""One row of a rule table: typed cells, and everything that is wrong with them."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

import numpy as np

from xlclv.columns import CellError, Column
from xlclv.errors import InputError
from xlclv.rewards import figures
from xlclv.tables import Fault, Table, title
from xlclv.terms import TERMS, Term
from xlclv.words import word

T = TypeVar("T")
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?$")


class RowReader:
    """Reads the cells of one row and collects its faults.

    Args:
        table: The table it belongs to.
        row: Its position among the used rows.
    """

    def __init__(self, table: Table, row: int) -> None:
        self._table = table
        self._row = row
        self.faults = [fault for fault in table.faults if fault.row == row]

    def cell(self, name: str) -> str:
        """Name the cell of a column; a column the table lacks is shown at the rule id."""
        column = self._table.index.get(name, self._table.index["rule_id"])
        return self._table.raw.where.cell(column, int(self._table.used[self._row]))

    def refuse(self, name: str, key: str, **facts: object) -> None:
        """Note that a cell cannot be used; `key` is the text of the error."""
        if isinstance(facts.get("value"), str):
            facts["value"] = TERMS[name].said(str(facts["value"]))
        error = CellError.of(InputError(key, rows=None, name=title(name), **facts))
        fault = Fault(self.cell(name), self._row, name, error)
        if fault not in self.faults:
            self.faults.append(fault)

    def need(self, name: str, because: str) -> None:
        """Refuse a blank cell that something else in the row makes necessary."""
        if self.blank(name):
            self.refuse(name, "needed", because=because)

    def no_use(self, name: str, because: str) -> None:
        """Refuse a cell that would do nothing: its author expects something of it."""
        if not self.blank(name):
            self.refuse(name, "no_use", value=self._value(name), because=because)

    def fits(self, name: str, term: Term, because: str) -> None:
        """Refuse a number outside the range that something else in the row sets."""
        value = self.number(name)
        if value is not None and term.refuses(np.atleast_1d(value)).any():
            facts = {"value": value, "expected": term.expected, "hint": term.hint(value)}
            self.refuse(name, "does_not_fit", because=because, **facts)

    def blank(self, name: str) -> bool:
        """Say whether nothing was typed into the cell."""
        return bool(self._table.blank(name)[self._row])

    def text(self, name: str) -> str:
        """Return a text, "" where there is none."""
        value = self._value(name)
        return "" if value is None else str(value)

    def choice(self, name: str, objects: Mapping[str, T]) -> T | None:
        """Return what a choice stands for (code to object); None where the cell has none."""
        return objects.get(self.text(name))

    def number(self, name: str) -> float | None:
        """Return a number."""
        value = self._value(name)
        return None if value is None else float(value)  # type: ignore[arg-type]

    def decimal(self, name: str) -> Decimal | None:
        """Return a number as the cell shows it."""
        value = self.number(name)
        return None if value is None else figures.exact(value)

    def count(self, name: str) -> int | None:
        """Return a whole number."""
        value = self.number(name)
        return None if value is None else int(value)

    def day(self, name: str) -> np.datetime64 | None:
        """Return a day."""
        value = self._value(name)
        return value if isinstance(value, np.datetime64) else None

    def flag(self, name: str, *, default: bool) -> bool:
        """Return Yes or No, `default` where the cell is blank."""
        value = self._value(name)
        return default if value is None else bool(value)

    def items(self, name: str) -> tuple[str, ...]:
        """Return the entries of a list written with ; between them; an empty entry is refused."""
        text = self.text(name)
        if not text:
            return ()
        entries = tuple(entry.strip() for entry in text.split(";"))
        if not all(entries):
            self.refuse(name, "empty_entry", value=text)
        return tuple(entry for entry in entries if entry)

    def choose(self, name: str, entries: tuple[str, ...], allowed: Mapping[str, str]) -> None:
        """Refuse the entries of a list that are not among the allowed (small letters to text)."""
        for entry in entries:
            if entry.casefold() not in allowed:
                expected = ", ".join(dict.fromkeys(allowed.values())) or word("errors.nothing")
                self.refuse(name, "unknown_entry", value=entry, expected=expected)

    def _value(self, name: str) -> object:
        column: Column | None = self._table.columns.get(name)
        if column is None or column.blank[self._row] or self._row in column.faults:
            return None
        return column.values[self._row]


def plain_number(text: str) -> float | None:
    """Return the number a text cell holds; None where it is anything but a plain number."""
    return float(text) if PLAIN_NUMBER.match(text.strip()) else None
