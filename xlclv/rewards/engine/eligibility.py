"""Who gets which reward on a day: all customers at once, one rule after the other.

A rule has occasions: an order, a birthday, a friend brought. Each is paid once; what the ledger
has booked counts against limits, budgets and the rewards of the same group. Money is exact:
whole cents.
"""

import numpy as np

from xlclv.customers.dates import NO_DAY
from xlclv.rewards.engine.asked import (
    condition_hurdles,
    customer_hurdles,
    rule_hurdles,
    window_hurdle,
)
from xlclv.rewards.engine.bookings import Booked, Bookings
from xlclv.rewards.engine.budget import budget, used_cents
from xlclv.rewards.engine.contacts import contact_counts, with_waits
from xlclv.rewards.engine.decisions import Awards, Decision, Decisions, Reversals
from xlclv.rewards.engine.granted import award_reasons, overpriced
from xlclv.rewards.engine.limits import Queue, limits
from xlclv.rewards.engine.reversals import reversals
from xlclv.rewards.engine.sieve import Failing, Sieve, first_failing
from xlclv.rewards.engine.together import Rivals
from xlclv.rewards.engine.worth import (
    Side,
    booked_hurdle,
    friend_side,
    life,
    own_side,
    points_hurdle,
)
from xlclv.rewards.facts import Facts, Rows
from xlclv.rewards.rule import Rule
from xlclv.rewards.rules.table import Rules
from xlclv.rewards.scene.history import NO_HISTORY, NO_POLICY, History, Policy
from xlclv.rewards.scene.hurdles import Hurdle, Stage, Stages, Why
from xlclv.rewards.scene.occasions import Occasions
from xlclv.rewards.scene.scene import NONE, Scene
from xlclv.terms import BoolArray, IntArray, TextArray

__all__ = ["Awards", "Decision", "Decisions", "Reversals", "decide"]


def decide(
    facts: Facts,
    rules: Rules,
    as_of: np.datetime64,
    history: History = NO_HISTORY,
    policy: Policy = NO_POLICY,
) -> Decisions:
    """Decide every rule whose status is OK for every customer.

    Rules are served by priority, then id. Within a rule whose budget is short, occasions are
    served by their day, then customer id, then reference, so the order of the input rows never
    matters. What is taken back of earlier rewards no longer counts as booked.

    Args:
        facts: One row per customer.
        rules: The rule table, read.
        as_of: The day of the decision.
        history: What happened before; customers are numbered as in the facts.
        policy: What the settings say about all rewards.
    """
    day = as_of.astype("datetime64[D]")
    scene = Scene(facts, history, policy, day)
    bookings = Bookings.of(scene)
    served = rules.decided
    taken, reversed_ = reversals(scene, served, bookings)
    bookings = bookings.less(taken)
    of_orders, of_customers = (
        Rivals([rule for rule in served if rule.trigger.per_order is per_order], size)
        for per_order, size in ((True, scene.orders.size), (False, facts.size))
    )
    by_rule = []
    for rule in served:
        booked = bookings.of_rule(rule)
        if rule.trigger.per_order:
            decision = _decide_rule(scene, rule, booked, of_orders.hurdle(rule))
            to = ~np.isnat(booked.of_orders()) if booked.rows.size else _nobody(scene.orders.size)
            to[decision.awards.occasion] = True
            of_orders.grant(rule, to)
        else:
            decision = _decide_rule(scene, rule, booked, of_customers.hurdle(rule))
            of_customers.grant(rule, decision.eligible | booked.live_customers())
        by_rule.append(decision)
    in_turn = with_waits(by_rule, bookings, policy.contact_cap)
    return Decisions(facts, rules, day, in_turn, reversed_, contact_counts(bookings))


def _nobody(size: int) -> BoolArray:
    return np.zeros(size, dtype=bool)


def _decide_rule(scene: Scene, rule: Rule, booked: Booked, room: Hurdle) -> Decision:
    found = rule.trigger.occasions(scene, rule)
    asked = [
        *rule_hurdles(scene.facts, rule, scene.as_of),
        *customer_hurdles(scene.facts, rule),
        *condition_hurdles(scene.facts, rule, scene.as_of),
    ]
    of_occasion = [*found.hurdles, *window_hurdle(rule, found.day, scene.as_of)]
    customer_stage = first_failing(asked, scene.facts.size)
    stage = np.minimum(first_failing(of_occasion, found.size), customer_stage[found.customer])
    sieve = Sieve(stage)
    sieve.why = {hurdle.stage: hurdle.why for hurdle in of_occasion}
    awards = _awards(scene, rule, found, sieve, booked, room)
    best, final = _furthest(sieve.stage, found.customer, customer_stage)
    why = _reasons(asked, found, sieve, best)
    return Decision(
        rule=rule,
        stage=final,
        day=np.append(found.day, NO_DAY)[best],
        best=_best_award(awards, best),
        why=why,
        why_award=award_reasons(scene.facts, found, awards),
        awards=awards,
        used_before=int(used_cents(rule, _this_period(scene, rule), booked)[0]),
        in_period=rule.budget_per.numbers(awards.dated) == _this_period(scene, rule),
    )


def _this_period(scene: Scene, rule: Rule) -> IntArray:
    return rule.budget_per.numbers(np.array([scene.as_of]))


def _awards(
    scene: Scene, rule: Rule, found: Occasions, sieve: Sieve, booked: Booked, room: Hurdle
) -> Awards:
    """Put the occasions through the hurdles that need more than themselves; grant the rest."""
    for failing in booked_hurdle(rule, found, sieve.open, booked):
        sieve.hold(failing)
    rows = sieve.open
    for failing in points_hurdle(
        rule, found, rows, own_side(scene, rule, found, rows).points, scene.as_of
    ):
        sieve.hold(failing)
    rows = sieve.open
    unit = found.order if rule.trigger.per_order else found.customer
    sieve.hold(_group_hurdle(room, rows, unit[rows]))
    rows = sieve.open
    queue = Queue(rows, found.customer[rows], life(rule, found.day[rows], scene.as_of).dated)
    for failing in limits(rule, queue, booked, scene.facts.size):
        sieve.hold(failing)
    rows = sieve.open
    own, other = own_side(scene, rule, found, rows), friend_side(scene, rule, found, rows)
    dated = life(rule, found.day[rows], scene.as_of).dated
    place = _in_queue(scene, found, rows)
    cost = own.cost_cents + other.cost_cents
    for failing in budget(rule, rows, place, dated, cost, booked):
        sieve.hold(failing)
    kept = sieve.stage[rows] == Stage.GRANTED
    return _granted(scene, rule, found, rows[kept], _part(own, kept), _part(other, kept))


def _part(side: Side, kept: BoolArray) -> Side:
    return Side(side.points[kept], side.face_cents[kept], side.cost_cents[kept])


def _group_hurdle(room: Hurdle, rows: Rows, unit: Rows) -> Failing:
    return Failing(Stage.GROUP, rows, ~room.passed[unit], lambda asked: room.why(unit[asked]))


def _in_queue(scene: Scene, found: Occasions, rows: Rows) -> Rows:
    """Return occasions (positions in rows) by day, then customer id, then reference."""
    rank = scene.facts.id_rank[found.customer[rows]]
    return np.lexsort((found.turn[rows], rank, found.day[rows]))


def _granted(
    scene: Scene, rule: Rule, found: Occasions, rows: Rows, own: Side, other: Side
) -> Awards:
    """Return the awards of the occasions that passed every hurdle."""
    day, lasts = found.day[rows], life(rule, found.day[rows], scene.as_of)
    cost = own.cost_cents + other.cost_cents
    has_friend = rule.friend_reward is not None
    customer = found.customer[rows]
    return Awards(
        customer=customer,
        occasion=rows,
        day=day,
        reference=found.named(rows),
        dated=lasts.dated,
        points=own.points,
        face_cents=own.face_cents,
        cost_cents=cost,
        usable_from=lasts.usable_from,
        expires_on=lasts.expires_on,
        wait_until=np.full(rows.size, NO_DAY),
        friend=found.friend[rows] if has_friend else np.full(rows.size, NONE, dtype=np.intp),
        friend_points=other.points,
        friend_face_cents=other.face_cents,
        friend_cost_cents=other.cost_cents,
        warning=overpriced(scene.facts, rule, customer, cost),
    )


def _furthest(stage: Stages, customer: Rows, customer_stage: Stages) -> tuple[Rows, Stages]:
    """Return each customer's occasion that got furthest, the latest of equals, and how far.

    Whoever has no occasion (NONE) fails at the trigger, or at a hurdle before it.
    """
    final = np.minimum(customer_stage, np.int8(Stage.TRIGGER))
    best = np.full(final.size, NONE, dtype=np.intp)
    if customer.size:
        starts = np.flatnonzero(np.diff(customer, prepend=NONE))
        final[customer[starts]] = np.maximum.reduceat(stage, starts)
        at = np.flatnonzero(stage == final[customer])
        best[customer[at]] = at  # of several the last stays
    return best, final


def _reasons(asked: list[Hurdle], found: Occasions, sieve: Sieve, best: Rows) -> dict[Stage, Why]:
    """Return the reasons of each stage for customers; of occasions, for the best of each."""

    def of_best(why: Why) -> Why:
        return lambda rows: why(best[rows])

    why = {stage: of_best(one) for stage, one in sieve.why.items()}
    of_trigger = why.get(Stage.TRIGGER)

    def trigger(rows: Rows) -> TextArray:
        has = best[rows] != NONE
        texts = np.full(rows.size, "", dtype=object)
        texts[~has] = found.none(rows[~has])
        if of_trigger is not None:
            texts[has] = of_trigger(rows[has])
        return texts

    why[Stage.TRIGGER] = trigger
    return why | {hurdle.stage: hurdle.why for hurdle in asked}


def _best_award(awards: Awards, best: Rows) -> Rows:
    """Return the award of each customer's best occasion, NONE if it is not granted, shape (n,)."""
    place = np.searchsorted(awards.occasion, best)
    of_place = np.append(awards.occasion, NONE)[place]
    return np.where((of_place == best) & (best != NONE), place, NONE)
