"""The tiers and rules the template starts with: cells by column, to be edited freely."""

from xlclv.words import word

Cell = str | float | int
BUDGET, MID, HIGH_END = (word(f"rewards.starter.{tier}") for tier in ("budget", "mid", "high_end"))
YES = "Yes"

STARTER_TIERS: tuple[dict[str, Cell], ...] = tuple(
    {
        "tier": tier,
        "measure": "CLV",
        "enter_at": enter_at,
        "window": "Lifetime",
        "treatment": word(f"rewards.starter.treatment_{key}"),
    }
    for key, tier, enter_at in (
        ("budget", BUDGET, 0),
        ("mid", MID, 200),
        ("high_end", HIGH_END, 1000),
    )
)


def _rule(number: int, kind: str, trigger: str, reward: str, **cells: Cell) -> dict[str, Cell]:
    rule_id = f"R{number:02d}"
    return {
        "rule_id": rule_id,
        "active": YES,
        "rule_name": word(f"rewards.starter.{rule_id.casefold()}"),
        "rule_type": kind,
        "trigger": trigger,
        "reward": reward,
        **cells,
    }


STARTER_RULES: tuple[dict[str, Cell], ...] = (
    _rule(1, "Earn points", "Order", "Points per money", reward_value=1, priority=90),
    _rule(2, "Perk", "Tier reached", "Service", only_tiers=HIGH_END, cost_each="0", priority=10),
    _rule(
        *(3, "Offer", "Date range", "% off"),
        only_tiers=BUDGET,
        reward_value=0.1,
        max_per_order=10,
        min_order=30,
        expires_days=30,
        priority=60,
        together="Best of group",
        group="offers",
    ),
    _rule(
        *(4, "Offer", "Birthday", "% off"),
        trigger_value=7,
        window_after=7,
        only_tiers=f"{MID}; {HIGH_END}",
        field_1="Orders 12m",
        test_1="≥",
        value_1="2",
        min_order=50,
        reward_value=0.2,
        max_per_order=30,
        max_times=1,
        max_per="Year",
        budget=2000,
        budget_per="Year",
        cost_each="55%",
        expires_days=60,
        priority=20,
        together="Best of group",
        group="offers",
    ),
    _rule(
        *(5, "Perk", "Tenure", "Free shipping"),
        trigger_value=2,
        cost_each="5",
        priority=50,
        together="Best of group",
        group="tenure",
    ),
    _rule(
        *(6, "Perk", "Tenure", "Free gift"),
        trigger_value=5,
        reward_value=20,
        cost_each="60%",
        priority=40,
        together="Best of group",
        group="tenure",
    ),
    _rule(
        *(7, "Thank-you", "Nth order", "Note"),
        trigger_value=3,
        max_times=1,
        max_per="Ever",
        cost_each="1.5",
        priority=70,
    ),
    _rule(
        *(8, "Offer", "Passive", "% off"),
        field_1="CLV",
        test_1="≥",
        value_1="200",
        min_order=40,
        reward_value=0.15,
        max_per_order=25,
        budget=1000,
        budget_per="Year",
        cost_each="60%",
        expires_days=30,
        priority=30,
        together="Best of group",
        group="offers",
    ),
    _rule(
        *(9, "Thank-you", "Referral", "Amount off"),
        reward_value=10,
        friend_reward=10,
        min_order=30,
        max_times=5,
        max_per="Year",
        waiting_days=14,
        expires_days=90,
        priority=25,
    ),
    _rule(
        *(10, "Offer", "Order", "Free gift"),
        min_order=100,
        reward_value=8,
        cost_each="50%",
        max_times=1,
        max_per="Order",
        priority=65,
    ),
    _rule(
        *(11, "Thank-you", "Survey answered", "Fixed points"),
        reward_value=50,
        max_times=1,
        max_per="Month",
        priority=80,
    ),
    _rule(
        *(12, "Thank-you", "Tier reached", "Free gift"),
        only_tiers=f"{MID}; {HIGH_END}",
        reward_value=15,
        cost_each="60%",
        max_times=1,
        max_per="Ever",
        priority=15,
    ),
)
