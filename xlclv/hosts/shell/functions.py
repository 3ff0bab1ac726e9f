"""The functions as the command line and the README list them."""

import textwrap

from xlclv.functions import FUNCTIONS
from xlclv.hosts.answer import function_of
from xlclv.words import word

WIDTH = 96


def function_list() -> str:
    """Return one line per function."""
    width = max(len(function.name) for function in FUNCTIONS) + 2
    return "\n".join(f"{function.name:<{width}}{function.help}" for function in FUNCTIONS)


def function_help(name: str) -> str:
    """Return usage, help, and every argument of one function.

    Raises:
        InputError: There is none of that name.
    """
    function = function_of(name)
    lines = [function.usage, "", *textwrap.wrap(function.help, WIDTH), ""]
    for argument in function.arguments:
        given = word("report.required" if argument.required else "report.optional")
        lines.append(f"  {argument.name:<16}{argument.meaning}: {argument.term.expected} ({given})")
    return "\n".join(lines)


def markdown_table() -> str:
    """Return the function table of the README."""
    rows = [f"| `{function.usage}` | {function.help} |" for function in FUNCTIONS]
    return "\n".join(["| Formula | What it returns |", "|---|---|", *rows])
