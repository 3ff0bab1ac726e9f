"""What happened before the day of a decision: orders, referrals, surveys, rewards booked.

Customers are named by their position in the facts.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

import numpy as np

from xlclv.customers.orders import Orders
from xlclv.rewards.conditions.fields import SCARCE
from xlclv.rewards.facts import Facts
from xlclv.rewards.known import Known, Surveys
from xlclv.rewards.ledger.entries import Ledger
from xlclv.rewards.sources import FEEDBACK, ORDERS, REFERRALS
from xlclv.segments.ladder import Tiers
from xlclv.segments.loyalty import Standing
from xlclv.segments.placing import Placing
from xlclv.terms import DateArray, IntArray


@dataclass(frozen=True, slots=True)
class Ladder:
    """The tiers by rank, the lowest first, as `Standing` numbers them.

    Args:
        names: Name of each tier.
        points_factor: By what points of money are multiplied in it.
        each_passed: Whether the tier counts as reached by a customer who rises past it.
    """

    names: tuple[str, ...] = ()
    points_factor: tuple[Decimal, ...] = ()
    each_passed: tuple[bool, ...] = ()

    @classmethod
    def of(cls, tiers: Tiers) -> Self:
        """Return what rewards need of a tier table."""
        return cls(
            tuple(str(name) for name in tiers.names),
            tuple(tiers.points_factor),
            tuple(bool(each) for each in tiers.counts_when_passed),
        )


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What is known of the past; None: not known, and rules that need it are not evaluated.

    Args:
        orders: Single orders.
        standing: The tier of each customer over time, by the tier table.
        ladder: The tiers by rank; empty: all points count once, tiers have no order.
        referrer: Who referred each customer, shape (k,): a position, `known.NOBODY`, or
            `known.STRANGER` for a name that is no customer.
        surveys: Answers to surveys.
        ledger: Points and rewards booked; without one nothing has been booked.
        last_contact: Day of the last message to each customer, NaT unknown, shape (k,).
    """

    orders: Orders | None = None
    standing: Standing | None = None
    ladder: Ladder = Ladder()
    referrer: IntArray | None = None
    surveys: Surveys | None = None
    ledger: Ledger | None = None
    last_contact: DateArray | None = None

    @classmethod
    def of(cls, known: Known, tiers: Tiers, placing: Placing) -> Self:
        """Return the past of customers who are placed in tiers."""
        return cls(
            orders=known.orders,
            standing=placing.standing,
            ladder=Ladder.of(tiers),
            referrer=known.referrer,
            surveys=known.surveys,
            ledger=known.ledger,
            last_contact=known.last_contact,
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings say about all rewards.

    Args:
        points_value: Money that one point costs us.
        contact_cap: Most offers and messages to a customer in 30 days; None: any number.
    """

    points_value: Decimal = Decimal("0.01")
    contact_cap: int | None = None


NO_HISTORY, NO_POLICY = History(), Policy()


def entry_tiers(tiers: Tiers) -> dict[str, tuple[str, ...]]:
    """Return the tiers that name each rule as their entry reward, by rule id in small letters."""
    found: dict[str, tuple[str, ...]] = {}
    for name, rule_id in zip(tiers.names, tiers.entry_reward, strict=True):
        if rule_id:
            key = str(rule_id).casefold()
            found[key] = (*found.get(key, ()), str(name))
    return found


def known_sources(facts: Facts, history: History) -> frozenset[str]:
    """Return which of `pending.SOURCES` the facts and the history hold."""
    found = {
        ORDERS: history.orders is not None,
        FEEDBACK: history.surveys is not None,
        REFERRALS: history.referrer is not None,
        **{key: not np.isnan(facts.number(key)).all() for key in SCARCE},
    }
    return frozenset(source for source, there in found.items() if there)
