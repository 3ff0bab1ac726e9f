"""Columns: how the user's own columns were understood, and where they answer what is asked."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from xlclv.addresses import letters
from xlclv.analysis.results import Results
from xlclv.readings import ColumnLine
from xlclv.schema import BODY, COLUMNS
from xlclv.words import word, words
from xlclv.workbook.drawing import Drawing, quoted

WIDTHS = (18, 26, 26, 26, 16, 64)
ANSWER, OFFERED = 3, 7  # columns, from 0


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    draw_lines(drawing, results.inputs.columns)


def draw_lines(drawing: Drawing, lines: Sequence[ColumnLine]) -> None:
    """Draw the tab from its lines, also where nothing could be computed."""
    sheet = drawing.tab(COLUMNS.name)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(OFFERED, OFFERED, 26)
    headings = words("answers.headings")
    last = BODY + max(len(lines), 1)
    options = {
        "name": COLUMNS.table,
        "style": "Table Style Light 1",
        "autofilter": False,
        "columns": [
            {"header": text, "header_format": drawing.style("header")} for text in headings
        ],
    }
    sheet.add_table(BODY, 0, last, len(headings) - 1, options)
    longest = _offer(drawing, sheet, lines)
    for row, line in enumerate(lines, start=BODY + 1):
        _line(drawing, sheet, row, line)
        _accept(sheet, drawing, row, line, longest)
    sheet.freeze_panes(BODY + 1, 2)
    sheet.repeat_rows(BODY)


def _line(drawing: Drawing, sheet: Worksheet, row: int, line: ColumnLine) -> None:
    known = drawing.style("bad" if line.asked else "plain", "text")
    cells = (line.about, line.text, line.understood, line.answer, line.why, line.effect)
    for column, text in enumerate(cells):
        style = known if column in (0, 4) else drawing.style("plain", "text")
        if column == ANSWER and line.offered:
            style = drawing.style("input", "text")
        if column == len(cells) - 1:
            style = drawing.style("plain", "long")
        drawing.cell(sheet, row, column, text, style)


def _offer(drawing: Drawing, sheet: Worksheet, lines: Sequence[ColumnLine]) -> Sequence[str]:
    """Write the answers that are too many for a drop-down of their own, and return them."""
    longest = max((line.offered for line in lines), key=len, default=())
    sheet.write_string(BODY, OFFERED, word("answers.meanings"), drawing.style("header"))
    for row, text in enumerate(longest, start=BODY + 1):
        sheet.write_string(row, OFFERED, text, drawing.style("grey", "text"))
    return longest


def _accept(
    sheet: Worksheet, drawing: Drawing, row: int, line: ColumnLine, longest: Sequence[str]
) -> None:
    """Give the cell of an answer its drop-down."""
    if not line.offered:
        return
    source: object = list(line.offered)
    if line.offered == longest:
        column = f"${letters(OFFERED + 1)}$"
        name = quoted(drawing.name(COLUMNS.name))
        source = f"={name}!{column}{BODY + 2}:{column}{BODY + 1 + len(longest)}"
    sheet.data_validation(row, ANSWER, row, ANSWER, {"validate": "list", "source": source})
