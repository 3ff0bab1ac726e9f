"""Loyalty: tiers that change, birthdays ahead, thank-yous due, and what we owe."""

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.customers.dates import next_birthday
from xlclv.rewards.listing import reward_list
from xlclv.segments.loyalty import NONE
from xlclv.terms import BoolArray, DateArray, Frame
from xlclv.words import word
from xlclv.workbook.results import Results
from xlclv.workbook.sketch import BODY, Sketch

WIDTHS = (24, 14, 16, 30, 16, 48, 3, 16, 12, 16, 14, 16)
OWED_COLUMN = 7  # what we owe stands beside the lists
LISTED = 200  # rows of a list; the first are the most urgent
RECENT = np.timedelta64(31, "D")
AHEAD = np.timedelta64(30, "D")
THANK_YOU = "Thank-you"


def draw(sketch: Sketch, results: Results) -> None:
    """Draw the tab: one list below the other."""
    sheet = sketch.tab("Loyalty")
    row = BODY
    for key, frame in _lists(results).items():
        row = _list(sketch, sheet, key, frame, row, 0)
    _list(sketch, sheet, "owed", results.owed, BODY, OWED_COLUMN)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(BODY - 1, 1)


def _list(sketch: Sketch, sheet: Worksheet, key: str, frame: Frame, row: int, column: int) -> int:
    """Draw the first rows of a list below its heading; return the row below."""
    count = next(iter(frame.values())).size
    if count > LISTED:
        note = word("loyalty.cut", listed=LISTED, count=f"{count:,}")
        sheet.write_string(row, column + 3, note, sketch.style("grey"))
    shown = {name: values[:LISTED] for name, values in frame.items()}
    return sketch.block(sheet, f"loyalty.{key}", shown, row, column)


# All lists have days in the second column and money in the fifth: a spreadsheet that refreshes
# in place may keep the looks of cells that another list stood in before.
def _lists(results: Results) -> dict[str, Frame]:
    return {
        "movements": movements(results),
        "in_grace": in_grace(results),
        "birthdays": birthdays(results),
        "thank_yous": thank_yous(results),
    }


def movements(results: Results) -> Frame:
    """Return the tiers that changed in the last 31 days, the latest first.

    Tiers by CLV have no past: there, whoever has another tier than the current one on the
    customer sheet.
    """
    tiers, people = results.tiers, results.people
    if not tiers.replayed:
        return _against_sheet(results)
    moves = results.placing.standing.moves
    recent = np.flatnonzero(moves.day > people.as_of - RECENT)[::-1]
    who = moves.customer[recent]
    return {
        "customer_id": people.ids[who],
        "moved_on": moves.day[recent],
        "tier_before": tiers.named(moves.from_rank[recent]),
        "tier_after": tiers.named(moves.to_rank[recent]),
    }


def _against_sheet(results: Results) -> Frame:
    people, tiers = results.people, results.tiers
    given = people.fact("current_tier")
    rank = {name.casefold(): place for place, name in enumerate(tiers.names)}
    before = np.array([rank.get(str(name).strip().casefold(), NONE) for name in given], np.intp)
    after = results.placing.standing.rank
    moved = np.flatnonzero((before != NONE) & (after != before))
    return {
        "customer_id": people.ids[moved],
        "moved_on": np.full(moved.size, people.as_of),
        "tier_before": tiers.named(before[moved]),
        "tier_after": tiers.named(after[moved]),
    }


def grace(results: Results) -> BoolArray:
    """Say who keeps a tier only because of the days of grace, shape (k,)."""
    standing, today = results.placing.standing, results.people.as_of
    waits: BoolArray = (standing.valid_until < today) & (today <= standing.grace_until)
    losing: BoolArray = waits & (standing.rank != NONE)
    return losing


def in_grace(results: Results) -> Frame:
    """Return who will lose a tier after the days of grace, the first to lose it first."""
    standing, people, tiers = results.placing.standing, results.people, results.tiers
    who = np.flatnonzero(grace(results))
    who = who[np.argsort(standing.grace_until[who], kind="stable")]
    needed = tiers.keep_at[standing.rank[who]] - standing.value[who]
    return {
        "customer_id": people.ids[who],
        "grace_until": standing.grace_until[who],
        "tier": tiers.named(standing.rank[who]),
        "status": people.status[who],
        "keep_gap": np.maximum(needed, 0),
    }


def birthdays(results: Results) -> Frame:
    """Return the birthdays of the next 30 days of those who may be contacted."""
    people, today = results.people, results.people.as_of
    if np.isnat(today):
        today = np.datetime64("NaT", "D")
    day: DateArray = next_birthday(people.fact("birth_date"), np.asarray(today))
    who = np.flatnonzero((day <= today + AHEAD) & people.fact("opt_in", default=True))
    who = who[np.lexsort((people.ids[who].astype(str), day[who]))]
    return {
        "customer_id": people.ids[who],
        "birthday": day[who],
        "tier": results.placing.tier[who],
        "status": people.status[who],
    }


def thank_yous(results: Results) -> Frame:
    """Return the rewards granted by rules of the type Thank-you."""
    table = results.inputs.rules
    kinds: dict[str, str] = {}
    if table is not None:
        pairs = zip(table.values("rule_id"), table.values("rule_type"), strict=True)
        kinds = {str(rule_id): str(kind) for rule_id, kind in pairs}
    frame = reward_list(results.decisions)
    meant = np.array([kinds.get(str(one)) == THANK_YOU for one in frame["rule_id"]], bool)
    return {
        "customer_id": frame["customer_id"][meant],
        "expires": frame["expires"][meant],
        "rule_id": frame["rule_id"][meant],
        "reward": frame["reward"][meant],
        "cost": frame["cost"][meant],
        "reason": frame["reason"][meant],
    }
