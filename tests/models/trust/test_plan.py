"""The choice of clock and model, and whether a log tells enough."""

import numpy as np
import pytest

from tests.models.published_logs import CALIBRATION_END, cdnow, cdnow_log
from tests.models.shops import START, Buyers, Orders, entries, months_of, orders_of
from xlclv.errors import NotEnoughData
from xlclv.models.beta_geometric import MbgNbd
from xlclv.models.clock import EVEN, known
from xlclv.models.histories import summarise
from xlclv.models.regular import MbgCnbd
from xlclv.models.trust.plan import doubt_of_total, plan, refuse_uninformed
from xlclv.words import word

YEAR = 365
AS_OF = START + 3 * YEAR - 1


def shop(swing: float, seed: int, days: int = 3 * YEAR, customers: int = 900) -> Orders:
    random = np.random.default_rng(seed)
    busy = np.where(months_of(days) >= 10, swing, 1.0)
    return orders_of(random, entries(random, customers, days - 100), busy / busy.mean())


def test_a_seasonal_shop_gets_a_clock() -> None:
    found = plan(*shop(4.0, 1), AS_OF, "MBG/NBD")
    assert found.why == "season_found"
    assert not found.clock.even
    assert word(f"plan.{found.why}")


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_a_shop_without_seasons_gets_none(seed: int) -> None:
    found = plan(*shop(1.0, seed), AS_OF, "MBG/NBD")
    assert found.clock == EVEN
    assert found.why in ("season_none", "season_no_better")


def test_seasons_can_be_switched_off_and_on() -> None:
    log = shop(4.0, 1)
    assert plan(*log, AS_OF, "MBG/NBD", "off").clock == EVEN
    assert not plan(*log, AS_OF, "MBG/NBD", "on").clock.even


def test_a_log_of_less_than_two_years_says_so() -> None:
    found = plan(*cdnow_log(), CALIBRATION_END, "BG/NBD")
    assert (found.why, found.clock, found.seasons) == ("season_unknown", EVEN, None)
    with pytest.raises(NotEnoughData):
        plan(*cdnow_log(), CALIBRATION_END, "BG/NBD", "on")


def test_the_likeliest_model_is_taken() -> None:
    random = np.random.default_rng(5)
    buyers = Buyers(r=3, alpha=40, a=0.6, b=12, k=4)
    log = orders_of(random, entries(random, 150, 500), np.ones(600), buyers)
    found = plan(*log, START + 599, season="off")
    assert isinstance(found.orders.params, MbgCnbd)
    assert 3 <= found.orders.params.k <= 5


# --- information ------------------------------------------------------------------------------


def test_thirty_regular_customers_with_many_orders_tell_enough() -> None:
    random = np.random.default_rng(6)
    buyers = Buyers(r=8, alpha=25, a=0.8, b=40, k=4)
    log = orders_of(random, entries(random, 30, 60), np.ones(900), buyers)
    summary = summarise(*log, START + 899)
    assert summary.customer.size == 30
    assert summary.frequency.sum() > 500
    fit = plan(*log, START + 899, "MBG/CNBD-k", "off").orders
    refuse_uninformed(summary, fit)
    assert doubt_of_total(summary, fit) < 0.15


def test_a_handful_of_repeat_orders_tells_too_little() -> None:
    random = np.random.default_rng(7)
    buyers = Buyers(r=0.2, alpha=400, a=1, b=2)
    log = orders_of(random, entries(random, 200, 300), np.ones(400), buyers)
    summary = summarise(*log, START + 399)
    assert 3 < summary.frequency.sum() < 80
    fit = MbgNbd.fit(summary.frequency, summary.recency, summary.age)
    with pytest.raises(NotEnoughData) as caught:
        refuse_uninformed(summary, fit)
    assert caught.value.key == "total_in_doubt"
    assert "%" in str(caught.value)


def test_the_doubt_of_cdnow_is_that_of_refits() -> None:
    log = cdnow()
    fit = MbgNbd.fit(log.frequency, log.recency, log.age)
    random, totals = np.random.default_rng(8), []
    view = known(log)
    for _ in range(40):  # bootstrap over customers, predicted for the same ones
        count = np.bincount(random.integers(0, log.age.size, log.age.size), minlength=log.age.size)
        drawn = np.bincount(view.rows.place, count, view.rows.count.size)
        again = MbgNbd.fit(*view.columns, drawn)
        orders = again.params.expected_orders(*view.columns, 365.25)
        totals.append(np.log(orders @ view.rows.count))
    # Forty refits know a spread to 11 %.
    assert doubt_of_total(log, fit) == pytest.approx(np.std(totals), rel=0.4)
