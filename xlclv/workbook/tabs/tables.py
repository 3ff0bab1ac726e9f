"""The tables a user fills: Orders, Customers, Feedback, Tiers, RewardRules."""

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.rewards.conditions.fields import FIELDS
from xlclv.rewards.rules.sentence import reads_as
from xlclv.segments.tier_rows import read_tier_rows
from xlclv.segments.tier_sentence import reads_as as tier_reads_as
from xlclv.segments.tiers import Tiers
from xlclv.tables import CUSTOMERS, FEEDBACK, RULES, TIERS, Table, letters
from xlclv.terms import Array, Frame
from xlclv.words import word
from xlclv.workbook.results import Results
from xlclv.workbook.sample import CUSTOMER_COLUMNS, ORDERS_SHOWN
from xlclv.workbook.schema import TAB
from xlclv.workbook.sketch import BODY, BULK_ROWS, Sketch, quoted
from xlclv.workbook.tabs.lists import FIELD_RANGE
from xlclv.workbook.tabs.validation import validate
from xlclv.workbook.tabs.values import customer_results

SPARE = 20  # empty rows of a rules table, ready to be filled
FIELD_COLUMNS = ("field_1", "field_2", "field_3")


def draw_orders(sketch: Sketch, results: Results) -> None:
    """Draw the order table."""
    _draw(sketch, "Orders", as_typed(results.inputs.orders, ORDERS_SHOWN), frozen=2)


def draw_customers(sketch: Sketch, results: Results) -> None:
    """Draw the customer table with what refresh adds at its right end."""
    frame = as_typed(results.inputs.customers, CUSTOMER_COLUMNS)
    frame |= customer_results(results)
    _draw(sketch, "Customers", frame, frozen=1, added=CUSTOMERS.results)


def draw_feedback(sketch: Sketch, results: Results) -> None:
    """Draw the feedback table."""
    _draw(sketch, "Feedback", as_typed(results.inputs.feedback, FEEDBACK.columns), frozen=2)


def draw_tiers(sketch: Sketch, results: Results) -> None:
    """Draw the tier table: as it stands, or as proposed."""
    given = results.inputs.tiers
    frame = proposed_tiers(results.tiers) if given is None else as_typed(given, TIERS.columns)
    frame |= tier_results(results)
    _draw(sketch, "Tiers", frame, frozen=1, added=TIERS.results)


def draw_rules(sketch: Sketch, results: Results) -> None:
    """Draw the rule table with its sentence and status."""
    frame = as_typed(results.inputs.rules, RULES.columns) | rule_results(results)
    _draw(sketch, "RewardRules", frame, frozen=3, added=RULES.results)


def _draw(
    sketch: Sketch, tab: str, frame: Frame, *, frozen: int, added: tuple[str, ...] = ()
) -> Worksheet:
    sheet = sketch.tab(tab)
    inputs = [name for name in frame if name not in added]
    spare = SPARE if TAB[tab].kind == "rules" else 0
    first, last = sketch.table(sheet, TAB[tab].table, frame, inputs=inputs, spare=spare)
    for column, name in enumerate(frame):
        if name in FIELD_COLUMNS:
            _validate_field(sketch, sheet, first, column, last)
        elif name in inputs:
            validate(sheet, name, first, column, last)
    sheet.set_row(BODY, 45 if tab == "RewardRules" else 30)
    sheet.freeze_panes(BODY + 1, frozen)
    sheet.repeat_rows(BODY)
    return sheet


def _validate_field(sketch: Sketch, sheet: Worksheet, row: int, column: int, last_row: int) -> None:
    """Offer the fields of a condition; they are too many for a list in the cell itself."""
    source = f"={quoted(sketch.name('Lists'))}!{FIELD_RANGE.format(last=len(FIELDS) + BODY + 1)}"
    sheet.data_validation(row, column, last_row, column, {"validate": "list", "source": source})


def as_typed(table: Table | None, columns: tuple[str, ...]) -> Frame:
    """Return columns of a table as the user typed them, None: of a table without rows.

    Those it lacks stand there empty, ready to be filled; not so in a long table.
    """
    if table is None:
        return {name: np.array([], dtype=object) for name in columns}
    shown = columns if table.rows <= BULK_ROWS else tuple(filter(table.has, columns))
    return {name: _cells(table, name) for name in shown}


def _cells(table: Table, name: str) -> Array:
    if name not in table.index:
        return np.full(table.rows, None, dtype=object)
    return table.typed(table.index[name])


def proposed_tiers(tiers: Tiers) -> Frame:
    """Return a tier table of tiers that were proposed, best first."""
    size = tiers.names.size
    frame: Frame = {name: np.full(size, None, dtype=object) for name in TIERS.columns}
    return frame | {
        "tier": tiers.names[::-1],
        "measure": np.full(size, tiers.measure.code, dtype=object),
        "enter_at": tiers.enter_at[::-1],
        "window": np.full(size, tiers.window.code, dtype=object),
        "treatment": tiers.treatments[::-1],
    }


def tier_results(results: Results) -> Frame:
    """Return the sentence and the status of each row of the tier table."""
    given, tiers = results.inputs.tiers, results.tiers
    if given is None:
        best_first = range(tiers.size - 1, -1, -1)  # as proposed tiers are drawn
        sentences = [tier_reads_as(tiers, rank) for rank in best_first]
        statuses = [word("tiers.status.ok")] * tiers.size
    else:
        read = read_tier_rows(given, [row.rule_id for row in results.rules.rows])
        sentences = [row.reads_as for row in read.rows]
        statuses = [row.status for row in read.rows]
    return {
        "reads_as": np.array(sentences, dtype=object),
        "row_status": np.array(statuses, dtype=object),
    }


def rule_results(results: Results) -> Frame:
    """Return the sentence and the status of each row of the rule table."""
    rows = results.rules.rows
    sentences = ["" if row.rule is None else reads_as(row.rule) for row in rows]
    return {
        "reads_as": np.array(sentences, dtype=object),
        "row_status": np.array([row.status for row in rows], dtype=object),
    }


def address(column: int, first: int, last: int) -> str:
    """Return the address of a range of one column (all from 0)."""
    return f"${letters(column + 1)}${first + 1}:${letters(column + 1)}${last + 1}"
