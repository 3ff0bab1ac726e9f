"""The ledger: points and rewards booked, a row per entry, with exact points and cents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from xlclv.columns import CellError
from xlclv.customers.dates import NO_DAY
from xlclv.customers.orders import to_cents
from xlclv.errors import InputError
from xlclv.tables import Fault, Table, title
from xlclv.terms import Array, BoolArray, DateArray, IntArray, TextArray

PENDING, ACTIVE, USED, EXPIRED, REVERSED = "pending", "active", "used", "expired", "reversed"


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """m entries in the order of the table.

    Args:
        day: Day of the entry, shape (m,) as all.
        customer_id: Whose entry it is.
        rule_id: Rule that granted it, "" where none.
        reference: Order, or day of the event, that it is for, "" where none.
        points: Points; negative where they were used, expired or reversed; 0 where blank.
        has_points: Says where there are points; elsewhere the entry is a reward.
        face_cents: What the reward is worth to the customer, in cents; 0 where blank.
        cost_cents: What it costs us, in cents; 0 where blank.
        has_cost: Says where the cost is known.
        state: pending, active, used, expired or reversed, as booked.
        usable_from: First day on which it can be used, NaT where blank.
        expires_on: Last day on which it can be used, NaT: never expires.
    """

    day: DateArray
    customer_id: TextArray
    rule_id: TextArray
    reference: TextArray
    points: IntArray
    has_points: BoolArray
    face_cents: IntArray
    cost_cents: IntArray
    has_cost: BoolArray
    state: TextArray
    usable_from: DateArray
    expires_on: DateArray

    @property
    def size(self) -> int:
        """Return the number of entries."""
        return int(self.day.size)

    @classmethod
    def empty(cls) -> Self:
        """Return a ledger in which nothing is booked."""
        return cls.of([])

    @classmethod
    def of(cls, rows: Iterable["Entry"]) -> Self:
        """Return the ledger of entries written one by one."""
        entries = list(rows)
        points = [entry.points for entry in entries]
        costs = [entry.cost_cents for entry in entries]
        return cls(
            day=_days([entry.day for entry in entries]),
            customer_id=_texts([entry.customer_id for entry in entries]),
            rule_id=_texts([entry.rule_id for entry in entries]),
            reference=_texts([entry.reference for entry in entries]),
            points=np.array([number or 0 for number in points], np.int64),
            has_points=np.array([number is not None for number in points], bool),
            face_cents=np.array([entry.face_cents for entry in entries], np.int64),
            cost_cents=np.array([cost or 0 for cost in costs], np.int64),
            has_cost=np.array([cost is not None for cost in costs], bool),
            state=_texts([entry.state for entry in entries]),
            usable_from=_days([entry.usable_from for entry in entries]),
            expires_on=_days([entry.expires_on for entry in entries]),
        )

    @property
    def live(self) -> BoolArray:
        """Say which entries were booked as pending or active, shape (m,)."""
        found: BoolArray = (self.state == PENDING) | (self.state == ACTIVE)
        return found

    @property
    def takes_back(self) -> BoolArray:
        """Say which entries take another back, shape (m,).

        A reward that is itself marked as reversed has its cost or worth; an entry that takes one
        back has them below 0, or not at all.
        """
        reward = (self.points == 0) & (self.cost_cents <= 0) & (self.face_cents <= 0)
        found: BoolArray = (self.state == REVERSED) & ((self.points < 0) | reward)
        return found

    @property
    def usable(self) -> DateArray:
        """Return the first day on which each entry can be used, shape (m,).

        What is booked as pending without such a day stays so: NaT.
        """
        days = np.fmax(self.day, self.usable_from)
        for_ever = (self.state == PENDING) & np.isnat(self.usable_from)
        return np.where(for_ever, NO_DAY, days)

    def rows(self, kept: Array) -> Self:
        """Return some entries: those of a mask of shape (m,), or of positions."""
        return type(self)(*(getattr(self, field.name)[kept] for field in fields(self)))

    def up_to(self, as_of: np.datetime64) -> Self:
        """Return the entries up to a day: the ledger itself where that is all of them."""
        counted = self.day <= as_of
        return self if counted.all() else self.rows(counted)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as `Ledger.of` takes it; None is a blank cell."""

    day: str | np.datetime64
    customer_id: str
    points: int | None = None
    rule_id: str = ""
    reference: str = ""
    state: str = ACTIVE
    usable_from: str | np.datetime64 | None = None
    expires_on: str | np.datetime64 | None = None
    face_cents: int = 0
    cost_cents: int | None = None


def _days(days: Sequence[str | np.datetime64 | None]) -> DateArray:
    return np.array([NO_DAY if day is None else day for day in days], "datetime64[D]")


def _texts(texts: Sequence[str]) -> TextArray:
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column


def sums(amount: IntArray, group: IntArray, size: int) -> IntArray:
    """Add whole amounts by group (from 0), shape (size,): exact, unlike sums of floats.

    >>> sums(np.array([5, 7, 1]), np.array([0, 2, 0]), 3).tolist()
    [6, 0, 7]
    """
    added = np.zeros(size, np.int64)
    np.add.at(added, group, amount)
    return added


def read_ledger(table: Table) -> Ledger:
    """Read a ledger; a row with a fault is left out, see `ledger_faults`."""
    sound = sound_rows(table)
    points, cost = table.values("points")[sound], table.values("booked_cost")[sound]
    return Ledger(
        day=table.values("entry_date")[sound],
        customer_id=table.values("customer_id")[sound],
        rule_id=table.values("rule_id")[sound],
        reference=table.values("reference")[sound],
        points=np.nan_to_num(points).astype(np.int64),
        has_points=~np.isnan(points),
        face_cents=to_cents(np.nan_to_num(table.values("face_value")[sound])),
        cost_cents=to_cents(np.nan_to_num(cost)),
        has_cost=~np.isnan(cost),
        state=table.values("entry_state")[sound],
        usable_from=table.values("usable_from")[sound],
        expires_on=table.values("expires_on")[sound],
    )


def sound_rows(table: Table) -> BoolArray:
    """Say which rows of a ledger have no fault, shape (n,)."""
    sound = ~table.bad_rows()
    for found in _unfit(table):
        sound &= ~found.rows
    return sound


def ledger_faults(table: Table) -> tuple[Fault, ...]:
    """Return every cell that cannot be used, in the order of the rows.

    To what each cell must hold this adds what cells of one row must agree on: only points used,
    expired or reversed are negative, and nothing expires before it can be used.
    """
    faults = list(table.faults)
    for found in _unfit(table):
        faults += [_fault(table, found, int(row)) for row in np.flatnonzero(found.rows)]
    return tuple(sorted(faults, key=lambda fault: (fault.row, table.index[fault.name])))


@dataclass(frozen=True, slots=True, eq=False)
class _Unfit:
    """A column whose cells do not agree with others of their row.

    Args:
        name: The column.
        key: Text of the error.
        rows: Where, shape (n,).
        value: The cells, shape (n,).
        other: What they do not agree with, shape (n,).
    """

    name: str
    key: str
    rows: BoolArray
    value: Array
    other: Array


def _unfit(table: Table) -> tuple[_Unfit, ...]:
    points, state = table.values("points"), table.values("entry_state")
    begins = np.fmax(table.values("entry_date"), table.values("usable_from"))
    ends = table.values("expires_on")
    given = (points < 0) & ((state == PENDING) | (state == ACTIVE))
    return (
        _Unfit("points", "points_below_0", given, points, state),
        _Unfit("expires_on", "expires_too_early", ends < begins, ends, begins),
    )


def _fault(table: Table, found: _Unfit, row: int) -> Fault:
    error = InputError(
        found.key,
        name=title(found.name),
        value=found.value[row],
        state=title("entry_state"),
        other=found.other[row],
    )
    cell = table.raw.where.cell(table.index[found.name], int(table.used[row]))
    return Fault(cell, row, found.name, CellError.of(error))
