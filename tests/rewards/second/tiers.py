"""Tiers over time, one customer, one day after the other: the definition to check against.

An order counts on its day, net of the refunds that name it. A refund that names none lowers
spend on its own day, before the orders of that day. A day goes like this: a tier whose grace ended
the day before is lost or kept; the orders come one by one; in the evening a tier whose validity
ends is reviewed.
"""

import calendar
from dataclasses import dataclass, field
from datetime import date

from tests.rewards.second.world import ONE_DAY, Customer, Order, Tier, World, add_months, days

NONE = -1


@dataclass
class Story:
    """What became of a customer's tier; valid_until None: without end."""

    rank: int = NONE
    valid_until: date | None = None
    grace_until: date | None = None
    before: dict[str, int] = field(default_factory=dict)  # reference of an order: rank before it
    # Rank: day of the last rise to it or past it, None unknown, and whether it ended there.
    entered: dict[int, tuple[date | None, bool]] = field(default_factory=dict)


def tier_story(world: World, customer: Customer) -> Story:
    """Live through a customer's days up to as_of."""
    story = Story()
    orders = world.orders_of(customer.name)
    since = customer.tier_since
    if customer.current_tier and since is None:
        story.rank = world.tier_names().index(customer.current_tier)
        story.entered = {rank: (None, rank == story.rank) for rank in range(story.rank + 1)}
    day = min([order.day for order in orders] + [since or world.as_of])
    while day <= world.as_of:
        _live(world, customer, story, day)
        if customer.current_tier and since == day:
            _put(world, story, world.tier_names().index(customer.current_tier), day)
        day += ONE_DAY
    return story


def _live(world: World, customer: Customer, story: Story, day: date) -> None:
    if story.grace_until is not None and day > story.grace_until:
        _after_grace(world, customer, story, day)
    for order in world.orders_of(customer.name):
        if order.day == day:
            story.before[order.reference] = story.rank
            _after_order(world, customer, story, order)
    if story.grace_until is None and story.valid_until == day:
        tier = world.tiers[story.rank]
        if measure(world, customer, day) >= keep_level(tier):
            _renew(world, story, day)
        else:
            story.grace_until = day + days(tier.grace)


def _after_order(world: World, customer: Customer, story: Story, order: Order) -> None:
    now = measure(world, customer, order.day, last=order)
    reached = earned_rank(world, now)
    if reached > story.rank:
        for rank in range(story.rank + 1, reached + 1):
            story.entered[rank] = (order.day, rank == reached)
        story.rank = reached
        _begin(world, story, order.day)
    elif story.grace_until is not None and now >= keep_level(world.tiers[story.rank]):
        _renew(world, story, order.day)


def _after_grace(world: World, customer: Customer, story: Story, day: date) -> None:
    """Do what the tier's row says of a tier that was not kept."""
    policy = world.tiers[story.rank].if_not_kept
    if policy == "Keep":
        _renew(world, story, day)
        return
    to = story.rank - 1
    if policy == "To earned tier":
        to = min(story.rank, earned_rank(world, measure(world, customer, day, morning=True)))
    if world.tiers[0].enter_at <= 0:
        to = max(to, 0)
    story.rank = to
    story.entered = {rank: how for rank, how in story.entered.items() if rank <= to}
    _begin(world, story, day)


def _put(world: World, story: Story, rank: int, day: date) -> None:
    """Put the customer in the tier the sheet names, on the evening of its day."""
    known = {below: how for below, how in story.entered.items() if below < rank}
    story.entered = {below: (day, below == rank) for below in range(rank + 1)} | known
    story.rank = rank
    _begin(world, story, day)


def _begin(world: World, story: Story, day: date) -> None:
    """Begin the validity of a tier; a lowest tier that asks for nothing has no end."""
    story.grace_until = None
    lasting = story.rank == NONE or (story.rank == 0 and world.tiers[0].enter_at <= 0)
    story.valid_until = None if lasting else valid_until(world.tiers[story.rank], day)


def _renew(world: World, story: Story, day: date) -> None:
    """Renew a validity from its end, as often as it takes to reach the day."""
    assert story.valid_until is not None
    tier, end = world.tiers[story.rank], story.valid_until
    day = max(day, end + ONE_DAY)
    if tier.months == 0:
        end = valid_until(tier, day)
    while end < day:
        end = valid_until(tier, end)
    story.valid_until, story.grace_until = end, None


def valid_until(tier: Tier, day: date) -> date:
    """Return the last day of a validity that begins on a day."""
    end = add_months(day, tier.months)
    if tier.round_up == "month end":
        return end.replace(day=calendar.monthrange(end.year, end.month)[1])
    return date(end.year, 12, 31) if tier.round_up == "year end" else end


def keep_level(tier: Tier) -> int:
    return tier.enter_at if tier.keep_at is None else tier.keep_at


def earned_rank(world: World, value: int) -> int:
    return sum(value >= tier.enter_at for tier in world.tiers) - 1


def measure(
    world: World,
    customer: Customer,
    day: date,
    *,
    last: Order | None = None,
    morning: bool = False,
) -> int:
    """Return cents or orders in the window of a day: at its end, right after an order, or before
    anything happens on it.
    """
    begin = window_begin(world.window, day)
    end = day - ONE_DAY if morning else day
    orders = [
        order
        for order in world.orders_of(customer.name)
        if begin <= order.day <= end
        and (last is None or (order.day, order.reference) <= (last.day, last.reference))
    ]
    if world.measure == "Orders":
        return len(orders)
    refunds = [line.cents for line in world.strays_of(customer.name) if begin <= line.day <= end]
    return sum(order.cents for order in orders) + sum(refunds)


def window_begin(window: str, day: date) -> date:
    """Return the first day that counts."""
    if window == "Lifetime":
        return date.min
    return date(day.year, 1, 1) if window == "Calendar year" else add_months(day, -12) + ONE_DAY
