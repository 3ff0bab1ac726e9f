"""The times over which limits and budgets count: the choices of `max_per` and `budget_per`."""

from typing import Final

import numpy as np

from xlclv.codes import Coded, by_code
from xlclv.terms import DateArray, IntArray

MONTHS_PER_QUARTER = 3


class Period(Coded):
    """A time over which something is counted."""

    ORDER = "Order"
    MONTH = "Month"
    QUARTER = "Quarter"
    YEAR = "Year"
    EVER = "Ever"
    WHOLE_RUN = "Whole run"

    def numbers(self, days: DateArray) -> IntArray:
        """Return the number of the calendar month, quarter or year of days; else it is 0.

        >>> days = np.array(["1970-01-31", "1970-04-01"], "datetime64[D]")
        >>> Period.QUARTER.numbers(days).tolist(), Period.EVER.numbers(days).tolist()
        ([0, 1], [0, 0])
        """
        if self is Period.YEAR:
            return days.astype("datetime64[Y]").astype(np.int64)
        if self in (Period.MONTH, Period.QUARTER):
            months = days.astype("datetime64[M]").astype(np.int64)
            return months // MONTHS_PER_QUARTER if self is Period.QUARTER else months
        return np.zeros(days.shape, np.int64)

    def written(self, day: np.datetime64) -> str:
        """Write the period of a day: 2026-01 or 2026; the day itself where there is none."""
        unit = {Period.MONTH: "M", Period.YEAR: "Y"}.get(self, "D")
        return str(day.astype(f"datetime64[{unit}]"))


MAX_PER: Final = by_code("max_per", (Period.ORDER, Period.MONTH, Period.YEAR, Period.EVER))
BUDGET_PER: Final = by_code(
    "budget_per", (Period.MONTH, Period.QUARTER, Period.YEAR, Period.WHOLE_RUN)
)
