"""What a rule asks for and a book may lack; a rule that lacks it is not decided."""

from collections.abc import Collection

from xlclv.rewards.conditions.fields import SCARCE
from xlclv.rewards.rule import Rule
from xlclv.rewards.sources import ORDERS, TABLES
from xlclv.words import word

# What a book can have, each a table or column that somebody fills in.
SOURCES = TABLES.union(SCARCE)


def needs(rule: Rule, known: Collection[str] = SOURCES) -> list[str]:
    """Say which table or column a rule asks for and the book lacks, in words.

    Without a ledger nothing has been booked yet: no rule waits for it.

    Args:
        rule: The rule.
        known: Which of SOURCES there are.
    """
    asked = [*rule.trigger.sources(rule), *([ORDERS] if rule.reward.per_money else [])]
    texts = [word(f"rewards.needs.{source}") for source in asked if source not in known]
    for condition in rule.conditions:
        field = condition.field
        if field.source and field.source not in known:
            texts.append(word(f"rewards.needs.{field.lacking}", field=field.title))
    return list(dict.fromkeys(texts))
