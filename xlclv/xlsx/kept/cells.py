"""The cells of a user on a tab of ours, and colours the user gave to cells of ours."""

import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from openpyxl.formula.translate import Translator, TranslatorError

from xlclv.addresses import LAST_ROW, Box, letters, number_of
from xlclv.errors import InputError
from xlclv.xlsx.kept.looks import Looks
from xlclv.xlsx.kept.moves import Moves, Place
from xlclv.xlsx.kept.old import OldTab, TabTable
from xlclv.xlsx.rows import RANGE, SHARED, CellSpan, escaped, has_content

_ADDRESS: Final = re.compile(rb"\sr=[\"'][A-Z]+\d+[\"']")
_COLUMNS: Final = re.compile(rb"<c\s[^>]*?\br=[\"']([A-Z]+)")
_BARE: Final = re.compile(rb"<c(?![^>]*\sr=)[\s/>]")
_STYLES: Final = re.compile(rb"<c\s[^>]*?\bs=[\"'](\d+)")
_FORMULA: Final = re.compile(rb"<f(?=[\s/>])[^>]*?(?:/>|>(.*?)</f>)", re.DOTALL)


@dataclass
class Kept:
    """What is put on the new tab.

    Args:
        cells: XML of the cells of the user, by new row and column.
        styles: Formats that the user gave to cells of ours, by new row and column.
        came_from: Where each of the cells stood, for a refusal.
    """

    cells: dict[int, dict[int, bytes]] = field(default_factory=dict)
    styles: dict[int, dict[int, int]] = field(default_factory=dict)
    came_from: dict[Place, str] = field(default_factory=dict)

    @property
    def formulas(self) -> bool:
        """Say whether there is a formula among the cells."""
        return any(b"<f" in cell for row in self.cells.values() for cell in row.values())

    def box(self) -> Box | None:
        """Return the cells that hold all that is put there."""
        if not self.came_from:
            return None
        rows, columns = zip(*self.came_from, strict=True)
        return Box(min(rows), min(columns), max(rows), max(columns))


class Finder:
    """Finds on an old tab what the user put there.

    Args:
        old: The tab as it stood.
        new: Its new rows; formats of the user's book stand in them.
        drawn: The cells that are drawn.
        tables: The tables that are drawn.
        looks: The formats of the book.
        signals: Colours of ours that show a state; outside of tables they come and go.
    """

    def __init__(
        self,
        old: OldTab,
        new: bytes,
        drawn: Box,
        tables: Sequence[TabTable],
        looks: Looks,
        signals: Collection[str],
    ) -> None:
        self.old, self.looks, self.signals = old, looks, signals
        self.moves = Moves(old, new, tables)
        self.were = old.ours(tables)
        self.areas = list(old.areas) or [self._all_below(drawn)]
        self.ours = {int(found) for found in set(_STYLES.findall(new))} | {0}
        self._masters: dict[bytes, tuple[str, bytes]] = {}

    def _all_below(self, drawn: Box) -> Box:
        """Return what may have been ours in a book that does not tell: all but what is beside."""
        whole = Box(1, 1, LAST_ROW, drawn.last_column)
        for table in self.were:
            own = next((body.own for body in self.moves.bodies if body.old is table), range(0))
            last = own.start - 1 if own else table.box.last_column
            whole = whole.around(whole._replace(last_column=last))
        return whole

    def found(self) -> Kept:
        """Return what is to be put on the new tab.

        Raises:
            InputError: Something of it has no place there any more.
        """
        kept = Kept()
        plain = self._plain_rows()
        for row in self.old.rows():
            if row.number in plain:
                continue
            inner = self.old.inside(row)
            mine = [area for area in self.areas if area.first_row <= row.number <= area.last_row]
            for cell in self.old.cells(row):
                at = cell.column
                if not any(area.first_column <= at <= area.last_column for area in mine):
                    self._keep_cell(kept, row.number, cell, inner[cell.start : cell.end])
                elif cell.style not in self.ours:
                    self._keep_look(kept, row.number, cell)
        return kept

    def _plain_rows(self) -> range:
        """Return rows in which nobody put anything, told at once for a table of any length."""
        rows, none = self.old.rows_xml, range(0)
        main = max(self.areas, key=lambda area: area.last_row - area.first_row)
        if main.first_column > 1 or _BARE.search(rows):
            return none
        columns = {number_of(found.decode()) for found in set(_COLUMNS.findall(rows))}
        styles = {int(found) for found in set(_STYLES.findall(rows))}
        if max(columns, default=0) > main.last_column or not styles <= self.ours:
            return none
        return range(main.first_row, main.last_row + 1)

    def _keep_cell(self, kept: Kept, row: int, cell: CellSpan, xml: bytes) -> None:
        filled = has_content(cell.content)
        if not (filled or cell.style):
            return
        here = f"{letters(cell.column)}{row}"
        place = self.moves.place(row, cell.column)
        if place is None:
            if filled:
                raise self.refusal("kept_row_gone", here)
            return
        moved = self._moved(xml, here, place)
        kept.cells.setdefault(place[0], {})[place[1]] = moved
        kept.came_from[place] = here

    def refusal(self, key: str, cells: object) -> InputError:
        """Return why something of the user has no place any more."""
        return InputError(key, path=self.old.book.path.name, sheet=self.old.name, cells=cells)

    def _moved(self, xml: bytes, here: str, place: Place) -> bytes:
        """Return a cell at its new place; a formula looks from there as it did."""
        there = f"{letters(place[1])}{place[0]}"
        formula = _FORMULA.search(xml)
        if formula is not None:
            written = self._formula(formula, here, there)
            xml = xml[: formula.start()] + written + xml[formula.end() :]
        tag = xml[: xml.index(b">")]
        address = f' r="{there}"'.encode()
        if _ADDRESS.search(tag):
            return _ADDRESS.sub(address, tag, count=1) + xml[len(tag) :]
        return b"<c" + address + xml[2:]

    def _formula(self, found: re.Match[bytes], here: str, there: str) -> bytes:
        tag = found[0][: found[0].index(b">") + 1]
        shared, span = SHARED.search(tag), RANGE.search(tag)
        text, source = found[1] or b"", here
        if shared is not None:
            if text:
                self._masters[shared[1]] = (here, text)
            source, text = self._masters.get(shared[1], (here, text))
        elif span is not None and here != there:  # an array fills several cells at once
            raise self.refusal("kept_array_moved", here)
        elif here == there:
            return found[0]
        plain = html.unescape(text.decode())
        return f"<f>{escaped(_translated(plain, source, there))}</f>".encode()

    def _keep_look(self, kept: Kept, row: int, cell: CellSpan) -> None:
        """Note a colour or another format that the user gave to a cell of ours."""
        inside = any(_holds(table.box, row, cell.column) for table in self.were)
        if not inside and self.looks.signals(cell.style, self.signals):
            return
        place = self.moves.place(row, cell.column)
        if place is not None and self.looks.foreign(cell.style, self.ours):
            kept.styles.setdefault(place[0], {})[place[1]] = cell.style


def _holds(box: Box, row: int, column: int) -> bool:
    return box.meets(Box(row, column, row, column))


def _translated(formula: str, source: str, target: str) -> str:
    if source == target or not formula:
        return formula
    try:
        return str(Translator(f"={formula}", source).translate_formula(target))[1:]
    except (TranslatorError, ValueError):
        return formula
