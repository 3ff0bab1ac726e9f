"""A reward rule as typed data, and what its trigger and its reward have to answer.

Rule, trigger and reward refer to each other, so they are told together; the triggers and the
kinds of reward themselves stand in rooms of their own.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final

import numpy as np

from xlclv.codes import Coded, by_code
from xlclv.rewards.amounts import whole_cents
from xlclv.rewards.conditions.condition import Condition
from xlclv.rewards.facts import Rows
from xlclv.rewards.periods import Period
from xlclv.rewards.scene.occasions import Occasions
from xlclv.rewards.scene.scene import NONE, Scene
from xlclv.terms import BoolArray, IntArray, Term

LAST = float("inf")  # priority of a rule that has none


class Together(Coded):
    """Which other rewards one goes with: the choices of the term `together`."""

    STACK = "Stack"
    BEST_OF_GROUP = "Best of group"
    ONLY_THIS = "Only this"


TOGETHER: Final = by_code("together", Together)


class TierRole(Enum):
    """What the tiers of a rule are asked of."""

    CUSTOMER = auto()  # the tier on the day of the decision
    ORDER = auto()  # the tier before each order
    EVENT = auto()  # reaching one of them is the event


class PaidFor(Enum):
    """What a reward is for, as its reference names it."""

    ORDER = auto()  # an order of the customer
    FRIEND = auto()  # a friend brought, by the friend's first order; both may get the reward
    DAY = auto()  # the day of an event


class Trigger(ABC):
    """An event that grants a reward: what a rule, its sentence and the engine ask of it.

    A trigger is a frozen class in a file of its own in `triggers`.
    """

    @property
    @abstractmethod
    def code(self) -> str:
        """Return the choice of the term `trigger` that stands for it."""

    @property
    @abstractmethod
    def value(self) -> Term | None:
        """Return what the trigger value of a rule must be; None: it has none."""

    @property
    @abstractmethod
    def needs_value(self) -> bool:
        """Say whether a rule must have a trigger value."""

    @property
    @abstractmethod
    def window(self) -> Term | None:
        """Return what "days after" must be; None: there is no day after which to count."""

    @property
    @abstractmethod
    def per_order(self) -> bool:
        """Say whether every order is an occasion, so that rewards compete for each order."""

    @property
    @abstractmethod
    def paid_for(self) -> PaidFor:
        """Return what the reward is for; what is for an order is taken back with it."""

    @property
    @abstractmethod
    def decided_by_order(self) -> bool:
        """Say whether Min order and Products are about the event, not about using the reward."""

    @property
    @abstractmethod
    def tiers(self) -> TierRole:
        """Return what the tiers of a rule are asked of."""

    @abstractmethod
    def sources(self, rule: "Rule") -> Sequence[str]:
        """Return which of `sources` a book must have; a rule waits for them."""

    @abstractmethod
    def occasions(self, scene: Scene, rule: "Rule") -> Occasions:
        """Return the occasions on which a rule pays."""

    @abstractmethod
    def when(self, rule: "Rule") -> str:
        """Say when a rule pays, as its sentence does: " for their first order"."""

    def lasts(self, rule: "Rule") -> int | None:
        """Return the days after the event on which the reward is granted; None: any number."""
        return rule.window_after

    def how_often(self) -> str:
        """Say how often a rule without limit pays, where its sentence would leave that open."""
        return ""

    def waiting(self, rule: "Rule") -> str:
        """Return the text about the days before the reward can be used."""
        del rule
        return "waiting"

    def expiry(self, rule: "Rule") -> str:
        """Return the text about the days until the reward expires."""
        del rule
        return "expires"

    @property
    def for_order(self) -> bool:
        """Say whether the reward is for an order, whose money counts."""
        return self.paid_for is not PaidFor.DAY


class Reward(ABC):
    """A kind of reward: what is granted.

    A kind is a frozen class in one of the files of `kinds`.
    """

    @property
    @abstractmethod
    def code(self) -> str:
        """Return the choice of the term `reward` that stands for it."""

    @property
    @abstractmethod
    def size(self) -> Term | None:
        """Return what the size of the reward must be; None: it may have a worth, or none."""

    @property
    @abstractmethod
    def is_points(self) -> bool:
        """Say whether it is points: they cost what they are worth, and are no message."""

    @property
    @abstractmethod
    def per_money(self) -> bool:
        """Say whether its size counts for each money of an order."""

    @property
    @abstractmethod
    def face_column(self) -> str:
        """Return the column that tells what it is worth to the customer, "" for points."""

    @abstractmethod
    def face_value(self, size: Decimal | None, most: Decimal | None) -> Decimal | None:
        """Return the most that one is worth to the customer; None where that is not known."""

    @abstractmethod
    def face_cents(self, size: Decimal | None) -> int:
        """Return what one is booked to be worth, in cents; 0 where it is not known."""

    @abstractmethod
    def points(
        self, scene: Scene, size: Decimal, most: Decimal | None, cents: IntArray, rank: IntArray
    ) -> IntArray:
        """Return its points, 0 for other rewards, shape (q,).

        Args:
            scene: The decision.
            size: Points per money, or a number of points.
            most: The most that one order earns; None: any number.
            cents: Money that counts, in cents, shape (q,).
            rank: Rank of the tier, NONE without one, shape (q,).
        """

    @abstractmethod
    def written(self, size: Decimal | None) -> str:
        """Say a reward of a size: "20 % off"."""

    @abstractmethod
    def most(self, most: Decimal) -> str:
        """Say the most that one order earns; "" where that is no limit."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; None or an empty tuple means no restriction.

    Args:
        rule_id: Text, unique.
        name: What the customer gets, in the user's words.
        trigger: Event that grants the reward.
        reward: What is granted.
        active: False: the rule rests.
        trigger_value: n of the n-th order, years, or days, by the trigger.
        window_after: Days after the trigger that count.
        only_tiers: Tiers it is for.
        entry_tiers: Tiers that name this rule as their entry reward.
        only_segments: Segments or tags it is for.
        not_for: Tiers, segments, tags or customer ids that never get it.
        conditions: All must hold.
        min_order: Money from which an order can use the reward.
        products: What an order must (+) or must not (-) hold to use the reward.
        reward_value: Size of the reward; 0.2 is 20 %.
        friend_reward: Reward of the referred friend.
        max_per_order: The most that one order can earn: points, or money.
        max_times: Most grants per customer and `max_per`.
        max_per: Time over which these count.
        cool_down: Days between two grants.
        budget: Money, the most that the rule may cost.
        budget_per: Time of the budget.
        cost: Money one grant costs, to the cent; None: not known, or points, which cost what
            they are worth.
        friend_cost: The same for the reward of the referred friend.
        waiting_days: Days before the reward can be used.
        expires_days: Days until it expires.
        expiry_restarts: True: activity restarts the expiry.
        valid_from: First day.
        valid_to: Last day.
        priority: 1 is served first; infinite: last.
        together: Which other rewards it goes with.
        group: Group within which that counts.
    """

    rule_id: str
    name: str
    trigger: Trigger
    reward: Reward
    active: bool = True
    trigger_value: int | None = None
    window_after: int | None = None
    only_tiers: tuple[str, ...] = ()
    entry_tiers: tuple[str, ...] = ()
    only_segments: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    min_order: Decimal | None = None
    products: tuple[str, ...] = ()
    reward_value: Decimal | None = None
    friend_reward: Decimal | None = None
    max_per_order: Decimal | None = None
    max_times: int | None = None
    max_per: Period = Period.EVER
    cool_down: int | None = None
    budget: Decimal | None = None
    budget_per: Period = Period.WHOLE_RUN
    cost: Decimal | None = None
    friend_cost: Decimal | None = None
    waiting_days: int | None = None
    expires_days: int | None = None
    expiry_restarts: bool = False
    valid_from: np.datetime64 | None = None
    valid_to: np.datetime64 | None = None
    priority: float = LAST
    together: Together = Together.STACK
    group: str = ""

    @property
    def place(self) -> tuple[float, str]:
        """Return what rules are ordered by: priority, then id."""
        return self.priority, self.rule_id

    @property
    def gives_points(self) -> bool:
        """Say whether the reward is points."""
        return self.reward.is_points

    @property
    def limited(self) -> bool:
        """Say whether a customer can get it a number of times only.

        No order grants a reward of one rule twice, whatever the most times per order.
        """
        return self.max_times is not None and self.max_per is not Period.ORDER

    @property
    def cost_is_known(self) -> bool:
        """Say whether it is known what an award costs."""
        return self.cost is not None or self.gives_points

    @property
    def friend_cost_is_known(self) -> bool:
        """Say whether it is known what the reward of the referred friend costs."""
        return self.friend_cost is not None or self.gives_points

    @property
    def tiers_to_reach(self) -> tuple[str, ...]:
        """Return the tiers whose reaching is rewarded, if that is what triggers the rule."""
        return tuple(dict.fromkeys((*self.only_tiers, *self.entry_tiers)))

    def enough(self, cents: IntArray) -> BoolArray:
        """Say which sums of money an order needs to qualify, shape of cents.

        Something must be left of it, and it must reach Min order.
        """
        return (cents > 0) & (cents >= whole_cents(self.min_order))

    def first_enough(self, order: Rows, cents: IntArray) -> BoolArray:
        """Say which first orders are enough, shape of order; one not listed has no money."""
        asks = self.min_order is not None or self.products or self.reward.per_money
        unlisted = np.full(order.size, not asks)
        return np.where(order == NONE, unlisted, self.enough(cents))
