"""Contacts: a row per person and thing to do, with room for what was done about it."""

from collections.abc import Iterator
from datetime import date, datetime

from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.contacts.kept import MARKS
from xlclv.analysis.results import Results
from xlclv.schema import BODY, TAB, Look
from xlclv.terms import TextArray
from xlclv.words import counted, number, word
from xlclv.workbook.drawing import Drawing

LISTED = 1_000_000  # rows of a sheet, less what stands above


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("Contacts")
    _notes(drawing, sheet, results)
    own = results.contacts.own()
    headers: dict[str, tuple[str, Look]] = {
        f"own_{at}": (header, _look(cells)) for at, (header, cells) in enumerate(own.items())
    }
    frame = results.contacts.frame()
    frame |= dict(zip(headers, own.values(), strict=True))
    shown = {name: values[:LISTED] for name, values in frame.items()}
    drawing.table(sheet, TAB["Contacts"].table, shown, others=headers, inputs=(*MARKS, *headers))
    sheet.freeze_panes(BODY + 1, 2)


def _notes(drawing: Drawing, sheet: Worksheet, results: Results) -> None:
    """Say above the table whom it leaves out."""
    sheet.write_string(BODY - 1, 0, " ".join(_said(results)), drawing.style("grey"))


def _said(results: Results) -> Iterator[str]:
    consent = results.people.consent
    if not consent.asked:
        yield word("contacts.consent_unknown")
    left_out = int((~consent.may_be_mailed).sum())
    if left_out:
        facts = {"count": number(left_out), "all": number(consent.member.size)}
        yield word("contacts.consent", **facts)
    if results.contacts.waits:
        yield counted("contacts.waiting", results.contacts.waits)
    if not results.contacts.actions.size:
        yield word("contacts.nobody")


def _look(cells: TextArray) -> Look:
    """Return how a column of somebody's own looks: days as days, else as it comes."""
    known = [cell for cell in cells if cell not in (None, "")]
    if known and all(isinstance(cell, datetime) for cell in known):
        return "stamp"
    return "date" if known and all(isinstance(cell, date) for cell in known) else "general"
