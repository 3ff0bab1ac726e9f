"""The tiers and rules the template starts with: cells by column, to be edited freely.

Here they are told by triggers, kinds, measures and fields; the cells show what these are called.
"""

from collections.abc import Mapping, Sequence

from xlclv.codes import HasCode
from xlclv.columns import as_objects
from xlclv.customers.status import ACTIVE, AT_RISK
from xlclv.customers.windows import LIFETIME
from xlclv.rewards.conditions.condition import Comparison
from xlclv.rewards.conditions.fields import FIELDS
from xlclv.rewards.kinds.discounts import AmountOff, PercentOff
from xlclv.rewards.kinds.in_kind import FreeGift, FreeShipping, Note, Service
from xlclv.rewards.kinds.points import FixedPoints, PointsPerMoney
from xlclv.rewards.periods import Period
from xlclv.rewards.rule import Reward, Together, Trigger
from xlclv.rewards.triggers.birthday import Birthday
from xlclv.rewards.triggers.date_range import DateRange
from xlclv.rewards.triggers.nth_order import NthOrder
from xlclv.rewards.triggers.order import Order
from xlclv.rewards.triggers.passive import Passive
from xlclv.rewards.triggers.referral import Referral
from xlclv.rewards.triggers.survey_answered import SurveyAnswered
from xlclv.rewards.triggers.tenure import Tenure
from xlclv.rewards.triggers.tier_reached import TierReached
from xlclv.segments.measures import CLV
from xlclv.segments.policies import ONE_DOWN, Rounding, Skipped
from xlclv.tables import Place, RawTable, TableSpec, title
from xlclv.terms import TERMS
from xlclv.words import word, yes_no

Typed = str | float | int  # in a cell
BUDGET, MID, HIGH_END = "budget", "mid", "high_end"  # what code calls the tiers

# Rising pays at once; a tier once reached stays for a year, also for somebody a little below it.
_KEPT: dict[str, Typed] = {
    "valid_months": 12,
    "round_up_to": Rounding.MONTH.code,
    "grace_days": 30,
    "if_not_kept": ONE_DOWN.code,
    "entry_reward": "R12",
    "skipped_tiers": Skipped.TOP_ONLY.code,
}


def tier_name(*keys: str) -> str:
    """Return what the starter tiers are called, in the language in use."""
    return "; ".join(word(f"rewards.starter.{key}") for key in keys)


def _tier(key: str, enter_at: int, points_factor: float, **cells: Typed) -> dict[str, Typed]:
    return {
        "tier": tier_name(key),
        "measure": CLV.code,
        "enter_at": enter_at,
        "window": LIFETIME.code,
        "points_factor": points_factor,
        "treatment": word(f"rewards.starter.treatment_{key}"),
        **cells,
    }


def starter_tiers() -> tuple[dict[str, Typed], ...]:
    """Return the cells of the starter tiers: codes, and texts in the language in use."""
    return (
        _tier(BUDGET, 0, 1),  # whoever has a value is in it: it cannot be lost, nor entered
        _tier(MID, 200, 1.25, keep_at=150, **_KEPT),
        _tier(HIGH_END, 1000, 1.5, keep_at=800, **_KEPT),
    )


def _rule(
    number: int, kind: str, trigger: Trigger, reward: Reward, /, **cells: Typed | HasCode
) -> dict[str, Typed]:
    rule_id = f"R{number:02d}"
    return {
        "rule_id": rule_id,
        "active": yes_no(answer=True),
        "rule_name": word(f"rewards.starter.{rule_id.casefold()}"),
        "rule_type": kind,
        "trigger": trigger.code,
        "reward": reward.code,
        **{name: cell if isinstance(cell, Typed) else cell.code for name, cell in cells.items()},
    }


def _asks(number: int, field: str, test: Comparison, value: str) -> dict[str, Typed]:
    """Return the cells of a condition on a field, by its key."""
    title = FIELDS[field].title
    return {f"field_{number}": title, f"test_{number}": test.code, f"value_{number}": value}


# What happened long ago pays nothing when the rules are first used: of orders, friends, surveys
# and anniversaries only those of the last weeks count. Whoever books them once a month, by a
# refresh, misses none.
def starter_rules() -> tuple[dict[str, Typed], ...]:
    """Return the cells of the starter rules: codes, and texts in the language in use."""
    status = FIELDS["status"]
    buys = _asks(1, status.key, Comparison.ONE_OF, "; ".join(map(status.said, (ACTIVE, AT_RISK))))
    offers, years = word("rewards.starter.group_offers"), word("rewards.starter.group_tenure")
    return (
        _rule(
            *(1, "Earn points", Order(), PointsPerMoney()),
            reward_value=1,
            window_after=60,
            waiting_days=14,
            expires_days=365,
            priority=90,
        ),
        _rule(
            2,
            "Perk",
            TierReached(),
            Service(),
            only_tiers=tier_name(HIGH_END),
            cost_each="0",
            priority=10,
        ),
        _rule(
            *(3, "Offer", DateRange(), PercentOff()),
            only_tiers=tier_name(BUDGET),
            **buys,
            **_asks(2, "net_clv", Comparison.ABOVE, "10"),
            reward_value=0.1,
            max_per_order=10,
            min_order=30,
            expires_days=30,
            priority=60,
            together=Together.BEST_OF_GROUP,
            group=offers,
        ),
        _rule(
            *(4, "Offer", Birthday(), PercentOff()),
            trigger_value=7,
            window_after=7,
            only_tiers=tier_name(MID, HIGH_END),
            **_asks(1, "orders_12m", Comparison.AT_LEAST, "2"),
            min_order=50,
            reward_value=0.2,
            max_per_order=30,
            max_times=1,
            max_per=Period.YEAR,
            budget=2000,
            budget_per=Period.YEAR,
            cost_each="55%",
            expires_days=60,
            priority=20,
            together=Together.BEST_OF_GROUP,
            group=offers,
        ),
        _rule(
            *(5, "Perk", Tenure(), FreeShipping()),
            trigger_value=2,
            window_after=60,
            cost_each="5",
            expires_days=90,
            priority=50,
            together=Together.BEST_OF_GROUP,
            group=years,
        ),
        _rule(
            *(6, "Perk", Tenure(), FreeGift()),
            trigger_value=5,
            window_after=60,
            reward_value=20,
            cost_each="60%",
            expires_days=90,
            priority=40,
            together=Together.BEST_OF_GROUP,
            group=years,
        ),
        _rule(
            *(7, "Thank-you", NthOrder(), Note()),
            trigger_value=3,
            window_after=30,
            max_times=1,
            max_per=Period.EVER,
            cost_each="1.5",
            priority=70,
        ),
        _rule(
            *(8, "Offer", Passive(), PercentOff()),
            **_asks(1, "clv", Comparison.AT_LEAST, "200"),
            min_order=40,
            reward_value=0.15,
            max_per_order=25,
            budget=1000,
            budget_per=Period.YEAR,
            cost_each="60%",
            expires_days=30,
            priority=30,
            together=Together.BEST_OF_GROUP,
            group=offers,
        ),
        _rule(
            *(9, "Thank-you", Referral(), AmountOff()),
            window_after=90,
            reward_value=10,
            friend_reward=10,
            min_order=30,
            max_times=5,
            max_per=Period.YEAR,
            waiting_days=14,
            expires_days=90,
            priority=25,
        ),
        _rule(
            *(10, "Offer", Order(), FreeGift()),
            window_after=30,
            min_order=100,
            reward_value=8,
            cost_each="50%",
            max_times=1,
            max_per=Period.MONTH,
            priority=65,
        ),
        _rule(
            *(11, "Thank-you", SurveyAnswered(), FixedPoints()),
            window_after=30,
            reward_value=50,
            max_times=1,
            max_per=Period.MONTH,
            expires_days=365,
            priority=80,
        ),
        _rule(
            *(12, "Thank-you", TierReached(), FreeGift()),
            only_tiers=tier_name(MID, HIGH_END),
            **buys,
            reward_value=15,
            cost_each="60%",
            max_times=1,
            max_per=Period.EVER,
            budget=300,
            budget_per=Period.QUARTER,
            priority=15,
        ),
    )


def starter_table(spec: TableSpec, *, active: bool = True) -> RawTable:
    """Return the starter tiers or the starter rules as the template shows them.

    Args:
        spec: TIERS or RULES.
        active: False: the rules are examples, and rest until the user switches one on.
    """
    sheet, made = {"tiers": ("Tiers", starter_tiers), "rules": ("RewardRules", starter_rules)}[
        spec.name
    ]
    rows = made()
    if not active:
        rows = tuple({**row, "active": yes_no(answer=False)} for row in rows)
    return raw_table(sheet, spec.columns, rows)


def raw_table(sheet: str, names: Sequence[str], rows: Sequence[Mapping[str, object]]) -> RawTable:
    """Return rows by column name as the table of a tab of ours, where its headers stand."""
    columns = [TERMS[name].all_said(as_objects([row.get(name) for row in rows])) for name in names]
    return RawTable([title(name) for name in names], columns, Place(sheet, header_row=5))
