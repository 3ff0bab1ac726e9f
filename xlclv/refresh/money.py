"""The sign of the money in a book: as the formats of its cells show it."""

import re
from collections.abc import Iterator
from typing import Final

from xlclv.addresses import Box
from xlclv.reading.gather import Book
from xlclv.refresh.obstacles import Facts

# [$€-407] or [$USD]; a sign in quotes or behind a backslash; a sign that stands alone.
_MARKED: Final = re.compile(r"\[\$([^\]-]+)(?:-[0-9A-Fa-f]+)?\]")
_BARE: Final = re.compile(r"[€£¥₩₹₽₺₫₴₦₱฿₪₡$]|\bkr\b|zł|Kč|R\$|CHF|Fr\.")
_ADDRESS: Final = re.compile(r"(.*)!\$?([A-Z]+)\$?([0-9]+)$")
DRIVERS: Final = ("avg_value", "revenue")


def sign_of_cells(book: Book, facts: Facts) -> str:
    """Return the sign that the cells of the amounts show, "" without one."""
    signs = (sign_in(facts.number_format(*cell)) for cell in _money_cells(book))
    return next(filter(None, signs), "")


def sign_in(code: str) -> str:
    """Return the sign of money in a number format, "" without one.

    >>> sign_in("#,##0.00 [$€-407]"), sign_in('"$"#,##0'), sign_in("0.00"), sign_in("[$-409]mmm")
    ('€', '$', '', '')
    """
    marked = _MARKED.search(code)
    if marked:
        return marked[1].strip()
    bare = _BARE.search(re.sub(r"\[[^\]]*\]", "", code))
    return bare[0] if bare else ""


def _money_cells(book: Book) -> Iterator[tuple[str, int, int]]:
    """Yield sheet, row and column of the first cell of each column of money."""
    orders = book.inputs.orders
    if orders is not None and orders.reading is not None and "orders" in book.found:
        for taken in orders.reading.columns:
            found = _ADDRESS.match(taken.cell)
            if found and taken.total is not None:
                box = Box.at(f"{found[2]}{found[3]}")
                yield found[1].strip("'"), box.first_row + 1, box.first_column
    place = book.found.get("customers")
    if place is not None:
        where = place.raw.where
        for name in DRIVERS:
            if name in place.index:
                yield place.sheet, where.header_row + 1, where.first_column + place.index[name]
