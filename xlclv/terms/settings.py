"""Settings that are no argument of a function."""

from xlclv.terms.term import Term, money, text

TERMS: tuple[Term, ...] = (
    money("points_value", at_least=0),
    Term("contact_cap", "count", above=0, whole=True),
    Term("count_tax", kind="boolean"),
    text("period", "year", "month"),
    text("money_symbol"),
    Term("privacy", kind="boolean"),
    text("language"),
)
