"""The one list of spreadsheet functions.

Arguments, defaults and help come from the sum behind each name; see `registry.Function`. Every
host, the README table, the Examples tab and the Glossary are made from this list.
"""

from xlclv.customers import dates, status, summary
from xlclv.registry import Function, refuse_clashes
from xlclv.segments import breakdown, rfm, tiers
from xlclv.value import retention, schedule, sensitivity, simple

FUNCTIONS = (
    Function("CLV", simple.clv, "value"),
    Function("CLV_RETENTION", retention.retention_clv, "value"),
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
    Function("CLV_BIRTHDAY", dates.birthday, "rewards"),
    Function("CLV_TENURE", dates.tenure, "rewards"),
)
refuse_clashes(FUNCTIONS)
BY_NAME = {function.name: function for function in FUNCTIONS}
