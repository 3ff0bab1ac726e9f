"""How long a call for one cell takes from Python: of single cells, and of cells and a large table.

    python benchmarks/calls.py [ROWS]

A large table has ROWS rows (100,000). "first" reads it; "then" is each later cell that hands over
the same range; "anew" is one whose range is equal but was handed over anew, as a spreadsheet does,
so that it has to be known again by its cells.
"""

import sys
from datetime import date
from statistics import median
from time import perf_counter

from xlclv.functions import ALIVE, BY_NAME, FIT, FUNCTIONS
from xlclv.hosts.answer import answer

ROWS = 100_000
TIMES = 300
DAY = date(2026, 6, 30)
Range = tuple[tuple[object, ...], ...]


def main(rows: int) -> None:
    """Print one line per function."""
    print(f"{'single cells':22}{'µs':>8}")
    took = [of_cells(function.name) for function in FUNCTIONS if takes_cells(function.name)]
    print(f"{'median, slowest':22}{median(took):>8.1f}{max(took):>8.1f}\n")
    print(f"{f'{rows:,} rows':22}{'first ms':>10}{'then µs':>10}{'anew ms':>10}")
    of_tables(rows)


def takes_cells(name: str) -> bool:
    """Say whether the function answers row by row from cells alone."""
    function = BY_NAME[name]
    return function.shape == "rows" and not any(each.is_table for each in function.arguments)


def of_cells(name: str) -> float:
    """Print the microseconds of a call with the cells of the example, the fastest of many."""
    best = fastest(name, BY_NAME[name].example.given)
    print(f"{name:22}{best:>8.1f}")
    return best


def fastest(name: str, cells: tuple[object, ...], times: int = TIMES) -> float:
    """Return the microseconds of a call: the fastest, as others use the processor too."""
    function, best = BY_NAME[name], float("inf")
    for _ in range(times):
        start = perf_counter()
        answer(function, cells)
        best = min(best, perf_counter() - start)
    return best * 1e6


def of_tables(rows: int) -> None:
    """Print the first call, a later one, and one with an equal range."""
    customers = rows // 5
    ids = [f"C{number:06}" for number in range(customers)]
    orders = (
        ("Customer id", "Order date", "Amount net"),
        *(
            (ids[row % customers], 45_000.0 + row * 7 % 1200, 10.0 + row % 90)
            for row in range(rows)
        ),
    )
    ledger = (
        ("Customer id", "Date", "Points", "State"),
        *((*order[:2], 10.0, "active") for order in orders[1:]),
    )
    tiers = (("Tier", "Measure", "Enter at"), ("Mid", "Net spend", 90.0), ("Low", "Net spend", 0.0))
    values = (("Tier", "Enter at"), ("Mid", 100.0), ("Low", 0.0))
    rules = (
        ("Rule id", "Name", "Type", "When", "Only tiers", "Reward", "Cost each"),
        ("R1", "Gift", "Perk", "Tier reached", "Mid", "Free gift", 4.5),
    )
    people = (("Customer id",), *((name,) for name in ids))
    calls: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("CLV_TIER", (250.0, values)),
        ("CLV_POINTS", (ids[7], ledger, DAY)),
        ("CLV_LOYALTY_TIER", (ids[7], orders, tiers, DAY)),
        ("CLV_REWARD_WHY", (ids[7], "R1", people, orders, rules, tiers, DAY)),
        ("CLV_P_ALIVE", ALIVE),
        ("CLV_EXPECTED_ORDERS", (*ALIVE, 39)),
        ("CLV_DERT", (*ALIVE, 0.0027)),
        ("CLV_ORDER_CHANCE", (FIT, 0, 39)),
    )
    for name, cells in calls:
        first = fastest(name, cells, times=1) / 1e3
        equal = tuple(list(cell) if isinstance(cell, tuple) else cell for cell in cells)
        anew = fastest(name, equal, times=5) / 1e3
        print(f"{name:22}{first:>10.1f}{fastest(name, cells):>10.1f}{anew:>10.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
