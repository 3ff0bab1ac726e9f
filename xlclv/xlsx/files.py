"""The file on disk: written beside its place and put there at one stroke, or not at all."""

import contextlib
import errno
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from xlsxwriter.exceptions import FileCreateError

from xlclv.errors import InputError

# A run that was killed leaves its temporary file; after a day none is at work on it any more.
_STALE_SECONDS: Final = 24 * 60 * 60
_MARK: Final = ".xlclv-tmp"
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
    with plainly(path):
        _sweep(path)
        _write_beside(path, write)


@contextlib.contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Say in the user's words why a file could not be written, whoever was to write it."""
    try:
        yield
    except (OSError, FileCreateError) as error:
        # XlsxWriter wraps what the system said.
        said = error if isinstance(error, OSError) else error.args[0]
        raise _in_plain_words(said, path) from error


def free_name(book: Path, suffix: str, ending: str) -> Path:
    """Return a path beside a book that is free: book-SUFFIX.xlsx, or with the next number.

    Args:
        book: The book; it may have such a name already.
        suffix: Such as "-frozen".
        ending: Such as ".xlsx".
    """
    stem = re.sub(rf"{suffix}(-\d+)?$", "", book.stem)
    number, path = 1, book.with_name(f"{stem}{suffix}{ending}")
    while path.exists():
        number += 1
        path = book.with_name(f"{stem}{suffix}-{number}{ending}")
    return path


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
