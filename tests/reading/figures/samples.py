"""One plain log, drawn in any layout: enough orders that a table of it leaves no doubt."""

from dataclasses import replace
from datetime import timedelta

from .layouts import Case, Layout, draw_table
from .shoplog import FIRST_DAY, Fate, Line, Order

# Customer, day, lines as (product, quantity, price), fate. The same product at one price in several
# quantities tells a unit price; lines of an order that differ tell amounts of lines.
ORDERS = (
    (0, 0, (("Mug", 2, 2_000), ("Plate", 1, 1_000)), Fate.COUNTS),
    (1, 20, (("Bowl", 1, 3_050),), Fate.COUNTS),
    (0, 45, (("Mug", 3, 2_000), ("Bowl", 2, 3_050), ("Plate", 4, 1_000)), Fate.COUNTS),
    (2, 61, (("Vase", 1, 123_400),), Fate.COUNTS),
    (3, 75, (("Mug", 1, 2_000), ("Vase", 1, 123_400)), Fate.LATER),
    (1, 83, (("Plate", 5, 1_000), ("Mug", 4, 2_000)), Fate.COUNTS),
    (3, 99, (("Bowl", 2, 3_050),), Fate.DEAD),
    (0, 110, (("Plate", 2, 1_000), ("Bowl", 1, 3_050)), Fate.RETURNED),
    (None, 140, (("Mug", 1, 2_000),), Fate.COUNTS),
    (2, 200, (("Mug", 2, 2_000), ("Teapot", 1, 4_500)), Fate.COUNTS),
    (1, 260, (("Teapot", 2, 4_500),), Fate.COUNTS),
)


def sample_log(layout: Layout) -> tuple[Order, ...]:
    """Return the orders that a layout can show, with coupons, shipping and refunds if it can."""
    allowed = layout.allows()
    log = []
    for at, (customer, day, bought, fate) in enumerate(ORDERS):
        if fate not in allowed.fates or (customer is None and not allowed.guests):
            continue
        lines = tuple(Line(product, quantity, price) for product, quantity, price in bought)
        order = Order(
            1001 + at,
            customer,
            FIRST_DAY + timedelta(days=day),
            lines,
            fate,
            tax_rate=allowed.tax_rate,
            shipping=500 if allowed.shipping and at % 3 else 0,
        )
        if allowed.line_discounts and at % 2 == 0:
            first = replace(order.lines[0], discount=500)
            order = replace(order, lines=(first, *order.lines[1:]))
        if allowed.gift and at in (1, 6):
            order = replace(order, lines=(*order.lines, Line("", 1, 5_000, gift=True)))
        if allowed.whole_units:
            whole = (replace(one, price=one.price // 100 * 100) for one in order.lines)
            order = replace(order, lines=tuple(whole))
        if allowed.coupons and at % 3 == 0:
            order = replace(order, coupon=order.net // 1000 * 100)
        if allowed.refunds and fate is Fate.COUNTS and customer is not None and at in (2, 5):
            order = replace(order, refund=order.net // 500 * 100)
        log.append(order)
    return tuple(log)


def sample(layout: Layout) -> Case:
    """Draw the sample log in a layout."""
    return draw_table(layout, sample_log(layout))
