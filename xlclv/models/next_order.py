"""When each customer is expected to order next, and how far apart the orders usually lie.

Both are of a customer who is still here, from the same fit as the forecast. Given the past, the
rate of stages is Gamma(r + k x + j, alpha + T) after j of the k stages of the next order:

    usual gap = k / E[rate] = k (alpha + T) / (r + k x)
    time to the next order = (k - j) / E[rate | j], weighed by the chance of each j
"""

from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import NO_DAY
from xlclv.errors import InputError
from xlclv.models.clock import Known
from xlclv.models.model import Fit, OrderModel
from xlclv.models.parts import Blend
from xlclv.terms import DateArray, FloatArray

TINY = 1e-300
FARTHEST = 20_000.0  # days ahead, half a century: who orders more rarely is not waited for


@dataclass(frozen=True, slots=True)
class NextOrders:
    """The next order of n customers, if they are still customers.

    Args:
        day: Day on which it is expected, shape (n,); NaT beyond half a century.
        gap: Usual days between two orders, shape (n,).
    """

    day: DateArray
    gap: FloatArray


def next_orders(view: Known, orders: Fit[OrderModel]) -> NextOrders:
    """Expect the next order of each customer of a log.

    Args:
        view: The log on the clock of the fit.
        orders: Fit of the orders; any model whose rate has a shape r and a scale alpha.

    Raises:
        InputError: The model has no such rate.
    """
    time, gap = _time_and_gap(orders.params, *view.columns)
    place = view.rows.place
    return NextOrders(_days(view, time)[place], gap[place])


def _time_and_gap(
    params: OrderModel, x: FloatArray, recency: FloatArray, age: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the time to the next order and the usual gap, shape (n,) each."""
    if isinstance(params, Blend):
        alive = [part.p_alive(x, recency, age) for part in params.parts]
        total = np.maximum(sum(alive), TINY)
        each = [_time_and_gap(part, x, recency, age) for part in params.parts]
        time, gap = (
            sum(chance / total * found for chance, found in zip(alive, both, strict=True))
            for both in zip(*each, strict=True)
        )
        return np.asarray(time, float), np.asarray(gap, float)
    time, gap = np.zeros(x.shape), np.zeros(x.shape)
    for part, mine in params.parts_of(age):
        found = _of_rate(part, x[mine], recency[mine], age[mine])
        time[mine], gap[mine] = found
    return time, gap


def _of_rate(
    params: OrderModel, x: FloatArray, recency: FloatArray, age: FloatArray
) -> tuple[FloatArray, FloatArray]:
    names = params.names()
    if not {"r", "alpha"} <= set(names):
        raise InputError("no_parameter", model=params.NAME, name="r", function="CLV_FIT")
    r, alpha = (dict(zip(names, params, strict=True))[name] for name in ("r", "alpha"))
    k = params.stages
    time = sum(
        chance * (k - stage) * (alpha + age) / (r + k * x + stage)
        for stage, chance in enumerate(params.stage_chances(x, recency, age))
    )
    return np.asarray(time, float), k * (alpha + age) / (r + k * x)


def _days(view: Known, time: FloatArray) -> DateArray:
    """Return the days on which so much time of the clock is over, shape of time."""
    longest = min(float(time.max(initial=1.0)) * 4 + 400, FARTHEST)
    ahead = np.arange(int(longest) + 1)
    days = np.interp(time, view.ahead(ahead), ahead, right=np.nan)
    known = np.isfinite(days)
    result = np.full(time.shape, NO_DAY)
    result[known] = (view.summary.as_of + np.ceil(days[known]).astype(np.int64)).astype("M8[D]")
    return result
