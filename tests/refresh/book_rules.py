"""What a spreadsheet program asks of a workbook beyond any schema; a breach opens its repair."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d*)$")
LIMITS = {"prompt": 255, "error": 255, "promptTitle": 32, "errorTitle": 32}
LONGEST_LIST = 257  # 255 and the quotation marks around it
SHEET_NAME = re.compile(r"[^\[\]:*?/\\]{1,31}$")
SHEET_OF = re.compile(r"'((?:[^']|'')+)'!|\b([A-Za-z_][\w.]*)!")
Box = tuple[int, int, int, int]


def faults(path: Path) -> list[str]:
    """Return what is wrong with a workbook, a line each."""
    with ZipFile(path) as package:
        return list(_Rules(package).all())


def parse(xml: bytes) -> etree._Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, huge_tree=True))


def related(package: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return id, kind and target of the relationships of a part."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in package.namelist():
        return {}
    found = {}
    for one in parse(package.read(listed)):
        target = one.get("Target", "")
        if one.get("TargetMode") != "External":
            joined = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found[one.get("Id", "")] = (
                one.get("Type", "").rsplit("/", 1)[-1],
                posixpath.normpath(joined),
            )
    return found


def number(column: str) -> int:
    value = 0
    for letter in column:
        value = value * 26 + ord(letter) - 64
    return value


def corner(reference: str) -> tuple[int, int]:
    """Return column and row of an address."""
    match = ADDRESS.match(reference)
    assert match, reference
    return number(match[1]), int(match[2])


def box(reference: str) -> Box:
    first, _, last = reference.partition(":")
    return (*corner(first), *corner(last or first))


def text_of(cell: etree._Element, shared: list[str]) -> str:
    if cell.get("t") == "s":
        return shared[int(cell.findtext(f"{MAIN}v", "0"))]
    if cell.get("t") == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
    return cell.findtext(f"{MAIN}v", "")


@dataclass
class _Rules:
    package: ZipFile
    tables: list[str] = field(default_factory=list)
    table_ids: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    styles: int = 1
    looks: int = 0

    def all(self) -> Iterator[str]:
        package = self.package
        for name, times in Counter(one.lower() for one in package.namelist()).items():
            if times > 1:
                yield f"{name} is stored {times} times"
        yield from self._relationships()
        main = next(part for kind, part in related(package, "").values() if kind.endswith("ument"))
        relations = related(package, main)
        self._indexes(relations)
        book = parse(package.read(main))
        titles = [sheet.get("name", "") for sheet in book.iter(f"{MAIN}sheet")]
        yield from _sheet_names(titles)
        for sheet in book.iter(f"{MAIN}sheet"):
            kind, part = relations[sheet.get(f"{OFFICE}id", "")]
            if kind == "worksheet":
                yield from self._sheet(part)
        yield from self._names(book, titles)
        for listed in (self.tables, self.table_ids):
            for name, times in Counter(listed).items():
                if times > 1:
                    yield f"the table {name} is there {times} times"

    def _relationships(self) -> Iterator[str]:
        types = parse(self.package.read("[Content_Types].xml"))
        named = {one.get("PartName", "").lstrip("/") for one in types if one.get("PartName")}
        endings = {one.get("Extension", "").lower() for one in types if one.get("Extension")}
        there = set(self.package.namelist())
        yield from (f"content type of {part}, which is not there" for part in named - there)
        for part in there - named - {"[Content_Types].xml"}:
            if part.rsplit(".", 1)[-1].lower() not in endings:
                yield f"{part} has no content type"
        for listed in (part for part in there if part.endswith(".rels")):
            folder, name = posixpath.split(listed)
            owner = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
            for kind, target in related(self.package, owner).values():
                if target not in there and "#" not in target:
                    yield f"{listed}: {kind} leads to {target}, which is not there"

    def _indexes(self, relations: dict[str, tuple[str, str]]) -> None:
        for kind, part in relations.values():
            if kind == "sharedStrings":
                strings = parse(self.package.read(part)).iterfind(f"{MAIN}si")
                self.shared = [
                    "".join(t.text or "" for t in one.iter(f"{MAIN}t")) for one in strings
                ]
            elif kind == "styles":
                styles = parse(self.package.read(part))
                self.styles = len(styles.findall(f"{MAIN}cellXfs/{MAIN}xf"))
                self.looks = len(styles.findall(f"{MAIN}dxfs/{MAIN}dxf"))

    def _sheet(self, part: str) -> Iterator[str]:
        sheet = parse(self.package.read(part))
        cells: dict[tuple[int, int], etree._Element] = {}
        last_row = 0
        for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
            at = int(row.get("r", last_row + 1))
            if at <= last_row:
                yield f"{part}: row {at} stands after row {last_row}"
            last_row, last_column = at, 0
            for cell in row.iterfind(f"{MAIN}c"):
                column, own_row = corner(cell.get("r", ""))
                if column <= last_column or own_row != at:
                    yield f"{part}: {cell.get('r')} is out of order"
                last_column = column
                cells[column, at] = cell
                yield from self._cell(part, cell)
        yield from self._tables(part, sheet, cells)
        yield from _validations(part, sheet)
        for rule in sheet.iter(f"{MAIN}cfRule"):
            if int(rule.get("dxfId", "-1")) >= self.looks:
                yield f"{part}: conditional format {rule.get('dxfId')} of {self.looks}"

    def _cell(self, part: str, cell: etree._Element) -> Iterator[str]:
        if int(cell.get("s", "0")) >= self.styles:
            yield f"{part}: {cell.get('r')} has style {cell.get('s')} of {self.styles}"
        value = cell.findtext(f"{MAIN}v")
        if cell.get("t") == "s" and int(value or -1) not in range(len(self.shared)):
            yield f"{part}: {cell.get('r')} has text {value} of {len(self.shared)}"
        formula = cell.findtext(f"{MAIN}f")
        if formula is not None and formula.startswith("="):
            yield f"{part}: {cell.get('r')} stores the = of its formula"

    def _tables(
        self, part: str, sheet: etree._Element, cells: dict[tuple[int, int], etree._Element]
    ) -> Iterator[str]:
        relations = related(self.package, part)
        boxes: list[Box] = []
        for listed in sheet.iter(f"{MAIN}tablePart"):
            name = relations[listed.get(f"{OFFICE}id", "")][1]
            table = parse(self.package.read(name))
            left, top, right, bottom = own = box(table.get("ref", ""))
            self.tables.append(table.get("displayName", "").lower())
            self.table_ids.append(table.get("id", ""))
            headers = [one.get("name", "") for one in table.iter(f"{MAIN}tableColumn")]
            if len({header.lower() for header in headers}) != len(headers):
                yield f"{name}: two columns of one name"
            if len(headers) != right - left + 1 or bottom <= top:
                yield f"{name}: {len(headers)} columns over {table.get('ref')}"
            for column, header in enumerate(headers, start=left):
                cell = cells.get((column, top))
                shown = None if cell is None else text_of(cell, self.shared)
                if shown is None or _spaced(shown) != _spaced(header):
                    yield f"{name}: the header cell says {shown!r}, the table {header!r}"
            if any(_meet(own, other) for other in boxes):
                yield f"{name}: lies over another table"
            boxes.append(own)

    def _names(self, book: etree._Element, titles: list[str]) -> Iterator[str]:
        seen: set[tuple[str, str | None]] = set()
        for one in book.iter(f"{MAIN}definedName"):
            name, scope = one.get("name", ""), one.get("localSheetId")
            if (name.lower(), scope) in seen:
                yield f"the name {name} is there twice"
            seen.add((name.lower(), scope))
            if not name.startswith("_xlnm.") and not _is_a_name(name):
                yield f"{name} is no name for cells"
            if name.lower() in self.tables:
                yield f"{name} is a name and a table"
            for quoted, bare in SHEET_OF.findall(one.text or ""):
                if (quoted.replace("''", "'") or bare) not in titles:
                    yield f"the name {name} leads to {one.text}"


def _sheet_names(titles: list[str]) -> Iterator[str]:
    for title in titles:
        if not SHEET_NAME.match(title) or title[0] == "'" or title[-1] == "'":
            yield f"{title!r} is no name for a sheet"
    if len({title.lower() for title in titles}) != len(titles):
        yield "two sheets have one name"


def _validations(part: str, sheet: etree._Element) -> Iterator[str]:
    for rule in sheet.iter(f"{MAIN}dataValidation"):
        for name, most in LIMITS.items():
            if len(rule.get(name, "")) > most:
                yield f"{part}: {name} of {rule.get('sqref')} is over {most} characters"
        source = rule.findtext(f"{MAIN}formula1", "")
        if rule.get("type") == "list" and source.startswith('"') and len(source) > LONGEST_LIST:
            yield f"{part}: the list of {rule.get('sqref')} is too long"


def _is_a_name(name: str) -> bool:
    looks_like_a_cell = ADDRESS.match(name.upper()) or re.fullmatch(r"[Rr]\d*[Cc]?\d*|[Cc]", name)
    return bool(re.fullmatch(r"[^\W\d][\w.\\]*", name)) and not looks_like_a_cell


def _meet(one: Box, other: Box) -> bool:
    apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    return not apart


def _spaced(text: str) -> str:
    return re.sub(r"_x000[aAdD]_|\s+", " ", text)
