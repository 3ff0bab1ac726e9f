"""Two books compared part by part: what xlclv wrote, and whether anything else differs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from xlclv.addresses import letters
from xlclv.errors import InputError, XlclvError
from xlclv.reading.gather import gather
from xlclv.reading.own import MARKER, outputs, own_tabs
from xlclv.reading.source import Source, read_source
from xlclv.refresh.outcome import result_columns, steps_on
from xlclv.schema import COLUMNS, STATUS_ROW, WRITTEN
from xlclv.tables import SPECS
from xlclv.words import number, word
from xlclv.xlsx.package import MAIN, Package, Relationship
from xlclv.xlsx.rows import cells_of, rows_of, split_sheet
from xlclv.xlsx.styles import canonical

_M: Final = f"{{{MAIN}}}"
_TYPES: Final = "[Content_Types].xml"
# Tabs whose sheets are ours as a whole; of the others only some columns are.
_WHOLE: Final = (*WRITTEN, "Ledger", COLUMNS.name)
_FILLED: Final = ("customers", "tiers", "rules")
_NAMED: Final = 5  # cells that a line names


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of a book that differs.

    Args:
        part: Its name in the file.
        text: What differs, in a sentence.
        ours: Whether it is what a refresh or a posting writes.
    """

    part: str
    text: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two books.

    Args:
        findings: Every part that differs.
        same: How many parts are the same, byte for byte.
    """

    findings: tuple[Finding, ...]
    same: int

    @property
    def only_ours(self) -> bool:
        """Say whether nothing but results differs."""
        return all(finding.ours for finding in self.findings)


def compare(before: Path, after: Path) -> Comparison:
    """Compare a book with what a refresh or a posting made of it.

    Raises:
        InputError: One of them is no workbook, or cannot be read.
    """
    with Package(before) as old, Package(after) as new:
        sources = [read_source(path, leave_unread=outputs) for path in (before, after)]
        if any(source.kind != "xlsx" for source in sources):
            raise InputError("not_a_workbook", path=after.name)
        return _Comparing(old, new, *sources).result()


class _Comparing:
    def __init__(self, old: Package, new: Package, before: Source, after: Source) -> None:
        self.old, self.new = old, new
        self.own = own_tabs(after)
        self.was_own = own_tabs(before)
        self.filled = _filled(before, self.was_own)
        self.tabs_old = {tab.part: tab.name for tab in old.sheets()}
        self.tabs_new = {tab.part: tab.name for tab in new.sheets()}
        # Tabs that are new have whole sheets of ours, whatever they are for.
        added = {tab for tab in self.own if tab not in self.was_own}
        self.sheets = {self.own[tab] for tab in self.own if tab in _WHOLE or tab in added}
        self.parts_old = _parts_of(old, self.sheets)
        self.parts_new = _parts_of(new, self.sheets)

    def result(self) -> Comparison:
        there = {part.lower(): part for part in self.old.parts()}
        now = {part.lower(): part for part in self.new.parts()}
        findings, same = [], 0
        for key in dict.fromkeys([*there, *now]):
            part = now.get(key) or there[key]
            if key in there and key in now and self.old.read(part) == self.new.read(part):
                same += 1
            else:
                findings.append(self._finding(part, key in there, key in now))
        return Comparison(tuple(findings), same)

    def _finding(self, part: str, was: bool, there: bool) -> Finding:  # noqa: FBT001 - two facts
        sheet = self.tabs_new.get(part) or self.tabs_old.get(part)
        if sheet in self.sheets:
            key = "tab_again" if was else "tab_new"
            return Finding(part, word(f"verify.{key}", sheet=sheet), ours=True)
        if (there and part in self.parts_new) or (was and not there and part in self.parts_old):
            owner = self.parts_new.get(part) or self.parts_old[part]
            return Finding(part, word("verify.of_tab", sheet=owner), ours=True)
        if was and there:
            return self._changed(part, sheet)
        if was and part in self.old.related(self.old.workbook, "calcChain"):
            return Finding(part, word("verify.calc_chain"), ours=True)
        return Finding(part, word("verify.gone" if was else "verify.added"), ours=False)

    def _changed(self, part: str, sheet: str | None) -> Finding:
        """Look into a part that is in both books."""
        if sheet is not None:
            return self._sheet(part, sheet)
        looks = {self.new.workbook: ("names", self._workbook), _TYPES: ("links", self._types)}
        for style in self.new.related(self.new.workbook, "styles"):
            looks[style] = ("formats", self._styles)
        key, test = looks.get(part, ("", self._never))
        if not key and part.endswith(".rels"):
            key, test = "links", self._links
        if not key and any(part in self.new.related(tab, "table") for tab in self.tabs_new):
            key, test = "table", self._table
        text = word(f"verify.{key}") if test(part) else word("verify.differs")
        return Finding(part, text, ours=test(part))

    @staticmethod
    def _never(_part: str) -> bool:
        return False

    def _workbook(self, part: str) -> bool:
        """Say whether the lists of tabs and names differ by ours only."""
        return self._plain_book(self.old, part) == self._plain_book(self.new, part)

    def _plain_book(self, book: Package, part: str) -> object:
        root = book.tree(part)
        ours = {*self.own.values(), *self.was_own.values()}
        names = [tab.get("name", "") for tab in root.iterfind(f"{_M}sheets/{_M}sheet")]
        for tab in root.findall(f"{_M}sheets/{_M}sheet"):
            if tab.get("name") in self.sheets:
                _drop(tab)
        for name in root.findall(f"{_M}definedNames/{_M}definedName"):
            found = MARKER.match(name.text or "")
            at = name.get("localSheetId", "")
            local = names[int(at)] if at.isdecimal() and int(at) < len(names) else ""
            if (found and found[1].replace("''", "'") in ours) or local in ours:
                _drop(name)
        for holder in root.findall(f"{_M}definedNames"):
            if not len(holder):
                _drop(holder)
        for settings in root.findall(f"{_M}calcPr"):
            settings.set("fullCalcOnLoad", "1")
            if len(settings.attrib) == 1:
                _drop(settings)
        return canonical(root)

    def _types(self, _part: str) -> bool:
        return self._typed(self.old, self.parts_old) == self._typed(self.new, self.parts_new)

    def _typed(self, book: Package, ours: Mapping[str, str]) -> Counter[object]:
        names = {f"/{part}".lower() for part in ours}
        names |= {f"/{part}".lower() for part in book.related(book.workbook, "calcChain")}
        entries = book.tree(_TYPES).iterchildren("*")
        kept = (entry for entry in entries if entry.get("PartName", "").lower() not in names)
        # Types that some added part needs say nothing of the parts that are there.
        return Counter(canonical(entry) for entry in kept if entry.get("PartName"))

    def _styles(self, part: str) -> bool:
        """Say whether formats were only added behind those that were there."""
        old, new = (book.tree(part) for book in (self.old, self.new))
        later = {child.tag: child for child in new.iterchildren("*")}
        for child in old.iterchildren("*"):
            other = later.get(child.tag)
            if other is None:
                return False
            pairs = zip(child.iterchildren("*"), other.iterchildren("*"), strict=False)
            if len(child) > len(other) or any(canonical(a) != canonical(b) for a, b in pairs):
                return False
        return True

    def _links(self, part: str) -> bool:
        """Say whether links of a part differ by those to our parts only."""
        folder, _, name = part.rpartition("_rels/")
        owner = folder + name.removesuffix(".rels")
        old = self._linked(self.old, owner, self.parts_old)
        return old == self._linked(self.new, owner, self.parts_new)

    @staticmethod
    def _linked(book: Package, owner: str, ours: Mapping[str, str]) -> Counter[Relationship]:
        def counts(link: Relationship) -> bool:
            return link.target not in ours and not link.kind.endswith(("/calcChain", "/styles"))

        return Counter(filter(counts, book.relationships(owner)))

    def _table(self, part: str) -> bool:
        """Say whether a table only took in columns of ours at its end."""
        old, new = (book.tree(part) for book in (self.old, self.new))
        lists = [tree.find(f"{_M}tableColumns") for tree in (old, new)]
        if lists[0] is None or lists[1] is None or len(lists[1]) < len(lists[0]):
            return False
        for column in list(lists[1])[len(lists[0]) :]:
            _drop(column)
        for tree in (old, new):
            for element in (
                tree,
                *tree.iterfind(f"{_M}autoFilter"),
                *tree.iterfind(f"{_M}tableColumns"),
            ):
                element.set("ref", "")
                element.set("count", "")
        return bool(canonical(old) == canonical(new))

    def _sheet(self, part: str, sheet: str) -> Finding:
        """Look into a sheet of the user's, of which some columns are filled."""
        ours = self.filled.get(sheet, [])
        old, new = (_Cells(book, part, ours) for book in (self.old, self.new))
        cells = sorted(
            key for key in {*old.cells, *new.cells} if old.cells.get(key) != new.cells.get(key)
        )
        if cells:
            named = ", ".join(f"{letters(column)}{row}" for row, column in cells[:_NAMED])
            more = " …" if len(cells) > _NAMED else ""
            facts = {"sheet": sheet, "count": number(len(cells)), "cells": named + more}
            return Finding(part, word("verify.cells", **facts), ours=False)
        if old.frame != new.frame or old.rows != new.rows:
            return Finding(part, word("verify.frame", sheet=sheet), ours=False)
        if all(row == STATUS_ROW for row, *_ in ours):
            return Finding(part, word("verify.status", sheet=sheet), ours=True)
        columns = ", ".join(
            sorted(
                {letters(column) for row, column, *_ in ours if row != STATUS_ROW},
                key=lambda c: (len(c), c),
            )
        )
        return Finding(part, word("verify.columns", sheet=sheet, columns=columns), ours=True)


# First row, column, last row, column of what is filled on a sheet.
Boxes = Sequence[tuple[int, int, int, int]]


class _Cells:
    """What stands on a sheet but for columns of ours: cells, how rows look, all around them."""

    def __init__(self, book: Package, part: str, ours: Boxes) -> None:
        pieces = split_sheet(book.read(part))
        head, rows, tail = pieces or (book.read(part), b"", b"")
        columns = {column for _, column, _, _ in ours}
        self.cells: dict[tuple[int, int], bytes] = {}
        self.rows: dict[int, bytes] = {}
        for row in rows_of(rows):
            inner = rows[row.inner : row.inner_end]
            mine = {c for first, c, last, _ in ours if first <= row.number <= last}
            found = {
                (row.number, cell.column): inner[cell.start : cell.end]
                for cell in cells_of(inner)
                if cell.column not in mine
            }
            self.cells |= found
            look = _row_look(rows[row.start : row.inner])
            if look:
                self.rows[row.number] = look
        root = book.parse(head + tail, part)
        for extent in root.findall(f"{_M}dimension"):
            _drop(extent)
        for widths in root.findall(f"{_M}cols"):
            for width in widths.findall(f"{_M}col"):
                if width.get("min") == width.get("max") and int(width.get("min", "0")) in columns:
                    _drop(width)
            if not len(widths):
                _drop(widths)
        self.frame = canonical(root)


def _row_look(tag: bytes) -> bytes:
    """Return what a row says of its looks, without its number and extent."""
    words = tag.strip(b"</>").removesuffix(b"/").split()[1:]
    return b" ".join(one for one in words if not one.startswith((b"r=", b"spans=")))


def _filled(source: Source, own: Mapping[str, str]) -> dict[str, list[tuple[int, int, int, int]]]:
    """Return what a refresh of a book fills on sheets that are not written as a whole."""
    found: dict[str, list[tuple[int, int, int, int]]] = {
        sheet: [(STATUS_ROW, 1, STATUS_ROW, 1)] for sheet in own.values()
    }
    for at, steps in steps_on(source, own):
        found[own["Start"]].append((at + 1, 2, at + len(steps), 2))
    try:
        book = gather(source)
    except XlclvError:  # a book without a table of ours: nothing is filled
        return found
    for name in _FILLED:
        table = book.found.get(name)
        if table is None or book.inputs is None:
            continue
        place, rows = table.raw.where, table.raw.rows
        for position, _ in result_columns(table, SPECS[name]).values():
            column = place.first_column + position
            box = (place.header_row, column, place.header_row + rows, column)
            found.setdefault(table.sheet, []).append(box)
    return found


def _parts_of(book: Package, sheets: set[str]) -> dict[str, str]:
    """Return the parts that belong to some tabs, and their links, each with the tab's name."""
    found: dict[str, str] = {}
    for tab in book.sheets():
        if tab.name in sheets:
            for part in (tab.part, *book.reach(tab.part)):
                folder, _, name = part.rpartition("/")
                found[part] = tab.name
                found[f"{folder}/_rels/{name}.rels"] = tab.name
    return found


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def told(comparison: Comparison) -> Iterator[str]:
    """Yield a line per part that differs, ours first, and one about all the others."""
    for finding in sorted(comparison.findings, key=lambda one: one.ours, reverse=True):
        mark = "  " if finding.ours else "✖ "
        yield f"{mark}{finding.part}: {finding.text}"
    yield word("verify.same", count=number(comparison.same))
