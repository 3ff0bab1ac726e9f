"""Columns of rates: of discount, of tax."""

import numpy as np

from xlclv.reading.meaning.money.columns import Money
from xlclv.reading.meaning.money.identities import (
    agree,
)
from xlclv.reading.meaning.money.sums import TOTALS, Sums
from xlclv.reading.meaning.rules import money
from xlclv.reading.question import Question
from xlclv.terms import FloatArray


def rate_discounted(sums: Sums, base: Money, net: FloatArray, v: Money | None) -> FloatArray:
    """Apply a rate of discount to price × quantity, or to an amount that is without it.

    Raises:
        Question: Nothing tells whether the amount is after discount.
    """
    column = sums.first("discount_rate")
    if column is None or column.empty or base.role in ("amount_net", *TOTALS):
        return net
    part = net * _as_rate(column.raw)
    if not part.any():
        return net
    if base.role != "units":
        groups = sums.groups
        known = groups.any(base.known) & groups.any(part != 0)
        lines = None if v is None else groups.sums(v.add)
        if lines is not None:
            less = groups.sums(v.add * (1 - _as_rate(column.raw))) if v is not None else lines
            if agree(groups.sums(base.add), less, known):
                return net
        if lines is None or not agree(groups.sums(base.add), lines, known):
            raise Question(
                "discount_unclear",
                (("--map", "discount_rate="),),
                rows=None,
                header=sums.header(base),
                discount=sums.header(column),
                after=money(base.total),
                before=money(base.total - float(part.sum())),
            )
    sums.effects[column.at] = "taken_off"
    sums.rules.add(
        "discount_rate_taken_off",
        rows=part != 0,
        amount=part,
        at=column.at,
        header=sums.header(column),
    )
    return net - part


def _as_rate(raw: FloatArray) -> FloatArray:
    rate = np.nan_to_num(raw)
    return rate / 100 if np.abs(rate).max(initial=0) > 1 else rate


def without_rate(
    sums: Sums, base: Money, net: FloatArray, tax: FloatArray, off: set[str]
) -> tuple[FloatArray, FloatArray]:
    """Take tax out of a gross amount by a column of rates.

    Raises:
        Question: Nothing tells whether tax is in the amount.
    """
    column = sums.first("tax_rate")
    if column is None or column.empty or "tax" in off or tax.any() or base.role == "amount_net":
        return net, tax
    rate = _as_rate(column.raw)
    after = net / (1 + rate)
    gross = base.role in TOTALS or sums.roles.taken[base.at].role == "unit_price_gross"
    if not gross:
        raise Question(
            "tax_rate_unclear",
            (("--map", "tax_rate="),),
            rows=None,
            header=sums.header(base),
            tax=sums.header(column),
            without=money(float(net.sum())),
            inside=money(float(after.sum())),
        )
    sums.effects[column.at] = "taken_off"
    sums.rules.add(
        "tax_rate_taken_off",
        rows=rate != 0,
        amount=net - after,
        at=column.at,
        header=sums.header(column),
    )
    return after, net - after
