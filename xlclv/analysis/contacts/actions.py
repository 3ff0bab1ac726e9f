"""Actions: a row per person and thing to do, as the lists name them.

A person who may not be sent mail is on no list. What is said of a reason can be said to the person:
no status, no value, no other person's name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np

from xlclv.customers.dates import NO_DAY
from xlclv.rewards.facts import Rows
from xlclv.terms import TERMS, BoolArray, DateArray, FloatArray, TextArray

LISTS: Final = TERMS["contact_list"].choices
WIN_BACK, LOSING_TIER, BIRTHDAY, THANK_YOU, CHECK_IN, ESCALATION = LISTS
# What comes first where one person is on several lists and may not get so many messages.
TURN: Final = {
    name: turn
    for turn, name in enumerate((ESCALATION, WIN_BACK, LOSING_TIER, CHECK_IN, BIRTHDAY, THANK_YOU))
}


@dataclass(frozen=True, slots=True, eq=False)
class Actions:
    """Things to do: a of them.

    Args:
        contact_list: Code of the list each is on, shape (a,).
        customer: Position of the person, shape (a,).
        occasion: What it is for, which tells it from the same thing another time, shape (a,).
        contact_why: Why, as one may say it to the person, shape (a,).
        offer: What the rules allow to offer, "" nothing, shape (a,).
        offer_cost: What the offer costs us, NaN where there is none or it is not known, shape (a,).
        at_stake: What may be lost: the predicted loss, else the CLV; NaN on other lists, shape
            (a,).
        due_by: Last day on which it makes sense, NaT unknown, shape (a,).
        offer_until: Last day of the offer, NaT without one or without end, shape (a,).
        is_message: The offer is one that the rules count as a message already, shape (a,).
    """

    contact_list: TextArray
    customer: Rows
    occasion: TextArray
    contact_why: TextArray
    offer: TextArray
    offer_cost: FloatArray
    at_stake: FloatArray
    due_by: DateArray
    offer_until: DateArray
    is_message: BoolArray

    @classmethod
    def of(
        cls,
        name: str,
        customer: Rows,
        occasion: TextArray,
        why: TextArray,
        due_by: DateArray,
        at_stake: FloatArray | None = None,
    ) -> Self:
        """Return the actions of one list, with nothing to offer yet."""
        size = customer.size
        return cls(
            contact_list=np.full(size, name, dtype=object),
            customer=customer,
            occasion=occasion,
            contact_why=why,
            offer=np.full(size, "", dtype=object),
            offer_cost=np.full(size, np.nan),
            at_stake=np.full(size, np.nan) if at_stake is None else at_stake,
            due_by=due_by,
            offer_until=np.full(size, NO_DAY),
            is_message=np.zeros(size, bool),
        )

    @classmethod
    def joined(cls, parts: Iterable["Actions"]) -> "Actions":
        """Return the actions of several lists, one after the other."""
        given = list(parts)
        return cls(
            *(np.concatenate([getattr(part, each.name) for part in given]) for each in fields(cls))
        )

    def rows(self, chosen: Rows) -> "Actions":
        """Return some of them, in this order."""
        return Actions(*(getattr(self, each.name)[chosen] for each in fields(self)))

    @property
    def size(self) -> int:
        """Return how many there are."""
        return int(self.customer.size)

    @property
    def turn(self) -> Rows:
        """Return the turn of the list of each, shape (a,)."""
        return np.array([TURN[name] for name in self.contact_list], dtype=np.intp)

    def in_order(self) -> "Actions":
        """Return them list by list; the most at stake first, then by the last day."""
        last = np.where(np.isnat(self.due_by), np.datetime64("9999-12-31"), self.due_by)
        worth = -np.nan_to_num(self.at_stake)
        return self.rows(np.lexsort((self.customer, last, worth, self.turn)))
