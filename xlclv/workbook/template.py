"""A new workbook: every tab of the template, with the inputs given and the results computed."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from xlclv.tables import CUSTOMERS, FEEDBACK, LEDGER, ORDERS, RULES, TIERS, read_table
from xlclv.workbook.results import Inputs, Results, compute
from xlclv.workbook.sample import (
    SETTINGS,
    sample_customers,
    sample_feedback,
    sample_ledger,
    sample_orders,
    starter_table,
)
from xlclv.workbook.schema import TABS
from xlclv.workbook.sketch import CREATED, Sketch
from xlclv.workbook.tabs import DRAW


def sample_results(stamp: datetime = CREATED) -> Results:
    """Return the results of the sample shop."""
    inputs = Inputs(
        SETTINGS,
        orders=read_table(sample_orders(), ORDERS),
        customers=read_table(sample_customers(), CUSTOMERS),
        tiers=read_table(starter_table(TIERS), TIERS),
        rules=read_table(starter_table(RULES), RULES),
        ledger=read_table(sample_ledger(), LEDGER),
        feedback=read_table(sample_feedback(), FEEDBACK),
    )
    return compute(inputs, stamp)


def write_book(path: Path, results: Results, leave_out: Collection[str] = ()) -> None:
    """Write a new workbook with the tabs of the template, opened on the first.

    Args:
        path: Where.
        results: What to show.
        leave_out: Names of tabs to leave out.
    """
    with Sketch(path, status=results.status) as sketch:
        draw_all(sketch, results, leave_out)


def draw_all(sketch: Sketch, results: Results, leave_out: Collection[str] = ()) -> None:
    """Draw every tab of the template, in order."""
    for tab in TABS:
        if tab.name not in leave_out:
            DRAW[tab.name](sketch, results)
