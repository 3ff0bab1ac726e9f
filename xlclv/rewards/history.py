"""What happened before the day of a decision: orders, referrals, surveys, rewards booked.

Customers are named by their position in the facts.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from xlclv.customers.orders import Orders
from xlclv.rewards.ledger import Ledger
from xlclv.segments.loyalty import Standing
from xlclv.terms import DateArray

IntArray = NDArray[np.int64]
NOBODY, STRANGER = -1, -2


@dataclass(frozen=True, slots=True, eq=False)
class Surveys:
    """Answers of customers to surveys, shape (s,) each; several a day count once."""

    customer: IntArray
    day: DateArray


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What is known of the past; None: not known, and rules that need it are not evaluated.

    Args:
        orders: Single orders.
        standing: The tier of each customer over time, by the tier table.
        referrer: Who referred each customer, shape (k,): a position, NOBODY, or STRANGER for a
            name that is no customer.
        surveys: Answers to surveys.
        ledger: Points and rewards booked; without one nothing has been booked.
        last_contact: Day of the last message to each customer, NaT unknown, shape (k,).
    """

    orders: Orders | None = None
    standing: Standing | None = None
    referrer: IntArray | None = None
    surveys: Surveys | None = None
    ledger: Ledger | None = None
    last_contact: DateArray | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings say about all rewards.

    Args:
        points_value: Money that one point costs us.
        contact_cap: Most offers and messages to a customer in 30 days; None: any number.
    """

    points_value: Decimal = Decimal("0.01")
    contact_cap: int | None = None
