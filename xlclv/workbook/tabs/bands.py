"""Wide tables of rows that are typed: their columns in groups, each below a band with its name."""

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from xlclv.schema import BODY, width
from xlclv.terms import Frame
from xlclv.words import word
from xlclv.workbook.drawing import Drawing

Bands = Mapping[str, Sequence[str]]  # key of the name of each group, and its columns
# What a row says and whether it is in order stand right after its name, in sight.
RULE_BANDS: Bands = {
    "rule": ("rule_id", "active", "rule_name", "reads_as", "row_status"),
    "who": (
        *("only_tiers", "only_segments", "not_for", "field_1", "test_1", "value_1"),
        *("field_2", "test_2", "value_2", "field_3", "test_3", "value_3"),
    ),
    "when": (
        *("trigger", "trigger_value", "window_after", "min_order", "products"),
        *("valid_from", "valid_to"),
    ),
    "what": (
        *("rule_type", "reward", "reward_value", "friend_reward", "waiting_days"),
        *("expires_days", "expiry_restarts"),
    ),
    "limits": (
        *("max_per_order", "max_times", "max_per", "cool_down", "priority", "together", "group"),
    ),
    "cost": ("budget", "budget_per", "cost_each", "note"),
}
TIER_BANDS: Bands = {
    "tier": ("tier", "reads_as", "row_status"),
    "enter": ("measure", "enter_at", "window"),
    "keep": (
        *("keep_at", "valid_months", "round_up_to", "grace_days", "if_not_kept", "skipped_tiers"),
    ),
    "benefits": ("points_factor", "entry_reward", "treatment"),
}
WIDTHS = {"rule_id": 9, "active": 9, "rule_name": 29, "reads_as": 46, "row_status": 26}


def in_bands(frame: Frame, bands: Bands) -> Frame:
    """Return columns group by group; those of no group at the end."""
    order = [name for names in bands.values() for name in names if name in frame]
    others = [name for name in frame if name not in order]
    return {name: frame[name] for name in [*order, *others]}


def frozen_columns(bands: Bands) -> int:
    """Return how many columns stay in sight: those of the first group."""
    return len(next(iter(bands.values())))


def draw_bands(drawing: Drawing, sheet: Worksheet, frame: Frame, bands: Bands) -> None:
    """Write the band above the headers, and let the columns of a group fold up to its first."""
    columns = list(frame)
    for key, names in bands.items():
        places = [columns.index(name) for name in names if name in frame]
        for at in places:
            folds = at > places[0] and key != next(iter(bands))
            name = columns[at]
            options = {"level": 1} if folds else {}
            sheet.set_column(at, at, WIDTHS.get(name, width(name)), None, options)
            text = word(f"bands.{key}") if at == places[0] else ""
            drawing.cell(sheet, BODY - 1, at, text, drawing.style("band", "text"))
