"""The published data sets, as the papers count them."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xlclv.models.histories import Summary, summarise

DATA = Path(__file__).parents[1] / "data"
CALIBRATION_END = int(np.datetime64("1997-09-30", "D").astype(int))
HOLDOUT_END = int(np.datetime64("1998-06-30", "D").astype(int))
# A month end between the two on which a forecast of it may be decided by.
TRUSTED = int(np.datetime64("1998-02-28", "D").astype(int))
WEEK = 7


class Log(NamedTuple):
    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    amount: NDArray[np.float64]


@cache
def cdnow_log() -> Log:
    with (DATA / "cdnow_sample.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    days = np.array([row["order_date"] for row in rows], "datetime64[D]")
    return Log(
        np.array([int(row["customer_id"]) for row in rows]),
        days.astype(np.int64),
        np.array([float(row["amount"]) for row in rows]),
    )


@cache
def trusted_log() -> Log:
    """What is known of it on that day."""
    log = cdnow_log()
    known = log.day <= TRUSTED
    return Log(*(column[known] for column in log))


@cache
def cdnow() -> Summary:
    """The 39 weeks of calibration."""
    return summarise(*cdnow_log(), CALIBRATION_END)


@cache
def cdnow_weeks() -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    log = cdnow()
    return log.frequency, log.recency / WEEK, log.age / WEEK


@cache
def donations() -> NDArray[np.float64]:
    """Columns x, t_x, n, people."""
    return np.loadtxt(DATA / "donations.csv", delimiter=",", skiprows=1, unpack=True)
