"""May the forecast be decided by, and does the log tell who is new?"""

import numpy as np

from xlclv.customers.people import People
from xlclv.models.trust.judge import Trust
from xlclv.quality.checks import Check
from xlclv.rewards.figures import money
from xlclv.terms import BoolArray
from xlclv.words import number, word

FIRST_DAYS, LATER_DAYS = 28, (140, 168)  # of the log: both four weeks
CROWD = 1.5  # times as many first orders in the first weeks as in later ones
SURE = 3.0  # standard errors


def forecast_check(trust: Trust | None, said: str, at_stake: float = np.nan) -> Check:
    """Check that forecasts of earlier days were near what came.

    Args:
        trust: What they say; None where there is no forecast.
        said: How far to trust it, or why there is none.
        at_stake: Predicted value that is not to be believed.
    """
    if trust is None or trust.verdict == "none":
        return Check("forecast", "info", told=said)
    if trust.verdict == "poor":
        told = word("checks.forecast.poor", trust=said, money=money(round(at_stake)))
        return Check("forecast", "warning", 1, told=told)
    return Check("forecast", "ok", told=said)


def late_check(everybody: People) -> Check:
    """Check that those who order first in the first weeks of the log are new customers.

    A log cut off on some day has a crowd of first orders behind that day: of customers who had
    ordered long before. Who has a Joined on the customer sheet is known to be one.
    """
    early = _early(everybody)
    if early is None:
        return Check("log_begins_late", "ok")
    unknown = early & np.isnat(everybody.joined)
    if not unknown.any():
        return Check("log_begins_late", "ok")
    told = word("checks.log_begins_late.told", count=number(int(unknown.sum())))
    return Check("log_begins_late", "info", told=told)


def _early(everybody: People) -> BoolArray | None:
    """Return whose first order lies in a crowd at the beginning of the log, None without one."""
    first = everybody.first
    known = ~np.isnat(first)
    if everybody.log is None or not known.any():
        return None
    day = np.full(first.size, -1, np.int64)
    day[known] = (first[known] - first[known].min()).astype(np.int64)
    early = known & (day < FIRST_DAYS)
    later = known & (day >= LATER_DAYS[0]) & (day < LATER_DAYS[1])
    came, after = float(early.sum()), float(later.sum())
    if not after:  # nobody came new, as in a log of one cohort, or it is too short to compare
        return None
    crowd = came > CROWD * after and came - after > SURE * np.sqrt(came + after)
    return early if crowd else None


def agreement_check(contradictions: int) -> Check:
    """Check that nobody is called lost, or active, against the chance still to be a customer."""
    return Check("status_agrees", "fault" if contradictions else "ok", contradictions)
