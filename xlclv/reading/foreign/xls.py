"""Look at the sheets of an old workbook: records (MS-XLS) in a compound file (MS-CFB)."""

from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from
from typing import Final

from xlclv.reading.foreign.look import Locked, Look

STREAMS: Final = ("Workbook", "Book")
_ENTRY: Final = 128  # bytes of an entry of the directory
_LAST_SECTOR: Final = 0xFFFFFFFA  # beyond are marks: free, end of a chain, tables
_IN_HEADER: Final = 109  # sectors of the table that the header lists
_CUTOFF, _MINI = 4096, 64
_FILE_PASS: Final = 0x2F
_UNICODE: Final = 0x600  # the version of Excel 97 and later
_BOUND_SHEET, _FORMULA, _EITHER, _END = 0x85, 0x06, 0x205, 0x0A
# Records with cells and the place of their first column; MULRK and MULBLANK end in the last one.
_CELLS: Final = {0x06, 0x203, 0x204, 0x205, 0x27E, 0xFD, 0xD6}
_RUNS: Final = {0xBD}
_IS_ERROR: Final = 2


def look(path: Path) -> dict[str, Look]:
    """Return each sheet of a workbook by its name.

    Raises:
        ValueError: The file holds no stream of a workbook.
        Locked: The workbook has a password.
    """
    book = _stream(path.read_bytes())
    short_names = unpack_from("<H", book, 4)[0] < _UNICODE
    found = {}
    for kind, start, size in _records(book, 0):
        if kind == _FILE_PASS:
            raise Locked
        if kind == _BOUND_SHEET:
            place = unpack_from("<I", book, start)[0]
            name = book[start + 6 : start + size]
            found[_short(name) if short_names else _name(name)] = _look(book, place)
        elif kind == _END:
            break
    return found


def _name(text: bytes) -> str:
    """Return the name of a sheet: its length, how it is stored, its letters (MS-XLS 2.5.293)."""
    length, wide = text[0], text[1] & 1
    return text[2:].decode("utf-16-le" if wide else "latin-1", "replace")[:length]


def _short(text: bytes) -> str:
    """Return the name of a sheet as workbooks before Excel 97 store it."""
    return text[1 : 1 + text[0]].decode("cp1252", "replace")


def _look(book: bytes, place: int) -> Look:
    seen = Look()
    for kind, start, size in _records(book, place):
        if kind == _END:
            break
        if kind in _CELLS or kind in _RUNS:
            row, column = unpack_from("<HH", book, start)
            last = unpack_from("<H", book, start + size - 2)[0] if kind in _RUNS else column
            seen.reach(row + 1, last + 1)
            code = _error(book, kind, start)
            if code is not None:
                seen.error(row + 1, column + 1, code)
    return seen


def _error(book: bytes, kind: int, start: int) -> int | None:
    """Return the number of the error value of a cell, None without."""
    if kind == _EITHER and book[start + 7]:
        return book[start + 6]
    of_formula = kind == _FORMULA and book[start + 12 : start + 14] == b"\xff\xff"
    return book[start + 8] if of_formula and book[start + 6] == _IS_ERROR else None


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield type, start and size of each record."""
    while at + 4 <= len(book):
        kind, size = unpack_from("<HH", book, at)
        yield kind, at + 4, size
        at += 4 + size


def _stream(file: bytes) -> bytes:
    """Return the stream of a compound file that holds the workbook (MS-CFB 2.2 to 2.6)."""
    sector = 1 << unpack_from("<H", file, 30)[0]
    table, directory, mini_table = _tables(file, sector)
    entries = _chained(file, table, directory, sector)
    mini_stream = b""
    for at in range(0, len(entries), _ENTRY):
        name_size = unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(name_size - 2, 0)].decode("utf-16-le", "replace")
        first, size = unpack_from("<II", entries, at + 116)
        if at == 0:
            mini_stream = _chained(file, table, first, sector)
        elif name in STREAMS and size >= _CUTOFF:
            return _chained(file, table, first, sector)[:size]
        elif name in STREAMS:
            chain = list(unpack_from(f"<{len(mini_table) // 4}I", mini_table))
            return _chained(mini_stream, chain, first, _MINI, header=0)[:size]
    raise ValueError(STREAMS[0])


def _tables(file: bytes, sector: int) -> tuple[list[int], int, bytes]:
    """Return the table of sectors, where the directory begins, and the table of small sectors."""
    directory = unpack_from("<I", file, 48)[0]
    mini_first = unpack_from("<I", file, 60)[0]
    more = unpack_from("<I", file, 68)[0]
    listed = [*unpack_from(f"<{_IN_HEADER}I", file, 76)]
    while more < _LAST_SECTOR and len(listed) * sector <= len(file) + sector * _IN_HEADER:
        *further, more = unpack_from(f"<{sector // 4}I", file, (more + 1) * sector)
        listed += further
    table: list[int] = []
    for place in listed:
        if place < _LAST_SECTOR:
            table += unpack_from(f"<{sector // 4}I", file, (place + 1) * sector)
    return table, directory, _chained(file, table, mini_first, sector)


def _chained(
    file: bytes, table: list[int], first: int, sector: int, header: int | None = None
) -> bytes:
    """Return the content of a chain of sectors; the header takes the room of one."""
    before = sector if header is None else header
    out: list[bytes] = []
    at = first
    while at < _LAST_SECTOR and len(out) <= len(table):
        out.append(file[before + at * sector : before + (at + 1) * sector])
        at = table[at]
    return b"".join(out)
