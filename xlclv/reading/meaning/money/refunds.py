"""Money given back, in a column beside the order it was paid for."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from xlclv.reading.meaning.money.spreading import spread
from xlclv.reading.meaning.money.sums import Amounts, Sums
from xlclv.terms import BoolArray, FloatArray

_CENT: Final = 0.0051


@dataclass(frozen=True, slots=True)
class Refunds:
    """What was given back.

    Args:
        net: The net amount of each row less what was given back of it, shape (n,).
        back: What was given back of each row, shape (n,).
        whole: Rows of orders refunded in full, shape (n,).
    """

    net: FloatArray
    back: FloatArray
    whole: BoolArray


def refunds(
    sums: Sums, found: Amounts, said_whole: BoolArray, counted: BoolArray, sold: BoolArray
) -> Refunds:
    """Take off what was refunded, as printed; an order is never worth less than nothing.

    Args:
        sums: The columns of money.
        found: The amounts.
        said_whole: Rows whose status says that the order was refunded, shape (n,).
        counted: Rows that count otherwise, shape (n,).
        sold: Rows of goods, which alone can be given back, shape (n,).
    """
    groups = sums.groups
    printed = np.abs(sums.beside(np.ones(sums.cells.rows), "refund_amount"))
    printed = np.where(counted | said_whole, printed, 0.0)
    given = groups.sums(printed)
    worth = np.where(sold & (found.net > 0), found.net, 0.0)
    net = groups.sums(worth)
    paid = np.zeros(groups.count)
    np.maximum.at(paid, groups.codes, found.paid)
    whole = (given > 0) & ((given >= paid - _CENT) | (given >= net - _CENT) & (paid <= 0))
    rows_whole = (whole[groups.codes] & groups.live & (found.net >= 0)) | said_whole
    back = np.minimum(given, net)
    share = np.where(rows_whole, 0.0, _over_lines(back, worth, sums))
    _tell(sums, printed, rows_whole)
    return Refunds(found.net - share, share, rows_whole)


def _over_lines(back: FloatArray, worth: FloatArray, sums: Sums) -> FloatArray:
    groups = sums.groups
    placed = np.zeros(sums.cells.rows)
    first = np.full(groups.count, -1)
    rows = np.flatnonzero(groups.live & (worth > 0))[::-1]
    first[groups.codes[rows]] = rows
    has = first >= 0
    placed[first[has]] = back[has]
    return spread(placed, worth, groups)


def _tell(sums: Sums, printed: FloatArray, whole: BoolArray) -> None:
    rows = printed != 0
    if not rows.any():
        return
    at = sums.roles.all("refund_amount")
    partly = rows & ~whole
    sums.rules.add(
        "refunds_taken_off",
        rows=partly,
        amount=printed,
        orders=int(sums.groups.any(partly).sum()),
        at=at[0],
        header=sums.header(sums.columns[at[0]]),
    )
    for column in at:
        sums.effects[column] = "taken_off"
