"""Summary: the figures as tiles, what to do next, and charts. The page a manager opens."""

from typing import Any

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.segments.breakdown import histogram, pareto
from xlclv.tables import title
from xlclv.terms import FloatArray, Frame
from xlclv.words import word, words
from xlclv.workbook.kpis import Kpi
from xlclv.workbook.results import Results
from xlclv.workbook.sketch import ACCENT, BODY, Sketch
from xlclv.workbook.tabs.advice import MOST, next_steps
from xlclv.workbook.tabs.segments import by_tier

TILES_PER_ROW, TILE_WIDTH, GAP_WIDTH, TILE_ROWS = 5, 29, 2, 4
TILE_HEIGHTS = (16, 23, 26)
DATA_COLUMN = 2 * TILES_PER_ROW + 2  # chart data stand to the right of the page
CHART = {"width": 540, "height": 300}
SECOND_CHART = 572  # pixels from the left edge of the page
CHART_ROWS = 16
CLASSES = 12  # of the histogram, the empty ones at its end included
GREYS = ("#1F4E79", "#5B9BD5", "#BDD7EE", "#7F7F7F", "#D9D9D9", "#404040")


def draw(sketch: Sketch, results: Results) -> None:
    """Draw the tab."""
    sheet = sketch.tab("Summary")
    for column in range(TILES_PER_ROW):
        sheet.set_column(2 * column, 2 * column, TILE_WIDTH)
        sheet.set_column(2 * column + 1, 2 * column + 1, GAP_WIDTH)
    sheet.write_string(2, 2, _about(results), sketch.style("grey"))
    row = _tiles(sketch, sheet, results)
    row = _next_steps(sketch, sheet, row, results)
    _charts(sketch, sheet, row + 1, results)
    sheet.print_area(0, 0, row + 2 * CHART_ROWS + 2, 2 * TILES_PER_ROW - 2)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(BODY - 1, 0)


def _about(results: Results) -> str:
    as_of = results.people.as_of
    day = word("summary.no_day") if np.isnat(as_of) else str(as_of)
    return word("summary.about", as_of=day, money=results.inputs.settings.money_symbol)


def _tiles(sketch: Sketch, sheet: Worksheet, results: Results) -> int:
    """Write a tile per figure; return the row below."""
    for number, kpi in enumerate(results.kpis):
        row = BODY + TILE_ROWS * (number // TILES_PER_ROW)
        column = 2 * (number % TILES_PER_ROW)
        sheet.write_string(row, column, kpi.title, sketch.style("tile_label"))
        value = word("summary.not_known") if np.isnan(kpi.value) else kpi.value
        sketch.cell(sheet, row + 1, column, value, sketch.style("tile_value", kpi.look))
        sheet.write_string(row + 2, column, _note(kpi, results), sketch.style("tile_note"))
        for at, height in enumerate(TILE_HEIGHTS, start=row):
            sheet.set_row(at, height)  # said aloud, so that every program places the charts alike
        sketch.define(f"out_{kpi.key}", sheet, row + 1, column)
    return BODY + TILE_ROWS * -(-len(results.kpis) // TILES_PER_ROW)


def _note(kpi: Kpi, results: Results) -> str:
    """Say how the figure is counted; if it changed since the last refresh, by how much."""
    before = results.inputs.history.get(kpi.title, [None])[-1]
    if not isinstance(before, int | float) or np.isnan(kpi.value):
        return kpi.note
    change = kpi.value - float(before)
    if abs(change) < 1e-9:  # noqa: PLR2004 - the same figure
        return word("summary.unchanged", note=kpi.note)
    shown = f"{change:+.1%}" if kpi.look == "share" else f"{change:+,.0f}"
    return word("summary.change", note=kpi.note, change=shown)


def _next_steps(sketch: Sketch, sheet: Worksheet, row: int, results: Results) -> int:
    """Write the box of things to do; return the row below."""
    sheet.write_string(row, 0, word("summary.next"), sketch.style("heading"))
    steps = next_steps(results)
    for at, (tab, text) in enumerate(steps, start=row + 1):
        sketch.link(sheet, at, 0, tab, f"→ {sketch.name(tab)}")
        sheet.write_string(at, 2, text, sketch.style())
    return row + MOST + 1  # room for all, so that the charts below never move


def _charts(sketch: Sketch, sheet: Worksheet, row: int, results: Results) -> None:
    """Write the data of the charts at the right, and the charts over them on the page."""
    known = results.people.clv[results.people.valued]
    if not known.size:
        return
    data = _Data(sketch, sheet)
    of_tiers = data.put(_tiers(results))
    by_class = data.put(_classes(known))
    curve = data.put(pareto(known))
    states = _states(results)
    by_state = data.put(states)
    money = {
        "num_format": "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}},
    }
    share = {"num_format": "0%", "min": 0, "max": 1}
    places = [(row, 0), (row, 1), (row + CHART_ROWS, 0), (row + CHART_ROWS, 1)]
    charts = (
        _chart(sketch, "tier", {"type": "column"}, of_tiers, y_axis=money),
        _chart(
            sketch, "histogram", {"type": "column"}, by_class, y_axis={"num_format": "0"}, gap=10
        ),
        _chart(sketch, "pareto", {"type": "scatter", "subtype": "straight"}, curve, share, share),
        _doughnut(sketch, by_state, len(states["status"])),
    )
    for (at, second), (key, chart) in zip(places, charts, strict=True):
        options = {"description": word(f"chart.{key}.alt"), "x_offset": second * SECOND_CHART}
        sheet.insert_chart(at, 0, chart, {**options, "object_position": 2})


# The data of a chart always have the same number of rows: a spreadsheet that refreshes in place
# keeps the chart and only gets new numbers.
def _tiers(results: Results) -> Frame:
    """Return the value of every tier, best first, and of customers below them all."""
    frame = by_tier(results)
    worth = dict(zip(frame["segment"], frame["value_sum"], strict=True))
    count = dict(zip(frame["segment"], frame["customers"], strict=True))
    names = [*results.tiers.names[::-1], word("choices.no_tier")]
    return {
        "tier": np.array([f"{name} ({count.get(name, 0):.0f})" for name in names], dtype=object),
        "value_sum": np.array([worth.get(name, 0.0) for name in names]),
    }


def _classes(values: FloatArray) -> Frame:
    """Return the histogram, filled up with empty classes."""
    classes = histogram(values)
    spare = CLASSES - classes["customers"].size
    labels = [f"{low:,.0f}" for low in classes["class_from"]] + [""] * spare
    counts = np.concatenate([classes["customers"], np.zeros(max(spare, 0))])
    return {"class_from": np.array(labels, dtype=object), "customers": counts}


def _states(results: Results) -> Frame:
    """Return the number of customers of every status."""
    names = [*words("choices.status"), word("choices.no_order"), word("choices.unknown")]
    counts = [float((results.people.status == name).sum()) for name in names]
    labels = [f"{name} ({count:.0f})" for name, count in zip(names, counts, strict=True)]
    return {"status": np.array(labels, dtype=object), "customers": np.array(counts)}


class _Data:
    """Columns of chart data, one pair after the other, to the right of the page."""

    def __init__(self, sketch: Sketch, sheet: Worksheet) -> None:
        self.sketch, self.sheet, self.column = sketch, sheet, DATA_COLUMN
        sheet.write_string(BODY - 1, DATA_COLUMN, word("chart.data"), sketch.style("grey"))

    def put(self, frame: Frame) -> tuple[list[object], list[object]]:
        """Write two columns; return the references of categories and values."""
        references = []
        for name, values in frame.items():
            last = BODY + len(values)
            self.sheet.write_string(BODY, self.column, title(name), self.sketch.style("grey"))
            self.sketch.column(self.sheet, BODY + 1, self.column, values, "grey", "text")
            self.sheet.set_column(self.column, self.column, 14)
            references.append([self.sheet.get_name(), BODY + 1, self.column, last, self.column])
            self.column += 1
        self.column += 1
        return references[0], references[1]


def _chart(
    sketch: Sketch,
    key: str,
    kind: dict[str, Any],
    data: tuple[list[object], list[object]],
    x_axis: dict[str, Any] | None = None,
    y_axis: dict[str, Any] | None = None,
    gap: int = 60,
) -> tuple[str, Any]:
    chart = sketch.book.add_chart(kind)
    series: dict[str, Any] = {"categories": data[0], "values": data[1], "gap": gap}
    paint = "line" if kind["type"] == "scatter" else "fill"
    series[paint] = {"color": ACCENT}
    chart.add_series(series)
    names = {"name_font": {"size": 9, "bold": False}, "num_font": {"size": 9}}
    chart.set_x_axis({**names, "name": word(f"chart.{key}.x"), **(x_axis or {})})
    lines = {"visible": True, "line": {"color": "#E5E7EB"}}
    chart.set_y_axis(
        {**names, "major_gridlines": lines, "name": word(f"chart.{key}.y"), **(y_axis or {})}
    )
    chart.set_legend({"none": True})
    return _finish(chart, key)


def _doughnut(
    sketch: Sketch, data: tuple[list[object], list[object]], size: int
) -> tuple[str, Any]:
    chart = sketch.book.add_chart({"type": "doughnut"})
    points = [{"fill": {"color": colour}} for colour in GREYS[:size]]
    chart.add_series({"categories": data[0], "values": data[1], "points": points})
    chart.set_hole_size(55)
    chart.set_legend({"position": "right", "font": {"size": 10}})
    return _finish(chart, "status")


def _finish(chart: Any, key: str) -> tuple[str, Any]:  # noqa: ANN401 - XlsxWriter has no types
    chart.set_title(
        {"name": word(f"chart.{key}.title"), "name_font": {"size": 12}, "overlay": False}
    )
    chart.set_size(CHART)
    chart.set_chartarea({"border": {"color": "#D1D5DB"}})
    return key, chart
