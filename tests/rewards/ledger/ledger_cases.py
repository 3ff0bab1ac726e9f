"""Ledgers for the tests, an entry per line as a user would write it."""

from typing import Any

import numpy as np

from xlclv.rewards.ledger.balances import Balances, balances
from xlclv.rewards.ledger.entries import Entry, Ledger
from xlclv.tables import LEDGER, Place, RawTable, Table, read_table

WHERE = Place("Ledger", header_row=3, first_column=2)
Cells = dict[str, Any]


def lot(day: str, points: int, reference: str = "", **more: Any) -> Entry:  # noqa: ANN401
    """Return points booked for customer C1 by rule R01."""
    return Entry(day, more.pop("customer_id", "C1"), points, "R01", reference, **more)


def minus(day: str, points: int, state: str = "used", reference: str = "") -> Entry:
    """Return points of C1 that were used, expired or reversed."""
    return Entry(day, "C1", -points, "R01", reference, state)


def use(day: str, points: int) -> Entry:
    return minus(day, points)


def reverse(day: str, points: int, reference: str = "") -> Entry:
    return minus(day, points, "reversed", reference)


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


def balance(as_of: str, *entries: Entry) -> dict[str, int]:
    """Return what customer C1 has on a day, without the zeros."""
    return shown(balances(Ledger.of(entries), day(as_of), ["C1"]))


def shown(found: Balances, customer: int = 0) -> dict[str, int]:
    kinds = ("available", "pending", "used", "expired", "reversed")
    counts = {kind: int(getattr(found, kind)[customer]) for kind in kinds}
    assert found.earned[customer] == sum(counts.values())
    return {kind: count for kind, count in counts.items() if count}


def table(*rows: Cells) -> Table:
    """Return a ledger table with every column; a row is an active entry of C1 if not told."""
    filled = [
        {"entry_date": "2025-01-10", "customer_id": "C1", "entry_state": "active", **cells}
        for cells in rows
    ]
    columns = [[cells.get(name) for cells in filled] for name in LEDGER.columns]
    return read_table(RawTable(LEDGER.columns, columns, WHERE), LEDGER)


def cell(name: str, row: int = 0) -> str:
    return WHERE.cell(LEDGER.columns.index(name), row)
