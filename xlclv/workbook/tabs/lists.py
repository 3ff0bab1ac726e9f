"""Lists: what some drop-downs offer. Last, grey, but visible: nothing is hidden."""

from xlclv.rewards.conditions.fields import FIELDS
from xlclv.words import word
from xlclv.workbook.results import Results
from xlclv.workbook.sketch import BODY, Sketch

FIELD_RANGE = f"$A${BODY + 2}:$A${{last}}"


def draw(sketch: Sketch, results: Results) -> None:
    """Draw the tab."""
    del results
    sheet = sketch.tab("Lists")
    sheet.set_tab_color("#9CA3AF")
    sheet.set_column(0, 0, 30)
    sheet.write_string(BODY, 0, word("lists.fields"), sketch.style("header"))
    for at, field in enumerate(FIELDS.values(), start=BODY + 1):
        sheet.write_string(at, 0, field.title, sketch.style("grey"))
    sheet.freeze_panes(BODY + 1, 0)
