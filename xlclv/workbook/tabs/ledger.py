"""Ledger: points and rewards booked, one row each, as typed or posted."""

from xlclv.analysis.results import Results
from xlclv.schema import BODY, TAB, Look
from xlclv.tables import LEDGER, Table
from xlclv.terms import Frame
from xlclv.workbook.drawing import Drawing
from xlclv.workbook.tabs.tables import as_typed
from xlclv.workbook.tabs.validation import validate


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab, columns of the user's own included."""
    sheet = drawing.tab("Ledger")
    given = results.inputs.ledger
    frame = as_typed(given, LEDGER.columns)
    inputs = list(frame)
    own, others = ({}, {}) if given is None else _own_columns(given)
    first, last = drawing.table(
        sheet, TAB["Ledger"].table, {**frame, **own}, inputs=inputs, others=others
    )
    for column, name in enumerate(inputs):
        validate(sheet, name, first, column, last)
    sheet.set_row(BODY, 30)
    sheet.freeze_panes(BODY + 1, 2)
    sheet.repeat_columns(0, 1)
    sheet.repeat_rows(BODY)


def _own_columns(table: Table) -> tuple[Frame, dict[str, tuple[str, Look]]]:
    """Return the columns that only the user knows, and how they are headed."""
    frame: Frame = {}
    others: dict[str, tuple[str, Look]] = {}
    for place, header in enumerate(table.raw.headers):
        if header and place not in table.index.values():
            frame[f"own_{place}"] = table.typed(place)
            others[f"own_{place}"] = str(header), "text"
    return frame, others
