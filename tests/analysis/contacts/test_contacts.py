"""Who is on which list, with what to offer, and how much fits within the contact cap."""

from datetime import date, timedelta

import numpy as np
import pytest

from tests.tables_by_hand import AVERAGES, LOG, computed, table
from xlclv.analysis.contacts.actions import TURN
from xlclv.analysis.results import Results
from xlclv.rewards.rules.starter import starter_table
from xlclv.rewards.triggers import TRIGGERS
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, LEDGER, ORDERS, RULES, TIERS, read_table
from xlclv.terms import TERMS
from xlclv.words import catalogue, has
from xlclv.workbook.template import sample_results

AS_OF = date(2026, 1, 31)
MONTH = timedelta(days=30)
SHEET = ("customer_id", "birth_date", "newsletter", "opt_in")
RULE = ("rule_id", "active", "rule_name", "rule_type", "trigger", "reward", "reward_value")


def regulars(customer: str, orders: int, quiet: int) -> list[tuple[str, date, float]]:
    """Return orders of 50, 30 days apart, the last of them so many days ago."""
    last = AS_OF - timedelta(days=quiet)
    return [(customer, last - at * MONTH, 50.0) for at in range(orders)]


def results(*rules: tuple[object, ...], cap: float | None = None, **more: object) -> Results:
    rows = [
        *regulars("risky", 6, 50),
        *regulars("quiet", 6, 100),
        *regulars("gone", 6, 300),
        *regulars("near", 6, 5),
    ]
    given = {
        "orders": table(ORDERS, LOG, *rows),
        "rules": table(RULES, RULE, *rules) if rules else None,
        "settings": Settings(as_of=AS_OF, contact_cap=cap),
    }
    return computed(**{**given, **more})


def listed(found: Results, name: str) -> dict[str, dict[str, object]]:
    """Return the rows of a list by customer."""
    frame = found.contacts.frame()
    return {
        str(frame["customer_id"][at]): {column: values[at] for column, values in frame.items()}
        for at in np.flatnonzero(frame["contact_list"] == name)
    }


def test_who_slips_away_is_won_back_until_he_slips_further() -> None:
    rows = listed(results(), "Win-back")
    assert rows.keys() == {"risky", "quiet"}  # not who is lost, nor who orders as usual
    # The usual gap is 30 days: passive from 3 of them, lost from 6.
    for name, days in (("risky", 90), ("quiet", 180)):
        last = AS_OF - timedelta(days=50 if name == "risky" else 100)
        assert rows[name]["due_by"] == np.datetime64(last + timedelta(days=days - 1))
        assert rows[name]["contact_why"] == f"Your last order was on {last}."
        assert rows[name]["offer"] == ""
    assert results().people.status.tolist().count("Passive") == 1


def test_the_day_before_the_next_status_is_the_last_day() -> None:
    due = listed(results(), "Win-back")["risky"]["due_by"]
    for later, status in ((0, "At risk"), (1, "Passive")):
        day = date.fromisoformat(str(due)) + timedelta(days=later)
        found = results(settings=Settings(as_of=day)).people
        assert found.status[found.ids == "risky"] == [status]


def test_an_offer_for_a_pause_goes_with_the_win_back() -> None:
    rule = ("R1", "Yes", "Back", "Offer", "Passive", "Amount off", 5)
    rows = listed(results(rule), "Win-back")
    assert (rows["quiet"]["offer"], rows["quiet"]["offer_cost"]) == ("5 off", 5)
    assert rows["risky"]["offer"] == ""  # the rules allow none before the pause
    resting = (*rule[:1], "No", *rule[2:])
    assert listed(results(resting), "Win-back")["quiet"]["offer"] == ""


def test_a_birthday_has_its_day_and_its_offer() -> None:
    sheet = table(
        CUSTOMERS,
        SHEET,
        ("near", date(1990, 2, 10), "Yes", None),
        ("quiet", date(1990, 3, 10), "Yes", None),  # in more than 30 days
        ("gone", date(1990, 2, 10), "No", None),
        ("risky", date(1990, 2, 10), "Yes", "No"),
    )
    rule = ("R1", "Yes", "Cake", "Offer", "Birthday", "Amount off", 5)
    names = (*RULE, "trigger_value")
    found = results(customers=sheet, rules=table(RULES, names, (*rule, 20)))
    rows = listed(found, "Birthday")
    assert rows.keys() == {"near"}
    assert rows["near"]["offer"] == "5 off"
    assert rows["near"]["due_by"] == np.datetime64("2026-02-10")
    assert rows["near"]["contact_why"] == "Your birthday is on 2026-02-10."


@pytest.mark.parametrize(
    ("measure", "needed", "said"),
    [
        ("Net spend", 250, "Your Gold status ends on 2026-03-17; 190 more keeps it."),
        ("Orders", 5, "Your Gold status ends on 2026-03-17; 4 more orders keep it."),
    ],
)
def test_what_keeps_a_tier_is_told_in_its_own_measure(
    measure: str, needed: float, said: str
) -> None:
    names = ("tier", "measure", "enter_at", "window", "valid_months", "round_up_to", "grace_days")
    rows = [
        (tier, measure, enter_at, "Rolling 12 months", 12, "none", 60)
        for tier, enter_at in (("Base", 0), ("Gold", needed))
    ]
    tiers = table(TIERS, names, *rows)
    # Gold since 2025-01-16 by five orders of 60; one more since, within the last twelve months.
    log = [("old", AS_OF - timedelta(days=at), 60.0) for at in (384, 383, 382, 381, 380, 100)]
    found = computed(orders=table(ORDERS, LOG, *log), tiers=tiers, settings=Settings(as_of=AS_OF))
    row = listed(found, "Losing a tier")["old"]
    assert row["contact_why"] == said
    assert row["due_by"] == np.datetime64("2026-03-17")
    assert row["occasion"] == "2026-01-16"


def test_a_thank_you_names_nobody_else() -> None:
    rule = ("R1", "Yes", "Thanks", "Thank-you", "Nth order", "Note", None)
    found = results(rules=table(RULES, (*RULE, "trigger_value"), (*rule, 6)))
    rows = listed(found, "Thank-you")
    assert rows["near"]["contact_why"] == "Thank you for coming back."
    assert rows["near"]["offer"] == "a personal note"


def test_reasons_can_be_said_to_the_person() -> None:
    found = sample_results()
    people = found.people
    reasons = [str(text) for text in found.contacts.frame()["contact_why"]]
    words = {each.casefold() for text in reasons for each in text.replace(".", " ").split()}
    assert not words & {"lost", "passive", "lapsed", "clv", "churn", "risk", "p(alive)"}
    others = {name for name in people.name if name} | set(people.ids)
    assert not any(name in text for name in others for text in reasons)
    jargon = ("Lost", "Passive", "CLV", "risk", "{customer}", "{friend}")
    sayable = ("contacts.why", "contacts.thanks")
    texts = [text for key, text in catalogue().items() if key.startswith(sayable)]
    assert not any(word in str(text) for word in jargon for text in texts)


def test_every_trigger_has_its_thanks_and_every_list_its_turn() -> None:
    for code in TRIGGERS.keys() - {"Birthday"}:  # goes with the birthday itself
        assert has(f"contacts.thanks.{code.casefold().replace(' ', '_')}")
    assert TURN.keys() == set(TERMS["contact_list"].choices)


@pytest.mark.parametrize(("cap", "lists"), [(None, 2), (2, 2), (1, 1)])
def test_nobody_gets_more_messages_than_the_cap(cap: float | None, lists: int) -> None:
    sheet = table(CUSTOMERS, SHEET, ("quiet", date(1990, 2, 10), None, None))
    found = results(customers=sheet, cap=cap)
    assert found.contacts.frame()["customer_id"].tolist().count("quiet") == lists
    assert found.contacts.waits == 2 - lists
    if cap == 1:
        assert listed(found, "Win-back").keys() == {"risky", "quiet"}


def test_what_was_sent_in_the_last_thirty_days_counts() -> None:
    entries = ("entry_date", "customer_id", "rule_id", "reference", "entry_state")
    for days, there in ((29, set()), (30, {"quiet"})):
        sent = (AS_OF - timedelta(days=days), "quiet", "R9", "x", "active")
        found = results(cap=1, ledger=table(LEDGER, entries, sent))
        assert listed(found, "Win-back").keys() - {"risky"} == there


def test_no_list_is_invented_without_days() -> None:
    averages = table(CUSTOMERS, AVERAGES, ("a", 10, 1, 1))
    assert computed(customers=averages).contacts.size == 0


def test_rules_that_rest_offer_nothing() -> None:
    rules = read_table(starter_table(RULES, active=False), RULES)
    found = results(rules=rules)
    assert not any(found.contacts.frame()["offer"])
    assert not listed(found, "Thank-you")
