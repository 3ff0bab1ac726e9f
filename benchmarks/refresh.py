"""How long a refresh takes, step by step, beside the usual way to do the same with a peer.

Peers: pandas (groupby) for the customer summary, pandas.to_excel (XlsxWriter, cell by cell) for
writing the values. One process, the best of three runs, the same data.
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from xlclv.customers.log import order_log
from xlclv.customers.summary import customers_of
from xlclv.refresh.refresh import RefreshRequest, refresh

AS_OF = np.datetime64("2026-06-30")
RUNS = 3


def orders(rows: int) -> pd.DataFrame:
    """Return a made-up order log with 4.5 orders per customer."""
    random = np.random.default_rng(7)
    customers = random.integers(0, max(rows * 2 // 9, 1), rows)
    return pd.DataFrame(
        {
            "order_id": np.arange(rows),
            "customer_id": np.char.add("C", customers.astype(str)).astype(object),
            "order_date": AS_OF - random.integers(0, 1200, rows).astype("timedelta64[D]"),
            "amount": random.gamma(2, 30, rows).round(2),
        }
    )


def best(run: Callable[..., object], *arguments: object) -> float:
    """Return the seconds of the fastest run."""
    times = []
    for _ in range(RUNS):
        gc.collect()
        start = time.perf_counter()
        run(*arguments)
        times.append(time.perf_counter() - start)
    return min(times)


def summary_here(log: pd.DataFrame) -> object:
    """Summarise with xlclv."""
    ids, days = log["customer_id"].to_numpy(object), log["order_date"].to_numpy()
    return customers_of(order_log(ids, days, log["amount"].to_numpy(), AS_OF))


def summary_pandas(log: pd.DataFrame) -> object:
    """Summarise with pandas: one order per customer and day, then per customer."""
    days = log.groupby(["customer_id", "order_date"], sort=False)["amount"].sum().reset_index()
    by_customer = days.groupby("customer_id", sort=False)
    return by_customer.agg(
        first=("order_date", "min"),
        last=("order_date", "max"),
        orders=("order_date", "size"),
        revenue=("amount", "sum"),
    )


def main() -> None:
    """Print a table per size."""
    sizes = [int(text) for text in sys.argv[1:]] or [10_000, 100_000]
    print(f"{'orders':>9}  {'step':<34}{'xlclv':>9}{'peer':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            log = orders(rows)
            path, out, peer = (Path(folder) / name for name in ("log.csv", "out.xlsx", "peer.xlsx"))
            log.to_csv(path, index=False)
            order = RefreshRequest(path, out, replace_out=True)
            here, there = best(summary_here, log), best(summary_pandas, log)
            line(rows, "log to customers (pandas groupby)", here, there)
            stamp = datetime(2026, 7, 1)  # noqa: DTZ001 - only a label in the History
            whole = best(refresh, order, stamp)
            plain = best(naive, path, peer)
            line(rows, "CSV to workbook (pandas to_excel)", whole, plain)


def naive(path: Path, out: Path) -> None:
    """Read, summarise and write with pandas: the two bare tables, nothing else."""
    log = pd.read_csv(path, parse_dates=["order_date"])
    with pd.ExcelWriter(out, engine="xlsxwriter") as writer:
        log.to_excel(writer, sheet_name="Orders", index=False)
        summary_pandas(log).to_excel(writer, sheet_name="Customers")  # type: ignore[attr-defined]


def line(rows: int, step: str, here: float, there: float) -> None:
    """Print one row of the table."""
    print(f"{rows:>9,}  {step:<34}{here:>8.3f}s{there:>8.3f}s{there / here:>7.1f}x")


if __name__ == "__main__":
    main()
