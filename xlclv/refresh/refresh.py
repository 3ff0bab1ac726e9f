"""Refresh: read a book once, compute, write the results once. The book itself is never changed.

The result is a new file: a copy of the workbook with its output tabs put in and its customer
table filled, everything else as it was; or, for a text file, a new workbook.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from xlclv.analysis.results import Results, compute
from xlclv.errors import InputError
from xlclv.reading.answers import answers, together
from xlclv.reading.choices import Choices
from xlclv.reading.gather import Book, gather, outputs, with_rules
from xlclv.reading.packed import PIPE
from xlclv.reading.source import read_source, read_sources
from xlclv.readings import Rule
from xlclv.refresh.award import post
from xlclv.refresh.monthly import put_orders
from xlclv.refresh.outcome import STATUS_ROW, draw_tabs, fillings, sheet_names
from xlclv.words import word
from xlclv.workbook.template import write_book
from xlclv.xlsx.files import refuse_if_open, save_atomically
from xlclv.xlsx.fill_columns import fill_columns
from xlclv.xlsx.package import Package
from xlclv.xlsx.replace_sheets import graft

SUFFIX = "-refreshed"
_NOT_IN_NAMES = re.compile(r'[*?<>|":\[\]]+')
SHEET_ROWS = 1_048_576

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
        more: Further files; all of them together are read as one source.
        orders: Exports whose orders are put into the book.
        in_place: The result takes the place of the book, of which a dated copy is kept.
    """

    book: Path
    out: Path | None = None
    replace_out: bool = False
    as_of: date | None = None
    choices: Choices = field(default_factory=Choices)
    encoding: str | None = None
    post: bool = False
    more: tuple[Path, ...] = ()
    orders: tuple[Path, ...] = ()
    in_place: bool = False


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
    for path in (order.book, *order.more, *order.orders):
        refuse_if_open(path)
    target = _target(order)
    progress(word("progress.read", path=order.book.name))
    with _extended(order) as (asked, rules):
        state = _state(order.book)
        book, results = _look_at(asked, stamp, rules)
        progress(word("progress.write", path=target.name))
        write = _into_copy if book.source.kind == "xlsx" else _into_new
        if order.in_place:
            _keep_old(order.book, stamp, book, state)
        overwrite = order.replace_out or order.in_place
        save_atomically(target, lambda path: write(path, book, results), overwrite=overwrite)
    return target, results


def look_at(order: Order, stamp: datetime) -> tuple[Book, Results]:
    """Read a book and compute its results, without writing anything.

    Raises:
        XlclvError: The book cannot be read or nothing can be computed.
    """
    with _extended(order) as (asked, rules):
        return _look_at(asked, stamp, rules)


def _look_at(order: Order, stamp: datetime, rules: Sequence[Rule]) -> tuple[Book, Results]:
    source = read_sources([order.book, *order.more], encoding=order.encoding, leave_unread=outputs)
    book = with_rules(gather(source, order.choices), rules)
    settings = book.inputs.settings
    if order.as_of is not None:
        settings = replace(settings, as_of=order.as_of)
    inputs = replace(book.inputs, settings=settings)
    results = compute(inputs, stamp)
    return post(book, inputs, results) if order.post else (book, results)


@contextmanager
def _extended(order: Order) -> Iterator[tuple[Order, Sequence[Rule]]]:
    """Yield what is asked for with the exports put into a copy of the book, and what that did."""
    if not order.orders:
        yield order, ()
        return
    book = gather(read_source(order.book, leave_unread=outputs))
    exports = read_sources(order.orders, encoding=order.encoding)
    choices = together(answers(book.source.sheets, book.own), order.choices)
    export = gather(exports, choices).inputs.orders
    if export is None:
        raise InputError("no_orders_in_export", path=exports.path.name)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / order.book.name
        rules = put_orders(book, export, copy)
        # What is said of columns is said of the export; its rows stand in the book's own now.
        yield replace(order, book=copy, choices=Choices()), rules


def _state(path: Path) -> tuple[int, int] | None:
    """Return what tells whether a file has changed."""
    if not path.is_file():
        return None
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _keep_old(path: Path, stamp: datetime, book: Book, state: tuple[int, int] | None) -> None:
    """Keep a dated copy of a workbook that is to be replaced.

    Raises:
        InputError: It is no workbook that can be written back, or was changed meanwhile.
    """
    if book.source.kind != "xlsx":
        raise InputError("not_in_place", path=path.name)
    name = f"{path.stem}-{stamp:%Y-%m-%d-%H%M%S}{path.suffix}"
    save_atomically(path.with_name(name), lambda new: _copy(path, new), overwrite=False)
    if _state(path) != state:
        raise InputError("book_changed", path=path.name)


def _copy(path: Path, new: Path) -> None:
    shutil.copyfile(path, new)


def _target(order: Order) -> Path:
    """Return where the result goes: never over another file, nor over the book, unasked."""
    if order.in_place:
        return order.book
    if order.out is None:
        return _free_name(order.book)
    out = order.out
    if out.suffix.casefold() not in (".xlsx", ".xlsm"):
        raise InputError("out_not_xlsx", path=out.name)
    read = {path.resolve() for path in (order.book, *order.more, *order.orders)}
    if out.exists() and out.resolve() in read:
        raise InputError("out_is_book", path=out.name)
    return out


def _free_name(book: Path) -> Path:
    """Return book-refreshed.xlsx, or with the next free number."""
    if str(book) == PIPE:
        book = Path("stdin")
    packed = book.suffix.casefold() in (".gz", ".zip") and not book.is_dir()
    plain = book.with_suffix("") if packed else book
    name = plain.name if book.is_dir() else plain.stem
    stem = re.sub(rf"{SUFFIX}(-\d+)?$", "", _NOT_IN_NAMES.sub("", name)) or "orders"
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
