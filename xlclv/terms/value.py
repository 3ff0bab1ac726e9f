"""Arguments of the closed formulas."""

from xlclv.terms.term import Term, money, share

TERMS: tuple[Term, ...] = (
    money("avg_value", at_least=0),
    Term("frequency", "per period", at_least=0),
    Term("lifespan", "periods", at_least=0),
    share("margin", at_least=-1),
    Term("discount_rate", "fraction", at_least=0, below=1),
    money("acq_cost", at_least=0),
    share("timing"),
    money("period_margin"),
    share("retention"),
    Term("periods", "periods", at_least=0, endless=True),
    money("promotion_cost", at_least=0),
    money("order_margin"),
    Term("order_chances", "fraction", at_least=0, at_most=1, many="list"),
    Term("first_certain", kind="boolean"),
    share("churn"),
    Term("step_size", "fraction", above=0, at_most=1),
)
