"""The charts of Details; each title says what is found."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.outlook import MONTHS
from xlclv.analysis.results import Results
from xlclv.customers.status import ACTIVE, NO_ORDER, STATUSES, UNKNOWN
from xlclv.segments.breakdown import histogram, pareto
from xlclv.tables import title
from xlclv.terms import TERMS, FloatArray, Frame
from xlclv.words import number, percent, word
from xlclv.workbook.drawing import Drawing
from xlclv.workbook.tabs.charts import COUNT, SHARE, Charts, Look
from xlclv.workbook.tabs.segments import tier_chart

SIZE = {"width": 565, "height": 300}
SECOND = 590  # pixels from the left edge of the page
ROWS = 16  # of a chart
CLASSES, POINTS, BEST = 10, 20, 0.2
COLUMNS, BARS, LINE = {"type": "column"}, {"type": "bar"}, {"type": "line"}
CURVE = {"type": "scatter", "subtype": "straight"}
DASHES = ("", "dash")

Chart = tuple[str, Any]


def draw_charts(
    drawing: Drawing, sheet: Worksheet, row: int, data_column: int, results: Results
) -> int:
    """Draw the charts, two beside each other; return the row below the last."""
    known = results.worth.values[results.worth.known]
    if not known.size:
        return row
    charts = Charts(drawing, sheet, data_column, {"worth": results.worth.name})
    drawn = [*_of_value(charts, results, known), *_of_forecast(charts, results)]
    for place, (key, chart) in enumerate(drawn):
        charts.insert(chart, key, row + place // 2 * ROWS, 0, place % 2 * SECOND)
    return row + -(-len(drawn) // 2) * ROWS


def _of_value(charts: Charts, results: Results, known: FloatArray) -> Iterator[Chart]:
    """Draw what customers are worth: by tier, by status, how it is spread."""
    named = {"worth": results.worth.name}
    yield "tier", tier_chart(charts, results, SIZE)

    states = _states(results)
    active = int((results.people.status == ACTIVE).sum())
    said = {"count": number(active), "all": number(results.people.size)}
    bars = Look(BARS, COUNT)
    text = word("chart.status.finding", **said)
    yield "status", charts.add("status", text, states, bars, SIZE, len(states[title("status")]))

    half = number(float(np.median(known)), 0)
    text = word("chart.histogram.finding", half=half, **named)
    look = Look(COLUMNS, {}, COUNT, gap=10)
    yield "histogram", charts.add("histogram", text, _classes(known), look, SIZE, CLASSES)

    curve = pareto(np.maximum(known, 0), POINTS)
    share = float(np.interp(BEST, curve["customer_share"], curve["value_share"]))
    text = word("chart.pareto.finding", share=percent(share), **named)
    frame = {title(name): values for name, values in curve.items()}
    yield "pareto", charts.add("pareto", text, frame, Look(CURVE, SHARE, SHARE), SIZE, POINTS + 1)


def _of_forecast(charts: Charts, results: Results) -> Iterator[Chart]:
    """Draw what the first part of the log foretold beside what came; nothing without a check."""
    outlook = results.outlook
    if outlook.check is None:
        return
    sums, each = _titled(_known(outlook.by_month())), _titled(_known(outlook.of_each_month()))
    text = word("chart.by_month.finding", error=percent(outlook.check.error, sign=True))
    look = Look(LINE, {}, COUNT, dashes=DASHES)
    yield "by_month", charts.add("by_month", text, sums, look, SIZE, MONTHS)

    _, actual, expected = each.values()
    off = number(float(np.nanmean(np.abs(expected - actual))), 1)
    text = word("chart.each_month.finding", off=off)
    yield "each_month", charts.add("each_month", text, each, Look(COLUMNS, {}, COUNT), SIZE, MONTHS)

    classes_of = _titled(outlook.by_frequency())
    _, actual, expected = classes_of.values()
    off = number(float(np.nanmax(np.abs(expected - actual))), 1)
    text = word("chart.by_frequency.finding", off=off)
    look = Look(COLUMNS, {}, {**COUNT, "num_format": "0.0"})
    yield (
        "by_frequency",
        charts.add("by_frequency", text, classes_of, look, SIZE, len(actual)),
    )


def _known(frame: Frame) -> Frame:
    """Leave out the months that had not come yet."""
    come = ~np.isnan(frame["expected"])
    return {name: values[come] for name, values in frame.items()}


def _titled(frame: Frame) -> Frame:
    return {title(name): values for name, values in frame.items()}


def _classes(values: FloatArray) -> Frame:
    """Return the histogram; its last class holds all that is above."""
    found = histogram(values, CLASSES)
    lows = [number(low) for low in found["class_from"]]
    labels = [word("chart.class", low=low, high=high) for low, high in pairwise(lows)]
    labels.append(word("chart.last_class", low=lows[-1]))
    return {
        title("class_from"): np.array(labels, dtype=object),
        title("customer_count"): found["customer_count"],
    }


def _states(results: Results) -> Frame:
    """Return the number of customers of every status."""
    codes = (UNKNOWN, NO_ORDER, *STATUSES[::-1])  # bars are drawn upwards
    counts = [float((results.people.status == code).sum()) for code in codes]
    labels = [TERMS["status"].said(code) for code in codes]
    return {
        title("status"): np.array(labels, dtype=object),
        title("customer_count"): np.array(counts),
    }
