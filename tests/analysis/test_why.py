"""Why this number: the fact that the sentence names, moved, moves the score the way it says."""

from datetime import date, timedelta

import numpy as np
import pytest

from tests.analysis.test_worth import cdnow, failing
from tests.models.published_logs import TRUSTED, trusted_log
from tests.tables_by_hand import LOG, computed, sheet, table
from xlclv.analysis.results import Results
from xlclv.analysis.why import why
from xlclv.tables import ORDERS

LONGEST = 200
EPOCH = date(1970, 1, 1)


def with_one(days: list[int], amount: float = 20.0) -> tuple[Results, int]:
    """CDNOW and one more customer who ordered so many days before the end."""
    log = trusted_log()
    rows = [
        (f"c{who}", EPOCH + timedelta(int(day)), float(money))
        for who, day, money in zip(*log, strict=True)
    ]
    rows += [("me", EPOCH + timedelta(TRUSTED - back), amount) for back in days]
    results = computed(orders=table(ORDERS, LOG, *rows))
    return results, int(np.flatnonzero(results.people.ids == "me")[0])


def seen(days: list[int], amount: float = 20.0) -> tuple[str, float, float]:
    results, me = with_one(days, amount)
    assert results.people.predicted is not None
    return (
        why(results)[me],
        results.outlook.columns["p_alive"][me],
        float(results.people.predicted[me]),
    )


@pytest.fixture(scope="module")
def usual() -> tuple[str, float, float]:
    return seen([400, 340, 280, 220, 160, 100])


def test_it_names_orders_rhythm_and_silence(usual: tuple[str, float, float]) -> None:
    text, alive, _ = usual
    assert text.startswith("6 orders, one every 60 days until 1997-11-20; 100 days silent: ")
    assert f": {alive:.0%}".replace("%", " of 100 such customers still buy") in text


def test_a_longer_silence_lowers_the_chance_and_the_value(usual: tuple[str, float, float]) -> None:
    text, alive, value = seen([500, 440, 380, 320, 260, 200])
    assert "200 days silent" in text
    assert alive < usual[1]
    assert value < usual[2]


def test_more_orders_raise_the_value(usual: tuple[str, float, float]) -> None:
    text, _, value = seen([400, 370, 340, 310, 280, 250, 220, 190, 160, 130, 100])
    assert text.startswith("11 orders, one every 30 days")
    assert value > usual[2]


def test_dearer_orders_raise_the_value(usual: tuple[str, float, float]) -> None:
    text, alive, value = seen([400, 340, 280, 220, 160, 100], amount=80.0)
    assert alive == pytest.approx(usual[1], abs=0.01)
    assert value > usual[2]
    assert text != usual[0]


def test_every_customer_has_a_sentence_that_is_short() -> None:
    for results in (cdnow(), failing(), computed(customers=sheet(1e9, 123456.78, 3))):
        texts = why(results)
        known = results.worth.known
        assert all(texts[known])
        assert max(map(len, texts)) <= LONGEST
        assert not any("{" in text for text in texts)
