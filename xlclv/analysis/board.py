"""The first screen: who is best, who leaves, whom to write to, at what cost, and is it better.

Texts and small tables of what `Results` knows already; nothing is computed anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from xlclv.analysis.kpis import Kpi
from xlclv.analysis.money import whole
from xlclv.analysis.results import Results
from xlclv.analysis.slipping import at_stake, slipping
from xlclv.customers.dates import NEVER
from xlclv.customers.orders import MONEY_DECIMALS
from xlclv.rewards.facts import Rows
from xlclv.terms import TERMS, FloatArray, Frame, TextArray
from xlclv.words import counted, day, number, percent, word

LISTED = 5  # rows of each list
MONTHS = 24  # of the chart
UP, DOWN, LEVEL = "up", "down", "level"
# What stands on the tiles, and what takes the place of a figure that nobody can know.
FIRST = ("revenue_12m", "active", "repeat_rate", "predicted_equity", "slipping_value", "ltv_cac")
INSTEAD = ("customers", "avg_order", "avg_clv", "median_clv", "top_worth", "lost")
WORSE_IF_MORE = ("slipping_value",)


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure of the first screen.

    Args:
        kpi: The figure.
        note: How it stands beside the same day a year ago, or what it says.
        better: Whether it got better; None where that is not known.
    """

    kpi: Kpi
    note: str
    better: bool | None = None


# --- the headline -----------------------------------------------------------------------------


def headline(results: Results) -> str:
    """Say in three sentences what customers are worth, what is at stake, who comes back."""
    return " ".join([_worth(results), *_slipping(results), *_repeat(results)])


def _worth(results: Results) -> str:
    worth, outlook = results.worth, results.outlook
    count = int(worth.known.sum())
    total = whole(results.money, float(np.nansum(worth.values)))
    revenue = worth.kind == "predicted" and not results.people.counts_profit
    kind = "revenue" if revenue else worth.kind
    if not count:
        return counted("headline.unknown", results.people.size)
    return counted(f"headline.{kind}", count, money=total, months=outlook.months)


def _slipping(results: Results) -> Iterator[str]:
    count = int(slipping(results.people).sum())
    value = figures(results)["slipping_value"].value
    if np.isnan(value):
        return
    if not count:
        yield word("headline.nobody_slipping")
    elif results.worth.kind == "spend":  # what they spent, as is said of all
        spent = float(np.nansum(results.worth.values[slipping(results.people)]))
        yield counted("headline.slipping_spend", count, money=whole(results.money, spent))
    else:
        yield counted("headline.slipping", count, money=whole(results.money, value))


def _repeat(results: Results) -> Iterator[str]:
    rate = figures(results)["repeat_rate"].value
    if not np.isnan(rate):
        yield word("headline.repeat", rate=percent(rate))


def about(results: Results) -> str:
    """Say for which day it holds and how far to trust the forecast."""
    as_of = results.people.as_of
    date = word("summary.no_day") if np.isnat(as_of) else day(as_of)
    key = "about" if results.money else "about_plain"
    told = word(f"summary.{key}", as_of=date, money=results.money)
    trust = results.outlook.sentence
    return word("summary.trust", about=told, trust=trust) if trust else told


# --- the tiles --------------------------------------------------------------------------------


def figures(results: Results) -> dict[str, Kpi]:
    """Return all figures by key."""
    return {kpi.key: kpi for kpi in results.kpis}


def tiles(results: Results) -> list[Tile]:
    """Return six figures that are known, fewer where fewer are."""
    known = {key: kpi for key, kpi in figures(results).items() if not np.isnan(kpi.value)}
    chosen = [key for key in FIRST if key in known]
    chosen += [key for key in INSTEAD if key in known][: len(FIRST) - len(chosen)]
    return [_tile(results, known[key]) for key in chosen]


def _tile(results: Results, kpi: Kpi) -> Tile:
    if kpi.key == "ltv_cac":
        return Tile(kpi, _payback(figures(results)["payback"].value))
    simple = kpi.key == "slipping_value" and results.outlook.lost is None
    short = replace(kpi, told=word("tile.slipping_simple" if simple else f"tile.{kpi.key}"))
    then = results.year_ago.figures.get(kpi.key, np.nan)
    if np.isnan(then):
        return Tile(short, short.note)
    way, said = _change(kpi, then)
    note = word(f"tile.{way}", change=said, note=short.note)
    if way == LEVEL:
        return Tile(short, note)
    return Tile(short, note, (way == UP) != (kpi.key in WORSE_IF_MORE))


def _payback(months: float) -> str:
    if np.isnan(months):
        return word("tile.payback_never")
    return (
        counted("tile.payback_months", round(months)) if months >= 1 else word("tile.payback_soon")
    )


def _change(kpi: Kpi, then: float) -> tuple[str, str]:
    """Return which way a figure went and by how much: shares in points, the rest in percent."""
    if kpi.unit == "fraction":
        points = round((kpi.value - then) * 100)
        said = word("tile.points", points=number(abs(points)))
        return (LEVEL if not points else UP if points > 0 else DOWN), said
    difference = kpi.value - then
    if then > 0:
        part = difference / then
        way = LEVEL if not round(part, 2) else UP if part > 0 else DOWN
        return way, percent(abs(part))
    way = LEVEL if not round(difference) else UP if difference > 0 else DOWN
    return way, number(abs(difference), 0)


# --- the lists --------------------------------------------------------------------------------


def to_write(results: Results) -> Frame:
    """Return the first things to do that nobody has marked as done."""
    contacts = results.contacts
    actions = contacts.actions.rows(np.flatnonzero(~contacts.done)[:LISTED])
    names = TERMS["contact_list"].all_said(actions.contact_list)
    why = [
        word("board.why", list=name, why=text)
        for name, text in zip(names, actions.contact_why, strict=True)
    ]
    return {
        "name": called(results, actions.customer),
        "why": _texts(why),
        "offer": actions.offer,
        "cost": actions.offer_cost,
    }


def best(results: Results) -> Frame:
    """Return the customers who are worth most."""
    worth = results.worth
    order = np.lexsort((results.people.ids.astype(str), -worth.ranked))[:LISTED]
    return _people(results, order[worth.known[order]], worth.values)


def leaving(results: Results) -> Frame:
    """Return those who are slipping away with most at stake."""
    stake = at_stake(results.people, results.outlook.lost)
    with np.errstate(invalid="ignore"):
        who = np.flatnonzero(slipping(results.people) & (stake > 0))
    order = np.lexsort((results.people.ids[who].astype(str), -stake[who]))[:LISTED]
    return _people(results, who[order], stake)


def _people(results: Results, who: Rows, values: FloatArray) -> Frame:
    people = results.people
    return {
        "name": called(results, who),
        "status": TERMS["status"].all_said(people.status[who]),
        "tier": TERMS["tier"].all_said(results.placing.tier[who]),
        "last": people.last[who],
        "value": np.round(values[who], MONEY_DECIMALS),
    }


def called(results: Results, who: Rows) -> TextArray:
    """Return what customers are called: the name, else the id, shape of who."""
    names = results.people.name[who]
    called: TextArray = np.where(names == "", results.people.ids[who], names)
    return called


def _texts(texts: list[str]) -> TextArray:
    result: TextArray = np.empty(len(texts), dtype=object)
    result[:] = texts
    return result


# --- the months -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Months:
    """Revenue of the last whole months, the oldest first: m of them, at most 24.

    Args:
        month: First day of each, shape (m,).
        new: Net revenue of customers in the month of their first order, shape (m,).
        returning: Net revenue of the others, shape (m,).
    """

    month: np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]
    new: FloatArray
    returning: FloatArray

    @property
    def change(self) -> float:
        """Return the change of the last 12 months on the 12 before; NaN where it is not known."""
        total = self.new + self.returning
        if total.size < MONTHS or total[: MONTHS // 2].sum() <= 0:
            return np.nan
        return float(total[MONTHS // 2 :].sum() / total[: MONTHS // 2].sum() - 1)


def months(results: Results) -> Months:
    """Return the revenue of the last whole months since the log begins."""
    log, ends = results.people.log, results.past.months.get("month_end", np.array([], "M8[D]"))
    starts = ends[-MONTHS:].astype("M8[M]")
    if log is None or not starts.size:
        return Months(starts.astype("M8[D]"), np.empty(0), np.empty(0))
    place = log.line_day.astype("M8[D]").astype("M8[M]").astype(int) - starts[0].astype(int)
    first = np.full(log.ids.size, NEVER)
    np.minimum.at(first, log.customer, log.day)
    began = first.astype("M8[D]").astype("M8[M]")[log.line_customer]
    is_new = began == log.line_day.astype("M8[D]").astype("M8[M]")
    shown = (place >= 0) & (place < starts.size)

    def summed(chosen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> FloatArray:
        sums = np.bincount(place[chosen], log.line_amount[chosen], starts.size)
        return np.round(sums.astype(float), MONEY_DECIMALS)

    return Months(starts.astype("M8[D]"), summed(shown & is_new), summed(shown & ~is_new))
