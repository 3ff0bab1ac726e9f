"""Calls from cells: blanks, errors, odd input and shapes, for every function of the list."""

import logging
import math
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import made
from xlclv import __version__
from xlclv.columns import EXCEL_ERRORS, CellError
from xlclv.functions import BY_NAME, FUNCTIONS
from xlclv.hosts.answer import FULL_COLUMN, Block, answer, as_cells, as_rows
from xlclv.registry import Function
from xlclv.tables import SCHEMA
from xlclv.terms import FloatArray

Cells = list[object]
PYTHON_WORDS = re.compile(
    r"\b(None|nan|NaN|inf|True|False|array|dtype|Traceback|Error|numpy|datetime)\b"
)


def call(name: str, *cells: object) -> Block:
    return answer(BY_NAME[name], list(cells))


def message(block: Block) -> str:
    """Return the message of a result that is one error."""
    ((cell,),) = block
    assert isinstance(cell, CellError), block
    return cell.message


def column(*cells: object) -> list[Cells]:
    return [[cell] for cell in cells]


ORDERS: list[Cells] = [
    ["Customer id", "Order date", "Amount net"],
    ["a", "2026-01-01", 100.0],
    ["a", "2026-03-01", 250.0],
    ["b", "2025-12-01", 20.0],
]
IDS, DAYS, AMOUNTS = ([[row[at]] for row in ORDERS[1:]] for at in range(3))
CUSTOMERS: list[Cells] = [["Customer id", "Birth date"], ["a", "1990-06-25"], ["b", None]]
TIERS: list[Cells] = [["Tier", "Enter at (≥)"], ["Mid", 100], ["High-end", 1000], ["Budget", 0]]
RULES: list[Cells] = [
    ["Rule id", "Name", "Type", "When", "Only tiers", "Reward", "Cost each"],
    ["R1", "Gift", "Perk", "Tier reached", "High-end", "Free gift", 4.5],
]
LOYAL: list[Cells] = [
    ["Tier", "Measure", "Enter at"],
    ["Mid", "Net spend", 100],
    ["High-end", "Net spend", 350],
    ["Budget", "Net spend", 0],
]
LEDGER: list[Cells] = [
    ["Date", "Customer id", "Points", "State"],
    ["2026-01-01", "a", 100, "active"],
    ["2026-02-01", "a", -30, "used"],
]
TODAY = "2026-06-30"
YEAR = 365.25

# A log of a year: 88 customers, every fourth of whom ordered once.
SHOPPERS = [(number, order) for number in range(88) for order in range(1 + number % 4)]
FORECAST = [
    column(*(f"c{number}" for number, _ in SHOPPERS)),
    column(*(date(2025, 1, 1) + timedelta(number + k * (20 + number)) for number, k in SHOPPERS)),
    column(*(20.0 + number % 7 + 3 * k for number, k in SHOPPERS)),
    "2025-12-31",
]
REPEATS = [0, 1, 1, 2, 9, 1, 0, 3, 1, 14] * 7
HISTORY = [
    column(*REPEATS),
    column(*(x and 30 + row * 37 % 270 for row, x in enumerate(REPEATS))),
    column(*(300 + row for row in range(len(REPEATS)))),
]
FIT_HEADS = ["Model", "Parameter", "Estimate"]
FIT = [
    FIT_HEADS,
    *(["BG/NBD", "r", 0.243], ["BG/NBD", "alpha", 4.414]),
    *(["BG/NBD", "a", 0.793], ["BG/NBD", "b", 2.426]),
]
PARETO = [
    FIT_HEADS,
    *(["Pareto/NBD", "r", 0.5534], ["Pareto/NBD", "alpha", 10.5802]),
    *(["Pareto/NBD", "s", 0.6061], ["Pareto/NBD", "beta", 11.6562]),
]
SPEND_FIT = [
    FIT_HEADS,
    *(["Gamma-Gamma", *one] for one in (("p", 6.25), ("q", 3.74), ("v", 15.44))),
]
STAY_FIT = [FIT_HEADS, ["sBG", "alpha", 1], ["sBG", "beta", 1]]


# One valid call of every function and the block it gives.
CASES: dict[str, tuple[Cells, Block]] = {
    "CLV": ([50, 2, 3], [[300.0]]),
    "CLV_RETENTION": ([100, 0.5, 0, 2], [[150.0]]),
    "CLV_PROMOTION": ([100, 10, 0.5, 0, 2], [[160.0]]),  # 100 + 50 + 25 - 10 - 5
    "CLV_MIGRATION": (
        [[[0.5]], 40, 4, 0, 1],
        [["Periods since last order", "Present value"], [1.0, 54.0], [2.0, 0.0]],
    ),
    "CLV_LIFESPAN": ([0.25], [[4.0]]),
    "CLV_SCHEDULE": (
        [50, 2, 2],
        [
            ["Year", "Value of the year", "Discounted", "Cumulative"],
            [0.0, 0.0, 0.0, 0.0],
            [1.0, 100.0, 100.0, 100.0],
            [2.0, 100.0, 100.0, 200.0],
        ],
    ),
    "CLV_SENSITIVITY": (
        [50, 2, 4, 0.5, 0, 0, 0.5],
        [
            ["Driver", "Low", "Base", "High", "Swing", "Rank"],
            ["Average purchase value", 100.0, 200.0, 300.0, 200.0, 1.0],
            ["Purchase frequency", 100.0, 200.0, 300.0, 200.0, 2.0],
            ["Lifespan", 100.0, 200.0, 300.0, 200.0, 3.0],
            ["Margin", 100.0, 200.0, 300.0, 200.0, 4.0],
            ["Discount rate", 200.0, 200.0, 200.0, 0.0, 5.0],
            ["Acquisition cost", 200.0, 200.0, 200.0, 0.0, 6.0],
        ],
    ),
    "CLV_CUSTOMERS": (
        [IDS, DAYS, AMOUNTS, "2026-03-01", 0.5, 2, False],
        [
            ["a", date(2026, 1, 1), date(2026, 3, 1), 2.0, 350.0, 175.0, 2.0, 59 / YEAR],
            ["b", date(2025, 12, 1), date(2025, 12, 1), 1.0, 20.0, 20.0, 1.0, 90 / YEAR],
        ],
    ),
    "CLV_NEXT_ORDER": (["2026-01-31", 30.4], [[date(2026, 3, 2)]]),
    "CLV_STATUS": (["2026-05-01", TODAY, 30], [["At risk"]]),
    "CLV_TIER": ([100, TIERS], [["Mid"]]),
    "CLV_TIER_GAP": ([250, TIERS], [[750.0]]),
    "CLV_TIER_CUTS": (
        [column(10, 20, 30, 40), column(0.25, 0.75), column("Best", "Rest")],
        [
            ["Tier", "Cut-off", "Customers", "Share of value"],
            ["Best", 40.0, 1.0, 0.4],
            ["Rest", 0.0, 3.0, 0.6],
        ],
    ),
    "CLV_SEGMENTS": (
        [column(300, 100, 200), column("web", "shop", "web"), column(100, 50, 50)],
        [
            ["Segment", "Customers", "Sum", "Mean", "Median", "Share of value", "Rank"],
            ["web", 2.0, 350.0, 175.0, 175.0, 0.875, 1.0],
            ["shop", 1.0, 50.0, 50.0, 50.0, 0.125, 2.0],
        ],
    ),
    "CLV_TOP_SHARE": ([column(10, 20, 30, 40, 900)], [[0.9]]),
    "CLV_RFM": (
        [IDS, DAYS, AMOUNTS, TODAY, 2],
        [
            ["Customer id", "R", "F", "M", "RFM code", "RFM segment"],
            ["a", 2.0, 1.0, 2.0, "212", "Potential Loyalists"],
            ["b", 1.0, 1.0, 1.0, "111", "Need Attention"],
        ],
    ),
    "CLV_FIT": (HISTORY, [["Model", "Parameter"], ["BG/NBD", "r"], ["BG/NBD", "alpha"]]),
    "CLV_COMPARE_MODELS": (HISTORY, [["Model", "Log-likelihood", "AIC"]]),
    "CLV_OCCASION_FIT": (
        [column(0, 1, 3), column(0, 1, 3), column(3, 3, 3), column(90, 40, 30)],
        [["Model", "Parameter"], ["BG/BB", "alpha"], ["BG/BB", "beta"]],
    ),
    "CLV_P_ALIVE": ([FIT, 0, 0, 38.86], [[1.0]]),
    "CLV_EXPECTED_ORDERS": ([FIT, 2, 30.43, 38.86, 39], [[1.2260281747671442]]),
    "CLV_ORDER_CHANCE": ([FIT, 0, 39], [[0.5737863520960095]]),  # BTYD 2.4.3 manual: .5737864
    "CLV_DERT": ([PARETO, 0, 0, 38.86, math.log(1.15) / 52], [[0.4781434735964245]]),
    # (p x m + p v) / (p x + q - 1)
    "CLV_EXPECTED_SPEND": ([SPEND_FIT, 1, 30], [[6.25 * (30 + 15.44) / (6.25 + 3.74 - 1)]]),
    "CLV_FORECAST": (FORECAST, [["Customer id", "P(alive)", "Expected orders"], ["c0"], ["c1"]]),
    "CLV_SURVIVAL_FIT": (
        [column(1000, 869, 743, 653, 593, 551, 517, 491)],
        [["Model", "Parameter"], ["sBG", "alpha"], ["sBG", "beta"]],
    ),
    "CLV_SURVIVAL": ([STAY_FIT, 3], [[0.25]]),  # 1/2 x 2/3 x 3/4
    # S(t) = 1 / (t + 1): the sum of 0.8^t / (t + 1) is that of a logarithm.
    "CLV_NEW_SUBSCRIBER": ([STAY_FIT, 100, 0.25], [[100 * math.log(5) / 0.8]]),
    # S(t) = 1 / (t + 1): the sum of 0.8^(t-1) / (t + 1) is that of a logarithm.
    "CLV_RESIDUAL": ([STAY_FIT, 0, 100, 0.25], [[100 * (math.log(5) - 0.8) / 0.64]]),
    "CLV_REWARDS": (
        [CUSTOMERS, ORDERS, RULES, TIERS, TODAY],
        [
            ["Customer id", "Rule id", "Eligible", "Reason", "Reward", "Cost", "Expires"],
            ["a", "R1", True, "Tier is High-end", "a free gift", 4.5, None],
        ],
    ),
    "CLV_REWARD_WHY": (
        ["b", "r1", CUSTOMERS, ORDERS, RULES, TIERS, TODAY],
        [["Not eligible: Tier is Budget, needed: High-end"]],
    ),
    "CLV_LOYALTY_TIER": (["a", ORDERS, LOYAL, TODAY], [["High-end"]]),
    "CLV_REWARD_BUDGET": (
        [[["Rule id", "Eligible", "Cost"], ["R1", True, 4.5], ["R1", False, 0]], RULES, 0.5],
        [["Rule id", "Name", "Granted", "Cost"], ["R1", "Gift", 1.0, 2.25]],
    ),
    "CLV_POINTS": (["a", LEDGER, TODAY], [[70.0]]),
    "CLV_REFERRAL": (
        [100, 0.1, 300, 10, 10],
        [
            *[["Friends won", "Cost", "Value won", "Gain after rewards"]],
            [10.0, 200.0, 3000.0, 2800.0, 300.0],
        ],
    ),
    "CLV_BIRTHDAY": (["1990-06-25", TODAY], [[True]]),
    "CLV_TENURE": (["2025-01-31", "2026-02-28", "months"], [[13.0]]),
    "CLV_CHECK": (
        [None, [["Customer id"], ["a"], ["a"]]],
        [
            ["Check", "Result", "Where", "How to fix"],
            ["Customer rows can be read", "✔ OK", "", ""],
        ],
    ),
    "CLV_VERSION": ([], [[f"xlclv {__version__}, workbook schema {SCHEMA}"]]),
}


def flat(block: Block) -> Iterator[object]:
    for row in block:
        yield from row


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


# --- optional arguments, blanks and rows ------------------------------------------------------


@pytest.mark.parametrize("omitted", [None, "", [[None]]])
def test_a_blank_optional_argument_has_its_default(omitted: object) -> None:
    assert call("CLV", 50, 2, 3, omitted, omitted, omitted, omitted) == [[300.0]]
    assert call("CLV_RETENTION", 100, 0.5, None, omitted, omitted) == [[200.0]]


def test_a_blank_cell_of_an_optional_column_has_the_default() -> None:
    assert call("CLV", column(50, 50), 2, 3, column(0.4, None)) == column(120.0, 300.0)
    assert call("CLV_RETENTION", 100, column(0.5, 0.5), 0, column(1, None)) == column(100.0, 200.0)


def test_a_blank_cost_counts_as_none() -> None:
    block = call("CLV_SEGMENTS", column(3, 1), column("a", "b"), column(None, 1))
    assert [row[:3] for row in block[1:]] == [["a", 1.0, 3.0], ["b", 1.0, 0.0]]


def test_a_blank_required_argument_is_told() -> None:
    assert message(call("CLV", 50, None, 3)) == (
        "CLV: frequency is empty; expected a number of 0 or more. [V101]"
    )


def test_a_blank_row_of_a_column_gives_a_blank_row() -> None:
    block = call("CLV", column(50, None, "", 60), column(2, None, None, 1), 3)
    assert block == column(300.0, None, None, 180.0)


def test_a_blank_cell_in_a_used_row_is_an_error_of_that_row() -> None:
    good, bad = call("CLV", column(50, 60), column(2, None), 3)
    assert good == [300.0]
    assert message([bad]) == "CLV: frequency is empty; expected a number of 0 or more. [V101]"


def test_every_row_carries_its_own_error() -> None:
    values: list[Cells] = [[50], ["#REF!"], ["x"], [True], [-1], [Decimal(60)]]
    block = call("CLV", values, 2, 3)
    assert [cell.code if isinstance(cell, CellError) else cell for cell in flat(block)] == [
        *(300.0, "#REF!", "#VALUE!", "#VALUE!", "#VALUE!", 360.0)
    ]
    assert [message([row]) for row in block[1:5]] == [
        "CLV: avg_value contains #REF!. [P001]",
        (
            'CLV: avg_value is "x"; expected a number of 0 or more. '
            "Turn the text into a number first. [V102]"
        ),
        "CLV: avg_value is TRUE; expected a number of 0 or more. [V102]",
        "CLV: avg_value is -1; expected a number of 0 or more. [V103]",
    ]


def test_a_row_the_sum_refuses_leaves_the_others() -> None:
    block = call("CLV_LIFESPAN", column(0.25, 0, None, 0.5, 0))
    assert [cell.code if isinstance(cell, CellError) else cell for cell in flat(block)] == [
        *(4.0, "#NUM!", None, 2.0, "#NUM!")
    ]


def test_rows_are_refused_in_turn_for_different_reasons() -> None:
    lasts = column("2026-06-01", "2026-08-01", "2026-06-02", "2026-06-03")
    block = call("CLV_STATUS", lasts, TODAY, 30, column(1, 1, 9, 1), 3, 6)
    assert block[0] == block[3] == ["Active"]
    assert message([block[1]]).endswith("[R431]")
    assert message([block[2]]).endswith("[V109]")


def test_a_fault_of_a_single_cell_is_one_of_the_whole_call() -> None:
    assert message(call("CLV", column(50, 60), 2, "x")).startswith('CLV: lifespan is "x";')


@pytest.mark.parametrize("code", sorted(EXCEL_ERRORS))
@pytest.mark.parametrize("as_text", [True, False])
def test_an_error_cell_comes_out_as_the_same_error(code: str, as_text: bool) -> None:  # noqa: FBT001
    cell = code if as_text else CellError(code)
    passed = CellError(code, f"CLV: frequency contains {code}. [P001]")
    assert call("CLV", 50, cell, 3) == [[passed]]
    assert call("CLV", column(50, 60), column(2, cell), 3) == [[300.0], [passed]]


def test_an_error_cell_in_a_column_of_a_table_function_names_its_row() -> None:
    block = call("CLV_CUSTOMERS", IDS, column("2026-01-01", "#N/A", "2026-01-01"), AMOUNTS, TODAY)
    assert block == [[CellError("#N/A", "CLV_CUSTOMERS: order_dates row 2 contains #N/A. [P001]")]]


def test_wholly_blank_rows_of_an_order_log_drop_out() -> None:
    gapped = [[None], *IDS, [""]], [[None], *DAYS, [None]], [[""], *AMOUNTS, [None]]
    assert call("CLV_CUSTOMERS", *gapped, TODAY) == call("CLV_CUSTOMERS", IDS, DAYS, AMOUNTS, TODAY)


def test_a_gap_in_a_used_row_of_an_order_log_is_told() -> None:
    assert message(call("CLV_RFM", IDS, DAYS, column(100, None, 20), TODAY)) == (
        "CLV_RFM: amounts row 2 is empty; expected a value in every used row. [V101]"
    )


# --- numbers, text, dates ---------------------------------------------------------------------


def test_a_percentage_typed_as_a_number_is_guessed_in_the_message() -> None:
    assert message(call("CLV", 50, 2, 3, 40)) == (
        "CLV: margin is 40; expected a number from -1 to 1. Did you mean 40%? [V103]"
    )
    assert "Did you mean 20%?" in message(call("CLV_TOP_SHARE", column(1, 2), 20))


@pytest.mark.parametrize("text", ["50", "1.234,50", "1,234.50", "40%", " 7 "])
def test_a_text_number_is_never_guessed(text: str) -> None:
    assert message(call("CLV", text, 2, 3)) == (
        f'CLV: avg_value is "{text}"; expected a number of 0 or more. '
        "Turn the text into a number first. [V102]"
    )


@pytest.mark.parametrize(
    "day",
    [
        "2026-05-01",
        date(2026, 5, 1),
        datetime(2026, 5, 1, 23, 59),  # noqa: DTZ001 - cells have no zone
        46143,
        46143.9,
        Decimal(46143),
    ],
)
def test_a_day_may_be_a_date_a_serial_or_iso_text(day: object) -> None:
    assert call("CLV_NEXT_ORDER", day, 1) == [[date(2026, 5, 2)]]


@pytest.mark.parametrize("day", ["01.05.2026", "5/1/2026", "2026-5-1", "1 May 2026", "46143"])
def test_other_text_is_no_day(day: str) -> None:
    assert message(call("CLV_NEXT_ORDER", day, 1)) == (
        f'CLV_NEXT_ORDER: last_order is "{day}"; expected a date. '
        "Write text dates as 2026-01-31. [V102]"
    )


def test_decimals_are_numbers() -> None:
    assert call("CLV", Decimal("50.5"), Decimal(2), 3) == [[303.0]]


@pytest.mark.parametrize(
    ("unit", "length"), [("years", 2.0), ("months", 24.0), ("DAYS", 731.0), (None, 2.0)]
)
def test_the_unit_of_a_tenure_may_be_chosen(unit: object, length: float) -> None:
    assert call("CLV_TENURE", column("2024-01-31", "2024-01-31"), "2026-01-31", unit) == [
        [length],
        [length],
    ]


def test_an_unknown_option_lists_those_there_are() -> None:
    assert message(call("CLV_TENURE", "2024-01-31", "2026-01-31", "weeks")) == (
        'CLV_TENURE: unit is "weeks"; expected one of: years, months, days. [V105]'
    )


@pytest.mark.parametrize("false", [False, "No", "FALSE", 0])
def test_headers_may_be_left_out(false: object) -> None:
    with_headers = call("CLV_RFM", IDS, DAYS, AMOUNTS, TODAY, 2)
    assert call("CLV_RFM", IDS, DAYS, AMOUNTS, TODAY, 2, false) == with_headers[1:]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("CLV", (1e300, 1e300, 1e300)),
        ("CLV", (1e15, 1e15, 1e15, 1, 0.5, 1e15)),
        ("CLV_RETENTION", (1e300, 1, 0, 1e300)),
        ("CLV_NEXT_ORDER", ("2026-01-31", 1e7)),
        ("CLV_NEXT_ORDER", ("2026-01-31", 1e300)),
        ("CLV_BIRTHDAY", ("1990-06-25", TODAY, 1e300, 1e300)),
        ("CLV_BIRTHDAY", ("1990-06-25", TODAY, 1e15, 1e15)),
        ("CLV_SCHEDULE", (1e300, 1e300, 2)),
        ("CLV_STATUS", ("2026-01-01", TODAY, 1e-300)),
        ("CLV_TOP_SHARE", (column(1e308, 1e308),)),
        ("CLV_CUSTOMERS", (column("a"), column("2026-01-01"), column(1e308), TODAY, 1, 1e308)),
        ("CLV_TIER_GAP", (-1e308, [["Tier", "Enter at"], ["A", 1e308]])),
    ],
)
def test_numbers_too_large_never_show_as_a_blank_or_a_fault_of_ours(
    name: str, cells: tuple[object, ...]
) -> None:
    for cell in flat(call(name, *cells)):
        assert cell is not None
        if isinstance(cell, CellError):
            assert "[X999]" not in cell.message
        if isinstance(cell, float):
            assert math.isfinite(cell)


# --- ranges -----------------------------------------------------------------------------------


def test_a_column_gives_a_column_and_a_row_a_row() -> None:
    assert call("CLV", column(50, 60), 2, 3) == column(300.0, 360.0)
    assert call("CLV", [[50, 60]], [[2, 2]], 3) == [[300.0, 360.0]]
    assert call("CLV", [[50, 60], [1, 2]], 2, 3) == [[300.0, 360.0], [6.0, 12.0]]
    assert call("CLV", [50, 60], 2, 3) == column(300.0, 360.0)
    assert call("CLV", (50,), 2, 3) == [[300.0]]


def test_columns_of_different_length_are_told() -> None:
    assert message(call("CLV", column(1, 2, 3), column(1, 2), 3)) == (
        "CLV: avg_value has 3 rows, frequency 2. Select ranges of one length. [V116]"
    )
    assert message(call("CLV_CUSTOMERS", IDS, DAYS, AMOUNTS[:2], TODAY)) == (
        "CLV_CUSTOMERS: customer_ids has 3 rows, amounts 2. Select ranges of one length. [V116]"
    )


def test_a_range_for_one_cell_is_told() -> None:
    assert message(call("CLV_RFM", IDS, DAYS, AMOUNTS, column(TODAY, TODAY))) == (
        "CLV_RFM: as_of is a range of 2 cells; expected one cell. [V118]"
    )


def test_references_to_whole_columns_are_cut_to_the_rows_in_use() -> None:
    blank: list[Cells] = [[None]] * FULL_COLUMN
    values, rates = [[50.0], [None], [60.0], *blank[3:]], [[2.0], [None], [1.0], *blank[3:]]
    assert call("CLV", values, rates, 3) == column(300.0, None, 180.0)


def test_a_range_below_a_whole_column_stays_aligned() -> None:
    blank: list[Cells] = [[None]] * FULL_COLUMN
    assert call("CLV", [[50.0], [60.0], *blank[2:]], column(2, 1), 3) == column(300.0, 180.0)
    *_, last = call("CLV", [[50.0], [60.0], *blank[2:]], column(2, 1, 1), 3)
    assert message([last]).startswith("CLV: avg_value is empty;")


def test_a_whole_column_of_one_value_does_not_stand_for_every_row() -> None:
    blank: list[Cells] = [[None]] * FULL_COLUMN
    block = call("CLV", [[50.0], *blank[1:]], column(2, 2), 3)
    assert isinstance(block[-1][0], CellError)


def test_a_table_below_its_header_may_be_a_whole_column() -> None:
    blank: list[Cells] = [[None, None]] * FULL_COLUMN
    assert call("CLV_TIER", 100, [*TIERS, *blank[len(TIERS) :]]) == [["Mid"]]


def test_a_range_that_is_no_whole_column_keeps_its_blank_end() -> None:
    assert call("CLV", column(50, None), 2, 3) == column(300.0, None)


def test_a_table_may_have_its_columns_anywhere_under_any_alias() -> None:
    turned = [["Note", "THRESHOLD", "Level"], ["x", 100, "Mid"], ["y", 0, "Budget"]]
    assert call("CLV_TIER", column(100, 99), turned) == column("Mid", "Budget")


def test_a_missing_column_is_told_with_what_is_there() -> None:
    assert message(call("CLV_TIER", 100, [["Tier", None, "When"], ["a", 1, 2]])) == (
        "CLV_TIER: the tier table lacks the column Enter at (≥). The headers found are: "
        "Tier, When. Rename a header. [V107]"
    )


def test_a_fault_in_a_table_names_its_cell() -> None:
    assert message(call("CLV_TIER", 100, [["Tier", "Enter at"], ["a", "#REF!"]])) == (
        "CLV_TIER: tier_table!B2: Enter at (≥) contains #REF!. [P001]"
    )


def test_a_table_of_a_header_row_only_has_nothing_to_say() -> None:
    assert message(call("CLV_TIER", 100, [["Tier", "Enter at"]])).endswith("[V114]")


# --- results ----------------------------------------------------------------------------------


def test_an_empty_result_is_its_header_row_or_not_available() -> None:
    nobody = call("CLV_REWARDS", CUSTOMERS, ORDERS, [RULES[0]], TIERS, TODAY)
    assert nobody == [CASES["CLV_REWARDS"][1][0]]
    assert as_rows({"customers": np.array([])}, headers=True) == [["Customers"]]
    ((cell,),) = as_rows({"customers": np.array([])}, headers=False)
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
