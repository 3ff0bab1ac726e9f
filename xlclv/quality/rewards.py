"""Checks of the reward programme: ledger, feedback, budgets, rewards dearer than customers."""

from collections.abc import Iterator

import numpy as np

from xlclv.quality.checks import Check, of_faults, of_names
from xlclv.rewards.engine.decisions import Decision, Decisions
from xlclv.rewards.ledger.entries import ledger_faults
from xlclv.segments.placing import Placing
from xlclv.tables import Table


def reward_checks(
    placing: Placing, decisions: Decisions, ledger: Table | None, feedback: Table | None
) -> Iterator[Check]:
    """Check given tiers, ledger and feedback, and what was decided.

    Args:
        placing: The tiers of the customers.
        decisions: Who gets which reward.
        ledger: The ledger, or None.
        feedback: The feedback table, or None.
    """
    strangers = decisions.facts.customer_id[placing.unknown_tier]
    yield of_names("unknown_tier", "fault", strangers)
    if ledger is not None:
        yield of_faults("ledger_unreadable", ledger_faults(ledger))
        yield _strangers("ledger_strangers", ledger, decisions)
    if feedback is not None:
        yield of_faults("feedback_unreadable", feedback.faults)
        yield _strangers("feedback_strangers", feedback, decisions)
    over = [one.rule.rule_id for one in decisions.by_rule if one.left is not None and one.left < 0]
    yield of_names("budget_overspent", "fault", over)
    dear = [name for one in decisions.by_rule for name in _dear(decisions, one)]
    yield of_names("rewards_dear", "warning", dear)
    back = decisions.reversals
    yield of_names("rewards_taken_back", "info", back.why)


def _dear(decisions: Decisions, one: Decision) -> list[str]:
    """Name customer and rule of each award that costs as much as the customer is worth."""
    customers = one.awards.customer[np.flatnonzero(one.awards.warning)]
    return [f"{decisions.facts.customer_id[at]} ({one.rule.rule_id})" for at in customers]


def _strangers(key: str, table: Table, decisions: Decisions) -> Check:
    """Check that every customer named is one we know."""
    known = set(decisions.facts.customer_id)
    ids = table.values("customer_id")
    unknown = list(dict.fromkeys(name for name in ids if name and name not in known))
    return of_names(key, "info", unknown)
