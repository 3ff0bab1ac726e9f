"""Summary: the figures as tiles, what to do next, and charts. The page a manager opens."""

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.advice import MOST, next_steps
from xlclv.analysis.kpis import Kpi
from xlclv.analysis.results import Results
from xlclv.schema import BODY, look_of
from xlclv.words import day as written_day
from xlclv.words import number, percent, word
from xlclv.workbook.drawing import Drawing
from xlclv.workbook.tabs.charts import draw_charts

TILES_PER_ROW, TILE_WIDTH, GAP_WIDTH, TILE_ROWS = 5, 29, 2, 4
TILE_HEIGHTS = (16, 23, 36)
DATA_COLUMN = 2 * TILES_PER_ROW + 2  # chart data stand to the right of the page


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("Summary")
    for column in range(TILES_PER_ROW):
        sheet.set_column(2 * column, 2 * column, TILE_WIDTH)
        sheet.set_column(2 * column + 1, 2 * column + 1, GAP_WIDTH)
    sheet.write_string(2, 2, _about(results), drawing.style("grey"))
    row = _tiles(drawing, sheet, results)
    row = _next_steps(drawing, sheet, row, results)
    last = draw_charts(drawing, sheet, row + 1, DATA_COLUMN, results)
    sheet.print_area(0, 0, last + 1, 2 * TILES_PER_ROW - 2)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(BODY - 1, 0)


def _about(results: Results) -> str:
    as_of = results.people.as_of
    day = word("summary.no_day") if np.isnat(as_of) else written_day(as_of)
    if not results.money:
        return word("summary.about_plain", as_of=day)
    return word("summary.about", as_of=day, money=results.money)


def _tiles(drawing: Drawing, sheet: Worksheet, results: Results) -> int:
    """Write a tile per figure; return the row below."""
    shown = [kpi for kpi in results.kpis if not (kpi.optional and np.isnan(kpi.value))]
    for place, kpi in enumerate(shown):
        row = BODY + TILE_ROWS * (place // TILES_PER_ROW)
        column = 2 * (place % TILES_PER_ROW)
        sheet.write_string(row, column, kpi.title, drawing.style("tile_label"))
        value = word("summary.not_known") if np.isnan(kpi.value) else kpi.value
        drawing.cell(sheet, row + 1, column, value, drawing.style("tile_value", look_of(kpi.unit)))
        sheet.write_string(row + 2, column, _note(kpi, results), drawing.style("tile_note"))
        for at, height in enumerate(TILE_HEIGHTS, start=row):
            sheet.set_row(at, height)  # said aloud, so that every program places the charts alike
        drawing.define(f"out_{kpi.key}", sheet, row + 1, column)
    return BODY + TILE_ROWS * -(-len(results.kpis) // TILES_PER_ROW)


def _note(kpi: Kpi, results: Results) -> str:
    """Say how the figure is counted; if it changed since the last refresh, by how much."""
    before = results.inputs.history.get(kpi.key, [None])[-1]
    if not isinstance(before, int | float) or np.isnan(kpi.value):
        return kpi.note
    change = kpi.value - float(before)
    if abs(change) < 1e-9:  # noqa: PLR2004 - the same figure
        return word("summary.unchanged", note=kpi.note)
    shown = (
        percent(change, 1, sign=True) if kpi.unit == "fraction" else number(change, 0, sign=True)
    )
    return word("summary.change", note=kpi.note, change=shown)


def _next_steps(drawing: Drawing, sheet: Worksheet, row: int, results: Results) -> int:
    """Write the box of things to do; return the row below."""
    sheet.write_string(row, 0, word("summary.next"), drawing.style("heading"))
    steps = next_steps(results)
    for at, (tab, text) in enumerate(steps, start=row + 1):
        drawing.link(sheet, at, 0, tab, f"→ {drawing.name(tab)}")
        sheet.write_string(at, 2, text, drawing.style())
    return row + MOST + 1  # room for all, so that the charts below never move
