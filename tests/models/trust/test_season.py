"""The seasonal clock: what it measures, and that it finds the seasons of a made-up shop."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.models.published_logs import CALIBRATION_END, cdnow
from tests.models.shops import START, Orders, entries, months_of, orders_of
from xlclv.errors import NotEnoughData
from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.clock import EVEN, Clock, Season, known, season_of
from xlclv.models.forecast import fit_both, forecast
from xlclv.models.histories import summarise
from xlclv.models.trust.season import Seasons, find_seasons, repeats_by_day

YEAR = 365
FACTORS = st.lists(st.floats(0.1, 10), min_size=12, max_size=12).map(tuple)


# --- the clock --------------------------------------------------------------------------------


def test_the_season_of_a_day() -> None:
    days = np.array(["2024-01-01", "2024-02-29", "2023-12-31", "2024-12-31"], "M8[D]").astype(int)
    assert season_of(days, "month").tolist() == [0, 1, 11, 11]
    assert season_of(days, "week").tolist() == [0, 8, 51, 51]


@given(FACTORS, st.integers(-3000, 30_000), st.integers(1, 3000))
def test_a_clock_adds_up_the_lengths_of_its_days(
    factors: tuple[float, ...], first: int, days: int
) -> None:
    clock = Clock("month", factors)
    each = clock.lengths(np.arange(first + 1, first + days + 1))
    ends = clock.at([first, first + days])
    assert ends[1] - ends[0] == pytest.approx(each.sum(), rel=1e-9)
    assert clock.at(first + 0.5) == pytest.approx((clock.at(first) + clock.at(first + 1)) / 2)


@given(FACTORS)
def test_four_years_are_as_long_as_they_are(factors: tuple[float, ...]) -> None:
    ends = Clock("month", factors).at([0, 1461])
    assert ends[1] - ends[0] == pytest.approx(1461, rel=1e-12)


def test_equal_factors_are_an_even_clock() -> None:
    days = np.array([-5, 0, 3, 20_000])
    assert Clock("week", (2.0,) * 52).at(days) == pytest.approx(days, rel=1e-12)
    assert EVEN.at(days).tolist() == days.tolist()


def test_on_an_even_clock_the_forecast_is_the_plain_one() -> None:
    log = cdnow()
    even = Clock("month", (1.0,) * 12)
    plain = forecast(log, *fit_both(log), confidence=None)
    same = forecast(log, *fit_both(log, clock=even), confidence=None, clock=even)
    assert same.clv == pytest.approx(plain.clv, rel=1e-7)


# --- found in a log ---------------------------------------------------------------------------

SEASONAL = np.where(np.arange(12) >= 10, 4.0, 0.4)  # four-fold in November and December


def shop(by_month: NDArray[np.float64], days: int, seed: int, customers: int = 4000) -> Orders:
    random = np.random.default_rng(seed)
    busy = by_month[months_of(days)]
    return orders_of(random, entries(random, customers, days - 400), busy / busy[:YEAR].mean())


def actual(log: Orders, as_of: int, days: int) -> int:
    """Orders in the next days of the customers known on a day."""
    ahead = (log.day > as_of) & (log.day <= as_of + days)
    old = np.unique(log.customer[log.day <= as_of])
    keys = np.unique(log.customer[ahead] * 10**6 + log.day[ahead])
    return int(np.isin(keys // 10**6, old).sum())


def found(log: Orders, as_of: int, by: Season = "month") -> tuple[Seasons, float]:
    """The seasons, and the orders foretold for half a year."""
    summary = summarise(*log, as_of)
    seasons = find_seasons(summary, by)
    view = known(summary, seasons.clock)
    params = BgNbd.fit(*view.columns, view.rows.count).params
    return seasons, float(params.expected_orders(*view.columns, view.ahead(182)) @ view.rows.count)


@pytest.mark.parametrize("by", ["month", "week"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_seasonal_shop_is_foretold_within_a_tenth(by: Season, seed: int) -> None:
    log, as_of = shop(SEASONAL, 4 * YEAR + 1, seed), START + 3 * YEAR - 1
    seasons, orders = found(log, as_of, by)
    assert seasons.real
    came = actual(log, as_of, 182)
    assert orders == pytest.approx(came, rel=0.1)
    # After December an even clock foretells several times too much.
    summary = summarise(*log, as_of)
    params = MbgNbd.fit(summary.frequency, summary.recency, summary.age).params
    plain = params.expected_orders(summary.frequency, summary.recency, summary.age, 182).sum()
    assert plain > 1.5 * came


def test_the_factors_are_those_of_the_shop() -> None:
    seasons, _ = found(shop(SEASONAL, 3 * YEAR, 4), START + 3 * YEAR - 1)
    true = SEASONAL / (SEASONAL @ [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] / YEAR)
    actual_factors = np.array(seasons.clock.factors)
    relative = actual_factors / actual_factors.mean() / (true / true.mean())
    # 20,000 orders: a quiet month has 400, known to 5 %, plus what the model misses.
    assert relative == pytest.approx(1, abs=0.15)
    assert 7 < seasons.swing < 14


@pytest.mark.parametrize("seed", range(6))
def test_a_shop_without_seasons_has_hardly_any(seed: int) -> None:
    seasons, orders = found(shop(np.ones(12), 4 * YEAR + 1, seed, 1500), START + 3 * YEAR - 1)
    assert seasons.swing < 1.6
    assert orders == pytest.approx(
        actual(shop(np.ones(12), 4 * YEAR + 1, seed, 1500), START + 3 * YEAR - 1, 182), rel=0.12
    )


def test_seasons_need_two_years() -> None:
    with pytest.raises(NotEnoughData) as caught:
        find_seasons(cdnow())
    assert caught.value.key == "one_season"
    assert cdnow().as_of == CALIBRATION_END


def test_repeats_by_day_are_all_repeats() -> None:
    log = cdnow()
    assert repeats_by_day(log).sum() == log.frequency.sum()
    assert repeats_by_day(log).size == log.span + 1


def test_a_million_customers_take_less_than_three_seconds() -> None:
    log = shop(SEASONAL, 3 * YEAR, 5, 1_000_000)
    summary = summarise(*log, START + 3 * YEAR - 1)
    start = time.process_time()
    seasons = find_seasons(summary)
    assert time.process_time() - start < 3
    assert seasons.real
