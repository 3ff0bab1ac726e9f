"""What not every host of xlwings can do, settings of Excel, and the log."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import click
import xlwings as xw

T = TypeVar("T")
log = logging.getLogger("xlclv")

# While results are written nothing is computed, drawn, asked or run by the book itself.
QUIET: Final = {
    "calculation": "manual",
    "screen_updating": False,
    "enable_events": False,
    "display_alerts": False,
}


def able(action: Callable[..., T], *given: object) -> T | None:
    """Do what a host may lack, such as a window, and return None where it does.

    Excel on Windows, on the Mac and in the browser each refuse with errors of their own.
    """
    try:
        return action(*given)
    except Exception:
        log.debug("this host of xlwings lacks something", exc_info=True)
        return None


def log_to_file() -> Path:
    """Let faults go to the log that the command line writes too; return its place."""
    path = Path(click.get_app_dir("xlclv")) / "xlclv.log"
    if not any(isinstance(each, logging.FileHandler) for each in log.handlers):
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        handler.setLevel(logging.WARNING)
        log.addHandler(handler)
    return path


@contextmanager
def quiet(book: xw.Book) -> Iterator[Callable[[str], None]]:
    """Keep Excel still while a book is written; whatever happens, all is as before after it.

    Yields:
        What shows the user a step of the work.
    """
    app = book.app
    before = {name: able(getattr, app, name) for name in (*QUIET, "status_bar")}
    sheet, selection = able(lambda: book.sheets.active), able(lambda: book.selection)
    try:
        for name, value in QUIET.items():
            _set(app, name, value)
        yield partial(_set, app, "status_bar")
    finally:
        if sheet is not None:
            able(sheet.activate)
        if selection is not None:
            able(selection.select)
        for name, value in reversed(before.items()):
            if value is not None:
                _set(app, name, value)


def _set(app: xw.App, name: str, value: object) -> None:
    able(setattr, app, name, value)


def show(book: xw.Book | None, text: str) -> None:
    """Show a text in a window of Excel, or print it where there is none."""
    app = able(lambda: book.app) if book is not None else None
    shown = able(lambda: app.alert(text, "xlclv", "ok", "info") or "") if app else None
    if shown is None:
        print(text)  # noqa: T201 - a script without a window has nothing else
