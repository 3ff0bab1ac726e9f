"""Checks: every test, its result, where, and how to mend it."""

from collections.abc import Mapping

from xlclv.analysis.results import Results
from xlclv.quality.checks import Level, as_frame
from xlclv.schema import BODY, TAB
from xlclv.words import word
from xlclv.workbook.drawing import Drawing

WIDE = 60
STYLES: Mapping[Level, str] = {"ok": "good", "warning": "review", "fault": "bad"}


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("Checks")
    sheet.write_string(BODY, 0, word("checks.master"), drawing.style("label"))
    levels = {check.level for check in results.checks}
    worst: Level = "fault" if "fault" in levels else "warning" if "warning" in levels else "ok"
    sheet.write_string(BODY, 1, results.status, drawing.style(STYLES[worst]))
    drawing.define("chk_master", sheet, BODY, 1)
    top = BODY + 2
    first, last = drawing.table(sheet, TAB["Checks"].table, as_frame(results.checks), row=top)
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 3, WIDE, drawing.style("wrap"))
    for level, style in STYLES.items():
        rule = {"type": "cell", "criteria": "==", "format": drawing.style(style)}
        rule["value"] = f'"{word(f"checks.level.{level}")}"'
        sheet.conditional_format(first, 1, last, 1, rule)
    row = last + 3
    sheet.write_string(row, 0, word("checks.notes"), drawing.style("heading"))
    for at, note in enumerate(results.notes or (word("checks.no_notes"),), start=row + 1):
        sheet.write_string(at, 0, note, drawing.style())
    sheet.freeze_panes(top + 1, 1)
