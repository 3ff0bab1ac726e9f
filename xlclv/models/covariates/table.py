"""Does the channel matter? Segments as covariates, as a function of a spreadsheet."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from xlclv.customers.log_columns import log_of, segments_of
from xlclv.errors import InputError, UndefinedError
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.choice import MODELS
from xlclv.models.covariates.fit import EFFECTS, CovariateFit, fit_covariates, indicators
from xlclv.models.forecast import refuse_thin
from xlclv.models.histories import summary_of
from xlclv.models.model import OrderModel
from xlclv.terms import DateArray, FloatArray, Frame, TextArray, choice
from xlclv.words import word

MOST_SEGMENTS = 30  # each has up to three coefficients of its own
Row = tuple[str, str, str, float, float, float, str]


def covariate_fit(
    customer_ids: TextArray,
    order_dates: DateArray,
    amounts: FloatArray,
    as_of: ArrayLike,
    segment_labels: TextArray,
    model: str = BgNbd.NAME,
    pooled: bool = False,  # noqa: FBT001, FBT002 - an argument in a cell
) -> Frame:
    """Does the channel matter? Fit segments as covariates, with a likelihood-ratio test.

    The segment of a customer is the label of the first order: channel, region, age group. The
    others are compared with the largest.

    Args:
        customer_ids: Customer of each order, shape (m,).
        order_dates: Day of each order, shape (m,).
        amounts: Net money of each order, refunds negative, shape (m,).
        as_of: The day of the data; later orders do not count.
        segment_labels: Segment of each order, shape (m,).
        model: BG/NBD, MBG/NBD or Pareto/NBD.
        pooled: Draw the coefficients of small segments towards 0 (partial pooling). The test is
            that of the coefficients as they are.

    Returns:
        Columns model_name, segment, parameter, estimate (of that segment, times in days),
        coefficient and std_error (against the largest segment, which comes first), remark; then
        rows of log-likelihood, likelihood ratio, degrees of freedom and p-value. The headers and
        the rows of one segment are a table that the predictions take.

    Raises:
        InputError: The model or the number of segments is not allowed.
        NotEnoughData: Fewer than 50 customers ordered again, or less than 180 days.

    Source: Fader & Hardie (2007), note 019.
    """
    kind = MODELS.get(choice("model", model), OrderModel)
    if kind not in EFFECTS:
        raise InputError("no_covariates_in_model", model=model)
    log = log_of(customer_ids, order_dates, amounts, as_of)
    summary = summary_of(log)
    refuse_thin(summary.repeaters, summary.span)
    names, place = segments_of(log, segment_labels, order_dates, summary.customer)
    if not 1 < len(names) <= MOST_SEGMENTS:
        raise InputError("number_of_segments", size=len(names), most=MOST_SEGMENTS)
    labels, columns = indicators(np.array(names, dtype=object)[place])
    history = summary.frequency, summary.recency, summary.age
    alone = fit_covariates(kind, history, columns)
    shown = fit_covariates(kind, history, columns, pooled=True) if pooled else alone
    (largest,) = set(names) - set(labels)
    rows = [*_rows([largest, *labels], shown, _said(labels, alone)), *_figures(alone, shown)]
    model_, segment, parameter, *numbers, remark = zip(*rows, strict=True)
    estimate, coefficient, error = (np.array(column, float) for column in numbers)
    return {
        "model_name": np.array(model_, dtype=object),
        "segment": np.array(segment, dtype=object),
        "parameter": np.array(parameter, dtype=object),
        "estimate": estimate,
        "coefficient": coefficient,
        "std_error": error,
        "remark": np.array(remark, dtype=object),
    }


def _rows(labels: Sequence[str], fit: CovariateFit[OrderModel], remark: str) -> Iterator[Row]:
    """Give a row per segment and parameter, the largest segment first."""
    for at, label in enumerate(labels):
        own = fit.params(np.arange(1, len(labels)) == at)
        for name, estimate in zip(own.names(), own, strict=True):
            coefficient = error = np.nan
            if at and name in fit.effects:
                where = fit.effects.index(name), at - 1
                coefficient, error = float(fit.coefficients[where]), float(fit.std_errors[where])
            yield own.NAME, label, name, estimate, coefficient, error, remark
            remark = ""


def _figures(alone: CovariateFit[OrderModel], shown: CovariateFit[OrderModel]) -> Iterator[Row]:
    """Give a row for each figure of the test, and how far pooled coefficients spread."""
    figures = {
        "log_likelihood": alone.log_likelihood,
        "without": alone.without,
        "ratio": alone.ratio,
        "freedom": float(alone.coefficients.size),
        "chance": alone.chance,
        "n": float(alone.n),
        "spread": shown.spread,
    }
    for key, figure in figures.items():
        if np.isfinite(figure):
            yield alone.base.NAME, "", word(f"models.{key}"), figure, np.nan, np.nan, ""


def _said(labels: Sequence[str], fit: CovariateFit[OrderModel]) -> str:
    """Answer whether the segments matter; name those whose coefficients run off."""
    if fit.verdict == "not_converged":
        raise UndefinedError("no_convergence", model=fit.base.NAME)
    lost = [bool(np.isnan(errors).any()) for errors in fit.std_errors.T]
    key = "matter" if fit.matters else "no_matter"
    said = [word(f"covariates.{key}", chance=f"{fit.chance:.2g}")]
    if any(lost):
        named = ", ".join(label for label, off in zip(labels, lost, strict=True) if off)
        said.append(word("covariates.runs_off", segments=named))
    return " ".join(said)
