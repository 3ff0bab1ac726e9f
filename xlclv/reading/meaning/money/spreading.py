"""What belongs to an order, spread over its lines."""

from dataclasses import replace

import numpy as np

from xlclv.reading.meaning.money.columns import Groups, Money
from xlclv.reading.meaning.money.sums import Amounts, Sums
from xlclv.terms import FloatArray


def over_lines(sums: Sums, found: Amounts, base: Money, v: Money | None) -> Amounts:
    """Spread what belongs to an order over its lines, as the lines are worth, to the cent."""
    if not found.of_order or not (sums.groups.lines > 1).any():
        return found
    weights = _weights(sums, base, v)
    if weights is None:
        return found
    groups = sums.groups
    return replace(
        found,
        net=spread(found.net, weights, groups),
        tax=spread(found.tax, weights, groups),
    )


def _weights(sums: Sums, base: Money, v: Money | None) -> FloatArray | None:
    if v is not None and v.at != base.at:
        return np.maximum(v.add, 0)
    line = next(
        (one for one in map(sums.first, ("line_total", "amount", "price")) if one is not None), None
    )
    if line is None or line.at == base.at or line.scope == "order":
        return None
    return np.maximum(line.add, 0)


def spread(values: FloatArray, weights: FloatArray, groups: Groups) -> FloatArray:
    """Spread the amount of each order over its rows by weight, in cents that add up to it."""
    total, whole = groups.sums(values), groups.sums(weights)
    has = (whole > 0)[groups.codes] & groups.live
    share = np.zeros(values.size)
    share[has] = weights[has] / whole[groups.codes[has]]
    parts = np.round(share * total[groups.codes], 2)
    rest = total - groups.sums(np.where(has, parts, 0.0))
    first = np.full(groups.count, -1)
    rows = np.flatnonzero(has)[::-1]
    first[groups.codes[rows]] = rows
    places = first[first >= 0]
    parts[places] += rest[groups.codes[places]]
    return np.where(has, np.round(parts, 6), values)
