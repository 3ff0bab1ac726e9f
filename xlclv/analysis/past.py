"""The months gone by: what the log tells of each, and what a refresh would have said at its end.

What a sum over the log tells costs next to nothing and is always there. The rest (who was active
or lost, the predicted value, the tiers) is computed anew for each month end, from what was known on
that day, and only where it is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from xlclv.analysis.foreseen import Asked, how, weigh
from xlclv.analysis.outlook import DIGITS, Outlook
from xlclv.columns import as_date
from xlclv.customers.dates import ONE_DAY
from xlclv.customers.log import OrderLog
from xlclv.customers.orders import MONEY_DECIMALS
from xlclv.customers.people import People, people
from xlclv.customers.status import ACTIVE, LOST
from xlclv.customers.windows import ROLLING
from xlclv.errors import XlclvError
from xlclv.models.trust.agree import agreed
from xlclv.models.trust.plan import Season
from xlclv.segments.placing import place
from xlclv.segments.tiers import Tiers
from xlclv.settings import Settings
from xlclv.tables import Table
from xlclv.terms import BoolArray, DateArray, FloatArray, Frame, IntArray

MONTHS = 24


@dataclass(frozen=True, slots=True)
class Past:
    """The last months, the oldest first.

    Args:
        months: Columns month_end, month_revenue (net, within the month), buyers (customers with
            an order in it) and new_count (of these the first one); where it is asked for also
            active_count, lost_count, revenue_12m and predicted_total at its end; shape (m,).
        tiers: Customers of each tier at its end, best first, shape (m,) each.
    """

    months: Frame
    tiers: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """What a snapshot is computed from."""

    orders: Table
    customers: Table | None
    settings: Settings
    tiers: Tiers
    seen: Outlook


def months_of(everybody: People, months: int = MONTHS) -> Past:
    """Tell revenue and buyers of the last whole months, at most so many."""
    log = everybody.log
    if log is None or not log.day.size:
        return Past({})
    ends = _month_ends(everybody.as_of, int(log.line_day.min()), months)
    opened = (ends.astype("M8[M]").astype("M8[D]") - ONE_DAY).astype(np.int64)
    spans = list(zip(opened.tolist(), ends.astype(np.int64).tolist(), strict=True))
    revenue = [log.line_amount[_inside(log.line_day, *span)].sum() for span in spans]
    first = everybody.first[: log.ids.size]
    began = first[~np.isnat(first)].astype(np.int64)
    new = [int(_inside(began, *span).sum()) for span in spans]
    buyers = [_buyers(log, *span) for span in spans]
    return Past(
        {
            "month_end": ends,
            "month_revenue": np.round(np.array(revenue, float), MONEY_DECIMALS),
            "buyers": np.array(buyers, float),
            "new_count": np.array(new, float),
        }
    )


def _month_ends(as_of: np.datetime64, first: int, months: int) -> DateArray:
    """Return the ends of the last whole months up to a day, none before the first order."""
    this = (as_of + ONE_DAY).astype("M8[M]")  # a month that ends on the day is whole
    ends = (this - np.arange(months)[::-1]).astype("M8[D]") - ONE_DAY
    kept: DateArray = ends[ends.astype(np.int64) >= first]
    return kept


def _inside(day: IntArray, after: int, until: int) -> BoolArray:
    inside: BoolArray = (day > after) & (day <= until)
    return inside


def _buyers(log: OrderLog, after: int, until: int) -> int:
    return int(np.unique(log.customer[_inside(log.day, after, until)]).size)


def replayed(book: Book, everybody: People, months: int) -> Past:
    """Tell also what a refresh would have said at the end of each month.

    The model and whether seasons count are those of today; the parameters are fitted to what was
    known on each day.
    """
    plain = months_of(everybody, months)
    if not plain.months:
        return plain
    days = plain.months["month_end"]
    shots = [_snapshot(book, day) for day in days]
    columns = {
        name: np.array([shot.figures[name] for shot in shots])
        for name in ("active_count", "lost_count", "revenue_12m", "predicted_total")
    }
    names = [str(name) for name in book.tiers.names[::-1]]
    tiers = {name: np.array([shot.tiers.get(name, np.nan) for shot in shots]) for name in names}
    return Past({**plain.months, **columns}, tiers)


@dataclass(frozen=True, slots=True)
class _Shot:
    figures: Mapping[str, float]
    tiers: Mapping[str, float]


def _snapshot(book: Book, day: np.datetime64) -> _Shot:
    """Compute what a refresh with that day says."""
    settings = replace(book.settings, as_of=as_date(day))
    everybody = _foretold(book, people(book.orders, book.customers, settings))
    figures = {
        "active_count": float((everybody.status == ACTIVE).sum()),
        "lost_count": float((everybody.status == LOST).sum()),
        "revenue_12m": _revenue(everybody),
        "predicted_total": np.nan,
    }
    if everybody.predicted is not None:
        figures["predicted_total"] = round(float(np.nansum(everybody.predicted)), MONEY_DECIMALS)
    return _Shot(figures, _placed(everybody, book.tiers))


def _revenue(everybody: People) -> float:
    return round(float(np.nansum(everybody.spend(ROLLING))), MONEY_DECIMALS)


def _foretold(book: Book, everybody: People) -> People:
    """Add what the forecast of that day says, by today's model."""
    found = foretell(book, everybody)
    if found is None:
        return everybody
    value, chance = found
    return replace(everybody, predicted=value, status=agreed(everybody.status, chance))


def foretell(book: Book, everybody: People) -> tuple[FloatArray, FloatArray] | None:
    """Return what the forecast of a day gone by says, by today's model; None where there is none.

    Args:
        book: What today's forecast was made of.
        everybody: The customers as they were known on that day, k of them.

    Returns:
        Predicted value and chance still to be a customer, shape (k,); NaN without an order.
    """
    found = book.seen.foreseen
    if found is None or everybody.log is None:
        return None
    season: Season = "off" if found.plan.clock.even else "on"
    asked = replace(how(book.settings), model=found.plan.orders.model.NAME, season=season)
    joined = everybody.joined[: everybody.log.ids.size]
    try:
        seen = weigh(Asked.of(everybody.log, asked, joined))
    except XlclvError:
        return None
    if seen.trust.verdict == "poor":
        return None
    who = seen.summary.customer
    value, chance = np.full(everybody.size, np.nan), np.full(everybody.size, np.nan)
    value[who] = np.round(seen.plain.clv * everybody.margin[who], MONEY_DECIMALS)
    chance[who] = np.round(seen.plain.p_alive, DIGITS)
    return value, chance


def _placed(everybody: People, tiers: Tiers) -> dict[str, float]:
    """Count the customers of each tier; nothing where its measure has no past."""
    try:
        placing = place(everybody, tiers)
    except XlclvError:
        return {}
    return {str(name): float((placing.tier == name).sum()) for name in tiers.names}
