"""The commands about this computer: what each does, once click has read its options."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from xlclv.hosts.setup import doctor as clinic
from xlclv.hosts.setup.calc import install_calc, uninstall_calc
from xlclv.hosts.setup.excel import install_excel, uninstall_excel
from xlclv.hosts.shell.codes import FAILED
from xlclv.words import word

INSTALL: dict[str, Callable[[], str]] = {"calc": install_calc, "excel": install_excel}
UNINSTALL: dict[str, Callable[[], str]] = {"calc": uninstall_calc, "excel": uninstall_excel}


def install(program: str | None, *, uninstall: bool) -> None:
    """Put the functions and the menu into a spreadsheet program, or take them out."""
    if program is None:
        raise click.UsageError(word("cli.which_program"))
    click.echo((UNINSTALL if uninstall else INSTALL)[program]())


def doctor(book: Path | None, *, as_json: bool) -> None:
    """Say what keeps xlclv from working on this computer."""
    findings = clinic.examine(book)
    click.echo(clinic.as_json(findings) if as_json else clinic.report(findings))
    sys.exit(FAILED if clinic.is_ill(findings) else 0)
