"""Made-up shops: customers whose orders come from known chances, on any clock."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

START = int(np.datetime64("2021-01-01", "D").astype(int))


class Orders(NamedTuple):
    """Customer, day and money of each order."""

    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    amount: NDArray[np.float64]


@dataclass(frozen=True)
class Buyers:
    """How customers order: MBG/CNBD-k chances (BG where `first` is 0), spend of Gamma-Gamma.

    Args:
        r: Shape of the order rate.
        alpha: Its scale, days.
        a: First shape of the chance to leave after an order.
        b: Second shape.
        k: Stages of a gap.
        first: 1 where a customer may leave after the first order too.
    """

    r: float = 1.2
    alpha: float = 60.0
    a: float = 0.8
    b: float = 4.0
    k: int = 1
    first: int = 1


def orders_of(
    random: np.random.Generator,
    entry: NDArray[np.int64],
    busy: NDArray[np.float64],
    buyers: Buyers | None = None,
) -> Orders:
    """Draw the orders of customers.

    Args:
        random: Source of chance.
        entry: Day of the first order of each customer, counted from the start, shape (n,).
        busy: How busy each day is, against a mean day, shape (days,).
        buyers: What they are like.
    """
    kind = buyers or Buyers()
    n, time = entry.size, np.append(0, np.cumsum(busy))
    rate = np.maximum(random.gamma(kind.r, kind.k / kind.alpha, n), 1e-9)
    leave = random.beta(kind.a, kind.b, n)
    scale = random.gamma(4.0, 1 / 60.0, n)
    who, when = [np.arange(n)], [entry.astype(np.int64)]
    here, now = np.arange(n), time[entry + 1]
    if kind.first:
        here = here[random.random(n) >= leave]
        now = now[here]
    while here.size:
        now = now + random.gamma(kind.k, 1 / rate[here])
        inside = now < time[-1]
        here, now = here[inside], now[inside]
        who.append(here)
        when.append(np.searchsorted(time, now, side="right") - 1)
        stays = random.random(here.size) >= leave[here]
        here, now = here[stays], now[stays]
    customer, day = np.concatenate(who), np.concatenate(when)
    amount = np.maximum(random.gamma(6.0, 1 / scale[customer]).round(2), 0.01)
    return Orders(customer, START + day, amount)


def entries(random: np.random.Generator, customers: int, days: int) -> NDArray[np.int64]:
    """Draw first days, evenly."""
    return np.sort(random.integers(0, days, customers))


def months_of(days: int) -> NDArray[np.int64]:
    """Return the month, 0 to 11, of each day since the start."""
    dates = (START + np.arange(days)).astype("datetime64[D]")
    return dates.astype("datetime64[M]").astype(np.int64) % 12
