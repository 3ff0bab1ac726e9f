"""Columns of the customer table, and arguments about a customer."""

from xlclv.terms.term import Term, count, date, money, text

TERMS: tuple[Term, ...] = (
    Term("customer_id", kind="id"),
    text("label", width=24),
    text("segment"),
    date("birth_date"),
    count("days_before", "days"),
    count("days_after", "days"),
    date("joined"),
    text("acq_channel"),
    Term("newsletter", kind="boolean"),
    Term("referred_by", kind="id"),
    Term("opt_in", kind="boolean"),
    text("tags"),
    Term("plan_usage", "fraction", at_least=0),
    text("current_tier"),
    date("tier_since"),
    date("last_contact"),
    Term("merged_into", kind="id"),
    money("revenue"),
    count("order_count"),
)
