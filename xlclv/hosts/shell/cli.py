"""The command line. Help answers at once: numpy and pandas load only when a command computes."""

import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import NoReturn, TextIO

import click

from xlclv import __version__
from xlclv.hosts.shell.codes import BUG, FAILED, USAGE
from xlclv.words import UnknownLanguage, language, speaking, word

LANGUAGE = "--language"


def main() -> NoReturn:
    """Run the command line; whatever happens, the user reads a sentence, not a traceback."""
    let_all_signs_out(sys.stdout, sys.stderr)
    gc.disable()  # a command ends soon; to search millions of cells for cycles takes a tenth of it
    try:
        with speaking(_asked(sys.argv[1:]) or language()):
            # The commands are made with their help texts, in the language now in use.
            cli: click.Group = import_module("xlclv.hosts.shell.commands").cli
            sys.exit(cli.main(prog_name="xlclv", standalone_mode=False) or 0)
    except UnknownLanguage as error:
        click.echo(word("cli.error", message=error), err=True)
        sys.exit(USAGE)
    except click.exceptions.Abort:
        sys.exit(FAILED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception:  # noqa: BLE001 - the last stop; the log keeps the traceback
        click.echo(word("cli.bug", log=_log_failure()), err=True)
        sys.exit(BUG)


def let_all_signs_out(*streams: TextIO) -> None:
    """Let no sign break a command off when its work is done.

    Windows gives a pipe or a file an old code page without ≥ and ✔: there it is UTF-8. Where the
    user asks for an encoding, it is kept, and what it lacks is written as its number.
    """
    for stream in streams:
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if sys.platform == "win32" and not (stream.isatty() or "PYTHONIOENCODING" in os.environ):
            stream.reconfigure(encoding="utf-8")
        if stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _asked(arguments: Sequence[str]) -> str:
    """Return the language that the arguments ask for, also for the help of all commands."""
    for argument, following in pairwise([*arguments, ""]):
        name, equals, value = argument.partition("=")
        if name == LANGUAGE:
            return value if equals else following
    return ""


def _log_failure() -> Path:
    from xlclv.hosts.log import log, log_to_file  # noqa: PLC0415 - only where something broke

    path = log_to_file()
    log.exception("xlclv %s %s", __version__, sys.argv[1:])
    return path
