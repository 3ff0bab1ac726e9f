"""Do all processors give the same forecast? Run it on each kernel of the linear algebra library.

Usage: python tools/kernels.py [--one]

OpenBLAS, which numpy and scipy bring, has code of its own for each kind of processor; they add up
in different orders and so differ in the last digits. OPENBLAS_CORETYPE picks one, and is set for a
child process only. Kernels that this processor cannot run are left out. The largest relative
difference of any figure (parameters, expected orders, spend and CLV, on the CDNOW sample and on the
sample shop; plan, trend, back-tests and ranges of made-up shops) is printed; beyond 1e-6, or where
verdicts differ, the exit code is 1.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).parent.parent
X86 = (
    *("Prescott", "Core2", "Nehalem", "Sandybridge", "Haswell", "SkylakeX", "Cooperlake"),
    *("Sapphirerapids", "Barcelona", "Bulldozer", "Piledriver", "Steamroller", "Excavator", "Zen"),
)
ARM = ("ARMV8", "CORTEXA57", "NEOVERSEN1", "NEOVERSEV1", "VORTEX")
KERNELS = ARM if platform.machine().lower() in ("arm64", "aarch64") else X86
SHOPS = (("clean", 3), ("seasonal", 8), ("promotion", 12), ("dying", 9), ("business", 0))
LARGEST = 1e-6
FLOOR = 1e-6  # figures below this are compared absolutely


def figures() -> dict[str, list[float]]:
    """Compute everything that is compared."""
    from xlclv.models.choice import MODELS  # noqa: PLC0415 - the parent only compares
    from xlclv.models.forecast import fit_both, forecast  # noqa: PLC0415 - same
    from xlclv.models.histories import summarise  # noqa: PLC0415 - same
    from xlclv.workbook.template import sample_results  # noqa: PLC0415 - same

    lines = (ROOT / "tests/data/cdnow_sample.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    at = {name: rows[0].index(name) for name in ("customer_id", "order_date", "amount")}
    who = np.array([int(row[at["customer_id"]]) for row in rows[1:]])
    when = np.array([row[at["order_date"]] for row in rows[1:]], "M8[D]").astype(np.int64)
    money = np.array([float(row[at["amount"]]) for row in rows[1:]])
    log = summarise(who, when, money, int(np.datetime64("1997-09-30").astype(int)))
    found: dict[str, list[float]] = {}
    for model in MODELS:
        orders, spend = fit_both(log, model)
        seen = forecast(log, orders, spend, 12, 0.1)
        found[f"CDNOW {model} parameters"] = [*orders.params]
        found[f"CDNOW {model} orders"] = seen.expected_orders.tolist()
        found[f"CDNOW {model} CLV"] = seen.clv.tolist()
    for name, column in sample_results().outlook.columns.items():
        found[f"sample shop {name}"] = np.nan_to_num(column).tolist()
    for kind, seed in SHOPS:
        found |= of_shop(kind, seed)
    return found


def of_shop(kind: str, seed: int) -> dict[str, list[float]]:
    """Compute plan, verdict and ranges of a made-up shop."""
    sys.path.insert(0, str(ROOT))
    from tests.models.shops.kinds import shop  # noqa: PLC0415 - the parent only compares
    from xlclv.models.forecast import fit_spend  # noqa: PLC0415 - same
    from xlclv.models.histories import summarise  # noqa: PLC0415 - same
    from xlclv.models.trust.backtest import back_tests  # noqa: PLC0415 - same
    from xlclv.models.trust.judge import back_test_table, judge, model_error  # noqa: PLC0415 - same
    from xlclv.models.trust.plan import plan  # noqa: PLC0415 - same
    from xlclv.models.trust.ranges import Ahead, ranges  # noqa: PLC0415 - same

    made = shop(kind, seed)
    plan_ = plan(*made.known, made.as_of, mixed=True)
    tests = back_tests(*made.known, made.as_of, plan_.orders.model.NAME, plan_.clock, mixed=True)
    trust, table = judge(tests, plan_), back_test_table(tests)
    log = summarise(*made.known, made.as_of)
    group = np.zeros(log.age.size, np.int64)
    error = model_error(tests)
    total = ranges(log, plan_.orders, fit_spend(log), group, Ahead(clock=plan_.clock), 0.95, error)
    trend = plan_.trend
    name = f"{kind} {seed}"
    return {
        f"{name} parameters": [*plan_.orders.params],
        f"{name} clock": [*plan_.clock.factors],
        f"{name} trend": [] if trend is None else [trend.since, trend.slope, trend.effect],
        f"{name} back-tests": [*table["expected"], *table["value_expected"], *table["gini"]],
        f"{name} verdict": [ord(letter) for letter in trust.why],
        f"{name} ranges": [float(column[0]) for column in total.values()],
    }


def of_kernel(kernel: str) -> dict[str, npt.NDArray[np.float64]] | None:
    """Compute the figures in a child process; None where the processor cannot run the kernel."""
    done = subprocess.run(  # noqa: S603 - this file
        [sys.executable, __file__, "--one"],
        capture_output=True,
        check=False,
        env={**os.environ, "OPENBLAS_CORETYPE": kernel},
    )
    if done.returncode < 0:  # ended by a signal: an instruction the processor lacks
        return None
    if done.returncode:
        sys.exit(done.stderr.decode())
    read = json.loads(done.stdout)
    return {name: np.array(values) for name, values in read.items()}


def difference(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """Return the largest relative difference; infinite where there are more or fewer figures."""
    if one.shape != other.shape:
        return float("inf")
    return float(np.max(np.abs(one - other) / np.maximum(np.abs(one), FLOOR), initial=0))


def main() -> int:
    """Compare all kernels with the first that runs."""
    if "--one" in sys.argv:
        sys.stdout.write(json.dumps(figures()))
        return 0
    first: dict[str, npt.NDArray[np.float64]] = {}
    worst = 0.0
    for kernel in KERNELS:
        found = of_kernel(kernel)
        if found is None:
            print(f"{kernel:<16} cannot run here")
            continue
        first = first or found
        off = {name: difference(first[name], found[name]) for name in first}
        name = max(off, key=lambda each: off[each])
        worst = max(worst, off[name])
        print(f"{kernel:<16} largest relative difference {off[name]:.1e} ({name})")
    print("equal" if worst <= LARGEST else f"NOT equal to {LARGEST:g}")
    return int(worst > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
