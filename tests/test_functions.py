"""The one list of functions: names, arguments and order users rely on, help that fits, imports."""

import subprocess
import sys

import pytest

from xlclv import __version__
from xlclv.functions import BY_NAME, FUNCTIONS, version
from xlclv.registry import LONGEST_HELP, Function
from xlclv.tables import SCHEMA
from xlclv.terms import TERMS
from xlclv.words import words

NAMES = [function.name for function in FUNCTIONS]
# What users have typed in their sheets: name, order of arguments and defaults stay.
CONTRACT = """
CLV(avg_value, frequency, lifespan, [margin=1], [discount_rate=0], [acq_cost=0], [timing=0])
CLV_RETENTION(period_margin, retention, [discount_rate=0], [periods], [first_certain=TRUE])
CLV_PROMOTION(period_margin, promotion_cost, retention, [discount_rate=0], [periods])
CLV_MIGRATION(order_chances, order_margin, promotion_cost, discount_rate, [periods])
CLV_LIFESPAN(churn)
CLV_SCHEDULE(avg_value, frequency, lifespan, [margin=1], [discount_rate=0], [acq_cost=0], [timing=0])
CLV_SENSITIVITY(avg_value, frequency, lifespan, [margin=1], [discount_rate=0], [acq_cost=0], [step_size=10%])
CLV_CUSTOMERS(customer_ids, order_dates, amounts, as_of, [margin=1], [horizon=3], [headers=TRUE])
CLV_NEXT_ORDER(last_order, avg_gap)
CLV_STATUS(last_order, as_of, expected_gap, [at_risk=1.5], [passive=3], [lost=6])
CLV_TIER(value, tier_table)
CLV_TIER_GAP(value, tier_table)
CLV_TIER_CUTS(values, [shares], [names])
CLV_SEGMENTS(values, segment_labels, [costs], [headers=TRUE])
CLV_TOP_SHARE(values, [top=20%])
CLV_RFM(customer_ids, order_dates, amounts, as_of, [bins=5], [headers=TRUE])
CLV_FIT(repeat_orders, recency, age, [avg_spend], [model="BG/NBD"])
CLV_COMPARE_MODELS(repeat_orders, recency, age)
CLV_OCCASION_FIT(repeat_orders, last_occasion, occasions, [customer_counts])
CLV_P_ALIVE(fit, repeat_orders, recency, age)
CLV_EXPECTED_ORDERS(fit, repeat_orders, recency, age, time_ahead)
CLV_ORDER_CHANCE(fit, order_number, time_ahead)
CLV_DERT(fit, repeat_orders, recency, age, discount_force)
CLV_EXPECTED_SPEND(fit, repeat_orders, avg_spend)
CLV_FORECAST(customer_ids, order_dates, amounts, as_of, [months_ahead=12], [margin=1], [discount_rate=0], [model="BG/NBD"], [headers=TRUE], [season="off"], [details=FALSE])
CLV_FORECAST_TOTAL(customer_ids, order_dates, amounts, as_of, [segment_labels], [months_ahead=12], [margin=1], [discount_rate=0], [model="BG/NBD"], [season="off"], [headers=TRUE])
CLV_BACKTEST(customer_ids, order_dates, amounts, as_of, [months_ahead=12], [model="BG/NBD"], [season="off"], [headers=TRUE])
CLV_FIT_LOG(customer_ids, order_dates, amounts, as_of, [model="BG/NBD"], [season="off"])
CLV_SEASONS(customer_ids, order_dates, as_of, [season_by="month"], [headers=TRUE])
CLV_COVARIATES(customer_ids, order_dates, amounts, as_of, segment_labels, [model="BG/NBD"], [pooled=FALSE], [headers=TRUE])
CLV_SURVIVAL_FIT(customers_left)
CLV_SURVIVAL(fit, periods)
CLV_NEW_SUBSCRIBER(fit, period_margin, discount_rate)
CLV_RESIDUAL(fit, renewals, period_margin, discount_rate)
CLV_LOYALTY_TIER(customer_id, orders, tier_table, as_of, [current_tier], [tier_since])
CLV_REWARDS(customers, orders, rule_table, tier_table, as_of, [show="eligible"], [ledger], [feedback])
CLV_REWARD_WHY(customer_id, rule_id, customers, orders, rule_table, tier_table, as_of, [ledger], [feedback])
CLV_REWARD_BUDGET(rewards, rule_table, [redemption=1])
CLV_POINTS(customer_id, ledger, as_of, [state="available"])
CLV_REFERRAL(referrals, conversion, new_clv, referrer_reward, friend_reward, [margin=1])
CLV_BIRTHDAY(birth_date, as_of, [days_before=7], [days_after=7])
CLV_TENURE(first_order, as_of, [unit="years"])
CLV_CHECK([orders], [customers], [rule_table], [tier_table])
CLV_VERSION()
"""  # noqa: E501 - each is one line in a sheet


def test_arguments_are_those_users_rely_on() -> None:
    usage = {function.usage for function in FUNCTIONS}
    assert [line for line in CONTRACT.split("\n") if line and line not in usage] == []


def test_every_function_can_be_found_by_name() -> None:
    assert list(BY_NAME) == NAMES
    assert all(BY_NAME[name].name == name for name in NAMES)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_help_fits_and_ends_as_a_sentence(function: Function) -> None:
    assert function.help.endswith(".")
    assert "\n" not in function.help
    for argument in function.arguments:
        assert 0 < len(argument.meaning) <= LONGEST_HELP


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_required_arguments_come_first(function: Function) -> None:
    required = [argument.required for argument in function.arguments]
    assert required == sorted(required, reverse=True)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_default_is_one_the_argument_allows(function: Function) -> None:
    for argument in function.arguments:
        if argument.default is not None and argument.term.kind == "number":
            values = [argument.default] if isinstance(argument.default, float | int) else []
            assert not any(argument.term.refuses(float(value)) for value in values)  # type: ignore[arg-type]
        if argument.term.choices and not argument.required:
            assert argument.default in argument.term.choices


def test_the_version_names_program_and_workbook() -> None:
    assert version() == f"xlclv {__version__}, workbook schema {SCHEMA}"


def test_the_names_of_the_segments_fill_the_grid() -> None:
    assert len(TERMS["rfm_segment"].codes) == 10
    assert len(TERMS["status"].choices) == 4
    assert len(words("choices.tiers")) == len(words("choices.treatments")) == 3


# Whoever calls a function from a cell must not wait for, or lack, what only files need.
FILE_PROGRAMS = ("openpyxl", "xlsxwriter", "lxml", "python_calamine", "click", "xlwings", "uno")
BLOCKED_IMPORT = f"""
import sys


class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {FILE_PROGRAMS!r} or name.startswith("xlclv.workbook"):
            raise ImportError(name)


sys.meta_path.insert(0, Refuse())
from xlclv.functions import BY_NAME
from xlclv.hosts.answer import answer

assert answer(BY_NAME["CLV"], [50, 2, 3]) == [[300.0]]
table = [["Tier", "Enter at"], ["Low", 0]]
assert answer(BY_NAME["CLV_TIER"], [5, table]) == [["Low"]]
print(*sorted(sys.modules))
"""


def test_a_cell_needs_no_program_for_files() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED_IMPORT], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "xlclv" in loaded
    assert loaded.isdisjoint(FILE_PROGRAMS)
    assert "xlclv.workbook" not in done.stdout.split()
