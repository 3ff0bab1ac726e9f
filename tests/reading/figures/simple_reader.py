"""A second, deliberately simple reader: loops over text cells, exact decimals, nothing shared.

It is told what each column means and how the place writes; the arithmetic, what counts, what is
paid back and who is a customer it works out by itself, rule by rule.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .locales import Locale
from .shoplog import Figures

CENT = Decimal("0.01")
ZERO = Decimal(0)
ORDER_MONEY = frozenset(
    ["net", "order_total", "gross", "tax", "shipping", "subtotal", "coupon", "refund"]
)
Row = dict[str, str]


@dataclass(frozen=True)
class Reading:
    """What a table comes to, or why no one sum is right."""

    figures: Figures | None
    why: str = ""


def read(rows: Sequence[Sequence[str]], roles: Mapping[str, str], locale: Locale) -> Reading:
    """Read a table of text.

    Args:
        rows: All rows, with whatever stands above and below.
        roles: Header to role, of the columns that mean something.
        locale: How the place writes numbers, days and states.
    """
    table = list(_records(rows, roles, locale))
    purchases = _by_order(table, locale)
    once = _whole_order_columns(purchases, locale)
    revenue, customers, orders, currencies = ZERO, set(), set(), set()
    for lines in purchases:
        buyer = _buyer(lines[0], locale)
        money = _money_of(lines, once, locale)
        state = _state(lines[0], locale)
        cancels = state == "dead" and money < 0
        if not buyer or (state != "counts" and not cancels):
            continue
        back = _paid_back(lines, money, once, locale)
        if back is None:
            continue
        customers.add(buyer)
        currencies.add(_currency(lines[0]))
        if money >= 0:
            orders.add((buyer, _order_key(lines[0], locale)))
        revenue += money - back
    if len(currencies - {""}) > 1:
        return Reading(None, "currencies")
    return Reading(Figures(len(customers), len(orders), revenue.quantize(CENT)))


def _records(
    rows: Sequence[Sequence[str]], roles: Mapping[str, str], locale: Locale
) -> Iterator[Row]:
    """Yield each row of the body by role; what has no day is no row of an order."""
    top = next(at for at, row in enumerate(rows) if set(roles) <= set(row))
    header = rows[top]
    last: dict[str, Row] = {}
    for cells in rows[top + 1 :]:
        row = {roles[h]: c.strip() for h, c in zip(header, cells, strict=False) if h in roles}
        first = last.setdefault(row.get("order_id", ""), row)
        for role in (
            "date",
            "customer_id",
            "email",
            "phone",
            "name",
            "status",
            "currency",
            "cancelled_at",
        ):
            if role in row and not row[role] and row.get("order_id"):
                row[role] = first[role]
        if _day(row.get("date", ""), locale) is not None:
            yield row


def _day(text: str, locale: Locale) -> datetime | None:
    try:
        return datetime.strptime(text, locale.day)  # noqa: DTZ007 - cells have no zone
    except ValueError:
        return None


def _by_order(table: Sequence[Row], locale: Locale) -> list[list[Row]]:
    """Group rows by buyer and order number; a row without a number stands alone."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for at, row in enumerate(table):
        key = row.get("order_id") or f"row {at}"
        groups.setdefault((_buyer(row, locale), key), []).append(row)
    return list(groups.values())


def _order_key(row: Row, locale: Locale) -> str:
    """Return what makes an order one: its number, else its day."""
    return row.get("order_id") or str(_day(row["date"], locale))[:10]


def _buyer(row: Row, locale: Locale) -> str:
    nobody = {word.casefold() for word in locale.nobody} | {""}
    for role in ("customer_id", "email", "phone", "name"):
        text = row.get(role, "").strip()
        if text.casefold() not in nobody:
            return text.casefold() if role == "email" else text
    return ""


def _state(row: Row, locale: Locale) -> str:
    if row.get("cancelled_at"):
        return "dead"
    said = row.get("status", "").casefold()
    for fate, words in locale.states.items():
        if said in [word.casefold() for word in words]:
            return fate
    return "counts"


def number(text: str, locale: Locale) -> Decimal:
    """Read an amount; a dash in place of the decimals is no minus."""
    text = re.sub(r"[.,]-+$", "", text.strip().replace("\u2212", "-"))
    digits = re.sub(r"[^0-9.,'\u202f\u00a0-]", "", text).strip(".,'\u202f\u00a0")
    less = "(" in text or digits.startswith("-") or digits.endswith("-")
    digits = digits.strip("-").replace(locale.thousands, "").replace("\u00a0", "")
    if not digits:
        return ZERO
    value = Decimal(digits.replace(locale.decimal, "."))
    return -value if less else value


def _currency(row: Row) -> str:
    """Return the currency of a row: of its column, else the letters around its amounts."""
    if "currency" in row:
        return row["currency"]
    money = ("net", "gross", "order_total", "line_total", "price", "subtotal")
    texts = [row[role] for role in money if row.get(role)]
    return re.sub(r"[\d.,'()\s\u202f\u00a0-]", "", texts[0]) if texts else ""


def _whole_order_columns(purchases: Sequence[Sequence[Row]], locale: Locale) -> set[str]:
    """Return the columns of money that are the order's: constant over each, or first line only."""
    found: set[str] = set()
    for role in ORDER_MONEY & purchases[0][0].keys():
        values = [[number(r[role], locale) for r in lines if r[role]] for lines in purchases]
        several = [v for v, lines in zip(values, purchases, strict=True) if len(lines) > 1]
        if all(len(set(v)) <= 1 for v in several):
            found.add(role)
    return found


def _of_order(lines: Sequence[Row], role: str, once: set[str], locale: Locale) -> Decimal:
    if role not in lines[0]:
        return ZERO
    values = [number(row[role], locale) for row in lines if row[role]]
    return (values[0] if values else ZERO) if role in once else sum(values, ZERO)


def _money_of(lines: Sequence[Row], once: set[str], locale: Locale) -> Decimal:
    """Return the net money of an order: of its own total, else of its lines."""
    roles = lines[0]

    def value(role: str) -> Decimal:
        return _of_order(lines, role, once, locale)

    if "net" in roles:
        return value("net")
    if "order_total" in roles:
        return value("order_total")
    if "tax_rate" in roles:
        rate = number(lines[0]["tax_rate"], locale) / 100
        return (value("gross") / (1 + rate)).quantize(CENT)
    if "gross" in roles:
        return value("gross") - value("tax") - value("shipping")
    if "subtotal" in roles:
        return value("subtotal") - value("coupon")
    return sum((_line_money(row, locale) for row in lines), ZERO)


def _line_money(row: Row, locale: Locale) -> Decimal:
    if row.get("product") == locale.gift:
        return ZERO
    if "line_total" in row:
        return number(row["line_total"], locale)
    if "line_gross" in row:
        before = number(row["line_gross"], locale)
    else:
        before = number(row["price"], locale) * number(row["quantity"], locale)
    return before - abs(number(row.get("line_discount", ""), locale))


def _paid_back(
    lines: Sequence[Row], money: Decimal, once: set[str], locale: Locale
) -> Decimal | None:
    """Return what the refund column takes off an order; None: all of it, it is no order."""
    back = _of_order(lines, "refund", once, locale)
    roles = lines[0]
    whole = _of_order(lines, "gross", once, locale) if "gross" in roles else money
    return None if back > 0 and back >= whole else back
