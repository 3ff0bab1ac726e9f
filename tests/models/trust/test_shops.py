"""Ten kinds of made-up shops: what goes wrong is flagged, and what can be mended is."""

from dataclasses import replace

import numpy as np
import pytest

from tests.models.published_logs import CALIBRATION_END, cdnow_log
from tests.models.shops.kinds import KINDS, Shop, shop
from tests.models.shops.measure import YEAR, errors_of, measure
from xlclv.models.choice import fit_known
from xlclv.models.clock import Known, known
from xlclv.models.histories import summarise
from xlclv.models.parts import Cohorts
from xlclv.models.trust.beginning import older
from xlclv.models.trust.judge import judge
from xlclv.models.trust.plan import plan
from xlclv.models.trust.strangers import find_strangers
from xlclv.models.trust.trend import Trend, find_trend
from xlclv.models.trust.yearly import yearly_rhythm
from xlclv.words import word

SLOW = ("subscription", "business")  # all kinds and many seeds: make shops
SEEDS = {"promotion": 12, "seasonal": 8}  # small ones
OF_USE = [kind for kind in KINDS if kind not in ("dying", "gifts", *SLOW)]


def seen(made: Shop) -> Known:
    return known(summarise(*made.known, made.as_of))


@pytest.mark.parametrize("kind", OF_USE)
def test_a_shop_that_goes_on_as_before_is_of_use(kind: str) -> None:
    assert measure(kind, SEEDS.get(kind, 3)).useful


def test_a_dying_shop_is_flagged_for_its_trend() -> None:
    case = measure("dying", 7)
    assert case.far_off
    assert (case.verdict, case.why) == ("poor", "falling")
    assert "30% too high" in word(f"trust.{case.why}", error="30%")


def test_a_trend_says_how_far_off_the_forecast_is_if_it_goes_on() -> None:
    halved = replace(plan(*cdnow_log(), CALIBRATION_END), trend=Trend(91, -0.5, 9.0, -0.5))
    trust = judge([], halved)
    assert (trust.why, trust.error) == ("falling", 1.0)
    assert "100% too high" in trust.sentence
    doubled = replace(halved, trend=Trend(91, 0.5, 9.0, 1.0))
    assert "50% too low" in judge([], doubled).sentence
    for doubted in (
        Trend(91, -0.5, 2.0, -0.5),  # it may be chance
        Trend(365, -0.05, 9.0, -0.18),  # 22 % too high: it would matter little
    ):
        assert judge([], replace(halved, trend=doubted)).why == "untested"
    restless = replace(halved, dispersion=4.0)  # months of this log vary four times as much
    assert judge([], restless).why == "untested"


def test_yearly_gifts_are_flagged_for_their_half_years() -> None:
    """A year of them comes out right; whose day comes in which half no model here knows."""
    case = measure("gifts", 3010)
    assert abs(case.errors[0]) > 0.3 > abs(case.errors[1])
    assert (case.verdict, case.why) == ("poor", "half_off")


@pytest.mark.parametrize("seed", range(5))
def test_a_yearly_rhythm_is_seen_where_there_is_one(seed: int) -> None:
    assert yearly_rhythm(seen(shop("gifts", seed)).summary) > 2.5
    assert abs(yearly_rhythm(seen(shop("clean", seed)).summary)) < 2.5
    early = shop("clean", seed)
    assert np.isnan(yearly_rhythm(summarise(*early.known, int(early.log.day.min()) + 300)))


def test_a_trend_is_found_as_steep_as_it_is() -> None:
    made = shop("dying", 6)
    view = seen(made)
    trend = find_trend(view, fit_known(view, "MBG/NBD").params)
    assert trend.gain > 20
    assert -0.9 < trend.effect < -0.2
    # It halves within 60 to 300 days.
    assert -1.2 < trend.slope < -0.15


def test_a_crowd_gets_parameters_of_its_own() -> None:
    made = shop("promotion", 10)
    found = plan(*made.known, made.as_of, "MBG/NBD", "off", mixed=True)
    assert found.strangers is not None
    assert found.strangers.last - found.strangers.first < 30
    assert isinstance(found.orders.params, Cohorts)
    assert found.orders.model.NAME == "MBG/NBD"
    assert abs(errors_of(made, found)[1]) < 0.15
    view = seen(made)
    alike = fit_known(view, "MBG/NBD").params
    orders = float(alike.expected_orders(*view.columns, float(YEAR)) @ view.rows.count)
    assert orders > 1.3 * made.actual(YEAR)[0]


@pytest.mark.parametrize("seed", range(6))
def test_no_crowd_and_no_trend_is_seen_where_there_is_none(seed: int) -> None:
    view = seen(shop("clean", seed))
    fit = fit_known(view, "MBG/NBD")
    assert find_strangers(view, fit) is None
    assert find_trend(view, fit.params).gain < 3


def test_a_log_that_begins_late_is_noticed() -> None:
    summary = seen(shop("late", 0)).summary
    found = older(summary)
    assert found is not None
    assert found.why == "older_seen"
    assert 30 < found.customers < summary.customer.size / 2
    assert f"{found.customers} customers" in word(f"plan.{found.why}", count=found.customers)
    assert older(seen(shop("clean", 0)).summary) is None


def test_the_days_of_joining_tell_who_is_older_than_the_log() -> None:
    made = shop("late", 0)
    summary = seen(made).summary
    start = summary.as_of - summary.span
    joined = np.full(int(summary.customer.max()) + 1, float(start + 9))
    assert older(summary, joined) is None
    joined[summary.customer[:7]] = start - 100
    found = older(summary, joined)
    assert found is not None
    assert (found.customers, found.why) == (7, "older_joined")
    nobody = older(summary, np.full(joined.size, np.nan))
    assert nobody == older(summary)
