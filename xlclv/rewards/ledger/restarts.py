"""Expiry that restarts with activity, and a ledger brought up to a day."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from xlclv.rewards.ledger.balances import dated_states, states_after
from xlclv.rewards.ledger.entries import ACTIVE, Ledger
from xlclv.rewards.ledger.lots import taken
from xlclv.terms import DateArray, IntArray, TextArray

NO_IDS = np.empty(0, dtype=object)
NO_DAYS = np.empty(0, dtype="datetime64[D]")


def restarted(
    ledger: Ledger,
    customer_id: TextArray,
    day: DateArray,
    rules: Mapping[str, int],
) -> Ledger:
    """Return the ledger with the expiry of its lots moved by what the customers did since.

    An activity after the entry of a lot and no later than its last day makes that the day of the
    activity + the days of its rule, never an earlier one; so one activity may save a lot for the
    next. A lot that does not expire, and one booked as used, expired or reversed, stays as it is.

    Args:
        ledger: The entries.
        customer_id: Customer of each activity, shape (a,).
        day: Day of each activity, in any order, shape (a,).
        rules: Days until points expire, by the id of each rule whose expiry restarts.
    """
    expires_on = ledger.expires_on.copy()
    codes, known = pd.factorize(ledger.customer_id)
    whose = pd.Index(known).get_indexer(pd.Index(customer_id))
    days = day.astype("datetime64[D]").astype(np.int64)
    days_of_rule = {rule_id.casefold(): days for rule_id, days in rules.items()}
    rule = np.array([days_of_rule.get(one.casefold(), -1) for one in ledger.rule_id], np.int64)
    live = ledger.live & (ledger.points > 0) & ~np.isnat(ledger.expires_on) & (rule >= 0)
    for span in np.unique(rule[live]):
        rows = np.flatnonzero(live & (rule == span))
        acts = _Activity(whose[whose >= 0], days[whose >= 0], int(span))
        moved = acts.last_day(
            codes[rows], ledger.day[rows].astype(np.int64), expires_on[rows].astype(np.int64)
        )
        expires_on[rows] = moved.astype("datetime64[D]")
    return replace(ledger, expires_on=expires_on)


class _Activity:
    """What customers did, sorted, in runs: days of one customer no more than a span apart."""

    def __init__(self, customer: IntArray, day: IntArray, span: int) -> None:
        """Sort activities of shape (a,); days are counted from 1970."""
        # One number tells customer and day; between two customers no day is as far from another.
        self.width = 1 << 32
        self.span = span
        self.moment = np.unique(customer * self.width + day)
        ends = np.append(np.diff(self.moment) > span, np.ones(min(self.moment.size, 1), bool))
        last = np.flatnonzero(ends)
        self.run_end = self.moment[last[np.searchsorted(last, np.arange(self.moment.size))]]

    def last_day(self, customer: IntArray, entered: IntArray, expires: IntArray) -> IntArray:
        """Return the last day of each lot, moved as far as the run of its activities goes."""
        base = customer * self.width
        at = np.searchsorted(self.moment, base + expires, side="right") - 1
        moves = at >= 0
        moves[moves] = self.moment[at[moves]] > (base + entered)[moves]
        moved = expires.copy()
        until = self.run_end[at[moves]] - base[moves] + self.span
        moved[moves] = np.maximum(until, expires[moves])
        return moved


def brought_up(
    ledger: Ledger,
    as_of: np.datetime64,
    customer_id: TextArray = NO_IDS,
    day: DateArray = NO_DAYS,
    rules: Mapping[str, int] | None = None,
) -> Ledger:
    """Return the ledger as it is written back on a day: expiry moved, states brought up.

    Balances of that day and later are the same before and after. So a lot of which points were
    taken keeps the state it was booked with, or turns from pending to active: that it is used up
    is told by the entries that took its points.

    Args:
        ledger: The entries.
        as_of: The day.
        customer_id: Customer of each activity, shape (a,); activities after the day do not count.
        day: Day of each activity, shape (a,).
        rules: Days until points expire, by the id of each rule whose expiry restarts.
    """
    until = day <= as_of
    moved = restarted(ledger, customer_id[until], day[until], rules or {})
    gone = taken(moved, as_of)
    state = states_after(moved, as_of, gone)
    touched = gone.total > 0
    state[touched] = moved.state[touched]
    state[touched & (dated_states(moved, as_of) == ACTIVE)] = ACTIVE
    return replace(moved, state=state)
