"""Back-tests against a loop and published counts, and the verdict on made-up shops."""

from dataclasses import replace

import numpy as np
import pytest

from tests.models.published_logs import HOLDOUT_END, cdnow_log
from tests.models.shops import START, Buyers, Orders, entries, orders_of
from xlclv.models.forecast import fit_both, forecast
from xlclv.models.histories import summarise
from xlclv.models.trust.backtest import QUARTER, BackTest, back_tests
from xlclv.models.trust.judge import Trust, back_test_table, judge, model_error
from xlclv.models.trust.plan import plan

YEAR = 365


@pytest.fixture(scope="module")
def cdnow() -> list[BackTest]:
    return back_tests(*cdnow_log(), HOLDOUT_END, "BG/NBD")


def test_each_origin_is_a_quarter_further_back(cdnow: list[BackTest]) -> None:
    assert [test.origin for test in cdnow] == [HOLDOUT_END - back * QUARTER for back in (1, 2)]
    assert [test.days for test in cdnow] == [QUARTER, 2 * QUARTER]


def test_a_back_test_is_the_forecast_of_that_day_beside_a_loop(cdnow: list[BackTest]) -> None:
    who, when, money = cdnow_log()
    test = cdnow[1]
    summary = summarise(who, when, money, test.origin)
    orders, spend = fit_both(summary)
    assert [*test.fit.params] == pytest.approx([*orders.params], rel=1e-8)
    history = summary.frequency, summary.recency, summary.age
    assert test.expected == pytest.approx(orders.params.expected_orders(*history, test.days))
    spends = forecast(summary, orders, spend, confidence=None).expected_spend
    assert test.value_expected == pytest.approx(float(test.expected @ spends))
    end = test.origin + test.days
    known = np.isin(who, summary.customer) & (when > test.origin) & (when <= end)
    assert test.value_actual == pytest.approx(money[known].sum())
    for place in range(0, summary.customer.size, 97):
        mine = when[who == summary.customer[place]]
        assert test.actual[place] == len({day for day in mine if test.origin < day <= end})
        before = {day for day in mine if test.origin - test.days < day <= test.origin}
        assert test.last[place] == len(before)
    assert test.quarter_actual <= test.actual.sum()


def test_the_measures_by_hand() -> None:
    expected, actual = np.array([0.0, 1, 2, 3]), np.array([0.0, 2, 1, 5])
    zeros = np.zeros(4)
    test = BackTest(0, 90, None, expected, actual, zeros, zeros, 10.0, 8.0, 6.0, 8.0)  # type: ignore[arg-type]
    assert test.error == pytest.approx(6 / 8 - 1)
    assert test.value_error == pytest.approx(0.25)
    assert test.miss == pytest.approx(np.sqrt((0 + 1 + 1 + 4) / 4))
    assert test.naive_miss == pytest.approx(np.sqrt((0 + 4 + 1 + 25) / 4))
    assert test.deciles()["actual"].sum() == 8
    # Best order 5, 2, 1, 0 reaches 5, 7, 8, 8 of 8; the forecast 5, 6, 8, 8.
    assert test.gini == pytest.approx(
        (2 * (5 + 6 + 8 + 4) / 32 - 1) / (2 * (5 + 7 + 8 + 4) / 32 - 1)
    )
    perfect = BackTest(0, 90, None, actual, actual, zeros, zeros, 1, 1, 1, 1)  # type: ignore[arg-type]
    assert (perfect.gini, perfect.calibration, perfect.error) == (1, 0, 0)
    chance = BackTest(0, 90, None, zeros, actual, zeros, zeros, 1, 1, 1, 1)  # type: ignore[arg-type]
    assert chance.gini == 0
    nothing = BackTest(0, 90, None, actual, zeros, zeros, zeros, 16.0, 0.0, 1, 1)  # type: ignore[arg-type]
    assert (nothing.error, nothing.value_error) == (8, 8)  # eight orders of 2 each, and none came
    assert np.isfinite(model_error([nothing]))
    assert "inf" not in judge([nothing]).sentence


def test_deciles_of_cdnow_are_near_what_came(cdnow: list[BackTest]) -> None:
    for test in cdnow:
        assert test.calibration < replace(test, expected=test.average).calibration
        assert 0.5 < test.gini < 1
        assert test.miss < test.naive_miss
        assert test.deciles()["customers"].sum() == test.actual.size


def test_the_table_has_a_row_per_origin(cdnow: list[BackTest]) -> None:
    table = back_test_table(cdnow)
    assert str(table["origin"][0]) == "1998-03-31"
    assert table["error"] == pytest.approx(table["expected"] / table["actual"] - 1)
    assert all(column.size == 2 for column in table.values())


def test_a_short_log_cannot_be_tested() -> None:
    who, when, money = cdnow_log()
    assert back_tests(who, when, money, int(when.min()) + 200) == []
    assert back_tests([], [], [], 100) == []
    assert judge([]).verdict == "none"
    assert "too short" in judge([]).sentence


# --- the verdict ------------------------------------------------------------------------------


def verdict(log: Orders, as_of: int) -> Trust:
    known = log.day <= as_of
    return judge(back_tests(*(column[known] for column in log), as_of, "MBG/NBD"))


def shop(seed: int, busy_ahead: float = 1.0, since: int = 0) -> tuple[Orders, int]:
    """A shop of three years whose orders halve each 90 days from `since` days before the end."""
    random = np.random.default_rng(seed)
    busy = np.ones(3 * YEAR)
    late = np.arange(busy.size) - (busy.size - since)
    busy[late > 0] = busy_ahead ** (late[late > 0] / 90)
    return orders_of(random, entries(random, 900, 3 * YEAR), busy), START + 3 * YEAR - 1


@pytest.mark.parametrize("seed", range(5))
def test_a_clean_shop_can_be_trusted(seed: int) -> None:
    trust = verdict(*shop(seed))
    assert trust.verdict in ("good", "fair")
    assert trust.error < 0.2
    assert f"{trust.error:.0%}" in trust.sentence


@pytest.mark.parametrize("seed", range(5))
def test_a_shop_that_dies_cannot(seed: int) -> None:
    trust = verdict(*shop(seed, 0.5, 120))
    assert (trust.verdict, trust.why) == ("poor", "broke_much")
    assert "something has changed" in trust.sentence


def test_a_crowd_that_came_for_a_promotion_is_seen() -> None:
    log, as_of = shop(3)
    random = np.random.default_rng(3)
    crowd = Buyers(r=0.5, alpha=400, a=3, b=1)
    first = 3 * YEAR - 130 + random.integers(0, 14, 900)
    more = orders_of(random, first, np.ones(3 * YEAR), crowd)
    both = Orders(
        np.append(log.customer, more.customer + 900),
        np.append(log.day, more.day),
        np.append(log.amount, more.amount),
    )
    assert verdict(both, as_of).verdict == "poor"


def test_the_last_month_of_the_quarter_counts_by_itself(cdnow: list[BackTest]) -> None:
    who, when, _ = cdnow_log()
    test = cdnow[0]
    known = np.isin(who, who[when <= test.origin])
    late = known & (when > test.origin + QUARTER - 30) & (when <= test.origin + QUARTER)
    assert test.month_actual == len(set(zip(who[late].tolist(), when[late].tolist(), strict=True)))
    assert 0 < test.month_expected < test.quarter_expected
    steady = replace(
        test, quarter_expected=100.0, quarter_actual=100.0, month_expected=60.0, month_actual=60.0
    )
    same, none = np.full(4, 25.0), np.zeros(4)
    right = replace(steady, expected=same, actual=same, last=none, average=none)
    assert judge([right]).verdict == "good"
    broken = judge([replace(right, month_actual=30.0)])
    assert (broken.why, broken.last) == ("broke_much", 1.0)


def test_half_a_year_counts_by_itself(cdnow: list[BackTest]) -> None:
    who, when, _ = cdnow_log()
    known = np.isin(who, who[when <= cdnow[1].origin])
    first = known & (when > cdnow[1].origin) & (when <= cdnow[1].origin + 2 * QUARTER)
    came = len(set(zip(who[first].tolist(), when[first].tolist(), strict=True)))
    assert cdnow[1].half_actual == came
    assert cdnow[1].half_expected == pytest.approx(cdnow[1].expected.sum())
    assert cdnow[0].half_expected == 0  # it looked a quarter ahead
    calm = replace(cdnow[1], month_expected=1.0, month_actual=1.0)
    assert judge([calm]).verdict == "good"
    far = replace(calm, half_expected=160.0, half_actual=100.0, half_error=0.1)
    found = plan(*cdnow_log(), HOLDOUT_END, "BG/NBD")
    yearly = replace(found, trend=None, dispersion=1.0, yearly=9.0)
    off = judge([far], yearly)
    assert (off.verdict, off.why) == ("poor", "half_off")
    assert "60%" in off.sentence
    assert judge([replace(far, half_error=0.2)], yearly).verdict == "good"  # chance does that
    assert judge([far], replace(yearly, yearly=0.0)).verdict == "good"  # nobody orders once a year
