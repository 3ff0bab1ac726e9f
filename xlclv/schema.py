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

Kind = Literal["guide", "input", "rules", "output", "live", "data"]
Look = Literal[
    "text", "long", "id", "general", "number", "count", "money", "share", "date", "stamp", "yesno"
]


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the template.

    Args:
        name: Its name on the sheet strip, which is also the key of its texts `sheets.NAME`.
        kind: What it is for; output tabs are written by refresh.
        table: Name of its main Excel table, if it has one.
        spec: What that table holds, if it is read back.
        pages_wide: How many pages wide it prints.
    """

    name: str
    kind: Kind
    table: str = ""
    spec: TableSpec | None = None
    pages_wide: int = 1

    @property
    def key(self) -> str:
        """Return the prefix of its texts."""
        return f"sheets.{self.name.lower()}"

    @property
    def marker(self) -> str:
        """Return the workbook name that says the sheet is ours, whatever it is called by now."""
        return f"tab_{self.name.lower()}"


TABS = (
    Tab("Start", "guide"),
    Tab("Input", "input", "tblSettings"),
    Tab("Orders", "input", "tblOrders", ORDERS),
    Tab("Customers", "input", "tblCustomers", CUSTOMERS, 2),
    Tab("Feedback", "input", "tblFeedback", FEEDBACK),
    Tab("Tiers", "rules", "tblTiers", TIERS, 2),
    Tab("RewardRules", "rules", "tblRules", RULES, 5),
    Tab("Ledger", "data", "tblLedger", LEDGER, 2),
    Tab("CustomerValues", "output", "tblValues", pages_wide=2),
    Tab("Summary", "output"),
    Tab("Segments", "output"),
    Tab("Rewards", "output", "tblRewards"),
    Tab("Loyalty", "output"),
    Tab("Examples", "live", "tblExamples"),
    Tab("Checks", "output", "tblChecks"),
    Tab("History", "output", "tblHistory", pages_wide=2),
    Tab("Glossary", "guide"),
    Tab("Lists", "data"),
)
# Not of the template: refresh adds it where a table has other columns than ours.
COLUMNS = Tab("Columns", "input", "tblColumns")
TAB = {tab.name: tab for tab in (*TABS, COLUMNS)}
# What refresh writes into any workbook, and what it adds where it is missing.
WRITTEN = tuple(tab.name for tab in TABS if tab.kind == "output")
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
# Columns that only results have, and those that their term would show wrong.
_LOOKS: dict[str, Look] = {
    "cost_each": "id",  # 55% is a text here; as a number it would read as money
    **dict.fromkeys(("clv", "historic_clv", "tier_gap", "value_sum", "value_mean"), "money"),
    **dict.fromkeys(("value_median", "cut_off", "reward_cost", "left", "class_from"), "money"),
    **dict.fromkeys(("expected_spend", "predicted_clv", "clv_low", "clv_high"), "money"),
    **dict.fromkeys(("low", "base", "high", "swing", "class_to", "cost_sum"), "money"),
    **dict.fromkeys(("orders", "customers", "recency", "rank", "eligible_count"), "count"),
    **dict.fromkeys(("repeats", "t_x", "age_t"), "count"),
    **dict.fromkeys(("r_score", "f_score", "m_score"), "count"),
    **dict.fromkeys(("value_share", "customer_share", "p_alive"), "share"),
    **dict.fromkeys(("next_order", "expires", "moved_on", "valid_until"), "date"),
    **dict.fromkeys(("grace_until", "birthday"), "date"),
    **dict.fromkeys(("points_worth", "rewards_cost", "used_before"), "money"),
    **dict.fromkeys(("open_points", "open_rewards"), "count"),
    "keep_gap": "money",
    **dict.fromkeys(("reads_as", "reason", "treatment", "how_to_fix", "rows", "check"), "long"),
    **dict.fromkeys(("granted", "row_status"), "long"),
    **dict.fromkeys(("status", "tier", "rfm_segment", "rfm_code", "segment", "result"), "text"),
    **dict.fromkeys(("orders_per_year", "tenure", "avg_gap", "expected_orders"), "number"),
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
# Columns that need more room than their look.
_ROOM: dict[str, float] = {
    **dict.fromkeys(("reason", "reads_as", "row_status"), 64),
    **dict.fromkeys(("rule_name", "note", "only_tiers", "only_segments", "label"), 24),
    "comment": 44,
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
    """Say how a column looks: by its own entry, else by unit or kind of its term.

    >>> look("order_date"), look("amount_net"), look("clv")
    ('date', 'money', 'money')
    """
    if name in _LOOKS:
        return _LOOKS[name]
    term = TERMS.get(name)
    if term is None:
        return "text"
    if term.kind == "number":
        return _LOOK_OF_UNIT.get(term.unit, "general")
    return _LOOK_OF_KIND.get(term.kind, "text")


def width(name: str) -> float:
    """Return the width of a column, in characters."""
    return _ROOM.get(name, WIDTHS[look(name)])


BODY = 4  # first row (from 0) below title, purpose, links and a gap
