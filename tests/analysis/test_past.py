"""The months gone by: each is what a refresh of its last day says."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.analysis.test_worth import of_orders
from tests.models.shops import START, entries, orders_of
from tests.tables_by_hand import LOG, computed, table
from xlclv.analysis.results import Results
from xlclv.columns import as_date
from xlclv.settings import Settings
from xlclv.tables import ORDERS, TIERS

DAYS = 3 * 365
MONTHS = 4
LADDERS = {
    "spend": [
        ("Gold", "Net spend", 400, "Rolling 12 months"),
        ("Rest", "Net spend", 0, "Rolling 12 months"),
    ],
    "predicted": [("Gold", "Predicted value", 60, None), ("Rest", "Predicted value", 0, None)],
}


def shop(**inputs: object) -> Results:
    random = np.random.default_rng(11)
    log = orders_of(random, entries(random, 300, DAYS), np.ones(DAYS))
    return of_orders(log, START + DAYS - 1, **inputs)


@pytest.mark.parametrize("ladder", LADDERS)
def test_each_month_is_what_a_refresh_of_its_last_day_says(ladder: str) -> None:
    names = ("tier", "measure", "enter_at", "window")
    tiers = table(TIERS, names, *LADDERS[ladder])
    settings = Settings(margin=0.4, discount_rate=0.1)
    now = shop(tiers=tiers, settings=settings, past=MONTHS)
    months = now.past.months
    found = now.outlook.foreseen
    assert found is not None
    assert months["month_end"].size == MONTHS
    season = "off" if found.plan.clock.even else "on"
    for at, day in enumerate(months["month_end"]):
        then = replace(
            settings, as_of=as_date(day), model=found.plan.orders.model.NAME, season=season
        )
        results = computed(orders=now.inputs.orders, tiers=tiers, settings=then)
        figures = {kpi.key: kpi.value for kpi in results.kpis}
        assert months["active_count"][at] == figures["active"]
        assert months["lost_count"][at] == figures["lost"]
        assert months["revenue_12m"][at] == pytest.approx(figures["revenue_12m"], abs=0.006)
        expected = figures["predicted_equity"]
        assert months["predicted_total"][at] == pytest.approx(expected, abs=0.02, nan_ok=True)
        if results.tiers.measure == now.tiers.measure:
            for name, counts in now.past.tiers.items():
                assert counts[at] == (results.placing.tier == name).sum()
    assert np.isfinite(months["predicted_total"]).any()
    assert now.past.tiers["Gold"][-1] > 0


def test_revenue_and_buyers_of_each_month_are_always_told() -> None:
    rows = [
        ("a", date(2025, 11, 3), 10.0),
        ("a", date(2025, 12, 31), 20.0),
        ("b", date(2025, 12, 1), 5.0),
        ("b", date(2025, 12, 9), -1.0),
        ("c", date(2026, 1, 15), 7.0),
    ]
    settings = Settings(as_of=date(2026, 1, 30))
    months = computed(orders=table(ORDERS, LOG, *rows), settings=settings).past.months
    assert [str(day) for day in months["month_end"]] == ["2025-11-30", "2025-12-31"]
    assert months["month_revenue"].tolist() == [10, 24]
    assert months["buyers"].tolist() == [1, 2]
    assert months["new_count"].tolist() == [1, 1]
    whole = computed(
        orders=table(ORDERS, LOG, *rows), settings=replace(settings, as_of=date(2026, 1, 31))
    )
    assert whole.past.months["month_revenue"].tolist() == [10, 24, 7]


def test_without_orders_nothing_has_gone_by() -> None:
    rows = [("a", date(2026, 1, 15), 7.0)]
    settings = Settings(as_of=date(2026, 1, 16))
    assert not computed(orders=table(ORDERS, LOG, *rows), settings=settings).past.tiers
