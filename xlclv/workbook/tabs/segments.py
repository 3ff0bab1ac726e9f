"""Segments: what each group is worth, and the customers who stand out."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.customers import named, ranked_by
from xlclv.analysis.results import Results
from xlclv.rewards.facts import Rows
from xlclv.schema import BODY, look
from xlclv.segments.ladder import NO_TIER
from xlclv.tables import title
from xlclv.terms import TERMS, BoolArray, Frame, TextArray
from xlclv.words import number, percent, word
from xlclv.workbook.drawing import Drawing
from xlclv.workbook.tabs.charts import MONEY, Charts
from xlclv.workbook.tabs.charts import Look as Chart

TOP, CLOSEST = 20, 10
FIRST, SECOND, OTHERS, TREATMENT = 24, 18, 14, 48  # widths
BLANK = 2  # rows between two tables
CHART = {"width": 338, "height": 260}
CHART_ROW = BODY
DATA_COLUMN = 15


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab: a table per kind of group with its total, then lists of customers."""
    sheet = drawing.tab("Segments")
    row, groups = BODY, _groups(results)
    for key, frame in groups.items():
        row = drawing.block(sheet, f"segments.{key}", frame, row) - 1
        _total(drawing, sheet, row, frame, results)
        row += BLANK
    for key, frame in (("top_customers", _top(results)), ("near_next_tier", _near(results))):
        row = drawing.block(sheet, f"segments.{key}", frame, row)
    wide = list(groups["by_tier"]).index("treatment")
    sheet.set_column(0, 0, FIRST)
    sheet.set_column(1, 1, SECOND)
    sheet.set_column(2, DATA_COLUMN - 1, OTHERS)
    sheet.set_column(wide, wide, TREATMENT)
    sheet.set_column(wide + 1, wide + 1, TREATMENT)
    _chart(drawing, sheet, wide + 1, results)
    sheet.print_area(0, 0, row, wide + 1)
    sheet.freeze_panes(BODY - 1, 1)


def _groups(results: Results) -> dict[str, Frame]:
    """Return a table per kind of group; none where nobody is in any."""
    people = results.people
    tables = {
        "by_tier": by_tier(results),
        "by_segment": _by(results, "segment", people.fact("segment")),
        "by_channel": _by(results, "acq_channel", people.fact("acq_channel")),
        "by_status": _by(results, "status", people.status),
    }
    if results.rfm is not None:
        tables["by_rfm"] = _by(results, "rfm_segment", results.rfm_column("rfm_segment"))
    none = word("choices.none")
    return {
        key: frame
        for key, frame in tables.items()
        if key == "by_tier" or set(next(iter(frame.values()))) - {none}
    }


def _by(results: Results, name: str, labels: TextArray) -> Frame:
    """Return groups by a column: those of a ladder in its order, others by what they are worth."""
    term = TERMS[name]
    frame = results.by(term.all_said(labels))
    codes = term.codes[::-1] if name == "rfm_segment" else (*term.choices, *term.codes)
    rank = {term.said(code): place for place, code in enumerate(codes)}
    groups = frame["segment"]
    order = np.argsort([rank.get(each, len(rank)) for each in groups], kind="stable")
    return _headed(frame, name, order)


def _headed(frame: Frame, name: str, order: Rows) -> Frame:
    """Return a frame in another order, its groups headed by what they are."""
    return {
        (name if column == "segment" else column): values[order] for column, values in frame.items()
    }


def by_tier(results: Results) -> Frame:
    """Return the tiers, best first, with how each is treated."""
    frame = results.by(TERMS["tier"].all_said(results.placing.tier))
    tiers = results.tiers
    rank = {name: place for place, name in enumerate(tiers.names)}
    order = np.argsort([-rank.get(name, -1) for name in frame["segment"]], kind="stable")
    treatment = dict(zip(tiers.names, tiers.treatments, strict=True))
    texts = [treatment.get(name, "") for name in frame["segment"][order]]
    return {**_headed(frame, "tier", order), "treatment": np.array(texts, dtype=object)}


def _total(drawing: Drawing, sheet: Worksheet, row: int, frame: Frame, results: Results) -> None:
    """Write what all groups together are."""
    values = results.worth.values[results.worth.known]
    known = {
        "customer_count": float(values.size),
        "value_sum": float(values.sum()),
        "value_mean": float(values.mean()) if values.size else np.nan,
        "value_median": float(np.median(values)) if values.size else np.nan,
        "value_share": 1.0 if values.sum() else np.nan,
    }
    total = results.outlook.total() if "value_low" in frame else None
    if total is not None:
        known |= {"value_low": total.value_low, "value_high": total.value_high}
    for column, name in enumerate(frame):
        style = drawing.style("total", look(name))
        label = word("segments.all") if column == 0 else known.get(name, "")
        drawing.cell(sheet, row, column, label, style)


def _chart(drawing: Drawing, sheet: Worksheet, column: int, results: Results) -> None:
    """Draw what the tiers are worth, beside the tables."""
    if not results.worth.known.any():
        return
    charts = Charts(drawing, sheet, DATA_COLUMN, {"worth": results.worth.name})
    charts.insert(tier_chart(charts, results, CHART), "tier", CHART_ROW, column)


def tier_chart(charts: Charts, results: Results, size: Mapping[str, int]) -> Any:  # noqa: ANN401
    """Draw the value of every tier, best first, and of customers below them all."""
    frame = by_tier(results)
    worth = dict(zip(frame["tier"], frame["value_sum"], strict=True))
    count = dict(zip(frame["tier"], frame["customer_count"], strict=True))
    names = [*results.tiers.names[::-1], TERMS["tier"].said(NO_TIER)]
    labels = [word("chart.label", name=name, count=number(count.get(name, 0))) for name in names]
    sums = np.array([worth.get(name, 0.0) for name in names])
    facts = {"worth": results.worth.name, "tier": names[0]}
    text = word("chart.tier.title", **facts)
    if sums.sum() > 0:
        text = word("chart.tier.finding", share=percent(sums[0] / sums.sum()), **facts)
    data = {title("tier"): np.array(labels, dtype=object), title("value_sum"): sums}
    return charts.add("tier", text, data, Chart({"type": "column"}, {}, MONEY), size, sums.size)


def _top(results: Results) -> Frame:
    """Return the most valuable customers: the ones to pamper."""
    best = np.lexsort((results.people.ids.astype(str), -results.worth.ranked))[:TOP]
    return _listed(results, best[results.worth.known[best]])


def _near(results: Results) -> Frame:
    """Return the customers who lack least to the next tier."""
    gap = results.placing.gap
    near: BoolArray = np.isfinite(gap) & (gap > 0)
    order = np.argsort(np.where(near, gap, np.inf), kind="stable")[:CLOSEST]
    return _listed(results, order[near[order]])


def _worth(results: Results, rows: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Frame:
    """Return what customers are ranked by, and the simple CLV."""
    return {
        ranked_by(results): results.worth.values[rows],
        "simple_clv": results.people.clv[rows],
    }


def _listed(results: Results, rows: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Frame:
    people = results.people
    return {
        "customer_id": people.ids[rows],
        "customer_name": people.name[rows],
        "tier": results.placing.tier[rows],
        "status": people.status[rows],
        **_worth(results, rows),
        "tier_gap": results.placing.gap[rows],
        "last_order": people.last[rows],
        **{name: texts for name, texts in named(people, rows).items() if name != "customer_name"},
    }
