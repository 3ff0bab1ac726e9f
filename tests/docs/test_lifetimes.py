"""What lifetimes 0.11.3 says, xlclv says too: docs/howto/lifetimes.md.

The figures were obtained by tools/lifetimes_figures.py and copied, with all their digits.
"""

import csv
import json

import numpy as np
import pytest

from tests.docs.paper import ROOT, text_of
from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.bgbb import BgBb
from xlclv.models.gamma_gamma import GammaGamma
from xlclv.models.histories import Summary, summarise
from xlclv.models.pareto_nbd import ParetoNbd

DATA = ROOT / "tests" / "data"
SAID = json.loads((DATA / "lifetimes.json").read_text(encoding="utf-8"))
END = int(np.datetime64("1997-09-30").astype(int))
ORDERS = BgNbd(**SAID["parameters"]["BG/NBD"])
SPEND = GammaGamma(**SAID["parameters"]["Gamma-Gamma"])
EXACT = 1e-9  # of the same sum of the same parameters


@pytest.fixture(scope="module")
def log() -> tuple[Summary, np.ndarray]:
    """Return the customers of the sample, and where those of the page stand."""
    with (DATA / "cdnow_sample.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names, customer = np.unique([row["customer_id"] for row in rows], return_inverse=True)
    day = np.array([row["order_date"] for row in rows], "datetime64[D]").astype(int)
    amount = np.array([float(row["amount"]) for row in rows])
    past = day <= END
    found = summarise(customer[past], day[past], amount[past], END)
    return found, np.searchsorted(names, SAID["customers"])


def test_the_summary(log: tuple[Summary, np.ndarray]) -> None:
    every, shown = log
    assert every.frequency[shown].tolist() == SAID["summary"]["frequency"]
    assert every.recency[shown].tolist() == SAID["summary"]["recency"]
    assert every.age[shown].tolist() == SAID["summary"]["T"]
    assert every.spend[shown].tolist() == pytest.approx(SAID["summary"]["monetary_value"])


@pytest.mark.parametrize("model", [BgNbd, MbgNbd, ParetoNbd])
def test_the_fits(model: type[BgNbd | MbgNbd | ParetoNbd], log: tuple[Summary, np.ndarray]) -> None:
    every, _ = log
    fit = model.fit(every.frequency, every.recency, every.age)
    theirs = model(**SAID["parameters"][model.NAME])
    # Both stop near the peak, lifetimes sooner: its Pareto/NBD to three digits.
    assert list(fit.params) == pytest.approx(list(theirs), rel=1e-3)
    reached = theirs.log_likelihood(every.frequency, every.recency, every.age).sum()
    assert fit.log_likelihood >= reached - 1e-6


def test_the_fit_of_spend_and_of_occasions(log: tuple[Summary, np.ndarray]) -> None:
    every, _ = log
    again = every.frequency > 0
    fit = GammaGamma.fit(every.frequency[again], every.spend[again])
    assert list(fit.params) == pytest.approx(list(SPEND), rel=1e-6)
    donors = np.genfromtxt(DATA / "donations.csv", delimiter=",", names=True)
    columns = (donors[name] for name in ("frequency", "recency", "periods", "weights"))
    assert list(BgBb.fit(*columns).params) == pytest.approx(list(SAID["BG/BB"].values()), rel=1e-5)


def test_the_predictions(log: tuple[Summary, np.ndarray]) -> None:
    every, shown = log
    four = every.frequency[shown], every.recency[shown], every.age[shown]
    spend = SPEND.expected_spend(every.frequency[shown], every.spend[shown])
    assert ORDERS.p_alive(*four).tolist() == pytest.approx(SAID["p_alive"], rel=EXACT)
    assert ORDERS.expected_orders(*four, 90).tolist() == pytest.approx(SAID["orders"], rel=EXACT)
    new = float(ORDERS.expected_orders(0, 0, 0, 90))
    assert new == pytest.approx(SAID["orders_of_a_new_customer"], rel=EXACT)
    assert float(ORDERS.probability(2, 90)) == pytest.approx(SAID["chance_of_2"], rel=EXACT)
    assert spend.tolist() == pytest.approx(SAID["spend"], rel=EXACT)
    ends = np.array([ORDERS.expected_orders(*four, 30 * month) for month in range(13)])
    discount = 1.01 ** -np.arange(1.0, 13)
    value = (np.diff(ends, axis=0) * discount[:, None]).sum(axis=0) * spend
    assert value.tolist() == pytest.approx(SAID["value"], rel=1e-6)  # their sum of increments


def test_the_page_shows_these_customers() -> None:
    assert str(SAID["customers"]).replace("'", '"') in text_of("docs/howto/lifetimes.md")
