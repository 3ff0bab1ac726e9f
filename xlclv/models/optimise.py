"""Maximum likelihood, shared by all models: climb, polish, judge.

The parameters are positive, so the climb runs over their logarithms, inside a box that keeps
every power finite. BFGS with the analytic gradient comes near the peak; Newton steps, with the
Hessian from differences of the gradient, reach it. The same Hessian gives the standard
errors and says whether the peak is one: what a further Newton step would gain, in units of the
log-likelihood, is the measure of convergence, which no choice of units changes.

The climb is written out, though scipy has one that ends at the same peak: loading scipy.optimize
takes longer than most fits, and each step of its L-BFGS-B wakes the threads of the linear algebra
library for matrices of four rows, which takes four times the work on a machine that is busy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xlclv.terms import BoolArray, FloatArray

# The mean log-likelihood of one customer and its gradient, at the logarithms of the parameters.
Objective = Callable[[FloatArray], tuple[float, FloatArray]]

GAIN_LEFT = 1e-6  # log-likelihood still to be had at a peak that counts as reached
CREEP_LEFT = 0.05  # the same per step of a logarithm on a ridge that rises for ever
LEAST_REPEATERS = 50  # fewer customers with a second order give a number, but no knowledge
LOOSE = 10.0  # a standard error of the logarithm above this: the data say nothing
DIFFERENCE = 1e-4  # step in the logarithms for differences of the gradient
SMALL_SLOPE = 1e-4  # of the mean log-likelihood: near enough for Newton
BFGS_STEPS, NEWTON_STEPS, SHORTENINGS = 40, 60, 20
SMALL_CURVE, LEAST_DAMPING = 1e-14, 1e-9
LONGEST_STEP = 2.0  # in any logarithm
FAIR_PART = 1e-4
SMALL_STEP, SETTLED = 1e-3, 1e-10  # in the logarithms
NOISE = 1e-11  # what rounding does to a mean log-likelihood, of shapes in the thousands too
ROUNDING = 1e-16  # a step that promises less of it is the last
AT_EDGE, NEXT_TO_EDGE = 1e-6, 0.05
USUAL = (1.0, 0.3, 1.0, 1.0)  # parameters of most models of orders, times in mean ages
NEAR = 5.0  # farther off, in any logarithm, a known peak is no place to start from


@dataclass(frozen=True, slots=True)
class Peak:
    """Where the climb ended.

    Args:
        logs: Logarithms of the parameters, shape (k,).
        mean: Mean log-likelihood there.
        edges: Parameters at the edge of the box, shape (k,).
        covariance: Of the logarithms, shape (k, k); 0 for those at the edge.
        gain_left: Log-likelihood that one more Newton step promises, all customers together.
        creep_left: Slope along directions without curvature, all customers together.
        loosest: Largest standard error of any direction in the logarithms; infinite where the
            surface does not curve down.
    """

    logs: FloatArray
    mean: float
    edges: BoolArray
    covariance: FloatArray
    gain_left: float
    creep_left: float
    loosest: float

    @property
    def converged(self) -> bool:
        """Say whether the peak was reached; a ridge that ends at the edge of the box is one."""
        ended = bool(self.edges.any()) or self.creep_left < CREEP_LEFT
        return ended and self.gain_left < GAIN_LEFT


def climb(
    objective: Objective,
    start: FloatArray,
    low: FloatArray,
    high: FloatArray,
    n: float,
    turn: FloatArray | None = None,
) -> Peak:
    """Find the peak of a mean log-likelihood of n customers within a box.

    Args:
        objective: Mean log-likelihood and gradient.
        start: Where to begin, shape (k,), as the edges of the box.
        low: Lower edge.
        high: Upper edge.
        n: Customers, the weight of the mean.
        turn: The logarithms of the parameters as linear functions of what the climb runs over,
            shape (k, k); start and box are in the latter. Where two parameters rise together
            without end, as a shape and its scale do when customers are all alike, one of the
            shape and the ratio leaves no ridge to creep along. Left out: the logarithms.
    """
    seen = objective if turn is None else _turned(objective, turn)
    near = _approach(seen, np.clip(start, low, high), low, high)
    top = _polish(seen, near, low, high)
    at_edge = _at_edge(top, low, high)
    if (at_edge != top).any():
        top = _polish(seen, at_edge, low, high)
    peak = _judge(seen, top, low, high, n)
    if turn is None:
        return peak
    return replace(peak, logs=turn @ peak.logs, covariance=turn @ peak.covariance @ turn.T)


def start_from(
    usual: Iterable[float], near: Iterable[float] | None, units: Iterable[float] = (1.0,)
) -> FloatArray:
    """Return the logarithms to start from: those of a peak of similar data, if it is a usual one.

    Args:
        usual: Parameters to start from where nothing is known, shape (k,).
        near: Parameters at the other peak, shape (k,); None where there is none.
        units: Their units in those of the climb, shape (k,) or (1,).
    """
    start: FloatArray = np.log([*usual])
    if near is None:
        return start
    known: FloatArray = np.log(np.array([*near]) / np.array([*units]))
    return known if float(np.abs(known - start).max()) < NEAR else start


def _turned(objective: Objective, turn: FloatArray) -> Objective:
    def seen(point: FloatArray) -> tuple[float, FloatArray]:
        mean, slope = objective(turn @ point)
        return mean, turn.T @ slope

    return seen


def _approach(
    objective: Objective, logs: FloatArray, low: FloatArray, high: FloatArray
) -> FloatArray:
    """Climb by BFGS until the slope is small (Nocedal & Wright, Numerical Optimization, ch. 6)."""
    mean, slope = objective(logs)
    inverse = np.eye(logs.size)
    for _ in range(BFGS_STEPS):
        free = ~_edges(logs, slope, low, high)
        if float(np.abs(slope[free]).max(initial=0)) < SMALL_SLOPE:
            break
        step = inverse[:, free] @ slope[free] * free
        if step @ slope <= 0:
            inverse, step = np.eye(logs.size), slope * free
        step *= min(1.0, LONGEST_STEP / float(np.abs(step).max()))
        higher, trial, new_slope = _line_search(objective, (mean, logs, slope), step, low, high)
        if not higher > mean:
            break
        moved, change = trial - logs, slope - new_slope
        if moved @ change > 0:
            inverse = _bfgs_update(inverse, moved, change)
        mean, logs, slope = higher, trial, new_slope
    return logs


def _line_search(
    objective: Objective,
    here: tuple[float, FloatArray, FloatArray],
    step: FloatArray,
    low: FloatArray,
    high: FloatArray,
) -> tuple[float, FloatArray, FloatArray]:
    """Shorten the step until it leads up by a fair part of what the slope promises."""
    mean, logs, slope = here
    for _ in range(SHORTENINGS):
        trial = np.clip(logs + step, low, high)
        higher, new_slope = objective(trial)
        if higher >= mean + FAIR_PART * float(slope @ (trial - logs)):
            return higher, trial, new_slope
        step = step / 3
    return here


def _bfgs_update(inverse: FloatArray, moved: FloatArray, change: FloatArray) -> FloatArray:
    scale = 1 / (moved @ change)
    left = np.eye(moved.size) - scale * np.outer(moved, change)
    return np.asarray(left @ inverse @ left.T + scale * np.outer(moved, moved))


def _polish(
    objective: Objective, logs: FloatArray, low: FloatArray, high: FloatArray
) -> FloatArray:
    """Take Newton steps in the parameters off the edge until they change nothing.

    Where a step leads down, as on a ridge that bends, it is shortened most in the flat directions
    (Levenberg & Marquardt). After a small step the curvature is still good for the next one.
    """
    mean, gradient = objective(logs)
    curvature, damping = _curvature(objective, logs), 0.0
    free = ~_edges(logs, gradient, low, high)
    for _ in range(NEWTON_STEPS):
        uphill = curvature, gradient, damping
        step = _step_inside(logs, free, uphill, low, high)
        trial = np.clip(logs + step, low, high)
        length = float(np.abs(trial - logs).max())
        higher, slope = objective(trial)
        if not higher >= mean - NOISE * (1 + abs(mean)):
            damping = max(10 * damping, LEAST_DAMPING)
            continue
        settled = length < SETTLED or step @ gradient < ROUNDING * (1 + abs(mean))
        logs, mean, gradient = trial, higher, slope
        if settled:
            break
        before, free, damping = free, ~_edges(logs, gradient, low, high), damping / 10
        if (free != before).any():  # another peak, whose ridge need not bend
            curvature, damping = _curvature(objective, logs), 0.0
        elif length > SMALL_STEP:
            curvature = _curvature(objective, logs)
    return logs


def _step_inside(
    logs: FloatArray,
    free: BoolArray,
    uphill: tuple[FloatArray, FloatArray, float],
    low: FloatArray,
    high: FloatArray,
) -> FloatArray:
    """Return the Newton step of the parameters that can take it, as far as to the first edge.

    On a ridge along which two parameters rise together, one of them held back alone leads far down.

    Args:
        logs: Where it starts, shape (k,), as the edges of the box.
        free: Which parameters may move, shape (k,).
        uphill: Curvature, gradient and damping.
        low: Lower edge.
        high: Upper edge.
    """
    curvature, gradient, damping = uphill
    while True:
        step = np.zeros(logs.size)
        step[free] = _newton_step(curvature[np.ix_(free, free)], gradient[free], damping)
        room = np.where(step > 0, high - logs, logs - low)
        blocked = (room <= AT_EDGE) & (step != 0)
        if not blocked.any():
            break
        free = free & ~blocked
    size = np.abs(step)
    held = size > room
    return np.asarray(step * float((room[held] / size[held]).min(initial=1.0)))


def _at_edge(logs: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Move what ended next to an edge onto it.

    A ridge that rises to the edge is so flat there that rounding says where the climb ends; from
    the edge itself a climb goes back only if the slope does.
    """
    onto_low = np.where(logs - low < NEXT_TO_EDGE, low, logs)
    return np.where(high - logs < NEXT_TO_EDGE, high, onto_low)


def _newton_step(curvature: FloatArray, gradient: FloatArray, damping: float) -> FloatArray:
    """Return the step to the peak of the parabola, uphill where it opens upwards."""
    if not gradient.size:
        return gradient
    values, vectors = np.linalg.eigh(curvature)
    step = vectors @ (vectors.T @ gradient / (np.abs(values) + damping + SMALL_CURVE))
    longest = float(np.abs(step).max())
    return np.asarray(step * min(1.0, LONGEST_STEP / max(longest, LONGEST_STEP)))


def _curvature(objective: Objective, logs: FloatArray) -> FloatArray:
    """Return minus the Hessian of the mean log-likelihood, shape (k, k).

    From differences of the gradient, unless the objective tells it itself.
    """
    told = getattr(objective, "curvature", None)
    if told is not None:
        return np.asarray(told(logs), float)
    rows = [
        (objective(logs - step)[1] - objective(logs + step)[1]) / (2 * DIFFERENCE)
        for step in DIFFERENCE * np.eye(logs.size)
    ]
    return (np.array(rows) + np.array(rows).T) / 2


def _edges(logs: FloatArray, gradient: FloatArray, low: FloatArray, high: FloatArray) -> BoolArray:
    """Say which parameters are pressed against the edge of the box, shape (k,)."""
    return ((logs <= low + AT_EDGE) & (gradient <= 0)) | (
        (logs >= high - AT_EDGE) & (gradient >= 0)
    )


def _judge(
    objective: Objective, logs: FloatArray, low: FloatArray, high: FloatArray, n: float
) -> Peak:
    """Measure how sure the peak is."""
    edges = _edges(logs, objective(logs)[1], low, high)
    # At the edge it is the edge itself, to the last digit, whatever the rounding on the way.
    logs = np.where(edges, np.where(logs - low < high - logs, low, high), logs)
    mean, gradient = objective(logs)
    free = np.flatnonzero(~edges)
    values, vectors = np.linalg.eigh(n * _curvature(objective, logs)[np.ix_(free, free)])
    along = n * (vectors.T @ gradient[free])
    curved = values > LOOSE**-2
    gain = float((along[curved] ** 2 / (2 * values[curved])).sum())
    creep = float(np.abs(along[~curved]).sum())
    covariance = np.zeros((logs.size, logs.size))
    part: NDArray[np.float64] = (vectors[:, curved] / values[curved]) @ vectors[:, curved].T
    covariance[np.ix_(free, free)] = part
    loosest = np.inf if not curved.all() else float(values.min(initial=np.inf)) ** -0.5
    return Peak(logs, mean, edges, covariance, gain, creep, loosest)


def std_errors(peak: Peak, params: FloatArray) -> FloatArray:
    """Return the standard errors of the parameters, NaN where the data do not tell, shape (k,)."""
    errors = params * np.sqrt(np.diag(peak.covariance))
    unknown = peak.edges | ~np.isfinite(peak.loosest)
    return np.where(unknown, np.nan, errors)


def verdict(peak: Peak, repeaters: float, noted: str = "") -> str:
    """Name the worst that can be said of a fit.

    Args:
        peak: Where the climb ended.
        repeaters: Customers that tell something: with a second order.
        noted: What the model itself has to say of its parameters, if anything.
    """
    if not peak.converged:
        return "not_converged"
    if repeaters < LEAST_REPEATERS:
        return "thin"
    if noted:
        return noted
    if peak.edges.any():
        return "boundary"
    return "sound" if np.isfinite(peak.loosest) else "not_identified"
