"""How long the reward engine takes for many customers and rules, beside a plain loop.

Usage: python benchmarks/rewards.py [CUSTOMERS ...]

Ten orders per customer; thirty rules, ten of them for orders. No library decides rewards from
tables, so the peer is what one would write by hand: points per order as Decimals, one order after
the other, which is one rule of the thirty.
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
import pandas as pd

from xlclv.customers.people import people
from xlclv.rewards.conditions.fields import facts_of
from xlclv.rewards.functions import decide_all
from xlclv.rewards.known import known_of
from xlclv.rewards.posting import postings
from xlclv.rewards.scene.history import Policy
from xlclv.segments.tiers import read_tiers
from xlclv.settings import Settings
from xlclv.tables import ORDERS, RULES, TIERS, RawTable, Table, TableSpec, read_table

SIZES = (1_000, 10_000, 100_000)
ORDERS_EACH = 10
TODAY = date(2026, 6, 30)
AS_OF = np.datetime64(TODAY)
TIER_ROWS: list[dict[str, object]] = [
    {"tier": name, "measure": "Net spend", "enter_at": enter_at, "points_factor": factor}
    for name, enter_at, factor in (("Bronze", 0, 1), ("Silver", 300, 1.25), ("Gold", 700, 1.5))
]


def rule_rows() -> list[dict[str, object]]:
    """Return thirty rules of all kinds."""
    rows: list[dict[str, object]] = []
    for number in range(10):
        rows.append({"trigger": "Order", "reward": "Points per money", "reward_value": 1 + number})
        rows.append(
            {
                "trigger": ("Tenure", "Nth order")[number % 2],
                "trigger_value": 1 + number,
                "reward": "Free gift",
                "cost_each": "2",
                "budget": 500,
                "budget_per": "Month",
            }
        )
        rows.append(
            {
                "trigger": "Date range",
                "reward": "Note",
                "cost_each": "0.5",
                "only_tiers": "Silver; Gold",
                "max_times": 1,
                "max_per": "Year",
                "field_1": "Orders 12m",
                "test_1": "≥",
                "value_1": str(number),
            }
        )
    for number, row in enumerate(rows):
        row |= {"rule_id": f"R{number:02d}", "rule_name": f"Rule {number}", "priority": number}
        row |= {"together": "Best of group", "group": f"g{number % 7}"}
    return rows


def table(spec: TableSpec, rows: list[dict[str, object]]) -> Table:
    """Return rows as a table."""
    columns = [[row.get(name) for row in rows] for name in spec.columns]
    return read_table(RawTable(spec.columns, columns), spec)


def orders(customers: int) -> Table:
    """Return a made-up order log of two years."""
    random = np.random.default_rng(5)
    size = customers * ORDERS_EACH
    days = AS_OF - random.integers(0, 730, size).astype("timedelta64[D]")
    columns: list[Any] = [
        np.array([f"o{number}" for number in range(size)], dtype=object),
        np.array([f"c{number}" for number in random.integers(0, customers, size)], dtype=object),
        pd.Series(days).dt.date.to_numpy(),
        random.gamma(2, 25, size).round(2),
    ]
    names = ("order_id", "customer_id", "order_date", "amount_net")
    return read_table(RawTable(names, columns), ORDERS)


def plain_points(amounts: list[float]) -> int:
    """Return the points of orders the plain way: one Decimal after the other."""
    total = Decimal(0)
    for amount in amounts:
        total += (Decimal(repr(amount)) * Decimal(1)).to_integral_value(ROUND_FLOOR)
    return int(total)


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of a run and its result."""
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def main() -> None:
    """Print a table per size."""
    rules, tiers = table(RULES, rule_rows()), read_tiers(table(TIERS, TIER_ROWS))
    for size in [int(text) for text in sys.argv[1:]] or SIZES:
        log = orders(size)
        everybody = people(log, None, Settings(as_of=TODAY))
        seconds = {}
        seconds["single orders, ledger"], known = timed(lambda: known_of(everybody))  # noqa: B023
        seconds["tiers over time"], placing = timed(lambda: known.placed(tiers))  # noqa: B023
        facts = facts_of(known, placing.tier)
        seconds["30 rules decided"], decisions = timed(
            lambda: decide_all(known, tiers, placing, rules, Policy(), facts)  # noqa: B023
        )
        seconds["rows of the ledger"], due = timed(lambda: postings(decisions))  # noqa: B023
        amounts = log.values("amount_net").tolist()
        loop, _ = timed(lambda: plain_points(amounts))  # noqa: B023
        print(f"\n{size:,} customers, {log.rows:,} orders, {due['points'].size:,} awards")
        for step, took in seconds.items():
            print(f"  {step:<24}{took:>8.2f} s")
        a_rule = seconds["30 rules decided"] / rules.rows
        print(f"  a rule, on average      {a_rule:>8.2f} s   a plain loop for one {loop:>6.2f} s")
        print(f"  ratio per rule          {loop / a_rule:>8.1f}x")


if __name__ == "__main__":
    main()
