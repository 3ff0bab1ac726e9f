"""From a log to frequency, recency, age and spend, and to their distinct tuples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.models.published_logs import CALIBRATION_END, cdnow, cdnow_log
from xlclv.errors import InputError
from xlclv.models.histories import checked, distinct, on_distinct, summarise, tuples
from xlclv.terms import FloatArray


# BTYD 2.4.3 walkthrough (Fader & Hardie team), CDNOW sample, calibration to 1997-09-30.
def test_the_cdnow_sample_as_in_the_btyd_walkthrough() -> None:
    log = cdnow()
    assert log.customer.size == 2357
    assert log.frequency.sum() == 2457
    assert np.count_nonzero(log.frequency == 0) == 1411
    assert log.frequency.max() == 29
    assert log.recency.sum() == 112949
    assert log.age.sum() == 539779
    assert log.spend[log.frequency > 0].mean() == pytest.approx(35.077847533689834, rel=1e-12)


def test_customer_1_of_the_btyd_walkthrough() -> None:
    log = cdnow()
    assert log.frequency[0] == 2
    assert log.recency[0] / 7 == pytest.approx(30.428571, abs=5e-7)
    assert log.age[0] / 7 == pytest.approx(38.857143, abs=5e-7)


def test_it_equals_a_loop_over_the_customers() -> None:
    who, when, money = cdnow_log()
    log = cdnow()
    for place in range(0, log.customer.size, 97):
        mine = (who == log.customer[place]) & (when <= CALIBRATION_END)
        days = sorted(set(when[mine].tolist()))
        assert log.frequency[place] == len(days) - 1
        assert log.recency[place] == days[-1] - days[0]
        assert log.age[place] == CALIBRATION_END - days[0]
        repeats = money[mine & (when > days[0])].sum()
        assert log.spend[place] == pytest.approx(repeats / max(len(days) - 1, 1))


def test_orders_of_one_day_are_one_and_later_ones_do_not_count() -> None:
    log = summarise([4, 4, 4, 4, 9], [10, 10, 12, 12, 99], [1, 2, 3, 4, 5], 20)
    assert log.customer.tolist() == [4]
    assert (log.frequency[0], log.recency[0], log.age[0], log.spend[0]) == (1, 2, 10, 7)
    assert log.span == 10
    assert log.repeaters == 1


def test_an_empty_log_has_no_customers() -> None:
    assert summarise([], [], [], 5).customer.size == 0
    assert summarise([1], [9], [1], 5).customer.size == 0


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(-2, 2), st.sampled_from([0.5, 0.25, 1e9])),
        min_size=1,
        max_size=40,
    )
)
def test_distinct_rows_are_those_of_a_set(rows: list[tuple[int, int, float]]) -> None:
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    found = distinct(*columns)
    kinds = list(zip(*(column.tolist() for column in found.columns), strict=True))
    assert sorted(kinds) == sorted({tuple(map(float, row)) for row in rows})
    assert [kinds[at] for at in found.place] == [tuple(map(float, row)) for row in rows]
    assert found.count.sum() == len(rows)
    assert found.weight([2] * len(rows)).sum() == 2 * len(rows)


def test_huge_whole_numbers_are_told_apart() -> None:
    big = np.array([0, 2**61, 2**61, 5] * 20)
    found = distinct(big, big[::-1], big)
    again = np.stack([column[found.place] for column in found.columns])
    assert np.array_equal(again, np.stack([big, big[::-1], big]).astype(float))


def test_a_slow_function_sees_each_row_once() -> None:
    seen: list[int] = []

    def slow(a: FloatArray, b: FloatArray) -> FloatArray:
        seen.append(a.size)
        return np.add(a, b)

    x = np.tile([1.0, 2.0], 100).reshape(20, 10)
    assert np.array_equal(on_distinct(slow, x, 5), x + 5)
    assert seen == [2]


@pytest.mark.parametrize(
    ("x", "recency", "age", "key"),
    [
        (1, 30, 20, "recency_after_age"),
        (0, 3, 20, "recency_without_repeat"),
        (2, 0, 20, "repeat_without_recency"),
        (1.5, 3, 20, "not_whole"),
        (-1, 3, 20, "out_of_range"),
        (1, -3, 20, "out_of_range"),
        (np.nan, 3, 20, "out_of_range"),
    ],
)
def test_what_cannot_be_true_is_refused_by_row(
    x: float, recency: float, age: float, key: str
) -> None:
    given_rows = ([0, x, 1], [0, recency, 2], [9, age, 9])
    for check in (checked, tuples):
        with pytest.raises(InputError) as caught:
            check(*given_rows)
        assert caught.value.key == key
        assert caught.value.rows is not None
        assert caught.value.rows.tolist() == [False, True, False]
    assert "row 2" in str(caught.value)
