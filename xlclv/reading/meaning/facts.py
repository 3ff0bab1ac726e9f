"""Everything found out about the rows of an order table."""

from dataclasses import dataclass

from xlclv.reading.meaning.cells import Cells, Labels
from xlclv.reading.meaning.layouts import Layout
from xlclv.reading.meaning.money.sums import Amounts, Sums
from xlclv.reading.meaning.orders import OrderKeys
from xlclv.reading.meaning.people import Owners
from xlclv.reading.meaning.roles import (
    Roles,
)
from xlclv.reading.meaning.rows import Records, Runs
from xlclv.reading.meaning.rules import Rules
from xlclv.reading.meaning.status import Statuses
from xlclv.terms import Array, BoolArray, DateArray, FloatArray


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything found out about the rows of a table; arrays of shape (n,), n all rows."""

    cells: Cells
    layout: Layout
    roles: Roles
    rules: Rules
    rows: Records
    run: Runs
    repeated: BoolArray
    day: DateArray
    bad_day: BoolArray
    order: Labels | None
    owner: Owners
    said: Statuses
    keys: OrderKeys
    sums: Sums
    money: Amounts
    net: FloatArray
    bad_amount: BoolArray
    refunded: BoolArray
    currency: Labels
    left_out: Array
