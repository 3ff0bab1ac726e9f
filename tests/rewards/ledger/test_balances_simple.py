"""Balances against a second sum that is as simple as can be: one customer, day by day."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.rewards.ledger.ledger_cases import shown
from xlclv.rewards.ledger.balances import balances
from xlclv.rewards.ledger.entries import Entry, Ledger, sums
from xlclv.rewards.ledger.lots import taken
from xlclv.rewards.ledger.restarts import brought_up, restarted
from xlclv.terms import texts

START = date(2025, 1, 1)
DAYS = 14  # so few that days, expiry and references meet often
KINDS = ("available", "pending", "used", "expired", "reversed")


def on(number: int) -> np.datetime64:
    return np.datetime64(START + timedelta(days=number))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    entered = draw(st.integers(0, DAYS))
    customer, rule = draw(st.sampled_from(["C1", "C2"])), draw(st.sampled_from(["R1", "r1", "R2"]))
    reference = draw(st.sampled_from(["", "O1", "o1", "O2"]))
    if draw(st.integers(0, 2)) == 0:
        points = -draw(st.integers(1, 12))
        state = draw(st.sampled_from(["used", "expired", "reversed", "reversed"]))
        return Entry(on(entered), customer, points, rule, reference, state)
    live = ["pending", "active", "active", "active", "active"]
    state = draw(st.sampled_from([*live, *live, "used", "expired", "reversed"]))
    usable = draw(st.none() | st.integers(0, DAYS))
    first = max(entered, usable or 0)
    expires = draw(st.none() | st.integers(first, max(first, DAYS)))
    return Entry(
        *(on(entered), customer, draw(st.integers(1, 12)), rule, reference, state),
        usable_from=None if usable is None else on(usable),
        expires_on=None if expires is None else on(expires),
    )


@dataclass
class Lot:
    entry: Entry
    left: int


class Simple:
    """The points of one customer, a day at a time."""

    def __init__(self, rows: list[Entry]) -> None:
        self.rows = rows
        self.lots: list[Lot] = []
        self.debt = 0
        self.count = dict.fromkeys(KINDS, 0)

    def until(self, as_of: np.datetime64) -> dict[str, int]:
        for number in range(DAYS + 1):
            if on(number) <= as_of:
                self.one_day(on(number))
        for lot in self.lots:
            self.count[self.state_of(lot.entry, as_of)] += lot.left
        self.count["available"] -= self.debt
        return {kind: count for kind, count in self.count.items() if count}

    def one_day(self, today: np.datetime64) -> None:
        rows = sorted(
            (row for row in self.rows if row.day == today),
            key=lambda row: (row.reference, row.rule_id, row.points),
        )
        for row in rows:
            if (row.points or 0) > 0:
                self.enter(row)
        for lot in self.usable(today):
            paid = min(self.debt, lot.left)
            lot.left -= paid
            self.debt -= paid
        for state in ("used", "expired", "reversed"):
            for row in rows:
                if (row.points or 0) < 0 and row.state == state:
                    self.take(row, today)

    def enter(self, row: Entry) -> None:
        if row.state in ("used", "reversed"):
            self.count[row.state] += row.points or 0
        else:
            self.lots.append(Lot(row, row.points or 0))

    def take(self, row: Entry, today: np.datetime64) -> None:
        wanted = -(row.points or 0)
        self.count[row.state] += wanted
        lots = self.usable(today)
        if row.state == "reversed":
            lots = self.sorted([lot for lot in self.lots if key(lot.entry) == key(row)]) + lots
        for lot in lots:
            part = min(wanted, lot.left)
            lot.left -= part
            wanted -= part
        self.debt += wanted

    def usable(self, today: np.datetime64) -> list[Lot]:
        return self.sorted(
            [lot for lot in self.lots if self.state_of(lot.entry, today) == KINDS[0]]
        )

    def sorted(self, lots: list[Lot]) -> list[Lot]:
        return sorted(
            lots,
            key=lambda lot: (
                lot.entry.expires_on or np.datetime64("9999-12-31"),
                *(lot.entry.day, lot.entry.reference, lot.entry.rule_id, lot.entry.points),
            ),
        )

    @staticmethod
    def state_of(entry: Entry, today: np.datetime64) -> str:
        if entry.state == "expired" or (entry.expires_on and entry.expires_on < today):
            return "expired"
        if entry.state == "pending" and entry.usable_from is None:
            return "pending"
        first = max(entry.day, entry.usable_from or entry.day)
        return "pending" if today < first else "available"


def key(entry: Entry) -> tuple[str, str]:
    return entry.rule_id.casefold(), entry.reference.casefold()


LEDGERS = st.lists(entries(), max_size=9)
AS_OF = st.integers(0, DAYS + 1).map(on)


@given(LEDGERS, AS_OF)
def test_balances_agree_with_the_simple_sum(rows: list[Entry], as_of: np.datetime64) -> None:
    found = balances(Ledger.of(rows), as_of, ["C1", "C2"])
    for place, name in enumerate(("C1", "C2")):
        own = [row for row in rows if row.customer_id == name]
        assert shown(found, place) == Simple(own).until(as_of)


@given(LEDGERS, AS_OF, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(
    rows: list[Entry], as_of: np.datetime64, random: Random
) -> None:
    mixed = random.sample(rows, len(rows))
    one, other = (balances(Ledger.of(some), as_of, ["C1", "C2"]) for some in (rows, mixed))
    for place in (0, 1):
        assert shown(one, place) == shown(other, place)
    assert one.expiring_on.astype(str).tolist() == other.expiring_on.astype(str).tolist()
    assert one.expiring.tolist() == other.expiring.tolist()


@given(LEDGERS, AS_OF)
def test_points_never_come_from_nothing(rows: list[Entry], as_of: np.datetime64) -> None:
    ledger = Ledger.of(rows)
    gone = taken(ledger, as_of)
    assert (gone.used >= 0).all()
    assert (gone.reversed >= 0).all()
    assert (gone.total <= np.maximum(ledger.points, 0)).all()
    found = balances(ledger, as_of)
    assert (found.available <= found.earned - found.used - found.expired).all()
    assert (found.expiring <= np.maximum(found.available, 0)).all()


ACTIVITY = st.lists(st.integers(0, DAYS), max_size=6)
SPAN = st.integers(0, 6)


def one_by_one(lot: Entry, acts: list[int], span: int) -> str:
    """Move the last day of a lot activity by activity."""
    (last,) = Ledger.of([lot]).expires_on
    for act in map(on, sorted(acts)):
        if lot.day < act <= last:
            last = max(last, act + np.timedelta64(span, "D"))
    return str(last)


@given(st.lists(entries(), max_size=5), ACTIVITY, SPAN)
def test_restarts_agree_with_one_move_after_the_other(
    rows: list[Entry], acts: list[int], span: int
) -> None:
    ids = texts(["C1"] * len(acts))
    days = np.array([on(act) for act in acts], "datetime64[D]")
    moved = restarted(Ledger.of(rows), ids, days, {"R1": span}).expires_on
    for row, last in zip(rows, moved, strict=True):
        live = row.state in ("pending", "active") and (row.points or 0) > 0
        moves = live and row.customer_id == "C1" and row.rule_id != "R2"
        assert str(last) == one_by_one(row, acts if moves else [], span)


@given(LEDGERS, st.lists(AS_OF, min_size=2, max_size=2), ACTIVITY, SPAN)
def test_bringing_a_ledger_up_changes_no_balance_then_or_later(
    rows: list[Entry], when: list[np.datetime64], acts: list[int], span: int
) -> None:
    as_of, later = sorted(when)
    ids = texts(["C1"] * len(acts))
    days = np.array([on(act) for act in acts], "datetime64[D]")
    ledger, rules = Ledger.of(rows), {"R1": span}
    moved = restarted(ledger, ids[days <= as_of], days[days <= as_of], rules)
    up = brought_up(ledger, as_of, ids, days, rules)
    for one_day in (as_of, later):
        one, other = (balances(some, one_day, ["C1", "C2"]) for some in (moved, up))
        assert [shown(one, place) for place in (0, 1)] == [shown(other, place) for place in (0, 1)]
    again = brought_up(up, as_of, ids, days, rules)
    assert again.state.tolist() == up.state.tolist()
    assert again.expires_on.astype(str).tolist() == up.expires_on.astype(str).tolist()


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 3)), max_size=8))
def test_sums_are_those_of_each_group(pairs: list[tuple[int, int]]) -> None:
    amount = np.array([one for one, _ in pairs], np.int64)
    group = np.array([one for _, one in pairs], np.int64)
    expected = [sum(one for one, at in pairs if at == number) for number in range(4)]
    assert sums(amount, group, 4).tolist() == expected
