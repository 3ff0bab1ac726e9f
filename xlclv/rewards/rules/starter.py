"""The tiers and rules the template starts with: cells by column, to be edited freely."""

from collections.abc import Mapping, Sequence

from xlclv.columns import as_objects
from xlclv.customers.status import ACTIVE, AT_RISK
from xlclv.tables import Place, RawTable, TableSpec, title
from xlclv.terms import TERMS
from xlclv.words import word

Cell = str | float | int
BUDGET, MID, HIGH_END = "budget", "mid", "high_end"  # what code calls the tiers

FIELDS_NAMED = ("field_1", "field_2", "field_3")

# Rising pays at once; a tier once reached stays for a year, also for somebody a little below it.
_KEPT: dict[str, Cell] = {
    "valid_months": 12,
    "round_up_to": "month end",
    "grace_days": 30,
    "if_not_kept": "One tier down",
    "entry_reward": "R12",
    "skipped_tiers": "Top only",
}


def tier_name(*keys: str) -> str:
    """Return what the starter tiers are called, in the language in use."""
    return "; ".join(word(f"rewards.starter.{key}") for key in keys)


def _tier(key: str, enter_at: int, points_factor: float, **cells: Cell) -> dict[str, Cell]:
    return {
        "tier": tier_name(key),
        "measure": "CLV",
        "enter_at": enter_at,
        "window": "Lifetime",
        "points_factor": points_factor,
        "treatment": word(f"rewards.starter.treatment_{key}"),
        **cells,
    }


def starter_tiers() -> tuple[dict[str, Cell], ...]:
    """Return the cells of the starter tiers, codes as codes."""
    return (
        _tier(BUDGET, 0, 1),  # whoever has a value is in it: it cannot be lost, nor entered
        _tier(MID, 200, 1.25, keep_at=150, **_KEPT),
        _tier(HIGH_END, 1000, 1.5, keep_at=800, **_KEPT),
    )


def _rule(number: int, kind: str, trigger: str, reward: str, **cells: Cell) -> dict[str, Cell]:
    rule_id = f"R{number:02d}"
    return {
        "rule_id": rule_id,
        "active": word("drawing.yes"),
        "rule_name": word(f"rewards.starter.{rule_id.casefold()}"),
        "rule_type": kind,
        "trigger": trigger,
        "reward": reward,
        **cells,
    }


# What happened long ago pays nothing when the rules are first used: of orders, friends, surveys
# and anniversaries only those of the last weeks count. Whoever books them once a month, by a
# refresh, misses none.
def starter_rules() -> tuple[dict[str, Cell], ...]:
    """Return the cells of the starter rules, codes as codes."""
    going = "; ".join(map(TERMS["status"].said, (ACTIVE, AT_RISK)))
    return (
        _rule(
            *(1, "Earn points", "Order", "Points per money"),
            reward_value=1,
            window_after=60,
            waiting_days=14,
            expires_days=365,
            priority=90,
        ),
        _rule(
            2,
            "Perk",
            "Tier reached",
            "Service",
            only_tiers=tier_name(HIGH_END),
            cost_each="0",
            priority=10,
        ),
        _rule(
            *(3, "Offer", "Date range", "% off"),
            only_tiers=tier_name(BUDGET),
            field_1="status",
            test_1="in list",
            value_1=going,
            field_2="net_clv",
            test_2=">",
            value_2="10",
            reward_value=0.1,
            max_per_order=10,
            min_order=30,
            expires_days=30,
            priority=60,
            together="Best of group",
            group=word("rewards.starter.group_offers"),
        ),
        _rule(
            *(4, "Offer", "Birthday", "% off"),
            trigger_value=7,
            window_after=7,
            only_tiers=tier_name(MID, HIGH_END),
            field_1="orders_12m",
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
            group=word("rewards.starter.group_offers"),
        ),
        _rule(
            *(5, "Perk", "Tenure", "Free shipping"),
            trigger_value=2,
            window_after=60,
            cost_each="5",
            expires_days=90,
            priority=50,
            together="Best of group",
            group=word("rewards.starter.group_tenure"),
        ),
        _rule(
            *(6, "Perk", "Tenure", "Free gift"),
            trigger_value=5,
            window_after=60,
            reward_value=20,
            cost_each="60%",
            expires_days=90,
            priority=40,
            together="Best of group",
            group=word("rewards.starter.group_tenure"),
        ),
        _rule(
            *(7, "Thank-you", "Nth order", "Note"),
            trigger_value=3,
            window_after=30,
            max_times=1,
            max_per="Ever",
            cost_each="1.5",
            priority=70,
        ),
        _rule(
            *(8, "Offer", "Passive", "% off"),
            field_1="clv",
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
            group=word("rewards.starter.group_offers"),
        ),
        _rule(
            *(9, "Thank-you", "Referral", "Amount off"),
            window_after=90,
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
            window_after=30,
            min_order=100,
            reward_value=8,
            cost_each="50%",
            max_times=1,
            max_per="Month",
            priority=65,
        ),
        _rule(
            *(11, "Thank-you", "Survey answered", "Fixed points"),
            window_after=30,
            reward_value=50,
            max_times=1,
            max_per="Month",
            expires_days=365,
            priority=80,
        ),
        _rule(
            *(12, "Thank-you", "Tier reached", "Free gift"),
            only_tiers=tier_name(MID, HIGH_END),
            field_1="status",
            test_1="in list",
            value_1=going,
            reward_value=15,
            cost_each="60%",
            max_times=1,
            max_per="Ever",
            budget=300,
            budget_per="Quarter",
            priority=15,
        ),
    )


def starter_table(spec: TableSpec) -> RawTable:
    """Return the starter tiers or the starter rules as the template shows them."""
    sheet, rows = {"tiers": ("Tiers", starter_tiers), "rules": ("RewardRules", starter_rules)}[
        spec.name
    ]
    return raw_table(sheet, spec.columns, rows())


def raw_table(sheet: str, names: Sequence[str], rows: Sequence[Mapping[str, object]]) -> RawTable:
    """Return rows by column name as the table of a tab of ours, where its headers stand."""
    columns = [as_objects([_said(name, row.get(name)) for row in rows]) for name in names]
    return RawTable([title(name) for name in names], columns, Place(sheet, header_row=5))


def _said(name: str, cell: object) -> object:
    """Return a cell with the word for its code."""
    if not isinstance(cell, str):
        return cell
    return word(f"rewards.field.{cell}") if name in FIELDS_NAMED else TERMS[name].said(cell)
