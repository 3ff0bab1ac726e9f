"""Columns of the ledger and of the feedback table."""

from xlclv.terms.term import Term, date, money, text

TERMS: tuple[Term, ...] = (
    date("entry_date"),
    Term("reference", kind="id"),
    Term("points", "points", whole=True),
    money("face_value"),
    money("booked_cost"),
    text("entry_state", "pending", "active", "used", "expired", "reversed"),
    date("usable_from"),
    date("expires_on"),
    date("feedback_date"),
    text("kind", "NPS", "CSAT", "complaint", "cancellation", "request", "review"),
    Term("score", at_least=0, at_most=10),
    text("comment", width=44),
)
