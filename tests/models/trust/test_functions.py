"""Forecasts of an order log as cells: ranges, back-test, totals, seasons, segments."""

from datetime import date, timedelta

import numpy as np
import pytest

from tests.models.published_logs import cdnow_log
from tests.models.shops import START, Buyers, Orders, entries, months_of, orders_of
from xlclv.columns import CellError
from xlclv.functions import BY_NAME
from xlclv.hosts.answer import Block, answer
from xlclv.models.clock import EVEN
from xlclv.models.forecast import forecast
from xlclv.models.histories import summarise
from xlclv.models.trust.backtest import back_tests
from xlclv.models.trust.judge import judge
from xlclv.models.trust.outcomes import outcomes
from xlclv.models.trust.plan import plan

YEAR, YES = 365, True
CDNOW_END = date(1997, 9, 30)
Cells = tuple[Block, Block, Block]


def call(name: str, *cells: object) -> Block:
    return answer(BY_NAME[name], cells)


def column(values: object) -> Block:
    return [[value] for value in np.asarray(values, dtype=object).tolist()]


def cells(log: Orders) -> Cells:
    days = [date(1970, 1, 1) + timedelta(days=int(day)) for day in log.day]
    ids = [f"C{number}" for number in log.customer]
    return column(ids), [[day] for day in days], column(log.amount)


def cdnow_cells() -> Cells:
    return cells(Orders(*cdnow_log()))


def seasonal(seed: int = 1, customers: int = 900) -> Orders:
    random = np.random.default_rng(seed)
    busy = np.where(months_of(4 * YEAR) >= 10, 4.0, 0.4)
    return orders_of(random, entries(random, customers, 3 * YEAR - 100), busy / busy.mean())


def code(block: Block) -> str:
    error = block[0][0]
    assert isinstance(error, CellError)
    return error.message[error.message.rindex("[") :]


def figures(block: Block, *titles: str) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    return [np.array([row[block[0].index(title)] for row in block[1:]], float) for title in titles]


DAY = date(1970, 1, 1) + timedelta(days=START + 3 * YEAR - 1)


# --- per customer -----------------------------------------------------------------------------


def test_details_stand_behind_the_columns_of_old_formulas() -> None:
    log = cdnow_cells()
    plain = call("CLV_FORECAST", *log, CDNOW_END)
    given = (12, 1, 0, "BG/NBD", YES, "off", YES)
    full = call("CLV_FORECAST", *log, CDNOW_END, *given)
    assert [row[:7] for row in full] == plain
    expected, low, high = figures(full, *full[0][2:3], *full[0][7:9])  # type: ignore[arg-type]
    assert ((low < expected) & (expected < high)).all()
    orders_from, orders_to = figures(full, *full[0][9:11])  # type: ignore[arg-type]
    # One customer orders whole times, and the range of an expectation is within that of chance.
    assert (orders_from == np.round(orders_from)).all()
    assert ((orders_from <= expected) & (orders_to >= np.floor(expected))).all()


def test_one_customer_stays_within_the_prediction_interval() -> None:
    random = np.random.default_rng(4)
    log = orders_of(random, entries(random, 2000, 600), np.ones(3 * YEAR))
    as_of = START + 2 * YEAR
    summary = summarise(*log, as_of)
    found = plan(*log, as_of, "MBG/NBD", "off")
    seen = outcomes(summary, found.orders, None)
    ahead = (log.day > as_of) & (log.day <= as_of + 365)
    keys = np.unique(log.customer[ahead] * 10**6 + log.day[ahead]) // 10**6
    came = np.bincount(keys, minlength=2000)[summary.customer]
    inside = ((came >= seen.orders_low) & (came <= seen.orders_high)).mean()
    # Whole numbers cover a little more than asked: 95 % at least, not far above.
    assert 0.94 < inside < 0.995
    assert np.mean(seen.orders_high) > 1.5 * np.mean(came)


def test_money_of_one_customer_is_drawn_too() -> None:
    log = cdnow_cells()
    full = call("CLV_FORECAST", *log, CDNOW_END, 12, 0.5, 0, "BG/NBD", YES, "off", YES)
    alive, value, low, high = figures(full, full[0][1], full[0][4], *full[0][11:13])  # type: ignore[arg-type]
    assert ((low >= 0) & (low <= high)).all()
    assert (high > value)[alive > 0.2].all()  # who has surely left brings nothing in most draws


def test_seasons_count_where_they_are_asked_for() -> None:
    log = seasonal()
    as_of = START + 3 * YEAR - 1
    ahead = (log.day > as_of) & (log.day <= as_of + 183)
    old = np.unique(log.customer[log.day <= as_of])
    came = np.isin(np.unique(log.customer[ahead] * 10**6 + log.day[ahead]) // 10**6, old).sum()
    totals = {}
    for season in ("off", "auto", "on"):
        table = call("CLV_FORECAST", *cells(log), DAY, 6, 1, 0, "MBG/NBD", YES, season)
        totals[season] = np.nansum(figures(table, "Expected orders")[0])
    assert totals["auto"] == pytest.approx(came, rel=0.1)
    assert totals["on"] == pytest.approx(totals["auto"])
    assert totals["off"] > 1.5 * came  # from the end of a December


def test_on_needs_two_years() -> None:
    log = cdnow_cells()
    refused = call("CLV_FORECAST", *log, CDNOW_END, 12, 1, 0, "BG/NBD", YES, "on")
    assert code(refused) == "[N309]"
    auto = call("CLV_FORECAST", *log, CDNOW_END, 12, 1, 0, "BG/NBD", YES, "auto")
    assert auto == call("CLV_FORECAST", *log, CDNOW_END)


def test_thirty_customers_who_order_often_are_enough() -> None:
    random = np.random.default_rng(6)
    buyers = Buyers(r=8, alpha=25, a=0.8, b=40, k=4)
    log = orders_of(random, entries(random, 30, 60), np.ones(900), buyers)
    day = date(1970, 1, 1) + timedelta(days=START + 899)
    table = call("CLV_FORECAST", *cells(log), day, 12, 1, 0, "MBG/CNBD-k")
    assert len(table) == 31
    few = orders_of(random, entries(random, 40, 300), np.ones(400), Buyers(0.4, 300, 1, 2))
    day = date(1970, 1, 1) + timedelta(days=START + 399)
    assert code(call("CLV_FORECAST", *cells(few), day)) in ("[N310]", "[N303]")


def test_the_next_order_of_a_regular_customer() -> None:
    random = np.random.default_rng(3)
    buyers = Buyers(r=20, alpha=600, a=0.6, b=30, k=4)
    log = orders_of(random, entries(random, 120, 100), np.ones(700), buyers)
    day = date(1970, 1, 1) + timedelta(days=START + 600)
    table = call("CLV_FORECAST", *cells(log), day, 12, 1, 0, "MBG/CNBD-k", YES, "off", YES)
    head = table[0]
    gap = np.array(
        [row[head.index("Typical days between orders, from the model")] for row in table[1:]], float
    )
    assert np.median(gap) == pytest.approx(30, rel=0.15)  # 4 stages of 600 / 20 / 4 days
    due = [row[head.index("Next order expected")] for row in table[1:]]
    assert all(isinstance(each, date) and each >= day for each in due)


# --- totals -----------------------------------------------------------------------------------


def test_segments_add_up_to_all_and_hold_what_came() -> None:
    random = np.random.default_rng(9)
    log = orders_of(random, entries(random, 1500, 600), np.ones(3 * YEAR))
    as_of = START + 2 * YEAR
    labels = np.where(log.customer % 3 == 0, "Web", "Shop")
    labels[np.unique(log.customer, return_index=True)[1][:1]] = "Web"
    day = date(1970, 1, 1) + timedelta(days=as_of)
    table = call("CLV_FORECAST_TOTAL", *cells(log), day, column(labels), 12, 1, 0, "MBG/NBD")
    assert [row[0] for row in table[1:]] == ["All customers", "Shop", "Web"]
    numbers = np.array([row[1:8] for row in table[1:]], float)
    assert numbers[0, [0, 1, 4]] == pytest.approx(numbers[1:, [0, 1, 4]].sum(axis=0), rel=1e-9)
    ahead = (log.day > as_of) & (log.day <= as_of + 365)
    old = np.unique(log.customer[log.day <= as_of])
    for row, name in zip(numbers, ("All", "Shop", "Web"), strict=True):
        mine = ahead & np.isin(log.customer, old)
        if name != "All":
            mine &= (log.customer % 3 == 0) == (name == "Web")
        came = np.unique(log.customer[mine] * 10**6 + log.day[mine]).size
        assert row[2] < came < row[3]
        assert row[5] < log.amount[mine].sum() < row[6]
    assert table[1][8] in ("good", "fair")
    assert table[2][8:] == ["", ""]


def test_a_customer_is_of_the_segment_of_the_first_order() -> None:
    ids, days, amounts = cdnow_cells()
    first: dict[object, object] = {}
    for (who,), (day,) in zip(ids, days, strict=True):
        first[who] = min(day, first.get(who, day))  # type: ignore[type-var]
    labels = [
        ["first" if day == first[who] else "later"]
        for (who,), (day,) in zip(ids, days, strict=True)
    ]
    table = call("CLV_FORECAST_TOTAL", ids, days, amounts, CDNOW_END, labels)
    assert [row[:2] for row in table[1:]] == [["All customers", 2357], ["first", 2357]]
    alone = call("CLV_FORECAST_TOTAL", ids, days, amounts, CDNOW_END)
    assert alone[1:] == table[1:2]


# --- back-test --------------------------------------------------------------------------------


def test_the_back_test_is_that_of_the_model_with_its_verdict() -> None:
    log = seasonal(2)
    as_of = START + 3 * YEAR - 1
    table = call("CLV_BACKTEST", *cells(log), DAY, 12, "MBG/NBD")
    tests = back_tests(*log, as_of, "MBG/NBD", EVEN, 12)
    assert len(table) == len(tests) + 1
    expected, actual = figures(table, *table[0][4:6])  # type: ignore[arg-type]
    assert expected == pytest.approx([test.expected.sum() for test in tests])
    assert actual == pytest.approx([test.actual.sum() for test in tests])
    verdict = table[0].index("Verdict")
    trust = judge(tests, plan(*log, as_of, "MBG/NBD", "off"))
    assert table[1][verdict:] == [trust.verdict, trust.sentence]
    assert trust.verdict == "poor"  # four-fold seasons, not counted
    better = call("CLV_BACKTEST", *cells(log), DAY, 12, "MBG/NBD", "auto")
    assert better[1][verdict] in ("good", "fair")


def test_a_log_too_short_to_test_says_so() -> None:
    table = call("CLV_BACKTEST", *cdnow_cells(), date(1997, 5, 30))
    assert len(table) == 2
    assert table[1][-2:] == ["none", "The log is too short to test the forecast on earlier days."]
    assert all(cell in (None, "") for cell in table[1][:-2])


# --- fits and seasons -------------------------------------------------------------------------


def test_the_fit_of_a_log_is_that_of_its_customers() -> None:
    fit = call("CLV_FIT_LOG", *cdnow_cells(), CDNOW_END)
    log = summarise(*cdnow_log(), int(np.datetime64(CDNOW_END, "D").astype(int)))
    again = (log.frequency, log.recency, log.age, log.spend)
    other = call("CLV_FIT", *(column(each.astype(float)) for each in again))
    assert [row[:2] for row in fit] == [row[:2] for row in other]
    estimates = [[row[2] for row in table[1:]] for table in (fit, other)]
    assert estimates[0] == pytest.approx(estimates[1], rel=1e-6)
    assert isinstance(call("CLV_P_ALIVE", fit, 2, 200, 270)[0][0], float)


def test_a_fit_on_a_seasonal_clock_is_not_read_as_one_in_days() -> None:
    fit = call("CLV_FIT_LOG", *cells(seasonal()), DAY, "MBG/NBD", "auto")
    seasons = [row for row in fit if row[0] == "Seasons"]
    assert [row[1] for row in seasons][::11] == ["January", "December"]
    assert seasons[11][2] > 5 * seasons[5][2]  # type: ignore[operator]
    assert seasons[0][4]
    assert code(call("CLV_P_ALIVE", fit, 2, 200, 270)) == "[V314]"


def test_the_seasons_of_a_log() -> None:
    log = seasonal()
    for by, size in (("month", 12), ("week", 52), ("weekday", 7)):
        table = call("CLV_SEASONS", *cells(log)[:2], DAY, by)
        assert len(table) == size + 1
        length, came = figures(table, table[0][1], table[0][2])  # type: ignore[arg-type]
        assert length.mean() == pytest.approx(1)
        known = summarise(*log, START + 3 * YEAR - 1)
        assert came.sum() == known.frequency.sum()
    assert call("CLV_SEASONS", *cells(log)[:2], DAY)[1][3] == (
        "Busy and quiet times came again: they are more than chance."
    )
    assert code(call("CLV_SEASONS", *cdnow_cells()[:2], CDNOW_END)) == "[N309]"


# --- segments as covariates -------------------------------------------------------------------


def two_channels(seed: int, slower: float) -> tuple[Orders, Block]:
    random = np.random.default_rng(seed)
    web = orders_of(random, entries(random, 500, 400), np.ones(700), Buyers(first=0))
    shop = orders_of(random, entries(random, 300, 400), np.ones(700), Buyers(first=0, alpha=slower))
    who = np.append(web.customer, shop.customer + 500)
    log = Orders(who, np.append(web.day, shop.day), np.append(web.amount, shop.amount))
    return log, column(np.where(who < 500, "Web", "Shop"))


def test_a_channel_that_matters_is_found_and_one_that_does_not_is_not() -> None:
    day = date(1970, 1, 1) + timedelta(days=START + 699)
    log, labels = two_channels(1, 150.0)
    table = call("CLV_COVARIATES", *cells(log), day, labels)
    by = {(row[1], row[2]): row[3:6] for row in table[1:]}
    # The rate of the shop is 60 / 150 of that of the web.
    coefficient, error = by["Shop", "alpha"][1:]
    assert abs(coefficient - np.log(60 / 150)) < 3 * error  # type: ignore[operator]
    assert by["Web", "alpha"][1:] == [None, None]
    assert by["", "p-value"][0] < 1e-6  # type: ignore[operator]
    assert table[1][6].startswith("The segments matter")  # type: ignore[union-attr]
    one = [table[0], *(row for row in table if row[1] == "Shop")]
    assert isinstance(call("CLV_P_ALIVE", one, 2, 200, 400)[0][0], float)
    log, labels = two_channels(2, 60.0)
    table = call("CLV_COVARIATES", *cells(log), day, labels)
    assert table[1][6].startswith("The segments do not matter")  # type: ignore[union-attr]


def test_a_segment_that_tells_nothing_is_named_and_pooling_holds_it() -> None:
    day = date(1970, 1, 1) + timedelta(days=START + 699)
    log, labels = two_channels(3, 60.0)
    silent = np.arange(900, 940)
    log = Orders(
        np.append(log.customer, silent),
        np.append(log.day, START + silent - 800),
        np.append(log.amount, np.full(40, 20.0)),
    )
    labels = [*labels, *([["Fair"]] * 40)]
    table = call("CLV_COVARIATES", *cells(log), day, labels)
    assert "Fair" in str(table[1][6])
    assert "runs off" in str(table[1][6])
    pooled = call("CLV_COVARIATES", *cells(log), day, labels, "BG/NBD", YES)
    far, held = (
        max(abs(float(row[4])) for row in rows if row[1] == "Fair" and row[4] is not None)  # type: ignore[arg-type]
        for rows in (table, pooled)
    )
    assert held < far
    assert pooled[-1][2] == "spread of the coefficients"


def test_what_segments_cannot_be_is_refused() -> None:
    log, labels = two_channels(1, 60.0)
    day = date(1970, 1, 1) + timedelta(days=START + 699)
    given = *cells(log), day
    assert code(call("CLV_COVARIATES", *given, labels, "MBG/CNBD-k")) == "[V312]"
    assert code(call("CLV_COVARIATES", *given, [["all"]] * len(labels))) == "[V313]"
    many = [[f"S{at % 40}"] for at in range(len(labels))]
    assert code(call("CLV_COVARIATES", *given, many)) == "[V313]"


def test_the_range_of_expected_orders_is_the_one_of_the_forecast() -> None:
    log = seasonal(5, 400)
    summary = summarise(*log, START + 3 * YEAR - 1)
    found = plan(*log, START + 3 * YEAR - 1, "BG/NBD", "off")
    seen = forecast(summary, found.orders, None)
    # Without doubt about the spend both are the same, relative to what is expected.
    assert seen.orders_low / seen.expected_orders == pytest.approx(seen.low / seen.clv)
    assert seen.orders_high / seen.expected_orders == pytest.approx(seen.high / seen.clv)
