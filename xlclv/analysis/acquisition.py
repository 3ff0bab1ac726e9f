"""What customers bring for what it cost to win them. Estimates: float."""

from dataclasses import dataclass

import numpy as np

from xlclv.customers.people import People

MONTHS = 12
DIGITS = 2


@dataclass(frozen=True, slots=True)
class Payback:
    """Of the customers whose cost is known, together.

    Args:
        ratio: Value of a customer over the cost to win one (LTV : CAC).
        months: Cost to win a customer over the profit of a month; NaN where that is not above 0.
    """

    ratio: float
    months: float


def payback(everybody: People) -> Payback | None:
    """Compare value with acquisition cost; None where no cost is known.

    The value of a customer is profit to date and predicted value; where there is no forecast, the
    simple CLV before acquisition cost. The profit of a month is that of the customer's usual year
    over twelve.
    """
    if everybody.predicted is None:
        value = everybody.clv + everybody.acq_cost
    else:
        value = everybody.profit + everybody.predicted
    yearly = everybody.avg_value * everybody.per_year * everybody.margin
    counted = (everybody.acq_cost > 0) & ~np.isnan(value) & ~np.isnan(yearly)
    cost = float(everybody.acq_cost[counted].sum())
    if not cost:
        return None
    monthly = float(yearly[counted].sum()) / MONTHS
    months = cost / monthly if monthly > 0 else np.nan
    return Payback(round(float(value[counted].sum()) / cost, DIGITS), round(months, DIGITS))
