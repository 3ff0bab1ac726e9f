"""A made-up order log, and what it comes to: the truth that every table drawn from it must give.

Money is whole minor units (cents, or yen where a locale has none), so nothing here rounds but tax.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

from hypothesis import strategies as st

PRODUCTS = ("Mug", "Plate", "Bowl", "Teapot", "Vase")
FIRST_DAY = datetime(2023, 1, 5, 9, 30)  # noqa: DTZ001 - shops write local time


class Fate(Enum):
    """What became of an order; the value is its name in a locale's list of status words."""

    COUNTS = "counts"
    LATER = "later"
    DEAD = "dead"
    RETURNED = "returned"


@dataclass(frozen=True)
class Line:
    """One product of an order; `discount` is off the whole line; a gift card is money."""

    product: str
    quantity: int
    price: int
    discount: int = 0
    gift: bool = False

    @property
    def total(self) -> int:
        return self.quantity * self.price - self.discount


@dataclass(frozen=True)
class Order:
    """One order; a refund is a part of it, a whole refund is a fate.

    Args:
        number: Its number; unique.
        customer: Position of the customer; None: nobody in particular.
        moment: Day and time.
        lines: What was bought; products differ.
        fate: What became of it.
        word: Which of the words for that fate the shop writes.
        coupon: Taken off the order as a whole.
        tax_rate: Per cent.
        shipping: Charged on top, untaxed.
        refund: Paid back, net of tax; less than the order.
    """

    number: int
    customer: int | None
    moment: datetime
    lines: tuple[Line, ...]
    fate: Fate = Fate.COUNTS
    word: int = 0
    coupon: int = 0
    tax_rate: int = 0
    shipping: int = 0
    refund: int = 0

    @property
    def subtotal(self) -> int:
        return sum(line.total for line in self.lines if not line.gift)

    @property
    def net(self) -> int:
        return self.subtotal - self.coupon

    @property
    def tax(self) -> int:
        return tax_on(self.net, self.tax_rate)

    @property
    def gross(self) -> int:
        return self.net + self.tax + self.shipping


@dataclass(frozen=True)
class Figures:
    """What a table comes to; `revenue` is in major units, exact."""

    customers: int
    orders: int
    revenue: Decimal


def tax_on(net: int, rate: int) -> int:
    """Round half a minor unit up, away from 0."""
    tax = (abs(net) * rate + 50) // 100
    return tax if net >= 0 else -tax


def is_counted(order: Order) -> bool:
    """Say whether an order counts: it went through, and somebody known placed it."""
    return order.fate is Fate.COUNTS and order.customer is not None


def truth(log: tuple[Order, ...], unit: Decimal, *, numbered: bool = True) -> Figures:
    """Add up a log: what counts, bought by somebody known, less what was paid back.

    Without order numbers the orders of one customer on one day are one.
    """
    counted = [order for order in log if is_counted(order)]
    keys = {o.number if numbered else (o.customer, o.moment.date()) for o in counted}
    revenue = sum(o.net - o.refund for o in counted)
    return Figures(len({o.customer for o in counted}), len(keys), revenue * unit)


PRICES = st.integers(100, 9_999) | st.integers(10_000, 250_000) | st.sampled_from([1_000, 2_000])


@st.composite
def lines(draw: st.DrawFn, *, discounts: bool) -> tuple[Line, ...]:
    """Draw the lines of an order; no product twice, none worth nothing."""
    products = draw(st.lists(st.sampled_from(PRODUCTS), min_size=1, max_size=3, unique=True))
    return tuple(
        Line(
            product,
            draw(st.integers(1, 5)),
            price := draw(PRICES),
            draw(st.sampled_from([0, 0, 10, 25])) * price // 100 if discounts else 0,
        )
        for product in products
    )


@st.composite
def orders(draw: st.DrawFn, number: int, *, allowed: "Allowed") -> Order:
    """Draw an order with what a layout is able to show."""
    order = Order(
        number=number,
        customer=draw(st.integers(0, 3) | (st.none() if allowed.guests else st.nothing())),
        moment=FIRST_DAY
        + timedelta(days=draw(st.integers(0, 600)), minutes=draw(st.integers(0, 800))),
        lines=draw(lines(discounts=allowed.line_discounts)),
        fate=draw(st.sampled_from(allowed.fates)),
        word=draw(st.integers(0, 3)),
        tax_rate=allowed.tax_rate,
        shipping=draw(st.sampled_from([0, 490, 1_250])) if allowed.shipping else 0,
    )
    if allowed.coupons:
        order = replace(order, coupon=draw(st.sampled_from([0, 0, 10, 20])) * order.net // 100)
    if allowed.gift and draw(st.integers(0, 4)) == 4:
        order = replace(order, lines=(*order.lines, Line("", 1, 5_000, gift=True)))
    if allowed.whole_units:
        order = _in_whole_units(order)
    if allowed.refunds and order.fate is Fate.COUNTS and order.customer is not None:
        share = draw(st.sampled_from([0, 0, 0, 20, 50]))
        refund = order.net * share // 100
        order = replace(order, refund=refund // 100 * 100 if allowed.whole_units else refund)
    return order


def _in_whole_units(order: Order) -> Order:
    """Make every amount whole major units, so that a rate of tax leaves no fraction of a cent."""

    def whole(line: Line) -> Line:
        return replace(line, price=line.price // 100 * 100, discount=line.discount // 100 * 100)

    bought = tuple(whole(line) for line in order.lines)
    return replace(order, lines=bought, coupon=order.coupon // 100 * 100)


@dataclass(frozen=True)
class Allowed:
    """What a layout can show, and a log drawn for it may therefore hold."""

    fates: tuple[Fate, ...] = (Fate.COUNTS,)
    guests: bool = False
    line_discounts: bool = False
    coupons: bool = False
    shipping: bool = False
    refunds: bool = False
    tax_rate: int = 0
    whole_units: bool = False
    gift: bool = False


@st.composite
def logs(draw: st.DrawFn, allowed: Allowed) -> tuple[Order, ...]:
    """Draw a log of a few orders, of which at least two count and are somebody's."""
    size = draw(st.integers(3, 7))
    drawn = [draw(orders(1001 + at, allowed=allowed)) for at in range(size)]
    for at in (0, 1):
        if drawn[at].fate is not Fate.COUNTS or drawn[at].customer is None:
            drawn[at] = replace(drawn[at], fate=Fate.COUNTS, customer=at)
    return tuple(sorted(drawn, key=lambda order: order.moment))
