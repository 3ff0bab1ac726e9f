"""A new workbook: every tab of the template, with the inputs given and the results computed."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from xlclv.analysis.results import Inputs, Results, compute
from xlclv.rewards.rules.starter import starter_table
from xlclv.schema import COLUMNS, TABS
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, FEEDBACK, LEDGER, ORDERS, RULES, TIERS, read_table
from xlclv.workbook.drawing import CREATED, Drawing, Host
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


def write_book(
    path: Path,
    results: Results,
    leave_out: Collection[str] = (),
    *,
    host: Host = "shell",
    opened_on: str = "Start",
) -> None:
    """Write a new workbook with the tabs of the template.

    Args:
        path: Where.
        results: What to show.
        leave_out: Names of tabs to leave out.
        host: The program that is to refresh it.
        opened_on: The tab that is seen first.
    """
    with Drawing(path, status=results.status, host=host, absent=leave_out) as drawing:
        draw_all(drawing, results)
        drawing.open_on(opened_on)


def write_empty(path: Path) -> None:
    """Write the template without data: what shows results comes with the first refresh."""
    results = sample_results()
    bare = replace(
        results,
        inputs=Inputs(Settings()),
        people=replace(results.people, table=None),
    )
    shown = ("Start", "Input", "Orders", "Customers", "Feedback", "Ledger", "Lists", "Glossary")
    write_book(path, bare, [tab.name for tab in TABS if tab.name not in shown])


def draw_all(drawing: Drawing, results: Results) -> None:
    """Draw every tab of the template that the workbook is to have, in order."""
    for tab in TABS:
        if tab.name == "Tiers" and results.inputs.columns:
            DRAW[COLUMNS.name](drawing, results)
        if drawing.has(tab.name):
            DRAW[tab.name](drawing, results)
