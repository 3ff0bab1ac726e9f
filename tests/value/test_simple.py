"""Simple CLV against printed values and an explicit sum over the years."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.errors import InputError, UndefinedError
from xlclv.value.simple import annuity, clv, lifespan

MONEY = st.floats(0, 1e5)
FREQUENCY = st.floats(0, 400)
YEARS = st.floats(0, 60) | st.integers(0, 60).map(float)
RATES = st.floats(0, 0.99) | st.sampled_from([0.0, 1e-12, 1e-9, 1e-6])
TIMING = st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1)


def present_value(years: float, rate: float, timing: float) -> float:
    """Add up 1 a year: year k at k - timing, what is left of the last year pro rata."""
    full = int(years)
    total = sum((1 + rate) ** -(year - timing) for year in range(1, full + 1))
    part = years - full
    return total + part * (1 + rate) ** -(full + part * (1 - timing))


def test_the_worked_example_is_300_exactly() -> None:
    assert clv(50, 2, 3) == 300.0


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        ({"margin": 0.4}, 120),
        ({"discount_rate": 0.1}, 248.6852),
        ({"discount_rate": 0.1, "timing": 0.5}, 260.8232),
        ({"acq_cost": 350}, -50),
    ],
)
def test_golden_values(arguments: dict[str, float], printed: float) -> None:
    # Printed to 4 decimals.
    assert clv(50, 2, 3, **arguments) == pytest.approx(printed, abs=5e-5)


@given(MONEY, FREQUENCY, YEARS, st.floats(-1, 1), RATES, MONEY, TIMING)
def test_clv_is_the_sum_over_the_years(
    value: float,
    frequency: float,
    years: float,
    margin: float,
    rate: float,
    cost: float,
    timing: float,
) -> None:
    yearly = value * frequency * margin
    expected = yearly * present_value(years, rate, timing) - cost
    actual = float(clv(value, frequency, years, margin, rate, cost, timing))
    # The two sums round differently; the cost may cancel almost all of the value. Below 1E-300 a
    # float loses digits.
    slack = 1e-11 * (abs(yearly) * 60 + cost) + 1e-300
    assert actual == pytest.approx(expected, rel=1e-9, abs=slack)


@given(YEARS, st.floats(1e-300, 1e-13))
def test_a_tiny_rate_is_next_to_no_rate(years: float, rate: float) -> None:
    actual = annuity(np.array(years), np.array(rate), np.array(0.0))
    assert float(actual) == pytest.approx(years, rel=1e-10)


@given(MONEY, FREQUENCY, YEARS, TIMING)
def test_without_discounting_the_timing_makes_no_difference(
    value: float, frequency: float, years: float, timing: float
) -> None:
    assert clv(value, frequency, years, timing=timing) == value * frequency * years


BASE: dict[str, float] = {
    "avg_value": 50,
    "frequency": 2,
    "lifespan": 3.5,
    "margin": 0.4,
    "discount_rate": 0.1,
    "acq_cost": 20,
    "timing": 0.5,
}
HIGHEST = {"margin": 1.0, "discount_rate": 0.99, "timing": 1.0}


@pytest.mark.parametrize(
    ("driver", "sign"),
    [(name, -1 if name in ("discount_rate", "acq_cost") else 1) for name in BASE],
)
@given(low=st.floats(0, 1), high=st.floats(0, 1))
def test_clv_moves_one_way_with_each_driver(
    driver: str, sign: int, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    most = HIGHEST.get(driver, 100.0)
    less = clv(**(BASE | {driver: low * most}))
    more = clv(**(BASE | {driver: high * most}))
    assert sign * (more - less) >= -1e-9


@given(MONEY, FREQUENCY, YEARS, st.floats(-1, 1), RATES, MONEY, st.sampled_from([0.5, 2.0, 1024.0]))
def test_clv_in_another_currency_is_the_same_multiple(
    value: float,
    frequency: float,
    years: float,
    margin: float,
    rate: float,
    cost: float,
    factor: float,
) -> None:
    once = clv(value, frequency, years, margin, rate, cost)
    scaled = clv(value * factor, frequency, years, margin, rate, cost * factor)
    # Powers of two scale without rounding, save where numbers are subnormal.
    assert float(scaled) == pytest.approx(float(once) * factor, rel=1e-12, abs=1e-290)


def test_one_number_stands_for_a_whole_column() -> None:
    column = clv([50, 60], 2, [3, 4], margin=0.4)
    assert column.tolist() == [float(clv(50, 2, 3, 0.4)), float(clv(60, 2, 4, 0.4))]


def test_numbers_in_give_a_number_out() -> None:
    assert np.shape(clv(50, 2, 3)) == ()
    assert np.shape(clv([50], 2, 3)) == (1,)


@pytest.mark.parametrize("driver", ["avg_value", "frequency", "lifespan"])
def test_a_driver_of_zero_leaves_the_cost_alone(driver: str) -> None:
    assert clv(**(BASE | {driver: 0.0})) == -20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"margin": 40.0},
            "margin is 40; expected a number from -1 to 1. Did you mean 40%? [V103]",
        ),
        ({"avg_value": -1.0}, "avg_value is -1; expected a number of 0 or more. [V103]"),
        (
            {"discount_rate": 1.0},
            "discount_rate is 1; expected a number from 0 to below 1. [V103]",
        ),
        (
            {"discount_rate": 10.0},
            "discount_rate is 10; expected a number from 0 to below 1. Did you mean 10%? [V103]",
        ),
    ],
)
def test_a_value_out_of_range_is_refused(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(InputError) as caught:
        clv(**(BASE | arguments))
    assert str(caught.value) == message


@pytest.mark.parametrize("driver", list(BASE))
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(driver: str, value: float) -> None:
    with pytest.raises(InputError, match=rf"^{driver} is "):
        clv(**(BASE | {driver: value}))


def test_the_message_names_the_row_at_fault() -> None:
    with pytest.raises(InputError, match=r"^avg_value row 2 is -1;"):
        clv([50, -1, 60], 2, 3)


@pytest.mark.parametrize(("churn", "years"), [(0.25, 4.0), (1, 1.0), (0.02, 50.0)])
def test_lifespan_is_one_over_churn(churn: float, years: float) -> None:
    assert lifespan(churn) == years


def test_nobody_leaving_has_no_lifespan() -> None:
    with pytest.raises(UndefinedError) as caught:
        lifespan([0.5, 0, 0.1])
    rows: Any = caught.value.rows
    assert rows.tolist() == [False, True, False]
