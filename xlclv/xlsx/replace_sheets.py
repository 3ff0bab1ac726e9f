"""Put finished tabs into a user's book, each with its parts; the rest of the book stays as it is.

The tabs come from a book that XlsxWriter made for this. Its styles are merged into the user's,
its shared strings move into their cells, its parts get free names, its names join the user's.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from xlclv.addresses import Box
from xlclv.errors import InputError
from xlclv.xlsx.kept.cells import Finder, Kept
from xlclv.xlsx.kept.frame import merge
from xlclv.xlsx.kept.looks import Looks
from xlclv.xlsx.kept.moves import Body
from xlclv.xlsx.kept.old import tables_of
from xlclv.xlsx.kept.parts import (
    add_to_drawing,
    extend_table,
    fresh_id,
    link_again,
    move_notes,
    number_links,
)
from xlclv.xlsx.kept.putting import put_in
from xlclv.xlsx.kept.rooms import (
    FORMULA,
    Drawn,
    Own,
    Room,
    key_of,
    make_room,
    markers,
)
from xlclv.xlsx.merge_styles import Merged, merge_styles
from xlclv.xlsx.package import CONTENT_TYPE, MAIN, Package, serialise
from xlclv.xlsx.rows import split_sheet
from xlclv.xlsx.styles import style_sheet, whole

_M: Final = f"{{{MAIN}}}"
_TABLE: Final = CONTENT_TYPE + "table+xml"
# What a book of XlsxWriter's may link to here; anything more needs care the graft lacks.
_PORTABLE: Final = {"worksheet", "theme", "styles", "sharedStrings"}

_DIFFERENCES: Final = {"dxfId", "dataDxfId", "headerRowDxfId", "totalsRowDxfId"}
_FORMULAS: Final = {
    *("f", "formula", "formula1", "formula2"),
    *("calculatedColumnFormula", "totalsRowFormula"),
}

# In text "<" is always escaped, so these match tags only.
_FORMULA_TEXT: Final = re.compile(rb"(<f(?: [^>]*)?>)([^<]+)")
_STYLED: Final = re.compile(rb"(<(?:c|row) [^>]*? s=\")(\d+)")
_SHARED: Final = re.compile(rb"t=\"s\"><v>(\d+)</v>")
_STRING: Final = re.compile(rb"<si>(.*?)</si>", re.DOTALL)
# A text in quotes, a sheet's name in quotes, or one that needs none; the mark after a name.
_SHEET: Final = re.compile(r"\"[^\"]*\"|'((?:[^']|'')+)'!|(?<![\w.'\]])([\w.]+)!")

Rename = Callable[[str], str]


def graft(book: Package, tabs: Package, place: Mapping[str, str], own: Own | None = None) -> None:
    """Put tabs of one book into another, in place of those of the same name or at the end.

    Cells that have no format take the default look of `book`. What the user added to a tab that is
    replaced stays: cells and columns, formats, notes, charts, rules, protection. Whether names are
    taken, `FileFacts` tells.

    Args:
        book: The user's book; it holds the changes until it is written.
        tabs: A book made by XlsxWriter; it stays as it is.
        place: The tabs to take, by their name in `tabs`, each with its name in `book`.
        own: How what is ours on a tab is told; None: all of it is.

    Raises:
        InputError: A tab of `book` is a chart or a dialog, `tabs` has what cannot be carried over,
            or something that the user added has no place any more. `book` is then half changed; do
            not write it.
    """
    for link in tabs.relationships(tabs.workbook):
        if _last(link.kind) not in _PORTABLE:
            raise InputError("tabs_not_portable", part=link.target)
    parts = {tab.name: tab.part for tab in tabs.sheets()}
    marked = markers(tabs)
    rooms = {
        old: make_room(
            book,
            new,
            Drawn(tabs, parts[old], marked.get(old, "")),
            None if own and marked.get(old) in own.carried else own,
        )
        for old, new in place.items()
    }
    reserved = {number for room in rooms.values() for number in room.tables.values()}
    merged, strings = merge_styles(book, tabs), _strings(tabs)
    part, styles = style_sheet(book)
    mover = _Mover(book, tabs, merged, strings, _renamer(place), reserved, Looks(styles), own)
    mover.ours = set(place.values())
    for name, room in rooms.items():
        mover.move(parts[name], room)
    book.put(part, styles)
    _set_names(book, tabs, place, mover.rename)


@dataclass
class _Mover:
    """Carries tabs and their parts from one book to the other."""

    book: Package
    tabs: Package
    looks: Merged
    strings: list[bytes]
    rename: Rename
    reserved: set[str]  # numbers of tables that are to come back
    formats: Looks
    own: Own | None
    ours: set[str] = field(default_factory=set)  # names of the tabs that are put
    moved: dict[str, str] = field(default_factory=dict)
    bodies: Mapping[str, Body] = field(default_factory=dict)  # of the tab that is being put

    def move(self, source: str, room: Room) -> None:
        """Put a tab and everything it links to in its room, with what the user added there."""
        pieces = split_sheet(self.tabs.read(source))
        if pieces is None:
            raise InputError("tabs_not_portable", part=source)
        head, rows, tail = pieces
        root = self.tabs.parse(head + b"<sheetData/>" + tail, source)
        self._adapt(root)
        _take_over(root, room)
        rows = self._rows(rows)
        finder, kept = self._find(source, root, rows, room)
        if finder is not None:
            rows = put_in(rows, kept, finder)
        if FORMULA.search(rows):
            self.book.drop_calc_chain()
        stays = {link.id for link in self.book.relationships(room.part)}
        number_links(root, self._carry(source, room.part, room))
        if room.old is not None and finder is not None:
            merge(root, room.old, finder.moves, kept, self.ours)
            link_again(root, room.old, stays, room.drawing)
            move_notes(room.old, finder.moves)
        shell = serialise(root)
        xml = shell.replace(b"<sheetData/>", b"<sheetData>" + rows + b"</sheetData>", 1)
        self.book.put(room.part, xml)

    def _find(
        self, source: str, root: etree._Element, rows: bytes, room: Room
    ) -> tuple[Finder | None, Kept]:
        """Return what the user added to the tab as it stood."""
        self.bodies = {}
        if room.old is None:
            return None, Kept()
        extent = root.find(f"{_M}dimension")
        drawn = Box.at("A1" if extent is None else extent.get("ref", "A1"))
        tables = tables_of(self.tabs, source)
        signals = self.own.signals if self.own else ()
        finder = Finder(room.old, rows, drawn, tables, self.formats, signals)
        self.bodies = {body.new.name: body for body in finder.moves.bodies}
        return finder, finder.found()

    def _rows(self, rows: bytes) -> bytes:
        """Return the rows with the formats of the other book and strings in their cells."""
        cells = {old.encode(): new.encode() for old, new in self.looks.cells.items()}
        rows = _STYLED.sub(lambda found: found[1] + cells[found[2]], rows)
        rows = _SHARED.sub(lambda found: self.strings[int(found[1])], rows)
        return _FORMULA_TEXT.sub(self._renamed_bytes, rows)

    def _renamed_bytes(self, found: re.Match[bytes]) -> bytes:
        text = self.rename(html.unescape(found[2].decode()))
        return found[1] + html.escape(text, quote=False).encode()

    def _adapt(self, root: etree._Element) -> None:
        """Turn references to formats and to tabs into those of the other book."""
        for element in root.iter(etree.Element):
            for key in _DIFFERENCES & set(element.keys()):
                element.set(key, self.looks.differences[element.get(key, "")])
            for key in ("location", "textlink"):
                if element.get(key):
                    element.set(key, self.rename(element.get(key, "")))
            if etree.QName(element).localname in _FORMULAS and element.text:
                element.text = self.rename(element.text)
        for column in root.iter(f"{_M}col"):
            if column.get("style"):
                column.set("style", self.looks.cells[column.get("style", "")])

    def _carry(self, source: str, target: str, room: Room) -> dict[str, str]:
        """Copy the parts that a part links to, and what those link to; return their new ids."""
        links = self.book.relationships(target)
        ids: dict[str, str] = {}
        for link in self.tabs.relationships(source):
            if link.kind.endswith("/drawing") and room.drawing:
                drawing = self.tabs.tree(link.target)
                self._adapt(drawing)
                new = self._carry(link.target, room.drawing, replace(room, drawing=""))
                add_to_drawing(self.book, room.drawing, drawing, new)
                continue
            ids[link.id] = fresh_id(links, link.id)
            if link.external:
                place = self._renamed_place(link.target)
                links.append(replace(link, id=ids[link.id], target=place))
                continue
            if link.target not in self.moved:  # two drawings may share one picture
                self.moved[link.target] = self.book.free_name(link.target)
                self._copy(link.target, room)
            links.append(replace(link, id=ids[link.id], target=self.moved[link.target]))
        self.book.put_relationships(target, links)
        return ids

    def _copy(self, source: str, room: Room) -> None:
        kind = self.tabs.content_type(source)
        content: bytes | etree._Element = self.tabs.read(source)
        if kind == _TABLE or kind.endswith(("drawing+xml", "chart+xml")):
            content = self.tabs.tree(source)
            self._adapt(content)
            if kind == _TABLE:
                content.set("id", self._table_number(room.tables.get(key_of(content), "")))
                body = self.bodies.get(content.get("displayName", ""))
                if body is not None:
                    extend_table(content, body)
        self.book.put(self.moved[source], content, kind)
        self._carry(source, self.moved[source], room)

    def _table_number(self, old: str) -> str:
        taken = {table.get("id", "") for table in _tables(self.book)} | self.reserved
        return old or str(max(map(whole, taken), default=0) + 1)

    def _renamed_place(self, target: str) -> str:
        return "#" + self.rename(target[1:]) if target.startswith("#") else target


def _take_over(root: etree._Element, room: Room) -> None:
    """Give a tab what its predecessor was to the book: shown or not, known to macros."""
    for view in root.iter(f"{_M}sheetView"):
        view.set("tabSelected", "1" if room.selected else "0")
    if room.code_name:
        properties = root.find(f"{_M}sheetPr")
        if properties is None:
            properties = etree.Element(f"{_M}sheetPr")
            root.insert(0, properties)
        properties.set("codeName", room.code_name)


def _set_names(book: Package, tabs: Package, place: Mapping[str, str], rename: Rename) -> None:
    """Add the names of the tabs; they replace equal ones."""
    root = book.tree(book.workbook)
    at = {tab.name.casefold(): str(number) for number, tab in enumerate(book.sheets())}
    spots = {old: at[new.casefold()] for old, new in place.items()}
    sources = [tab.name for tab in tabs.sheets()]
    new: dict[tuple[str, str | None], etree._Element] = {}
    for name in tabs.tree(tabs.workbook).iter(f"{_M}definedName"):
        name.text = rename(name.text or "")
        local = name.get("localSheetId")
        if local is None:
            new[key_of(name), None] = name
        elif sources[int(local)] in spots:
            name.set("localSheetId", spots[sources[int(local)]])
            new[key_of(name), spots[sources[int(local)]]] = name
    names = root.find(f"{_M}definedNames")
    if names is None:
        names = etree.Element(f"{_M}definedNames")
        before = [
            root.find(f"{_M}{tag}") for tag in ("sheets", "functionGroups", "externalReferences")
        ]
        [e for e in before if e is not None][-1].addnext(names)
    for old in list(names):
        kept_for_tab = (
            key_of(old).startswith("_xlnm.") and old.get("localSheetId") in spots.values()
        )
        if kept_for_tab or (key_of(old), old.get("localSheetId")) in new:
            names.remove(old)
    names.extend(new.values())
    if not len(names):
        root.remove(names)
    book.put(book.workbook, root)


def _tables(book: Package) -> list[etree._Element]:
    return [book.tree(part) for part in book.parts() if book.content_type(part) == _TABLE]


def _last(kind: str) -> str:
    return kind.rpartition("/")[2]


def _strings(tabs: Package) -> list[bytes]:
    """Return the shared strings, each as what follows `<c` in a cell that holds it itself."""
    shared = tabs.related(tabs.workbook, "sharedStrings")
    texts = _STRING.findall(tabs.read(shared[0])) if shared else []
    return [b't="inlineStr"><is>' + text + b"</is>" for text in texts]


def _renamer(place: Mapping[str, str]) -> Rename:
    """Return what turns the sheets' names within a formula into their new ones."""

    def renamed(found: re.Match[str]) -> str:
        name = (found[1] or "").replace("''", "'") or found[2]
        if place.get(name, name) == name:
            return found[0]
        return "'" + place[name].replace("'", "''") + "'!"

    return lambda formula: _SHEET.sub(renamed, formula)
