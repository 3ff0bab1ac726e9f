"""Arguments of tiers, statuses and breakdowns."""

from xlclv.terms.arrays import A_LIFE
from xlclv.terms.term import Term, column, money

TERMS: tuple[Term, ...] = (
    money("value"),
    column("values", unit="money"),
    Term("tier_table", kind="table"),
    Term("shares", "fraction", above=0, at_most=1, many="list"),
    Term("names", kind="text", many="list"),
    column("segment_labels", "text"),
    column("costs", unit="money"),
    Term("top", "fraction", above=0, at_most=1),
    Term("bins", "count", at_least=2, at_most=10, whole=True),
    Term("expected_gap", "days", above=0, at_most=A_LIFE),
    Term("at_risk", above=0),
    Term("passive", above=0),
    Term("lost", above=0),
)
