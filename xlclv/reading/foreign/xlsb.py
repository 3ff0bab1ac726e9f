"""Look at the sheets of a binary workbook (MS-XLSB): records of a type, a size and a content."""

from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from
from typing import Final
from zipfile import ZipFile

from lxml import etree

from xlclv.reading.foreign.look import Look

WORKBOOK: Final = "xl/workbook.bin"
_LINKS: Final = "xl/_rels/workbook.bin.rels"
# MS-XLSB 2.3: BrtRowHdr, BrtCellBlank to BrtFmlaError, BrtCellError, BrtFmlaError, BrtBundleSh.
_ROW, _CELLS, _ERRORS, _SHEET = 0, range(1, 12), (3, 11), 156
_BLANK: Final = 1
_SEVEN_BITS: Final = 0x7F


def look(path: Path) -> dict[str, Look]:
    """Return each sheet of a workbook by its name."""
    with ZipFile(path) as members:
        parts = {
            link.get("Id", ""): link.get("Target", "")
            for link in etree.fromstring(members.read(_LINKS)).iterchildren("{*}Relationship")
        }
        stored = set(members.namelist())
        return {
            name: _look(members.read(part))
            for name, link in _sheets(members.read(WORKBOOK))
            if (part := _part(parts.get(link, ""))) in stored
        }


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _sheets(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and link of each sheet: after state and number two texts, the link first."""
    for kind, start, _ in _records(content):
        if kind == _SHEET:
            link, after = _text(content, start + 8)
            name, _ = _text(content, after)
            yield name, link


def _text(content: bytes, at: int) -> tuple[str, int]:
    """Return a text with the place behind it: its length in UTF-16 units, then these."""
    (units,) = unpack_from("<I", content, at)
    end = at + 4 + 2 * units
    return content[at + 4 : end].decode("utf-16-le", "replace"), end


def _look(content: bytes) -> Look:
    seen, row = Look(), 0
    for kind, start, _ in _records(content):
        if kind == _ROW:
            row = unpack_from("<I", content, start)[0] + 1
        elif kind in _CELLS and kind != _BLANK:
            column = unpack_from("<I", content, start)[0] + 1
            seen.reach(row, column)
            if kind in _ERRORS:
                seen.error(row, column, content[start + 8])
    return seen


def _records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield type, start and size of each record; both numbers take 7 bits of each byte."""
    at = 0
    while at < len(content):
        kind, at = content[at], at + 1
        if kind > _SEVEN_BITS:
            kind, at = (kind & _SEVEN_BITS) | (content[at] << 7), at + 1
        size = shift = 0
        for _ in range(4):
            byte, at = content[at], at + 1
            size |= (byte & _SEVEN_BITS) << shift
            shift += 7
            if byte <= _SEVEN_BITS:
                break
        yield kind, at, size
        at += size
