"""Tables as a refresh reads them, typed in by hand, and what it computes from them."""

from collections.abc import Sequence

from tests.refresh.books import STAMP
from xlclv.analysis.results import Inputs, Results, compute
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, Place, RawTable, Table, TableSpec, read_table, title

AVERAGES = ("customer_id", "avg_value", "frequency", "lifespan")
LOG = ("customer_id", "order_date", "amount_net")


def table(spec: TableSpec, names: Sequence[str], *rows: Sequence[object]) -> Table:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return read_table(RawTable([title(name) for name in names], columns, Place("Sheet")), spec)


def computed(**inputs: object) -> Results:
    return compute(Inputs(**{"settings": Settings(), **inputs}), STAMP)  # type: ignore[arg-type]


def sheet(*values: float) -> Table:
    rows = [(f"C{at}", value, 1, 1) for at, value in enumerate(values)]
    return table(CUSTOMERS, AVERAGES, *rows)
