"""A tab of ours as it stands before it is written anew."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from lxml import etree

from xlclv.addresses import Box, letters
from xlclv.errors import InputError
from xlclv.xlsx.facts import standing_table
from xlclv.xlsx.package import MAIN, Package, Relationship
from xlclv.xlsx.rows import CellSpan, RowSpan, cells_of, rows_of, split_sheet
from xlclv.xlsx.styles import whole

_M: Final = f"{{{MAIN}}}"
_OURS: Final = "tbl"  # how the names of our tables begin


@dataclass(frozen=True, slots=True)
class TabTable:
    """A table on a tab: its definition and where it stands."""

    part: str
    root: etree._Element
    box: Box

    @property
    def name(self) -> str:
        """Return its display name."""
        return self.root.get("displayName", "")

    @property
    def totals(self) -> int:
        """Return how many rows of totals it shows."""
        return whole(self.root.get("totalsRowCount"))

    @property
    def columns(self) -> list[etree._Element]:
        """Return the definitions of its columns."""
        return self.root.findall(f"{_M}tableColumns/{_M}tableColumn")

    @property
    def headers(self) -> list[str]:
        """Return its headers, small."""
        return [column.get("name", "").casefold() for column in self.columns]

    def body(self) -> range:
        """Return the numbers of its rows, without headers and totals."""
        return range(self.box.first_row + 1, self.box.last_row - self.totals + 1)


@dataclass
class OldTab:
    """A tab as it stood.

    Args:
        book: The book it stands in.
        part: Its part.
        name: Its name.
        areas: The cells that were ours, as its marker tells; empty where it does not.
        titles: Headers that columns of ours have in any language, small.
    """

    book: Package
    part: str
    name: str
    areas: Sequence[Box]
    titles: Collection[str]
    xml: bytes = field(repr=False, default=b"")
    links: Sequence[Relationship] = ()

    def __post_init__(self) -> None:
        self.xml = self.book.read(self.part)
        self.links = tuple(self.book.relationships(self.part))
        head, self.rows_xml, tail = split_sheet(self.xml) or (self.xml, b"", b"")
        self.frame = self.book.parse(head + tail, self.part)

    @cached_property
    def tables(self) -> list[TabTable]:
        """Return all its tables, of ours and of the user."""
        return tables_of(self.book, self.part)

    def ours(self, drawn: Sequence[TabTable]) -> list[TabTable]:
        """Return the tables that are ours: those that come again, and those left from before."""
        again = {table.name for table in drawn}
        return [table for table in self.tables if table.name in again or self._was_ours(table)]

    def _was_ours(self, table: TabTable) -> bool:
        inside = not self.areas or any(area.meets(table.box) for area in self.areas)
        return inside and table.name.startswith(_OURS)

    def own_columns(self, table: TabTable, known: Collection[str]) -> range:
        """Return the columns of a table of ours that the user added at its end.

        Args:
            table: The table as it stood.
            known: The headers it has now, small.

        Raises:
            InputError: The user put one among ours.
        """
        first, headers = table.box.first_column, table.headers
        ours = [name in known or name in self.titles for name in headers]
        end = len(headers)
        while end and (not ours[end - 1] or self._is_beyond(table, first + end - 1)):
            end -= 1
        if not all(ours[:end]):
            at = ours.index(False)
            cells = f"{letters(first + at)}{table.box.first_row}"
            raise InputError(
                "kept_among_ours",
                path=self.book.path.name,
                sheet=self.name,
                cells=cells,
                header=table.columns[at].get("name"),
            )
        return range(first + end, first + len(headers))

    def _is_beyond(self, table: TabTable, column: int) -> bool:
        """Say whether a column of a table stands where nothing was ours."""
        header = Box(table.box.first_row, column, table.box.first_row, column)
        return bool(self.areas) and not any(area.meets(header) for area in self.areas)

    def rows(self) -> Iterator[RowSpan]:
        """Yield its rows."""
        return rows_of(self.rows_xml)

    def cells(self, row: RowSpan) -> Iterator[CellSpan]:
        """Yield the cells of a row."""
        return cells_of(self.inside(row))

    def inside(self, row: RowSpan) -> bytes:
        """Return what stands in a row."""
        return self.rows_xml[row.inner : row.inner_end]

    @cached_property
    def strings(self) -> list[str]:
        """Return the texts that cells share."""
        shared = self.book.related(self.book.workbook, "sharedStrings")
        if not shared:
            return []
        return [_text(entry) for entry in self.book.elements(shared[0], "si")]


def tables_of(book: Package, part: str) -> list[TabTable]:
    """Return the tables on a tab."""
    roots = [(table, book.tree(table)) for table in book.related(part, "table")]
    return [TabTable(table, root, standing_table(root).box) for table, root in roots]


def _text(entry: etree._Element) -> str:
    return "".join(text.text or "" for text in entry.iter(f"{_M}t"))


def value_of(cell: bytes, strings: Sequence[str]) -> str:
    """Return what a cell shows, as text; the same for a number however it is written."""
    root = etree.fromstring(cell, etree.XMLParser(recover=True, resolve_entities=False))
    if root.get("t") == "inlineStr":
        return "".join(text.text or "" for text in root.iter("t")).strip()
    value = root.findtext("v") or ""
    if root.get("t") == "s":
        number = whole(value)
        return strings[number].strip() if number < len(strings) else ""
    if root.get("t") in (None, "n"):
        try:
            return repr(float(value))
        except ValueError:
            return value
    return value.strip()
