"""All customers, from orders, a customer sheet or both, with all that is known of each.

Where both speak of a customer the orders count; the sheet adds what orders cannot know. CLV and
what it is made of are estimates: float.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlclv.customers.aliases import is_alias, joined
from xlclv.customers.beside import Beside, Costs
from xlclv.customers.consent import Consent, Said
from xlclv.customers.lines import Lines, read_lines
from xlclv.customers.log import OrderLog
from xlclv.customers.sheet import Averages, averages, twins
from xlclv.customers.status import NO_ORDER, UNKNOWN, next_order, status
from xlclv.customers.summary import Customers, customers_of
from xlclv.customers.windows import LIFETIME, Window
from xlclv.errors import NotEnoughData
from xlclv.settings import Settings
from xlclv.tables import Table
from xlclv.terms import DAYS_PER_YEAR, Array, BoolArray, DateArray, FloatArray, TextArray
from xlclv.value.simple import clv

# A fault in one of these columns of the sheet makes a CLV unknown.
VALUE_COLUMNS = (
    *("avg_value", "frequency", "lifespan", "margin", "acq_cost"),
    *("churn", "revenue", "order_count"),
)


@dataclass(frozen=True, slots=True)
class People:
    """One row per customer; every array has shape (k,), NaN, NaT or "" where unknown.

    Args:
        as_of: The day for which all of it holds; NaT where nothing is dated.
        ids: Customers with orders first, then the rest of the sheet.
        sheet_row: Row of the customer table (from 0), -1 where there is none.
        first: Day of the first order.
        last: Day of the last order.
        orders: Orders that count.
        revenue: Net money to date.
        avg_value: Money per order.
        per_year: Orders per year.
        lifespan: Years.
        margin: Profit per money of revenue: of the sheet, else by costs, else of the settings.
        profit: Money made to date, before acquisition cost; exact where costs are known.
        by_cost: Whose margin comes from the costs of the orders.
        costs: What the goods of the customers with orders cost, or None where no order has a cost.
        acq_cost: Money.
        gap: Usual days between two orders.
        clv: Money, after acquisition cost; NaN where it cannot be computed.
        status: Active, At risk, Passive, Lost, No order or Unknown.
        discounts: Money of discounts given to date, or None where no order table has a discount.
        consent: Who is a member, and who may be sent mail.
        name: What each is called.
        email: The e-mail address of each.
        address: Where to write to: the e-mail address, which may be the id, "" without one.
        lines: The rows of the order table, or None.
        log: The order log, or None.
        table: The customer table, or None.
        predicted: Profit expected in the months ahead, or None without a forecast to decide by.
        next_day: Day of the next order by the same forecast, or None.
    """

    as_of: np.datetime64
    ids: TextArray
    sheet_row: NDArray[np.intp]
    first: DateArray
    last: DateArray
    orders: FloatArray
    revenue: FloatArray
    avg_value: FloatArray
    per_year: FloatArray
    lifespan: FloatArray
    margin: FloatArray
    profit: FloatArray
    by_cost: BoolArray
    costs: Costs | None
    acq_cost: FloatArray
    gap: FloatArray
    clv: FloatArray
    status: TextArray
    discounts: FloatArray | None
    consent: Consent
    name: TextArray
    email: TextArray
    address: TextArray
    lines: Lines | None
    log: OrderLog | None
    table: Table | None
    predicted: FloatArray | None = None
    next_day: DateArray | None = None

    @property
    def size(self) -> int:
        """Return the number of customers."""
        return int(self.ids.size)

    @property
    def valued(self) -> BoolArray:
        """Say whose CLV is known, shape (k,)."""
        return ~np.isnan(self.clv)

    @property
    def net_profit(self) -> FloatArray:
        """Return the profit to date after acquisition cost, shape (k,)."""
        return self.profit - self.acq_cost

    @property
    def counts_profit(self) -> bool:
        """Say whether anybody has a margin: without one, money is revenue."""
        return bool((self.margin != 1).any())

    @property
    def days_since(self) -> FloatArray:
        """Return days since the last order, NaN where unknown, shape (k,)."""
        return days(self.last, self.as_of)

    @property
    def joined(self) -> DateArray:
        """Return the day on which the sheet says each joined, NaT where it is yet to come."""
        joined: DateArray = self.fact("joined")
        return np.where(joined > self.as_of, np.datetime64("NaT"), joined)

    @property
    def customer_since(self) -> DateArray:
        """Return since when each is a customer: the first order, or the day joined before it."""
        return np.fmin(self.first, self.joined)

    @property
    def tenure(self) -> FloatArray:
        """Return years as a customer, NaN where unknown, shape (k,)."""
        return days(self.customer_since, self.as_of) / DAYS_PER_YEAR

    @property
    def next_order(self) -> DateArray:
        """Return the day of the next order expected, NaT where unknown, shape (k,).

        By the forecast where there is one, else by the usual gap.
        """
        if self.next_day is not None:
            return self.next_day
        result = np.full(self.size, np.datetime64("NaT"), "datetime64[D]")
        known = ~np.isnat(self.last) & ~np.isnan(self.gap)
        result[known] = next_order(self.last[known], self.gap[known])
        return result

    def places(self, ids: TextArray) -> NDArray[np.intp]:
        """Return the position of each id, -1 for a stranger, shape of ids."""
        return pd.Index(self.ids).get_indexer(pd.Index(ids))

    def fact(self, name: str, default: object = None) -> Array:
        """Return a column of the customer table for each customer, shape (k,)."""
        if self.table is None:
            return Table.nothing(name, self.size, default)
        values = self.table.values(name, default)
        known = self.sheet_row >= 0
        result = Table.nothing(name, self.size, default).astype(values.dtype)
        result[known] = values[self.sheet_row[known]]
        return result

    def since(self, window: Window) -> int | None:
        """Return the day after which a window counts, as days since 1970; None: for ever."""
        opened = window.opened(np.array([self.as_of]))
        return None if opened is None else int(opened[0].astype(int))

    def spend(self, window: Window = LIFETIME) -> FloatArray:
        """Return net money in a window, shape (k,); NaN where no orders are known."""
        if self.log is None:
            return self.revenue
        spent = np.full(self.size, np.nan)
        spent[: self.log.ids.size] = self.log.spend(self.since(window))
        return spent

    def order_count(self, window: Window = LIFETIME) -> FloatArray:
        """Return orders in a window, shape (k,); NaN where no orders are known."""
        if self.log is None:
            return self.orders
        counted = np.full(self.size, np.nan)
        since = self.since(window)
        recent = None if since is None else (self.log.day > since).astype(float)
        counted[: self.log.ids.size] = self.log.per_customer(recent)
        return counted


def days(day: DateArray, as_of: np.datetime64) -> FloatArray:
    """Return days from each day to as_of, NaN where one is unknown."""
    known = ~np.isnat(day) & ~np.isnat(as_of)
    result = np.full(day.shape, np.nan)
    result[known] = (as_of - day[known]).astype("timedelta64[D]").astype(float)
    return result


def people(
    orders: Table | None, customers: Table | None, settings: Settings | None = None
) -> People:
    """Put orders and customer sheet together.

    Args:
        orders: The order table, or None.
        customers: The customer table, or None.
        settings: Margin, horizon, discount rate and so on; None: the defaults.

    Raises:
        NotEnoughData: There is no customer at all.
    """
    chosen = settings or Settings()
    as_of = None if chosen.as_of is None else np.datetime64(chosen.as_of, "D")
    if orders is not None and orders.rows:
        orders = joined(orders, customers)
    lines = None if orders is None or not orders.rows else read_lines(orders, as_of)
    log = None if lines is None else lines.log()
    day = _day(as_of, lines, customers)
    bought = None if log is None else customers_of(log)
    ids, sheet_row = _ids(bought, customers)
    if not ids.size:
        raise NotEnoughData("no_customers")
    beside = None if lines is None or log is None else Beside(lines, log)
    costs = None if beside is None else beside.costs()
    known = _known(bought, costs, customers, sheet_row, chosen, day)
    given = None if beside is None else beside.discounts()
    said = Said(ids, customers, sheet_row, orders, day, private=chosen.privacy)
    return People(
        as_of=day,
        ids=ids,
        sheet_row=sheet_row,
        costs=costs,
        discounts=None if given is None else _padded(given, ids.size),
        consent=said.consent(),
        name=said.name(),
        email=said.email(),
        address=said.address(),
        lines=lines,
        log=log,
        table=customers,
        **known,
    )


def _padded(values: FloatArray, size: int) -> FloatArray:
    """Bring values of the customers of the log to all customers, NaN where one is not in it."""
    return np.concatenate([values, np.full(size - values.size, np.nan)])


def _day(
    as_of: np.datetime64 | None, lines: Lines | None, customers: Table | None
) -> np.datetime64:
    """Return the day chosen, else of the last order in the log, else on the sheet."""
    if as_of is not None:
        return as_of
    if lines is not None:
        return lines.as_of
    last = customers.values("last_order") if customers is not None else np.array([], "M8[D]")
    known = last[~np.isnat(last)]
    return known.max() if known.size else np.datetime64("NaT", "D")


def _ids(bought: Customers | None, table: Table | None) -> tuple[TextArray, NDArray[np.intp]]:
    """Return all ids and the sheet row of each; of twins on the sheet the first counts."""
    own = np.array([], dtype=object) if bought is None else bought.ids
    if table is None:
        return own, np.full(own.size, -1)
    usable = np.flatnonzero(~table.columns["customer_id"].bad & ~twins(table) & ~is_alias(table))
    on_sheet = pd.Series(usable, index=table.values("customer_id")[usable])
    rows = on_sheet.reindex(own).fillna(-1).to_numpy(int)
    others = usable[~np.isin(usable, rows)]
    ids = np.concatenate([own, table.values("customer_id")[others]])
    return ids, np.concatenate([rows, others]).astype(np.intp)


def _known(
    bought: Customers | None,
    costs: Costs | None,
    table: Table | None,
    sheet_row: NDArray[np.intp],
    settings: Settings,
    day: np.datetime64,
) -> dict[str, Any]:
    """Return the columns of `People` that both sources speak of."""
    size = sheet_row.size
    sheet = _of_sheet(table, sheet_row, settings, day)
    count = 0 if bought is None else bought.ids.size
    columns = dict(sheet)
    if bought is not None:
        for name, own in (
            ("first", bought.first),
            ("last", bought.last),
            ("orders", bought.orders),
            ("revenue", bought.revenue),
            ("avg_value", bought.avg_value),
            ("per_year", bought.per_year),
            ("gap", bought.gap),
        ):
            columns[name] = np.concatenate([own, sheet[name][count:]])
    columns |= _profit(columns, costs, settings)
    columns["clv"] = _clv(columns, settings)
    columns["clv"][_faulty(table, sheet_row, size)] = np.nan
    columns["status"] = _status(columns, settings, day)
    return columns


def _of_sheet(
    table: Table | None, rows: NDArray[np.intp], settings: Settings, day: np.datetime64
) -> dict[str, Array]:
    """Return what the sheet alone says of each customer, the settings where it says nothing."""
    size = rows.size

    def pick(values: Array, missing: object) -> Array:
        result = np.full(size, missing, dtype=values.dtype)
        result[rows >= 0] = values[rows[rows >= 0]]
        return result

    if table is None:
        table = Table.empty("customers")
    drivers: Averages = averages(table, settings, None if np.isnat(day) else day)
    per_year = pick(drivers.frequency, np.nan)
    return {
        "first": pick(table.values("first_order"), np.datetime64("NaT")),
        "last": pick(table.values("last_order"), np.datetime64("NaT")),
        "orders": pick(table.values("order_count"), np.nan),
        "revenue": pick(table.values("revenue"), np.nan),
        "avg_value": pick(drivers.avg_value, np.nan),
        "per_year": per_year,
        "lifespan": pick(drivers.lifespan, settings.horizon),
        "margin": pick(table.values("margin"), np.nan),
        "acq_cost": pick(table.values("acq_cost", settings.acq_cost), settings.acq_cost),
        "gap": DAYS_PER_YEAR / np.where(per_year > 0, per_year, np.nan),
    }


def _profit(columns: dict[str, Array], costs: Costs | None, settings: Settings) -> dict[str, Array]:
    """Return margin, profit to date and whose margin the costs tell.

    The margin of the sheet comes before that by costs, and this before that of the settings.
    """
    own, revenue = columns["margin"], columns["revenue"]
    if costs is None:
        margin = np.where(np.isnan(own), settings.margin, own)
        return {"margin": margin, "profit": revenue * margin, "by_cost": np.zeros(own.size, bool)}
    count = costs.cost.size
    by_cost = np.isnan(own)
    by_cost[:count] &= costs.orders > 0
    by_cost[count:] = False
    told = np.where(by_cost, _padded(costs.margin, own.size), own)
    margin = np.where(np.isnan(told), settings.margin, told)
    profit = revenue * margin
    buyers = by_cost[:count]
    profit[:count][buyers] = costs.profit(revenue[:count], margin[:count])[buyers]
    return {"margin": margin, "profit": profit, "by_cost": by_cost}


def _clv(columns: dict[str, Array], settings: Settings) -> FloatArray:
    """Return the CLV of everybody whose drivers are known, NaN of the others."""
    names = ("avg_value", "per_year", "lifespan", "margin", "acq_cost")
    value, rate, stay, share, cost = (columns[name] for name in names)
    known = ~np.isnan(value) & ~np.isnan(rate)
    result = np.full(value.size, np.nan)
    # Goods may have cost more than twice what is left of their price after a refund; a margin
    # below -1 is then as true as any, though nobody may type one.
    beyond = np.maximum(np.abs(share[known]), 1)
    result[known] = clv(
        value[known] * beyond,
        rate[known],
        stay[known],
        share[known] / beyond,
        settings.discount_rate,
        cost[known],
        settings.timing,
    )
    return result


def _faulty(table: Table | None, rows: NDArray[np.intp], size: int) -> BoolArray:
    """Say whose CLV rests on a cell that could not be read, shape (k,)."""
    faulty = np.zeros(size, bool)
    if table is not None:
        bad = table.bad_rows(VALUE_COLUMNS)
        faulty[rows >= 0] = bad[rows[rows >= 0]]
    return faulty


def _status(columns: dict[str, Array], settings: Settings, day: np.datetime64) -> TextArray:
    """Return the status; No order or Unknown where there is nothing to judge by."""
    last, gap, orders = columns["last"], columns["gap"], columns["orders"]
    result = np.full(last.size, UNKNOWN, dtype=object)
    result[orders == 0] = NO_ORDER
    known = ~np.isnat(last) & (gap > 0)
    known &= ~(last > day)
    if known.any():
        result[known] = status(last[known], day, gap[known], *settings.multiples())
    return result
