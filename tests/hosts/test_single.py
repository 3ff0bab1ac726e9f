"""A call for one cell answers as the long way does, whatever the cells hold."""

from datetime import date, datetime
from decimal import Decimal
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hosts.answers import CASES, Cells, call
from tests.hosts.samples import values
from xlclv.columns import EXCEL_ERRORS, CellError
from xlclv.functions import FUNCTIONS
from xlclv.hosts import answer as long_way
from xlclv.hosts.ranges import Block, is_blank
from xlclv.hosts.single import MANY, single
from xlclv.registry import Argument, Function

OF_ONE_CELL = [function for function in FUNCTIONS if function.shape != "table"]
ROW_BY_ROW = [function for function in FUNCTIONS if function.shape == "rows"]

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 50_000),
    st.floats(),
    st.floats(-1, 2),
    st.decimals(-2, 10**6, places=2),
    st.sampled_from([Decimal("NaN"), np.float64(0.5), np.int64(3), np.bool_(True)]),  # noqa: FBT003
    st.sampled_from([np.datetime64("2026-01-31"), np.datetime64("NaT"), 10**15, 1e300]),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - cells have no zone
    st.floats(61, 60_000),  # a day as its serial number
    st.sampled_from(["", " ", "x", "Years", " months ", "TRUE", "yes", "No", "2026-01-31"]),
    st.sampled_from(["12", "0.5", "50%", "1,234.5", "2026-02-30", "46000", "C0001", " Mid"]),
    st.text(max_size=4),
    st.sampled_from([*sorted(EXCEL_ERRORS), *map(CellError, sorted(EXCEL_ERRORS))]),
)


def cells_for(argument: Argument, usual: object) -> st.SearchStrategy[object]:
    """Return cells that mostly suit an argument."""
    if argument.is_table:
        return st.just(usual)
    fitting = st.sampled_from([usual, usual, *values(argument.name, argument.term)])
    return st.one_of(fitting, fitting, fitting, ODD)


def drawn(data: st.DataObject, function: Function) -> Cells:
    usual = CASES[function.name][0]
    rest = [None] * (len(function.arguments) - len(usual))
    return [
        data.draw(cells_for(argument, cell), label=argument.name)
        for argument, cell in zip(function.arguments, [*usual, *rest], strict=True)
    ]


def the_long_way(name: str, cells: Cells) -> Block:
    with patch.object(long_way, "single", return_value=MANY):
        return call(name, *cells)


def told(cell: object) -> object:
    """Return a cell so that equal ones are alike in type too."""
    return (type(cell), cell)


@pytest.mark.parametrize("function", OF_ONE_CELL, ids=lambda function: function.name)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_one_cell_is_answered_as_on_the_long_way(function: Function, data: st.DataObject) -> None:
    cells = drawn(data, function)
    ((short,),), ((long,),) = call(function.name, *cells), the_long_way(function.name, cells)
    assert told(short) == told(long)


@pytest.mark.parametrize("function", ROW_BY_ROW, ids=lambda function: function.name)
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_one_cell_is_answered_as_a_row_of_a_column(function: Function, data: st.DataObject) -> None:
    cells = drawn(data, function)
    pairs = list(zip(function.arguments, cells, strict=True))
    # A column of blanks is left out; a blank row of a column is a blank row of the result.
    blank = any(argument.required and is_blank(cell) for argument, cell in pairs)
    columns = [cell if argument.is_table else [[cell], [cell]] for argument, cell in pairs]
    ((one,),), many = call(function.name, *cells), call(function.name, *columns)
    if not blank:
        assert [told(row[0]) for row in many] == [told(one)] * len(many)


@pytest.mark.parametrize("function", OF_ONE_CELL, ids=lambda function: function.name)
def test_what_suits_takes_the_short_way(function: Function) -> None:
    # else the comparisons above would compare the long way with itself
    cells = CASES[function.name][0]
    takes_lists = any(argument.term.many != "no" for argument in function.arguments)
    if function.shape == "rows" or not takes_lists:
        assert single(function, cells) is not MANY
