"""The one example of every function: right in Python, and written as a formula would have it."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from tests.examples import IDS, handed, listed, shown
from xlclv.example import Listed, written
from xlclv.functions import BY_NAME, DAY, FUNCTIONS
from xlclv.hosts.shell.call import called
from xlclv.registry import Function
from xlclv.workbook.sample.tables import AS_OF

# As printed where each is published; the digits that the example leaves out come from the sum.
PRINTED = {
    "CLV_LIFESPAN": 4.0,
    "CLV_RETENTION": 1_100 / 3,  # 100 x 1.1 / (1.1 - 0.8)
    "CLV_EXPECTED_ORDERS": 1.226,  # Fader, Hardie & Lee, note 004: customer of CDNOW, 39 weeks
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=IDS)
def test_an_example_gives_what_it_says(function: Function) -> None:
    expected = function.example.expected
    # nine digits after the point are written down
    close = (
        pytest.approx(expected, rel=1e-9, abs=5e-10) if isinstance(expected, float) else expected
    )
    assert shown(function) == close


@pytest.mark.parametrize("name", PRINTED)
def test_an_example_agrees_with_what_is_printed(name: str) -> None:
    assert BY_NAME[name].example.expected == pytest.approx(PRINTED[name], abs=5e-4)


def constants(function: Function) -> bool:
    return not any(isinstance(given, list) for given in handed(function))


CONSTANT = [function for function in FUNCTIONS if constants(function)]


@pytest.mark.parametrize("function", CONSTANT, ids=lambda function: function.name)
def test_an_example_of_constants_is_a_call_in_python_too(function: Function) -> None:
    example = function.example
    given: Any = function.compute(*example.given)
    if example.at:
        row, column = example.at
        given = list(given.values())[column - 1][row - 2]  # without a row of headers
    expected = example.expected
    close = pytest.approx(expected) if isinstance(expected, float) else expected
    assert np.asarray(given).item() == close


@pytest.mark.parametrize("function", CONSTANT, ids=lambda function: function.name)
def test_an_example_of_constants_is_a_call_in_a_shell_too(function: Function) -> None:
    terms = (argument.term for argument in function.arguments)
    typed = [
        each.isoformat() if isinstance(each, date) else written(each, term)
        for each, term in zip(function.example.given, terms, strict=False)
    ]
    block = called(function.name, typed).block
    row, column = function.example.at or (1, 1)
    expected = function.example.expected
    close = pytest.approx(expected) if isinstance(expected, float) else expected
    assert block[row - 1][column - 1] == close


# Typed by hand, as people type them.
FORMULAS = {
    "CLV": "CLV(50,2,3)",
    "CLV_RETENTION": "CLV_RETENTION(100,80%,10%)",
    "CLV_MIGRATION": "INDEX(CLV_MIGRATION({0.3;0.2;0.15;0.05},40,4,20%),2,2)",
    "CLV_SCHEDULE": "INDEX(CLV_SCHEDULE(50,2,3,1,10%),5,4)",
    "CLV_STATUS": "CLV_STATUS(DATE(2026,5,5),DATE(2026,6,30),30)",
    "CLV_TENURE": "CLV_TENURE(DATE(2023,7,1),DATE(2026,6,30))",
    "CLV_BIRTHDAY": 'IF(CLV_BIRTHDAY(DATE(1988,7,2),DATE(2026,6,30)),"yes","no")',
    "CLV_SURVIVAL": 'CLV_SURVIVAL({"Model","Parameter","Estimate";"sBG","alpha",0.668;'
    '"sBG","beta",3.806},8)',
    "CLV_SEGMENTS": "INDEX(CLV_SEGMENTS(tblOrders[Amount net],tblOrders[Channel]),2,1)",
    "CLV_REWARD_BUDGET": "INDEX(CLV_REWARD_BUDGET(CLV_REWARDS(tblCustomers[#All],tblOrders[#All],"
    "tblRules[#All],tblTiers[#All],DATE(2026,6,30)),tblRules[#All]),5,4)",
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_is_written_as_one_would_type_it(name: str) -> None:
    assert BY_NAME[name].formula == FORMULAS[name]


@pytest.mark.parametrize("function", FUNCTIONS, ids=IDS)
def test_every_table_and_column_of_a_formula_is_in_the_template(function: Function) -> None:
    for given in function.example.given:
        if isinstance(given, Listed):
            assert len(listed(given)) > 1


def test_the_as_of_date_of_the_examples_is_that_of_the_sample() -> None:
    assert DAY == AS_OF
