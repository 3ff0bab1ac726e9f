"""Customers that are one person: the customer sheet says into whom each was merged."""

from dataclasses import replace

import numpy as np
import pandas as pd

from xlclv.columns import Column
from xlclv.tables import Table
from xlclv.terms import BoolArray

_LONGEST = 20  # steps from one to the next, before a circle is given up


def aliases(customers: Table | None) -> dict[str, str]:
    """Return who stands for each customer that was merged into another.

    Args:
        customers: The customer table, or None.
    """
    if customers is None or not customers.has("merged_into"):
        return {}
    ids, into = customers.values("customer_id"), customers.values("merged_into")
    step = {own: other for own, other in zip(ids, into, strict=True) if other and own != other}
    return {own: _end(own, step) for own in step}


def _end(own: str, step: dict[str, str]) -> str:
    at = own
    for _ in range(_LONGEST):
        if at not in step:
            return at
        at = step[at]
    return own  # a circle: nobody stands for them


def is_alias(customers: Table) -> BoolArray:
    """Say which rows of a customer table stand for somebody else, shape (n,)."""
    known = aliases(customers)
    ids = customers.values("customer_id")
    return np.array([known.get(own, own) != own for own in ids], dtype=bool)


def joined(orders: Table, customers: Table | None) -> Table:
    """Return an order table in which those who are one person are one customer."""
    known = aliases(customers)
    if not known:
        return orders
    column = orders.columns["customer_id"]
    codes, names = pd.factorize(column.values)
    merged = np.array([known.get(name, name) for name in names], dtype=object)
    columns = dict(orders.columns)
    columns["customer_id"] = Column(merged[codes], column.blank, column.faults)
    return replace(orders, columns=columns)
