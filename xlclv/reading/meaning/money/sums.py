"""The columns of money of a table, by what they are, and what is made of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from xlclv.reading.meaning.cells import Cells
from xlclv.reading.meaning.money.columns import Groups, Money
from xlclv.reading.meaning.money.identities import (
    close,
)
from xlclv.reading.meaning.roles import Roles
from xlclv.reading.meaning.rules import Rules
from xlclv.terms import BoolArray, FloatArray, IntArray

COVERED: Final = 0.5  # of the rows that must have an amount before a column is the amount
GOODS: Final = ("amount_net", "subtotal", "line_total", "amount")
TOTALS: Final = ("order_total", "amount_gross")
PRICES: Final = ("unit_price", "unit_price_gross", "price")


@dataclass(frozen=True, slots=True)
class Amounts:
    """Money of each row, shape (n,) each.

    Args:
        net: Without tax, shipping and discount; refunds not yet taken off.
        known: Rows whose amount is known.
        tax: Tax on it.
        paid: What the customer paid for the order of the row, as it is told, for refunds in full.
        columns: The columns that make up the amount, the first gives currency and cells.
        scope: Whose amount it is.
    """

    net: FloatArray
    known: BoolArray
    tax: FloatArray
    paid: FloatArray
    columns: Sequence[int]
    of_order: bool


@dataclass(slots=True)
class Sums:
    """The columns of money of a table, by role.

    Args:
        cells: The table.
        roles: What its columns are.
        groups: The orders.
        columns: Its money.
        rules: What is told on the way.
        product: What was bought, -1 unknown, shape (n,).
        effects: Position to the key of what a column does.
    """

    cells: Cells
    roles: Roles
    groups: Groups
    columns: dict[int, Money]
    rules: Rules
    product: IntArray | None
    effects: dict[int, str] = field(default_factory=dict)

    def first(self, *names: str) -> Money | None:
        """Return the first column of some roles that is not wholly blank."""
        for at in self.roles.all(*names):
            if at in self.columns and self.columns[at].known.any():
                return self.columns[at]
        return None

    def header(self, column: Money) -> str:
        """Return the header of a column."""
        return " ".join(str(self.cells.raw.headers[column.at]).split())

    def beside(self, base: FloatArray, *names: str) -> FloatArray:
        """Return money beside an amount, with the sign of the amount; zeros without one.

        Of several columns of a role that agree in every order one counts.
        """
        found = np.zeros(self.cells.rows)
        seen: list[FloatArray] = []
        for at in self.roles.all(*names):
            column = self.columns.get(at)
            if column is None or column.empty:
                continue
            sums = self.groups.sums(np.abs(column.add))
            if any(close(sums, other).all() for other in seen):
                continue
            seen.append(sums)
            found += column.add
        back = self.groups.sums(base) < 0
        sign = np.where(back[self.groups.codes], -1.0, 1.0)
        line_back = np.where(base < 0, -1.0, np.where(base > 0, 1.0, sign))
        return np.where(found != 0, np.abs(found) * line_back, 0.0)


def header_of(sums: Sums, name: str) -> str:
    """Return the header of the first column of a role, "" without one."""
    column = sums.first(name)
    return "" if column is None else sums.header(column)


def beside_goods(sums: Sums, base: FloatArray) -> dict[str, FloatArray]:
    """Return what may stand between goods and total, per order; discounts are negative."""
    groups = sums.groups
    return {
        "tax": groups.sums(sums.beside(base, "tax")),
        "shipping": groups.sums(sums.beside(base, "shipping")),
        "charged_fee": groups.sums(sums.beside(base, "charged_fee")),
        "tip": groups.sums(sums.beside(base, "tip")),
        "discount": -groups.sums(sums.beside(base, "discount")),
        "tax_elsewhere": groups.sums(sums.beside(base, "tax_elsewhere")),
    }
