"""The file on disk: written beside its place and put there at one stroke, or not at all."""

import contextlib
import errno
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Final

from xlsxwriter.exceptions import FileCreateError

from xlclv.errors import InputError
from xlclv.xlsx.scratch import FULL, claim, sweep

_MARK: Final = ".xlclv-tmp"
_FORBIDDEN: Final = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.ETXTBSY}
_NO_LINKS: Final = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_WINDOWS: Final = sys.platform == "win32"
_LONGEST: Final = 255  # bytes that the name of a file may have
Check = Callable[[], None]  # raises where a file must not be placed after all
Numbered = Callable[[int], Path]  # the first, second, third name of a file, and so on


def save_atomically(
    path: Path, write: Callable[[Path], None], *, overwrite: bool, check: Check = lambda: None
) -> None:
    """Write a file whole or not at all; a file that stood there stays until the new one is whole.

    Args:
        path: The file to write; behind a link, the file the link leads to.
        write: Writes the content to the path it is given, a temporary one beside `path`.
        overwrite: Whether a file may be replaced; the new one takes over its permissions.
        check: Asked just before the new file is placed.

    Raises:
        InputError: The place is missing, a folder, taken, full or not to be written to.
    """
    path = Path(os.path.realpath(path))
    _check_place(path, overwrite=overwrite)
    with plainly(path), _beside(path, write) as temporary:
        check()
        if overwrite:
            temporary.replace(path)
        elif not _placed(temporary, path):
            raise InputError("save_path_taken", path=path)


def save_under_free_name(
    named: Numbered, write: Callable[[Path], None], *, check: Check = lambda: None
) -> Path:
    """Write a file under the first name that is free when it is placed; no other run gets it too.

    Args:
        named: The names to try.
        write: As of `save_atomically`.
        check: As of `save_atomically`.

    Returns:
        The file.

    Raises:
        InputError: As of `save_atomically`.
    """
    first = Path(os.path.realpath(named(1)))
    _check_place(first, overwrite=True)
    with plainly(first), _beside(first, write) as temporary:
        check()
        return next(path for path in map(named, count(1)) if _placed(temporary, path))


@contextlib.contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Say in the user's words why a file could not be written, whoever was to write it."""
    try:
        yield
    except (OSError, FileCreateError) as error:
        # XlsxWriter wraps what the system said.
        said = error if isinstance(error, OSError) else error.args[0]
        raise _in_plain_words(said, path) from error


def free_names(book: Path, suffix: str, ending: str) -> Numbered:
    """Return the names beside a book: book-SUFFIX.xlsx, then with a number behind it.

    Args:
        book: The book; it may have such a name already.
        suffix: Such as "-frozen".
        ending: Such as ".xlsx".
    """
    stem = re.sub(rf"{suffix}(-\d+)?$", "", book.stem)

    def named(number: int) -> Path:
        end = f"{suffix}{ending}" if number == 1 else f"{suffix}-{number}{ending}"
        return _ending_in(book, stem, end)

    return named


def own_name(book: Path, suffix: str, ending: str) -> Path:
    """Return the name of what belongs to this book only: book-SUFFIX.xlsx, whatever its name is."""
    return _ending_in(book, book.stem, f"{suffix}{ending}")


def _ending_in(book: Path, stem: str, end: str) -> Path:
    return book.with_name(f"{_cut(stem, _LONGEST - len(end))}{end}")


def free_name(named: Numbered) -> Path:
    """Return the first of some names that is free by now."""
    return next(path for path in map(named, count(1)) if not path.exists())


def _cut(text: str, most: int) -> str:
    """Return a text cut to some bytes, never within a letter."""
    while len(os.fsencode(text)) > most:
        text = text[:-1]
    return text


def make_folder(path: Path) -> None:
    """Make a folder and those above it; one that is there is fine.

    Raises:
        InputError: A file stands in its place, or the place may not be written to.
    """
    with plainly(path):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise InputError("save_folder_taken", path=path) from error


def refuse_if_open(path: Path) -> None:
    """Raise where a spreadsheet program has the file open, by the lock file it lays beside it.

    Raises:
        InputError: Excel's "~$name" or LibreOffice's ".~lock.name#" is there.
    """
    if not path.name:
        return  # a folder, which no program has open
    # Asked by os.path, which takes a name that is too long for one that is not there.
    if os.path.exists(path.parent / f"~${path.name}"):  # noqa: PTH110
        raise InputError("workbook_open", path=path.name)
    lock = path.parent / f".~lock.{path.name}#"
    if os.path.exists(lock):  # noqa: PTH110
        # LibreOffice writes: ,user name,computer,when,profile; it may be gone by now.
        with contextlib.suppress(OSError, ValueError):
            name, computer = lock.read_text("utf-8", errors="replace").split(",")[1:3]
            if name.strip() or computer.strip():
                who = " / ".join(part.strip() for part in (name, computer) if part.strip())
                raise InputError("workbook_open_by", path=path.name, who=who)
        raise InputError("workbook_open", path=path.name)


def _check_place(path: Path, *, overwrite: bool) -> None:
    if not path.parent.is_dir():
        raise InputError("save_folder_missing", folder=path.parent)
    if path.is_dir():
        raise InputError("save_to_folder", path=path)
    if path.exists() and not overwrite:
        raise InputError("save_path_taken", path=path)
    if path.exists() and not os.access(path, os.W_OK):
        raise InputError("save_forbidden", path=path)


@contextlib.contextmanager
def _beside(path: Path, write: Callable[[Path], None]) -> Iterator[Path]:
    """Yield a temporary file that is filled and on disk; whatever is not placed is removed."""
    sweep(path.parent, f".*{_MARK}*")
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(_MARK, _prefix(path), path.parent)
    temporary = Path(name)
    try:
        claim(handle)  # held as long as it is written, so that nobody else sweeps it away
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(mode)
        if _WINDOWS:  # where an open file cannot be renamed
            os.close(handle)
            handle = -1
        yield temporary
    finally:
        if handle >= 0:
            os.close(handle)
        temporary.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # Windows cannot open a folder, some disks not sync it
        _sync_folder(path.parent)


def _placed(temporary: Path, path: Path) -> bool:
    """Give a file its name unless another file has it; nobody can come between."""
    try:
        if _WINDOWS:  # renames only to a free name
            temporary.rename(path)
            return True
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            return False
        except OSError as error:  # a disk without hard links
            if error.errno not in _NO_LINKS:
                raise
            os.close(os.open(path, os.O_CREAT | os.O_EXCL))
            temporary.replace(path)
    except FileExistsError:
        return False
    return True


def _prefix(path: Path) -> str:
    return f".{_cut(path.name, 40)}."  # a name has 255 bytes in all


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
    if error.errno in FULL:
        return InputError("save_disk_full", folder=path.parent)
    if error.errno in _FORBIDDEN:
        return InputError("save_forbidden", path=path)
    return InputError("save_failed", path=path, reason=error.strerror or error)
