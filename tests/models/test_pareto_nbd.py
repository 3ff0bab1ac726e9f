"""Pareto/NBD against the published tables and second routes to every formula."""

from dataclasses import replace

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from tests.models.published_logs import cdnow_weeks
from xlclv.errors import UndefinedError
from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.dert import dert
from xlclv.models.model import OrderModel
from xlclv.models.pareto_likelihood import (
    RULES,
    Likelihood,
    _covariances,
    _integrand,
    _mean,
    _rules,
)
from xlclv.models.pareto_nbd import ParetoNbd

CDNOW = ParetoNbd(0.5532770, 10.5776835, 0.6062400, 11.6687353)
PUBLISHED = ParetoNbd(0.5534, 10.5802, 0.6061, 11.6562)


# Fader, Hardie & Lee (2005), Marketing Science 24, table 2: .553, 10.578, .606, 11.669, -9595.0;
# more digits and standard errors from the tests of CLVTools 0.12.1.
def test_the_fit_of_fader_hardie_and_lee_2005_table_2() -> None:
    fit = ParetoNbd.fit(*cdnow_weeks())
    assert tuple(fit.params) == pytest.approx((0.553, 10.578, 0.606, 11.669), abs=1e-3)
    assert tuple(fit.params) == pytest.approx((0.55315, 10.57633, 0.60625, 11.6715), rel=0.002)
    assert fit.log_likelihood == pytest.approx(-9594.976, abs=1e-3)
    # Those of CLVTools are taken a little off the peak, on the flat ridge of beta.
    errors = 0.0476264, 0.8427222, 0.1872594, 6.2105448
    assert fit.std_errors == pytest.approx(errors, rel=5e-4)
    assert (fit.n, fit.converged, fit.verdict) == (2357, True, "sound")


# BTYD 2.4.3 walkthrough; printed for parameters a little off the peak of the flat likelihood.
def test_expectations_of_the_btyd_walkthrough() -> None:
    assert float(CDNOW.expected_orders(0, 0, 0, 52)) == pytest.approx(1.473434, rel=5e-4)
    customer = 26, 30.857142857, 31
    orders = float(CDNOW.expected_orders(*customer, 52))
    assert orders == pytest.approx(25.45647, rel=1e-4)
    assert float(CDNOW.p_alive(*customer)) == pytest.approx(0.997874, rel=1e-4)


# lifetimes 0.11.3 tests (a comment) and mpmath; lifetimes itself returns nan from x = 132 on.
def test_many_orders_do_not_overflow() -> None:
    params = ParetoNbd(0.55, 10.58, 0.61, 11.67)
    printed = [6.15923133035, 6.20605178896, 6.25287224757, 14.0718888357]
    actual = params.expected_orders([131, 132, 133, 300], 200, 200, 10)
    assert actual == pytest.approx(printed, rel=1e-9)


# Fader, Hardie & Lee (2005), JMR 42, eq. (2), 15 % a year, computed by closed form and quadrature.
@pytest.mark.parametrize(
    ("history", "discounted", "alive", "orders"),
    [
        ((2, 30.43, 38.86), 6.5005138367887225, 0.8691106439681371, 1.8507607904286987),
        ((0, 0, 38.86), 0.4781434735964245, 0.29496148643704223, 0.13613219129286563),
        ((26, 30.86, 31), 86.26366986895985, 0.9979177665519067, 25.454913511499726),
        ((7, 29.43, 38.86), 16.58116041171065, 0.7494086000297616, 4.720820895131348),
    ],
)
def test_dert_of_rfm_and_clv(
    history: tuple[float, float, float], discounted: float, alive: float, orders: float
) -> None:
    force = np.log(1.15) / 52
    assert float(dert(PUBLISHED, *history, force)) == pytest.approx(discounted, rel=1e-8)
    assert float(PUBLISHED.p_alive(*history)) == pytest.approx(alive, rel=1e-8)
    ahead = float(PUBLISHED.expected_orders(*history, 52))
    assert ahead == pytest.approx(orders, rel=1e-8)


def test_days_and_months_give_the_same_fit() -> None:
    x, recency, age = cdnow_weeks()
    weeks = ParetoNbd.fit(x, recency, age).params
    days = ParetoNbd.fit(x, recency * 7, age * 7).params
    assert tuple(days) == pytest.approx(
        (weeks.r, weeks.alpha * 7, weeks.s, weeks.beta * 7), rel=1e-8
    )


# --- second routes ----------------------------------------------------------------------------

SHAPES = st.floats(0.05, 20)
SCALES = st.floats(0.5, 300)
PARAMS = st.builds(ParetoNbd, SHAPES, SCALES, SHAPES, SCALES)
HISTORIES = st.builds(
    lambda x, age, share: (x, age * share if x else 0.0, age),
    st.integers(0, 200),
    st.floats(0.5, 1000),
    st.floats(0.01, 1),
)


def published(params: ParetoNbd, x: int, recency: float, age: float) -> tuple[float, float]:
    """Log-likelihood and P(alive) of note 009 with its hypergeometric functions, in 60 digits."""
    with mpmath.workdps(60):
        r, alpha, s, beta = map(mpmath.mpf, params)
        recency, age = mpmath.mpf(recency), mpmath.mpf(age)
        total = r + s + x
        top, more = (alpha, s + 1) if alpha >= beta else (beta, r + x)
        off = abs(alpha - beta)

        def part(time: mpmath.mpf) -> mpmath.mpf:
            z = off / (top + time)
            return mpmath.hyp2f1(total, more, total + 1, z) / (top + time) ** total

        here = (alpha + age) ** -(r + x) * (beta + age) ** -s
        left = s / total * (part(recency) - part(age))
        front = mpmath.loggamma(r + x) - mpmath.loggamma(r)
        front += r * mpmath.log(alpha) + s * mpmath.log(beta)
        return float(front + mpmath.log(here + left)), float(here / (here + left))


@given(PARAMS, HISTORIES)
def test_likelihood_and_p_alive_equal_the_published_functions(
    params: ParetoNbd, history: tuple[int, float, float]
) -> None:
    likelihood, alive = published(params, *history)
    actual = float(params.log_likelihood(*history))
    assert actual == pytest.approx(likelihood, rel=1e-9, abs=1e-9)
    assert float(params.p_alive(*history)) == pytest.approx(alive, rel=1e-8, abs=1e-300)


@given(PARAMS, HISTORIES, st.floats(0.01, 1000))
def test_expected_orders_equal_the_published_closed_form(
    params: ParetoNbd, history: tuple[int, float, float], ahead: float
) -> None:
    if abs(params.s - 1) < 1e-9:
        params = replace(params, s=1.5)
    x, _, age = history
    with mpmath.workdps(40):
        r, alpha, s, beta = map(mpmath.mpf, params)
        until, ahead_ = beta + mpmath.mpf(age), mpmath.mpf(ahead)
        rate = (r + x) * until / ((alpha + mpmath.mpf(age)) * (s - 1))
        expected = float(rate * (1 - (until / (until + ahead_)) ** (s - 1)))
    actual = float(params.orders_if_alive(x, age, ahead))
    # s next to 1: log1p and expm1 keep the digits but for s - 1 itself.
    assert actual == pytest.approx(expected, rel=1e-9)


@given(PARAMS, HISTORIES, st.floats(1e-5, 0.1))
def test_dert_equals_the_published_confluent_function(
    params: ParetoNbd, history: tuple[int, float, float], force: float
) -> None:
    x, _, age = history
    with mpmath.workdps(40):
        r, alpha, s, beta = map(mpmath.mpf, params)
        until, delta = beta + mpmath.mpf(age), mpmath.mpf(force)
        function = mpmath.hyperu(s, s, delta * until)
        rest = until**s * delta ** (s - 1) * function * (r + x) / (alpha + mpmath.mpf(age))
        expected = float(rest)
    alive = float(params.p_alive(*history))
    actual = float(dert(params, *history, force))
    assert actual == pytest.approx(alive * expected, rel=1e-9, abs=1e-300)


def test_dert_is_the_limit_of_discounted_orders() -> None:
    history, force = (2, 30.43, 38.86), np.log(1.15) / 52

    def rate(time: float) -> float:
        step = 1e-3
        near = PUBLISHED.orders_if_alive(2, 38.86, [time, time + step])
        return float(np.diff(near)[0] / step * np.exp(-force * (time + step / 2)))

    area = quad(rate, 0, 4000, limit=300)[0] * float(PUBLISHED.p_alive(*history))
    assert float(dert(PUBLISHED, *history, force)) == pytest.approx(area, rel=1e-4)


def test_dert_without_discount_is_refused() -> None:
    with pytest.raises(UndefinedError) as caught:
        dert(PUBLISHED, 2, 30.43, 38.86, 0)
    assert caught.value.key == "endless_orders"


@pytest.mark.parametrize("params", [BgNbd(0.243, 4.414, 0.793, 2.426), MbgNbd(0.5, 6, 1.2, 1.6)])
def test_dert_of_other_models_is_the_sum_of_many_short_periods(params: OrderModel) -> None:
    ends = np.linspace(0, 20_000, 200_001)
    orders = np.diff(params.expected_orders(2, 30.43, 38.86, ends))
    total = float(orders @ np.exp(-0.005 * (ends[1:] - 0.05)))
    # Each of the periods of 0.1 is discounted from its middle: off by its square, 1e-8.
    assert float(dert(params, 2, 30.43, 38.86, 0.005)) == pytest.approx(total, rel=1e-6)


@given(logs=st.tuples(*[st.floats(-2, 2)] * 4))
def test_the_gradient_equals_differences_of_the_likelihood(logs: tuple[float, ...]) -> None:
    x = np.array([0, 0, 1, 3, 40.0])
    recency, age = np.array([0, 0, 0.2, 1, 0.9]), np.array([1, 0, 1, 1, 1.4])
    weight = np.array([0.3, 0.1, 0.2, 0.3, 0.1])
    likelihood = Likelihood(x, recency, age, weight)
    here, step = np.array(logs), 1e-5
    differences = [
        (likelihood(here + move)[0] - likelihood(here - move)[0]) / (2 * step)
        for move in step * np.eye(4)
    ]
    assert likelihood(here)[1] == pytest.approx(np.array(differences), rel=1e-6, abs=1e-7)
    step = 1e-4
    bends = [
        (likelihood(here - move)[1] - likelihood(here + move)[1]) / (2 * step)
        for move in step * np.eye(4)
    ]
    assert likelihood.curvature(here) == pytest.approx(np.array(bends), rel=1e-5, abs=1e-6)


def test_a_few_nodes_give_every_digit_where_they_are_said_to() -> None:
    random, n = np.random.default_rng(5), 4000
    power, far_power = np.exp(random.uniform(-5, 9, (2, n)))
    ratio = np.where(np.arange(n) % 5, np.exp(-random.exponential(3, n)), 1.0)
    columns = 1 - power, far_power, ratio, np.exp(random.uniform(-9, np.log(4), n))
    fall = np.abs(columns[0]) * columns[3] + far_power * np.log1p(ratio * np.expm1(columns[3]))
    mild = fall <= RULES[-2][2]
    columns = tuple(column[mild] for column in columns)
    used = dict(_rules(*columns))
    assert [*used] == [nodes for nodes, *_ in RULES[:-1]]
    for nodes, rows in used.items():
        some = tuple(column[rows] for column in columns)
        few, many = (_moments(each, some) for each in (nodes, 4 * nodes))
        assert few == pytest.approx(many, rel=1e-11, abs=1e-13)


def _moments(nodes: int, columns: tuple[np.ndarray, ...]) -> np.ndarray:
    """Return the logarithm of the integral, and means and covariances of the four under it."""
    terms, kinds = _integrand(nodes, *columns)
    total = terms.sum(axis=1)
    terms = terms / total[:, None]
    means = np.array([_mean(terms, kind) for kind in kinds])
    return np.array([np.log(total), *means, *_covariances(terms, kinds, means).reshape(16, -1)])


def test_customers_all_alike_who_never_leave_are_fitted_to_the_end() -> None:
    """The ridges of r and alpha and of s and beta are left at the edge of what is searched."""
    random, n = np.random.default_rng(3), 3000
    age = random.integers(100, 800, n)
    x = random.poisson(age / 100)
    recency = np.where(x, np.ceil(age * random.random(n) ** (1 / np.maximum(x, 1))), 0)
    fits = [model.fit(x, recency, age) for model in (BgNbd, MbgNbd, ParetoNbd)]
    assert [fit.converged for fit in fits] == [True] * 3
    rates = [float(fit.params.expected_orders(0, 0, 0, 100)) for fit in fits]
    assert rates == pytest.approx([1.0] * 3, abs=0.02)
