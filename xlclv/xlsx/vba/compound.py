"""The container of a VBA project: a compound file of version 3, as MS-CFB describes it.

A file of 512-byte sectors, chained by a table (FAT). Streams shorter than 4096 bytes share one
stream of 64-byte sectors with a table of its own (mini FAT). A directory lists storages and
streams; the entries of a storage form a red-black tree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from struct import pack
from typing import Final

SECTOR, MINI_SECTOR, CUTOFF = 512, 64, 4096
ENTRY: Final = 128  # bytes of a directory entry
LONGEST_NAME: Final = 31  # UTF-16 units of a name
HEADER_FAT_SECTORS: Final = 109  # listed in the header; more need a list of their own
FREE, END_OF_CHAIN, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD  # MS-CFB 2.1
NO_STREAM: Final = 0xFFFFFFFF
UNUSED, STORAGE, STREAM, ROOT = 0, 1, 2, 5  # MS-CFB 2.6.1, object type
RED, BLACK = 0, 1

Storage = Mapping[str, "bytes | Storage"]


@dataclass(slots=True)
class _Entry:
    """An object of the directory: MS-CFB 2.6.1."""

    name: str
    kind: int
    content: bytes = b""
    colour: int = BLACK
    left: int = NO_STREAM
    right: int = NO_STREAM
    child: int = NO_STREAM
    start: int = 0
    size: int = 0


@dataclass(slots=True)
class _Sectors:
    """Sectors in order, with the table that chains them."""

    size: int
    content: bytearray = field(default_factory=bytearray)
    chain: list[int] = field(default_factory=list)

    def add(self, content: bytes, fill: bytes = b"\0") -> int:
        """Append a content; return its first sector, or the end mark where it is empty."""
        count = _ceil(len(content), self.size)
        if not count:
            return END_OF_CHAIN
        first = len(self.chain)
        self.chain += [*range(first + 1, first + count), END_OF_CHAIN]
        self.content += content.ljust(count * self.size, fill)
        return first


def compound_file(root: Storage) -> bytes:
    """Return the file that holds these storages and streams by name.

    Raises:
        ValueError: A name cannot stand in a directory, or the file would pass 7 MB.
    """
    entries = _directory(root)
    sectors, mini = _Sectors(SECTOR), _Sectors(MINI_SECTOR)
    for entry in entries:
        if entry.kind == STREAM:
            holder = mini if len(entry.content) < CUTOFF else sectors
            entry.start, entry.size = holder.add(entry.content), len(entry.content)
    entries[0].start, entries[0].size = sectors.add(bytes(mini.content)), len(mini.content)
    mini_fat = sectors.add(_table(mini.chain), b"\xff")
    directory = sectors.add(_listed(entries))
    fat_at = len(sectors.chain)
    fat_count = _add_fat(sectors)
    header = _header(
        range(fat_at, fat_at + fat_count), directory, mini_fat, len(_table(mini.chain))
    )
    return header + bytes(sectors.content)


# --- directory: MS-CFB 2.6 --------------------------------------------------------------------


def _directory(root: Storage) -> list[_Entry]:
    """Return the root, then every storage and stream, each with its place in a tree."""
    entries = [_Entry("Root Entry", ROOT)]
    _fill(entries, 0, root)
    return entries


def _fill(entries: list[_Entry], parent: int, storage: Storage) -> None:
    places: dict[str, int] = {}
    for name, content in storage.items():
        _refuse(name)
        places[name] = len(entries)
        if isinstance(content, bytes):
            entries.append(_Entry(name, STREAM, content))
        else:
            entries.append(_Entry(name, STORAGE))
            _fill(entries, places[name], content)
    ordered = sorted(places, key=sort_key)
    if len({sort_key(name) for name in ordered}) < len(ordered):
        raise ValueError("two entries of a storage have one name")
    full_levels = (len(ordered) + 1).bit_length() - 1
    tree = [places[name] for name in ordered]
    entries[parent].child = _tree(entries, tree, full_levels)


def _refuse(name: str) -> None:
    """Raise ValueError for a name that a directory cannot hold: MS-CFB 2.6.1."""
    if not 0 < _units(name) <= LONGEST_NAME or set(name) & set("/\\:!"):
        raise ValueError(f"{name!r} is no name for a stream")


def sort_key(name: str) -> tuple[int, str]:
    """Order names as a directory does: shorter first, then by capital letters (2.6.4)."""
    return _units(name), name.upper()


def _units(name: str) -> int:
    return len(name.encode("utf-16-le")) // 2


def _tree(entries: list[_Entry], ordered: Sequence[int], black_levels: int) -> int:
    """Link entries as a balanced tree and return its root: MS-CFB 2.6.4.

    Halving fills every level but the last; with only that one red, no red entry follows another
    and every path holds as many black ones.
    """
    if not ordered:
        return NO_STREAM
    middle = len(ordered) // 2
    entry = entries[ordered[middle]]
    entry.colour = BLACK if black_levels > 0 else RED
    entry.left = _tree(entries, ordered[:middle], black_levels - 1)
    entry.right = _tree(entries, ordered[middle + 1 :], black_levels - 1)
    return ordered[middle]


def _listed(entries: Sequence[_Entry]) -> bytes:
    """Return the directory, filled up with unused entries to whole sectors."""
    blank = pack("<64xHBB3I36xIQ", 0, UNUSED, RED, NO_STREAM, NO_STREAM, NO_STREAM, 0, 0)
    spare = -len(entries) % (SECTOR // ENTRY)
    return b"".join(map(_packed, entries)) + blank * spare


def _packed(entry: _Entry) -> bytes:
    """Return an entry: class id, state bits and times are zero, as a macro needs none."""
    name = entry.name.encode("utf-16-le") + b"\0\0"
    links = (entry.left, entry.right, entry.child)
    kind = (len(name), entry.kind, entry.colour)
    return pack("<64sHBB3I36xIQ", name, *kind, *links, entry.start, entry.size)


# --- tables and header ------------------------------------------------------------------------


def _table(chain: Sequence[int]) -> bytes:
    return pack(f"<{len(chain)}I", *chain)


def _add_fat(sectors: _Sectors) -> int:
    """Append the table, which chains its own sectors too; return how many: MS-CFB 2.3."""
    used, each = len(sectors.chain), SECTOR // 4
    count = 1
    while count * each < used + count:
        count += 1
    if count > HEADER_FAT_SECTORS:
        raise ValueError("the project is larger than 7 MB")
    sectors.chain += [FAT_SECTOR] * count
    sectors.content += _table(sectors.chain).ljust(count * SECTOR, b"\xff")  # free sectors
    return count


def _header(fat: range, directory: int, mini_fat: int, mini_fat_bytes: int) -> bytes:
    """Return the header: MS-CFB 2.2."""
    magic = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    version = pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)  # 3.62, little-endian, 2**9 and 2**6 bytes
    places = pack(
        "<9I",
        *(0, len(fat), directory, 0, CUTOFF),  # no count of directory sectors in version 3
        *(mini_fat, _ceil(mini_fat_bytes, SECTOR)),
        *(END_OF_CHAIN, 0),  # all sectors of the table fit in the header
    )
    listed = [*fat] + [FREE] * (HEADER_FAT_SECTORS - len(fat))
    return magic + version + places + _table(listed)


def _ceil(amount: int, unit: int) -> int:
    return -(-amount // unit)
