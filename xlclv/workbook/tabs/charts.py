"""The charts of the Summary, and their data to the right of the page.

The data of a chart always have the same number of rows: a spreadsheet that refreshes in place
keeps the chart and only gets new numbers.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.outlook import Outlook
from xlclv.analysis.results import Results
from xlclv.customers.status import NO_ORDER, STATUSES, UNKNOWN
from xlclv.schema import BODY
from xlclv.segments.breakdown import histogram, pareto
from xlclv.segments.ladder import NO_TIER
from xlclv.tables import title
from xlclv.terms import TERMS, FloatArray, Frame
from xlclv.words import number, word
from xlclv.workbook.drawing import ACCENT, Drawing
from xlclv.workbook.tabs.segments import by_tier

CHART = {"width": 540, "height": 300}
SECOND_CHART = 572  # pixels from the left edge of the page
CHART_ROWS = 16
CLASSES = 12  # of the histogram, the empty ones at its end included
GREYS = ("#1F4E79", "#5B9BD5", "#BDD7EE", "#7F7F7F", "#D9D9D9", "#404040")
PAIR = (GREYS[3], ACCENT)  # what came, what was foretold
LINES = {"visible": True, "line": {"color": "#E5E7EB"}}
MONEY = {"num_format": "#,##0", "major_gridlines": LINES}
SHARE = {"num_format": "0%", "min": 0, "max": 1}
COUNT = {"num_format": "0"}
NAMES = {"name_font": {"size": 9, "bold": False}, "num_font": {"size": 9}}

Column = list[object]  # reference of the cells of a column


def draw_charts(
    drawing: Drawing, sheet: Worksheet, row: int, data_column: int, results: Results
) -> int:
    """Draw the charts, two beside each other; return the row below the last."""
    known = results.worth.values[results.worth.known]
    if not known.size:
        return row
    data = _Data(drawing, sheet, data_column)
    columns, scatter = {"type": "column"}, {"type": "scatter", "subtype": "straight"}
    named = {"worth": results.worth.name}
    charts = [
        _chart(drawing, "tier", columns, data.put(_tiers(results)), y_axis=MONEY, facts=named),
        _chart(drawing, "histogram", columns, data.put(_classes(known)), None, COUNT, 10, named),
        _chart(drawing, "pareto", scatter, data.put(pareto(known)), SHARE, SHARE, facts=named),
        _doughnut(drawing, data.put(_states(results))),
        *_forecast_check(drawing, data, results.outlook),
    ]
    for place, (key, chart) in enumerate(charts):
        options = {"description": word(f"chart.{key}.alt", **named), "object_position": 2}
        options["x_offset"] = place % 2 * SECOND_CHART
        sheet.insert_chart(row + place // 2 * CHART_ROWS, 0, chart, options)
    return row + -(-len(charts) // 2) * CHART_ROWS


def _forecast_check(drawing: Drawing, data: "_Data", outlook: Outlook) -> list[tuple[str, Any]]:
    """Draw what the first part of the log foretold beside what came; always, if empty."""
    months, classes = outlook.by_month(), outlook.by_frequency()
    return [
        _chart(drawing, "by_month", {"type": "line"}, data.put(months), COUNT, COUNT),
        _chart(drawing, "by_frequency", {"type": "column"}, data.put(classes), y_axis=COUNT),
    ]


def _tiers(results: Results) -> Frame:
    """Return the value of every tier, best first, and of customers below them all."""
    frame = by_tier(results)
    worth = dict(zip(frame["segment"], frame["value_sum"], strict=True))
    count = dict(zip(frame["segment"], frame["customer_count"], strict=True))
    names = [*results.tiers.names[::-1], TERMS["tier"].said(NO_TIER)]
    labels = [word("chart.label", name=name, count=number(count.get(name, 0))) for name in names]
    return {
        "tier": np.array(labels, dtype=object),
        "value_sum": np.array([worth.get(name, 0.0) for name in names]),
    }


def _classes(values: FloatArray) -> Frame:
    """Return the histogram, filled up with empty classes."""
    classes = histogram(values)
    spare = CLASSES - classes["customer_count"].size
    labels = [number(low, 0) for low in classes["class_from"]] + [""] * spare
    counts = np.concatenate([classes["customer_count"], np.zeros(max(spare, 0))])
    return {"class_from": np.array(labels, dtype=object), "customer_count": counts}


def _states(results: Results) -> Frame:
    """Return the number of customers of every status."""
    codes = (*STATUSES, NO_ORDER, UNKNOWN)
    counts = [float((results.people.status == code).sum()) for code in codes]
    labels = [
        word("chart.label", name=TERMS["status"].said(code), count=number(count))
        for code, count in zip(codes, counts, strict=True)
    ]
    return {"status": np.array(labels, dtype=object), "customer_count": np.array(counts)}


class _Data:
    """Columns of chart data, one block after the other, to the right of the page."""

    def __init__(self, drawing: Drawing, sheet: Worksheet, column: int) -> None:
        self.drawing, self.sheet, self.column = drawing, sheet, column
        sheet.write_string(BODY - 1, column, word("chart.data"), drawing.style("grey"))

    def put(self, frame: Frame) -> list[Column]:
        """Write columns; return the references of the categories and of each column of values."""
        references: list[Column] = []
        for name, values in frame.items():
            last = BODY + len(values)
            self.sheet.write_string(BODY, self.column, title(name), self.drawing.style("grey"))
            self.drawing.column(self.sheet, BODY + 1, self.column, values, "grey", "text")
            self.sheet.set_column(self.column, self.column, 14)
            references.append([self.sheet.get_name(), BODY + 1, self.column, last, self.column])
            self.column += 1
        self.column += 1
        return references


def _chart(
    drawing: Drawing,
    key: str,
    kind: dict[str, Any],
    data: Sequence[Column],
    x_axis: dict[str, Any] | None = None,
    y_axis: dict[str, Any] | None = None,
    gap: int = 60,
    facts: Mapping[str, str] = MappingProxyType({}),
) -> tuple[str, Any]:
    """Draw a chart of one series, or of a pair with a legend."""
    chart = drawing.book.add_chart(kind)
    categories, *columns = data
    paint = "fill" if kind["type"] == "column" else "line"
    for values, colour in zip(columns, PAIR if len(columns) > 1 else (ACCENT,), strict=True):
        series: dict[str, Any] = {"categories": categories, "values": values, "gap": gap}
        series[paint] = {"color": colour}
        if len(columns) > 1:
            series["name"] = [values[0], BODY, values[2]]
        chart.add_series(series)
    chart.set_x_axis({**NAMES, "name": word(f"chart.{key}.x", **facts), **(x_axis or {})})
    y_axis = {"major_gridlines": LINES, "name": word(f"chart.{key}.y", **facts), **(y_axis or {})}
    chart.set_y_axis({**NAMES, **y_axis})
    chart.set_legend({"none": True} if len(columns) == 1 else {"position": "top"})
    return _finish(chart, key, facts)


def _doughnut(drawing: Drawing, data: Sequence[Column]) -> tuple[str, Any]:
    chart = drawing.book.add_chart({"type": "doughnut"})
    points = [{"fill": {"color": colour}} for colour in GREYS]
    chart.add_series({"categories": data[0], "values": data[1], "points": points})
    chart.set_hole_size(55)
    chart.set_legend({"position": "right", "font": {"size": 10}})
    return _finish(chart, "status", {})


def _finish(
    chart: Any,  # noqa: ANN401 - XlsxWriter has no types
    key: str,
    facts: Mapping[str, str],
) -> tuple[str, Any]:
    chart.set_title(
        {"name": word(f"chart.{key}.title", **facts), "name_font": {"size": 12}, "overlay": False}
    )
    chart.chart_name = f"xlclv {key}"  # known again when the tab is written anew
    chart.set_size(CHART)
    chart.set_chartarea({"border": {"color": "#D1D5DB"}})
    return key, chart
