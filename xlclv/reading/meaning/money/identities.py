"""Sums that must agree: which parts make up a total, the orders themselves tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from xlclv.terms import BoolArray, FloatArray

CENTS: Final = 0.0201  # what rounding on two lines can make
NEARLY_ALL: Final = 0.97
_TAX_SHARES: Final = (1.02, 1.28)


@dataclass(frozen=True, slots=True)
class Solution:
    """What a total is made of.

    Args:
        parts: Which parts are in it.
        holds: In how many orders that is so.
        of: How many orders were looked at.
    """

    parts: Mapping[str, bool]
    holds: int
    of: int


def agree(one: FloatArray, other: FloatArray, among: BoolArray) -> bool:
    """Say whether two amounts are the same in nearly all orders, shape (k,) each."""
    return share(one, other, among) >= NEARLY_ALL


def share(one: FloatArray, other: FloatArray, among: BoolArray) -> float:
    """Return in which share of the orders two amounts are the same, 0 where there is none."""
    if not among.any():
        return 0.0
    return float(close(one[among], other[among]).mean())


def close(one: FloatArray, other: FloatArray) -> BoolArray:
    """Say which amounts are the same but for rounding."""
    same: BoolArray = np.abs(one - other) <= CENTS + 1e-9 * np.abs(other)
    return same


def solve(
    total: FloatArray, goods: FloatArray, parts: Mapping[str, FloatArray], among: BoolArray
) -> Solution | None:
    """Find out which parts, added to the goods, make the total in nearly all orders.

    Args:
        total: Shape (k,).
        goods: Shape (k,).
        parts: Name to amounts of shape (k,), what is taken off being negative.
        among: Orders to look at, shape (k,).
    """
    count = int(among.sum())
    if not count:
        return None
    telling = {name: part for name, part in parts.items() if part[among].any()}
    best: tuple[bool, ...] = ()
    most = -1
    for chosen in product((False, True), repeat=len(telling)):
        made = goods + sum(part for part, on in zip(telling.values(), chosen, strict=True) if on)
        hits = int(close(made[among], total[among]).sum())
        if hits > most:
            best, most = chosen, hits
    if most < NEARLY_ALL * count:
        return None
    return Solution(dict(zip(telling, best, strict=True)), most, count)


def tax_inside(goods: FloatArray, tax: FloatArray, among: BoolArray) -> bool | None:
    """Say whether tax is in an amount: the rate it gives is a usual one, or not; None: open.

    Args:
        goods: Amounts, shape (k,).
        tax: Tax on them, shape (k,).
        among: Orders to look at, shape (k,).
    """
    taxed = among & (tax > 0) & (goods > tax)
    if not taxed.any():
        return None
    inside = _same_rate(goods[taxed] - tax[taxed], tax[taxed])
    outside = _same_rate(goods[taxed], tax[taxed])
    return None if inside == outside else inside


def _same_rate(base: FloatArray, tax: FloatArray) -> bool:
    """Say whether one whole or half percent explains all the tax, as closely as cents allow."""
    lowest = np.max((tax - CENTS / 4) / base)
    highest = np.min((tax + CENTS / 4) / base)
    return bool(np.floor(highest * 200 + 1e-9) >= np.ceil(lowest * 200 - 1e-9))


def constant_share(one: FloatArray, other: FloatArray, among: BoolArray) -> float | None:
    """Return the factor by which one amount is the other in nearly all orders, if it may be tax."""
    known = among & (other > 0) & (one > 0)
    if known.sum() < 2 or np.unique(other[known]).size < 2:  # noqa: PLR2004 - one order tells nothing
        return None
    ratio = one[known] / other[known]
    middle = float(np.median(ratio))
    fits = np.abs(one[known] - middle * other[known]) <= CENTS
    usual = _TAX_SHARES[0] <= middle <= _TAX_SHARES[1]
    return middle if usual and fits.mean() >= NEARLY_ALL else None
