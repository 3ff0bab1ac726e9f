"""A new workbook: every tab of the template, with the inputs given and the results computed."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from xlclv.analysis.results import Inputs, Results, compute
from xlclv.rewards.rules.starter import starter_table
from xlclv.schema import COLUMNS, TABS
from xlclv.tables import CUSTOMERS, FEEDBACK, LEDGER, ORDERS, RULES, TIERS, read_table
from xlclv.workbook.drawing import CREATED, Drawing
from xlclv.workbook.sample.tables import (
    SETTINGS,
    sample_customers,
    sample_feedback,
    sample_ledger,
    sample_orders,
)
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
    with Drawing(path, status=results.status) as drawing:
        draw_all(drawing, results, leave_out)


def draw_all(drawing: Drawing, results: Results, leave_out: Collection[str] = ()) -> None:
    """Draw every tab of the template, in order."""
    for tab in TABS:
        if tab.name == "Tiers" and results.inputs.columns:
            DRAW[COLUMNS.name](drawing, results)
        if tab.name not in leave_out:
            DRAW[tab.name](drawing, results)
