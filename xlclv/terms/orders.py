"""Arguments and columns of orders."""

from xlclv.terms.arrays import A_LIFE
from xlclv.terms.term import Term, column, date, money, text

TERMS: tuple[Term, ...] = (
    column("customer_ids", "id"),
    column("order_dates", "date"),
    column("amounts", unit="money"),
    date("as_of"),
    Term("horizon", "years", at_least=0),
    Term("headers", kind="boolean"),
    date("first_order"),
    date("last_order"),
    Term("avg_gap", "days", at_least=0, at_most=A_LIFE, rounded=True),
    text("unit", "years", "months", "days"),
    Term("order_id", kind="id"),
    date("order_date"),
    money("amount_net"),
    money("discount"),
    money("tax"),
    money("cost"),
    text("channel"),
    text("campaign"),
    text("product"),
    Term("qty", "count"),
    Term("is_refund", kind="boolean"),
    Term("ref_order", kind="id"),
    text("currency_code"),
    text("order_status"),
    text("customer_name"),
    text("customer_email", width=26),
    text("left_out"),
    Term("order_key", "count"),
)
