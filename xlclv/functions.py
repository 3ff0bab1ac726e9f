"""The one list of spreadsheet functions.

Arguments, defaults and help come from the sum behind each name; see `registry.Function`. Every
host, the reference page, the Examples tab and the Glossary are made from this list.
"""

from datetime import date

from xlclv import __version__
from xlclv.customers import dates, status, summary
from xlclv.customers.status import ACTIVE, LOST, PASSIVE
from xlclv.example import Example, Listed
from xlclv.models import fit_tables
from xlclv.models import functions as predict
from xlclv.models.covariates.table import covariate_fit
from xlclv.models.trust import functions as ahead
from xlclv.quality import checks
from xlclv.registry import Function, refuse_clashes
from xlclv.rewards import cases
from xlclv.rewards import functions as from_tables
from xlclv.rewards.ledger import balances
from xlclv.segments import breakdown, loyalty, rfm, tiers
from xlclv.tables import SCHEMA
from xlclv.terms import TERMS
from xlclv.value import migration, promotion, retention, schedule, sensitivity, simple
from xlclv.words import word


def version() -> str:
    """Version of xlclv and of the workbook schema."""
    return word("version", version=__version__, schema=SCHEMA)


def _mid() -> str:
    return word("rewards.starter.mid")


def _well() -> str:
    return word("checks.level.ok")


def _why_not() -> str:
    """Return why the sample's first customer does not get the offer for passive ones."""
    active, passive, lost = (TERMS["status"].said(code) for code in (ACTIVE, PASSIVE, LOST))
    needed = word("rewards.figure.or", items=passive, last=lost)
    title = word("rewards.field.status")
    why = word("rewards.reason.short_of", field=title, value=active, needed=needed)
    return word("rewards.reason.no", why=why)


DAY = date(2026, 6, 30)  # the as-of date of the sample workbook
ORDERS, CUSTOMERS, LEDGER = Listed("Orders"), Listed("Customers"), Listed("Ledger")
RULES, TIERS = Listed("RewardRules"), Listed("Tiers")
AMOUNTS = Listed("Orders", "amount_net")
LOG = (Listed("Orders", "customer_id"), Listed("Orders", "order_date"), AMOUNTS, DAY)
DAYS = (Listed("Orders", "customer_id"), Listed("Orders", "order_date"), DAY)
BUYERS = tuple(Listed("CustomerValues", name) for name in ("repeats", "t_x", "age_t"))
SHOP = (CUSTOMERS, ORDERS, RULES, TIERS, DAY)
# Published fits: CDNOW (BG/NBD, Gamma-Gamma) and the subscribers of Fader and Hardie (sBG).
HEAD = ("Model", "Parameter", "Estimate")
FIT = (
    HEAD,
    *(("BG/NBD", "r", 0.243), ("BG/NBD", "alpha", 4.414)),
    *(("BG/NBD", "a", 0.793), ("BG/NBD", "b", 2.426)),
)
SPEND = (
    HEAD,
    *(("Gamma-Gamma", "p", 6.25), ("Gamma-Gamma", "q", 3.74), ("Gamma-Gamma", "v", 15.44)),
)
STAY = (HEAD, ("sBG", "alpha", 0.668), ("sBG", "beta", 3.806))
ALIVE = (FIT, 2, 30.43, 38.86)  # a customer of CDNOW

_REWARDS = Function(
    "CLV_REWARDS", from_tables.reward_table, "rewards", Example(SHOP, "R03", at=(2, 2))
)
FUNCTIONS = (
    Function("CLV", simple.clv, "value", Example((50, 2, 3), 300.0)),
    Function(
        "CLV_RETENTION", retention.retention_clv, "value", Example((100, 0.8, 0.1), 366.666666667)
    ),
    Function(
        "CLV_PROMOTION",
        promotion.promotion_clv,
        "value",
        Example((260, 50, 0.75, 0.2, 10), 568.783067434),
    ),
    Function(
        "CLV_MIGRATION",
        migration.migration,
        "value",
        Example(((0.3, 0.2, 0.15, 0.05), 40, 4, 0.2), 52.319609439, at=(2, 2)),
    ),
    Function("CLV_LIFESPAN", simple.lifespan, "value", Example((0.25,), 4.0)),
    Function(
        "CLV_SCHEDULE",
        schedule.schedule,
        "value",
        Example((50, 2, 3, 1, 0.1), 248.685199098, at=(5, 4)),
    ),
    Function(
        "CLV_SENSITIVITY",
        sensitivity.sensitivity,
        "value",
        Example((50, 2, 3), 60.0, at=(2, 5)),
    ),
    Function(
        "CLV_CUSTOMERS",
        summary.customer_table,
        "customers",
        Example(LOG, 2.0, at=(2, 4)),
        headers=True,
    ),
    Function(
        "CLV_NEXT_ORDER",
        status.next_order,
        "customers",
        Example((date(2026, 1, 31), 30), date(2026, 3, 2)),
    ),
    Function(
        "CLV_STATUS",
        status.status,
        "segments",
        Example((date(2026, 5, 5), DAY, 30), lambda: TERMS["status"].said("At risk")),
        says="status",
    ),
    Function("CLV_TIER", tiers.tier, "segments", Example((250, TIERS), _mid), says="tier"),
    Function("CLV_TIER_GAP", tiers.tier_gap, "segments", Example((250, TIERS), 750.0)),
    Function("CLV_TIER_CUTS", tiers.tier_cuts, "segments", Example((AMOUNTS,), 32.0, at=(2, 2))),
    Function(
        "CLV_SEGMENTS",
        breakdown.segments,
        "segments",
        Example((AMOUNTS, Listed("Orders", "channel")), lambda: word("sample.web"), at=(2, 1)),
        headers=True,
    ),
    Function("CLV_TOP_SHARE", breakdown.top_share, "segments", Example((AMOUNTS,), 0.500641525)),
    Function("CLV_RFM", rfm.rfm_table, "segments", Example(LOG, "311", at=(2, 5)), headers=True),
    Function("CLV_FIT", fit_tables.fit_table, "predict", Example(BUYERS, 0.892478227, at=(2, 3))),
    Function(
        "CLV_COMPARE_MODELS",
        fit_tables.compare_models,
        "predict",
        Example(BUYERS, "MBG/CNBD-k", at=(2, 1)),
    ),
    Function(
        "CLV_COVARIATES",
        covariate_fit,
        "predict",
        Example((*LOG, Listed("Orders", "channel")), 0.917429178, at=(2, 4)),
        headers=True,
    ),
    Function(
        "CLV_FIT_LOG", ahead.log_fit, "predict", Example((*LOG, "best"), 1.391523841, at=(2, 3))
    ),
    Function(
        "CLV_SEASONS",
        ahead.season_table,
        "predict",
        Example(DAYS, 1.031160968, at=(2, 2)),
        headers=True,
    ),
    Function(
        "CLV_OCCASION_FIT",
        fit_tables.occasion_fit,
        "predict",
        Example(
            (
                *((0, 1, 1, 2, 2, 3), (0, 1, 3, 2, 3, 3), (3, 3, 3, 3, 3, 3)),
                (90, 30, 20, 15, 25, 20),
            ),
            4.988706874,
            at=(2, 3),
        ),
    ),
    Function("CLV_P_ALIVE", predict.p_alive, "predict", Example(ALIVE, 0.726578570)),
    Function(
        "CLV_EXPECTED_ORDERS",
        predict.expected_orders,
        "predict",
        Example((*ALIVE, 39), 1.226028175),
    ),
    Function(
        "CLV_ORDER_CHANCE", predict.order_chance, "predict", Example((FIT, 0, 39), 0.573786352)
    ),
    Function(
        "CLV_DERT", predict.residual_orders, "predict", Example((*ALIVE, 0.0027), 5.156379826)
    ),
    Function(
        "CLV_EXPECTED_SPEND",
        predict.expected_spend,
        "predict",
        Example((SPEND, 1, 30), 31.590656285),
    ),
    Function(
        "CLV_FORECAST",
        ahead.forecast_table,
        "predict",
        Example(LOG, 19.107897802, at=(2, 5)),
        headers=True,
    ),
    Function(
        "CLV_FORECAST_TOTAL",
        ahead.total_table,
        "predict",
        Example((*LOG, Listed("Orders", "channel")), 524.630622038, at=(2, 3)),
        headers=True,
    ),
    Function(
        "CLV_BACKTEST",
        ahead.back_test,
        "predict",
        Example(LOG, lambda: TERMS["verdict"].said("good"), at=(2, 15)),
        headers=True,
    ),
    Function(
        "CLV_SURVIVAL_FIT",
        fit_tables.survival_fit,
        "predict",
        Example(((1000, 869, 743, 653, 593, 551, 517, 491),), 0.668088351, at=(2, 3)),
    ),
    Function("CLV_SURVIVAL", predict.survival, "predict", Example((STAY, 8), 0.460478959)),
    Function(
        "CLV_NEW_SUBSCRIBER",
        predict.new_subscriber,
        "predict",
        Example((STAY, 100, 0.1), 592.259640761),
    ),
    Function(
        "CLV_RESIDUAL", predict.residual, "predict", Example((STAY, 5, 100, 0.1), 713.600189948)
    ),
    Function(
        "CLV_LOYALTY_TIER",
        loyalty.loyalty_tier,
        "rewards",
        Example(("C0034", ORDERS, TIERS, DAY), _mid),
        says="tier",
    ),
    _REWARDS,
    Function(
        "CLV_REWARD_WHY",
        from_tables.reward_why,
        "rewards",
        Example(("C0001", "R08", *SHOP), _why_not),
    ),
    Function(
        "CLV_REWARD_BUDGET",
        cases.reward_budget,
        "rewards",
        Example((_REWARDS, RULES), 49.5, at=(5, 4)),
    ),
    Function("CLV_POINTS", balances.points, "rewards", Example(("C0077", LEDGER, DAY), 77.0)),
    Function(
        "CLV_REFERRAL",
        cases.referral,
        "rewards",
        Example((100, 0.1, 300, 10, 10), 2800.0, at=(2, 4)),
    ),
    Function(
        "CLV_BIRTHDAY", dates.birthday, "rewards", Example((date(1988, 7, 2), DAY), gives=True)
    ),
    Function("CLV_TENURE", dates.tenure, "rewards", Example((date(2023, 7, 1), DAY), 2.0)),
    Function(
        "CLV_CHECK",
        checks.check_table,
        "help",
        Example((ORDERS, CUSTOMERS), _well, at=(2, 2)),
    ),
    Function("CLV_VERSION", version, "help", Example((), version)),
)
refuse_clashes(FUNCTIONS)
BY_NAME = {function.name: function for function in FUNCTIONS}
