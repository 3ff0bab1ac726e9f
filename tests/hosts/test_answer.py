"""Calls from cells of every function of the list: what it answers, what it says."""

import logging
import math
import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import made
from tests.hosts.answers import (
    AMOUNTS,
    CASES,
    CUSTOMERS,
    DAYS,
    IDS,
    ORDERS,
    PYTHON_WORDS,
    RULES,
    TIERS,
    TODAY,
    Cells,
    call,
    column,
    flat,
    message,
)
from xlclv.columns import EXCEL_ERRORS, CellError
from xlclv.functions import FUNCTIONS
from xlclv.hosts.answer import answer, as_cells, as_rows
from xlclv.registry import Function
from xlclv.terms import FloatArray


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_function_answers_a_valid_call(function: Function) -> None:
    cells, expected = CASES[function.name]
    block = answer(function, cells)
    assert not any(isinstance(cell, CellError) for cell in flat(block))
    # Long rows and tables are given by their beginning.
    shown = [row[: len(start)] for row, start in zip(block, expected, strict=False)]
    assert len(block) >= len(expected)
    for row, start in zip(shown, expected, strict=True):
        assert row == pytest.approx(start) if is_numeric(start) else row == start


def is_numeric(row: Cells) -> bool:
    return all(isinstance(cell, float) for cell in row)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
@pytest.mark.parametrize("omitted", [None, "", [[None]], [[None, ""], ["", None]]])
def test_without_arguments_a_function_says_which_one_it_lacks(
    function: Function, omitted: object
) -> None:
    block = answer(function, [omitted] * len(function.arguments))
    if function.arguments and function.arguments[0].required:
        name = function.arguments[0].name
        assert message(block).startswith(f"{function.name}: {name} is empty; expected ")
    else:
        assert not any(isinstance(cell, CellError) for cell in flat(block))
    assert answer(function, []) == block


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_too_many_arguments_are_told(function: Function) -> None:
    most = len(function.arguments)
    assert message(answer(function, [1] * (most + 1))).endswith(f"at most {most}. [V117]")


# --- results ----------------------------------------------------------------------------------


def test_an_empty_result_is_its_header_row_or_not_available() -> None:
    nobody = call("CLV_REWARDS", CUSTOMERS, ORDERS, [RULES[0]], TIERS, TODAY)
    assert nobody == [CASES["CLV_REWARDS"][1][0]]
    assert as_rows({"customer_count": np.array([])}, headers=True) == [["Customers"]]
    ((cell,),) = as_rows({"customer_count": np.array([])}, headers=False)
    assert cell == CellError("#N/A", "There is nothing to list. [N204]")


def test_results_are_plain_cells() -> None:
    assert as_cells(np.array([1.5, np.nan])) == [1.5, None]
    assert as_cells(np.array(["2026-01-31", "NaT"], "datetime64[D]")) == [date(2026, 1, 31), None]
    assert as_cells(np.array([True])) == [True]
    assert as_cells(np.array(["a", None], object)) == ["a", None]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_cells_have_the_types_every_host_knows(function: Function) -> None:
    for cell in flat(answer(function, CASES[function.name][0])):
        assert type(cell) in {float, str, bool, date, type(None)}


def test_a_bug_shows_as_an_error_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def compute(churn: FloatArray) -> FloatArray:
        """Fail."""
        raise ZeroDivisionError(churn)

    with caplog.at_level(logging.ERROR, "xlclv"):
        block = answer(made("CLV_BUG", compute), [0.5])
    ((cell,),) = block
    assert isinstance(cell, CellError)
    assert (cell.code, cell.message[-6:]) == ("#VALUE!", "[X999]")
    assert not PYTHON_WORDS.search(cell.message)
    (record,) = caplog.records
    assert "CLV_BUG" in record.getMessage()
    assert record.exc_info is not None


ODD_CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 50_000),
    st.floats(),
    st.sampled_from([0.0, 0.25, 1.0, 3.0, 46000.0, "", "x", "years", "2026-01-31", "a" * 99]),
    st.text(max_size=4),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**6, min_value=-9),
    st.sampled_from(sorted(EXCEL_ERRORS)),
)
ODD_BLOCKS = ODD_CELLS | st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(ODD_CELLS, min_size=width, max_size=width), min_size=1, max_size=4
    )
)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_odd_input_gives_cells_or_messages_never_a_fault_of_ours(
    function: Function, data: st.DataObject
) -> None:
    cells = list(CASES[function.name][0])
    for at in range(len(cells)):
        if data.draw(st.booleans()):
            cells[at] = data.draw(ODD_BLOCKS)
    block = answer(function, cells)
    assert block
    assert len({len(row) for row in block}) == 1
    for cell in flat(block):
        assert isinstance(cell, float | str | bool | date | CellError | None)
        if isinstance(cell, float):
            assert math.isfinite(cell)
        if isinstance(cell, CellError):
            assert cell.code in EXCEL_ERRORS
            assert cell.message.startswith(f"{function.name}")
            assert "[X999]" not in cell.message
            assert re.search(r"\[[A-Z]\d{3}\]$", cell.message)
            assert len(cell.message) <= 250
        elif isinstance(cell, str):
            assert cell not in EXCEL_ERRORS


LONG = [f"A header of some length {number}" for number in range(40)]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("CLV", ("x" * 999, 2, 3)),
        ("CLV_TIER", (5, [["Tier", *LONG], ["a", *LONG]])),
        ("CLV_TIER", (5, [["Tier", "Enter at"], ["x" * 200, 1], ["y" * 200, 1]])),
        ("CLV_TIER", (5, [["Tier", "Enter at"], ["x" * 200, 1], ["x" * 200, 2]])),
        ("CLV_TIER", (5, [["Tier", "Enter at"], ["a", "x" * 300]])),
        ("CLV_REWARD_WHY", ("x" * 300, "R1", CUSTOMERS, ORDERS, RULES, TIERS, TODAY)),
        ("CLV_REWARD_WHY", ("a", "x" * 300, CUSTOMERS, ORDERS, RULES, TIERS, TODAY)),
        ("CLV_CUSTOMERS", (IDS, column("x" * 300, "y", "z"), AMOUNTS, TODAY)),
        ("CLV", ("None", 2, 3)),
        ("CLV_STATUS", ("2026-07-01", TODAY, 30)),
        ("CLV_TOP_SHARE", (column(0, 0),)),
        ("CLV_TIER_CUTS", (column(1, 2),)),
        ("CLV_RETENTION", (100, 1)),
        ("CLV_RFM", (IDS, DAYS, AMOUNTS, "2020-01-01")),
    ],
)
def test_a_message_is_short_and_ends_with_its_code(name: str, cells: tuple[object, ...]) -> None:
    text = message(call(name, *cells))
    assert len(text) <= 250
    assert text.startswith(f"{name}: ")
    assert re.search(r"\[[A-Z]\d{3}\]$", text)
    assert not PYTHON_WORDS.search(text.replace('"None"', ""))


def test_a_survey_is_rewarded_where_the_feedback_is_given() -> None:
    rules = [["Rule id", "Name", "When", "Reward"], ["R1", "Thanks", "Survey answered", "Note"]]
    feedback = [["Date", "Customer id", "Kind", "Score"], ["2026-06-01", "a", "NPS", 9]]
    without = call("CLV_REWARD_WHY", "a", "R1", CUSTOMERS, ORDERS, rules, TIERS, TODAY)
    assert "Feedback" in str(without[0][0])
    given = [CUSTOMERS, ORDERS, rules, TIERS, TODAY, None, feedback]
    assert call("CLV_REWARD_WHY", "a", "R1", *given) == [["a survey was answered on 2026-06-01"]]
