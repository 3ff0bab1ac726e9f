"""Summary: the first screen, 26 rows and 9 columns, one printed page."""

import numpy as np
from xlsxwriter.worksheet import Worksheet

from xlclv.analysis import board
from xlclv.analysis.money import cell_format
from xlclv.analysis.results import Results
from xlclv.schema import BODY, Look, look_of
from xlclv.terms import Array, Frame
from xlclv.words import counted, percent, word
from xlclv.workbook.drawing import Drawing
from xlclv.workbook.tabs.charts import MONEY, Charts
from xlclv.workbook.tabs.charts import Look as Chart

WIDTHS = (25, 44, 26, 15, 2, 27, 20, 20, 15)
GAP, RIGHT, LAST = 4, 5, 8  # columns: between left and right, first of the right, last
TILES = (0, 1, 2, 5, 6, 7)  # column of each
TILE_ROW, WRITE_ROW, BEST_ROW, END_ROW = BODY, BODY + 4, BODY + 13, BODY + 21
TILE_HEIGHTS, LIST_HEIGHT = (16, 25, 15), 23
CHART_PIXELS = {"width": 590, "height": 275}
ABOUT_COLUMN = 1


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("Summary", board.headline(results))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(2, ABOUT_COLUMN, board.about(results), drawing.style("grey"))
    _tiles(drawing, sheet, results)
    _to_write(drawing, sheet, results)
    _months(drawing, sheet, results)
    _people(drawing, sheet, results)
    drawing.link(sheet, END_ROW, 0, "Details", word("board.to_details"))
    sheet.print_area(0, 0, END_ROW, LAST)
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(BODY - 1, 0)


# --- tiles ------------------------------------------------------------------------------------


def _tiles(drawing: Drawing, sheet: Worksheet, results: Results) -> None:
    """Write a tile per figure; each runs on over the columns up to the next."""
    for at, height in enumerate(TILE_HEIGHTS, start=TILE_ROW):
        sheet.set_row(at, height)  # said aloud, so that every program places the charts alike
    shown = board.tiles(results)
    ends = (*(column - 1 for column in TILES[1:]), LAST)
    for tile, column, end in zip(shown, TILES, ends, strict=False):
        note = {None: "tile_note", True: "tile_better", False: "tile_worse"}[tile.better]
        styles = ("tile_label", "tile_value", note)
        for beside in range(column + 1, end + 1):
            for row, style in enumerate(styles, start=TILE_ROW):
                if beside != GAP:
                    sheet.write_blank(row, beside, None, drawing.style(style))
        unit = tile.kpi.unit
        code = cell_format(results.money) if unit == "money" else _code(tile)
        value = drawing.style("tile_value", look_of(unit), code)
        sheet.write_string(TILE_ROW, column, tile.kpi.title, drawing.style("tile_label"))
        drawing.cell(sheet, TILE_ROW + 1, column, tile.kpi.value, value)
        sheet.write_string(TILE_ROW + 2, column, tile.note, drawing.style(note))


def _code(tile: board.Tile) -> str:
    if tile.kpi.key == "ltv_cac":
        return '0.0" : 1"'
    return "0%" if tile.kpi.unit == "fraction" else ""


# --- lists ------------------------------------------------------------------------------------


def _to_write(drawing: Drawing, sheet: Worksheet, results: Results) -> None:
    """Write whom to write to today, why, what to offer, what it costs."""
    sheet.write_string(WRITE_ROW, 0, word("board.write"), drawing.style("section"))
    frame = board.to_write(results)
    looks: dict[str, tuple[str, Look]] = {
        "name": (word("board.name"), "text"),
        "why": (word("board.reason"), "long"),
        "offer": (word("board.offer"), "long"),
        "cost": (word("board.cost"), "money"),
    }
    _list(drawing, sheet, WRITE_ROW + 1, 0, frame, looks)
    below, count = WRITE_ROW + 2 + board.LISTED, results.contacts.actions.size
    if not frame["name"].size:
        sheet.write_string(WRITE_ROW + 2, 0, word("board.nobody"), drawing.style("grey"))
    if drawing.has("Contacts") and count:
        drawing.link(sheet, below, 0, "Contacts", counted("board.all_contacts", count))
    for row in range(WRITE_ROW + 2, below):
        sheet.set_row(row, LIST_HEIGHT + 8)


def _people(drawing: Drawing, sheet: Worksheet, results: Results) -> None:
    """Write the best customers and those who are leaving, by name."""
    name: tuple[str, Look] = (word("board.name"), "text")
    money: tuple[str, Look] = (results.worth.name, "money")
    best, leaving = board.best(results), board.leaving(results)
    sheet.write_string(BEST_ROW, 0, word("board.best"), drawing.style("section"))
    best["standing"] = _standing(best)
    looks = {"name": name, "standing": (word("board.standing"), "text"), "last": _last()}
    _list(drawing, sheet, BEST_ROW + 1, 0, best, {**looks, "value": money})
    sheet.write_string(BEST_ROW, RIGHT, word("board.leaving"), drawing.style("section"))
    stake: tuple[str, Look] = (word("board.at_stake"), "money")
    status: tuple[str, Look] = (word("board.status"), "text")
    columns = {"name": name, "status": status, "last": _last(), "value": stake}
    _list(drawing, sheet, BEST_ROW + 1, RIGHT, leaving, columns)
    if not leaving["name"].size:
        sheet.write_string(BEST_ROW + 2, RIGHT, word("board.nobody_leaves"), drawing.style("grey"))


def _last() -> tuple[str, Look]:
    return word("board.last"), "date"


def _standing(frame: Frame) -> Array:
    """Say tier and status of each in one cell."""
    pairs = zip(frame["tier"], frame["status"], strict=True)
    said = [word("board.tier_status", tier=tier, status=status) for tier, status in pairs]
    return np.array(said, dtype=object)


def _list(
    drawing: Drawing,
    sheet: Worksheet,
    row: int,
    column: int,
    frame: Frame,
    looks: dict[str, tuple[str, Look]],
) -> None:
    """Write a header and rows below it."""
    for at, (name, (header, shown)) in enumerate(looks.items(), start=column):
        sheet.write_string(row, at, header, drawing.style("header", shown))
        drawing.column(sheet, row + 1, at, frame[name], "plain", shown)


# --- the chart --------------------------------------------------------------------------------


def _months(drawing: Drawing, sheet: Worksheet, results: Results) -> None:
    """Draw the revenue of the last months, new and returning customers."""
    found = board.months(results)
    charts = Charts(drawing, sheet, LAST + 3, {"money": results.money or word("board.money")})
    frame: Frame = {
        word("chart.months.month"): np.datetime_as_string(found.month, "M").astype(object),
        word("chart.months.returning"): found.returning,
        word("chart.months.new"): found.new,
    }
    if not found.month.size:
        sheet.write_string(WRITE_ROW, RIGHT, word("board.no_months"), drawing.style("grey"))
        return
    stacked = {"type": "column", "subtype": "stacked"}
    look = Chart(stacked, {"interval_unit": 3}, MONEY)
    chart = charts.add("months", _finding(found), frame, look, CHART_PIXELS, board.MONTHS)
    charts.insert(chart, "months", WRITE_ROW, RIGHT)


def _finding(found: board.Months) -> str:
    """Say whether the last 12 months brought more than those before."""
    change = found.change
    if np.isnan(change):
        return word("chart.months.title")
    way = "level" if not round(change, 2) else "more" if change > 0 else "less"
    return word(f"chart.months.{way}", change=percent(abs(change)))
