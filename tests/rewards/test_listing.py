"""The decisions as the sheets show them."""

import numpy as np
import pytest

from tests.rewards.reward_cases import TODAY, decisions, people, read, row
from xlclv.errors import InputError
from xlclv.rewards.engine.eligibility import Decisions, decide
from xlclv.rewards.listing import EMPTY, customer_summary, reward_list, rule_totals

OFFER = {"reward": "% off", "reward_value": 0.2, "max_per_order": 30, "cost_each": "55%"}
QUIET = {"field_1": "Days since last order", "test_1": "≥", "value_1": 60}


def example() -> Decisions:
    """Decide three rules for three customers who stand in no order of ids."""
    facts = people(
        {"customer_id": "C3", "tier": "Mid", "last_order": "2026-02-21"},
        {"customer_id": "C1", "tier": "High-end", "last_order": "2025-02-21"},
        {"customer_id": "C2", "opt_in": False},
    )
    return decisions(
        facts,
        row(rule_id="R09", rule_name="Note", priority=1, only_tiers="Mid; High-end"),
        row(rule_id="R08", rule_name="Win-back", priority=5, expires_days=30, **OFFER, **QUIET),
        row(rule_id="R07", rule_name="VIP call", priority=5, only_tiers="High-end"),
    )


def test_the_list_holds_the_rewards_granted() -> None:
    frame = reward_list(example())
    assert list(frame) == list(EMPTY)
    assert frame["customer_id"].tolist() == ["C3", "C1", "C1", "C1"]
    assert frame["rule_id"].tolist() == ["R09", "R09", "R07", "R08"]
    assert frame["eligible"].all()
    assert frame["reason"][0] == "the reward is on offer now"
    assert frame["reward"].tolist()[-1] == "20% off, at most 30"
    np.testing.assert_array_equal(frame["cost"], [np.nan, np.nan, np.nan, 16.5])
    assert frame["expires"].astype(str).tolist() == ["NaT", "NaT", "NaT", "2026-04-04"]


def test_the_list_of_all_says_why_not() -> None:
    frame = reward_list(example(), "All")
    assert frame["customer_id"].tolist() == ["C3"] * 3 + ["C1"] * 3 + ["C2"] * 3
    assert frame["rule_id"].tolist() == ["R09", "R07", "R08"] * 3
    assert frame["reason"][1] == "Not eligible: Tier is Mid, needed: High-end"
    assert frame["reason"][2] == ("Not eligible: Days since last order is 12, needed: 60 or more")
    assert set(frame["reason"][6:]) == {"Not eligible: Opt-in is No"}
    refused = ~frame["eligible"]
    assert not frame["cost"][refused].any()
    assert np.isnat(frame["expires"][refused]).all()


def test_columns_keep_their_type_when_nothing_is_listed() -> None:
    frame = reward_list(decisions(people({})))
    assert {name: column.dtype for name, column in frame.items()} == {
        name: column.dtype for name, column in EMPTY.items()
    }


def test_what_to_show_is_one_of_two() -> None:
    with pytest.raises(InputError) as caught:
        reward_list(example(), "some")
    assert caught.value.key == "not_a_choice"


def test_totals_have_a_row_per_row_of_the_table() -> None:
    rules = read(
        row(rule_id="R03", rule_name="Offer", **OFFER, budget=40),
        row(rule_id="R02", rule_name="Asked", trigger="Survey answered", budget=5, cost_each="1"),
        row(rule_id="R01", rule_name="Wrong", only_tiers="Gold"),
        row(rule_id="R04", rule_name="Note"),
        known={"orders"},
    )
    facts = people({}, {}, {})
    totals = rule_totals(decide(facts, rules, np.datetime64(TODAY)))
    assert totals["rule_id"].tolist() == ["R03", "R02", "R01", "R04"]
    assert totals["rule_name"].tolist() == ["Offer", "Asked", "Wrong", "Note"]
    assert totals["eligible_count"].tolist() == [2, 0, 0, 3]
    np.testing.assert_array_equal(totals["cost"], [33, 0, 0, np.nan])
    np.testing.assert_array_equal(totals["budget"], [40, 5, np.nan, np.nan])
    np.testing.assert_array_equal(totals["used_before"], [0, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(totals["left"], [7, np.nan, np.nan, np.nan])
    assert totals["row_status"][0] == "OK"
    assert totals["row_status"][1].startswith("Not evaluated: needs ")
    assert "Gold" in totals["row_status"][2]


def test_totals_agree_with_the_list() -> None:
    decided = example()
    listed, totals = reward_list(decided), rule_totals(decided)
    for rule_id, count in zip(totals["rule_id"], totals["eligible_count"], strict=True):
        assert (listed["rule_id"] == rule_id).sum() == count


def test_a_customer_sees_what_is_granted_or_what_is_nearest() -> None:
    frame = customer_summary(example())
    assert frame["granted"].tolist() == ["Note", "Note; VIP call; Win-back", ""]
    assert frame["reason"].tolist() == [
        "Note: the reward is on offer now",
        "Note: the reward is on offer now",
        "Not eligible for Note: Opt-in is No",
    ]


def test_the_nearest_miss_is_the_rule_that_got_furthest() -> None:
    decided = decisions(
        people({"tier": "Budget", "last_order": "2026-02-21"}),
        row(rule_id="R01", rule_name="VIP call", priority=1, only_tiers="High-end"),
        row(rule_id="R02", rule_name="Win-back", priority=2, **OFFER, **QUIET),
    )
    assert customer_summary(decided)["reason"].tolist() == [
        "Not eligible for Win-back: Days since last order is 12, needed: 60 or more"
    ]


def test_a_rule_without_a_name_is_called_by_its_id() -> None:
    decided = decisions(people({}), row(rule_id="R05", rule_name=None))
    assert customer_summary(decided)["granted"].tolist() == ["R05"]


def test_without_rules_there_is_nothing_to_say() -> None:
    frame = customer_summary(decisions(people({}, {})))
    assert frame["granted"].tolist() == frame["reason"].tolist() == ["", ""]
