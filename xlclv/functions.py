"""The one list of spreadsheet functions.

Arguments, defaults and help come from the sum behind each name; see `registry.Function`. Every
host, the README table, the Examples tab and the Glossary are made from this list.
"""

from xlclv import __version__
from xlclv.customers import dates, status, summary
from xlclv.models import fit_tables
from xlclv.models import functions as predict
from xlclv.quality import checks
from xlclv.registry import Function, refuse_clashes
from xlclv.rewards import cases
from xlclv.rewards import functions as from_tables
from xlclv.rewards.ledger import balances
from xlclv.segments import breakdown, loyalty, rfm, tiers
from xlclv.tables import SCHEMA
from xlclv.value import migration, promotion, retention, schedule, sensitivity, simple
from xlclv.words import word


def version() -> str:
    """Version of xlclv and of the workbook schema."""
    return word("version", version=__version__, schema=SCHEMA)


FUNCTIONS = (
    Function("CLV", simple.clv, "value"),
    Function("CLV_RETENTION", retention.retention_clv, "value"),
    Function("CLV_PROMOTION", promotion.promotion_clv, "value"),
    Function("CLV_MIGRATION", migration.migration, "value"),
    Function("CLV_LIFESPAN", simple.lifespan, "value"),
    Function("CLV_SCHEDULE", schedule.schedule, "value"),
    Function("CLV_SENSITIVITY", sensitivity.sensitivity, "value"),
    Function("CLV_CUSTOMERS", summary.customer_table, "customers", headers=True),
    Function("CLV_NEXT_ORDER", status.next_order, "customers"),
    Function("CLV_STATUS", status.status, "segments"),
    Function("CLV_TIER", tiers.tier, "segments"),
    Function("CLV_TIER_GAP", tiers.tier_gap, "segments"),
    Function("CLV_TIER_CUTS", tiers.tier_cuts, "segments"),
    Function("CLV_SEGMENTS", breakdown.segments, "segments", headers=True),
    Function("CLV_TOP_SHARE", breakdown.top_share, "segments"),
    Function("CLV_RFM", rfm.rfm_table, "segments", headers=True),
    Function("CLV_FIT", fit_tables.fit_table, "predict"),
    Function("CLV_COMPARE_MODELS", fit_tables.compare_models, "predict"),
    Function("CLV_OCCASION_FIT", fit_tables.occasion_fit, "predict"),
    Function("CLV_P_ALIVE", predict.p_alive, "predict"),
    Function("CLV_EXPECTED_ORDERS", predict.expected_orders, "predict"),
    Function("CLV_ORDER_CHANCE", predict.order_chance, "predict"),
    Function("CLV_DERT", predict.residual_orders, "predict"),
    Function("CLV_EXPECTED_SPEND", predict.expected_spend, "predict"),
    Function("CLV_FORECAST", predict.forecast_table, "predict", headers=True),
    Function("CLV_SURVIVAL_FIT", fit_tables.survival_fit, "predict"),
    Function("CLV_SURVIVAL", predict.survival, "predict"),
    Function("CLV_NEW_SUBSCRIBER", predict.new_subscriber, "predict"),
    Function("CLV_RESIDUAL", predict.residual, "predict"),
    Function("CLV_LOYALTY_TIER", loyalty.loyalty_tier, "rewards"),
    Function("CLV_REWARDS", from_tables.reward_table, "rewards"),
    Function("CLV_REWARD_WHY", from_tables.reward_why, "rewards"),
    Function("CLV_REWARD_BUDGET", cases.reward_budget, "rewards"),
    Function("CLV_POINTS", balances.points, "rewards"),
    Function("CLV_REFERRAL", cases.referral, "rewards"),
    Function("CLV_BIRTHDAY", dates.birthday, "rewards"),
    Function("CLV_TENURE", dates.tenure, "rewards"),
    Function("CLV_CHECK", checks.check_table, "help"),
    Function("CLV_VERSION", version, "help"),
)
refuse_clashes(FUNCTIONS)
BY_NAME = {function.name: function for function in FUNCTIONS}
