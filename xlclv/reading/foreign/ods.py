"""Look at the sheets of an OpenDocument spreadsheet (OpenDocument 1.3, part 3, chapter 9)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from lxml import etree

from xlclv.reading.foreign.look import Look

CONTENT: Final = "content.xml"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_EXTENDED: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def look(path: Path) -> dict[str, Look]:
    """Return each sheet of a spreadsheet by its name."""
    looks: dict[str, Look] = {}
    seen, row = Look(), 0
    with ZipFile(path) as members, members.open(CONTENT) as file:
        tags = (f"{_TABLE}table", f"{_TABLE}table-row")
        parts = etree.iterparse(
            file, events=("start", "end"), tag=tags, resolve_entities=False, no_network=True
        )
        for event, element in parts:
            if event == "start" and element.tag == tags[0]:
                seen, row = Look(), 0
                looks[element.get(f"{_TABLE}name", "")] = seen
            elif event == "end" and element.tag == tags[1]:
                times = _repeated(element, "rows")
                for column, code in _filled(element):
                    seen.reach(row + times, column)
                    if code:
                        seen.errors += [(row + at + 1, column, code) for at in range(times)]
                row += times
                element.clear()
    return looks


def _filled(row: etree._Element) -> Iterator[tuple[int, str]]:
    """Yield the last column of each run of equal cells that hold something, and an error."""
    column = 0
    for cell in row.iterchildren(*_CELLS):
        column += _repeated(cell, "columns")
        if cell.get(f"{_OFFICE}value-type") or len(cell):
            is_error = cell.get(f"{_EXTENDED}value-type") == "error"
            yield column, _code("".join(map(str, cell.itertext()))) if is_error else ""


def _repeated(element: etree._Element, what: str) -> int:
    return int(element.get(f"{_TABLE}number-{what}-repeated", "1"))


def _code(text: str) -> str:
    """Return the error that a text names; Calc writes others than Excel has as Err:508."""
    return text if text.startswith("#") else "#VALUE!"
