"""What decides a tier: the choices of the term `measure`."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

import numpy as np

from xlclv.codes import by_code, said
from xlclv.customers.orders import CENTS, NO_ORDER, Orders
from xlclv.customers.people import People
from xlclv.customers.windows import Window
from xlclv.errors import InputError
from xlclv.terms import DateArray, FloatArray, IntArray

Events = tuple[IntArray, DateArray, IntArray]


class Measure(ABC):
    """A number of each customer, on which thresholds are set."""

    @property
    @abstractmethod
    def code(self) -> str:
        """Return the choice of the term `measure` that stands for it."""

    @property
    @abstractmethod
    def counts(self) -> bool:
        """Say whether it is a count, which has a singular."""

    @property
    @abstractmethod
    def of_points(self) -> bool:
        """Say whether only the ledger knows it."""

    @abstractmethod
    def values(
        self, everybody: People, window: Window, points_earned: FloatArray | None
    ) -> FloatArray:
        """Return it for each customer on the day, NaN where it is not known, shape (k,).

        Args:
            everybody: The customers.
            window: The time that counts.
            points_earned: Points earned in that time, where that is known, shape (k,).

        Raises:
            InputError: It counts points, of which nothing is known.
        """

    @abstractmethod
    def entry(self, window: Window) -> str:
        """Return the key of the text about reaching a threshold."""


class OrderMeasure(Measure):
    """What orders tell for any day, so that tiers can be replayed."""

    of_points = False

    @property
    @abstractmethod
    def unit(self) -> int:
        """Return how many whole numbers make one of it: cents in money, or 1."""

    @abstractmethod
    def events(self, orders: Orders) -> Events:
        """Return customer, day and whole amount of all that changes it, the orders last."""


@dataclass(frozen=True, slots=True)
class Clv(Measure):
    """The CLV: known for one day only."""

    code = "CLV"
    counts = False
    of_points = False

    def values(
        self, everybody: People, window: Window, points_earned: FloatArray | None
    ) -> FloatArray:
        """Return the CLV; it looks ahead, so no window counts."""
        del window, points_earned
        return everybody.clv

    def entry(self, window: Window) -> str:
        """Return "from a CLV of"."""
        del window
        return "tiers.entry.clv"


@dataclass(frozen=True, slots=True)
class PredictedValue(Measure):
    """The profit expected in the months ahead: known for one day only, and by a forecast only."""

    code = "Predicted value"
    counts = False
    of_points = False

    def values(
        self, everybody: People, window: Window, points_earned: FloatArray | None
    ) -> FloatArray:
        """Return what the forecast says; it looks ahead, so no window counts.

        Raises:
            InputError: There is no forecast to decide by.
        """
        del window, points_earned
        if everybody.predicted is None:
            raise InputError("no_prediction", value=said("measure", self))
        return everybody.predicted

    def entry(self, window: Window) -> str:
        """Return "from a predicted value of"."""
        del window
        return "tiers.entry.predicted"


@dataclass(frozen=True, slots=True)
class NetSpend(OrderMeasure):
    """Money spent, net of refunds, in a window.

    A refund that names no order lowers it on its own day, before the orders of that day.
    """

    code = "Net spend"
    counts = False
    unit = CENTS

    def values(
        self, everybody: People, window: Window, points_earned: FloatArray | None
    ) -> FloatArray:
        """Return the money."""
        del points_earned
        return everybody.spend(window)

    def events(self, orders: Orders) -> Events:
        """Return refunds without an order, then the orders, in cents."""
        stray = orders.line_order == NO_ORDER
        return (
            np.concatenate([orders.line_customer[stray], orders.customer]),
            np.concatenate([orders.line_day[stray], orders.day]),
            np.concatenate([np.minimum(orders.line_cents[stray], 0), orders.cents]),
        )

    def entry(self, window: Window) -> str:
        """Return "net spend in 12 months"."""
        return f"tiers.entry.spend_{window.key}"


@dataclass(frozen=True, slots=True)
class OrderCount(OrderMeasure):
    """Orders in a window."""

    code = "Orders"
    counts = True
    unit = 1

    def values(
        self, everybody: People, window: Window, points_earned: FloatArray | None
    ) -> FloatArray:
        """Return their number."""
        del points_earned
        return everybody.order_count(window)

    def events(self, orders: Orders) -> Events:
        """Return the orders."""
        return orders.customer, orders.day, np.ones(orders.size, np.int64)

    def entry(self, window: Window) -> str:
        """Return "orders in 12 months"."""
        return f"tiers.entry.orders_{window.key}"


@dataclass(frozen=True, slots=True)
class PointsEarned(Measure):
    """Points booked in a window, less those taken back: known for one day only."""

    code = "Points earned"
    counts = True
    of_points = True

    def values(
        self, everybody: People, window: Window, points_earned: FloatArray | None
    ) -> FloatArray:
        """Return what was handed in."""
        del everybody, window
        if points_earned is None:
            raise InputError("no_points_yet", value=said("measure", self))
        return points_earned

    def entry(self, window: Window) -> str:
        """Return "points earned"."""
        del window
        return "tiers.entry.points"


CLV, NET_SPEND, ORDER_COUNT, POINTS_EARNED = Clv(), NetSpend(), OrderCount(), PointsEarned()
PREDICTED = PredictedValue()
ALL: tuple[Measure, ...] = (CLV, NET_SPEND, ORDER_COUNT, POINTS_EARNED, PREDICTED)
MEASURES: Final = by_code("measure", ALL)
