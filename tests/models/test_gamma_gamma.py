"""Gamma-Gamma against note 025 and integrals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from tests.models.published_logs import cdnow
from xlclv.errors import InputError, NotEnoughData, UndefinedError
from xlclv.models.gamma_gamma import GammaGamma, Likelihood

ROUNDED = GammaGamma(6.25, 3.74, 15.44)
FITTED = GammaGamma(6.249572489253954, 3.744224662968643, 15.443520400904317)
X = [2, 1, 0, 0, 0, 7, 1, 0, 2, 0]
SPEND = [22.35, 11.77, 0, 0, 0, 73.74, 11.77, 0, 25.55, 0]


# Fader & Hardie (2013), note 025, section 4: 6.25, 3.74, 15.44; digits from CLVTools 0.12.1 tests.
def test_the_fit_of_note_025() -> None:
    log = cdnow()
    fit = GammaGamma.fit(log.frequency, log.spend)
    assert tuple(fit.params) == pytest.approx(tuple(ROUNDED), abs=5e-3)
    assert tuple(fit.params) == pytest.approx(tuple(FITTED), rel=1e-6)
    assert fit.log_likelihood == pytest.approx(-4055.9177, abs=1e-3)
    assert (fit.n, fit.converged, fit.verdict) == (946, True, "sound")


# Note 025, spreadsheet; the published row is of the fitted parameters, to 2 decimals.
def test_expected_spend_of_note_025() -> None:
    of_rounded = [24.6637, 18.9169, *[35.219] * 3, 71.4697, 18.9169, 35.219, 27.2884, 35.219]
    of_fitted = [24.6586, 18.9115, *[35.171] * 3, 71.4629, 18.9115, 35.171, 27.2824, 35.171]
    published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert ROUNDED.expected_spend(X, SPEND) == pytest.approx(of_rounded, abs=5e-4)
    # The means were rounded to cents before they were used.
    assert FITTED.expected_spend(X, SPEND) == pytest.approx(of_fitted, abs=2e-3)
    assert FITTED.expected_spend(X, SPEND) == pytest.approx(published, abs=0.01)


def test_cents_give_the_same_fit() -> None:
    log = cdnow()
    fit = GammaGamma.fit(log.frequency, log.spend * 100)
    assert tuple(fit.params) == pytest.approx((FITTED.p, FITTED.q, FITTED.v * 100), rel=1e-6)


PARAMS = st.builds(GammaGamma, st.floats(0.2, 30), st.floats(1.05, 30), st.floats(0.1, 1000))


@given(PARAMS, st.integers(1, 30))
def test_the_density_integrates_to_one(params: GammaGamma, x: int) -> None:
    def density(log_spend: float) -> float:
        spend = math.exp(log_spend)
        return spend * math.exp(float(params.log_likelihood(x, spend)))

    centre = math.log(params.v * params.p / params.q)
    ends = centre - 60 / min(params.p * x, 1), centre, centre + 60 / min(params.q, 1)
    areas = [
        quad(density, *part, epsabs=1e-11, epsrel=1e-10, limit=400)[0]
        for part in ((ends[0], centre - 2), (centre - 2, centre + 2), (centre + 2, ends[2]))
    ]
    assert sum(areas) == pytest.approx(1, rel=1e-7)


@given(PARAMS, st.integers(0, 30), st.floats(0.01, 1000))
def test_expected_spend_is_the_mean_over_what_the_rate_can_be(
    params: GammaGamma, x: int, spend: float
) -> None:
    p, q, v = params
    shape, rate = p * x + q, v + x * spend

    def mean_at(log_rate: float) -> float:
        scaled = math.exp(log_rate)  # rate times the customer's
        return p * rate * math.exp((shape - 1) * log_rate - scaled - math.lgamma(shape))

    peak = shape - 1
    centre, below = math.log(peak), 60 / min(peak, math.sqrt(peak))
    parts = (centre - below, centre), (centre, math.log(shape + 10 * math.sqrt(shape) + 80))
    areas = [quad(mean_at, *part, epsabs=0, epsrel=1e-10, limit=400)[0] for part in parts]
    actual = float(params.expected_spend(x, spend if x else 0))
    assert actual == pytest.approx(sum(areas), rel=1e-6)


@given(st.tuples(*[st.floats(-1.5, 2)] * 3))
def test_the_gradient_equals_differences_of_the_likelihood(logs: tuple[float, ...]) -> None:
    likelihood = Likelihood(
        np.array([1, 2, 2, 30.0]), np.array([0.3, 1, 2.2, 0.9]), np.array([0.4, 0.2, 0.3, 0.1])
    )
    here, step = np.array(logs), 1e-5
    differences = [
        (likelihood(here + move)[0] - likelihood(here - move)[0]) / (2 * step)
        for move in step * np.eye(3)
    ]
    assert likelihood(here)[1] == pytest.approx(np.array(differences), rel=1e-6, abs=1e-7)


@given(PARAMS, st.integers(0, 30), st.floats(0.1, 100))
def test_the_slopes_equal_differences_of_expected_spend(
    params: GammaGamma, x: int, spend: float
) -> None:
    step = 1e-6
    for place, slope in enumerate(params.log_slopes(np.array([x]), np.array([spend]))):
        ends = []
        for sign in (1, -1):
            moved = [*params]
            moved[place] *= math.exp(sign * step)
            ends.append(float(GammaGamma(*moved).expected_spend(x, spend)))
        assert float(slope[0]) == pytest.approx(
            math.log(ends[0] / ends[1]) / (2 * step), rel=1e-4, abs=1e-6
        )


# --- traps ------------------------------------------------------------------------------------


def test_spend_that_is_not_above_0_is_named_by_row() -> None:
    for spend in (0, -3, np.nan, np.inf):
        with pytest.raises(InputError) as caught:
            GammaGamma.fit([1, 0, 2], [5, 0, spend])
        assert caught.value.key == "spend_not_positive"
        assert "row 3" in str(caught.value)


def test_a_mean_that_is_infinite_is_refused() -> None:
    random = np.random.default_rng(1)
    fit = GammaGamma.fit(random.integers(1, 5, 300), np.exp(random.normal(0, 4, 300)))
    assert fit.verdict == "no_mean"
    assert fit.params.q <= 1
    with pytest.raises(UndefinedError) as caught:
        fit.params.expected_spend(1, 20)
    assert caught.value.key == "no_mean_spend"


def test_nobody_who_ordered_twice_has_no_fit() -> None:
    with pytest.raises(NotEnoughData):
        GammaGamma.fit([0, 0], [0, 0])


@pytest.mark.parametrize(
    ("x", "spend", "verdict"),
    [
        ([1], [5.0], "thin"),
        ([2] * 100, [10.0] * 100, "boundary"),
        ([5000, 2, 3], [10, 20, 30], "thin"),
        ([1, 2, 3] * 30, [1e-9, 1e9, 3] * 30, "boundary"),
    ],
)
def test_strange_data_give_an_honest_verdict(
    x: list[int], spend: list[float], verdict: str
) -> None:
    fit = GammaGamma.fit(x, spend)
    assert fit.verdict == verdict
    assert fit.converged
    if fit.params.q > 1:
        assert np.all(np.isfinite(fit.params.expected_spend(x, spend)))


def test_all_spends_alike_are_foretold_as_they_are() -> None:
    fit = GammaGamma.fit([2] * 100, [10.0] * 100)
    foretold = fit.params.expected_spend([0, 5], [0, 10])
    assert foretold == pytest.approx([10, 10], rel=1e-3)
