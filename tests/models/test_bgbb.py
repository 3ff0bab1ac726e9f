"""BG/BB against the published tables, the published closed form and a full count."""

import math
from dataclasses import replace

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.models.published_logs import donations
from xlclv.errors import InputError, NotEnoughData
from xlclv.models.bgbb import BgBb, Likelihood

DONATIONS = BgBb(1.2035, 0.7497, 0.6567, 2.7834)
SHAPES = st.floats(0.05, 20)
PARAMS = st.builds(BgBb, SHAPES, SHAPES, SHAPES, SHAPES)


# Fader, Hardie & Shang (2010), Marketing Science 29, table 4; BTYD 2.4.3 walkthrough.
def test_the_fit_of_fader_hardie_and_shang_2010_table_4() -> None:
    fit = BgBb.fit(*donations())
    assert tuple(fit.params) == pytest.approx(tuple(DONATIONS), abs=5e-4)
    assert fit.log_likelihood == pytest.approx(-33225.581, abs=1e-3)
    assert (fit.n, fit.converged, fit.verdict) == (11104, True, "sound")


# Note 010, spreadsheet, printed to 4 decimals.
def test_expected_orders_of_note_010() -> None:
    printed = [
        *(0.4985, 0.9233, 1.2969, 1.6323, 1.9381, 2.2202),
        *(2.4826, 2.7285, 2.9603, 3.1798, 3.3887),
    ]
    assert DONATIONS.expected_orders(0, 0, 0, range(1, 12)) == pytest.approx(printed, abs=1e-4)


# BTYD 2.4.3 walkthrough, 10 further occasions, printed for unrounded parameters.
def test_conditional_expectations_of_the_btyd_walkthrough() -> None:
    actual = DONATIONS.expected_orders([0, 4], [0, 5], 6, 10)
    assert actual == pytest.approx([0.1302169, 3.627858], rel=2e-4)


# --- second routes ----------------------------------------------------------------------------


@given(PARAMS, st.integers(1, 12))
def test_all_histories_together_are_certain(params: BgBb, n: int) -> None:
    kinds = [(0, 0)] + [(x, last) for last in range(1, n + 1) for x in range(1, last + 1)]
    x, last = np.array(kinds).T
    ways = [math.comb(t - 1, k - 1) if k else 1 for k, t in kinds]
    chances = np.exp(params.log_likelihood(x, last, n))
    assert float(chances @ ways) == pytest.approx(1, rel=1e-10)


def published(params: BgBb, x: int, last: int, n: int, ahead: int) -> tuple[float, float]:
    """P(alive at n + 1) and eq. (13) with their beta and gamma functions, in 50 digits."""
    with mpmath.workdps(50):
        alpha, beta, gamma, delta = map(mpmath.mpf, params)
        base = mpmath.beta(alpha, beta) * mpmath.beta(gamma, delta)
        likelihood = mpmath.beta(alpha + x, beta + n - x) * mpmath.beta(gamma, delta + n) / base
        for i in range(n - last):
            stays = mpmath.beta(gamma + 1, delta + last + i)
            likelihood += mpmath.beta(alpha + x, beta + last - x + i) * stays / base
        orders = mpmath.beta(alpha + x, beta + n - x) / mpmath.beta(alpha, beta)
        alive = orders * mpmath.beta(gamma, delta + n + 1) / mpmath.beta(gamma, delta) / likelihood
        bracket = [
            mpmath.gamma(1 + delta + end) / mpmath.gamma(gamma + delta + end)
            for end in (n, n + ahead)
        ]
        front = mpmath.beta(alpha + x + 1, beta + n - x) / mpmath.beta(alpha, beta) / likelihood
        front *= delta / (gamma - 1) * mpmath.gamma(gamma + delta) / mpmath.gamma(1 + delta)
        return float(alive), float(front * (bracket[0] - bracket[1]))


@given(PARAMS, st.integers(0, 15), st.integers(0, 15), st.integers(0, 15), st.integers(1, 60))
def test_predictions_equal_the_published_closed_forms(
    params: BgBb, x: int, more: int, rest: int, ahead: int
) -> None:
    last = x + more if x else 0
    n = last + rest
    if abs(params.gamma - 1) < 1e-9:
        params = replace(params, gamma=1.5)
    alive, orders = published(params, x, last, n, ahead)
    assert float(params.p_alive(x, last, n)) == pytest.approx(alive, rel=1e-9)
    actual = float(params.expected_orders(x, last, n, ahead))
    assert actual == pytest.approx(orders, rel=1e-9)


def test_gamma_of_1_has_no_fault() -> None:
    at, near = replace(DONATIONS, gamma=1.0), replace(DONATIONS, gamma=1 + 1e-9)
    expected = near.expected_orders(4, 5, 6, 10)
    assert at.expected_orders(4, 5, 6, 10) == pytest.approx(expected, rel=1e-8)


@given(st.tuples(*[st.floats(-2, 2)] * 4))
def test_the_gradient_equals_differences_of_the_likelihood(logs: tuple[float, ...]) -> None:
    histories = np.array([0, 1, 2, 5.0]), np.array([0, 1, 4, 6.0]), np.array([3, 6, 6, 6.0])
    likelihood = Likelihood(histories, np.array([0.4, 0.2, 0.3, 0.1]))
    here, step = np.array(logs), 1e-5
    differences = [
        (likelihood(here + move)[0] - likelihood(here - move)[0]) / (2 * step)
        for move in step * np.eye(4)
    ]
    assert likelihood(here)[1] == pytest.approx(np.array(differences), rel=1e-6, abs=1e-7)


# --- traps ------------------------------------------------------------------------------------


def test_impossible_histories_are_named_by_row() -> None:
    for bad in ((3, 2, 6), (1, 7, 6), (0, 2, 6), (1, 1.5, 6), (1, 1, 2.5)):
        with pytest.raises(InputError) as caught:
            BgBb.fit(*zip((0, 0, 6), bad, strict=True))
        assert caught.value.key == "bad_occasions"
        assert caught.value.rows is not None
        assert caught.value.rows.tolist() == [False, True]


def test_nobody_who_ordered_has_no_fit() -> None:
    with pytest.raises(NotEnoughData):
        BgBb.fit([0, 0], [0, 0], [6, 6])


def test_one_occasion_does_not_tell_the_parameters_apart() -> None:
    assert BgBb.fit([0, 1], [0, 1], [1, 1], [50, 60]).verdict == "not_identified"


def test_half_an_occasion_is_refused() -> None:
    with pytest.raises(InputError, match="whole"):
        DONATIONS.expected_orders(1, 1, 6, 2.5)
