"""History: one row per refresh, so that the next one can say what changed."""

from collections.abc import Sequence

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv import __version__
from xlclv.analysis.past import Past
from xlclv.analysis.results import Results
from xlclv.columns import as_date
from xlclv.schema import BODY, TAB, Look, look_of
from xlclv.terms import Frame
from xlclv.words import word
from xlclv.workbook.drawing import Drawing

STAMP, AS_OF, VERSION = "stamp", "as_of", "version"
LONGEST = 500  # rows kept; a daily refresh of more than a year


def titles(results: Results) -> dict[str, str]:
    """Return column name to header."""
    fixed = {STAMP: word("history.stamp"), AS_OF: word("history.as_of")}
    return {
        **fixed,
        **{kpi.key: kpi.title for kpi in results.kpis},
        VERSION: word("history.version"),
    }


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("History")
    headers = titles(results)
    frame = rows(results, headers)
    looks: dict[str, Look] = {STAMP: "stamp", AS_OF: "date", VERSION: "text"}
    looks |= {kpi.key: look_of(kpi.unit) for kpi in results.kpis}
    columns = {name: (header, looks[name]) for name, header in headers.items()}
    drawing.table(sheet, TAB["History"].table, frame, others=columns)
    _trend(drawing, sheet, results.past, len(headers) + 1)
    sheet.set_row(BODY, 45)
    sheet.freeze_panes(BODY + 1, 2)
    sheet.repeat_columns(0, 1)
    sheet.repeat_rows(BODY)


def _trend(drawing: Drawing, sheet: Worksheet, past: Past, column: int) -> None:
    """Write the months gone by to the right, one blank column between."""
    if not past.months:
        return
    tiers = {f"tier {name}": counts for name, counts in past.tiers.items()}
    looks: dict[str, tuple[str, Look]] = {
        f"tier {name}": (word("history.tier", tier=name), "count") for name in past.tiers
    }
    sheet.write_string(BODY - 1, column, word("history.months"), drawing.style("heading"))
    drawing.table(sheet, "tblMonths", {**past.months, **tiers}, column=column, others=looks)


def rows(results: Results, headers: dict[str, str]) -> Frame:
    """Return the rows of earlier refreshes and one of this."""
    people = results.people
    now: dict[str, object] = {
        STAMP: results.stamp,
        AS_OF: None if np.isnat(people.as_of) else as_date(people.as_of),
        VERSION: __version__,
        **{kpi.key: None if np.isnan(kpi.value) else kpi.value for kpi in results.kpis},
    }
    before = results.inputs.history
    frame: Frame = {}
    for name in headers:
        past: Sequence[object] = before.get(name, [None] * _length(before))
        cells = [*past, now[name]][-LONGEST:]
        column = np.empty(len(cells), dtype=object)
        column[:] = cells
        frame[name] = column
    return frame


def _length(before: object) -> int:
    columns = list(before.values()) if isinstance(before, dict) else []
    return len(columns[0]) if columns else 0
