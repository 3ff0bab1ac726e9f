"""What has been taken from each lot of points: a lot is an entry that brings points.

Points used go from the lots that expire first; points taken back go first from the lot of the
same rule and reference. What finds no lot is a debt, which later lots repay as they become usable.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heappop, heappush

import numpy as np
import pandas as pd

from xlclv.customers.dates import NEVER
from xlclv.rewards.ledger.entries import ACTIVE, EXPIRED, PENDING, REVERSED, Ledger
from xlclv.terms import DateArray, IntArray, TextArray

EARN, USE, TAKE_BACK = range(3)  # the order within a day


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """Points taken from each entry of a ledger, shape (m,) each; 0 where it brings none.

    Args:
        used: Points used, expired by hand, or taken to repay a debt.
        reversed: Points taken back.
    """

    used: IntArray
    reversed: IntArray

    @property
    def total(self) -> IntArray:
        """Return all points taken, shape (m,)."""
        return self.used + self.reversed


@lru_cache(maxsize=1)  # balances, what is owed and what is still live ask for the same
def taken(ledger: Ledger, as_of: np.datetime64) -> Taken:
    """Return what the entries up to a day have taken from each lot.

    Only customers with points used, expired by hand or taken back are gone through one by one;
    for all others dates decide.
    """
    result = Taken(np.zeros(ledger.size, np.int64), np.zeros(ledger.size, np.int64))
    rows = _concerned(ledger, as_of)
    if rows.size:
        some = ledger.rows(rows)
        order = _by_expiry(some)
        accounts = _Accounts.of(some.rows(order))
        accounts.settle(as_of)
        result.used[rows[order]] = accounts.used
        result.reversed[rows[order]] = accounts.reversed
    return result


def _concerned(ledger: Ledger, as_of: np.datetime64) -> IntArray:
    """Return the entries with points of the customers from whom points were taken."""
    counted = (ledger.day <= as_of) & (ledger.points != 0)
    customer, _ = pd.factorize(ledger.customer_id)
    takes = counted & (ledger.points < 0)
    concerned = np.bincount(customer[takes], minlength=customer.max(initial=-1) + 1) > 0
    return np.flatnonzero(counted & concerned[customer])


def _by_expiry(ledger: Ledger) -> IntArray:
    """Order entries as their points are taken, whatever the order of the rows."""
    ties = (ledger.points, _rank(ledger.rule_id), _rank(ledger.reference), ledger.day)
    order: IntArray = np.lexsort((*ties, _number(ledger.expires_on)))
    return order


def _rank(texts: TextArray) -> IntArray:
    codes, _ = pd.factorize(texts, sort=True)
    return codes.astype(np.int64)


def _number(days: DateArray) -> IntArray:
    """Return days as whole numbers, NEVER where there is none."""
    return np.where(np.isnat(days), NEVER, days.astype(np.int64))


def keys(ledger: Ledger) -> IntArray:
    """Return one number for each customer, rule and reference, capitals apart, shape (m,)."""
    customer, _ = pd.factorize(ledger.customer_id)
    rule, reference = _folded(ledger.rule_id), _folded(ledger.reference)
    return _pair(_pair(customer, rule), reference)


def _folded(texts: TextArray) -> IntArray:
    codes, names = pd.factorize(texts)
    same, _ = pd.factorize(np.array([str(name).casefold() for name in names], dtype=object))
    return same.astype(np.int64)[codes] if codes.size else codes.astype(np.int64)


def _pair(first: IntArray, second: IntArray) -> IntArray:
    width = int(second.max(initial=0)) + 1
    codes, _ = pd.factorize(first * width + second)
    return codes.astype(np.int64)


@dataclass(slots=True, eq=False)
class _Accounts:
    """The lots of several customers, in the order in which their points are taken.

    Lists, not arrays: they are gone through entry by entry.

    Args:
        customer: Whose entry it is, as all in the order of the lots.
        key: Customer, rule and reference as one number.
        day: Day of the entry.
        usable: First day on which the points can be used, NEVER if they stay pending.
        last: Last day on which they can be used, NEVER if they do not expire.
        points: Points of the entry.
        state: As booked.
        left: Points of the lot that nobody has taken; 0 in entries that are no open lot.
    """

    customer: Sequence[int]
    key: Sequence[int]
    day: Sequence[int]
    usable: Sequence[int]
    last: Sequence[int]
    points: Sequence[int]
    state: Sequence[str]
    left: list[int]
    used: list[int] = field(init=False)
    reversed: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing taken."""
        self.used, self.reversed = [0] * len(self.left), [0] * len(self.left)

    @classmethod
    def of(cls, ledger: Ledger) -> "_Accounts":
        """Return the accounts of entries that all have points, sorted."""
        # Points booked as expired may still be taken back.
        is_open = (ledger.points > 0) & (ledger.live | (ledger.state == EXPIRED))
        return cls(
            customer=pd.factorize(ledger.customer_id)[0].tolist(),
            key=keys(ledger).tolist(),
            day=ledger.day.astype(np.int64).tolist(),
            usable=_number(ledger.usable).tolist(),
            last=_number(ledger.expires_on).tolist(),
            points=ledger.points.tolist(),
            state=ledger.state.tolist(),
            left=np.where(is_open, ledger.points, 0).tolist(),
        )

    def settle(self, as_of: np.datetime64) -> None:
        """Go through the events of each customer up to a day, in the order of time."""
        own = self._own_lots()
        until = int(as_of.astype("datetime64[D]").astype(np.int64))
        customer, debt, usable = -1, 0, list[int]()
        for event in self._events(until):
            _, day, phase, entry = event
            if self.customer[entry] != customer:
                customer, debt, usable = self.customer[entry], 0, []
            if phase == EARN:
                debt = self._repay(entry, debt)
                heappush(usable, entry)
            elif phase == USE:
                debt += self._take(usable, day, -self.points[entry], self.used)
            else:
                rest = self._take_own(own[self.key[entry]], day, -self.points[entry])
                debt += self._take(usable, day, rest, self.reversed)

    def _events(self, until: int) -> list[tuple[int, int, int, int]]:
        """Return (customer, day, phase, entry) of all that happens up to a day, sorted."""
        found = []
        for entry, points in enumerate(self.points):
            if points < 0:
                phase = TAKE_BACK if self.state[entry] == REVERSED else USE
                found.append((self.customer[entry], self.day[entry], phase, entry))
            elif self.state[entry] in (PENDING, ACTIVE) and self.usable[entry] <= until:
                found.append((self.customer[entry], self.usable[entry], EARN, entry))
        found.sort()
        return found

    def _own_lots(self) -> dict[int, list[int]]:
        """Return the open lots of each key."""
        own: dict[int, list[int]] = defaultdict(list)
        for entry, left in enumerate(self.left):
            if left:
                own[self.key[entry]].append(entry)
        return own

    def _repay(self, lot: int, debt: int) -> int:
        """Repay a debt from a lot that becomes usable; return what remains of the debt."""
        paid = min(debt, self.left[lot]) if self.usable[lot] <= self.last[lot] else 0
        self.left[lot] -= paid
        self.used[lot] += paid
        return debt - paid

    def _take(self, usable: list[int], day: int, wanted: int, into: list[int]) -> int:
        """Take points from the usable lots, a heap; return what they lack."""
        while wanted and usable:
            lot = usable[0]
            part = min(wanted, self.left[lot]) if self.last[lot] >= day else 0
            self.left[lot] -= part
            into[lot] += part
            wanted -= part
            if wanted:
                heappop(usable)
        return wanted

    def _take_own(self, lots: Sequence[int], day: int, wanted: int) -> int:
        """Take points back from the lots of the same key; return what they lack."""
        for lot in lots:
            if self.day[lot] <= day:
                part = min(wanted, self.left[lot])
                self.left[lot] -= part
                self.reversed[lot] += part
                wanted -= part
        return wanted
