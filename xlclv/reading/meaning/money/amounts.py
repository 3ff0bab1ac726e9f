"""The net amount of each row: which column is it, what is in it, what is taken off."""

import numpy as np

from xlclv.reading.meaning.money.bases import base_of
from xlclv.reading.meaning.money.columns import Money
from xlclv.reading.meaning.money.identities import (
    solve,
)
from xlclv.reading.meaning.money.inside import what_is_in
from xlclv.reading.meaning.money.rates import rate_discounted, without_rate
from xlclv.reading.meaning.money.scopes import either_way
from xlclv.reading.meaning.money.spreading import over_lines
from xlclv.reading.meaning.money.sums import TOTALS, Amounts, Sums, beside_goods, header_of
from xlclv.terms import FloatArray


def amounts(sums: Sums) -> Amounts:
    """Return the net amount of each row.

    Raises:
        Question: Two readings give different sums, and nothing in the table tells which is meant.
    """
    base, v, chosen = base_of(sums)
    result = _net(sums, base, v, chosen=chosen)
    return over_lines(sums, result, base, v)


def _net(sums: Sums, base: Money, v: Money | None, *, chosen: bool) -> Amounts:
    """Take off the base what is no revenue."""
    total = sums.first(*TOTALS) if base.role not in TOTALS else base
    if total is not None and total.at != base.at and total.pattern == "constant":
        total = _best_variant(sums, total, base)
    off = what_is_in(sums, base, v, total, chosen=chosen)
    net = base.add if chosen else rate_discounted(sums, base, base.add, v)
    for name in sorted(off):
        part = sums.beside(base.add, name)
        net = net - part
        _tell_off(sums, name, part)
    tax = sums.beside(base.add, "tax")
    net, tax = without_rate(sums, base, net, tax, off)
    paid = net + tax if total is None or base.role not in TOTALS else total.add
    if total is not None:
        paid = total.add
    groups = sums.groups
    return Amounts(
        net=net,
        known=base.known,
        tax=tax,
        paid=groups.sums(np.abs(paid))[groups.codes],
        columns=(base.at,),
        of_order=base.scope == "order" or base.pattern == "first",
    )


def _best_variant(sums: Sums, total: Money, base: Money) -> Money:
    """Return a total once per order or on every line, whichever its parts add up to."""
    groups = sums.groups
    parts, goods = beside_goods(sums, base.add), groups.sums(base.add)
    for variant in either_way(sums, total):
        known = groups.any(variant.known) & groups.any(base.known)
        if solve(groups.sums(variant.add), goods, parts, known) is not None:
            return variant
    return total


def _tell_off(sums: Sums, name: str, part: FloatArray) -> None:
    at = sums.roles.first(name)
    rows = part != 0
    sums.rules.add(
        f"{name}_taken_off",
        rows=rows,
        amount=part,
        orders=int(sums.groups.any(rows).sum()),
        at=at or 0,
        header=header_of(sums, name),
    )
    for other in sums.roles.all(name):
        sums.effects[other] = "taken_off"
