"""Tiers, orders and standings for the tests, written the way a user fills in cells."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from xlclv.customers.lines import read_lines
from xlclv.customers.orders import Orders, single_orders
from xlclv.segments.loyalty import NONE, Standing, standing
from xlclv.segments.tiers import Tiers, read_tiers
from xlclv.tables import ORDERS, TIERS, RawTable, Table, TableSpec, read_table

LAST = "2030-12-31"  # of every log, so that as_of alone decides
Row = tuple[object, ...]
NAMES = ["Basic", "Silver", "Gold"]


def table(spec: TableSpec, names: Sequence[str], *rows: Row) -> Table:
    return read_table(
        RawTable(list(names), [list(cells) for cells in zip(*rows, strict=True)]), spec
    )


def order_table(*rows: Row, names: str = "customer_id order_date amount_net") -> Table:
    return table(ORDERS, names.split(), *rows)


def history(*rows: Row, names: str = "order_date amount_net") -> Orders:
    """Return the orders of one customer."""
    found = order_table(*(("c", *row) for row in rows), names=f"customer_id {names}")
    lines = read_lines(found, np.datetime64(LAST))
    return single_orders(lines, lines.log())


def tiers(
    *, enter: Sequence[float] = (1, 100, 300), measure: str = "Net spend", **policy: object
) -> Tiers:
    """Return Basic, Silver and Gold with one policy, 12 months by default."""
    columns = {
        "tier": NAMES[: len(enter)],
        "enter_at": list(enter),
        "measure": [measure] * len(enter),
        "window": ["Rolling 12 months"] * len(enter),
    }
    for name, cell in policy.items():
        columns[name] = list(cell) if isinstance(cell, list) else [cell] * len(enter)
    return read_tiers(read_table(RawTable(list(columns), list(columns.values())), TIERS))


def on(chosen: Tiers, orders: Orders, day: str, **given: str) -> Standing:
    """Return how things stand with the one customer on a day."""
    current = np.array([given.get("current", "")], dtype=object)
    since = np.array([given.get("since", "NaT")], dtype="datetime64[D]")
    return standing(chosen, orders, 1, np.datetime64(day), current=current, since=since)


def name(rank: int) -> str:
    return "-" if rank == NONE else NAMES[rank]


def told(chosen: Tiers, orders: Orders, days: Sequence[str], **given: str) -> list[str]:
    return [name(int(on(chosen, orders, day, **given).rank[0])) for day in days]


def check_days(chosen: Tiers, orders: Orders, expected: dict[str, str], **given: str) -> None:
    days = list(expected)
    assert dict(zip(days, told(chosen, orders, days, **given), strict=True)) == expected


AT_ONCE: Any = {"valid_months": 0, "round_up_to": "none", "grace_days": 0}
LONG_AGO = history(("2024-01-10", 500))
