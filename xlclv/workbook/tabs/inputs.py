"""Input: a quick CLV, the settings, assumptions per segment. Its formulas are native and live."""

from typing import Any

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.results import Results
from xlclv.schema import BODY, TAB, look
from xlclv.settings import NAMES
from xlclv.tables import title
from xlclv.terms import TERMS
from xlclv.value.simple import clv
from xlclv.words import word, words
from xlclv.workbook.drawing import Drawing
from xlclv.workbook.tabs.validation import validate

QUICK = (("avg_value", 50.0), ("frequency", 2.0), ("lifespan", 3.0))
SEGMENTS: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("A", (80, 4, 4, 0.4, 20)),
    ("B", (45, 3, 3, 0.4, 15)),
    ("C", (25, 1.5, 2, 0.35, 8)),
)
DRIVERS = ("avg_value", "frequency", "lifespan", "margin", "acq_cost")


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("Input")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 6, 16)
    sheet.set_column(3, 3, 42)
    row = _quick(drawing, sheet, BODY)
    row = _settings(drawing, sheet, row + 1, results)
    _assumptions(drawing, sheet, row + 1)
    sheet.freeze_panes(BODY - 1, 1)


def _quick(drawing: Drawing, sheet: Worksheet, row: int) -> int:
    """Write block A: three inputs and their product."""
    sheet.write_string(row, 0, word("input.quick"), drawing.style("heading"))
    for at, (name, value) in enumerate(QUICK, start=row + 1):
        sheet.write_string(at, 0, title(name), drawing.style("label"))
        sheet.write_number(at, 1, value, drawing.style("input", look(name)))
        sheet.write_string(at, 2, TERMS[name].meaning, drawing.style("grey", "text"))
        validate(sheet, name, at, 1, at)
        drawing.define(f"in_{name}", sheet, at, 1)
    at = row + 1 + len(QUICK)
    product = "*".join(f"in_{name}" for name, _ in QUICK)
    result = float(np.prod([value for _, value in QUICK]))
    sheet.write_string(at, 0, title("clv"), drawing.style("label"))
    sheet.write_formula(at, 1, f"={product}", drawing.style("output", "money"), result)
    sheet.write_string(at, 2, word("input.quick_note"), drawing.style("grey", "text"))
    drawing.define("out_quick_clv", sheet, at, 1)
    return at + 1


def _settings(drawing: Drawing, sheet: Worksheet, row: int, results: Results) -> int:
    """Write block B: one row per setting, as the table that refresh reads."""
    sheet.write_string(row, 0, word("input.settings"), drawing.style("heading"))
    header = row + 1
    texts = words("input.setting_headers")
    columns = [{"header": text, "header_format": drawing.style("header")} for text in texts]
    options: dict[str, Any] = {"name": TAB["Input"].table, "columns": columns, "autofilter": False}
    options["style"] = "Table Style Light 1"
    sheet.add_table(header, 0, header + len(NAMES), len(columns) - 1, options)
    for at, name in enumerate(NAMES, start=header + 1):
        term, value = TERMS[name], getattr(results.inputs.settings, name)
        sheet.write_string(at, 0, title(name), drawing.style("label"))
        shown = term.said(value) if isinstance(value, str) else value
        drawing.cell(sheet, at, 1, shown, drawing.style("input", look(name)))
        sheet.write_string(
            at, 2, word(f"unit.{term.unit.replace(' ', '_')}"), drawing.style("plain", "text")
        )
        sheet.write_string(at, 3, term.expected, drawing.style("plain", "text"))
        sheet.write_string(at, 4, word(f"input.why.{name}"), drawing.style("grey"))
        validate(sheet, name, at, 1, at)
        drawing.define(f"cfg_{name}", sheet, at, 1)
    return header + len(NAMES) + 1


def _assumptions(drawing: Drawing, sheet: Worksheet, row: int) -> None:
    """Write block C: what a segment is worth by assumed averages."""
    sheet.write_string(row, 0, word("input.assumptions"), drawing.style("heading"))
    header, last = row + 1, row + 1 + len(SEGMENTS)
    names = ["segment", *DRIVERS, "clv"]
    columns = [{"header": title(name), "header_format": drawing.style("header")} for name in names]
    options: dict[str, Any] = {"name": "tblAssumptions", "columns": columns, "autofilter": False}
    options["style"] = "Table Style Light 1"
    columns[-1]["formula"] = _formula("[@[{}]]")
    sheet.add_table(header, 0, last, len(names) - 1, options)
    for at, (segment, values) in enumerate(SEGMENTS, start=header + 1):
        worth = float(clv(**dict(zip(DRIVERS, values, strict=True))))
        sheet.write_string(at, 0, segment, drawing.style("input"))
        for column, (name, value) in enumerate(zip(DRIVERS, values, strict=True), start=1):
            sheet.write_number(at, column, value, drawing.style("input", look(name)))
        formula = _formula("tblAssumptions[[#This Row],[{}]]")
        sheet.write_formula(at, len(names) - 1, formula, drawing.style("output", "money"), worth)
    for column, name in enumerate(DRIVERS, start=1):
        validate(sheet, name, header + 1, column, last)


def _formula(reference: str) -> str:
    """Return value x frequency x lifespan x margin - cost over the columns of a row."""
    parts = [reference.format(title(name)) for name in DRIVERS]
    return f"={'*'.join(parts[:4])}-{parts[4]}"
