"""The commands about books: what each does, once click has read its options."""

import shlex
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace as replace_in
from datetime import date, datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click

from xlclv.errors import InputError, XlclvError
from xlclv.hosts.excel.files.books import write_macro_book
from xlclv.hosts.excel.files.wrappers import IN_CELLS
from xlclv.hosts.lite.book import PACKAGE, write_lite_book
from xlclv.hosts.shell.codes import FAILED
from xlclv.hosts.shell.report import (
    award_json,
    award_list,
    check_list,
    check_list_json,
    refresh_json,
    refusal_json,
    report,
)
from xlclv.hosts.shell.screen import launch, show, steps
from xlclv.reading.cellcolumns import Conventions
from xlclv.reading.choices import Choices, Chosen
from xlclv.reading.question import Question
from xlclv.reading.textdates import Order
from xlclv.reading.textnumbers import Dash, Decimal
from xlclv.refresh.award import due
from xlclv.refresh.placing import keep
from xlclv.refresh.refresh import RefreshRequest, look_at
from xlclv.refresh.refresh import refresh as refresh_book
from xlclv.refresh.verify import compare, told
from xlclv.settings import settings_of
from xlclv.words import word
from xlclv.workbook.template import sample_results, write_book, write_empty
from xlclv.xlsx.files import make_folder, refuse_if_open, save_atomically
from xlclv.xlsx.freeze import freeze as freeze_book
from xlclv.xlsx.scratch import scratch

MOST_QUESTIONS = 4  # about one table
# What a template is called, and what writes it; only Lite asks where xlclv comes from.
TEMPLATES: Mapping[str | None, tuple[str, Callable[[Path, str], None]]] = {
    None: ("xlclv.xlsx", lambda path, _: write_book(path, sample_results())),
    "xlsm": (
        "xlclv.xlsm",
        lambda path, _: write_macro_book(path, interpreter=Path(sys.executable).absolute()),
    ),
    "lite": ("xlclv_lite.xlsx", lambda path, package: write_lite_book(path, package=package)),
}


class Reading(TypedDict):
    """What the user says about how a book is to be read."""

    as_of: date | None
    model: str | None
    season: str | None
    months: int | None
    columns: dict[str, str]
    sheet: str | None
    encoding: str | None
    decimal: Decimal | None
    dates: Order | None
    dash: Dash | None
    status: dict[str, Chosen]
    orders: tuple[Path, ...]
    margin: str | None
    discount_rate: str | None
    horizon: str | None
    currency: str | None
    language: str | None


def demo(folder: Path, *, language: str | None) -> None:
    """Write the sample workbook, refresh it, say where to look."""
    make_folder(folder)
    book = folder / "xlclv-demo.xlsx"
    save_atomically(book, lambda path: write_book(path, sample_results()), overwrite=True)
    click.echo(word("cli.demo_written", path=book))
    asked = RefreshRequest(
        book,
        folder / "xlclv-demo-refreshed.xlsx",
        replace_out=True,
        keep_old=False,
        language=language,
    )
    with steps(quiet=False) as step:
        path, results = refresh_book(asked, now(), step)
    show(report(results, path))
    click.echo(word("cli.demo_next", path=path))


def refresh(
    book: Sequence[Path],
    out: Path | None,
    *,
    replace: bool,
    in_place: bool,
    history: int | None,
    dry_run: bool,
    quiet: bool,
    as_json: bool,
    open_it: bool,
    **said: Unpack[Reading],
) -> None:
    """Compute a book's results and write them to a new file, or in the place of the book."""
    asked = _in_place(request(book, out, replace=replace, **said), in_place=in_place)
    asked = replace_in(asked, past=history or 0)
    if dry_run:
        _tell_changes(asked)
        return
    with refused_as(book, as_json=as_json), the_step(asked), steps(quiet=quiet) as step:
        path, results = refresh_book(asked, now(), step)
    if as_json:
        click.echo(refresh_json(book, results, path))
    elif quiet:
        click.echo(path)
    else:
        show(report(results, path))
    if open_it:
        launch(path)


def check(book: Sequence[Path], *, as_json: bool, **said: Unpack[Reading]) -> None:
    """Check a book without writing anything."""
    asked = request(book, **said)
    with refused_as(book, as_json=as_json), the_step(asked):
        results = look_at(asked, now())
    if as_json:
        click.echo(check_list_json(book, results))
    else:
        show(check_list(results))
    sys.exit(FAILED if results.problems else 0)


def award(
    book: Sequence[Path],
    out: Path | None,
    *,
    post: bool,
    yes: bool,
    replace: bool,
    in_place: bool,
    dry_run: bool,
    quiet: bool,
    as_json: bool,
    open_it: bool,
    **said: Unpack[Reading],
) -> None:
    """List the rewards that are due; with --post, book them in the ledger of a new file."""
    asked = request(book, out, replace=replace, post=post, **said)
    asked = _in_place(asked, in_place=in_place)
    if post and dry_run:
        _tell_changes(asked)
        return
    if not post:
        with refused_as(book, as_json=as_json), the_step(asked):
            results = look_at(asked, now())
            rows = due(results)
        if as_json:
            click.echo(award_json(book, results, rows))
            return
        click.echo(award_list(results, rows))
        click.echo(word("award.not_posted"))
        return
    asks = not (yes or quiet or as_json) and sys.stdin.isatty()
    asked = replace_in(asked, agreed=confirmed if asks else None)
    with refused_as(book, as_json=as_json), the_step(asked), steps(quiet=quiet) as step:
        path, results = refresh_book(asked, now(), step)
    if as_json:
        click.echo(award_json(book, results, results.booked, path))
    elif quiet:
        click.echo(path)
    else:
        click.echo(award_list(results, results.booked))
        click.echo(word("report.written", path=path))
        click.echo(word("award.go_on"))
    if open_it:
        launch(path)


def verify(before: Path, after: Path, *, language: str | None) -> None:
    """Prove that two workbooks differ only in what a refresh writes."""
    del language  # it is spoken already
    found = compare(before, after)
    for line in told(found):
        click.echo(line)
    click.echo(word("verify.only_ours" if found.only_ours else "verify.not_only_ours"))
    sys.exit(0 if found.only_ours else FAILED)


def _in_place(asked: RefreshRequest, *, in_place: bool) -> RefreshRequest:
    if in_place and (asked.out is not None or asked.more):
        raise click.UsageError(word("cli.in_place_alone"))
    return replace_in(asked, in_place=in_place)


def _tell_changes(asked: RefreshRequest) -> None:
    """Do all the work on a copy that is thrown away, and tell in what it differs from the book."""
    with scratch() as folder, the_step(asked):
        out = folder / "result.xlsx"
        if asked.in_place and asked.book.is_file():
            refuse_if_open(asked.book)
        refresh_book(replace_in(asked, out=out, in_place=False), now())
        if zipfile.is_zipfile(asked.book) and not asked.more:
            lines = [word("verify.nothing_written"), *told(compare(asked.book, out))]
        else:
            lines = [word("verify.new_workbook")]
    for line in lines:
        click.echo(line)


def template(
    out: Path | None,
    kind: str | None,
    wheel: str | None,
    *,
    empty: bool,
    replace: bool,
    open_it: bool,
    language: str | None,
) -> None:
    """Write the template workbook, with its sample data or empty."""
    del language  # it is spoken already
    if wheel is not None and kind != "lite":
        raise click.UsageError(word("cli.wheel_for_lite", value=wheel))
    usual, write = TEMPLATES[kind]
    if empty:
        if kind is not None:
            raise click.UsageError(word("cli.empty_alone"))
        write = _empty
    path = out or Path(usual)
    ending = Path(usual).suffix
    if path.suffix.casefold() != ending and not path.is_dir():
        raise InputError("template_not_xlsx", path=path.name, ending=ending)
    refuse_if_open(path)
    if replace and path.is_file():
        keep(path, now())
    save_atomically(path, lambda new: write(new, wheel or PACKAGE), overwrite=replace)
    click.echo(path)
    if open_it:
        launch(path)


def _empty(path: Path, _package: str) -> None:
    write_empty(path)


def freeze(book: Path, *, language: str | None) -> None:
    """Write a copy of a workbook for readers without xlclv."""
    del language  # it is spoken already
    click.echo(word("excel.frozen", path=freeze_book(book, IN_CELLS)))


def request(
    files: Sequence[Path],
    out: Path | None = None,
    *,
    replace: bool = False,
    post: bool = False,
    **said: Unpack[Reading],
) -> RefreshRequest:
    """Return what a refresh or a check of files is asked for."""
    book, *more = files
    conventions = Conventions(said["decimal"], said["dates"], said["dash"])
    choices = Choices(said["columns"], said["sheet"], conventions, said["status"])
    return RefreshRequest(
        book=book,
        out=out,
        replace_out=replace,
        as_of=said["as_of"],
        model=said["model"],
        season=said["season"],
        months=said["months"],
        choices=choices,
        encoding=said["encoding"],
        post=post,
        more=tuple(more),
        orders=said["orders"],
        settings=_settings(said),
        language=said["language"],
    )


def _settings(said: Reading) -> dict[str, object]:
    """Return the settings that the command says."""
    given = {
        "margin": said["margin"],
        "discount-rate": said["discount_rate"],
        "horizon": said["horizon"],
        "currency": said["currency"],
    }
    return settings_of({name: text for name, text in given.items() if text is not None}, "--")


def _all_options(asked: RefreshRequest, question: Question) -> list[tuple[str, str]]:
    """Return the options that settle a question, and those that arise once it is settled."""
    options = list(question.options)
    for _ in range(MOST_QUESTIONS):
        settled = replace_in(asked, choices=asked.choices.settled(options))
        try:
            look_at(settled, now())
        except Question as further:
            options += [option for option in further.options if option not in options]
        except XlclvError:
            break
        else:
            break
    return options


@contextmanager
def refused_as(files: Sequence[Path], *, as_json: bool) -> Iterator[None]:
    """Print why files were refused as JSON too, where that is asked for."""
    try:
        yield
    except XlclvError as error:
        if as_json:
            click.echo(refusal_json(files, error))
        raise


@contextmanager
def the_step(asked: RefreshRequest) -> Iterator[None]:
    """Let a question of the reading end in the command that takes the likelier way."""
    try:
        yield
    except Question as question:
        if not question.options:
            raise
        said = [("--orders", str(path)) for path in asked.orders]
        said += [*asked.choices.as_options(), *_all_options(asked, question)]
        if asked.encoding is not None:
            said.append(("--encoding", asked.encoding))
        words = [f"{option} {shlex.quote(value)}" for option, value in said]
        files = [shlex.quote(str(path)) for path in (asked.book, *asked.more)]
        question.step = " ".join(["xlclv refresh", *files, *words])
        raise


def confirmed(question: str) -> bool:
    """Ask on the terminal."""
    return click.confirm(question, err=True)


def now() -> datetime:
    """Return the local time, as a sheet shows it."""
    return datetime.now()  # noqa: DTZ005 - local time
