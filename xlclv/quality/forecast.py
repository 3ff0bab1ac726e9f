"""May the forecast be decided by, and does the log tell who is new?"""

import numpy as np

from xlclv.models.trust.beginning import Older
from xlclv.models.trust.judge import Trust
from xlclv.quality.checks import Check
from xlclv.rewards.figures import money
from xlclv.words import number, word


def forecast_check(trust: Trust | None, said: str, at_stake: float = np.nan) -> Check:
    """Check that forecasts of earlier days were near what came.

    Args:
        trust: What they say; None where there is no forecast.
        said: How far to trust it, or why there is none.
        at_stake: Predicted value that is not to be believed.
    """
    if trust is None or trust.untested:
        return Check("forecast", "info", told=said)
    if trust.verdict == "poor":
        told = word("checks.forecast.poor", trust=said, money=money(round(at_stake)))
        return Check("forecast", "warning", 1, told=told)
    return Check("forecast", "ok", told=said)


def late_check(found: Older | None) -> Check:
    """Check that those who order first in the first weeks of the log are new customers.

    Args:
        found: Customers who are older than the log; None without.
    """
    if found is None:
        return Check("log_begins_late", "ok")
    told = word(f"plan.{found.why}", count=number(found.customers))
    return Check("log_begins_late", "info", told=told)


def agreement_check(contradictions: int) -> Check:
    """Check that nobody is called lost, or active, against the chance still to be a customer."""
    return Check("status_agrees", "fault" if contradictions else "ok", contradictions)
