"""What rules may ask about, gathered from customers, ledger and feedback."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from xlclv.customers.orders import CENTS, Orders, single_orders
from xlclv.customers.people import People
from xlclv.rewards.ledger.balances import Balances, balances, earned_since
from xlclv.rewards.ledger.entries import Ledger, read_ledger
from xlclv.rewards.ledger.restarts import NO_DAYS, NO_IDS, restarted
from xlclv.segments.ladder import Tiers
from xlclv.segments.placing import Placing, place
from xlclv.tables import Table
from xlclv.terms import BoolArray, DateArray, FloatArray, IntArray, TextArray

NO_RESTARTS: Mapping[str, int] = MappingProxyType({})
NPS, ANSWERS = "NPS", ("NPS", "CSAT")  # kinds of feedback: with a score, and asked for
NOBODY, STRANGER = -1, -2  # in place of the customer who referred one


@dataclass(frozen=True, slots=True, eq=False)
class Surveys:
    """Answers of customers to surveys, shape (s,) each; several a day count once."""

    customer: IntArray
    day: DateArray


@dataclass(frozen=True, eq=False)
class Known:
    """Customers with all that is known of their past.

    Args:
        everybody: The customers.
        orders: Their single orders, or None.
        ledger: What has been booked up to the day; empty without a ledger.
        balances: Points of each customer.
        feedback: The feedback table, or None.
        restarts: Days until points expire, by the id of each rule whose expiry restarts.
    """

    everybody: People
    orders: Orders | None
    ledger: Ledger
    balances: Balances
    feedback: Table | None
    restarts: Mapping[str, int]

    @property
    def activity(self) -> tuple[TextArray, DateArray]:
        """Return customer and day of every order."""
        return _activity(self.everybody, self.orders)

    def placed(self, tiers: Tiers) -> Placing:
        """Place all customers in tiers; without a ledger nobody has earned points yet."""
        points = None
        if tiers.measure.of_points:
            after = self.everybody.since(tiers.window)
            points = self._earned(None if after is None else np.datetime64(after, "D"))
        return place(self.everybody, tiers, orders=self.orders, points_earned=points)

    def _earned(self, after: np.datetime64 | None) -> FloatArray:
        if after is None:
            return (self.balances.earned - self.balances.reversed).astype(float)
        ids, day = self.everybody.ids, self.everybody.as_of
        return earned_since(self.ledger, after, day, ids).astype(float)

    @cached_property
    def referrer(self) -> IntArray | None:
        """Return who referred each customer, None where the sheet does not say, shape (k,).

        A position, NOBODY, or STRANGER for a name that is no customer.
        """
        if not self.on_sheet("referred_by"):
            return None
        named = self.everybody.fact("referred_by")
        at = _positions(named, self.everybody.ids)
        return np.where(named == "", NOBODY, np.where(at < 0, STRANGER, at))

    @property
    def friends(self) -> FloatArray | None:
        """Return how many customers with an order each has referred, None unknown, shape (k,)."""
        referrer = self.referrer
        if referrer is None:
            return None
        own = np.arange(referrer.size)
        counted = (referrer >= 0) & (referrer != own) & (self.everybody.orders > 0)
        return np.bincount(referrer[counted], minlength=referrer.size).astype(float)

    @property
    def last_contact(self) -> DateArray | None:
        """Return the day of the last message, None where the sheet does not say, shape (k,)."""
        return self.everybody.fact("last_contact") if self.on_sheet("last_contact") else None

    def on_sheet(self, name: str) -> bool:
        """Say whether the customer sheet has a column, with anything in it."""
        return self.everybody.table is not None and self.everybody.table.has(name)

    @property
    def spent(self) -> FloatArray:
        """Return the money that rewards have cost for each customer, shape (k,)."""
        at = _positions(self.ledger.customer_id, self.everybody.ids)
        known = at >= 0
        size = self.everybody.size
        return np.bincount(at[known], self.ledger.cost_cents[known], size) / CENTS

    @property
    def surveys(self) -> Surveys | None:
        """Return the answers to surveys of customers we know."""
        rows = self._feedback_rows(lambda kind: np.isin(kind.astype(str), ANSWERS))
        return None if rows is None else Surveys(rows["customer"].astype(np.int64), rows["day"])

    @property
    def nps(self) -> FloatArray:
        """Return the latest NPS answer of each customer, NaN without one, shape (k,)."""
        scores = np.full(self.everybody.size, np.nan)
        rows = self._feedback_rows(lambda kind: kind == NPS)
        if rows is not None:
            order = np.argsort(rows["day"], kind="stable")
            order = order[~np.isnan(rows["score"][order])]
            scores[rows["customer"][order]] = rows["score"][order]  # the latest comes last
        return scores

    def _feedback_rows(self, asked: Callable[[TextArray], BoolArray]) -> dict[str, Any] | None:
        """Return customer, day and score of sound feedback of a kind, up to the day."""
        table = self.feedback
        if table is None or not table.rows:
            return None
        at = _positions(table.values("customer_id"), self.everybody.ids)
        day: DateArray = table.values("feedback_date")
        kept = asked(table.values("kind")) & (at >= 0) & ~table.bad_rows()
        kept &= day <= self.everybody.as_of
        score = table.values("score")
        return {"customer": at[kept], "day": day[kept], "score": score[kept]}


def known_of(
    everybody: People,
    ledger: Table | None = None,
    feedback: Table | None = None,
    restarts: Mapping[str, int] = NO_RESTARTS,
    *,
    with_tax: bool = False,
) -> Known:
    """Gather what is known of the customers.

    Args:
        everybody: The customers.
        ledger: The ledger, or None.
        feedback: The feedback table, or None.
        restarts: Days until points expire, by the id of each rule whose expiry restarts.
        with_tax: Tax counts for points, tiers and smallest orders.
    """
    orders = None
    if everybody.lines is not None and everybody.log is not None:
        orders = single_orders(everybody.lines, everybody.log, with_tax=with_tax)
    booked = Ledger.empty() if ledger is None else read_ledger(ledger)
    if not np.isnat(everybody.as_of):
        booked = booked.up_to(everybody.as_of)
    booked = restarted(booked, *_activity(everybody, orders), restarts)
    points = balances(booked, everybody.as_of, everybody.ids)
    return Known(everybody, orders, booked, points, feedback, restarts)


def _activity(everybody: People, orders: Orders | None) -> tuple[TextArray, DateArray]:
    if orders is None:
        return NO_IDS, NO_DAYS
    return everybody.ids[orders.customer], orders.day


def _positions(ids: TextArray, among: TextArray) -> IntArray:
    """Return the position of each id, -1 for a stranger."""
    return pd.Index(among).get_indexer(pd.Index(ids)).astype(np.int64)
