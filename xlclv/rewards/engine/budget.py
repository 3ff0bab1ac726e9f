"""How far a budget reaches: the queue of those who qualify, served until one does not fit."""

import numpy as np

from xlclv.customers.orders import CENTS
from xlclv.rewards import figures
from xlclv.rewards.engine.bookings import Booked
from xlclv.rewards.engine.sieve import Failing
from xlclv.rewards.facts import Rows
from xlclv.rewards.ledger.entries import sums
from xlclv.rewards.rule import Rule
from xlclv.rewards.scene.hurdles import Stage, one_by_one
from xlclv.rewards.scene.scene import running_sum
from xlclv.terms import BoolArray, DateArray, IntArray
from xlclv.words import word


def budget(
    rule: Rule, rows: Rows, place: Rows, dated: DateArray, cost: IntArray, booked: Booked
) -> list[Failing]:
    """Say which awards the budget does not reach.

    An award counts in the calendar period in which it is dated, together with what is booked in
    that period. Within a period the first that does not fit stops the queue.

    Args:
        rule: The rule.
        rows: Positions of the occasions that want the reward, rising, shape (q,).
        place: The queue: by day, then customer id, then reference; positions in `rows`.
        dated: Day from which each award counts, shape (q,).
        cost: Cost of each in cents, shape (q,).
        booked: What was granted earlier.
    """
    if rule.budget is None or not rows.size:
        return []
    limit = int(rule.budget * CENTS)  # what is below a cent buys nothing
    period = rule.budget_per.numbers(dated)
    queue = place[np.argsort(period[place], kind="stable")]
    used = used_cents(rule, period[queue], booked)
    spent = running_sum(cost[queue], period[queue])
    fits = (used + spent <= limit) | (spent == 0)
    served = np.zeros(rows.size, dtype=bool)
    served[queue] = fits
    reached = _reached(cost, period, served) + used_cents(rule, period, booked)

    def written(row: np.intp) -> str:
        so_far, most = figures.money(reached[row] / CENTS), figures.money(rule.budget or 0)
        return word("rewards.reason.budget", used=so_far, budget=most)

    return [Failing(Stage.BUDGET, rows, ~served, one_by_one(written))]


def used_cents(rule: Rule, period: IntArray, booked: Booked) -> IntArray:
    """Return what is booked of a rule in each period in cents, shape of period."""
    day, cents = booked.costs()
    known, at = np.unique(rule.budget_per.numbers(day), return_inverse=True)
    if not known.size:
        return np.zeros(period.shape, np.int64)
    total = sums(cents, at, known.size)
    place = np.minimum(np.searchsorted(known, period), known.size - 1)
    return np.where(known[place] == period, total[place], 0)


def _reached(cost: IntArray, period: IntArray, served: BoolArray) -> IntArray:
    """Return what the served awards of each one's period cost together, shape of cost."""
    known, at = np.unique(period, return_inverse=True)
    return sums(cost[served], at[served], known.size)[at]
