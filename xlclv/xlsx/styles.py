"""The style sheet of a workbook: its lists, in which every entry stands once."""

from collections.abc import Hashable
from copy import deepcopy
from typing import ClassVar, Final

from lxml import etree

from xlclv.xlsx.package import CONTENT_TYPE, MAIN, REL, Package

_STYLES: Final = CONTENT_TYPE + "styles+xml"
_LAST_BUILT_IN: Final = 163  # number formats below 164 are Excel's own
# A style sheet with one font, one border, the two fills Excel counts on, and one cell format.
_PLAIN: Final = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="1"><xf xfId="0"/></cellXfs></styleSheet>'
).encode()


def style_sheet(book: Package) -> tuple[str, etree._Element]:
    """Return the part that holds the styles and its tree; a book without gets a plain one."""
    found = book.related(book.workbook, "styles")
    if found:
        return found[0], book.tree(found[0])
    part = book.free_name("xl/styles.xml")
    book.put(part, _PLAIN, _STYLES)
    book.relate(book.workbook, f"{REL}/styles", part)
    return part, book.tree(part)


class StyleList:
    """One list of a style sheet, such as "fonts"; entries that are equal stand in it once.

    Args:
        styles: Root of the style sheet; a list that is missing is added with its first entry.
        name: One of the lists a style sheet opens with.
    """

    ORDER: ClassVar = (
        *("numFmts", "fonts", "fills", "borders"),
        *("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"),
    )

    def __init__(self, styles: etree._Element, name: str) -> None:
        found = styles.find(f"{{{MAIN}}}{name}")
        self.entries = etree.Element(f"{{{MAIN}}}{name}") if found is None else found
        self._styles = styles
        numbered = [*enumerate(self.entries.iterchildren("*"))]
        self._size = len(numbered)
        self._known = {canonical(entry): at for at, entry in reversed(numbered)}

    def add(self, entry: etree._Element) -> int:
        """Return the index of an entry, added unless there is an equal one."""
        key = canonical(entry)
        if key not in self._known:
            self._put_in_place()
            self._known[key] = self._size
            self._size += 1
            self.entries.append(deepcopy(entry))
            self.entries.set("count", str(self._size))
        return self._known[key]

    def like(self, number: int) -> etree._Element:
        """Return a copy of an entry to be changed; a plain one where there is no such number."""
        found = [*self.entries.iterchildren("*")][number : number + 1]
        return deepcopy(found[0]) if found else etree.Element(f"{{{MAIN}}}xf")

    def _put_in_place(self) -> None:
        """Add a list that was missing; one without entries is against the format."""
        if self.entries.getparent() is None:
            name = etree.QName(self.entries).localname
            before = self.ORDER[: self.ORDER.index(name)]
            place = sum(etree.QName(e).localname in before for e in self._styles.iterchildren("*"))
            self._styles.insert(place, self.entries)


def canonical(entry: etree._Element) -> Hashable:
    """Return what makes an entry equal to another one, whatever prefixes its tags have."""
    children = tuple(canonical(child) for child in entry.iterchildren("*"))
    return entry.tag, tuple(sorted(entry.items())), (entry.text or "").strip(), children


def whole(text: str | None) -> int:
    """Return the whole number that an attribute holds, 0 where it holds none."""
    return int(text) if text and text.isascii() and text.isdecimal() else 0


def number_format(styles: etree._Element, code: str) -> str:
    """Return the id of a number format, which is added unless it is there."""
    formats = StyleList(styles, "numFmts")
    entries = formats.entries.iterchildren("*")
    ids = {entry.get("formatCode"): entry.get("numFmtId", "0") for entry in entries}
    if code not in ids:
        ids[code] = str(max([_LAST_BUILT_IN, *map(whole, ids.values())]) + 1)
        entry = {"numFmtId": ids[code], "formatCode": code}
        formats.add(etree.Element(f"{{{MAIN}}}numFmt", entry))
    return ids[code]


def number_format_of(book: Package, style: int) -> str:
    """Return the code of the number format of a cell format, "" for one of Excel's own."""
    found = book.related(book.workbook, "styles")
    if not found:
        return ""
    styles = book.tree(found[0])
    formats = styles.findall(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf")
    chosen = formats[style].get("numFmtId", "0") if style < len(formats) else "0"
    codes = styles.iterfind(f"{{{MAIN}}}numFmts/{{{MAIN}}}numFmt")
    return next((one.get("formatCode", "") for one in codes if one.get("numFmtId") == chosen), "")
