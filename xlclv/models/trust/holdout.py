"""Would the model have been right? Fit on the first part of a log, compare with the rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import NotEnoughData
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.choice import fit_known
from xlclv.models.clock import known
from xlclv.models.histories import Summary, summarise
from xlclv.models.model import Fit, OrderModel
from xlclv.terms import DAYS_PER_MONTH, FloatArray, Frame, IntArray

LAST_CLASS = 7  # repeat orders; the last class holds all with as many or more, as in print


@dataclass(frozen=True, slots=True)
class Holdout:
    """How the first part of a log foretold the rest.

    Args:
        orders: Fit on the first part.
        summary: Of the first part.
        actual: Orders of each customer in the rest, shape (n,).
        expected: Orders foretold, shape (n,).
        by_frequency: Columns repeat_orders (0 to 6, then 7 and more), customers, actual and
            expected mean orders in the rest; classes without customers are left out.
        by_month: Columns month, actual and expected orders of all up to its end.
    """

    orders: Fit[OrderModel]
    summary: Summary
    actual: FloatArray
    expected: FloatArray
    by_frequency: Frame
    by_month: Frame

    @property
    def error(self) -> float:
        """Return how far the total was off, as a fraction of the actual one; inf against 0."""
        actual = float(self.actual.sum())
        off = float(self.expected.sum()) - actual
        return off / actual if actual else np.inf


def holdout(
    customer: ArrayLike, day: ArrayLike, split: int, as_of: int, model: str = BgNbd.NAME
) -> Holdout:
    """Fit up to the day `split` and foretell the orders from there to `as_of`.

    Only customers of the first part count: nobody can foretell who comes new.

    Args:
        customer: Number of the customer of each order, whole, from 0, shape (n,).
        day: Day of each order, days since 1970-01-01, shape (n,).
        split: Last day of the first part.
        as_of: Last day of the rest.
        model: "BG/NBD", "MBG/NBD", "Pareto/NBD" or "best".

    Raises:
        NotEnoughData: One of the parts has no order, or nobody ordered twice in the first.

    Source: table and chart as in Fader, Hardie & Lee (2005), Marketing Science 24, figure 4.
    """
    who, when = np.asarray(customer, np.int64), np.asarray(day, np.int64)
    if not (when <= split).any():
        raise NotEnoughData("no_orders_before", day=_iso(split))
    if not ((when > split) & (when <= as_of)).any():
        raise NotEnoughData("no_orders_after", day=_iso(split))
    summary = summarise(who, when, np.zeros(who.size), split)
    fit = fit_known(known(summary), model)
    actual_days, owner = _rest(who, when, split, as_of, summary.customer)
    actual = np.bincount(owner, minlength=summary.customer.size).astype(float)
    history = summary.frequency, summary.recency, summary.age
    expected = fit.params.expected_orders(*history, as_of - split)
    months = _by_month(fit.params, summary, actual_days - split, as_of - split)
    return Holdout(
        fit,
        summary,
        actual,
        expected,
        _by_frequency(summary.frequency, actual, expected),
        months,
    )


def _iso(day: int) -> str:
    return str(np.datetime64(day, "D"))


def _rest(
    who: IntArray, when: IntArray, split: int, as_of: int, customers: IntArray
) -> tuple[IntArray, IntArray]:
    """Return day and position of the customer of each order in the rest, one per day."""
    in_rest = (when > split) & (when <= as_of)
    width = as_of - split
    keys = np.unique(who[in_rest] * width + (when[in_rest] - split - 1))
    owner = keys // width
    place = np.minimum(np.searchsorted(customers, owner), customers.size - 1)
    known = customers[place] == owner
    return (keys - owner * width + split + 1)[known], place[known].astype(np.int64)


def _by_frequency(frequency: IntArray, actual: FloatArray, expected: FloatArray) -> Frame:
    kind = np.minimum(frequency, LAST_CLASS)
    size = np.bincount(kind)
    used = np.flatnonzero(size)
    return {
        "repeat_orders": used.astype(float),
        "customer_count": size[used].astype(float),
        "actual": np.bincount(kind, actual)[used] / size[used],
        "expected": np.bincount(kind, expected)[used] / size[used],
    }


def _by_month(params: OrderModel, summary: Summary, days: IntArray, length: int) -> Frame:
    """Sum up all orders by the end of each month after the split; the last month may be short."""
    whole = np.arange(1, int(np.ceil(length / DAYS_PER_MONTH)) + 1)
    ends = np.minimum(whole * DAYS_PER_MONTH, length)
    history = summary.frequency, summary.recency, summary.age
    return {
        "month": ends / DAYS_PER_MONTH,
        "actual": np.searchsorted(np.sort(days), ends, side="right").astype(float),
        "expected": np.array([params.expected_orders(*history, end).sum() for end in ends]),
    }
