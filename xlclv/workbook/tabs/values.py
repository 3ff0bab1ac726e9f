"""CustomerValues: a row per customer, best first, as values."""

from collections.abc import Iterator

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.customers import customer_values, ranked_by
from xlclv.analysis.results import Results
from xlclv.customers.status import ACTIVE, AT_RISK, LOST, PASSIVE
from xlclv.schema import BODY, TAB, width
from xlclv.tables import title
from xlclv.terms import TERMS, Array, Frame
from xlclv.words import word
from xlclv.workbook.drawing import Drawing

FROZEN = 2
# A sign tells a status also without its colour; the cell holds the word alone.
SIGNS = {
    ACTIVE: ("good", '"✔ "@'),
    AT_RISK: ("review", '"▲ "@'),
    PASSIVE: ("bad", '"▼ "@'),
    LOST: ("grey", '"✖ "@'),
}


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("CustomerValues")
    frame = customer_values(results)
    first, last = drawing.table(sheet, TAB["CustomerValues"].table, frame)
    columns = list(frame)
    at = columns.index("simple_clv")
    negative = {"type": "cell", "criteria": "<", "value": 0, "format": drawing.style("bad")}
    sheet.conditional_format(first, at, last, at, negative)
    signed(drawing, sheet, first, columns.index("status"), last)
    same = list(_same(frame, {"customer_id", "customer_name", "status", ranked_by(results)}))
    for name in same:
        at = columns.index(name)
        sheet.set_column(at, at, width(name), None, {"hidden": True})
    hidden = [word("values.hidden", columns=", ".join(map(title, same)))] if same else []
    note = " ".join([results.outlook.remark, *hidden])
    sheet.write_string(BODY - 1, 0, note, drawing.style("grey"))
    sheet.set_row(BODY, 45)
    sheet.freeze_panes(BODY + 1, FROZEN if "customer_name" in frame else 1)
    sheet.repeat_rows(BODY)
    sheet.repeat_columns(0)


def signed(drawing: Drawing, sheet: Worksheet, first: int, column: int, last: int) -> None:
    """Show the status in a column of cells as sign and colour."""
    for code, (style, shown) in SIGNS.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{TERMS["status"].said(code)}"'}
        form = drawing.style(style, None, shown)
        sheet.conditional_format(first, column, last, column, {**rule, "format": form})


def _same(frame: Frame, kept: set[str]) -> Iterator[str]:
    """Yield the columns in which everybody has the same, or nobody anything."""
    for name, values in frame.items():
        if name not in kept and values.size > 1 and _is_constant(values):
            yield name


def _is_constant(values: Array) -> bool:
    if values.dtype.kind == "f":
        unknown = np.isnan(values)
        return bool(unknown.all() or (values == values[0]).all())
    return bool(
        (values == values[0]).all() or (values.dtype.kind == "M" and np.isnat(values).all())
    )
