"""The commands and their options; what each does loads when it is run."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from xlclv import __version__
from xlclv.hosts.shell.codes import FAILED
from xlclv.words import UnknownLanguage, find_language, speaking, word


class _File(click.Path):
    """A path; an empty text, as a variable of a script that is not set, is none."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - as click has it
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 - as click has it
        """Return the path."""
        if value == "":
            self.fail(word("cli.no_path"), param, ctx)
        return super().convert(value, param, ctx)


FILE = _File(path_type=Path)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Show our own errors as one message, with the line that helps, and exit with a failure."""
    from xlclv.errors import XlclvError  # noqa: PLC0415 - loads numpy

    try:
        yield
    except XlclvError as error:
        said = word("cli.error", message=error)
        step = getattr(error, "step", "")
        from xlclv.hosts.shell.screen import show  # noqa: PLC0415 - as above

        show(said, err=True)
        if step:
            click.echo(word("cli.try", step=step), err=True)
        sys.exit(FAILED)


def _language(context: click.Context, _parameter: click.Parameter, asked: str | None) -> str | None:
    """Speak the language asked for until the command ends."""
    if asked is None:
        return None
    try:
        context.with_resource(speaking(asked))
    except UnknownLanguage as error:
        raise click.BadParameter(str(error)) from None
    return find_language(asked)


LANGUAGE_OPTION = click.option(
    "--language",
    callback=_language,
    is_eager=True,
    metavar="LANGUAGE",
    help=word("cli.language"),
)


HEADINGS = {"Options": "cli.options", "Commands": "cli.commands"}  # as click calls them


class _Help(click.HelpFormatter):
    """The help of click, its headings in the language in use."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        super().write_usage(prog, args, f"{word('cli.usage')}: " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write the heading of options or commands."""
        key = HEADINGS.get(heading)
        super().write_heading(word(key) if key else heading)


class _Context(click.Context):
    formatter_class = _Help


class _Speaking(click.Command):
    """A command whose option --help is told in the language in use."""

    context_class = _Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option with its text."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = word("cli.help_option")
        return option


class _Commands(_Speaking, click.Group):
    """The commands, each of which speaks too."""

    command_class = _Speaking


@click.group(
    cls=_Commands,
    help=word("cli.help"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(
    __version__, "-V", "--version", prog_name="xlclv", help=word("cli.version_option")
)
@LANGUAGE_OPTION
def cli(language: str | None) -> None:
    """Hold the commands."""
    del language  # it is spoken already


def done_in(module: str) -> Callable[[Callable[[], None]], Callable[..., None]]:
    """Let the function of a command's name in a module do its work, loaded when it is run."""

    def wrapped(command: Callable[[], None]) -> Callable[..., None]:
        @LANGUAGE_OPTION
        @wraps(command)
        def run(language: str | None, **given: Any) -> None:  # noqa: ANN401 - what click checked
            if module in ("books", "lists"):
                given["language"] = language
            with plain_errors():
                getattr(import_module(f"xlclv.hosts.shell.{module}"), command.__name__)(**given)

        return run

    return wrapped


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
    *(
        click.option(f"--{name}", metavar="VALUE", help=word(f"cli.setting.{name}"))
        for name in ("margin", "discount-rate", "horizon", "currency")
    ),
    click.option("--orders", type=FILE, multiple=True, metavar="FILE", help=word("cli.orders")),
    click.option("--as-of", callback=_day, metavar="DATE", help=word("cli.as_of")),
    click.option("--model", metavar="MODEL", help=word("cli.model")),
    click.option("--season", metavar="SEASON", help=word("cli.season")),
    click.option("--months", type=int, metavar="MONTHS", help=word("cli.months")),
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
@click.argument("book", type=FILE, metavar="BOOK|FILE...", nargs=-1, required=True)
@click.option("-o", "--out", type=FILE, metavar="OUT", help=word("cli.out"))
@click.option("--replace", is_flag=True, help=word("cli.replace"))
@click.option("--in-place", is_flag=True, help=word("cli.in_place"))
@click.option("--history", type=click.IntRange(1, 120), metavar="MONTHS", help=word("cli.history"))
@click.option("--dry-run", is_flag=True, help=word("cli.dry_run"))
@click.option("--quiet", is_flag=True, help=word("cli.quiet"))
@click.option("--json", "as_json", is_flag=True, help=word("cli.json"))
@click.option("--open", "open_it", is_flag=True, help=word("cli.open"))
@reads_a_book
@done_in("books")
def refresh() -> None:
    """Compute a book's results and write them to a new file."""


@cli.command(help=word("cli.check"))
@click.argument("book", type=FILE, metavar="BOOK|FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help=word("cli.json"))
@reads_a_book
@done_in("books")
def check() -> None:
    """Check a book without writing anything."""


@cli.command(help=word("cli.award"))
@click.argument("book", type=FILE, metavar="BOOK|FILE...", nargs=-1, required=True)
@click.option("--post", is_flag=True, help=word("cli.post"))
@click.option("--yes", is_flag=True, help=word("cli.yes"))
@click.option("-o", "--out", type=FILE, metavar="OUT", help=word("cli.out"))
@click.option("--replace", is_flag=True, help=word("cli.replace"))
@click.option("--in-place", is_flag=True, help=word("cli.in_place_award"))
@click.option("--dry-run", is_flag=True, help=word("cli.dry_run"))
@click.option("--quiet", is_flag=True, help=word("cli.quiet"))
@click.option("--json", "as_json", is_flag=True, help=word("cli.json"))
@click.option("--open", "open_it", is_flag=True, help=word("cli.open"))
@reads_a_book
@done_in("books")
def award() -> None:
    """List the rewards that are due; with --post, book them in the ledger of a new file."""


@cli.command(help=word("cli.verify"))
@click.argument("before", type=FILE, metavar="BEFORE")
@click.argument("after", type=FILE, metavar="AFTER")
@done_in("books")
def verify() -> None:
    """Prove that two workbooks differ only in what a refresh writes."""


@cli.command(help=word("cli.template"))
@click.argument("out", type=FILE, required=False, metavar="[OUT]")
@click.option("--xlsm", "kind", flag_value="xlsm", help=word("cli.xlsm"))
@click.option("--lite", "kind", flag_value="lite", help=word("cli.lite"))
@click.option("--wheel", metavar="ADDRESS", help=word("cli.wheel"))
@click.option("--empty", is_flag=True, help=word("cli.empty"))
@click.option("--replace", is_flag=True, help=word("cli.replace"))
@click.option("--open", "open_it", is_flag=True, help=word("cli.open"))
@done_in("books")
def template() -> None:
    """Write the template workbook, with its sample data or empty."""


@cli.command(help=word("cli.freeze"))
@click.argument("book", type=FILE, metavar="BOOK")
@done_in("books")
def freeze() -> None:
    """Write a copy of a workbook for readers without xlclv."""


@cli.command(help=word("cli.export"))
@click.argument("book", type=FILE, metavar="BOOK")
@click.argument("list_name", metavar="LIST")
@click.option("--for", "tool", default="csv", help=word("cli.export_for"))
@click.option("-o", "--out", type=FILE, metavar="OUT", help=word("cli.export_out"))
@click.option("--yes", is_flag=True, help=word("cli.yes"))
@click.option("--replace", is_flag=True, help=word("cli.replace"))
@click.option("--quiet", is_flag=True, help=word("cli.quiet"))
@reads_a_book
@done_in("lists")
def export() -> None:
    """Write a list of people as the import of a mail tool wants it."""


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
@done_in("functions")
def functions() -> None:
    """List the functions, or explain one."""


@cli.command(
    help=word("cli.call"),
    context_settings={"ignore_unknown_options": True},  # -5 is a number, not an option
)
@click.argument("name")
@click.argument("arguments", nargs=-1, metavar="[ARG]...")
@click.option("--json", "as_json", is_flag=True, help=word("cli.json"))
@done_in("functions")
def call() -> None:
    """Call one function."""
