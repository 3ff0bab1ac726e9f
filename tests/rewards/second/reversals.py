"""Rewards taken back because the order they were for was refunded."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tests.rewards.second.amounts import cost_of, points_for
from tests.rewards.second.ledger import net_points, standing
from tests.rewards.second.occasions import Occasion, Stories, by_order, counted_cents, qualifies
from tests.rewards.second.world import Customer, Entry, Order, Rule, World

FOR_ORDERS = ("Order", "First order", "Nth order", "Referral")


@dataclass(frozen=True)
class TakenBack:
    """What is taken back of one occasion: points, or a reward that is not used yet."""

    customer: str
    rule_id: str
    reference: str
    points: int
    cost: int  # cents
    face: int | None = None  # cents


def reversals(world: World, stories: Stories) -> list[TakenBack]:
    """Return everything that is to be taken back on the day."""
    rules = {rule.rule_id.casefold(): rule for rule in world.rules}
    found = []
    for key in dict.fromkeys(entry.key for entry in world.booked()):
        rows = [entry for entry in world.booked() if entry.key == key]
        rule = rules.get(key[1])
        if rule is not None and rule.trigger in FOR_ORDERS and standing(rows):
            found += _of_key(world, stories, rule, rows)
    return found


def _of_key(world: World, stories: Stories, rule: Rule, rows: list[Entry]) -> list[TakenBack]:
    last = max(row.day for row in rows)
    order, gone = _order_of(world, rule, rows[0], last)
    if gone:
        return _all(world, rule, rows)
    if order is None:
        return []
    then = before_refunds(order, last)
    fell = by_order(rule) and qualifies(rule, then) and not qualifies(rule, order)
    if fell:
        return _all(world, rule, rows)
    smaller = counted_cents(rule, then) > counted_cents(rule, order)
    if smaller and rule.reward == "Points per money":
        return _part(world, stories, rule, rows, order)
    return []


def _order_of(world: World, rule: Rule, entry: Entry, last: date) -> tuple[Order | None, bool]:
    """Return the order that an entry is for, and whether it was cancelled."""
    if rule.trigger != "Referral":
        cancelled = any(_same(entry.reference, one) for one in world.cancelled(entry.customer))
        orders = world.orders_of(entry.customer)
        found = [order for order in orders if _same(order.reference, entry.reference)]
        return (found[0] if found else None), cancelled
    friend = next((one.name for one in world.customers if _same(one.name, entry.reference)), "")
    first = next(iter(world.orders_of(friend)), None)
    cancelled = world.cancelled(friend).values()
    if first is None:
        return None, bool(cancelled)
    # Of a friend who cancelled one order since, another may do as well.
    other = first.day > last or max(cancelled, default=date.min) >= last
    gone = bool(cancelled) and other and not qualifies(rule, first)
    return first, gone


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _all(world: World, rule: Rule, rows: list[Entry]) -> list[TakenBack]:
    """Take back everything: all points, and the rewards that are neither used nor over."""
    found = []
    if net_points(rows) > 0:
        found.append(_row(world, rule, rows, net_points(rows)))
    for row in standing(rows):
        if (
            row.points is None
            and row.state != "used"
            and (row.expires_on or world.as_of) >= world.as_of
        ):
            cost = cost_of(world, rule, row)
            key = (row.customer, row.rule_id, row.reference)
            found.append(TakenBack(*key, 0, cost, row.face))
    return found


def _part(
    world: World, stories: Stories, rule: Rule, rows: list[Entry], order: Order
) -> list[TakenBack]:
    """Take points back down to what the order earns after its refunds.

    Points are dated on the day of the order but booked on a later one, so nobody can tell which
    refunds were known when they were booked. If the rule gives what was booked at some step of
    the refunds, it was at that step; if at none, the rule was another one, and what is left
    falls in proportion to the money lost since the last entry.
    """
    first, booked = rows[0], net_points(rows)
    customer, tier, value = _whose(world, stories, rule, first, order)

    def due(one: Order) -> int:
        occasion = Occasion(customer, one.day, one.reference, tier, one)
        return points_for(world, rule, occasion, counted_cents(rule, one), value)

    steps = [before_refunds(order, day) for day in [first.day, *_refund_days(order, first.day)]]
    then = before_refunds(order, max(row.day for row in rows))
    if booked in [due(step) for step in steps]:
        left = due(order)
    else:
        left = booked * counted_cents(rule, order) // counted_cents(rule, then)
    return [_row(world, rule, rows, booked - left)] if booked > left else []


def _whose(
    world: World, stories: Stories, rule: Rule, entry: Entry, order: Order
) -> tuple[Customer, int, Decimal]:
    """Return for whose reward an entry was booked, in which tier, and its size."""
    by_name = {one.name: one for one in world.customers}
    customer, value = by_name[entry.customer], rule.reward_value or Decimal(0)
    if rule.trigger == "Referral" and _same(entry.customer, entry.reference):
        value = rule.friend_reward or Decimal(0)
    if rule.trigger == "Order":
        return customer, stories[customer.name].before[order.reference], value
    return customer, stories[customer.name].rank, value


def _refund_days(order: Order, since: date) -> list[date]:
    return sorted({line.day for line in order.lines if line.cents < 0 and line.day > since})


def before_refunds(order: Order, day: date) -> Order:
    """Return an order as it was in the evening of a day: without later refunds."""
    kept = [line for line in order.lines if line.cents >= 0 or line.day <= day]
    return replace(order, lines=tuple(kept))


def _row(world: World, rule: Rule, rows: list[Entry], points: int) -> TakenBack:
    """Take back points, and of their cost the part that they are of what still stood."""
    spent = sum(cost_of(world, rule, row) for row in rows if row.points is not None)
    cost = spent * points // net_points(rows)
    first = rows[0]
    return TakenBack(first.customer, first.rule_id, first.reference, points, cost)
