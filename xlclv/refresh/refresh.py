"""Refresh: read a book once, compute, write the results once.

`prepare` does all of it but reading and writing, for every host alike. On the command line the
book itself is never changed. The result is a new file: a copy of the workbook with its output tabs
put in and its customer table filled, everything else as it was; or, for a text file, a new
workbook.
"""

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from xlclv.analysis.results import Results, compute
from xlclv.errors import InputError
from xlclv.reading.choices import Choices
from xlclv.reading.gather import Book, gather, language_of, outputs
from xlclv.reading.source import Source, read_source
from xlclv.refresh.award import post
from xlclv.refresh.obstacles import Facts, refuse_obstacles
from xlclv.refresh.outcome import STATUS_ROW, Outcome, draw_tabs, fillings, sheet_names
from xlclv.words import language, speaking, word
from xlclv.workbook.template import write_book
from xlclv.xlsx.facts import FileFacts
from xlclv.xlsx.files import free_name, refuse_if_open, save_atomically
from xlclv.xlsx.fill_columns import fill_columns
from xlclv.xlsx.package import Package
from xlclv.xlsx.replace_sheets import graft

SUFFIX = "-refreshed"
SHEET_ROWS = 1_048_576

WORKBOOKS = (".xlsx", ".xlsm")

Step = Callable[[str], None]  # told the name of each step


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """What a refresh is asked for.

    Args:
        book: Workbook or text file; the title of one that is open and has no file yet.
        out: Where the result goes; None: beside the book, under a new name.
        replace_out: `out` may be replaced if it exists.
        as_of: The day; None: of the Input tab, else of the last order.
        choices: What the user says about the file.
        encoding: How letters are stored in a text file.
        post: What is due is booked in the ledger.
        language: What is written is in it; None: in that of the Input tab, else the one in use.
    """

    book: Path
    out: Path | None = None
    replace_out: bool = False
    as_of: date | None = None
    choices: Choices = field(default_factory=Choices)
    encoding: str | None = None
    post: bool = False
    language: str | None = None


def prepare(
    source: Source, request: RefreshRequest, facts: Facts, folder: Path, stamp: datetime
) -> Outcome:
    """Compute the results of a book, draw its tabs, and say what is to be filled.

    Args:
        source: The book, read.
        request: What is asked for.
        facts: What else is known of the book.
        folder: Where the tabs are drawn.
        stamp: When it runs, for the History.

    Raises:
        XlclvError: Nothing can be computed, or something of the user's is in the way.
    """
    with _spoken(source, request):
        return _prepared(source, request, facts, folder, stamp)


def _prepared(
    source: Source, request: RefreshRequest, facts: Facts, folder: Path, stamp: datetime
) -> Outcome:
    book, results = _computed(source, request, stamp)
    drawn = draw_tabs(folder, book, results, date_1904=facts.date_1904)
    outcome = Outcome(drawn, sheet_names(book), fillings(book, results), results)
    refuse_obstacles(source, drawn, outcome.tabs.values(), outcome.fillings, facts)
    return outcome


def _spoken(source: Source, request: RefreshRequest) -> AbstractContextManager[None]:
    """Speak the language that was asked for, or that the book asks for."""
    return speaking(request.language or language_of(source) or language())


def look_at(request: RefreshRequest, stamp: datetime) -> Results:
    """Read a book and compute its results, without writing anything.

    Raises:
        XlclvError: The book cannot be read or nothing can be computed.
    """
    source = _read(request)
    with _spoken(source, request):
        return _computed(source, request, stamp)[1]


def _read(request: RefreshRequest) -> Source:
    with speaking(request.language or language()):
        return read_source(request.book, encoding=request.encoding, leave_unread=outputs)


def _computed(source: Source, request: RefreshRequest, stamp: datetime) -> tuple[Book, Results]:
    book = gather(source, request.choices)
    settings = book.inputs.settings
    if request.as_of is not None:
        settings = replace(settings, as_of=request.as_of)
    inputs = replace(book.inputs, settings=settings)
    results = compute(inputs, stamp)
    return post(book, inputs, results) if request.post else (book, results)


# --- on the command line ----------------------------------------------------------------------


def refresh(
    request: RefreshRequest, stamp: datetime, step: Step = lambda _: None
) -> tuple[Path, Results]:
    """Compute a book's results and write them to a new file.

    Args:
        request: What is asked for.
        stamp: When it runs, for the History.
        step: Told the name of each step.

    Returns:
        The new file, and what stands in it.

    Raises:
        XlclvError: The book cannot be read, nothing can be computed, or the file not written.
    """
    refuse_if_open(request.book)
    target = _target(request)
    step(word("progress.read", path=request.book.name))
    source = _read(request)
    write = _into_copy if source.kind == "xlsx" else _into_new
    with _spoken(source, request):
        return target, write(source, request, stamp, target, step)


def _target(request: RefreshRequest) -> Path:
    """Return where the result goes: never over the book, never over another file unasked."""
    if request.out is None:
        own = request.book.suffix
        return free_name(request.book, SUFFIX, own if own.casefold() in WORKBOOKS else ".xlsx")
    out = request.out
    if out.suffix.casefold() not in WORKBOOKS:
        raise InputError("out_not_xlsx", path=out.name)
    if out.exists() and out.resolve() == request.book.resolve():
        raise InputError("out_is_book", path=out.name)
    return out


def _into_new(
    source: Source, request: RefreshRequest, stamp: datetime, target: Path, step: Step
) -> Results:
    """Write a workbook with the tabs of the template; orders too many for a sheet stay out."""
    _, results = _computed(source, request, stamp)
    step(word("progress.write", path=target.name))
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
    save_atomically(
        target, lambda path: write_book(path, results, leave_out), overwrite=request.replace_out
    )
    return results


def _into_copy(
    source: Source, request: RefreshRequest, stamp: datetime, target: Path, step: Step
) -> Results:
    """Write a copy of a workbook with the output tabs in it and our columns filled."""
    with tempfile.TemporaryDirectory() as folder, Package(source.path) as package:
        outcome = prepare(source, request, FileFacts(package), Path(folder), stamp)
        step(word("progress.write", path=target.name))
        with Package(outcome.drawn) as drawn:
            graft(package, drawn, {name: name for name in outcome.tabs.values()})
        for filling in outcome.fillings:
            rows = (filling.header_row, filling.first_row, filling.last_row)
            fill_columns(package, filling.sheet, *rows, filling.columns)
        save_atomically(target, package.write, overwrite=request.replace_out)
    return outcome.results
