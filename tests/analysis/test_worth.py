"""Customers are ranked by what lies ahead; a forecast that fails is not shown, and said to fail."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest

from tests.models.published_logs import HOLDOUT_END, TRUSTED, cdnow_log, trusted_log
from tests.models.shops import START, Orders, entries, orders_of
from tests.tables_by_hand import LOG, computed, sheet, table
from xlclv.analysis.customers import customer_values
from xlclv.analysis.results import Results
from xlclv.customers.status import ACTIVE, LOST
from xlclv.quality.checks import Check
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, ORDERS, RULES, TIERS
from xlclv.workbook.template import sample_results

DAYS = 3 * 365


def of_orders(log: Orders, until: int, **inputs: object) -> Results:
    kept = log.day <= until
    rows = [
        (f"c{who}", date(1970, 1, 1) + timedelta(int(day)), float(amount))
        for who, day, amount in zip(*(each[kept] for each in log), strict=True)
    ]
    return computed(orders=table(ORDERS, LOG, *rows), **inputs)


@cache
def cdnow() -> Results:
    log = trusted_log()
    return of_orders(Orders(*log), TRUSTED)


def dying() -> Orders:
    """A shop that loses two of three orders in its last half year."""
    random = np.random.default_rng(5)
    busy = np.ones(DAYS)
    busy[-180:] = 0.3
    return orders_of(random, entries(random, 400, DAYS - 200), busy)


@cache
def failing() -> Results:
    return of_orders(dying(), START + DAYS - 1)


def figures(results: Results) -> dict[str, float]:
    return {kpi.key: kpi.value for kpi in results.kpis}


def check(results: Results, key: str) -> Check:
    return next(one for one in results.checks if one.key == key)


# --- the headline -----------------------------------------------------------------------------


def test_lost_customers_hold_little_of_the_headline_at_the_end_of_cdnow() -> None:
    results = of_orders(Orders(*cdnow_log()), HOLDOUT_END)
    lost = results.people.status == LOST
    assert lost.any()
    value = results.worth.values
    assert results.worth.kind == "predicted"
    assert value[lost].sum() < 0.05 * value.sum()
    simple = results.people.clv
    share = value[lost].sum() / value.sum()
    assert simple[lost].sum() / simple.sum() > 2 * share  # the formula counts them for years


def test_the_first_rows_are_of_customers_who_still_buy() -> None:
    frame = customer_values(cdnow())
    assert (np.diff(frame["predicted_clv"]) <= 0).all()
    assert (frame["p_alive"][:20] > 0.5).all()


def test_spent_so_far_and_predicted_add_up() -> None:
    results = sample_results()
    people, found = results.people, figures(results)
    assert found["total_value"] == pytest.approx(found["spent"] + found["predicted_equity"])
    assert found["spent"] == pytest.approx(np.nansum(people.profit - people.acq_cost), abs=0.01)
    frame = customer_values(results)
    known = ~np.isnan(frame["predicted_clv"])
    both = frame["spent_so_far"] + frame["predicted_clv"]
    assert frame["total_value"][known] == pytest.approx(both[known], abs=0.011)


def test_a_headline_says_how_sure_it_is_and_what_money_it_counts() -> None:
    (tile,) = (kpi for kpi in cdnow().kpis if kpi.key == "predicted_equity")
    total = cdnow().outlook.total()
    assert total is not None
    assert total.value_low < tile.value < total.value_high
    assert f"{total.value_low:,.0f} to {total.value_high:,.0f}" in tile.note
    assert "set Margin" in tile.note  # nobody gave one
    assert "were off by up to" in tile.note
    assert tile.title == "Predicted value, next 12 months"
    settings = Settings(months_ahead=6, margin=0.4)
    (tile,) = (
        kpi
        for kpi in computed(orders=sample_results().inputs.orders, settings=settings).kpis
        if kpi.key == "predicted_equity"
    )
    assert tile.title == "Predicted value, next 6 months"
    assert ", profit. " in tile.note


def test_totals_of_groups_add_up_and_have_ranges() -> None:
    outlook, people = cdnow().outlook, cdnow().people
    groups, total = outlook.totals(people.status), outlook.total()
    assert total is not None
    assert sum(group.value for group in groups.values()) == pytest.approx(total.value, abs=0.1)
    assert all(group.value_low <= group.value <= group.value_high for group in groups.values())


def test_without_orders_the_simple_formula_is_the_worth() -> None:
    results = computed(customers=sheet(10, 20, 30, 40, 900))
    assert results.worth.kind == "simple"
    assert check(results, "forecast").level == "info"
    assert results.problems == 0
    assert "predicted_clv" not in list(customer_values(results))[:8]


# --- the gate ---------------------------------------------------------------------------------


def test_a_forecast_that_fails_is_red_and_shows_no_headline() -> None:
    results = failing()
    assert results.outlook.verdict == "poor"
    assert np.isnan(figures(results)["predicted_equity"])
    assert np.isnan(figures(results)["total_value"])
    found = check(results, "forecast")
    assert found.level == "warning"
    assert results.problems >= 1
    at_stake = results.outlook.at_stake
    assert f"{at_stake:,.0f}" in found.fix
    assert results.outlook.sentence in found.fix
    said = " ".join([*results.notes, *(kpi.note for kpi in results.kpis)])
    assert "sound" not in said
    assert "Do not decide by" in said
    assert np.isnan(customer_values(results)["predicted_clv"]).all()


def test_then_tiers_are_proposed_by_net_spend() -> None:
    results = failing()
    assert (results.tiers.measure.code, results.tiers.window.code) == (
        "Net spend",
        "Rolling 12 months",
    )
    assert results.worth.kind == "spend"
    assert cdnow().tiers.measure.code == "Predicted value"


def test_tiers_by_predicted_value_wait_for_a_forecast() -> None:
    names = ("tier", "measure", "enter_at")
    tiers = table(TIERS, names, ("Gold", "Predicted value", 30), ("Rest", "Predicted value", 0))
    results = of_orders(dying(), START + DAYS - 1, tiers=tiers)
    assert results.proposed
    assert check(results, "tiers_without_forecast").level == "warning"
    log = trusted_log()
    results = of_orders(Orders(*log), TRUSTED, tiers=tiers)
    assert not results.proposed
    predicted = results.people.predicted
    assert predicted is not None
    assert ((results.placing.tier == "Gold") == (predicted >= 30)).all()


def test_a_log_too_thin_says_why_and_is_not_red() -> None:
    results = computed(orders=table(ORDERS, LOG, ("a", date(2026, 1, 3), 5.0)))
    assert check(results, "forecast").level == "info"
    assert "at least 180" in check(results, "forecast").fix
    assert results.problems == 0


def test_a_rule_may_ask_for_the_predicted_value() -> None:
    names = ("rule_id", "active", "rule_name", "rule_type", "trigger", "reward")
    names = (*names, "field_1", "test_1", "value_1")
    row = ("R1", True, "Best", "Perk", "Date range", "Service", "Predicted value", "≥", "100")
    results = of_orders(Orders(*trusted_log()), TRUSTED, rules=table(RULES, names, row))
    (decision,) = results.decisions.by_rule
    predicted = results.people.predicted
    assert predicted is not None
    assert decision.count == (np.round(predicted, 2) >= 100).sum() > 0


# --- a log that begins late -------------------------------------------------------------------


def test_a_crowd_at_the_beginning_of_the_log_is_said() -> None:
    random = np.random.default_rng(8)
    log = orders_of(random, entries(random, 2000, DAYS), np.ones(DAYS))
    assert check(of_orders(log, START + DAYS - 1), "log_begins_late").level == "ok"
    assert check(cdnow(), "log_begins_late").level == "ok"  # one cohort, nobody after it
    late = log.day >= START + 700
    cut = Orders(*(each[late] for each in log))
    found = check(of_orders(cut, START + DAYS - 1), "log_begins_late")
    assert found.level == "info"
    assert "Joined" in found.fix
    older = {f"c{who}" for who in log.customer[~late]} & {f"c{who}" for who in cut.customer}
    rows = [(name, date(2020, 1, 1)) for name in sorted(older)]
    told = table(CUSTOMERS, ("customer_id", "joined"), *rows)
    found = check(of_orders(cut, START + DAYS - 1, customers=told), "log_begins_late")
    assert found.fix.startswith(f"{len(older):,} customers joined before")  # known for sure now


# --- status and chance ------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["best", "BG/NBD"])
@pytest.mark.parametrize("seed", range(3))
def test_no_status_contradicts_the_chance_in_made_up_shops(model: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    log = orders_of(random, entries(random, 300, DAYS), np.ones(DAYS))
    results = of_orders(log, START + DAYS - 1, settings=Settings(model=model))
    assert results.outlook.columns
    _agrees(results)


def test_no_status_contradicts_the_chance_in_the_samples() -> None:
    bg = Settings(model="BG/NBD")
    log = trusted_log()
    for results in (
        sample_results(),
        cdnow(),
        of_orders(Orders(*log), TRUSTED, settings=bg),
        computed(orders=sample_results().inputs.orders, settings=bg),
    ):
        _agrees(results)


def _agrees(results: Results) -> None:
    frame = customer_values(results)
    lost = frame["status"] == LOST
    assert not (frame["p_alive"][lost] > 0.25).any()
    assert not (frame["p_alive"][frame["status"] == ACTIVE] < 0.1).any()
    assert check(results, "status_agrees").level == "ok"


def test_segments_add_up_to_the_headline_with_a_range_each() -> None:
    results = cdnow()
    frame = results.by(results.placing.tier)
    total = results.outlook.total()
    assert total is not None
    assert frame["value_sum"].sum() == pytest.approx(total.value, abs=1)
    assert (frame["value_low"] < frame["value_sum"]).all()
    assert (frame["value_sum"] < frame["value_high"]).all()
