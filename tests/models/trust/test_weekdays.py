"""Weekdays on the clock of a shop: found where they are more than chance, and only there."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.models.shops import START, Orders, entries, months_of, orders_of
from xlclv.models.clock import EVEN, Clock, known, season_of
from xlclv.models.histories import summarise
from xlclv.models.trust.plan import plan
from xlclv.models.trust.season import find_seasons, repeats_by_season

YEAR = 365
CLOSED = np.array([1.0, 1.0, 1.0, 1.2, 1.5, 1.3, 0.0])  # on Sundays


def shop(busy: NDArray[np.float64], seed: int, customers: int = 1500) -> Orders:
    random = np.random.default_rng(seed)
    return orders_of(random, entries(random, customers, busy.size - 200), busy / busy.mean())


def weekdays(days: int) -> NDArray[np.int64]:
    return season_of(START + np.arange(days), "weekday")


def test_the_weekday_of_a_day() -> None:
    days = np.array(["1970-01-01", "2026-11-28", "2026-11-30"], "M8[D]").astype(int)
    assert season_of(days, "weekday").tolist() == [3, 5, 0]


def test_a_clock_of_weekdays_runs_a_week_in_a_week() -> None:
    clock = Clock(weekdays=tuple(CLOSED))
    assert not clock.even
    for day in range(START, START + 9):
        ends = clock.at([day, day + 7])
        assert ends[1] - ends[0] == pytest.approx(7)
    sunday = np.flatnonzero(weekdays(7) == 6)[0] + START
    assert clock.lengths(np.array([sunday])) == pytest.approx([0.0])


def test_a_shop_closed_on_sundays_is_found_so() -> None:
    found = find_seasons(summarise(*shop(CLOSED[weekdays(3 * YEAR)], 1), START + 3 * YEAR - 1))
    measured = np.array(found.clock.weekdays) / np.mean(found.clock.weekdays)
    true = CLOSED / CLOSED.mean()
    # 6,000 orders: each day is known to 3 %; a closed one is nearly 0.
    assert measured[:6] == pytest.approx(true[:6], rel=0.15)
    assert measured[6] < 0.03
    assert found.swing < 1.6  # the months are as they were without weekdays


def test_weekdays_and_months_are_told_apart() -> None:
    days = 3 * YEAR
    busy = np.where(months_of(days) >= 10, 3.0, 0.6) * CLOSED[weekdays(days)]
    log, as_of = shop(busy, 2), START + days - 1
    found = plan(*log, as_of, "MBG/NBD")
    assert found.why == "season_found"
    assert min(found.clock.weekdays) < 0.03
    months = np.array(found.clock.factors)
    assert months[10:].mean() / months[:10].mean() == pytest.approx(5, rel=0.2)
    view = known(summarise(*log, as_of), found.clock)
    assert np.isfinite(view.log_gaps() or np.nan)


@pytest.mark.parametrize("seed", range(5))
def test_a_shop_without_weekdays_has_none(seed: int) -> None:
    found = find_seasons(summarise(*shop(np.ones(3 * YEAR), 10 + seed), START + 3 * YEAR - 1))
    assert found.clock.weekdays == ()


def test_weekdays_alone_are_a_kind_of_season() -> None:
    summary = summarise(*shop(CLOSED[weekdays(3 * YEAR)], 3), START + 3 * YEAR - 1)
    found = find_seasons(summary, "weekday")
    assert found.real
    assert len(found.clock.factors) == 7
    assert repeats_by_season(summary, "weekday")[6] == 0
    plain = find_seasons(summarise(*shop(np.ones(3 * YEAR), 4), START + 3 * YEAR - 1), "weekday")
    assert plain.swing < 1.2
    assert EVEN.weekdays == ()
