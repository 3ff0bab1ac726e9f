"""The tornado table against CLV computed driver by driver."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.errors import InputError
from xlclv.tables import title
from xlclv.value.sensitivity import DRIVERS, sensitivity
from xlclv.value.simple import clv

GIVEN = (50.0, 2.0, 3.0, 0.4, 0.1, 20.0)


@given(
    st.tuples(
        st.floats(0, 1e4),
        st.floats(0, 50),
        st.floats(0, 40),
        st.floats(0, 0.5),
        st.floats(0, 0.45),
        st.floats(0, 1e3),
    ),
    st.floats(0.01, 1),
)
def test_low_and_high_move_one_driver_at_a_time(given_: tuple[float, ...], step: float) -> None:
    table = sensitivity(*given_, step)
    for place, driver in enumerate(DRIVERS):
        row = table["driver"].tolist().index(title(driver))
        lower, higher = list(given_), list(given_)
        lower[place] *= 1 - step
        higher[place] *= 1 + step
        assert table["low"][row] == pytest.approx(float(clv(*lower)), rel=1e-12)
        assert table["high"][row] == pytest.approx(float(clv(*higher)), rel=1e-12)
        assert table["base"][row] == float(clv(*given_))


def test_the_largest_swing_comes_first() -> None:
    table = sensitivity(*GIVEN)
    assert list(table) == ["driver", "low", "base", "high", "swing", "rank"]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5, 6]
    assert (np.diff(table["swing"]) <= 0).all()
    assert table["swing"] == pytest.approx(np.abs(table["high"] - table["low"]))


def test_a_margin_at_its_limit_stays_there() -> None:
    table = sensitivity(50, 2, 3, margin=1)
    row = table["driver"].tolist().index("Margin")
    assert (table["low"][row], table["high"][row]) == (270, 300)


def test_a_discount_rate_near_its_limit_stays_below_it() -> None:
    table = sensitivity(50, 2, 3, discount_rate=0.95)
    row = table["driver"].tolist().index("Discount rate")
    assert table["high"][row] == pytest.approx(100 * (1 / 2 + 1 / 4 + 1 / 8), rel=1e-12)


def test_a_negative_margin_at_its_limit_stays_there() -> None:
    table = sensitivity(50, 2, 3, margin=-1)
    row = table["driver"].tolist().index("Margin")
    assert sorted((table["low"][row], table["high"][row])) == [-300, -270]


@pytest.mark.parametrize("step", [0, -0.1, 1.5, 10])
def test_a_step_out_of_range_is_refused(step: float) -> None:
    with pytest.raises(InputError, match=r"^step_size is "):
        sensitivity(50, 2, 3, step_size=step)
