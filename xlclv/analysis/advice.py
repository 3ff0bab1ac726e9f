"""The "Do next" box: at most seven lines, the most urgent first, each with the tab to open."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from xlclv.analysis.lists import grace
from xlclv.analysis.results import Results
from xlclv.customers.status import ACTIVE, PASSIVE
from xlclv.rewards.figures import money
from xlclv.rewards.triggers.birthday import Birthday
from xlclv.words import counted, percent, word

MOST = 7
SOON = np.timedelta64(30, "D")
NEARLY_USED = 0.9  # of a budget

Step = tuple[str, str]


def next_steps(results: Results) -> list[Step]:
    """Return tab and sentence of what to do next; one line that says so if there is nothing."""
    return list(islice(_steps(results), MOST)) or [("CustomerValues", word("advice.nothing"))]


def _steps(results: Results) -> Iterator[Step]:
    if results.problems:
        yield "Checks", counted("advice.checks", results.problems)
    yield from _passive(results)
    yield from _losing(results)
    yield from _rewards(results)
    negative = int((results.people.clv < 0).sum())
    if negative:
        yield "CustomerValues", counted("advice.negative", negative)
    yield from _near_next_tier(results)


def _passive(results: Results) -> Iterator[Step]:
    """Name the passive customers of each tier but the lowest, best tier first."""
    people, tiers, measured = results.people, results.tiers, results.worth
    passive = people.status == PASSIVE
    for name in tiers.names[:0:-1]:
        chosen = passive & (results.placing.tier == name) & measured.known
        if chosen.any():
            facts = {"worth": money(float(measured.values[chosen].sum())), "kind": measured.name}
            count = int(chosen.sum())
            yield "CustomerValues", counted("advice.passive", count, tier=name, **facts)


def _rewards(results: Results) -> Iterator[Step]:
    due = _due(results)
    if due:
        yield "Rewards", counted("advice.due", due)
    for decision in results.decisions.by_rule:
        rule = decision.rule
        if decision.count and isinstance(rule.trigger, Birthday):
            yield "Rewards", counted("advice.birthday", decision.count, rule=rule.name)
        if rule.budget and decision.left is not None:
            used = float(1 - decision.left / rule.budget)
            if used >= NEARLY_USED:
                yield "Rewards", word("advice.budget", rule=rule.name, used=percent(used))


def _due(results: Results) -> int:
    """Return how many rewards can be booked."""
    granted = sum(int((~one.awards.waits).sum()) for one in results.decisions.by_rule)
    return granted + int(results.decisions.reversals.books.sum())


def _losing(results: Results) -> Iterator[Step]:
    """Name who is about to lose a tier, and points about to expire."""
    losing = int(grace(results).sum())
    if losing:
        yield "Loyalty", counted("advice.grace", losing)
    points = results.known.balances
    soon = points.expiring_on <= results.people.as_of + SOON
    if soon.any():
        yield "Loyalty", counted("advice.expiring", int(points.expiring[soon].sum()))


def _near_next_tier(results: Results) -> Iterator[Step]:
    """Count the active customers who lack a tenth or less of the next threshold."""
    value, gap = results.placing.value, results.placing.gap
    active = results.people.status == ACTIVE
    with np.errstate(invalid="ignore"):
        near = active & (gap > 0) & (gap <= 0.1 * (value + gap))
    if near.any():
        yield "Segments", counted("advice.near_tier", int(near.sum()))
