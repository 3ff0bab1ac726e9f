"""Known layouts of exports: what a file cannot tell by itself, as data."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from xlclv.headers import key
from xlclv.reading.meaning.lexicon import USES, Use


@dataclass(frozen=True, slots=True)
class Layout:
    """A known layout.

    Args:
        title: What it is called in a sentence: "a Shopify orders export".
        needs: Headers that tell it, by their key; all must be there.
        columns: Header key to what the column is, where its name alone does not say it.
        status: Status words of its own, by their key.
        line_amounts: Its amounts are those of the lines, even where all lines of an order agree.
        refuse: Key of the error that says why it cannot be read, "" where it can.
    """

    title: str = ""
    needs: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict)
    status: Mapping[str, Use] = field(default_factory=dict)
    line_amounts: bool = False
    refuse: str = ""


UNKNOWN = Layout()


def find_layout(headers: Sequence[object]) -> Layout:
    """Return the layout of a table, the one that tells most where several fit."""
    there = {key(str(header)) for header in headers if header not in (None, "")}
    fitting = [layout for layout in _layouts() if layout.needs <= there]
    return max(fitting, key=lambda layout: len(layout.needs), default=UNKNOWN)


@cache
def _layouts() -> tuple[Layout, ...]:
    folder = files("xlclv.reading") / "data" / "layouts"
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=str)
    return tuple(_layout(tomllib.loads(file.read_text(encoding="utf-8"))) for file in found)


def _layout(data: Mapping[str, Any]) -> Layout:
    status = data.get("status", {})
    return Layout(
        title=data["title"],
        needs=frozenset(map(key, data["needs"])),
        columns={key(header): role for header, role in data.get("columns", {}).items()},
        status={key(word): use for use in USES for word in status.get(use, ())},
        line_amounts=data.get("line_amounts", False),
        refuse=data.get("refuse", ""),
    )
