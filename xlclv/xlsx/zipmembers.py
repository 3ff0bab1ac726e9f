"""The members of a workbook's zip file: opened within limits, copied as they are."""

import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import IO, BinaryIO, Final, Self
from xml.parsers import expat

from xlclv.errors import InputError

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # opens .xls and password-protected files
# Excel itself writes some hundred members; a sheet of blank cells reaches about 200:1.
_MOST_MEMBERS: Final = 20_000
_LARGE: Final = 64 * 2**20
_MOST_INFLATION: Final = 250
_ENCRYPTED: Final = 0x1
_PACKED: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_HAS_DESCRIPTOR: Final = 0x8
_LOCAL_HEADER: Final = 30
_CHUNK: Final = 2**16  # may unpack to a thousand times as much
# What tells that a member is not what it was when it was written.
DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError)

# A sheet of half a million rows is packed in half the time, and is a little larger.
_BULKY: Final = 2**23
_QUICK: Final = 1


class Members:
    """The members of a zip file, with the changes to make when it is written.

    Names are told apart as Windows does, whatever their case.

    Args:
        path: The file. It stays open until `close`; use `with`.

    Raises:
        InputError: The file is missing, of another kind, locked by a password or unsafe.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = _open(path)
        self._stored = {info.filename.lower(): info for info in self._zip.infolist()}
        self._changed: dict[str, bytes] = {}
        self._removed: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file, so that it can be replaced."""
        self._zip.close()

    def parts(self) -> list[str]:
        """Return all names, changes counted in, in the order of writing."""
        stored = [info.filename for info in self._zip.infolist()]
        added = [part for part in self._changed if part.lower() not in self._stored]
        return [part for part in stored if part not in self._removed] + added

    def __contains__(self, part: str) -> bool:
        stored = self._stored.get(part.lower())
        return part in self._changed or bool(stored and stored.filename not in self._removed)

    def stored_name(self, part: str) -> str:
        """Return a name in the letters the file has for it."""
        stored = self._stored.get(part.lower())
        return stored.filename if stored else part

    def read(self, part: str) -> bytes:
        """Return the content of a member.

        Raises:
            InputError: The member is missing or cannot be unpacked.
        """
        if part in self._changed:
            return self._changed[part]
        if part not in self:
            raise InputError("damaged_workbook", path=self.path.name, part=part)
        try:
            return self._zip.read(self._stored[part.lower()])
        except (*DAMAGE, NotImplementedError, OSError) as error:
            raise InputError("damaged_workbook", path=self.path.name, part=part) from error

    def starts_with(self, part: str, marks: tuple[bytes, ...]) -> bool:
        """Say whether a member begins with one of some marks, without unpacking all of it."""
        with self._opened(part) as file:
            try:
                return file.read(max(map(len, marks))).startswith(marks)
            except (*DAMAGE, OSError) as error:
                raise InputError("damaged_workbook", path=self.path.name, part=part) from error

    def _opened(self, part: str) -> IO[bytes]:
        if part in self._changed:
            return io.BytesIO(self._changed[part])
        if part not in self:
            raise InputError("damaged_workbook", path=self.path.name, part=part)
        try:
            return self._zip.open(self._stored[part.lower()])
        except (*DAMAGE, NotImplementedError, OSError) as error:
            raise InputError("damaged_workbook", path=self.path.name, part=part) from error

    def store(self, part: str, content: bytes) -> None:
        """Replace a member or add it at the end."""
        self._removed.discard(part)
        self._changed[part] = content

    def discard(self, part: str) -> None:
        """Leave a member out, if it is there."""
        self._changed.pop(part, None)
        if part.lower() in self._stored:
            self._removed.add(self.stored_name(part))

    def write(self, path: Path | BinaryIO) -> None:
        """Write all members to a path other than their own, unchanged ones as they are.

        Raises:
            InputError: A member cannot be read to its end.
            OSError: The path cannot be written.
        """
        with zipfile.ZipFile(path, "w") as out:
            for part in self.parts():
                old = self._stored.get(part.lower())
                if part in self._changed:
                    # A new member has a fixed date, so that equal runs write equal files.
                    new = zipfile.ZipInfo(part, old.date_time if old else (1980, 1, 1, 0, 0, 0))
                    data = self._changed[part]
                    level = _QUICK if len(data) > _BULKY else None
                    out.writestr(new, data, zipfile.ZIP_DEFLATED, level)
                elif old is not None:
                    _copy_member(self._zip, old, out)


def _open(path: Path) -> zipfile.ZipFile:
    """Open a workbook's zip file and check its limits before anything of it is unpacked.

    Raises:
        InputError: The file is missing, another kind of file, locked by a password or unsafe.
    """
    try:
        with path.open("rb") as file:
            old = file.read(len(_OLE)) == _OLE
            if old and "EncryptedPackage".encode("utf-16-le") in file.read():
                raise InputError("locked_workbook", path=path.name)
        if old:
            raise InputError("old_workbook", path=path.name)
        package = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise InputError("workbook_missing", path=path) from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise InputError("not_a_workbook", path=path.name) from error
    except OSError as error:
        raise InputError("workbook_unreadable", path=path) from error
    try:
        _check(package.infolist(), path.name)
    except BaseException:
        package.close()
        raise
    return package


def _check(members: list[zipfile.ZipInfo], path: str) -> None:
    """Refuse what no spreadsheet writes but an attack needs.

    Raises:
        InputError: Too many members, one stored twice, outside the package, encrypted, packed
            in a way only special tools use, or inflating to far more than its size.
    """
    if len(members) > _MOST_MEMBERS:
        raise InputError("workbook_of_too_many_parts", path=path, most=_MOST_MEMBERS)
    seen: set[str] = set()
    for info in members:
        name = info.filename
        limit = max(_LARGE, _MOST_INFLATION * info.compress_size)
        faults = {
            "workbook_part_twice": name.lower() in seen,
            "workbook_part_outside": name.startswith("/") or ".." in re.split(r"[/\\]", name),
            "workbook_part_encrypted": bool(info.flag_bits & _ENCRYPTED),
            "workbook_part_packed": info.compress_type not in _PACKED,
            "workbook_part_inflates": info.file_size > limit,
        }
        for key, present in faults.items():
            if present:
                raise InputError(key, path=path, part=name)
        seen.add(name.lower())


def _copy_member(source: zipfile.ZipFile, info: zipfile.ZipInfo, out: zipfile.ZipFile) -> None:
    """Copy a member with its compressed bytes as they are, once they are known to be sound.

    Raises:
        InputError: The member ends early, does not stand where the directory says, or does not
            hold what it claims.
    """
    if out.fp is None:
        raise ValueError(out.filename)
    member = copy(info)
    member.flag_bits &= ~_HAS_DESCRIPTOR  # the sizes stand in front of the bytes
    member.extra = b""
    member.header_offset = out.fp.tell()
    out.fp.write(member.FileHeader())
    test = _Test(info)
    try:
        for chunk in _compressed(source, info):
            test.take(chunk)
            out.fp.write(chunk)
        test.end()
    except DAMAGE as error:
        path = Path(source.filename or "").name
        raise InputError("damaged_workbook", path=path, part=info.filename) from error
    out.filelist.append(member)
    out.NameToInfo[member.filename] = member
    out.start_dir = out.fp.tell()


class _Test:
    """What a member holds, looked at while it is copied: its check sum, and whether it is XML.

    The sheets are read anyway, and drawings of old (.vml) are no XML as Excel itself writes them.
    """

    def __init__(self, info: zipfile.ZipInfo) -> None:
        self.info, self.sum, self.size = info, 0, 0
        packed = info.compress_type == zipfile.ZIP_DEFLATED
        self.unpack = zlib.decompressobj(-zlib.MAX_WBITS) if packed else None
        name = info.filename.lower()
        is_read = "/worksheets/sheet" in name or name.endswith("/sharedstrings.xml")
        is_xml = name.endswith((".xml", ".rels")) and info.file_size > 0 and not is_read
        self.xml = expat.ParserCreate() if is_xml else None

    def take(self, chunk: bytes) -> None:
        """Look at the next bytes."""
        self._look(chunk if self.unpack is None else self.unpack.decompress(chunk))

    def end(self) -> None:
        """Look at what is left, and compare it all with what the directory says."""
        if self.unpack is not None:
            self._look(self.unpack.flush())
        if self.sum != self.info.CRC or self.size != self.info.file_size:
            raise zipfile.BadZipFile(self.info.filename)
        if self.xml is not None:
            self.xml.Parse(b"", True)  # noqa: FBT003 - it takes no keywords

    def _look(self, plain: bytes) -> None:
        self.sum, self.size = zlib.crc32(plain, self.sum), self.size + len(plain)
        if self.size > self.info.file_size:
            raise zipfile.BadZipFile(self.info.filename)
        if self.xml is not None:
            self.xml.Parse(plain, False)  # noqa: FBT003 - it takes no keywords


def _compressed(source: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if source.fp is None:
        raise ValueError(source.filename)
    source.fp.seek(info.header_offset)
    header = source.fp.read(_LOCAL_HEADER)
    name, extra = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    source.fp.seek(name + extra, os.SEEK_CUR)
    left = info.compress_size
    while left:
        chunk = source.fp.read(min(left, _CHUNK))
        if not chunk or not header.startswith(b"PK\3\4"):
            raise EOFError
        left -= len(chunk)
        yield chunk
