"""Points on a day: when they can be used, when they expire, and who loses them first."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest

from tests.rewards.ledger.ledger_cases import (
    balance,
    cell,
    day,
    lot,
    minus,
    reverse,
    shown,
    table,
    use,
)
from xlclv.errors import InputError
from xlclv.rewards.ledger.balances import balances, earned_since, points, states
from xlclv.rewards.ledger.entries import Entry, Ledger
from xlclv.terms import texts

PENDING_LOT = lot("2025-01-10", 100, state="pending", usable_from="2025-01-24")
YEAR_LOT = lot("2025-01-10", 100, expires_on="2026-01-10")  # 365 days


@pytest.mark.parametrize(
    ("as_of", "has"),
    [
        ("2025-01-09", {}),
        ("2025-01-10", {"pending": 100}),
        ("2025-01-23", {"pending": 100}),
        ("2025-01-24", {"available": 100}),
        ("2045-01-24", {"available": 100}),  # without a last day they never expire
    ],
)
def test_pending_points_become_available_on_their_first_day(
    as_of: str, has: dict[str, int]
) -> None:
    assert balance(as_of, PENDING_LOT) == has


@pytest.mark.parametrize(
    ("as_of", "has"), [("2026-01-10", {"available": 100}), ("2026-01-11", {"expired": 100})]
)
def test_points_are_there_on_day_365_and_gone_on_day_366(as_of: str, has: dict[str, int]) -> None:
    assert balance(as_of, YEAR_LOT) == has


@pytest.mark.parametrize(
    ("state", "has"),
    [
        ("active", {"pending": 100}),  # the first day decides, not the word
        ("used", {"used": 100}),
        ("expired", {"expired": 100}),
        ("reversed", {"reversed": 100}),
    ],
)
def test_a_state_booked_for_good_holds_for_the_whole_lot(state: str, has: dict[str, int]) -> None:
    entry = lot("2025-01-10", 100, state=state, usable_from="2025-02-01")
    assert balance("2025-01-15", entry) == has


def test_pending_without_a_first_day_stays_pending_until_it_expires() -> None:
    entry = lot("2025-01-10", 100, state="pending", expires_on="2025-06-30")
    assert balance("2025-06-30", entry) == {"pending": 100}
    assert balance("2025-07-01", entry) == {"expired": 100}


EARLY = lot("2025-01-10", 100, "O1", expires_on="2025-03-31")
LATE = lot("2025-01-05", 100, "O2", expires_on="2025-06-30")
ENDLESS = lot("2025-01-01", 100, "O3")


@pytest.mark.parametrize(
    ("used", "after_march", "after_june"),
    [
        (30, {"available": 200, "used": 30, "expired": 70}, 100),
        (100, {"available": 200, "used": 100}, 100),
        (150, {"available": 150, "used": 150}, 100),
        (250, {"available": 50, "used": 250}, 50),
    ],
)
def test_what_expires_first_is_used_first(
    used: int, after_march: dict[str, int], after_june: int
) -> None:
    entries = (ENDLESS, LATE, EARLY, use("2025-02-01", used))
    assert balance("2025-04-01", *entries) == after_march
    assert balance("2025-07-01", *entries)["available"] == after_june


def test_equal_expiry_goes_by_day_then_by_reference() -> None:
    entries = [
        lot("2025-01-10", 10, "O9", expires_on="2025-06-30"),
        lot("2025-01-12", 10, "O1", expires_on="2025-06-30"),
        lot("2025-01-10", 10, "O8", expires_on="2025-06-30"),
        use("2025-02-01", 10),
    ]
    assert states(Ledger.of(entries), day("2025-02-01")).tolist()[:3] == [
        *("active", "active", "used")
    ]


def test_points_not_yet_usable_are_not_used() -> None:
    soon = lot("2025-01-10", 100, "O1", usable_from="2025-01-20", expires_on="2025-02-28")
    entries = (soon, ENDLESS, use("2025-01-15", 40))
    assert balance("2025-01-15", *entries) == {"available": 60, "pending": 100, "used": 40}
    assert balance("2025-03-01", *entries) == {"available": 60, "used": 40, "expired": 100}


def test_points_are_usable_all_of_their_last_day_and_not_after() -> None:
    assert balance("2026-02-01", YEAR_LOT, use("2026-01-10", 60)) == {"used": 60, "expired": 40}
    late = (YEAR_LOT, use("2026-01-11", 60))
    assert balance("2026-02-01", *late) == {"available": -60, "used": 60, "expired": 100}


def test_points_of_a_day_can_be_used_and_taken_back_on_it() -> None:
    entries = (
        reverse("2025-01-10", 30, "O1"),
        use("2025-01-10", 80),
        lot("2025-01-10", 100, "O1"),
    )
    assert balance("2025-01-10", *entries) == {"available": -10, "used": 80, "reversed": 30}


def test_points_expired_by_hand_count_as_expired() -> None:
    assert balance("2025-02-01", YEAR_LOT, minus("2025-02-01", 30, "expired")) == {
        "available": 70,
        "expired": 30,
    }


def test_a_reversal_takes_from_its_own_lot_first() -> None:
    entries = (EARLY, LATE, reverse("2025-02-01", 60, "o2"))
    assert balance("2025-02-01", *entries) == {"available": 140, "reversed": 60}
    assert balance("2025-04-01", *entries) == {"available": 40, "reversed": 60, "expired": 100}


def test_a_reversal_takes_the_rest_from_what_expires_first() -> None:
    entries = (EARLY, LATE, ENDLESS, reverse("2025-02-01", 150, "O2"))
    assert balance("2025-02-01", *entries) == {"available": 150, "reversed": 150}
    assert balance("2025-04-01", *entries) == {"available": 100, "expired": 50, "reversed": 150}


def test_a_reversal_of_a_pending_lot_leaves_the_others() -> None:
    entries = (PENDING_LOT, ENDLESS, reverse("2025-01-12", 100))
    assert balance("2025-01-12", *entries) == {"available": 100, "reversed": 100}


def test_a_reversal_of_an_expired_lot_makes_no_debt() -> None:
    entries = (YEAR_LOT, reverse("2026-02-01", 70))
    assert balance("2026-02-01", *entries) == {"expired": 30, "reversed": 70}


def test_a_reversal_of_used_points_is_a_debt_that_later_points_repay() -> None:
    entries = (
        lot("2025-01-10", 100, "O1"),
        use("2025-01-20", 100),
        reverse("2025-02-01", 100, "O1"),
        lot("2025-02-10", 70, "O2", usable_from="2025-02-20"),
        lot("2025-03-01", 50, "O3", expires_on="2025-03-31"),
    )
    gone = {"used": 100, "reversed": 100}
    assert balance("2025-02-01", *entries) == {"available": -100, **gone}
    assert balance("2025-02-10", *entries) == {"available": -100, "pending": 70, **gone}
    assert balance("2025-02-20", *entries) == {"available": -30, **gone}
    assert balance("2025-03-01", *entries) == {"available": 20, **gone}
    assert balance("2025-04-01", *entries) == {"expired": 20, **gone}


def test_using_more_than_there_is_makes_a_debt() -> None:
    assert balance("2025-02-01", use("2025-02-01", 5)) == {"available": -5, "used": 5}


def test_entries_after_the_day_do_not_count() -> None:
    entries = (ENDLESS, use("2025-02-02", 40), lot("2025-02-02", 7))
    assert balance("2025-02-01", *entries) == {"available": 100}


def test_customers_do_not_touch_each_other() -> None:
    ledger = Ledger.of([ENDLESS, lot("2025-01-10", 10, customer_id="C2"), use("2025-02-01", 110)])
    found = balances(ledger, day("2025-02-01"))
    assert found.customer_id.tolist() == ["C1", "C2"]
    assert shown(found, 0) == {"available": -10, "used": 110}
    assert shown(found, 1) == {"available": 10}


def test_customers_asked_about_come_in_their_own_order() -> None:
    found = balances(Ledger.of([ENDLESS]), day("2025-02-01"), ["C9", "C1"])
    assert (shown(found, 0), shown(found, 1)) == ({}, {"available": 100})
    assert np.isnat(found.expiring_on).all()
    assert balances(Ledger.empty(), day("2025-02-01"), ["C9"]).earned.tolist() == [0]
    assert balances(Ledger.empty(), day("2025-02-01")).earned.size == 0


def test_the_order_of_the_rows_does_not_matter() -> None:
    entries = [
        lot("2025-01-10", 100, "O1", expires_on="2025-03-31"),
        lot("2025-01-10", 50, "O2", expires_on="2025-03-31"),
        use("2025-01-10", 120),
        reverse("2025-01-10", 60, "O1"),
        reverse("2025-01-10", 20, "O2"),
    ]
    results = {
        tuple(balance(as_of, *rows).items())
        for rows in permutations(entries)
        for as_of in ("2025-01-10", "2025-04-01")
    }
    assert results == {(("available", -50), ("used", 120), ("reversed", 80))}


def test_the_next_points_to_expire_are_told() -> None:
    ledger = Ledger.of(
        [
            *(EARLY, LATE, ENDLESS),
            lot("2025-01-12", 20, "O4", expires_on="2025-03-31"),
            lot("2025-01-12", 99, "O5", usable_from="2025-03-01", expires_on="2025-03-15"),
            use("2025-02-01", 30),
        ]
    )
    found = balances(ledger, day("2025-02-01"))
    assert (str(found.expiring_on[0]), found.expiring[0]) == ("2025-03-31", 90)
    on_the_day = balances(ledger, day("2025-03-31"))
    assert (str(on_the_day.expiring_on[0]), on_the_day.expiring[0]) == ("2025-03-31", 90)
    later = balances(ledger, day("2025-04-01"))
    assert (str(later.expiring_on[0]), later.expiring[0]) == ("2025-06-30", 100)


# --- what each entry is -----------------------------------------------------------------------


def states_on(as_of: str, *entries: Entry) -> Sequence[str]:
    found: Sequence[str] = states(Ledger.of(entries), day(as_of)).tolist()
    return found


def test_a_lot_is_active_while_something_is_left_and_used_when_nothing_is() -> None:
    entries = (YEAR_LOT, use("2025-02-01", 60), use("2025-02-02", 40))
    assert states_on("2025-02-01", *entries) == ["active", "used", "used"]
    assert states_on("2025-02-02", *entries) == ["used", "used", "used"]


def test_a_lot_partly_used_expires_with_its_rest() -> None:
    assert states_on("2026-01-11", YEAR_LOT, use("2025-02-01", 60))[0] == "expired"
    assert states_on("2026-01-11", YEAR_LOT, use("2025-02-01", 100))[0] == "used"


def test_a_lot_wholly_taken_back_is_reversed() -> None:
    assert states_on("2025-02-01", PENDING_LOT, reverse("2025-01-12", 100))[0] == "reversed"
    partly = (PENDING_LOT, reverse("2025-01-12", 99))
    assert states_on("2025-01-12", *partly)[0] == "pending"
    assert states_on("2025-02-01", *partly)[0] == "active"


def test_a_reward_without_points_goes_by_its_days() -> None:
    offer = Entry(
        *("2025-01-10", "C1", None, "R04"),
        state="pending",
        usable_from="2025-01-20",
        expires_on="2025-03-20",
    )
    seen = [
        states_on(as_of, offer)[0]
        for as_of in ("2025-01-09", "2025-01-19", "2025-01-20", "2025-03-20", "2025-03-21")
    ]
    assert seen == ["pending", "pending", "active", "active", "expired"]


def test_a_reward_is_reversed_by_an_entry_that_takes_its_cost_back() -> None:
    offer = Entry("2025-01-10", "C1", None, "R04", "O1", cost_cents=500)
    used = Entry("2025-01-10", "C1", None, "R04", "O1", "used", cost_cents=500)
    back = Entry("2025-01-15", "C1", None, "r04", "o1", "reversed", cost_cents=-500)
    assert states_on("2025-01-14", offer, back)[0] == "active"
    assert states_on("2025-01-15", offer, back)[0] == "reversed"
    assert states_on("2025-01-15", used, back)[0] == "used"


def test_a_reward_granted_again_is_not_reversed_by_the_first() -> None:
    first = Entry("2025-01-10", "C1", None, "R04", "O1", "reversed", cost_cents=500)
    again = Entry("2025-01-15", "C1", None, "R04", "O1", cost_cents=500)
    assert states_on("2025-01-15", first, again)[1] == "active"


# --- CLV_POINTS -------------------------------------------------------------------------------

SHEET = (
    {"points": 100, "reference": "O1", "expires_on": "2026-01-10"},
    {"points": 40, "reference": "O2", "usable_from": "2025-06-01"},
    {"points": -30, "entry_state": "used", "entry_date": "2025-02-01"},
    {"points": -10, "entry_state": "reversed", "reference": "O1", "entry_date": "2025-02-02"},
    {"points": 7, "customer_id": "C2"},
)


@pytest.mark.parametrize(
    ("state", "count"),
    [
        ("available", 60),
        ("Pending", 40),
        ("used", 30),
        ("expired", 0),
        ("reversed", 10),
        ("earned", 140),
        ("earned 12m", 130),
    ],
)
def test_points_of_a_customer(state: str, count: int) -> None:
    assert float(points("C1", table(*SHEET), "2025-03-01", state)) == count


def test_points_of_a_column_of_customers_and_days() -> None:
    ids, ledger = texts(["C2", "nobody", "C1"]), table(*SHEET)
    assert points(ids, ledger, "2025-03-01").tolist() == [7, 0, 60]
    days = np.array(["2025-01-01", "2025-03-01", "2026-03-01"], "datetime64[D]")
    assert points(ids, ledger, days).tolist() == [0, 0, 40]


def test_points_refuse_a_ledger_with_a_fault() -> None:
    with pytest.raises(InputError, match=cell("points", 1)):
        points("C1", table({"points": 1}, {"points": -1}), "2025-03-01")


def test_points_refuse_an_unknown_state() -> None:
    with pytest.raises(InputError, match="earned 12m"):
        points("C1", table(), "2025-03-01", "open")


@pytest.mark.parametrize(
    ("as_of", "count"),
    [("2025-03-31", 130), ("2025-12-31", 80), ("2026-01-09", 80), ("2026-01-10", 50)],
)
def test_points_earned_in_a_span_less_those_taken_back(as_of: str, count: int) -> None:
    entries = [
        lot("2025-01-10", 100, "O1"),
        lot("2025-02-28", 50, "O2"),
        lot("2025-03-01", 9, "O3", state="reversed"),
        reverse("2025-03-31", 20, "o1"),
        reverse("2025-04-01", 50, "O1"),
        reverse("2025-04-01", 500, "O7"),
        use("2025-04-01", 60),
    ]
    ledger, until = Ledger.of(entries), day(as_of)
    since = until - np.timedelta64(365, "D")
    assert earned_since(ledger, since, until, texts(["C1", "C2"])).tolist() == [count, 0]


def test_no_more_is_taken_off_than_was_earned() -> None:
    ledger = Ledger.of([lot("2025-01-10", 10, "O1"), reverse("2025-01-11", 30, "O1")])
    assert earned_since(ledger, day("2025-01-01"), day("2025-02-01"), texts(["C1"])) == [0]
