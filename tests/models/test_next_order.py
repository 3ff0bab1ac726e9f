"""The next order expected, and the usual gap, by formula, by simulation and on a clock."""

import numpy as np
import pytest

from tests.models.shops import START, Buyers, entries, orders_of
from xlclv.errors import InputError
from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.bgbb import BgBb
from xlclv.models.clock import Clock, known
from xlclv.models.histories import Summary, summarise
from xlclv.models.model import Fit, OrderModel
from xlclv.models.next_order import NextOrders, next_orders
from xlclv.models.regular import MbgCnbd


def fit_of(params: OrderModel) -> Fit[OrderModel]:
    return Fit(params, np.zeros(len(params)), np.zeros((4, 4)), 0.0, 1, True, "sound")  # noqa: FBT003


def log_of(gaps: list[int], silent: int) -> Summary:
    days = START + np.cumsum([0, *gaps])
    return summarise(np.zeros(days.size), days, np.ones(days.size), int(days[-1]) + silent)


def of(log: Summary, params: OrderModel) -> NextOrders:
    return next_orders(known(log), fit_of(params))


def ahead(log: Summary, found: NextOrders) -> int:
    return int(found.day.astype(np.int64)[0]) - log.as_of


def test_of_orders_at_random_both_are_the_mean_of_the_rate() -> None:
    log = log_of([30, 20, 50], 10)
    found = of(log, BgNbd(0.5, 40.0, 0.8, 3.0))
    gap = (40 + 110) / (0.5 + 3)  # (alpha + T) / (r + x)
    assert found.gap.tolist() == [pytest.approx(gap)]
    assert ahead(log, found) == np.ceil(gap)


# Stages by simulation: draw the rate and the stages of many customers with this one's past.
def test_of_regular_orders_the_silence_counts() -> None:
    params, gaps = MbgCnbd(6.0, 90.0, 0.5, 8.0, 3), [40, 55, 45, 60]
    random = np.random.default_rng(2)
    for silent in (2, 30, 70):
        log = log_of(gaps, silent)
        rate = random.gamma(params.r + 3 * 4, 1 / (params.alpha + 200), 2_000_000)
        due = random.gamma(3, 1 / rate)
        waits = due[due > silent] - silent
        found = of(log, params)
        # The mean of the wait is that of k - j stages at the rate known by now.
        assert ahead(log, found) == pytest.approx(waits.mean(), rel=0.05, abs=1)
    early, late = (ahead(log_of(gaps, s), of(log_of(gaps, s), params)) for s in (2, 30))
    assert late < early


def test_who_orders_more_often_is_expected_sooner() -> None:
    params = MbgNbd(0.8, 50.0, 0.5, 3.0)
    seldom, often = log_of([90, 90], 10), log_of([20] * 9, 10)
    assert ahead(often, of(often, params)) < ahead(seldom, of(seldom, params))
    assert of(often, params).gap[0] < of(seldom, params).gap[0]


def test_half_a_century_is_too_far() -> None:
    log = log_of([], 4000)
    found = of(log, MbgNbd(0.001, 500.0, 0.5, 3.0))
    assert np.isnat(found.day).all()


def test_in_a_quiet_season_the_next_order_comes_later() -> None:
    log = summarise([0, 0], [START, START + 330], [1.0, 1.0], START + 364)  # ends with December
    even = next_orders(known(log), fit_of(BgNbd(1.0, 30.0, 0.5, 5.0)))
    quiet = Clock("month", tuple(np.where(np.arange(12) < 6, 0.2, 1.8)))
    seasonal = next_orders(known(log, quiet), fit_of(BgNbd(1.0, 30.0, 0.5, 5.0)))
    wait = (30 + 364) / 2
    assert int((even.day[0] - START).astype(int)) == pytest.approx(364 + wait, abs=1)
    # The first half of the year counts a fifth, the days after it 1.8.
    longer = 181 + (wait - 181 / 5) / 1.8
    assert int((seasonal.day[0] - START).astype(int)) == pytest.approx(364 + longer, abs=5)


def test_made_up_customers_come_when_they_are_expected() -> None:
    random = np.random.default_rng(9)
    buyers = Buyers(r=12, alpha=360, a=0.3, b=40, k=4)
    log = orders_of(random, entries(random, 400, 60), np.ones(900), buyers)
    as_of = START + 500
    summary = summarise(*log, as_of)
    fit = MbgCnbd.fit_with(4, summary.frequency, summary.recency, summary.age)
    found = next_orders(known(summary), fit)
    alive = fit.params.p_alive(summary.frequency, summary.recency, summary.age) > 0.9
    first = np.full(400, np.iinfo(np.int64).max)
    later = log.day > as_of
    np.minimum.at(first, log.customer[later], log.day[later])
    came = first[summary.customer] < np.iinfo(np.int64).max
    both = alive & came
    waits = first[summary.customer][both] - as_of
    expected = found.day.astype(np.int64)[both] - as_of
    # 350 customers who wait some 20 days, give or take half of it: the mean is known to 3 %.
    assert expected.mean() == pytest.approx(waits.mean(), rel=0.12)
    assert np.corrcoef(expected, waits)[0, 1] > 0.3
    # The median of 360 / Gamma(12), whose median is 12 - 1/3.
    assert np.median(found.gap) == pytest.approx(360 / 11.67, rel=0.1)


def test_a_model_without_a_rate_is_refused() -> None:
    with pytest.raises(InputError):
        of(log_of([30], 10), BgBb(1.0, 1.0, 1.0, 1.0))
