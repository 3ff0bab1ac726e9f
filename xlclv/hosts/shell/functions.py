"""The commands about functions, and how functions are listed."""

import sys
import textwrap
from collections.abc import Iterator

import click

from xlclv.functions import FUNCTIONS
from xlclv.hosts.answer import function_of
from xlclv.hosts.shell.call import called
from xlclv.hosts.shell.cell import as_text
from xlclv.hosts.shell.codes import FAILED
from xlclv.registry import Function
from xlclv.words import word, words

WIDTH = 96
LONGEST_EXAMPLE = 64  # on the reference page, which shows it beside usage and help


def functions(name: str | None) -> None:
    """List the functions, or explain one."""
    click.echo(function_help(name) if name else function_list())


def call(name: str, arguments: tuple[str, ...], *, as_json: bool) -> None:
    """Call one function."""
    given = called(name, arguments)
    click.echo(given.as_json() if as_json else given.as_csv())
    for message in given.messages:
        click.echo(message, err=True)
    sys.exit(FAILED if given.messages else 0)


def function_list() -> str:
    """Return one line per function, under the title of its group."""
    width = max(len(function.name) for function in FUNCTIONS) + 2
    return "\n\n".join(
        "\n".join([title, *(f"  {each.name:<{width}}{each.help}" for each in functions)])
        for title, functions in _groups()
    )


def _groups() -> Iterator[tuple[str, list[Function]]]:
    """Yield the title of each group with its functions, in the order of the list."""
    for key in dict.fromkeys(function.group for function in FUNCTIONS):
        yield word(f"groups.{key}"), [each for each in FUNCTIONS if each.group == key]


def function_help(name: str) -> str:
    """Return usage, help, every argument and the example of one function.

    Raises:
        InputError: There is none of that name.
    """
    function = function_of(name)
    lines = [function.usage, "", *textwrap.wrap(function.help, WIDTH), ""]
    for argument in function.arguments:
        given = word("report.required" if argument.required else "report.optional")
        lines.append(f"  {argument.name:<16}{argument.meaning}: {argument.term.expected} ({given})")
    lines += [""] if function.arguments else []
    result = as_text(function.example.shown)
    lines.append(word("report.example", formula=function.formula, result=result))
    return "\n".join(lines)


def markdown_functions() -> str:
    """Return the functions for the reference page: a table per group."""
    head = f"| {' | '.join(words('function_table.columns'))} |\n|---|---|---|"
    tables = (
        "\n".join([f"### {title}", "", head, *map(_markdown_row, functions)])
        for title, functions in _groups()
    )
    return "\n\n".join(tables)


def _markdown_row(function: Function) -> str:
    example = f"`={function.formula}` → {as_text(function.example.shown)}"
    if len(example) > LONGEST_EXAMPLE:
        example = ""  # it stands on the Examples tab
    return f"| `{function.usage}` | {function.help} | {example} |"
