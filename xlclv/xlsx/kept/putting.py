"""What is kept of a user put between the new rows of a tab."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from xlclv.xlsx.kept.cells import Finder, Kept
from xlclv.xlsx.rows import cells_of, rows_of

_STYLE: Final = re.compile(rb"\ss=[\"']\d+[\"']")
_SPANS: Final = re.compile(rb"\sspans=[\"'][^\"']*[\"']")


def put_in(rows: bytes, kept: Kept, finder: Finder) -> bytes:
    """Return new rows with what is kept in them.

    Raises:
        InputError: Something of ours stands where a cell of the user is.
    """
    if not kept.cells and not kept.styles:
        return rows
    out, at = [], 0
    waiting = sorted(kept.cells)
    for row in rows_of(rows):
        while waiting and waiting[0] < row.number:
            number = waiting.pop(0)
            out += [rows[at : row.start], _added(number, kept.cells[number])]
            at = row.start
        cells, styles = kept.cells.get(row.number, {}), kept.styles.get(row.number, {})
        if cells:
            waiting.pop(0)
        if cells or styles:
            inner = rows[row.inner : row.inner_end]
            written = b"".join(_merged(inner, row.number, cells, styles, kept, finder))
            out += [rows[at : row.start], _opened(rows[row.start : row.inner]), written, b"</row>"]
            at = row.end
    out.append(rows[at:])
    out += [_added(number, kept.cells[number]) for number in waiting]
    return b"".join(out)


def _opened(tag: bytes) -> bytes:
    tag = _SPANS.sub(b"", tag)
    return tag[:-2] + b">" if tag.endswith(b"/>") else tag


def _added(number: int, cells: Mapping[int, bytes]) -> bytes:
    return b'<row r="%d">%s</row>' % (number, b"".join(cells[one] for one in sorted(cells)))


def _merged(
    inner: bytes,
    row: int,
    cells: Mapping[int, bytes],
    styles: Mapping[int, int],
    kept: Kept,
    finder: Finder,
) -> Iterator[bytes]:
    """Yield the cells of a row in order."""
    waiting = sorted(cells)
    for cell in cells_of(inner):
        while waiting and waiting[0] < cell.column:
            yield cells[waiting.pop(0)]
        if waiting and waiting[0] == cell.column:
            raise finder.refusal("kept_in_way", kept.came_from[row, cell.column])
        xml = inner[cell.start : cell.end]
        if cell.column in styles:
            old = styles[cell.column]
            foreign = finder.looks.foreign(old, finder.ours)
            xml = _with_style(xml, finder.looks.joined(cell.style, old, foreign))
        yield xml
    yield from (cells[column] for column in waiting)


def _with_style(xml: bytes, number: int) -> bytes:
    end = xml.index(b">")
    tag, rest = xml[:end], xml[end:]
    style = b' s="%d"' % number
    if _STYLE.search(tag):
        return _STYLE.sub(style, tag, count=1) + rest
    closed = tag.endswith(b"/")
    return tag.removesuffix(b"/") + style + (b"/" if closed else b"") + rest
