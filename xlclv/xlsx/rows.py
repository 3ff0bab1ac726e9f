"""Rows and cells in the XML of a sheet, found by their bytes so that the others stay."""

import codecs
import contextlib
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
_HEAD: Final = 4096  # where the tag of a sheet stands, with all its namespaces
_PREFIX: Final = re.compile(
    rb"\sxmlns(:([\w.-]+))=[\"']http://schemas\.openxmlformats\.org/spreadsheetml/2006/main[\"']"
)
_ENCODING: Final = re.compile(r"(<\?xml[^>]*encoding=[\"'])[^\"']*([\"'])")
_LOOKS_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def split_sheet(xml: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Cut a sheet around its rows: what is before `<sheetData>`, the rows, what is after.

    Returns:
        Three pieces without the sheetData tags, which have no prefixes; None where the XML cannot
        be cut by its bytes, as where rows or cells do not end.
    """
    xml = without_prefix(xml)
    start = re.search(rb"<sheetData\s*(/?)>", xml)
    if start is None or b"<!--" in xml or b"<![CDATA[" in xml:
        return None
    if start[1]:
        return xml[: start.start()], b"", xml[start.end() :]
    rows, found, tail = xml[start.end() :].rpartition(b"</sheetData>")
    return (xml[: start.start()], rows, tail) if found else None


def without_prefix(xml: bytes) -> bytes:
    r"""Return a sheet in UTF-8 whose own tags have no prefix, as most programs write it.

    The Open XML SDK and what is built on it write `<x:row>`. In text "<" is always escaped, so
    all that begins so is a tag. What cannot be rewritten is returned as it is.

    >>> without_prefix(b'<x:a xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>')
    b'<a xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    """
    if xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with contextlib.suppress(UnicodeError):
            text = _ENCODING.sub(r"\1UTF-8\2", xml.decode("utf-16"), count=1)
            xml = text.encode()
    found = _PREFIX.search(xml, 0, _HEAD)
    if found is None or re.search(rb"<[^>]*\sxmlns=[\"']", xml):
        return xml
    prefix = re.escape(found[2])
    if re.search(rb"\s%s:[\w.-]+\s*=" % prefix, xml) or b"<!--" in xml or b"<![CDATA[" in xml:
        return xml
    xml = xml[: found.start(1)] + xml[found.end(1) :]
    return re.sub(rb"<(/?)%s:" % prefix, rb"<\1", xml)


class NotClosed(ValueError):  # noqa: N818 - says what is wrong
    """A row or a cell has no end."""


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
            inner_end = _end(xml, b"</row>", inner)
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
            inner_end = _end(xml, b"</c>", end)
            end = inner_end + len(b"</c>")
        content = xml[tag.end() : inner_end]
        yield CellSpan(column, tag.start(), end, int(style[1]) if style else 0, content)


def _end(xml: bytes, tag: bytes, start: int) -> int:
    found = xml.find(tag, start)
    if found < 0:
        raise NotClosed(tag.decode())
    return found


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
