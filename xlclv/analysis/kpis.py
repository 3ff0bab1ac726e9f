"""The figures of the Summary, each with what it needs to be read right. Estimates: float."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from xlclv.analysis.acquisition import Payback, payback
from xlclv.analysis.outlook import Outlook
from xlclv.analysis.slipping import slipping_value
from xlclv.analysis.worth import Worth
from xlclv.analysis.yearago import repeat_rate
from xlclv.customers.orders import CENTS
from xlclv.customers.people import People
from xlclv.customers.status import AT_RISK, PASSIVE, STATUSES
from xlclv.customers.windows import ROLLING
from xlclv.errors import UndefinedError
from xlclv.rewards.engine.decisions import Decisions
from xlclv.rewards.known import Known
from xlclv.segments.breakdown import top_share
from xlclv.terms import FloatArray, Frame, Unit
from xlclv.words import number, word


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure; its texts are `kpi.KEY.title` and `.note`.

    Args:
        key: Its name.
        value: NaN where the data do not tell it.
        unit: What it counts.
        optional: It is shown only where the data tell it.
        facts: What its texts name, such as the months ahead.
        told: How it is counted, where the catalogue cannot say it.
    """

    key: str
    value: float
    unit: Unit
    optional: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)
    told: str = ""

    @property
    def title(self) -> str:
        """Return its name."""
        return word(f"kpi.{self.key}.title", **self.facts)

    @property
    def note(self) -> str:
        """Say how it is counted."""
        return self.told or word(f"kpi.{self.key}.note", **self.facts)


def kpis(
    known: Known, decisions: Decisions, outlook: Outlook, measured: Worth, owed: Frame
) -> tuple[Kpi, ...]:
    """Return the figures, in the order of the tiles."""
    everybody = known.everybody
    value = everybody.clv[everybody.valued]
    equity = float(value.sum())
    granted = sum(decision.count for decision in decisions.by_rule)
    cost = float(sum(decision.cost or 0 for decision in decisions.by_rule))
    return (
        *_headline(everybody, outlook),
        Kpi("customers", everybody.size, "count"),
        *_both_views(everybody, outlook),
        Kpi("avg_clv", _mean(value), "money", facts={"money": _money(everybody)}),
        Kpi("median_clv", float(np.median(value)) if value.size else np.nan, "money"),
        Kpi("equity", equity, "money"),
        Kpi("negative", float((value < 0).sum()), "count"),
        *_by_status(everybody),
        Kpi("repeat_rate", repeat_rate(everybody), "fraction"),
        Kpi("top_share", _top_share(everybody.clv[everybody.valued]), "fraction"),
        _top_worth(measured),
        Kpi("at_risk_value", _value_at_risk(everybody), "money"),
        _at_stake(everybody, outlook),
        Kpi(
            "predicted_loss",
            _sum(outlook.at_risk),
            "money",
            facts={"money": _money(everybody), "months": outlook.months},
        ),
        Kpi("avg_order", _average_order(everybody), "money"),
        Kpi("revenue_12m", _revenue(everybody), "money"),
        Kpi("existing_share", _existing_share(everybody), "fraction"),
        Kpi("rewards", granted, "count"),
        Kpi("reward_cost", cost, "money"),
        Kpi("reward_share", cost / equity if equity > 0 else np.nan, "fraction"),
        *_of_ledger(known, owed),
        Kpi("budget_used", _budget_used(decisions), "fraction"),
        Kpi("discounts", _sum(everybody.discounts), "money", optional=True),
        *_acquisition(payback(everybody)),
    )


def _headline(everybody: People, outlook: Outlook) -> tuple[Kpi, ...]:
    """Return what customers brought, what they are expected to bring, and both together."""
    spent = _sum(everybody.net_profit) if everybody.log is not None else np.nan
    ahead = _sum(outlook.predicted)
    facts = {"money": _money(everybody), "months": outlook.months}
    return (
        Kpi("spent", spent, "money", facts=facts),
        Kpi("predicted_equity", ahead, "money", facts=facts, told=_expected(everybody, outlook)),
        Kpi("total_value", round(spent + ahead, 2), "money", facts=facts),
    )


def _money(everybody: People) -> str:
    """Say whether money is profit or, where nobody has a margin, revenue."""
    if not everybody.counts_profit:
        return word("kpi.money.revenue")
    return word("kpi.money.net" if (everybody.acq_cost > 0).any() else "kpi.money.profit")


def _expected(everybody: People, outlook: Outlook) -> str:
    """Say how sure the predicted value is, or why there is none."""
    total = outlook.total()
    if total is None:
        return outlook.sentence
    facts = {"low": number(total.value_low, 0), "high": number(total.value_high, 0)}
    money = word("kpi.money.profit" if everybody.counts_profit else "kpi.money.revenue")
    return word("kpi.predicted_equity.note", trust=outlook.sentence, money=money, **facts)


def _both_views(everybody: People, outlook: Outlook) -> tuple[Kpi, ...]:
    """Return revenue to date and ahead, which stand beside the profit."""
    revenue = np.nan if everybody.log is None else _sum(everybody.revenue)
    ahead = outlook.revenue if outlook.columns else None
    facts = {"months": outlook.months}
    return (
        Kpi("revenue", revenue, "money"),
        Kpi("predicted_revenue", _sum(ahead), "money", facts=facts),
    )


def _at_stake(everybody: People, outlook: Outlook) -> Kpi:
    """Return what may be lost with those who are slipping away."""
    known = np.isin(everybody.status.astype(str), STATUSES).any()
    value = slipping_value(everybody, outlook.lost) if known else np.nan
    told = word("kpi.slipping_value.simple") if outlook.lost is None else ""
    return Kpi("slipping_value", value, "money", told=told)


def _acquisition(found: Payback | None) -> tuple[Kpi, ...]:
    """Return what customers bring for what it cost to win them."""
    ratio, months = (np.nan, np.nan) if found is None else (found.ratio, found.months)
    return (
        Kpi("ltv_cac", ratio, "none", optional=True),
        Kpi("payback", months, "none", optional=True),
    )


def _top_worth(measured: Worth) -> Kpi:
    share = _top_share(measured.values[measured.known])
    return Kpi("top_worth", share, "fraction", facts={"worth": measured.name})


def _of_ledger(known: Known, owed: Frame) -> tuple[Kpi, ...]:
    """Return what the ledger tells; nothing where there is none."""
    if not known.ledger.size:
        return (
            Kpi("points_open", np.nan, "points"),
            Kpi("owed", np.nan, "money"),
            Kpi("booked_12m", np.nan, "money"),
            Kpi("redemption", np.nan, "fraction"),
        )
    ledger = known.ledger
    recent = ledger.day > np.datetime64(known.everybody.since(ROLLING) or 0, "D")
    earned = int(known.balances.earned.sum())
    used = known.balances.used.sum() / earned if earned else np.nan
    return (
        Kpi("points_open", float(owed["open_points"].sum()), "points"),
        Kpi("owed", float(owed["points_worth"].sum() + owed["rewards_cost"].sum()), "money"),
        Kpi("booked_12m", float(ledger.cost_cents[recent].sum()) / CENTS, "money"),
        Kpi("redemption", float(used), "fraction"),
    )


def _budget_used(decisions: Decisions) -> float:
    """Return the used share of all budgets together."""
    acting = (one for one in decisions.by_rule if one.rule.active)
    ones = [one for one in acting if one.rule.budget and one.left is not None]
    budget = sum(one.rule.budget or 0 for one in ones)
    left = sum(one.left or 0 for one in ones)
    return float(1 - left / budget) if budget else np.nan


def _sum(values: FloatArray | None) -> float:
    """Return the sum of what is known; NaN where nothing is."""
    return np.nan if values is None else round(float(np.nansum(values)), 2)


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if values.size else np.nan


def _by_status(everybody: People) -> tuple[Kpi, ...]:
    keys = ("active", "at_risk", "passive", "lost")
    known = np.isin(everybody.status.astype(str), STATUSES).any()
    counts = [float((everybody.status == code).sum()) if known else np.nan for code in STATUSES]
    return tuple(Kpi(key, count, "count") for key, count in zip(keys, counts, strict=True))


def _top_share(values: FloatArray) -> float:
    try:
        return top_share(values)
    except UndefinedError:
        return np.nan


def _value_at_risk(everybody: People) -> float:
    """Return the CLV of customers who are at risk or passive."""
    if not np.isin(everybody.status.astype(str), STATUSES).any():
        return np.nan
    waits = (everybody.status == AT_RISK) | (everybody.status == PASSIVE)
    return float(np.maximum(everybody.clv[waits & everybody.valued], 0).sum())


def _average_order(everybody: People) -> float:
    known = ~np.isnan(everybody.revenue) & (everybody.orders > 0)
    orders = everybody.orders[known].sum()
    return float(everybody.revenue[known].sum() / orders) if orders else np.nan


def _revenue(everybody: People) -> float:
    return np.nan if everybody.log is None else float(np.nansum(everybody.spend(ROLLING)))


def _existing_share(everybody: People) -> float:
    """Return the share of the revenue of 12 months from those who were customers before them."""
    if everybody.log is None:
        return np.nan
    start = np.datetime64(everybody.since(ROLLING) or 0, "D")
    spend = everybody.spend(ROLLING)
    total = float(np.nansum(spend))
    return (
        float(np.nansum(spend[everybody.customer_since <= start]) / total) if total > 0 else np.nan
    )
