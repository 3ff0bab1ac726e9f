"""Expiry that restarts with activity, and what is written back to the ledger."""

import numpy as np
import pytest

from tests.rewards.ledger.ledger_cases import balance, day, lot, reverse, use
from xlclv.rewards.ledger.balances import balances
from xlclv.rewards.ledger.entries import Entry, Ledger
from xlclv.rewards.ledger.restarts import brought_up, restarted
from xlclv.terms import texts

LOT = lot("2025-01-10", 100, expires_on="2025-04-10")  # 90 days


def last_day(entry: Entry, *acts: str, customer: str = "C1", rule: str = "r01") -> str:
    """Return the last day of a lot after a customer did something on certain days."""
    days = np.array(acts, "datetime64[D]")
    ids = texts([customer] * len(acts))
    return str(restarted(Ledger.of([entry]), ids, days, {rule: 90}).expires_on[0])


@pytest.mark.parametrize(
    ("acts", "last"),
    [
        ([], "2025-04-10"),
        (["2025-02-01"], "2025-05-02"),
        (["2025-04-10"], "2025-07-09"),  # on the last day is in time
        (["2025-04-11"], "2025-04-10"),  # a day later is not
        (["2025-01-10"], "2025-04-10"),  # the day of the entry is no activity after it
        (["2025-01-09"], "2025-04-10"),
        (["2025-07-01", "2025-04-10"], "2025-09-29"),  # the first saves the lot for the second
        (["2025-07-09", "2025-04-10"], "2025-10-07"),
        (["2025-07-10", "2025-04-10"], "2025-07-09"),
        (["2025-02-01", "2025-02-01", "2025-03-01"], "2025-05-30"),
    ],
)
def test_activity_moves_the_last_day(acts: list[str], last: str) -> None:
    assert last_day(LOT, *acts) == last


def test_only_the_customer_and_the_rule_count() -> None:
    assert last_day(LOT, "2025-02-01", customer="C2") == "2025-04-10"
    assert last_day(LOT, "2025-02-01", rule="R02") == "2025-04-10"


def test_a_later_last_day_is_not_moved_back() -> None:
    far = lot("2025-01-10", 100, expires_on="2026-01-10")
    assert last_day(far, "2025-02-01") == "2026-01-10"
    assert last_day(far, "2025-02-01", "2025-12-31") == "2026-03-31"


@pytest.mark.parametrize("state", ["used", "expired", "reversed"])
def test_what_is_gone_stays_gone(state: str) -> None:
    gone = lot("2025-01-10", 100, state=state, expires_on="2025-04-10")
    assert last_day(gone, "2025-02-01") == "2025-04-10"


def test_points_that_never_expire_still_do_not() -> None:
    assert last_day(lot("2025-01-10", 100), "2025-02-01") == "NaT"


def brought(as_of: str, *entries: Entry) -> list[str]:
    up = brought_up(Ledger.of(entries), day(as_of))
    states: list[str] = up.state.tolist()
    return states


def test_states_are_brought_to_the_day() -> None:
    entries = (
        lot("2025-01-10", 100, "O1", state="pending", usable_from="2025-01-24"),
        lot("2025-01-10", 100, "O2", expires_on="2025-01-20"),
        Entry("2025-01-10", "C1", None, "R04", expires_on="2025-01-22"),
    )
    assert brought("2025-01-12", *entries) == ["pending", "active", "active"]
    assert brought("2025-01-21", *entries) == ["pending", "expired", "active"]
    assert brought("2025-01-24", *entries) == ["active", "expired", "expired"]


def test_a_lot_partly_used_is_not_written_off_as_a_whole() -> None:
    entries = (LOT, use("2025-02-01", 60))
    ledger = brought_up(Ledger.of(entries), day("2025-05-01"))
    assert ledger.state.tolist() == ["active", "used"]
    found = balances(ledger, day("2025-05-01"))
    assert (found.used[0], found.expired[0]) == (60, 40)


def test_a_lot_used_up_is_told_by_the_entry_that_used_it() -> None:
    pending = lot("2025-01-10", 100, state="pending", usable_from="2025-01-24")
    assert brought("2025-02-01", pending, use("2025-02-01", 100)) == ["active", "used"]


def test_a_lot_taken_back_while_pending_counts_once() -> None:
    entries = (
        lot("2025-01-10", 100, "O1", state="pending", usable_from="2025-01-24"),
        reverse("2025-01-12", 100, "O1"),
    )
    assert brought("2025-01-12", *entries) == ["pending", "reversed"]
    assert balance("2025-02-01", *entries) == {"reversed": 100}


def test_activity_after_the_day_does_not_count_yet() -> None:
    days = np.array(["2025-04-10", "2025-04-01"], "datetime64[D]")
    up = brought_up(Ledger.of([LOT]), day("2025-04-05"), texts(["C1", "C1"]), days, {"R01": 90})
    assert str(up.expires_on[0]) == "2025-06-30"


def test_an_expired_lot_is_not_brought_back_by_activity() -> None:
    days = np.array(["2025-04-11"], "datetime64[D]")
    up = brought_up(Ledger.of([LOT]), day("2025-04-12"), texts(["C1"]), days, {"R01": 90})
    assert (up.state[0], str(up.expires_on[0])) == ("expired", "2025-04-10")
