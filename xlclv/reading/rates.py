"""A table of rates: what other currencies were worth from a day on; amounts are converted by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from xlclv.columns import Column
from xlclv.headers import key, names
from xlclv.reading.cellcolumns import Column as CellColumn
from xlclv.reading.cellcolumns import Conventions
from xlclv.reading.daycells import days
from xlclv.reading.grid import Sheet
from xlclv.reading.numbercells import numbers
from xlclv.readings import Reading, Rule
from xlclv.tables import Place, Table
from xlclv.terms import DateArray, FloatArray, TextArray
from xlclv.words import word

_COLUMNS: Final = ("currency", "day", "rate")
_MONEY: Final = ("amount_net", "tax", "discount", "cost")


@dataclass(frozen=True, slots=True)
class Rates:
    """What a unit of a currency was worth from a day on, shape (n,) each."""

    currency: TextArray
    day: DateArray
    rate: FloatArray


def find_rates(sheets: Sequence[Sheet]) -> Rates | None:
    """Return the rates of a book: a sheet with the columns currency, from day and rate."""
    for sheet in sheets:
        if not sheet.cells:
            continue
        headers = [key(str(cell)) for cell in sheet.cells[0]]
        at = {
            name: next(
                (headers.index(one) for one in map(key, names("rates", name)) if one in headers), -1
            )
            for name in _COLUMNS
        }
        if min(at.values()) >= 0 and sum(map(bool, headers)) == len(at):
            return _rates(sheet, at)
    return None


def _rates(sheet: Sheet, at: Mapping[str, int]) -> Rates:
    place, last = Place(sheet.name), len(sheet.cells)
    read = {
        name: CellColumn.of(sheet.column(column + 1, 2, last), name, place, column)
        for name, column in at.items()
    }
    called = [str(cell).strip().upper() for cell in sheet.column(at["currency"] + 1, 2, last)]
    day = days(read["day"], Conventions()).values  # noqa: PD011 - no data frame
    rate = numbers(read["rate"], Conventions()).values  # noqa: PD011 - no data frame
    known = ~np.isnan(rate) & np.array([bool(one) for one in called])
    first = np.datetime64("0001-01-01", "D")
    day = np.where(np.isnat(day), first, day)
    return Rates(np.array(called, dtype=object)[known], day[known], rate[known])


def converted(orders: Table, rates: Rates) -> Table:
    """Return an order table with all amounts in one currency, as far as there are rates.

    The currency is the one that has no rate, or else the most frequent.
    """
    if not orders.has("currency_code"):
        return orders
    named = orders.values("currency_code")
    counts = pd.Series(named[named != ""]).value_counts()
    without = [name for name in counts.index if name not in set(rates.currency)]
    base = str(without[0] if without else counts.index[0])
    factor = _factors(named, orders.values("order_date"), rates, base)
    changed = ~np.isnan(factor) & (named != base) & (named != "")
    if not changed.any():
        return orders
    columns = dict(orders.columns)
    for name in _MONEY:
        if name in columns:
            column = columns[name]
            worth = np.where(changed, np.nan_to_num(factor), 1.0)
            money = orders.values(name, 0.0) * worth
            columns[name] = Column(money, column.blank, column.faults)
    code = columns["currency_code"]
    columns["currency_code"] = Column(np.where(changed, base, named), code.blank, code.faults)
    reading = orders.reading or Reading()
    rule = _told(orders, changed, base, orders.values("amount_net") * np.nan_to_num(factor))
    reading = replace(reading, rules=(*reading.rules, rule))
    return replace(orders, columns=columns, reading=reading)


def _factors(named: TextArray, day: DateArray, rates: Rates, base: str) -> FloatArray:
    """Return the rate of each row on its day, NaN where there is none, shape (n,)."""
    factor = np.where(named == base, 1.0, np.nan)
    for currency in set(rates.currency):
        of_it = np.flatnonzero(rates.currency == currency)
        of_it = of_it[np.argsort(rates.day[of_it], kind="stable")]
        rows = np.flatnonzero((named == currency) & (named != base))
        at = np.searchsorted(rates.day[of_it], day[rows], side="right") - 1
        found = at >= 0
        factor[rows[found]] = rates.rate[of_it[at[found]]]
    return factor


def _told(orders: Table, changed: np.ndarray, base: str, amount: FloatArray) -> Rule:
    total = float(np.sum(amount[changed]))
    rows = int(changed.sum())
    text = word("reading.converted", rows=f"{rows:,}", money=f"{total:,.2f}", currency=base)
    at = orders.index.get("currency_code", 0)
    cells = tuple(
        orders.raw.where.cell(at, int(orders.used[row])) for row in np.flatnonzero(changed)[:5]
    )
    return Rule("converted", "info", text, rows, None, round(total, 6), cells)
