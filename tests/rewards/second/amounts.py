"""What an occasion is worth: points, money, cost, and the life of the reward."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from tests.rewards.second.occasions import Occasion, counted_cents
from tests.rewards.second.tiers import NONE
from tests.rewards.second.world import Customer, Entry, Rule, World, days


@dataclass(frozen=True)
class Award:
    """A reward granted; for a referral with what the friend gets."""

    rule: Rule
    occasion: Occasion
    dated: date
    own: "Part"
    friends: "Part | None"
    usable_from: date
    expires_on: date | None
    wait_until: date | None = None

    @property
    def points(self) -> int:
        return self.own.points or 0

    @property
    def cost_known(self) -> bool:
        return self.own.cost is not None

    @property
    def whole_cost(self) -> int:
        return (self.own.cost or 0) + (self.friends.cost or 0 if self.friends else 0)

    def entries(self, today: date) -> list[Entry]:
        """Return the rows of the ledger that book it: one, or one for each side."""
        found = [self._entry(self.occasion.customer, self.own, today)]
        if self.friends is not None and self.occasion.friend is not None and self.friends.gives:
            found.append(self._entry(self.occasion.friend, self.friends, today))
        return found

    def _entry(self, to: Customer, part: "Part", today: date) -> Entry:
        return Entry(
            self.dated,
            to.name,
            self.rule.rule_id,
            self.occasion.reference,
            part.points,
            part.face,
            part.cost,
            "pending" if self.usable_from > today else "active",
            self.usable_from,
            self.expires_on,
        )


@dataclass(frozen=True)
class Part:
    """What one of the two sides gets; None: nothing of the kind, or not known."""

    points: int | None = None
    face: int | None = None  # cents
    cost: int | None = None  # cents

    @property
    def gives(self) -> bool:
        return self.points != 0


def award_for(world: World, rule: Rule, one: Occasion) -> Award:
    """Return the award of an occasion, whether or not it is granted."""
    dated = one.day if rule.trigger == "Order" and rule.gives_points else world.as_of
    start = max(dated, one.day)  # an event still to come counts from its own day
    return Award(
        rule,
        one,
        dated,
        part_for(world, rule, one, rule.reward_value),
        None
        if one.friend is None or rule.friend_reward is None
        else part_for(world, rule, replace(one, tier=one.friends_tier), rule.friend_reward),
        dated + days(rule.waiting_days if rule.trigger != "Referral" else 0),
        None if rule.expires_days is None else start + days(rule.expires_days),
    )


def part_for(world: World, rule: Rule, one: Occasion, value: Decimal | None) -> Part:
    """Return what one side gets when the reward has that value."""
    if rule.gives_points:
        cents = counted_cents(rule, one.order) if one.order else 0
        points = points_for(world, rule, one, cents, value or Decimal(0))
        cost = typed_cost(rule, None)
        return Part(points, None, to_cents(points * world.points_value) if cost is None else cost)
    face = None if rule.reward == "% off" else value
    most = rule.max_per_order if rule.reward == "% off" else smaller(value, rule.max_per_order)
    return Part(None, None if face is None else to_cents(face), typed_cost(rule, most))


def points_for(world: World, rule: Rule, one: Occasion, cents: int, value: Decimal) -> int:
    """Return the points for so many cents: rounded down, at most so many per order."""
    if rule.reward == "Fixed points":
        return int(value.to_integral_value(ROUND_FLOOR))
    factor = Decimal(1) if one.tier == NONE else world.tiers[one.tier].factor
    points = int((cents * value * factor / 100).to_integral_value(ROUND_FLOOR))
    return points if rule.max_per_order is None else min(points, int(rule.max_per_order))


def typed_cost(rule: Rule, face: Decimal | None) -> int | None:
    """Return the cost of one side in cents: as typed, a share of the face value, or all of it."""
    typed = rule.cost_each.strip()
    if typed and not typed.endswith("%"):
        return to_cents(Decimal(typed))
    if face is None:
        return None
    return to_cents(face * Decimal(typed[:-1]) / 100 if typed else face)


def smaller(value: Decimal | None, most: Decimal | None) -> Decimal | None:
    return value if value is None or most is None else min(value, most)


def to_cents(money: Decimal) -> int:
    return int((money * 100).to_integral_value(ROUND_HALF_UP))


def cost_of(world: World, rule: Rule, entry: Entry) -> int:
    """Return the cents of an entry; one without a cost has cost what the rule says."""
    if entry.cost is not None or entry.state == "reversed":
        return entry.cost or 0
    if rule.gives_points and not rule.cost_each:
        return to_cents((entry.points or 0) * world.points_value)
    of_friend = entry.reference.casefold() == entry.customer.casefold()
    value = rule.friend_reward if rule.trigger == "Referral" and of_friend else rule.reward_value
    most = rule.max_per_order if rule.reward == "% off" else smaller(value, rule.max_per_order)
    return typed_cost(rule, most) or 0
