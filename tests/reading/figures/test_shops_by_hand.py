"""The figures of the shops' exports, worked out by hand, found again by the simple reader."""

import csv
from dataclasses import dataclass, replace
from io import StringIO

import pytest

from .expectations import DATA, expected
from .locales import LOCALES
from .simple_reader import read


@dataclass(frozen=True)
class Told:
    """What the simple reader has to be told of an export.

    Args:
        columns: Header and role, parted by =, one per line.
        day: How it writes a day.
        place: How it writes numbers.
        separator: Of its cells.
        states: Words for what does not count, beyond those of the place.
        left_out: Header and value of rows that are no sales.
    """

    columns: str
    day: str
    place: str = "en-US"
    separator: str = ","
    states: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, str] | None = None


SHOPS = {
    "shopify-orders.csv": Told(
        "Name=order_id|Email=email|Created at=date|Financial Status=status|Subtotal=net|"
        "Total=gross|Refunded Amount=refund",
        "%Y-%m-%d %H:%M:%S %z",
    ),
    "woocommerce-advanced-export.csv": Told(
        "Order Number=order_id|Email (Billing)=email|Order Date=date|Order Status=status|"
        "Order Subtotal Amount=subtotal|Cart Discount Amount=coupon|Order Total Amount=gross|"
        "Order Total Tax Amount=tax|Order Shipping Amount=shipping|Order Refund Amount=refund",
        "%Y-%m-%d %H:%M",
    ),
    "amazon-fulfilled-shipments.txt": Told(
        "amazon-order-id=order_id|buyer-email=email|purchase-date=date|item-price=line_gross|"
        "item-promotion-discount=line_discount",
        "%Y-%m-%dT%H:%M:%S%z",
        separator="\t",
    ),
    "etsy-order-items.csv": Told(
        "Order ID=order_id|Buyer=name|Sale Date=date|Quantity=quantity|Price=price|"
        "Discount Amount=line_discount",
        "%m/%d/%y",
    ),
    "etsy-orders.csv": Told(
        "Order ID=order_id|Buyer User ID=customer_id|Sale Date=date|Order Value=subtotal|"
        "Discount Amount=coupon",
        "%m/%d/%y",
    ),
    "ebay-germany.csv": Told(
        "Bestellnummer=order_id|Nutzername des Käufers=customer_id|Verkauft am=date|"
        "Stückzahl=quantity|Verkauft für=price",
        "%d-%b-%y",
        place="de",
        separator=";",
    ),
    "square-transactions.csv": Told(
        "Transaction ID=order_id|Customer ID=customer_id|Date=date|Net Sales=net", "%Y-%m-%d"
    ),
    "stripe-payments.csv": Told(
        "id=order_id|Customer ID=customer_id|Customer Email=email|Created (UTC)=date|Amount=net|"
        "Amount Refunded=refund|Status=status",
        "%Y-%m-%d %H:%M",
    ),
    "paypal-germany.csv": Told(
        "Transaktionscode=order_id|Name=name|Datum=date|Brutto=gross|"
        "Versand- und Bearbeitungsgebühr=shipping|Status=status",
        "%d.%m.%Y",
        place="de",
        left_out=("Typ", "Von Nutzer eingeleitete Abbuchung"),
    ),
    "magento-order-grid.csv": Told(
        "ID=order_id|Customer Email=email|Purchase Date=date|Subtotal=net|"
        "Grand Total (Base)=gross|Total Refunded=refund|Status=status",
        "%b %d, %Y, %I:%M:%S %p",
        states=(("dead", "canceled"),),
    ),
    "shopee-orders.csv": Told(
        "Order ID=order_id|Username (Buyer)=customer_id|Order Creation Date=date|"
        "Order Status=status|Total Amount=gross|Buyer Paid Shipping Fee=shipping",
        "%Y-%m-%d %H:%M",
    ),
    "bigcommerce-orders.csv": Told(
        "Order ID=order_id|Customer ID=customer_id|Customer Email=email|Order Date=date|"
        "Order Status=status|Subtotal (ex tax)=net|Order Total (inc tax)=gross|"
        "Refund Amount=refund",
        "%d/%m/%Y",
        states=(("later", "Awaiting Payment"),),
    ),
}
GERMAN_MONTHS = {"Dez": "Dec", "Mai": "May", "Okt": "Oct"}


@pytest.mark.parametrize("name", SHOPS)
def test_the_simple_reader_agrees_with_the_figures_by_hand(name: str) -> None:
    told = SHOPS[name]
    (wanted,) = (one for one in expected("shops") if one.path.name == name)
    text = (DATA / "shops" / name).read_text("utf-8-sig")
    for german, english in GERMAN_MONTHS.items():
        text = text.replace(f"-{german}-", f"-{english}-")
    rows = list(csv.reader(StringIO(text), delimiter=told.separator))
    if told.left_out:
        at = rows[0].index(told.left_out[0])
        rows = [row for row in rows if row[at] != told.left_out[1]]
    roles = dict(pair.split("=") for pair in told.columns.split("|"))
    place = LOCALES[told.place]
    states = dict(place.states)
    for fate, word in told.states:
        states[fate] = (*states[fate], word)
    locale = replace(place, day=told.day, states=states, nobody=(*place.nobody, "0"))
    assert read(rows, roles, locale).figures == wanted.figures[0]


def test_every_export_of_a_shop_is_told() -> None:
    assert {one.path.name for one in expected("shops")} == set(SHOPS)
