"""How long an export of 541,909 lines takes to the finished workbook, and where the time goes.

The log is made up in the layout of the most used public retail log: quantity and unit price,
cancelled invoices with negative quantities, a quarter of the lines without a customer. With the
folder of another version as argument, that version refreshes the same log beside (it may need
another way to say that prices are per piece: it is then given amounts).
"""

import cProfile
import os
import pstats
import resource
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from xlclv import RefreshRequest, refresh_book

LINES, STRANGERS, CANCELLED = 541_909, 135_080, 9_288
# The steps as functions of the product, by the part of the path and the name.
STEPS = {
    "read the file": ("csvfile.py", "read_csv"),
    "find out what it means": ("understand.py", "understand"),
    "compute": ("results.py", "compute"),
    "write the workbook": ("files.py", "save_atomically"),
}


def retail_log() -> pd.DataFrame:
    """Return the made-up log."""
    random = np.random.default_rng(2011)
    invoices = np.sort(random.integers(0, 25_900, LINES))
    customer = random.integers(12_346, 18_288, 25_900)[invoices]
    stranger = np.isin(invoices, np.unique(invoices)[: len(np.unique(invoices)) // 4])
    stranger[np.flatnonzero(stranger)[STRANGERS:]] = False
    product = random.integers(0, 4_070, LINES)
    price = (random.gamma(1.5, 2.5, 4_070) + 0.19).round(2)[product]
    quantity = random.geometric(0.12, LINES)
    cancelled = np.isin(invoices, random.choice(25_900, 25_900 * CANCELLED // LINES, replace=False))
    day = pd.Timestamp("2010-12-01 08:26") + pd.to_timedelta(invoices * 20, unit="min")
    number = np.where(cancelled, "C", "") + (536_365 + invoices).astype(str).astype(object)
    return pd.DataFrame(
        {
            "InvoiceNo": number,
            "StockCode": (20_000 + product).astype(str),
            "Description": np.char.add("ITEM ", product.astype(str)),
            "Quantity": np.where(cancelled, -quantity, quantity),
            "InvoiceDate": pd.Series(day).dt.strftime("%m/%d/%Y %H:%M"),
            "UnitPrice": price,
            "CustomerID": pd.Series(customer).where(~stranger).astype("Int64"),
            "Country": "United Kingdom",
        }
    )


def seconds(command: list[str], folder: str | None = None) -> tuple[float, float]:
    """Return the seconds of user and system time of a command, and its peak of memory in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    home = {} if folder is None else {"PYTHONPATH": folder}
    done = subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, check=False, env={**os.environ, **home}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not Path(command[-2]).exists():
        raise SystemExit(done.stderr.decode() or done.stdout.decode())
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, after.ru_maxrss / 1024


def shares(path: Path, out: Path) -> None:
    """Print which share of a refresh each step takes."""
    watch = cProfile.Profile()
    request = RefreshRequest(path, out, replace_out=True)
    watch.runcall(refresh_book, request, datetime(2011, 12, 10))  # noqa: DTZ001 - a label only
    stats = pstats.Stats(watch)
    whole = stats.total_tt  # type: ignore[attr-defined]
    for step, (file, name) in STEPS.items():
        spent = max(
            (
                values[3]
                for (source, _, function), values in stats.stats.items()  # type: ignore[attr-defined]
                if function == name and source.endswith(file)
            ),
            default=0.0,
        )
        print(f"  {step:<26}{spent / whole:>6.0%}")


def main() -> None:
    """Print the time of this version, of another beside it, and the share of each step."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "retail.csv", Path(folder) / "out.xlsx"
        log = retail_log()
        log.to_csv(path, index=False)
        run = [sys.executable, "-m", "xlclv", "refresh", str(path), "--dates", "mdy"]
        run += ["-o", str(out)]
        here, memory = seconds([*run, "--replace"])
        print(f"{LINES:,} lines to a workbook: {here:.1f} s of processor time, {memory:.0f} MB")
        shares(path, out)
        if len(sys.argv) > 1:
            amounts = Path(folder) / "amounts.csv"
            log = log.assign(Amount=(log["Quantity"] * log["UnitPrice"]).round(2))
            log.drop(columns=["Quantity", "UnitPrice"]).to_csv(amounts, index=False)
            run[4] = str(amounts)
            there, more = seconds([*run, "--replace"], sys.argv[1])
            print(f"{sys.argv[1]}: {there:.1f} s, {more:.0f} MB, {there / here:.1f}x")


if __name__ == "__main__":
    main()
