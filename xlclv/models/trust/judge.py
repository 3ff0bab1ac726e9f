"""May one decide by the forecast? A verdict from forecasts of earlier days beside what came.

Good or fair: forecasts of the past were near what came, and the last quarter went as foretold.
Poor: they were not. None: the log is too short to have tested any.

The last quarter counts by itself, because what breaks a forecast (a shop that loses its customers,
a crowd that came for one promotion) shows there first, while older forecasts were right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from xlclv.models.parts import Cohorts
from xlclv.models.trust.backtest import FAR_OFF, BackTest, relative_error
from xlclv.models.trust.plan import Plan
from xlclv.models.trust.trend import Trend
from xlclv.terms import DAYS_PER_MONTH, Frame
from xlclv.words import word

Verdict = Literal["good", "fair", "poor", "none"]
GOOD, FAIR = 0.10, 0.30  # typical error up to which a forecast is called so
# The last quarter: foretold too much, or too little, by more than this share ...
TOO_MUCH, TOO_LITTLE = 0.25, 0.25
# ... and more than this many standard errors: it is no chance.
SURE_MUCH, SURE_LITTLE = 2.4, 3.0
SURE_YEARLY = 2.5  # standard errors from which a log has customers who order once a year
A_YEAR_BACK = 4  # origins: the half years after them are all seasons, and are known
# A trend: log-likelihood it must gain, down or up.
FALLS, RISES = 2.5, 5.0
CHANCE = 2.0  # variance of a total of money against its number of orders
# Error of a total where nothing was tested: totals of nine months or a year of three real retail
# logs were off by -15, +14 and -29 %.
UNTESTED = 0.20
TWICE = 2.0
SPREAD = 1.5  # variance of a total of orders, in orders: customers differ


@dataclass(frozen=True, slots=True)
class Trust:
    """What earlier forecasts say of this one.

    Args:
        verdict: "good", "fair", "poor" or "none".
        why: Key of the reason under `trust` in the catalogue.
        error: Typical error of the total of the earlier forecasts, or that of the last quarter if
            it is larger, as a fraction; NaN without.
        last: Error of the last quarter, or of its last month where that broke the forecast, as a
            fraction; NaN without.
    """

    verdict: Verdict
    why: str
    error: float = np.nan
    last: float = np.nan

    @property
    def untested(self) -> bool:
        """Say whether no earlier forecast tells anything."""
        return self.verdict == "none"

    @property
    def sentence(self) -> str:
        """Say the verdict in one sentence."""
        return word(f"trust.{self.why}", error=f"{self.error:.0%}", last=f"{self.last:+.0%}")


def judge(tests: Sequence[BackTest], plan: Plan | None = None) -> Trust:
    """Judge a forecast by its back-tests, and by what is seen on the day itself.

    Args:
        tests: The latest origin first, as `back_tests` gives them.
        plan: Of the forecast; left out: back-tests alone are judged.
    """
    trend, noise = (None, 1.0) if plan is None else (plan.trend, plan.dispersion)
    last = tests[0].error if tests else np.nan
    if trend is not None and _sure(trend, noise):
        way, off = "falling" if trend.slope < 0 else "rising", relative_error(1, 1 + trend.effect)
        return Trust("poor", way, abs(off), last)
    if not tests:
        return Trust("none", "untested")
    worst = max(float(np.median([abs(test.error) for test in tests])), abs(last))
    broke, half = _broke(tests[0], noise), _half_off(tests, plan)
    if broke:
        way = "broke_much" if broke > 0 else "broke_little"
        return Trust("poor", way, max(worst, abs(broke)), broke)
    reasons = (
        ("far_off", worst > FAIR),
        ("half_off", half > 0),
        ("naive_better", _naive_is_better(tests)),
    )
    why = next((why for why, holds in reasons if holds), None)
    if why is not None:
        return Trust("poor", why, max(worst, half), last)
    verdict: Verdict = "good" if worst <= GOOD else "fair"
    return Trust(verdict, verdict, worst, last)


def _naive_is_better(tests: Sequence[BackTest]) -> bool:
    """Say whether a naive rule, typically, misses what each customer does by less."""
    return bool(np.median([test.miss / max(test.naive_miss, 1e-300) for test in tests]) > 1)


def _sure(trend: Trend, noise: float) -> bool:
    """Say whether a trend is more than chance and would put the next year off by too much.

    Where months differ anyway, any change is less likely by as much (quasi-likelihood).
    """
    least = FALLS if trend.slope < 0 else RISES
    return trend.gain / noise > least and _too_far(1.0, 1.0 + trend.effect)


def model_error(tests: Sequence[BackTest], months: int = 12, doubt: float = 0.0) -> float:
    """Return how far a total may be off beyond chance, as a standard deviation and a fraction.

    As far as back-tests reached, what they were off says it, where it is more than twice as much
    as chance and doubt explain: a few tests do not tell less from nothing. For the rest
    of the way ahead nothing is known but how forecasts of other shops did.

    Args:
        tests: As for `judge`.
        months: How far the forecast looks.
        doubt: Standard error of the total that the ranges count already, as a fraction.
    """
    longest = max((test.days for test in tests), default=0)
    tested = min(longest / (months * DAYS_PER_MONTH), 1.0)
    known = 0.0
    if tests:
        seen = float(np.mean([test.value_error**2 for test in tests]))
        chance = np.mean([CHANCE / max(float(test.actual.sum()), 1.0) for test in tests])
        explained = float(chance) + doubt**2
        known = seen - explained if seen > TWICE * explained else 0.0
    return float(np.sqrt(tested * known + (1 - tested) * UNTESTED**2))


def _broke(test: BackTest, noise: float) -> float:
    """Return how far the last quarter, or its last month, was off, if by too much; else 0.

    The last month, because what falls or rises has gone farthest there.
    """
    totals = (
        (test.quarter_expected, test.quarter_actual),
        (test.month_expected, test.month_actual),
    )
    return next((relative_error(*each) for each in totals if _off(*each, noise)), 0.0)


def _off(expected: float, actual: float, noise: float) -> bool:
    """Say whether two totals differ by too much, and beyond chance."""
    sure = (expected - actual) / float(np.sqrt(SPREAD * noise * max(expected, actual, 1.0)))
    return _too_far(expected, actual) and not -SURE_LITTLE <= sure <= SURE_MUCH


def _too_far(expected: float, actual: float) -> bool:
    """Say whether what was foretold is too much, or too little."""
    return not -TOO_LITTLE * actual <= expected - actual <= TOO_MUCH * actual


def _comparable(tests: Sequence[BackTest], plan: Plan) -> Sequence[BackTest]:
    """Return the tests of the last year that knew what kinds of customers there are.

    A crowd that has parameters of its own today was not understood before it had time to return.
    """
    latest = tests[:A_YEAR_BACK]
    if plan.strangers is None:
        return latest
    return [test for test in latest if isinstance(test.fit.params, Cohorts)]


def _half_off(tests: Sequence[BackTest], plan: Plan | None) -> float:
    """Return how far the half year was off that was foretold worst, if by too much; else 0.

    A year may be right while its halves are not: of customers who order once a year, the model
    does not know when. Where a log shows that there are none, a half is off by chance.
    """
    if plan is None or plan.yearly < SURE_YEARLY:
        return 0.0
    tests, noise = _comparable(tests, plan), plan.dispersion
    off = [
        abs(relative_error(test.half_expected, test.half_actual))
        for test in tests
        if _far(test, noise)
    ]
    return max(off, default=0.0)


def _far(test: BackTest, noise: float) -> bool:
    """Say whether half a year was off by too much, and beyond chance and doubt."""
    off = test.half_expected - test.half_actual
    error = test.half_error * test.half_expected * float(np.sqrt(noise))
    far = abs(off) > FAR_OFF * test.half_actual
    return far and not -SURE_LITTLE * error <= off <= SURE_MUCH * error


def back_test_table(tests: Sequence[BackTest]) -> Frame:
    """Return a row per origin, the latest first.

    Returns:
        Columns origin (day), days (looked ahead), model_name, customers, expected, actual (orders),
        error (fraction), value_expected, value_actual (money), value_error, miss and naive_miss
        (orders per customer, of the model and of the best naive rule), calibration (fraction) and
        gini (0 to 1).
    """
    names = ("error", "value_expected", "value_actual", "value_error", "miss", "naive_miss")
    numbers = {name: [getattr(test, name) for test in tests] for name in names}
    return {
        "origin": np.array([test.origin for test in tests], "datetime64[D]"),
        "days": np.array([test.days for test in tests], float),
        "model_name": np.array([test.fit.model.NAME for test in tests], dtype=object),
        "customers": np.array([test.actual.size for test in tests], float),
        "expected": np.array([test.expected.sum() for test in tests], float),
        "actual": np.array([test.actual.sum() for test in tests], float),
        **{name: np.array(column, float) for name, column in numbers.items()},
        "calibration": np.array([test.calibration for test in tests], float),
        "gini": np.array([test.gini for test in tests], float),
    }
