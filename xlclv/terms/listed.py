"""All terms by name."""

from xlclv.terms import (
    customers,
    ledger,
    models,
    orders,
    results,
    rewards,
    rules,
    segments,
    settings,
    tiers,
    value,
)
from xlclv.terms.term import Term

_BY_SUBJECT = (
    *(value, orders, customers, models, segments, rewards),
    *(ledger, settings, tiers, rules, results),
)
TERMS: dict[str, Term] = {term.name: term for subject in _BY_SUBJECT for term in subject.TERMS}
