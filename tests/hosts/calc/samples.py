"""Calls of any function of the list, made from what its arguments are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlclv.columns import CellError
from xlclv.registry import Argument, Function
from xlclv.tables import title
from xlclv.terms import Term

ROWS = 12
BLANK_ROW, FAULTY_ROW = 3, 5  # of a column, from 0
FIRST_DAY = 46_053  # 2026-01-31
LOG = [(number, order) for number in range(80) for order in range(1 + number % 3)]
# Arguments that have to suit each other; all others follow from their terms.
CHOSEN: dict[str, Sequence[Any]] = {
    "as_of": [46_200],
    "birth_date": [31_000 + 30 * row for row in range(ROWS)],
    "at_risk": [1.5],
    "passive": [3],
    "lost": [6],
    "shares": [0.25, 0.25, 0.5],
    "names": ["Gold", "Silver", "Bronze"],
    "bins": [3],
    "top": [0.25],
    "customer_id": ["C1"],
    "rule_id": ["R1"],
    # A log of seventy customers, of whom a third ordered once, long enough for a forecast.
    "customer_ids": [f"C{number}" for number, _ in LOG],
    "order_dates": [45_800 + number + order * (20 + number) for number, order in LOG],
    "amounts": [20 + number % 7 + 3 * order for number, order in LOG],
    # Seventy customers, enough for a fit.
    "repeat_orders": [0, 1, 1, 2, 9, 1, 3, 3, 1, 14] * 7,
    "recency": [0 if row % 10 == 0 else 30 + row * 37 % 270 for row in range(70)],
    "age": [300 + row for row in range(70)],
    "last_occasion": [0 if row % 10 == 0 else 14 + row % 6 for row in range(70)],
    "occasions": [20 + row % 3 for row in range(70)],
    "customer_counts": [1 + row % 4 for row in range(70)],
    "avg_spend": [20 + 7 * (row % 9) for row in range(70)],
    "customers_left": [1000, 869, 743, 653, 593, 551, 517, 491],
    "model": ["BG/NBD"],
    "current_tier": ["Silver"],
}
TABLES: dict[str, tuple[tuple[str, ...], list[list[Any]]]] = {
    "orders": (
        ("customer_id", "order_date", "amount_net"),
        [[f"C{row % 4}", FIRST_DAY + 9 * row, 20 + 7.5 * row] for row in range(ROWS)],
    ),
    "customers": (
        ("customer_id", "avg_value", "frequency", "lifespan", "birth_date"),
        [[f"C{row}", 30 + row, 2, 3, 31_000 + row] for row in range(4)],
    ),
    "tier_table": (("tier", "enter_at"), [["Gold", 30], ["Silver", 8], ["Bronze", 0]]),
    "rule_table": (
        ("rule_id", "rule_name", "rule_type", "trigger", "reward", "reward_value"),
        [["R1", "Welcome", "Offer", "Order", "% off", 0.1]],
    ),
    "ledger": (
        ("entry_date", "customer_id", "rule_id", "reference", "points", "entry_state"),
        [
            *([FIRST_DAY, "C1", "R1", "a", 100, "active"], [46_100, "C1", "R1", "b", -30, "used"]),
            *([FIRST_DAY, "C2", "R1", "c", 40, "active"], [46_150, "C2", "R1", "d", 60, "pending"]),
        ],
    ),
    "feedback": (
        ("feedback_date", "customer_id", "kind", "score"),
        [[46_100, "C1", "NPS", 9], [46_120, "C2", "complaint", ""]],
    ),
    "rewards": (
        ("customer_id", "rule_id", "eligible", "cost"),
        [["C1", "R1", "Yes", 5], ["C2", "R1", "Yes", 2.5], ["C3", "R1", "No", 0]],
    ),
    "fit": (
        ("model_name", "parameter", "estimate"),
        [
            *(["BG/NBD", "r", 0.243], ["BG/NBD", "alpha", 4.414]),
            *(["BG/NBD", "a", 0.793], ["BG/NBD", "b", 2.426]),
            *(["Gamma-Gamma", "p", 6.25], ["Gamma-Gamma", "q", 3.74], ["Gamma-Gamma", "v", 15.4]),
            *(["sBG", "alpha", 0.668], ["sBG", "beta", 3.806]),
        ],
    ),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Args:
        way: How it calls, for the name of the test.
        cells: Per argument a number or text, a block of rows, or None where it is left out.
    """

    way: str
    cells: list[object]


def calls(function: Function) -> Iterator[Call]:
    """Yield calls with all arguments, row by row, and with optional arguments left out."""
    cells = [_given(function, argument) for argument in function.arguments]
    yield Call("all arguments", cells)
    required = sum(argument.required for argument in function.arguments)
    if required < len(cells):
        yield Call("the required ones", cells[:required])
    if required + 1 < len(cells):
        yield Call("one left out", [*cells[:required], None, *cells[required + 1 :]])
    if function.shape == "rows":
        yield Call("columns", [_column_of(argument) for argument in function.arguments])
        first = _column_of(function.arguments[0])
        yield Call("one column", [first, *cells[1:required]])


def _given(function: Function, argument: Argument) -> object:
    if argument.term.kind == "table":
        return _column_of(argument)
    if function.shape != "rows" and argument.term.many != "no":
        return [[cell] for cell in values(argument.name, argument.term)]
    return values(argument.name, argument.term)[0]


def _column_of(argument: Argument) -> list[list[Any]]:
    """Return a table, or a column with a blank row and one whose value is of the wrong kind."""
    if argument.term.kind == "table":
        names, rows = TABLES[argument.name]
        return [[title(name) for name in names], *rows]
    cells = list(values(argument.name, argument.term))
    cells = (cells * ROWS)[:ROWS]
    cells[BLANK_ROW] = ""
    if argument.term.kind in ("number", "date"):
        cells[FAULTY_ROW] = "oops"
    return [[cell] for cell in cells]


def values(name: str, term: Term) -> Sequence[Any]:
    """Return values that a term allows."""
    if name in CHOSEN:
        return CHOSEN[name]
    if term.choices:
        return term.choices
    if term.kind == "number":
        return [_number(term, row) for row in range(ROWS)]
    if term.kind == "date":
        return [FIRST_DAY + 9 * row for row in range(ROWS)]
    if term.kind == "boolean":
        return [1.0, 0.0]
    return [f"C{row % 4}" for row in range(ROWS)]


def _number(term: Term, row: int) -> float:
    low = max(term.at_least, term.above, 0)
    high = min(term.at_most, term.below, low + 20)
    value = low + (high - low) * (row + 1) / (ROWS + 1)
    return float(round(value)) if term.whole else value


def shown(cell: object) -> object:
    """Return a cell of an answer as the driver reports it from the sheet."""
    if isinstance(cell, CellError):
        return {"error": cell.code}
    if isinstance(cell, date):
        return (cell - date(1899, 12, 30)).days
    return float(cell) if isinstance(cell, bool) else (None if cell == "" else cell)
