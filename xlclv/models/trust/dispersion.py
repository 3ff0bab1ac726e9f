"""Do the months of a log vary more than chance? Then a change of late proves less.

Orders of neighbouring months, each against what a model expects of it, differ by chance alone where
the model holds. A shop with sales, holidays or press, or a log of one cohort that is lively at
first, differs far more; what looks like a trend, or a break, may then be one more such month. Only
neighbours are compared, so that a real trend, which moves slowly, does not count as dispersion.

Source: the scale of quasi-likelihood, McCullagh & Nelder (1989), Generalized Linear Models, 2nd
edition, 4.5 and 9.2; from successive differences as of von Neumann (1941), Annals of Mathematical
Statistics 12, 367-395.
"""

import numpy as np

from xlclv.models.clock import Known
from xlclv.models.model import OrderModel
from xlclv.models.trust.season import expected_by_day, repeats_by_day
from xlclv.terms import DAYS_PER_MONTH, FloatArray

SAMPLE = 20_000  # customers: more say nothing new
LEAST_EXPECTED = 10.0  # orders of a month
LEAST_PAIRS = 8  # of neighbouring months
SURE = 3.0  # standard errors above 1
VARIANCE = 3.0  # of a mean of squares of successive differences, times their number


def dispersion(view: Known, params: OrderModel) -> float:
    """Return the variance of the orders of a month over that of chance; 1 where it may be chance.

    Args:
        view: The log on its clock.
        params: Fitted to it on that clock.
    """
    seen = view.part(SAMPLE)
    came, due = _by_month(seen, params)
    pair = (due[1:] >= LEAST_EXPECTED) & (due[:-1] >= LEAST_EXPECTED)
    pairs = int(np.count_nonzero(pair))
    if pairs < LEAST_PAIRS:
        return 1.0
    before, after = np.flatnonzero(pair), np.flatnonzero(pair) + 1
    change = came[after] / due[after] - came[before] / due[before]
    by_chance = 1 / due[after] + 1 / due[before]
    found = float(np.mean(change**2 / by_chance))
    return found if found > 1 + SURE * np.sqrt(VARIANCE / pairs) else 1.0


def _by_month(view: Known, params: OrderModel) -> tuple[FloatArray, FloatArray]:
    """Return orders that came and that were due, per month, the last whole up to the day."""
    span = view.summary.span
    month = ((span - np.arange(span + 1)) // DAYS_PER_MONTH).astype(int)
    due = np.zeros(span + 1)
    place, age = view.rows.place, view.columns[2]
    for part, mine in params.parts_of(age):
        if mine.any():
            of_part = view.only(mine[place])
            days = expected_by_day(of_part, part)
            due[span + 1 - days.size :] += days
    came, expected = (
        np.bincount(month, each).astype(float)[::-1] for each in (repeats_by_day(view.summary), due)
    )
    return came, expected
