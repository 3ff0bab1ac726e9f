"""Refresh: read a book once, compute, write the results once.

`prepare` does all of it but reading and writing, for every host alike. On the command line the
book itself is never changed. The result is a new file: a copy of the workbook with its output tabs
put in and its customer table filled, everything else as it was; or, for a text file, a new
workbook.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from xlclv.analysis.results import Results, compute
from xlclv.errors import InputError
from xlclv.reading.answers import answers, together
from xlclv.reading.choices import Choices
from xlclv.reading.gather import Book, gather, language_of, with_rules
from xlclv.reading.own import outputs
from xlclv.reading.question import Question
from xlclv.reading.source import Source, read_source, read_sources
from xlclv.readings import Rule
from xlclv.refresh.asking import Asked, draw_questions
from xlclv.refresh.award import Agreed, post
from xlclv.refresh.besides import beside, told
from xlclv.refresh.booking import booking
from xlclv.refresh.money import sign_of_cells
from xlclv.refresh.monthly import put_orders
from xlclv.refresh.obstacles import Facts, refuse_obstacles
from xlclv.refresh.outcome import Outcome, draw_tabs, fillings, nothing_for, sheet_names, told_by
from xlclv.refresh.placing import Placing, Step, Write
from xlclv.schema import STATUS_ROW
from xlclv.words import language, speaking, word
from xlclv.workbook.drawing import Host
from xlclv.workbook.template import write_book
from xlclv.xlsx.facts import FileFacts
from xlclv.xlsx.fill_columns import fill_columns
from xlclv.xlsx.package import Package
from xlclv.xlsx.replace_sheets import graft
from xlclv.xlsx.rows import NotClosed
from xlclv.xlsx.scratch import scratch

SHEET_ROWS = 1_048_576

Save = Callable[[Write], Path]  # given what writes a file to a path, says where it went


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """What a refresh is asked for.

    Args:
        book: Workbook or text file; the title of one that is open and has no file yet.
        out: Where the result goes; None: beside the book, under a new name.
        replace_out: `out` may be replaced if it exists.
        keep_old: A dated copy is kept of a file that is replaced.
        as_of: The day; None: of the Input tab, else of the last order.
        model: Model of the forecast; None: of the Input tab.
        season: Whether it follows seasons; None: as the Input tab says.
        months: How far it looks; None: as the Input tab says.
        past: Months for which a refresh of their last day is computed too.
        choices: What the user says about the file.
        encoding: How letters are stored in a text file.
        post: What is due is booked in the ledger.
        agreed: Asked before that, with the number of rows and their cost; None: nobody is.
        more: Further files; all of them together are read as one source.
        orders: Exports whose orders are put into the book.
        in_place: The result takes the place of the book, of which a dated copy is kept.
        rules: What was done to the book before, for the report.
        settings: Settings by name, which come before those of the tab Input.
        usual: Settings that hold where Input says nothing; None: those of the file beside the book.
        host: The program in which the book is refreshed.
        language: What is written is in it; None: in that of the Input tab, else the one in use.
    """

    book: Path
    out: Path | None = None
    replace_out: bool = False
    keep_old: bool = True
    as_of: date | None = None
    model: str | None = None
    season: str | None = None
    months: int | None = None
    past: int = 0
    choices: Choices = field(default_factory=Choices)
    encoding: str | None = None
    post: bool = False
    agreed: Agreed | None = None
    more: tuple[Path, ...] = ()
    orders: tuple[Path, ...] = ()
    in_place: bool = False
    rules: tuple[Rule, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    usual: Mapping[str, object] | None = None
    host: Host = "shell"
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
        Asked: The user must answer something; the tab for it is drawn.
    """
    with _spoken(source, request):
        try:
            return _prepared(source, request, facts, folder, stamp)
        except Question as question:
            drawn = draw_questions(folder, source, question, date_1904=facts.date_1904)
            refuse_obstacles(source, drawn.drawn, drawn.tabs.values(), (), facts)
            raise Asked(question, drawn) from question


def _prepared(
    source: Source, request: RefreshRequest, facts: Facts, folder: Path, stamp: datetime
) -> Outcome:
    book, results = _computed(source, request, stamp, facts)
    drawn = draw_tabs(folder, book, results, date_1904=facts.date_1904)
    tabs, filled = sheet_names(book, results), fillings(book, results, request.host)
    outcome = Outcome(drawn, tabs, filled, results, booking(book, results))
    refuse_obstacles(source, drawn, outcome.tabs.values(), outcome.fillings, facts)
    return outcome


def _spoken(source: Source, request: RefreshRequest) -> AbstractContextManager[None]:
    """Speak the language that was asked for, or that the book or the file beside it asks for."""
    usual = beside(request.book) if request.usual is None else request.usual
    named = request.language or language_of(source) or str(usual.get("language", ""))
    return speaking(named or language())


def look_at(request: RefreshRequest, stamp: datetime) -> Results:
    """Read a book and compute its results, without writing anything.

    Raises:
        XlclvError: The book cannot be read or nothing can be computed.
    """
    with whole(request.book), _extended(request) as asked:
        source = _read(asked)
        with _spoken(source, asked):
            return _computed(source, asked, stamp)[1]


def _read(request: RefreshRequest) -> Source:
    named = [request.book, *request.more]
    with speaking(request.language or language()):
        return read_sources(named, encoding=request.encoding, leave_unread=outputs)


def _computed(
    source: Source, request: RefreshRequest, stamp: datetime, facts: Facts | None = None
) -> tuple[Book, Results]:
    usual = beside(request.book) if request.usual is None else request.usual
    book = with_rules(gather(source, request.choices, usual), request.rules)
    settings = book.inputs.settings
    notes = (*book.inputs.notes, *told(settings, usual, request.settings))
    own = {
        "as_of": request.as_of,
        "model": request.model,
        "season": request.season,
        "months_ahead": request.months,
    }
    settings = settings.changed(**request.settings).changed(**own)
    money = "" if facts is None else sign_of_cells(book, facts)
    inputs = replace(book.inputs, settings=settings, notes=notes, money=money, past=request.past)
    results = compute(inputs, stamp)
    return post(book, inputs, results, request.agreed) if request.post else (book, results)


# --- on the command line ----------------------------------------------------------------------


def refresh(
    request: RefreshRequest, stamp: datetime, step: Step = lambda _: None
) -> tuple[Path, Results]:
    """Compute a book's results and write them to a new file, or in the place of the book.

    Args:
        request: What is asked for.
        stamp: When it runs, for the History.
        step: Told the name of each step.

    Returns:
        The new file, and what stands in it.

    Raises:
        XlclvError: The book cannot be read, nothing can be computed, or the file not written.
    """
    read = (request.book, *request.more, *request.orders)
    placing = Placing(request.book, read, request.out, stamp, request.replace_out, request.in_place)
    step(word("progress.read", path=request.book.name))
    with whole(request.book), _extended(request) as asked:
        source = _read(asked)
        if request.in_place and source.kind != "xlsx":
            raise InputError("not_in_place", path=request.book.name)
        step(word("progress.compute"))
        write = _into_copy if source.kind == "xlsx" else _into_new
        with _spoken(source, asked):
            return write(source, asked, stamp, lambda new: placing.save(new, step))


@contextmanager
def _extended(request: RefreshRequest) -> Iterator[RefreshRequest]:
    """Yield what is asked for with the exports put into a copy of the book, and what that did."""
    if request.usual is None:  # beside the book itself, not beside a copy
        request = replace(request, usual=beside(request.book))
    if not (request.orders or request.in_place):
        yield request
        return
    with scratch() as folder:
        copy = folder / request.book.name
        if not request.orders:  # what is to be replaced must not be open while that is done
            if not request.book.is_file():
                raise InputError("source_missing", path=request.book)
            shutil.copyfile(request.book, copy)
            yield replace(request, book=copy)
            return
        rules = _put_in(request, copy)
        # What is said of columns is said of the export; its rows stand in the book's own now.
        yield replace(request, book=copy, choices=Choices(), rules=rules)


def _put_in(request: RefreshRequest, copy: Path) -> tuple[Rule, ...]:
    """Write a copy of the book with the exports in it."""
    book = gather(read_source(request.book, leave_unread=outputs))
    exports = read_sources(request.orders, encoding=request.encoding)
    choices = together(answers(book.source.sheets, book.own), request.choices)
    export = gather(exports, choices).inputs.orders
    if export is None:
        raise InputError("no_orders_in_export", path=exports.path.name)
    return tuple(put_orders(book, export, copy))


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Call a sheet damaged whose rows or cells do not end, as only its XML shows."""
    try:
        yield
    except NotClosed as error:
        raise InputError("damaged_workbook", path=path.name, part=error) from error


def _into_new(
    source: Source, request: RefreshRequest, stamp: datetime, save: Save
) -> tuple[Path, Results]:
    """Write a workbook with the tabs of the template; orders too many for a sheet stay out."""
    _, results = _computed(source, request, stamp)
    leave_out = {"Examples", *nothing_for(results)}
    if results.inputs.feedback is None:
        leave_out.add("Feedback")
    if results.inputs.ledger is None:
        leave_out.add("Ledger")
    orders, customers = results.inputs.orders, results.inputs.customers
    if orders is None or orders.rows > SHEET_ROWS - STATUS_ROW * 4:
        leave_out.add("Orders")
    if customers is None:
        leave_out.add("Customers")
    write = partial(write_book, results=results, leave_out=leave_out, opened_on="Summary")
    return save(write), results


def _into_copy(
    source: Source, request: RefreshRequest, stamp: datetime, save: Save
) -> tuple[Path, Results]:
    """Write a copy of a workbook with the output tabs in it and our columns filled."""
    with scratch() as folder, Package(source.path) as package:
        try:
            outcome = prepare(source, request, FileFacts(package), folder, stamp)
        except Asked as asked:  # here options answer, and nothing is written
            raise asked.question from asked
        tabs = {name: name for name in outcome.tabs.values()}
        if outcome.booking is not None:
            outcome.booking.write(package)
            del tabs[outcome.tabs["Ledger"]]
        with Package(outcome.drawn) as drawn:
            graft(package, drawn, tabs, told_by())
        for filling in outcome.fillings:
            rows = (filling.header_row, filling.first_row, filling.last_row)
            fill_columns(package, filling.sheet, *rows, filling.columns)
        return save(package.write), outcome.results
