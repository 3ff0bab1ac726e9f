"""The commands of the menu, run on the document of the window."""

import logging
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from xlclv.errors import InputError, XlclvError
from xlclv.hosts.calc.document import read_document
from xlclv.hosts.calc.writing import Outcome, write_document
from xlclv.words import word
from xlclv.workbook import results
from xlclv.workbook.gather import gather, outputs
from xlclv.workbook.refresh import draw_tabs, fillings, sheet_names
from xlclv.workbook.source import Source

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
    if command != "refresh":
        return str(InputError("calc_unknown_command", value=command))
    try:
        refresh(frame.Controller.Model, frame.createStatusIndicator(), open_hidden, compute)
    except XlclvError as error:
        return str(error)
    except Exception:  # a bug of ours; the user must see it and the log must keep it
        log.exception("%s failed", command)
        return word("errors.internal", name=command)
    return ""


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


def compute(source: Source, folder: Path) -> Outcome:
    """Compute the results of a document and draw its output sheets, as `xlclv refresh` does."""
    book = gather(source)
    found = results.compute(book.inputs, datetime.now())  # noqa: DTZ005 - local time
    drawn = draw_tabs(folder, book, found)
    return Outcome(drawn, tuple(sheet_names(book).values()), fillings(book, found))
