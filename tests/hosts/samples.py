"""Calls of any function of the list, made from its example and from what its arguments are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.examples import DAY_0, as_number, by_host, table
from xlclv.columns import CellError
from xlclv.registry import Argument, Function
from xlclv.schema import TABS
from xlclv.tables import ARGUMENT_TABLES
from xlclv.terms import Term

ROWS = 12
MOST = 1_000  # rows of a table that are handed over; fewer hold too few customers for a forecast
BLANK_ROW, FAULTY_ROW = 3, 5  # of a column, from 0
FIRST_DAY = 46_053  # 2026-01-31
# Arguments that have to suit each other; all others follow from the example and their terms.
CHOSEN: dict[str, Sequence[Any]] = {
    "birth_date": [31_000 + 30 * row for row in range(ROWS)],
    "at_risk": [1.4],
    "passive": [3.5],
    "lost": [7],
    "shares": [0.25, 0.25, 0.5],
    "names": ["Gold", "Silver", "Bronze"],
    "bins": [3],
    "top": [0.25],
    "recency": [0, *(30 + row * 37 % 270 for row in range(1, ROWS))],
    "age": [300 + row for row in range(ROWS)],
    "model": ["MBG/NBD"],
    "current_tier": ["Silver", "Gold"],
}
TAB_OF = {tab.spec: tab.name for tab in TABS if tab.spec}


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
    given = [each[:MOST] if isinstance(each, list) else each for each in by_host(function)]
    rest = [_given(function, each, given) for each in function.arguments[len(given) :]]
    cells = [*given, *rest]
    yield Call("all arguments", cells)
    required = sum(argument.required for argument in function.arguments)
    if required < len(cells):
        yield Call("the required ones", cells[:required])
    if required + 1 < len(cells):
        yield Call("one left out", [*cells[:required], None, *cells[required + 1 :]])
    if function.shape == "rows":
        columns = list(map(_column_of, function.arguments, cells))
        yield Call("columns", columns)
        at = next(at for at, each in enumerate(function.arguments) if each.term.kind != "table")
        yield Call("one column", [*cells[:at], columns[at], *cells[at + 1 : required]])


def _given(function: Function, argument: Argument, given: list[object]) -> object:
    """Return an optional argument that the example leaves out, other than its default."""
    if argument.term.kind == "table":
        rows = table(TAB_OF[ARGUMENT_TABLES[argument.name]])
        return [[as_number(cell) for cell in row] for row in rows[:MOST]]
    cells = values(argument.name, argument.term)
    if function.shape == "rows" or argument.term.many == "no":
        return next((cell for cell in cells if cell != argument.default), cells[0])
    if argument.name in CHOSEN:
        return [[cell] for cell in cells]
    blocks = [block for block in given if isinstance(block, list)]
    filled = [any(row[0] is not None for row in rows) for rows in zip(*blocks, strict=True)]
    return [[cells[at % ROWS] if full else None] for at, full in enumerate(filled)]


def _column_of(argument: Argument, first: object) -> object:
    """Return a column with a blank row and one of the wrong kind; tables and codes come alone."""
    if argument.term.kind == "table" or argument.term.choices:
        return first
    cells = [first, *values(argument.name, argument.term)]
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
    return [f"C{row + 1:04}" for row in range(ROWS)]


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
        return (cell - DAY_0).days
    return float(cell) if isinstance(cell, bool) else (None if cell == "" else cell)
