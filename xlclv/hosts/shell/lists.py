"""The command that writes a list of people for a mail tool."""

import csv
import sys
from collections.abc import Sequence
from dataclasses import replace as replace_in
from functools import partial
from pathlib import Path
from typing import Unpack

import click

from xlclv.analysis.contacts.exports import Export
from xlclv.analysis.contacts.exports import export as export_list
from xlclv.analysis.contacts.tools import TOOLS
from xlclv.errors import InputError
from xlclv.hosts.shell.books import Reading, confirmed, now, request, the_step
from xlclv.refresh.refresh import look_at
from xlclv.words import counted, word
from xlclv.xlsx.files import Numbered, free_names, save_atomically, save_under_free_name


def export(
    book: Path,
    list_name: str,
    tool: str,
    out: Path | None,
    *,
    replace: bool,
    yes: bool,
    quiet: bool,
    **said: Unpack[Reading],
) -> None:
    """Write a list of people as the import of a mail tool wants it."""
    asked = request([book], **said)
    with the_step(asked):
        results = look_at(asked, now())
        if results.inputs.settings.privacy:
            if not (yes or (sys.stdin.isatty() and confirmed(word("export.ask_private")))):
                raise InputError("export_private")
            results = look_at(
                replace_in(asked, settings={**asked.settings, "privacy": False}), now()
            )
    found = export_list(results, list_name, tool)
    write = partial(_write, found=found, encoding=TOOLS[tool].encoding)
    path = out or save_under_free_name(_beside(book, list_name, tool), write)
    if out is not None:
        save_atomically(out, write, overwrite=replace)
    if quiet:
        click.echo(path)
        return
    click.echo(counted("export.written", len(found.rows), path=path))
    for line in _left_out(found):
        click.echo(line)
    if not results.people.consent.asked:
        click.echo(word("contacts.consent_unknown"))


def _beside(book: Path, list_name: str, tool: str) -> Numbered:
    suffix = "".join(sign if sign.isalnum() else "-" for sign in f"-{list_name}-{tool}")
    return free_names(book, suffix, ".csv")


def _write(path: Path, found: Export, encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(found.headers)
        writer.writerows(found.rows)


def _left_out(found: Export) -> Sequence[str]:
    told = (("without_address", found.without_address), ("done", found.done))
    return [counted(f"export.{key}", count) for key, count in told if count]
