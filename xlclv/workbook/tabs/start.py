"""Start: five steps, the colours, where what stands."""

from xlclv import __version__
from xlclv.analysis.results import Results
from xlclv.schema import BODY, TABS
from xlclv.tables import SCHEMA
from xlclv.words import word, words
from xlclv.workbook.drawing import Drawing


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    del results
    sheet = drawing.tab("Start")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 96)
    row = BODY
    sheet.write_string(row, 0, word("start.steps"), drawing.style("heading"))
    for number, step in enumerate(words("start.step_list"), start=1):
        sheet.write_string(row + number, 0, f"{number}.", drawing.style("label"))
        sheet.write_string(row + number, 1, step, drawing.style("wrap"))
    row += len(words("start.step_list")) + 2
    sheet.write_string(row, 0, word("start.colours"), drawing.style("heading"))
    for at, style in enumerate(("input", "output", "good", "bad"), start=row + 1):
        sheet.write_string(at, 0, word(f"start.colour.{style}.name"), drawing.style(style))
        sheet.write_string(at, 1, word(f"start.colour.{style}.meaning"), drawing.style())
    row += 6
    sheet.write_string(row, 0, word("start.tabs"), drawing.style("heading"))
    for at, tab in enumerate(TABS, start=row + 1):
        drawing.link(sheet, at, 0, tab.name, drawing.name(tab.name))
        sheet.write_string(at, 1, word(f"{tab.key}.purpose"), drawing.style())
    row += len(TABS) + 2
    sheet.write_string(row, 0, word("start.about"), drawing.style("heading"))
    lines = [word("version", version=__version__, schema=SCHEMA), *words("start.about_list")]
    for at, line in enumerate(lines, start=row + 1):
        sheet.write_string(at, 1, line, drawing.style("wrap"))
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(BODY - 1, 0)
