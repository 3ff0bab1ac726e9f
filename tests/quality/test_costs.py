"""What the checks say of costs, and of rules that rest."""

from datetime import date

import pytest

from tests.tables_by_hand import LOG, computed, table
from xlclv.analysis.customers import customer_values
from xlclv.analysis.results import Results
from xlclv.quality.checks import Check
from xlclv.rewards.rules.starter import starter_table
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, ORDERS, RULES, TIERS, read_table

DAY = date(2026, 6, 30)


def shop(*costs: float | None, margin: float = 0.3, **inputs: object) -> Results:
    names = ("customer_id", "order_date", "amount_net", "cost")
    rows = [(f"c{at}", DAY, 100.0, cost) for at, cost in enumerate(costs)]
    settings = Settings(as_of=DAY, margin=margin)
    return computed(orders=table(ORDERS, names, *rows), settings=settings, **inputs)


def check(results: Results, key: str) -> Check | None:
    return next((one for one in results.checks if one.key == key), None)


def test_checks_and_report_say_of_how_many_orders_and_customers_the_cost_is_known() -> None:
    results = shop(60, 20, None)
    found = check(results, "costs_known")
    assert found is not None
    assert found.level == "info"
    assert "2 of 3 orders and 2 of 3 customers, with a margin of 60.0%" in found.fix
    assert found.fix in results.notes
    assert results.problems == 0


def test_the_margin_of_the_sheet_is_said_to_come_first() -> None:
    sheet = table(CUSTOMERS, ("customer_id", "margin"), ("c0", 0.1), ("c1", None))
    found = check(shop(60, 20, customers=sheet), "costs_known")
    assert found is not None
    assert "1 of them have a Margin on the customer sheet" in found.fix


def test_without_a_cost_nothing_is_said_of_costs() -> None:
    results = computed(orders=table(ORDERS, LOG, ("a", DAY, 9.0)), settings=Settings(as_of=DAY))
    assert not any(one.key.startswith("costs") for one in results.checks)
    assert not any("cost of the goods" in note for note in results.notes)


def test_a_cost_below_zero_is_red_and_named() -> None:
    found = check(shop(60, -20), "costs_negative")
    assert found is not None
    assert (found.level, found.count, found.cells) == ("warning", 1, ("Sheet!D3",))


@pytest.mark.parametrize(("margin", "level"), [(1.0, "warning"), (0.3, "ok")])
def test_revenue_is_not_taken_for_profit_beside_customers_with_costs(
    margin: float, level: str
) -> None:
    found = check(shop(60, None, margin=margin), "costs_missing")
    assert found is not None
    assert found.level == level
    assert found.cells == (("c1",) if level == "warning" else ())


@pytest.mark.parametrize("share", [0.95, 0.05])
def test_goods_that_cost_most_or_little_of_their_price_give_different_values(share: float) -> None:
    frame = customer_values(shop(100 * share))
    assert frame["historic_clv"] == pytest.approx([100 * (1 - share)])
    assert frame["simple_clv"] == pytest.approx([300 * (1 - share)])


def test_rules_that_rest_turn_no_check_red_and_give_nobody_a_reason() -> None:
    tiers = table(TIERS, ("tier", "enter_at"), ("Gold", 100), ("Bronze", 0))  # not of the rules
    rules = read_table(starter_table(RULES, active=False), RULES)
    results = shop(60, 20, tiers=tiers, rules=rules)
    assert results.problems == 0
    assert {row.state for row in results.rules.rows} >= {"fault"}
    assert set(results.reward_texts["reason"]) == set(results.reward_texts["granted"]) == {""}
    on = shop(60, 20, tiers=tiers, rules=read_table(starter_table(RULES), RULES))
    assert [one.key for one in on.checks if one.level == "fault"] == ["rules"]
