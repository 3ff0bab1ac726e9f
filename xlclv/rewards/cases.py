"""Does a reward pay, and what is left of its budget."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from xlclv.customers.orders import CENTS, to_cents
from xlclv.errors import InputError
from xlclv.rewards.figures import exact
from xlclv.rewards.ledger.entries import sums
from xlclv.tables import Table
from xlclv.terms import Frame, IntArray, TextArray, numbers


def referral(
    referrals: ArrayLike,
    conversion: ArrayLike,
    new_clv: ArrayLike,
    referrer_reward: ArrayLike,
    friend_reward: ArrayLike,
    margin: ArrayLike = 1,
) -> Frame:
    """Business case of a referral reward: friends won, cost, gain, highest reward that pays.

    Both rewards are paid for each friend who buys, and for nobody else.

        wins = referrals * conversion
        gain = wins * (new_clv * margin - referrer_reward - friend_reward)

    Args:
        referrals: People referred, >= 0, shape (n,) or one number, as all arguments.
        conversion: Share of them who buy, 0 to 1.
        new_clv: CLV of a customer won, money, before these rewards.
        referrer_reward: What the reward of the referrer costs us, money, >= 0.
        friend_reward: What the reward of the friend costs us, money, >= 0.
        margin: Profit per money of CLV where the CLV is revenue, -1 to 1; 1 where it is profit.

    Returns:
        A row per case: wins (count), cost, won_value, net_gain (money), highest_reward (money
        for both together at which the gain is 0).

    Raises:
        InputError: A value is outside the range above.

    >>> case = referral(200, 0.25, 90, 10, 5, margin=0.4)
    >>> {name: float(column[0]) for name, column in case.items()}
    {'wins': 50.0, 'cost': 750.0, 'won_value': 1800.0, 'net_gain': 1050.0, 'highest_reward': 36.0}
    """
    referred, share, worth, referrer, friend, profit = map(
        np.atleast_1d,
        numbers(
            referrals=referrals,
            conversion=conversion,
            new_clv=new_clv,
            referrer_reward=referrer_reward,
            friend_reward=friend_reward,
            margin=margin,
        ),
    )
    wins = referred * share
    cost, value = wins * (referrer + friend), wins * worth * profit
    return {
        "wins": wins,
        "cost": cost,
        "won_value": value,
        "net_gain": value - cost,
        "highest_reward": worth * profit,
    }


def reward_budget(rewards: Table, rule_table: Table, redemption: float = 1) -> Frame:
    """Budget of each rule against what is due by CLV_REWARDS: count, cost, budget, what is left.

    Args:
        rewards: What CLV_REWARDS spilled; rows that are not eligible do not count.
        rule_table: Reward rules.
        redemption: Share of the rewards granted that are used, 0 to 1.

    Returns:
        A row per rule in the order of the table: rule_id, rule_name, grants (count), cost
        (money, expected; a reward whose cost is not known costs 0), budget and left (money; NaN
        without a budget), used_share (cost / budget; NaN without a budget above 0).

    Raises:
        InputError: A table lacks a column or has a fault in a cell that counts, a rule stands in
            the rule table twice, or a reward is of no rule of the table.
    """
    (share,) = numbers(redemption=redemption)
    _refuse_faults(rewards, ("rule_id", "eligible", "cost"))
    _refuse_faults(rule_table, ("rule_id", "rule_name", "budget"))
    rules = rule_table.values("rule_id")
    at = _rule_of(rewards, rules)
    eligible = rewards.values("eligible", default=False)
    given = to_cents(np.nan_to_num(rewards.values("cost")))
    total = sums(given[eligible], at[eligible], rules.size)
    cost = np.array([_used(of_rule, exact(float(share))) for of_rule in total], np.int64)
    budget = rule_table.values("budget")
    return {
        "rule_id": rules,
        "rule_name": rule_table.values("rule_name"),
        "grants": np.bincount(at[eligible], minlength=rules.size).astype(float),
        "cost": cost / CENTS,
        "budget": budget,
        "left": np.where(np.isnan(budget), np.nan, to_cents(np.nan_to_num(budget)) - cost) / CENTS,
        "used_share": cost / CENTS / np.where(budget > 0, budget, np.nan),
    }


def _used(total: np.int64, share: Decimal) -> int:
    """Return a share of a sum in cents, half a cent up."""
    return int((int(total) * share).to_integral_value(ROUND_HALF_UP))


def _refuse_faults(table: Table, names: Sequence[str]) -> None:
    """Raise the first fault in one of these columns."""
    for fault in table.faults:
        if fault.name in names:
            raise InputError("table_fault", fault=str(fault))


def _rule_of(rewards: Table, rules: TextArray) -> IntArray:
    """Return the row of the rule table that each reward is of, shape (n,)."""
    known = pd.Index([rule_id.casefold() for rule_id in rules], dtype=object)
    ids = rewards.values("rule_id")
    if known.has_duplicates:
        twice = int(np.flatnonzero(known.duplicated())[0])
        raise InputError("rule_id_twice", value=rules[twice])
    at: IntArray = known.get_indexer(pd.Index([one.casefold() for one in ids], dtype=object))
    if (at < 0).any():
        row = int(np.flatnonzero(at < 0)[0])
        cell = rewards.raw.where.cell(rewards.index["rule_id"], int(rewards.used[row]))
        listed = ", ".join(rules)
        raise InputError("reward_of_no_rule", cell=cell, value=ids[row], expected=listed)
    return at
