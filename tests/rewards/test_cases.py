"""Business case of referrals, budgets against rewards granted, and what is open."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rewards.ledger.ledger_cases import day, lot, reverse, use
from xlclv.errors import InputError
from xlclv.rewards.cases import referral, reward_budget
from xlclv.rewards.ledger.balances import balances
from xlclv.rewards.ledger.entries import Entry, Ledger
from xlclv.rewards.ledger.liability import liability
from xlclv.tables import REWARDS, RULES, Place, RawTable, Table, read_table

Columns = dict[str, list[Any]]


def test_a_referral_pays_for_friends_who_buy() -> None:
    case = referral([200, 200], [0.25, 0.25], 90, 10, [5, 30], 0.4)
    assert {name: column.tolist() for name, column in case.items()} == {
        "wins": [50, 50],
        "cost": [750, 2000],
        "won_value": [1800, 1800],
        "net_gain": [1050, -200],
        "highest_reward": [36, 36],
    }


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1), st.floats(-1, 1))
def test_the_highest_reward_leaves_nothing(
    referrals: float, conversion: float, clv: float, part: float, margin: float
) -> None:
    highest = float(referral(referrals, conversion, clv, 0, 0, margin)["highest_reward"][0])
    if highest >= 0:
        case = referral(referrals, conversion, clv, highest * part, highest * (1 - part), margin)
        assert case["net_gain"][0] == pytest.approx(0, abs=1e-9 * (1 + case["won_value"][0]))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((-1, 0.2, 90, 10, 5), "referrals"),
        ((10, 20, 90, 10, 5), "conversion"),
        ((10, 0.2, 90, -1, 5), "referrer_reward"),
        ((10, 0.2, 90, 1, -5), "friend_reward"),
        ((10, 0.2, 90, 1, 5, 40), "margin"),
    ],
)
def test_a_referral_refuses_what_cannot_be(arguments: tuple[float, ...], named: str) -> None:
    with pytest.raises(InputError, match=named):
        referral(*arguments)


# --- CLV_REWARD_BUDGET ------------------------------------------------------------------------

RULE_TABLE: Columns = {
    "Rule id": ["R02", "R01", "R03"],
    "Name": ["Offer", "Points", "Note"],
    "Budget": [10, None, 0],
}
SPILLED: Columns = {
    "Rule id": ["r01", "R02", "R02", "R02"],
    "Eligible": [True, True, True, False],
    "Cost": [0.05, 4.11, 4.12, 99],
}


def a_table(columns: Columns, name: str) -> Table:
    spec = RULES if name == "RewardRules" else REWARDS
    return read_table(RawTable(list(columns), list(columns.values()), Place(name)), spec)


def budget(
    rewards: Columns = SPILLED,
    rules: Columns = RULE_TABLE,
    redemption: float = 1,
) -> Columns:
    frame = reward_budget(a_table(rewards, "Rewards"), a_table(rules, "RewardRules"), redemption)
    return {name: column.tolist() for name, column in frame.items()}


def test_budgets_stand_against_what_is_granted() -> None:
    shown = budget()
    assert shown["rule_id"] == ["R02", "R01", "R03"]
    assert shown["rule_name"] == ["Offer", "Points", "Note"]
    assert shown["grants"] == [2, 1, 0]
    assert shown["cost"] == [8.23, 0.05, 0]
    assert shown["budget"] == pytest.approx([10, np.nan, 0], nan_ok=True)
    assert shown["left"] == pytest.approx([1.77, np.nan, 0], nan_ok=True)
    assert shown["used_share"] == pytest.approx([0.823, np.nan, np.nan], nan_ok=True)


def test_the_cost_expected_is_rounded_once_half_a_cent_up() -> None:
    assert budget(redemption=0.5)["cost"] == [4.12, 0.03, 0]  # 4.115 and 0.025
    assert budget(redemption=0)["cost"] == [0, 0, 0]


def test_more_than_the_budget_leaves_less_than_nothing() -> None:
    shown = budget({"Rule id": ["R02"], "Eligible": [True], "Cost": [12.5]})
    assert (shown["left"][0], shown["used_share"][0]) == (-2.5, 1.25)


def test_a_cost_that_is_not_known_counts_nothing() -> None:
    shown = budget({"Rule id": ["R02"], "Eligible": [True], "Cost": [None]})
    assert (shown["grants"][0], shown["cost"][0]) == (1, 0)


def test_nothing_granted_leaves_all() -> None:
    shown = budget({"Rule id": [], "Eligible": [], "Cost": []})
    assert (shown["grants"], shown["left"][0]) == ([0, 0, 0], 10)


@pytest.mark.parametrize(
    ("rewards", "rules", "told"),
    [
        (
            SPILLED | {"Rule id": ["R01", "R02", "R9", "R02"]},
            RULE_TABLE,
            r'Rewards!A4: there is no rule "R9" in the rule table; expected one of: R02, R01, R03',
        ),
        (SPILLED, RULE_TABLE | {"Rule id": ["R02", "R01", "r02"]}, 'The rule "r02" stands'),
        (SPILLED, RULE_TABLE | {"Budget": ["much", None, 0]}, "RewardRules!C2: Budget"),
        (SPILLED | {"Cost": ["?", 1, 1, 1]}, RULE_TABLE, "Rewards!C2: Cost"),
    ],
)
def test_what_does_not_fit_together_is_named(rewards: Columns, rules: Columns, told: str) -> None:
    with pytest.raises(InputError, match=told):
        budget(rewards, rules)


def test_redemption_is_a_share() -> None:
    with pytest.raises(InputError, match="Did you mean 80%"):
        budget(redemption=80)


# --- what is open -----------------------------------------------------------------------------

OPEN = (
    lot("2025-01-10", 100, "O1", expires_on="2025-03-31"),
    lot("2025-01-10", 55, "O2", usable_from="2025-02-01", expires_on="2025-03-01"),
    lot("2025-01-10", 40, "O3"),
    lot("2025-01-10", 9, "O4"),
    use("2025-01-15", 30),
    Entry("2025-01-10", "C1", None, "R04", expires_on="2025-02-14", cost_cents=550),
    Entry("2025-01-10", "C2", None, "R04", expires_on="2025-02-20", cost_cents=450),
    Entry("2025-01-10", "C2", None, "R05", "O9"),
    Entry("2025-01-10", "C2", None, "R06", state="used", cost_cents=900),
    Entry("2025-01-10", "C3", None, "R05", "O7", expires_on="2025-03-02", cost_cents=100),
    Entry("2025-01-12", "C3", None, "R05", "O7", state="reversed", cost_cents=-100),
)


def opened(as_of: str, *entries: Entry, value: str = "0.01") -> list[list[object]]:
    frame = liability(Ledger.of(entries), day(as_of), Decimal(value))
    return [list(row) for row in zip(*(column.tolist() for column in frame.values()), strict=True)]


def test_what_is_open_stands_by_the_month_in_which_it_expires() -> None:
    assert opened("2025-01-20", *OPEN) == [
        ["2025-02", 0, 0, 2, 10.00],
        ["2025-03", 125, 1.25, 0, 0],
        ["never", 49, 0.49, 1, 0],
    ]
    assert opened("2025-04-01", *OPEN) == [["never", 49, 0.49, 1, 0]]


def test_points_are_worth_whole_cents() -> None:
    assert opened("2025-02-01", lot("2025-01-10", 5), value="0.001") == [["never", 5, 0.01, 0, 0]]


def test_points_owed_back_stand_in_a_row_of_their_own() -> None:
    entries = (
        lot("2025-01-10", 100, "O1"),
        use("2025-01-11", 80),
        reverse("2025-01-12", 100, "O1"),
        lot("2025-01-12", 30, "O2", usable_from="2025-01-26", expires_on="2025-02-28"),
    )
    assert opened("2025-01-12", *entries) == [
        ["2025-02", 30, 0.30, 0, 0],
        ["owed back by customers", -80, -0.80, 0, 0],
    ]
    assert opened("2025-01-26", *entries) == [["owed back by customers", -50, -0.50, 0, 0]]


def test_nothing_open_is_an_empty_table() -> None:
    assert opened("2025-01-12") == []


@pytest.mark.parametrize("as_of", ["2025-01-10", "2025-01-20", "2025-03-31", "2026-01-01"])
def test_open_points_add_up_to_the_balances(as_of: str) -> None:
    entries: Sequence[Entry] = [*OPEN, lot("2025-01-15", 7, "O8", customer_id="C2")]
    found = balances(Ledger.of(entries), day(as_of))
    total = sum(float(str(row[1])) for row in opened(as_of, *entries))
    assert total == (found.available + found.pending).sum()
