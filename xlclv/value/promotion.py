"""CLV where keeping a customer costs a promotion of its own. Estimates: float."""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import UndefinedError
from xlclv.terms import FloatArray, numbers
from xlclv.value.retention import geometric_sum


def promotion_clv(
    period_margin: ArrayLike,
    promotion_cost: ArrayLike,
    retention: ArrayLike,
    discount_rate: ArrayLike = 0,
    periods: ArrayLike = np.inf,
) -> FloatArray:
    """CLV of a customer kept by a promotion that costs money every period (Berger-Nasr).

    The first margin comes at once, the promotion half a period after each margin. Rates are per
    period; periods counts those after the first margin.

        GC sum_{i=0}^{n} (r/(1+d))^i - M sum_{i=1}^{n} r^(i-1) / (1+d)^(i-1/2)

    Args:
        period_margin: GC, money per period, shape (n,) or one number, as all arguments.
        promotion_cost: M, money per customer and period.
        retention: r, 0 to 1 per period.
        discount_rate: d, per period, 0 to below 1.
        periods: n, periods after the first margin, >= 0; left out: for ever.

    Returns:
        Money, shape (n,).

    Raises:
        InputError: A value is outside the range above.
        UndefinedError: r = 1 and d = 0 for ever: the sum is infinite.

    Source: Berger & Nasr (1998), Customer Lifetime Value: Marketing Models and Applications,
    Journal of Interactive Marketing 12, 17-30, case 1.

    >>> float(promotion_clv(260, 50, 0.75, 0.2, 10).round(2))
    568.78
    """
    margin, cost, kept, rate, count = numbers(
        period_margin=period_margin,
        promotion_cost=promotion_cost,
        retention=retention,
        discount_rate=discount_rate,
        periods=periods,
    )
    ratio = kept / (1 + rate)
    endless = (ratio == 1) & np.isinf(count)
    if endless.any():
        raise UndefinedError("endless_sum", rows=endless if endless.ndim else None)
    promotions = geometric_sum(ratio, count) / np.sqrt(1 + rate)
    return margin * geometric_sum(ratio, count + 1) - cost * promotions
