"""Arguments of the functions about rewards, and the list of rewards."""

from xlclv.terms.term import Term, column, share, text

TERMS: tuple[Term, ...] = (
    Term("customers", kind="table"),
    Term("orders", kind="table"),
    Term("rule_table", kind="table"),
    Term("ledger", kind="table"),
    Term("feedback", kind="table"),
    Term("rewards", kind="table"),
    text("show", "eligible", "all"),
    Term("eligible", kind="boolean"),
    text("state", "available", "pending", "used", "expired", "reversed", "earned", "earned 12m"),
    column("referrals", unit="count", at_least=0),
    Term("conversion", "fraction", at_least=0, at_most=1, many="rows"),
    column("new_clv", unit="money"),
    column("referrer_reward", unit="money", at_least=0),
    share("redemption"),
    Term("rule_id", kind="id"),
)
