"""The contact cap: who has had enough messages has to wait for the next one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xlclv.customers.dates import NO_DAY
from xlclv.rewards.engine.bookings import Bookings
from xlclv.rewards.engine.decisions import Decision
from xlclv.rewards.facts import Rows
from xlclv.rewards.scene.scene import NONE, running_count
from xlclv.terms import DateArray, IntArray

SPAN = np.timedelta64(30, "D")


def with_waits(
    served: Sequence[Decision], bookings: Bookings, cap: int | None
) -> tuple[Decision, ...]:
    """Let awards wait whose customer has had as many contacts in 30 days as the cap allows.

    Points are no contact, every other award is one. They go in the order in which they are
    served; each further one waits until the 30 days of one contact are over, and is itself a
    contact then.

    Args:
        served: The decisions, in the order in which rules are served.
        bookings: What was granted earlier.
        cap: Most contacts; None: any number.
    """
    parts = [np.zeros(0, np.intp)]
    parts += [one.awards.customer for one in served if not one.rule.gives_points]
    customer = np.concatenate(parts)
    if cap is None or not customer.size:
        return tuple(served)
    wait = _waits(customer, bookings, cap)
    done, result = 0, []
    for one in served:
        if one.rule.gives_points:
            result.append(one)
            continue
        own = wait[done : done + one.awards.size]
        done += one.awards.size
        result.append(replace(one, awards=replace(one.awards, wait_until=own)))
    return tuple(result)


def _waits(customer: Rows, bookings: Bookings, cap: int) -> DateArray:
    """Return until when each award waits, NaT if it goes now, in the order served."""
    as_of, size = bookings.scene.as_of, bookings.scene.facts.size
    who, day = _contacts(bookings)
    free = cap - np.bincount(who, minlength=size)
    order = np.argsort(customer, kind="stable")
    turn = np.empty(customer.size, np.int64)
    turn[order] = running_count(customer[order])
    wait = np.full(customer.size, NO_DAY)
    late = turn >= free[customer]
    if not late.any():
        return wait
    went = np.flatnonzero(~late)
    who = np.concatenate([who, customer[went]])
    day = np.concatenate([day, np.full(went.size, as_of)])
    waiting, place = np.unique(customer[late], return_inverse=True)
    latest = _latest(who, day, waiting, cap)
    number = turn[late] - np.maximum(free[customer[late]], 0)
    until = np.full(number.size, NO_DAY)
    for step in range(int(number.max()) + 1):
        now = np.flatnonzero(number == step)
        until[now] = latest[place[now], step % cap] + SPAN
        latest[place[now], step % cap] = until[now]  # the oldest contact makes way for this one
    wait[late] = until
    return wait


def contact_counts(bookings: Bookings) -> IntArray:
    """Return how many contacts each customer had in the 30 days up to the day, shape (n,)."""
    who, _ = _contacts(bookings)
    return np.bincount(who, minlength=bookings.scene.facts.size)


def _contacts(bookings: Bookings) -> tuple[Rows, DateArray]:
    """Return customer and day of each contact in the 30 days up to the day."""
    scene, entries = bookings.scene, bookings.ledger
    after = scene.as_of - SPAN
    sent = bookings.counts & ~bookings.is_points & (entries.day > after)
    sent &= bookings.customer != NONE
    who, day = bookings.customer[sent], entries.day[sent]
    last = scene.history.last_contact
    if last is None:
        return who, day
    recent = (last > after) & (last <= scene.as_of)
    # An entry of that day is that contact. Not so today: it may have come before what is booked
    # today, and deciding once more on the same day must not find more room than before.
    recent[who[(day == last[who]) & (day < scene.as_of)]] = False
    other = np.flatnonzero(recent)
    return np.concatenate([who, other]), np.concatenate([day, last[other]])


def _latest(who: Rows, day: DateArray, customers: Rows, cap: int) -> DateArray:
    """Return the latest contacts of customers, oldest first, shape (customers, cap).

    Each of them has as many or more.
    """
    order = np.lexsort((day, who))
    who, day = who[order], day[order]
    end = np.searchsorted(who, customers, side="right")
    latest: DateArray = day[end[:, None] - np.arange(cap, 0, -1)[None, :]]
    return latest
