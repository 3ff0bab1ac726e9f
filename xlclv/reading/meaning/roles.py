"""What each column of an order table is, by its header, its layout, its cells or the user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xlclv import headers
from xlclv.errors import InputError
from xlclv.reading.meaning.layouts import Layout
from xlclv.readings import Why
from xlclv.tables import ORDERS, title, titles
from xlclv.words import every, has, word

CUSTOMER: Final = ("customer_id", "email", "phone", "customer_name", "name", "last_name", "company")
# Columns of money that may be what an order or its line is worth, the surest first.
BASES: Final = (
    *("amount_net", "subtotal", "line_total", "amount", "unit_price", "unit_price_gross", "price"),
    *("order_total", "amount_gross", "before_discount"),
)
# Money or a quantity beside it.
BESIDE: Final = (
    *("qty", "discount", "discount_rate", "tax", "tax_part", "tax_elsewhere", "tax_rate"),
    *("shipping", "shipping_tax", "charged_fee", "tip", "refund_amount", "refund_qty", "cost"),
    *("unit_cost", "fee", "payout", "payment", "list_price", "profit", "qty_info"),
    "discount_info",
)
MONEY: Final = BASES + BESIDE
STATUS: Final = ("status", "stage", "fulfilment", "doc_type")
MARKS: Final = ("is_refund", "is_returned", "is_cancelled", "is_test")
DATES: Final = ("order_date", "paid_date", "cancelled_date", "other_date")
NAMES: Final = (
    *("order_id", "line_id", "customer_id", "email", "email_to", "phone", "customer_name", "name"),
    *("first_name", "last_name", "company", "recipient", "supplier", "order_time"),
    *("currency_code", "ref_order", "product", "channel", "campaign", "newsletter", "opt_in"),
    *("tags", "discount_text", "neutral"),
)
ROLES: Final = (*MONEY, *STATUS, *MARKS, *DATES, *NAMES)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a column was taken for."""

    role: str
    why: Why
    rank: int = 0


class Roles:
    """The columns of a table by what they are.

    Args:
        taken: Position (from 0) to what the column is; without those nobody knows.
    """

    def __init__(self, taken: Mapping[int, Taken]) -> None:
        self.taken = dict(taken)

    def all(self, *names: str) -> list[int]:
        """Return the columns of some roles: role by role, in each the one that says most first."""
        return [at for name in names for at in self._of(name)]

    def _of(self, name: str) -> list[int]:
        found = [at for at, taken in self.taken.items() if taken.role == name]
        chosen = [at for at in found if self.taken[at].why == "option"]
        return chosen or sorted(found, key=lambda at: (self.taken[at].rank, at))

    def first(self, *names: str) -> int | None:
        """Return the first column of some roles, None where there is none."""
        return next(iter(self.all(*names)), None)

    def has(self, *names: str) -> bool:
        """Say whether there is a column of one of these roles."""
        return self.first(*names) is not None

    def chosen(self, *names: str) -> int | None:
        """Return the column that the user took for one of these roles, None without."""
        return next((at for at in self.all(*names) if self.taken[at].why == "option"), None)

    def drop(self, at: int) -> None:
        """Take a column for nothing."""
        del self.taken[at]


def by_headers(header_row: Sequence[object], layout: Layout) -> dict[int, Taken]:
    """Return what the columns are, as far as headers and layout tell."""
    known = headers.by_key("orders")
    taken = {}
    for at, header in enumerate(header_row):
        text = "" if header is None else str(header).strip()
        if headers.key(text) in layout.columns:
            taken[at] = Taken(layout.columns[headers.key(text)], "layout")
            continue
        found = next((known[key] for key in headers.keys(text) if key in known), None)
        if found is not None:
            taken[at] = Taken(found[0], "header", found[1])
    return taken


def order_index(
    header_row: Sequence[object], layout: Layout, chosen: Mapping[int, str]
) -> dict[str, int]:
    """Return which columns headers name, under the names of the order table.

    Args:
        header_row: The headers.
        layout: Their layout.
        chosen: Position to role, where the user says it.
    """
    taken = by_headers(header_row, layout)
    taken |= {at: Taken(role, "option") for at, role in chosen.items()}
    roles = Roles(taken)
    found = {name: at for name in ROLES if (at := roles.first(name)) is not None}
    for name, wanted in (
        ("customer_id", CUSTOMER),
        ("order_date", ("order_date", "paid_date", "order_time")),
        ("amount_net", BASES),
    ):
        at = roles.first(*wanted)
        if at is not None:
            found[name] = at
    return {name: at for name, at in found.items() if name in ORDERS.columns}


def role_of(name: str) -> str:
    """Return the role that the user calls by its short name or as the workbook does.

    Raises:
        InputError: There is none of that name.
    """
    plain = name.strip()
    if plain in ROLES:
        return plain
    called = {headers.key(name): role for role in ROLES for name in _called(role)}
    short = headers.key(plain)
    found = called.get(short) or next((role for role in ROLES if headers.key(role) == short), None)
    if found is None and short == headers.key("amount_before_discount"):
        return "before_discount"
    if found is None:
        known = headers.by_key("orders").get(short)
        found = known[0] if known else None
    if found is None:
        raise InputError("no_such_column", value=name, expected=", ".join(_offered()))
    return found


def _called(role: str) -> list[str]:
    return every(f"columns.{role}") or titles(role)


def role_title(role: str) -> str:
    """Return what the workbook calls a role.

    >>> role_title("unit_price"), role_title("order_date")
    ('Unit price', 'Order date')
    """
    return word(f"columns.{role}") if has(f"columns.{role}") else title(role)


def _offered() -> list[str]:
    return sorted({*ROLES} - {"neutral", "recipient", "supplier", "name"})


def position_of(header_row: Sequence[object], wanted: str) -> int | None:
    """Return the column with a header: written alike first, then but for case and signs."""
    texts = ["" if header is None else str(header).strip() for header in header_row]
    if wanted.strip() in texts:
        return texts.index(wanted.strip())
    for same in (str.casefold, headers.key):
        keys = [same(text) for text in texts]
        if same(wanted.strip()) in keys and same(wanted.strip()):
            return keys.index(same(wanted.strip()))
    short = headers.key(wanted)
    return next((at for at, text in enumerate(texts) if short in headers.keys(text)), None)
