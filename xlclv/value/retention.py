"""CLV from a constant retention rate. Estimates: float."""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import UndefinedError
from xlclv.terms import BoolArray, FloatArray, numbers


def retention_clv(
    period_margin: ArrayLike,
    retention: ArrayLike,
    discount_rate: ArrayLike = 0,
    periods: ArrayLike = np.inf,
    first_certain: BoolArray | bool = True,  # noqa: FBT001, FBT002 - a cell argument has a position
) -> FloatArray:
    """CLV of a customer kept with the same probability every period (retention model).

    first_certain TRUE: the first margin is sure and comes at once, m(1+d)/(1+d-r);
    FALSE: it comes after the first renewal, m r/(1+d-r). Rates are per period.

    For the third textbook convention, m/(1+d-r) (sure, but at the end of the first period),
    divide the first by 1+d. With `periods` n the sums stop after n margins.

    Args:
        period_margin: m, money per period, shape (n,) or one number, as all arguments.
        retention: r, 0 to 1 per period.
        discount_rate: d, per period, 0 to below 1.
        periods: Number of margins counted, >= 0; left out: for ever.
        first_certain: Which convention.

    Returns:
        Money, shape (n,).

    Raises:
        InputError: A value is outside the range above.
        UndefinedError: r = 1 and d = 0 for ever: the sum is infinite.

    Source: Fader & Hardie (2012), note 024, Reconciling CLV Formulas; margin multiple r/(1+d-r)
    of Gupta & Lehmann (2003).

    >>> retention_clv(100, 0.8, 0.1, first_certain=[True, False]).round(4)
    array([366.6667, 266.6667])
    """
    margin, kept, rate, count = numbers(
        period_margin=period_margin,
        retention=retention,
        discount_rate=discount_rate,
        periods=periods,
    )
    ratio = kept / (1 + rate)
    endless = (ratio == 1) & np.isinf(count)
    if endless.any():
        raise UndefinedError("endless_sum", rows=endless if endless.ndim else None)
    start = np.where(np.asarray(first_certain, bool), 1.0, ratio)
    return margin * start * geometric_sum(ratio, count)


def geometric_sum(ratio: FloatArray, count: FloatArray) -> FloatArray:
    """Return 1 + q + ... + q^(n-1) for n terms, 0 <= q <= 1; n may be infinite if q < 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = np.log(ratio)
        decay = np.where(count == 0, 0.0, -np.expm1(np.where(count == 0, 0.0, count) * log_ratio))
        total = decay / (1 - ratio)
    return np.where(ratio == 1, count, total)
