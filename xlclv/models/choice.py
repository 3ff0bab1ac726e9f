"""Which model of the orders: the likeliest of BG/NBD, MBG/NBD, Pareto/NBD and the regular ones."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.clock import Known
from xlclv.models.histories import tuples
from xlclv.models.model import Fit, OrderModel
from xlclv.models.pareto_nbd import ParetoNbd
from xlclv.models.regular import BgCnbd, MbgCnbd, Regular
from xlclv.terms import FloatArray

AT_RANDOM: Mapping[str, type[OrderModel]] = {
    model.NAME: model for model in (BgNbd, MbgNbd, ParetoNbd)
}
REGULAR: Mapping[str, type[Regular]] = {model.NAME: model for model in (BgCnbd, MbgCnbd)}
MODELS: Mapping[str, type[OrderModel]] = {**AT_RANDOM, **REGULAR}
BEST = "best"
HAIR = 1e-3  # of Akaike's criterion: less than the climbs leave, and nothing to choose by


@dataclass(frozen=True, slots=True)
class Choice:
    """The models fitted to the same customers, likeliest first.

    Args:
        fits: By rising AIC.
        weights: Akaike weights: the chance of each to be the nearest to the truth, shape of fits.
        vuong: Of each model against the likeliest, Vuong's z; below -1.96 the difference is
            more than chance, shape of fits; 0 for the first.
    """

    fits: tuple[Fit[OrderModel], ...]
    weights: FloatArray
    vuong: FloatArray

    @property
    def best(self) -> Fit[OrderModel]:
        """Return the likeliest fit that reached its peak."""
        return self.fits[0]


def fit_orders(
    repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike, model: str = BgNbd.NAME
) -> Fit[OrderModel]:
    """Fit the model of that name, or the likeliest for "best"."""
    if model == BEST:
        return choose(repeat_orders, recency, age).best
    return MODELS[model].fit(repeat_orders, recency, age)


def fit_known(
    view: Known, model: str = BgNbd.NAME, near: OrderModel | None = None
) -> Fit[OrderModel]:
    """Fit the model of that name, or the likeliest for "best", to a log on its clock.

    Args:
        view: The log on its clock.
        model: Name of a model of `MODELS`, or "best".
        near: Parameters of the same model of a similar log, to start from.

    Raises:
        NotEnoughData: Nobody ordered twice.
    """
    return _fit(view, model, near) if model != BEST else compared(view)[0]


def compared(view: Known) -> list[Fit[OrderModel]]:
    """Fit all models to a log on its clock, the likeliest first.

    Raises:
        NotEnoughData: Nobody ordered twice.
    """
    return _likeliest([_fit(view, name) for name in MODELS])


def refit(view: Known, near: OrderModel) -> Fit[OrderModel]:
    """Fit the model of these parameters to a log on its clock; a whole number in them stays.

    Args:
        view: The log on its clock.
        near: Parameters to start from.
    """
    if isinstance(near, Regular):
        gaps = view.log_gaps()
        return near.fit_with(near.stages, *view.columns, view.rows.count, near, gaps)
    return near.fit(*view.columns, view.rows.count, near)


def _fit(view: Known, name: str, near: OrderModel | None = None) -> Fit[OrderModel]:
    if name in REGULAR:
        start = near if isinstance(near, REGULAR[name]) else None
        return REGULAR[name].fit(*view.columns, view.rows.count, start, view.log_gaps())
    begin = near if isinstance(near, MODELS[name]) else None
    return MODELS[name].fit(*view.columns, view.rows.count, begin)


def _likeliest(fits: list[Fit[OrderModel]]) -> list[Fit[OrderModel]]:
    """Sort by Akaike's criterion, those that reached no peak last.

    A regular model of one stage is left out: it is one of the others under another name. Of models
    that say the same, as all do of customers who never leave, the simplest comes first.
    """
    kept = [fit for fit in fits if not (isinstance(fit.params, Regular) and fit.params.k == 1)]
    least = min((fit.aic for fit in kept if fit.converged), default=0.0) + HAIR
    return sorted(kept, key=lambda fit: (not fit.converged, max(fit.aic, least)))


def choose(
    repeat_orders: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    counts: ArrayLike | None = None,
) -> Choice:
    """Fit all models and compare them.

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
    fits = _likeliest([model.fit(x, last, age_, weight) for model in MODELS.values()])
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
