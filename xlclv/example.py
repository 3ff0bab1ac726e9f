"""The example of a function: what it is handed and what it must give, told once for every host."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from xlclv.schema import TAB
from xlclv.tables import title
from xlclv.terms import Term
from xlclv.words import word


class Reference(Protocol):
    """What a formula refers to: a table, a column, what another function returns."""

    @property
    def reference(self) -> str:
        """Write it as a formula does."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The table of a tab of the sample workbook, or one column of it.

    >>> Listed("Orders").reference, Listed("Orders", "customer_id").reference
    ('tblOrders[#All]', 'tblOrders[Customer id]')
    """

    tab: str
    column: str = ""

    @property
    def reference(self) -> str:
        """Write it as a formula does."""
        return f"{TAB[self.tab].table}[{title(self.column) if self.column else '#All'}]"


Constant = float | str | date
Given = Constant | Sequence[Constant] | Sequence[Sequence[Constant]] | Reference


@dataclass(frozen=True, slots=True)
class Example:
    """A call over constants and the sample workbook.

    Args:
        given: The first arguments: constants, columns as [..], tables as [[..], ..], references.
        gives: What it gives; a text is made when it is asked for, in the language in use.
        at: Row and column, from 1, of the cell of a table that `expected` is about.
    """

    given: tuple[Given, ...]
    gives: Constant | Callable[[], str]
    at: tuple[int, int] | None = None

    def formula(self, call: str) -> str:
        """Write the formula of a cell that shows the one value; a spreadsheet compares no blocks.

        Args:
            call: The function with its arguments.

        >>> Example((50, 2, 3), 60.0, at=(2, 5)).formula("CLV_SENSITIVITY(50,2,3)")
        'INDEX(CLV_SENSITIVITY(50,2,3),2,5)'
        """
        if self.at:
            return f"INDEX({call},{self.at[0]},{self.at[1]})"
        # Calc hands a truth value over as a number, so that it equals no cell that holds TRUE.
        if isinstance(self.gives, bool):
            return f'IF({call},"{word("examples.yes")}","{word("examples.no")}")'
        return call

    @property
    def expected(self) -> Constant:
        """What the call gives."""
        return self.gives() if callable(self.gives) else self.gives

    @property
    def shown(self) -> Constant:
        """What the cell of the formula shows."""
        if isinstance(self.expected, bool):
            return word("examples.yes" if self.expected else "examples.no")
        return self.expected


def written(given: Given, term: Term) -> str:
    """Write an argument as it is typed in a formula.

    >>> share, amount = Term("", unit="fraction"), Term("", unit="money")
    >>> written([0.3, 0.155], share), written(1.5, amount), written('5" pipe', amount)
    ('{0.3;0.155}', '1.5', '"5"" pipe"')
    >>> written(0.155, share)
    '15.5%'
    >>> written([["p", 6.25], ["q", 3.74]], amount), written(date(2026, 6, 30), amount)
    ('{"p",6.25;"q",3.74}', 'DATE(2026,6,30)')
    """
    if isinstance(given, str):
        doubled = given.replace('"', '""')
        return f'"{doubled}"'
    if isinstance(given, date):
        return f"DATE({given.year},{given.month},{given.day})"
    if isinstance(given, float | int):
        percent = term.unit == "fraction" and 0 < given < 1
        return f"{given * 100:.15g}%" if percent else f"{given:.15g}"
    if isinstance(given, Sequence):
        rows = [row if isinstance(row, list | tuple) else [row] for row in given]
        plain = Term("")  # an array constant holds no per cent sign
        return "{" + ";".join(",".join(written(cell, plain) for cell in row) for row in rows) + "}"
    return given.reference
