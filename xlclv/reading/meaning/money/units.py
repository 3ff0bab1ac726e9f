"""Is a price that of one piece or of the whole line? The rows tell."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from xlclv.terms import BoolArray, FloatArray, IntArray

Verdict = Literal["unit", "line"]
_SURE: Final = 0.9  # share of the rows that tell
_EQUAL: Final = 1e-9
_ROUNDING: Final = 0.0051


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many rows or pairs of rows speak for the price of a piece, and for that of a line."""

    unit: int
    line: int

    @property
    def verdict(self) -> Verdict | None:
        """Return what nearly all of them say, None where none does or they disagree."""
        both = self.unit + self.line
        if not both:
            return None
        if self.unit >= _SURE * both:
            return "unit"
        return "line" if self.line >= _SURE * both else None


def evidence(
    price: FloatArray, qty: FloatArray, product: IntArray | None, live: BoolArray
) -> Evidence:
    """Find rows that tell what a price is.

    - A negative quantity with a positive price is a price per piece; both negative is an amount.
    - The same product at the same price in different quantities is a price per piece; at a price
      that grows with the quantity it is an amount.

    Args:
        price: Shape (n,), NaN unknown.
        qty: Shape (n,), NaN unknown.
        product: What was bought, -1 unknown, shape (n,); None: no column tells.
        live: Rows to look at, shape (n,).
    """
    known = live & (np.nan_to_num(price) != 0) & (np.nan_to_num(qty) != 0)
    back = known & (qty < 0)
    unit = int((back & (price > 0)).sum())
    line = int((back & (price < 0)).sum())
    if product is not None:
        pairs = _pairs(price, qty, product, known & (product >= 0))
        unit, line = unit + pairs.unit, line + pairs.line
    return Evidence(unit, line)


def _pairs(price: FloatArray, qty: FloatArray, product: IntArray, known: BoolArray) -> Evidence:
    rows = np.flatnonzero(known)
    rows = rows[np.argsort(product[rows], kind="stable")]
    one, two = rows[:-1], rows[1:]
    amount, pieces = np.abs(price), np.abs(qty)
    telling = (product[one] == product[two]) & (pieces[one] != pieces[two])
    one, two = one[telling], two[telling]
    same = np.abs(amount[one] - amount[two]) <= _EQUAL
    each = np.abs(amount[one] / pieces[one] - amount[two] / pieces[two])
    grows = ~same & (each <= _ROUNDING / np.minimum(pieces[one], pieces[two]) * 2)
    return Evidence(int(same.sum()), int(grows.sum()))


def matters(price: FloatArray, qty: FloatArray, live: BoolArray) -> bool:
    """Say whether it makes a difference: some quantity is not 1."""
    known = live & (np.nan_to_num(price) != 0) & ~np.isnan(qty)
    return bool((known & (np.abs(qty) != 1)).any())
