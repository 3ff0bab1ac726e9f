"""BG/NBD and MBG/NBD against the published tables and second routes to every formula."""

import math
from dataclasses import replace

import mpmath
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.integrate import quad

from tests.models.published_logs import cdnow, cdnow_weeks
from xlclv.models.beta_geometric import BetaGeometric, BgNbd, MbgNbd
from xlclv.models.beta_geometric_likelihood import Likelihood

CDNOW = BgNbd(0.2425945, 4.4136019, 0.7929199, 2.4258881)
ROUNDED = BgNbd(0.243, 4.414, 0.793, 2.426)
BOTH = [BgNbd, MbgNbd]
both = pytest.mark.parametrize("model", BOTH, ids=lambda model: model.NAME)


# Fader, Hardie & Lee (2005), Marketing Science 24, table 2 (to 3 digits); all digits and standard
# errors from the tests of CLVTools 0.12.1, which computes on exact days as well.
def test_the_fit_of_fader_hardie_and_lee_2005_table_2() -> None:
    fit = BgNbd.fit(*cdnow_weeks())
    assert tuple(fit.params) == pytest.approx(
        (0.2425945, 4.4136019, 0.7929199, 2.4258881), rel=1e-5
    )
    assert tuple(fit.params) == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=5e-4)
    assert fit.log_likelihood == pytest.approx(-9582.429, abs=1e-3)
    errors = (0.012557378052669139, 0.3782240596942559, 0.18573382128641217, 0.7054142598717)
    assert fit.std_errors == pytest.approx(errors, rel=1e-6)
    assert (fit.n, fit.converged, fit.verdict) == (2357, True, "sound")
    assert fit.aic == pytest.approx(2 * 9582.429 + 8, abs=2e-3)


# Note 004, bgnbd.xls, repeat purchases of a random customer; digits from lifetimes 0.11.3 tests.
@pytest.mark.parametrize(
    ("weeks", "printed"),
    [
        (0.142857, 0.007814),
        (1, 0.053184),
        (3, 0.150631),
        (31.857143, 1.040489),
        (32, 1.043731),
        (52, 1.444011),
        (78, 1.857956),
    ],
)
def test_expected_purchases_of_note_004(weeks: float, printed: float) -> None:
    # Six printed decimals; the parameters have seven digits.
    assert float(CDNOW.expected_orders(0, 0, 0, weeks)) == pytest.approx(printed, abs=2e-6)


def test_conditional_expectation_of_note_004() -> None:
    # Digits of lifetimes 0.11.3 for the fitted parameters; published 1.226.
    actual = float(CDNOW.expected_orders(2, 30.43, 38.86, 39))
    assert actual == pytest.approx(1.22590570451, rel=1e-9)


# BTYD 2.4.3 walkthrough, customer 1516.
def test_customer_1516_of_the_btyd_walkthrough() -> None:
    customer = 26, 30.857142857, 31
    # 25.75659 and 0.9688523 are printed for parameters that BTYD found to 4 digits.
    assert float(CDNOW.expected_orders(*customer, 52)) == pytest.approx(25.75659, rel=1e-4)
    assert float(CDNOW.p_alive(*customer)) == pytest.approx(0.9688523, rel=1e-4)


# BTYD 2.4.3 manual, bgnbd.pmf with r .243, alpha 4.414, a .793, b 2.426.
def test_the_chances_of_a_number_of_orders_of_the_btyd_manual() -> None:
    printed = [
        *(0.0019995214, 0.0015170236, 0.001163315, 0.0009003148, 0.0007023638),
        *(0.0005517902, 0.0004361913, 0.0003467171, 0.0002769613, 0.000222226),
    ]
    assert ROUNDED.probability(range(11, 21), 30) == pytest.approx(printed, rel=1e-6)
    assert float(ROUNDED.probability(10, 2)) == pytest.approx(1.07869e-07, rel=1e-5)
    assert float(ROUNDED.probability(0, 39)) == pytest.approx(0.5737864, abs=1e-6)


# BTYDplus, as in the tests of lifetimes 0.11.3, from the file of 2-decimal weeks.
def test_the_mbgnbd_fit_of_btydplus() -> None:
    fit = MbgNbd.fit(*(np.round(column, 2) for column in cdnow_weeks()))
    full = 0.5248377255676623, 6.182988479133949, 0.8913562809311403, 1.6140000256721425
    assert tuple(fit.params) == pytest.approx((0.525, 6.183, 0.891, 1.614), abs=1e-3)
    assert tuple(fit.params) == pytest.approx(full, rel=1e-5)
    assert fit.log_likelihood == pytest.approx(-9582.132684899918, abs=1e-3)
    assert fit.verdict == "sound"


def test_the_mbgnbd_predictions_of_lifetimes() -> None:
    params = MbgNbd(0.5248377255676623, 6.182988479133949, 0.8913562809311403, 1.6140000256721425)
    history = [0, 2, 26], [0, 30.43, 30.86], [38.86, 38.86, 31]
    alive = params.p_alive(*history)
    assert alive == pytest.approx([0.38971644, 0.70612626, 0.96555287], rel=1e-5)
    orders = params.expected_orders(*history, 39)
    assert orders == pytest.approx([0.15395364, 1.26267078, 19.44803712], rel=1e-5)


@both
def test_days_weeks_and_months_give_the_same_fit(model: type[BetaGeometric]) -> None:
    log = cdnow()
    fits = [
        model.fit(log.frequency, log.recency / unit, log.age / unit) for unit in (1, 7, 30.4375)
    ]
    for fit, unit in zip(fits, (1, 7, 30.4375), strict=True):
        expected = replace(fits[0].params, alpha=fits[0].params.alpha / unit)
        assert [*fit.params] == pytest.approx([*expected], rel=1e-9)
        history = log.frequency, log.recency / unit, log.age / unit
        orders = fit.params.expected_orders(*history, 365 / unit)
        assert float(orders.sum()) == pytest.approx(
            float(fits[0].params.expected_orders(log.frequency, log.recency, log.age, 365).sum()),
            rel=1e-9,
        )


# --- second routes ----------------------------------------------------------------------------

SHAPES = st.floats(0.05, 20)
PARAMS = st.builds(BgNbd, SHAPES, st.floats(0.5, 300), SHAPES, SHAPES)
HISTORIES = st.builds(
    lambda x, age, share: (x, age * share if x else 0.0, age),
    st.integers(0, 40),
    st.floats(0.5, 1000),
    st.floats(0.01, 1),
)


def integral(
    params: BetaGeometric, first: int, x: int, recency: float, age: float
) -> tuple[float, float]:
    """Return the likelihood of being here and of having left, by integrals over rate and chance."""
    r, alpha, a, b = params

    def rates(time: float) -> float:
        # Scaled by rate x, so that the numbers stay near 1; the peak is given to quad.
        mode = max((r + x - 1) / (alpha + time), 1e-3 / (alpha + time))
        log_peak = (r + x - 1) * math.log(mode) - (alpha + time) * mode

        def density(log_rate: float) -> float:
            rate = math.exp(log_rate)
            return math.exp((r + x) * log_rate - (alpha + time) * rate - log_peak)

        centre = math.log(mode)
        end = math.log((r + x + 80) / (alpha + time))
        parts = [(centre - 60 / min(r, 1), centre), (centre, max(end, centre))]
        areas = [quad(density, *part, epsabs=0, epsrel=1e-11, limit=500)[0] for part in parts]
        return math.log(sum(areas)) + log_peak

    start = r * math.log(alpha) - math.lgamma(r)
    beta = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)

    def chances(stays: int, leaves: int) -> float:
        top, bottom = a + leaves, b + stays
        return beta + math.lgamma(top) + math.lgamma(bottom) - math.lgamma(top + bottom)

    here = start + rates(age) + chances(x + first, 0)
    if x + first == 0:
        return here, -math.inf
    return here, start + rates(recency) + chances(x + first - 1, 1)


@both
@given(params=PARAMS, history=HISTORIES)
def test_likelihood_and_p_alive_equal_integrals_over_rate_and_chance(
    model: type[BetaGeometric], params: BgNbd, history: tuple[int, float, float]
) -> None:
    here, left = integral(params, model.FIRST, *history)
    total = float(np.logaddexp(here, left))
    actual = float(model(*params).log_likelihood(*history))
    assert actual == pytest.approx(total, rel=1e-8, abs=1e-7)
    alive = float(model(*params).p_alive(*history))
    assert alive == pytest.approx(math.exp(here - total), rel=1e-6, abs=1e-12)


def published(
    params: BgNbd, stays: float, x: int, age: float, ahead: float, digits: int = 60
) -> float:
    """Note 004, eq. (10), its numerator, in 60 digits; off its poles by 1e-25."""
    with mpmath.workdps(digits):
        r, alpha, a, _ = map(mpmath.mpf, params)
        a += mpmath.mpf(10) ** -25
        stays, age, ahead = map(mpmath.mpf, (stays, age, ahead))
        z = ahead / (alpha + age + ahead)
        function = mpmath.hyp2f1(r + x, stays, a + stays - 1, z)
        bracket = 1 - ((alpha + age) / (alpha + age + ahead)) ** (r + x) * function
        return float((a + stays - 1) / (a - 1) * bracket)


@both
@given(params=PARAMS, history=HISTORIES, ahead=st.floats(0.01, 2000))
def test_expected_orders_equal_the_published_closed_form_in_60_digits(
    model: type[BetaGeometric], params: BgNbd, history: tuple[int, float, float], ahead: float
) -> None:
    x, _, age = history
    expected = published(params, params.b + x + model.FIRST, x, age, ahead)
    actual = float(model(*params).orders_if_alive(x, age, ahead))
    # Rounding before the cancellation for short horizons costs four of sixteen digits at most.
    assert actual == pytest.approx(expected, rel=1e-9)


def settled(params: BgNbd, stays: float, x: int, age: float, ahead: float) -> float:
    """Return the same in as many digits as it takes for twice as many to change nothing."""
    last = math.nan
    for digits in (120, 240, 480, 960, 1920):
        value = published(params, stays, x, age, ahead, digits)
        if value == pytest.approx(last, rel=1e-12):
            return value
        last = value
    raise AssertionError("1920 digits are not enough")


def powers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(math.log(low), math.log(high)).map(math.exp)


@given(
    st.builds(BgNbd, powers(1e-4, 8000), st.just(1.0), powers(3e-3, 30), powers(1e-3, 3000)),
    st.sampled_from([0, 1, 2, 5, 20, 100, 1000, 5000]),
    powers(1e-3, 300),
)
@example(
    BgNbd(523.6618293424121, 1.0, 0.02911472010460208, 1871.4972456349296), 100, 5.986136300580864
)
def test_expected_orders_hold_far_from_any_usual_parameters(
    params: BgNbd, x: int, ahead: float
) -> None:
    expected = published(params, params.b + x, x, 0, ahead)
    actual = float(params.orders_if_alive(x, 0, ahead))
    # hyp2f1 of scipy gives up to eight digits less than a float has where all shapes are huge.
    if actual != pytest.approx(expected, rel=1e-7):  # 60 digits may all be lost there
        expected = settled(params, params.b + x, x, 0, ahead)
    assert actual == pytest.approx(expected, rel=1e-7)


@both
@given(params=PARAMS, ahead=st.floats(0.1, 30))
def test_chances_of_numbers_add_up_to_one_and_to_the_expectation(
    model: type[BetaGeometric], params: BgNbd, ahead: float
) -> None:
    numbers = np.arange(3000)
    chances = model(*params).probability(numbers, ahead * params.alpha / 30)
    assert np.all(chances >= 0)
    assert float(chances.sum()) == pytest.approx(1, rel=1e-9)
    expected = float(model(*params).expected_orders(0, 0, 0, ahead * params.alpha / 30))
    assert float(numbers @ chances) == pytest.approx(expected, rel=1e-8)


@given(params=PARAMS, history=HISTORIES)
def test_p_alive_is_a_chance_that_falls_with_silence(
    params: BgNbd, history: tuple[int, float, float]
) -> None:
    x, recency, age = history
    for model in BOTH:
        chances = model(*params).p_alive(x, recency, age * np.array([1, 1.1, 2, 100]))
        assert np.all((chances >= 0) & (chances <= 1))
        assert np.all(np.diff(chances) <= 0)


@given(logs=st.tuples(*[st.floats(-2, 2)] * 4), first=st.sampled_from([0, 1]))
def test_the_gradient_equals_differences_of_the_likelihood(
    logs: tuple[float, ...], first: int
) -> None:
    x = np.array([0, 0, 1, 3, 40.0])
    recency, age = np.array([0, 0, 0.2, 1, 0.9]), np.array([1, 0, 1, 1, 1.4])
    likelihood = Likelihood(x, recency, age, np.array([0.3, 0.1, 0.2, 0.3, 0.1]), first)
    here, step = np.array(logs), 1e-5
    gradient = likelihood(here)[1]
    differences = [
        (likelihood(here + move)[0] - likelihood(here - move)[0]) / (2 * step)
        for move in step * np.eye(4)
    ]
    assert gradient == pytest.approx(np.array(differences), rel=1e-6, abs=1e-7)
    step = 1e-4
    bends = [
        (likelihood(here - move)[1] - likelihood(here + move)[1]) / (2 * step)
        for move in step * np.eye(4)
    ]
    assert likelihood.curvature(here) == pytest.approx(np.array(bends), rel=1e-5, abs=1e-6)


# --- traps ------------------------------------------------------------------------------------


@pytest.mark.parametrize("off", [0.0, 1e-12, 1e-9, 1e-5, -1e-4, 0.0199, -0.0201])
@pytest.mark.parametrize("ahead", [1, 39, 400, 20_000])
def test_a_next_to_1_has_no_fault(off: float, ahead: float) -> None:
    # lifetimes returns nan at a = 1, pymc-marketing minus infinity.
    params = replace(CDNOW, a=1 + off)
    actual = params.orders_if_alive([0, 2, 200], [38.86, 38.86, 300], ahead)
    for value, x, age in zip(actual, [0, 2, 200], [38.86, 38.86, 300], strict=True):
        expected = published(params, params.b + x, x, age, ahead)
        assert value == pytest.approx(expected, rel=1e-9)


def test_a_plus_b_of_1_has_no_fault() -> None:
    params = BgNbd(0.24, 4.4, 0.5, 0.5)
    for ahead in (5, 100, 10_000):
        actual = float(params.expected_orders(0, 0, 0, ahead))
        assert actual == pytest.approx(published(params, params.b, 0, 0, ahead), rel=1e-9)


@given(
    st.builds(BgNbd, *[st.floats(1e-4, 8000)] * 4),
    st.sampled_from([0, 1, 5000]),
    st.floats(1e-3, 5000),
)
def test_no_parameters_give_nan_or_less_than_nothing(params: BgNbd, x: int, ahead: float) -> None:
    for model in BOTH:
        orders = float(model(*params).expected_orders(x, 200.0 if x else 0.0, 300, ahead))
        most = (params.r + x) / (params.alpha + 300) * ahead
        assert 0 <= orders <= most * (1 + 1e-9)


def test_5000_orders_are_foretold() -> None:
    orders = CDNOW.expected_orders([5000, 5000], [200, 100], [200, 200], 10)
    alive = float(CDNOW.p_alive(5000, 200, 200))
    expected = alive * published(CDNOW, CDNOW.b + 5000, 5000, 200, 10)
    assert orders[0] == pytest.approx(expected, rel=1e-9)
    assert 0 <= orders[1] < 1e-300


def test_no_time_ahead_and_no_age_are_no_fault() -> None:
    assert float(CDNOW.expected_orders(2, 30, 38, 0)) == 0
    assert float(CDNOW.p_alive(0, 0, 0)) == 1
    assert CDNOW.expected_orders([], [], [], 5).size == 0
