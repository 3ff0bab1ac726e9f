"""Shifted-beta-geometric against the published tables and direct sums."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from xlclv.errors import InputError, NotEnoughData, UndefinedError
from xlclv.models.sbg import Likelihood, ShiftedBetaGeometric

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
ACTUAL = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]


# Fader & Hardie (2007), Journal of Interactive Marketing 21, High End, 7 years of calibration.
def test_high_end_with_seven_years_of_fader_hardie_2007() -> None:
    fit = ShiftedBetaGeometric.fit(HIGH_END)
    assert tuple(fit.params) == pytest.approx((0.668, 3.806), abs=1e-3)
    assert tuple(fit.params) == pytest.approx((0.6680883278416815, 3.806094832111714), rel=1e-6)
    assert fit.log_likelihood == pytest.approx(-1611.158147391156, abs=1e-3)
    assert (fit.n, fit.converged, fit.verdict) == (1000, True, "sound")
    printed = [0.46, 0.436, 0.414, 0.395, 0.378]
    assert fit.params.survival(range(8, 13)) == pytest.approx(printed, abs=1e-3)
    assert fit.params.survival(range(13)) == pytest.approx(np.array(ACTUAL) / 100, abs=0.021)


def test_high_end_with_four_years_of_fader_hardie_2007() -> None:
    fit = ShiftedBetaGeometric.fit(HIGH_END[:5])
    # The likelihood of four years is flat; the parameters are known to six digits only.
    assert tuple(fit.params) == pytest.approx((1.2809763061117383, 7.790383580244027), rel=1e-6)
    assert fit.log_likelihood == pytest.approx(-1225.1349070416122, abs=1e-3)
    assert float(fit.params.survival(12)) == pytest.approx(0.3070066633555499, rel=1e-6)


# The README of jdmaturen's sBG; 7 renewals made are n = 8 in Fader & Hardie (2010).
def test_derl_of_the_readme_of_jdmaturen() -> None:
    params = ShiftedBetaGeometric(0.6677123, 3.8024773)
    assert float(params.residual(7, 0.1)) == pytest.approx(7.530436, rel=1e-5)


# Fader & Hardie (2010), Marketing Science 29, closed forms at d = 0.1, checked by direct sums.
@pytest.mark.parametrize(
    ("params", "lifetime", "residual"),
    [
        (
            (0.668, 3.806),
            5.9225964076127635,
            [
                *(5.41485604837404, 5.901753167753022, 6.294260616793185, 6.620280323188251),
                *(6.8970573977460905, 7.13600189948122, 7.345052259283851),
            ],
        ),
        (
            (0.704, 1.182),
            3.695147405574574,
            [
                *(2.9646621461320315, 4.103458619598572, 4.870137366534202, 5.442391322120395),
                *(5.89442285984416, 6.264729881965843, 6.575966186337508),
            ],
        ),
    ],
)
def test_del_and_derl_of_fader_hardie_2010(
    params: tuple[float, float], lifetime: float, residual: list[float]
) -> None:
    given_params = ShiftedBetaGeometric(*params)
    assert float(given_params.lifetime(0.1)) == pytest.approx(lifetime, rel=1e-9)
    assert given_params.residual(range(7), 0.1) == pytest.approx(residual, rel=1e-9)


# --- second routes ----------------------------------------------------------------------------

PARAMS = st.builds(ShiftedBetaGeometric, st.floats(0.05, 20), st.floats(0.05, 20))


@given(PARAMS, st.integers(0, 60))
def test_survival_is_the_mean_over_the_chances_to_stay(
    params: ShiftedBetaGeometric, periods: int
) -> None:
    alpha, beta = params
    front = math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)

    def density(logit: float) -> float:
        log_leave, log_stay = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
        return math.exp(front + alpha * log_leave + (beta + periods) * log_stay)

    centre = math.log(alpha / (beta + periods))
    ends = centre - 60 / min(alpha, 1), centre, centre + 60 / min(beta, 1)
    area = sum(
        quad(density, *part, epsabs=0, epsrel=1e-11, limit=400)[0] for part in (ends[:2], ends[1:])
    )
    assert float(params.survival(periods)) == pytest.approx(area, rel=1e-8)


@given(PARAMS, st.integers(0, 20), st.floats(0.03, 0.9))
def test_lifetimes_are_the_sums_of_discounted_survival(
    params: ShiftedBetaGeometric, renewals: int, rate: float
) -> None:
    time = np.arange(2000)  # 1.03^-2000 is 1e-26
    discount = (1 + rate) ** -time
    total = float(params.survival(time) @ discount)
    assert float(params.lifetime(rate)) == pytest.approx(total, rel=1e-9)
    log_now = math.lgamma(params.beta + renewals) - math.lgamma(
        params.alpha + params.beta + renewals
    )
    log_then = np.array(
        [
            math.lgamma(params.beta + renewals + 1 + t)
            - math.lgamma(params.alpha + params.beta + renewals + 1 + t)
            for t in time
        ]
    )
    rest = float(np.exp(log_then - log_now) @ discount)
    # lgamma of 2,000 periods has lost three digits by itself.
    assert float(params.residual(renewals, rate)) == pytest.approx(rest, rel=1e-8)


@given(PARAMS)
def test_retention_rises(params: ShiftedBetaGeometric) -> None:
    survival = params.survival(np.arange(30))
    # Fader & Hardie (2007), eq. (8).
    time = np.arange(1, 30)
    kept = (params.beta + time - 1) / (params.alpha + params.beta + time - 1)
    assert survival[1:] / survival[:-1] == pytest.approx(kept, rel=1e-9)


@given(st.floats(1.5, 20), st.floats(0.05, 20))
def test_without_discount_the_lifetime_is_the_mean_of_one_over_the_chance(
    alpha: float, beta: float
) -> None:
    params = ShiftedBetaGeometric(alpha, beta)
    front = math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)

    def density(logit: float) -> float:
        log_leave, log_stay = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
        return math.exp(front + (alpha - 1) * log_leave + beta * log_stay)

    centre = math.log(alpha / beta)
    parts = (centre - 90, centre), (centre, centre + 60 / min(beta, 1))
    mean = sum(quad(density, *part, epsabs=0, epsrel=1e-10, limit=400)[0] for part in parts)
    assert float(params.lifetime(0)) == pytest.approx(mean, rel=1e-8)


@given(st.tuples(st.floats(-2, 3), st.floats(-2, 3)))
def test_the_gradient_equals_differences_of_the_likelihood(logs: tuple[float, float]) -> None:
    counts = np.array(HIGH_END) / 1000
    likelihood = Likelihood(-np.diff(counts), counts[1:])
    here, step = np.array(logs), 1e-5
    differences = [
        (likelihood(here + move)[0] - likelihood(here - move)[0]) / (2 * step)
        for move in step * np.eye(2)
    ]
    assert likelihood(here)[1] == pytest.approx(np.array(differences), rel=1e-6, abs=1e-7)


def test_the_likelihood_at_1_1_of_fader_hardie_2007() -> None:
    counts = np.array(HIGH_END) / 1000
    likelihood = Likelihood(-np.diff(counts), counts[1:])
    assert 1000 * likelihood(np.zeros(2))[0] == pytest.approx(-2115.546, abs=1e-3)


# --- traps ------------------------------------------------------------------------------------


def test_for_ever_without_discount_is_refused_where_it_is_infinite() -> None:
    params = ShiftedBetaGeometric(0.668, 3.806)
    with pytest.raises(UndefinedError) as caught:
        params.residual([1, 2], [0.1, 0])
    assert caught.value.rows is not None
    assert caught.value.rows.tolist() == [False, True]


def test_nobody_is_there_for_ever() -> None:
    assert float(ShiftedBetaGeometric(0.668, 3.806).survival(np.inf)) == 0


@pytest.mark.parametrize(
    ("counts", "error", "key"),
    [
        ([100, 90], NotEnoughData, "few_periods"),
        ([], NotEnoughData, "few_periods"),
        ([100, 100, 100], NotEnoughData, "nobody_left"),
        ([0, 0, 0], NotEnoughData, "nobody_left"),
        ([100, 90, 95], InputError, "rising_left"),
        ([1, 0.9, 0.8], InputError, "not_whole"),
    ],
)
def test_counts_that_tell_nothing_are_refused(
    counts: list[float], error: type[Exception], key: str
) -> None:
    with pytest.raises(error) as caught:
        ShiftedBetaGeometric.fit(counts)
    assert getattr(caught.value, "key", None) == key


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ([1000, 900, 810, 729, 656], "boundary"),  # everybody leaves with the same chance
        ([100, 100, 99], "boundary"),  # they leave ever faster
        ([10, 0, 0], "thin"),
        ([1000, 500, 499, 499, 499], "sound"),
    ],
)
def test_strange_counts_give_an_honest_verdict(counts: list[int], verdict: str) -> None:
    fit = ShiftedBetaGeometric.fit(counts)
    assert (fit.verdict, fit.converged) == (verdict, True)
    last = len(counts) - 1
    assert float(fit.params.survival(last)) == pytest.approx(counts[-1] / counts[0], abs=0.02)
