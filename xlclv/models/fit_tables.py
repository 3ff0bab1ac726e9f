"""The fits as functions of a spreadsheet: columns in, a table out, which is read back again."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from xlclv.errors import InputError, UndefinedError
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.bgbb import BgBb
from xlclv.models.choice import choose, fit_orders
from xlclv.models.forecast import refuse_thin
from xlclv.models.gamma_gamma import GammaGamma
from xlclv.models.model import Fit, M, Model
from xlclv.models.sbg import ShiftedBetaGeometric
from xlclv.tables import Table, remembered
from xlclv.terms import FloatArray, Frame, choice, numbers
from xlclv.words import word


def fit_table(
    repeat_orders: FloatArray,
    recency: FloatArray,
    age: FloatArray,
    avg_spend: FloatArray | None = None,
    model: str = BgNbd.NAME,
) -> Frame:
    """Fit a model of orders to customers: parameters, standard errors, log-likelihood, verdict.

    With avg_spend, Gamma-Gamma for the spend as well. Times in any one unit. model is BG/NBD,
    MBG/NBD, Pareto/NBD, BG/CNBD-k or MBG/CNBD-k (regular orders), or best. Seasons are found by
    CLV_FIT_LOG, from the orders themselves.

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
    fits: list[Fit[Model]] = [fit_orders(repeat_orders, recency, age, choice("model", model))]
    if avg_spend is not None:
        fits.append(GammaGamma.fit(repeat_orders, avg_spend))
    return as_table(fits)


def occasion_fit(
    repeat_orders: FloatArray,
    last_occasion: FloatArray,
    occasions: FloatArray,
    customer_counts: FloatArray | None = None,
) -> Frame:
    """Fit BG/BB, the model for fixed occasions (yearly gifts, weekly visits), to customers.

    CLV_P_ALIVE and CLV_EXPECTED_ORDERS read the result; their recency is the last occasion,
    their age the occasions, their time ahead whole occasions.

    Args:
        repeat_orders: Occasions with an order, shape (n,).
        last_occasion: Number of the last occasion with an order, 0 without one, shape (n,).
        occasions: Occasions that the customer had, shape (n,).
        customer_counts: Customers that each row stands for, shape (n,); left out: one.

    Returns:
        Columns model_name, parameter, estimate, std_error, remark.

    Raises:
        InputError: A row cannot be true.
        NotEnoughData: Fewer than 50 customers ordered at an occasion.
        UndefinedError: No peak was found.
    """
    (each,) = numbers(customer_counts=1 if customer_counts is None else customer_counts)
    refuse_thin(int((each * (np.asarray(repeat_orders) > 0)).sum()))
    return as_table([BgBb.fit(repeat_orders, last_occasion, occasions, customer_counts)])


def compare_models(repeat_orders: FloatArray, recency: FloatArray, age: FloatArray) -> Frame:
    """Compare the models of orders on the same customers, the likeliest first.

    Akaike weights add up to 1. Vuong's z below -2 says that a model is surely worse than the first.

    Args:
        repeat_orders: Orders after the first, shape (n,).
        recency: Time from the first to the last order, shape (n,).
        age: Time from the first order to the day of the data, shape (n,).

    Returns:
        Columns model_name, log_likelihood, aic, akaike_weight, vuong_z, remark.

    Raises:
        InputError: A row cannot be true.
        NotEnoughData: Fewer than 50 customers ordered again.
    """
    refuse_thin(int(np.count_nonzero(repeat_orders)))
    found = choose(repeat_orders, recency, age)
    return {
        "model_name": np.array([fit.model.NAME for fit in found.fits], dtype=object),
        "log_likelihood": np.array([fit.log_likelihood for fit in found.fits]),
        "aic": np.array([fit.aic for fit in found.fits]),
        "akaike_weight": found.weights,
        "vuong_z": found.vuong,
        "remark": np.array([fit.remark for fit in found.fits], dtype=object),
    }


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
    return as_table([ShiftedBetaGeometric.fit(customers_left)])


def as_table(
    fits: Sequence[Fit[Model]], seasons: Mapping[str, float] | None = None, why: str = ""
) -> Frame:
    """Return the table that a fit spills.

    Args:
        fits: What was fitted.
        seasons: Length of a day by name of the season, where seasons count.
        why: What to think of the seasons.
    """
    rows = [row for fit in fits for row in _rows(fit)]
    for name, length in (seasons or {}).items():
        rows.append((word("models.seasons"), name, length, np.nan, why))
        why = ""
    model, parameter, estimate, error, remark = zip(*rows, strict=True)
    return {
        "model_name": np.array(model, dtype=object),
        "parameter": np.array(parameter, dtype=object),
        "estimate": np.array(estimate, float),
        "std_error": np.array(error, float),
        "remark": np.array(remark, dtype=object),
    }


def _rows(fit: Fit[Model]) -> Iterator[tuple[str, str, float, float, str]]:
    """Give a row per parameter, then what tells how good the fit is; the verdict in the first."""
    if not fit.converged:
        raise UndefinedError("no_convergence", model=fit.model.NAME)
    model, remark = fit.model.NAME, fit.remark
    names = fit.model.names()
    for name, estimate, error in zip(names, fit.params, fit.std_errors, strict=True):
        yield model, name, estimate, float(error), remark
        remark = ""
    figures = {"log_likelihood": fit.log_likelihood, "aic": fit.aic, "n": fit.n, "converged": 1}
    for key, figure in figures.items():
        yield model, word(f"models.{key}"), float(figure), np.nan, ""


@remembered(2)
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


def params_of(table: Table, kinds: Mapping[str, type[M]], function: str = "CLV_FIT") -> M:
    """Return the parameters of the first of some models that the fit holds."""
    read = read_fit(table)
    if word("models.seasons") in read:
        raise InputError("fit_with_seasons")
    name = next((name for name in kinds if name in read), None)
    if name is None:
        models = " / ".join(kinds)
        raise InputError("no_parameter", model=models, name="", function=function)
    kind = kinds[name]
    lacking = [each for each in kind.names() if not read[name].get(each, np.nan) > 0]
    if lacking:
        raise InputError("no_parameter", model=name, name=lacking[0], function=function)
    return kind(*(read[name][each] for each in kind.names()))
