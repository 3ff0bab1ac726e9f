"""What is open on a day: points and rewards that customers may still use, and their worth."""

from decimal import Decimal

import numpy as np

from xlclv.customers.orders import CENTS
from xlclv.rewards.amounts import cents_of_points
from xlclv.rewards.ledger.balances import dated_states, states_after
from xlclv.rewards.ledger.entries import ACTIVE, PENDING, Ledger, sums
from xlclv.rewards.ledger.lots import taken
from xlclv.terms import Frame, IntArray, TextArray
from xlclv.words import word


def liability(ledger: Ledger, as_of: np.datetime64, points_value: Decimal) -> Frame:
    """Return what is open on a day, by the month in which it expires.

    Points taken from customers who had too few are owed back: a last row lists them below 0.
    The points of all rows add up to those available and pending.

    Args:
        ledger: The entries, in any order.
        as_of: The day.
        points_value: Money that one point costs us.

    Returns:
        A row per month in which something expires, in order, then one for what never does:
        expiry_month (such as 2026-03), open_points, points_worth (money), open_rewards (count),
        rewards_cost (money; a reward whose cost is not known costs 0).
    """
    gone = taken(ledger, as_of)
    state, dated = states_after(ledger, as_of, gone), dated_states(ledger, as_of)
    counted = ledger.day <= as_of
    lot = counted & (ledger.points > 0) & np.isin(dated.astype(str), (PENDING, ACTIVE))
    reward = counted & ~ledger.has_points & np.isin(state.astype(str), (PENDING, ACTIVE))
    left = np.where(lot, ledger.points - gone.total, 0)
    owed = int(ledger.points[counted & (ledger.points < 0)].sum() + gone.total.sum())
    some = (left > 0) | reward
    months, at = np.unique(ledger.expires_on[some].astype("datetime64[M]"), return_inverse=True)

    def total(amount: IntArray) -> IntArray:
        return sums(amount[some], at, months.size)

    points, titles = total(left), _titles(months)
    rewards, cost = total(reward.astype(np.int64)), total(np.where(reward, ledger.cost_cents, 0))
    if owed:
        titles = np.append(titles, word("rewards.liability.debt"))
        points, rewards, cost = np.append(points, owed), np.append(rewards, 0), np.append(cost, 0)
    return {
        "expiry_month": titles,
        "open_points": points.astype(float),
        "points_worth": cents_of_points(points, points_value) / CENTS,
        "open_rewards": rewards.astype(float),
        "rewards_cost": cost / CENTS,
    }


def _titles(months: np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]) -> TextArray:
    titles = months.astype(str).astype(object)
    titles[np.isnat(months)] = word("rewards.liability.never")
    return titles
