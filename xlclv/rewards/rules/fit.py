"""Which cells of a rule belong together: what a trigger or reward needs, and what it cannot use."""

import re
from collections.abc import Sequence
from decimal import Decimal

from xlclv.codes import said
from xlclv.rewards import figures
from xlclv.rewards.rule import TOGETHER, PaidFor, Reward, TierRole, Together, Trigger
from xlclv.rewards.rules.row_reader import RowReader
from xlclv.rewards.triggers import TRIGGERS
from xlclv.tables import title
from xlclv.terms import Term
from xlclv.words import word

FROM_ONE = Term("", at_least=1, whole=True)
COST = re.compile(r"(?P<number>\d+(\.\d+)?)\s*(?P<percent>%?)$")


def check_fit(
    row: RowReader, trigger: Trigger | None, reward: Reward | None, entry_tiers: Sequence[str] = ()
) -> None:
    """Note as faults of the row what does not fit together in it.

    Args:
        row: The row.
        trigger: Its trigger; None where that cell is blank or has a fault.
        reward: Its reward, in the same way.
        entry_tiers: Tiers that name the rule as their entry reward.
    """
    for name in ("trigger", "reward"):
        row.need(name, word("rewards.because.rule"))
    if trigger is not None:
        _check_trigger(row, trigger, entry_tiers)
    if reward is not None:
        _check_reward(row, reward)
    if trigger is not None and reward is not None:
        _check_money(row, trigger, reward)
    if reward is not None and not reward.is_points and row.flag("expiry_restarts", default=False):
        row.no_use("expiry_restarts", said("reward", reward))
    _check_limits(row, trigger)
    _check_products(row)


def _check_trigger(row: RowReader, trigger: Trigger, entry_tiers: Sequence[str]) -> None:
    if trigger.needs_value:
        row.need("trigger_value", said("trigger", trigger))
    for name, allowed in (("trigger_value", trigger.value), ("window_after", trigger.window)):
        if allowed is None:
            row.no_use(name, said("trigger", trigger))
        else:
            row.fits(name, allowed, said("trigger", trigger))
    if trigger.paid_for is not PaidFor.FRIEND:
        row.no_use("friend_reward", said("trigger", trigger))
    if trigger.tiers is TierRole.EVENT and not entry_tiers:
        row.need("only_tiers", said("trigger", trigger))


def _check_reward(row: RowReader, reward: Reward) -> None:
    if reward.size is None:
        return
    row.need("reward_value", said("reward", reward))
    row.fits("reward_value", reward.size, said("reward", reward))
    if not row.blank("friend_reward"):
        row.fits("friend_reward", reward.size, said("reward", reward))


def _check_money(row: RowReader, trigger: Trigger, reward: Reward) -> None:
    """Refuse points for money where there is no order whose money counts."""
    if reward.per_money and not trigger.for_order:
        expected = ", ".join(said("trigger", one) for one in TRIGGERS.values() if one.for_order)
        facts = {
            "value": said("trigger", trigger),
            "because": said("reward", reward),
            "expected": expected,
            "hint": "",
        }
        row.refuse("trigger", "does_not_fit", **facts)


def _check_limits(row: RowReader, trigger: Trigger | None) -> None:
    _check_pair(row, "max_times", "max_per")
    _check_pair(row, "max_per", "max_times")
    _check_pair(row, "budget_per", "budget")
    row.fits("max_times", FROM_ONE, word("rewards.because.limit"))
    if row.flag("expiry_restarts", default=False):
        row.need("expires_days", title("expiry_restarts"))
    waiting, expires = row.count("waiting_days"), row.count("expires_days")
    granted_late = trigger is not None and trigger.paid_for is PaidFor.FRIEND
    if waiting is not None and expires is not None and not granted_late:
        row.fits("expires_days", Term("", at_least=waiting), title("waiting_days"))
    if row.choice("together", TOGETHER) is Together.BEST_OF_GROUP:
        row.need("group", row.text("together"))
    first, last = row.day("valid_from"), row.day("valid_to")
    if first is not None and last is not None and first > last:
        row.refuse("valid_from", "after_valid_to", value=first, limit=last)


def _check_pair(row: RowReader, name: str, partner: str) -> None:
    if not row.blank(name):
        row.need(partner, title(name))


def _check_products(row: RowReader) -> None:
    for entry in row.items("products"):
        if entry[0] not in "+-" or not entry[1:].strip():
            row.refuse("products", "no_sign", value=entry)


def read_cost(row: RowReader, reward: Reward | None) -> Decimal | None:
    """Return what one grant costs, to the cent; None where it is not known.

    A percentage is taken of the face value: the amount of an Amount off, the worth given for a
    gift, shipping, service or note, and for % off the most that one order can earn, so that a
    budget is never overspent. Without a cost the face value counts in full.
    """
    typed = row.text("cost_each")
    if typed and not COST.match(typed):
        row.refuse("cost_each", "no_cost", value=typed)
        return None
    cost = _cost(typed, _face_value(row, reward, "reward_value"))
    if cost is None and reward is not None:
        _refuse_no_face(row, reward)
    return cost


def read_friend_cost(row: RowReader, reward: Reward | None) -> Decimal | None:
    """Return what the friend's reward of one referral costs; None where it is not known."""
    typed = row.text("cost_each")
    if row.blank("friend_reward") or (typed and not COST.match(typed)):
        return None
    return _cost(typed, _face_value(row, reward, "friend_reward"))


def _cost(typed: str, face: Decimal | None) -> Decimal | None:
    """Return the cost a cell gives, in money or as a percentage of the face value."""
    match = COST.match(typed)
    if match and not match["percent"]:
        return figures.cents(Decimal(match["number"]))
    if face is None:
        return None
    share = Decimal(match["number"]) / 100 if match else Decimal(1)
    return figures.cents(share * face)


def _face_value(row: RowReader, reward: Reward | None, size: str) -> Decimal | None:
    if reward is None:
        return None
    return reward.face_value(row.decimal(size), row.decimal("max_per_order"))


def _refuse_no_face(row: RowReader, reward: Reward) -> None:
    """Refuse a share of nothing, and a budget nothing can be counted against."""
    face, typed = reward.face_column, row.text("cost_each")
    if reward.is_points:
        if typed:
            expected = word("rewards.because.money")
            facts = {
                "value": typed,
                "because": said("reward", reward),
                "expected": expected,
                "hint": "",
            }
            row.refuse("cost_each", "does_not_fit", **facts)
        return
    if not row.blank(face):
        return
    if not row.blank("cost_each"):
        row.refuse("cost_each", "no_face_value", value=typed, needed=title(face))
    elif not row.blank("budget"):
        row.need("cost_each", title("budget"))
