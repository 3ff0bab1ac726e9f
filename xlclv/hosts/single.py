"""The short way of a call for one cell: no arrays are made for one number.

It serves a call whose arguments are single cells, or tables, and hold what their terms allow. All
else goes the long way, `answer.run`, so a text about what is wrong with a cell is told there only.
The sum is the same, and so is what it refuses.
"""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final

from xlclv.columns import as_cell, read_cell
from xlclv.errors import XlclvError
from xlclv.hosts.ranges import is_blank, table_of
from xlclv.registry import Argument, Function
from xlclv.terms import TERMS

MANY: Final = object()  # the call is no such call


def single(function: Function, cells: Sequence[object]) -> object:
    """Answer a call for one cell; MANY where it has to go the long way.

    Args:
        function: One of the list.
        cells: Per argument a scalar or a block, as `answer.run` takes them.

    Raises:
        XlclvError: The sum refuses the values, or a table cannot be read.
    """
    values = None if function.shape == "table" else _values(function, cells)
    if values is None:
        return MANY
    try:
        answer = as_cell(function.compute(**values))
    except XlclvError as error:
        if error.rows is None:
            raise
        return MANY  # what it says of a row is said there
    return (
        TERMS[function.says].said(answer) if isinstance(answer, str) and function.says else answer
    )


def _values(function: Function, cells: Sequence[object]) -> dict[str, Any] | None:
    """Return the arguments by name; None where one is not so simple."""
    values: dict[str, Any] = {}
    tables: list[tuple[Argument, object]] = []
    for argument, cell in zip_longest(function.arguments, cells):
        if argument.is_table and not is_blank(cell):
            tables.append((argument, cell))
            continue
        if function.shape == "one" and argument.term.many != "no":
            return None
        value = _value(argument, cell)
        if value is MANY:
            return None
        if value is not None:
            values[argument.name] = value
    # As on the long way: a cell at fault is told before a table at fault.
    for argument, cell in tables:
        values[argument.name] = table_of(argument, cell)
    return values


def _value(argument: Argument, cell: Any) -> object:  # noqa: ANN401 - whatever the host hands over
    """Return what one cell stands for, None where it is left out; MANY if it is not so simple."""
    for _ in range(2):  # a row of one cell, in a range of one row
        if isinstance(cell, list | tuple) and len(cell) == 1:
            (cell,) = cell
    if is_blank(cell):
        return MANY if argument.required else None
    if isinstance(cell, list | tuple):
        return MANY
    value = read_cell(cell, argument.term)
    return MANY if value is None else value
