"""CDNOW: nine months foretold from each of four days, when nothing could have been tested."""

import numpy as np
import pytest

from tests.models.published_logs import cdnow_log
from xlclv.models.choice import fit_known
from xlclv.models.clock import known
from xlclv.models.forecast import fit_spend
from xlclv.models.histories import summarise
from xlclv.models.trust.backtest import back_tests
from xlclv.models.trust.dispersion import dispersion
from xlclv.models.trust.judge import FALLS, UNTESTED, judge, model_error
from xlclv.models.trust.plan import plan
from xlclv.models.trust.ranges import Ahead, ranges
from xlclv.models.trust.trend import find_trend

MONTHS = 9
ENDS = [
    ("1997-06-30", "1998-03-31"),
    ("1997-07-31", "1998-04-30"),
    ("1997-08-31", "1998-05-31"),
    ("1997-09-30", "1998-06-30"),
]


def number(day: str) -> int:
    return int(np.datetime64(day, "D").astype(int))


@pytest.mark.parametrize(("day", "until"), ENDS)
def test_nine_months_are_within_a_fifth_and_inside_their_range(day: str, until: str) -> None:
    who, when, money = cdnow_log()
    as_of, end = number(day), number(until)
    found = plan(*cdnow_log(), as_of, mixed=True)
    tests = back_tests(
        *cdnow_log(), as_of, found.orders.model.NAME, found.clock, MONTHS, mixed=True
    )
    summary = summarise(who, when, money, as_of)
    everybody = np.zeros(summary.customer.size, np.int64)
    seen = ranges(
        *(summary, found.orders, fit_spend(summary), everybody),
        Ahead(MONTHS),
        model_error=model_error(tests, MONTHS),
    )
    came = np.isin(who, summary.customer) & (when > as_of) & (when <= end)
    orders = len(set(zip(who[came].tolist(), when[came].tolist(), strict=True)))
    for name, actual in (("orders", orders), ("value", float(money[came].sum()))):
        # Nine months are 273.9 days here, 273 to 274 there.
        assert seen[name][0] == pytest.approx(actual, rel=0.2)
        assert seen[f"{name}_low"][0] < actual < seen[f"{name}_high"][0]
    assert judge(tests, found).verdict in ("good", "none")


def test_what_was_never_tested_may_be_as_far_off_as_other_shops_were() -> None:
    assert model_error([]) == UNTESTED
    tests = back_tests(*cdnow_log(), number("1998-06-30"), "BG/NBD")
    tested = max(test.days for test in tests) / 365.25
    assert 0.4 < tested < 0.6
    assert UNTESTED * np.sqrt(1 - tested) <= model_error(tests) < UNTESTED
    assert model_error(tests, 3) < model_error(tests, 12)


@pytest.mark.parametrize("day", ["1997-12-31", "1998-03-31", "1998-06-30"])
def test_a_log_of_one_cohort_whose_months_vary_is_of_use(day: str) -> None:
    who, when, money = cdnow_log()
    as_of = number(day)
    found = plan(who, when, money, as_of, mixed=True)
    trust = judge(back_tests(who, when, money, as_of, found.orders.model.NAME, mixed=True), found)
    assert trust.verdict == "fair"
    assert trust.error < 0.25


def test_a_trend_of_cdnow_is_no_more_than_its_months_vary() -> None:
    """The last quarter brought 19 % less than was foretold of it, the one before 10 % more."""
    as_of = number("1998-06-30")
    summary = summarise(*cdnow_log(), as_of)
    view = known(summary)
    params = fit_known(view, "MBG/NBD").params
    trend = find_trend(view, params)
    assert trend.slope < 0
    assert trend.gain > FALLS
    assert trend.gain / dispersion(view, params) < FALLS
    tests = back_tests(*cdnow_log(), as_of, "MBG/NBD")
    assert [round(test.error, 2) for test in tests] == [0.23, -0.02]
