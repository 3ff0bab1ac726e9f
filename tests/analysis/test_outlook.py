"""What the workbook shows of the models, on the CDNOW log and on logs too thin for one."""

import numpy as np
import pytest

from tests.models.published_logs import CALIBRATION_END, TRUSTED, cdnow_log
from xlclv.analysis.foreseen import How
from xlclv.analysis.outlook import COLUMNS, HISTORY, Outlook, outlook
from xlclv.customers.log import OrderLog, order_log
from xlclv.models import forecast
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.histories import summary_of


def log_of(customers: int = 2357, last: int = TRUSTED) -> OrderLog:
    who, when, amount = cdnow_log()
    kept = (who < np.unique(who)[customers - 1] + 1) & (when <= last)
    ids = who[kept].astype(str).astype(object)
    days = when[kept].astype("datetime64[D]")
    return order_log(ids, days, amount[kept], np.datetime64(last, "D"))


@pytest.fixture(scope="module")
def cdnow() -> Outlook:
    log = log_of()
    return outlook(log, np.full(log.ids.size + 2, 0.5), How("MBG/NBD", discount_rate=0.1))


def test_it_is_the_forecast_of_the_log_times_the_margin(cdnow: Outlook) -> None:
    summary = summary_of(log_of())
    fits = forecast.fit_both(summary, "MBG/NBD")  # the likeliest of them all
    seen = forecast.forecast(summary, *fits, 12, 0.1, 0.5)
    at = summary.customer
    assert cdnow.columns["p_alive"][at] == pytest.approx(seen.p_alive, abs=5e-5)
    assert cdnow.columns["predicted_clv"][at] == pytest.approx(seen.clv, abs=0.005)
    assert cdnow.columns["clv_low"][at] == pytest.approx(seen.low, abs=0.005)
    assert cdnow.columns["clv_high"][at] == pytest.approx(seen.high, abs=0.005)


def test_customers_without_orders_have_no_forecast(cdnow: Outlook) -> None:
    assert set(cdnow.columns) == set(COLUMNS)
    for name in COLUMNS:
        assert np.isnan(cdnow.columns[name][-2:]).all()
    assert np.isnan(cdnow.history["age_t"][-2:]).all()


def test_value_at_risk_is_what_leavers_would_have_brought(cdnow: Outlook) -> None:
    value, alive = cdnow.columns["predicted_clv"], cdnow.columns["p_alive"]
    known = alive > 0.2
    assert cdnow.at_risk is not None
    whole = value[known] / alive[known]
    # All three are rounded: to the cent, the cent and four digits.
    rounding = 0.005 + 0.005 / alive[known] + whole * 0.00005 / alive[known]
    off = np.abs(value[known] + cdnow.at_risk[known] - whole)
    assert (off <= rounding * 1.01).all()
    assert (cdnow.at_risk >= 0).all()


def test_the_history_is_what_clv_fit_takes(cdnow: Outlook) -> None:
    known = ~np.isnan(cdnow.history["repeats"])
    fit = BgNbd.fit(*(cdnow.history[name][known] for name in HISTORY))
    summary = summary_of(log_of())
    assert fit.params == BgNbd.fit(summary.frequency, summary.recency, summary.age).params


def test_the_check_foretells_the_part_kept_back(cdnow: Outlook) -> None:
    assert cdnow.check is not None
    # 423 days of log: the last 141 are kept back.
    assert cdnow.check.summary.span == 423 - 423 // 3
    months, classes = cdnow.by_month(), cdnow.by_frequency()
    assert [frame["actual"].size for frame in (months, classes)] == [12, 8]
    assert months["actual"][4] == cdnow.check.actual.sum()
    assert np.isnan(months["actual"][5:]).all()
    assert list(classes["orders_before"][[0, 7]]) == ["0", "7+"]
    assert f"{cdnow.check.actual.sum():,.0f} came" in cdnow.checked
    assert abs(cdnow.check.error) < 0.25


def test_a_negative_margin_keeps_low_below_high() -> None:
    log = log_of()
    seen = outlook(log, np.full(log.ids.size, -0.2))
    assert (seen.columns["clv_low"] <= seen.columns["predicted_clv"]).all()
    assert (seen.columns["predicted_clv"] <= seen.columns["clv_high"]).all()


@pytest.mark.parametrize(
    ("log", "why"),
    [
        (None, "it needs a table of single orders"),
        (log_of(6), "repeat orders; at least 20 are needed"),
        (log_of(last=CALIBRATION_END - 180), "at least 180 are needed"),
    ],
)
def test_where_the_data_are_too_thin_it_says_why(log: OrderLog | None, why: str) -> None:
    seen = outlook(log, np.ones(2357))
    assert seen.columns == {}
    assert seen.at_risk is None
    assert seen.check is None
    assert why in seen.remark
    assert why in seen.sentence
    assert seen.verdict == "none"
    assert seen.checked == ""
    assert seen.total() is None
    # The charts are there all the same, without a point.
    assert np.isnan(seen.by_month()["expected"]).all()
    assert np.isnan(seen.by_frequency()["expected"]).all()


def test_a_log_too_short_to_keep_a_part_back_is_still_forecast() -> None:
    log = log_of(last=CALIBRATION_END - 60)
    seen = outlook(log, np.ones(log.ids.size))
    assert seen.columns
    assert seen.verdict == "none"
    assert "too short to test" in seen.sentence


@pytest.mark.parametrize("model", ["MBG/NBD", "best"])
def test_the_model_can_be_chosen(model: str) -> None:
    log = log_of()
    seen = outlook(log, np.ones(log.ids.size), How(model))
    assert "NBD" in seen.remark
    assert seen.columns["p_alive"].max() <= 1
