"""Several rules at once: groups, budgets, priority, and what one rule may not change."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from tests.rewards.reward_cases import decisions, people, row, winners
from xlclv.rewards.engine.eligibility import Decisions

Cells = dict[str, Any]

PAID = {"reward": "Amount off", "reward_value": 500}


def granted(decided: Decisions, customer: int = 0) -> list[str]:
    """Return the rules granted to one customer, in the order served."""
    return [one.rule.rule_id for one in decided.by_rule if one.eligible[customer]]


def reason(decided: Decisions, rule_id: str, customer: int = 0) -> str:
    """Return the reason one customer is given for one rule."""
    one = next(one for one in decided.by_rule if one.rule.rule_id == rule_id)
    return str(one.reasons(np.array([customer]))[0])


def best(rule_id: str, priority: int, **cells: Any) -> Cells:  # noqa: ANN401
    return row(
        rule_id=rule_id, priority=priority, together="Best of group", group="offers", **cells
    )


def alone(rule_id: str, priority: int, group: str = "", **cells: Any) -> Cells:  # noqa: ANN401
    return row(rule_id=rule_id, priority=priority, together="Only this", group=group, **cells)


def test_the_best_of_a_group_is_the_first_by_priority() -> None:
    decided = decisions(people({}), best("R07", 20), best("R08", 10), best("R06", 20))
    assert granted(decided) == ["R08"]
    assert reason(decided, "R07") == "R08 of the same group is better"


def test_a_better_rule_the_customer_misses_leaves_room_for_the_next() -> None:
    rules = (best("R01", 1, only_tiers="Mid"), best("R02", 2))
    decided = decisions(people({"tier": "Mid"}, {"tier": "Budget"}), *rules)
    assert granted(decided, 0) == ["R01"]
    assert granted(decided, 1) == ["R02"]


def test_groups_do_not_touch_each_other_and_capitals_do_not_make_a_group() -> None:
    other = row(rule_id="R03", priority=3, together="Best of group", group="perks")
    same = row(rule_id="R04", priority=4, together="Best of group", group="Offers")
    decided = decisions(people({}), best("R01", 1), other, same)
    assert granted(decided) == ["R01", "R03"]


def test_equal_priority_goes_by_rule_id() -> None:
    assert granted(decisions(people({}), best("R02", 1), best("R01", 1))) == ["R01"]


def test_stacked_rules_are_all_granted() -> None:
    rules = (
        best("R01", 2),
        row(rule_id="R02", priority=1),
        row(rule_id="R03", priority=3, group="offers", together="Stack"),
    )
    assert granted(decisions(people({}), *rules)) == ["R02", "R01", "R03"]


def test_only_this_shuts_out_the_later_ones_of_its_group() -> None:
    rules = (
        alone("R01", 1, "offers"),
        best("R02", 2),
        row(rule_id="R03", priority=3, group="offers", together="Stack"),
        row(rule_id="R04", priority=4),
    )
    decided = decisions(people({}), *rules)
    assert granted(decided) == ["R01", "R04"]
    assert reason(decided, "R03") == "R01 comes first and goes with no other reward"


def test_only_this_yields_to_an_earlier_one_of_its_group() -> None:
    decided = decisions(people({}), best("R01", 1), alone("R02", 2, "offers"))
    assert granted(decided) == ["R01"]
    assert reason(decided, "R02") == "R01 comes first, and this reward goes with no other"


def test_only_this_without_a_group_stands_against_all_rules() -> None:
    assert granted(decisions(people({}), alone("R01", 1), best("R02", 2), row(rule_id="R03"))) == [
        "R01"
    ]
    assert granted(decisions(people({}), best("R01", 1), alone("R02", 2))) == ["R01"]


def test_a_budget_that_is_short_goes_by_trigger_date_then_id() -> None:
    facts = people(
        {"customer_id": "C4", "birth_date": "1990-03-06"},
        {"customer_id": "C3", "birth_date": "1990-03-07"},
        {"customer_id": "C1", "birth_date": "1990-03-07"},
        {"customer_id": "C2", "birth_date": "1990-03-07"},
    )
    cells = {"trigger": "Birthday", "trigger_value": 7, **PAID}
    for budget, served in ((1500, ["C1", "C2", "C4"]), (1499.99, ["C1", "C4"]), (499, [])):
        (decision,) = decisions(facts, row(**cells, budget=budget)).by_rule
        assert winners(decision, facts) == served
        assert decision.cost == Decimal(500) * len(served)
        assert decision.left == Decimal(str(budget)) - 500 * len(served)


def test_a_budget_used_up_says_how_much_of_it() -> None:
    decided = decisions(people(*[{} for _ in range(5)]), row(**PAID, budget=2000))
    assert reason(decided, "R01", 4) == "budget used up (2,000 of 2,000)"
    decided = decisions(people(*[{} for _ in range(5)]), row(**PAID, budget=2100.5))
    assert reason(decided, "R01", 4) == "budget used up (2,000 of 2,100.50)"


def test_a_budget_of_tenths_is_counted_exactly() -> None:
    # 0.3 // 0.1 is 2 in binary fractions.
    decided = decisions(people(*[{} for _ in range(5)]), row(budget=0.3, cost_each=0.1))
    assert decided.by_rule[0].count == 3
    assert decided.by_rule[0].left == 0


def test_a_reward_that_costs_nothing_is_never_over_budget() -> None:
    (decision,) = decisions(people({}, {}), row(budget=0, cost_each="0")).by_rule
    assert decision.count == 2


def test_who_misses_a_budget_gets_the_next_of_the_group() -> None:
    rules = (best("R01", 1, **PAID, budget=500), best("R02", 2))
    decided = decisions(people({}, {}), *rules)
    assert granted(decided, 0) == ["R01"]
    assert granted(decided, 1) == ["R02"]


CROWD = [
    {"customer_id": f"C{number:02d}", "tier": tier, "clv": 40.0 * number, "birth_date": born}
    for number, (tier, born) in enumerate(
        [("Budget", "1990-03-07"), ("Mid", "1985-03-01"), ("High-end", "1992-02-29")] * 4
    )
]
HOUSE_RULES = [
    best("R01", 3, trigger="Birthday", trigger_value=7, window_after=7, **PAID, budget=2000),
    best("R02", 2, field_1="CLV", test_1="≥", value_1=200),
    alone("R03", 1, "offers", only_tiers="High-end"),
    row(rule_id="R04", priority=4, budget=3, cost_each="1"),
    row(rule_id="R05", only_tiers="Mid"),
]


def table(decided: Decisions) -> dict[tuple[str, str], tuple[bool, str]]:
    """Return eligible and reason by rule and customer."""
    everybody = np.arange(decided.facts.size)
    return {
        (one.rule.rule_id, customer): (bool(yes), str(text))
        for one in decided.by_rule
        for customer, yes, text in zip(
            decided.facts.customer_id, one.eligible, one.reasons(everybody), strict=True
        )
    }


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_input_rows_does_not_matter(seed: int) -> None:
    shuffle = np.random.default_rng(seed).permutation
    expected = table(decisions(people(*CROWD), *HOUSE_RULES))
    crowd = [CROWD[place] for place in shuffle(len(CROWD))]
    rules = [HOUSE_RULES[place] for place in shuffle(len(HOUSE_RULES))]
    assert table(decisions(people(*crowd), *rules)) == expected


@pytest.mark.parametrize("rule_id", ["R04", "R05"])
def test_a_stacked_rule_switched_off_changes_only_its_own_awards(rule_id: str) -> None:
    before = table(decisions(people(*CROWD), *HOUSE_RULES))
    switched = [
        {**cells, "active": "No"} if cells["rule_id"] == rule_id else cells for cells in HOUSE_RULES
    ]
    after = table(decisions(people(*CROWD), *switched))
    assert {key for key in before if before[key] != after[key]} <= {
        key for key in before if key[0] == rule_id
    }
    assert all(
        after[key] == (False, "the rule rests (Active is No)") for key in after if key[0] == rule_id
    )


def test_a_rule_switched_off_frees_its_group_only() -> None:
    before = table(decisions(people(*CROWD), *HOUSE_RULES))
    switched = [{**HOUSE_RULES[0]}, {**HOUSE_RULES[1], "active": "No"}, *HOUSE_RULES[2:]]
    after = table(decisions(people(*CROWD), *switched))
    changed = {key[0] for key in before if before[key] != after[key]}
    assert changed == {"R01", "R02"}


def test_every_no_has_a_reason() -> None:
    for eligible, text in table(decisions(people(*CROWD), *HOUSE_RULES)).values():
        assert text, eligible
        assert "NaT" not in text
        assert "nan" not in text
