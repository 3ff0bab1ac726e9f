"""The ledger read from a table: exact points and cents, and every cell that cannot be used."""

import numpy as np
import pytest

from tests.rewards.ledger.ledger_cases import Cells, cell, table
from xlclv.rewards.ledger.entries import Entry, Ledger, ledger_faults, read_ledger
from xlclv.tables import LEDGER, RawTable, Table, read_table

TAKEN = (
    "expected 0 or more. Give points that were taken the State used, expired or reversed. [R440]"
)
FIRST_DAY = "the first day on which it can be used. [R441]"


def test_points_are_whole_and_money_is_cents() -> None:
    ledger = read_ledger(
        table(
            {"points": 120, "booked_cost": 1.005, "reference": "O1", "rule_id": "R01"},
            {"face_value": 0.29, "expires_on": "2025-03-10", "usable_from": "2025-01-24"},
        )
    )
    assert ledger.points.tolist() == [120, 0]
    assert ledger.has_points.tolist() == [True, False]
    assert ledger.cost_cents.tolist() == [101, 0]
    assert ledger.has_cost.tolist() == [True, False]
    assert ledger.face_cents.tolist() == [0, 29]
    assert ledger.reference.tolist() == ["O1", ""]
    assert ledger.rule_id.tolist() == ["R01", ""]
    assert ledger.expires_on.astype(str).tolist() == ["NaT", "2025-03-10"]
    assert ledger.usable.astype(str).tolist() == ["2025-01-10", "2025-01-24"]


def test_only_day_customer_and_state_are_needed() -> None:
    short = read_table(
        RawTable(["Date", "Customer id", "State"], [["2025-01-10"], ["C1"], ["Active"]]), LEDGER
    )
    ledger = read_ledger(short)
    assert (ledger.size, ledger.state[0], ledger.has_points[0]) == (1, "active", False)
    assert not ledger_faults(short)


def test_an_empty_table_is_an_empty_ledger() -> None:
    assert read_ledger(Table.empty("ledger")).size == Ledger.empty().size == 0


@pytest.mark.parametrize(
    ("cells", "at", "told"),
    [
        ({"points": 10.5}, "points", "Points is 10.5; expected a whole number. [V104]"),
        (
            {"points": -50},
            "points",
            f"Points is -50 in a row whose State is active; {TAKEN}",
        ),
        (
            {"points": -50, "entry_state": "Pending"},
            "points",
            f"Points is -50 in a row whose State is pending; {TAKEN}",
        ),
        (
            {"points": 50, "usable_from": "2025-02-10", "expires_on": "2025-02-09"},
            "expires_on",
            f"Expires on is 2025-02-09; expected 2025-02-10 or later, {FIRST_DAY}",
        ),
        (
            {"points": 50, "expires_on": "2025-01-09"},
            "expires_on",
            f"Expires on is 2025-01-09; expected 2025-01-10 or later, {FIRST_DAY}",
        ),
        (
            {"entry_state": "open"},
            "entry_state",
            'State is "open"; expected one of: pending, active, used, expired, reversed. [V105]',
        ),
        ({"customer_id": None}, "customer_id", "Customer id is empty; expected an id. [V101]"),
    ],
)
def test_a_fault_names_its_cell_and_what_is_allowed(cells: Cells, at: str, told: str) -> None:
    faulty = table({"points": 7}, cells)
    assert [str(fault) for fault in ledger_faults(faulty)] == [f"{cell(at, 1)}: {told}"]
    assert read_ledger(faulty).points.tolist() == [7]


def test_faults_stand_in_the_order_of_the_rows() -> None:
    faults = ledger_faults(
        table(
            {"points": -5, "expires_on": "2025-01-01"},
            {"points": 5, "usable_from": "soon"},
            {"points": -1},
        )
    )
    places = [("points", 0), ("expires_on", 0), ("usable_from", 1), ("points", 2)]
    assert [fault.cell for fault in faults] == [cell(*place) for place in places]


@pytest.mark.parametrize("state", ["used", "expired", "reversed"])
def test_points_taken_are_negative(state: str) -> None:
    assert not ledger_faults(table({"points": -5, "entry_state": state}))


def test_a_pending_entry_without_a_first_day_has_none() -> None:
    ledger = Ledger.of([Entry("2025-01-10", "C1", 5, state="pending")])
    assert np.isnat(ledger.usable).all()


def test_entries_after_a_day_are_left_out() -> None:
    ledger = Ledger.of([Entry("2025-01-10", "C1", 5), Entry("2025-01-11", "C1", 6)])
    assert ledger.up_to(np.datetime64("2025-01-10")).points.tolist() == [5]
