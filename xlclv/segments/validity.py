"""How long a tier is valid: months from a day, rounded up to the end of the month or year."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlclv.customers.dates import ONE_DAY, ONE_MONTH, ONE_YEAR, add_months
from xlclv.terms import BoolArray, DateArray, IntArray

RankArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Validity:
    """The validity of each tier, lowest first, shape (t,) each.

    Args:
        months: Months it lasts. 0: it ends on its first day, rounded up.
        to_month: It is rounded up to the end of the month.
        to_year: It is rounded up to the end of the year.
    """

    months: IntArray
    to_month: BoolArray
    to_year: BoolArray

    def last_day(self, first: DateArray, rank: RankArray) -> DateArray:
        """Return the last day of a validity that begins on a day, shape (n,).

        >>> two = Validity(np.array([1, 12]), np.array([False, True]), np.array([False, False]))
        >>> two.last_day(np.array(["2026-01-31"] * 2, "M8[D]"), np.array([0, 1]))
        array(['2026-02-28', '2027-01-31'], dtype='datetime64[D]')
        """
        months = self.months[rank].astype("timedelta64[M]")
        return self._rounded_up(add_months(first, months), rank)

    def renewed(self, valid: DateArray, until: DateArray, rank: RankArray) -> DateArray:
        """Renew validities from their last day, as often as it takes to reach a later day.

        One of 0 months is renewed every day, rounded up. Shape (n,).
        """
        at_once = self.months[rank] == 0
        result: DateArray = np.where(at_once, self._rounded_up(until, rank), valid)
        short = np.flatnonzero(result < until)
        while short.size:
            result[short] = self.last_day(result[short], rank[short])
            short = short[result[short] < until[short]]
        return result

    def _rounded_up(self, day: DateArray, rank: RankArray) -> DateArray:
        month_end = (day.astype("datetime64[M]") + ONE_MONTH).astype("datetime64[D]") - ONE_DAY
        year_end = (day.astype("datetime64[Y]") + ONE_YEAR).astype("datetime64[D]") - ONE_DAY
        rounded: DateArray = np.where(self.to_year[rank], year_end, day)
        return np.where(self.to_month[rank], month_end, rounded)
