"""The reward functions of a sheet: tables in, decisions out."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from xlclv.columns import as_date
from xlclv.customers.people import People, people
from xlclv.errors import InputError
from xlclv.rewards.eligibility import Decisions, decide
from xlclv.rewards.facts import Facts
from xlclv.rewards.listing import reasons_of, reward_list
from xlclv.rewards.rules import read_rules
from xlclv.segments.placing import place
from xlclv.segments.tiers import read_tiers
from xlclv.settings import Settings
from xlclv.tables import Table
from xlclv.terms import Frame, TextArray, dates
from xlclv.words import words

YEAR = "Rolling 12 months"


def facts_of(everybody: People, tier: TextArray) -> Facts:
    """Return what rules may ask about each customer."""
    known: dict[str, Any] = {
        "tier": tier,
        "segment": everybody.fact("segment"),
        "channel": everybody.fact("acq_channel"),
        "status": np.where(
            np.isin(everybody.status.astype(str), words("choices.status")), everybody.status, ""
        ),
        "tags": everybody.fact("tags"),
        "clv": everybody.clv,
        "net_clv": everybody.clv,
        "orders_life": everybody.orders,
        "spend_life": everybody.revenue,
        "avg_order": everybody.avg_value,
        "first_order": everybody.first,
        "last_order": everybody.last,
        "birth_date": everybody.fact("birth_date"),
        "opt_in": everybody.fact("opt_in", default=True),
    }
    if everybody.log is not None:
        known |= {"orders_12m": everybody.order_count(YEAR), "spend_12m": everybody.spend(YEAR)}
    if everybody.table is not None and everybody.table.has("newsletter"):
        asked = everybody.fact("newsletter").astype(object)
        asked[~_answered(everybody)] = None
        known["newsletter"] = asked
    return Facts.of(everybody.ids, **known)


def _answered(everybody: People) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Say whose newsletter cell is filled in."""
    answered = np.zeros(everybody.size, bool)
    if everybody.table is not None:
        known = everybody.sheet_row >= 0
        filled = ~everybody.table.blank("newsletter")
        answered[known] = filled[everybody.sheet_row[known]]
    return answered


def _decide(
    customers: Table, orders: Table, rule_table: Table, tier_table: Table, as_of: ArrayLike
) -> Decisions:
    (days,) = dates(as_of=as_of)
    day: np.datetime64 = days[()]  # type: ignore[assignment]  # an array of no dimension
    everybody = people(orders, customers, Settings(as_of=as_date(day)))
    tiers = read_tiers(tier_table)
    facts = facts_of(everybody, place(everybody, tiers).tier)
    rules = read_rules(rule_table, [str(name) for name in tiers.names], facts.labels())
    return decide(facts, rules, day)


def reward_table(
    customers: Table,
    orders: Table,
    rule_table: Table,
    tier_table: Table,
    as_of: ArrayLike,
    show: str = "eligible",
) -> Frame:
    """Who gets which reward on a day, and why (not): one row per customer and rule.

    A rule at fault, or one that needs what is not computed yet, decides nothing; CLV_CHECK
    lists it. CLV counts revenue over 3 years unless the customer table has columns for margin
    and lifespan.

    Args:
        customers: Customer table.
        orders: Order table.
        rule_table: Reward rules.
        tier_table: Tiers.
        as_of: The day.
        show: "eligible" lists rewards granted, "all" also those refused.

    Returns:
        Columns customer_id, rule_id, eligible, reason, reward, cost, expires.

    Raises:
        InputError: A table lacks a required column.
        NotEnoughData: There is no customer.
    """
    return reward_list(_decide(customers, orders, rule_table, tier_table, as_of), show)


def reward_why(
    customer_id: str,
    rule_id: str,
    customers: Table,
    orders: Table,
    rule_table: Table,
    tier_table: Table,
    as_of: ArrayLike,
) -> str:
    """Why a customer gets a reward, or the first condition that stands in the way, in words.

    Args:
        customer_id: The customer.
        rule_id: The rule.
        customers: Customer table.
        orders: Order table.
        rule_table: Reward rules.
        tier_table: Tiers.
        as_of: The day.

    Returns:
        One sentence; for a rule at fault or not evaluated yet, its status.

    Raises:
        InputError: There is no such customer or rule, or a table lacks a required column.
    """
    decisions = _decide(customers, orders, rule_table, tier_table, as_of)
    rows = np.flatnonzero(decisions.facts.customer_id == str(customer_id).strip())
    if not rows.size:
        raise InputError("no_such_customer", value=str(customer_id))
    for decision in decisions.by_rule:
        if decision.rule.rule_id.casefold() == str(rule_id).strip().casefold():
            return str(reasons_of(decision, rows[:1])[0])
    for row in decisions.rules.rows:
        if row.rule_id.casefold() == str(rule_id).strip().casefold():
            return row.status
    raise InputError("no_such_rule", value=str(rule_id))
