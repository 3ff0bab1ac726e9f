"""The functions as xlwings calls them from a cell of Excel on Windows.

xlwings finds them among the names of this module. What a cell holds is converted here, not by
xlwings, whose conversions differ between versions and turn an exception into text.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date
from inspect import Parameter, Signature
from typing import Final

import xlwings

from xlclv.columns import CellError, serial_of
from xlclv.errors import UndefinedError
from xlclv.functions import FUNCTIONS
from xlclv.hosts.answer import answer
from xlclv.hosts.excel.functions.tag import CATEGORY, END, TAG
from xlclv.hosts.log import log_to_file
from xlclv.hosts.ranges import Block, as_block
from xlclv.registry import LONGEST_HELP, Function

LONGEST_MESSAGE: Final = 1000
# An error that xlwings does not know arrives as its number, counted from here.
FIRST_ERROR, LAST_ERROR = -2_146_826_288, -2_146_826_189
NEW_ERRORS: Final = {45: "#SPILL!", 50: "#CALC!"}


def as_udf(function: Function) -> Callable[..., Block]:
    """Return a function as xlwings wants it: named arguments, no hints, blocks of cells."""

    def udf(*cells: object) -> Block:
        log_to_file()
        block = answer(function, list(map(incoming, cells)))
        return [list(map(outgoing, row)) for row in block]

    udf.__name__ = udf.__qualname__ = function.name
    udf.__doc__ = function.help
    udf.__annotations__ = {}  # xlwings would turn hints into conversions
    udf.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(argument.name, Parameter.POSITIONAL_OR_KEYWORD, default=None)
            for argument in function.arguments
        ]
    )
    for argument in function.arguments:
        told = argument.meaning[:LONGEST_HELP]
        udf = xlwings.arg(argument.name, ndim=2, err_to_str=True, doc=told)(udf)
    bound: Callable[..., Block] = xlwings.func(category=CATEGORY, call_in_wizard=False)(udf)
    return bound


def incoming(cells: object) -> object:
    """Return what xlwings read from an argument as cells that every host hands over."""
    if isinstance(cells, Sequence) and not isinstance(cells, str):
        return [list(map(_cell, row)) for row in as_block(cells)]
    return _cell(cells)


def _cell(value: object) -> object:
    """Return one cell, an error even where xlwings took it for a number."""
    if type(value) is int and FIRST_ERROR <= value <= LAST_ERROR:
        return CellError(NEW_ERRORS.get(value - FIRST_ERROR, "#VALUE!"))
    return value


def outgoing(value: object) -> object:
    r"""Return a cell of a result as it may leave for Excel.

    >>> outgoing(date(2026, 1, 31)), outgoing(True), outgoing("Gold"), outgoing(None)
    (46053.0, True, 'Gold', '')
    >>> outgoing(CellError("#N/A", "CLV_FIT: too few"))
    '\x02#N/A\x03CLV_FIT: too few'
    """
    if value is None:
        return ""  # a blank result; Excel would show an empty one as 0
    if isinstance(value, CellError):
        return f"{TAG}{value.code}{END}{value.message[:LONGEST_MESSAGE]}"
    if isinstance(value, str):
        return value.lstrip(TAG)
    if isinstance(value, date):
        return serial_of(value)
    if isinstance(value, float) and not math.isfinite(value):
        # xlwings would write it as an empty text, which a sum skips
        return outgoing(
            CellError(UndefinedError.cell_code, str(UndefinedError("excel_not_finite")))
        )
    return value


globals().update({function.name: as_udf(function) for function in FUNCTIONS})
