"""The models as spreadsheet functions: blocks of cells in, blocks of cells out."""

from datetime import date

import numpy as np
import pytest

from tests.models.published_logs import cdnow, cdnow_log, donations
from xlclv.columns import CellError
from xlclv.customers.log import order_log
from xlclv.functions import BY_NAME
from xlclv.hosts.answer import answer
from xlclv.hosts.ranges import Block
from xlclv.models import forecast
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.histories import summary_of


def call(name: str, *cells: object) -> Block:
    return answer(BY_NAME[name], cells)


def column(values: object) -> Block:
    return [[value] for value in np.asarray(values, dtype=object).tolist()]


def weeks() -> tuple[Block, Block, Block]:
    log = cdnow()
    return column(log.frequency.astype(float)), column(log.recency / 7), column(log.age / 7)


def code(block: Block) -> str:
    error = block[0][0]
    assert isinstance(error, CellError)
    return error.message[error.message.rindex("[") :]


def test_the_fit_spills_what_the_predictions_read() -> None:
    fit = call("CLV_FIT", *weeks(), column(cdnow().spend))
    assert fit[0] == ["Model", "Parameter", "Estimate", "Standard error", "Remark"]
    names = [(row[0], row[1]) for row in fit[1:]]
    assert names[:4] == [("BG/NBD", name) for name in ("r", "alpha", "a", "b")]
    assert ("Gamma-Gamma", "q") in names
    assert fit[1][2] == pytest.approx(0.2425945, rel=1e-5)
    assert fit[1][4] == "The fit is sound."
    x, recency, age = weeks()
    alive = call("CLV_P_ALIVE", fit, x[:3], recency[:3], age[:3])
    params = BgNbd.fit(*(np.array(part, float).ravel() for part in weeks())).params
    expected = params.p_alive(*(np.array(part[:3], float).ravel() for part in weeks()))
    assert [row[0] for row in alive] == pytest.approx(expected.tolist())
    # BG/NBD with the published CDNOW parameters: 1.2259 orders in 39 weeks.
    orders = call("CLV_EXPECTED_ORDERS", fit, 2, 30.43, 38.86, 39)
    assert orders[0][0] == pytest.approx(1.2259, abs=5e-5)
    # Note 025: 24.65 for two orders of 22.35.
    spend = call("CLV_EXPECTED_SPEND", fit, [[2], [0]], [[22.35], [0]])
    assert [row[0] for row in spend] == pytest.approx([24.65, 35.17], abs=0.01)


@pytest.mark.parametrize("model", ["mbg/nbd", "Pareto/NBD", "best"])
def test_other_models_by_name(model: str) -> None:
    fit = call("CLV_FIT", *weeks(), None, model)
    assert fit[1][0] == ("MBG/NBD" if model != "Pareto/NBD" else model)
    alive = call("CLV_P_ALIVE", fit, 0, 0, 38.86)[0][0]
    assert isinstance(alive, float)
    assert alive < 0.4  # BG/NBD says 1


def test_each_bad_row_has_an_error_of_its_own() -> None:
    fit = call("CLV_FIT", *weeks())
    rows = np.array([[2, 30, 38], [1, 40, 38], [0, 1, 38], [1, 0, 38], [1.5, 3, 38]])
    x, recency, age = (column(rows[:, place]) for place in range(3))
    alive = call("CLV_P_ALIVE", fit, x, recency, age)
    assert isinstance(alive[0][0], float)
    codes = [code([row]) for row in alive[1:]]
    assert codes == ["[V301]", "[V302]", "[V303]", "[V104]"]


def test_a_fit_names_the_row_it_cannot_use() -> None:
    x, recency, age = weeks()
    recency[5] = [99.0]
    refused = call("CLV_FIT", x, recency, age)
    assert code(refused) == "[V301]"
    assert "recency row 6" in refused[0][0].message  # type: ignore[attr-defined]


def test_thin_data_are_not_available_with_the_reason() -> None:
    x, recency, age = (part[:60] for part in weeks())
    refused = call("CLV_FIT", x, recency, age)
    assert refused[0][0].code == "#N/A"  # type: ignore[attr-defined]
    assert code(refused) == "[N301]"


def test_a_fit_of_another_kind_or_cut_off_is_refused() -> None:
    survival = call("CLV_SURVIVAL_FIT", column([1000, 869, 743, 653]))
    assert code(call("CLV_P_ALIVE", survival, 1, 2, 3)) == "[V305]"
    fit = call("CLV_FIT", *weeks())
    assert code(call("CLV_SURVIVAL", fit, 3)) == "[V305]"
    assert code(call("CLV_P_ALIVE", fit[:3], 1, 2, 3)) == "[V305]"
    assert code(call("CLV_EXPECTED_SPEND", fit, 1, 20)) == "[V310]"


# Fader & Hardie (2007), High End: S(8) .460, S(12) .378; DERL(7) of Fader & Hardie (2010) 7.345.
def test_survival_of_subscribers() -> None:
    fit = call("CLV_SURVIVAL_FIT", column([1000, 869, 743, 653, 593, 551, 517, 491]))
    assert [row[2] for row in fit[1:3]] == pytest.approx([0.668, 3.806], abs=1e-3)
    shares = call("CLV_SURVIVAL", fit, column([0, 8, 12]))
    assert [row[0] for row in shares] == pytest.approx([1, 0.46, 0.378], abs=1e-3)
    value = call("CLV_RESIDUAL", fit, 6, 100, 0.1)[0][0]
    assert value == pytest.approx(734.5, rel=1e-3)
    assert code(call("CLV_RESIDUAL", fit, 6, 100, 0)) == "[U302]"
    assert call("CLV_RESIDUAL", fit, 6, 100, 0)[0][0].code == "#NUM!"  # type: ignore[attr-defined]


# Fader, Hardie & Shang (2010), table 4; expectations of the BTYD 2.4.3 walkthrough.
def test_fixed_occasions() -> None:
    fit = call("CLV_OCCASION_FIT", *map(column, donations()))
    assert [row[2] for row in fit[1:5]] == pytest.approx([1.2035, 0.7497, 0.6567, 2.7834], abs=5e-4)
    orders = call("CLV_EXPECTED_ORDERS", fit, [[0], [4]], [[0], [5]], 6, 10)
    # BTYD stopped a little off the peak: its parameters agree to four digits.
    assert [row[0] for row in orders] == pytest.approx([0.1302169, 3.627858], rel=1e-4)
    assert code(call("CLV_P_ALIVE", fit, 1, 7, 6)) == "[V308]"
    assert code(call("CLV_DERT", fit, 1, 1, 6, 0.1)) == "[V305]"


# Log-likelihoods as in the test of the choice.
def test_the_models_of_cdnow_compared() -> None:
    table = call("CLV_COMPARE_MODELS", *weeks())
    assert [row[0] for row in table[1:]] == ["MBG/NBD", "BG/NBD", "Pareto/NBD"]
    assert [row[1] for row in table[1:]] == pytest.approx(
        [-9582.136, -9582.429, -9594.976], abs=2e-3
    )


# DEL of Fader & Hardie (2010) for the parameters .668 and 3.806 at 10 %: 5.9226 periods.
def test_the_value_of_a_new_subscriber() -> None:
    fit = call("CLV_SURVIVAL_FIT", column([1000, 869, 743, 653, 593, 551, 517, 491]))
    assert call("CLV_NEW_SUBSCRIBER", fit, 100, 0.1)[0][0] == pytest.approx(592.26, rel=1e-3)
    assert code(call("CLV_NEW_SUBSCRIBER", fit, 100, 0)) == "[U302]"


def log_cells() -> tuple[Block, Block, Block]:
    log = cdnow_log()
    days = log.day.astype("datetime64[D]").astype(date)
    return column([f"C{number}" for number in log.customer]), column(days), column(log.amount)


def test_the_forecast_of_a_log_is_that_of_its_parts() -> None:
    table = call("CLV_FORECAST", *log_cells(), date(1997, 9, 30), 12, 0.4, 0.1)
    assert table[0][:2] == ["Customer id", "Chance still a customer (P(alive))"]
    assert len(table) == 2358
    log = cdnow()
    seen = forecast.forecast(log, *forecast.fit_both(log), 12, 0.1, 0.4)
    assert [row[0] for row in table[1:4]] == ["C1", "C2", "C3"]
    figures = np.array([row[1:] for row in table[1:]], float)
    parts = (seen.p_alive, seen.expected_orders, seen.expected_spend, seen.clv, seen.low, seen.high)
    assert figures == pytest.approx(np.column_stack(parts), rel=1e-9)


def test_a_short_log_is_not_available_with_the_reason() -> None:
    refused = call("CLV_FORECAST", *log_cells(), date(1997, 4, 30))
    assert refused[0][0].code == "#N/A"  # type: ignore[attr-defined]
    assert code(refused) == "[N302]"
    assert code(call("CLV_FORECAST", *log_cells(), date(1996, 4, 30))) == "[N201]"


def test_refunds_lower_the_spend_and_whole_refunds_are_no_order() -> None:
    ids = np.array(["a", "a", "a", "a", "b", "b"], dtype=object)
    days = np.array(["2025-01-01", "2025-02-01", "2025-03-01", "2025-03-05"] * 2, "M8[D]")[:6]
    log = order_log(ids, days, np.array([100.0, 50, 50, -40, 10, -10]), np.datetime64("2025-06-01"))
    summary = summary_of(log)
    assert summary.frequency.tolist() == [2, 0]
    # 40 of 200 came back, so each order counts four fifths.
    assert summary.spend.tolist() == [40, 0]


def test_a_customer_whose_orders_were_all_cancelled_stays_blank() -> None:
    ids, days, amounts = log_cells()
    day = date(1997, 2, 2)
    ids, days = [*ids, ["X"], ["X"]], [*days, [day], [day]]
    table = call("CLV_FORECAST", ids, days, [*amounts, [5.0], [-5.0]], date(1997, 9, 30))
    assert table[-1] == ["X", *[None] * 6]
