"""Messages: what is quoted, which row is named, what a cell shows."""

from datetime import date, datetime

import numpy as np
import pytest

from xlclv.errors import InputError, NotEnoughData, UndefinedError, XlclvError, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "empty"),
        (True, "TRUE"),
        (np.bool_(False), "FALSE"),  # noqa: FBT003 - a cell
        (40.0, "40"),
        (np.float64(0.1) + 0.2, "0.3"),
        (1e20, "1e+20"),
        (7, "7"),
        ("abc", "abc"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 13, 5), "2026-01-31"),  # noqa: DTZ001 - cells have no zone
    ],
)
def test_values_are_shown_as_a_user_writes_them(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("error", "code"),
    [(InputError, "#VALUE!"), (NotEnoughData, "#N/A"), (UndefinedError, "#NUM!")],
)
def test_each_kind_has_its_cell(error: type[XlclvError], code: str) -> None:
    assert error("no_rows").cell_code == code
    assert issubclass(error, XlclvError)


def test_text_from_a_cell_is_quoted_and_cut() -> None:
    error = InputError("no_such_customer", value="x" * 41)
    assert str(error) == f'There is no customer "{"x" * 40}…" in the tables. [V119]'
    assert f'"{"x" * 40}"' in str(InputError("no_such_customer", value="x" * 40))


def test_a_number_is_not_quoted() -> None:
    assert str(InputError("no_such_customer", value=5.0)).startswith("There is no customer 5 in")


def rows_error(size: int, *bad: int) -> InputError:
    rows = np.zeros(size, bool)
    rows[list(bad)] = True
    return InputError(
        "out_of_range",
        rows=rows,
        name="margin",
        value=np.arange(size, dtype=float),
        expected="less",
        hint=np.array([f" H{row}" for row in range(size)], dtype=object),
    )


def test_the_first_row_at_fault_is_named_counted_from_1() -> None:
    assert str(rows_error(4, 2, 3)) == "margin row 3 is 2; expected less. H2 [V103]"


def test_the_message_of_one_row_does_not_name_it() -> None:
    assert rows_error(4, 2, 3).at(3) == "margin is 3; expected less. H3 [V103]"


def test_a_column_of_one_row_needs_no_row_number() -> None:
    assert str(rows_error(1, 0)) == "margin is 0; expected less. H0 [V103]"


def test_without_a_name_the_row_is_left_out() -> None:
    error = UndefinedError("endless_sum", rows=np.array([False, True]))
    assert "row" not in str(error)
