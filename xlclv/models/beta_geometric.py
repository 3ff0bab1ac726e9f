"""BG/NBD and MBG/NBD: orders at random while alive, a chance to leave after an order.

While alive, a customer orders at a rate from Gamma(r, alpha); after an order the customer leaves
with a chance from Beta(a, b). BG/NBD lets nobody leave before the second order, so it calls a
customer with one order alive for ever; MBG/NBD lets them leave after the first one too, for shops
with many one-time buyers. A customer with x repeat orders has stayed x times in the one and x + 1
times in the other. `FIRST` is that 0 or 1; all formulas hold for both.

Source: Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24,
275-284, and their note 004; Batislam, Denizel & Filiztekin (2007), Empirical validation and
comparison of models for customer base analysis, International Journal of Research in Marketing
24, 201-209; Hoppe & Wagner (2007), Marketing - Journal of Research and Management 3, 75-90
(there: CBG/NBD).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import NotEnoughData
from xlclv.models.histories import blocks, checked, on_distinct, tuples
from xlclv.models.model import Fit, OrderModel, fitted
from xlclv.models.optimise import USUAL, climb, start_from
from xlclv.models.special import beta_share, digamma_rise, hyp2f1, log_beta, log_gamma
from xlclv.terms import FloatArray, numbers

# Box of log r, log alpha (of the mean age), log a, log b: from nobody to thousands of orders.
LOW = np.array([-12.0, -14.0, -12.0, -12.0])
HIGH = np.array([9.0, 18.0, 9.0, 9.0])
NOBODY_LEAVES, NEAR_ONE = 1e-3, 0.02  # a / (a + b) below it: P(alive) is 1 for all; of a
SERIES, SLOW_SERIES = 0.5, 0.97  # where the series takes up to 60 and up to 1,300 terms
SERIES_TERMS, CHECKED = 2000, 4
SMALLEST_CHANCE = 1e-12  # to leave after an order: nobody makes so many
TAIL = 40.0  # e^-40 is below the digits of a float
Some = Any  # a float, or an array of shape (n,)


@dataclass(frozen=True, slots=True)
class BetaGeometric(OrderModel):
    """Parameters of BG/NBD and MBG/NBD, all > 0.

    Args:
        r: Shape of the order rate across customers.
        alpha: Its scale, in the unit of age: the mean rate is r / alpha.
        a: First shape of the chance to leave after an order.
        b: Second shape: the mean chance is a / (a + b).
    """

    FIRST: ClassVar[int]

    r: float
    alpha: float
    a: float
    b: float

    @classmethod
    def fit(
        cls,
        repeat_orders: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        counts: ArrayLike | None = None,
        near: Self | None = None,
    ) -> Fit[Self]:
        """Fit by maximum likelihood.

        With B the beta function and f = FIRST,

            L = G(r+x) alpha^r / G(r) * B(a, b+x+f) / B(a, b)
                * [(alpha+T)^-(r+x) + a / (b+x+f-1) (alpha+t_x)^-(r+x) where x + f > 0]

        Source: note 004, eq. (6).
        """
        x, last, age_, weight = tuples(repeat_orders, recency, age, counts)
        n, repeaters = float(weight.sum()), float(weight[x > 0].sum())
        if not repeaters:
            raise NotEnoughData("nobody_ordered_twice")
        unit = float((weight * age_).sum()) / n  # so that days and weeks climb alike
        objective = Likelihood(x, last / unit, age_ / unit, weight / n, cls.FIRST)
        peak = climb(objective, start_from(USUAL, near, [1, unit, 1, 1]), LOW, HIGH, n)
        r, alpha, a, b = np.exp(peak.logs).tolist()
        noted = "all_alive" if a / (a + b) < NOBODY_LEAVES else ""
        constant = -float((weight * x).sum()) * float(np.log(unit))
        return fitted(cls(r, alpha * unit, a, b), peak, n, repeaters, noted, constant)

    def log_likelihood(
        self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> FloatArray:
        """Return the log-likelihood of each customer, shape (n,)."""
        r, alpha, a, b = self
        x, last, age_ = checked(repeat_orders, recency, age)
        here = log_gamma(r + x) - log_gamma(r) + r * np.log(alpha)
        here += log_beta(a, b + x + self.FIRST) - log_beta(a, b) - (r + x) * np.log(alpha + age_)
        return np.asarray(here + np.logaddexp(0, self._log_odds_left(x, last, age_)), float)

    def p_alive(self, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
        """Return the chance that each customer has not left yet, shape (n,).

        1 / (1 + a / (b + x + f - 1) ((alpha + T) / (alpha + t_x))^(r + x)); 1 without a chance
        to leave.

        Source: Fader, Hardie & Lee (2008), note 021, eq. (2).
        """
        log_odds = self._log_odds_left(*checked(repeat_orders, recency, age))
        # exp(700) is next to the largest float: beyond it the chance is 0 to every digit.
        return np.asarray(1 / (1 + np.exp(np.minimum(log_odds, 700))), float)

    def _log_odds_left(self, x: FloatArray, recency: FloatArray, age: FloatArray) -> FloatArray:
        """Return the logarithm of the odds that each customer has left, shape (n,)."""
        r, alpha, a, b = self
        chance_to_leave = x + self.FIRST > 0
        stayed = np.where(chance_to_leave, b + x + self.FIRST - 1, 1.0)
        log_odds = np.log(a / stayed) + (r + x) * np.log((alpha + age) / (alpha + recency))
        return np.where(chance_to_leave, log_odds, -np.inf)

    def orders_if_alive(
        self,
        repeat_orders: ArrayLike,
        age: ArrayLike,
        horizon: ArrayLike,
        stage: int = 0,  # noqa: ARG002 - orders at random have one
    ) -> FloatArray:
        """Return the orders expected within the horizon of a customer still here, shape (n,).

        Source: note 004, eq. (10).
        """

        def slow(count: FloatArray, since: FloatArray, ahead: FloatArray) -> FloatArray:
            ratio = ahead / (self.alpha + since)
            return _mean_orders(self.r + count, self.a, self.b + count + self.FIRST, ratio)

        return on_distinct(slow, repeat_orders, age, horizon)

    def drawn_orders(
        self,
        random: np.random.Generator,
        repeat_orders: FloatArray,
        recency: FloatArray,
        age: FloatArray,
        horizon: float,
    ) -> FloatArray:
        """Draw the orders of each customer within the horizon, shape (n,)."""
        count = np.zeros(repeat_orders.size)
        here = np.flatnonzero(random.random(count.size) < self.p_alive(repeat_orders, recency, age))
        x, since = repeat_orders[here], age[here]
        due = random.poisson(random.gamma(self.r + x, horizon / (self.alpha + since)))
        leave = np.maximum(random.beta(self.a, self.b + x + self.FIRST), SMALLEST_CHANCE)
        # Who leaves does so after an order, which counts.
        count[here] = np.minimum(due, random.geometric(leave))
        return count

    def probability(self, order_number: ArrayLike, horizon: ArrayLike) -> FloatArray:
        """Return the chance of exactly that many repeat orders of a new customer, shape (n,).

        Either still here after all of them, or left after the last one.

        Source: note 004, eq. (8).
        """
        r, alpha, a, b = self
        number, time = numbers(order_number=order_number, time_ahead=horizon)
        x, ahead = np.broadcast_arrays(number, time)
        z = ahead / (alpha + ahead)
        negative_binomial = log_gamma(r + x) - log_gamma(r) - log_gamma(x + 1) + r * np.log1p(-z)
        negative_binomial += np.where(x > 0, x * np.log(np.where(z > 0, z, 1)), 0)
        here = np.exp(log_beta(a, b + x + self.FIRST) - log_beta(a, b) + negative_binomial)
        here = np.where((z == 0) & (x > 0), 0.0, here)
        stayed = np.maximum(b + x + self.FIRST - 1, b)
        at_least = np.where(x > 0, beta_share(np.maximum(x, 1), r, z), 1.0)
        left = np.exp(log_beta(a + 1, stayed) - log_beta(a, b)) * at_least
        return here + np.where(x + self.FIRST > 0, left, 0.0)


@dataclass(frozen=True, slots=True)
class BgNbd(BetaGeometric):
    """Parameters of BG/NBD, the usual model: nobody leaves before the second order.

    >>> BgNbd.fit([2, 0, 1, 0, 5], [30, 0, 12, 0, 35], [39, 39, 38, 30, 37]).verdict
    'thin'
    >>> known = BgNbd(r=0.2425945, alpha=4.4136019, a=0.7929199, b=2.4258881)
    >>> round(float(known.p_alive(2, 30.43, 38.86)), 4)
    0.7266
    >>> round(float(known.expected_orders(2, 30.43, 38.86, 39)), 4)
    1.2259
    """

    NAME = "BG/NBD"
    FIRST = 0


@dataclass(frozen=True, slots=True)
class MbgNbd(BetaGeometric):
    """Parameters of MBG/NBD: a customer may leave after the first order too.

    >>> known = MbgNbd(r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> round(float(known.p_alive(0, 0, 38.86)), 4)
    0.3897
    >>> round(float(known.expected_orders(2, 30.43, 38.86, 39)), 2)
    1.26
    """

    NAME = "MBG/NBD"
    FIRST = 1


# --- likelihood -------------------------------------------------------------------------------


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


# --- mean orders ------------------------------------------------------------------------------


def _mean_orders(shape: FloatArray, a: float, stays: FloatArray, ratio: FloatArray) -> FloatArray:
    """Return the mean orders of a rate Gamma(shape, 1) and leaving Beta(a, stays) by `ratio`.

        (a + B - 1)/(a - 1) [1 - (1+y)^-A 2F1(A, B; a + B - 1; y/(1+y))]

    with A = shape, B = stays, y = ratio (note 004, eq. 10). As printed it overflows for hundreds
    of orders and fails at a = 1. Two transformations of the bracket, of Pfaff and of Euler, do
    neither: 1 - 2F1(A, a - 1; a + B - 1; -y) for short times, and for longer ones, with
    z = y/(1+y), 1 - (1-z)^(a-1) 2F1(a - 1, a + B - 1 - A; a + B - 1; z). Their series, divided by
    a - 1 term by term, have no fault at a = 1 at all.
    """
    part, bottom = ratio / (1 + ratio), a - 1 + stays
    # The most by which a term of either series can exceed the one before.
    slowest = ratio * np.maximum(1, (shape + 1) / (bottom + 1)) * max(1.0, a / 2)
    growth = np.maximum(1, np.abs(bottom - shape) / (bottom + 1)) * max(1.0, a / 2)
    # Next to a = 1 the function, less 1, over a - 1 has lost its digits; the series has not.
    limit = SLOW_SERIES if abs(a - 1) < NEAR_ONE else SERIES
    short = slowest < SERIES
    longer = ~short & (part * growth < limit)
    result = np.full(part.shape, np.nan)
    result[short] = _by_pfaff(shape[short], a - 1, stays[short], ratio[short])
    result[longer] = _by_euler(shape[longer], a - 1, stays[longer], part[longer])
    if abs(a - 1) >= NEAR_ONE:
        hard = ~short & ~longer
        result[hard] = _by_function(shape[hard], a - 1, stays[hard], part[hard])
    for at in np.flatnonzero(~np.isfinite(result) | (result < 0)):
        result[at] = _by_integral(float(shape[at]), a, float(stays[at]), float(ratio[at]))
    return result


def _by_pfaff(shape: FloatArray, e: float, stays: FloatArray, y: FloatArray) -> FloatArray:
    """Sum Pfaff's series times (e + B) / e; its terms at least halve."""

    def ratio(k: int, shape: Some, stays: Some, y: Some) -> Some:
        return -(shape + k) * (e + k) / ((e + stays + k) * (k + 1)) * y

    return _summed(shape * y, ratio, shape, stays, y)


def _by_euler(shape: FloatArray, e: float, stays: FloatArray, z: FloatArray) -> FloatArray:
    """Sum Euler's series times e + B; neither e = a - 1 = 0 nor e + B = 0 is a fault."""
    log_rest, bottom = np.log1p(-z), e + stays
    leading = -np.expm1(e * log_rest) / e if e else -log_rest
    top = bottom - shape

    def ratio(k: int, top: Some, bottom: Some, z: Some) -> Some:
        return (e + k) * (top + k) / ((bottom + k) * (k + 1)) * z

    total = _summed(top * z, ratio, top, bottom, z)
    return np.asarray(bottom * leading - np.exp(e * log_rest) * total, float)


def _summed(term: FloatArray, ratio: Callable[..., Some], *columns: FloatArray) -> FloatArray:
    """Sum a series by its first term and the ratio of term k + 1 to term k, of k and columns."""
    if term.size == 1:  # the same steps without arrays, which cost more than the steps
        return np.array([_sum(term.item(), ratio, *(column.item() for column in columns))])
    return np.asarray(_sum(term, ratio, *map(_shared, columns)), float)


def _sum(term: Some, ratio: Callable[..., Some], *columns: Some) -> Some:
    total = term
    for k in range(1, SERIES_TERMS):
        term = term * ratio(k, *columns)
        total = total + term
        if k % CHECKED:
            continue  # a few terms more than needed change no digit; a test costs as much as one
        small = abs(term) <= 1e-17 * abs(total)
        if small if isinstance(small, bool) else small.all():
            break
    return total


def _shared(column: FloatArray) -> Some:
    """Return the one number that all rows have, as a number; else the column."""
    return column[0].item() if column.size and (column == column[0]).all() else column


def _by_function(shape: FloatArray, e: float, stays: FloatArray, z: FloatArray) -> FloatArray:
    bottom = e + stays
    with np.errstate(all="ignore"):  # what overflows is taken up again by the integral
        scaled = np.exp(e * np.log1p(-z)) * hyp2f1(e, bottom - shape, bottom, z)
        return np.asarray(bottom / e * (1 - scaled), float)


def _by_integral(shape: float, a: float, stays: float, ratio: float) -> float:
    """Sum (1 - (1 + p y)^-A) / p over p from Beta(a, B), in equal steps of the logit of p.

    Such a sum is exact to every digit when the steps are short; the endless tails, where the
    terms fall like a geometric series, are added in closed form. Slow, and needed only where all
    shapes are large at once.
    """
    centre, width = float(np.log(a / stays)), float(np.sqrt(1 / a + 1 / stays))
    low = max(centre - TAIL * max(width, 1 / a), -TAIL - float(np.log1p(shape * ratio)))
    high = min(centre + TAIL * max(width, 1 / stays), TAIL)
    step = min(width, 0.5) / 16
    grid = np.arange(min(low, high), max(low, high) + 2 * step, step)
    chance = np.exp(-np.logaddexp(0, -grid))
    density = -a * np.logaddexp(0, -grid) - stays * np.logaddexp(0, grid)
    weight = np.exp(density - density.max())
    weight[0] /= -np.expm1(-a * step)
    weight[-1] /= -np.expm1(-stays * step)
    orders = -np.expm1(-shape * np.log1p(chance * ratio)) / chance
    return float((weight * orders).sum() / weight.sum())
