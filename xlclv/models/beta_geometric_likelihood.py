"""The likelihood of BG/NBD and MBG/NBD: see `beta_geometric` for the models."""

import numpy as np

from xlclv.models.histories import blocks
from xlclv.models.special import digamma_rise, log_beta, log_gamma, trigamma
from xlclv.terms import FloatArray


class Likelihood:
    """The mean log-likelihood of weighted tuples as a function of log parameters.

    Everything that depends on x alone is summed over the distinct x; the rest is one pass over
    the tuples. Who cannot have left has no second term.
    """

    def __init__(
        self, x: FloatArray, recency: FloatArray, age: FloatArray, weight: FloatArray, first: int
    ) -> None:
        self.first = first
        self.kinds, place = np.unique(x, return_inverse=True)
        self.of_kind = np.bincount(place, weight)
        may_have_left = (x > 0) | (first > 0)
        self.staying = blocks(age[~may_have_left], weight[~may_have_left])
        self.rest = blocks(*(column[may_have_left] for column in (x, recency, age, weight)))

    def __call__(self, logs: FloatArray) -> tuple[float, FloatArray]:
        """Return the mean log-likelihood and its gradient in the logarithms."""
        params = np.exp(logs)
        value, slope = self._of_counts(*params)
        for age, weight in self.staying:
            until = params[1] + age
            logs = weight @ np.log(until)
            value -= params[0] * logs
            slope[:2] -= logs, params[0] * (weight @ (1 / until))
        for block in self.rest:
            part, part_slope = _of_times(params, self.first, *block)
            value, slope = value + part, slope + part_slope
        return float(value), slope * params

    def curvature(self, logs: FloatArray) -> FloatArray:
        """Return minus the second derivatives in the logarithms, shape (4, 4)."""
        params = np.exp(logs)
        bend = self._bend_of_counts(*params)
        for age, weight in self.staying:
            until = params[1] + age
            mixed = weight @ (1 / until)
            bend[:2, :2] -= [[0, mixed], [mixed, -params[0] * (weight @ until**-2)]]
        for block in self.rest:
            bend += _bend_of_times(params, self.first, *block)
        slope = self(logs)[1]
        return np.asarray(-(bend * np.outer(params, params) + np.diag(slope)), float)

    def _bend_of_counts(self, r: float, alpha: float, a: float, b: float) -> FloatArray:
        """Return the second derivatives of what `_of_counts` sums."""
        x, weight = self.kinds, self.of_kind
        steps = x + self.first
        n = weight.sum()
        bend = np.zeros((4, 4))
        bend[0, 0] = weight @ (trigamma(r + x) - trigamma(r))
        bend[0, 1] = bend[1, 0] = n / alpha
        bend[1, 1] = -n * r / alpha**2
        bend[2:, 2:] = weight @ (trigamma(a + b) - trigamma(a + b + steps))
        bend[3, 3] += weight @ (trigamma(b + steps) - trigamma(b))
        return bend

    def _of_counts(self, r: float, alpha: float, a: float, b: float) -> tuple[float, FloatArray]:
        """Sum the factors that depend on the number of orders alone."""
        x, weight = self.kinds, self.of_kind
        steps = x + self.first
        stays = b + steps
        value = log_gamma(r + x) - log_gamma(r) + r * np.log(alpha)
        value += log_beta(a, stays) - log_beta(a, b)
        both = -digamma_rise(a + b, steps)
        return float(weight @ value), np.array(
            [
                weight @ (digamma_rise(r, x) + np.log(alpha)),
                weight.sum() * r / alpha,
                # The beta function of a, stays also holds gamma(a), which log_beta(a, b) takes off.
                weight @ both,
                weight @ (both + digamma_rise(b, steps)),
            ]
        )


def _of_times(
    params: FloatArray,
    first: int,
    x: FloatArray,
    recency: FloatArray,
    age: FloatArray,
    weight: FloatArray,
) -> tuple[float, FloatArray]:
    """Add up being here still and having left after the last order.

    log of (alpha + T)^-(r+x) + c (alpha + t_x)^-(r+x), with c = a / (b + x + first - 1).
    """
    r, alpha, a, b = params
    shape = r + x
    since, until = alpha + recency, alpha + age
    log_since = np.log(since)
    log_ratio = log_since - np.log(until)
    here = np.exp(shape * log_ratio)
    left = a / (b + x + (first - 1))
    total = here + left
    share = weight / total
    share_here, share_left = share * here, share * left
    value = weight @ (np.log(total) - shape * log_since)
    return float(value), np.array(
        [
            share_here @ log_ratio - weight @ log_since,
            (share_here * shape) @ (1 / since - 1 / until) - (weight * shape) @ (1 / since),
            share_left.sum() / a,
            -(share_left @ left) / a,
        ]
    )


def _bend_of_times(
    params: FloatArray,
    first: int,
    x: FloatArray,
    recency: FloatArray,
    age: FloatArray,
    weight: FloatArray,
) -> FloatArray:
    """Return the second derivatives of what `_of_times` adds up."""
    r, alpha, a, b = params
    shape = r + x
    since, until = alpha + recency, alpha + age
    log_ratio = np.log(since / until)
    here = np.exp(shape * log_ratio)
    stays = b + x + (first - 1)
    total = here + a / stays
    part_left = a / stays / total
    share_here, share_left = weight * here / total, weight * part_left
    shorter = 1 / since - 1 / until
    apart = np.array([log_ratio, shape * shorter, np.full(x.size, -1 / a), 1 / stays])
    bend = (share_here * part_left * apart) @ apart.T
    mixed = share_here @ shorter - weight @ (1 / since)
    own = (share_here * shape) @ (until**-2 - since**-2) + (weight * shape) @ since**-2
    bend[:2, :2] += [[0, mixed], [mixed, own]]
    bend[2, 2] -= share_left.sum() / a**2
    bend[3, 3] += share_left @ stays**-2
    return np.asarray(bend, float)
