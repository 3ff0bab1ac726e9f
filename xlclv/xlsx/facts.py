"""What of the user's stands on the sheets of a workbook file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from lxml import etree

from xlclv.addresses import Box, letters
from xlclv.xlsx.package import CONTENT_TYPE, MAIN, Package
from xlclv.xlsx.rows import FORMULA, RANGE, SHARED, cells_of, has_content, rows_of, split_sheet
from xlclv.xlsx.styles import number_format_of

_M: Final = f"{{{MAIN}}}"
# What users build on a tab and other parts of the book count on: no silent removal.
_USERS_OWN: Final = {"pivotTable", "slicer", "timeline"}
_WITHOUT_ADDRESS: Final = re.compile(rb"<c(?=[\s/>])(?![^>]*\sr=)")


@dataclass(frozen=True, slots=True)
class StandingTable:
    """A table that a spreadsheet lists by name, as it stands on a sheet.

    Args:
        name: Its display name.
        box: All its cells, headers and totals too.
        has_headers: It shows headers, in the first row of the box.
        totals_rows: Rows of totals at its end.
        grows: It takes in a new column beside it; one filled by a query does not.
    """

    name: str
    box: Box
    has_headers: bool = True
    totals_rows: int = 0
    grows: bool = True

    def grown(self, header_row: int, columns: set[int]) -> Box:
        """Return its box with those of the new columns that follow it without a gap."""
        box = self.box
        if self.grows and self.has_headers and box.first_row == header_row:
            while box.last_column + 1 in columns:
                box = box._replace(last_column=box.last_column + 1)
        return box


@dataclass(frozen=True)
class Piece:
    """The XML of a sheet: the rows, and all around them."""

    rows: bytes
    frame: etree._Element


class FileFacts:
    """What stands in the way in a workbook file; the file is only read.

    Protection keeps nobody from writing a copy, so no sheet counts as protected.
    """

    def __init__(self, book: Package) -> None:
        self._book = book
        self._parts = {tab.name: tab.part for tab in book.sheets()}
        self._piece = cache(self._read)

    @property
    def date_1904(self) -> bool:
        """Say whether days count from 1904."""
        return self._book.counts_from_1904()

    def is_protected(self, _sheet: str) -> bool:
        """Say that nothing keeps a copy from being written."""
        return False

    def holds_pivot(self, sheet: str) -> bool:
        """Say whether a pivot table, slicer or timeline stands on a sheet."""
        links = self._book.relationships(self._parts[sheet])
        return any(link.kind.rpartition("/")[2] in _USERS_OWN for link in links)

    def tables(self, sheet: str) -> list[StandingTable]:
        """Return the tables of a sheet."""
        return [
            standing_table(self._book.tree(part))
            for part in self._book.related(self._parts[sheet], "table")
        ]

    def number_format(self, sheet: str, row: int, column: int) -> str:
        """Return the code of the number format of a cell, "" for one of Excel's own."""
        if sheet not in self._parts:
            return ""
        rows = self._piece(sheet).rows
        spans = (span for span in rows_of(rows) if span.number == row)
        cells = (cell for span in spans for cell in cells_of(rows[span.inner : span.inner_end]))
        style = next((cell.style for cell in cells if cell.column == column), 0)
        return number_format_of(self._book, style)

    def content(self, sheet: str, box: Box) -> str:
        """Return the address of the first cell in a box that holds something, "" without."""
        rows = self._piece(sheet).rows
        if not _may_hold_cells(rows, box):
            return ""
        for row in rows_of(rows):
            if box.first_row <= row.number <= box.last_row:
                for cell in cells_of(rows[row.inner : row.inner_end]):
                    inside = box.first_column <= cell.column <= box.last_column
                    if inside and has_content(cell.content):
                        return f"{letters(cell.column)}{row.number}"
        return ""

    def merged(self, sheet: str, box: Box) -> str:
        """Return merged cells that reach into a box, "" without."""
        merges = self._piece(sheet).frame.iter(f"{_M}mergeCell")
        return _first_that_meets(box, (merge.get("ref", "A1") for merge in merges))

    def one_formula(self, sheet: str, box: Box) -> str:
        """Return cells filled by one array formula that reach into a box, "" without."""
        return _first_that_meets(box, _formula_ranges(self._piece(sheet).rows))

    def _read(self, sheet: str) -> Piece:
        xml = self._book.read(self._parts[sheet])
        head, rows, tail = split_sheet(xml) or (xml, b"", b"")
        return Piece(rows, self._book.parse(head + tail, self._parts[sheet]))


def _may_hold_cells(rows: bytes, box: Box) -> bool:
    """Say whether there may be cells in the columns of a box: in most sheets there are none."""
    columns = map(letters, range(box.first_column, box.last_column + 1))
    addressed = re.compile(rf"\sr=[\"'](?:{'|'.join(columns)})\d".encode())
    return bool(addressed.search(rows) or _WITHOUT_ADDRESS.search(rows))


def standing_table(root: etree._Element) -> StandingTable:
    """Return what the definition of a table says of where it stands."""
    return StandingTable(
        root.get("displayName", ""),
        Box.at(root.get("ref", "A1")),
        has_headers=root.get("headerRowCount") != "0",
        totals_rows=int(root.get("totalsRowCount", "0")),
        grows=root.get("tableType") != "queryTable",
    )


def named_tables(book: Package) -> list[str]:
    """Return the names of all tables of a workbook."""
    parts = (part for part in book.parts() if book.content_type(part) == CONTENT_TYPE + "table+xml")
    return [book.tree(part).get("displayName", "") for part in parts]


def defined_names(book: Package) -> list[str]:
    """Return the names that hold for a whole workbook."""
    names = book.tree(book.workbook).iter(f"{_M}definedName")
    return [name.get("name", "") for name in names if name.get("localSheetId") is None]


def _formula_ranges(rows: bytes) -> Iterator[str]:
    for formula in FORMULA.finditer(rows):
        span = RANGE.search(formula[1])
        if span and not SHARED.search(formula[1]):
            yield span[1].decode()


def _first_that_meets(box: Box, references: Iterator[str]) -> str:
    several = (ref for ref in references if ":" in ref)
    return next((ref for ref in several if Box.at(ref).meets(box)), "")
