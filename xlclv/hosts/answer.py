"""One call of a function from any host: blocks of cells in, a block of cells out.

A block is a list of rows. A cell is a float, text, bool, date, None (blank) or a CellError; every
host turns dates and CellErrors into its own.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from xlclv.columns import CellError, Column, as_cells, read_column
from xlclv.errors import InputError, XlclvError
from xlclv.functions import BY_NAME
from xlclv.hosts.ranges import Block, as_block, block_size, is_blank, table_of, trim_full_columns
from xlclv.hosts.single import MANY, single
from xlclv.registry import Argument, Function
from xlclv.tables import Table, title
from xlclv.terms import TERMS, Array, BoolArray, Frame
from xlclv.words import word

LONGEST_MESSAGE = 250
log = logging.getLogger("xlclv")


class _PassedOn(Exception):  # noqa: N818 - carries a cell, not a fault of ours
    """An error cell was handed in; the result is the same error."""

    def __init__(self, cell: CellError) -> None:
        super().__init__(cell.message)
        self.cell = cell


def call(name: str, /, *cells: object) -> Block:
    """Call a function of the list by its name, as a cell does.

    Args:
        name: Such as "CLV".
        cells: Per argument a scalar or a block (sequence of rows); None where it is left out.

    Returns:
        Rows of cells; an error is a CellError in its cell, or the only cell.

    Raises:
        InputError: There is no such function.

    >>> call("CLV", 50, 2, [[3], [4]])
    [[300.0], [400.0]]
    """
    return answer(function_of(name), cells)


def function_of(name: str) -> Function:
    """Return a function by its name, in capital or small letters.

    Raises:
        InputError: There is none of that name.
    """
    if name.upper() not in BY_NAME:
        raise InputError("no_such_function", value=name, expected=", ".join(BY_NAME))
    return BY_NAME[name.upper()]


def answer(function: Function, cells: Sequence[object]) -> Block:
    """Call a function with what a host hands over; never raises.

    Args:
        function: One of the list.
        cells: Per argument a scalar or a block (sequence of rows); None, "" or left out at the
            end means omitted.

    Returns:
        A block; an error is one CellError, or one per row at fault.
    """
    try:
        return run(function, cells)
    except _PassedOn as passed:
        return [[_named(function, passed.cell)]]
    except XlclvError as error:
        return [[_named(function, CellError.of(error))]]
    except Exception:  # a bug of ours; the sheet must show it and the log must keep it
        log.exception("%s failed", function.name)
        return [[CellError("#VALUE!", word("errors.internal", name=function.name))]]


def _named(function: Function, cell: CellError) -> CellError:
    """Put the name of the function before a message, and keep the message short.

    What is cut is the middle: the code at the end is what support asks for.
    """
    message = f"{function.name}: {cell.message}"
    if len(message) > LONGEST_MESSAGE:
        _, bracket, code = message.rpartition(" [")
        message = f"{message[: LONGEST_MESSAGE - len(bracket + code) - 1]}…{bracket}{code}"
    return CellError(cell.code, message)


def run(function: Function, cells: Sequence[object]) -> Block:
    """Call a function; as `answer`, but an error of the whole call is raised."""
    if len(cells) > len(function.arguments):
        raise InputError("too_many_arguments", given=len(cells), most=len(function.arguments))
    one = single(function, cells)
    if one is not MANY:
        return [[one]]
    given = {
        argument: cell
        for argument, cell in zip(function.arguments, cells, strict=False)
        if not is_blank(cell)
    }
    for argument in function.arguments:
        if argument.required and argument not in given:
            raise InputError("empty", name=argument.name, expected=argument.term.expected)
    blocks = {argument: as_block(cell) for argument, cell in given.items() if not argument.is_table}
    trim_full_columns(list(blocks.values()))
    tables = {argument: cell for argument, cell in given.items() if argument.is_table}
    if function.shape == "rows":
        return _by_row(function, blocks, tables)
    return _at_once(function, blocks, tables)


# --- functions that answer row by row ---------------------------------------------------------


def _by_row(
    function: Function, blocks: Mapping[Argument, Block], tables: Mapping[Argument, object]
) -> Block:
    rows, width = _common_shape(blocks)
    size = rows * width
    single, columns = _read_all(blocks, size)
    answers = np.full(size, None, dtype=object)
    used = _used(columns, size)
    faulty = _faults_of_rows(columns, used, answers)
    for row in np.flatnonzero(faulty):
        answers[row] = _named(function, answers[row])
    others = single | _read_tables(tables)
    _compute_rows(function, columns, others, used & ~faulty, answers)
    return [list(answers[row * width : (row + 1) * width]) for row in range(rows)]


def _common_shape(blocks: Mapping[Argument, Block]) -> tuple[int, int]:
    """Return the one shape of all blocks that are not a single cell."""
    shape, owner = (1, 1), ""
    for argument, block in blocks.items():
        own = (len(block), len(block[0]))
        if own in ((1, 1), shape):
            continue
        if shape != (1, 1):
            raise _unequal(owner, shape[0] * shape[1], argument.name, block_size(block))
        shape, owner = own, argument.name
    return shape


def _unequal(name: str, size: int, other: str, other_size: int) -> InputError:
    return InputError("unequal_lengths", name=name, size=size, other=other, other_size=other_size)


def _read_all(
    blocks: Mapping[Argument, Block], size: int
) -> tuple[dict[str, Any], dict[Argument, Column]]:
    """Read the arguments: single cells, which stand for all rows, apart from ranges.

    A fault in a single cell is one of the whole call.
    """
    single: dict[str, Any] = {}
    columns: dict[Argument, Column] = {}
    for argument, block in blocks.items():
        cells = [cell for row in block for cell in row]
        column = read_column(cells, argument.name, argument.term)
        if size > 1 and len(cells) > 1:
            columns[argument] = column
        else:
            _raise_first(column)
            single[argument.name] = column.values[0]
    return single, columns


def _raise_first(column: Column) -> None:
    if column.faults:
        raise _PassedOn(column.faults[min(column.faults)])


def _used(columns: Mapping[Argument, Column], size: int) -> BoolArray:
    """Say which rows hold anything: a blank row of the input is a blank row of the result."""
    used = np.ones(size, bool)
    if columns:
        used = np.logical_or.reduce([~column.blank for column in columns.values()])
    return used


def _faults_of_rows(
    columns: Mapping[Argument, Column], used: BoolArray, answers: Array
) -> BoolArray:
    """Put the first fault of each row into the answers; say which rows have one."""
    faulty = np.zeros(used.shape, bool)
    for argument, column in columns.items():
        empty = CellError.of(
            InputError("empty", name=argument.name, expected=argument.term.expected)
        )
        blanks = np.flatnonzero(column.blank & used & argument.required)
        for row, fault in [*column.faults.items(), *((int(row), empty) for row in blanks)]:
            if not faulty[row]:
                answers[row], faulty[row] = fault, True
    return faulty


def _compute_rows(
    function: Function,
    columns: Mapping[Argument, Column],
    others: Mapping[str, Any],
    good: BoolArray,
    answers: Array,
) -> None:
    """Compute the good rows; where the sum refuses some of them, compute the rest again."""
    rows = np.flatnonzero(good)
    while rows.size:
        arguments = {
            argument.name: _filled(argument, column)[rows] for argument, column in columns.items()
        }
        try:
            answers[rows] = as_cells(_said(function, function.compute(**arguments, **others)))
        except XlclvError as error:
            if error.rows is None:
                raise
            for at in np.flatnonzero(error.rows):
                answers[rows[at]] = _named(function, CellError.of(error, int(at)))
            rows = rows[~error.rows]
        else:
            return


def _said(function: Function, answers: Array) -> Array:
    """Return answers with words for codes."""
    return TERMS[function.says].all_said(np.atleast_1d(answers)) if function.says else answers


def _filled(argument: Argument, column: Column) -> Array:
    if not column.blank.any() or argument.required:
        return column.values
    values = column.values.copy()
    values[column.blank] = argument.default
    return values


# --- functions over whole columns and tables --------------------------------------------------


def _at_once(
    function: Function, blocks: Mapping[Argument, Block], tables: Mapping[Argument, object]
) -> Block:
    arguments = {argument.name: _value(argument, block) for argument, block in blocks.items()}
    arguments |= dict(_parallel(blocks))
    headers = bool(arguments.pop("headers", True)) if function.headers else True
    result = function.compute(**arguments, **_read_tables(tables))
    if isinstance(result, dict):
        return as_rows(result, headers=headers)
    return [[result]]


def _value(argument: Argument, block: Block) -> object:
    if argument.term.many == "rows":
        return None  # read together with the others, by _parallel
    column = read_column([cell for row in block for cell in row], argument.name, argument.term)
    _raise_first(column)
    if argument.term.many == "list":
        return column.values[~column.blank]
    if column.values.size > 1:
        raise InputError("one_cell", name=argument.name, size=column.values.size)
    return column.values[0]


def _parallel(blocks: Mapping[Argument, Block]) -> Iterator[tuple[str, Array]]:
    """Read the columns that belong together row by row; rows that are wholly blank drop out."""
    columns: dict[str, Column] = {}
    needed: dict[str, bool] = {}  # a blank in a column that may be left out counts as 0
    for argument, block in blocks.items():
        if argument.term.many == "rows":
            cells = [cell for row in block for cell in row]
            columns[argument.name] = read_column(cells, argument.name, argument.term)
            needed[argument.name] = argument.required
    if not columns:
        return
    first, size = next((name, column.blank.size) for name, column in columns.items())
    used = np.zeros(size, bool)
    for name, column in columns.items():
        if column.blank.size != size:
            raise _unequal(first, size, name, column.blank.size)
        used |= ~column.blank
    for name, column in columns.items():
        _raise_first_row(name, column, used & needed[name])
        yield name, column.values[used]


def _raise_first_row(name: str, column: Column, used: BoolArray) -> None:
    """Raise what is wrong with the first row at fault, naming the row of the range."""
    if column.faults:
        row = min(column.faults)
        fault = column.faults[row]
        message = fault.message.replace(name, word("errors.row_of", name=name, row=row + 1), 1)
        raise _PassedOn(CellError(fault.code, message))
    blank = np.flatnonzero(column.blank & used)
    if blank.size:
        row_name = word("errors.row_of", name=name, row=int(blank[0]) + 1)
        raise InputError("empty", name=row_name, expected=word("expected.filled"))


def _read_tables(tables: Mapping[Argument, object]) -> dict[str, Table]:
    return {argument.name: table_of(argument, cells) for argument, cells in tables.items()}


# --- results ----------------------------------------------------------------------------------


def as_rows(frame: Frame, *, headers: bool = True) -> Block:
    """Return columns as rows of cells, with the titles of the columns on top if wanted."""
    columns = [as_cells(TERMS[name].all_said(column)) for name, column in frame.items()]
    rows = [list(row) for row in zip(*columns, strict=True)]
    if headers:
        return [[title(name) for name in frame], *rows]
    return rows or [[CellError("#N/A", word("errors.no_rows"))]]
