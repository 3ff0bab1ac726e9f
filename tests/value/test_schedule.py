"""The year-by-year proof adds up to CLV."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.errors import InputError
from xlclv.value.schedule import schedule
from xlclv.value.simple import clv

ARGUMENTS = st.tuples(
    st.floats(0, 1e4),
    st.floats(0, 50),
    st.floats(0, 40) | st.integers(0, 40).map(float),
    st.floats(-1, 1),
    st.floats(0, 0.9) | st.just(0.0),
    st.floats(0, 1e3),
    st.sampled_from([0.0, 0.5, 1.0]),
)


@given(ARGUMENTS)
def test_the_last_running_total_is_the_clv(arguments: tuple[float, ...]) -> None:
    assert schedule(*arguments)["cumulative"][-1] == float(clv(*arguments))


@given(ARGUMENTS)
def test_the_running_total_adds_up_the_discounted_values(arguments: tuple[float, ...]) -> None:
    table = schedule(*arguments)
    scale = float(np.abs(table["discounted"]).sum())
    steps = np.cumsum(table["discounted"])
    assert table["cumulative"] == pytest.approx(steps, abs=1e-12 * scale + 1e-300)


def test_each_year_of_the_golden_example() -> None:
    table = schedule(50, 2, 3, discount_rate=0.1, acq_cost=20)
    assert list(table) == ["year", "year_value", "discounted", "cumulative"]
    assert table["year"].tolist() == [0, 1, 2, 3]
    assert table["year_value"].tolist() == [-20, 100, 100, 100]
    by_hand = [-20, 100 / 1.1, 100 / 1.1**2, 100 / 1.1**3]
    assert table["discounted"] == pytest.approx(by_hand, rel=1e-12)


def test_a_part_year_is_a_row_of_its_own() -> None:
    table = schedule(50, 2, 2.25)
    assert table["year"].tolist() == [0, 1, 2, 3]
    assert table["year_value"].tolist() == [0, 100, 100, 25]


def test_no_lifespan_leaves_year_0() -> None:
    assert schedule(50, 2, 0, acq_cost=20)["cumulative"].tolist() == [-20]


def test_a_schedule_of_200_years_is_the_longest() -> None:
    assert schedule(50, 2, 200)["year"].size == 201
    with pytest.raises(InputError, match=r"lifespan is 201; .* at most 200 years\. \[V108\]"):
        schedule(50, 2, 201)
