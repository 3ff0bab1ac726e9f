"""Berger-Nasr and the Markov chain of Pfeifer and Carraway against printed values and walks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.errors import InputError, UndefinedError
from xlclv.value.migration import markov_value, migration, recency_chain
from xlclv.value.promotion import promotion_clv

CHANCES = [0.3, 0.2, 0.15, 0.05]


# Berger & Nasr (1998), case 1, an insurance company: published $568.78.
def test_case_1_of_berger_and_nasr() -> None:
    actual = float(promotion_clv(260, 50, 0.75, 0.2, 10))
    assert actual == pytest.approx(568.78, abs=5e-3)
    assert actual == pytest.approx(568.783067, rel=1e-8)


@given(st.floats(0, 1) | st.just(1.0), st.floats(0, 0.9) | st.just(0.0), st.integers(0, 40))
def test_berger_nasr_is_a_walk_through_the_years(kept: float, rate: float, years: int) -> None:
    value = 260.0
    for year in range(1, years + 1):
        value += 260 * kept**year / (1 + rate) ** year
        value -= 50 * kept ** (year - 1) / (1 + rate) ** (year - 0.5)
    actual = float(promotion_clv(260, 50, kept, rate, years))
    # 1 - q of a ratio next to 1 has lost digits before the division.
    assert actual == pytest.approx(value, rel=1e-6, abs=1e-6)


# Pfeifer & Carraway (2000), Northern Aero: NC 40, M 4, d 0.2; printed to 3 decimals.
def test_the_chain_of_pfeifer_and_carraway() -> None:
    chain = recency_chain(CHANCES, 40, 4)
    four = [50.115, 4.22, 0.592, -1.98, 0]
    ever = [52.32, 5.554, 1.251, -1.82, 0]
    assert markov_value(*chain, 0.2, 4) == pytest.approx(four, abs=5e-4)
    assert markov_value(*chain, 0.2) == pytest.approx(ever, abs=5e-4)
    table = migration(np.array(CHANCES), 40, 4, 0.2)
    assert table["last_order_ago"].tolist() == [1, 2, 3, 4, 5]
    assert table["present_value"] == pytest.approx(ever, abs=5e-4)


def test_the_chain_equals_the_mean_of_simulated_customers() -> None:
    transitions, rewards = recency_chain(CHANCES, 40, 4)
    random = np.random.default_rng(5)
    states, total = np.zeros(40_000, int), np.zeros(40_000)
    for period in range(5):
        total += rewards[states] / 1.2**period
        bought = random.random(states.size) < transitions[states, 0]
        states = np.where(bought, 0, np.minimum(states + 1, len(CHANCES)))
    error = total.std() / np.sqrt(total.size)
    assert abs(total.mean() - markov_value(transitions, rewards, 0.2, 4)[0]) < 4 * error


def test_for_ever_is_the_limit_of_many_periods() -> None:
    chain = recency_chain(CHANCES, 40, 4)
    assert markov_value(*chain, 0.2, 300) == pytest.approx(markov_value(*chain, 0.2), rel=1e-12)


@pytest.mark.parametrize("row", [[0.7, 0.4], [-0.1, 0.5], [np.nan, 0.5]])
def test_what_are_no_chances_is_refused(row: list[float]) -> None:
    with pytest.raises(InputError) as caught:
        markov_value([[0.5, 0.5], row], [1, 2], 0.1)
    assert caught.value.key == "bad_transitions"


def test_for_ever_without_a_discount_is_refused() -> None:
    with pytest.raises(UndefinedError):
        migration(np.array(CHANCES), 40, 4, 0)
    with pytest.raises(UndefinedError):
        promotion_clv(260, 50, 1, 0)
    assert float(promotion_clv(260, 50, 1, 0, 3)) == 4 * 260 - 3 * 50
