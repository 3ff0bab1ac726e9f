"""Are the customers who came on some days unlike all others? Found by the scores of a fit.

At the peak the scores (slopes of the log-likelihood to the parameters) of all customers add up to
nothing. Sorted by the day of the first order, those of any stretch of days should too, but for
chance; where they do not, these customers want other parameters: a crowd that came for a
promotion, or old customers whose first orders lie before the log.

Source: Zeileis & Hornik (2007), Generalized M-fluctuation tests for parameter instability,
Statistica Neerlandica 61, 488-508.
"""

import math
from dataclasses import dataclass

import numpy as np

from xlclv.errors import XlclvError
from xlclv.models.choice import fit_known
from xlclv.models.clock import Known
from xlclv.models.histories import Summary
from xlclv.models.model import Fit, OrderModel, joined
from xlclv.models.optimise import DIFFERENCE
from xlclv.models.parts import Cohorts
from xlclv.terms import BoolArray, FloatArray

STRETCH = 7  # days in which the first orders are counted together
MOST_STRETCHES = 104  # of a longer log each is longer
LEAST_CUSTOMERS, LEAST_REPEATS = 30, 15  # on both sides
LEAST_SCORE = 25.0  # of the fluctuation: below it no stretch is tried
LEAST_OF_AGE = 20  # customers of an age to compare at
SURE = 2.5  # standard errors between what both sides did at the same age
LEAST_GAIN = 10.0  # log-likelihood for four more parameters and the choice of a stretch


@dataclass(frozen=True, slots=True)
class Strangers:
    """Customers who are unlike the others.

    Args:
        first: Day of the first orders from which on, days since 1970-01-01.
        last: Up to which.
        share: Share of all customers.
        gain: Log-likelihood with parameters of their own less that without.
        fit: The fit with them.
    """

    first: int
    last: int
    share: float
    gain: float
    fit: Fit[OrderModel]


def find_strangers(view: Known, fit: Fit[OrderModel]) -> Strangers | None:
    """Find the days whose customers want parameters of their own; None without.

    Args:
        view: The log on its clock.
        fit: Of all its customers, on that clock.
    """
    found = _most_unlike(view, fit)
    if found is None:
        return None
    came = view.summary.as_of - view.summary.age
    mine = (came >= found[0]) & (came <= found[1])
    return _split(view, fit, mine, *found) if _begin_otherwise(view.summary, mine) else None


def _begin_otherwise(summary: Summary, mine: BoolArray) -> bool:
    """Say whether they ordered more, or less, than the others did at the same age.

    Where they did not, it is the model that does not hold, such as of yearly gifts, of which new
    customers have given none; parameters of their own would only hide that.
    """
    if summary.days is None:
        return False
    until = int(np.median(summary.age[mine]))
    until = int(np.clip(until, np.median(summary.age) / 4, summary.age.max()))
    seen = summary.age >= until
    first = summary.days.day[summary.days.first]
    since = summary.days.day - np.repeat(first, summary.frequency + 1)
    early = np.add.reduceat((since > 0) & (since <= until), summary.days.first, dtype=float)
    sides = early[mine & seen], early[~mine & seen]
    if min(side.size for side in sides) < LEAST_OF_AGE:
        return True  # nobody to compare with
    spread = sum(float(side.var()) / side.size for side in sides)
    return abs(float(sides[0].mean() - sides[1].mean())) > SURE * math.sqrt(spread)


def _most_unlike(view: Known, fit: Fit[OrderModel]) -> tuple[int, int] | None:
    """Return the first and the last day of the stretch with the largest fluctuation."""
    summary, rows = view.summary, view.rows
    width = max(STRETCH, -(-(summary.span + 1) // MOST_STRETCHES))
    stretch = ((summary.span - rows.columns[2]) // width).astype(int)
    scores, weight = _scores(view, fit), rows.count
    spread = (scores * weight) @ scores.T
    values, vectors = np.linalg.eigh(spread)
    kept = values > values[-1] * 1e-9
    white = (vectors[:, kept] / np.sqrt(values[kept])).T @ scores
    end = int(stretch.max()) + 1
    sums = np.array([np.bincount(stretch, weight * each, end) for each in white])
    totals = np.append(np.zeros((len(sums), 1)), np.cumsum(sums, axis=1), axis=1)
    customers, repeats = (
        np.append(0, np.cumsum(np.bincount(stretch, each, end)))
        for each in (weight, weight * rows.columns[0])
    )
    inside = np.triu(np.ones((end + 1, end + 1), bool), 1)
    for sizes, least in ((customers, LEAST_CUSTOMERS), (repeats, LEAST_REPEATS)):
        there = sizes[None, :] - sizes[:, None]
        inside &= (there >= least) & (sizes[-1] - there >= least)
    if not inside.any():
        return None
    share = (customers[None, :] - customers[:, None]) / customers[-1]
    moved = sum((each[None, :] - each[:, None]) ** 2 for each in totals)
    score = np.where(inside, moved / np.where(inside, share * (1 - share), 1), 0.0)
    low, high = np.unravel_index(int(score.argmax()), score.shape)
    if score[low, high] < LEAST_SCORE:
        return None
    start = summary.as_of - summary.span
    return start + int(low) * width, min(start + int(high) * width - 1, summary.as_of)


def _scores(view: Known, fit: Fit[OrderModel]) -> FloatArray:
    """Return the slopes of each distinct row's log-likelihood to the log parameters, (k, u)."""
    given = np.array([*fit.params])
    slopes = []
    for step in DIFFERENCE * np.eye(fit.params.free, given.size):
        up, down = (
            fit.params.moved(moved).log_likelihood(*view.columns)
            for moved in (given * np.exp(step), given * np.exp(-step))
        )
        slopes.append((up - down) / (2 * DIFFERENCE))
    return np.array(slopes)


def _split(
    view: Known, fit: Fit[OrderModel], mine: BoolArray, first: int, last: int
) -> Strangers | None:
    """Fit both sides; None where that gains too little or a side cannot be fitted."""
    try:
        inside, outside = (
            fit_known(view.only(side), fit.model.NAME, fit.params) for side in (mine, ~mine)
        )
    except XlclvError:
        return None
    gain = inside.log_likelihood + outside.log_likelihood - fit.log_likelihood
    if gain < LEAST_GAIN or not (inside.converged and outside.converged):
        return None
    now = view.clock.at([view.summary.as_of, last + 0.5, first - 0.5])
    params = Cohorts(inside.params, outside.params, float(now[0] - now[1]), float(now[0] - now[2]))
    likelihood = inside.log_likelihood + outside.log_likelihood
    both = joined(params, outside, inside, likelihood, fit.n)
    return Strangers(first, last, float(mine.mean()), gain, both)
