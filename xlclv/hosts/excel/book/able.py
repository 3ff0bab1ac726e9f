"""What not every host of xlwings can do, and settings of Excel."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final, TypeVar

import xlwings as xw

from xlclv.hosts.log import log

# A column of so many characters in points: Calibri 11 has 7 pixels a digit, 5 beside, 96 an inch.
POINTS_EACH: Final = 5.25
POINTS_BESIDE: Final = 3.75
T = TypeVar("T")
U = TypeVar("U")

# While results are written nothing is computed, drawn, asked or run by the book itself.
QUIET: Final = {
    "calculation": "manual",
    "screen_updating": False,
    "enable_events": False,
    "display_alerts": False,
}
# How a host says that it has no such thing: xlwings, and the objects of pywin32 and appscript.
LACKING: Final = (NotImplementedError, AttributeError, xw.XlwingsError)
# How Excel refuses: on Windows, on the Mac. Modules that only the host itself has.
REFUSING: Final = {
    "pywintypes": "com_error",
    "appscript.reference": "CommandError",
    "aem.aemsend": "EventError",
}


def refusals() -> tuple[type[BaseException], ...]:
    """Return what hosts are known to raise where they lack something or Excel refuses it."""
    loaded = ((sys.modules.get(module), name) for module, name in REFUSING.items())
    return (*LACKING, *(getattr(module, name) for module, name in loaded if module is not None))


def able(what: str, action: Callable[[], T], otherwise: U = None) -> T | U:  # type: ignore[assignment]
    """Do what a host may lack, such as a window; what it raises else is a fault and goes on.

    Args:
        what: What may be lacking, for the log.
        action: What to do.
        otherwise: What is returned where it could not be done.
    """
    try:
        return action()
    except refusals() as error:
        level = logging.DEBUG if isinstance(error, LACKING) else logging.WARNING
        log.log(level, "%s: not here", what, exc_info=error)
        return otherwise


def writes_at_end(book: xw.Book) -> bool:
    """Say whether the host writes only once a script has ended well, as Lite does.

    Until then it tells what stood in the cells before; where a script fails, nothing is written.
    """
    return bool(book.app.engine.type == "remote")


def set_width(cells: xw.Range, characters: float) -> None:
    """Set the width of columns, which Lite counts in points of the usual font."""
    points = characters * POINTS_EACH + POINTS_BESIDE
    wide = points if writes_at_end(cells.sheet.book) else characters
    attempt("column width", cells, "column_width", wide)


def attempt(what: str, owner: object, name: str, value: object) -> None:
    """Set an attribute, where the host has it and Excel takes the value."""
    able(what, partial(setattr, owner, name, value))


@contextmanager
def quiet(book: xw.Book) -> Iterator[Callable[[str], None]]:
    """Keep Excel still while a book is written; whatever happens, all is as before after it.

    Yields:
        What shows the user a step of the work.
    """
    app = book.app
    names = (*QUIET, "status_bar")
    told = ((name, able(name, partial(getattr, app, name))) for name in names)
    before = {name: value for name, value in told if value is not None}
    sheet = able("active sheet", lambda: book.sheets.active)
    selection = able("selection", lambda: book.selection)
    try:
        for name, value in QUIET.items():
            if name in before:  # what cannot be read could not be put back
                attempt(name, app, name, value)
        yield partial(attempt, "status bar", app, "status_bar")
    finally:
        if sheet is not None:
            able("active sheet", sheet.activate)
        if selection is not None:
            able("selection", selection.select)
        for name, value in reversed(before.items()):
            attempt(name, app, name, value)


def ask(book: xw.Book, question: str) -> bool | None:
    """Ask in a window of Excel; None where the host has none that answers, as Lite."""
    if writes_at_end(book):
        return None
    answer = able("question", lambda: book.app.alert(question, "xlclv", "ok_cancel", "info"))
    return None if answer is None else answer == "ok"


def show(book: xw.Book | None, text: str) -> None:
    """Show a text in a window of Excel, or print it where there is none or it may not come."""
    app = able("window", lambda: book.app) if book is not None else None
    shown = None
    if app is not None:
        shown = able("message", lambda: app.alert(text, "xlclv", "ok", "info") or "")
    if shown is None or (book is not None and writes_at_end(book)):
        print(text)  # noqa: T201 - a script without a window has nothing else
