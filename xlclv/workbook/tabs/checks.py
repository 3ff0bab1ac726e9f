"""Checks: every test, its result, where, and how to mend it."""

from xlclv.quality.checks import as_frame
from xlclv.words import word
from xlclv.workbook.results import Results
from xlclv.workbook.schema import TAB
from xlclv.workbook.sketch import BODY, Sketch

WIDE = 60


def draw(sketch: Sketch, results: Results) -> None:
    """Draw the tab."""
    sheet = sketch.tab("Checks")
    sheet.write_string(BODY, 0, word("checks.master"), sketch.style("label"))
    style = "bad" if results.problems else "good"
    sheet.write_string(BODY, 1, results.status, sketch.style(style))
    sketch.define("chk_master", sheet, BODY, 1)
    top = BODY + 2
    first, last = sketch.table(sheet, TAB["Checks"].table, as_frame(results.checks), row=top)
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 3, WIDE, sketch.style("wrap"))
    for level, style in (("ok", "good"), ("warning", "bad"), ("fault", "bad")):
        rule = {"type": "cell", "criteria": "==", "format": sketch.style(style)}
        rule["value"] = f'"{word(f"checks.level.{level}")}"'
        sheet.conditional_format(first, 1, last, 1, rule)
    row = last + 3
    sheet.write_string(row, 0, word("checks.notes"), sketch.style("heading"))
    for at, note in enumerate(results.notes or (word("checks.no_notes"),), start=row + 1):
        sheet.write_string(at, 0, note, sketch.style())
    sheet.freeze_panes(top + 1, 1)
