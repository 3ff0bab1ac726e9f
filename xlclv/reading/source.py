"""A file that may hold tables, whatever its kind: its sheets, its names, what was detected."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from xlclv.errors import InputError
from xlclv.reading.csvfile import read_csv
from xlclv.reading.grid import ListedTable, Sheet
from xlclv.reading.sheets import Unread, read_sheets

__all__ = ["ListedTable", "Sheet", "Source", "read_source"]

# How a zip file begins (also an empty one), and how an old or a protected workbook does.
_PACKED: Final = (b"PK\x03\x04", b"PK\x05\x06", bytes.fromhex("d0cf11e0a1b11ae1"))


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook or text file as it was read.

    Args:
        path: The file.
        kind: What its content is, whatever its ending says.
        sheets: Its sheets in order; a text file has one.
        names: Names that hold for the whole workbook, with the text of what they refer to.
        notes: What was detected, in plain sentences.
    """

    path: Path
    kind: Literal["csv", "xlsx"]
    sheets: tuple[Sheet, ...]
    names: Mapping[str, str]
    notes: tuple[str, ...] = ()


def read_source(
    path: Path, *, encoding: str | None = None, leave_unread: Unread = lambda _names: ()
) -> Source:
    """Read a workbook or a text file with separators.

    Args:
        path: The file; what it is, its content says.
        encoding: How letters are stored in a text file, where the user says it.
        leave_unread: Told the names of a workbook, says which sheets nobody needs.

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
        sheets, names = read_sheets(path, leave_unread)
        return Source(path, "xlsx", sheets, names)
    sheet, notes = read_csv(path, encoding)
    return Source(path, "csv", (sheet,), {}, notes)
