"""Do customers come back after a year to the day, as for a birthday or Christmas?

An order model knows how often a customer orders, not on which day of the year: its years come out
right while its half years do not. Such customers show by pairs of orders about a year apart, more
of them than of pairs some weeks nearer or farther.
"""

import numpy as np

from xlclv.models.histories import Summary
from xlclv.terms import DAYS_PER_YEAR

YEAR, NEAR = round(DAYS_PER_YEAR), 20  # days
ASIDE = 55  # days from a year to the middle of the windows compared with
LEAST_PAIRS = 20
WIDEST = 1_000_000  # days: more than any log has


def yearly_rhythm(summary: Summary) -> float:
    """Return by how many standard errors pairs of orders a year apart are more than others.

    NaN where the log is too short to tell.
    """
    days = summary.days
    if days is None:
        return np.nan
    keys = np.sort(days.customer.astype(np.int64) * WIDEST + days.day)
    seen = keys[keys % WIDEST <= summary.as_of - YEAR - ASIDE - NEAR]

    def pairs(apart: int) -> int:
        low = np.searchsorted(keys, seen + apart - NEAR, "left")
        return int((np.searchsorted(keys, seen + apart + NEAR, "right") - low).sum())

    there, aside = pairs(YEAR), (pairs(YEAR - ASIDE) + pairs(YEAR + ASIDE)) / 2
    if there + aside < LEAST_PAIRS:
        return np.nan
    return float((there - aside) / np.sqrt(there + aside / 2))
