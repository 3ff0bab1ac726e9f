"""The tables of the product: which columns they have."""

from dataclasses import dataclass

SCHEMA = 1  # of the workbook: raised when a table or tab changes its meaning


@dataclass(frozen=True, slots=True)
class TableSpec:
    """What a table holds.

    Args:
        name: Its key, also of its texts.
        columns: Terms, in the order of the template.
        required: Columns without which the table says nothing; a tuple in it: any one of these.
        filled: Columns of `required` that must not be blank in a used row.
        results: Columns that refresh writes, in order, at the right end.
    """

    name: str
    columns: tuple[str, ...]
    required: tuple[str | tuple[str, ...], ...]
    filled: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


ORDERS = TableSpec(
    "orders",
    columns=(
        *("order_id", "customer_id", "order_date", "amount_net", "discount", "tax", "cost"),
        *("channel", "campaign", "product", "qty", "is_refund", "ref_order", "currency_code"),
        *("order_status", "customer_name", "customer_email", "newsletter", "opt_in"),
    ),
    required=("customer_id", "order_date", "amount_net"),
    filled=("customer_id", "order_date", "amount_net"),
)

CUSTOMERS = TableSpec(
    "customers",
    columns=(
        *("customer_id", "label", "segment", "avg_value", "frequency", "lifespan", "margin"),
        *("revenue", "order_count", "first_order", "last_order", "churn", "acq_cost"),
        *("birth_date", "joined", "acq_channel", "newsletter", "referred_by", "opt_in", "tags"),
        *("plan_usage", "current_tier", "tier_since", "last_contact", "merged_into"),
        "customer_email",
    ),
    required=("customer_id",),
    filled=("customer_id",),
    results=("clv", "tier", "tier_gap", "status", "granted", "reason"),
)

TIERS = TableSpec(
    "tiers",
    columns=(
        *("tier", "measure", "enter_at", "keep_at", "window", "valid_months", "round_up_to"),
        *("grace_days", "if_not_kept", "points_factor", "entry_reward", "skipped_tiers"),
        "treatment",
    ),
    required=("tier", "enter_at"),
    filled=("tier", "enter_at"),
    results=("reads_as", "row_status"),
)

RULES = TableSpec(
    "rules",
    columns=(
        *("rule_id", "active", "rule_name", "rule_type", "trigger", "trigger_value"),
        *("window_after", "only_tiers", "only_segments", "not_for"),
        *("field_1", "test_1", "value_1", "field_2", "test_2", "value_2"),
        *("field_3", "test_3", "value_3", "min_order", "products", "reward", "reward_value"),
        *("friend_reward", "max_per_order", "max_times", "max_per", "cool_down", "budget"),
        *("budget_per", "cost_each", "waiting_days", "expires_days", "expiry_restarts"),
        *("valid_from", "valid_to", "priority", "together", "group", "note"),
    ),
    required=("rule_id", "rule_name"),
    filled=("rule_id",),
    results=("reads_as", "row_status"),
)

LEDGER = TableSpec(
    "ledger",
    columns=(
        *("entry_date", "customer_id", "rule_id", "reference", "points", "face_value"),
        *("booked_cost", "entry_state", "usable_from", "expires_on", "note"),
    ),
    required=("entry_date", "customer_id", "entry_state"),
    filled=("entry_date", "customer_id", "entry_state"),
)

FEEDBACK = TableSpec(
    "feedback",
    columns=("feedback_date", "customer_id", "channel", "kind", "score", "comment"),
    required=("feedback_date", "customer_id"),
    filled=("feedback_date", "customer_id"),
)

REWARDS = TableSpec(
    "rewards",
    columns=("customer_id", "rule_id", "eligible", "cost"),
    required=("rule_id", "eligible", "cost"),
    filled=("rule_id",),
)

FIT = TableSpec(
    "fit",
    columns=("model_name", "parameter", "estimate", "std_error", "remark"),
    required=("model_name", "parameter", "estimate"),
    filled=("model_name", "parameter"),
)

# The table that an argument of a function holds.
ARGUMENT_TABLES = {
    "orders": ORDERS,
    "customers": CUSTOMERS,
    "tier_table": TIERS,
    "rule_table": RULES,
    "ledger": LEDGER,
    "feedback": FEEDBACK,
    "rewards": REWARDS,
    "fit": FIT,
}
SPECS = {
    spec.name: spec for spec in (ORDERS, CUSTOMERS, TIERS, RULES, LEDGER, FEEDBACK, REWARDS, FIT)
}
