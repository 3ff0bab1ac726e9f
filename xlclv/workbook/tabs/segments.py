"""Segments: what each group is worth, and the customers who stand out."""

import numpy as np

from xlclv.analysis.customers import named
from xlclv.analysis.results import Results
from xlclv.schema import BODY
from xlclv.terms import TERMS, BoolArray, Frame
from xlclv.workbook.drawing import Drawing

TOP, CLOSEST = 20, 10
WIDTHS = (24, 18, 14, 14, 14, 14, 14, 14, 14, 48)


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab: a table per kind of group, then lists of customers."""
    sheet = drawing.tab("Segments")
    row = BODY
    for key, frame in _tables(results).items():
        row = drawing.block(sheet, f"segments.{key}", frame, row)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(BODY - 1, 1)


def _tables(results: Results) -> dict[str, Frame]:
    people = results.people
    tables = {
        "by_tier": by_tier(results),
        "by_segment": results.by(people.fact("segment")),
        "by_channel": results.by(people.fact("acq_channel")),
        "by_status": results.by(TERMS["status"].all_said(people.status)),
    }
    if results.rfm is not None:
        tables["by_rfm"] = results.by(
            TERMS["rfm_segment"].all_said(results.rfm_column("rfm_segment"))
        )
    grouped = {key: frame for key, frame in tables.items() if frame["customer_count"].size}
    return {**grouped, "top_customers": _top(results), "near_next_tier": _near(results)}


def by_tier(results: Results) -> Frame:
    """Return the tiers, best first, with how each is treated."""
    frame = results.by(TERMS["tier"].all_said(results.placing.tier))
    tiers = results.tiers
    rank = {name: place for place, name in enumerate(tiers.names)}
    order = np.argsort([-rank.get(name, -1) for name in frame["segment"]], kind="stable")
    treatment = dict(zip(tiers.names, tiers.treatments, strict=True))
    texts = [treatment.get(name, "") for name in frame["segment"][order]]
    return {
        **{name: values[order] for name, values in frame.items()},
        "treatment": np.array(texts, dtype=object),
    }


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
    column = {"predicted": "predicted_clv", "spend": "spend_12m", "simple": "simple_clv"}
    return {
        column[results.worth.kind]: results.worth.values[rows],
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
