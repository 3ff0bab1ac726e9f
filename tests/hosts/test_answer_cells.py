"""Calls from cells that are blank, wrong, or of another kind than expected."""

import math
from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.hosts.answers import AMOUNTS, DAYS, IDS, TODAY, Cells, call, column, flat, message
from xlclv.columns import EXCEL_ERRORS, CellError

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
