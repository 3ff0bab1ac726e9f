"""From what a user names to the files that hold tables: folders, patterns, packed files, a pipe."""

import gzip
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from xlclv.errors import InputError
from xlclv.xlsx.scratch import scratch

PIPE: Final = "-"  # in place of a file: what comes in through a pipe
ENDINGS: Final = (
    *(".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
    *(".gz", ".zip"),
)
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
# What makes a zip file a document of its own, which is not unpacked.
_DOCUMENT: Final = {"[content_types].xml", "mimetype"}
_PATTERN: Final = frozenset("*?[")
_HIDDEN: Final = (".", "~$", "__MACOSX")
_ENCRYPTED: Final = 0x1
_DEEPEST: Final = 3  # a file packed in a zip file that is packed itself
_MOST_FILES: Final = 1_000
_MOST_BYTES: Final = 4 * 2**30
# Text of orders packs 5 to 30 times smaller; only small files may seem to pack better.
_SMALL: Final = 64 * 2**20
_MOST_INFLATION: Final = 250
_CHUNK: Final = 2**20
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, NotImplementedError)


@dataclass(slots=True)
class Unpacked:
    """The files to read.

    Args:
        files: Their paths, unpacked ones in a folder that is soon gone; their names tell them.
        left_out: Names of what stands beside them and holds no table.
    """

    files: list[Path] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@contextmanager
def unpacked(named: Sequence[Path]) -> Iterator[Unpacked]:
    """Yield the files that hold tables; what was unpacked is gone afterwards.

    Args:
        named: Files, folders, patterns such as `2023-*.csv`, packed files, or `-` for a pipe.

    Raises:
        InputError: Something is missing, unreadable, locked, damaged or unsafe, or nothing is
            left to read.
    """
    with scratch() as folder:
        unpacking = _Unpacking(folder)
        for path in named:
            unpacking.take(path)
        yield unpacking.found


@dataclass(slots=True)
class _Unpacking:
    """Where packed files go, and how much they may still take."""

    scratch: Path
    found: Unpacked = field(default_factory=Unpacked)
    room: int = _MOST_BYTES
    taken: int = 0
    opened: set[Path] = field(default_factory=set)

    def take(self, path: Path) -> None:
        """Add what the user named."""
        if path.name == PIPE and str(path) == PIPE:
            self._open(self._from_pipe())
        elif path.is_dir():
            self._folder(path, sorted(path.iterdir()))
        elif not path.exists() and not _PATTERN.isdisjoint(path.name):
            self._folder(path, sorted(path.parent.glob(path.name)))
        else:
            self._open(path)

    def _folder(self, path: Path, files: Sequence[Path]) -> None:
        seen = [one for one in files if one.is_file() and not one.name.startswith(_HIDDEN)]
        tables = [one for one in seen if one.suffix.casefold() in ENDINGS]
        if not tables:
            raise InputError("no_files", path=path, expected=" ".join(ENDINGS))
        self.found.left_out += [one.name for one in seen if one not in tables]
        for one in tables:
            self._open(one)

    def _open(self, path: Path, depth: int = 0) -> None:
        """Add a file, or what is packed in it."""
        start, real = _start(path), path.resolve()
        if real in self.opened:  # named twice, or by itself and with its folder
            return
        self.opened.add(real)
        if start.startswith(_GZIP):
            self._gunzip(path, depth)
        elif start.startswith(_ZIP) and not _is_document(path):
            self._unzip(path, depth)
        else:
            self.found.files.append(path)
            if len(self.found.files) > _MOST_FILES:
                raise InputError("too_many_files", path=path.name, most=_MOST_FILES)

    def _gunzip(self, path: Path, depth: int) -> None:
        self._refuse_depth(path, depth)
        target = self._place(path.stem if path.suffix.casefold() == ".gz" else path.name)
        try:
            with gzip.open(path, "rb") as file:
                self._copy(file, target, path.stat().st_size, path.name)
        except _DAMAGE as error:
            raise InputError("packed_damaged", path=path.name, part=target.name) from error
        self._open(target, depth + 1)

    def _unzip(self, path: Path, depth: int) -> None:
        self._refuse_depth(path, depth)
        try:
            with zipfile.ZipFile(path) as archive:
                for member in self._tables(archive, path):
                    if member.flag_bits & _ENCRYPTED:
                        raise InputError("packed_locked", path=path.name, part=member.filename)
                    target = self._place(_base(member.filename))
                    with archive.open(member) as file:
                        self._copy(file, target, member.compress_size, path.name)
                    self._open(target, depth + 1)
        except _DAMAGE as error:
            raise InputError("not_a_workbook", path=path.name) from error

    def _tables(self, archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
        """Return the members that may hold a table, by name; a single one whatever its ending."""
        members = [
            member
            for member in archive.infolist()
            if not member.is_dir()
            and not any(part.startswith(_HIDDEN) for part in member.filename.split("/"))
        ]
        tables = [one for one in members if Path(one.filename).suffix.casefold() in ENDINGS]
        if len(members) == 1:
            tables = members
        if not tables:
            raise InputError("not_a_workbook", path=path.name)
        self.found.left_out += [_base(one.filename) for one in members if one not in tables]
        return sorted(tables, key=lambda member: member.filename)

    def _from_pipe(self) -> Path:
        target = self._place("stdin")
        self._copy(sys.stdin.buffer, target, None, target.name)
        return target

    def _place(self, name: str) -> Path:
        """Return a free path in the scratch folder that ends in a name."""
        self.taken += 1
        folder = self.scratch / str(self.taken)
        folder.mkdir()
        return folder / name

    def _copy(
        self, file: IO[bytes] | gzip.GzipFile, target: Path, packed: int | None, named: str
    ) -> None:
        """Write what is unpacked to a file, as long as it stays within its limits."""
        most = self.room if packed is None else max(_SMALL, _MOST_INFLATION * packed)
        size = 0
        with target.open("wb") as out:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > min(most, self.room):
                    raise InputError("packed_inflates", path=named, part=target.name)
                out.write(chunk)
        self.room -= size

    @staticmethod
    def _refuse_depth(path: Path, depth: int) -> None:
        if depth >= _DEEPEST:
            raise InputError("packed_deep", path=path.name)


def _start(path: Path) -> bytes:
    """Return the first bytes of a file.

    Raises:
        InputError: It is missing or cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(8)
    except FileNotFoundError as error:
        raise InputError("source_missing", path=path) from error
    except OSError as error:
        raise InputError("source_unreadable", path=path) from error


def _is_document(path: Path) -> bool:
    """Say whether a zip file is a workbook or another document, or no zip file after all."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.casefold() for name in archive.namelist()}
    except (*_DAMAGE, OSError):
        return True  # whoever reads it says what is wrong with it
    return not names.isdisjoint(_DOCUMENT)


def _base(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2] or name
