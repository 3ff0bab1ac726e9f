"""What the rules grant, as what can be offered or thanked with."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlclv.analysis.contacts.actions import Actions
from xlclv.customers.dates import NO_DAY
from xlclv.customers.orders import CENTS
from xlclv.rewards.engine.decisions import Decision, Decisions
from xlclv.rewards.engine.granted import award_texts
from xlclv.rewards.facts import Rows
from xlclv.rewards.scene.scene import NONE, running_count
from xlclv.rewards.triggers.birthday import Birthday
from xlclv.rewards.triggers.passive import Passive
from xlclv.tables import Table
from xlclv.terms import BoolArray, DateArray, FloatArray, IntArray, TextArray

OFFER, THANK_YOU = "Offer", "Thank-you"  # types of rules
MOST = 1 << 20  # more offers nobody gets
Column = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Granted:
    """Rewards that the rules grant and that need not wait, in the order served: g of them.

    Args:
        customer: Position of who gets it, shape (g,).
        rule_type: Type of the rule, shape (g,).
        trigger: Code of its trigger, shape (g,).
        per_order: It is for an order: nothing to write to somebody who stays away, shape (g,).
        is_message: It counts against the contact cap, shape (g,).
        text: What is given, shape (g,).
        cost: What it costs us, NaN not known, shape (g,).
        day: Day of the event, NaT not known, shape (g,).
        until: Last day on which it can be granted, NaT without end, shape (g,).
        expires: Last day on which it can be used, NaT without end, shape (g,).
        occasion: Rule and what it is for, shape (g,).
    """

    customer: Rows
    rule_type: TextArray
    trigger: TextArray
    per_order: BoolArray
    is_message: BoolArray
    text: TextArray
    cost: FloatArray
    day: DateArray
    until: DateArray
    expires: DateArray
    occasion: TextArray

    @classmethod
    def of(cls, decisions: Decisions, rules: Table | None) -> "Granted":
        """Gather what was decided."""
        types: dict[str, str] = {}
        if rules is not None:
            pairs = zip(rules.values("rule_id"), rules.values("rule_type"), strict=True)
            types = {str(rule_id): str(kind) for rule_id, kind in pairs}
        parts = [_of_rule(one, types) for one in decisions.by_rule if one.awards.size]
        return cls(*(_gathered(parts, each.name) for each in fields(cls)))

    @property
    def size(self) -> int:
        """Return how many there are."""
        return int(self.customer.size)

    def rows(self, chosen: Rows) -> "Granted":
        """Return some of them, in this order."""
        return Granted(*(getattr(self, each.name)[chosen] for each in fields(self)))

    def birthdays(self) -> tuple[Rows, DateArray]:
        """Return who has an offer for a birthday that still counts, and that day."""
        rows = np.flatnonzero(self.trigger == Birthday.code)
        return self.customer[rows], self.day[rows]

    def thanks(self) -> "Granted":
        """Return what rules of the type Thank-you grant; that for a birthday goes with it."""
        wanted = (self.rule_type == THANK_YOU) & (self.trigger != Birthday.code)
        return self.rows(np.flatnonzero(wanted))

    def for_birthdays(self) -> "Granted":
        """Return what is given for birthdays."""
        return self.rows(np.flatnonzero(self.trigger == Birthday.code))

    def for_slipping(self) -> "Granted":
        """Return the offers to somebody who stays away, those made for that first."""
        wanted = (self.rule_type == OFFER) & (self.trigger != Birthday.code) & ~self.per_order
        rows = np.flatnonzero(wanted)
        return self.rows(rows[np.argsort(self.trigger[rows] != Passive.code, kind="stable")])

    def given_to(self, actions: Actions, which: Rows) -> Actions:
        """Return actions that offer each what stands at `which`, nothing where that is NONE."""
        if not self.size:
            return actions
        has = which != NONE
        return replace(
            actions,
            offer=np.where(has, self.text[which], "").astype(object),
            offer_cost=np.where(has, self.cost[which], np.nan),
            offer_until=np.where(has, self.expires[which], NO_DAY),
            is_message=np.where(has, self.is_message[which], False),  # noqa: FBT003 - a value
        )

    def shared_out(self, actions: Actions) -> Actions:
        """Return actions with the first offer of a person in the first action, and so on."""
        keys = pd.Index(_turns(self.customer))
        return self.given_to(actions, keys.get_indexer(pd.Index(_turns(actions.customer))))


def _turns(customer: Rows) -> IntArray:
    """Return one number for each person and time that it stands there, shape of customer."""
    order = np.argsort(customer, kind="stable")
    turn = np.empty(customer.size, np.int64)
    turn[order] = running_count(customer[order])
    return customer.astype(np.int64) * MOST + turn


def _of_rule(one: Decision, types: Mapping[str, str]) -> dict[str, Column]:
    awards, rule = one.awards, one.rule
    goes = np.flatnonzero(~awards.waits)
    cost = awards.cost_cents / CENTS if rule.cost_is_known else np.full(awards.size, np.nan)
    columns = {
        "customer": awards.customer,
        "rule_type": np.full(awards.size, types.get(rule.rule_id, ""), dtype=object),
        "trigger": np.full(awards.size, rule.trigger.code, dtype=object),
        "per_order": np.full(awards.size, rule.trigger.per_order),
        "is_message": np.full(awards.size, not rule.gives_points),
        "text": award_texts(one),
        "cost": cost,
        "day": awards.day.astype("datetime64[D]"),
        "until": one.ends,
        "expires": awards.expires_on.astype("datetime64[D]"),
        "occasion": f"{rule.rule_id} " + awards.reference.astype(object),
    }
    return {name: values[goes] for name, values in columns.items()}


_NONE = {
    "customer": np.empty(0, np.intp),
    "per_order": np.empty(0, bool),
    "is_message": np.empty(0, bool),
    "cost": np.empty(0),
    **dict.fromkeys(("day", "until", "expires"), np.empty(0, "datetime64[D]")),
    **dict.fromkeys(("rule_type", "trigger", "text", "occasion"), np.empty(0, dtype=object)),
}


def _gathered(parts: list[dict[str, Column]], name: str) -> Column:
    return np.concatenate([_NONE[name], *(part[name] for part in parts)])
