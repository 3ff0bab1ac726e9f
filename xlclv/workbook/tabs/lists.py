"""Lists: what some drop-downs offer. Last, grey, but visible: nothing is hidden."""

from xlclv.analysis.results import Results
from xlclv.rewards.conditions.fields import FIELDS
from xlclv.schema import BODY
from xlclv.words import word
from xlclv.workbook.drawing import Drawing

FIELD_RANGE = f"$A${BODY + 2}:$A${{last}}"


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    del results
    sheet = drawing.tab("Lists")
    sheet.set_column(0, 0, 30)
    sheet.write_string(BODY, 0, word("lists.fields"), drawing.style("header"))
    for at, field in enumerate(FIELDS.values(), start=BODY + 1):
        sheet.write_string(at, 0, field.title, drawing.style("grey"))
    sheet.freeze_panes(BODY + 1, 0)
