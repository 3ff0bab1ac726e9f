"""Arguments of the models, and the columns of the table a fit returns."""

from xlclv.terms.term import Term, count, text

TERMS: tuple[Term, ...] = (
    Term("repeat_orders", "count", at_least=0, whole=True, many="rows"),
    Term("recency", "periods", at_least=0, many="rows"),
    Term("age", "periods", at_least=0, many="rows"),
    Term("avg_spend", "money", many="rows"),
    Term("last_occasion", "count", at_least=0, whole=True, many="rows"),
    Term("occasions", "count", at_least=0, whole=True, many="rows"),
    Term("customer_counts", "count", at_least=0, many="rows"),
    count("order_number"),
    text("model", "BG/NBD", "MBG/NBD", "BG/CNBD-k", "MBG/CNBD-k", "Pareto/NBD", "best"),
    text("season", "off", "auto", "on"),
    text("season_by", "month", "week", "weekday"),
    Term("details", kind="boolean"),
    Term("pooled", kind="boolean"),
    Term("discount_force", at_least=0),
    Term("time_ahead", "periods", at_least=0),
    Term("months_ahead", "periods", at_least=1, at_most=600, whole=True),
    Term("fit", kind="table"),
    Term("customers_left", "count", at_least=0, whole=True, many="list"),
    count("renewals"),
    text("model_name"),
    text("parameter"),
    Term("estimate"),
    Term("std_error", at_least=0),
    text("remark"),
)
