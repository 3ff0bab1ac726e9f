"""The reward functions of a sheet: tables in, decisions out."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from xlclv.columns import as_date
from xlclv.customers.people import people
from xlclv.errors import InputError
from xlclv.rewards.conditions.fields import facts_of
from xlclv.rewards.engine.decisions import Decisions
from xlclv.rewards.engine.eligibility import decide
from xlclv.rewards.facts import Facts
from xlclv.rewards.known import Known, known_of
from xlclv.rewards.listing import reasons_of, reward_list
from xlclv.rewards.rules.table import read_rules, restarts_of
from xlclv.rewards.scene.history import History, Policy, entry_tiers, known_sources
from xlclv.segments.placing import Placing
from xlclv.segments.tiers import Tiers, read_tiers
from xlclv.settings import Settings
from xlclv.tables import Table, remembered
from xlclv.terms import Frame, one_day


def decide_all(
    known: Known, tiers: Tiers, placing: Placing, rule_table: Table, policy: Policy, facts: Facts
) -> Decisions:
    """Decide a rule table for all customers.

    Args:
        known: The customers and their past.
        tiers: The tiers.
        placing: Where the customers stand.
        rule_table: Reward rules.
        policy: What the settings say.
        facts: What rules may ask about the customers.
    """
    history = History.of(known, tiers, placing)
    names = [str(name) for name in tiers.names]
    sources = known_sources(facts, history)
    rules = read_rules(rule_table, names, facts.labels(), sources, entry_tiers(tiers))
    return decide(facts, rules, known.everybody.as_of, history, policy)


@remembered(4)
def _decide(
    customers: Table,
    orders: Table,
    rule_table: Table,
    tier_table: Table,
    day: np.datetime64,
    ledger: Table | None,
    feedback: Table | None,
) -> Decisions:
    tiers = read_tiers(tier_table)
    restarts = restarts_of(rule_table, tiers)
    everybody = people(orders, customers, Settings(as_of=as_date(day)))
    known = known_of(everybody, ledger, feedback, restarts)
    placing = known.placed(tiers)
    return decide_all(known, tiers, placing, rule_table, Policy(), facts_of(known, placing.tier))


@remembered(4)
def _first_rows(customers: Table, *rest: Any) -> Mapping[str, int]:  # noqa: ANN401 - as `_decide`
    """Return the row of each customer, of one who is there twice the first."""
    ids = _decide(customers, *rest).facts.customer_id
    return {name: row for row, name in reversed([*enumerate(ids.tolist())])}


def reward_table(
    customers: Table,
    orders: Table,
    rule_table: Table,
    tier_table: Table,
    as_of: ArrayLike,
    show: str = "eligible",
    ledger: Table | None = None,
    feedback: Table | None = None,
) -> Frame:
    """Who gets which reward on a day, and why (not): one row per customer and reward.

    What the ledger holds is not given again. A rule at fault, or one whose table is missing,
    decides nothing; CLV_CHECK lists it. CLV counts revenue over 3 years unless the customer
    table has columns for margin and lifespan, and a point costs 0.01.

    Args:
        customers: Customer table.
        orders: Order table.
        rule_table: Reward rules.
        tier_table: Tiers.
        as_of: The day.
        show: "eligible" lists rewards granted, "all" also those refused.
        ledger: Points and rewards booked; left out: none so far.
        feedback: Feedback; left out: rules that ask for surveys or NPS are not evaluated.

    Returns:
        Columns customer_id, rule_id, eligible, reason, reward, cost, expires.

    Raises:
        InputError: A table lacks a required column.
        NotEnoughData: There is no customer.
    """
    day = one_day(as_of=as_of)
    return reward_list(
        _decide(customers, orders, rule_table, tier_table, day, ledger, feedback), show
    )


def reward_why(
    customer_id: str,
    rule_id: str,
    customers: Table,
    orders: Table,
    rule_table: Table,
    tier_table: Table,
    as_of: ArrayLike,
    ledger: Table | None = None,
    feedback: Table | None = None,
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
        ledger: Points and rewards booked; left out: none so far.
        feedback: Feedback; left out: rules that ask for surveys or NPS are not evaluated.

    Returns:
        One sentence; for a rule at fault or not evaluated yet, its status.

    Raises:
        InputError: There is no such customer or rule, or a table lacks a required column.
    """
    given = (customers, orders, rule_table, tier_table, one_day(as_of=as_of), ledger, feedback)
    decisions, first_row = _decide(*given), _first_rows(*given)
    row = first_row.get(str(customer_id).strip())
    if row is None:
        raise InputError("no_such_customer", value=str(customer_id))
    for decision in decisions.by_rule:
        if decision.rule.rule_id.casefold() == str(rule_id).strip().casefold():
            return str(reasons_of(decision, np.array([row]))[0])
    for rule in decisions.rules.rows:
        if rule.rule_id.casefold() == str(rule_id).strip().casefold():
            return rule.status
    raise InputError("no_such_rule", value=str(rule_id))
