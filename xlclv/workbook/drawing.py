"""Drawing tabs with XlsxWriter: one look for titles, tables, notes and links on every tab."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xlclv.addresses import Box, boxes, letters
from xlclv.columns import LONGEST_TEXT, CellError
from xlclv.schema import BODY, NUMBER_FORMATS, TAB, WIDTHS, Kind, Look, look, width
from xlclv.tables import title
from xlclv.terms import TERMS, Array, Frame
from xlclv.words import word, yes_no
from xlclv.xlsx.append_rows import Bulk, append

Host = Literal["shell", "macro", "excel", "calc", "lite"]  # the program that writes a book
HOSTS: tuple[Host, ...] = ("shell", "macro", "excel", "calc", "lite")
CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed stamp: the same book gives the same file
BULK_ROWS = 500  # a longer table is appended as a whole
LATEST_CALC = 191_029  # a spreadsheet keeps cached values of a book computed by its own engine

INK, PAPER, LINE, ACCENT, QUIET = "#1F2937", "#F3F4F6", "#D1D5DB", "#1F4E79", "#4B5563"
TAB_COLOURS: dict[Kind, str] = {
    "guide": "#6B7280",
    "input": "#F59E0B",
    "data": "#F59E0B",
    "rules": "#15803D",
    "output": ACCENT,
    "live": "#6B7280",
}
BASE: dict[str, Any] = {
    "font_name": "Calibri",
    "font_size": 11,
    "font_color": INK,
    "valign": "top",
}
STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 18, "font_color": ACCENT},
    "purpose": {"italic": True, "font_color": QUIET},
    "headline": {"bold": True, "font_size": 13},
    "heading": {"bold": True, "font_size": 13, "font_color": ACCENT, "bottom": 1},
    "section": {"bold": True, "font_size": 13, "font_color": ACCENT},
    "header": {"bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT, "text_wrap": True},
    "label": {"bold": True},
    "input": {"font_color": "#0000FF", "bg_color": "#FFFFE0", "border": 1, "locked": False},
    "output": {"bg_color": PAPER, "border": 1},
    "grey": {"font_color": QUIET},
    "band": {"bold": True, "font_color": ACCENT, "bg_color": "#DCE6F1"},
    "total": {"bold": True, "top": 1},
    "good": {"font_color": "#006100", "bg_color": "#C6EFCE"},
    "review": {"font_color": "#7F4F00", "bg_color": "#FFEB9C"},
    "bad": {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
    "wrap": {"text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    "tile_label": {"font_size": 10, "font_color": QUIET, "bg_color": PAPER, "top": 2},
    "tile_value": {"bold": True, "font_size": 18, "bg_color": PAPER, "align": "left"},
    "tile_note": {"font_size": 9, "font_color": QUIET, "bg_color": PAPER},
    "tile_better": {"font_size": 9, "bold": True, "font_color": "#006100", "bg_color": PAPER},
    "tile_worse": {"font_size": 9, "bold": True, "font_color": "#9C0006", "bg_color": PAPER},
}
SIGNALS = ("good", "review", "bad")  # styles that show a state
BORDERED = {"input", "output"}
# A little room keeps a text off the number to its left; long texts break into lines.
# Calc takes an indent only beside an alignment that is said.
_LEFT: dict[str, Any] = {"align": "left", "indent": 1}
_RIGHT: dict[str, Any] = {"align": "right"}
LAYOUT: dict[Look, dict[str, Any]] = {
    "text": _LEFT,
    "id": _LEFT,
    "yesno": _LEFT,
    "date": _LEFT,
    "stamp": _LEFT,
    "long": {**_LEFT, "text_wrap": True},
    "number": _RIGHT,
    "count": _RIGHT,
    "money": _RIGHT,
    "share": _RIGHT,
}


def _holding(header: str, wide: float) -> float:
    """Return a width, or more where a word of the header would break in the middle of it."""
    longest = max(map(len, re.split(r"[\s-]+", header)))
    return max(wide, longest + 2) if longest >= wide else wide


def _said(name: str, values: Array) -> Array:
    """Return a column with words for codes."""
    return TERMS[name].all_said(np.asarray(values)) if name in TERMS else values


def _fixed(box: Box) -> str:
    first, last = (f"${letters(column)}${row}" for row, column in (box[:2], box[2:]))
    return first if first == last else f"{first}:{last}"


def quoted(sheet: str) -> str:
    """Write the name of a sheet as a reference does."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'"


class Drawing:
    """A workbook being drawn.

    Args:
        path: Where it is written.
        sheet_names: Name of a tab to the name its sheet has in the final workbook.
        status: The line that every tab shows about the checks.
        date_1904: Days count from 1904, as in the workbook the tabs are for.
        host: The program in which the workbook is written.
        absent: Tabs that the final workbook does not have.
    """

    def __init__(
        self,
        path: Path,
        sheet_names: Mapping[str, str] | None = None,
        status: str = "",
        *,
        date_1904: bool = False,
        host: Host = "shell",
        absent: Collection[str] = (),
    ) -> None:
        options = {
            "strings_to_formulas": False,  # "=1+1" in an order export stays text
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": NUMBER_FORMATS["date"],
            "date_1904": date_1904,
            "in_memory": True,  # else it works in the folder for all, where a killed run leaves it
        }
        self.book = xlsxwriter.Workbook(str(path), options)
        self.book.set_properties({"created": CREATED, "title": "xlclv"})
        self.book.set_calc_mode("auto", LATEST_CALC)
        # Results are written as values; recomputing on load would only turn functions of the
        # add-in to #NAME? on a machine that lacks it.
        self.book.calc_on_load = False
        self.sheet_names = dict(sheet_names or {})
        self.status = status
        self.path = path
        self.date_1904 = date_1904
        self.host = host
        self.absent = absent
        self._bulks: list[Bulk] = []
        self._tabs: dict[str, Worksheet] = {}
        self._formats: dict[tuple[str, str, str], Format] = {}
        self.book.formats[0].set_font_name("Calibri")

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the file."""
        if kind is not None:
            return
        self._mark_cells()
        self.book.close()
        if self._bulks:
            append(self.path, self._bulks, date_1904=self.date_1904)

    def name(self, tab: str) -> str:
        """Return the name of the sheet of a tab."""
        return self.sheet_names.get(tab, TAB[tab].sheet)

    def _mark_cells(self) -> None:
        """Let the name that marks a tab lead to all cells that are ours: others are the user's.

        On tabs that are filled in by the user it leads to the first cell.
        """
        for tab, sheet in self._tabs.items():
            if TAB[tab].kind != "output":
                self.define(TAB[tab].marker, sheet, 0, 0)
                continue
            bulks = [
                Box(bulk.row, bulk.column, bulk.last_row, bulk.column + len(bulk.columns) - 1)
                for bulk in self._bulks
                if bulk.sheet == sheet.get_name()
            ]
            cells = {row + 1: [at + 1 for at in cells] for row, cells in sheet.table.items()}
            places = (str(_fixed(box)) for box in boxes(cells, bulks))
            name = quoted(sheet.get_name())
            self.book.define_name(TAB[tab].marker, "=" + ",".join(f"{name}!{at}" for at in places))

    def has(self, tab: str) -> bool:
        """Say whether the final workbook has a tab."""
        return tab not in self.absent

    def style(self, style: str = "plain", shown: Look | None = None, code: str = "") -> Format:
        """Return the format of a style, with the layout of a look and its number format.

        Args:
            style: One of `STYLES`.
            shown: The look.
            code: Number format in place of that of the look.
        """
        number_format = code or (NUMBER_FORMATS.get(shown, "") if shown else "")
        key = (style, shown or "", code)
        if key not in self._formats:
            looks = {**BASE, **STYLES[style]}
            if style in BORDERED:
                looks["border_color"] = LINE
            if number_format:
                looks["num_format"] = number_format
            laid_out = LAYOUT.get(shown, {}) if shown else {}
            looks |= {key: value for key, value in laid_out.items() if key not in STYLES[style]}
            self._formats[key] = self.book.add_format(looks)
        return self._formats[key]

    def tab(self, tab: str, purpose: str = "") -> Worksheet:
        """Add the sheet of a tab: title, purpose, state of the checks, links, print set-up."""
        shown = TAB[tab]
        sheet: Worksheet = self.book.add_worksheet(self.name(tab))
        self._tabs[tab] = sheet
        sheet.hide_gridlines(2)
        sheet.set_tab_color(TAB_COLOURS[shown.kind])
        title_text = word(f"{shown.key}.title")
        sheet.write_string(0, 0, title_text, self.style("title"))
        style = self.style("headline" if purpose else "purpose")
        sheet.write_string(1, 0, purpose or word(f"{shown.key}.purpose"), style)
        if self.has("Checks"):
            self.link(sheet, 2, 0, "Checks", self.status or word("drawing.to_checks"))
        if self.has("Summary") and tab != "Summary":
            back = word("drawing.back", summary=self.name("Summary"))
            self.link(sheet, 2, shown.back, "Summary", back)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(shown.pages_wide, 0)
        sheet.set_footer(f"&L{title_text}&R&P / &N")
        sheet.set_row(0, 27)
        return sheet

    def open_on(self, tab: str) -> None:
        """Let the workbook open on a tab."""
        self.book.get_worksheet_by_name(self.name(tab)).activate()

    def link(self, sheet: Worksheet, row: int, column: int, tab: str, text: str) -> None:
        """Write a link to a tab."""
        target = f"internal:{quoted(self.name(tab))}!A1"
        sheet.write_url(row, column, target, self.style("link"), text)

    def define(self, name: str, sheet: Worksheet, row: int, column: int) -> None:
        """Give one cell a name in the workbook."""
        place = f"${letters(column + 1)}${row + 1}"
        self.book.define_name(name, f"={quoted(sheet.get_name())}!{place}")

    def table(
        self,
        sheet: Worksheet,
        name: str,
        frame: Frame,
        *,
        row: int = BODY,
        column: int = 0,
        others: Mapping[str, tuple[str, Look]] | None = None,
        inputs: Sequence[str] = (),
        spare: int = 0,
        fixed_widths: bool = False,
    ) -> tuple[int, int]:
        """Write columns as an Excel table; a long one must be the last of its sheet.

        Args:
            sheet: Where.
            name: Name of the table.
            frame: Columns by name; each has at least its header.
            row: Row of the headers, from 0.
            column: First column, from 0.
            others: Title and look of columns that are no terms.
            inputs: Columns in the style of an input.
            spare: Empty rows at the end for the user to fill.
            fixed_widths: The caller sets the widths of the columns.

        Returns:
            First and last row of the body, from 0.
        """
        height = max((len(values) for values in frame.values()), default=0) + spare
        first, last = row + 1, row + max(height, 1)
        others = others or {}
        looks = {each: others[each][1] if each in others else look(each) for each in frame}
        titles = {each: others[each][0] if each in others else title(each) for each in frame}
        headers = [
            {"header": titles[each], "header_format": self.style("header", shown)}
            for each, shown in looks.items()
        ]
        options = {"name": name, "style": "Table Style Light 1", "columns": headers}
        drawn = first if height > BULK_ROWS else last
        said = {each: _said(each, values) for each, values in frame.items()}
        sheet.add_table(row, column, drawn, column + len(frame) - 1, options)
        for at, (each, values) in enumerate(frame.items(), start=column):
            style = "input" if each in inputs else "plain"
            shown = looks[each]
            if not fixed_widths:
                wide = WIDTHS[shown] if each in others else width(each)
                sheet.set_column(at, at, _holding(titles[each], wide))
            self.column(sheet, first, at, said[each][: drawn - first + 1], style, shown)
            for empty in range(first + len(values), drawn + 1):
                sheet.write_blank(empty, at, None, self.style(style, shown))
        if drawn < last:
            rest = [np.asarray(values)[1:] for values in said.values()]
            self._bulks.append(Bulk(sheet.get_name(), name, first + 2, column + 1, rest))
        return first, last

    def block(self, sheet: Worksheet, heading: str, frame: Frame, row: int, column: int = 0) -> int:
        """Write a heading, a key of the catalogue, with a table below it; return the row below.

        The last part of the key names the table; the caller sets the widths of the columns.
        """
        name = f"tbl{heading.rpartition('.')[2].title().replace('_', '')}"
        sheet.write_string(row, column, word(heading), self.style("heading"))
        _, last = self.table(sheet, name, frame, row=row + 1, column=column, fixed_widths=True)
        return last + 2

    def column(
        self, sheet: Worksheet, row: int, column: int, values: Array, style: str, shown: Look
    ) -> None:
        """Write an array downwards, each cell as what it is."""
        chosen = self.style(style, shown)
        array = np.asarray(values)
        if array.dtype.kind == "f":
            self._floats(sheet, row, column, array, chosen)
        else:
            for at, value in enumerate(array.tolist(), start=row):
                self.cell(sheet, at, column, value, chosen)

    @staticmethod
    def _floats(sheet: Worksheet, row: int, column: int, array: Array, chosen: Format) -> None:
        known = np.isfinite(array)
        for at, value in enumerate(array.tolist()):
            if known[at]:
                sheet.write_number(row + at, column, value, chosen)
            else:
                sheet.write_blank(row + at, column, None, chosen)

    @staticmethod
    def cell(sheet: Worksheet, row: int, column: int, value: object, chosen: Format) -> None:
        """Write one value as what it is; text is never taken for a formula."""
        unknown = isinstance(value, float) and not math.isfinite(value)
        if value is None or value == "" or unknown:
            sheet.write_blank(row, column, None, chosen)
        elif isinstance(value, bool):
            sheet.write_string(row, column, yes_no(answer=value), chosen)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, chosen)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, chosen)
        elif isinstance(value, CellError):
            sheet.write_formula(row, column, f"={value.code}", chosen, value.code)
        else:
            sheet.write_string(row, column, str(value)[:LONGEST_TEXT], chosen)
