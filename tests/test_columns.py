"""Cells to typed columns: what is read, what is refused, nothing guessed."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.columns import EXCEL_ERRORS, CellError, as_date, read_column, serial
from xlclv.errors import InputError
from xlclv.terms import TERMS, Kind, Term

NUMBER, DAY, TEXT, ID, TRUTH = (
    Term("", kind=kind) for kind in ("number", "date", "text", "id", "boolean")
)
MORNING = datetime(2026, 1, 31, 9, 30)  # noqa: DTZ001 - cells have no zone


def one(cell: object, term: Term) -> object:
    """Read one cell; a fault as its message."""
    column = read_column([cell], "x", term)
    assert not column.blank[0]
    return column.faults[0].message if column.faults else column.values[0]


@pytest.mark.parametrize("cell", [50, 50.0, Decimal("50.00"), np.float64(50), np.int64(50)])
def test_numbers_of_every_make_are_numbers(cell: object) -> None:
    assert one(cell, NUMBER) == 50


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("50", '"50"'),
        ("1.234,50", '"1.234,50"'),
        ("40%", '"40%"'),
        ("abc", '"abc"'),
    ],
)
def test_text_is_never_taken_for_a_number(cell: str, told: str) -> None:
    assert one(cell, NUMBER) == (
        f"x is {told}; expected a number. Turn the text into a number first. [V102]"
    )


@pytest.mark.parametrize(("cell", "told"), [(True, "TRUE"), (False, "FALSE")])
def test_truth_is_never_taken_for_a_number(cell: bool, told: str) -> None:  # noqa: FBT001
    assert one(cell, NUMBER) == f"x is {told}; expected a number. [V102]"
    assert one(cell, DAY) == f"x is {told}; expected a date. [V102]"


def test_a_date_is_never_taken_for_a_number() -> None:
    assert one(date(2026, 1, 31), NUMBER) == "x is 2026-01-31; expected a number. [V102]"


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 1, 31),
        MORNING,
        np.datetime64("2026-01-31"),
        46053,
        46053.75,
        Decimal(46053),
        "2026-01-31",
        " 2026-01-31 ",
        "2026-01-31T09:30",
        "2026-01-31 09:30:15.5",
    ],
)
def test_days_of_every_make_are_days(cell: object) -> None:
    assert one(cell, DAY) == np.datetime64("2026-01-31")


@pytest.mark.parametrize("cell", ["31.01.2026", "01/31/2026", "2026-1-31", "2026-02-30", "Jan 26"])
def test_text_is_a_day_only_the_iso_way(cell: str) -> None:
    assert one(cell, DAY) == (
        f'x is "{cell}"; expected a date. Write text dates as 2026-01-31. [V102]'
    )


@pytest.mark.parametrize(("cell", "day"), [(61, "1900-03-01"), (2_958_465, "9999-12-31")])
def test_the_first_and_last_day_that_counts(cell: int, day: str) -> None:
    assert one(cell, DAY) == np.datetime64(day)


@pytest.mark.parametrize("cell", [60, 0, -5, 2_958_466, 1e300])
def test_a_number_outside_of_all_days_is_no_day(cell: float) -> None:
    assert one(cell, DAY) == f"x is {cell:.10g}; expected a date. [V102]"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  A 7 ", "A 7"),
        ("007", "007"),
        (7, "7"),
        (7.0, "7"),
        (7.5, "7.5"),
        (Decimal("7.00"), "7"),
        (12345678901.0, "12345678901"),
        (True, "TRUE"),
        (date(2026, 1, 31), "2026-01-31"),
    ],
)
@pytest.mark.parametrize("term", [TEXT, ID])
def test_an_id_is_text_as_the_cell_shows_it(cell: object, text: str, term: Term) -> None:
    assert one(cell, term) == text


@pytest.mark.parametrize(
    ("cell", "truth"),
    [
        (True, True),
        (np.bool_(False), False),  # noqa: FBT003 - a cell
        ("Yes", True),
        (" no ", False),
        ("TRUE", True),
        ("false", False),
        ("x", True),
        (1, True),
        (0.0, False),
        (Decimal(1), True),
        (2, "x is 2; expected TRUE or FALSE. [V102]"),
        ("perhaps", 'x is "perhaps"; expected TRUE or FALSE. [V102]'),
    ],
)
def test_truth_is_read_from_yes_and_no_too(cell: object, truth: object) -> None:
    assert one(cell, TRUTH) == truth


@pytest.mark.parametrize("term", [NUMBER, DAY, TEXT, ID, TRUTH])
@pytest.mark.parametrize("cell", [None, "", "  ", float("nan")])
def test_blank_cells_are_blank_not_faults(cell: object, term: Term) -> None:
    column = read_column([cell, None], "x", term)
    assert (column.blank.tolist(), column.faults) == ([True, True], {})


@pytest.mark.parametrize("term", [NUMBER, DAY, TEXT, ID, TRUTH])
@pytest.mark.parametrize("code", sorted(EXCEL_ERRORS))
def test_an_error_cell_is_passed_on_in_its_row(code: str, term: Term) -> None:
    column = read_column([None, code, CellError(code, "long story")], "x", term)
    assert list(column.faults) == [1, 2]
    for fault in column.faults.values():
        assert fault == CellError(code, f"x contains {code}. [P001]")
    assert column.bad.tolist() == [False, True, True]


def test_numbers_out_of_range_are_faults_of_their_rows() -> None:
    column = read_column([0.4, 40, None, -2], "margin", TERMS["margin"])
    assert {row: fault.message for row, fault in column.faults.items()} == {
        1: "margin is 40; expected a number from -1 to 1. Did you mean 40%? [V103]",
        3: "margin is -2; expected a number from -1 to 1. Did you mean -2%? [V103]",
    }


def test_a_choice_is_written_as_the_term_writes_it() -> None:
    column = read_column(["CLV", "net SPEND", "luck", None], "Measure", TERMS["measure"])
    assert column.values[:2].tolist() == ["CLV", "Net spend"]
    assert list(column.faults) == [2]
    assert column.faults[2].message == (
        'Measure is "luck"; expected one of: CLV, Net spend, Orders, Points earned, '
        "Predicted value. [V105]"
    )


def test_typed_arrays_are_taken_over() -> None:
    numbers = read_column(np.array([0.5, np.nan, 7]), "margin", TERMS["margin"])
    assert (numbers.blank.tolist(), list(numbers.faults)) == ([False, True, False], [2])
    days = read_column(np.array(["2026-01-31", "NaT"], "datetime64[D]"), "x", DAY)
    assert days.blank.tolist() == [False, True]
    truths = read_column(np.array([True, False]), "x", TRUTH)
    assert truths.blank.tolist() == [False, False]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.decimals(allow_infinity=False, places=2, min_value=-1000, max_value=1000),
    st.sampled_from(sorted(EXCEL_ERRORS)),
)


@given(st.lists(CELLS, max_size=12), st.sampled_from(["number", "date", "text", "id", "boolean"]))
def test_a_column_reads_each_cell_as_if_it_stood_alone(cells: list[object], kind: Kind) -> None:
    term = Term("", kind=kind)
    column = read_column(cells, "x", term)
    for row, cell in enumerate(cells):
        alone = read_column([cell], "x", term)
        assert alone.blank[0] == column.blank[row]
        assert alone.faults.get(0) == column.faults.get(row)
        if not (column.blank[row] or row in column.faults):
            assert alone.values[0] == column.values[row]


@given(st.integers(61, 2_958_465))
def test_serials_go_there_and_back(number: int) -> None:
    column = read_column([number], "x", DAY)
    assert serial(column.values).tolist() == [number]


def test_an_unknown_day_has_no_serial() -> None:
    assert np.isnan(serial(np.array(["NaT"], "datetime64[D]"))).all()


def test_a_day_becomes_a_date() -> None:
    assert as_date(np.datetime64("2026-01-31")) == date(2026, 1, 31)
    assert as_date(np.datetime64("1899-12-30")) == date(1899, 12, 30)


def test_the_error_of_a_row_keeps_code_and_message() -> None:
    error = InputError("no_rows")
    assert CellError.of(error) == CellError("#VALUE!", "There is nothing to list. [N204]")
