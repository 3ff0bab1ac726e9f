"""Birthdays and tenure, against one-day-at-a-time sums on datetime.date."""

import calendar
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.customers.dates import (
    add_months,
    birthday,
    birthday_near,
    complete_units,
    in_birthday_window,
    next_birthday,
    tenure,
)
from xlclv.errors import InputError
from xlclv.terms import DateArray

LAST_DAY = date(2100, 12, 31)
DAYS = st.dates(date(1904, 1, 1), LAST_DAY)
LEAP_DAYS = st.sampled_from([date(year, 2, 29) for year in range(1904, 2100, 4)])
BIRTHS = DAYS | LEAP_DAYS
SPANS = st.integers(0, 400)


def days(*values: object) -> DateArray:
    return np.array(values, dtype="datetime64[D]")


def birthday_in(birth: date, year: int) -> date:
    is_leap_day = (birth.month, birth.day) == (2, 29)
    if is_leap_day and not calendar.isleap(year):
        return date(year, 2, 28)
    return birth.replace(year=year)


def month_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@given(BIRTHS, DAYS, SPANS, SPANS)
def test_the_window_is_that_of_a_day_by_day_search(
    birth: date, as_of: date, before: int, after: int
) -> None:
    window = (as_of + timedelta(days=shift) for shift in range(-after, before + 1))
    expected = any(day == birthday_in(birth, day.year) for day in window)
    actual = in_birthday_window(days(birth), days(as_of), before, after)
    assert actual.tolist() == [expected]


@given(BIRTHS, DAYS)
def test_the_next_birthday_is_the_first_one_met_walking_on(birth: date, as_of: date) -> None:
    day = as_of
    while day != birthday_in(birth, day.year):
        day += timedelta(days=1)
    assert next_birthday(days(birth), days(as_of)).tolist() == [day]


@given(BIRTHS, DAYS, st.integers(0, 180), st.integers(0, 180))
def test_the_birthday_of_a_window_lies_in_it(
    birth: date, as_of: date, before: int, after: int
) -> None:
    (found,) = birthday_near(days(birth), days(as_of), before, after).tolist()
    if found is not None:
        assert found == birthday_in(birth, found.year)
        assert as_of - timedelta(days=after) <= found <= as_of + timedelta(days=before)


@given(BIRTHS, st.integers(0, 1500))
def test_months_are_added_as_on_a_calendar(day: date, months: int) -> None:
    actual = add_months(days(day), np.timedelta64(months, "M"))
    assert actual.tolist() == [month_later(day, months)]


@given(BIRTHS, DAYS)
def test_complete_months_are_the_most_that_fit(one: date, other: date) -> None:
    first, as_of = sorted((one, other))
    (months,) = complete_units(days(first), days(as_of), "months").tolist()
    assert month_later(first, int(months)) <= as_of < month_later(first, int(months) + 1)
    (years,) = complete_units(days(first), days(as_of), "years").tolist()
    assert years == months // 12
    assert complete_units(days(first), days(as_of), "days").tolist() == [(as_of - first).days]


@pytest.mark.parametrize(
    ("birth", "as_of", "near"),
    [
        ("1990-03-12", "2026-03-04", False),  # 8 days before
        ("1990-03-12", "2026-03-05", True),  # 7 days before
        ("1990-03-12", "2026-03-12", True),
        ("1990-03-12", "2026-03-19", True),  # 7 days after
        ("1990-03-12", "2026-03-20", False),
        ("1990-01-03", "2025-12-26", False),
        ("1990-01-03", "2025-12-27", True),  # over New Year
        ("1990-12-30", "2026-01-06", True),
        ("1990-12-30", "2026-01-07", False),
        ("1992-02-29", "2026-02-21", True),  # 28 February in a common year
        ("1992-02-29", "2026-03-07", True),
        ("1992-02-29", "2026-03-08", False),
        ("1992-02-29", "2028-02-21", False),  # 29 February in a leap year
        ("1992-02-29", "2028-03-07", True),
    ],
)
def test_birthday_by_default_is_a_week_on_either_side(birth: str, as_of: str, near: bool) -> None:  # noqa: FBT001
    assert birthday(birth, as_of).item() is near


@pytest.mark.parametrize(("as_of", "near"), [("2027-02-28", True), ("2027-03-01", False)])
def test_a_leap_day_is_kept_on_28_february_alone(as_of: str, near: bool) -> None:  # noqa: FBT001
    assert birthday("1992-02-29", as_of, 0, 0).item() is near


@pytest.mark.parametrize(
    ("first", "as_of", "unit", "expected"),
    [
        ("2024-03-05", "2026-03-04", "years", 1),
        ("2024-03-05", "2026-03-05", "years", 2),
        ("2024-02-29", "2025-02-28", "years", 1),
        ("2026-01-31", "2026-02-27", "months", 0),
        ("2026-01-31", "2026-02-28", "months", 1),
        ("2026-01-31", "2026-03-30", "months", 1),
        ("2026-01-31", "2026-03-31", "months", 2),
        ("2026-01-31", "2026-01-31", "days", 0),
        ("2026-01-31", "2026-03-01", "Days", 29),
    ],
)
def test_tenure_counts_what_is_complete(first: str, as_of: str, unit: str, expected: float) -> None:
    assert tenure(first, as_of, unit).item() == expected


def test_both_take_columns_and_a_day_per_row() -> None:
    assert tenure(days("2024-01-01", "2025-01-01"), days("2026-01-01", "2025-06-01")).tolist() == [
        2,
        0,
    ]
    near = birthday(days("1990-05-01", "1990-05-01"), "2026-05-03", days_after=[1, 2])
    assert near.tolist() == [False, True]


@pytest.mark.parametrize("function", [birthday, tenure])
def test_a_day_that_is_to_come_is_refused_in_its_row(function: object) -> None:
    with pytest.raises(InputError) as caught:
        function(days("2020-01-01", "2027-01-01"), "2026-01-01")  # type: ignore[operator]
    assert caught.value.key == "after_as_of"
    assert caught.value.rows is not None
    assert caught.value.rows.tolist() == [False, True]
    assert "row 2 is 2027-01-01" in str(caught.value)


@pytest.mark.parametrize("function", [birthday, tenure])
def test_a_missing_day_is_refused_in_its_row(function: object) -> None:
    with pytest.raises(InputError) as caught:
        function(days("NaT", "2020-01-01"), "2026-01-01")  # type: ignore[operator]
    assert caught.value.key == "empty"
    assert caught.value.rows is not None
    assert caught.value.rows.tolist() == [True, False]


def test_days_of_a_window_are_whole_and_not_negative() -> None:
    with pytest.raises(InputError) as caught:
        birthday("1990-01-01", "2026-01-01", days_before=-1)
    assert caught.value.key == "out_of_range"
    with pytest.raises(InputError) as caught:
        birthday("1990-01-01", "2026-01-01", days_after=1.5)
    assert caught.value.key == "not_whole"


def test_unknown_units_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        tenure("2020-01-01", "2026-01-01", "weeks")
    assert caught.value.key == "not_a_choice"


def test_what_is_not_known_stays_unknown() -> None:
    unknown, today = days("NaT"), days("2026-01-01")
    assert not in_birthday_window(unknown, today, 7, 7).any()
    assert np.isnat(next_birthday(unknown, today)).all()
    assert np.isnan(complete_units(unknown, today, "years")).all()
    assert np.isnan(complete_units(unknown, today, "days")).all()
