"""The place that a tab goes to: empty of what was ours, with what a user added to it."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from xlclv.addresses import Box
from xlclv.errors import InputError
from xlclv.xlsx.kept.old import OldTab, TabTable, tables_of
from xlclv.xlsx.kept.parts import clear_drawing, signs, users_links
from xlclv.xlsx.package import CONTENT_TYPE, MAIN, REL, Package
from xlclv.xlsx.styles import whole

_M: Final = f"{{{MAIN}}}"
TRUE: Final = {"1", "true"}
# In text "<" is always escaped, so this matches tags only.
FORMULA: Final = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_FIRST_CELL: Final = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$A\$1(?![0-9])")
_RANGE: Final = re.compile(r"!(\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?)")


@dataclass(frozen=True, slots=True)
class Room:
    """The place a tab goes to.

    Attributes:
        part: Name of its part.
        code_name: What macros call the tab; "" where they do not.
        selected: Whether the tab there was the one shown.
        tables: The numbers of the tables that stood there, by name; slicers go by number.
        old: The tab as it stood, for what the user added to it; None where there was none.
        drawing: The part of its drawing, where something of the user's is in it.
    """

    part: str
    code_name: str = ""
    selected: bool = False
    tables: Mapping[str, str] = field(default_factory=dict)
    old: OldTab | None = None
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """How what is ours on a tab is told from what the user added to it.

    Args:
        titles: Headers that columns of ours have, in any language.
        signals: Colours that show a state: they come and go with it.
        carried: Markers of the tabs that are drawn with all that stood on them.
    """

    titles: frozenset[str] = frozenset()
    signals: frozenset[str] = frozenset()
    carried: frozenset[str] = frozenset()


def markers(tabs: Package) -> dict[str, str]:
    """Return the name that marks each tab: it begins with its first cell."""
    found: dict[str, str] = {}
    for name in tabs.tree(tabs.workbook).iter(f"{_M}definedName"):
        sheet = _FIRST_CELL.match(name.text or "")
        if sheet and name.get("localSheetId") is None:
            found.setdefault((sheet[1] or "").replace("''", "'") or sheet[2], name.get("name", ""))
    return found


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn tab: its book, its part and the name that marks it."""

    tabs: Package
    part: str
    marker: str

    def tables(self) -> list[TabTable]:
        """Return its tables."""
        return tables_of(self.tabs, self.part)

    def charts(self) -> set[str]:
        """Return what its charts are known by."""
        drawings = self.tabs.related(self.part, "drawing")
        return {sign for part in drawings for sign in signs(self.tabs.tree(part))}


def make_room(book: Package, name: str, drawn: Drawn, own: Own | None) -> Room:
    """Empty the tab of that name of what is ours, or of all where nothing tells; or add one."""
    old = next((tab for tab in book.sheets() if tab.name.casefold() == name.casefold()), None)
    if old is None:
        return _add_tab(book, name)
    if not old.has_cells:
        raise InputError("tab_is_no_sheet", path=book.path.name, sheet=name)
    areas = _areas(book, drawn.marker)
    titles = frozenset[str]() if own is None else own.titles
    tab = OldTab(book, old.part, old.name, areas, titles)
    return _vacate(book, tab, drawn, keeps=own is not None)


def _areas(book: Package, marker: str) -> list[Box]:
    """Return the cells of a tab that were ours; [] for a book that does not tell."""
    names = book.tree(book.workbook).iter(f"{_M}definedName")
    target = next((name.text or "" for name in names if key_of(name) == marker.casefold()), "")
    ranges = [found for found in _RANGE.findall(target) if "#REF!" not in target]
    boxes = [Box.at(found) for found in ranges]
    lonely = len(boxes) == 1 and boxes[0] == Box(1, 1, 1, 1)
    return [] if lonely else boxes


def _add_tab(book: Package, name: str) -> Room:
    part = book.free_name("xl/worksheets/sheet1.xml")
    book.put(part, b"", CONTENT_TYPE + "worksheet+xml")
    link = book.relate(book.workbook, f"{REL}/worksheet", part)
    root = book.tree(book.workbook)
    tabs = root.findall(f"{_M}sheets/{_M}sheet")
    number = max(whole(tab.get("sheetId")) for tab in tabs) + 1
    new = etree.Element(f"{_M}sheet", {"name": name, "sheetId": str(number)})
    new.set(f"{{{REL}}}id", link)
    tabs[-1].addnext(new)
    book.put(book.workbook, root)
    return Room(part, _code_name(book, part, ""))


def _vacate(book: Package, old: OldTab, drawn: Drawn, *, keeps: bool) -> Room:
    """Take away what of ours only this tab linked to, and note what its successor takes over."""
    part, properties = old.part, old.frame.find(f"{_M}sheetPr")
    mine, charts = old.ours(drawn.tables()), drawn.charts() | set(old.titles)
    if FORMULA.search(old.xml):
        book.drop_calc_chain()
    linked = book.reach(part)
    stays = users_links(old, {table.part for table in mine}, charts) if keeps else []
    book.put_relationships(part, stays)
    for orphan in linked - book.reach():
        book.remove(orphan)
    numbers = {table.name.casefold(): table.root.get("id", "") for table in mine}
    drawings = [link.target for link in stays if link.kind.endswith("/drawing")]
    for drawing in drawings:
        clear_drawing(book, drawing, charts)
    return Room(
        part,
        _code_name(book, part, "" if properties is None else properties.get("codeName", "")),
        any(view.get("tabSelected") in TRUE for view in old.frame.iter(f"{_M}sheetView")),
        numbers,
        old if keeps else None,
        "".join(drawings[:1]),
    )


def _code_name(book: Package, part: str, old: str) -> str:
    """Return what macros call a tab; in a book with macros every tab must have such a name."""
    if old or not book.related(book.workbook, "vbaProject"):
        return old
    return f"xlclv_{posixpath.splitext(posixpath.basename(part))[0]}"


def key_of(named: etree._Element) -> str:
    """Return the name of a table or a defined name as programs compare it."""
    return (named.get("displayName") or named.get("name") or "").casefold()
