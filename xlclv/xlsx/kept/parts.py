"""The parts behind a tab that are a user's: drawings, notes, tables; put beside those drawn."""

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from typing import Final

from lxml import etree

from xlclv.addresses import Box, letters
from xlclv.errors import InputError
from xlclv.xlsx.kept.frame import insert
from xlclv.xlsx.kept.moves import Body, Moves
from xlclv.xlsx.kept.old import OldTab
from xlclv.xlsx.package import MAIN, REL, Package, Relationship
from xlclv.xlsx.styles import whole

_M: Final = f"{{{MAIN}}}"
_CHART_NAME: Final = "xlclv "  # how the names of our charts begin
_XDR: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_RELATED: Final = f"{{{REL}}}"
# In a drawing of notes, where each stands; counted from 0.
_NOTE: Final = re.compile(
    rb"<x:Row>\s*(\d+)\s*</x:Row>\s*<x:Column>\s*(\d+)\s*</x:Column>", re.IGNORECASE
)


def users_links(old: OldTab, again: Collection[str], drawn: Collection[str]) -> list[Relationship]:
    """Return the links of a tab that stay: all but those to tables and drawings of ours.

    Args:
        old: The tab as it stood.
        again: The parts of tables that are ours.
        drawn: What our charts are known by.
    """
    used = {
        element.get(f"{_RELATED}id", "")
        for element in old.frame.iter(etree.Element)
        if element.get(f"{_RELATED}id")
    }
    kept = []
    for link in old.links:
        if link.target in again:
            continue
        if link.kind.endswith("/drawing") and not _holds_users(old.book, link.target, drawn):
            continue
        if link.external and link.id not in used:
            continue
        kept.append(link)
    return kept


def _holds_users(book: Package, drawing: str, drawn: Collection[str]) -> bool:
    return any(not is_ours(anchor, drawn) for anchor in book.tree(drawing).iterchildren("*"))


def is_ours(anchor: etree._Element, drawn: Collection[str]) -> bool:
    """Say whether a chart in a drawing is ours, by one of its signs."""
    named = (name.get("name", "") for name in anchor.iter(f"{_XDR}cNvPr"))
    return any(name.startswith(_CHART_NAME) for name in named) or any(
        sign in drawn for sign in _signs(anchor)
    )


def _signs(anchor: etree._Element) -> Iterator[str]:
    """Yield what a chart is known by: what it is said to show, and where it begins."""
    for name in anchor.iter(f"{_XDR}cNvPr"):
        if name.get("descr"):
            yield name.get("descr", "")
            yield name.get("descr", "").casefold()  # as of charts of earlier versions
    corner = anchor.find(f"{_XDR}from")
    if corner is not None and anchor.find(f"{_XDR}graphicFrame") is not None:
        yield ":".join((place.text or "").strip() for place in corner.iterchildren("*"))


def signs(drawing: etree._Element) -> set[str]:
    """Return what the charts of a drawing are known by."""
    return {sign for anchor in drawing.iterchildren("*") for sign in _signs(anchor)}


def clear_drawing(book: Package, part: str, drawn: Collection[str]) -> None:
    """Take our charts out of a drawing, with their parts."""
    root = book.tree(part)
    gone: set[str] = set()
    for anchor in list(root.iterchildren("*")):
        if is_ours(anchor, drawn):
            gone |= _ids(anchor)
            root.remove(anchor)
    links = book.relationships(part)
    before = book.reach(part)
    book.put(part, root)
    book.put_relationships(part, [link for link in links if link.id not in gone])
    for orphan in before - book.reach():
        book.remove(orphan)


def _ids(anchor: etree._Element) -> set[str]:
    return {
        str(value)
        for element in anchor.iter(etree.Element)
        for key, value in element.items()
        if str(key).startswith(_RELATED)
    }


def add_to_drawing(
    book: Package, part: str, drawn: etree._Element, moved: Mapping[str, str]
) -> None:
    """Put anchors into a drawing, given the new ids of their links."""
    root = book.tree(part)
    number = max((whole(name.get("id")) for name in root.iter(f"{_XDR}cNvPr")), default=1)
    for anchor in drawn.iterchildren("*"):
        added = deepcopy(anchor)
        for element in added.iter(etree.Element):
            for key, value in element.items():
                if str(key).startswith(_RELATED) and str(value) in moved:
                    element.set(key, moved[str(value)])
        for name in added.iter(f"{_XDR}cNvPr"):
            number += 1
            name.set("id", str(number))
        root.append(added)
    book.put(part, root)


def extend_table(table: etree._Element, body: Body) -> None:
    """Let a table of ours take in the columns, the totals and the style that the user gave it."""
    old = body.old.root
    box = body.grown()
    totals = body.old.totals
    names = table.find(f"{_M}tableColumns")
    if names is None:
        return
    number = max((whole(name.get("id")) for name in names.iterchildren("*")), default=0)
    start = body.own.start - body.old.box.first_column if body.own else len(body.old.columns)
    by_name = {column.get("name", "").casefold(): column for column in body.old.columns}
    for column in names.iterchildren("*"):
        _take_totals(column, by_name.get(column.get("name", "").casefold()), totals)
    for at, column in enumerate(body.old.columns[start:], 1):
        added = deepcopy(column)
        added.set("id", str(number + at))
        names.append(added)
    names.set("count", str(len(names)))
    table.set("ref", str(box))
    for key in ("totalsRowCount", "totalsRowShown"):
        if old.get(key) is not None:
            table.set(key, old.get(key, "0"))
    for filtered in table.iterfind(f"{_M}autoFilter"):
        filtered.set("ref", str(box._replace(last_row=box.last_row - totals)))
    style, theirs = table.find(f"{_M}tableStyleInfo"), old.find(f"{_M}tableStyleInfo")
    if style is not None and theirs is not None:
        table.replace(style, deepcopy(theirs))


def _take_totals(column: etree._Element, old: etree._Element | None, totals: int) -> None:
    if old is None or not totals:
        return
    for key in ("totalsRowFunction", "totalsRowLabel", "totalsRowDxfId"):
        if old.get(key) is not None:
            column.set(key, old.get(key, ""))
    for formula in old.iterfind(f"{_M}totalsRowFormula"):
        column.append(deepcopy(formula))


def move_notes(old: OldTab, moves: Moves) -> None:
    """Let notes and comments follow the rows of their cells.

    Raises:
        InputError: A row that has one is no longer there.
    """
    for link in old.links:
        if link.external:
            continue
        kind = link.kind.rpartition("/")[2]
        if kind in ("comments", "threadedComment"):
            _move_comments(old, moves, link.target)
        elif kind == "vmlDrawing" and link.target in old.book:
            xml = old.book.read(link.target)
            moved = _NOTE.sub(lambda found: _note(found, moves), xml)
            if moved != xml:
                old.book.put(link.target, moved)


def _move_comments(old: OldTab, moves: Moves, part: str) -> None:
    root, changed = old.book.tree(part), False
    for comment in root.iter(etree.Element):
        ref = comment.get("ref")
        if ref is None or etree.QName(comment).localname not in ("comment", "threadedComment"):
            continue
        box = Box.at(ref)
        place = moves.place(box.first_row, box.first_column)
        if place is None:
            path, sheet = old.book.path.name, old.name
            raise InputError("kept_row_gone", path=path, sheet=sheet, cells=ref)
        moved = f"{letters(place[1])}{place[0]}"
        if moved != ref:
            comment.set("ref", moved)
            changed = True
    if changed:
        old.book.put(part, root)


def _note(found: re.Match[bytes], moves: Moves) -> bytes:
    place = moves.place(int(found[1]) + 1, int(found[2]) + 1)
    if place is None:
        return found[0]
    return b"<x:Row>%d</x:Row><x:Column>%d</x:Column>" % (place[0] - 1, place[1] - 1)


def fresh_id(links: Collection[Relationship], wanted: str) -> str:
    """Return an id that no link has: the wanted one if it is free."""
    taken = {link.id for link in links}
    numbered = (f"rId{number}" for number in range(1, len(taken) + 2))
    return next(one for one in (wanted, *numbered) if one not in taken)


def number_links(root: etree._Element, ids: Mapping[str, str]) -> None:
    """Let what is drawn on a tab use the new ids of its links."""
    for element in root.iter(etree.Element):
        found = element.get(f"{_RELATED}id")
        if found is not None:
            element.set(f"{_RELATED}id", ids.get(found, found))


def link_again(root: etree._Element, old: OldTab, stays: Collection[str], drawing: str) -> None:
    """Put the tables and the drawing of the user back on a tab, and drop what has no link."""
    holder = root.find(f"{_M}tableParts")
    for entry in old.frame.iterfind(f"{_M}tableParts/{_M}tablePart"):
        if entry.get(f"{_RELATED}id") in stays:
            if holder is None:
                holder = etree.Element(f"{_M}tableParts")
                insert(root, holder)
            holder.append(deepcopy(entry))
    if holder is not None:
        holder.set("count", str(len(holder)))
    if drawing:
        for element in root.findall(f"{_M}drawing"):
            root.remove(element)
        for element in old.frame.findall(f"{_M}drawing"):
            insert(root, deepcopy(element))
