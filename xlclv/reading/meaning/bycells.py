"""What a column is where its header leaves it open: its cells tell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from xlclv import headers
from xlclv.reading.meaning.cells import Cells
from xlclv.reading.meaning.layouts import Layout
from xlclv.reading.meaning.lexicon import status_use
from xlclv.reading.meaning.roles import BASES, MONEY, Roles, Taken, by_headers
from xlclv.reading.textnumbers import CURRENCY

_ORDER_NUMBER: Final = re.compile(r"#.*[0-9]|[A-Z]{0,4}-?[0-9]{3,}")
# Headers that stand for a status in some tables and for part of an address or nothing in others.
_WEAK: Final = frozenset(map(headers.key, ("State", "Estado", "Result", "Type", "Tipo", "Art")))
_MONEY_TEXT: Final = re.compile(r"[.,][0-9]{2}(?![0-9])|[$€£¥₩₹%]|\b[A-Z]{3}\b|원|円|元|kr|zł")
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
    _decide(taken, cells)
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


def _decide(taken: dict[int, Taken], cells: Cells) -> None:
    """Decide by the cells what a header leaves open."""
    orders = any(found.role == "order_id" for found in taken.values())
    _take_times_for_days(taken)
    sums_beside = any(found.role in ("subtotal", "order_total") for found in taken.values())
    for at, found in list(taken.items()):
        role = found.role
        if role == "name":
            numbers = not orders and _are_order_numbers(cells, at)
            taken[at] = Taken("order_id" if numbers else "customer_name", "content", found.rank)
        elif role in ("is_refund", "is_returned", "refund_amount"):
            taken[at] = Taken(_refund_role(cells, at, found), found.why, found.rank)
        elif role == "discount" and not sums_beside and _are_rates(cells, at):
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


def _take_times_for_days(taken: dict[int, Taken]) -> None:
    """Take a column of times for that of days where there is no other."""
    if not any(found.role in ("order_date", "paid_date") for found in taken.values()):
        for at, found in list(taken.items()):
            if found.role == "order_time":
                taken[at] = Taken("order_date", found.why, found.rank)


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
    """Yield the columns that hold money, a quantity, a rate or currencies and that nobody knows."""
    for at, header in enumerate(cells.raw.headers):
        text = "" if header is None else str(header)
        if at in roles.taken or not text.strip() or not cells.column(at).different:
            continue
        named = _tells(text) and cells.is_numeric(at)
        if ((named or _looks_like_money(cells, at)) and _has_amounts(cells, at)) or (
            not roles.has("currency_code") and _are_currencies(cells, at)
        ):
            yield at


def _looks_like_money(cells: Cells, at: int) -> bool:
    """Say whether nearly all cells have two decimals, a currency sign or a percent sign."""
    if not cells.is_numeric(at):
        return False
    sample = cells.column(at).different[:_SAMPLE]
    if any(isinstance(cell, float) for cell in sample):
        cents = [isinstance(cell, float) and _in_cents(cell) for cell in sample]
        return all(cents) and any(isinstance(cell, float) and cell % 1 for cell in sample)
    hits = sum(_MONEY_TEXT.search(str(cell)) is not None for cell in sample)
    return hits * 10 >= len(sample) * 8


def _in_cents(cell: float) -> bool:
    return abs(cell * 100 - round(cell * 100)) < 1e-6  # noqa: PLR2004 - binary noise


def _are_currencies(cells: Cells, at: int) -> bool:
    names = cells.labels(at).names
    return 1 < len(names) <= _FEW and all(
        name.isupper() and CURRENCY.fullmatch(name) is not None for name in names
    )


def _tells(header: str) -> bool:
    words = headers.words_of(header)
    if words and words[-1] in _ABOUT:
        return False
    return not _TELLING.isdisjoint(words) or any(sign in _TELLING_SIGNS for sign in header)


def _has_amounts(cells: Cells, at: int) -> bool:
    return any(sign in "123456789" for cell in cells.column(at).different for sign in str(cell))
