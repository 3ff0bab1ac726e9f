"""The formats of one book put into another one, where equal ones stand once."""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from xlclv.xlsx.package import MAIN, Package
from xlclv.xlsx.styles import StyleList, number_format, style_sheet

_M: Final = f"{{{MAIN}}}"


@dataclass(frozen=True, slots=True)
class Merged:
    """Where the formats of a book stand in another: old number to new number.

    Args:
        cells: The formats of cells.
        differences: The formats of conditions and tables, "dxf" in the file.
    """

    cells: dict[str, str]
    differences: dict[str, str]


def merge_styles(book: Package, tabs: Package) -> Merged:
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
    merged = Merged(_merge(theirs, ours, "cellXfs") | {"0": "0"}, _merge(theirs, ours, "dxfs"))
    book.put(part, theirs)
    return merged


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
        for style in names.entries.iterchildren("*")
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
