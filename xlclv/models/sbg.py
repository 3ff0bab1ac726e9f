"""Shifted-beta-geometric: how long subscribers stay, from the counts still there each period.

Every customer has an own constant chance to leave at each renewal, from Beta(alpha, beta). The
sure ones remain, so retention rises with time, which a constant retention rate misses.

Source: Fader & Hardie (2007), How to Project Customer Retention, Journal of Interactive
Marketing 21, 76-90; Fader & Hardie (2010), Customer-Base Valuation in a Contractual Setting:
The Perils of Ignoring Heterogeneity, Marketing Science 29, 85-93.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError, NotEnoughData, UndefinedError
from xlclv.models.model import Fit, Model, fitted
from xlclv.models.optimise import climb
from xlclv.models.special import hyp2f1, log_beta
from xlclv.terms import FloatArray, numbers

LOW, HIGH = np.array([-9.0, -9.0]), np.array([9.0, 9.0])  # box of log alpha, log beta
LEAST_COUNTS = 3  # at the start and after two periods: two parameters need two rates


@dataclass(frozen=True, slots=True)
class ShiftedBetaGeometric(Model):
    """Parameters of the model, both > 0.

    Args:
        alpha: First shape of the chance to leave at a renewal.
        beta: Second shape: in the first period alpha / (alpha + beta) leave.

    >>> found = ShiftedBetaGeometric.fit([1000, 869, 743, 653, 593, 551, 517, 491]).params
    >>> round(found.alpha, 3), round(found.beta, 3)
    (0.668, 3.806)
    >>> found.survival([0, 1, 12]).round(3)
    array([1.   , 0.851, 0.378])
    """

    NAME = "sBG"

    alpha: float
    beta: float

    @classmethod
    def fit(cls, customers_left: ArrayLike) -> Fit[Self]:
        """Fit by maximum likelihood to one cohort.

        Args:
            customers_left: Customers at the start, then those still there after each period,
                shape (periods + 1,), whole, never rising.

        Returns:
            The estimates with standard errors, log-likelihood and a verdict; n is the cohort.

        Raises:
            InputError: A count is not whole or rises.
            NotEnoughData: Fewer than two periods, or nobody left.

        Source: Fader & Hardie (2007), appendix B.
        """
        (counts,) = numbers(customers_left=customers_left)
        rises = np.append(False, np.diff(counts) > 0)
        if rises.any():
            raise InputError("rising_left", rows=rises, name="customers_left", value=counts)
        if counts.size < LEAST_COUNTS:
            raise NotEnoughData("few_periods", size=counts.size)
        n, left = float(counts[0]), -np.diff(counts)
        if not left.any():
            raise NotEnoughData("nobody_left")
        peak = climb(Likelihood(left / n, counts[1:] / n), np.log([1.0, 2.0]), LOW, HIGH, n)
        return fitted(cls(*np.exp(peak.logs).tolist()), peak, n, n)

    def survival(self, periods: ArrayLike) -> FloatArray:
        """Return the share of a cohort still there after that many periods, shape (n,).

        S(t) = B(alpha, beta + t) / B(alpha, beta)

        Source: Fader & Hardie (2007), eq. (6).
        """
        alpha, beta = self
        (time,) = numbers(periods=periods)
        ever = np.where(np.isinf(time), 0.0, time)
        share = np.exp(log_beta(alpha, beta + ever) - log_beta(alpha, beta))
        return np.where(np.isinf(time), 0.0, share)

    def lifetime(self, discount_rate: ArrayLike) -> FloatArray:
        """Return the discounted expected lifetime of a new customer (DEL), periods, shape (n,).

        sum_{t>=0} S(t) / (1+d)^t = 2F1(1, beta; alpha + beta; 1/(1+d)); the first period counts 1.

        Args:
            discount_rate: d, per period, 0 to below 1.

        Raises:
            UndefinedError: d = 0 and alpha <= 1: the sum is infinite.

        Source: Fader & Hardie (2010), eq. (4).

        >>> float(ShiftedBetaGeometric(0.668, 3.806).lifetime(0.1).round(4))
        5.9226
        """
        alpha, beta = self
        (rate,) = numbers(discount_rate=discount_rate)
        return _sum_of_stays(alpha, np.asarray(beta), rate)

    def residual(self, renewals: ArrayLike, discount_rate: ArrayLike) -> FloatArray:
        """Return the discounted expected residual lifetime (DERL) before a renewal, shape (n,).

        Of a customer who has renewed `renewals` times, n = renewals + 1 periods old:

            sum_{t>=n} S(t) / S(n-1) / (1+d)^(t-n)
            = (beta+n-1) / (alpha+beta+n-1) 2F1(1, beta+n; alpha+beta+n; 1/(1+d))

        Args:
            renewals: Renewals made so far, whole, >= 0, shape (n,).
            discount_rate: d, per period, 0 to below 1.

        Raises:
            UndefinedError: d = 0 and alpha <= 1: the sum is infinite.

        Source: Fader & Hardie (2010), eq. (6).

        >>> ShiftedBetaGeometric(0.668, 3.806).residual([0, 6], 0.1).round(4)
        array([5.4149, 7.3451])
        """
        alpha, beta = self
        made, rate = numbers(renewals=renewals, discount_rate=discount_rate)
        kept = (beta + made) / (alpha + beta + made)
        return np.asarray(kept * _sum_of_stays(alpha, beta + made + 1, rate), float)


class Likelihood:
    """The mean log-likelihood as a function of log parameters.

    Of those there at the start of period t, alpha / (alpha + beta + t - 1) leave in it.
    """

    def __init__(self, left: FloatArray, stayed: FloatArray) -> None:
        self.left, self.stayed = left, stayed
        self.period = np.arange(left.size)  # t - 1

    def __call__(self, logs: FloatArray) -> tuple[float, FloatArray]:
        """Return the mean log-likelihood and its gradient in the logarithms."""
        alpha, beta = np.exp(logs)
        stay, both = beta + self.period, alpha + beta + self.period
        risk = self.left + self.stayed
        value = self.left.sum() * logs[0] + self.stayed @ np.log(stay) - risk @ np.log(both)
        at_risk = risk @ (1 / both)
        slope = np.array(
            [self.left.sum() - alpha * at_risk, beta * (self.stayed @ (1 / stay) - at_risk)]
        )
        return float(value), slope


def _sum_of_stays(alpha: float, beta: FloatArray, rate: FloatArray) -> FloatArray:
    """Return 2F1(1, beta; alpha + beta; 1/(1+rate)); Gauss's value at rate 0."""
    shape, rate = np.broadcast_arrays(beta, rate)
    endless = 1 + rate == 1  # also of a rate too small to be told from 0
    if endless.any() and alpha <= 1:
        raise UndefinedError(
            "endless_lifetime", rows=endless if endless.ndim else None, value=alpha
        )
    discount = 1 / (1 + np.where(endless, 1.0, rate))
    return np.where(
        endless,
        (alpha + shape - 1) / (alpha - 1) if alpha > 1 else 1.0,
        hyp2f1(1, shape, alpha + shape, discount),
    )
