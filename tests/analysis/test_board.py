"""The first screen: every sentence is true of the data it was made from."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.analysis.test_past import shop
from tests.analysis.test_worth import cdnow, failing
from tests.tables_by_hand import computed, sheet
from xlclv.analysis import board
from xlclv.analysis.results import Results, compute
from xlclv.analysis.slipping import slipping
from xlclv.columns import as_date
from xlclv.settings import Settings
from xlclv.workbook.template import sample_results

SAMPLE = sample_results()


def figures_of(results: Results) -> dict[str, float]:
    return {kpi.key: kpi.value for kpi in results.kpis}


def test_the_headline_says_worth_slipping_and_repeat_rate() -> None:
    said, known = board.headline(SAMPLE), figures_of(SAMPLE)
    assert f"€{known['predicted_equity']:,.0f} in the next 12 months." in said
    count = int(slipping(SAMPLE.people).sum())
    assert f"{count} worth €{known['slipping_value']:,.0f} are slipping away." in said
    assert f"Repeat rate {known['repeat_rate']:.0%}." in said


def test_without_a_margin_it_speaks_of_revenue() -> None:
    results = shop(settings=Settings(margin=1.0))
    assert results.worth.kind == "predicted"
    assert "are expected to bring revenue of" in board.headline(results)


def test_a_failed_forecast_is_no_headline() -> None:
    results = failing()
    said, spent = board.headline(results), np.nansum(results.worth.values)
    assert results.outlook.verdict == "poor"
    assert f"spent {spent:,.0f} in the last 12 months; no forecast can be given." in said
    assert "next 12 months" not in said
    assert "predicted_equity" not in [tile.kpi.key for tile in board.tiles(results)]


def test_a_sheet_without_orders_says_so() -> None:
    said = board.headline(computed(customers=sheet(10, 20)))
    assert "by the simple formula; a forecast needs single orders." in said
    assert "Repeat rate" not in said


def test_no_tile_shows_what_is_not_known() -> None:
    for results in (SAMPLE, failing(), computed(customers=sheet(10, 20))):
        tiles = board.tiles(results)
        assert len(tiles) <= 6
        assert not any(np.isnan(tile.kpi.value) for tile in tiles)


def test_a_year_ago_is_what_a_refresh_with_that_day_says() -> None:
    found, inputs = SAMPLE.outlook.foreseen, SAMPLE.inputs
    assert found is not None
    assert as_date(SAMPLE.year_ago.day) == date(2025, 6, 30)
    settings = replace(
        inputs.settings,
        as_of=date(2025, 6, 30),
        model=found.plan.orders.model.NAME,
        season="off" if found.plan.clock.even else "on",
    )
    then = figures_of(compute(replace(inputs, settings=settings), SAMPLE.stamp))
    assert set(SAMPLE.year_ago.figures) == {
        *("revenue_12m", "active", "repeat_rate", "predicted_equity", "slipping_value"),
    }
    for key, value in SAMPLE.year_ago.figures.items():
        assert value == pytest.approx(then[key], rel=1e-3), key  # chances are rounded to 4 digits


def test_a_log_of_less_than_two_years_has_no_year_before() -> None:
    results = cdnow()
    assert np.isnat(results.year_ago.day)
    assert results.year_ago.figures == {}
    assert not any(sign in tile.note for tile in board.tiles(results) for sign in "▲▼●")


def test_more_at_risk_is_not_better() -> None:
    tiles = {tile.kpi.key: tile for tile in board.tiles(SAMPLE)}
    then = SAMPLE.year_ago.figures
    for key, tile in tiles.items():
        if tile.better is not None:
            rose = tile.kpi.value > then[key]
            assert ("▲" in tile.note) == rose
            assert tile.better == (rose != (key == "slipping_value"))
    assert tiles["slipping_value"].better is False
    assert tiles["revenue_12m"].better is True


def test_months_add_up_to_the_log() -> None:
    found, log = board.months(SAMPLE), SAMPLE.people.log
    assert log is not None
    assert found.month.size == board.MONTHS
    start = found.month[0].astype("M8[D]").astype(int)
    end = (found.month[-1].astype("M8[M]") + 1).astype("M8[D]").astype(int)
    inside = (log.line_day >= start) & (log.line_day < end)
    total = found.new.sum() + found.returning.sum()
    assert total == pytest.approx(log.line_amount[inside].sum(), abs=0.2)
    assert found.new.sum() > 0


def test_the_lists_are_the_best_and_those_with_most_at_stake() -> None:
    best, leaving = board.best(SAMPLE), board.leaving(SAMPLE)
    assert best["value"].tolist() == sorted(SAMPLE.worth.ranked)[::-1][: board.LISTED]
    assert set(leaving["status"]) <= {"At risk", "Lapsed"}
    assert leaving["value"].tolist() == sorted(leaving["value"].tolist())[::-1]
    assert all(board.to_write(SAMPLE)["name"])


def test_what_customers_bring_for_their_cost() -> None:
    results = computed(
        customers=sheet(10, 20), settings=Settings(margin=0.5, acq_cost=2.0, horizon=3)
    )
    people, known = results.people, figures_of(results)
    value = float((people.clv + 2).sum())
    assert known["ltv_cac"] == pytest.approx(value / (2 * people.size), abs=0.005)
    monthly = float((people.avg_value * people.per_year * 0.5).sum()) / 12
    assert known["payback"] == pytest.approx(2 * people.size / monthly, abs=0.005)
    assert np.isnan(figures_of(computed(customers=sheet(10, 20)))["ltv_cac"])
