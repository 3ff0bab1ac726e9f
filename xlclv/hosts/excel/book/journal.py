"""How to have a workbook as it was before, step by step; Excel cannot undo what Python writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import xlwings as xw

from xlclv.errors import InputError, XlclvError
from xlclv.hosts.excel.book.able import writes_at_end
from xlclv.hosts.excel.book.entries import kept, put
from xlclv.hosts.log import log, log_to_file


class Journal:
    """What to do to have everything as before."""

    def __init__(self) -> None:
        self._steps: list[Callable[[], object]] = []

    def note(self, undo: Callable[[], object]) -> None:
        """Keep how to take back what is done next."""
        self._steps.append(undo)

    def keep(self, block: xw.Range) -> None:
        """Keep what stands in a block."""
        self.note(partial(put, block, kept(block)))

    def roll_back(self) -> bool:
        """Take everything back, last first; say whether all of it could be."""
        whole = True
        for step in reversed(self._steps):
            try:
                step()
            except Exception:  # noqa: BLE001 - the other steps are to be taken back all the same
                log.exception("a step could not be taken back")
                whole = False
        return whole


class Unsent(InputError):  # noqa: N818 - says what was done
    """A script of Lite failed while it wrote; it must end with this, then nothing is written."""


class _Nothing(Journal):
    """What there is to take back where nothing is written before the end."""

    def note(self, undo: Callable[[], object]) -> None:
        """Keep nothing."""

    def keep(self, block: xw.Range) -> None:
        """Keep nothing."""


@contextmanager
def all_or_nothing(book: xw.Book) -> Iterator[Journal]:
    """Let a workbook be written as a whole or not at all.

    Raises:
        InputError: Excel refused something; the message says whether all is as before.
        Unsent: As it says.
    """
    if writes_at_end(book):
        with _sent_whole():
            yield _Nothing()
        return
    journal = Journal()
    try:
        yield journal
    except BaseException as error:
        whole = journal.roll_back()
        if not whole:
            log.error("half written", exc_info=error)
            raise InputError("excel_half_written", log=log_to_file()) from error
        if isinstance(error, XlclvError) or not isinstance(error, Exception):
            raise
        log.error("not written", exc_info=error)
        raise InputError("excel_not_written", log=log_to_file()) from error


@contextmanager
def _sent_whole() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        log.error("not written", exc_info=error)
        raise Unsent("excel_not_written", log=log_to_file()) from error
