"""Refresh: read a book once, compute, write the results once.

`prepare` does all of it but reading and writing, for every host alike. On the command line the
book itself is never changed. The result is a new file: a copy of the workbook with its output tabs
put in and its customer table filled, everything else as it was; or, for a text file, a new
workbook.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from xlclv.analysis.results import Results, compute
from xlclv.errors import InputError
from xlclv.reading.answers import answers, together
from xlclv.reading.choices import Choices
from xlclv.reading.gather import Book, gather, language_of, outputs, with_rules
from xlclv.reading.question import Question
from xlclv.reading.several.packed import PIPE
from xlclv.reading.source import Source, read_source, read_sources
from xlclv.readings import Rule
from xlclv.refresh.asking import Asked, draw_questions
from xlclv.refresh.award import Agreed, post
from xlclv.refresh.besides import beside, told
from xlclv.refresh.money import sign_of_cells
from xlclv.refresh.monthly import put_orders
from xlclv.refresh.obstacles import Facts, refuse_obstacles
from xlclv.refresh.outcome import STATUS_ROW, Outcome, draw_tabs, fillings, nothing_for, sheet_names
from xlclv.words import language, speaking, word
from xlclv.workbook.drawing import Host
from xlclv.workbook.template import write_book
from xlclv.xlsx.facts import FileFacts
from xlclv.xlsx.files import free_name, refuse_if_open, save_atomically
from xlclv.xlsx.fill_columns import fill_columns
from xlclv.xlsx.package import Package
from xlclv.xlsx.replace_sheets import graft

SUFFIX = "-refreshed"
_NOT_IN_NAMES = re.compile(r'[*?<>|":\[\]]+')
_NO_NAME = "orders"
SHEET_ROWS = 1_048_576

WORKBOOKS = (".xlsx", ".xlsm")

Step = Callable[[str], None]  # told the name of each step
Save = Callable[[Callable[[Path], None]], None]  # given what writes a file to a path


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """What a refresh is asked for.

    Args:
        book: Workbook or text file; the title of one that is open and has no file yet.
        out: Where the result goes; None: beside the book, under a new name.
        replace_out: `out` may be replaced if it exists.
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
    filled = fillings(book, results, request.host)
    outcome = Outcome(drawn, sheet_names(book, results), filled, results)
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
    with _extended(request) as asked:
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
    for path in (request.book, *request.more, *request.orders):
        refuse_if_open(path)
    target = _target(request)
    step(word("progress.read", path=request.book.name))
    state = _state(request.book)
    with _extended(request) as asked:
        source = _read(asked)
        step(word("progress.compute"))

        def save(write: Callable[[Path], None]) -> None:
            step(word("progress.write", path=target.name))
            if request.in_place:
                _keep_old(request.book, source, stamp, state)
            overwrite = request.replace_out or request.in_place
            save_atomically(target, write, overwrite=overwrite)

        write = _into_copy if source.kind == "xlsx" else _into_new
        with _spoken(source, asked):
            return target, write(source, asked, stamp, save)


@contextmanager
def _extended(request: RefreshRequest) -> Iterator[RefreshRequest]:
    """Yield what is asked for with the exports put into a copy of the book, and what that did."""
    if request.usual is None:  # beside the book itself, not beside a copy
        request = replace(request, usual=beside(request.book))
    if not (request.orders or request.in_place):
        yield request
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / request.book.name
        if not request.orders:  # what is to be replaced must not be open while that is done
            _copy(request.book, copy)
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


def _state(path: Path) -> tuple[int, int] | None:
    """Return what tells whether a file has changed."""
    if not path.is_file():
        return None
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _keep_old(path: Path, source: Source, stamp: datetime, state: tuple[int, int] | None) -> None:
    """Keep a dated copy of a workbook that is to be replaced.

    Raises:
        InputError: It is no workbook that can be written back, or was changed meanwhile.
    """
    if source.kind != "xlsx":
        raise InputError("not_in_place", path=path.name)
    name = f"{path.stem}-{stamp:%Y-%m-%d-%H%M%S}{path.suffix}"
    save_atomically(path.with_name(name), lambda new: _copy(path, new), overwrite=False)
    if _state(path) != state:
        raise InputError("book_changed", path=path.name)


def _copy(path: Path, new: Path) -> None:
    shutil.copyfile(path, new)


def _target(request: RefreshRequest) -> Path:
    """Return where the result goes: never over another file, nor over the book, unasked."""
    if request.in_place:
        return request.book
    if request.out is None:
        own = request.book.suffix
        named = _named(request.book)
        ending = own if own.casefold() in WORKBOOKS else ".xlsx"
        usual = named.with_name(f"{named.stem}{SUFFIX}{ending}")
        return usual if request.replace_out else free_name(named, SUFFIX, ending)
    out = request.out
    if out.suffix.casefold() not in WORKBOOKS:
        raise InputError("out_not_xlsx", path=out.name)
    read = {path.resolve() for path in (request.book, *request.more, *request.orders)}
    if out.exists() and out.resolve() in read:
        raise InputError("out_is_book", path=out.name)
    return out


def _named(book: Path) -> Path:
    """Return what the result of a file is called after; a folder, pattern or pipe has no file."""
    if str(book) == PIPE:
        return Path("stdin.csv")
    if book.is_dir():
        folder = book.resolve()
        return folder.parent / f"{folder.name or _NO_NAME}.csv"
    packed = book.suffix.casefold() in (".gz", ".zip")
    plain = book.with_suffix("") if packed else book
    stem = _NOT_IN_NAMES.sub("", plain.stem) or _NO_NAME
    return plain.with_name(f"{stem}{plain.suffix or '.csv'}")


def _into_new(source: Source, request: RefreshRequest, stamp: datetime, save: Save) -> Results:
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
    save(lambda path: write_book(path, results, leave_out, opened_on="Summary"))
    return results


def _into_copy(source: Source, request: RefreshRequest, stamp: datetime, save: Save) -> Results:
    """Write a copy of a workbook with the output tabs in it and our columns filled."""
    with tempfile.TemporaryDirectory() as folder, Package(source.path) as package:
        try:
            outcome = prepare(source, request, FileFacts(package), Path(folder), stamp)
        except Asked as asked:  # here options answer, and nothing is written
            raise asked.question from asked
        with Package(outcome.drawn) as drawn:
            graft(package, drawn, {name: name for name in outcome.tabs.values()})
        for filling in outcome.fillings:
            rows = (filling.header_row, filling.first_row, filling.last_row)
            fill_columns(package, filling.sheet, *rows, filling.columns)
        save(package.write)
    return outcome.results
