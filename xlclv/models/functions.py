"""The models as functions of a spreadsheet: columns in, a fit as a table, predictions from it."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from xlclv.customers.log import OrderLog, order_log
from xlclv.errors import InputError, NotEnoughData, UndefinedError
from xlclv.models import gamma_gamma, sbg
from xlclv.models.bgnbd import NAME as BG_NBD
from xlclv.models.choice import MODELS, PARAMS, fit_orders
from xlclv.models.forecast import fit_both, forecast, refuse_thin
from xlclv.models.gamma_gamma import GammaGamma
from xlclv.models.optimise import Fit
from xlclv.models.sbg import ShiftedBetaGeometric
from xlclv.models.summary import Summary, summarise
from xlclv.tables import Table
from xlclv.terms import (
    DateArray,
    FloatArray,
    Frame,
    TextArray,
    choice,
    dates,
    numbers,
)
from xlclv.words import word

# --- fits -------------------------------------------------------------------------------------


def fit_table(
    repeat_orders: FloatArray,
    recency: FloatArray,
    age: FloatArray,
    avg_spend: FloatArray | None = None,
    model: str = BG_NBD,
) -> Frame:
    """Fit a model of orders to customers: parameters, standard errors, log-likelihood, verdict.

    With avg_spend, Gamma-Gamma for the spend as well. Times in any one unit. model is BG/NBD,
    MBG/NBD, Pareto/NBD or best.

    Args:
        repeat_orders: Orders after the first, shape (n,).
        recency: Time from the first to the last order, shape (n,).
        age: Time from the first order to the day of the data, shape (n,).
        avg_spend: Mean money per repeat order, shape (n,); ignored without a repeat order.
        model: Name of the model, or "best" for the likeliest.

    Returns:
        Columns model_name, parameter, estimate, std_error, remark: the table that the
        predictions take.

    Raises:
        InputError: A row cannot be true.
        NotEnoughData: Fewer than 50 customers ordered again.
        UndefinedError: No peak was found, or Gamma-Gamma has no finite mean.
    """
    refuse_thin(int(np.count_nonzero(repeat_orders)))
    fits: list[Fit[Any]] = [fit_orders(repeat_orders, recency, age, choice("model", model))]
    if avg_spend is not None:
        fits.append(gamma_gamma.fit(repeat_orders, avg_spend))
    return _as_table(fits)


def survival_fit(customers_left: FloatArray) -> Frame:
    """Fit the survival of subscribers (shifted-beta-geometric) to those still there each period.

    customers_left begins with all customers of the cohort.

    Args:
        customers_left: Customers at the start, then after each period, shape (periods + 1,).

    Returns:
        Columns model_name, parameter, estimate, std_error, remark.

    Raises:
        InputError: A count is not whole or rises.
        NotEnoughData: Fewer than two periods, or nobody left.
        UndefinedError: No peak was found.
    """
    return _as_table([sbg.fit(customers_left)])


def _as_table(fits: list[Fit[Any]]) -> Frame:
    rows = [row for fit in fits for row in _rows(fit)]
    model, parameter, estimate, error, remark = zip(*rows, strict=True)
    return {
        "model_name": np.array(model, dtype=object),
        "parameter": np.array(parameter, dtype=object),
        "estimate": np.array(estimate, float),
        "std_error": np.array(error, float),
        "remark": np.array(remark, dtype=object),
    }


def _rows(fit: Fit[Any]) -> Iterator[tuple[str, str, float, float, str]]:
    """Give a row per parameter, then what tells how good the fit is; the verdict in the first."""
    if not fit.converged:
        raise UndefinedError("no_convergence", model=fit.model)
    remark = fit.remark
    for name, estimate, error in zip(fit.params._fields, fit.params, fit.std_errors, strict=True):
        yield fit.model, name, estimate, error, remark
        remark = ""
    figures = {"log_likelihood": fit.log_likelihood, "aic": fit.aic, "n": fit.n, "converged": 1}
    for key, figure in figures.items():
        yield fit.model, word(f"models.{key}"), float(figure), np.nan, ""


def read_fit(table: Table) -> Mapping[str, Mapping[str, float]]:
    """Read a fit back: estimates by model and parameter.

    Raises:
        InputError: A cell is at fault; the message names it.
    """
    if table.faults:
        raise InputError("table_fault", fault=str(table.faults[0]))
    read: dict[str, dict[str, float]] = {}
    columns = (table.values(name) for name in ("model_name", "parameter", "estimate"))
    for model, parameter, estimate in zip(*columns, strict=True):
        read.setdefault(model, {})[parameter] = float(estimate)
    return read


def _params(
    table: Table, kinds: Mapping[str, type[Any]], function: str = "CLV_FIT"
) -> tuple[str, Any]:
    """Return name and parameters of the first of some models that the fit holds."""
    read = read_fit(table)
    name = next((name for name in kinds if name in read), None)
    if name is None:
        models = " / ".join(kinds)
        raise InputError("no_parameter", model=models, name="", function=function)
    kind = kinds[name]
    lacking = [field for field in kind._fields if not read[name].get(field, np.nan) > 0]
    if lacking:
        raise InputError("no_parameter", model=name, name=lacking[0], function=function)
    return name, kind(*(read[name][field] for field in kind._fields))


# --- predictions ------------------------------------------------------------------------------


def p_alive(fit: Table, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
    """Chance that each customer is still a customer, from a fit by CLV_FIT.

    Args:
        fit: What CLV_FIT spilled, with its headers.
        repeat_orders: Orders after the first, shape (n,).
        recency: Time from the first to the last order, in the unit of the fit, shape (n,).
        age: Time from the first order to the day of the data, shape (n,).

    Returns:
        0 to 1, shape (n,).

    Raises:
        InputError: A row cannot be true, or the fit lacks a parameter.
    """
    name, params = _params(fit, PARAMS)
    return MODELS[name].p_alive(params, repeat_orders, recency, age)


def expected_orders(
    fit: Table, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike, time_ahead: ArrayLike
) -> FloatArray:
    """Orders expected of each customer within time_ahead, from a fit by CLV_FIT.

    Args:
        fit: What CLV_FIT spilled, with its headers.
        repeat_orders: Orders after the first, shape (n,).
        recency: Time from the first to the last order, in the unit of the fit, shape (n,).
        age: Time from the first order to the day of the data, shape (n,).
        time_ahead: How far ahead, in the same unit, shape (n,).

    Returns:
        Orders, shape (n,).

    Raises:
        InputError: A row cannot be true, or the fit lacks a parameter.
    """
    name, params = _params(fit, PARAMS)
    return MODELS[name].expected_orders(params, repeat_orders, recency, age, time_ahead)


def expected_spend(fit: Table, repeat_orders: ArrayLike, avg_spend: ArrayLike) -> FloatArray:
    """Money expected per order of each customer, from a fit by CLV_FIT with avg_spend.

    The customer's own mean counts the more, the more repeat orders there are; without one, the
    mean of all customers stands.

    Args:
        fit: What CLV_FIT spilled, with its headers.
        repeat_orders: Orders after the first, shape (n,).
        avg_spend: Mean money per repeat order, shape (n,).

    Returns:
        Money per order, shape (n,).

    Raises:
        InputError: A row cannot be true, or the fit has no Gamma-Gamma part.
        UndefinedError: The mean of all is infinite.
    """
    if gamma_gamma.NAME not in read_fit(fit):
        raise InputError("no_spend_in_fit")
    _, params = _params(fit, {gamma_gamma.NAME: GammaGamma})
    return gamma_gamma.expected_spend(params, repeat_orders, avg_spend)


def survival(fit: Table, periods: ArrayLike) -> FloatArray:
    """Share of subscribers still there after that many periods, from a CLV_SURVIVAL_FIT.

    Args:
        fit: What CLV_SURVIVAL_FIT spilled, with its headers.
        periods: Periods since the start, >= 0, shape (n,).

    Returns:
        0 to 1, shape (n,).

    Raises:
        InputError: The fit lacks a parameter.
    """
    return sbg.survival(_survival_params(fit), periods)


def residual(
    fit: Table, renewals: ArrayLike, period_margin: ArrayLike, discount_rate: ArrayLike
) -> FloatArray:
    """Discounted value still expected of a subscriber just before the next renewal.

    From a CLV_SURVIVAL_FIT, for one who has renewed `renewals` times. The rate is per period.

    Args:
        fit: What CLV_SURVIVAL_FIT spilled, with its headers.
        renewals: Renewals made so far, whole, shape (n,).
        period_margin: Money per period, shape (n,).
        discount_rate: Per period, shape (n,).

    Returns:
        Money, shape (n,).

    Raises:
        InputError: The fit lacks a parameter.
        UndefinedError: The value is infinite.
    """
    (margin,) = numbers(period_margin=period_margin)
    return margin * sbg.residual(_survival_params(fit), renewals, discount_rate)


def _survival_params(fit: Table) -> ShiftedBetaGeometric:
    _, params = _params(fit, {sbg.NAME: ShiftedBetaGeometric}, "CLV_SURVIVAL_FIT")
    return ShiftedBetaGeometric(*params)


# --- all in one call --------------------------------------------------------------------------


def forecast_table(
    customer_ids: TextArray,
    order_dates: DateArray,
    amounts: FloatArray,
    as_of: ArrayLike,
    months_ahead: float = 12,
    margin: float = 1,
    discount_rate: float = 0,
    model: str = BG_NBD,
) -> Frame:
    """Forecast per customer from an order log: P(alive), orders, spend, CLV with a 95% interval.

    Months have 30.4375 days; the discount rate is per year. Needs 50 customers who ordered again
    and 180 days.

    Args:
        customer_ids: Customer of each order, shape (m,).
        order_dates: Day of each order, shape (m,).
        amounts: Net money of each order, refunds negative, shape (m,).
        as_of: The day of the data; later orders do not count.
        months_ahead: Months counted.
        margin: Profit per money of revenue, -1 to 1.
        discount_rate: Per year.
        model: Name of the model of orders, or "best" for the likeliest.

    Returns:
        Columns customer_id, p_alive, expected_orders, expected_spend, predicted_clv, clv_low,
        clv_high, shape (k,), in the order in which the customers first appear; NaN where all
        orders were cancelled.

    Raises:
        NotEnoughData: The log is too short or too few ordered again.
        UndefinedError: The fit found no peak.
    """
    (today,) = dates(as_of=as_of)
    ids = np.asarray(customer_ids, dtype=object)
    log = order_log(ids, order_dates, np.asarray(amounts, float), today)
    if not log.customer.size:
        raise NotEnoughData("no_orders", as_of=str(today))
    (months,) = numbers(months_ahead=months_ahead)
    summary = summary_of(log)
    refuse_thin(summary.repeaters, summary.span)
    fits = fit_both(summary, choice("model", model))
    seen = forecast(summary, *fits, int(months), discount_rate, margin)
    columns = {
        "p_alive": seen.p_alive,
        "expected_orders": seen.expected_orders,
        "expected_spend": seen.expected_spend,
        "predicted_clv": seen.clv,
        "clv_low": seen.low,
        "clv_high": seen.high,
    }
    return {
        "customer_id": log.ids,
        **{name: _for_all(log, summary, each) for name, each in columns.items()},
    }


def summary_of(log: OrderLog) -> Summary:
    """Summarise a log for the models.

    Refunds that belong to no order lower all orders of their customer in proportion.
    """
    gross = log.per_customer(log.amount)
    net = np.clip(log.spend(), 0, None)
    kept = np.where(gross > 0, np.minimum(net / np.where(gross > 0, gross, 1), 1), 0)
    return summarise(log.customer, log.day, log.amount * kept[log.customer], log.as_of)


def _for_all(log: OrderLog, summary: Summary, values: FloatArray) -> FloatArray:
    every = np.full(log.ids.size, np.nan)
    every[summary.customer] = values
    return every
