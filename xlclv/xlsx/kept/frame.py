"""What a user set on a tab of ours besides cells: views, widths, protection, rules, notes."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Final

from lxml import etree

from xlclv.addresses import Box
from xlclv.xlsx.kept.cells import Kept
from xlclv.xlsx.kept.moves import Moves
from xlclv.xlsx.kept.old import OldTab
from xlclv.xlsx.package import MAIN, REL
from xlclv.xlsx.styles import canonical, whole

_M: Final = f"{{{MAIN}}}"
# The elements of a sheet in the order in which they must stand.
ORDER: Final = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr"),
    *("sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState"),
    *("dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting"),
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup"),
    *("headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches"),
    *("ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF"),
    *("picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"),
)
# What stays as the user has it; what a drawn tab lacks of these never comes from us.
_USERS: Final = (
    *("sheetViews", "cols", "sheetProtection", "protectedRanges", "scenarios", "autoFilter"),
    *("sortState", "dataConsolidate", "customSheetViews", "phoneticPr", "printOptions"),
    *("pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties"),
    *("cellWatches", "ignoredErrors", "smartTags", "legacyDrawing", "legacyDrawingHF"),
    *("drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "extLst"),
)
_PLACE: Final = re.compile(r"^\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?$")
_UNION: Final = ("mergeCells", "dataValidations", "hyperlinks")


def merge(root: etree._Element, old: OldTab, moves: Moves, kept: Kept, ours: set[str]) -> None:
    """Put what the user set on the old tab on the new one.

    Args:
        root: The new sheet without its rows; the links of what is old are valid in it.
        old: The tab as it stood.
        moves: Where its cells go.
        kept: The cells of the user on the new tab.
        ours: The names of the tabs that are ours; links to these are redrawn.
    """
    widths = root.findall(f"{_M}cols/{_M}col")
    for name in _USERS:
        found = old.frame.findall(f"{_M}{name}")
        if found:
            _replace(root, name, [deepcopy(element) for element in found])
    _widen(root, widths)
    _merge_properties(root, old.frame)
    for name in _UNION:
        _unite(root, old, moves, name, ours)
    _unite_rules(root, old, moves)
    box, extent = kept.box(), root.find(f"{_M}dimension")
    if box is not None and extent is not None:
        extent.set("ref", str(Box.at(extent.get("ref", "A1")).around(box)))


def insert(root: etree._Element, element: etree._Element) -> None:
    """Put an element where its kind belongs, behind others of the kind."""
    at = ORDER.index(etree.QName(element).localname)
    before = [each for each in root.iterchildren("*") if _rank(each) <= at]
    if before:
        before[-1].addnext(element)
    else:
        root.insert(0, element)


def _rank(element: etree._Element) -> int:
    name = etree.QName(element).localname
    return ORDER.index(name) if name in ORDER else ORDER.index("extLst")


def _replace(root: etree._Element, name: str, elements: list[etree._Element]) -> None:
    for element in root.findall(f"{_M}{name}"):
        root.remove(element)
    for element in elements:
        insert(root, element)


def _widen(root: etree._Element, widths: list[etree._Element]) -> None:
    """Give columns that are new the width drawn."""
    holder = root.find(f"{_M}cols")
    if holder is None:
        return

    def span(column: etree._Element) -> range:
        return range(whole(column.get("min")), whole(column.get("max")) + 1)

    there = [span(column) for column in holder]
    for column in widths:
        wide = span(column)
        if not any(one.start in wide or wide.start in one for one in there):
            holder.append(deepcopy(column))
    holder[:] = sorted(holder, key=lambda column: span(column).start)


def _merge_properties(root: etree._Element, frame: etree._Element) -> None:
    """Keep the colour of the tab."""
    colour = frame.find(f"{_M}sheetPr/{_M}tabColor")
    if colour is None:
        return
    properties = root.find(f"{_M}sheetPr")
    if properties is None:
        properties = etree.Element(f"{_M}sheetPr")
        root.insert(0, properties)
    for drawn in properties.findall(f"{_M}tabColor"):
        properties.remove(drawn)
    properties.insert(0, deepcopy(colour))


def _unite(root: etree._Element, old: OldTab, moves: Moves, name: str, ours: set[str]) -> None:
    """Add to a list of the new tab the entries of the old one that are the user's."""
    theirs = old.frame.find(f"{_M}{name}")
    if theirs is None:
        return
    holder = root.find(f"{_M}{name}")
    new = holder is None
    if holder is None:
        holder = etree.Element(f"{_M}{name}")
    there = {canonical(entry) for entry in holder.iterchildren("*")}
    taken = {ref for entry in holder.iterchildren("*") for ref in _refs(entry)}
    for entry in theirs.iterchildren("*"):
        if not _leads_to(entry, ours):
            moved = _moved(entry, moves)
            if (
                moved is not None
                and canonical(moved) not in there
                and taken.isdisjoint(_refs(moved))
            ):
                holder.append(moved)
    size = sum(1 for _ in holder.iterchildren("*"))
    if size and name != "hyperlinks":
        holder.set("count", str(size))
    if size and new:
        insert(root, holder)


def _leads_to(entry: etree._Element, tabs: set[str]) -> bool:
    """Say whether a link leads to a tab of ours, as only ours do."""
    place = entry.get("location", "").removeprefix("#")
    sheet, found, cell = place.rpartition("!")
    return bool(found) and cell == "A1" and sheet.strip("'").replace("''", "'") in tabs


def _refs(entry: etree._Element) -> list[str]:
    return (entry.get("sqref") or entry.get("ref") or "").split()


def _moved(entry: etree._Element, moves: Moves) -> etree._Element | None:
    """Return an entry for where its cells are now, None where they are gone."""
    key = "sqref" if entry.get("sqref") else "ref"
    places = list(_places(_refs(entry), moves))
    if not places:
        return None
    moved = deepcopy(entry)
    moved.set(key, " ".join(places))
    return moved


def _places(refs: list[str], moves: Moves) -> Iterator[str]:
    for ref in refs:
        if not _PLACE.match(ref):  # whole rows or columns
            yield ref
        elif (box := moves.box(Box.at(ref))) is not None:
            yield str(box)


def _unite_rules(root: etree._Element, old: OldTab, moves: Moves) -> None:
    """Add the conditional formats of the user; ours, told by what they ask, are drawn anew."""
    tag = f"{_M}conditionalFormatting"
    ours = {_asked(rule) for rule in root.iterfind(f"{tag}/{_M}cfRule")}
    priority = len(ours)
    for block in old.frame.iterfind(tag):
        moved = _moved(block, moves)
        if moved is None:
            continue
        for rule in moved.findall(f"{_M}cfRule"):
            if _asked(rule) in ours:
                moved.remove(rule)
            else:
                priority += 1
                rule.set("priority", str(priority))
        if len(moved):
            insert(root, moved)


def _asked(rule: etree._Element) -> tuple[str | None, ...]:
    texts = (formula.text for formula in rule.iterfind(f"{_M}formula"))
    return (rule.get("type"), rule.get("operator"), *texts)


def linked_ids(root: etree._Element) -> set[str]:
    """Return the links that something on a sheet uses."""
    key = f"{{{REL}}}id"
    return {element.get(key, "") for element in root.iter(etree.Element) if element.get(key)}
