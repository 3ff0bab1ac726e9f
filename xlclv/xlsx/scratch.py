"""Folders to work in: gone when the work is done, and swept when a run was killed at it."""

import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xlsxwriter.exceptions import FileCreateError

from xlclv.errors import InputError

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

_PREFIX: Final = "xlclv-"
_CLAIM: Final = ".in-use"
# Where nothing tells whether a run is still at work, none is after a day.
_STALE_SECONDS: Final = 24 * 60 * 60
_YOUNG_SECONDS: Final = 10  # between making a file and claiming it
_TIMES: Final = 3
FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextlib.contextmanager
def scratch(folder: Path | None = None) -> Iterator[Path]:
    """Yield a folder for one piece of work; it holds data of the user, so it never stays.

    Args:
        folder: Where it is made; None: where the computer keeps such folders.

    Raises:
        InputError: It cannot be made, or there is no room left in it.
    """
    above = str(folder or os.environ.get("TMPDIR", os.sep))
    try:
        above = str(folder or tempfile.gettempdir())
        sweep(Path(above), f"{_PREFIX}*")
        made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=above))
    except OSError as error:
        raise _no_room(above, error) from error
    held = -1
    try:
        with contextlib.suppress(OSError):
            held = os.open(made / _CLAIM, os.O_CREAT | os.O_RDWR)
            claim(held)
        yield made
    except (OSError, FileCreateError) as error:
        said = error if isinstance(error, OSError) else error.args[0]  # XlsxWriter wraps it
        if said.errno not in FULL:
            raise
        raise _no_room(above, said) from error
    finally:
        if held >= 0:
            os.close(held)
        for _ in range(_TIMES):  # what a virus scanner holds is free a moment later
            shutil.rmtree(made, ignore_errors=True)


def _no_room(folder: str, error: OSError) -> InputError:
    return InputError("no_scratch", folder=folder, reason=error.strerror or error)


def claim(handle: int) -> None:
    """Mark an open file as in use until it is closed, or its program ends in any way."""
    if fcntl is not None:
        with contextlib.suppress(OSError):  # some disks of other computers cannot
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sweep(folder: Path, pattern: str) -> None:
    """Remove what killed runs left behind in a folder: nobody has it in use any more."""
    for left in folder.glob(pattern):
        with contextlib.suppress(OSError):
            if not left.is_dir():
                if _is_left(left):
                    left.unlink()
            elif (left / _CLAIM).is_file() and _is_left(left / _CLAIM):  # else not one of ours
                shutil.rmtree(left)


def _is_left(claimed: Path) -> bool:
    age = time.time() - claimed.stat().st_mtime
    old = age > _STALE_SECONDS
    if fcntl is None or age < _YOUNG_SECONDS:
        return old
    handle = os.open(claimed, os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return old
    else:
        return True
    finally:
        os.close(handle)
