"""How sure a total of orders is: what the data leave open of the parameters, and chance."""

import numpy as np

from xlclv.models.clock import Known
from xlclv.models.forecast import Scored
from xlclv.models.model import Fit, OrderModel

DRAWS, SEED = 100, 22
MANY_ORDERS = 2_000  # of which chance is a few percent


def doubt_of_orders(view: Known, orders: Fit[OrderModel], days: float) -> float:
    """Return the standard error of the orders expected of all within some days, as a fraction.

    By the delta method, on the logarithm.

    Args:
        view: The log on its clock.
        orders: Fitted to it on that clock.
        days: How far ahead.
    """
    scored = Scored(view, view.ahead([days]), np.ones(1))
    expected = scored.at(orders.params)[1] * view.rows.count
    if not expected.sum() > 0:
        return np.inf
    slope = scored.log_slopes(orders) @ expected / expected.sum()
    return float(np.sqrt(max(slope @ orders.covariance @ slope, 0.0)))


def chance_of_orders(view: Known, orders: Fit[OrderModel], days: float) -> float:
    """Return how far the orders of all may end from those expected by chance alone, drawn.

    A standard error, as a fraction; 0 where the orders are so many that it is a few percent.

    Args:
        view: As for `doubt_of_orders`.
        orders: The same.
        days: The same.
    """
    ahead = float(view.ahead(days))
    expected = float(orders.params.expected_orders(*view.columns, ahead) @ view.rows.count)
    if not expected > 0:
        return np.inf
    if expected >= MANY_ORDERS:
        return 0.0
    random = np.random.default_rng(SEED)
    x, last, age = (column[view.rows.place] for column in view.columns)
    draw = orders.params.drawn_orders
    drawn = [draw(random, x, last, age, ahead).sum() for _ in range(DRAWS)]
    return float(np.std(drawn)) / expected
