"""The command line. Help answers at once: numpy and pandas load only when a command computes."""

import dataclasses
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from xlclv import __version__
from xlclv.words import word

if TYPE_CHECKING:
    from xlclv.reading.choices import Choices
    from xlclv.refresh.refresh import Order

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
    import traceback  # noqa: PLC0415 - only when something broke

    log = Path(click.get_app_dir("xlclv")) / "xlclv.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"xlclv {__version__} {sys.argv[1:]}\n{traceback.format_exc()}\n")
    return log


@contextmanager
def plain_errors(
    files: Sequence[Path] = (), asked: "ReadingOptions | None" = None, *, as_json: bool = False
) -> Iterator[None]:
    """Show our own errors as one message, with the line that helps, and exit with a failure."""
    from xlclv.errors import XlclvError  # noqa: PLC0415 - loads numpy

    try:
        yield
    except XlclvError as error:
        step = "" if asked is None else _step(files, asked, error)
        if as_json:
            from xlclv.hosts.shell.report import refusal_json  # noqa: PLC0415

            click.echo(refusal_json(files, error, step))
        said = word("cli.error", message=error)
        click.echo(f"{said}\n{word('cli.try', step=step)}" if step else said, err=True)
        sys.exit(FAILED)


def _step(files: Sequence[Path], asked: "ReadingOptions", error: Exception) -> str:
    """Return the command that takes the likelier way, "" where no option helps."""
    options = getattr(error, "options", ())
    if not options:
        return ""
    said = [("--orders", str(path)) for path in asked.orders] + asked.choices().as_options()
    if asked.encoding is not None:
        said.append(("--encoding", asked.encoding))
    words = [f"{option} {shlex.quote(value)}" for option, value in (*said, *options)]
    named = [shlex.quote(str(path)) for path in files]
    return " ".join(["xlclv refresh", *named, *words])


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


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the user says about how a book is to be read."""

    as_of: date | None
    columns: dict[str, str]
    sheet: str | None
    encoding: str | None
    decimal: str | None
    dates: str | None
    dash: str | None
    status: dict[str, str]
    orders: tuple[Path, ...]

    def choices(self) -> "Choices":
        """Return what is said of the tables of a book."""
        from xlclv.reading.choices import Choices  # noqa: PLC0415 - loads pandas
        from xlclv.reading.textcells import Conventions  # noqa: PLC0415

        # click has checked what these may be
        conventions = Conventions(self.decimal, self.dates, self.dash)  # type: ignore[arg-type]
        return Choices(self.columns, self.sheet, conventions, self.status)  # type: ignore[arg-type]

    def order(
        self, files: tuple[Path, ...], out: Path | None = None, *, replace: bool = False
    ) -> "Order":
        """Return what a refresh or a check of files is asked for."""
        from xlclv.refresh.refresh import Order  # noqa: PLC0415 - loads pandas

        book, *more = files
        order = Order(book, out, replace, self.as_of, self.choices(), self.encoding)
        return dataclasses.replace(order, more=tuple(more), orders=self.orders)


READING_OPTIONS = (
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
    """Give a command the options above, as one `reading`."""
    names = [field.name for field in fields(ReadingOptions)]

    @wraps(command)
    def with_reading(**given: Any) -> None:  # noqa: ANN401 - click passes what it has checked
        reading = ReadingOptions(**{name: given.pop(name) for name in names})
        command(reading=reading, **given)

    wrapped: Callable[..., None] = with_reading
    for option in reversed(READING_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


@cli.command(help=word("cli.demo"))
@click.argument("folder", type=FILE, default=Path("xlclv-demo"), metavar="[DIR]")
def demo(folder: Path) -> None:
    """Write the sample workbook, refresh it, say where to look."""
    with plain_errors():
        from xlclv.hosts.shell.report import report  # noqa: PLC0415
        from xlclv.refresh.refresh import Order, refresh  # noqa: PLC0415
        from xlclv.workbook.template import sample_results, write_book  # noqa: PLC0415
        from xlclv.xlsx.files import make_folder, save_atomically  # noqa: PLC0415

        make_folder(folder)
        book = folder / "xlclv-demo.xlsx"
        save_atomically(book, lambda path: write_book(path, sample_results()), overwrite=True)
        click.echo(word("cli.demo_written", path=book))
        out = folder / "xlclv-demo-refreshed.xlsx"
        order = Order(book, out, replace_out=True)
        path, results = refresh(order, datetime.now(), _progress)  # noqa: DTZ005 - local time
        click.echo(report(results, path))
        click.echo(word("cli.demo_next", path=path))


@cli.command(help=word("cli.refresh"))
@click.argument("files", type=FILE, metavar="BOOK|FILE...", nargs=-1, required=True)
@click.option("-o", "--out", type=FILE, metavar="OUT", help=word("cli.out"))
@click.option("--replace", is_flag=True, help=word("cli.replace"))
@click.option("--in-place", is_flag=True, help=word("cli.in_place"))
@click.option("--quiet", is_flag=True, help=word("cli.quiet"))
@reads_a_book
def refresh(
    files: tuple[Path, ...],
    out: Path | None,
    reading: ReadingOptions,
    *,
    replace: bool,
    in_place: bool,
    quiet: bool,
) -> None:
    """Compute a book's results and write them to a new file."""
    with plain_errors(files, reading):
        from xlclv.hosts.shell.report import report  # noqa: PLC0415
        from xlclv.refresh.refresh import refresh  # noqa: PLC0415

        if in_place and (out is not None or len(files) > 1):
            raise click.UsageError(word("cli.in_place_alone"))
        order = reading.order(files, out, replace=replace)
        order = dataclasses.replace(order, in_place=in_place)
        step = _silent if quiet else _progress
        path, results = refresh(order, datetime.now(), step)  # noqa: DTZ005 - local time
        click.echo(path if quiet else report(results, path))


@cli.command(help=word("cli.check"))
@click.argument("files", type=FILE, metavar="BOOK|FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help=word("cli.json"))
@reads_a_book
def check(files: tuple[Path, ...], reading: ReadingOptions, *, as_json: bool) -> None:
    """Check a book without writing anything."""
    with plain_errors(files, reading, as_json=as_json):
        from xlclv.hosts.shell.report import check_list, check_list_json  # noqa: PLC0415
        from xlclv.refresh.refresh import look_at  # noqa: PLC0415

        _, results = look_at(reading.order(files), datetime.now())  # noqa: DTZ005 - local time
        click.echo(check_list_json(files, results) if as_json else check_list(results))
        sys.exit(FAILED if results.problems else 0)


@cli.command(help=word("cli.award"))
@click.argument("files", type=FILE, metavar="BOOK|FILE...", nargs=-1, required=True)
@click.option("--post", is_flag=True, help=word("cli.post"))
@click.option("-o", "--out", type=FILE, metavar="OUT", help=word("cli.out"))
@click.option("--replace", is_flag=True, help=word("cli.replace"))
@click.option("--quiet", is_flag=True, help=word("cli.quiet"))
@reads_a_book
def award(
    files: tuple[Path, ...],
    out: Path | None,
    reading: ReadingOptions,
    *,
    post: bool,
    replace: bool,
    quiet: bool,
) -> None:
    """List the rewards that are due; with --post, book them in the ledger of a new file."""
    with plain_errors(files, reading):
        from xlclv.hosts.shell.report import award_list  # noqa: PLC0415
        from xlclv.refresh.award import due  # noqa: PLC0415
        from xlclv.refresh.refresh import look_at, refresh  # noqa: PLC0415

        now = datetime.now()  # noqa: DTZ005 - local time
        if not post:
            _, results = look_at(reading.order(files), now)
            click.echo(award_list(results, due(results)))
            click.echo(word("award.not_posted"))
            return
        order = dataclasses.replace(reading.order(files, out, replace=replace), post=True)
        path, results = refresh(order, now, _silent if quiet else _progress)
        if quiet:
            click.echo(path)
            return
        click.echo(award_list(results, results.booked))
        click.echo(word("report.written", path=path))
        click.echo(word("award.go_on"))


@cli.command(help=word("cli.template"))
@click.argument("out", type=FILE, required=False, metavar="[OUT]")
@click.option("--xlsm", "kind", flag_value="xlsm", help=word("cli.xlsm"))
@click.option("--lite", "kind", flag_value="lite", help=word("cli.lite"))
@click.option("--replace", is_flag=True, help=word("cli.replace"))
def template(out: Path | None, kind: str | None, *, replace: bool) -> None:
    """Write the template workbook with its sample data."""
    usual = {None: "xlclv.xlsx", "xlsm": "xlclv.xlsm", "lite": "xlclv_lite.xlsx"}[kind]
    path = Path(usual) if out is None else out
    with plain_errors():
        from xlclv.xlsx.files import save_atomically  # noqa: PLC0415

        save_atomically(path, _template_writer(kind), overwrite=replace)
        click.echo(path)


def _template_writer(kind: str | None) -> Callable[[Path], None]:
    """Return what writes a kind of template; what a kind needs loads with it."""
    if kind == "xlsm":
        from xlclv.hosts.excel.files.books import write_macro_book  # noqa: PLC0415

        return lambda path: write_macro_book(path, interpreter=Path(sys.executable).absolute())
    if kind == "lite":
        from xlclv.hosts.lite.book import write_lite_book  # noqa: PLC0415

        return write_lite_book
    from xlclv.workbook.template import sample_results, write_book  # noqa: PLC0415

    return lambda path: write_book(path, sample_results())


@cli.command(help=word("cli.install"))
@click.option("--calc", "program", flag_value="calc", help=word("cli.install_calc"))
@click.option("--excel", "program", flag_value="excel", help=word("cli.install_excel"))
@click.option("--uninstall", is_flag=True, help=word("cli.uninstall"))
def install(program: str | None, *, uninstall: bool) -> None:
    """Put the functions and the menu into a spreadsheet program, or take them out."""
    if program is None:
        raise click.UsageError(word("cli.which_program"))
    with plain_errors():
        from xlclv.hosts.setup.calc import install_calc, uninstall_calc  # noqa: PLC0415
        from xlclv.hosts.setup.excel import install_excel, uninstall_excel  # noqa: PLC0415

        into, out_of = (
            (install_calc, uninstall_calc)
            if program == "calc"
            else (install_excel, uninstall_excel)
        )
        click.echo(out_of() if uninstall else into())


@cli.command(help=word("cli.doctor"))
@click.argument("book", type=FILE, required=False, metavar="[BOOK]")
@click.option("--json", "as_json", is_flag=True, help=word("cli.json"))
def doctor(book: Path | None, *, as_json: bool) -> None:
    """Say what keeps xlclv from working on this computer."""
    with plain_errors():
        from xlclv.hosts.setup import doctor as clinic  # noqa: PLC0415

        findings = clinic.examine(book)
        click.echo(clinic.as_json(findings) if as_json else clinic.report(findings))
        sys.exit(FAILED if clinic.is_ill(findings) else 0)


@cli.command(help=word("cli.functions"))
@click.argument("name", required=False)
def functions(name: str | None) -> None:
    """List the functions, or explain one."""
    with plain_errors():
        from xlclv.hosts.shell.report import function_help, function_list  # noqa: PLC0415

        click.echo(function_help(name) if name else function_list())


@cli.command(
    help=word("cli.call"),
    context_settings={"ignore_unknown_options": True},  # -5 is a number, not an option
)
@click.argument("name")
@click.argument("arguments", nargs=-1, metavar="[ARG]...")
@click.option("--json", "as_json", is_flag=True, help=word("cli.json"))
def call(name: str, arguments: tuple[str, ...], *, as_json: bool) -> None:
    """Call one function."""
    with plain_errors():
        from xlclv.hosts.shell.call import called  # noqa: PLC0415

        outcome = called(name, arguments)
        click.echo(outcome.as_json() if as_json else outcome.as_csv())
        for message in outcome.messages:
            click.echo(message, err=True)
        sys.exit(FAILED if outcome.messages else 0)


def _progress(step: str) -> None:
    click.echo(f"{step} …", err=True)


def _silent(_step: str) -> None:
    """Show nothing."""
