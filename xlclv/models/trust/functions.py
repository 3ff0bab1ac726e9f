"""Forecasts of an order log as functions of a spreadsheet: columns in, tables out."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from xlclv.customers.dates import NO_DAY
from xlclv.customers.log import OrderLog
from xlclv.customers.log_columns import log_of, segments_of
from xlclv.errors import UndefinedError
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.choice import BEST, fit_known
from xlclv.models.clock import EVEN, SEASONS, Clock, known
from xlclv.models.fit_tables import as_table
from xlclv.models.forecast import fit_spend, forecast, refuse_short
from xlclv.models.histories import Summary, summary_of
from xlclv.models.model import Fit, OrderModel
from xlclv.models.next_order import next_orders
from xlclv.models.optimise import LEAST_REPEATERS
from xlclv.models.trust.backtest import BackTest, back_tests
from xlclv.models.trust.judge import Trust, back_test_table, judge, model_error
from xlclv.models.trust.outcomes import outcomes
from xlclv.models.trust.plan import Plan, doubt_of_total, plan, refuse_uninformed
from xlclv.models.trust.ranges import Ahead, spread
from xlclv.models.trust.season import find_seasons, repeats_by_season
from xlclv.terms import DateArray, FloatArray, Frame, TextArray, choice, numbers
from xlclv.words import word, words

OFF, MONTH = "off", "month"


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A log with the plan of its forecast."""

    log: OrderLog
    summary: Summary
    plan: Plan

    def ahead(self, months: ArrayLike, discount_rate: ArrayLike, margin: ArrayLike) -> Ahead:
        (count,), (rate,), (share,) = (
            numbers(months_ahead=months),
            numbers(discount_rate=discount_rate),
            numbers(margin=margin),
        )
        return Ahead(int(count), float(rate), float(share), self.plan.clock)

    def for_all(self, values: FloatArray) -> FloatArray:
        """Bring a column of the summary to all customers; NaN where all orders were cancelled."""
        every = np.full(self.log.ids.size, np.nan)
        every[self.summary.customer] = values
        return every

    def days_for_all(self, values: DateArray) -> DateArray:
        """Bring days of the summary to all customers."""
        every = np.full(self.log.ids.size, NO_DAY)
        every[self.summary.customer] = values
        return every


def _fitted(log: OrderLog, model: str, season: str, *, tried: bool = False) -> _Fitted:
    """Fit a log, if it tells enough: 180 days, and 50 repeat customers or a total well known.

    A model asked for by its name is that model for everybody; only "best" finds customers who are
    unlike the others, or averages models between which the log cannot choose. What a verdict looks
    at besides is found only where the forecast is to be tried.
    """
    summary = summary_of(log)
    refuse_short(summary.span)
    named = choice("model", model) != BEST
    if named and choice("season", season) == OFF and not tried:
        found = Plan(EVEN, _plain(summary, EVEN, model), None, "season_off")
    else:
        found = _plan(log, model, season)
        if named:
            found = replace(found, orders=_plain(summary, found.clock, model))
    if summary.repeaters < LEAST_REPEATERS:
        refuse_uninformed(summary, found.orders, found.clock)
    return _Fitted(log, summary, found)


def _plain(summary: Summary, clock: Clock, model: str) -> Fit[OrderModel]:
    """Fit one model, or the likeliest, for all customers."""
    orders = fit_known(known(summary, clock), choice("model", model))
    if not orders.converged:
        raise UndefinedError("no_convergence", model=orders.model.NAME)
    return orders


def _plan(log: OrderLog, model: str, season: str) -> Plan:
    wanted = choice("model", model), choice("season", season)
    return plan(log.customer, log.day, log.amount, log.as_of, *wanted)  # type: ignore[arg-type]


def forecast_table(
    customer_ids: TextArray,
    order_dates: DateArray,
    amounts: FloatArray,
    as_of: ArrayLike,
    months_ahead: float = 12,
    margin: float = 1,
    discount_rate: float = 0,
    model: str = BgNbd.NAME,
    *,
    season: str = OFF,
    details: bool = False,
) -> Frame:
    """Forecast per customer from an order log: P(alive), orders, spend, CLV with a 95% interval.

    Months have 30.4375 days; the discount rate is per year. Needs 180 days, and 50 customers who
    ordered again or fewer whose many orders tell the total well.

    Args:
        customer_ids: Customer of each order, shape (m,).
        order_dates: Day of each order, shape (m,).
        amounts: Net money of each order, refunds negative, shape (m,).
        as_of: The day of the data; later orders do not count.
        months_ahead: Months counted.
        margin: Profit per money of revenue, -1 to 1.
        discount_rate: Per year.
        model: Name of the model of orders, or "best" for the likeliest.
        season: "off"; "auto": seasons count where they made earlier forecasts better; "on".
        details: Add the columns of the ranges and of the next order.

    Returns:
        Columns customer_id, p_alive, expected_orders, expected_spend, predicted_clv, clv_low,
        clv_high, shape (k,), in the order in which the customers first appear; NaN where all
        orders were cancelled. The interval says how sure the expectation is. With details also
        orders_low, orders_high (of the expectation), orders_from, orders_to, clv_from, clv_to
        (prediction interval: what this one customer may do), next_order (day) and expected_gap
        (days), if still a customer.

    Raises:
        NotEnoughData: The log is too short or tells too little.
        UndefinedError: The fit found no peak.
    """
    task = _fitted(log_of(customer_ids, order_dates, amounts, as_of), model, season)
    asked = task.ahead(months_ahead, discount_rate, margin)
    orders, spend = task.plan.orders, fit_spend(task.summary)
    rate, share = asked.discount_rate, float(asked.margin)
    seen = forecast(task.summary, orders, spend, asked.months, rate, share, clock=asked.clock)
    columns = {
        "p_alive": seen.p_alive,
        "expected_orders": seen.expected_orders,
        "expected_spend": seen.expected_spend,
        "predicted_clv": seen.clv,
        "clv_low": seen.low,
        "clv_high": seen.high,
    }
    frame: Frame = {"customer_id": task.log.ids}
    if details:
        alone = outcomes(task.summary, orders, spend, asked)
        columns |= {
            "orders_low": seen.orders_low,
            "orders_high": seen.orders_high,
            "orders_from": alone.orders_low,
            "orders_to": alone.orders_high,
            "clv_from": alone.value_low,
            "clv_to": alone.value_high,
        }
    frame |= {name: task.for_all(each) for name, each in columns.items()}
    if details:
        due = next_orders(known(task.summary, asked.clock), orders)
        frame["next_order"] = task.days_for_all(due.day)
        frame["expected_gap"] = task.for_all(due.gap)
    return frame


def total_table(
    customer_ids: TextArray,
    order_dates: DateArray,
    amounts: FloatArray,
    as_of: ArrayLike,
    segment_labels: TextArray | None = None,
    months_ahead: float = 12,
    margin: float = 1,
    discount_rate: float = 0,
    model: str = BgNbd.NAME,
    season: str = OFF,
) -> Frame:
    """Forecast the orders and the CLV of all customers and of each segment, with 95% ranges.

    A customer is of the segment of the first order. The ranges hold doubt about the parameters,
    chance, and how far forecasts of earlier days were off; the verdict of CLV_BACKTEST stands in
    the first row.

    Args:
        customer_ids: Customer of each order, shape (m,).
        order_dates: Day of each order, shape (m,).
        amounts: Net money of each order, refunds negative, shape (m,).
        as_of: The day of the data; later orders do not count.
        segment_labels: Segment of each order, such as its channel, shape (m,); left out: all.
        months_ahead: Months counted.
        margin: Profit per money of revenue, -1 to 1.
        discount_rate: Per year.
        model: Name of the model of orders, or "best" for the likeliest.
        season: As of `forecast_table`.

    Returns:
        Columns segment, customer_count, expected_orders, orders_low, orders_high, predicted_clv,
        clv_low, clv_high, verdict, remark; all customers first, then the segments, the largest
        CLV first.

    Raises:
        NotEnoughData: The log is too short or tells too little.
        UndefinedError: The fit found no peak.
    """
    task = _fitted(log_of(customer_ids, order_dates, amounts, as_of), model, season, tried=True)
    asked, spend = task.ahead(months_ahead, discount_rate, margin), fit_spend(task.summary)
    names = [word("models.all_customers")]
    groups = [np.zeros(task.summary.customer.size, np.int64)]
    if segment_labels is not None:
        kinds, place = segments_of(task.log, segment_labels, order_dates, task.summary.customer)
        names, groups = [*names, *kinds], [*groups, place]
    tests = _tests(task.log, task.plan, model, asked.months)
    doubt = doubt_of_total(task.summary, task.plan.orders, asked.clock)
    beyond = model_error(tests, asked.months, doubt)
    whole = spread(task.summary, task.plan.orders, spend, asked)
    parts = [whole.of(group, model_error=beyond) for group in groups]
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.append(0, 1 + np.argsort(-found["value"][1:], kind="stable"))
    columns = {
        "segment": np.array(names, dtype=object),
        "customer_count": found["customers"],
        "expected_orders": found["orders"],
        "orders_low": found["orders_low"],
        "orders_high": found["orders_high"],
        "predicted_clv": found["value"],
        "clv_low": found["value_low"],
        "clv_high": found["value_high"],
    }
    trust = judge(tests, task.plan)
    return {**{name: column[order] for name, column in columns.items()}, **_said(trust, order.size)}


def _tests(log: OrderLog, found: Plan, model: str, months: int) -> list[BackTest]:
    days = log.customer, log.day, log.amount, log.as_of
    return back_tests(*days, choice("model", model), found.clock, months)


def _said(trust: Trust, rows: int) -> Frame:
    """Return the verdict and its reason, in the first row."""
    said = {"verdict": trust.verdict, "remark": trust.sentence}
    return {name: np.array([text] + [""] * (rows - 1), object) for name, text in said.items()}


def back_test(
    customer_ids: TextArray,
    order_dates: DateArray,
    amounts: FloatArray,
    as_of: ArrayLike,
    months_ahead: float = 12,
    model: str = BgNbd.NAME,
    season: str = OFF,
) -> Frame:
    """Back-test: would the forecast have been right? From earlier days, beside what came.

    A row per quarter back; the first row gives the verdict good, fair, poor or none and the reason.
    Uses the model and the season that you give CLV_FORECAST.

    Args:
        customer_ids: Customer of each order, shape (m,).
        order_dates: Day of each order, shape (m,).
        amounts: Net money of each order, refunds negative, shape (m,).
        as_of: The day of the data; later orders do not count.
        months_ahead: How far the forecast looks.
        model: Name of the model of orders, or "best" for the likeliest.
        season: As of `forecast_table`.

    Returns:
        Columns origin (day), days_ahead, model_name, customer_count, expected, actual (orders),
        orders_error, value_expected, value_actual, value_error, miss, naive_miss, calibration,
        gini, verdict, remark; the latest origin first. Where nothing could be tested, one row
        says so.

    Raises:
        NotEnoughData: Nobody ordered twice.
        UndefinedError: The fit found no peak.
    """
    log = log_of(customer_ids, order_dates, amounts, as_of)
    (months,) = numbers(months_ahead=months_ahead)
    found = _plan(log, model, season)
    tests = _tests(log, found, model, int(months))
    table = back_test_table(tests)
    for ours, theirs in _RENAMED.items():
        table[ours] = table.pop(theirs)
    rows = max(len(tests), 1)
    return {
        **{name: _finite(table[name], rows) for name in _TESTED},
        **_said(judge(tests, found), rows),
    }


_RENAMED = {"days_ahead": "days", "customer_count": "customers", "orders_error": "error"}
_TESTED = (
    *("origin", "days_ahead", "model_name", "customer_count", "expected", "actual"),
    *("orders_error", "value_expected", "value_actual", "value_error", "miss", "naive_miss"),
    *("calibration", "gini"),
)


def _finite(column: np.ndarray[tuple[int], np.dtype[np.generic]], rows: int) -> FloatArray:
    """Return a column with gaps where a number has no end, or where there is no row at all."""
    if not column.size:
        column = np.full(rows, "" if column.dtype == object else np.nan, column.dtype)
    if column.dtype.kind == "f":
        column = np.where(np.isfinite(column.astype(float)), column, np.nan)
    return column  # type: ignore[return-value]


def log_fit(
    customer_ids: TextArray,
    order_dates: DateArray,
    amounts: FloatArray,
    as_of: ArrayLike,
    model: str = BgNbd.NAME,
    season: str = OFF,
) -> Frame:
    """Fit models of orders and spend to an order log, its gaps and, if wanted, its seasons.

    As CLV_FIT, times in days; the gaps themselves tell how regular customers are. With seasons
    that count, their lengths of a day follow, and the times are those of that clock.

    Args:
        customer_ids: Customer of each order, shape (m,).
        order_dates: Day of each order, shape (m,).
        amounts: Net money of each order, refunds negative, shape (m,).
        as_of: The day of the data; later orders do not count.
        model: Name of the model of orders, or "best" for the likeliest.
        season: As of `forecast_table`.

    Returns:
        Columns model_name, parameter, estimate, std_error, remark.

    Raises:
        NotEnoughData: The log is too short or tells too little.
        UndefinedError: The fit found no peak.
    """
    task = _fitted(log_of(customer_ids, order_dates, amounts, as_of), model, season)
    spend = fit_spend(task.summary)
    clock = task.plan.clock
    orders = _plain(task.summary, clock, model)
    seasons = dict(zip(_season_names(clock.by), clock.factors, strict=bool(clock.factors)))
    seasons |= dict(zip(words("models.weekdays"), clock.weekdays, strict=bool(clock.weekdays)))
    fits = [orders] if spend is None else [orders, spend]
    return as_table(fits, seasons, word(f"plan.{task.plan.why}"))


def season_table(
    customer_ids: TextArray,
    order_dates: DateArray,
    as_of: ArrayLike,
    season_by: str = MONTH,
) -> Frame:
    """Seasons of an order log: how busy each month, week or weekday is, apart from who was there.

    1 is a day like the mean. The first row says whether the seasons are more than chance. Needs two
    years.

    Args:
        customer_ids: Customer of each order, shape (m,).
        order_dates: Day of each order, shape (m,).
        as_of: The day of the data; later orders do not count.
        season_by: "month", "week" or "weekday".

    Returns:
        Columns season_name, season_index, actual (repeat orders), remark.

    Raises:
        NotEnoughData: The log spans less than two years, or nobody ordered twice.
    """
    log = log_of(customer_ids, order_dates, np.ones(np.size(order_dates)), as_of)
    summary, by = summary_of(log), choice("season_by", season_by)
    found = find_seasons(summary, by)  # type: ignore[arg-type]
    why = "season_real" if found.real else "season_none"
    return {
        "season_name": np.array(_season_names(by), dtype=object),
        "season_index": np.array(found.clock.factors),
        "actual": repeats_by_season(summary, by),  # type: ignore[arg-type]
        "remark": np.array([word(f"plan.{why}")] + [""] * (len(found.clock.factors) - 1), object),
    }


def _season_names(by: str) -> list[str]:
    if by == "week":
        return [word("models.week", number=number) for number in range(1, SEASONS["week"] + 1)]
    return list(words(f"models.{by}s"))
