"""Refresh: read a book once, compute, write the results once. The book itself is never changed.

The result is a new file: a copy of the workbook with its output tabs put in and its customer
table filled, everything else as it was; or, for a text file, a new workbook.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np

from xlclv.errors import InputError
from xlclv.tables import CUSTOMERS, Table, TableSpec, plain, title
from xlclv.terms import Frame
from xlclv.words import word
from xlclv.workbook.award import post
from xlclv.workbook.fill import FilledColumn, fill_columns
from xlclv.workbook.find import Found
from xlclv.workbook.gather import Book, Choices, gather, outputs
from xlclv.workbook.graft import graft
from xlclv.workbook.package import Package
from xlclv.workbook.results import Results, compute
from xlclv.workbook.save import refuse_if_open, save_atomically
from xlclv.workbook.schema import ADDED, NUMBER_FORMATS, WRITTEN, look, width
from xlclv.workbook.sketch import Sketch
from xlclv.workbook.source import read_source
from xlclv.workbook.tabs import DRAW
from xlclv.workbook.tabs.tables import rule_results, tier_results
from xlclv.workbook.tabs.values import customer_results
from xlclv.workbook.template import write_book

SUFFIX = "-refreshed"
SHEET_ROWS = 1_048_576
STATUS_ROW = 3  # of every tab of ours, from 1

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What a refresh is asked for.

    Args:
        book: Workbook or text file.
        out: Where the result goes; None: beside the book, under a new name.
        replace_out: `out` may be replaced if it exists.
        as_of: The day; None: of the Input tab, else of the last order.
        choices: What the user says about the file.
        encoding: How letters are stored in a text file.
        post: What is due is booked in the ledger.
    """

    book: Path
    out: Path | None = None
    replace_out: bool = False
    as_of: date | None = None
    choices: Choices = field(default_factory=Choices)
    encoding: str | None = None
    post: bool = False


def refresh(
    order: Order, stamp: datetime, progress: Progress = lambda _: None
) -> tuple[Path, Results]:
    """Compute a book's results and write them to a new file.

    Args:
        order: What is asked for.
        stamp: When it runs, for the History.
        progress: Called with the name of each step.

    Returns:
        The new file, and what stands in it.

    Raises:
        XlclvError: The book cannot be read, nothing can be computed, or the file not written.
    """
    refuse_if_open(order.book)
    target = _target(order)
    progress(word("progress.read", path=order.book.name))
    book, results = look_at(order, stamp)
    progress(word("progress.write", path=target.name))
    write = _into_copy if book.source.kind == "xlsx" else _into_new
    save_atomically(target, lambda path: write(path, book, results), overwrite=order.replace_out)
    return target, results


def look_at(order: Order, stamp: datetime) -> tuple[Book, Results]:
    """Read a book and compute its results, without writing anything.

    Raises:
        XlclvError: The book cannot be read or nothing can be computed.
    """
    source = read_source(order.book, encoding=order.encoding, leave_unread=outputs)
    book = gather(source, order.choices)
    settings = book.inputs.settings
    if order.as_of is not None:
        settings = replace(settings, as_of=order.as_of)
    inputs = replace(book.inputs, settings=settings)
    results = compute(inputs, stamp)
    return post(book, inputs, results) if order.post else (book, results)


def _target(order: Order) -> Path:
    """Return where the result goes: never over the book, never over another file unasked."""
    if order.out is None:
        return _free_name(order.book)
    out = order.out
    if out.suffix.casefold() not in (".xlsx", ".xlsm"):
        raise InputError("out_not_xlsx", path=out.name)
    if out.exists() and out.resolve() == order.book.resolve():
        raise InputError("out_is_book", path=out.name)
    return out


def _free_name(book: Path) -> Path:
    """Return book-refreshed.xlsx, or with the next free number."""
    stem = re.sub(rf"{SUFFIX}(-\d+)?$", "", book.stem)
    ending = book.suffix if book.suffix.casefold() in (".xlsx", ".xlsm") else ".xlsx"
    number, name = 1, f"{stem}{SUFFIX}{ending}"
    while book.with_name(name).exists():
        number += 1
        name = f"{stem}{SUFFIX}-{number}{ending}"
    return book.with_name(name)


def _into_new(path: Path, book: Book, results: Results) -> None:
    """Write a workbook with the tabs of the template; orders too many for a sheet stay out."""
    leave_out = {"Examples"}
    if results.inputs.feedback is None:
        leave_out.add("Feedback")
    if results.inputs.ledger is None:
        leave_out.add("Ledger")
    orders, customers = results.inputs.orders, results.inputs.customers
    if orders is None or orders.rows > SHEET_ROWS - STATUS_ROW * 4:
        leave_out.add("Orders")
    if customers is None:
        leave_out.add("Customers")
    del book
    write_book(path, results, leave_out)


def _into_copy(path: Path, book: Book, results: Results) -> None:
    """Write a copy of a workbook with the output tabs in it and our columns filled."""
    names = sheet_names(book)
    with tempfile.TemporaryDirectory() as folder, Package(book.source.path) as package:
        date_1904 = package.counts_from_1904()
        with Package(draw_tabs(Path(folder), book, results, date_1904=date_1904)) as drawn:
            graft(package, drawn, {name: name for name in names.values()})
        for filling in fillings(book, results):
            rows = (filling.header_row, filling.first_row, filling.last_row)
            fill_columns(package, filling.sheet, *rows, filling.columns)
        package.write(path)


def draw_tabs(folder: Path, book: Book, results: Results, *, date_1904: bool = False) -> Path:
    """Draw the tabs to be written into a workbook of their own and return it."""
    names = sheet_names(book)
    path = folder / "tabs.xlsx"
    names_of_all = {**book.own, **names}
    with Sketch(path, names_of_all, results.status, date_1904=date_1904) as sketch:
        for tab in names:
            DRAW[tab](sketch, results)
    return path


def sheet_names(book: Book) -> dict[str, str]:
    """Return the tabs to write and the names of their sheets.

    A tab of ours keeps its sheet; a sheet of the user's that has the name of a tab is left alone.
    """
    taken = {sheet.name.casefold() for sheet in book.source.sheets}
    names = {}
    for tab in (*ADDED, *WRITTEN, *book.redrawn):
        if tab in book.own:
            if tab in (*WRITTEN, *book.redrawn):
                names[tab] = book.own[tab]
        else:
            names[tab] = tab if tab.casefold() not in taken else f"{tab}_xlclv"
    return names


@dataclass(frozen=True, slots=True)
class Filling:
    """Columns to fill on a sheet of the user; rows counted from 1."""

    sheet: str
    header_row: int
    first_row: int
    last_row: int
    columns: tuple[FilledColumn, ...]


def fillings(book: Book, results: Results) -> list[Filling]:
    """Return what is written into sheets that are not redrawn.

    Our columns of the tables of the user, and the line about the checks on tabs of ours.
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
    return found + list(_status_lines(book, results))


def _of_table(found: Found, table: Table, frame: Frame) -> Filling:
    """Return one value per row of a table; rows that are wholly blank stay blank."""
    place, rows = found.raw.where, found.raw.rows
    filled = []
    for name, (position, header) in result_columns(found, table.spec).items():
        cells = np.full(rows, None, dtype=object)
        cells[table.used] = frame[name]
        column = place.first_column + position
        shown = NUMBER_FORMATS.get(look(name))
        filled.append(FilledColumn(column, header, list(cells), shown, width(name)))
    first = place.header_row + 1
    return Filling(found.sheet, place.header_row, first, first + rows - 1, tuple(filled))


def _status_lines(book: Book, results: Results) -> Iterator[Filling]:
    redrawn = sheet_names(book)
    for tab, sheet in book.own.items():
        if tab not in redrawn:
            line = FilledColumn(1, "", [results.status], None)
            yield Filling(sheet, STATUS_ROW - 1, STATUS_ROW, STATUS_ROW, (line,))


def result_columns(found: Found, spec: TableSpec) -> dict[str, tuple[int, str]]:
    """Return position (from 0) and header of each of our columns in a table of the user.

    A column with one of our names is ours, and written again, where nobody else would have it
    (CLV, Gap to next tier), where the table has been made for us, which the gap tells, or where
    it is blank. Otherwise, such as the user's own Status, it is not touched; ours then stands at
    the right end under a name of its own.
    """
    headers = [plain(header) for header in found.raw.headers]
    made_for_us = spec is not CUSTOMERS or plain(title("tier_gap")) in headers
    columns: dict[str, tuple[int, str]] = {}
    end = len(headers)
    for name in spec.results:
        usual, own = plain(title(name)), plain(own_title(name))
        position = _last_index(headers, usual)
        if own in headers:
            columns[name] = (headers.index(own), own_title(name))
        elif position >= 0 and (made_for_us or name == "clv" or _is_blank(found, position)):
            columns[name] = (position, title(name))
        else:
            columns[name] = (end, own_title(name) if position >= 0 else title(name))
            end += 1
    return columns


def _is_blank(found: Found, position: int) -> bool:
    return all(cell is None or cell == "" for cell in found.raw.columns[position])


def own_title(name: str) -> str:
    """Return the header of a column of ours beside one of the user's with the same name."""
    return f"xlclv {title(name)}"


def _last_index(headers: list[str], header: str) -> int:
    """Return the position of a header, -1 without; of several the last: ours stand at the end."""
    return max((at for at, other in enumerate(headers) if other == header), default=-1)
