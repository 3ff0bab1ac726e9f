"""A reward rule as typed data."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from xlclv.rewards.rules.conditions import Condition

POINTS_PER_MONEY, FIXED_POINTS = "Points per money", "Fixed points"
STACK, BEST_OF_GROUP, ONLY_THIS = "Stack", "Best of group", "Only this"
WHOLE_RUN = "Whole run"
LAST = float("inf")  # priority of a rule that has none


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; None or an empty tuple means no restriction.

    Args:
        rule_id: Text, unique.
        name: What the customer gets, in the user's words.
        trigger: Event that grants the reward, a choice of the term `trigger`.
        reward: What is granted, a choice of the term `reward`.
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
        max_per: Order, Month, Year or Ever.
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
        together: Stack, Best of group or Only this.
        group: Group within which that counts.
    """

    rule_id: str
    name: str
    trigger: str
    reward: str
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
    max_per: str = ""
    cool_down: int | None = None
    budget: Decimal | None = None
    budget_per: str = WHOLE_RUN
    cost: Decimal | None = None
    friend_cost: Decimal | None = None
    waiting_days: int | None = None
    expires_days: int | None = None
    expiry_restarts: bool = False
    valid_from: np.datetime64 | None = None
    valid_to: np.datetime64 | None = None
    priority: float = LAST
    together: str = STACK
    group: str = ""

    @property
    def place(self) -> tuple[float, str]:
        """Return what rules are ordered by: priority, then id."""
        return self.priority, self.rule_id

    @property
    def gives_points(self) -> bool:
        """Say whether the reward is points."""
        return self.reward in (POINTS_PER_MONEY, FIXED_POINTS)

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
