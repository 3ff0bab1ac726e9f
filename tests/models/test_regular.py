"""BG/CNBD-k and MBG/CNBD-k against their authors' formulas, k = 1 and simulated customers."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models.published_logs import cdnow, cdnow_weeks
from xlclv.errors import InputError, NotEnoughData
from xlclv.models.beta_geometric import BetaGeometric, BgNbd, MbgNbd
from xlclv.models.histories import summarise
from xlclv.models.regular import BgCnbd, MbgCnbd, Regular
from xlclv.models.regular_likelihood import Likelihood

PAIRS = [(BgCnbd, BgNbd), (MbgCnbd, MbgNbd)]
pairs = pytest.mark.parametrize(("model", "plain"), PAIRS, ids=["BG", "MBG"])
both = pytest.mark.parametrize("model", [BgCnbd, MbgCnbd], ids=lambda model: model.NAME)
SHAPES = st.floats(0.1, 15)
PARAMS = st.tuples(SHAPES, st.floats(0.5, 300), SHAPES, SHAPES)
HISTORIES = st.builds(
    lambda x, age, share: (x, age * share if x else 0.0, age),
    st.integers(0, 40),
    st.floats(0.5, 1000),
    st.floats(0.01, 1),
)


# BTYDplus 1.2.0 manual, CDNOW in weeks to two decimals: MBG/CNBD-k finds k = 1.
@pairs
def test_cdnow_is_not_regular(model: type[Regular], plain: type[BetaGeometric]) -> None:
    log = cdnow()
    assert log.days is not None
    found = model.fit(*cdnow_weeks(), log_gaps=log.days.log_gaps() - log.frequency * np.log(7))
    base = plain.fit(*cdnow_weeks())
    assert [*found.params] == pytest.approx([*base.params, 1], rel=1e-7)
    assert found.log_likelihood == pytest.approx(base.log_likelihood, rel=1e-11)
    assert found.std_errors[:4] == pytest.approx(base.std_errors, rel=1e-5)
    assert np.isnan(found.std_errors[4])


@pairs
@given(params=PARAMS, history=HISTORIES, ahead=st.floats(0.01, 500))
def test_one_stage_is_the_plain_model(
    model: type[Regular],
    plain: type[BetaGeometric],
    params: tuple[float, ...],
    history: tuple[int, float, float],
    ahead: float,
) -> None:
    one, base = model(*params, 1), plain(*params)
    assert float(one.log_likelihood(*history)) == pytest.approx(
        float(base.log_likelihood(*history)), rel=1e-9, abs=1e-8
    )
    assert float(one.p_alive(*history)) == pytest.approx(float(base.p_alive(*history)), rel=1e-8)
    assert float(one.expected_orders(*history, ahead)) == pytest.approx(
        float(base.expected_orders(*history, ahead)), rel=1e-7
    )


def published(
    params: Regular, x: int, recency: float, age: float, log_gaps: float
) -> tuple[float, float]:
    """Log-likelihood and P(alive) as the authors write them, in 40 digits.

    Reutterer, Platzer & Schröder (2021), eq. (3) and (5): the chance of no order in the open gap
    is a sum over the stages that may be over, each integrated over the rate.
    """
    with mpmath.workdps(40):
        r, alpha, a, b = (mpmath.mpf(each) for each in (*params,)[:4])
        k, last, now, first = int(params.k), mpmath.mpf(recency), mpmath.mpf(age), params.FIRST
        front = alpha**r / mpmath.gamma(r) * mpmath.exp((k - 1) * mpmath.mpf(log_gaps))
        front /= mpmath.gamma(k) ** x
        silent = sum(
            (now - last) ** j
            * mpmath.gamma(r + k * x + j)
            / (alpha + now) ** (r + k * x + j)
            / mpmath.factorial(j)
            for j in range(k)
        )
        here = mpmath.beta(a, b + x + first) / mpmath.beta(a, b) * silent
        left = mpmath.mpf(0)
        if x + first:
            left = mpmath.beta(a + 1, b + x + first - 1) / mpmath.beta(a, b)
            left *= mpmath.gamma(r + k * x) / (alpha + last) ** (r + k * x)
        return float(mpmath.log(front * (here + left))), float(here / (here + left))


@both
@given(params=PARAMS, k=st.integers(1, 8), history=HISTORIES)
def test_likelihood_and_p_alive_equal_the_published_formulas(
    model: type[Regular], params: tuple[float, ...], k: int, history: tuple[int, float, float]
) -> None:
    x, recency, _ = history
    log_gaps = x * math.log(recency / x) if x else 0.0  # evenly spread
    likelihood, alive = published(model(*params, k), *history, log_gaps)
    actual = model(*params, k)
    assert float(actual.log_likelihood(*history, log_gaps)) == pytest.approx(
        likelihood, rel=1e-9, abs=1e-8
    )
    assert float(actual.p_alive(*history)) == pytest.approx(alive, rel=1e-8, abs=1e-300)


@both
@settings(max_examples=15, deadline=None)
@given(
    params=PARAMS,
    k=st.integers(2, 6),
    history=HISTORIES,
    ahead=st.floats(0.05, 3),
)
def test_expected_orders_equal_an_integral_over_rate_and_chance(
    model: type[Regular],
    params: tuple[float, ...],
    k: int,
    history: tuple[int, float, float],
    ahead: float,
) -> None:
    """Orders of a Poisson process of stages: sum over the stages reached, in 30 digits."""
    x, recency, age = history
    chosen = model(*params, k)
    horizon = ahead * (chosen.alpha + age)
    with mpmath.workdps(30):
        r, alpha, a, b = (mpmath.mpf(each) for each in params)
        now, gap = alpha + mpmath.mpf(age), mpmath.mpf(age) - mpmath.mpf(recency)
        shape, stays = r + k * x, b + x + chosen.FIRST
        weights = [
            gap**j / mpmath.factorial(j) * mpmath.gamma(shape + j) / now ** (shape + j)
            for j in range(k)
        ]
        total = mpmath.mpf(0)
        for j, weight in enumerate(weights):
            z = mpmath.mpf(horizon) / (now + mpmath.mpf(horizon))
            # Chance of m stages, times the orders they complete before the customer leaves.
            pmf, mean, orders, stay, m = (
                (1 - z) ** (shape + j),
                mpmath.mpf(0),
                mpmath.mpf(0),
                mpmath.mpf(1),
                0,
            )
            left = mpmath.mpf(1)
            while left > mpmath.mpf(10) ** -14 and m < 6000:
                if m and (m + j) % k == 0:
                    orders += stay
                    n = (m + j) // k
                    stay *= (stays + n - 1) / (a + stays + n - 1)
                mean += pmf * orders
                left -= pmf
                pmf *= (shape + j + m) / (m + 1) * z
                m += 1
            total += weight * mean
        expected = float(total / sum(weights))
    alive = float(chosen.p_alive(*history))
    actual = float(chosen.expected_orders(*history, horizon))
    assert actual == pytest.approx(alive * expected, rel=1e-7, abs=1e-300)


@both
def test_many_horizons_equal_single_ones(model: type[Regular]) -> None:
    params = model(2.0, 60.0, 0.8, 3.0, 3)
    history = [3, 3, 0], [100, 140, 0], [150, 150, 150]
    horizons = np.linspace(0, 2000, 400)
    together = params.expected_orders(*(np.array(each)[:, None] for each in history), horizons)
    for at in (0, 1, 7, 150, 399):
        alone = params.expected_orders(*history, horizons[at])
        # The interpolation between 48 nodes has ten digits.
        assert together[:, at] == pytest.approx(alone, rel=1e-9, abs=1e-10)


@both
@given(logs=st.tuples(*[st.floats(-2, 2)] * 4), k=st.integers(1, 5))
def test_the_gradient_equals_differences_of_the_likelihood(
    model: type[Regular], logs: tuple[float, ...], k: int
) -> None:
    x = np.array([0, 0, 1, 3, 40.0])
    recency, age = np.array([0, 0, 0.2, 1, 0.9]), np.array([1, 0, 1, 1, 1.4])
    weight = np.array([0.3, 0.1, 0.2, 0.3, 0.1])
    likelihood = Likelihood(x, recency, age, weight, k, model.FIRST)
    here, step = np.array(logs), 1e-5
    differences = [
        (likelihood(here + move)[0] - likelihood(here - move)[0]) / (2 * step)
        for move in step * np.eye(4)
    ]
    assert likelihood(here)[1] == pytest.approx(np.array(differences), rel=1e-6, abs=1e-7)


# --- regular customers ------------------------------------------------------------------------


def regular_log(
    customers: int, days: int, params: Regular, seed: int
) -> tuple[list[int], list[int], list[int]]:
    """Draw customers who all begin in the first 100 days: numbers, days and last day alive."""
    random = np.random.default_rng(seed)
    who, when, until = [], [], []
    for one in range(customers):
        rate, leave = random.gamma(params.r, 1 / params.alpha), random.beta(params.a, params.b)
        day, alive = float(random.integers(0, 100)), True
        who, when = [*who, one], [*when, int(day)]
        if params.FIRST:
            alive = random.random() >= leave
        while alive:
            day += random.gamma(params.k, 1 / rate)
            if day >= days:
                break
            who, when = [*who, one], [*when, int(day)]
            alive = random.random() >= leave
        until.append(days if alive else int(day))
    return who, when, until


TRUE = MbgCnbd(20.0, 200.0, 0.6, 12.0, 4)


def test_the_stages_are_found_and_who_is_still_there() -> None:
    who, when, until = regular_log(300, 900, TRUE, 3)
    log = summarise(who, when, np.zeros(len(who)), 700)
    assert log.days is not None
    fit = MbgCnbd.fit(log.frequency, log.recency, log.age, log_gaps=log.days.log_gaps())
    assert fit.params.k == 4
    assert fit.params.r / fit.params.alpha == pytest.approx(TRUE.r / TRUE.alpha, rel=0.1)
    alive = fit.params.p_alive(log.frequency, log.recency, log.age)
    there = np.array(until)[log.customer] > 700
    assert float(alive.sum()) == pytest.approx(there.sum(), rel=0.05)
    sure = np.abs(alive - 0.5) > 0.4
    assert (there[sure] == (alive[sure] > 0.5)).mean() > 0.97
    plain = MbgNbd.fit(log.frequency, log.recency, log.age).params
    at_random = plain.p_alive(log.frequency, log.recency, log.age)
    assert np.mean((alive - there) ** 2) < np.mean((at_random - there) ** 2)
    expected = fit.params.expected_orders(log.frequency, log.recency, log.age, 200)
    actual = np.sum(np.array(when) > 700)
    assert float(expected.sum()) == pytest.approx(actual, rel=0.1)


def test_the_sums_of_the_gaps_tell_the_stages_too() -> None:
    who, when, _ = regular_log(600, 700, TRUE, 5)
    log = summarise(who, when, np.zeros(len(who)), 700)
    fit = MbgCnbd.fit(log.frequency, log.recency, log.age)
    assert 3 <= fit.params.k <= 6


def test_thirty_regular_customers_are_enough() -> None:
    who, when, until = regular_log(30, 1000, MbgCnbd(60.0, 300.0, 1.0, 60.0, 4), 8)
    log = summarise(who, when, np.zeros(len(who)), 900)
    assert log.days is not None
    fit = MbgCnbd.fit(log.frequency, log.recency, log.age, log_gaps=log.days.log_gaps())
    alive = fit.params.p_alive(log.frequency, log.recency, log.age)
    there = np.array(until)[log.customer] > 900
    assert float(alive.sum()) == pytest.approx(there.sum(), abs=1.5)


def test_half_a_stage_is_refused() -> None:
    with pytest.raises(InputError, match="whole"):
        MbgCnbd(2.0, 60.0, 0.8, 3.0, 2.5)


def test_nobody_who_ordered_twice_has_no_fit() -> None:
    with pytest.raises(NotEnoughData):
        MbgCnbd.fit([0, 0], [0, 0], [6, 6])


def test_days_and_weeks_give_the_same_fit() -> None:
    who, when, _ = regular_log(200, 700, TRUE, 6)
    log = summarise(who, when, np.zeros(len(who)), 700)
    assert log.days is not None
    gaps = log.days.log_gaps()
    days = MbgCnbd.fit(log.frequency, log.recency, log.age, log_gaps=gaps)
    weeks = MbgCnbd.fit(
        log.frequency, log.recency / 7, log.age / 7, log_gaps=gaps - log.frequency * np.log(7)
    )
    assert days.params.k == weeks.params.k
    assert weeks.params.alpha * 7 == pytest.approx(days.params.alpha, rel=1e-7)
    shift = float(log.frequency.sum() * np.log(7))
    assert days.log_likelihood == pytest.approx(weeks.log_likelihood - shift, rel=1e-10)
    each = days.params.log_likelihood(log.frequency, log.recency, log.age, gaps)
    assert float(each.sum()) == pytest.approx(days.log_likelihood, rel=1e-10)
