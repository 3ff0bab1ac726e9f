"""Change cells of a table on a user's sheet and add rows below it, by splicing its XML.

Every other cell, and everything else of the sheet, keeps its very bytes. New rows look like the
last one; columns that the table computes are computed in them too; conditional formats, drop-downs
and names that end with the table's last row reach over them.
"""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from lxml import etree
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.worksheet.cell_range import CellRange

from xlclv.addresses import LAST_ROW, letters
from xlclv.errors import InputError
from xlclv.xlsx.cells import cell_xml
from xlclv.xlsx.package import MAIN, Package
from xlclv.xlsx.rows import CellSpan, RowSpan, cells_of, escaped, has_content, rows_of, split_sheet

_M: Final = f"{{{MAIN}}}"
_DIMENSION: Final = re.compile(rb"(<dimension\s[^>]*?ref=[\"'])([A-Z0-9:]+)")
_RANGES: Final = re.compile(rb"(\ssqref=[\"'])([A-Z0-9: ]+)|(<xm:sqref>)([A-Z0-9: ]+)")


@dataclass(frozen=True, slots=True)
class Box:
    """Where the table stands on its sheet; rows and columns from 1.

    Args:
        sheet: Name of the sheet.
        table: Display name of the table that Excel lists there; "" where it is a plain range.
        header: Row of its headers.
        last: Last row of its body.
        first_column: Its first column.
        last_column: Its last column.
    """

    sheet: str
    table: str
    header: int
    last: int
    first_column: int
    last_column: int


def put_rows(
    book: Package,
    box: Box,
    changed: Mapping[tuple[int, int], object],
    added: Sequence[Mapping[int, object]],
) -> None:
    """Change cells of a table and add rows at its end.

    Args:
        book: The user's book; it holds the change until it is written.
        box: Where the table stands.
        changed: Row and column of the sheet to the new value.
        added: The rows to add, each column of the sheet to value.

    Raises:
        InputError: The sheet is missing or cannot be spliced, has no room left, or something
            stands below the table. `book` is then half changed; do not write it.
    """
    tab = next((tab for tab in book.sheets() if tab.name == box.sheet and tab.has_cells), None)
    if tab is None:
        raise InputError("sheet_unknown", path=book.path.name, sheet=box.sheet)
    pieces = split_sheet(book.read(tab.part))
    if pieces is None:
        raise InputError("sheet_not_spliceable", path=book.path.name, sheet=box.sheet)
    if box.last + len(added) > LAST_ROW:
        raise InputError("rows_too_many", path=book.path.name, sheet=box.sheet, count=len(added))
    head, rows, tail = pieces
    formulas = _stretch_table(book, tab.part, box, len(added)) if added else {}
    rows = _Splicer(book, box, changed, added, formulas).rows(rows)
    if added:
        head, tail = (_stretched(part, box, len(added)) for part in (head, tail))
        head = _with_dimension(head, box, len(added))
        _stretch_names(book, box, len(added))
    if formulas and added:
        _compute_on_load(book)
    book.put(tab.part, head + b"<sheetData>" + rows + b"</sheetData>" + tail)


@dataclass
class _Splicer:
    """Writes changed and new cells between the bytes that stay."""

    book: Package
    box: Box
    changed: Mapping[tuple[int, int], object]
    added: Sequence[Mapping[int, object]]
    formulas: Mapping[int, str]  # of computed columns, by column
    styles: dict[int, int] = field(default_factory=dict)
    epoch: datetime = WINDOWS_EPOCH

    def __post_init__(self) -> None:
        self.epoch = MAC_EPOCH if self.book.counts_from_1904() else WINDOWS_EPOCH
        self.by_row: dict[int, dict[int, object]] = {}
        for (row, column), value in self.changed.items():
            self.by_row.setdefault(row, {})[column] = value

    def rows(self, xml: bytes) -> bytes:
        """Return the rows with the changes in them."""
        found = list(rows_of(xml))
        last = next((row for row in found if row.number == self.box.last), None)
        if last is not None:
            cells = cells_of(xml[last.inner : last.inner_end])
            self.styles = {cell.column: cell.style for cell in cells}
        new = deque(
            (number, self._new(row)) for number, row in enumerate(self.added, self.box.last + 1)
        )
        out: list[bytes] = []
        at = 0
        for row in found:
            while new and new[0][0] < row.number:
                out += [xml[at : row.start], self._added_row(*new.popleft())]
                at = row.start
            is_new = bool(new) and new[0][0] == row.number
            content = new.popleft()[1] if is_new else self.by_row.get(row.number)
            if content is not None:
                out += [xml[at : row.start], self._row(xml, row, content)]
                at = row.end
        out.append(xml[at:])
        out += [self._added_row(*row) for row in new]
        return b"".join(out)

    def _new(self, row: Mapping[int, object]) -> dict[int, object]:
        """Return the cells of a new row: values, formulas of the table, and empty ones."""
        columns = range(self.box.first_column, self.box.last_column + 1)
        cells: dict[int, object] = dict.fromkeys(columns)
        cells |= {column: _Formula(text) for column, text in self.formulas.items()}
        return cells | dict(row)

    def _added_row(self, number: int, cells: Mapping[int, object]) -> bytes:
        written = b"".join(
            self._cell(number, column, self.styles.get(column, 0), value)
            for column, value in sorted(cells.items())
        )
        return b'<row r="%d">%s</row>' % (number, written)

    def _row(self, xml: bytes, row: RowSpan, cells: Mapping[int, object]) -> bytes:
        """Return a row that is there with cells put in or replaced."""
        inner = xml[row.inner : row.inner_end]
        is_new = row.number > self.box.last
        out: list[bytes] = []
        at, waiting = 0, deque(sorted(cells.items()))
        for cell in cells_of(inner):
            while waiting and waiting[0][0] < cell.column:
                out += [inner[at : cell.start], self._put(row.number, waiting.popleft(), None)]
                at = cell.start
            if waiting and waiting[0][0] == cell.column:
                if is_new and has_content(cell.content):
                    place = f"{letters(cell.column)}{row.number}"
                    raise InputError(
                        "rows_in_way", path=self.book.path.name, sheet=self.box.sheet, cells=place
                    )
                out += [inner[at : cell.start], self._put(row.number, waiting.popleft(), cell)]
                at = cell.end
        out.append(inner[at:])
        out += [self._put(row.number, one, None) for one in waiting]
        opening = xml[row.start : row.inner]
        if opening.endswith(b"/>"):
            return opening[:-2] + b">" + b"".join(out) + b"</row>"
        return opening + b"".join(out) + xml[row.inner_end : row.end]

    def _put(self, row: int, cell: tuple[int, object], old: CellSpan | None) -> bytes:
        column, value = cell
        style = self.styles.get(column, 0) if old is None or row > self.box.last else old.style
        if old is not None and b"<f" in old.content:
            self.book.drop_calc_chain()
        return self._cell(row, column, style, value)

    def _cell(self, row: int, column: int, style: int, value: object) -> bytes:
        address = f"{letters(column)}{row}"
        if isinstance(value, _Formula):
            look = f' s="{style}"' if style else ""
            return f'<c r="{address}"{look}><f>{escaped(value.text)}</f></c>'.encode()
        return cell_xml(address, style, value, self.epoch).encode()


@dataclass(frozen=True, slots=True)
class _Formula:
    text: str


def _stretch_table(book: Package, part: str, box: Box, rows: int) -> dict[int, str]:
    """Let the listed table take in new rows; return the formulas of its computed columns.

    Raises:
        InputError: It shows totals, or another table stands below it.
    """
    trees = {name: book.tree(name) for name in book.related(part, "table")}
    reach = CellRange(None, box.first_column, box.last + 1, box.last_column, box.last + rows)
    formulas: dict[int, str] = {}
    for name, table in trees.items():
        place = CellRange(table.get("ref", "A1"))
        if table.get("displayName") != box.table:
            if not place.isdisjoint(reach):
                raise _in_way(book, box, place.coord)
            continue
        if int(table.get("totalsRowCount", "0")):
            raise InputError("table_has_totals", path=book.path.name, sheet=box.sheet)
        for element in (table, *table.iterfind(f"{_M}autoFilter")):
            ref = CellRange(element.get("ref", place.coord))
            ref.expand(down=rows)
            element.set("ref", ref.coord)
        for at, column in enumerate(table.iterfind(f"{_M}tableColumns/{_M}tableColumn")):
            text = column.findtext(f"{_M}calculatedColumnFormula")
            if text:
                formulas[place.min_col + at] = text
        book.put(name, table)
    return formulas


def _in_way(book: Package, box: Box, cells: str) -> InputError:
    return InputError("rows_in_way", path=book.path.name, sheet=box.sheet, cells=cells)


def _stretched(xml: bytes, box: Box, rows: int) -> bytes:
    """Let conditional formats and drop-downs that end with the table reach over new rows."""

    def grown(found: re.Match[bytes]) -> bytes:
        before, refs = (found[1], found[2]) if found[1] else (found[3], found[4])
        return before + b" ".join(_grown(ref.decode(), box, rows) for ref in refs.split())

    return _RANGES.sub(grown, xml)


def _grown(ref: str, box: Box, rows: int) -> bytes:
    place = CellRange(ref)
    inside = box.first_column <= place.min_col and place.max_col <= box.last_column
    if inside and place.min_row > box.header and place.max_row == box.last:
        place.expand(down=rows)
    return str(place.coord).encode()


def _stretch_names(book: Package, box: Box, rows: int) -> None:
    """Let names of ranges that end with the table reach over new rows."""
    sheet = re.escape(box.sheet.replace("'", "''"))
    ends = re.compile(rf"((?:'{sheet}'|{sheet})!\$[A-Z]+\$(\d+):\$[A-Z]+\$){box.last}(?!\d)")
    root = book.tree(book.workbook)
    changed = False
    for name in root.iterfind(f"{_M}definedNames/{_M}definedName"):
        found = ends.search(name.text or "")
        if found and int(found[2]) in (box.header, box.header + 1):
            name.text = ends.sub(rf"\g<1>{box.last + rows}", name.text or "")
            changed = True
    if changed:
        book.put(book.workbook, root)


def _compute_on_load(book: Package) -> None:
    """Let formulas that were added be computed when the book is opened."""
    root = book.tree(book.workbook)
    setting = root.find(f"{_M}calcPr")
    if setting is None:
        setting = etree.Element(f"{_M}calcPr")
        before = [
            place
            for name in ("definedNames", "externalReferences", "functionGroups", "sheets")
            if (place := root.find(f"{_M}{name}")) is not None
        ]
        before[0].addnext(setting)
    setting.set("fullCalcOnLoad", "1")
    book.put(book.workbook, root)
    book.drop_calc_chain()


def _with_dimension(head: bytes, box: Box, rows: int) -> bytes:
    def grown(found: re.Match[bytes]) -> bytes:
        used = CellRange(found[2].decode())
        last = CellRange(None, box.first_column, box.header, box.last_column, box.last + rows)
        whole = used.union(last)  # type: ignore[no-untyped-call]
        return found[1] + str(whole.coord).encode()

    return _DIMENSION.sub(grown, head, count=1)
