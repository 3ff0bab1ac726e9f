"""Points of each customer on a day: available, pending, used, expired, reversed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from xlclv.customers.dates import MONTHS_PER_YEAR, NEVER, NO_DAY, ONE_MONTH, add_months
from xlclv.errors import InputError
from xlclv.rewards.ledger.entries import (
    ACTIVE,
    EXPIRED,
    PENDING,
    REVERSED,
    USED,
    Ledger,
    ledger_faults,
    read_ledger,
    sums,
)
from xlclv.rewards.ledger.lots import Taken, keys, taken
from xlclv.tables import Table, remembered
from xlclv.terms import BoolArray, DateArray, FloatArray, IntArray, TextArray, choice, dates, texts

LAST_12_MONTHS = "earned 12m"


@dataclass(frozen=True, slots=True, eq=False)
class Balances:
    """Points of k customers on a day, shape (k,) each.

    earned = available + pending + used + expired + reversed.

    Args:
        customer_id: The customers.
        earned: Points ever booked.
        available: Points that can be used; below 0 where more was taken back than there was.
        pending: Points that cannot be used yet.
        used: Points used.
        expired: Points that expired.
        reversed: Points taken back.
        expiring_on: Next day at whose end available points expire, NaT where none do.
        expiring: Points that expire on that day.
    """

    customer_id: TextArray
    earned: IntArray
    available: IntArray
    pending: IntArray
    used: IntArray
    expired: IntArray
    reversed: IntArray
    expiring_on: DateArray
    expiring: IntArray


def balances(
    ledger: Ledger, as_of: np.datetime64, customer_id: Sequence[str] | TextArray | None = None
) -> Balances:
    """Return the points of each customer on a day.

    A lot can be used from its first day until the end of its last: one that expires on a day is
    still there on it. Entries after the day do not count.

    Args:
        ledger: The entries, in any order.
        as_of: The day.
        customer_id: The customers asked about, each once; left out: all of the ledger in the
            order of their first entries.
    """
    codes, known = pd.factorize(ledger.customer_id)
    gone = taken(ledger, as_of)
    left, state = ledger.points - gone.total, dated_states(ledger, as_of)
    counted = ledger.day <= as_of
    lot, minus = counted & (ledger.points > 0), counted & (ledger.points < 0)

    def total(points: IntArray, rows: BoolArray) -> IntArray:
        return sums(points[rows], codes[rows], known.size)

    earned = total(ledger.points, lot)
    parts = {
        kind: total(left, lot & (state == kind)) - total(ledger.points, minus & (state == kind))
        for kind in (PENDING, USED, EXPIRED, REVERSED)
    }
    on, points = _expiring(ledger, codes, left, lot & (state == ACTIVE), known.size)
    found = Balances(
        customer_id=texts(known),
        earned=earned,
        available=earned - sum(parts.values()),
        pending=parts[PENDING],
        used=parts[USED],
        expired=parts[EXPIRED],
        reversed=parts[REVERSED],
        expiring_on=on,
        expiring=points,
    )
    return found if customer_id is None else _of(found, texts(customer_id))


def _expiring(
    ledger: Ledger, codes: IntArray, left: IntArray, active: BoolArray, size: int
) -> tuple[DateArray, IntArray]:
    """Return the next day on which points of each customer expire, and how many."""
    rows = active & (left > 0) & ~np.isnat(ledger.expires_on)
    whose, last = codes[rows], ledger.expires_on[rows].astype(np.int64)
    first = np.full(size, NEVER)
    np.minimum.at(first, whose, last)
    next_up = last == first[whose]
    days = np.full(size, NO_DAY)
    days[first != NEVER] = first[first != NEVER].astype("datetime64[D]")
    return days, sums(left[rows][next_up], whose[next_up], size)


def _of(found: Balances, customer_id: TextArray) -> Balances:
    """Return the balances of certain customers; those without an entry have no points."""
    at = pd.Index(found.customer_id).get_indexer(pd.Index(customer_id))

    def points(column: IntArray) -> IntArray:
        return np.append(column, 0)[at]

    return Balances(
        customer_id=customer_id,
        earned=points(found.earned),
        available=points(found.available),
        pending=points(found.pending),
        used=points(found.used),
        expired=points(found.expired),
        reversed=points(found.reversed),
        expiring_on=np.append(found.expiring_on, NO_DAY)[at],
        expiring=points(found.expiring),
    )


def dated_states(ledger: Ledger, as_of: np.datetime64) -> TextArray:
    """Return the state of each entry as the day has it, whatever was taken, shape (m,).

    An entry after the day keeps the state it was booked with, and so does every entry that takes
    points.
    """
    evolves = ledger.live & (ledger.day <= as_of) & (ledger.points >= 0)
    usable = ledger.usable
    states = ledger.state.copy()
    states[evolves] = ACTIVE
    states[evolves & (np.isnat(usable) | (usable > as_of))] = PENDING
    states[evolves & (ledger.expires_on < as_of)] = EXPIRED
    return states


def states(ledger: Ledger, as_of: np.datetime64) -> TextArray:
    """Return what each entry is on a day, shape (m,).

    A lot of which something is left is pending, active or expired; one wholly taken is used, or
    reversed if all of it was taken back. A reward is reversed once an entry of the same customer,
    rule and reference takes it back. An entry after the day keeps the state it was booked with.
    """
    return states_after(ledger, as_of, taken(ledger, as_of))


def states_after(ledger: Ledger, as_of: np.datetime64, gone: Taken) -> TextArray:
    """Return what each entry is on a day, given what has been taken from it, shape (m,)."""
    found = dated_states(ledger, as_of)
    empty = (gone.total > 0) & (gone.total == ledger.points)
    found[empty] = np.where(gone.used[empty] > 0, USED, REVERSED)
    found[_taken_back(ledger, as_of)] = REVERSED
    return found


def _taken_back(ledger: Ledger, as_of: np.datetime64) -> BoolArray:
    """Say which rewards an entry of the same key takes back, on their day or later, shape (m,)."""
    reward = (ledger.points == 0) & (ledger.day <= as_of)
    back: BoolArray = reward & ledger.takes_back
    if not back.any():
        return back
    key = keys(ledger)
    last = np.full(int(key.max()) + 1, -NEVER)
    np.maximum.at(last, key[back], ledger.day[back].astype(np.int64))
    gone: BoolArray = reward & ledger.live & (ledger.day.astype(np.int64) <= last[key])
    return gone


def earned_since(
    ledger: Ledger, after: np.datetime64, as_of: np.datetime64, customer_id: TextArray
) -> IntArray:
    """Return the points booked after a day and up to another, less those of them taken back.

    Points taken back count against the lots of the same customer, rule and reference only, and
    never for more than these brought.

    Args:
        ledger: The entries, in any order.
        after: The day before the first that counts.
        as_of: The last day that counts, also of points taken back.
        customer_id: The customers asked about, shape (k,).

    Returns:
        Points >= 0, shape (k,).
    """
    codes, known = pd.factorize(ledger.customer_id)
    key = keys(ledger)
    size = int(key.max(initial=-1)) + 1
    reversal = ledger.state == REVERSED
    lot = (ledger.points > 0) & (ledger.day > after) & (ledger.day <= as_of) & ~reversal
    back = (ledger.points < 0) & (ledger.day <= as_of) & reversal
    brought = sums(ledger.points[lot], key[lot], size)
    kept = np.maximum(brought + sums(ledger.points[back], key[back], size), 0)
    owner = np.zeros(size, np.int64)
    owner[key] = codes
    by_customer = sums(np.where(brought > 0, kept, 0), owner, known.size)
    return np.append(by_customer, 0)[pd.Index(known).get_indexer(pd.Index(customer_id))]


def points(
    customer_id: ArrayLike, ledger: Table, as_of: ArrayLike, state: str = "available"
) -> FloatArray:
    """Points of a customer on a day: available, pending, used, expired, reversed or earned.

    A customer without an entry has 0 points. Points that can be used until a day are still
    available on it. Available points are below 0 where more was taken back than there was.

    Args:
        customer_id: The customer, shape (n,).
        ledger: Points and rewards booked.
        as_of: The day.
        state: "available", "pending", "used", "expired", "reversed", "earned" (all ever booked)
            or "earned 12m" (booked in the last 12 months, less those of them taken back).

    Returns:
        Whole points, shape (n,).

    Raises:
        InputError: A row of the ledger has a fault, or the state is unknown.
    """
    chosen = choice("state", state)
    (days,) = dates(as_of=as_of)
    ids, when = np.broadcast_arrays(texts(customer_id), days)
    found = np.zeros(ids.shape)
    for day in np.unique(when):
        asked = when == day
        known, of_known = _of_all(ledger, day, chosen)
        found[asked] = np.append(of_known, 0)[known.get_indexer(pd.Index(ids[asked]))]
    return found


@remembered(60)
def _of_all(table: Table, as_of: np.datetime64, state: str) -> tuple[pd.Index, IntArray]:
    """Return all customers of a ledger and the points of each."""
    ledger = _entries(table)
    if state == LAST_12_MONTHS:
        known = texts(pd.unique(ledger.customer_id))
        (year_ago,) = add_months(np.array([as_of]), -MONTHS_PER_YEAR * ONE_MONTH)
        return pd.Index(known), earned_since(ledger, year_ago, as_of, known)
    found = balances(ledger, as_of)
    return pd.Index(found.customer_id), getattr(found, state)


@remembered(2)
def _entries(table: Table) -> Ledger:
    faults = ledger_faults(table)
    if faults:
        raise InputError("table_fault", fault=str(faults[0]))
    return read_ledger(table)
