"""The occasions on which a rule pays: which customers have them, on which day, and for what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from xlclv.rewards import figures
from xlclv.rewards.facts import Rows
from xlclv.rewards.scene.hurdles import Hurdle, Why, each
from xlclv.rewards.scene.scene import NONE
from xlclv.terms import DateArray, IntArray, TextArray

# The references of some occasions (positions); made only when someone reads them.
Named = Callable[[Rows], TextArray]
ONCE = "once"  # the reference of what happens once, on a day nobody knows


@dataclass(frozen=True, slots=True, eq=False)
class Occasions:
    """The occasions of one rule by customer, then day, then reference: m of them.

    Args:
        customer: Position of whose occasion it is, shape (m,).
        day: Its day, NaT not known, shape (m,).
        named: The references of occasions.
        because: Why an occasion is one, in words.
        none: Why customers (positions) without an occasion have none, in words.
        hurdles: The hurdles that ask about the occasion, of shape (m,) each.
        order: Position of the order whose money counts, NONE without one, shape (m,).
        cents: Its money that counts, in cents, shape (m,).
        rank: Rank of the tier whose factor points have, NONE: no factor, shape (m,).
        friend: Position of the friend of a referral, else NONE, shape (m,).
        turn: What comes first of occasions of one customer and day, shape (m,).
    """

    customer: Rows
    day: DateArray
    named: Named
    because: Why
    none: Why
    hurdles: tuple[Hurdle, ...] = ()
    order: Rows = field(default_factory=lambda: np.empty(0, np.intp))
    cents: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    rank: IntArray = field(default_factory=lambda: np.empty(0, np.int64))
    friend: Rows = field(default_factory=lambda: np.empty(0, np.intp))
    turn: Rows = field(default_factory=lambda: np.empty(0, np.intp))

    def __post_init__(self) -> None:
        """Fill in what the occasions do not have."""
        usual = {"order": NONE, "cents": 0, "rank": NONE, "friend": NONE, "turn": 0}
        for name, missing in usual.items():
            column = getattr(self, name)
            if column.size != self.size:
                object.__setattr__(self, name, np.full(self.size, missing, dtype=column.dtype))

    @property
    def size(self) -> int:
        """Return the number of occasions."""
        return int(self.customer.size)


@dataclass(frozen=True, slots=True, eq=False)
class OfOrders:
    """One order of each customer, shape (n,) each: position, money in cents, rank of the tier."""

    order: Rows
    cents: IntArray
    rank: IntArray


def iso(days: DateArray) -> TextArray:
    """Return days as 2026-01-31, ONCE where they are not known, shape (m,)."""
    return each(days, lambda day: ONCE if np.isnat(day) else figures.day(day))


def dated(days: DateArray) -> Named:
    """Return the references of what is named by its day."""
    return lambda rows: iso(days[rows])


def amounts_of(order: Rows, cents: IntArray) -> IntArray:
    """Return the money of orders (positions), 0 for NONE, shape of order."""
    return np.append(cents, 0)[order]


def of_customers(
    hurdle: Hurdle,
    day: DateArray,
    because: Why,
    named: Named,
    order: OfOrders | None = None,
) -> Occasions:
    """Return one occasion of each customer who passes a hurdle.

    Args:
        hurdle: Whom it has happened to, and why not to the others, of shape (n,).
        day: When, shape (n,).
        because: Why a customer gets the reward.
        named: The references of customers.
        order: The order of each customer that it is about.
    """
    who = np.flatnonzero(hurdle.passed)
    columns: dict[str, Any] = {}
    if order is not None:
        columns = {"order": order.order[who], "cents": order.cents[who], "rank": order.rank[who]}
    return Occasions(
        customer=who,
        day=day[who].astype("datetime64[D]"),
        named=lambda rows: named(who[rows]),
        because=lambda rows: because(who[rows]),
        none=hurdle.why,
        **columns,
    )
