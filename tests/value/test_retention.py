"""The retention model against printed values and a direct sum."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.errors import UndefinedError
from xlclv.value.retention import retention_clv

# Gupta & Lehmann (2003), margin multiple r/(1+i-r): rows r, columns i, as printed.
RETENTION = [0.6, 0.7, 0.8, 0.9]
DISCOUNT = [0.1, 0.12, 0.14, 0.16]
MULTIPLES = [
    [1.2, 1.15, 1.11, 1.07],
    [1.75, 1.67, 1.59, 1.52],
    [2.67, 2.5, 2.35, 2.22],
    [4.5, 4.09, 3.75, 3.46],
]


# Fader & Hardie (2012), note 024, Reconciling CLV Formulas: m 100, r 0.8, d 0.1.
def test_the_three_textbook_conventions() -> None:
    sure = retention_clv(100, 0.8, 0.1)
    assert sure == pytest.approx(366.6666667, rel=1e-9)
    assert retention_clv(100, 0.8, 0.1, first_certain=False) == pytest.approx(266.6666667, rel=1e-9)
    assert sure / 1.1 == pytest.approx(333.3333333, rel=1e-9)


@pytest.mark.parametrize(
    ("kept", "rate", "printed"),
    [
        (kept, rate, MULTIPLES[row][column])
        for row, kept in enumerate(RETENTION)
        for column, rate in enumerate(DISCOUNT)
    ],
)
def test_margin_multiples_of_gupta_and_lehmann(kept: float, rate: float, printed: float) -> None:
    multiple = float(retention_clv(1, kept, rate, first_certain=False))
    # Printed to 2 decimals, and 1.75, 2.5, 3.75 lie on no edge of rounding.
    assert multiple == pytest.approx(printed, abs=0.005)


@given(
    st.floats(-1e4, 1e4),
    st.floats(0, 1) | st.sampled_from([0.0, 1.0, 1 - 1e-9]),
    st.floats(0, 0.99) | st.just(0.0),
    st.integers(0, 80),
    st.booleans(),
)
def test_it_is_the_sum_of_the_margins_still_expected(
    margin: float,
    kept: float,
    rate: float,
    periods: int,
    first_certain: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    start = 0 if first_certain else 1
    weights = [(kept / (1 + rate)) ** (start + period) for period in range(periods)]
    actual = float(retention_clv(margin, kept, rate, periods, first_certain))
    # log(r) loses digits where r is next to 1: 1e-16 / (1 - r).
    assert actual == pytest.approx(margin * sum(weights), rel=1e-6, abs=1e-9)


@given(st.floats(0, 0.95), st.floats(0, 0.9))
def test_for_ever_is_the_limit_of_many_periods(kept: float, rate: float) -> None:
    endless = float(retention_clv(100, kept, rate))
    assert float(retention_clv(100, kept, rate, 2000)) == pytest.approx(endless, rel=1e-9)


def test_each_row_may_have_its_own_periods_and_convention() -> None:
    actual = retention_clv(100, 0.8, 0.1, [np.inf, np.inf, 1, 0], [True, False, True, True])
    assert actual.round(4).tolist() == [366.6667, 266.6667, 100.0, 0.0]


def test_keeping_everybody_is_finite_over_given_periods() -> None:
    assert retention_clv(100, 1, 0, 4) == 400


def test_nobody_kept_leaves_the_sure_margin() -> None:
    assert retention_clv(100, 0) == 100
    assert retention_clv(100, 0, first_certain=False) == 0


def test_numbers_in_give_a_number_out() -> None:
    assert np.shape(retention_clv(100, 0.8)) == ()


def test_keeping_everybody_for_ever_at_no_discount_has_no_sum() -> None:
    with pytest.raises(UndefinedError) as caught:
        retention_clv(100, [0.8, 1, 1], [0, 0.1, 0])
    assert caught.value.rows is not None
    assert caught.value.rows.tolist() == [False, False, True]
    assert str(caught.value).endswith("[U102]")
