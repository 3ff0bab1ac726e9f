"""Columns of the tier table."""

from xlclv.terms.term import Term, count, long_text, text

TERMS: tuple[Term, ...] = (
    Term("tier", kind="text", codes=("No tier",)),
    text("measure", "CLV", "Net spend", "Orders", "Points earned", "Predicted value"),
    Term("enter_at"),
    Term("keep_at"),
    text("window", "Rolling 12 months", "Calendar year", "Lifetime"),
    count("valid_months"),
    text("round_up_to", "none", "month end", "year end"),
    count("grace_days", "days"),
    text("if_not_kept", "One tier down", "To earned tier", "Keep"),
    Term("points_factor", at_least=0),
    Term("entry_reward", kind="id"),
    text("skipped_tiers", "Top only", "Each tier passed"),
    long_text("treatment"),
)
