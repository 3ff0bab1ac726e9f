"""The models beside their peers on the same generated order logs: seconds, memory, digits.

Usage: python benchmarks/models.py [SIZE ...] [--lifetimes PYTHON] [--pymc PYTHON]
                                   [--entry-days DAYS]

Each program runs in a process of its own, so that its peak memory is its own, on the same
customers, drawn from the published CDNOW parameters: log to summary, BG/NBD fit, Gamma-Gamma fit,
score (P(alive), expected orders of a year, CLV of 12 months). The best of several runs counts.
Afterwards lifetimes and xlclv score with the same parameters, and the largest relative difference
is printed. What peers do not have (the best of all models, ranges of totals by group, the season
of a log of three years) stands below, with the time of a peer's whole pipeline as a multiple.
Peers are lifetimes 0.11.3 and, as a third column, pymc-marketing 0.19.2 with its MAP fit; each is
run by the interpreter named, else by this one if it has them, else by one made for it in the
folder of --install, else left out, which is said.
"""

import argparse
import gc
import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

HERE, LIFETIMES, PYMC = "xlclv", "lifetimes", "pymc"
PEERS = {LIFETIMES: "lifetimes", PYMC: "pymc_marketing"}  # name to module
STEPS = ("summary", "BG/NBD fit", "Gamma-Gamma fit", "score")
INTERVAL = "score and interval"  # only xlclv has one
# What only xlclv has; the ratio is that of the whole pipeline of a peer.
BEST, RANGES, SEASON = "best of all models", "ranges of totals", "season of three years"
MORE = (BEST, RANGES, SEASON)
SEASONAL_DAYS, GROUPS = 3 * 365, 5
SIZES = (2_357, 23_570, 100_000, 1_000_000)
START, DAYS = np.datetime64("2025-01-01"), 273
ORDERS = {"r": 0.243, "alpha": 30.9, "a": 0.793, "b": 2.426}  # CDNOW, in days
SPEND = {"p": 6.25, "q": 3.74, "v": 15.44}
MONTH, MONTHS, YEAR = 30, 12, 365  # the month of lifetimes, for the same sums
MONTHLY_RATE = 0.01
YEARLY_RATE = (1 + MONTHLY_RATE) ** 12 - 1


def log_of(customers: int, entry_days: int, path: Path, days: int = DAYS) -> None:
    """Draw an order log from BG/NBD and Gamma-Gamma and save it as arrays."""
    random = np.random.default_rng(20)
    rate = random.gamma(ORDERS["r"], 1 / ORDERS["alpha"], customers)
    leave = random.beta(ORDERS["a"], ORDERS["b"], customers)
    entry = random.integers(0, entry_days, customers)
    scale = random.gamma(SPEND["q"], 1 / SPEND["v"], customers)
    here, day = np.arange(customers), entry.astype(float)
    ids, whens = [here], [entry]
    while here.size:
        day = day + random.exponential(1, here.size) / np.maximum(rate[here], 1e-12)
        inside = day < days
        here, day = here[inside], day[inside]
        ids.append(here)
        whens.append(day.astype(np.int64))
        stays = random.random(here.size) >= leave[here]
        here, day = here[stays], day[stays]
    who, when = np.concatenate(ids), np.concatenate(whens)
    order = random.permutation(who.size)
    who, when = who[order], when[order]
    amount = np.maximum(random.gamma(SPEND["p"], 1 / scale[who]).round(2), 0.01)
    dates = START + when.astype("timedelta64[D]")
    np.savez(path, id=who, date=dates.astype("datetime64[ns]"), amount=amount)


def best(run: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the seconds of the fastest run and its result."""
    times, result = [], None
    for _ in range(runs):
        result = None  # so that no two results fill the memory at once
        gc.collect()
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return min(times), result


def here(log: dict[str, npt.NDArray[np.generic]], runs: int) -> dict[str, Any]:
    """Run xlclv."""
    import pandas as pd  # noqa: PLC0415 - only the process that runs it pays for it

    from xlclv.models import forecast, histories  # noqa: PLC0415 - same
    from xlclv.models.beta_geometric import BgNbd  # noqa: PLC0415 - same
    from xlclv.models.gamma_gamma import GammaGamma  # noqa: PLC0415 - same

    end = START + np.timedelta64(DAYS - 1, "D")

    def summarised() -> histories.Summary:
        customer, _ = pd.factorize(log["id"])
        day = log["date"].astype("datetime64[D]").astype(np.int64)
        return histories.summarise(customer, day, log["amount"], int(end.astype(np.int64)))

    seconds = {}
    seconds["summary"], data = best(summarised, runs)
    history = data.frequency, data.recency, data.age
    again = data.frequency > 0
    seconds["BG/NBD fit"], orders = best(lambda: BgNbd.fit(*history), runs)
    seconds["Gamma-Gamma fit"], spend = best(
        lambda: GammaGamma.fit(data.frequency[again], data.spend[again]), runs
    )

    def score(confidence: float | None) -> forecast.Forecast:
        return forecast.forecast(data, orders, spend, MONTHS, YEARLY_RATE, confidence=confidence)

    seconds["score"], _ = best(lambda: score(None), runs)
    seconds[INTERVAL], _ = best(lambda: score(0.95), runs)
    peak = peak_mb()
    more = beyond(data, runs)
    params = BgNbd(**ORDERS)
    discounted = np.zeros(data.age.size)
    before = discounted
    for month in range(1, MONTHS + 1):
        until = params.expected_orders(*history, MONTH * month)
        discounted += (until - before) * (1 + MONTHLY_RATE) ** -month
        before = until
    value = GammaGamma(**SPEND).expected_spend(data.frequency, data.spend)
    digits = {
        "P(alive)": params.p_alive(*history),
        "expected orders": params.expected_orders(*history, YEAR),
        "CLV": discounted * value,
    }
    customer = pd.factorize(log["id"])[1]
    found = {"seconds": seconds | more, "peak": peak, "peak_more": peak_mb()}
    return {**found, "digits": digits, "order": np.argsort(customer)}


def beyond(data: Any, runs: int) -> dict[str, float]:  # noqa: ANN401 - the summary, loaded late
    """Time what only xlclv has, on the summary of the same log."""
    from xlclv.models.choice import fit_known  # noqa: PLC0415 - only its process pays for it
    from xlclv.models.clock import known  # noqa: PLC0415 - same
    from xlclv.models.forecast import fit_spend  # noqa: PLC0415 - same
    from xlclv.models.trust.ranges import ranges  # noqa: PLC0415 - same

    seconds = {}
    seconds[BEST], orders = best(lambda: fit_known(known(data), "best"), runs)
    group = np.arange(data.age.size, dtype=np.int64) % GROUPS
    spend = fit_spend(data)
    seconds[RANGES], _ = best(lambda: ranges(data, orders, spend, group), 1)
    return seconds


def season(log: dict[str, npt.NDArray[np.generic]], runs: int) -> dict[str, Any]:
    """Run xlclv on a log of three years: find the busy months."""
    from xlclv.models.histories import summarise  # noqa: PLC0415 - only its process pays for it
    from xlclv.models.trust.season import find_seasons  # noqa: PLC0415 - same

    day = log["date"].astype("datetime64[D]").astype(np.int64)
    data = summarise(log["id"], day, log["amount"], int(day.max()))
    seconds, _ = best(lambda: find_seasons(data), runs)
    return {"seconds": {SEASON: seconds}, "peak": peak_mb(), "digits": {}, "order": slice(None)}


def lifetimes(log: dict[str, npt.NDArray[np.generic]], runs: int) -> dict[str, Any]:
    """Run lifetimes."""
    import warnings  # noqa: PLC0415 - only the process that runs it pays for it

    import pandas as pd  # noqa: PLC0415 - same
    from lifetimes import BetaGeoFitter, GammaGammaFitter  # noqa: PLC0415 - same
    from lifetimes.utils import summary_data_from_transaction_data  # noqa: PLC0415 - same

    warnings.simplefilter("ignore")
    frame = pd.DataFrame(log)
    end = str(START + np.timedelta64(DAYS - 1, "D"))
    seconds = {}
    seconds["summary"], data = best(
        lambda: summary_data_from_transaction_data(
            frame, "id", "date", "amount", observation_period_end=end, freq="D"
        ),
        runs,
    )
    history = data["frequency"], data["recency"], data["T"]
    again = data[data["frequency"] > 0]
    seconds["BG/NBD fit"], orders = best(lambda: BetaGeoFitter().fit(*history), runs)
    seconds["Gamma-Gamma fit"], spend = best(
        lambda: GammaGammaFitter().fit(again["frequency"], again["monetary_value"]), runs
    )

    def score() -> dict[str, Any]:
        value = spend.customer_lifetime_value(
            orders,
            *history,
            data["monetary_value"],
            time=MONTHS,
            discount_rate=MONTHLY_RATE,
            freq="D",
        )
        alive = orders.conditional_probability_alive(*history)
        expected = orders.conditional_expected_number_of_purchases_up_to_time(YEAR, *history)
        return {"P(alive)": alive, "expected orders": expected, "CLV": value}

    seconds["score"], _ = best(score, runs)
    peak = peak_mb()
    orders.params_ = pd.Series(ORDERS)
    spend.params_ = pd.Series(SPEND)
    digits = {name: np.asarray(values) for name, values in score().items()}
    return {"seconds": seconds, "peak": peak, "digits": digits, "order": slice(None)}


def pymc(log: dict[str, npt.NDArray[np.generic]], runs: int) -> dict[str, Any]:
    """Run pymc-marketing: the most likely parameters, then its expectations."""
    import logging  # noqa: PLC0415 - only the process that runs it pays for it
    import warnings  # noqa: PLC0415 - same

    import pandas as pd  # noqa: PLC0415 - same
    from pymc_marketing import clv  # noqa: PLC0415 - same

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    frame = pd.DataFrame(log)
    end = str(START + np.timedelta64(DAYS - 1, "D"))
    seconds = {}
    seconds["summary"], data = best(
        lambda: clv.utils.rfm_summary(
            frame,
            customer_id_col="id",
            datetime_col="date",
            monetary_value_col="amount",
            observation_period_end=end,
            time_unit="D",
        ),
        runs,
    )

    def fitted(model: Any) -> Any:  # noqa: ANN401 - the peer's classes
        model.fit(method="map", progressbar=False)
        return model

    again = data[data["frequency"] > 0]
    seconds["BG/NBD fit"], orders = best(lambda: fitted(clv.BetaGeoModel(data)), runs)
    seconds["Gamma-Gamma fit"], spend = best(lambda: fitted(clv.GammaGammaModel(again)), runs)

    def score() -> dict[str, Any]:
        alive = orders.expected_probability_alive(data)
        expected = orders.expected_purchases(data, future_t=YEAR)
        value = spend.expected_customer_lifetime_value(
            orders, data, future_t=MONTHS, discount_rate=MONTHLY_RATE, time_unit="D"
        )
        return {"P(alive)": alive, "expected orders": expected, "CLV": value}

    seconds["score"], _ = best(score, runs)
    return {"seconds": seconds, "peak": peak_mb(), "digits": {}, "order": slice(None)}


def peak_mb() -> float:
    """Return the largest memory of this process so far, MB (Linux counts in kB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(which: str, path: Path, runs: int) -> None:
    """Run one program on a saved log; leave times and digits beside it."""
    with np.load(path) as file:
        log = dict(file)
    result = {HERE: here, SEASON: season, LIFETIMES: lifetimes, PYMC: pymc}[which](log, runs)
    digits, order = result.pop("digits"), result.pop("order")
    np.savez(path.with_name(f"{which}.npz"), **{name: each[order] for name, each in digits.items()})
    path.with_name(f"{which}.json").write_text(json.dumps(result))


def run(which: str, python: str, path: Path, runs: int) -> dict[str, Any]:
    """Run one program in a process of its own."""
    command = [python, __file__, "--child", which, str(path), "--runs", str(runs)]
    subprocess.run(command, check=True)  # noqa: S603 - this file
    result: dict[str, Any] = json.loads(path.with_name(f"{which}.json").read_text())
    return result


def compare(size: int, entry_days: int, pythons: dict[str, str]) -> None:
    """Print a table for one size; `pythons` names the interpreter of each peer."""
    runs = 5 if size < 500_000 else 1  # noqa: PLR2004 - a minute per run of a peer
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.npz"
        log_of(size, entry_days, path)
        ours = run(HERE, sys.executable, path, max(runs, 3))
        years = path.with_name("years.npz")
        log_of(size, entry_days, years, SEASONAL_DAYS)
        seasonal = run(SEASON, sys.executable, years, max(runs, 3))
        ours["seconds"] |= seasonal["seconds"]
        theirs = {peer: run(peer, python, path, runs) for peer, python in pythons.items()}
        heads = "".join(f"{peer:>12}{'ratio':>9}" for peer in theirs)
        print(f"\n{size:,} customers".ljust(25) + f"{HERE:>12}{heads}")
        own = times(ours)
        others = [times(result) for result in theirs.values()]
        for name in STEPS:
            line(name, own[name], [other[name] for other in others], "s")
        line("whole pipeline", total(own), [total(other) for other in others], "s")
        line(INTERVAL, own[INTERVAL], [], "s")
        peaks = [result["peak"] for result in theirs.values()]
        line("peak memory", ours["peak"], peaks, "MB")
        for name in MORE:
            line(name, own[name], [total(other) for other in others], "s")
        line("peak with all of it", max(ours["peak_more"], seasonal["peak"]), peaks, "MB")
        if LIFETIMES in theirs:
            difference(path)


def times(result: dict[str, Any]) -> dict[str, float]:
    """Return the seconds per step."""
    return dict(result["seconds"])


def total(seconds: dict[str, float]) -> float:
    """Return the seconds of the steps that all programs have."""
    return sum(seconds[name] for name in STEPS)


def line(name: str, own: float, others: list[float], unit: str) -> None:
    """Print one row of the table."""
    text = f"{name:<24}{own:>10.3f} {unit:<2}"
    print(text + "".join(f"{other:>9.3f} {unit:<2}{other / own:>7.1f}x " for other in others))


def difference(path: Path) -> None:
    """Print how far the two are apart at the same parameters."""
    with (
        np.load(path.with_name(f"{HERE}.npz")) as own,
        np.load(path.with_name(f"{LIFETIMES}.npz")) as other,
    ):
        for name in own.files:
            # lifetimes has no number where its hypergeometric function overflows.
            known = np.isfinite(other[name])
            off = float(np.max(np.abs(own[name][known] / other[name][known] - 1), initial=0))
            lost = np.count_nonzero(~known)
            note = f", {lost} of {LIFETIMES} not finite" if lost else ""
            print(f"  {name:<20} largest relative difference {off:.1e}{note}")


def main() -> None:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    for peer, module in PEERS.items():
        parser.add_argument(f"--{peer}", help=f"interpreter that has {module}")
    parser.add_argument("--install", help="folder for interpreters of peers that are lacking")
    parser.add_argument("--entry-days", type=int, default=84, help="span of first orders")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=1, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child[0], Path(given.child[1]), given.runs)
        return
    folder = Path(given.install) if given.install else None
    pythons = {peer: getattr(given, peer) or found(peer, folder) for peer in PEERS}
    for peer in [peer for peer, python in pythons.items() if not python]:
        print(f"{PEERS[peer]} is not installed; left out. Name its interpreter with --{peer}.")
        del pythons[peer]
    for size in given.sizes:
        compare(size, given.entry_days, pythons)


def found(peer: str, folder: Path | None) -> str:
    """Return an interpreter that has a peer: this one, or one made for it in the folder."""
    if importlib.util.find_spec(PEERS[peer]):
        return sys.executable
    if folder is None:
        return ""
    python = folder / peer / "bin" / "python"
    has_it = [str(python), "-c", f"import {PEERS[peer]}"]
    if not python.exists():
        venv.create(folder / peer, with_pip=True)
        package = PEERS[peer].replace("_", "-")
        subprocess.run([str(python), "-m", "pip", "install", "-q", package, "setuptools"])  # noqa: S603, PLW1510 - checked below
    done = subprocess.run(has_it, capture_output=True, check=False)  # noqa: S603 - made above
    return str(python) if done.returncode == 0 else ""


if __name__ == "__main__":
    main()
