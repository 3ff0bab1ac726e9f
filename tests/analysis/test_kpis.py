"""The figures of the Summary, computed by hand beside."""

import math
from datetime import date

import numpy as np
import pytest

from tests.tables_by_hand import AVERAGES, LOG, computed, sheet, table
from xlclv.analysis.customers import customer_values
from xlclv.analysis.results import Results
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, ORDERS
from xlclv.workbook.template import sample_results

PURCHASES = [
    ("a", date(2024, 1, 10), 100.0),
    ("a", date(2025, 7, 1), 50.0),
    ("a", date(2026, 1, 1), 70.0),
    ("b", date(2025, 8, 1), 30.0),
    ("b", date(2025, 9, 1), -10.0),
    ("c", date(2025, 12, 1), 20.0),
    ("c", date(2025, 12, 31), 20.0),
]
AS_OF = date(2026, 1, 31)


def figures(results: Results) -> dict[str, float]:
    return {kpi.key: kpi.value for kpi in results.kpis}


def of_log() -> dict[str, float]:
    orders = table(ORDERS, LOG, *PURCHASES)
    return figures(computed(orders=orders, settings=Settings(as_of=AS_OF)))


def test_figures_of_an_order_log() -> None:
    found = of_log()
    assert found["customers"] == 3
    assert found["repeat_rate"] == pytest.approx(2 / 3)
    assert found["avg_order"] == pytest.approx(280 / 6)  # the refund lowers money, not orders
    assert found["revenue_12m"] == pytest.approx(180)
    # Only a had bought before the twelve months, and spent 120 in them.
    assert found["existing_share"] == pytest.approx(120 / 180)
    assert found["active"] + found["at_risk"] + found["passive"] + found["lost"] == 3


def test_who_joined_before_the_twelve_months_is_an_existing_customer() -> None:
    orders = table(ORDERS, LOG, *PURCHASES)
    sheet = table(CUSTOMERS, ("customer_id", "joined"), ("b", date(2020, 1, 1)), ("c", AS_OF))
    found = figures(computed(orders=orders, customers=sheet, settings=Settings(as_of=AS_OF)))
    assert found["existing_share"] == pytest.approx(140 / 180)  # a, and the 20 of b


def test_discounts_are_told_where_there_are_any() -> None:
    assert math.isnan(of_log()["discounts"])
    orders = table(ORDERS, (*LOG, "discount"), ("a", AS_OF, 9.0, 1.5), ("b", AS_OF, 9.0, None))
    results = computed(orders=orders, settings=Settings(as_of=AS_OF))
    assert figures(results)["discounts"] == 1.5
    frame = customer_values(results)
    assert list(frame)[-1] == "discounts_given"
    assert frame["discounts_given"].tolist() == [1.5, 0]


def test_figures_of_a_customer_sheet() -> None:
    found = figures(computed(customers=sheet(10, 20, 30, 40, 900)))
    assert (found["customers"], found["equity"]) == (5, 1000)
    assert (found["avg_clv"], found["median_clv"]) == (200, 30)
    assert found["top_share"] == pytest.approx(0.9)  # one of five
    assert found["negative"] == 0


def test_what_the_data_do_not_tell_is_not_zero() -> None:
    found = figures(computed(customers=sheet(10, 20)))
    for key in ("repeat_rate", "avg_order", "revenue_12m", "existing_share"):
        assert math.isnan(found[key]), key


def test_customers_worth_less_than_nothing() -> None:
    rows = [("a", 10, 1, 1, 0), ("b", 10, 1, 1, 50), ("c", 10, 1, 1, 10)]
    customers = table(CUSTOMERS, (*AVERAGES, "acq_cost"), *rows)
    found = figures(computed(customers=customers))
    assert found["negative"] == 1
    assert found["equity"] == pytest.approx(10 - 40 + 0)
    assert math.isnan(found["top_share"])  # no share of a sum below nothing
    assert math.isnan(found["reward_share"])


def test_every_figure_has_a_title_and_a_note() -> None:
    for kpi in computed(customers=sheet(10, 20)).kpis:
        assert kpi.title
        assert kpi.note
        plain = kpi.key in ("ltv_cac", "payback")
        assert kpi.unit in ("count", "money", "fraction", "points") or plain


def test_value_at_risk_counts_no_debts() -> None:
    names = (*AVERAGES, "first_order", "last_order", "acq_cost")
    rows = [
        ("a", 100, 4, 1, date(2024, 1, 1), date(2025, 8, 1), 0),  # 183 days, usual gap 91: at risk
        ("b", 100, 4, 1, date(2024, 1, 1), date(2025, 4, 1), 0),  # 305 days: passive
        ("c", 100, 4, 1, date(2024, 1, 1), date(2025, 4, 1), 999),  # passive, worth -599
        ("d", 100, 4, 1, date(2024, 1, 1), date(2026, 1, 30), 0),
    ]
    customers = table(CUSTOMERS, names, *rows)
    found = figures(computed(customers=customers, settings=Settings(as_of=AS_OF)))
    assert (found["at_risk"], found["passive"], found["active"]) == (1, 2, 1)
    assert found["at_risk_value"] == 800


def test_the_forecast_is_summed_up_and_thin_data_have_none() -> None:
    assert math.isnan(of_log()["predicted_equity"])
    assert math.isnan(of_log()["predicted_loss"])
    results = sample_results()
    found, outlook = figures(results), results.outlook
    assert found["predicted_equity"] == pytest.approx(np.nansum(outlook.columns["predicted_clv"]))
    assert found["predicted_loss"] == pytest.approx(np.nansum(outlook.at_risk))
    assert 0 < found["predicted_loss"] < found["predicted_equity"]
