"""How often: the most awards per customer and time, and the days between two of them."""

from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import NO_DAY
from xlclv.rewards import figures
from xlclv.rewards.engine.bookings import Booked
from xlclv.rewards.engine.sieve import Failing
from xlclv.rewards.facts import Rows
from xlclv.rewards.rule import Rule
from xlclv.rewards.scene.hurdles import Stage, one_by_one
from xlclv.rewards.scene.scene import running_count
from xlclv.terms import BoolArray, DateArray, IntArray
from xlclv.words import plural_key, word

SPAN = 1 << 32  # more than there are periods
NO_LIMIT = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Queue:
    """The occasions of one rule that have come so far, by customer, day and reference, shape (m,).

    Args:
        rows: Their positions among the occasions of the rule.
        customer: Whose they are.
        dated: Day from which each award would count.
    """

    rows: Rows
    customer: Rows
    dated: DateArray


def limits(rule: Rule, queue: Queue, booked: Booked, size: int) -> list[Failing]:
    """Say which occasions exceed Max times or come too soon after the award before.

    They are granted one by one in the order of the queue, on top of what is booked; the j-th of
    every customer at once. An award booked later than an occasion holds it back as well.

    Args:
        rule: The rule.
        queue: Those that passed every other hurdle but the budget's.
        booked: What was granted earlier.
        size: Number of customers.
    """
    if not queue.rows.size or not (rule.limited or rule.cool_down):
        return []
    most = rule.max_times if rule.limited and rule.max_times is not None else NO_LIMIT
    rest = np.timedelta64(rule.cool_down or 0, "D")
    period = rule.max_per.numbers(queue.dated)
    customer, day = booked.limited()
    before = _booked_before(queue, period, customer, rule.max_per.numbers(day))
    last = _latest(customer, day, size)
    count, held = np.zeros(size, np.int64), queue.dated.copy()
    stage = np.full(queue.rows.size, Stage.GRANTED, dtype=np.int8)
    used = np.zeros(queue.rows.size, np.int64)
    period_now = np.full(size, -SPAN, np.int64)
    for turn in _turns(queue.customer):
        who, dated = queue.customer[turn], queue.dated[turn]
        fresh = period_now[who] != period[turn]
        used[turn] = np.where(fresh, before[turn], count[who])
        held[turn] = last[who]
        soon = dated < last[who] + rest
        stage[turn[soon]] = Stage.COOL_DOWN
        stage[turn[used[turn] >= most]] = Stage.LIMIT
        granted = stage[turn] == Stage.GRANTED
        period_now[who], count[who] = period[turn], used[turn] + granted
        last[who[granted]] = np.fmax(last[who[granted]], dated[granted])
    return [
        _over(rule, queue, stage == Stage.LIMIT, used),
        _soon(rule, queue, stage == Stage.COOL_DOWN, held + rest, held),
    ]


def _turns(customer: Rows) -> list[Rows]:
    """Return the first occasions of all customers, then the second ones, and so on."""
    turn = running_count(customer)
    order = np.argsort(turn, kind="stable")
    return np.split(order, np.searchsorted(turn[order], np.arange(1, int(turn.max()) + 1)))


def _booked_before(
    queue: Queue, period: IntArray, customer: Rows, booked_period: IntArray
) -> IntArray:
    """Return how many awards of each occasion's customer and period are booked, shape (m,)."""
    keys, counts = np.unique(_key(customer, booked_period), return_counts=True)
    if not keys.size:
        return np.zeros(queue.rows.size, np.int64)
    wanted = _key(queue.customer, period)
    place = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    return np.where(keys[place] == wanted, counts[place], 0)


def _key(customer: Rows, period: IntArray) -> IntArray:
    """Return one number for a customer and a period; places have 32 bits in a browser."""
    return customer.astype(np.int64) * SPAN + period


def _latest(customer: Rows, day: DateArray, size: int) -> DateArray:
    """Return the last day of each customer, NaT without one, shape (size,)."""
    last = np.full(size, NO_DAY)
    place = np.argsort(day, kind="stable")
    last[customer[place]] = day[place]
    return last


def _over(rule: Rule, queue: Queue, failed: BoolArray, used: IntArray) -> Failing:
    key = f"rewards.reason.limit_{rule.max_per.key}"

    def written(row: np.intp) -> str:
        period = rule.max_per.written(queue.dated[row])
        return word(key, used=used[row], most=rule.max_times, period=period)

    return Failing(Stage.LIMIT, queue.rows, failed, one_by_one(written))


def _soon(rule: Rule, queue: Queue, failed: BoolArray, day: DateArray, last: DateArray) -> Failing:
    days = rule.cool_down or 0
    key = plural_key("rewards.reason.cool_down", days)

    def written(row: np.intp) -> str:
        again, before = figures.day(day[row]), figures.day(last[row])
        return word(key, day=again, days=figures.number(days), last=before)

    return Failing(Stage.COOL_DOWN, queue.rows, failed, one_by_one(written))
