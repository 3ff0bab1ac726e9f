"""Tiers over time: who has which tier on a day, since when, and for how long.

The rules, also stated in docs/reference/rules.md:
- Nobody has a tier before the first order. An order after which the measure reaches "Enter at"
  (>=) of a higher tier raises the customer at once to the highest one reached. That order is
  still made in the old tier; the next one, be it on the same day, in the new one. Orders of a
  day follow each other by reference; a refund without an order counts before them and raises
  nobody.
- A tier is valid for its months from the day of the rise, rounded up. At the end of its last day
  the measure of that day decides: with "Keep at" or more it is valid anew from there. If not,
  the first order within the days of grace after which the measure is "Keep at" or more renews it,
  as from the end of the validity.
- At the beginning of the day after grace, before any order of that day, "If not kept" applies.
  A tier reached by falling is valid from that day. "Keep" renews as if the tier had been kept.
- A lowest tier that asks for nothing (0 or less) is never lost, and has no last day.
- Valid for 0 months: the tier ends, rounded up, on its first day, so it is reviewed at the end of
  every day, month or year.
- "Tier since" with "Current tier" sets the tier at the end of that day, whatever the orders up to
  then say; only later orders and reviews change it. A day after as_of says nothing yet. A current
  tier without a day was there before all orders: no validity is known, so it has no end until
  an order raises it.
- CLV and points earned are known for one day only: the tier is the one they reach, unless a
  current tier that is higher is still valid, in grace, or kept. If it is lost, what "If not kept"
  says applies once. The days of such changes are not known.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from xlclv.codes import said
from xlclv.columns import as_date
from xlclv.customers.dates import NEVER, UNKNOWN
from xlclv.customers.orders import Orders, single_orders
from xlclv.customers.people import people
from xlclv.errors import InputError
from xlclv.segments.ladder import Tiers
from xlclv.segments.measures import PREDICTED, OrderMeasure
from xlclv.segments.one_day import OneDay, on_day
from xlclv.segments.replay import NONE, Change, Replay
from xlclv.segments.tiers import read_tiers
from xlclv.settings import Settings
from xlclv.tables import Table, remembered, title
from xlclv.terms import BoolArray, DateArray, FloatArray, IntArray, TextArray, dates, texts
from xlclv.words import word

__all__ = ["NONE", "Moves", "Standing", "loyalty_tier", "standing"]

RankArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Every change of tier, by day, then customer: m changes.

    Args:
        customer: Position of the customer, shape (m,).
        day: Day of the change, shape (m,).
        from_rank: Rank before, NONE without a tier, shape (m,).
        to_rank: Rank after, shape (m,).
    """

    customer: RankArray
    day: DateArray
    from_rank: RankArray
    to_rank: RankArray


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Tiers over time; k customers, n orders, t tiers, lowest first, the lowest has rank 0.

    Args:
        rank: Rank of the tier on the day, NONE without one, shape (k,).
        since: Day since which the customer has it, NaT unknown, shape (k,).
        valid_until: Last day on which the tier is valid, NaT without end, shape (k,).
        grace_until: Last day of grace after that, NaT without end, shape (k,).
        before_order: Rank right before each order of `Orders`, shape (n,).
        entered: Day on which the customer last rose to each tier or past it and has been at or
            above it since; NaT where below it, or the day is unknown, shape (k, t).
        landed: That rise ended in this very tier; False: the tier was skipped, shape (k, t).
        value: What the tiers measure, on the day; NaN unknown, shape (k,).
        moves: Every change.
    """

    rank: RankArray
    since: DateArray
    valid_until: DateArray
    grace_until: DateArray
    before_order: RankArray
    entered: DateArray
    landed: BoolArray
    value: FloatArray
    moves: Moves


def standing(
    tiers: Tiers,
    orders: Orders | None,
    size: int,
    as_of: np.datetime64,
    values: FloatArray | None = None,
    current: TextArray | None = None,
    since: DateArray | None = None,
) -> Standing:
    """Return the tier of each customer on a day, and before each order.

    Args:
        tiers: The tiers.
        orders: Single orders; None: the values are all that is known.
        size: Number of customers, k.
        as_of: The day.
        values: What the tiers measure, on the day, where it does not come from orders, shape (k,);
            NaN unknown.
        current: Name of the tier each customer was given, "" for none, shape (k,).
        since: Day since which the customer has that tier, NaT unknown, shape (k,).

    Raises:
        InputError: A current tier is none of the tiers; `rows` tells which.
    """
    today = int(as_of.astype("datetime64[D]").astype(np.int64))
    given, since_day = _ranks(tiers, current, size), np.full(size, UNKNOWN)
    if since is not None and today != UNKNOWN:
        since_day = since.astype("datetime64[D]").astype(np.int64)
    # What is said of a later day is not known yet on this one.
    given = np.where(since_day > today, NONE, given)
    since_day = np.where(given == NONE, UNKNOWN, since_day)
    if orders is not None and isinstance(tiers.measure, OrderMeasure):
        return _of_orders(tiers, tiers.measure, orders, today, given, since_day)
    known = np.full(size, np.nan) if values is None else np.asarray(values, float)
    return _of_values(tiers, orders, today, known, given, since_day)


def unknown_tiers(tiers: Tiers, current: TextArray) -> BoolArray:
    """Say which current tiers are none of the tiers, shape of current; "" is no such tier."""
    known = {"", *(name.casefold() for name in tiers.names)}
    return np.array([name.strip().casefold() not in known for name in current.tolist()], bool)


def _ranks(tiers: Tiers, current: TextArray | None, size: int) -> IntArray:
    """Return the rank of each current tier, NONE where there is none, shape (k,)."""
    if current is None:
        return np.full(size, NONE)
    unknown = unknown_tiers(tiers, current)
    if unknown.any():
        allowed = word("expected.choice", choices=", ".join(tiers.names))
        name = title("current_tier")
        raise InputError("not_a_choice", rows=unknown, name=name, value=current, expected=allowed)
    rank = {name.casefold(): place for place, name in enumerate(tiers.names)}
    ranks = [rank.get(name.strip().casefold(), NONE) for name in current.tolist()]
    return np.array(ranks, np.int64)


def _of_orders(
    tiers: Tiers,
    measure: OrderMeasure,
    orders: Orders,
    today: int,
    given: IntArray,
    since: IntArray,
) -> Standing:
    """Replay all orders up to a day."""
    dated = np.flatnonzero(since != UNKNOWN)
    replay = Replay(tiers, measure, orders, np.where(since == UNKNOWN, given, NONE))
    replay.play(since)
    replay.put(dated, since[dated], given[dated])
    replay.play(np.full(given.size, today))
    return _standing(
        tiers, replay, replay.before_order(), replay.value(today), _moves(replay.changes)
    )


def _of_values(
    tiers: Tiers,
    orders: Orders | None,
    today: int,
    values: FloatArray,
    given: IntArray,
    since: IntArray,
) -> Standing:
    """Return where values that are known for one day only put customers."""
    found = on_day(tiers, today, values, given, since)
    ordered = np.array([], np.int64) if orders is None else found.rank[orders.customer]
    return _standing(tiers, found, ordered, values, _moves([]))


def _standing(
    tiers: Tiers, found: Replay | OneDay, before: IntArray, value: FloatArray, moves: Moves
) -> Standing:
    grace = np.where(found.rank == NONE, 0, tiers.grace_days[found.rank])
    return Standing(
        rank=found.rank.astype(np.intp),
        since=_days(found.since),
        valid_until=_days(found.valid),
        grace_until=_days(np.where(found.valid == NEVER, NEVER, found.valid + grace)),
        before_order=before.astype(np.intp),
        entered=_days(found.entered),
        landed=found.landed,
        value=value,
        moves=moves,
    )


def _moves(changes: list[Change]) -> Moves:
    nothing = (np.array([], np.int64),) * 4
    parts = zip(nothing, *changes, strict=True)
    customer, day, before, after = (np.concatenate(part) for part in parts)
    # Changes of one customer on one day stay in the order in which they happened.
    order = np.lexsort((customer, day))
    return Moves(
        customer[order].astype(np.intp),
        _days(day[order]),
        before[order].astype(np.intp),
        after[order].astype(np.intp),
    )


def _days(day: IntArray) -> DateArray:
    """Return numbers as days, NaT where they are unknown or never come."""
    days: DateArray = np.where(day == NEVER, UNKNOWN, day).astype("datetime64[D]")
    return days


def loyalty_tier(
    customer_id: ArrayLike,
    orders: Table,
    tier_table: Table,
    as_of: ArrayLike,
    current_tier: ArrayLike = "",
    tier_since: ArrayLike | None = None,
) -> TextArray:
    """Tier of each customer on a day: reached at once, lost only after its validity and grace.

    Who is not in the orders has "No tier", or the current tier as long as it is valid. Of a
    customer named twice, the last row says the current tier.

    Args:
        customer_id: The customers, shape (n,).
        orders: Order table.
        tier_table: Tiers that measure Net spend, Orders or CLV.
        as_of: The day, one for all or shape (n,); later orders do not count.
        current_tier: Tier each customer was given, "" for none; one for all or shape (n,).
        tier_since: Day since which, blank where unknown; one for all or shape (n,).

    Returns:
        Names of tiers, shape (n,).

    Raises:
        InputError: A table lacks a column, the tier table has a fault or measures points, or a
            current tier is none of the tiers.
        NotEnoughData: There is no order up to the day.
    """
    tiers = read_tiers(tier_table)
    if tiers.measure.of_points:
        raise InputError("no_points_yet", value=said("measure", tiers.measure))
    if tiers.measure == PREDICTED:
        raise InputError("no_prediction", value=said("measure", tiers.measure))
    asked = texts(customer_id)
    columns = (
        asked,
        dates(as_of=as_of)[0],
        _given(tiers, texts(current_tier)),
        dates(tier_since=np.datetime64("NaT") if tier_since is None else tier_since)[0],
    )
    ids, days, current, since = map(np.atleast_1d, np.broadcast_arrays(*columns))
    named: TextArray = np.full(ids.shape, "", dtype=object)
    for day in np.unique(days):
        rows = days == day
        named[rows] = _tiers_on(day, orders, tier_table, ids[rows], current[rows], since[rows])
    return named.reshape(np.broadcast_shapes(*(column.shape for column in columns)))


def _tiers_on(
    day: np.datetime64,
    orders: Table,
    tier_table: Table,
    asked: TextArray,
    current_tier: TextArray,
    tier_since: DateArray,
) -> TextArray:
    """Return the tier of each customer on one day, as of `loyalty_tier`."""
    tiers = read_tiers(tier_table)
    whose, ids = pd.factorize(asked)
    place = _buyers(orders, day).ids.get_indexer(pd.Index(ids))
    rank = _ranks_without(orders, tier_table, day)[place]
    # Of a customer asked twice the last row counts.
    current, since = (
        np.full(ids.size, "", dtype=object),
        np.full(ids.size, np.datetime64("NaT", "D")),
    )
    current[whose], since[whose] = current_tier, tier_since
    given = np.flatnonzero(_ranks(tiers, current, ids.size) != NONE)
    if given.size:
        told = (place[given], current[given], since[given])
        rank[given] = _ranks_with(_buyers(orders, day), tiers, day, *told)
    return tiers.named(rank[whose])


@dataclass(frozen=True, slots=True, eq=False)
class _Buyers:
    """The customers of an order table on a day, k of them.

    Args:
        ids: Who they are, in order.
        clv: The CLV of each, shape (k,).
        history: Their orders, numbered likewise.
    """

    ids: pd.Index
    clv: FloatArray
    history: Orders | None


@remembered(16)
def _buyers(orders: Table, day: np.datetime64) -> _Buyers:
    everybody = people(orders, None, Settings(as_of=as_date(day)))
    history = None
    if everybody.lines is not None and everybody.log is not None:
        history = single_orders(everybody.lines, everybody.log)
    return _Buyers(pd.Index(everybody.ids), everybody.clv, history)


@remembered(16)
def _ranks_without(orders: Table, tier_table: Table, day: np.datetime64) -> RankArray:
    """Return the rank of all buyers who were given no tier, then that of a stranger."""
    buyers = _buyers(orders, day)
    size = buyers.ids.size + 1
    values = np.append(buyers.clv, np.nan)
    return standing(read_tiers(tier_table), buyers.history, size, day, values).rank


def _ranks_with(
    buyers: _Buyers,
    tiers: Tiers,
    day: np.datetime64,
    place: RankArray,
    current: TextArray,
    since: DateArray,
) -> RankArray:
    """Return the rank of customers who were given a tier, by their place; -1 for a stranger."""
    stranger = place < 0
    known = np.sort(place[~stranger])
    new_place = np.searchsorted(known, place)
    new_place[stranger] = known.size + np.arange(np.count_nonzero(stranger))
    order = np.argsort(new_place)
    values = np.append(buyers.clv, np.nan)[place]
    history = None if buyers.history is None else buyers.history.of(known)
    found = standing(tiers, history, place.size, day, values[order], current[order], since[order])
    return found.rank[new_place]


def _given(tiers: Tiers, current: TextArray) -> TextArray:
    """Return current tiers; a fault names the row in which it stands."""
    _ranks(tiers, np.atleast_1d(current), np.atleast_1d(current).size)
    return current
