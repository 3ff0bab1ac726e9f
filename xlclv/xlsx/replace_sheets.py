"""Put finished tabs into a user's book, each with its parts; the rest of the book stays as it is.

The tabs come from a book that XlsxWriter made for this. Its styles are merged into the user's,
its shared strings move into their cells, its parts get free names, its names join the user's.
"""

import html
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from xlclv.errors import InputError
from xlclv.xlsx.package import CONTENT_TYPE, MAIN, REL, Package, serialise
from xlclv.xlsx.rows import split_sheet
from xlclv.xlsx.styles import StyleList, number_format, style_sheet

_M: Final = f"{{{MAIN}}}"
_TABLE: Final = CONTENT_TYPE + "table+xml"
_TRUE: Final = {"1", "true"}

# What a book of XlsxWriter's may link to here; anything more needs care the graft lacks.
_PORTABLE: Final = {"worksheet", "theme", "styles", "sharedStrings"}

_DIFFERENCES: Final = {"dxfId", "dataDxfId", "headerRowDxfId", "totalsRowDxfId"}
_FORMULAS: Final = {
    *("f", "formula", "formula1", "formula2"),
    *("calculatedColumnFormula", "totalsRowFormula"),
}

# In text "<" is always escaped, so these match tags only.
_FORMULA: Final = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_FORMULA_TEXT: Final = re.compile(rb"(<f(?: [^>]*)?>)([^<]+)")
_STYLED: Final = re.compile(rb"(<(?:c|row) [^>]*? s=\")(\d+)")
_SHARED: Final = re.compile(rb"t=\"s\"><v>(\d+)</v>")
_STRING: Final = re.compile(rb"<si>(.*?)</si>", re.DOTALL)
# A text in quotes, a sheet's name in quotes, or one that needs none; the mark after a name.
_SHEET: Final = re.compile(r"\"[^\"]*\"|'((?:[^']|'')+)'!|(?<![\w.'\]])([\w.]+)!")

Rename = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Looks:
    """Where the formats of the tabs stand in the user's book: old number to new number."""

    cells: dict[str, str]
    differences: dict[str, str]  # the formats of conditions and tables, "dxf" in the file


@dataclass(frozen=True, slots=True)
class _Room:
    """The place a tab goes to.

    Attributes:
        part: Name of its part.
        code_name: What macros call the tab; "" where they do not.
        selected: Whether the tab there was the one shown.
        tables: The numbers of the tables that stood there, by name; slicers go by number.
    """

    part: str
    code_name: str = ""
    selected: bool = False
    tables: Mapping[str, str] = field(default_factory=dict)


def graft(book: Package, tabs: Package, place: Mapping[str, str]) -> None:
    """Put tabs of one book into another, in place of those of the same name or at the end.

    Cells that have no format take the default look of `book`. What stands on a tab goes with it;
    whether it may, and whether names are taken, `FileFacts` tells.

    Args:
        book: The user's book; it holds the changes until it is written.
        tabs: A book made by XlsxWriter; it stays as it is.
        place: The tabs to take, by their name in `tabs`, each with its name in `book`.

    Raises:
        InputError: A tab of `book` is a chart or a dialog, or `tabs` has what cannot be carried
            over. `book` is then half changed; do not write it.
    """
    for link in tabs.relationships(tabs.workbook):
        if _last(link.kind) not in _PORTABLE:
            raise InputError("tabs_not_portable", part=link.target)
    parts = {tab.name: tab.part for tab in tabs.sheets()}
    rooms = {old: _make_room(book, new) for old, new in place.items()}
    reserved = {number for room in rooms.values() for number in room.tables.values()}
    looks, strings = _looks(book, tabs), _strings(tabs)
    mover = _Mover(book, tabs, looks, strings, _renamer(place), reserved)
    for name, room in rooms.items():
        mover.move(parts[name], room)
    _set_names(book, tabs, place, mover.rename)


def _make_room(book: Package, name: str) -> _Room:
    """Empty the tab of that name, or add one."""
    old = next((tab for tab in book.sheets() if tab.name.casefold() == name.casefold()), None)
    if old is None:
        return _add_tab(book, name)
    if not old.has_cells:
        raise InputError("tab_is_no_sheet", path=book.path.name, sheet=name)
    return _vacate(book, old.part)


def _add_tab(book: Package, name: str) -> _Room:
    part = book.free_name("xl/worksheets/sheet1.xml")
    book.put(part, b"", CONTENT_TYPE + "worksheet+xml")
    link = book.relate(book.workbook, f"{REL}/worksheet", part)
    root = book.tree(book.workbook)
    tabs = root.findall(f"{_M}sheets/{_M}sheet")
    number = max(int(tab.get("sheetId", "0")) for tab in tabs) + 1
    new = etree.Element(f"{_M}sheet", {"name": name, "sheetId": str(number)})
    new.set(f"{{{REL}}}id", link)
    tabs[-1].addnext(new)
    book.put(book.workbook, root)
    return _Room(part, _code_name(book, part, ""))


def _vacate(book: Package, part: str) -> _Room:
    """Take away what only this tab linked to, and note what its successor takes over."""
    xml = book.read(part)
    head, _, tail = split_sheet(xml) or (xml, b"", b"")
    root = book.parse(head + tail, part)
    properties = root.find(f"{_M}sheetPr")
    tables = [book.tree(table) for table in book.related(part, "table")]
    if _FORMULA.search(xml):
        book.drop_calc_chain()
    linked = book.reach(part)
    book.put_relationships(part, [])
    for orphan in linked - book.reach():
        book.remove(orphan)
    return _Room(
        part,
        _code_name(book, part, "" if properties is None else properties.get("codeName", "")),
        any(view.get("tabSelected") in _TRUE for view in root.iter(f"{_M}sheetView")),
        {_key(table): table.get("id", "") for table in tables},
    )


def _code_name(book: Package, part: str, old: str) -> str:
    """Return what macros call a tab; in a book with macros every tab must have such a name."""
    if old or not book.related(book.workbook, "vbaProject"):
        return old
    return f"xlclv_{posixpath.splitext(posixpath.basename(part))[0]}"


@dataclass
class _Mover:
    """Carries tabs and their parts from one book to the other."""

    book: Package
    tabs: Package
    looks: _Looks
    strings: list[bytes]
    rename: Rename
    reserved: set[str]  # numbers of tables that are to come back
    moved: dict[str, str] = field(default_factory=dict)

    def move(self, source: str, room: _Room) -> None:
        """Put a tab and everything it links to in its room."""
        pieces = split_sheet(self.tabs.read(source))
        if pieces is None:
            raise InputError("tabs_not_portable", part=source)
        head, rows, tail = pieces
        root = self.tabs.parse(head + b"<sheetData/>" + tail, source)
        self._adapt(root)
        _take_over(root, room)
        rows = self._rows(rows)
        if _FORMULA.search(rows):
            self.book.drop_calc_chain()
        shell = serialise(root)
        xml = shell.replace(b"<sheetData/>", b"<sheetData>" + rows + b"</sheetData>", 1)
        self.book.put(room.part, xml)
        self._carry(source, room.part, room.tables)

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

    def _carry(self, source: str, target: str, tables: Mapping[str, str]) -> None:
        """Copy the parts that a part links to, and what those link to, and the links."""
        links = []
        for link in self.tabs.relationships(source):
            if link.external:
                links.append(replace(link, target=self._renamed_place(link.target)))
                continue
            if link.target not in self.moved:  # two drawings may share one picture
                self.moved[link.target] = self.book.free_name(link.target)
                self._copy(link.target, tables)
            links.append(replace(link, target=self.moved[link.target]))
        self.book.put_relationships(target, links)

    def _copy(self, source: str, tables: Mapping[str, str]) -> None:
        kind = self.tabs.content_type(source)
        content: bytes | etree._Element = self.tabs.read(source)
        if kind == _TABLE or kind.endswith(("drawing+xml", "chart+xml")):
            content = self.tabs.tree(source)
            self._adapt(content)
            if kind == _TABLE:
                content.set("id", self._table_number(tables.get(_key(content), "")))
        self.book.put(self.moved[source], content, kind)
        self._carry(source, self.moved[source], tables)

    def _table_number(self, old: str) -> str:
        taken = {table.get("id", "") for table in _tables(self.book)} | self.reserved
        return old or str(max(map(int, taken), default=0) + 1)

    def _renamed_place(self, target: str) -> str:
        return "#" + self.rename(target[1:]) if target.startswith("#") else target


def _take_over(root: etree._Element, room: _Room) -> None:
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
    """Add the names of the tabs; they replace equal ones and those Excel keeps for a tab."""
    root = book.tree(book.workbook)
    at = {tab.name.casefold(): str(number) for number, tab in enumerate(book.sheets())}
    spots = {old: at[new.casefold()] for old, new in place.items()}
    sources = [tab.name for tab in tabs.sheets()]
    new: dict[tuple[str, str | None], etree._Element] = {}
    for name in tabs.tree(tabs.workbook).iter(f"{_M}definedName"):
        name.text = rename(name.text or "")
        local = name.get("localSheetId")
        if local is None:
            new[_key(name), None] = name
        elif sources[int(local)] in spots:
            name.set("localSheetId", spots[sources[int(local)]])
            new[_key(name), spots[sources[int(local)]]] = name
    names = root.find(f"{_M}definedNames")
    if names is None:
        names = etree.Element(f"{_M}definedNames")
        before = [
            root.find(f"{_M}{tag}") for tag in ("sheets", "functionGroups", "externalReferences")
        ]
        [e for e in before if e is not None][-1].addnext(names)
    for old in list(names):
        kept_for_tab = _key(old).startswith("_xlnm.") and old.get("localSheetId") in spots.values()
        if kept_for_tab or (_key(old), old.get("localSheetId")) in new:
            names.remove(old)
    names.extend(new.values())
    if not len(names):
        root.remove(names)
    book.put(book.workbook, root)


def _tables(book: Package) -> list[etree._Element]:
    return [book.tree(part) for part in book.parts() if book.content_type(part) == _TABLE]


def _key(named: etree._Element) -> str:
    return (named.get("displayName") or named.get("name") or "").casefold()


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


def _looks(book: Package, tabs: Package) -> _Looks:
    """Merge the styles of the tabs into those of the book."""
    part, theirs = style_sheet(book)
    _, ours = style_sheet(tabs)
    numbers = {
        entry.get("numFmtId", ""): number_format(theirs, entry.get("formatCode", ""))
        for entry in ours.iterfind(f"{_M}numFmts/{_M}numFmt")
    }
    for entry in ours.iter(f"{_M}xf", f"{_M}numFmt"):
        entry.set("numFmtId", numbers.get(entry.get("numFmtId", ""), entry.get("numFmtId", "")))
    for name, key in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
        moved = _merge(theirs, ours, name)
        for entry in ours.iter(f"{_M}xf"):
            entry.set(key, moved[entry.get(key, "0")])
    styles = _named_styles(theirs, ours)
    for entry in ours.iterfind(f"{_M}cellXfs/{_M}xf"):
        entry.set("xfId", styles.get(entry.get("xfId", "0"), "0"))
    looks = _Looks(_merge(theirs, ours, "cellXfs") | {"0": "0"}, _merge(theirs, ours, "dxfs"))
    book.put(part, theirs)
    return looks


def _merge(theirs: etree._Element, ours: etree._Element, name: str) -> dict[str, str]:
    """Add the entries of one list; return their old numbers with the new ones."""
    into = StyleList(theirs, name)
    entries = ours.iterfind(f"{_M}{name}/*")
    return {str(old): str(into.add(entry)) for old, entry in enumerate(entries)}


def _named_styles(theirs: etree._Element, ours: etree._Element) -> dict[str, str]:
    """Add the named styles the book lacks, such as that of links; Normal is always its own."""
    formats, names = StyleList(theirs, "cellStyleXfs"), StyleList(theirs, "cellStyles")
    known = {
        named: style.get("xfId", "0")
        for style in names.entries
        for named in (style.get("name"), style.get("builtinId"))  # names differ by program
        if named
    }
    looks = ours.findall(f"{_M}cellStyleXfs/{_M}xf")
    moved = {}
    for style in ours.iterfind(f"{_M}cellStyles/{_M}cellStyle"):
        old, number, name = style.get("xfId", "0"), style.get("builtinId"), style.get("name")
        look = known.get(number or "", known.get(name or ""))
        if look is None and number != "0":
            look = str(formats.add(looks[int(old)]))
            style.set("xfId", look)
            names.add(style)
        moved[old] = look or "0"
    return moved
