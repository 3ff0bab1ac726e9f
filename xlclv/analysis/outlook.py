"""What the workbook shows of the models: a forecast of every customer, and how far to trust it.

Estimates: float, rounded to what a sheet shows, so that every machine writes the same file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from xlclv.analysis.foreseen import Asked, Foreseen, How, foresee
from xlclv.customers.log import OrderLog
from xlclv.customers.orders import MONEY_DECIMALS
from xlclv.errors import XlclvError
from xlclv.models.forecast import Forecast
from xlclv.models.histories import Summary, summary_of
from xlclv.models.trust.agree import contradicts
from xlclv.models.trust.beginning import Older, older
from xlclv.models.trust.holdout import LAST_CLASS, Holdout, holdout
from xlclv.models.trust.judge import Trust, Verdict
from xlclv.models.trust.ranges import Spread
from xlclv.terms import DateArray, FloatArray, Frame, IntArray, TextArray
from xlclv.words import number, percent, word

DIGITS = 4  # of chances and orders
LONGEST_REST = 365  # days kept back for the check
PART_KEPT_BACK = 3  # the third part of the log, if that is less
MONTHS = 12
UNSAID = ("sound", "thin")  # of a fit; whether it tells enough was judged by the forecast
HISTORY = ("repeats", "t_x", "age_t")
COLUMNS = ("p_alive", "expected_orders", "expected_spend", "predicted_clv", "clv_low", "clv_high")


@dataclass(frozen=True, slots=True)
class Total:
    """What is expected of a group of customers within the horizon, with its 95% range."""

    orders: float
    orders_low: float
    orders_high: float
    value: float
    value_low: float
    value_high: float


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
            None of them where the forecast is missing or not to be trusted.
        at_risk: Profit within the horizon that is lost with the customers who have left:
            predicted value if alive times the chance to have left, shape (k,).
        revenue: Money expected within the horizon, shape (k,).
        remark: What to think of it; where there is no forecast, why.
        foreseen: The fit and its trials; None where there is none.
        spread: How far totals may end from what is expected.
        check: Holdout check; None where the log is too short for one.
        at_stake: Predicted value of all customers, where it is not to be believed.
        older: Customers who are older than the log; None without.
    """

    months: int
    history: Frame = field(default_factory=dict)
    columns: Frame = field(default_factory=dict)
    at_risk: FloatArray | None = None
    revenue: FloatArray | None = None
    remark: str = ""
    foreseen: Foreseen | None = None
    spread: Spread | None = None
    check: Holdout | None = None
    at_stake: float = np.nan
    older: Older | None = None

    @property
    def trust(self) -> Trust:
        """Return what earlier forecasts say of this one."""
        return Trust("none", "untested") if self.foreseen is None else self.foreseen.trust

    @property
    def verdict(self) -> Verdict:
        """Return "good", "fair", "poor" or "none"."""
        return self.trust.verdict

    @property
    def sentence(self) -> str:
        """Say in one sentence how far to trust it, or why there is none."""
        return self.remark if self.foreseen is None else self.trust.sentence

    @property
    def predicted(self) -> FloatArray | None:
        """Return the predicted value of each customer, None where there is none to decide by."""
        return self.columns.get("predicted_clv")

    @property
    def lost(self) -> FloatArray | None:
        """Return the predicted loss with each, NaN without an order; None without a forecast."""
        if self.at_risk is None:
            return None
        return np.where(np.isnan(self.columns["p_alive"]), np.nan, self.at_risk)

    @property
    def checked(self) -> str:
        """Say how far the part kept back was off; nothing where there is no forecast."""
        if self.foreseen is None:
            return ""
        if self.check is None:
            return word("outlook.unchecked")
        expected, actual = self.check.expected.sum(), self.check.actual.sum()
        facts: dict[str, object] = {"expected": number(expected, 0), "actual": number(actual, 0)}
        facts |= {"error": percent(self.check.error, sign=True), "every": self.foreseen.tried_on}
        return word(
            "outlook.check_part" if self.foreseen.tried_on > 1 else "outlook.check", **facts
        )

    def contradictions(self, status: TextArray) -> int:
        """Count the customers whose status no reader would believe beside P(alive)."""
        chance = self.columns.get("p_alive")
        return 0 if chance is None else int(contradicts(status, chance).sum())

    def total(self) -> Total | None:
        """Return what is expected of all customers; None without a forecast to decide by."""
        if self.spread is None:
            return None
        group = np.zeros(self.spread.place.size, np.int64)
        return self._totals(group)[0]

    def totals(self, labels: TextArray) -> Mapping[str, Total]:
        """Return the same by label, for customers with an order.

        Args:
            labels: Of all customers, shape (k,).
        """
        if self.spread is None or self.foreseen is None:
            return {}
        names, group = np.unique(
            labels[self.foreseen.summary.customer].astype(str), return_inverse=True
        )
        totals = self._totals(group.astype(np.int64))
        return {str(name): total for name, total in zip(names, totals, strict=True)}

    def _totals(self, group: IntArray) -> list[Total]:
        if self.spread is None or self.foreseen is None:
            return []
        frame = self.spread.of(group, model_error=self.foreseen.model_error)
        names = ("orders", "orders_low", "orders_high", "value", "value_low", "value_high")
        columns = [np.round(frame[name], MONEY_DECIMALS).tolist() for name in names]
        return [Total(*row) for row in zip(*columns, strict=True)]

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

    def of_each_month(self) -> Frame:
        """Return the orders of all customers in each month: always 12 months.

        Returns:
            month (1 to 12), actual, expected; NaN after the end.
        """
        sums = self.by_month()
        each = {
            name: np.round(np.diff(sums[name], prepend=0), MONEY_DECIMALS)
            for name in ("actual", "expected")
        }
        return {"month": sums["month"], **each}


def outlook(
    log: OrderLog | None,
    margin: FloatArray,
    how: How | None = None,
    joined: DateArray | None = None,
) -> Outlook:
    """Forecast all customers; where the data are too thin, or the models fail, say so instead.

    Args:
        log: The order log, or None.
        margin: Profit per money of revenue of all k customers, those of the log first.
        how: By what, and how far.
        joined: Day on which each customer of the log joined, NaT where it is not known.
    """
    asked_how = how or How()
    months = asked_how.months
    if log is None or not log.customer.size:
        return Outlook(months, remark=word("outlook.no_orders"))
    asked = Asked.of(log, asked_how, joined)
    try:
        seen = foresee(asked)
    except XlclvError as error:
        summary = summary_of(log)
        why = word("outlook.none", why=str(error))
        found = older(summary, asked.joined)
        return Outlook(months, _history(summary, margin.size), remark=why, older=found)
    bare = Outlook(
        months,
        _history(seen.summary, margin.size),
        remark=_remark(seen),
        foreseen=seen,
        check=_check(asked, seen),
        older=seen.plan.older,
    )
    share = margin[seen.summary.customer]
    if seen.trust.verdict == "poor":
        return replace(bare, at_stake=float(seen.forecast.clv @ share))
    return _forecast(bare, seen, share, margin.size)


def _history(summary: Summary, size: int) -> Frame:
    given = (summary.frequency, summary.recency, summary.age)
    return _spread(zip(HISTORY, given, strict=True), summary, size)


def _remark(seen: Foreseen) -> str:
    """Say by which model, how well it did, and what of seasons."""
    fit = seen.plan.orders
    facts = {"model": fit.model.NAME, "trust": seen.trust.sentence}
    season = word(f"plan.{seen.plan.why}")
    if seen.trust.verdict == "poor":
        return word("outlook.poor", **facts)
    texts = [word("outlook.model", **facts), season]
    if fit.verdict not in UNSAID:
        texts.append(fit.remark)
    if seen.spend is None:
        texts.append(word("models.plain_mean"))
    return " ".join(texts)


def _forecast(bare: Outlook, found: Foreseen, share: FloatArray, size: int) -> Outlook:
    """Add what is expected of each customer.

    Args:
        bare: The outlook without it.
        found: The forecast of revenue.
        share: Profit per money of revenue of each customer with an order.
        size: All customers.
    """
    seen, who = found.forecast, found.summary.customer
    alive = np.where(seen.p_alive > 0, seen.p_alive, 1)
    at_risk, revenue = np.zeros(size), np.full(size, np.nan)
    at_risk[who] = seen.clv * share / alive * (1 - seen.p_alive)
    revenue[who] = seen.expected_orders * seen.expected_spend
    return replace(
        bare,
        columns=_columns(seen, share, found.summary, size),
        at_risk=np.round(at_risk, MONEY_DECIMALS),
        revenue=np.round(revenue, MONEY_DECIMALS),
        spread=found.spread.times(share),
    )


def _columns(seen: Forecast, share: FloatArray, summary: Summary, size: int) -> Frame:
    ends = np.sort(np.array([seen.low * share, seen.high * share]), axis=0)  # a margin may be < 0
    figures = (seen.p_alive, seen.expected_orders, seen.expected_spend, seen.clv * share, *ends)
    rounded = (
        (name, np.round(figure, _digits(name)))
        for name, figure in zip(COLUMNS, figures, strict=True)
    )
    return _spread(rounded, summary, size)


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


def _check(asked: Asked, seen: Foreseen) -> Holdout | None:
    """Keep the last part of the log back and foretell it, by the model that was chosen."""
    rest = min(seen.summary.span // PART_KEPT_BACK, LONGEST_REST)
    name = seen.plan.orders.model.NAME
    customer, day, _ = asked.part(seen.tried_on)
    try:
        return holdout(customer, day, asked.as_of - rest, asked.as_of, name)
    except XlclvError:
        return None
