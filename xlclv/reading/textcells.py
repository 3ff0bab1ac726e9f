"""Columns of cells become numbers and days; how texts are written, the whole column decides.

Nothing is guessed: a column whose cells all allow two readings is an error that names the option
that decides, and a cell that allows none stays the text it is, to be reported with its row. A text
in a workbook is read as one in a text file; a number or a day that is one already stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xlclv.columns import Cells, as_objects
from xlclv.reading.cellcolumns import Column, Conventions
from xlclv.reading.daycells import days
from xlclv.reading.numbercells import numbers
from xlclv.tables import RawTable, title
from xlclv.terms import TERMS, Array, BoolArray, Kind

UNTOLD: Final = Conventions()  # the cells tell


def typed(
    raw: RawTable, index: Mapping[str, int], conventions: Conventions = UNTOLD
) -> tuple[RawTable, tuple[str, ...]]:
    """Turn the text columns that hold numbers or dates into such.

    Args:
        raw: A table; "" or None is a blank.
        index: Column name to position (from 0).
        conventions: What the user says about the way of writing.

    Returns:
        The table with columns of dtype float64 or datetime64[D], NaN and NaT being blanks; a
        column with cells that cannot be read holds objects, and those cells what they held. And
        what was detected, in plain sentences.

    Raises:
        InputError: A column can be read in two ways, or half of it in one and half in another.

    >>> cells = RawTable(["Amount"], [["1.234,50 €", "7", ""]])
    >>> typed(cells, {"amount_net": 0})[0].columns[0]
    array([1234.5,    7. ,    nan])
    """
    columns = list(raw.columns)
    notes: list[str] = []
    for name, at in index.items():
        kinds = {TERMS[other].kind for other in index if index[other] == at}
        read = _READERS.get(TERMS[name].kind)
        if read is not None and len(kinds) == 1:
            column = Column.of(raw.columns[at], title(name), raw.where, at)
            columns[at] = _with_bad_cells(column, *read(column, conventions))
            notes += column.notes
    return replace(raw, columns=columns), tuple(notes)


def _with_bad_cells(column: Column, values: Array, bad: BoolArray) -> Cells:
    if not bad.any():
        return values
    objects: NDArray[np.object_] = values.astype(object)
    objects[bad] = as_objects(column.cells)[bad]
    return objects


def _numbers_typed(column: Column, conventions: Conventions) -> tuple[Array, BoolArray]:
    read = numbers(column, conventions)
    return read.values, read.bad


def _days_typed(column: Column, conventions: Conventions) -> tuple[Array, BoolArray]:
    read = days(column, conventions)
    return read.values, read.bad


_READERS: Final[Mapping[Kind, Callable[[Column, Conventions], tuple[Array, BoolArray]]]] = {
    "number": _numbers_typed,
    "date": _days_typed,
}
