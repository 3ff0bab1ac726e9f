"""The one log of all hosts: where it is, what a line of it looks like, how long it gets."""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

import click

FORMAT: Final = "%(asctime)s %(levelname)s %(message)s"
SIZE: Final = 1_000_000  # bytes; what is older stands in a second file, then goes
log = logging.getLogger("xlclv")


def log_file() -> Path:
    """Return the place of the log."""
    return Path(click.get_app_dir("xlclv")).absolute() / "xlclv.log"


def log_to_file() -> Path:
    """Let faults go to the log from here on; return its place.

    Where it cannot be written, there is none: what a user wants done goes on without.
    """
    path = log_file()
    if not any(isinstance(each, _Log) and Path(each.baseFilename) == path for each in log.handlers):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            return path
        log.addHandler(_Log(path))
    return path


class _Log(RotatingFileHandler):
    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=SIZE, backupCount=1, encoding="utf-8", delay=True)
        self.setFormatter(logging.Formatter(FORMAT))
        self.setLevel(logging.WARNING)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as logging calls it
        """Go on without a word where the disk is full or the file may not be written."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)
