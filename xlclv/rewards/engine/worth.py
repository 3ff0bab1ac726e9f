"""What an award is worth: points, face value and cost, and from when until when it counts."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from xlclv.customers.dates import NO_DAY
from xlclv.rewards import figures
from xlclv.rewards.amounts import cents_of_points, whole_cents
from xlclv.rewards.engine.bookings import Booked
from xlclv.rewards.engine.sieve import Failing
from xlclv.rewards.facts import Rows
from xlclv.rewards.rule import PaidFor, Rule
from xlclv.rewards.scene.hurdles import Stage, each, same
from xlclv.rewards.scene.occasions import Occasions
from xlclv.rewards.scene.scene import Scene
from xlclv.terms import DateArray, IntArray, TextArray
from xlclv.words import word


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What one side of an award gets, shape (q,) each: points, worth and cost in cents."""

    points: IntArray
    face_cents: IntArray
    cost_cents: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Life:
    """From when until when awards count, shape (q,) each; NaT: they never expire."""

    dated: DateArray
    usable_from: DateArray
    expires_on: DateArray


def own_side(scene: Scene, rule: Rule, found: Occasions, rows: Rows) -> Side:
    """Return what the customers of some occasions get."""
    return _side(scene, rule, rule.reward_value, rule.cost, found.cents[rows], found.rank[rows])


def friend_side(scene: Scene, rule: Rule, found: Occasions, rows: Rows) -> Side:
    """Return what the friends of some occasions get; nothing without a friend's reward."""
    if rule.friend_reward is None:
        nothing = np.zeros(rows.size, np.int64)
        return Side(nothing, nothing, nothing)
    rank = scene.rank[found.friend[rows]]
    return _side(scene, rule, rule.friend_reward, rule.friend_cost, found.cents[rows], rank)


def _side(
    scene: Scene,
    rule: Rule,
    value: Decimal | None,
    cost: Decimal | None,
    cents: IntArray,
    rank: IntArray,
) -> Side:
    points = points_for(scene, rule, value or Decimal(0), cents, rank)
    face = np.full(cents.size, rule.reward.face_cents(value))
    if cost is None and rule.gives_points:
        return Side(points, face, cents_of_points(points, scene.policy.points_value))
    return Side(points, face, np.full(cents.size, whole_cents(cost)))


def points_for(
    scene: Scene, rule: Rule, rate: Decimal, cents: IntArray, rank: IntArray
) -> IntArray:
    """Return the points of one side of a rule, 0 for other rewards, shape of cents."""
    return rule.reward.points(scene, rate, rule.max_per_order, cents, rank)


def life(rule: Rule, day: DateArray, as_of: np.datetime64) -> Life:
    """Return from when until when awards count.

    Points of an order count from its day, everything else from the day of the decision. Days
    until expiry count from there, or from an event still to come: "60 days" ends with day 60.

    Args:
        rule: The rule.
        day: Day of each occasion, shape (q,).
        as_of: The day of the decision.
    """
    today = np.full(day.shape, as_of, "datetime64[D]")
    dated: DateArray = day if rule.trigger.per_order and rule.gives_points else today
    # The friend's return window is over before a referral is granted.
    wait = 0 if rule.trigger.paid_for is PaidFor.FRIEND else rule.waiting_days or 0
    expires: DateArray = np.full(day.shape, NO_DAY)
    if rule.expires_days is not None:
        start: DateArray = np.where(day > as_of, day, dated)
        expires = start + np.timedelta64(rule.expires_days, "D")
    usable: DateArray = dated + np.timedelta64(wait, "D")
    return Life(dated, usable, expires)


def points_hurdle(
    rule: Rule, found: Occasions, rows: Rows, points: IntArray, as_of: np.datetime64
) -> list[Failing]:
    """Say which occasions bring no point, or points that would have expired."""
    if not rule.gives_points:
        return []
    expires = life(rule, found.day[rows], as_of).expires_on
    none = points == 0
    too_few = same(word("rewards.reason.no_point"))

    def why(asked: Rows) -> TextArray:
        late = each(expires[asked], _expired)
        return np.where(none[asked], too_few(asked), late)

    return [Failing(Stage.POINTS, rows, none | (expires < as_of), why)]


def _expired(day: np.datetime64) -> str:
    return word("rewards.reason.expired", day=figures.day(day))


def booked_hurdle(rule: Rule, found: Occasions, rows: Rows, booked: Booked) -> list[Failing]:
    """Say which occasions have been paid."""
    if not booked.rows.size or not rows.size:
        return []
    if rule.trigger.per_order:
        day = booked.of_orders()[found.order[rows]]
    else:
        day = booked.of_keys(found.customer[rows], lambda: found.named(rows))

    def written(asked: Rows) -> TextArray:
        days, names = day[asked], found.named(rows[asked])
        texts = (
            word("rewards.reason.booked", day=figures.day(on), reference=name)
            for on, name in zip(days, names, strict=True)
        )
        return np.fromiter(texts, dtype=object, count=asked.size)

    return [Failing(Stage.BOOKED, rows, ~np.isnat(day), written)]
