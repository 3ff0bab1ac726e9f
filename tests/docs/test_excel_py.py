"""The code to paste into =PY(), run in plain Python, gives what xlclv gives."""

import csv
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from tests.docs.paper import ROOT, fences, text_of
from xlclv.models.beta_geometric import BgNbd
from xlclv.models.gamma_gamma import GammaGamma
from xlclv.models.histories import summarise

PAGE = "docs/howto/excel-py.md"
END = np.datetime64("1997-09-30")


def pasted(table: pd.DataFrame) -> dict[str, object]:
    """Run the code of the page as Excel does: `xl` hands over a range."""
    [code] = [fence.text for fence in fences(text_of(PAGE)) if fence.language == "python"]
    xl: Callable[..., pd.DataFrame] = lambda _range, headers: table if headers else pd.DataFrame()  # noqa: E731
    names: dict[str, object] = {"xl": xl}
    exec(compile(code, PAGE, "exec"), names)  # noqa: S102 - the page's own code
    return names


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, np.datetime64, float]]:
    with (ROOT / "tests" / "data" / "cdnow_sample.csv").open(encoding="utf-8") as file:
        found = [
            (row["customer_id"], np.datetime64(row["order_date"]), float(row["amount"]))
            for row in csv.DictReader(file)
        ]
    return [row for row in found if row[1] <= END]


def test_the_forecast_is_that_of_xlclv(rows: list[tuple[str, np.datetime64, float]]) -> None:
    names = pasted(pd.DataFrame(rows, columns=["Customer", "Day", "Amount"]))
    # Fader, Hardie & Lee (2005), note 004: r .243, alpha 4.414 weeks, a .793, b 2.426.
    assert names["r"] == pytest.approx(0.243, abs=5e-4)
    assert names["alpha"] == pytest.approx(4.414 * 7, abs=5e-3)
    assert names["a"] == pytest.approx(0.793, abs=5e-4)
    assert names["b"] == pytest.approx(2.426, abs=5e-4)
    ids, customer = np.unique([row[0] for row in rows], return_inverse=True)
    day = np.array([row[1] for row in rows]).astype(int)
    amount = np.array([row[2] for row in rows])
    log = summarise(customer, day, amount, int(END.astype(int)))
    history = log.frequency, log.recency, log.age
    again = log.frequency > 0
    orders = BgNbd.fit(*history).params
    spend = GammaGamma.fit(log.frequency[again], log.spend[again]).params
    expected = orders.expected_orders(*history, 12 * 30.4375)
    money = spend.expected_spend(log.frequency, log.spend)
    table = names["forecast"]
    assert isinstance(table, pd.DataFrame)
    ours = table.set_index("Customer").loc[ids]
    # The parameters of the two fits agree to five digits.
    np.testing.assert_allclose(ours["P(alive)"], orders.p_alive(*history), rtol=1e-4)
    np.testing.assert_allclose(ours["Orders"], expected, rtol=1e-4)
    np.testing.assert_allclose(ours["Spend per order"], money, rtol=1e-4)
    np.testing.assert_allclose(ours["Predicted revenue"], expected * money, rtol=1e-4)


def test_too_little_data_is_refused(rows: list[tuple[str, np.datetime64, float]]) -> None:
    with pytest.raises(ValueError, match="Too little data"):
        pasted(pd.DataFrame(rows[:40], columns=["Customer", "Day", "Amount"]))
