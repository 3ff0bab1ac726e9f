"""Static covariates: does the channel, the region or the age group at the first order matter?

What is known of a customer from the start shifts the scale of the order rate and the chance to
leave; the shapes are those of everybody:

    BG/NBD, MBG/NBD   alpha = alpha0 exp(-g1 z),  a = a0 exp(g2 z),  b = b0 exp(g3 z)
    Pareto/NBD        alpha = alpha0 exp(-g1 z),  beta = beta0 exp(-g2 z)
    sBG               alpha = alpha0 exp(g1 z),  beta = beta0 exp(g2 z)

A likelihood ratio against all g = 0 says whether they matter. With `pooled` the coefficients of
small segments are drawn towards 0, the more the less their customers tell: they are taken as
normal around 0, with the spread that makes the data likeliest.

Source: Fader & Hardie (2007), Incorporating Time-Invariant Covariates into the Pareto/NBD and
BG/NBD Models, note 019.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError, NotEnoughData
from xlclv.models import beta_geometric, pareto_likelihood, pareto_nbd, sbg
from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.histories import tuples
from xlclv.models.model import M, Model, OrderModel
from xlclv.models.optimise import LOOSE, Objective, Peak, climb, verdict
from xlclv.models.pareto_nbd import ParetoNbd
from xlclv.models.sbg import ShiftedBetaGeometric
from xlclv.models.special import chi_square_beyond
from xlclv.terms import FloatArray, IntArray, TextArray

# Which parameters a covariate shifts, and the sign of a positive coefficient.
EFFECTS: Mapping[type[Model], Mapping[str, float]] = {
    BgNbd: {"alpha": -1.0, "a": 1.0, "b": 1.0},
    MbgNbd: {"alpha": -1.0, "a": 1.0, "b": 1.0},
    ParetoNbd: {"alpha": -1.0, "beta": -1.0},
    ShiftedBetaGeometric: {"alpha": 1.0, "beta": 1.0},
}
FARTHEST = 7.0  # a coefficient beyond makes a thousand times more or less of a parameter
SPREADS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # of the coefficients, tried for pooling


@dataclass(frozen=True, slots=True)
class CovariateFit(Generic[M]):
    """A model fitted with p covariates.

    Args:
        base: Parameters where all covariates are 0.
        effects: Names of the parameters that are shifted, m of them.
        coefficients: Shape (m, p).
        std_errors: Of the coefficients, shape (m, p); NaN where the data do not tell.
        log_likelihood: With the covariates.
        without: Log-likelihood without them.
        n: Customers.
        spread: Standard deviation of the coefficients, when pooled; infinite when not.
        verdict: As of a fit, a key under `models.verdict`; "boundary" where a coefficient runs
            off, as for a segment in which nobody came back.
    """

    base: M
    effects: tuple[str, ...]
    coefficients: FloatArray
    std_errors: FloatArray
    log_likelihood: float
    without: float
    n: int
    spread: float
    verdict: str

    @property
    def ratio(self) -> float:
        """Return twice the log-likelihood ratio against no covariates."""
        return max(2 * (self.log_likelihood - self.without), 0.0)

    @property
    def chance(self) -> float:
        """Return how likely so large a ratio is if the covariates do not matter (not pooled)."""
        return chi_square_beyond(self.coefficients.size, self.ratio)

    @property
    def matters(self) -> bool:
        """Say whether the covariates matter, at 5 %, and the fit can be believed."""
        return self.chance < 0.05 and self.verdict in ("sound", "boundary")  # noqa: PLR2004

    def params(self, covariates: ArrayLike) -> M:
        """Return the parameters of customers with these covariates, shape (p,)."""
        shift = self.coefficients @ np.asarray(covariates, float)
        signs = EFFECTS[type(self.base)]
        values = dict(zip(self.base.names(), self.base, strict=True))
        for name, by in zip(self.effects, shift, strict=True):
            values[name] *= float(np.exp(signs[name] * by))
        return self.base.moved(values.values())


def indicators(labels: TextArray) -> tuple[list[str], FloatArray]:
    """Return the labels but the most frequent, and a 0/1 column for each, shape (n, p).

    >>> indicators(np.array(["Web", "Shop", "Web"], dtype=object))
    (['Shop'], array([[0.],
           [1.],
           [0.]]))
    """
    kinds, place, count = np.unique(labels.astype(str), return_inverse=True, return_counts=True)
    others = [at for at in range(kinds.size) if at != int(count.argmax())]
    columns = (place[:, None] == np.array(others, int)).astype(float)
    return [str(kinds[at]) for at in others], columns


def fit_covariates(
    model: type[OrderModel],
    history: tuple[ArrayLike, ArrayLike, ArrayLike],
    covariates: ArrayLike,
    *,
    pooled: bool = False,
) -> CovariateFit[OrderModel]:
    """Fit a model of orders with covariates by maximum likelihood.

    Args:
        model: BgNbd, MbgNbd or ParetoNbd.
        history: x, t_x, T, each of shape (n,), times in any unit.
        covariates: z, shape (n, p); customers of equal rows are treated as one segment, so few
            different rows are fast.
        pooled: Draw the coefficients of small segments towards 0.

    Raises:
        InputError: A row cannot be true, or a covariate is no number.
        NotEnoughData: Nobody ordered twice.
    """
    kinds, place = _segments(covariates)
    columns = [np.asarray(column, float) for column in history]
    tuples(*columns)  # names the rows at fault
    x, age = columns[0], columns[2]
    if not x.any():
        raise NotEnoughData("nobody_ordered_twice")
    unit, n = float(age.mean()), float(x.size)
    parts = []
    for segment in range(len(kinds)):
        mine = place == segment
        count, last, since, weight = tuples(*(column[mine] for column in columns))
        parts.append(_LIKELIHOODS[model](count, last / unit, since / unit, weight / n))
    scales = [unit if name in ("alpha", "beta") else 1.0 for name in model.names()]
    low, high = (_BOXES[model][at] for at in (0, 1))
    task = _Task(model, parts, kinds, np.log([1.0, 0.3, 1.0, 1.0]), low, high, n, np.array(scales))
    constant = -float(x.sum()) * float(np.log(unit))
    return task.solved(float(np.count_nonzero(x)), constant, pooled=pooled)


def fit_survival_covariates(
    customers_left: Sequence[ArrayLike], covariates: ArrayLike, *, pooled: bool = False
) -> CovariateFit[ShiftedBetaGeometric]:
    """Fit sBG to the cohorts of several segments.

    Args:
        customers_left: Per segment the customers at the start, then those still there after each
            period.
        covariates: z of each segment, shape (segments, p).
        pooled: Draw the coefficients of small segments towards 0.

    Raises:
        InputError: A count rises, or a covariate is no number.
        NotEnoughData: A cohort has fewer than two periods, or nobody left.
    """
    kinds, place = _segments(covariates)
    counts = [np.asarray(left, float) for left in customers_left]
    for left in counts:
        ShiftedBetaGeometric.fit(left)  # refuses what no cohort can be
    n = float(sum(left[0] for left in counts))
    parts = [sbg.Likelihood(-np.diff(left) / n, left[1:] / n) for left in counts]
    model = ShiftedBetaGeometric
    task = _Task(model, parts, kinds[place], np.log([1.0, 2.0]), sbg.LOW, sbg.HIGH, n, np.ones(2))
    return task.solved(n, 0.0, pooled=pooled)


def _segments(covariates: ArrayLike) -> tuple[FloatArray, IntArray]:
    """Return the different rows and which of them each customer has."""
    given = np.asarray(covariates, float)
    if given.ndim != 2 or not np.isfinite(given).all():  # noqa: PLR2004 - rows and columns
        raise InputError("bad_covariates")
    kinds, place = np.unique(given, axis=0, return_inverse=True)
    return kinds, place.ravel().astype(np.int64)


_Part = Callable[[FloatArray, FloatArray, FloatArray, FloatArray], Objective]
_LIKELIHOODS: Mapping[type[OrderModel], _Part] = {
    BgNbd: lambda x, last, age, weight: beta_geometric.Likelihood(x, last, age, weight, 0),
    MbgNbd: lambda x, last, age, weight: beta_geometric.Likelihood(x, last, age, weight, 1),
    ParetoNbd: pareto_likelihood.Likelihood,
}
_BOXES: Mapping[type[OrderModel], tuple[FloatArray, FloatArray]] = {
    BgNbd: (beta_geometric.LOW, beta_geometric.HIGH),
    MbgNbd: (beta_geometric.LOW, beta_geometric.HIGH),
    ParetoNbd: (pareto_nbd.LOW, pareto_nbd.HIGH),
}


@dataclass(frozen=True, slots=True)
class _Task(Generic[M]):
    """The likelihoods of the segments, at parameters that their covariates shift."""

    model: type[M]
    parts: Sequence[Objective]
    kinds: FloatArray
    start: FloatArray
    low: FloatArray
    high: FloatArray
    n: float
    scales: FloatArray

    def shifts(self) -> FloatArray:
        """Return what each coefficient adds to each log parameter, shape (k, m)."""
        names, effects = self.model.names(), EFFECTS[self.model]
        matrix = np.zeros((len(names), len(effects)))
        for column, (name, sign) in enumerate(effects.items()):
            matrix[names.index(name), column] = sign
        return matrix

    def objective(self, spread: float) -> Objective:
        """Return the mean log-likelihood of all, less the penalty of the coefficients."""
        shifts, k = self.shifts(), len(self.start)

        def at(point: FloatArray) -> tuple[float, FloatArray]:
            gammas = point[k:].reshape(shifts.shape[1], -1)
            value, slope = 0.0, np.zeros(point.size)
            for part, z in zip(self.parts, self.kinds, strict=True):
                mean, gradient = part(point[:k] + shifts @ (gammas @ z))
                value += mean
                slope[:k] += gradient
                slope[k:] += np.outer(shifts.T @ gradient, z).ravel()
            if np.isfinite(spread):
                value -= float(point[k:] @ point[k:]) / (2 * spread**2 * self.n)
                slope[k:] -= point[k:] / (spread**2 * self.n)
            return value, slope

        return at

    def peak(self, spread: float, size: int) -> Peak:
        ends = np.full(size, FARTHEST)
        return climb(
            self.objective(spread),
            np.append(self.start, np.zeros(size)),
            np.append(self.low, -ends),
            np.append(self.high, ends),
            self.n,
        )

    def solved(self, told: float, constant: float, *, pooled: bool) -> CovariateFit[M]:
        k, m = self.shifts().shape
        p = self.kinds.shape[1]
        spread = self._likeliest_spread(m * p) if pooled else np.inf
        peak = self.peak(spread, m * p)
        none = replace(self, kinds=self.kinds[:, :0]).peak(np.inf, 0)
        errors = np.sqrt(np.diag(peak.covariance))[k:]
        errors = np.where(peak.edges[k:] | (errors == 0) | (errors > LOOSE), np.nan, errors)
        mean = self.objective(np.inf)(peak.logs)[0]
        return CovariateFit(
            self.model(*(np.exp(peak.logs[:k]) * self.scales).tolist()),
            tuple(EFFECTS[self.model]),
            peak.logs[k:].reshape(m, p),
            errors.reshape(m, p),
            mean * self.n + constant,
            none.mean * self.n + constant,
            round(self.n),
            spread,
            verdict(peak, told),
        )

    def _likeliest_spread(self, size: int) -> float:
        """Return the spread at which the data are likeliest, the coefficients integrated out.

        By Laplace's approximation around the peak of each.
        """

        def evidence(spread: float) -> float:
            peak = self.peak(spread, size)
            known = peak.covariance[-size:, -size:]
            _, log_volume = np.linalg.slogdet(known + 1e-12 * np.eye(size))
            return float(peak.mean * self.n + log_volume / 2 - size * np.log(spread))

        return max(SPREADS, key=evidence)
