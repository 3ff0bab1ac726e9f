"""Examples: one live row per function: what it does, the formula, the expected value."""

from datetime import date

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.results import Results
from xlclv.columns import serial
from xlclv.functions import FUNCTIONS
from xlclv.registry import Function
from xlclv.schema import BODY, TAB, Look
from xlclv.words import words
from xlclv.workbook.drawing import Drawing

WIDTHS = (20, 60, 74, 16, 16, 7)


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab; every formula carries its value, so that it reads right without the add-in."""
    del results
    sheet = drawing.tab("Examples")
    columns = [
        {"header": text, "header_format": drawing.style("header")}
        for text in words("examples.columns")
    ]
    options = {"name": TAB["Examples"].table, "columns": columns, "style": "Table Style Light 1"}
    sheet.add_table(BODY, 0, BODY + len(FUNCTIONS), len(columns) - 1, options)
    for row, function in enumerate(FUNCTIONS, start=BODY + 1):
        _draw_row(drawing, sheet, row, function)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    good = {"type": "cell", "criteria": "==", "value": '"✔"', "format": drawing.style("good")}
    bad = {"type": "cell", "criteria": "!=", "value": '"✔"', "format": drawing.style("bad")}
    sheet.conditional_format(BODY + 1, 5, BODY + len(FUNCTIONS), 5, good)
    sheet.conditional_format(BODY + 1, 5, BODY + len(FUNCTIONS), 5, bad)
    sheet.freeze_panes(BODY + 1, 1)


def _draw_row(drawing: Drawing, sheet: Worksheet, row: int, function: Function) -> None:
    formula, shown = f"={function.formula}", function.example.shown
    look: Look | None = "date" if isinstance(shown, date) else None
    sheet.write_string(row, 0, function.name, drawing.style("label"))
    sheet.write_string(row, 1, function.help, drawing.style("wrap"))
    sheet.write_string(row, 2, formula, drawing.style("wrap"))
    cached = float(serial(np.array(shown, "datetime64[D]"))) if isinstance(shown, date) else shown
    sheet.write_formula(row, 3, formula, drawing.style("output", look), cached)
    drawing.cell(sheet, row, 4, shown, drawing.style("plain", look))
    sheet.write_formula(row, 5, _verdict(row + 1), drawing.style(), "✔")


def _verdict(row: int) -> str:
    """Compare result and expected value of a sheet row: numbers to six digits, texts exactly."""
    close = f"ABS(D{row}-E{row})<=0.000001*MAX(1,ABS(E{row}))"
    return f'=IF(ISERROR(D{row}),"✖",IF(IF(ISNUMBER(E{row}),{close},EXACT(D{row},E{row})),"✔","✖"))'
