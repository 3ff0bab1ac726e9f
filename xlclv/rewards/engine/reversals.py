"""What is taken back: rewards of orders that were cancelled, or have become smaller, since."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from xlclv.customers.dates import NO_DAY, UNKNOWN
from xlclv.customers.orders import CENTS, NO_ORDER
from xlclv.rewards import figures
from xlclv.rewards.amounts import share_of
from xlclv.rewards.engine.bookings import Booked, Bookings, TakenBack
from xlclv.rewards.engine.decisions import Reversals
from xlclv.rewards.engine.worth import points_for
from xlclv.rewards.facts import Rows
from xlclv.rewards.ledger.entries import sums
from xlclv.rewards.rule import PaidFor, Rule
from xlclv.rewards.scene.scene import NONE, Scene
from xlclv.terms import BoolArray, DateArray, IntArray, TextArray
from xlclv.words import word


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """The booked rewards of one rule, k of them: one per customer and reference.

    Args:
        entry: An entry of each, shape (k,).
        group: Its group in the bookings, shape (k,).
        last: Day of its latest entry, shape (k,).
        order: Position of the order it is for, NONE if there is none now, shape (k,).
        gone: That order was cancelled, shape (k,).
        now: Money of the order that counts, in cents, shape (k,).
        before: The same without the refunds after `last`, shape (k,).
    """

    entry: Rows
    group: IntArray
    last: DateArray
    order: Rows
    gone: BoolArray
    now: IntArray
    before: IntArray


def reversals(
    scene: Scene, served: tuple[Rule, ...], bookings: Bookings
) -> tuple[TakenBack, Reversals]:
    """Return what is taken back of earlier rewards.

    If the order was cancelled, or refunds have brought it below Min order, everything is taken
    back: points even if they have been used, other rewards unless they have. If it has become
    smaller, points for money are taken back down to what the rule gives now; where the rule has
    changed since, in proportion. Orders that are missing from the table are left alone.

    Args:
        scene: The decision.
        served: Its rules.
        bookings: What was granted earlier.
    """
    parts = []
    for rule in served:
        if rule.trigger.for_order and bookings.rows_of(rule).size:
            keys = _keys(scene, rule, bookings.of_rule(rule))
            parts.append(_of_points(scene, rule, keys, bookings))
            parts.append(_of_rewards(rule, keys, bookings))
    return _joined([part for part in parts if part.entry.size], bookings)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What is taken back of some entries, shape (p,) each; of what was used, nothing."""

    entry: Rows
    points: IntArray
    cost_cents: IntArray
    face_cents: IntArray
    books: BoolArray
    why: TextArray


def _joined(parts: list[_Part], bookings: Bookings) -> tuple[TakenBack, Reversals]:
    """Put all that is taken back together, for the decision and for its bookings."""
    none = np.empty(0, np.int64)
    entry: Rows = np.concatenate([np.empty(0, np.intp), *(part.entry for part in parts)])
    books: BoolArray = np.concatenate([np.empty(0, bool), *(part.books for part in parts)])
    points: IntArray = np.concatenate([none, *(part.points for part in parts)])
    cost: IntArray = np.concatenate([none, *(part.cost_cents for part in parts)])
    face: IntArray = np.concatenate([none, *(part.face_cents for part in parts)])
    why: TextArray = np.concatenate([np.empty(0, object), *(part.why for part in parts)])
    names = bookings.ledger
    found = Reversals(
        customer=bookings.customer[entry],
        rule_id=names.rule_id[entry],
        reference=names.reference[entry],
        points=-points,
        cost_cents=-cost,
        face_cents=-face,
        books=books,
        why=why,
    )
    if not books.any():
        return TakenBack(none, none, none), found
    groups, at = np.unique(bookings.group[entry[books]], return_inverse=True)
    amount = np.where(points == 0, 1, points)[books]
    size = groups.size
    return TakenBack(groups, sums(amount, at, size), sums(cost[books], at, size)), found


def _keys(scene: Scene, rule: Rule, booked: Booked) -> Keys:
    bookings = booked.bookings
    rows = booked.rows[booked.customer != NONE]
    group, at = np.unique(bookings.group[rows], return_index=True)
    entry = rows[at]
    every = bookings.rows_of(rule)
    latest = np.full(bookings.groups, UNKNOWN)
    np.maximum.at(latest, bookings.group[every], bookings.ledger.day[every].astype(np.int64))
    last = latest[group].astype("datetime64[D]")
    lines = _lines(scene, rule)
    cents = scene.orders.cents_of(lines)
    of_friend = rule.trigger.paid_for is PaidFor.FRIEND
    friend = bookings.friend[entry]
    order = (
        np.where(friend == NONE, NONE, scene.first_order[friend])
        if of_friend
        else bookings.order_at[entry]
    )
    now = np.append(cents, 0)[order]
    gone = (
        _friend_gone(scene, rule, friend, order, now, last)
        if of_friend
        else (order == NONE) & _cancelled(scene, bookings, entry)
    )
    before = now - _refunds(scene, lines, order, last)
    return Keys(entry, group, last, order, gone, now, before)


def _lines(scene: Scene, rule: Rule) -> BoolArray:
    """Say which lines of orders the rule counts, shape of the lines."""
    return scene.qualifying_lines(rule.products if rule.trigger.decided_by_order else ())


def _cancelled(scene: Scene, bookings: Bookings, entry: Rows) -> BoolArray:
    """Say which entries are for an order that was cancelled, shape (k,)."""
    pairs = sorted(scene.orders.cancelled)
    who = np.array([customer for customer, _ in pairs], np.intp)
    named = np.array([reference for _, reference in pairs], dtype=object)
    gone = bookings.key(who, bookings.codes(named))
    own = bookings.key(bookings.customer[entry], bookings.reference[entry])
    found: BoolArray = (own != NONE) & np.isin(own, gone)
    return found


def _friend_gone(
    scene: Scene, rule: Rule, friend: Rows, order: Rows, now: IntArray, last: DateArray
) -> BoolArray:
    """Say which friends have cancelled the order they were paid for, shape (k,).

    Another order may do as well, one they made later or had made before.
    """
    cancelled = np.full(scene.facts.size + 1, NO_DAY)  # one more for NONE
    for (who, _), day in scene.orders.cancelled.items():
        cancelled[who] = np.fmax(cancelled[who], day)
    since, first = cancelled[friend], np.append(scene.first_day, NO_DAY)[friend]
    other = (first > last) | (since >= last)
    without = np.isnat(first) | (other & ~rule.first_enough(order, now))
    gone: BoolArray = (friend != NONE) & ~np.isnat(since) & without
    return gone


def _refunds(scene: Scene, lines: BoolArray, order: Rows, last: DateArray) -> IntArray:
    """Return the refunds of each key's order after its latest entry: cents below 0, shape (k,)."""
    back = _refund_lines(scene, lines)
    joined = pd.DataFrame({"order": order, "last": last, "key": np.arange(order.size)})
    joined = joined[joined["order"] != NONE].merge(back, on="order")
    later = joined[joined["day"] > joined["last"]]
    return sums(later["cents"].to_numpy(np.int64), later["key"].to_numpy(np.int64), order.size)


def _refund_lines(scene: Scene, lines: BoolArray) -> pd.DataFrame:
    """Return order, day and cents of the refunds that count."""
    orders = scene.orders
    back = np.flatnonzero(lines & (orders.line_cents < 0) & (orders.line_order != NO_ORDER))
    columns = {"order": orders.line_order, "day": orders.line_day, "cents": orders.line_cents}
    return pd.DataFrame({name: column[back] for name, column in columns.items()})


def _whole(rule: Rule, keys: Keys) -> BoolArray:
    """Say what is taken back whole, shape (k,)."""
    if not rule.trigger.decided_by_order:
        return keys.gone
    fell = (keys.before > keys.now) & rule.enough(keys.before) & ~rule.enough(keys.now)
    whole: BoolArray = keys.gone | ((keys.order != NONE) & fell)
    return whole


def _of_points(scene: Scene, rule: Rule, keys: Keys, bookings: Bookings) -> _Part:
    left = bookings.net[keys.group]
    points = bookings.is_points[keys.entry]
    whole = points & _whole(rule, keys)
    due = np.where(whole, 0, left)
    smaller = points & ~whole & (keys.before > keys.now)
    if rule.reward.per_money:
        _lower(scene, rule, keys, bookings, np.flatnonzero(smaller), due)
    at = np.flatnonzero(points & (due < left))
    cost = _costs(bookings.of_rule(rule), keys)
    taken = (left - due)[at]
    shares = (share_of(int(cost[one]), int(left[one] - due[one]), int(left[one])) for one in at)
    return _Part(
        entry=keys.entry[at],
        points=taken,
        cost_cents=np.maximum(np.fromiter(shares, np.int64, count=at.size), 0),
        face_cents=np.zeros(at.size, np.int64),
        books=np.ones(at.size, dtype=bool),
        why=_why(bookings, keys, at, np.zeros(at.size, dtype=bool)),
    )


def _lower(
    scene: Scene, rule: Rule, keys: Keys, bookings: Bookings, at: Rows, due: IntArray
) -> None:
    """Lower what is due for orders (positions `at` among the keys) that have become smaller."""
    customer = bookings.customer[keys.entry]
    of_friend = rule.trigger.paid_for is PaidFor.FRIEND
    friend = of_friend & (bookings.friend[keys.entry] == customer)
    rank = scene.rank[customer]
    if rule.trigger.per_order:
        rank = np.append(scene.rank_before, NONE)[keys.order]
    rates = (rule.reward_value or Decimal(0), rule.friend_reward or Decimal(0))
    today = np.zeros(due.size, np.int64)
    for side, rate in enumerate(rates):
        same = at[friend[at] == side]
        today[same] = points_for(scene, rule, rate, keys.now[same], rank[same])
    at = at[today[at] != due[at]]
    refunds = _refund_lines(scene, _lines(scene, rule))
    refunds = refunds[refunds["order"].isin(keys.order[at])]
    by_order = dict(iter(refunds.groupby("order")))
    for key in at:
        cents = _steps(by_order[keys.order[key]], keys.last[key], int(keys.before[key]))
        ways = points_for(
            scene, rule, rates[int(friend[key])], cents, np.full(cents.size, rank[key])
        )
        # What some refund left gives what is booked: the rule is the same, so it says what is due.
        if due[key] in ways:
            due[key] = today[key]
        else:
            due[key] = max(share_of(int(due[key]), int(cents[-1]), int(cents[0])), 0)


def _steps(refunds: pd.DataFrame, last: np.datetime64, before: int) -> IntArray:
    """Return what was left of an order on a day, and on each later day that had refunds.

    Refunds of one day count together, or the order of the rows would matter.
    """
    later = refunds[refunds["day"] > last]
    days, at = np.unique(later["day"].to_numpy(), return_inverse=True)
    lost = sums(later["cents"].to_numpy(np.int64), at, days.size)
    return np.append(before, before + np.cumsum(lost))


def _costs(booked: Booked, keys: Keys) -> IntArray:
    """Return what the entries of each key cost together, in cents, shape (k,)."""
    rows, cents = booked.entry_costs()
    total = sums(cents, booked.bookings.group[rows], booked.bookings.groups)
    return total[keys.group]


def _of_rewards(rule: Rule, keys: Keys, bookings: Bookings) -> _Part:
    """Return the entries of rewards whose order is gone; those not used are taken back."""
    whole = np.full(bookings.groups, NONE, dtype=np.intp)
    hit = np.flatnonzero(_whole(rule, keys) & ~bookings.is_points[keys.entry])
    whole[keys.group[hit]] = hit
    booked = bookings.of_rule(rule)
    rows = booked.rows[whole[bookings.group[booked.rows]] != NONE]
    at = whole[bookings.group[rows]]
    unused = bookings.unused[rows]
    entries, cents = booked.entry_costs()
    cost = np.zeros(bookings.ledger.size, np.int64)
    cost[entries] = cents
    none = np.zeros(rows.size, np.int64)
    return _Part(
        entry=rows,
        points=none,
        cost_cents=np.where(unused, np.maximum(cost[rows], 0), 0),
        face_cents=np.where(unused, bookings.ledger.face_cents[rows], 0),
        books=unused,
        why=_why(bookings, keys, at, ~unused),
    )


def _why(bookings: Bookings, keys: Keys, at: Rows, used: BoolArray) -> TextArray:
    """Say why each of some keys is taken back, or why it cannot be."""
    texts = np.empty(at.size, dtype=object)
    for place, key in enumerate(at):
        reference = bookings.ledger.reference[keys.entry[key]]
        if keys.gone[key]:
            why = word("rewards.back.cancelled", reference=reference)
        else:
            now, before = (
                figures.money(keys.now[key] / CENTS),
                figures.money(keys.before[key] / CENTS),
            )
            why = word("rewards.back.smaller", reference=reference, now=now, before=before)
        texts[place] = word("rewards.back.used", why=why) if used[place] else why
    return texts
