"""The fictional tea shop of the template and the demo: the same rows every time.

Its customers order and spend as those of real shops do, by what the models have been shown to fit:
regular orders at a rate that differs between customers, a chance to leave after each order
(MBG/CNBD-k), and money per order that differs between customers and from order to order
(Gamma-Gamma).

Random numbers come from `random.Random`, whose stream Python keeps from version to version.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from xlclv.rewards.rules.starter import BUDGET, HIGH_END, MID, raw_table, tier_name
from xlclv.settings import Settings
from xlclv.tables import FEEDBACK, LEDGER, RawTable, Table
from xlclv.words import word, words, yes_no
from xlclv.workbook.sample.history import feedback_rows, ledger_rows

AS_OF = date(2026, 6, 30)
START = date(2023, 7, 1)
SETTINGS = Settings(
    as_of=AS_OF,
    margin=0.42,
    discount_rate=0.08,
    horizon=3,
    acq_cost=9,
    money_symbol="€",
    contact_cap=2,
)
SEEDS = 20260634, 20260635  # of the people and of their baskets
SHOPPERS, WHOLESALE = 160, 4
PRODUCTS = (
    *(("green_tea", 9.5, 4.1), ("earl_grey", 8.9, 3.6), ("rooibos", 7.5, 2.9)),
    *(("matcha", 24.0, 11.5), ("teapot", 49.0, 23.0), ("papers", 4.5, 1.2)),
    *(("gift_box", 32.0, 15.0), ("honey", 7.9, 3.8)),
)
SEGMENTS = ("north", "south", "east", "west")
CHANNELS = ("web", "shop", "market"), (60, 30, 10)  # and how often of a hundred
SOURCES = (
    *(("search_ads", 35, 2.4), ("referral", 20, 1.5), ("social", 25, 1.9)),
    ("walk_in", 20, 0.4),
)

CUSTOMER_COLUMNS = (
    *("customer_id", "label", "segment", "avg_value", "frequency", "lifespan", "margin"),
    *("acq_cost", "birth_date", "joined", "acq_channel", "newsletter", "referred_by", "opt_in"),
    *("tags", "current_tier", "tier_since", "last_contact", "customer_email"),
)


# What some shoppers were told of their tier: three have risen since, two are in days of grace.
GIVEN = {
    "C0001": (MID, date(2026, 2, 20)),
    "C0141": (MID, date(2026, 1, 15)),
    "C0093": (BUDGET, date(2026, 3, 5)),
    "C0037": (HIGH_END, date(2025, 5, 10)),
    "C0147": (HIGH_END, date(2025, 5, 28)),
}


NEWSLETTER, SENT_BACK = 0.15, 0.03  # orders after a newsletter, lines that come back
# How the shoppers order: rate of the stages of an order, stages of a gap, chance to leave.
RATE, STAGES, LEAVE = (1.6, 1 / 24), 3, (0.5, 4.5)
# What they spend: shape within a customer; shape and scale (euros) across customers.
WITHIN, ACROSS, SCALE = 4.0, 4.0, 36.0
MOST_KINDS = 4  # of product in an order


@dataclass(slots=True)
class _Shop:
    """The shop while its history is made up: who comes when, and what is in the baskets."""

    people: random.Random
    baskets: random.Random
    orders: list[dict[str, object]] = field(default_factory=list)
    customers: list[dict[str, object]] = field(default_factory=list)
    number: int = 0

    def chance(self, probability: float) -> bool:
        return self.people.random() < probability


def sample_orders() -> RawTable:
    """Return the order table of the sample."""
    return raw_table("Orders", ORDERS_SHOWN, _shop().orders)


def sample_customers() -> RawTable:
    """Return the customer table of the sample."""
    return raw_table("Customers", CUSTOMER_COLUMNS, _shop().customers)


def sample_feedback() -> RawTable:
    """Return the feedback of the sample: answers to a survey, complaints and other words."""
    return raw_table("Feedback", FEEDBACK.columns, feedback_rows(_shop().orders, AS_OF))


def sample_ledger() -> RawTable:
    """Return the ledger of the sample: what was booked of some customers before the as-of date."""
    return raw_table("Ledger", LEDGER.columns, ledger_rows(_shop().orders))


def is_sample(orders: Table | None) -> bool:
    """Say whether an order table is that of the sample, in whatever language."""
    if orders is None or orders.rows != len(_sample_ids()):
        return False
    return [str(cell) for cell in orders.values("order_id")] == _sample_ids()


@cache
def _sample_ids() -> list[str]:
    return [str(row["order_id"]) for row in _shop().orders]


ORDERS_SHOWN = (
    *("order_id", "customer_id", "order_date", "product", "qty", "amount_net", "discount", "tax"),
    *("cost", "channel", "campaign", "is_refund", "ref_order", "currency_code"),
)


def _shop() -> _Shop:
    people, baskets = map(random.Random, SEEDS)  # made-up orders, no secret
    shop = _Shop(people, baskets)
    for number in range(1, SHOPPERS + 1):
        _shopper(shop, f"C{number:04d}")
    for number in range(1, WHOLESALE + 1):
        _wholesale(shop, f"W{number:02d}")
    shop.orders.sort(key=lambda row: (row["order_date"], row["order_id"]))
    return shop


def _shopper(shop: _Shop, customer: str) -> None:
    source, _, cost = shop.people.choices(SOURCES, [weight for _, weight, _ in SOURCES])[0]
    joined = START + timedelta(days=int(shop.people.random() ** 1.3 * (AS_OF - START).days))
    friends = [row["customer_id"] for row in shop.customers]
    if customer == "C0013":
        cost = 260.0  # a costly campaign won somebody who bought once: worth less than nothing
    row: dict[str, object] = {
        "customer_id": customer,
        "label": _name(shop),
        "segment": _text(shop.people.choice(SEGMENTS)),
        "acq_cost": cost,
        "birth_date": _birthday(shop, customer),
        "joined": joined,
        "acq_channel": _text(source),
        "newsletter": yes_no(answer=shop.chance(0.55)),
        "referred_by": shop.people.choice(friends) if source == "referral" and friends else None,
        "opt_in": yes_no(answer=not shop.chance(0.08)),
        "tags": _text("staff") if customer in ("C0007", "C0090") else None,
        "current_tier": tier_name(GIVEN[customer][0]) if customer in GIVEN else None,
        "tier_since": GIVEN.get(customer, (None, None))[1],
        "last_contact": _last_contact(int(customer[1:])),
        "customer_email": f"{customer.casefold()}@{word('sample.mail_domain')}",
    }
    shop.customers.append(row)
    _history(shop, customer, joined)


def _last_contact(number: int) -> date | None:
    """Return the day of the last message to a shopper; every 16th got one lately."""
    return None if number % 16 != 2 else AS_OF - timedelta(days=29 - number % 29)  # noqa: PLR2004


def _name(shop: _Shop) -> str:
    first, last = (shop.people.choice(words(f"sample.{part}_names")) for part in ("first", "last"))
    return word("sample.full_name", first=first, last=last)


def _last_name(shop: _Shop) -> str:
    shop.people.choice(words("sample.first_names"))  # drawn as for a full name
    return shop.people.choice(words("sample.last_names"))


def _text(key: str) -> str:
    return word(f"sample.{key}")


def _birthday(shop: _Shop, customer: str) -> date | None:
    if shop.chance(0.15):
        return None  # not everybody tells
    if customer == "C0029":
        return date(1988, 2, 29)
    day = date(1950, 1, 1) + timedelta(days=int(shop.people.random() * 20_000))
    return AS_OF.replace(year=day.year) if shop.chance(0.08) else day


def _history(shop: _Shop, customer: str, joined: date) -> None:
    """Make up orders: each customer at an own rate, until one was the last."""
    rate, leave = shop.people.gammavariate(*RATE), shop.people.betavariate(*LEAVE)
    thrift = shop.baskets.gammavariate(ACROSS, 1 / SCALE)
    day = joined
    while day <= AS_OF:
        _order(shop, customer, day, shop.baskets.gammavariate(WITHIN, 1 / thrift))
        if customer == "C0013" or shop.chance(leave):
            return
        day += timedelta(days=max(1, round(shop.people.gammavariate(STAGES, 1 / rate))))


def _order(shop: _Shop, customer: str, day: date, budget: float) -> None:
    shop.number += 1
    order, draw = f"O{shop.number:05d}", shop.baskets
    channel = _text(draw.choices(*CHANNELS)[0])
    campaign = _text("newsletter") if draw.random() < NEWSLETTER else None
    for (product, price, cost), qty in _basket(draw, budget):
        net = round(price * qty * (0.9 if campaign else 1.0), 2)
        line: dict[str, object] = {
            "order_id": order,
            "customer_id": customer,
            "order_date": day,
            "product": _text(product),
            "qty": float(qty),
            "amount_net": net,
            "discount": round(price * qty - net, 2),
            "tax": round(net * 0.2, 2),
            "cost": round(cost * qty, 2),
            "channel": channel,
            "campaign": campaign,
            "currency_code": "EUR",
        }
        shop.orders.append(line)
        back = day + timedelta(days=6)
        if draw.random() < SENT_BACK and back <= AS_OF:
            shop.orders.append(_refund(line, back))


def _basket(draw: random.Random, budget: float) -> Iterator[tuple[tuple[str, float, float], int]]:
    """Fill a basket for about the budget, dear things first; something is always in it."""
    kinds = sorted(draw.sample(PRODUCTS, k=MOST_KINDS), key=lambda kind: -kind[1])
    empty = True
    for kind in kinds:
        last = kind is kinds[-1]
        fits = budget / kind[1]
        qty = max(round(fits), int(empty)) if last else draw.randint(0, int(fits))
        if qty:
            yield kind, qty
            budget, empty = budget - kind[1] * qty, False


def _refund(line: dict[str, object], day: date) -> dict[str, object]:
    taken_back = ("qty", "amount_net", "discount", "tax", "cost")
    negative = {name: -line[name] for name in taken_back}  # type: ignore[operator]
    order = line["order_id"]
    refund = {
        "order_id": f"{order}-R",
        "order_date": day,
        "is_refund": yes_no(answer=True),
        "ref_order": order,
    }
    return {**line, **negative, **refund}


def _wholesale(shop: _Shop, customer: str) -> None:
    """A café that buys by invoice: known by averages, not by orders."""
    shop.customers.append(
        {
            "customer_id": customer,
            "label": word("sample.cafe", name=_last_name(shop)),
            "segment": _text("wholesale"),
            "avg_value": float(shop.people.randrange(150, 400, 10)),
            "frequency": float(shop.people.choice((6, 12, 24))),
            "lifespan": float(shop.people.choice((2, 3, 4))),
            "margin": 0.25,
            "acq_cost": 120.0,
            "joined": START + timedelta(days=shop.people.randrange(600)),
            "acq_channel": _text("walk_in"),
            "newsletter": yes_no(answer=False),
            "opt_in": yes_no(answer=True),
            "tags": _text("reseller"),
        }
    )
