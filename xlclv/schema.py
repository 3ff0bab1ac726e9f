"""The one description of the workbook: its tabs, its tables, how their columns look."""

from dataclasses import dataclass
from typing import Literal

from xlclv.tables import (
    CUSTOMERS,
    FEEDBACK,
    LEDGER,
    ORDERS,
    RULES,
    TIERS,
    TableSpec,
)
from xlclv.terms import TERMS, Unit
from xlclv.words import word

Kind = Literal["guide", "input", "rules", "output", "live", "data"]
Look = Literal[
    "text", "long", "id", "general", "number", "count", "money", "share", "date", "stamp", "yesno"
]


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the template.

    Args:
        name: What code calls it, which is also the key of its texts `sheets.NAME`.
        kind: What it is for; output tabs are written by refresh.
        table: Name of its main Excel table, if it has one.
        spec: What that table holds, if it is read back.
        pages_wide: How many pages wide it prints.
        back: Column, from 0, of the link to the Summary: right of the line about the checks.
    """

    name: str
    kind: Kind
    table: str = ""
    spec: TableSpec | None = None
    pages_wide: int = 1
    back: int = 2

    @property
    def key(self) -> str:
        """Return the prefix of its texts."""
        return f"sheets.{self.name.lower()}"

    @property
    def sheet(self) -> str:
        """Return the name that a new sheet of it gets: at most 31 characters, no brackets."""
        return word(f"{self.key}.name")

    @property
    def marker(self) -> str:
        """Return the workbook name that says the sheet is ours, whatever it is called by now."""
        return f"tab_{self.name.lower()}"


TABS = (
    Tab("Start", "guide", back=1),
    Tab("Input", "input", "tblSettings", back=1),
    Tab("Orders", "input", "tblOrders", ORDERS),
    Tab("Customers", "input", "tblCustomers", CUSTOMERS, 2),
    Tab("Feedback", "input", "tblFeedback", FEEDBACK),
    Tab("Tiers", "rules", "tblTiers", TIERS, 2),
    Tab("RewardRules", "rules", "tblRules", RULES, 5),
    Tab("Ledger", "data", "tblLedger", LEDGER, 2),
    Tab("CustomerValues", "output", "tblValues", pages_wide=2),
    Tab("Summary", "output"),
    Tab("Details", "output", "tblFigures", back=1),
    Tab("Contacts", "output", "tblContacts", pages_wide=2),
    Tab("Segments", "output", back=1),
    Tab("Rewards", "output", "tblRewards"),
    Tab("Loyalty", "output", back=1),
    Tab("Examples", "live", "tblExamples", back=1),
    Tab("Checks", "output", "tblChecks", back=1),
    Tab("History", "output", "tblHistory", pages_wide=2),
    Tab("Glossary", "guide", back=1),
    Tab("Lists", "data", back=1),
)
# Not of the template: refresh adds it where a table has other columns than ours.
COLUMNS = Tab("Columns", "input", "tblColumns")
TAB = {tab.name: tab for tab in (*TABS, COLUMNS)}
# What refresh writes into any workbook, and what it adds where it is missing.
WRITTEN = tuple(tab.name for tab in TABS if tab.kind == "output")
# Those that hold something of the user's, so that refresh reads them as well.
READ_BACK = ("History", "Contacts")
ADDED = ("Input", "Tiers", "RewardRules", "Lists")

_LOOK_OF_UNIT: dict[Unit, Look] = {
    "money": "money",
    "fraction": "share",
    "count": "count",
    "days": "count",
    "points": "count",
}
_LOOK_OF_KIND: dict[str, Look] = {
    "date": "date",
    "text": "text",
    "id": "id",
    "boolean": "yesno",
}
WIDTHS: dict[Look, float] = {
    "text": 16,
    "long": 44,
    "id": 14,
    "general": 11,
    "number": 11,
    "count": 10,
    "money": 13,
    "share": 10,
    "date": 12,
    "stamp": 17,
    "yesno": 10,
}
NUMBER_FORMATS: dict[Look, str] = {
    "number": "0.0",
    "count": "#,##0",
    "money": "#,##0.00",
    "share": "0.0%",
    "date": "yyyy-mm-dd",
    "stamp": "yyyy-mm-dd hh:mm",
    "id": "@",
}


def look(name: str) -> Look:
    """Say how a column looks, by its term.

    >>> look("order_date"), look("amount_net"), look("reason"), look("tenure")
    ('date', 'money', 'long', 'number')
    """
    term = TERMS[name]
    if term.kind == "number":
        return "number" if term.rounded else look_of(term.unit)
    if term.kind == "text" and term.unit != "none":
        return "id"  # a figure written as text, such as 55%; as a number it would be another
    return "long" if term.long else _LOOK_OF_KIND.get(term.kind, "text")


def look_of(unit: Unit) -> Look:
    """Say how a number of this unit looks."""
    return _LOOK_OF_UNIT.get(unit, "general")


def width(name: str) -> float:
    """Return the width of a column, in characters."""
    return TERMS[name].width or WIDTHS[look(name)]


STATUS_ROW = 3  # of every tab of ours, from 1: what the checks say
BODY = 4  # first row (from 0) below title, purpose, links and a gap
