"""The tables a user fills: Orders, Customers, Feedback, Tiers, RewardRules."""

from collections.abc import Iterable

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.addresses import letters
from xlclv.analysis.customers import customer_results
from xlclv.analysis.results import Results
from xlclv.analysis.rows import proposed_tiers, rule_results, tier_results
from xlclv.rewards.conditions.fields import FIELDS
from xlclv.schema import BODY, TAB
from xlclv.tables import CUSTOMERS, FEEDBACK, ORDERS, RULES, TIERS, Table
from xlclv.terms import Array, Frame
from xlclv.workbook.drawing import BULK_ROWS, Drawing, quoted
from xlclv.workbook.sample.tables import CUSTOMER_COLUMNS, ORDERS_SHOWN
from xlclv.workbook.tabs.bands import (
    RULE_BANDS,
    TIER_BANDS,
    Bands,
    draw_bands,
    frozen_columns,
    in_bands,
)
from xlclv.workbook.tabs.lists import FIELD_RANGE
from xlclv.workbook.tabs.validation import validate

SPARE = 20  # empty rows of a rules table, ready to be filled
FIELD_COLUMNS = ("field_1", "field_2", "field_3")


NAMING = frozenset({"label", "customer_name", "customer_email"})


def _may_stand(names: Iterable[str], results: Results) -> tuple[str, ...]:
    """Return the columns that may be written: none with names where privacy is asked for."""
    private = results.inputs.settings.privacy
    return tuple(name for name in names if not (private and name in NAMING))


def draw_orders(drawing: Drawing, results: Results) -> None:
    """Draw the order table."""
    _draw(drawing, "Orders", as_typed(results.inputs.orders, _orders_shown(results)), frozen=2)


def _orders_shown(results: Results) -> tuple[str, ...]:
    """Return the usual columns, and those that only some tables have."""
    table = results.inputs.orders
    others = [name for name in ORDERS.columns if name not in ORDERS_SHOWN]
    known = (name for name in others if table is not None and table.has(name))
    return _may_stand((*ORDERS_SHOWN, *known), results)


def draw_customers(drawing: Drawing, results: Results) -> None:
    """Draw the customer table with what refresh adds at its right end."""
    frame = as_typed(results.inputs.customers, _may_stand(CUSTOMER_COLUMNS, results))
    frame |= customer_results(results)
    _draw(drawing, "Customers", frame, frozen=1, added=CUSTOMERS.results)


def draw_feedback(drawing: Drawing, results: Results) -> None:
    """Draw the feedback table."""
    _draw(drawing, "Feedback", as_typed(results.inputs.feedback, FEEDBACK.columns), frozen=2)


def draw_tiers(drawing: Drawing, results: Results) -> None:
    """Draw the tier table: as it stands, or as proposed."""
    given = results.inputs.tiers
    frame = proposed_tiers(results.tiers) if given is None else as_typed(given, TIERS.columns)
    frame |= tier_results(results)
    _draw_in_bands(drawing, "Tiers", frame, TIER_BANDS, TIERS.results)


def draw_rules(drawing: Drawing, results: Results) -> None:
    """Draw the rule table with its sentence and status."""
    frame = as_typed(results.inputs.rules, RULES.columns) | rule_results(results)
    _draw_in_bands(drawing, "RewardRules", frame, RULE_BANDS, RULES.results)


def _draw_in_bands(
    drawing: Drawing, tab: str, frame: Frame, bands: Bands, added: tuple[str, ...]
) -> None:
    ordered = in_bands(frame, bands)
    sheet = _draw(drawing, tab, ordered, frozen=frozen_columns(bands), added=added)
    draw_bands(drawing, sheet, ordered, bands)


def _draw(
    drawing: Drawing, tab: str, frame: Frame, *, frozen: int, added: tuple[str, ...] = ()
) -> Worksheet:
    sheet = drawing.tab(tab)
    inputs = [name for name in frame if name not in added]
    spare = SPARE if TAB[tab].kind == "rules" else 0
    first, last = drawing.table(sheet, TAB[tab].table, frame, inputs=inputs, spare=spare)
    for column, name in enumerate(frame):
        if name in FIELD_COLUMNS:
            _validate_field(drawing, sheet, first, column, last)
        elif name in inputs:
            validate(sheet, name, first, column, last)
    sheet.set_row(BODY, 45 if tab == "RewardRules" else 30)
    sheet.freeze_panes(BODY + 1, frozen)
    sheet.repeat_rows(BODY)
    if TAB[tab].pages_wide > 1:
        sheet.repeat_columns(0)
    return sheet


def _validate_field(
    drawing: Drawing, sheet: Worksheet, row: int, column: int, last_row: int
) -> None:
    """Offer the fields of a condition; they are too many for a list in the cell itself."""
    source = f"={quoted(drawing.name('Lists'))}!{FIELD_RANGE.format(last=len(FIELDS) + BODY + 1)}"
    sheet.data_validation(row, column, last_row, column, {"validate": "list", "source": source})


def as_typed(table: Table | None, columns: tuple[str, ...]) -> Frame:
    """Return columns of a table as the user typed them, None: of a table without rows.

    Those it lacks stand there empty, ready to be filled; not so in a long table.
    """
    if table is None:
        return {name: np.array([], dtype=object) for name in columns}
    shown = columns if table.rows <= BULK_ROWS else tuple(filter(table.has, columns))
    return {name: _cells(table, name) for name in shown}


def _as_read(table: Table, name: str) -> Array:
    """Return a column of an order table in the normal form; what cannot be read stays as it is."""
    if name not in table.columns:
        return np.full(table.rows, None, dtype=object)
    column = table.columns[name]
    values = column.values
    if values.dtype.kind == "f" and not column.faults:
        return np.where(column.blank, np.nan, values)
    if values.dtype.kind == "M" and not column.faults:
        return values
    cells = values.astype(object)
    cells[column.blank] = None
    for row in column.faults:
        cells[row] = table.typed(table.index[name])[row]
    return cells


def _cells(table: Table, name: str) -> Array:
    if table.reading is not None:
        return _as_read(table, name)
    if name not in table.index:
        return np.full(table.rows, None, dtype=object)
    return table.typed(table.index[name])


def address(column: int, first: int, last: int) -> str:
    """Return the address of a range of one column (all from 0)."""
    return f"${letters(column + 1)}${first + 1}:${letters(column + 1)}${last + 1}"
