"""Contacts: a row per person and thing to do, with room for what was done about it."""

from collections.abc import Iterator
from datetime import date, datetime, time

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.contacts.kept import MARKS
from xlclv.analysis.results import Results
from xlclv.schema import BODY, TAB, WIDTHS, Look
from xlclv.tables import title
from xlclv.terms import Array, TextArray
from xlclv.words import counted, number, word
from xlclv.workbook.drawing import BULK_ROWS, Drawing

WIDEST = 40.0
LISTED = 1_000_000  # rows of a sheet, less what stands above


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("Contacts")
    _notes(drawing, sheet, results)
    frame = results.contacts.frame()
    typed = {name: (title(name), _typed(frame[name])) for name in MARKS}
    typed |= {
        f"own_{at}": (header, _typed(cells))
        for at, (header, cells) in enumerate(results.contacts.own().items())
    }
    frame |= {name: cells for name, (_, (cells, _)) in typed.items()}
    headers = {name: (header, look) for name, (header, (_, look)) in typed.items()}
    shown = {name: values[:LISTED] for name, values in frame.items()}
    drawing.table(sheet, TAB["Contacts"].table, shown, others=headers, inputs=tuple(headers))
    for at, name in enumerate(shown):
        if name in ("customer_email", "customer_id"):
            sheet.set_column(at, at, _wide(shown[name]))
    sheet.freeze_panes(BODY + 1, 2)
    sheet.repeat_rows(BODY)
    sheet.repeat_columns(0, 1)  # every printed page says whom it is about


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


def _wide(texts: Array) -> float:
    """Return the width that most of a column of addresses or ids needs."""
    longest = max((len(str(text)) for text in texts[:BULK_ROWS] if text), default=0)
    return min(max(longest + 3, WIDTHS["id"]), WIDEST)


def _typed(cells: TextArray) -> tuple[TextArray, Look]:
    """Return cells that somebody typed and how their column looks.

    A column has one look, so days beside numbers are written as texts.
    """
    kinds = {type(cell) for cell in cells if cell not in (None, "")}
    if not kinds & {date, datetime}:
        return cells, "general"
    if kinds <= {date, datetime, str}:
        return cells, "stamp" if datetime in kinds and _has_clock(cells) else "date"
    texts = [cell.isoformat(" ") if isinstance(cell, datetime) else cell for cell in cells]
    said = [cell.isoformat() if isinstance(cell, date) else cell for cell in texts]
    written: TextArray = np.empty(cells.size, dtype=object)
    written[:] = said
    return written, "general"


def _has_clock(cells: TextArray) -> bool:
    return any(cell.time() != time() for cell in cells if isinstance(cell, datetime))
