"""Whether files are still what they were when they were read."""

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

from xlclv.errors import InputError

State = tuple[int, int, bytes] | None


class Unchanged:
    """Files as they are now; asked again before something takes their place or stands on them.

    Args:
        paths: The files; one that is not there must not be there later either.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._seen = {path: _state(path) for path in paths}

    @property
    def paths(self) -> Collection[Path]:
        """Return the files."""
        return self._seen.keys()

    def check(self) -> None:
        """Refuse where another program has written a file meanwhile.

        Raises:
            InputError: One has another size, time or content, came or went.
        """
        for path, state in self._seen.items():
            if _state(path) != state:
                raise InputError("book_changed", path=path.name)


def _state(path: Path) -> State:
    """Return what tells whether a file has changed; None where there is none."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
        found = path.stat()
    except OSError as error:
        raise InputError("source_unreadable", path=path) from error
    return found.st_size, found.st_mtime_ns, content
