"""Loyalty: tiers that change, birthdays ahead, thank-yous due, and what we owe."""

from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.lists import birthdays, in_grace, movements, thank_yous
from xlclv.analysis.results import Results
from xlclv.schema import BODY
from xlclv.terms import Frame
from xlclv.words import number, word
from xlclv.workbook.drawing import Drawing

WIDTHS = (24, 14, 16, 30, 24, 48, 24, 30, 3, 16, 12, 16, 14, 16)
OWED_COLUMN = 9  # what we owe stands beside the lists
LISTED = 200  # rows of a list; the first are the most urgent


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab: one list below the other."""
    sheet = drawing.tab("Loyalty")
    sheet.write_string(BODY - 1, 0, _consent(results), drawing.style("grey"))
    row = BODY
    for key, frame in _lists(results).items():
        row = _list(drawing, sheet, key, frame, row, 0)
    _list(drawing, sheet, "owed", results.owed, BODY, OWED_COLUMN)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(BODY - 1, 1)


def _consent(results: Results) -> str:
    """Say whom the lists of birthdays and thank-yous leave out, or that nobody was asked."""
    consent = results.people.consent
    if not consent.asked:
        return word("loyalty.consent_unknown")
    count = int((~consent.may_be_mailed).sum())
    return word("loyalty.consent", count=number(count), all=number(consent.member.size))


def _list(drawing: Drawing, sheet: Worksheet, key: str, frame: Frame, row: int, column: int) -> int:
    """Draw the first rows of a list below its heading; return the row below."""
    count = next(iter(frame.values())).size
    if count > LISTED:
        note = word("loyalty.cut", listed=number(LISTED), count=number(count))
        sheet.write_string(row, column + 3, note, drawing.style("grey"))
    shown = {name: values[:LISTED] for name, values in frame.items()}
    return drawing.block(sheet, f"loyalty.{key}", shown, row, column)


# All lists have days in the second column and money in the fifth: a spreadsheet that refreshes
# in place may keep the looks of cells that another list stood in before.
def _lists(results: Results) -> dict[str, Frame]:
    return {
        "movements": movements(results),
        "in_grace": in_grace(results),
        "birthdays": birthdays(results),
        "thank_yous": thank_yous(results),
    }
