"""What the macros of Excel run, each by its name; also scripts of xlwings Lite."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import xlwings as xw

from xlclv.analysis.results import Results
from xlclv.errors import InputError, XlclvError
from xlclv.hosts.asking import asking
from xlclv.hosts.excel.book import samples
from xlclv.hosts.excel.book.able import able, ask, quiet, show, writes_at_end
from xlclv.hosts.excel.book.facts import OpenFacts
from xlclv.hosts.excel.book.journal import Unsent
from xlclv.hosts.excel.book.reading import path_of, read_book
from xlclv.hosts.excel.book.writing import write_book
from xlclv.hosts.excel.files.wrappers import IN_CELLS
from xlclv.hosts.log import log, log_to_file
from xlclv.reading.own import outputs
from xlclv.refresh.asking import Asked
from xlclv.refresh.award import booked
from xlclv.refresh.refresh import RefreshRequest, prepare
from xlclv.words import in_book, word
from xlclv.workbook.drawing import Host
from xlclv.xlsx.freeze import freeze
from xlclv.xlsx.scratch import scratch

# Excel on the Mac may open files here without asking the user.
MAC_FOLDER = Path.home() / "Library/Group Containers/UBF8T346G9.Office"
# Does a task; returns a sentence for the user, empty where the sheets show it.
Work = Callable[[xw.Book], str]


def refresh(book: xw.Book | None = None) -> None:
    """Compute all results of a workbook anew and write them into it.

    Args:
        book: The workbook; None: the one whose macro runs.
    """
    _run(_refresh, book)


def post_rewards(book: xw.Book | None = None) -> None:
    """Book the rewards that are due in the ledger of a workbook, and refresh it.

    Args:
        book: The workbook; None: the one whose macro runs.
    """
    _run(_post, book)


def freeze_for_sharing(book: xw.Book | None = None) -> None:
    """Write a copy of a workbook beside it, for readers without xlclv."""
    _run(_freeze, book)


def load_sample(book: xw.Book | None = None) -> None:
    """Put the sample shop into the empty tables of the template."""
    _run(partial(_still, samples.load), book)


def clear_sample(book: xw.Book | None = None) -> None:
    """Take the sample shop out of the tables of the template."""
    _run(partial(_still, samples.clear), book)


def doctor(book: xw.Book | None = None) -> None:
    """Tell what does not work on this computer, and how to mend it."""
    _run(_examine, book)


def _run(work: Work, book: xw.Book | None) -> None:
    """Run a task; whatever happens, the user reads a sentence and the log keeps the rest."""
    path = log_to_file()
    try:
        book = book or xw.Book.caller()
        with in_book():
            text = work(book)
    except Unsent:
        raise
    except XlclvError as error:
        with in_book():
            text = str(error)
    except Exception:  # noqa: BLE001 - the last stop; the log keeps the traceback
        log.exception("%s failed", work)
        text = word("errors.excel_failed", log=path)
    if text:
        show(book, text)


def _refresh(book: xw.Book) -> str:
    _written(book, booking=False)
    return ""


def _post(book: xw.Book) -> str:
    return booked(_written(book, booking=True))


def _written(book: xw.Book, *, booking: bool) -> Results:
    """Compute the results of a workbook, write them into it and return them."""
    with quiet(book) as tell, scratch(_folder()) as folder:
        tell(word("excel.reading"))
        source = read_book(book, outputs)
        tell(word("excel.computing"))
        agreed = asking(partial(ask, book)) if booking else None
        request = RefreshRequest(source.path, post=booking, agreed=agreed, host=_host(book))
        now = datetime.now()  # noqa: DTZ005 - local time
        try:
            outcome = prepare(source, request, OpenFacts(book), folder, now)
        except Asked as asked:
            write_book(book, source, asked.drawn)
            raise
        tell(word("excel.writing"))
        write_book(book, source, outcome)
    return outcome.results


def _host(book: xw.Book) -> Host:
    """Say how a refresh is started here: by a button of the book, the ribbon or a script."""
    if writes_at_end(book):
        return "lite"
    return "macro" if path_of(book).suffix.casefold() == ".xlsm" else "excel"


def _freeze(book: xw.Book) -> str:
    """Freeze the saved file: Excel's own way to save a copy would close the book instead."""
    path = path_of(book)
    if not path.is_file() or able("unsaved changes", lambda: book.api.Saved) is False:
        raise InputError("excel_not_saved")
    return word("excel.frozen", path=freeze(path, IN_CELLS))


def _still(work: Work, book: xw.Book) -> str:
    with quiet(book):
        return work(book)


def _examine(_book: xw.Book) -> str:
    from xlclv.hosts.setup.doctor import report  # noqa: PLC0415 - knows parts that a browser lacks

    return report()


def _folder() -> Path | None:
    return MAC_FOLDER if MAC_FOLDER.is_dir() else None
