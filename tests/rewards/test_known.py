"""What rules may ask about, gathered from orders, customer sheet, ledger and feedback."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from xlclv.customers.people import people
from xlclv.rewards.conditions.fields import FIELDS, facts_of
from xlclv.rewards.known import NOBODY, STRANGER, Known, known_of
from xlclv.rewards.rules.table import restarts_of
from xlclv.segments.tiers import Tiers, read_tiers
from xlclv.settings import Settings
from xlclv.tables import (
    CUSTOMERS,
    FEEDBACK,
    LEDGER,
    ORDERS,
    RULES,
    TIERS,
    RawTable,
    Table,
    TableSpec,
    read_table,
)

AS_OF = date(2026, 6, 30)
ENTRY = ("entry_date", "customer_id", "rule_id", "points", "booked_cost", "entry_state")
ANSWER = ("feedback_date", "customer_id", "kind", "score")


def table(spec: TableSpec, names: Sequence[str], *rows: Sequence[object]) -> Table:
    return read_table(RawTable(names, [list(column) for column in zip(*rows, strict=True)]), spec)


LOG = table(
    ORDERS,
    ("customer_id", "order_date", "amount_net", "tax"),
    ("a", date(2026, 1, 5), 100.0, 19.0),
    ("b", date(2026, 2, 5), 50.0, 9.5),
    ("c", date(2026, 3, 5), 80.0, 0.0),
)
SHEET = table(
    CUSTOMERS,
    ("customer_id", "referred_by", "plan_usage", "last_contact"),
    ("a", None, 0.8, date(2026, 6, 1)),
    ("b", "a", None, None),
    ("c", "a", None, None),
    ("d", "a", None, None),  # has not ordered
    ("e", "nobody we know", None, None),
    ("f", "f", None, None),
)


def known(**given: Table) -> Known:
    everybody = people(LOG, SHEET, Settings(as_of=AS_OF))
    return known_of(everybody, **given)  # type: ignore[arg-type]  # keywords of tables


def fact(found: Known, name: str, customer: str) -> float:
    facts = facts_of(found, np.full(found.everybody.size, "", dtype=object))
    values = FIELDS[name].values(facts, AS_OF)
    return float(values[list(facts.customer_id).index(customer)])


def test_referrers_are_positions_nobody_or_strangers() -> None:
    found = known()
    ids = list(found.everybody.ids)
    referrer = found.referrer
    assert referrer is not None
    by_id = dict(zip(ids, referrer.tolist(), strict=True))
    assert by_id["b"] == by_id["c"] == by_id["d"] == ids.index("a")
    assert (by_id["a"], by_id["e"], by_id["f"]) == (NOBODY, STRANGER, ids.index("f"))


def test_referrals_made_are_friends_who_ordered_and_never_oneself() -> None:
    assert fact(known(), "referrals", "a") == 2
    assert fact(known(), "referrals", "f") == 0


def test_a_sheet_without_referrers_says_nothing_of_referrals() -> None:
    found = known_of(people(LOG, None, Settings(as_of=AS_OF)))
    assert np.isnan(fact(found, "referrals", "a"))


def test_net_clv_is_clv_less_what_rewards_have_cost() -> None:
    rows = [
        (date(2026, 2, 1), "a", "R1", None, 12.5, "used"),
        (date(2026, 3, 1), "a", "R2", None, 4.0, "active"),
        (date(2026, 3, 2), "a", "R2", None, -4.0, "reversed"),
        (date(2026, 7, 1), "a", "R3", None, 99.0, "active"),  # after the day
    ]
    found = known(ledger=table(LEDGER, ENTRY, *rows))
    assert fact(found, "clv", "a") - fact(found, "net_clv", "a") == pytest.approx(12.5)
    assert fact(found, "clv", "b") == fact(found, "net_clv", "b")


def test_points_are_those_available_and_0_without_a_ledger() -> None:
    rows = [
        (date(2026, 2, 1), "a", "R1", 100, None, "active"),
        (date(2026, 3, 1), "a", "", -30, None, "used"),
    ]
    assert fact(known(ledger=table(LEDGER, ENTRY, *rows)), "points", "a") == 70
    assert fact(known(), "points", "a") == 0


def test_the_latest_nps_answer_counts() -> None:
    rows = [
        (date(2026, 5, 1), "a", "NPS", 3),
        (date(2026, 4, 1), "a", "NPS", 9),
        (date(2026, 6, 1), "a", "CSAT", 5),
        (date(2026, 7, 1), "a", "NPS", 10),  # after the day
        (date(2026, 5, 2), "a", "NPS", None),
        (date(2026, 5, 2), "zz", "NPS", 1),  # nobody we know
    ]
    found = known(feedback=table(FEEDBACK, ANSWER, *rows))
    assert fact(found, "nps_score", "a") == 3
    assert np.isnan(fact(found, "nps_score", "b"))


def test_answers_to_surveys_are_nps_and_csat_of_known_customers() -> None:
    rows = [
        (date(2026, 5, 1), "a", "NPS", 3),
        (date(2026, 5, 3), "b", "CSAT", 3),
        (date(2026, 5, 4), "b", "complaint", None),
        (date(2026, 5, 5), "zz", "NPS", 1),
    ]
    found = known(feedback=table(FEEDBACK, ANSWER, *rows))
    surveys = found.surveys
    assert surveys is not None
    ids = found.everybody.ids
    answers = zip(ids[surveys.customer], surveys.day.astype(str), strict=True)
    assert sorted(answers) == [("a", "2026-05-01"), ("b", "2026-05-03")]


def test_tax_counts_where_the_settings_say_so() -> None:
    everybody = people(LOG, None, Settings(as_of=AS_OF))
    without, taxed = known_of(everybody), known_of(everybody, with_tax=True)
    assert without.orders is not None
    assert taxed.orders is not None
    assert without.orders.cents.tolist() == [10_000, 5_000, 8_000]
    assert taxed.orders.cents.tolist() == [11_900, 5_950, 8_000]


def tiers_by_points(window: str) -> Tiers:
    names = ("tier", "measure", "enter_at", "window")
    rows = [("Low", "Points earned", 0, window), ("High", "Points earned", 100, window)]
    return read_tiers(table(TIERS, names, *rows))


@pytest.mark.parametrize(("window", "tier"), [("Lifetime", "High"), ("Rolling 12 months", "Low")])
def test_tiers_by_points_go_by_what_was_earned_not_by_what_is_left(window: str, tier: str) -> None:
    rows = [
        (date(2025, 6, 30), "a", "R1", 60, None, "active"),  # a year ago: out of the window
        (date(2026, 2, 1), "a", "R1", 50, None, "active"),
        (date(2026, 3, 1), "a", "", -100, None, "used"),
    ]
    found = known(ledger=table(LEDGER, ENTRY, *rows))
    placing = found.placed(tiers_by_points(window))
    assert dict(zip(found.everybody.ids, placing.tier, strict=True))["a"] == tier


def test_without_a_ledger_nobody_has_earned_points_yet() -> None:
    placing = known().placed(tiers_by_points("Lifetime"))
    assert set(placing.tier) == {"Low"}


def test_an_expiry_that_restarts_is_moved_by_orders() -> None:
    names = (*ENTRY, "expires_on")
    rows = [(date(2025, 12, 1), "a", "r1", 100, None, "active", date(2026, 1, 10))]
    ledger = table(LEDGER, names, *rows)
    everybody = people(LOG, None, Settings(as_of=AS_OF))
    plain = known_of(everybody, ledger)
    # The order of 5 January keeps them alive for 180 days more.
    moved = known_of(everybody, ledger, restarts={"R1": 180})
    assert (plain.balances.available[0], moved.balances.available[0]) == (0, 100)
    assert str(moved.ledger.expires_on[0]) == "2026-07-04"


def test_restarts_are_those_of_rules_that_say_so() -> None:
    names = ("rule_id", "rule_name", "trigger", "reward", "reward_value", "expires_days")
    names += ("expiry_restarts",)
    points = ("Points", "Order", "Points per money", 1)
    rows = [("R1", *points, 90, "Yes"), ("R2", *points, 90, "No"), ("R3", *points, None, "Yes")]
    assert restarts_of(table(RULES, names, *rows), Tiers.of(["Low"], [0])) == {"R1": 90}
