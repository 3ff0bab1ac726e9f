"""The time over which spend and orders count: the choices of the term `window`."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from xlclv.codes import by_code
from xlclv.customers.dates import MONTHS_PER_YEAR, ONE_DAY, ONE_MONTH, ONE_YEAR, add_months
from xlclv.terms import DateArray

TWELVE_MONTHS = MONTHS_PER_YEAR * ONE_MONTH


class Window(ABC):
    """A time that ends with the day asked about."""

    @property
    @abstractmethod
    def code(self) -> str:
        """Return the choice of the term `window`."""

    @property
    @abstractmethod
    def key(self) -> str:
        """Return what the catalogue calls it."""

    @abstractmethod
    def opened(self, day: DateArray) -> DateArray | None:
        """Return the last day before the window of each day; None: there is none."""

    @abstractmethod
    def left(self, day: DateArray) -> DateArray | None:
        """Return the first day whose window each day has left; None: it never does."""


@dataclass(frozen=True, slots=True)
class Rolling(Window):
    """The 12 months up to a day.

    >>> import numpy as np
    >>> ROLLING.opened(np.array(["2024-02-29", "2026-12-31"], "datetime64[D]"))
    array(['2023-02-28', '2025-12-31'], dtype='datetime64[D]')
    """

    code = "Rolling 12 months"
    key = "rolling"

    def opened(self, day: DateArray) -> DateArray:
        """Return the same day a year earlier; 29 February becomes 28 February."""
        return add_months(day, -TWELVE_MONTHS)

    def left(self, day: DateArray) -> DateArray:
        """Return the day a year later, or the day after: 29 February is in for one more."""
        later = add_months(day, TWELVE_MONTHS)
        later[self.opened(later) < day] += ONE_DAY
        return later


@dataclass(frozen=True, slots=True)
class CalendarYear(Window):
    """From 1 January up to a day."""

    code = "Calendar year"
    key = "year"

    def opened(self, day: DateArray) -> DateArray:
        """Return 31 December of the year before."""
        first: DateArray = day.astype("datetime64[Y]").astype("datetime64[D]")
        return first - ONE_DAY

    def left(self, day: DateArray) -> DateArray:
        """Return 1 January of the year after."""
        return (day.astype("datetime64[Y]") + ONE_YEAR).astype("datetime64[D]")


@dataclass(frozen=True, slots=True)
class Lifetime(Window):
    """All days up to a day."""

    code = "Lifetime"
    key = "ever"

    def opened(self, day: DateArray) -> None:
        """Return None: it has no beginning."""

    def left(self, day: DateArray) -> None:
        """Return None: what is in it stays."""


ROLLING, CALENDAR_YEAR, LIFETIME = Rolling(), CalendarYear(), Lifetime()
WINDOWS: Final = by_code("window", (ROLLING, CALENDAR_YEAR, LIFETIME))
