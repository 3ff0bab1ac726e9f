"""What a rule asks for and a book may lack; a rule that lacks it is not decided."""

from collections.abc import Collection, Iterator

from xlclv.rewards.rules.rule import POINTS_PER_MONEY, Rule
from xlclv.words import word

ORDERS, FEEDBACK, REFERRALS = "orders", "feedback", "referrals"
P_ALIVE, NPS_SCORE, PLAN_USAGE = "p_alive", "nps_score", "plan_usage"
# What a book can have, each a table or column that somebody fills in.
SOURCES = frozenset({ORDERS, FEEDBACK, REFERRALS, P_ALIVE, NPS_SCORE, PLAN_USAGE})
TRIGGERS = {"Order": ORDERS, "Referral": REFERRALS, "Survey answered": FEEDBACK}
# The source of each field that not every book has, and the text that names it.
FIELDS = {
    "p_alive": (P_ALIVE, "p_alive"),
    "nps_score": (NPS_SCORE, "nps_score"),
    "plan_usage": (PLAN_USAGE, "plan_usage"),
    "referrals": (REFERRALS, "referrals_made"),
}


def needs(rule: Rule, known: Collection[str] = SOURCES) -> list[str]:
    """Say which table or column a rule asks for and the book lacks, in words.

    Without a ledger nothing has been booked yet: no rule waits for it.

    Args:
        rule: The rule.
        known: Which of SOURCES there are.
    """
    texts = [word(f"rewards.needs.{source}") for source in _sources(rule) if source not in known]
    for condition in rule.conditions:
        field = condition.field
        source, key = FIELDS.get(field.key, ("", ""))
        if source and source not in known:
            texts.append(word(f"rewards.needs.{key}", field=field.title))
    return list(dict.fromkeys(texts))


def _sources(rule: Rule) -> Iterator[str]:
    if rule.trigger in TRIGGERS:
        yield TRIGGERS[rule.trigger]
    of_friend = rule.trigger == "Referral" and (rule.min_order is not None or rule.products)
    nth_day = rule.trigger == "Nth order" and rule.window_after is not None
    if of_friend or nth_day or rule.reward == POINTS_PER_MONEY:
        yield ORDERS
