"""Predictions as functions of a spreadsheet: the table of a fit and columns in, columns out."""

from collections.abc import Mapping

from numpy.typing import ArrayLike

from xlclv.errors import InputError
from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.bgbb import BgBb
from xlclv.models.choice import MODELS
from xlclv.models.dert import dert
from xlclv.models.fit_tables import params_of, read_fit
from xlclv.models.gamma_gamma import GammaGamma
from xlclv.models.model import OrderModel
from xlclv.models.sbg import ShiftedBetaGeometric
from xlclv.tables import Table
from xlclv.terms import FloatArray, numbers

OF_ORDERS: Mapping[str, type[OrderModel]] = {**MODELS, BgBb.NAME: BgBb}


def p_alive(fit: Table, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike) -> FloatArray:
    """Chance that each customer is still a customer, from a fit by CLV_FIT or CLV_OCCASION_FIT.

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
    return params_of(fit, OF_ORDERS).p_alive(repeat_orders, recency, age)


def expected_orders(
    fit: Table, repeat_orders: ArrayLike, recency: ArrayLike, age: ArrayLike, time_ahead: ArrayLike
) -> FloatArray:
    """Orders expected of each customer within time_ahead, from a CLV_FIT or CLV_OCCASION_FIT.

    A new customer has 0 repeat orders, recency 0 and age 0.

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
    return params_of(fit, OF_ORDERS).expected_orders(repeat_orders, recency, age, time_ahead)


def order_chance(fit: Table, order_number: ArrayLike, time_ahead: ArrayLike) -> FloatArray:
    """Chance that a new customer orders again exactly that many times within time_ahead.

    From a CLV_FIT of BG/NBD or MBG/NBD. Times the customers won, it is how many to expect with 0,
    1, 2, ... repeat orders.

    Args:
        fit: What CLV_FIT spilled, with its headers.
        order_number: Repeat orders, shape (n,).
        time_ahead: Time since the first order, in the unit of the fit, shape (n,).

    Returns:
        0 to 1, shape (n,).

    Raises:
        InputError: The fit lacks a parameter.
    """
    kinds = {model.NAME: model for model in (BgNbd, MbgNbd)}
    return params_of(fit, kinds).probability(order_number, time_ahead)


def residual_orders(
    fit: Table,
    repeat_orders: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    discount_force: ArrayLike,
) -> FloatArray:
    """Discounted orders ever expected of each customer (DERT), from a fit by CLV_FIT.

    discount_force is LN(1 + yearly rate) / time units of the fit in a year.

    Args:
        fit: What CLV_FIT spilled, with its headers.
        repeat_orders: Orders after the first, shape (n,).
        recency: Time from the first to the last order, in the unit of the fit, shape (n,).
        age: Time from the first order to the day of the data, shape (n,).
        discount_force: Continuous discount rate per unit of age, > 0.

    Returns:
        Orders, shape (n,); times the profit of an order it is the residual lifetime value.

    Raises:
        InputError: A row cannot be true, or the fit lacks a parameter.
        UndefinedError: Without a discount the sum may be infinite.
    """
    return dert(params_of(fit, MODELS), repeat_orders, recency, age, discount_force)


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
    if GammaGamma.NAME not in read_fit(fit):
        raise InputError("no_spend_in_fit")
    params = params_of(fit, {GammaGamma.NAME: GammaGamma})
    return params.expected_spend(repeat_orders, avg_spend)


def survival(fit: Table, periods: ArrayLike) -> FloatArray:
    """% of subscribers still there after that many periods, from a CLV_SURVIVAL_FIT.

    Args:
        fit: What CLV_SURVIVAL_FIT spilled, with its headers.
        periods: Periods since the start, >= 0, shape (n,).

    Returns:
        0 to 1, shape (n,).

    Raises:
        InputError: The fit lacks a parameter.
    """
    return _survival_params(fit).survival(periods)


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
    return margin * _survival_params(fit).residual(renewals, discount_rate)


def new_subscriber(fit: Table, period_margin: ArrayLike, discount_rate: ArrayLike) -> FloatArray:
    """Discounted value expected of a new subscriber, from a CLV_SURVIVAL_FIT.

    The first period is paid at once and sure. The rate is per period.

    Args:
        fit: What CLV_SURVIVAL_FIT spilled, with its headers.
        period_margin: Money per period, shape (n,).
        discount_rate: Per period, shape (n,).

    Returns:
        Money, shape (n,).

    Raises:
        InputError: The fit lacks a parameter.
        UndefinedError: The value is infinite.
    """
    (margin,) = numbers(period_margin=period_margin)
    return margin * _survival_params(fit).lifetime(discount_rate)


def _survival_params(fit: Table) -> ShiftedBetaGeometric:
    kinds = {ShiftedBetaGeometric.NAME: ShiftedBetaGeometric}
    return params_of(fit, kinds, "CLV_SURVIVAL_FIT")
