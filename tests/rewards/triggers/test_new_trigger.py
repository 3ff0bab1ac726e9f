"""A twelfth trigger is one class: sentence, status, decision and ledger ask nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tests.rewards import reward_cases
from tests.rewards.reward_cases import decisions, people, rule
from xlclv.rewards.conditions.fields import FIELDS
from xlclv.rewards.engine.eligibility import decide
from xlclv.rewards.figures import counted
from xlclv.rewards.listing import reasons_of
from xlclv.rewards.posting import postings
from xlclv.rewards.rule import PaidFor, Rule, TierRole, Trigger
from xlclv.rewards.rules.pending import needs
from xlclv.rewards.rules.sentence import reads_as
from xlclv.rewards.rules.table import RuleRow, Rules
from xlclv.rewards.scene.hurdles import has, reaches
from xlclv.rewards.scene.occasions import Occasions, dated, of_customers
from xlclv.rewards.scene.scene import Scene
from xlclv.rewards.sources import REFERRALS
from xlclv.rewards.triggers.wording import window_text
from xlclv.terms import TERMS, Term

POINTS = FIELDS["points"]


@dataclass(frozen=True, slots=True)
class PointsReached(Trigger):
    """So many points that can be used."""

    code = "Points reached"
    value = Term("", at_least=1, whole=True)
    needs_value = True
    window = TERMS["window_after"]
    per_order = False
    paid_for = PaidFor.DAY
    decided_by_order = False
    tiers = TierRole.CUSTOMER

    def sources(self, rule: Rule) -> Sequence[str]:
        del rule
        return (REFERRALS,)  # to see a rule wait

    def occasions(self, scene: Scene, rule: Rule) -> Occasions:
        hurdle = reaches(POINTS, rule.trigger_value or 1, scene.facts, scene.as_of)
        points = POINTS.values(scene.facts, scene.as_of)
        today = np.full(points.shape, scene.as_of)
        return of_customers(hurdle, today, has(POINTS.title, points, POINTS.written), dated(today))

    def when(self, rule: Rule) -> str:
        said = counted("rewards.asks.points", rule.trigger_value or 1, test="at least 100")
        return f" once they have {said}{window_text(rule.window_after)}"


def twelfth() -> Rule:
    """Return a rule with a trigger that no list names."""
    drawn = rule(trigger="Tenure", trigger_value=1, reward="Free gift", reward_value=5)
    return replace(drawn, trigger=PointsReached(), trigger_value=100)


def rules(*given: Rule) -> Rules:
    return Rules(tuple(RuleRow(one.rule_id, one.name, one, "ok", "OK") for one in given), ())


def test_its_sentence_and_what_it_waits_for() -> None:
    one = twelfth()
    text = "All customers get a free gift (value 5) once they have at least 100 points."
    assert reads_as(one).startswith(text)
    assert needs(one, {"orders"}) == ["the column Referred by in Customers"]


def test_it_is_decided_and_booked() -> None:
    facts = people({"points": 100}, {"points": 99}, {"points": 300, "tier": "Mid"})
    today = np.datetime64(reward_cases.TODAY)
    for only_tiers, expected in (((), ["C1", "C3"]), (("Mid",), ["C3"])):
        found = decide(facts, rules(replace(twelfth(), only_tiers=only_tiers)), today)
        booked = postings(found)
        assert booked["customer_id"].tolist() == expected
        assert set(booked["reference"]) == {reward_cases.TODAY}
        assert booked["face_value"].tolist() == [5.0] * len(expected)
    found = decide(facts, rules(twelfth()), today)
    assert reasons_of(found.by_rule[0], np.arange(3)).tolist() == [
        "Points is 100",
        "Not eligible: Points is 99, needed: 100 or more",
        "Points is 300",
    ]


def test_the_others_decide_beside_it_as_they_did() -> None:
    facts = people({"points": 100, "orders_life": 3, "first_order": np.datetime64("2020-01-01")})
    alone = decisions(facts, reward_cases.row(rule_id="R02", trigger="First order"))
    first = replace(rule(trigger="First order"), rule_id="R02")
    both = decide(facts, rules(twelfth(), first), np.datetime64(reward_cases.TODAY))
    assert both.by_rule[1].award_reasons(np.array([0])) == alone.by_rule[0].award_reasons(
        np.array([0])
    )
