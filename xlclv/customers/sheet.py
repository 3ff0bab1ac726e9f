"""What a customer sheet says of each customer: value, frequency, lifespan, or their sources."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from xlclv.customers.log import repeated
from xlclv.settings import Settings
from xlclv.tables import Table
from xlclv.terms import DAYS_PER_YEAR, BoolArray, DateArray, FloatArray

MONTHS = 12


def says_value(index: Collection[str]) -> bool:
    """Say whether columns of these names are enough to compute a CLV.

    Average value and frequency, or revenue and orders, each way round.

    >>> says_value({"customer_id", "revenue", "order_count"})
    True
    """
    names = set(index)
    value = "avg_value" in names or {"revenue", "order_count"} <= names
    return value and bool({"frequency", "order_count"} & names)


@dataclass(frozen=True, slots=True)
class Averages:
    """The drivers of CLV per year, shape (n,) each, NaN where the sheet does not say."""

    avg_value: FloatArray
    frequency: FloatArray
    lifespan: FloatArray


def averages(table: Table, settings: Settings, as_of: np.datetime64 | None) -> Averages:
    """Take value, frequency (per year) and lifespan (years) from a customer sheet.

    - Average value: its column, else revenue / orders; net refunds count as 0.
    - Frequency: its column, else orders / years between first order and the day (at least one).
    - Lifespan: its column, else 1 / churn, else years between first and last order, else the
      horizon of the settings.

    A blank cell falls through to the next source, row by row.
    """
    per_year = MONTHS if settings.period == "month" else 1
    revenue, orders = table.values("revenue"), table.values("order_count")
    value = _first(table.values("avg_value"), _ratio(np.maximum(revenue, 0), orders))
    rate = _first(table.values("frequency") * per_year, orders / _years_active(table, as_of))
    stay = _first(
        table.values("lifespan") / per_year,
        _ratio(np.ones(table.rows), table.values("churn")) / per_year,
        _span(table),
        np.full(table.rows, settings.horizon),
    )
    return Averages(value, rate, stay)


def _first(*sources: FloatArray) -> FloatArray:
    """Return, row by row, the first source that is known."""
    result = sources[0]
    for source in sources[1:]:
        result = np.where(np.isnan(result), source, result)
    return result


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = above / below
    return np.where(np.isfinite(ratio), ratio, np.nan)


def _years_active(table: Table, as_of: np.datetime64 | None) -> FloatArray:
    """Return years from the first order to the day, at least 1; 1 where nothing is known."""
    end = table.values("last_order") if as_of is None else np.full(table.rows, as_of)
    return np.maximum(np.nan_to_num(_years(table.values("first_order"), end), nan=1.0), 1.0)


def _span(table: Table) -> FloatArray:
    """Return years from first to last order; NaN where it is unknown or the same day."""
    years = _years(table.values("first_order"), table.values("last_order"))
    return np.where(years > 0, years, np.nan)


def _years(first: DateArray, last: DateArray) -> FloatArray:
    unknown = np.isnat(first) | np.isnat(last)
    days = (last - first).astype("timedelta64[D]").astype(float)
    return np.where(unknown, np.nan, days / DAYS_PER_YEAR)


def twins(table: Table) -> BoolArray:
    """Say which rows repeat the customer id of an earlier row, shape (n,)."""
    ids = table.values("customer_id")
    again: BoolArray = repeated([ids]) & (ids != "")
    return again
