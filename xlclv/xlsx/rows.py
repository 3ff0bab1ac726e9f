"""Rows and cells in the XML of a sheet, found by their bytes so that the others stay."""

import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from xlclv.addresses import number_of

_ROW_NUMBER: Final = re.compile(rb"\sr=[\"'](\d+)")
_COLUMN: Final = re.compile(rb"\sr=[\"']([A-Z]+)")
_STYLE: Final = re.compile(rb"\ss=[\"'](\d+)")
# A formula, a text of the cell's own, or a value that is not empty.
_CONTENT: Final = re.compile(rb"<(?:(?:f|is)[\s/>]|v[^/>]*>[^<])")
# A formula with its attributes, and of these the cells it fills and its number if it is shared.
FORMULA: Final = re.compile(rb"<f(?=[\s/>])([^>]*)>")
RANGE: Final = re.compile(rb"\sref=[\"']([A-Z0-9:]+)")
SHARED: Final = re.compile(rb"\ssi=[\"'](\d+)")
_LOOKS_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def split_sheet(xml: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Cut a sheet around its rows: what is before `<sheetData>`, the rows, what is after.

    Returns:
        Three pieces without the sheetData tags; None where the XML cannot be cut by its bytes,
        as when its tags have prefixes, which spreadsheet programs do not write.
    """
    start = re.search(rb"<sheetData\s*(/?)>", xml)
    if start is None or b"<!--" in xml or b"<![CDATA[" in xml:
        return None
    if start[1]:
        return xml[: start.start()], b"", xml[start.end() :]
    rows, found, tail = xml[start.end() :].rpartition(b"</sheetData>")
    return (xml[: start.start()], rows, tail) if found else None


class RowSpan(NamedTuple):
    """Where a row stands in the XML of the rows: its tag, what is in it, its end."""

    number: int
    start: int
    inner: int
    inner_end: int
    end: int


class CellSpan(NamedTuple):
    """Where a cell stands in the XML of its row, its format and what is in it."""

    column: int
    start: int
    end: int
    style: int
    content: bytes


def rows_of(xml: bytes) -> Iterator[RowSpan]:
    """Find the rows between sheetData tags; one that has no number follows the one before."""
    number = 0
    for tag in re.finditer(rb"<row(?=[\s/>])[^>]*>", xml):
        named = _ROW_NUMBER.search(tag[0])
        number = int(named[1]) if named else number + 1
        inner = inner_end = end = tag.end()
        if not tag[0].endswith(b"/>"):
            inner_end = xml.index(b"</row>", inner)
            end = inner_end + len(b"</row>")
        yield RowSpan(number, tag.start(), inner, inner_end, end)


def cells_of(xml: bytes) -> Iterator[CellSpan]:
    """Find the cells of a row; one that has no address follows the one before."""
    column = 0
    for tag in re.finditer(rb"<c(?=[\s/>])[^>]*>", xml):
        named, style = _COLUMN.search(tag[0]), _STYLE.search(tag[0])
        column = number_of(named[1].decode()) if named else column + 1
        inner_end = end = tag.end()
        if not tag[0].endswith(b"/>"):
            inner_end = xml.index(b"</c>", end)
            end = inner_end + len(b"</c>")
        content = xml[tag.end() : inner_end]
        yield CellSpan(column, tag.start(), end, int(style[1]) if style else 0, content)


def has_content(cell: bytes) -> bool:
    """Say whether what is in a cell is more than a format."""
    return _CONTENT.search(cell) is not None


def escaped(text: str) -> str:
    r"""Return a text as Excel keeps it in XML: what XML cannot hold stands as `_xHHHH_`.

    >>> escaped("a<b\x07 _x0041_")
    'a&lt;b_x0007_ _x005F_x0041_'
    """
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return html.escape(text, quote=False)
