"""Readers of a VBA project, written from MS-CFB and MS-OVBA apart from the writers they check."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import iter_unpack, unpack_from
from typing import Final

SECTOR, MINI, CUTOFF = 512, 64, 4096
END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5
RED, BLACK = 0, 1


@dataclass
class Entry:
    """A directory entry, all its fields."""

    name: str
    kind: int
    colour: int
    left: int
    right: int
    child: int
    class_id: bytes
    state: int
    times: tuple[int, int]
    start: int
    size: int


@dataclass
class Compound:
    """A compound file taken apart; every rule of MS-CFB that can be checked is asserted."""

    data: bytes
    streams: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._header()
        self.fat = self._table(self.fat_sectors)
        self._check_fat()
        directory = self._chain(self.directory_start)
        self.entries = [
            _entry(directory, at) for at in range(0, len(directory), 128) if directory[at + 66]
        ]
        self._check_unused(directory)
        root = self.entries[0]
        assert (root.name, root.kind, root.left, root.right) == ("Root Entry", ROOT, NONE, NONE)
        assert [entry.kind for entry in self.entries[1:]].count(ROOT) == 0
        self.mini_stream = self._chain(root.start)
        assert root.size == len(self.mini_fat) * MINI
        assert len(self.mini_stream) == -(-root.size // SECTOR) * SECTOR
        self._walk(root, "")
        assert self.used == set(range(len(self.data) // SECTOR - 1)), "a sector belongs to nobody"

    def _header(self) -> None:
        head = self.data[:SECTOR]
        assert len(self.data) % SECTOR == 0
        assert head[:8].hex() == "d0cf11e0a1b11ae1"
        assert head[8:24] == bytes(16)
        assert unpack_from("<5H", head, 24) == (0x3E, 3, 0xFFFE, 9, 6)
        assert head[34:40] == bytes(6)
        fields = unpack_from("<9I", head, 40)
        directories, fats, self.directory_start, signature, cutoff, mini, minis, difat, difats = (
            fields
        )
        assert (directories, signature, cutoff) == (0, 0, CUTOFF)
        assert (difat, difats) == (END, 0)
        listed = unpack_from("<109I", head, 76)
        self.fat_sectors = listed[:fats]
        assert set(listed[fats:]) <= {FREE}
        self.used: set[int] = set(self.fat_sectors)
        self.fat = self._table(self.fat_sectors)
        chained = self._chain(mini) if minis else b""
        assert len(chained) == minis * SECTOR
        table = [number for (number,) in iter_unpack("<I", chained)]
        while table and table[-1] == FREE:
            table.pop()
        self.mini_fat = table

    def _table(self, sectors: tuple[int, ...]) -> list[int]:
        table = b"".join(map(self._sector, sectors))
        return [number for (number,) in iter_unpack("<I", table)]

    def _check_fat(self) -> None:
        count = len(self.data) // SECTOR - 1
        assert len(self.fat) >= count
        assert set(self.fat[count:]) <= {FREE}
        assert [at for at, number in enumerate(self.fat) if number == FAT] == [*self.fat_sectors]

    def _sector(self, number: int) -> bytes:
        assert number < len(self.data) // SECTOR - 1
        return self.data[(number + 1) * SECTOR : (number + 2) * SECTOR]

    def _chain(self, start: int) -> bytes:
        pieces, at = [], start
        while at != END:
            assert at not in self.used, "two chains share a sector"
            self.used.add(at)
            pieces.append(self._sector(at))
            at = self.fat[at]
        return b"".join(pieces)

    def _mini_chain(self, start: int, size: int) -> bytes:
        pieces, at = [], start
        while at != END:
            pieces.append(self.mini_stream[at * MINI : (at + 1) * MINI])
            at = self.mini_fat[at]
        assert len(pieces) == -(-size // MINI)
        return b"".join(pieces)

    def _check_unused(self, directory: bytes) -> None:
        for at in range(len(self.entries) * 128, len(directory), 128):
            links = unpack_from("<3I", directory, at + 68)
            assert directory[at : at + 68] == bytes(68)
            assert links == (NONE, NONE, NONE)
            assert directory[at + 80 : at + 128] == bytes(48)

    def _walk(self, parent: Entry, path: str) -> None:
        names: list[tuple[int, str]] = []
        self._tree(parent.child, names, path)
        assert names == sorted(set(names)), "the tree is not in order"

    def _tree(self, at: int, names: list[tuple[int, str]], path: str) -> int:
        """Visit a tree in order; return how many black entries each of its paths holds."""
        if at == NONE:
            return 0
        entry = self.entries[at]
        assert entry.class_id == bytes(16)
        assert (entry.state, entry.times) == (0, (0, 0))
        for side in (entry.left, entry.right):
            if entry.colour == RED and side != NONE:
                assert self.entries[side].colour == BLACK
        left = self._tree(entry.left, names, path)
        names.append((len(entry.name), entry.name.upper()))
        self._content(entry, path)
        assert left == self._tree(entry.right, names, path)
        return left + entry.colour

    def _content(self, entry: Entry, path: str) -> None:
        if entry.kind == STORAGE:
            assert (entry.start, entry.size) == (0, 0)
            self._walk(entry, f"{path}{entry.name}/")
            return
        assert entry.kind == STREAM
        assert entry.child == NONE
        small = entry.size < CUTOFF
        content = self._mini_chain(entry.start, entry.size) if small else self._chain(entry.start)
        assert set(content[entry.size :]) <= {0}
        self.streams[path + entry.name] = content[: entry.size]


def _entry(directory: bytes, at: int) -> Entry:
    raw, length, kind, colour = unpack_from("<64sHBB", directory, at)
    left, right, child = unpack_from("<3I", directory, at + 68)
    class_id, state, *times = unpack_from("<16sIQQ", directory, at + 80)
    start, size = unpack_from("<IQ", directory, at + 116)
    name = raw[: length - 2].decode("utf-16-le")
    assert raw[length - 2 :] == bytes(66 - length)
    assert not set(name) & set("/\\:!")
    return Entry(
        name, kind, colour, left, right, child, class_id, state, (times[0], times[1]), start, size
    )


# The records of MS-OVBA 2.3.4.2.1 in order; the last number of a pair is the UTF-16 one.
INFORMATION: Final = (
    *(0x01, 0x02, 0x14, 0x03, 0x04, 0x05, 0x40, 0x06, 0x3D, 0x07, 0x08, 0x09, 0x0C, 0x3C),
)
MODULE: Final = (0x19, 0x47, 0x1A, 0x32, 0x1C, 0x48, 0x31, 0x1E, 0x2C)


class Records:
    """The records of a dir stream, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def peek(self) -> int:
        """Return the number of the next record."""
        (number,) = unpack_from("<H", self.data, self.at)
        return int(number)

    def next(self, expected: int) -> bytes:
        """Return the content of the next record, which must have this number."""
        number, size = unpack_from("<HI", self.data, self.at)
        assert number == expected, f"record {number:#x} stands where {expected:#x} belongs"
        size += 2 if number == 0x09 else 0  # PROJECTVERSION does not count its minor version
        self.at += 6 + size
        content = self.data[self.at - size : self.at]
        assert len(content) == size
        return content


@dataclass
class ModuleRecord:
    """What a dir stream says about a module."""

    name: str
    stream: str
    description: str
    offset: int
    procedural: bool


@dataclass
class Directory:
    """A dir stream taken apart: MS-OVBA 2.3.4.2."""

    data: bytes

    def __post_init__(self) -> None:
        records = Records(self.data)
        given = {number: records.next(number) for number in INFORMATION}
        self.code_page = int.from_bytes(given[0x03], "little")
        self.codec = f"cp{self.code_page}"
        self.name = given[0x04].decode(self.codec)
        for narrow, wide in ((0x05, 0x40), (0x0C, 0x3C)):
            assert given[narrow].decode(self.codec) == given[wide].decode("utf-16-le")
        assert given[0x06] == given[0x3D]
        sizes = {0x01: 4, 0x02: 4, 0x14: 4, 0x03: 2, 0x07: 4, 0x08: 4, 0x09: 6}
        assert {number: len(given[number]) for number in sizes} == sizes
        self.references = list(self._references(records))
        count = int.from_bytes(records.next(0x0F), "little")
        assert len(records.next(0x13)) == 2
        self.modules = [self._module(records) for _ in range(count)]
        assert records.next(0x10) == b""
        assert records.at == len(self.data)

    def _references(self, records: Records) -> Iterator[tuple[str, str]]:
        while records.peek() == 0x16:
            name = self._reference_name(records)
            if records.peek() == 0x33:  # a control was registered under another library first
                records.next(0x33)
            if records.peek() == 0x2F:
                records.next(0x2F)
                self._reference_name(records)
                library = records.next(0x30)
            else:
                library = records.next(0x0D)
                (size,) = unpack_from("<I", library)
                assert len(library) == 4 + size + 6
                assert library[4 + size :] == bytes(6)
            (size,) = unpack_from("<I", library)
            yield name, library[4 : 4 + size].decode(self.codec)

    def _reference_name(self, records: Records) -> str:
        name = records.next(0x16).decode(self.codec)
        assert name == records.next(0x3E).decode("utf-16-le")
        return name

    def _module(self, records: Records) -> ModuleRecord:
        given = {number: records.next(number) for number in MODULE}
        kind = records.peek()
        assert kind in {0x21, 0x22}
        assert records.next(kind) == records.next(0x2B) == b""
        texts = [
            (given[narrow].decode(self.codec), given[wide].decode("utf-16-le"))
            for narrow, wide in ((0x19, 0x47), (0x1A, 0x32), (0x1C, 0x48))
        ]
        assert all(narrow == wide for narrow, wide in texts)
        name, stream, description = (narrow for narrow, _ in texts)
        assert (len(given[0x1E]), len(given[0x2C])) == (4, 2)
        offset = int.from_bytes(given[0x31], "little")
        return ModuleRecord(name, stream, description, offset, procedural=kind == 0x21)


def decrypted(coded: str, project_id: str) -> bytes:
    """Return what a field of PROJECT hides: MS-OVBA 2.4.3.3."""
    data = bytes.fromhex(coded)
    seed, version, key = data[0], data[1] ^ data[0], data[2] ^ data[0]
    assert version == 2
    assert key == sum(project_id.encode()) & 0xFF
    plain, last, before = key, data[2], data[1]
    out = bytearray()
    for sign in data[3:]:
        byte = sign ^ (before + plain & 0xFF)
        out.append(byte)
        plain, before, last = byte, last, sign
    ignored = (seed & 6) // 2
    length = int.from_bytes(out[ignored : ignored + 4], "little")
    content = bytes(out[ignored + 4 :])
    assert len(content) == length
    return content
