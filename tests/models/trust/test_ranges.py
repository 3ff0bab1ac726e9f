"""Ranges of totals: how often the truth of made-up shops lies inside, and what they must obey."""

import time

import numpy as np
import pytest

from tests.models.published_logs import cdnow
from tests.models.shops import START, Buyers, Orders, entries, orders_of
from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.bgbb import BgBb
from xlclv.models.forecast import fit_both, forecast
from xlclv.models.histories import Summary, summarise
from xlclv.models.model import OrderModel
from xlclv.models.pareto_nbd import ParetoNbd
from xlclv.models.parts import Blend, Cohorts
from xlclv.models.regular import BgCnbd, MbgCnbd
from xlclv.models.trust.ranges import Ahead, ranges

YEAR = 365
DRAWN = [
    BgNbd(0.9, 50, 0.8, 3),
    MbgNbd(0.9, 50, 0.8, 3),
    ParetoNbd(0.6, 40, 0.7, 90),
    BgCnbd(2, 40, 0.8, 3, 3),
    MbgCnbd(2, 40, 0.8, 3, 3),
    Cohorts(MbgNbd(0.5, 300, 3, 1), MbgCnbd(2, 40, 0.8, 3, 2), 100, 150),
    Blend(Blend(BgNbd(0.9, 50, 0.8, 3), MbgNbd(0.9, 50, 0.8, 3)), ParetoNbd(0.6, 40, 0.7, 90)),
]


@pytest.mark.parametrize("params", DRAWN, ids=lambda params: params.NAME)
@pytest.mark.parametrize("history", [(0, 0, 60), (3, 90, 130), (6, 200, 205)])
def test_drawn_orders_have_the_expected_mean(
    params: OrderModel, history: tuple[int, int, int]
) -> None:
    random = np.random.default_rng(1)
    n = 50_000
    columns = tuple(np.full(n, each, float) for each in history)
    drawn = params.drawn_orders(random, *columns, 200.0)
    error = drawn.std() / np.sqrt(n)
    assert drawn.mean() == pytest.approx(
        float(params.expected_orders(*history, 200)), abs=4 * error
    )


def test_drawn_orders_at_occasions_have_the_expected_mean() -> None:
    params, n = BgBb(1.2, 0.75, 0.66, 2.8), 50_000
    columns = (np.full(n, 3.0), np.full(n, 5.0), np.full(n, 6.0))
    drawn = params.drawn_orders(np.random.default_rng(1), *columns, 4)
    error = drawn.std() / np.sqrt(n)
    assert drawn.mean() == pytest.approx(float(params.expected_orders(3, 5, 6, 4)), abs=4 * error)


def test_the_number_of_orders_drawn_for_a_new_customer_is_the_published_one() -> None:
    # BTYD 2.4.3 manual: chance of no repeat order in 39 weeks .5737864.
    params, n = BgNbd(0.243, 4.414, 0.793, 2.426), 100_000
    drawn = params.drawn_orders(np.random.default_rng(3), np.zeros(n), np.zeros(n), np.zeros(n), 39)
    assert (drawn == 0).mean() == pytest.approx(0.5737864, abs=4 * np.sqrt(0.25 / n))
    for number in (1, 2, 5):
        chance = float(params.probability(number, 39))
        assert (drawn == number).mean() == pytest.approx(chance, abs=4 * np.sqrt(chance / n))


# --- coverage ---------------------------------------------------------------------------------


def shop(seed: int, customers: int = 500) -> tuple[Orders, Summary, int]:
    random = np.random.default_rng(seed)
    buyers = Buyers(r=random.uniform(0.6, 2), alpha=random.uniform(40, 100), b=random.uniform(3, 6))
    days = 2 * YEAR
    log = orders_of(random, entries(random, customers, days), np.ones(days + YEAR + 1), buyers)
    as_of = START + days - 1
    return log, summarise(*log, as_of), as_of


def came(log: Orders, as_of: int, customers: int) -> tuple[np.ndarray, np.ndarray]:
    """Orders and money of each customer in the next 365.25 days."""
    ahead = (log.day > as_of) & (log.day <= as_of + YEAR)
    who = log.customer[ahead]
    days = np.unique(who * 10**6 + log.day[ahead]) // 10**6
    return np.bincount(days, minlength=customers), np.bincount(who, log.amount[ahead], customers)


def test_95_in_100_totals_lie_in_their_range() -> None:
    inside, groups_inside = [], []
    for seed in range(12):
        log, summary, as_of = shop(seed, 300)
        orders, money = came(log, as_of, 300)
        fits = fit_both(summary, "MBG/NBD")
        group = np.arange(summary.customer.size) % 20
        seen = ranges(summary, *fits, group)
        whole = ranges(summary, *fits, np.zeros(summary.customer.size, np.int64))
        for name, actual in (("orders", orders), ("value", money)):
            total = actual[summary.customer].sum()
            inside.append(whole[f"{name}_low"][0] <= total <= whole[f"{name}_high"][0])
            of_group = np.bincount(group, actual[summary.customer])
            groups_inside += list(
                (seen[f"{name}_low"] <= of_group) & (of_group <= seen[f"{name}_high"])
            )
    # 480 totals of groups are inside with 95 % but for 1 %, of 24 whole shops all but 3 at least.
    # Over 60 shops it was 95 and 94 %.
    assert np.sum(inside) >= 21
    assert 0.92 <= np.mean(groups_inside) <= 0.98


def test_the_range_holds_the_expectation_and_widens_with_doubt() -> None:
    summary = cdnow()
    orders, spend = fit_both(summary)
    everybody = np.zeros(summary.customer.size, np.int64)
    seen = ranges(summary, orders, spend, everybody)
    point = forecast(summary, orders, spend, confidence=None)
    assert seen["orders"][0] == pytest.approx(point.expected_orders.sum(), rel=1e-12)
    assert seen["value"][0] == pytest.approx(point.clv.sum(), rel=1e-12)
    for name in ("orders", "value"):
        assert seen[f"{name}_low"][0] < seen[name][0] < seen[f"{name}_high"][0]
    wider = ranges(summary, orders, spend, everybody, model_error=0.2)
    assert wider["orders_high"][0] > seen["orders_high"][0] * 1.2
    narrower = ranges(summary, orders, spend, everybody, confidence=0.5)
    assert narrower["orders_high"][0] < seen["orders_high"][0]
    half = ranges(summary, orders, spend, everybody, Ahead(margin=0.5))
    assert half["value_high"][0] == pytest.approx(seen["value_high"][0] / 2, rel=0.01)
    loss = ranges(summary, orders, spend, everybody, Ahead(margin=-0.5))
    assert loss["value_low"][0] < loss["value"][0] < loss["value_high"][0] < 0


def test_totals_of_groups_add_up_and_small_groups_are_less_sure() -> None:
    summary = cdnow()
    orders, spend = fit_both(summary)
    group = (np.arange(summary.customer.size) < 20).astype(np.int64)
    seen = ranges(summary, orders, spend, group)
    whole = ranges(summary, orders, spend, np.zeros(group.size, np.int64))
    assert seen["orders"].sum() == pytest.approx(whole["orders"][0])
    width = (seen["orders_high"] - seen["orders_low"]) / seen["orders"]
    assert width[1] > 3 * width[0]
    assert seen["customers"].tolist() == [2337, 20]
    assert (seen["orders_low"] >= 0).all()


def test_the_same_ranges_every_time() -> None:
    log = cdnow()
    fits = fit_both(log)
    first, again = (ranges(log, *fits, np.zeros(2357, np.int64)) for _ in range(2))
    assert all(np.array_equal(first[name], again[name]) for name in first)


def test_without_a_spend_model_there_is_a_range_too() -> None:
    log = cdnow()
    seen = ranges(log, fit_both(log)[0], None, np.zeros(2357, np.int64))
    assert seen["value_low"][0] < seen["value"][0] < seen["value_high"][0]


def test_a_hundred_thousand_customers_take_less_than_five_seconds() -> None:
    _, summary, _ = shop(7, 100_000)
    fits = fit_both(summary, "MBG/NBD")
    start = time.process_time()
    ranges(summary, *fits, np.arange(summary.customer.size) % 20)
    assert time.process_time() - start < 5
