"""An Excel workbook as the package it is: parts in a zip file, joined by relationships.

What a part is, content types and relationships tell, never its path. A part that nobody changed
is copied as it stands, compressed bytes and all, so that nothing of a user's book can get lost.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from xlclv.errors import InputError
from xlclv.xlsx.zipmembers import DAMAGE, Members

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."


_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/"
_RELS_TYPE: Final = "application/vnd.openxmlformats-package.relationships+xml"
_OVERRIDE: Final = f"{{{_PACKAGE}content-types}}Override"
_TYPES: Final = "[Content_Types].xml"
_WORKBOOKS: Final = (
    CONTENT_TYPE + "sheet.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
)
_STRICT: Final = "http://purl.oclc.org/ooxml/"


@dataclass(frozen=True, slots=True)
class Relationship:
    """One link of a part.

    Attributes:
        id: Unique within the part that has the link.
        kind: The full type address; its last piece says it, such as ".../worksheet".
        target: The name of a part, or where `external` is set whatever stands there.
        external: The target is no part: a web address, another file or a place in this book.
    """

    id: str
    kind: str
    target: str
    external: bool = False


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A tab: its name, its part, and whether it holds cells (a chart sheet does not)."""

    name: str
    part: str
    has_cells: bool


class Package(Members):
    """The parts of one workbook, with the changes to make when it is written.

    Args:
        path: An .xlsx or .xlsm file. It stays open until `close`; use `with`.

    Raises:
        InputError: The file is missing, no such workbook, damaged, unsafe, strict or signed.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._types: dict[str, etree._Element] | None = None
        try:
            self.workbook = self._find_workbook()
        except BaseException:
            self.close()
            raise

    def tree(self, part: str) -> etree._Element:
        """Return a part parsed afresh; `put` it back to keep a change.

        Raises:
            InputError: The part is missing, not well formed or declares entities.
        """
        return self.parse(self.read(part), part)

    def parse(self, xml: bytes, part: str) -> etree._Element:
        """Parse the XML of a part; neither entities nor anything outside is ever loaded.

        Raises:
            InputError: The XML is not well formed or declares entities.
        """
        if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
            raise InputError("workbook_with_entities", path=self.path.name, part=part)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            root = etree.fromstring(xml, parser)
        except etree.XMLSyntaxError as error:
            raise InputError("damaged_workbook", path=self.path.name, part=part) from error
        if root.getroottree().docinfo.internalDTD is not None:  # in UTF-16 no byte above shows it
            raise InputError("workbook_with_entities", path=self.path.name, part=part)
        return root

    def elements(self, part: str, tag: str) -> Iterator[etree._Element]:
        """Yield the elements of a tag one by one, without parsing what follows.

        Raises:
            InputError: The part is missing, not well formed or declares entities.
        """
        with self._opened(part) as file:
            found = etree.iterparse(
                file, events=("end",), tag=f"{{{MAIN}}}{tag}", resolve_entities=False
            )
            try:
                for _, element in found:
                    yield element
                    element.clear()
            except (*DAMAGE, etree.XMLSyntaxError, OSError) as error:
                raise InputError("damaged_workbook", path=self.path.name, part=part) from error

    def put(self, part: str, content: bytes | etree._Element, content_type: str = "") -> None:
        """Replace a part or add it; a content type is needed for an added one only."""
        self.store(part, content if isinstance(content, bytes) else serialise(content))
        if content_type and self.content_type(part) != content_type:
            entry = {"PartName": f"/{part}", "ContentType": content_type}
            types = self.tree(_TYPES)
            etree.SubElement(types, _OVERRIDE, entry)
            self._put_types(types)

    def remove(self, part: str) -> None:
        """Take out a part, its own relationships and their content types."""
        both = (part, _rels_of(part))
        for gone in both:
            self.discard(gone)
        types = self.tree(_TYPES)
        for entry in types.findall(_OVERRIDE):
            if str(entry.get("PartName")).lower() in {f"/{gone}".lower() for gone in both}:
                types.remove(entry)
                self._put_types(types)

    def _put_types(self, types: etree._Element) -> None:
        self.store(_TYPES, serialise(types))
        self._types = None

    def content_type(self, part: str) -> str:
        """Return the content type of a part, or "" where it has none."""
        if self._types is None:  # asked for every part, so read once until it changes
            self._types = {
                str(entry.get("PartName") or entry.get("Extension")).lower(): entry
                for entry in self.tree(_TYPES).iterchildren("{*}Override", "{*}Default")
            }
        extension = posixpath.basename(part).rpartition(".")[2]  # "_rels/.rels" has one too
        entry = self._types.get(f"/{part}".lower(), self._types.get(extension.lower()))
        return "" if entry is None else entry.get("ContentType", "")

    def relationships(self, part: str) -> list[Relationship]:
        """Return the links of a part; "" stands for the package itself."""
        rels = _rels_of(part)
        if rels not in self:
            return []
        entries = self.tree(rels).iterchildren("{*}Relationship")
        return [self._link(part, entry) for entry in entries]

    def put_relationships(self, part: str, links: list[Relationship]) -> None:
        """Give a part these links in place of all it had."""
        root = etree.fromstring(f'<Relationships xmlns="{_PACKAGE}relationships"/>')
        for link in links:
            place = {"Id": link.id, "Type": link.kind, "Target": link.target}
            if not link.external:
                folder = posixpath.dirname(part) or "."
                place["Target"] = posixpath.relpath(link.target, folder)
            elif not link.target.startswith("#"):
                place["TargetMode"] = "External"
            etree.SubElement(root, f"{{{_PACKAGE}relationships}}Relationship", place)
        if links:
            self.put(_rels_of(part), root, _RELS_TYPE)
        else:
            self.remove(_rels_of(part))

    def relate(self, part: str, kind: str, target: str) -> str:
        """Link a part to another one and return the id of the link."""
        links = self.relationships(part)
        taken = {link.id for link in links}
        new = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        self.put_relationships(part, [*links, Relationship(new, kind, target)])
        return new

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts that a part links to, of a kind such as "styles"."""
        return [
            link.target
            for link in self.relationships(part)
            if link.kind.endswith(f"/{kind}") and not link.external
        ]

    def reach(self, start: str = "") -> set[str]:
        """Return all parts that links lead to from a part, or from the package itself."""
        found: set[str] = set()
        waiting = [start]
        while waiting:
            for link in self.relationships(waiting.pop()):
                if not link.external and link.target not in found:
                    found.add(link.target)
                    waiting.append(link.target)
        return found

    def free_name(self, like: str) -> str:
        """Return a part name that is not taken, numbered from 1: "xl/charts/chart3.xml"."""
        stem, extension = posixpath.splitext(like)
        taken = {part.lower() for part in self.parts()}
        names = (f"{stem.rstrip('0123456789')}{n}{extension}" for n in range(1, len(taken) + 2))
        return next(name for name in names if name.lower() not in taken)

    def sheets(self) -> list[SheetPart]:
        """Return the tabs in the order of the book."""
        links = {link.id: link for link in self.relationships(self.workbook)}
        tabs = []
        for tab in self.tree(self.workbook).iterfind(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet"):
            link = links.get(tab.get(f"{{{REL}}}id", ""), Relationship("", "", ""))
            cells = link.kind.endswith("/worksheet") and link.target in self
            tabs.append(SheetPart(tab.get("name", ""), link.target, has_cells=cells))
        return tabs

    def counts_from_1904(self) -> bool:
        """Say whether day 0 of the book is in 1904, as in old books of Macintosh."""
        settings = self.tree(self.workbook).iter(f"{{{MAIN}}}workbookPr")
        return any(each.get("date1904") in {"1", "true"} for each in settings)

    def drop_calc_chain(self) -> None:
        """Forget in which order Excel computes; a stale entry makes it offer a repair."""
        links = self.relationships(self.workbook)
        for link in links:
            if link.kind.endswith("/calcChain"):
                self.remove(link.target)
                self.put_relationships(self.workbook, [other for other in links if other != link])

    def _link(self, part: str, entry: etree._Element) -> Relationship:
        target = entry.get("Target", "")
        external = entry.get("TargetMode") == "External" or target.startswith("#")
        if not external:
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))[1:]
            target = self.stored_name(target)
        return Relationship(entry.get("Id", ""), entry.get("Type", ""), target, external)

    def _find_workbook(self) -> str:
        """Return the name of the workbook part, once it is one that can be written back."""
        name = self.path.name
        if _TYPES not in self:
            raise InputError("not_a_workbook", path=name)
        if any(part.startswith("_xmlsignatures/") for part in self.parts()):
            raise InputError("signed_workbook", path=name)
        for link in self.relationships(""):
            if link.kind == _STRICT + "officeDocument/relationships/officeDocument":
                raise InputError("strict_workbook", path=name)
            kind = self.content_type(link.target)
            if kind == "application/vnd.ms-excel.sheet.binary.macroEnabled.main":
                raise InputError("binary_workbook", path=name)
            if kind in _WORKBOOKS and link.kind.endswith("/officeDocument"):
                if etree.QName(self.tree(link.target)).namespace != MAIN:
                    raise InputError("strict_workbook", path=name)
                return link.target
        raise InputError("not_a_workbook", path=name)


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def serialise(root: etree._Element) -> bytes:
    """Write a tree as a part, with the declaration Excel writes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
