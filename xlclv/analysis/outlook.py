"""What the workbook shows of the models: a forecast of every customer, and how far to trust it.

Estimates: float, rounded to what a sheet shows, so that every machine writes the same file.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from xlclv.customers.log import OrderLog
from xlclv.customers.orders import MONEY_DECIMALS
from xlclv.errors import XlclvError
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.forecast import fit_both, forecast, refuse_thin
from xlclv.models.histories import Summary, summary_of
from xlclv.models.holdout import LAST_CLASS, Holdout, holdout
from xlclv.terms import FloatArray, Frame, IntArray
from xlclv.words import number, percent, word

DIGITS = 4  # of chances and orders
LONGEST_REST = 365  # days kept back for the check
PART_KEPT_BACK = 3  # the third part of the log, if that is less
MONTHS = 12
HISTORY = ("repeats", "t_x", "age_t")
COLUMNS = ("p_alive", "expected_orders", "expected_spend", "predicted_clv", "clv_low", "clv_high")


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast of all k customers of a workbook.

    Args:
        months: Horizon.
        history: repeats (orders after the first day), t_x (days from the first order to the last)
            and age_t (days from the first order to the day): what CLV_FIT takes, shape (k,); NaN
            without an order.
        columns: p_alive, expected_orders, expected_spend (money per order), predicted_clv
            (discounted profit within the horizon; acquisition cost is spent already), clv_low and
            clv_high (95% interval of the expectation), shape (k,); NaN where nothing is expected.
        at_risk: Profit within the horizon that is lost with the customers who have left:
            predicted CLV if alive times the chance to have left, shape (k,).
        remark: What to think of it; where there is no forecast, why.
        check: Holdout check; None where the log is too short for one.
    """

    months: int
    history: Frame = field(default_factory=dict)
    columns: Frame = field(default_factory=dict)
    at_risk: FloatArray | None = None
    remark: str = ""
    check: Holdout | None = None

    @property
    def verdict(self) -> str:
        """Say how far the check was off; nothing where there is no forecast."""
        if not self.columns:
            return ""
        if self.check is None:
            return word("outlook.unchecked")
        expected, actual = self.check.expected.sum(), self.check.actual.sum()
        facts = {"expected": number(expected, 0), "actual": number(actual, 0)}
        return word("outlook.check", error=percent(self.check.error, sign=True), **facts)

    def by_frequency(self) -> Frame:
        """Return mean orders of the rest by repeat orders of the first part: always 8 classes.

        Returns:
            orders_before (text, "7+" the last), actual, expected; NaN in a class without
            customers.
        """
        labels = [*map(str, range(LAST_CLASS)), f"{LAST_CLASS}+"]
        frame: Frame = {"orders_before": np.array(labels, dtype=object)}
        for name in ("actual", "expected"):
            means = np.full(LAST_CLASS + 1, np.nan)
            if self.check is not None:
                used = self.check.by_frequency["repeat_orders"].astype(int)
                means[used] = np.round(self.check.by_frequency[name], MONEY_DECIMALS)
            frame[name] = means
        return frame

    def by_month(self) -> Frame:
        """Return the orders of all customers up to the end of each month: always 12 months.

        Returns:
            month (1 to 12), actual, expected; NaN after the end.
        """
        frame: Frame = {"month": np.arange(1, MONTHS + 1, dtype=float)}
        for name in ("actual", "expected"):
            sums = np.full(MONTHS, np.nan)
            if self.check is not None:
                found = np.round(self.check.by_month[name], MONEY_DECIMALS)
                sums[: found.size] = found
            frame[name] = sums
        return frame


def outlook(
    log: OrderLog | None,
    margin: FloatArray,
    months: int = 12,
    discount_rate: float = 0,
    model: str = BgNbd.NAME,
) -> Outlook:
    """Forecast all customers; where the data are too thin, say why instead.

    Args:
        log: The order log, or None.
        margin: Profit per money of revenue of all k customers, those of the log first.
        months: Horizon.
        discount_rate: Per year.
        model: Model of the orders, or "best".
    """
    if log is None or not log.customer.size:
        return Outlook(months, remark=word("outlook.no_orders"))
    summary = summary_of(log)
    given = (summary.frequency, summary.recency, summary.age)
    history = _spread(zip(HISTORY, given, strict=True), summary, margin.size)
    try:
        refuse_thin(summary.repeaters, summary.span)
        seen = _forecast(summary, margin, months, discount_rate, model)
    except XlclvError as error:
        return Outlook(months, history, remark=word("outlook.none", why=str(error)))
    return replace(seen, history=history, check=_check(log, summary, model))


def _forecast(
    summary: Summary, margin: FloatArray, months: int, discount_rate: float, model: str
) -> Outlook:
    fits = fit_both(summary, model)
    seen = forecast(summary, *fits, months, discount_rate)
    share = margin[summary.customer]
    ends = np.sort(np.array([seen.low * share, seen.high * share]), axis=0)  # a margin may be < 0
    value = seen.clv * share
    alive = np.where(seen.p_alive > 0, seen.p_alive, 1)
    figures = (seen.p_alive, seen.expected_orders, seen.expected_spend, value, *ends)
    rounded = (
        (name, np.round(figure, _digits(name)))
        for name, figure in zip(COLUMNS, figures, strict=True)
    )
    columns = _spread(rounded, summary, margin.size)
    at_risk = np.zeros(margin.size)
    at_risk[summary.customer] = value / alive * (1 - seen.p_alive)
    remark = word("outlook.model", model=seen.orders.model.NAME, remark=seen.remark)
    return Outlook(months, {}, columns, np.round(at_risk, MONEY_DECIMALS), remark)


def _spread(
    columns: Iterable[tuple[str, FloatArray | IntArray]], summary: Summary, size: int
) -> Frame:
    """Bring columns of the summary to all customers, NaN where one has no order."""
    frame: Frame = {}
    for name, values in columns:
        frame[name] = np.full(size, np.nan)
        frame[name][summary.customer] = values
    return frame


def _digits(name: str) -> int:
    return DIGITS if name in ("p_alive", "expected_orders") else MONEY_DECIMALS


def _check(log: OrderLog, summary: Summary, model: str) -> Holdout | None:
    """Keep the last part of the log back and foretell it, if the first part is not too thin."""
    rest = min(summary.span // PART_KEPT_BACK, LONGEST_REST)
    try:
        check = holdout(log.customer, log.day, log.as_of - rest, log.as_of, model)
        refuse_thin(check.summary.repeaters, summary.span - rest)
    except XlclvError:
        return None
    return check
