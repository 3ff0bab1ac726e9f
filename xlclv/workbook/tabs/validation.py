"""What a cell accepts: data validation made from the term of its column."""

import math
from datetime import date
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xlclv.tables import title
from xlclv.terms import TERMS, Term
from xlclv.words import word, yes_no

FIRST_DAY = date(1990, 1, 1)
LONGEST_LIST, LONGEST_MESSAGE, LONGEST_TITLE = 255, 255, 32
HUGE = 1e12


def validate(sheet: Worksheet, name: str, row: int, column: int, last_row: int) -> None:
    """Accept in a column of cells only what its term allows; say so when a cell is chosen."""
    rule = _rule(TERMS[name])
    if rule is None:
        return
    rule |= {
        "input_title": title(name)[:LONGEST_TITLE],
        "input_message": word("input.prompt", meaning=TERMS[name].meaning)[:LONGEST_MESSAGE],
        "error_title": title(name)[:LONGEST_TITLE],
        "error_message": _error(TERMS[name])[:LONGEST_MESSAGE],
    }
    sheet.data_validation(row, column, last_row, column, rule)


def _error(term: Term) -> str:
    hint = word("input.percent_hint") if term.unit == "fraction" else ""
    return word("input.error", expected=term.expected, hint=hint)


def _rule(term: Term) -> dict[str, Any] | None:
    if term.kind == "boolean":
        return {"validate": "list", "source": [yes_no(answer=True), yes_no(answer=False)]}
    if term.choices:
        return _list(term.offered)
    if term.kind == "date":
        return {"validate": "date", "criteria": ">=", "value": FIRST_DAY}
    if term.kind == "number" and not math.isinf(max(term.at_least, term.above)):
        low, high = max(term.at_least, term.above), min(term.at_most, term.below)
        return {
            "validate": "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": HUGE if math.isinf(high) else high,
        }
    return None


def _list(choices: tuple[str, ...]) -> dict[str, Any] | None:
    """Return a drop-down; a choice with a comma would fall apart in one."""
    if len(",".join(choices)) > LONGEST_LIST or any("," in text for text in choices):
        return None
    return {"validate": "list", "source": list(choices)}
