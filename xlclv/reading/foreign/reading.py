"""Read the sheets of a workbook that is no .xlsx; the result then goes to a new workbook."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from lxml import etree

from xlclv.addresses import letters
from xlclv.columns import CellError
from xlclv.errors import InputError
from xlclv.reading.foreign import ods, xls, xlsb
from xlclv.reading.foreign.look import Locked, Look
from xlclv.reading.grid import Sheet
from xlclv.reading.sheets import to_python
from xlclv.schema import TABS
from xlclv.xlsx.zipmembers import Members

OLD: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_MOST_CELLS: Final = 60_000_000  # as of an .xlsx: calamine fills the whole rectangle
_DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, KeyError, etree.XMLSyntaxError, ValueError),
    *(struct.error, IndexError),
)
_LOOKERS: Final[Mapping[str, Callable[[Path], dict[str, Look]]]] = {
    "xls": xls.look,
    "xlsb": xlsb.look,
    "ods": ods.look,
}
# Tabs that only a workbook of ours has together.
_OURS: Final = {tab.name for tab in TABS if tab.name in ("CustomerValues", "RewardRules", "Checks")}


def read_foreign(path: Path) -> tuple[Sheet, ...] | None:
    """Read all sheets of a workbook, or return None where the file is no such workbook.

    Raises:
        InputError: The workbook is locked, damaged, unsafe, spans more cells than fit in memory,
            or is one of ours in another format.
    """
    if _is_old(path):
        looks = _looked(path, "xls")
    else:
        with Members(path) as members:
            kind = "xlsb" if xlsb.WORKBOOK in members else "ods" if _is_ods(members) else ""
        if not kind:
            return None
        looks = _looked(path, kind)
    if set(looks) >= _OURS:
        raise InputError("ours_in_other_format", path=path.name)
    for name, seen in looks.items():
        if seen.last_row * seen.last_column > _MOST_CELLS:
            corner = f"{letters(seen.last_column)}{seen.last_row}"
            raise InputError("sheet_too_wide", path=path.name, sheet=name, cell=corner)
    return _read(path, looks)


def _is_old(path: Path) -> bool:
    """Say whether a file is an old workbook.

    Raises:
        InputError: It is a workbook locked with a password, which is stored alike.
    """
    with path.open("rb") as file:
        if file.read(len(OLD)) != OLD:
            return False
        if _LOCKED in file.read():
            raise InputError("locked_workbook", path=path.name)
    return True


def _is_ods(members: Members) -> bool:
    if "mimetype" not in members or ods.CONTENT not in members:
        return False
    if b"encryption-data" in members.read("META-INF/manifest.xml"):
        raise InputError("locked_workbook", path=members.path.name)
    return members.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet")


def _looked(path: Path, kind: str) -> dict[str, Look]:
    try:
        return _LOOKERS[kind](path)
    except Locked as error:
        raise InputError("locked_workbook", path=path.name) from error
    except _DAMAGE as error:
        key = "old_workbook" if kind == "xls" else "damaged_workbook"
        raise InputError(key, path=path.name, part=path.name) from error


def _read(path: Path, looks: dict[str, Look]) -> tuple[Sheet, ...]:
    # Loaded here, for a browser, where the functions run too, has no calamine.
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # noqa: PLC0415

    name = path.name
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheets = []
            for name in book.sheet_names:
                if name in looks:
                    cells = to_python(book, name)
                    _put_errors(cells, looks[name])
                    sheets.append(Sheet(name, cells))
    except PasswordError as error:
        raise InputError("locked_workbook", path=path.name) from error
    except (*_DAMAGE, CalamineError) as error:
        raise InputError("damaged_workbook", path=path.name, part=name) from error
    return tuple(sheets)


def _put_errors(cells: list[list[object]], seen: Look) -> None:
    """Put the error values in their cells, which calamine leaves blank."""
    width = max(seen.last_column, len(cells[0]) if cells else 0)
    if seen.errors:
        for line in cells:
            line.extend([""] * (width - len(line)))
        cells += [[""] * width for _ in range(seen.last_row - len(cells))]
    for row, column, code in seen.errors:
        cells[row - 1][column - 1] = CellError(code)
