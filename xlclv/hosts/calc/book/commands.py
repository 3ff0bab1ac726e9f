"""The commands of the menu, run on the document of the window."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from xlclv.errors import InputError, XlclvError
from xlclv.hosts.asking import asking
from xlclv.hosts.calc.book.facts import DocumentFacts
from xlclv.hosts.calc.book.reading import read_document
from xlclv.hosts.calc.book.writing import write_document
from xlclv.reading.own import outputs
from xlclv.reading.source import Source
from xlclv.refresh.asking import Asked
from xlclv.refresh.award import Agreed, booked
from xlclv.refresh.obstacles import Facts
from xlclv.refresh.outcome import Outcome
from xlclv.refresh.refresh import RefreshRequest, prepare
from xlclv.words import in_book, word
from xlclv.xlsx.scratch import scratch

Uno = Any
Prepare = Callable[[Source, RefreshRequest, Facts, Path, datetime], Outcome]
STEPS = 3  # of the progress bar: read, compute, write
COMMANDS = {"refresh": False, "post": True}  # with whether what is due is booked
log = logging.getLogger("xlclv")


def run(
    command: str,
    frame: Uno,
    open_hidden: Callable[[str], Uno],
    ask: Callable[[str, Uno], bool | None] = lambda _question, _frame: None,
) -> str:
    """Run a command of the menu.

    Args:
        command: What follows vnd.xlclv: in its URL.
        frame: The frame of the window.
        open_hidden: Opens a file without showing it.
        ask: Shows a question in the window and returns the answer, None where nobody can answer;
            extensions of earlier versions have none.

    Returns:
        A message for the user.
    """
    if command not in COMMANDS:
        return str(InputError("calc_unknown_command", value=command))
    posts = COMMANDS[command]
    agreed = asking(lambda question: ask(question, frame)) if posts else None
    indicator = frame.createStatusIndicator()
    with in_book():
        try:
            outcome = refresh(frame.Controller.Model, indicator, open_hidden, agreed=agreed)
        except XlclvError as error:
            return str(error)
        except Exception:  # a bug of ours; the user must see it and the log must keep it
            log.exception("%s failed", command)
            return word("errors.internal", name=command)
        results = outcome.results
        return booked(results) if posts else word("calc.refreshed", status=results.status)


def refresh(
    document: Uno,
    indicator: Uno,
    open_hidden: Callable[[str], Uno],
    *,
    agreed: Agreed | None = None,
    prepared: Prepare = prepare,
) -> Outcome:
    """Read the document once, compute, and write the results once, as one step of undo.

    What is due is booked where somebody is asked whether it may be.
    """
    indicator.start(word("calc.progress"), STEPS)
    try:
        source = read_document(document, outputs)
        indicator.setValue(1)
        with scratch() as folder:
            request = RefreshRequest(
                source.path, post=agreed is not None, agreed=agreed, host="calc"
            )
            now = datetime.now()  # noqa: DTZ005 - local time
            try:
                outcome = prepared(source, request, DocumentFacts(document), folder, now)
            except Asked as asked:
                write_document(document, asked.drawn, open_hidden)
                raise
            indicator.setValue(2)
            write_document(document, outcome, open_hidden)
    finally:
        indicator.end()
    return outcome
