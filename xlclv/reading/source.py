"""Files that may hold tables, whatever their kind: sheets, names, what was detected."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from xlclv.errors import InputError
from xlclv.reading.csvfile import read_csv
from xlclv.reading.foreign.reading import read_foreign
from xlclv.reading.grid import ListedTable, Sheet
from xlclv.reading.several.packed import unpacked
from xlclv.reading.sheets import Unread, read_all, read_sheets
from xlclv.schema import TABS
from xlclv.words import word

__all__ = ["ListedTable", "Sheet", "Source", "read_source", "read_sources"]

# How a zip file begins (also an empty one), and how an old or a protected workbook does.
_PACKED: Final = (b"PK\x03\x04", b"PK\x05\x06", bytes.fromhex("d0cf11e0a1b11ae1"))


@dataclass(frozen=True, slots=True)
class Source:
    """What was read: a workbook, a text file, or several files together.

    Args:
        path: The file; of several the one that was named first.
        kind: What its content is, whatever its ending says: "xlsx" can be written back, all else
            is only read.
        sheets: Its sheets in order; a text file has one.
        names: Names that hold for the whole workbook, with the text of what they refer to.
        notes: What was detected, in plain sentences.
        files: Name of each sheet to the name of the file it is from, where several were read.
    """

    path: Path
    kind: Literal["csv", "xlsx", "other"]
    sheets: tuple[Sheet, ...]
    names: Mapping[str, str]
    notes: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


def read_sources(
    named: Sequence[Path], *, encoding: str | None = None, leave_unread: Unread = read_all
) -> Source:
    """Read all that the user names: files, folders, patterns, packed files, a pipe.

    Args:
        named: One or more of them; what they are, their content says.
        encoding: How letters are stored in text files, where the user says it.
        leave_unread: Says which sheets of a workbook nobody needs.

    Raises:
        InputError: A file is missing, cannot be read or holds no table, or one of several is a
            workbook of ours.
    """
    with unpacked(named) as found:
        if len(named) == 1 and found.files == [*named]:
            return read_source(named[0], encoding=encoding, leave_unread=leave_unread)
        read = [read_source(path, encoding=encoding) for path in found.files]
    left_out = [word("notes.file_left_out", path=name) for name in found.left_out]
    return _together(named[0], read, left_out)


def _together(path: Path, read: Sequence[Source], left_out: Sequence[str]) -> Source:
    """Make one source of several, its sheets under names that tell the file."""
    ours = {tab.marker for tab in TABS if tab.kind == "output"}
    for one in read:
        if not ours.isdisjoint(one.names):
            raise InputError("ours_among_files", path=one.path.name)
    sheets: list[Sheet] = []
    files: dict[str, str] = {}
    times = Counter(sheet.name.casefold() for one in read for sheet in one.sheets)
    for one in read:
        for sheet in one.sheets:
            name = sheet.name
            if one.kind != "csv" and len(read) > 1:
                name = f"[{one.path.name}]{sheet.name}"
            elif times[sheet.name.casefold()] > 1:
                name = one.path.name
            name = _free(name, files)
            sheets.append(replace(sheet, name=name))
            files[name] = one.path.name
    notes = [note for one in read for note in one.notes]
    kind: Literal["csv", "other"] = "csv" if all(one.kind == "csv" for one in read) else "other"
    return Source(path, kind, tuple(sheets), {}, (*notes, *left_out), files)


def _free(name: str, taken: Mapping[str, str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def read_source(
    path: Path, *, encoding: str | None = None, leave_unread: Unread = read_all
) -> Source:
    """Read one workbook or text file with separators, which is not packed.

    Args:
        path: The file; what it is, its content says.
        encoding: How letters are stored in a text file, where the user says it.
        leave_unread: Says which sheets of a workbook nobody needs.

    Raises:
        InputError: The file is missing, cannot be read, or holds no table.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError as error:
        raise InputError("source_missing", path=path) from error
    except OSError as error:
        raise InputError("source_unreadable", path=path) from error
    if start.startswith(_PACKED):
        foreign = read_foreign(path)
        if foreign is not None:
            return Source(path, "other", foreign, {})
        sheets, names = read_sheets(path, leave_unread)
        return Source(path, "xlsx", sheets, names)
    sheet, notes = read_csv(path, encoding)
    return Source(path, "csv", (sheet,), {}, notes)
