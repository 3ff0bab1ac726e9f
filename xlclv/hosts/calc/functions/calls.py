"""A call from a cell of Calc: what the add-in interface hands over in, what it shows out."""

import struct
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from xlclv.columns import DAY_0, CellError, serial_of
from xlclv.errors import InputError
from xlclv.functions import BY_NAME
from xlclv.hosts.answer import answer
from xlclv.registry import Argument, Function
from xlclv.tables import ARGUMENT_TABLES
from xlclv.terms import TERMS

CalcCell = float | str  # what a cell of Calc shows
# Calc keeps the error of a cell in the low half of a NaN; these are the numbers it shows as the
# errors that Excel knows (formula/errorcodes.hxx).
ERROR_NUMBERS = {
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#VALUE!": 519,
    "#REF!": 524,
    "#NAME?": 525,
    "#NUM!": 503,
    "#N/A": 32767,
}
QUIET_NAN = 0x7FF8 << 48


def call(name: str, cells: Sequence[object]) -> tuple[tuple[CalcCell, ...], ...]:
    """Answer a call of a function from a cell.

    Args:
        name: Its name, as typed.
        cells: What Calc hands over: per argument a number, a text, a range as a tuple of rows,
            or None where it is left out. A function with dates gets the document first.

    Returns:
        Rows of cells; an error is a NaN that Calc shows as #VALUE!, #N/A and so on.
    """
    function = BY_NAME[name]
    given = list(cells)
    if given_document(name) and null_date(given.pop(0)) != DAY_0:
        fault = CellError.of(InputError("calc_null_date"))
        return ((as_cell(fault),),)
    while given and given[-1] is None:
        given.pop()
    return tuple(tuple(map(as_cell, row)) for row in answer(function, given))


@cache
def given_document(name: str) -> bool:
    """Say whether the function of a name needs the document; asked at every call."""
    return needs_document(BY_NAME[name])


def needs_document(function: Function) -> bool:
    """Say whether a function is given dates, which count from a day that the document sets."""
    return any(map(_holds_dates, function.arguments))


def _holds_dates(argument: Argument) -> bool:
    if argument.term.kind == "table":
        columns = ARGUMENT_TABLES[argument.name].columns
        return any(TERMS[column].kind == "date" for column in columns)
    return argument.term.kind == "date"


def null_date(document: Any) -> date:  # noqa: ANN401 - an object of UNO
    """Return the day from which a document counts its days."""
    start = document.NullDate
    return date(start.Year, start.Month, start.Day)


def as_cell(value: object) -> CalcCell:
    """Return a value as a cell of Calc shows it: dates as serial numbers, TRUE as 1.

    A blank is an empty text, as COUNT and AVERAGE would take an empty result for 0.

    >>> as_cell(date(2026, 1, 31)), as_cell(True), as_cell("Gold")
    (46053.0, 1.0, 'Gold')
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, CellError):
        return error_number(value.code)
    if isinstance(value, date):
        return serial_of(value)
    return float(value)  # type: ignore[arg-type]


def error_number(code: str) -> float:
    """Return the NaN that Calc shows as an error.

    >>> struct.pack(">d", error_number("#N/A")).hex()
    '7ff8000000007fff'
    """
    number = ERROR_NUMBERS.get(code, ERROR_NUMBERS["#VALUE!"])
    nan: float = struct.unpack("<d", struct.pack("<Q", QUIET_NAN | number))[0]
    return nan
