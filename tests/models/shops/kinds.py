"""Ten kinds of made-up shops, each with what customers did after the day of its data.

A kind says what is special of a shop; how many customers it has, how often they order, how soon
they leave and how long its log is are drawn anew for each shop. What goes wrong in a shop begins
a quarter before the day of the data at the latest.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.models.shops import START, Buyers, Orders, orders_of

YEAR = 365
AHEAD = 366  # days drawn after the day of the data
Days = NDArray[np.int64]


@dataclass(frozen=True)
class Shop:
    """A log that goes on after its day.

    Args:
        kind: Name of the kind.
        log: All orders, also those after the day.
        as_of: The day of the data.
    """

    kind: str
    log: Orders
    as_of: int

    @property
    def known(self) -> Orders:
        """Return what is known on the day."""
        seen = self.log.day <= self.as_of
        return Orders(*(column[seen] for column in self.log))

    def actual(self, days: int) -> tuple[int, float]:
        """Return the orders (one per customer and day) and the money known customers brought."""
        customer, day, amount = self.log
        mine = np.isin(customer, customer[day <= self.as_of])
        came = mine & (day > self.as_of) & (day <= self.as_of + days)
        keys = customer[came] * 10**6 + day[came] - START
        return int(np.unique(keys).size), float(amount[came].sum())


@dataclass(frozen=True)
class Size:
    """What is drawn for every shop."""

    customers: int
    days: int
    buyers: Buyers


def size_of(random: np.random.Generator) -> Size:
    """Draw 300 to 3,000 customers, two to four years."""
    customers = round(np.exp(random.uniform(np.log(300), np.log(3000))))
    buyers = Buyers(
        r=random.uniform(0.6, 2.0),
        alpha=random.uniform(40, 120),
        a=random.uniform(0.5, 1.2),
        b=random.uniform(2.5, 6),
        first=int(random.integers(0, 2)),
    )
    return Size(customers, int(random.integers(2 * YEAR + 2, 4 * YEAR)), buyers)


def evenly(random: np.random.Generator, customers: int, first: int, end: int) -> Days:
    """Draw days of first orders."""
    return np.sort(random.integers(first, end, customers))


def together(*logs: Orders) -> Orders:
    """Put the customers of several logs into one."""
    before = np.cumsum([0, *(int(log.customer.max(initial=-1)) + 1 for log in logs)])
    who = [log.customer + start for log, start in zip(logs, before, strict=False)]
    return Orders(
        np.concatenate(who),
        np.concatenate([log.day for log in logs]),
        np.concatenate([log.amount for log in logs]),
    )


def even(size: Size) -> NDArray[np.float64]:
    """Return days that are all alike, those ahead too."""
    return np.ones(size.days + AHEAD)


# --- the kinds --------------------------------------------------------------------------------


def clean(random: np.random.Generator, size: Size) -> Orders:
    """Nothing changes."""
    entry = evenly(random, size.customers, 0, size.days)
    return orders_of(random, entry, even(size), size.buyers)


def seasonal(random: np.random.Generator, size: Size) -> Orders:
    """Two to four times as busy in some months, or a wave over the year."""
    peak, swing = int(random.integers(12)), random.uniform(2, 4)
    dates = (START + np.arange(size.days + AHEAD)).astype("M8[D]")
    if random.random() < 0.5:
        month = dates.astype("M8[M]").astype(int) % 12
        busy = np.where((month - peak) % 12 < 2, swing, 1.0)
    else:
        of_year = (dates - dates.astype("M8[Y]")).astype(int) / YEAR
        busy = swing ** (np.cos(2 * np.pi * (of_year - peak / 12)) / 2)
    entry = evenly(random, size.customers, 0, size.days)
    return orders_of(random, entry, busy / busy.mean(), size.buyers)


def growing(random: np.random.Generator, size: Size) -> Orders:
    """Each year two to five times as many new customers as in the year before."""
    growth = np.log(random.uniform(2, 5)) / YEAR
    share = random.random(size.customers)
    entry = np.log1p(share * np.expm1(growth * size.days)) / growth
    return orders_of(random, np.sort(entry.astype(int)), even(size), size.buyers)


def dying(random: np.random.Generator, size: Size) -> Orders:
    """All order ever less from a day on."""
    busy, half = even(size), random.uniform(60, 300)
    since = np.arange(busy.size) - (size.days - random.uniform(92, 400))
    busy[since > 0] = 0.5 ** (since[since > 0] / half)
    entry = evenly(random, size.customers, 0, size.days)
    return orders_of(random, entry, busy, size.buyers)


def promotion(random: np.random.Generator, size: Size) -> Orders:
    """A crowd comes within two weeks and mostly goes."""
    crowd = Buyers(r=0.5, alpha=random.uniform(200, 500), a=3, b=1)
    first = size.days - int(random.uniform(92 + 14, 400))
    many = round(size.customers * random.uniform(0.5, 2.5))
    more = orders_of(random, evenly(random, many, first, first + 14), even(size), crowd)
    return together(clean(random, size), more)


def late(random: np.random.Generator, size: Size) -> Orders:
    """The shop is older than its log."""
    before = int(random.integers(1, 4)) * YEAR
    entry = evenly(random, size.customers, 0, size.days + before)
    log = orders_of(random, entry, np.ones(before + size.days + AHEAD), size.buyers)
    kept = log.day >= START + before
    return Orders(log.customer[kept], log.day[kept] - before, log.amount[kept])


def once(random: np.random.Generator, size: Size) -> Orders:
    """Most customers order once."""
    entry = evenly(random, size.customers, 0, size.days)
    stay = random.random(size.customers) < random.uniform(0.15, 0.4)
    never = Buyers(r=1, alpha=1e9)
    return together(
        orders_of(random, entry[stay], even(size), size.buyers),
        orders_of(random, entry[~stay], even(size), never),
    )


def business(random: np.random.Generator, size: Size) -> Orders:
    """Customers order at regular gaps and seldom leave."""
    kind = Buyers(
        r=random.uniform(3, 8),
        alpha=random.uniform(60, 300),
        a=random.uniform(0.5, 1),
        b=random.uniform(12, 40),
        k=int(random.integers(2, 7)),
    )
    entry = evenly(random, size.customers, 0, size.days)
    return orders_of(random, entry, even(size), kind)


def gifts(random: np.random.Generator, size: Size) -> Orders:
    """Half or more order once a year, around a day of their own or before Christmas."""
    share = random.uniform(0.4, 0.95)
    many = round(size.customers * share)
    end = size.days + AHEAD
    if random.random() < 0.5:
        first = evenly(random, many, 0, size.days)
    else:
        dates = (START + np.arange(size.days)).astype("M8[D]")
        december = np.flatnonzero(dates.astype("M8[M]").astype(int) % 12 == 11)
        first = np.sort(random.choice(december[december < size.days], many))
    leave = random.beta(2, 6, many)
    yearly = _rhythm(random, first, end, leave, YEAR, 10.0)
    rest = Size(size.customers - many, size.days, size.buyers)
    return together(yearly, clean(random, rest))


def subscription(random: np.random.Generator, size: Size) -> Orders:
    """Customers pay each month, two or three, until they cancel."""
    entry = evenly(random, size.customers, 0, size.days)
    leave = random.beta(1.0, random.uniform(6, 14), size.customers)
    every = 30 * random.choice([1, 1, 1, 2, 3])
    return _rhythm(random, entry, size.days + AHEAD, leave, every, 1.0)


def _rhythm(
    random: np.random.Generator,
    first: Days,
    end: int,
    leave: NDArray[np.float64],
    every: int,
    jitter: float,
) -> Orders:
    """Draw orders in a fixed rhythm; each is the last with the customer's own chance."""
    scale = random.gamma(4.0, 1 / 60.0, first.size)
    who, when = [np.arange(first.size)], [first.astype(np.int64)]
    here = np.arange(first.size)
    for number in range(1, end // every + 2):
        here = here[random.random(here.size) >= leave[here]]
        day = first[here] + every * number + np.rint(random.normal(0, jitter, here.size))
        who.append(here)
        when.append(day.astype(np.int64))
    customer, day = np.concatenate(who), np.concatenate(when)
    inside = (day < end) & (day >= first[customer])
    customer, day = customer[inside], day[inside]
    amount = np.maximum(random.gamma(6.0, 1 / scale[customer]).round(2), 0.01)
    return Orders(customer, START + day, amount)


KINDS: dict[str, Callable[[np.random.Generator, Size], Orders]] = {
    each.__name__: each
    for each in (
        *(clean, seasonal, growing, dying, promotion, late),
        *(once, business, gifts, subscription),
    )
}


def shop(kind: str, seed: int) -> Shop:
    """Make up a shop; the same seed gives the same one."""
    random = np.random.default_rng([seed, [*KINDS].index(kind)])
    size = size_of(random)
    return Shop(kind, KINDS[kind](random, size), START + size.days - 1)
