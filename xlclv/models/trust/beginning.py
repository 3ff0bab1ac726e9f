"""Is the shop older than its log? Then many a first order in it is none.

With the days customers joined it is known who is older. Without them it shows: the log's first
quarter brings far more first orders than any later one, because all who order often come first.
A forecast of such a log was within a tenth of what came on made-up shops, and where the old ones
order otherwise than the new, they are found as strangers; but nobody should count them as new.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xlclv.models.histories import Summary
from xlclv.terms import DAYS_PER_MONTH, DAYS_PER_YEAR

QUARTER, YEAR = round(3 * DAYS_PER_MONTH), round(DAYS_PER_YEAR)
TIMES = 1.5  # as many first orders as in a later quarter
SURE = 4.0  # standard errors


@dataclass(frozen=True, slots=True)
class Older:
    """Customers who are older than the log.

    Args:
        customers: How many.
        why: Key under `plan` in the catalogue.
    """

    customers: int
    why: str


def older(summary: Summary, joined: ArrayLike | None = None) -> Older | None:
    """Count the customers whose first order in a log is probably not their first.

    Args:
        summary: Of the log.
        joined: Day on which each customer joined, by number of the customer, days since
            1970-01-01; NaN where it is not known; left out: of nobody.

    Returns:
        None where there are none, or where a log of less than a year does not tell.
    """
    start = summary.as_of - summary.span
    if joined is not None:
        day = np.asarray(joined, float)[summary.customer]
        before = int(np.count_nonzero(day < start))
        if before or not np.isnan(day).any():
            return Older(before, "older_joined") if before else None
    if summary.span < YEAR:
        return None
    since = summary.span - summary.age
    first = int(np.count_nonzero(since < QUARTER))
    later = (
        float(np.count_nonzero((since >= QUARTER) & (since < YEAR))) * QUARTER / (YEAR - QUARTER)
    )
    if not later:  # a log of one cohort: those who came together, and nobody after them
        return None
    if first < TIMES * later or first - later < SURE * np.sqrt(first + later):
        return None
    return Older(round(first - later), "older_seen")
