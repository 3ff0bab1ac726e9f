"""Which cells of a rule belong together: what a trigger or reward needs, and what it cannot use."""

import re
from collections.abc import Sequence
from decimal import Decimal

from xlclv.rewards import figures
from xlclv.rewards.rules.rows import Row
from xlclv.rewards.rules.rule import FIXED_POINTS, POINTS_PER_MONEY
from xlclv.tables import title
from xlclv.terms import Term
from xlclv.words import word

FROM_ONE = Term("", at_least=1, whole=True)
DAYS_OF_A_YEAR = Term("", at_least=0, at_most=365, whole=True)
POSITIVE = Term("", above=0)
SHARE = Term("", unit="fraction", above=0, at_most=1)

# What the trigger value must be; a trigger that is not here has none.
TRIGGER_VALUES = {
    "Order": FROM_ONE,
    "Nth order": FROM_ONE,
    "Tenure": FROM_ONE,
    "Birthday": DAYS_OF_A_YEAR,
    "Passive": FROM_ONE,
}
NEEDS_VALUE = ("Nth order", "Tenure")
# These happen on no day after which days could be counted.
NO_WINDOW = ("Date range", "Manual")
# Points for money need an order whose money counts.
HAVE_MONEY = ("Order", "First order", "Nth order", "Referral")
REWARD_VALUES = {
    "Points per money": POSITIVE,
    "Fixed points": FROM_ONE,
    "% off": SHARE,
    "Amount off": POSITIVE,
}
POINTS = (POINTS_PER_MONEY, FIXED_POINTS)
COST = re.compile(r"(?P<number>\d+(\.\d+)?)\s*(?P<percent>%?)$")


def check_fit(row: Row, entry_tiers: Sequence[str] = ()) -> None:
    """Note as faults of the row what does not fit together in it.

    Args:
        row: The row.
        entry_tiers: Tiers that name the rule as their entry reward.
    """
    for name in ("trigger", "reward"):
        row.need(name, word("rewards.because.rule"))
    trigger, reward = row.text("trigger"), row.text("reward")
    _check_trigger(row, trigger)
    if trigger == "Tier reached" and not entry_tiers:
        row.need("only_tiers", trigger)
    _check_reward(row, reward)
    _check_points(row, trigger, reward)
    _check_limits(row)
    _check_products(row)


def _check_trigger(row: Row, trigger: str) -> None:
    if not trigger:
        return
    if trigger in NEEDS_VALUE:
        row.need("trigger_value", trigger)
    if trigger in TRIGGER_VALUES:
        row.fits("trigger_value", TRIGGER_VALUES[trigger], trigger)
    else:
        row.no_use("trigger_value", trigger)
    if trigger in NO_WINDOW:
        row.no_use("window_after", trigger)
    elif trigger == "Birthday":
        row.fits("window_after", DAYS_OF_A_YEAR, trigger)
    if trigger != "Referral":
        row.no_use("friend_reward", trigger)


def _check_reward(row: Row, reward: str) -> None:
    if reward in REWARD_VALUES:
        row.need("reward_value", reward)
        row.fits("reward_value", REWARD_VALUES[reward], reward)

    if reward in REWARD_VALUES and not row.blank("friend_reward"):
        row.fits("friend_reward", REWARD_VALUES[reward], reward)


def _check_points(row: Row, trigger: str, reward: str) -> None:
    if reward == POINTS_PER_MONEY and trigger and trigger not in HAVE_MONEY:
        expected = ", ".join(HAVE_MONEY)
        row.refuse(
            "trigger", "does_not_fit", value=trigger, because=reward, expected=expected, hint=""
        )
    if row.flag("expiry_restarts", default=False) and reward and reward not in POINTS:
        row.no_use("expiry_restarts", reward)


def _check_limits(row: Row) -> None:
    _check_pair(row, "max_times", "max_per")
    _check_pair(row, "max_per", "max_times")
    _check_pair(row, "budget_per", "budget")
    row.fits("max_times", FROM_ONE, word("rewards.because.limit"))
    if row.flag("expiry_restarts", default=False):
        row.need("expires_days", title("expiry_restarts"))
    waiting, expires = row.count("waiting_days"), row.count("expires_days")
    if waiting is not None and expires is not None and row.text("trigger") != "Referral":
        row.fits("expires_days", Term("", at_least=waiting), title("waiting_days"))
    if row.text("together") == "Best of group":
        row.need("group", row.text("together"))
    first, last = row.day("valid_from"), row.day("valid_to")
    if first is not None and last is not None and first > last:
        row.refuse("valid_from", "after_valid_to", value=first, limit=last)


def _check_pair(row: Row, name: str, partner: str) -> None:
    if not row.blank(name):
        row.need(partner, title(name))


def _check_products(row: Row) -> None:
    for entry in row.items("products"):
        if entry[0] not in "+-" or not entry[1:].strip():
            row.refuse("products", "no_sign", value=entry)


def read_cost(row: Row) -> Decimal | None:
    """Return what one grant costs, to the cent; None where it is not known.

    A percentage is taken of the face value: the amount of an Amount off, the worth given for a
    gift, shipping, service or note, and for % off the most that one order can earn, so that a
    budget is never overspent. Without a cost the face value counts in full.
    """
    typed = row.text("cost_each")
    if typed and not COST.match(typed):
        row.refuse("cost_each", "no_cost", value=typed)
        return None
    cost = _cost(typed, _face_value(row, _face_name(row)))
    if cost is None:
        _refuse_no_face(row)
    return cost


def read_friend_cost(row: Row) -> Decimal | None:
    """Return what the friend's reward of one referral costs; None where it is not known."""
    typed = row.text("cost_each")
    if row.blank("friend_reward") or (typed and not COST.match(typed)):
        return None
    name = "max_per_order" if row.text("reward") == "% off" else "friend_reward"
    return _cost(typed, _face_value(row, name))


def _cost(typed: str, face: Decimal | None) -> Decimal | None:
    """Return the cost a cell gives, in money or as a percentage of the face value."""
    match = COST.match(typed)
    if match and not match["percent"]:
        return figures.cents(Decimal(match["number"]))
    if face is None:
        return None
    share = Decimal(match["number"]) / 100 if match else Decimal(1)
    return figures.cents(share * face)


def _face_name(row: Row) -> str:
    return "max_per_order" if row.text("reward") == "% off" else "reward_value"


def _face_value(row: Row, name: str) -> Decimal | None:
    if row.text("reward") in POINTS:
        return None
    face, most = row.decimal(name), row.decimal("max_per_order")
    return face if face is None or most is None else min(face, most)


def _refuse_no_face(row: Row) -> None:
    """Refuse a share of nothing, and a budget nothing can be counted against."""
    face, reward, typed = _face_name(row), row.text("reward"), row.text("cost_each")
    if reward in POINTS and typed:
        expected = word("rewards.because.money")
        facts = {"value": typed, "because": reward, "expected": expected, "hint": ""}
        row.refuse("cost_each", "does_not_fit", **facts)
    if reward in ("", *POINTS) or not row.blank(face):
        return
    if not row.blank("cost_each"):
        row.refuse("cost_each", "no_face_value", value=typed, needed=title(face))
    elif not row.blank("budget"):
        row.need("cost_each", title("budget"))
