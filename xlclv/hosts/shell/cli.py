"""The command line. Help answers at once: numpy and pandas load only when a command computes."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from xlclv import __version__
from xlclv.words import word

FAILED, USAGE, BUG = 1, 2, 3  # exit codes; 2 is click's own for a command typed wrong
FILE = click.Path(path_type=Path)


def main() -> NoReturn:
    """Run the command line; whatever happens, the user reads a sentence, not a traceback."""
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
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


def _log_failure() -> Path:
    from xlclv.hosts.log import log, log_to_file  # noqa: PLC0415 - only where something broke

    path = log_to_file()
    log.exception("xlclv %s %s", __version__, sys.argv[1:])
    return path


@contextmanager
def plain_errors(given: Mapping[str, Any]) -> Iterator[None]:
    """Show our own errors as one message, with the line that helps, and exit with a failure.

    Args:
        given: The options of the command.
    """
    from xlclv.errors import XlclvError  # noqa: PLC0415 - loads numpy

    try:
        yield
    except XlclvError as error:
        step = ""
        if "files" in given:
            from xlclv.hosts.shell import refused  # noqa: PLC0415 - only to refuse

            step = refused.step(given, error)
            if given.get("as_json"):
                click.echo(refused.as_json(given["files"], error, step))
        said = word("cli.error", message=error)
        click.echo(f"{said}\n{word('cli.try', step=step)}" if step else said, err=True)
        sys.exit(FAILED)


def done_in(module: str) -> Callable[[Callable[[], None]], Callable[..., None]]:
    """Let the function of a command's name in a module do its work, loaded when it is run."""

    def wrapped(command: Callable[[], None]) -> Callable[..., None]:
        @wraps(command)
        def run(**given: Any) -> None:  # noqa: ANN401 - click passes what it has checked
            with plain_errors(given):
                getattr(import_module(f"xlclv.hosts.shell.{module}"), command.__name__)(**given)

        return run

    return wrapped


@click.group(help=word("cli.help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="xlclv")
def cli() -> None:
    """Hold the commands."""


def _day(_context: click.Context, _parameter: click.Parameter, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(word("cli.not_a_day", value=text)) from None


def _columns(
    _context: click.Context, _parameter: click.Parameter, pairs: Sequence[str]
) -> dict[str, str]:
    columns = {}
    for pair in pairs:
        name, equals, header = pair.partition("=")
        if not (name.strip() and equals):
            raise click.BadParameter(word("cli.not_a_pair", value=pair))
        columns[name.strip()] = header.strip()
    return columns


def _statuses(
    _context: click.Context, _parameter: click.Parameter, pairs: Sequence[str]
) -> dict[str, str]:
    said = {}
    for pair in pairs:
        value, _, use = pair.rpartition("=")
        if not value.strip() or use.strip() not in ("counts", "ignore"):
            raise click.BadParameter(word("cli.not_a_status", value=pair))
        said[value.strip()] = use.strip()
    return said


READING = (
    click.option("--orders", type=FILE, multiple=True, metavar="FILE", help=word("cli.orders")),
    click.option("--as-of", callback=_day, metavar="DATE", help=word("cli.as_of")),
    click.option(
        "--map",
        "columns",
        callback=_columns,
        multiple=True,
        metavar="COLUMN=HEADER",
        help=word("cli.map"),
    ),
    click.option("--sheet", help=word("cli.sheet")),
    click.option("--encoding", help=word("cli.encoding")),
    click.option("--decimal", type=click.Choice([".", ","]), help=word("cli.decimal")),
    click.option("--dates", type=click.Choice(["dmy", "mdy", "ymd"]), help=word("cli.dates")),
    click.option("--dash", type=click.Choice(["minus", "none"]), help=word("cli.dash")),
    click.option(
        "--status",
        callback=_statuses,
        multiple=True,
        metavar="VALUE=counts|ignore",
        help=word("cli.status"),
    ),
)


def reads_a_book(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options above."""
    for option in reversed(READING):
        command = option(command)
    return command


# --- books ------------------------------------------------------------------------------------


@cli.command(help=word("cli.demo"))
@click.argument("folder", type=FILE, default=Path("xlclv-demo"), metavar="[DIR]")
@done_in("books")
def demo() -> None:
    """Write the sample workbook, refresh it, say where to look."""


@cli.command(help=word("cli.refresh"))
@click.argument("files", type=FILE, metavar="BOOK|FILE...", nargs=-1, required=True)
@click.option("-o", "--out", type=FILE, metavar="OUT", help=word("cli.out"))
@click.option("--replace", is_flag=True, help=word("cli.replace"))
@click.option("--in-place", is_flag=True, help=word("cli.in_place"))
@click.option("--quiet", is_flag=True, help=word("cli.quiet"))
@reads_a_book
@done_in("books")
def refresh() -> None:
    """Compute a book's results and write them to a new file."""


@cli.command(help=word("cli.check"))
@click.argument("files", type=FILE, metavar="BOOK|FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help=word("cli.json"))
@reads_a_book
@done_in("books")
def check() -> None:
    """Check a book without writing anything."""


@cli.command(help=word("cli.award"))
@click.argument("files", type=FILE, metavar="BOOK|FILE...", nargs=-1, required=True)
@click.option("--post", is_flag=True, help=word("cli.post"))
@click.option("-o", "--out", type=FILE, metavar="OUT", help=word("cli.out"))
@click.option("--replace", is_flag=True, help=word("cli.replace"))
@click.option("--quiet", is_flag=True, help=word("cli.quiet"))
@reads_a_book
@done_in("books")
def award() -> None:
    """List the rewards that are due; with --post, book them in the ledger of a new file."""


@cli.command(help=word("cli.template"))
@click.argument("out", type=FILE, required=False, metavar="[OUT]")
@click.option("--xlsm", "kind", flag_value="xlsm", help=word("cli.xlsm"))
@click.option("--lite", "kind", flag_value="lite", help=word("cli.lite"))
@click.option("--replace", is_flag=True, help=word("cli.replace"))
@done_in("books")
def template() -> None:
    """Write the template workbook with its sample data."""


@cli.command(help=word("cli.freeze"))
@click.argument("book", type=FILE, metavar="BOOK")
@done_in("books")
def freeze() -> None:
    """Write a copy of a workbook for readers without xlclv."""


# --- this computer ----------------------------------------------------------------------------


@cli.command(help=word("cli.install"))
@click.option("--calc", "program", flag_value="calc", help=word("cli.install_calc"))
@click.option("--excel", "program", flag_value="excel", help=word("cli.install_excel"))
@click.option("--uninstall", is_flag=True, help=word("cli.uninstall"))
@done_in("computer")
def install() -> None:
    """Put the functions and the menu into a spreadsheet program, or take them out."""


@cli.command(help=word("cli.doctor"))
@click.argument("book", type=FILE, required=False, metavar="[BOOK]")
@click.option("--json", "as_json", is_flag=True, help=word("cli.json"))
@done_in("computer")
def doctor() -> None:
    """Say what keeps xlclv from working on this computer."""


# --- functions --------------------------------------------------------------------------------


@cli.command(help=word("cli.functions"))
@click.argument("name", required=False)
@done_in("call")
def functions() -> None:
    """List the functions, or explain one."""


@cli.command(
    help=word("cli.call"),
    context_settings={"ignore_unknown_options": True},  # -5 is a number, not an option
)
@click.argument("name")
@click.argument("arguments", nargs=-1, metavar="[ARG]...")
@click.option("--json", "as_json", is_flag=True, help=word("cli.json"))
@done_in("call")
def call() -> None:
    """Call one function."""
