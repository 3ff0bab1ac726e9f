"""Which model of the orders: the likeliest of BG/NBD, MBG/NBD and Pareto/NBD."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.histories import tuples
from xlclv.models.model import Fit, OrderModel
from xlclv.models.pareto_nbd import ParetoNbd
from xlclv.terms import FloatArray

MODELS: Mapping[str, type[OrderModel]] = {model.NAME: model for model in (BgNbd, MbgNbd, ParetoNbd)}
BEST = "best"


@dataclass(frozen=True, slots=True)
class Choice:
    """The three models fitted to the same customers, likeliest first.

    Args:
        fits: By falling log-likelihood; all have four parameters, so by rising AIC too.
        weights: Akaike weights: the chance of each to be the nearest to the truth, shape (3,).
        vuong: Of each model against the likeliest, Vuong's z; below -1.96 the difference is
            more than chance, shape (3,); 0 for the first.
    """

    fits: tuple[Fit[OrderModel], ...]
    weights: FloatArray
    vuong: FloatArray

    @property
    def best(self) -> Fit[OrderModel]:
        """Return the likeliest fit that reached its peak."""
        return next((fit for fit in self.fits if fit.converged), self.fits[0])


def fit_orders(
    repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike, model: str = BgNbd.NAME
) -> Fit[OrderModel]:
    """Fit the model of that name, or the likeliest of the three for "best"."""
    if model == BEST:
        return choose(repeat_orders, recency, age).best
    return MODELS[model].fit(repeat_orders, recency, age)


def choose(
    repeat_orders: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    counts: ArrayLike | None = None,
) -> Choice:
    """Fit all three models and compare them.

    Args:
        repeat_orders: x, orders after the first, whole, >= 0, shape (n,).
        recency: t_x, time from the first to the last order, shape (n,).
        age: T, time from the first order to the day of the data, shape (n,), any unit.
        counts: Customers that each row stands for, shape (n,); left out: one.

    Raises:
        InputError: A row cannot be true.
        NotEnoughData: Nobody ordered twice.

    Source: Akaike weights as in Burnham & Anderson (2002), section 2.9; Vuong (1989),
    Econometrica 57, 307-333, for models of which none contains the other.
    """
    x, last, age_, weight = tuples(repeat_orders, recency, age, counts)
    fits = sorted(
        (model.fit(x, last, age_, weight) for model in MODELS.values()), key=lambda fit: fit.aic
    )
    behind = np.array([fit.aic for fit in fits]) - fits[0].aic
    weights = np.exp(-behind / 2)
    each = [fit.params.log_likelihood(x, last, age_) for fit in fits]
    vuong = [_vuong(other - each[0], weight) for other in each]
    return Choice(tuple(fits), weights / weights.sum(), np.array(vuong))


def _vuong(difference: FloatArray, weight: FloatArray) -> float:
    """Return the sum of differences over its standard error, 0 where nothing differs."""
    n = weight.sum()
    mean = (weight * difference).sum() / n
    spread = float(np.sqrt((weight * (difference - mean) ** 2).sum() / n))
    return float(mean * np.sqrt(n) / spread) if spread > 0 else 0.0
