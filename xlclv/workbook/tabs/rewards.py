"""Rewards: what each rule grants and costs, and who gets what, with the reason."""

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis.customers import named
from xlclv.analysis.results import Results
from xlclv.rewards.listing import rule_totals, shown_list
from xlclv.schema import BODY, TAB, look
from xlclv.terms import Frame
from xlclv.words import number, word
from xlclv.workbook.drawing import Drawing

WIDTHS = (16, 34, 10, 13, 13, 13, 13, 70, 24, 30)
COLUMNS = ("customer_id", "reward", "rule_id", "cost", "expires", "tier", "status", "reason")
LISTED = 1_000_000  # rows of a sheet, less what stands above


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("Rewards")
    sheet.write_string(BODY, 0, word("rewards_tab.rules"), drawing.style("heading"))
    totals = rule_totals(results.decisions)
    if not totals["rule_id"].size:
        sheet.write_string(BODY + 1, 0, word("rewards_tab.no_rules"), drawing.style("grey"))
        return
    _, last = drawing.table(sheet, "tblRuleTotals", totals, row=BODY + 1, fixed_widths=True)
    _total(drawing, sheet, last + 1, totals)
    row = last + 3
    sheet.write_string(row, 0, word("rewards_tab.granted"), drawing.style("heading"))
    frame = _granted(results)
    if frame["customer_id"].size > LISTED:
        note = word("rewards_tab.cut", listed=number(LISTED), all=number(frame["customer_id"].size))
        sheet.write_string(row, 3, note, drawing.style("bad"))
    shown = {name: values[:LISTED] for name, values in frame.items()}
    drawing.table(sheet, TAB["Rewards"].table, shown, row=row + 1, fixed_widths=True)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(BODY - 1, 1)


def _total(drawing: Drawing, sheet: Worksheet, row: int, totals: Frame) -> None:
    """Write what all rules together grant and cost; what is not known of one is not of all."""
    for column, (name, values) in enumerate(totals.items()):
        known: dict[str, object] = {"rule_id": word("segments.all")}
        if name in ("eligible_count", "cost"):
            known[name] = float(values.sum())
        elif name in ("budget", "used_before", "left") and not np.isnan(values).all():
            known[name] = float(np.nansum(values))
        drawing.cell(sheet, row, column, known.get(name, ""), drawing.style("total", look(name)))


def _granted(results: Results) -> Frame:
    """Return the rewards granted, with tier, status and name of each customer."""
    frame = shown_list(results.decisions)
    people = results.people
    whose = people.places(frame["customer_id"])
    frame |= {"tier": results.placing.tier[whose], "status": people.status[whose]}
    return {**{name: frame[name] for name in COLUMNS}, **named(people, whose)}
