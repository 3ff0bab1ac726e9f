"""CustomerValues: a row per customer, best first, as values."""

from xlclv.analysis.customers import customer_values
from xlclv.analysis.results import Results
from xlclv.schema import BODY, TAB
from xlclv.workbook.drawing import Drawing

NOTE_COLUMN = 2


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("CustomerValues")
    frame = customer_values(results)
    sheet.write_string(2, NOTE_COLUMN, results.outlook.remark, drawing.style("grey"))
    first, last = drawing.table(sheet, TAB["CustomerValues"].table, frame)
    column = list(frame).index("simple_clv")
    negative = {"type": "cell", "criteria": "<", "value": 0, "format": drawing.style("bad")}
    sheet.conditional_format(first, column, last, column, negative)
    sheet.set_row(BODY, 45)
    sheet.freeze_panes(BODY + 1, 1)
    sheet.repeat_rows(BODY)
