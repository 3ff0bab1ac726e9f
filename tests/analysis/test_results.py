"""What a refresh computes from tables, without a file."""

from datetime import date

import numpy as np
import pytest

from tests.tables_by_hand import AVERAGES, LOG, computed, sheet, table
from xlclv.errors import NotEnoughData
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, ORDERS, TIERS

# --- tiers ------------------------------------------------------------------------------------


def test_tiers_are_proposed_with_round_thresholds() -> None:
    values = [3, 7, 19, 33, 52, 71, 105, 233, 987, 5555]
    results = computed(customers=sheet(*values))
    assert results.proposed
    assert list(results.tiers.names) == ["Bronze", "Silver", "Gold"]
    assert list(results.tiers.enter_at) == [0, 71, 980]  # rounded down: who made the cut stays
    assert list(results.placing.tier[-2:]) == ["Gold", "Gold"]
    assert sum(results.placing.tier == "Silver") == 3


@pytest.mark.parametrize("values", [[5], [10, 20], [10] * 30])
def test_too_few_or_equal_customers_get_the_usual_tiers(values: list[float]) -> None:
    results = computed(customers=sheet(*values))
    assert results.proposed
    assert list(results.tiers.enter_at) == [0, 200, 1000]
    assert set(results.placing.tier) == {"Bronze"}


def test_below_the_lowest_threshold_there_is_no_tier() -> None:
    tiers = table(TIERS, ("tier", "enter_at"), ("Gold", 100), ("Silver", 50))
    results = computed(customers=sheet(10, 50, 99.99, 100), tiers=tiers)
    assert list(results.placing.tier) == ["No tier", "Silver", "Silver", "Gold"]
    assert list(results.placing.gap) == pytest.approx([40, 50, 0.01, 0])
    assert not results.proposed


def test_a_tier_table_at_fault_is_a_check_not_an_end() -> None:
    tiers = table(TIERS, ("tier", "enter_at"), ("Gold", 100), ("Silver", 100))
    results = computed(customers=sheet(10, 50), tiers=tiers)
    assert results.proposed
    (check,) = (one for one in results.checks if one.key == "tiers")
    assert check.level == "fault"
    assert "Gold" in check.where
    assert "100" in check.where


def test_tiers_by_points_begin_at_the_lowest_while_nothing_is_booked() -> None:
    names = ("tier", "enter_at", "measure")
    tiers = table(TIERS, names, ("Gold", 100, "Points earned"), ("Silver", 0, "Points earned"))
    results = computed(customers=sheet(10, 150), tiers=tiers)
    assert list(results.placing.tier) == ["Silver", "Silver"]
    assert not any(one.key == "tiers" and one.level == "fault" for one in results.checks)


def test_tiers_may_measure_orders_or_spend() -> None:
    log = [("a", date(2026, 1, day), 5.0) for day in (1, 2, 3)] + [("b", date(2026, 1, 1), 500.0)]
    orders = table(ORDERS, LOG, *log)
    names = ("tier", "enter_at", "measure")
    by_orders = table(TIERS, names, ("Often", 3, "Orders"), ("Rarely", 0, "Orders"))
    by_spend = table(TIERS, names, ("Much", 100, "Net spend"), ("Little", 0, "Net spend"))
    assert list(computed(orders=orders, tiers=by_orders).placing.tier) == ["Often", "Rarely"]
    assert list(computed(orders=orders, tiers=by_spend).placing.tier) == ["Little", "Much"]


# --- notes, checks, status --------------------------------------------------------------------


def test_what_was_assumed_is_said() -> None:
    orders = table(ORDERS, LOG, ("a", date(2026, 1, 3), 5.0))
    told = computed(orders=orders, notes=("read well",)).notes
    assert told[0] == "read well"
    assert any("2026-01-03" in note for note in told)
    assert any("tiers are proposed" in note for note in told)
    settings = Settings(as_of=date(2026, 2, 1))
    assert not any("as-of" in note for note in computed(orders=orders, settings=settings).notes)


def test_the_status_line_counts_the_problems() -> None:
    assert computed(customers=sheet(10, 20)).status == "✔ All checks passed"
    bad = table(CUSTOMERS, AVERAGES, ("C1", "x", 1, 1), ("C2", 5, 1, 1))
    results = computed(customers=bad)
    assert results.problems == 2  # the cell, and the customer without a CLV
    assert results.status == "✖ 2 checks to review or fix"
    twins = table(CUSTOMERS, AVERAGES, ("C1", 5, 1, 1), ("C1", 5, 1, 1))
    assert computed(customers=twins).status == "✖ 1 check to fix"


def test_without_any_customer_there_is_nothing_to_compute() -> None:
    with pytest.raises(NotEnoughData):
        computed()


def test_scores_need_orders() -> None:
    assert computed(customers=sheet(10, 20)).rfm is None
    orders = table(ORDERS, LOG, ("a", date(2026, 1, 3), 5.0), ("b", date(2026, 1, 4), 5.0))
    scores = computed(orders=orders).rfm
    assert scores is not None
    assert list(scores["customer_id"]) == ["a", "b"]


def test_refunds_alone_give_no_scores() -> None:
    orders = table(ORDERS, LOG, ("a", date(2026, 1, 3), -5.0), ("b", date(2026, 1, 4), -7.0))
    results = computed(orders=orders)
    assert results.rfm is None
    assert list(results.people.revenue) == [-5, -7]


def test_the_sum_over_any_label_is_the_equity() -> None:
    results = computed(customers=sheet(1, 20, 300, 4000))
    equity = next(kpi.value for kpi in results.kpis if kpi.key == "equity")
    for labels in (results.placing.tier, results.people.status):
        assert results.by(labels)["value_sum"].sum() == pytest.approx(equity)
        assert results.by(labels)["customer_count"].sum() == 4


def test_a_label_that_is_missing_is_named() -> None:
    results = computed(customers=sheet(1, 2))
    blank = np.full(2, "", dtype=object)
    assert list(results.by(blank)["segment"]) == ["(none)"]
