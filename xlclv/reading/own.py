"""Which sheets of a book are tabs of ours, whatever they are called by now."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from xlclv.reading.sheets import HEAD_ROWS, Heads
from xlclv.reading.source import Sheet, Source
from xlclv.schema import READ_BACK, TAB, WRITTEN
from xlclv.words import meanings

HEADS: Final = ("title", "purpose")  # texts in the first rows of every tab of ours
MARKER: Final = re.compile(r"'?((?:[^'!]|'')+)'?!")


def own_tabs(source: Source) -> dict[str, str]:
    """Return the tabs that are ours with the names of their sheets.

    A name marks them, and what stands on them must agree: that name may be one of the user's.
    """
    sheets = {sheet.name: sheet for sheet in source.sheets}
    found: dict[str, str] = {}
    for tab, name in _marked(source.names).items():
        if name in sheets and name not in found.values() and _looks_ours(sheets[name], tab):
            found[tab] = name
    return found


def _looks_ours(sheet: Sheet, tab: str) -> bool:
    """Say whether a sheet has the table of a tab, or its title or purpose in any language."""
    if any(table.name == TAB[tab].table for table in sheet.tables):
        return True
    return _begins_as_ours(sheet.cells, tab)


def _begins_as_ours(cells: Sequence[Sequence[object]], tab: str) -> bool:
    heads = {str(row[0]).strip().casefold() for row in cells[:HEAD_ROWS] if len(row)}
    return any(not heads.isdisjoint(meanings(f"{TAB[tab].key}.{text}")) for text in HEADS)


def outputs(names: Mapping[str, str], heads: Heads) -> set[str]:
    """Return the sheets of a book that refresh writes and need not read."""
    return {
        name
        for tab, name in _marked(names).items()
        if tab in WRITTEN and tab not in READ_BACK and _begins_as_ours(heads(name), tab)
    }


def _marked(names: Mapping[str, str]) -> dict[str, str]:
    """Return tab and sheet by the workbook names that mark them.

    A name follows its sheet when somebody renames it.
    """
    found = {name: MARKER.match(names.get(tab.marker, "")) for name, tab in TAB.items()}
    return {tab: match.group(1).replace("''", "'") for tab, match in found.items() if match}
