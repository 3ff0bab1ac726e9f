"""What a rule may ask for that is not computed yet; a rule that asks for it is not decided.

Grants made earlier are not known: there is no ledger yet. A limit on the times is therefore
kept only where the trigger itself keeps it, such as once a year for a birthday.
"""

from xlclv.rewards.fit import POINTS
from xlclv.rewards.rule import Rule
from xlclv.words import word

TRIGGERS = {
    "Order": "orders",
    "Referral": "referrals",
    "Survey answered": "feedback",
    "Manual": "by_hand",
}
# Each happens to a customer once: a limit of one or more, over any time, is kept by itself.
ONCE = ("First order", "Nth order", "Tenure", "Tier reached", "Date range")
DAYS_BETWEEN_BIRTHDAYS = 365


def needs(rule: Rule) -> list[str]:
    """Say what the decision needs and nothing computes yet, in words; nothing: it is decided."""
    found = {
        "points": rule.reward in POINTS,
        "times": not _limit_is_kept(rule),
        "cool_down": not _cool_down_is_kept(rule),
        "waiting": bool(rule.waiting_days),
        "restarts": rule.expiry_restarts,
        "window": not _day_is_known(rule),
    }
    keys = [TRIGGERS[rule.trigger]] if rule.trigger in TRIGGERS else []
    keys += [key for key, needed in found.items() if needed]
    texts = [word(f"rewards.needs.{key}") for key in keys]
    fields = (condition.field for condition in rule.conditions)
    texts += [
        word("rewards.needs.field", field=field.title) for field in fields if field.take is None
    ]
    return list(dict.fromkeys(texts))


def _limit_is_kept(rule: Rule) -> bool:
    """Say whether Max times is kept without knowing earlier grants."""
    if rule.max_times is None or rule.max_per == "Order" or rule.trigger in ONCE:
        return True
    return rule.trigger == "Birthday" and rule.max_per in ("Month", "Year")


def _cool_down_is_kept(rule: Rule) -> bool:
    if not rule.cool_down or rule.trigger in ONCE:
        return True
    window = (rule.trigger_value or 0) + (rule.window_after or 0)
    return rule.trigger == "Birthday" and window + rule.cool_down <= DAYS_BETWEEN_BIRTHDAYS


def _day_is_known(rule: Rule) -> bool:
    """Say whether the day is known from which Window after counts."""
    if rule.window_after is None or rule.trigger in ("Birthday", "First order", "Tenure"):
        return True
    return rule.trigger in TRIGGERS or (rule.trigger == "Passive" and bool(rule.trigger_value))
