"""Tiers by values that are known for one day only, such as CLV. The rules stand in `loyalty`."""

from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import NEVER, UNKNOWN
from xlclv.segments.ladder import Tiers
from xlclv.segments.replay import NONE
from xlclv.terms import BoolArray, DateArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class OneDay:
    """The tiers of k customers on a day. Days are numbers since 1970-01-01.

    Args:
        rank: Tier, NONE without one, shape (k,).
        since: Day since which, UNKNOWN where it is not known, shape (k,).
        valid: Last day on which it is valid, NEVER without end, shape (k,).
        entered: Day of the last rise to each tier or past it, shape (k, t).
        landed: That rise ended there, shape (k, t).
    """

    rank: IntArray
    since: IntArray
    valid: IntArray
    entered: IntArray
    landed: BoolArray


def on_day(
    tiers: Tiers, today: int, values: FloatArray, given: IntArray, since: IntArray
) -> OneDay:
    """Return where values put customers who may have a tier already, shape (k,) each.

    Args:
        tiers: The tiers.
        today: The day.
        values: What the tiers measure, NaN unknown.
        given: Tier each customer was given, NONE for none.
        since: Day since which, UNKNOWN where it is not known.
    """
    known = ~np.isnan(values)
    earned = np.full(values.size, NONE)
    earned[known] = tiers.rank(values[known])
    rank, valid = np.maximum(earned, given), np.full(values.size, NEVER)
    own_day = np.where(earned > given, UNKNOWN, since)

    held = own_day != UNKNOWN
    held &= ~(tiers.lowest_is_lasting & (given == 0))
    valid[held] = _numbers(tiers.validity.last_day(_dates(since[held]), given[held]))
    over = np.flatnonzero(held & known & (valid <= today))
    short = values[over] < tiers.keep_at[given[over]]
    grace_over = valid[over] + tiers.grace_days[given[over]] < today
    stays = ~short | (grace_over & tiers.never_lost[given[over]])
    _renew(tiers, valid, over[stays], given, today)

    lost = over[~stays & grace_over]
    rank[lost] = tiers.falls_to(given[lost], earned[lost])
    own_day[lost], valid[lost] = UNKNOWN, NEVER
    return OneDay(rank, own_day, valid, *_entries(tiers, rank, given, since))


def _renew(tiers: Tiers, valid: IntArray, who: IntArray, given: IntArray, today: int) -> None:
    tomorrow = np.full(who.size, today + 1)
    renewed = tiers.validity.renewed(_dates(valid[who]), _dates(tomorrow), given[who])
    valid[who] = _numbers(renewed)


def _entries(
    tiers: Tiers, rank: IntArray, given: IntArray, since: IntArray
) -> tuple[IntArray, BoolArray]:
    """Return the day of the rise to each tier, and whether it ended there, shape (k, t) each."""
    tier = np.arange(tiers.size)
    at_least = tier <= rank[:, None]
    by_given = at_least & (tier <= given[:, None])
    entered = np.where(by_given, since[:, None], UNKNOWN)
    # A value that reaches a higher tier than the one given has raised the customer there.
    landed = at_least & ((tier == given[:, None]) | (tier == rank[:, None]) & ~by_given)
    return entered, landed


def _numbers(day: DateArray) -> IntArray:
    return day.astype("datetime64[D]").astype(np.int64)


def _dates(day: IntArray) -> DateArray:
    return day.astype("datetime64[D]")
