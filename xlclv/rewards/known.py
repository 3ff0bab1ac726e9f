"""What rules may ask about, gathered from customers, ledger and feedback."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from xlclv.customers.orders import CENTS, Orders, single_orders
from xlclv.customers.people import People
from xlclv.customers.status import STATUSES
from xlclv.rewards.engine.history import NOBODY, STRANGER, History, Ladder, Surveys
from xlclv.rewards.facts import Facts
from xlclv.rewards.ledger.balances import Balances, balances, earned_since
from xlclv.rewards.ledger.entries import Ledger, read_ledger
from xlclv.rewards.ledger.restarts import NO_DAYS, NO_IDS, restarted
from xlclv.rewards.rules.table import read_rules
from xlclv.segments.ladder import POINTS_EARNED, ROLLING, Tiers
from xlclv.segments.placing import Placing, place
from xlclv.tables import Table
from xlclv.terms import BoolArray, DateArray, FloatArray, IntArray, TextArray

NO_RESTARTS: Mapping[str, int] = MappingProxyType({})
NPS, ANSWERS = "NPS", ("NPS", "CSAT")  # kinds of feedback: with a score, and asked for


@dataclass(frozen=True, slots=True, eq=False)
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
        if tiers.measure == POINTS_EARNED:
            after = self.everybody.since(tiers.window)
            points = self._earned(None if after is None else np.datetime64(after, "D"))
        return place(self.everybody, tiers, orders=self.orders, points_earned=points)

    def _earned(self, after: np.datetime64 | None) -> FloatArray:
        if after is None:
            return (self.balances.earned - self.balances.reversed).astype(float)
        ids, day = self.everybody.ids, self.everybody.as_of
        return earned_since(self.ledger, after, day, ids).astype(float)

    def history(self, tiers: Tiers, placing: Placing) -> History:
        """Return the past as the engine needs it."""
        return History(
            orders=self.orders,
            standing=placing.standing,
            ladder=Ladder.of(tiers),
            referrer=_referrers(self.everybody),
            surveys=self._surveys(),
            ledger=self.ledger,
            last_contact=_last_contact(self.everybody),
        )

    def facts(self, tier: TextArray, p_alive: FloatArray | None = None) -> Facts:
        """Return what rules may ask about each customer."""
        people = self.everybody
        statuses = np.isin(people.status.astype(str), STATUSES)
        known: dict[str, Any] = {
            "tier": tier,
            "segment": people.fact("segment"),
            "channel": people.fact("acq_channel"),
            "status": np.where(statuses, people.status, ""),
            "tags": people.fact("tags"),
            "clv": people.clv,
            "net_clv": people.clv - self._spent(),
            "orders_life": people.orders,
            "spend_life": people.revenue,
            "avg_order": people.avg_value,
            "points": self.balances.available.astype(float),
            "plan_usage": people.fact("plan_usage"),
            "nps_score": self._nps(),
            "first_order": people.first,
            "last_order": people.last,
            "birth_date": people.fact("birth_date"),
            "opt_in": people.fact("opt_in", default=True),
        }
        if p_alive is not None:
            known["p_alive"] = p_alive
        if people.log is not None:
            known |= {"orders_12m": people.order_count(ROLLING), "spend_12m": people.spend(ROLLING)}
        referrer = _referrers(people)
        if referrer is not None:
            known["referrals"] = _friends(referrer, people)
        if people.table is not None and people.table.has("newsletter"):
            asked = people.fact("newsletter").astype(object)
            asked[~_answered(people)] = None
            known["newsletter"] = asked
        return Facts.of(people.ids, **known)

    def _spent(self) -> FloatArray:
        """Return the money that rewards have cost for each customer, shape (k,)."""
        at = _positions(self.ledger.customer_id, self.everybody.ids)
        known = at >= 0
        size = self.everybody.size
        return np.bincount(at[known], self.ledger.cost_cents[known], size) / CENTS

    def _surveys(self) -> Surveys | None:
        """Return the answers to surveys of customers we know."""
        rows = self._feedback_rows(lambda kind: np.isin(kind.astype(str), ANSWERS))
        return None if rows is None else Surveys(rows["customer"].astype(np.int64), rows["day"])

    def _nps(self) -> FloatArray:
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


def restarts_of(rule_table: Table, tiers: Tiers) -> dict[str, int]:
    """Return the days until points expire of the rules whose expiry restarts, by rule id."""
    rules = read_rules(rule_table, [str(name) for name in tiers.names])
    found = (row.rule for row in rules.rows if row.rule is not None)
    return {
        rule.rule_id: rule.expires_days
        for rule in found
        if rule.expiry_restarts and rule.expires_days is not None
    }


def _activity(everybody: People, orders: Orders | None) -> tuple[TextArray, DateArray]:
    if orders is None:
        return NO_IDS, NO_DAYS
    return everybody.ids[orders.customer], orders.day


def _positions(ids: TextArray, among: TextArray) -> IntArray:
    """Return the position of each id, -1 for a stranger."""
    return pd.Index(among).get_indexer(pd.Index(ids)).astype(np.int64)


def _referrers(everybody: People) -> IntArray | None:
    """Return who referred each customer, None where the sheet does not say, shape (k,)."""
    if everybody.table is None or not everybody.table.has("referred_by"):
        return None
    named = everybody.fact("referred_by")
    at = _positions(named, everybody.ids)
    return np.where(named == "", NOBODY, np.where(at < 0, STRANGER, at))


def _friends(referrer: IntArray, everybody: People) -> FloatArray:
    """Count the customers with an order whom each customer referred, shape (k,)."""
    own = np.arange(referrer.size)
    counted = (referrer >= 0) & (referrer != own) & (everybody.orders > 0)
    return np.bincount(referrer[counted], minlength=referrer.size).astype(float)


def _last_contact(everybody: People) -> DateArray | None:
    if everybody.table is None or not everybody.table.has("last_contact"):
        return None
    return everybody.fact("last_contact")


def _answered(everybody: People) -> BoolArray:
    """Say whose newsletter cell is filled in."""
    answered = np.zeros(everybody.size, bool)
    if everybody.table is not None:
        known = everybody.sheet_row >= 0
        filled = ~everybody.table.blank("newsletter")
        answered[known] = filled[everybody.sheet_row[known]]
    return answered
