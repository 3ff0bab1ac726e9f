"""What a refresh leaves behind: the tabs to draw, the columns to fill on the user's sheets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

import numpy as np

from xlclv.analysis.customers import customer_results
from xlclv.analysis.results import Results
from xlclv.analysis.rows import rule_results, tier_results
from xlclv.reading.found import Found
from xlclv.reading.gather import Book
from xlclv.reading.source import Source
from xlclv.refresh.booking import Booking
from xlclv.refresh.obstacles import Filling
from xlclv.schema import ADDED, NUMBER_FORMATS, STATUS_ROW, TAB, WRITTEN, look, width
from xlclv.tables import CUSTOMERS, Table, TableSpec, own_title, plain, title, titles
from xlclv.terms import TERMS, Frame
from xlclv.words import catalogue, meanings
from xlclv.workbook.drawing import SIGNALS, STYLES, Drawing, Host
from xlclv.workbook.tabs import DRAW, start
from xlclv.xlsx.fill_columns import FilledColumn
from xlclv.xlsx.kept.rooms import Own

LONGEST = 31  # letters that a sheet's name may have
MOST_MONTHS = 600  # ahead, which figures name


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is to be written into the book wherever that is.

    Args:
        drawn: A workbook; its sheets replace those of the same name or are added.
        tabs: Tab and name of its sheets, in order.
        fillings: Columns to fill on other sheets.
    """

    drawn: Path
    tabs: Mapping[str, str]
    fillings: Sequence[Filling]


@dataclass(frozen=True, slots=True)
class Outcome(Drawn):
    """What a refresh leaves behind.

    Args:
        drawn: As above.
        tabs: As above.
        fillings: As above.
        results: What stands in all of it.
        booking: What was booked, as a change of the ledger that stands in the book; where a host
            can write that, it does in place of the tab.
    """

    results: Results
    booking: Booking | None = None


def draw_tabs(folder: Path, book: Book, results: Results, *, date_1904: bool = False) -> Path:
    """Draw the tabs to be written into a workbook of their own and return it."""
    names = sheet_names(book, results)
    path = folder / "tabs.xlsx"
    names_of_all = {**book.own, **names}
    with Drawing(path, names_of_all, results.status, date_1904=date_1904) as drawing:
        for tab in names:
            DRAW[tab](drawing, results)
    return path


def told_by() -> Own:
    """Return how what is ours on a tab is told from what the user added to it."""
    headers = {text for name in TERMS for text in titles(name)} | set(meanings("chart.was"))
    for key in catalogue():
        family, _, rest = key.partition(".")
        of_figure = family == "kpi" and rest.endswith((".title", ".was"))
        if of_figure or family in ("history", "former"):
            headers |= meanings(key)
    headers |= {
        text.replace("{months}", str(months))
        for text in headers
        if "{months}" in text
        for months in range(1, MOST_MONTHS + 1)
    }
    colours = (STYLES[style]["bg_color"] for style in SIGNALS)
    return Own(
        frozenset(header.casefold() for header in headers),
        frozenset(f"FF{colour.removeprefix('#')}" for colour in colours),
        frozenset({TAB["Contacts"].marker}),
    )


def nothing_for(results: Results) -> set[str]:
    """Return the tabs that have no row to show, which a book need not have."""
    return set() if results.contacts.size else {"Contacts"}


def sheet_names(book: Book, results: Results) -> dict[str, str]:
    """Return the tabs to write and the names of their sheets.

    A tab of ours keeps its sheet; a sheet of the user's that has the name of a tab is left alone.
    """
    empty = nothing_for(results)
    names = {}
    for tab in (*ADDED, *WRITTEN, *book.redrawn):
        if tab in book.own:
            if tab in (*WRITTEN, *book.redrawn):
                names[tab] = book.own[tab]
        elif tab not in empty:
            names[tab] = name_of(tab, book.source, book.own)
    return names


def name_of(tab: str, source: Source, own: Mapping[str, str]) -> str:
    """Return the name of the sheet of a tab: that which it has, or a free one."""
    if tab in own:
        return own[tab]
    taken = {sheet.name.casefold() for sheet in source.sheets}
    name = TAB[tab].sheet
    ends = chain(("", "_xlclv"), (f"_xlclv{number}" for number in count(2)))
    free = (f"{name[: LONGEST - len(end)]}{end}" for end in ends)
    return next(one for one in free if one.casefold() not in taken)


def fillings(book: Book, results: Results, host: Host = "shell") -> list[Filling]:
    """Return what is written into sheets that are not redrawn.

    Our columns of the tables of the user, the line about the checks on tabs of ours, and the
    steps on Start, where nobody wrote others.
    """
    inputs = results.inputs
    tables = (
        ("customers", inputs.customers, customer_results),
        ("tiers", inputs.tiers, tier_results),
        ("rules", inputs.rules, rule_results),
    )
    found = [
        _of_table(book.found[name], table, columns(results))
        for name, table, columns in tables
        if name in book.found and table is not None
    ]
    return [*found, *_status_lines(book, results), *_steps(book, results, host)]


def _of_table(found: Found, table: Table, frame: Frame) -> Filling:
    """Return one value per row of a table; rows that are wholly blank stay blank."""
    place, rows, headers = found.raw.where, found.raw.rows, found.raw.headers
    filled = []
    for name, (position, title_of_ours) in result_columns(found, table.spec).items():
        header = headers[position] if position < len(headers) else title_of_ours
        cells = np.full(rows, None, dtype=object)
        cells[table.used] = TERMS[name].all_said(frame[name])
        column = place.first_column + position
        shown = NUMBER_FORMATS.get(look(name))
        filled.append(FilledColumn(column, header, list(cells), shown, width(name)))
    first = place.header_row + 1
    return Filling(found.sheet, place.header_row, first, first + rows - 1, tuple(filled))


def _status_lines(book: Book, results: Results) -> Iterator[Filling]:
    redrawn = sheet_names(book, results)
    for tab, sheet in book.own.items():
        if tab not in redrawn:
            line = FilledColumn(1, "", [results.status], None)
            yield Filling(sheet, STATUS_ROW - 1, STATUS_ROW, STATUS_ROW, (line,))


def _steps(book: Book, results: Results, host: Host) -> Iterator[Filling]:
    """Say on Start what is true of this book by now."""
    said = start.steps(results.inputs, host)
    for at, now in steps_on(book.source, book.own):
        if now != said:
            column = FilledColumn(2, "", said)
            yield Filling(book.own["Start"], at, at + 1, at + start.STEPS, (column,))


def steps_on(source: Source, own: Mapping[str, str]) -> Iterator[tuple[int, list[object]]]:
    """Yield the row above the steps on Start, and the steps, where nobody wrote others."""
    cells = next((sheet.cells for sheet in source.sheets if sheet.name == own.get("Start")), ())
    known = start.known_steps()
    for at in range(len(cells) - start.STEPS + 1):
        block = [row[:2] for row in cells[at : at + start.STEPS]]
        numbered = [row[0] if row else None for row in block] == start.NUMBERS
        if numbered and all(len(row) > 1 and row[1] in known for row in block):
            yield at, [row[1] for row in block]


def result_columns(found: Found, spec: TableSpec) -> dict[str, tuple[int, str]]:
    """Return position (from 0) and header of each of our columns in a table of the user.

    A column with one of our names is ours, and written again, where nobody else would have it
    (CLV, Gap to next tier), where the table has been made for us, which the gap tells, or where
    it is blank. Otherwise, such as the user's own Status, it is not touched; ours then stands at
    the right end under a name of its own.
    """
    headers = [plain(header) for header in found.raw.headers]
    made_for_us = spec is not CUSTOMERS or _place(headers, titles("tier_gap")) >= 0
    columns: dict[str, tuple[int, str]] = {}
    end = len(headers)
    for name in spec.results:
        own = _place(headers, [own_title(text) for text in titles(name)])
        position = _place(headers, titles(name))
        if own >= 0:
            columns[name] = (own, own_title(title(name)))
        elif position >= 0 and (made_for_us or name == "clv" or _is_blank(found, position)):
            columns[name] = (position, title(name))
        else:
            columns[name] = (end, own_title(title(name)) if position >= 0 else title(name))
            end += 1
    return columns


def _is_blank(found: Found, position: int) -> bool:
    return all(cell is None or cell == "" for cell in found.raw.columns[position])


def _place(headers: list[str], texts: list[str]) -> int:
    """Return where one of these stands, -1 without; of several the last: ours are at the end."""
    wanted = {plain(text) for text in texts}
    return max((at for at, header in enumerate(headers) if header in wanted), default=-1)
