"""What may be rewarded: the occasions of each trigger, one customer at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.rewards.second.facts import birthday_near, labels, labels_of
from tests.rewards.second.tiers import NONE, Story
from tests.rewards.second.world import Customer, Line, Order, Rule, World, add_years, days

Stories = dict[str, Story]


@dataclass(frozen=True)
class Occasion:
    """One thing for which a rule may reward a customer.

    `order` decides about points; `tier` is the one it happened in; `refused`: it is none;
    `waits`: it is none yet.
    """

    customer: Customer
    day: date
    reference: str
    tier: int
    order: Order | None = None
    friend: Customer | None = None
    refused: bool = False
    waits: bool = False
    friends_tier: int = NONE


def occasions(world: World, stories: Stories, rule: Rule, customer: Customer) -> list[Occasion]:
    """Return a customer's occasions by day, then reference; none after the day counts."""
    found = list(_OF[rule.trigger](world, stories, rule, customer))
    return sorted(found, key=lambda one: (one.day, one.reference))


def excluded(world: World, stories: Stories, rule: Rule, customer: Customer) -> bool:
    """Say whether a rule is not for a customer, by tier, segment, tag or id."""
    rank = stories[customer.name].rank
    tier = "" if rank == NONE else world.tiers[rank].name
    return bool(labels(rule.not_for) & (labels_of(customer) | labels([tier, customer.name])))


def counted_lines(rule: Rule, order: Order) -> list[Line]:
    """Return the lines of an order whose product the rule counts."""
    wanted = [_product(entry) for entry in rule.products if entry.startswith("+")]
    unwanted = [_product(entry) for entry in rule.products if entry.startswith("-")]
    return [
        line
        for line in order.lines
        if (not wanted or line.product.casefold() in wanted)
        and line.product.casefold() not in unwanted
    ]


def _product(entry: str) -> str:
    """Return what a product must be called: "+cat:Shoes" is shoes."""
    name = entry[1:].strip()
    return name.partition(":")[2].strip().casefold() if ":" in name else name.casefold()


def by_order(rule: Rule) -> bool:
    """Say whether Min order and Products decide about the event, not about using the reward."""
    return rule.trigger in ("Order", "Referral")


def counted_cents(rule: Rule, order: Order) -> int:
    return sum(line.cents for line in counted_lines(rule, order)) if by_order(rule) else order.cents


def qualifies(rule: Rule, order: Order) -> bool:
    """Say whether an order is large enough and holds what it must."""
    cents = counted_cents(rule, order)
    return cents > 0 and cents >= (rule.min_order or Decimal(0)) * 100


def _orders(world: World, stories: Stories, rule: Rule, customer: Customer) -> Iterator[Occasion]:
    """Each order, made in the tier before it; only each k-th of those that qualify counts."""
    number = 0
    for order in world.orders_of(customer.name):
        number += qualifies(rule, order)
        counts = qualifies(rule, order) and number % (rule.trigger_value or 1) == 0
        tier = stories[customer.name].before[order.reference]
        yield Occasion(customer, order.day, order.reference, tier, order, refused=not counts)


def _nth_order(
    world: World, stories: Stories, rule: Rule, customer: Customer
) -> Iterator[Occasion]:
    orders = world.orders_of(customer.name)
    number = rule.trigger_value or 1
    if len(orders) >= number:
        order, tier = orders[number - 1], stories[customer.name].rank
        yield Occasion(customer, order.day, order.reference, tier, order)


def _on_day(stories: Stories, customer: Customer, day: date, reference: str = "") -> Occasion:
    tier = stories[customer.name].rank
    return Occasion(customer, day, reference or day.isoformat(), tier)


def _birthday(world: World, stories: Stories, rule: Rule, customer: Customer) -> Iterator[Occasion]:
    before, after = rule.trigger_value or 0, rule.window_after or 0
    if customer.birth is not None:
        near = birthday_near(customer.birth, world.as_of, before, after)
        if near is not None:
            yield _on_day(stories, customer, near)


def _tenure(world: World, stories: Stories, rule: Rule, customer: Customer) -> Iterator[Occasion]:
    for order in world.orders_of(customer.name)[:1]:
        day = add_years(order.day, rule.trigger_value or 1)
        if day <= world.as_of:
            yield _on_day(stories, customer, day)


def _tier_reached(
    world: World, stories: Stories, rule: Rule, customer: Customer
) -> Iterator[Occasion]:
    """The last rise to one of the rule's tiers, or past one that says so, that still holds."""
    story = stories[customer.name]
    found = [
        (story.entered[rank][0], world.tiers[rank].name)
        for rank in tiers_of(world, rule)
        if rank in story.entered
        and (story.entered[rank][1] or world.tiers[rank].skipped == "Each tier passed")
    ]
    days_known = [day for day, _ in found if day is not None]
    if days_known:
        yield _on_day(stories, customer, max(days_known))
    elif found:
        yield _on_day(stories, customer, world.as_of, found[-1][1])


def tiers_of(world: World, rule: Rule) -> list[int]:
    """Return the tiers of a rule: those it names, and those that name it as entry reward."""
    return [
        rank
        for rank, tier in enumerate(world.tiers)
        if tier.name in rule.only_tiers or tier.entry_reward.casefold() == rule.rule_id.casefold()
    ]


def _passive(world: World, stories: Stories, rule: Rule, customer: Customer) -> Iterator[Occasion]:
    orders = world.orders_of(customer.name)
    if not orders:
        return
    last, value = orders[-1].day, rule.trigger_value
    late = value is not None and (world.as_of - last).days >= value
    if late or world.status_of(customer) in ("Passive", "Lost"):
        tier = stories[customer.name].rank
        yield Occasion(customer, last + days(value), last.isoformat(), tier)


def _referral(world: World, stories: Stories, rule: Rule, customer: Customer) -> Iterator[Occasion]:
    """Each friend whom this customer, and nobody else, referred."""
    for friend in world.customers:
        if friend.referred_by == customer.name:
            yield _of_friend(world, stories, rule, customer, friend)


def _of_friend(
    world: World, stories: Stories, rule: Rule, customer: Customer, friend: Customer
) -> Occasion:
    tier = stories[customer.name].rank
    theirs, own = world.orders_of(friend.name), world.orders_of(customer.name)
    if not theirs:
        return Occasion(customer, date.min, friend.name, tier, None, friend, refused=True)
    first = theirs[0]
    good = (
        friend.name != customer.name
        and friend.opt_in
        and not excluded(world, stories, rule, friend)
        and qualifies(rule, first)
        and bool(own)
        and own[0].day <= first.day
        and not (customer.referred_by == friend.name and own[0].day == first.day)
    )
    return Occasion(
        customer,
        first.day,
        friend.name,
        tier,
        first,
        friend,
        refused=not good,
        waits=first.day + days(rule.waiting_days) > world.as_of,
        friends_tier=stories[friend.name].rank,
    )


def _survey(world: World, stories: Stories, _rule: Rule, customer: Customer) -> Iterator[Occasion]:
    answered = {day for name, day in world.answers if name == customer.name and day <= world.as_of}
    for day in answered:
        yield _on_day(stories, customer, day)


def _date_range(
    world: World, stories: Stories, rule: Rule, customer: Customer
) -> Iterator[Occasion]:
    if rule.valid_from is None:
        yield _on_day(stories, customer, world.as_of, "once")
    else:
        yield _on_day(stories, customer, rule.valid_from)


def _by_hand(*_: object) -> Iterator[Occasion]:
    """Return nothing: it is given by a row in the ledger."""
    return iter(())


_OF: dict[str, Callable[[World, Stories, Rule, Customer], Iterator[Occasion]]] = {
    "Order": _orders,
    "First order": _nth_order,
    "Nth order": _nth_order,
    "Birthday": _birthday,
    "Tenure": _tenure,
    "Tier reached": _tier_reached,
    "Passive": _passive,
    "Referral": _referral,
    "Survey answered": _survey,
    "Date range": _date_range,
    "Manual": _by_hand,
}
