"""The file on disk: opened within limits, its members copied as they are, replaced at one stroke.

Nothing here knows what a workbook holds; that begins in `package.py`.
"""

import contextlib
import errno
import os
import re
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from copy import copy
from pathlib import Path
from typing import Final, Self

from xlclv.errors import InputError

# A run that was killed leaves its temporary file; after a day none is at work on it any more.
_STALE_SECONDS: Final = 24 * 60 * 60
_MARK: Final = ".xlclv-tmp"

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # opens .xls and password-protected files

# Excel itself writes some hundred members; a sheet of blank cells reaches about 200:1.
_MOST_MEMBERS: Final = 20_000
_LARGE: Final = 64 * 2**20
_MOST_INFLATION: Final = 250
_ENCRYPTED: Final = 0x1
_PACKED: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_HAS_DESCRIPTOR: Final = 0x8
_LOCAL_HEADER: Final = 30
_CHUNK: Final = 2**20

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN: Final = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ETXTBSY}


def save_atomically(path: Path, write: Callable[[Path], None], *, overwrite: bool) -> None:
    """Write a file whole or not at all; a file that stood there stays until the new one is whole.

    Args:
        path: The file to write; behind a link, the file the link leads to.
        write: Writes the content to the path it is given, a temporary one beside `path`.
        overwrite: Whether a file may be replaced; the new one takes over its permissions.

    Raises:
        InputError: The place is missing, a folder, taken, full or not to be written to.
    """
    path = Path(os.path.realpath(path))
    _check_place(path, overwrite=overwrite)
    try:
        _sweep(path)
        _write_beside(path, write)
    except OSError as error:
        raise _in_plain_words(error, path) from error


def make_folder(path: Path) -> None:
    """Make a folder and those above it; one that is there is fine.

    Raises:
        InputError: A file stands in its place, or the place may not be written to.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise InputError("save_folder_taken", path=path) from error
    except OSError as error:
        raise _in_plain_words(error, path) from error


def refuse_if_open(path: Path) -> None:
    """Raise where a spreadsheet program has the file open, by the lock file it lays beside it.

    Raises:
        InputError: Excel's "~$name" or LibreOffice's ".~lock.name#" is there.
    """
    if (path.parent / f"~${path.name}").exists():
        raise InputError("workbook_open", path=path.name)
    lock = path.parent / f".~lock.{path.name}#"
    if lock.exists():
        # LibreOffice writes: ,user name,computer,when,profile; it may be gone by now.
        with contextlib.suppress(OSError, ValueError):
            name, computer = lock.read_text("utf-8", errors="replace").split(",")[1:3]
            if name.strip() or computer.strip():
                who = " / ".join(part.strip() for part in (name, computer) if part.strip())
                raise InputError("workbook_open_by", path=path.name, who=who)
        raise InputError("workbook_open", path=path.name)


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
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
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

    def write(self, path: Path) -> None:
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
                    out.writestr(new, self._changed[part], zipfile.ZIP_DEFLATED)
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
    except (zipfile.BadZipFile, EOFError) as error:
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
    """Copy a member with its compressed bytes as they are.

    Raises:
        InputError: The member ends early or does not stand where the directory says.
    """
    if out.fp is None:
        raise ValueError(out.filename)
    member = copy(info)
    member.flag_bits &= ~_HAS_DESCRIPTOR  # the sizes stand in front of the bytes
    member.extra = b""
    member.header_offset = out.fp.tell()
    out.fp.write(member.FileHeader())
    for chunk in _compressed(source, info):
        out.fp.write(chunk)
    out.filelist.append(member)
    out.NameToInfo[member.filename] = member
    out.start_dir = out.fp.tell()


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
            path = Path(source.filename or "").name
            raise InputError("damaged_workbook", path=path, part=info.filename)
        left -= len(chunk)
        yield chunk


def _check_place(path: Path, *, overwrite: bool) -> None:
    if not path.parent.is_dir():
        raise InputError("save_folder_missing", folder=path.parent)
    if path.is_dir():
        raise InputError("save_to_folder", path=path)
    if path.exists() and not overwrite:
        raise InputError("save_path_taken", path=path)
    if path.exists() and not os.access(path, os.W_OK):
        raise InputError("save_forbidden", path=path)


def _sweep(path: Path) -> None:
    """Remove what killed runs left behind for this very file."""
    for left in path.parent.glob(f".*{_MARK}"):
        with contextlib.suppress(OSError):
            ours = left.name.startswith(_prefix(path))
            if ours and time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


def _prefix(path: Path) -> str:
    return f".{path.name[:40]}."  # a name may have 255 bytes in all


def _write_beside(path: Path, write: Callable[[Path], None]) -> None:
    """Fill a temporary file, put it on disk, then in the place of the other in one step."""
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(_MARK, _prefix(path), path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    with contextlib.suppress(OSError):  # Windows cannot open a folder, some disks not sync it
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    """Return which permissions new files lack; it can be read only by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _in_plain_words(error: OSError, path: Path) -> InputError:
    if error.errno in _FULL:
        return InputError("save_disk_full", folder=path.parent)
    if error.errno in _FORBIDDEN:
        return InputError("save_forbidden", path=path)
    return InputError("save_failed", path=path, reason=error.strerror or error)
