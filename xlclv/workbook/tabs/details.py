"""Details: all figures, by subject, with how each is counted; what to do next; charts."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.advice import MOST, next_steps
from xlclv.analysis.kpis import Kpi
from xlclv.analysis.results import Results
from xlclv.schema import BODY, TAB, Look, look_of
from xlclv.words import number, percent, word, words
from xlclv.workbook.drawing import Drawing
from xlclv.workbook.tabs.findings import draw_charts

WIDTHS = (24, 38, 16, 16, 70)
LOOKS: tuple[Look, ...] = ("text", "text", "count", "count", "long")
HEIGHT, LONG = 15, 85  # of a row, for each so many letters of a note
NAMES_COLUMN = 7  # figures that nobody can know keep their name there, right of the page
DATA_COLUMN = NAMES_COLUMN + 3
# The figures by subject; one that is new and not named here stands with the last.
SUBJECTS = {
    "value": (
        *("spent", "predicted_equity", "total_value", "predicted_loss", "slipping_value"),
        *("at_risk_value", "equity", "avg_clv", "median_clv", "negative", "top_worth", "top_share"),
    ),
    "customers": ("customers", "active", "at_risk", "passive", "lost", "repeat_rate"),
    "orders": (
        *("revenue_12m", "revenue", "predicted_revenue", "avg_order", "existing_share"),
        *("discounts", "ltv_cac", "payback"),
    ),
    "rewards": (
        *("rewards", "reward_cost", "reward_share", "points_open", "owed", "booked_12m"),
        *("redemption", "budget_used"),
    ),
}


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("Details")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    row = _next_steps(drawing, sheet, BODY, results)
    row = _figures(drawing, sheet, row + 1, results)
    last = draw_charts(drawing, sheet, row + 1, DATA_COLUMN, results)
    sheet.print_area(0, 0, last, len(WIDTHS) - 1)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(BODY - 1, 0)


def in_order(kpis: Sequence[Kpi]) -> Iterator[tuple[str, Kpi]]:
    """Yield each figure with its subject, subject by subject."""
    by_key = {kpi.key: kpi for kpi in kpis}
    for subject, keys in SUBJECTS.items():
        for key in keys:
            if key in by_key:
                yield subject, by_key.pop(key)
    for kpi in by_key.values():
        yield subject, kpi


def _figures(drawing: Drawing, sheet: Worksheet, row: int, results: Results) -> int:
    """Write the figures that are known as a table; return the row below."""
    every = list(in_order(results.kpis))
    shown = [(subject, kpi) for subject, kpi in every if not np.isnan(kpi.value)]
    headers = [
        {"header": text, "header_format": drawing.style("header", look)}
        for text, look in zip(words("details.headers"), LOOKS, strict=True)
    ]
    options: dict[str, Any] = {
        "name": TAB["Details"].table,
        "style": "Table Style Light 1",
        "columns": headers,
    }
    last = row + max(len(shown), 1)
    sheet.add_table(row, 0, last, len(headers) - 1, options)
    for at, (subject, kpi) in enumerate(shown, start=row + 1):
        look = look_of(kpi.unit)
        sheet.write_string(at, 0, word(f"details.{subject}"), drawing.style("grey", "text"))
        sheet.write_string(at, 1, kpi.title, drawing.style("label", "text"))
        code = "#,##0.0" if look == "general" else ""
        drawing.cell(sheet, at, 2, kpi.value, drawing.style("plain", "count", code or _code(look)))
        change = drawing.style("grey", "count", "@")
        sheet.write_string(at, 3, _change(kpi, results), change)
        sheet.write_string(at, 4, kpi.note, drawing.style("grey", "long"))
        # Said aloud, so that every program places the charts alike.
        sheet.set_row(at, HEIGHT * -(-len(kpi.note) // LONG))
        drawing.define(f"out_{kpi.key}", sheet, at, 2)
    _unknown(drawing, sheet, [k for _, k in every if np.isnan(k.value) and not k.optional])
    return last + 1


def _code(look: str) -> str:
    return {"money": "#,##0.00", "share": "0.0%"}.get(look, "#,##0")


def _unknown(drawing: Drawing, sheet: Worksheet, kpis: Sequence[Kpi]) -> None:
    """Keep the names of figures that are not known; formulas of the user's may go by them."""
    for row, kpi in enumerate(kpis, start=BODY + 1):
        sheet.write_string(row, NAMES_COLUMN, kpi.title, drawing.style("grey"))
        sheet.write_string(row, NAMES_COLUMN + 1, word("summary.not_known"), drawing.style("grey"))
        drawing.define(f"out_{kpi.key}", sheet, row, NAMES_COLUMN + 1)


def _change(kpi: Kpi, results: Results) -> str:
    """Say by how much a figure changed since the last refresh; "" where it did not."""
    before = results.inputs.history.get(kpi.key, [None])[-1]
    if not isinstance(before, int | float):
        return ""
    change = kpi.value - float(before)
    if abs(change) < 1e-9:  # noqa: PLR2004 - the same figure
        return word("summary.unchanged")
    if kpi.unit == "fraction":
        return percent(change, 1, sign=True)
    return number(change, 0, sign=True)


def _next_steps(drawing: Drawing, sheet: Worksheet, row: int, results: Results) -> int:
    """Write the box of things to do; return the row below."""
    sheet.write_string(row, 0, word("summary.next"), drawing.style("section"))
    for at, (tab, text) in enumerate(next_steps(results), start=row + 1):
        if drawing.has(tab):
            drawing.link(sheet, at, 0, tab, f"→ {drawing.name(tab)}")
        sheet.write_string(at, 1, text, drawing.style())
    return row + MOST + 1  # room for all, so that the charts below never move
