"""Status on both sides of each threshold, and the next order."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.customers.status import days_between, next_order, status
from xlclv.errors import InputError

TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "Active"),
        (44, "Active"),
        (45, "At risk"),
        (89, "At risk"),
        (90, "Passive"),
        (179, "Passive"),
        (180, "Lost"),
        (9999, "Lost"),
    ],
)
def test_each_threshold_belongs_to_the_worse_status(days: int, expected: str) -> None:
    last = (TODAY - timedelta(days=days)).isoformat()
    assert status(last, TODAY.isoformat(), 30) == expected


def test_the_multiples_may_be_chosen() -> None:
    lasts = [TODAY - timedelta(days=days) for days in (19, 20, 49, 50, 99, 100)]
    actual = status(lasts, TODAY, 10, 2, 5, 10)
    assert actual.tolist() == ["Active", "At risk", "At risk", "Passive", "Passive", "Lost"]


def test_each_customer_has_a_gap_of_their_own() -> None:
    assert status("2026-06-01", TODAY, [30, 10, 1]).tolist() == ["Active", "At risk", "Lost"]


@given(st.integers(0, 1000), st.floats(0.1, 400))
def test_waiting_longer_never_makes_a_better_status(days: int, gap: float) -> None:
    names = ["Active", "At risk", "Passive", "Lost"]
    earlier, later = status(
        [TODAY - timedelta(days=days), TODAY - timedelta(days=days + 1)], TODAY, gap
    )
    assert names.index(earlier) <= names.index(later)


@pytest.mark.parametrize("multiples", [(3, 1.5, 6), (1.5, 6, 6), (1.5, 1.5, 6), (6, 3, 1.5)])
def test_multiples_that_do_not_rise_are_refused(multiples: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match=r"must rise.*\[V109\]$"):
        status("2026-06-01", TODAY, 30, *multiples)


def test_an_order_after_the_day_is_refused_and_named() -> None:
    with pytest.raises(InputError) as caught:
        status(["2026-06-01", "2026-07-01"], TODAY, 30)
    assert str(caught.value).startswith('last_order row 2 is "2026-07-01"; expected a day up to')
    assert str(caught.value).endswith("2026-06-30. [R431]")


@pytest.mark.parametrize("gap", [0, -1])
def test_a_gap_must_be_above_0(gap: float) -> None:
    with pytest.raises(InputError, match=r"^expected_gap is "):
        status("2026-06-01", TODAY, gap)


def test_days_between_counts_whole_days() -> None:
    days = days_between(["2026-02-28", "2026-03-01"], "2026-03-01", "last_order")
    assert days.tolist() == [1, 0]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 5000))
def test_the_next_order_is_the_gap_later(last: date, gap: int) -> None:
    assert next_order(last, gap) == np.datetime64(last + timedelta(days=gap))


@pytest.mark.parametrize(("gap", "day"), [(30.4, "03-02"), (30.6, "03-03"), (0, "01-31")])
def test_the_gap_is_rounded_to_whole_days(gap: float, day: str) -> None:
    assert next_order("2026-01-31", gap) == np.datetime64(f"2026-{day}")


def test_a_negative_gap_is_refused() -> None:
    with pytest.raises(InputError, match=r"^avg_gap is -1;"):
        next_order("2026-01-31", -1)
