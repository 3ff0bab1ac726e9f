"""The likelihood of Pareto/NBD: see `pareto_nbd` for the model.

All of it is powers, but for one integral over the unknown day on which a customer left,

    s int_{t_x}^{T} (alpha + w)^-(r+x) (beta + w)^-(s+1) dw,

whose integrand is positive and smooth. Integrating it by Gauss-Legendre in logarithms neither
overflows (x >= 132 in other programs) nor subtracts two close numbers, and gives the exact
gradient and curvature along the way: they are means and covariances under the integrand.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlclv.models.histories import blocks
from xlclv.models.special import digamma_rise, log_gamma, trigamma
from xlclv.terms import FloatArray

Parameters = tuple[float, float, float, float]  # r, alpha, s, beta
DROPPED = 38.0  # e^-38 is below the digits of a float: the integral ends there
# How many nodes give every digit, up to which length of the interval, in logarithms, and up to
# which logarithm of what the integrand falls by in it; seen against four times as many nodes.
RULES = ((10, 1.0, 4.0), (16, 2.0, 14.0), (28, 4.0, 80.0), (40, np.inf, np.inf))


# --- the integral -----------------------------------------------------------------------------


class _Left(NamedTuple):
    """Chance to have left between t_x and T, against being here at t_x, and its parts.

    Under the integrand as a density of the day w of leaving, four things have a mean: A =
    log((alpha+w) / (alpha+t_x)), its slope (w-t_x) / (alpha+w), and the same two of beta.

    Args:
        log: Logarithm of s int ((alpha+t_x)/(alpha+w))^(r+x) ((beta+t_x)/(beta+w))^s dw/(beta+w).
        means: Of the four, shape (4, n).
        covariances: Of the four, shape (4, 4, n); empty where they were not asked for.
    """

    log: FloatArray
    means: FloatArray
    covariances: FloatArray


def log_left(params: Parameters, x: FloatArray, recency: FloatArray, age: FloatArray) -> FloatArray:
    """Return the log of the chance to have left by T against being here at t_x, shape (n,)."""
    return _left(params, x, recency, age).log


def _left(
    params: Parameters, x: FloatArray, recency: FloatArray, age: FloatArray, *, curved: bool = False
) -> _Left:
    """Integrate over u = log((c + w) / (c + t_x)), c the smaller of alpha and beta.

    So the integrand is resolved on the shorter of its two scales, however far apart they are;
    the far end is cut where nothing is left of it.
    """
    r, alpha, s, beta = params
    powers = r + x, np.full(x.shape, s + 1)
    a_first = alpha <= beta
    near, far = (alpha, beta) if a_first else (beta, alpha)
    near_power, far_power = powers if a_first else powers[::-1]
    ratio = (near + recency) / (far + recency)
    end = np.log1p((age - recency) / (near + recency))
    end = _cut(end, near_power, far_power, ratio)
    columns = 1 - near_power, far_power, ratio, end
    total, means = np.zeros(x.size), np.zeros((4, x.size))
    covariances = np.zeros((4, 4, x.size if curved else 0))
    for nodes, mine in _rules(*columns):
        terms, kinds = _integrand(nodes, *(column[mine] for column in columns))
        total[mine] = terms.sum(axis=1)
        terms /= total[mine, None]
        means[:, mine] = [_mean(terms, kind) for kind in kinds]
        if curved:
            covariances[:, :, mine] = _covariances(terms, kinds, means[:, mine])
    if not a_first:
        means, covariances = np.roll(means, 2, 0), np.roll(covariances, (2, 2), (0, 1))
    with np.errstate(divide="ignore"):  # nothing between t_x and T: log 0
        log = np.log(s / (beta + recency) * (near + recency) * end * total)
    return _Left(log, means, covariances)


def _cut(
    end: FloatArray, near_power: FloatArray, far_power: FloatArray, ratio: FloatArray
) -> FloatArray:
    """Return where either factor of the integrand has fallen by e^-38, at most `end`."""
    cut = np.minimum(end, DROPPED / np.maximum(near_power - 1, 1e-9))
    # du brings e^u in, which a near power below 1 does not make up for.
    needed = (DROPPED + np.maximum(1 - near_power, 0) * cut) / far_power
    return np.minimum(cut, np.log1p(np.expm1(np.minimum(needed, 600)) / ratio))


def _rules(
    rise: FloatArray, far_power: FloatArray, ratio: FloatArray, end: FloatArray
) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Yield how many nodes there have to be, and the rows for which so many do."""
    fall = np.abs(rise) * end + far_power * np.log1p(ratio * np.expm1(end))
    left = np.arange(end.size)
    for nodes, longest, steepest in RULES:
        will_do = (end[left] <= longest) & (fall[left] <= steepest)
        if will_do.any():
            yield nodes, left[will_do]
        left = left[~will_do]


def _integrand(
    nodes: int, rise: FloatArray, far_power: FloatArray, ratio: FloatArray, end: FloatArray
) -> tuple[FloatArray, tuple[FloatArray, ...]]:
    """Return the weighted integrand and the four of `_Left`, near ones first, (n, nodes) each."""
    places, weights = _gauss_legendre(nodes)
    log_near = end[:, None] * places
    near = np.expm1(log_near)
    far = ratio[:, None] * near
    log_far = np.log1p(far)
    terms = weights * np.exp(rise[:, None] * log_near - far_power[:, None] * log_far)
    return terms, (log_near, near / (1 + near), log_far, far / (1 + far))


@cache
def _gauss_legendre(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Return places and weights on 0 to 1."""
    places, weights = np.polynomial.legendre.leggauss(nodes)
    return (places + 1) / 2, weights / 2


def _mean(*factors: FloatArray) -> FloatArray:
    """Return the sums of the products of each row, shape (n,)."""
    term = ",".join(["ij"] * len(factors))
    return np.asarray(np.einsum(f"{term}->i", *factors), float)


def _covariances(terms: FloatArray, kinds: tuple[FloatArray, ...], means: FloatArray) -> FloatArray:
    found = np.zeros((4, 4, len(terms)))
    for row, kind in enumerate(kinds):
        weighted = terms * kind
        for column, other in enumerate(kinds[: row + 1]):
            covariance = _mean(weighted, other) - means[row] * means[column]
            found[row, column] = found[column, row] = covariance
    return found


# --- likelihood -------------------------------------------------------------------------------


class Likelihood:
    """The mean log-likelihood of weighted tuples as a function of log parameters."""

    def __init__(
        self, x: FloatArray, recency: FloatArray, age: FloatArray, weight: FloatArray
    ) -> None:
        self.blocks = blocks(x, recency, age, weight)
        self.kinds, place = np.unique(x, return_inverse=True)
        self.of_kind = np.bincount(place, weight)

    def __call__(self, logs: FloatArray) -> tuple[float, FloatArray]:
        """Return the mean log-likelihood and its gradient in the logarithms."""
        r, alpha, s, beta = np.exp(logs).tolist()
        value = float(self.of_kind @ (log_gamma(r + self.kinds) - log_gamma(r)))
        slope = np.zeros(4)
        slope[0] = self.of_kind @ digamma_rise(r, self.kinds)
        for *history, weight in self.blocks:
            times = _Times((r, alpha, s, beta), *history)
            value += float(weight @ times.log)
            slope += times.slopes @ weight
        return value, slope * np.exp(logs)

    def curvature(self, logs: FloatArray) -> FloatArray:
        """Return minus the second derivatives in the logarithms, shape (4, 4)."""
        r, alpha, s, beta = np.exp(logs).tolist()
        bend, slope = np.zeros((4, 4)), np.zeros(4)
        slope[0] = self.of_kind @ digamma_rise(r, self.kinds)
        bend[0, 0] = self.of_kind @ (trigamma(r + self.kinds) - trigamma(r))
        for *history, weight in self.blocks:
            times = _Times((r, alpha, s, beta), *history, curved=True)
            slope += times.slopes @ weight
            bend += times.bends(weight)
        values = np.exp(logs)
        return np.asarray(-(bend * np.outer(values, values) + np.diag(slope * values)), float)


class _Times:
    """What the times add to the log-likelihood of each customer, and its derivatives.

    The log of being here at T and of having left before, added up, both relative to being here
    at t_x, and of being here at t_x.
    """

    def __init__(
        self,
        params: Parameters,
        x: FloatArray,
        recency: FloatArray,
        age: FloatArray,
        *,
        curved: bool = False,
    ) -> None:
        r, alpha, s, beta = self.params = params
        self.shape = r + x
        self.since = alpha + recency, beta + recency
        self.until = alpha + age, beta + age
        self.fall = [np.log(a / b) for a, b in zip(self.since, self.until, strict=True)]
        self.left = _left(params, x, recency, age, curved=curved)
        here = self.shape * self.fall[0] + s * self.fall[1]
        both = np.logaddexp(here, self.left.log)
        self.log_start = np.log(alpha / self.since[0]), np.log(beta / self.since[1])
        start = r * self.log_start[0] - x * np.log(self.since[0]) + s * self.log_start[1]
        self.log = both + start
        self.share_here, self.share_left = np.exp(here - both), np.exp(self.left.log - both)

    @property
    def slopes(self) -> FloatArray:
        """Return the derivatives of `log` to the parameters, shape (4, n)."""
        r, alpha, s, beta = self.params
        of_here, of_left = self._slopes()
        start = np.array(
            [
                self.log_start[0],
                r / alpha - self.shape / self.since[0],
                self.log_start[1],
                s / beta - s / self.since[1],
            ]
        )
        return np.asarray(self.share_here * of_here + self.share_left * of_left + start)

    def _slopes(self) -> tuple[FloatArray, FloatArray]:
        """Return those of being here at T and of having left, both against t_x."""
        s, (since_a, since_b), (until_a, until_b) = self.params[2], self.since, self.until
        of_here = (
            self.fall[0],
            self.shape * (1 / since_a - 1 / until_a),
            self.fall[1],
            s * (1 / since_b - 1 / until_b),
        )
        log_a, slope_a, log_b, slope_b = self.left.means
        of_left = (
            -log_a,
            self.shape * slope_a / since_a,
            1 / s - log_b,
            ((s + 1) * slope_b - 1) / since_b,
        )
        return np.array(of_here), np.array(of_left)

    def bends(self, weight: FloatArray) -> FloatArray:
        """Return the second derivatives of the weighted sum of `log`, shape (4, 4)."""
        s, (since_a, since_b) = self.params[2], self.since
        here, left = weight * self.share_here, weight * self.share_left
        of_here, of_left = self._slopes()
        apart = of_here - of_left
        bend = (here * self.share_left * apart) @ apart.T
        one = np.ones(since_a.size)
        factor = np.array([-one, self.shape / since_a, -one, (s + 1) / since_b])
        bend += np.einsum("ijn,in,jn,n->ij", self.left.covariances, factor, factor, left)
        for part, power in enumerate((self.shape, s * one)):
            own = slice(2 * part, 2 * part + 2)
            bend[own, own] += self._own_bends(part, power, (weight, here, left))
        bend[2, 2] -= left.sum() / s**2
        return bend

    def _own_bends(
        self, part: int, power: FloatArray, weights: tuple[FloatArray, FloatArray, FloatArray]
    ) -> FloatArray:
        """Return what is bent of itself in r and alpha, part 0, or in s and beta, part 1."""
        (weight, here, left), at = weights, 2 * part
        start, scale = self.params[at : at + 2]
        since, until = self.since[part], self.until[part]
        slope = self.left.means[at + 1]
        square = self.left.covariances[at + 1, at + 1] + slope**2
        mixed = weight @ (1 / scale - 1 / since)
        mixed += here @ (1 / since - 1 / until) + left @ (slope / since)
        own = weight @ (power / since**2 - start / scale**2)
        own += here @ (power / until**2 - power / since**2)
        # Of those who left, the day itself adds 1 to the power of beta.
        own += left @ (((power + part) * (square - 2 * slope) + part) / since**2)
        return np.array([[0.0, mixed], [mixed, own]])
