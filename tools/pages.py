"""What the pages of docs/ take from the code: functions, columns, rules, errors, commands.

A page says `<!-- made: NAME -->`, and what NAME makes stands until `<!-- /made -->`.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

import xlclv
from xlclv.functions import FUNCTIONS
from xlclv.headers import listed
from xlclv.hosts.shell.commands import cli
from xlclv.hosts.shell.functions import markdown_functions
from xlclv.rewards.conditions.fields import FIELDS, Field
from xlclv.schema import TABS
from xlclv.settings import NAMES, Settings
from xlclv.tables import CUSTOMERS, FEEDBACK, LEDGER, ORDERS, RULES, TIERS, TableSpec
from xlclv.terms import TERMS
from xlclv.words import catalogue, word, yes_no

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
GALLERY = DOCS / "gallery"
LAYOUTS = Path(xlclv.__file__).parent / "reading" / "data" / "layouts"
MOST_HEADERS = 12
REGION = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- /made -->)", re.DOTALL)
CODE = re.compile(r" ?\[([A-Z]\d{3})\]")
UNITS = {"money": " of money", "days": " of days", "years": " of years", "fraction": " from 0 to 1"}
KINDS = {
    "V": "What a function or command was given",
    "U": "A number that does not exist",
    "N": "Data that cannot answer the question",
    "R": "Tiers, reward rules and the Ledger",
    "F": "Files, workbooks and commands",
    "E": "Excel and LibreOffice Calc",
    "P": "Passed on",
    "X": "A fault of xlclv",
}


def table(columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """Write a table in Markdown."""
    lines = [columns, ("---",) * len(columns), *(tuple(map(_cell, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ").replace("<", "&lt;")


def arguments() -> str:
    """Every function with its arguments: meaning, what is allowed."""
    parts = []
    for function in FUNCTIONS:
        given = [
            f"- `{each.name}`: {_cell(each.meaning)}; {_cell(each.term.expected)}"
            + ("" if each.required else " (may be left out)")
            for each in function.arguments
        ]
        parts.append("\n".join([f"### {function.name}", "", function.help, *[""] * bool(given)]))
        parts[-1] += "\n" * bool(given) + "\n".join(given)
    return "\n\n".join(parts)


def _columns(spec: TableSpec) -> str:
    def rows() -> Iterator[tuple[str, ...]]:
        for name in spec.columns:
            term = TERMS[name]
            needed = "yes" if name in spec.required else ""
            yield f"`{name}`", term.title, term.meaning, term.expected, needed

    return table(("Name", "Title", "Meaning", "Allowed", "Needed"), rows())


def tabs() -> str:
    """The tabs of the workbook with their purpose."""
    rows = ((tab.sheet, word(f"{tab.key}.purpose")) for tab in TABS)
    return table(("Tab", "Purpose"), rows)


def headers() -> str:
    """The headers in English by which a column of orders and customers is known."""
    english = listed("en")
    names = dict.fromkeys((*english["orders"], *english["customers"]))

    def rows() -> Iterator[tuple[str, ...]]:
        for name in names:
            known = [*english["orders"].get(name, ()), *english["customers"].get(name, ())]
            yield f"`{name}`", ", ".join(list(dict.fromkeys(known))[:MOST_HEADERS])

    return table(("Column", "Headers"), rows())


def layouts() -> str:
    """The exports that are known by their headers."""
    texts = (path.read_text(encoding="utf-8") for path in LAYOUTS.glob("*.toml"))
    titles = (tomllib.loads(text)["title"] for text in texts)
    names = sorted({re.sub(r"^an? ", "", title) for title in titles}, key=str.casefold)
    return "\n".join(f"- {name}" for name in names)


def settings() -> str:
    """The settings of the Input tab with their defaults."""
    usual = Settings()

    def rows() -> Iterator[tuple[str, ...]]:
        for name in NAMES:
            term = TERMS[name]
            yield term.title, f"`{name}`", term.meaning, term.expected, _shown(getattr(usual, name))

    return table(("Setting", "Name", "Meaning", "Allowed", "Default"), rows())


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return yes_no(answer=value)
    return f"{value:g}" if isinstance(value, float) else str(value or "")


def choices() -> str:
    """What a cell of a rule may hold where a choice is made."""
    asked = ("rule_type", "trigger", "reward", "test_1", "max_per", "budget_per", "together")
    rows = ((TERMS[name].title, " · ".join(TERMS[name].offered)) for name in asked)
    return table(("Column", "Choices"), rows)


def fields() -> str:
    """What a rule may ask about a customer."""
    return table(
        ("Field", "Compared with"), ((each.title, _compared(each)) for each in FIELDS.values())
    )


def _compared(field: Field) -> str:
    if field.choices:
        return ", ".join(map(field.said, field.choices))
    if field.is_text:
        return "text"
    return ("a whole number" if field.whole else "a number") + UNITS.get(field.unit, "")


def errors() -> str:
    """Every error code with its message, by kind."""
    found: dict[str, dict[str, str]] = {letter: {} for letter in KINDS}
    for text in catalogue().values():
        if isinstance(text, str) and (code := CODE.search(text)):
            said = re.sub(r"\{(\w+)\}", r"*\1*", CODE.sub("", text))
            found[code[1][0]][code[1]] = said.strip()
    parts = (
        f"## {title}\n\n{table(('Code', 'Message'), iter(sorted(found[letter].items())))}"
        for letter, title in KINDS.items()
    )
    return "\n\n".join(parts)


def commands() -> str:
    """Every command with its options, as --help says it."""
    return "\n\n".join(f"## xlclv {name}\n\n{_command(name)}" for name in cli.commands)


def _command(name: str) -> str:
    command = cli.commands[name]
    context = click.Context(command, info_name=f"xlclv {name}")
    usage = " ".join(command.collect_usage_pieces(context))
    rows = (
        (f"`{record[0]}`", " ".join(record[1].split()))
        for each in command.get_params(context)
        if (record := each.get_help_record(context))
    )
    said = " ".join((command.help or "").split())
    return f"`xlclv {name} {usage}`\n\n{said}\n\n{table(('Option', 'Meaning'), rows)}"


def lifetimes() -> str:
    """The figures of lifetimes, in full."""
    said = json.loads((ROOT / "tests" / "data" / "lifetimes.json").read_text(encoding="utf-8"))
    one = {
        "`expected_number_of_purchases_up_to_time(90)`": [said["orders_of_a_new_customer"]],
        "`probability_of_n_purchases_up_to_time(90, 2)`": [said["chance_of_2"]],
    }
    four = {
        "`conditional_probability_alive`": said["p_alive"],
        "`conditional_expected_number_of_purchases_up_to_time(90, ...)`": said["orders"],
        "`conditional_expected_average_profit`": said["spend"],
        "`customer_lifetime_value(..., time=12, discount_rate=0.01)`": said["value"],
    }
    fits = {
        f"`params_` of {name}": list(params.values())
        for name, params in {**said["parameters"], "BG/BB": said["BG/BB"]}.items()
    }
    rows = (
        (call, ", ".join(f"{figure:.6g}" for figure in figures))
        for call, figures in {**fits, **four, **one}.items()
    )
    return table(("Call", "lifetimes 0.11.3"), rows)


def gallery() -> str:
    """The images of the gallery, in the order of the tabs."""
    titles = {tab.sheet: word(f"{tab.key}.purpose") for tab in TABS}
    found = {path.stem.rpartition("-")[2]: path.name for path in GALLERY.glob("*.png")}
    parts = (
        f"## {name}\n\n{purpose}\n\n![The tab {name}]({found[name]})"
        for name, purpose in titles.items()
        if name in found
    )
    return "\n\n".join(parts)


MADE: Mapping[str, Callable[[], str]] = {
    "functions": markdown_functions,
    "arguments": arguments,
    "tabs": tabs,
    "orders": lambda: _columns(ORDERS),
    "customers": lambda: _columns(CUSTOMERS),
    "tiers": lambda: _columns(TIERS),
    "rules": lambda: _columns(RULES),
    "ledger": lambda: _columns(LEDGER),
    "feedback": lambda: _columns(FEEDBACK),
    "headers": headers,
    "settings": settings,
    "choices": choices,
    "fields": fields,
    "errors": errors,
    "commands": commands,
    "layouts": layouts,
    "lifetimes": lifetimes,
    "gallery": gallery,
}


def filled(text: str) -> str:
    """Return a page with what is made from code made anew."""
    return REGION.sub(lambda found: f"{found[1]}{MADE[found[2]]()}\n{found[3]}", text)


def write() -> None:
    """Make the pages anew."""
    for path in sorted(DOCS.rglob("*.md")):
        old = path.read_text(encoding="utf-8")
        if (new := filled(old)) != old:
            path.write_text(new, encoding="utf-8")
