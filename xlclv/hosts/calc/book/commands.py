"""The commands of the menu, run on the document of the window."""

import logging
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from xlclv.analysis.results import Results, compute
from xlclv.errors import InputError, XlclvError
from xlclv.hosts.calc.book.reading import read_document
from xlclv.hosts.calc.book.writing import Outcome, write_document
from xlclv.reading.gather import Book, gather, outputs
from xlclv.reading.source import Source
from xlclv.refresh.award import booked, post
from xlclv.refresh.outcome import draw_tabs, fillings, sheet_names
from xlclv.words import word

Uno = Any
# What refresh computes from all that the document holds; a folder for what it draws.
Compute = Callable[[Source, Path], Outcome]
STEPS = 3  # of the progress bar: read, compute, write
log = logging.getLogger("xlclv")


def run(command: str, frame: Uno, open_hidden: Callable[[str], Uno]) -> str:
    """Run a command of the menu.

    Args:
        command: What follows vnd.xlclv: in its URL.
        frame: The frame of the window.
        open_hidden: Opens a file without showing it.

    Returns:
        A message for the user; empty when all went well, as the sheets show it.
    """
    if command not in COMMANDS:
        return str(InputError("calc_unknown_command", value=command))
    compute = COMMANDS[command]()
    try:
        refresh(frame.Controller.Model, frame.createStatusIndicator(), open_hidden, compute)
    except XlclvError as error:
        return str(error)
    except Exception:  # a bug of ours; the user must see it and the log must keep it
        log.exception("%s failed", command)
        return word("errors.internal", name=command)
    return compute.told


def refresh(
    document: Uno, indicator: Uno, open_hidden: Callable[[str], Uno], compute: Compute
) -> None:
    """Read the document once, compute, and write the results once, as one step of undo."""
    indicator.start(word("calc.progress"), STEPS)
    try:
        source = read_document(document, outputs)
        indicator.setValue(1)
        with tempfile.TemporaryDirectory() as folder:
            outcome = compute(source, Path(folder))
            indicator.setValue(2)
            write_document(document, outcome, open_hidden)
    finally:
        indicator.end()


class Refresh:
    """Computes the results of a document and draws its output sheets, as `xlclv refresh` does."""

    def __init__(self) -> None:
        self.told = ""  # to the user, once all is written

    def __call__(self, source: Source, folder: Path) -> Outcome:
        """Compute; see `Compute`."""
        book, found = self.computed(gather(source))
        drawn = draw_tabs(folder, book, found)
        return Outcome(drawn, tuple(sheet_names(book).values()), fillings(book, found))

    def computed(self, book: Book) -> tuple[Book, Results]:
        """Return the results of a book."""
        return book, compute(book.inputs, datetime.now())  # noqa: DTZ005 - local time


class Post(Refresh):
    """Books the rewards that are due in the ledger, as `xlclv award --post` does."""

    def computed(self, book: Book) -> tuple[Book, Results]:
        """Return the book with its new ledger, and its results."""
        book, found = post(book, book.inputs, super().computed(book)[1])
        self.told = booked(found)
        return book, found


COMMANDS = {"refresh": Refresh, "post": Post}
