"""What a terminal shows beside the answer: steps with their time, colours, the file opened.

In a pipe there are neither steps nor colours. NO_COLOR (https://no-color.org) takes colours off.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from xlclv.words import number, word

COLOURS = {"✔": "green", "⚠": "yellow", "✖": "red"}


@contextmanager
def steps(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield what tells a step of the work; each shows its time once the next one begins."""
    if quiet or not sys.stderr.isatty():
        yield lambda _step: None
        return
    clock = _Clock()
    try:
        yield clock.begin
    finally:
        clock.end()


class _Clock:
    """The step that runs, and since when."""

    def __init__(self) -> None:
        self.step, self.since = "", 0.0

    def begin(self, step: str) -> None:
        """Show a step that begins."""
        self.end()
        click.echo(f"{step} …", nl=False, err=True)
        self.step, self.since = step, time.monotonic()

    def end(self) -> None:
        """Show how long the step took, in the place of its line."""
        if self.step:
            seconds = number(time.monotonic() - self.since, 1)
            click.echo(f"\r{word('progress.took', step=self.step, seconds=seconds)}", err=True)
            self.step = ""


def show(text: str, *, err: bool = False) -> None:
    """Print lines; those that begin with a mark in its colour."""
    for line in text.split("\n"):
        colour = COLOURS.get(line[:1]) or ("red" if err else None)
        painted = click.style(line, fg=colour) if colour and wanted() else line
        click.echo(painted, err=err)


def wanted() -> bool:
    """Say whether colours may be shown; click itself takes them off where no terminal is."""
    return not os.environ.get("NO_COLOR")


def launch(path: Path) -> None:
    """Open a file in the program that opens such files."""
    click.launch(str(path))
