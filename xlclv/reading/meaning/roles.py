"""What each column of an order table is, by its header, its layout, its cells or the user."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from xlclv import headers
from xlclv.errors import InputError
from xlclv.reading.meaning.cells import Cells
from xlclv.reading.meaning.layouts import Layout
from xlclv.reading.meaning.lexicon import status_use
from xlclv.readings import Why
from xlclv.tables import ORDERS, title

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
_ORDER_NUMBER: Final = re.compile(r"#.*[0-9]|[A-Z]{0,4}-?[0-9]{3,}")
# Headers that stand for a status in some tables and for part of an address or nothing in others.
_WEAK: Final = frozenset(map(headers.key, ("State", "Estado", "Result", "Type", "Tipo", "Art")))
_SAMPLE: Final = 200
_FEW: Final = 25  # different values of a column that may be a status
# Words of headers that hold what must never be silently unused.
_TELLING: Final = frozenset(
    [
        "amount",
        "amt",
        "price",
        "total",
        "subtotal",
        "revenue",
        "sales",
        "value",
        "tax",
        "vat",
        "gst",
        "refund",
        "refunded",
        "discount",
        "qty",
        "quantity",
        "cost",
        "currency",
        "fee",
        "fees",
        "charge",
        "betrag",
        "preis",
        "summe",
        "steuer",
        "mwst",
        "rabatt",
        "menge",
        "umsatz",
        "montant",
        "prix",
        "taxe",
        "tva",
        "remise",
        "quantité",
        "importe",
        "precio",
        "impuesto",
        "iva",
        "descuento",
        "cantidad",
        "importo",
        "prezzo",
        "sconto",
        "quantità",
        "valor",
        "preço",
        "imposto",
        "desconto",
        "quantidade",
        "bedrag",
        "prijs",
        "btw",
        "korting",
        "aantal",
    ]
)
# What a header ends in that tells about money, but holds none.
_ABOUT: Final = frozenset(
    [
        "key",
        "id",
        "code",
        "name",
        "type",
        "date",
        "day",
        "month",
        "year",
        "number",
        "no",
        "nr",
        "method",
        "channel",
        "person",
        "rep",
        "region",
        "territory",
        "status",
        "reference",
        "title",
        "provider",
        "category",
        "group",
        "class",
        "rank",
        "at",
    ]
)
_TELLING_SIGNS: Final = "金額価格税割引数量返金价格额税折扣数量退款價格額稅금액가격할인수량환불"


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
        ("order_date", ("order_date", "paid_date")),
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
    titles = {headers.key(title(role)): role for role in ROLES}
    short = headers.key(plain)
    found = titles.get(short) or next((role for role in ROLES if headers.key(role) == short), None)
    if found is None and short == headers.key("amount_before_discount"):
        return "before_discount"
    if found is None:
        known = headers.by_key("orders").get(short)
        found = known[0] if known else None
    if found is None:
        raise InputError("no_such_column", value=name, expected=", ".join(_offered()))
    return found


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


def roles_of(
    cells: Cells, layout: Layout, chosen: Mapping[int, str], dropped: Sequence[str] = ()
) -> Roles:
    """Return what the columns of a table are.

    Args:
        cells: The table.
        layout: Its layout.
        chosen: Position to role, where the user says it.
        dropped: Roles that the user wants to be taken by no column.
    """
    taken = by_headers(cells.raw.headers, layout)
    _settle(taken, cells)
    taken = {at: found for at, found in taken.items() if found.role not in dropped}
    for at, role in chosen.items():
        taken = {
            other: found
            for other, found in taken.items()
            if not (found.role == role and role not in MONEY) or other == at
        }
        taken[at] = Taken(role, "option")
    _add_by_content(taken, cells)
    return Roles(taken)


def _settle(taken: dict[int, Taken], cells: Cells) -> None:
    """Decide by the cells what a header leaves open."""
    orders = any(found.role == "order_id" for found in taken.values())
    for at, found in list(taken.items()):
        role = found.role
        if role == "name":
            numbers = not orders and _are_order_numbers(cells, at)
            taken[at] = Taken("order_id" if numbers else "customer_name", "content", found.rank)
        elif role in ("is_refund", "is_returned", "refund_amount"):
            taken[at] = Taken(_refund_role(cells, at, found), found.why, found.rank)
        elif role == "discount" and _are_rates(cells, at):
            taken[at] = Taken("discount_rate", "content", found.rank)
        elif role in ("status", "doc_type") and headers.key(str(cells.raw.headers[at])) in _WEAK:
            if found.why == "header" and not _are_statuses(cells, at, role):
                del taken[at]
        elif role in MONEY and not cells.is_numeric(at) and cells.column(at).different:
            other = _not_money(cells, at, found)
            if other is None:
                del taken[at]
            else:
                taken[at] = other


def _not_money(cells: Cells, at: int, found: Taken) -> Taken | None:
    """Return what a column is whose header names money or a number, but whose cells are words."""
    if found.why == "layout" or found.role in BASES:
        return found
    names = [name.casefold() for name in cells.labels(at).names[:_SAMPLE]]
    marks = {"yes", "no", "true", "false", "y", "n", "ja", "nein"}
    if names and all(name in marks for name in names):
        return None
    digits = sum(any(sign.isdigit() for sign in name) for name in names)
    return found if digits * 2 >= len(names) else None


def _are_rates(cells: Cells, at: int) -> bool:
    """Say whether discounts are shares: with percent signs, or all from 0 to 1."""
    column = cells.column(at)
    if not column.different or not cells.is_numeric(at):
        return False
    if any(isinstance(cell, str) and cell.endswith("%") for cell in column.different):
        return True
    words = headers.words_of(str(cells.raw.headers[at]))
    if not {"amount", "total", "value", "betrag", "montant", "importe"}.isdisjoint(words):
        return False
    values = cells.numbers(at).values
    known = values[~np.isnan(values)]
    between = (known > 0) & (known < 1)
    return bool(between.any() and ((known >= 0) & (known <= 1)).all())


def _are_order_numbers(cells: Cells, at: int) -> bool:
    names = cells.labels(at).names[:_SAMPLE]
    return bool(names) and all(_ORDER_NUMBER.fullmatch(name) for name in names)


def _refund_role(cells: Cells, at: int, found: Taken) -> str:
    """Tell money refunded from a mark: by the cells, not by the header."""
    column = cells.column(at)
    if not column.different:
        return found.role
    money = cells.is_numeric(at)
    if found.role == "refund_amount":
        return "refund_amount" if money else "is_returned"
    zero_one = {"0", "1", "0.0", "1.0"}
    marks = all(str(cell).strip() in zero_one for cell in column.different)
    return "refund_amount" if money and not marks else found.role


def _are_statuses(cells: Cells, at: int, role: str) -> bool:
    from xlclv.reading.meaning.lexicon import document_kind  # noqa: PLC0415

    names = cells.labels(at).names
    if not 0 < len(names) <= _FEW * 4:
        return False
    known = sum(
        document_kind(name) is not None if role == "doc_type" else status_use(name, {}) is not None
        for name in names
    )
    return known * 2 >= len(names)


def _add_by_content(taken: dict[int, Taken], cells: Cells) -> None:
    """Find the status by its cells where no header names one."""
    if any(found.role in ("status", "stage") for found in taken.values()):
        return
    for at in range(len(cells.raw.headers)):
        if at not in taken and _has_status_words(cells, at):
            taken[at] = Taken("status", "content")
            return


def _has_status_words(cells: Cells, at: int) -> bool:
    column = cells.column(at)
    if not 1 < len(column.different) <= _FEW or not str(cells.raw.headers[at]).strip():
        return False
    if not all(isinstance(cell, str) for cell in column.different):
        return False
    uses = [status_use(name, {}) for name in cells.labels(at).names]
    known = sum(use is not None for use in uses)
    telling = any(use in ("ignore", "not_yet", "refunded") for use in uses)
    return telling and "counts" in uses and known * 10 >= len(uses) * 8


def untaken_but_telling(cells: Cells, roles: Roles) -> Iterator[int]:
    """Yield the columns that seem to hold money or a quantity and that nobody knows."""
    for at, header in enumerate(cells.raw.headers):
        text = "" if header is None else str(header)
        if at in roles.taken or not text.strip() or not _tells(text):
            continue
        if cells.is_numeric(at) and _has_amounts(cells, at):
            yield at


def _tells(header: str) -> bool:
    words = headers.words_of(header)
    if words and words[-1] in _ABOUT:
        return False
    return not _TELLING.isdisjoint(words) or any(sign in _TELLING_SIGNS for sign in header)


def _has_amounts(cells: Cells, at: int) -> bool:
    return any(str(cell).strip(" 0.,-") for cell in cells.column(at).different)
