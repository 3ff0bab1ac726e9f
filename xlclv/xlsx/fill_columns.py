"""Fill columns beside a user's own, by splicing the XML of the sheet.

Only the cells of these columns are written; every other cell, and everything else of the sheet,
keeps its very bytes. A table (ListObject) that new columns adjoin grows over them.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from lxml import etree
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from xlclv.addresses import Box, letters
from xlclv.errors import InputError
from xlclv.xlsx.cells import cell_xml
from xlclv.xlsx.facts import standing_table
from xlclv.xlsx.package import MAIN, Package
from xlclv.xlsx.rows import (
    FORMULA,
    RANGE,
    SHARED,
    CellSpan,
    RowSpan,
    cells_of,
    escaped,
    has_content,
    rows_of,
    split_sheet,
)
from xlclv.xlsx.styles import StyleList, number_format, style_sheet, whole

_M: Final = f"{{{MAIN}}}"
_WIDTHS: Final = (10, 64)  # least and most of a new column, in characters

_COLS: Final = re.compile(rb"<cols>.*</cols>", re.DOTALL)
_COL: Final = re.compile(rb"(<col\s[^>]*?min=[\"'](\d+)[^>]*>(?:</col>)?)")
_DIMENSION: Final = re.compile(rb"(<dimension\s[^>]*?ref=[\"'])([A-Z0-9:]+)")


@dataclass(frozen=True, slots=True)
class FilledColumn:
    """One column to write.

    Attributes:
        column: Where it stands on the sheet, from 1.
        header: Its name, written where the header cell is empty.
        values: One per row: number, text, true or false, date, error, or None for empty.
        number_format: Excel's code for it, such as "0.0%"; a column that exists keeps its own.
        width: Characters it should show; a column that exists keeps its own.
    """

    column: int
    header: str
    values: Sequence[object]
    number_format: str | None = None
    width: float = 0


def fill_columns(
    book: Package,
    sheet: str,
    header_row: int,
    first_row: int,
    last_row: int,
    columns: Sequence[FilledColumn],
) -> None:
    """Write columns into a sheet of the user's, one value per row, next to what is there.

    A column is new where its header cell is empty: then it looks like the cells on its left. Cells
    without a header, such as a line of text, keep their look. What stands where the columns go is
    written over; whether it may be, `FileFacts` tells.

    Args:
        book: The user's book; it holds the change until it is written.
        sheet: Name of the tab.
        header_row: Row of the headers, from 1.
        first_row: First row of values, below the headers.
        last_row: Last row of values, above a row of totals.
        columns: The columns; each has one value for each of these rows.

    Raises:
        InputError: The sheet is missing or in a form that cannot be spliced, or the table cannot
            take a column in. `book` is then half changed; do not write it.
    """
    tab = next((tab for tab in book.sheets() if tab.name == sheet and tab.has_cells), None)
    if tab is None:
        raise InputError("sheet_unknown", path=book.path.name, sheet=sheet)
    pieces = split_sheet(book.read(tab.part))
    if pieces is None:
        raise InputError("sheet_not_spliceable", path=book.path.name, sheet=sheet)
    head, rows, tail = pieces
    frame = book.parse(head + tail, tab.part)
    area = _Area(book.path.name, sheet, header_row, first_row, last_row, rows)
    targets = _targets(area, columns)
    for part in book.related(tab.part, "table"):
        table = book.tree(part)
        if _grow_table(area, table, targets):
            book.put(part, table)
    rows = _Splicer(book, area, targets).rows()
    head = _with_dimension(_with_widths(head, targets, frame), area, targets)
    book.put(tab.part, head + b"<sheetData>" + rows + b"</sheetData>" + tail)


@dataclass(frozen=True, slots=True)
class _Area:
    """The rows to fill, what a refusal names, and what stands between the sheetData tags."""

    path: str
    sheet: str
    header: int
    first: int
    last: int
    xml: bytes

    def refusal(self, key: str, cells: object) -> InputError:
        return InputError(key, path=self.path, sheet=self.sheet, cells=cells)

    def box(self, column: int) -> Box:
        return Box(self.header, column, self.last, column)

    def cells(self, row: RowSpan) -> Iterator[CellSpan]:
        return cells_of(self.xml[row.inner : row.inner_end])


@dataclass(slots=True)
class _Target:
    """A column to fill: whether it is new, and how its first cell looks if it is not."""

    column: FilledColumn
    new: bool
    style: int | None = None


def _targets(area: _Area, columns: Sequence[FilledColumn]) -> list[_Target]:
    """Tell new columns from those whose header is there."""
    header = next((row for row in rows_of(area.xml) if row.number == area.header), None)
    cells = area.cells(header) if header else ()
    named = {cell.column for cell in cells if has_content(cell.content)}
    ordered = sorted(columns, key=lambda column: column.column)
    return [
        _Target(column, new=bool(column.header) and column.column not in named)
        for column in ordered
    ]


def _grow_table(area: _Area, table: etree._Element, targets: Sequence[_Target]) -> bool:
    """Extend a table that new columns adjoin; say whether they do."""
    standing = standing_table(table)
    new = {target.column.column: target.column for target in targets if target.new}
    grown = standing.grown(area.header, set(new))
    added = range(standing.box.last_column + 1, grown.last_column + 1)
    if added:
        _extend(area, table, grown, [new[column] for column in added])
    return bool(added)


def _extend(area: _Area, table: etree._Element, box: Box, added: Sequence[FilledColumn]) -> None:
    """Add columns to the definition of a table."""
    table.set("ref", str(box))
    for filtered in table.iterfind(f"{_M}autoFilter"):
        kept = Box.at(filtered.get("ref", str(box)))
        filtered.set("ref", str(kept._replace(last_column=kept.last_column + len(added))))
    names = table.find(f"{_M}tableColumns")
    if names is None:
        raise InputError("damaged_workbook", path=area.path, part=table.get("displayName", ""))
    taken = {name.get("name", "").casefold() for name in names.iterchildren("*")}
    number = max((whole(name.get("id")) for name in names.iterchildren("*")), default=0)
    for at, column in enumerate(added, 1):
        if column.header.casefold() in taken:
            raise area.refusal("table_column_taken", column.header)
        taken.add(column.header.casefold())
        place = {"id": str(number + at), "name": escaped(column.header)}
        etree.SubElement(names, f"{_M}tableColumn", place)
    names.set("count", str(len(names)))


@dataclass
class _Splicer:
    """Writes the cells of the columns between the bytes that stay."""

    book: Package
    area: _Area
    targets: Sequence[_Target]
    looks: dict[tuple[int, str], int] = field(default_factory=dict)
    lost_shared: set[bytes] = field(default_factory=set)
    epoch: datetime = WINDOWS_EPOCH

    def __post_init__(self) -> None:
        self.epoch = MAC_EPOCH if self.book.counts_from_1904() else WINDOWS_EPOCH

    def rows(self) -> bytes:
        """Return the rows with the columns in them."""
        out, at, xml = [], 0, self.area.xml
        waiting = deque([self.area.header, *range(self.area.first, self.area.last + 1)])
        for row in rows_of(xml):
            out.append(xml[at : row.start])
            at = row.start
            while waiting and waiting[0] < row.number:
                out.append(self._added_row(waiting.popleft()))
            if waiting and waiting[0] == row.number:
                out.append(self._row(row, waiting.popleft()))
                at = row.end
        out.append(xml[at:])
        out.extend(self._added_row(number) for number in waiting)
        xml = b"".join(out)
        copies = {si[1] for f in FORMULA.finditer(xml) if (si := SHARED.search(f[1]))}
        if copies & self.lost_shared:  # the formula they copy would be gone
            raise self.area.refusal("formula_shared", self.targets[0].column.header)
        return xml

    def _added_row(self, number: int) -> bytes:
        cells = b"".join(self._cell(target, number, None, 0) for target in self.targets)
        return b'<row r="%d">%s</row>' % (number, cells) if cells else b""

    def _row(self, row: RowSpan, number: int) -> bytes:
        """Return a row with the cells of the columns put in or replaced."""
        xml = self.area.xml[row.inner : row.inner_end]
        out, at, end, left = [], 0, 0, 0
        header = number == self.area.header
        waiting = deque(target for target in self.targets if target.new or not header)
        for cell in self.area.cells(row):
            while waiting and waiting[0].column.column < cell.column:
                out += [xml[at : cell.start], self._cell(waiting.popleft(), number, None, left)]
                at = cell.start
            end = cell.end
            if waiting and waiting[0].column.column == cell.column:
                target = waiting.popleft()
                out += [xml[at : cell.start], self._cell(target, number, cell, left)]
                at, left = cell.end, left if target.new else cell.style
            else:
                left = cell.style
        out.append(xml[at:end])
        out.extend(self._cell(target, number, None, left) for target in waiting)
        return self._wrapped(row, b"".join(out) + xml[end:])

    def _wrapped(self, row: RowSpan, cells: bytes) -> bytes:
        opening = self.area.xml[row.start : row.inner]
        if opening.endswith(b"/>"):
            return opening[:-2] + b">" + cells + b"</row>" if cells else opening
        return opening + cells + self.area.xml[row.inner_end : row.end]

    def _cell(self, target: _Target, row: int, old: CellSpan | None, left: int) -> bytes:
        """Return one cell of a column, looking as the column did or as the cell on its left."""
        address = f"{letters(target.column.column)}{row}"
        header = row == self.area.header
        style = left if header else self._style(target, row, old, left)
        values = target.column.values
        value = target.column.header if header else values[row - self.area.first]
        if old:
            self._lose(old.content)
        return cell_xml(address, style, value, self.epoch).encode()

    def _style(self, target: _Target, row: int, old: CellSpan | None, left: int) -> int:
        if old and not target.new:
            if row == self.area.first:
                target.style = old.style
            return old.style
        looks = self._numbered(left, target.column.number_format)
        return looks if target.style is None else target.style

    def _numbered(self, style: int, code: str | None) -> int:
        """Return the cell format that is like another but for its number format."""
        if code is None:
            return style
        if (style, code) not in self.looks:
            part, styles = style_sheet(self.book)
            formats = StyleList(styles, "cellXfs")
            look = formats.like(style)
            look.set("numFmtId", number_format(styles, code))
            look.set("applyNumberFormat", "1")
            self.looks[style, code] = formats.add(look)
            self.book.put(part, styles)
        return self.looks[style, code]

    def _lose(self, content: bytes) -> None:
        """Note that a formula is overwritten: others may copy it, and it is computed no more."""
        for formula in FORMULA.finditer(content):
            self.book.drop_calc_chain()
            shared = SHARED.search(formula[1])
            if shared and RANGE.search(formula[1]):
                self.lost_shared.add(shared[1])


def _with_widths(head: bytes, targets: Sequence[_Target], frame: etree._Element) -> bytes:
    """Give new columns a width that shows their header, where the sheet says none."""
    spans = [(whole(c.get("min")), whole(c.get("max"))) for c in frame.iter(f"{_M}col")]
    new = []
    for target in targets:
        at = target.column.column
        if target.new and not any(first <= at <= last for first, last in spans):
            wanted = max(len(target.column.header) + 3, target.column.width, _WIDTHS[0])
            width = min(wanted, _WIDTHS[1])
            place = b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (at, at, width)
            new.append((place, at))
    if not new:
        return head
    old = _COLS.search(head)
    start, end = old.span() if old else (len(head), len(head))
    places = sorted([*_COL.findall(head[start:end]), *new], key=lambda place: int(place[1]))
    return head[:start] + b"<cols>" + b"".join(p for p, _ in places) + b"</cols>" + head[end:]


def _with_dimension(head: bytes, area: _Area, targets: Sequence[_Target]) -> bytes:
    """Let the range the sheet claims to use take in the columns."""

    def grown(found: re.Match[bytes]) -> bytes:
        used = Box.at(found[2].decode())
        for target in targets:
            used = used.around(area.box(target.column.column))
        return found[1] + str(used).encode()

    return _DIMENSION.sub(grown, head, count=1)
