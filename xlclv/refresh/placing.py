"""Where the result of a refresh goes, and how it gets there: whole, unasked over nothing."""

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from xlclv.errors import InputError
from xlclv.reading.several.packed import PIPE
from xlclv.words import word
from xlclv.xlsx.files import (
    free_name,
    free_names,
    own_name,
    refuse_if_open,
    save_atomically,
    save_under_free_name,
)
from xlclv.xlsx.unchanged import Unchanged

SUFFIX: Final = "-refreshed"
WORKBOOKS: Final = (".xlsx", ".xlsm")
_NO_NAME: Final = "orders"
_NOT_IN_NAMES: Final = re.compile(r'[*?<>|":\[\]]+')

Step = Callable[[str], None]  # told the name of each step
Write = Callable[[Path], None]  # writes a file to a path


@dataclass(slots=True)
class Placing:
    """Where a result goes.

    Args:
        book: What is read.
        read: All files that are read.
        out: Where the result is to go; None: beside the book under the usual name or a free one.
        stamp: When the refresh runs, for the name of what is kept.
        replace: A file of that name may be replaced; a dated copy of it is kept.
        in_place: The result takes the place of the book; a dated copy of it is kept.
        keep: A dated copy is kept indeed.
    """

    book: Path
    read: Sequence[Path]
    out: Path | None
    stamp: datetime
    replace: bool = False
    in_place: bool = False
    keep: bool = True
    seen: Unchanged = field(init=False)

    def __post_init__(self) -> None:
        if self.out is None and self.replace and not self.in_place:
            self.out = own_name(_named(self.book), SUFFIX, _ending(self.book))
        for path in self.read:
            refuse_if_open(path)
        if self.out is not None:
            _refuse_out(self.out, self.read)
            refuse_if_open(self.out)
            if self.out.is_file() and not self.replace:
                raise InputError("save_path_taken", path=self.out)
        self.seen = Unchanged({self.book, self.out or self.book})

    @property
    def target(self) -> Path:
        """Return where the result goes as things are now."""
        if self.in_place:
            return self.book
        return self.out or free_name(_free_names(self.book))

    def save(self, write: Write, step: Step) -> Path:
        """Put the result in its place.

        Args:
            write: Writes it to the path it is given.
            step: Told what is done.

        Returns:
            Where it is.

        Raises:
            InputError: The place is taken, or a file there or the book was changed meanwhile.
        """
        step(word("progress.write", path=self.target.name))
        if self.out is None and not self.in_place:
            return save_under_free_name(_free_names(self.book), write, check=self._check)
        target, overwrite = self.target, self.replace or self.in_place
        kept: list[Path] = []

        def check() -> None:
            self._check()
            if self.keep and overwrite and target.exists():
                kept.append(keep(target, self.stamp))
                step(word("progress.kept", path=kept[0].name))
                self._check()

        try:
            save_atomically(target, write, overwrite=overwrite, check=check)
        except BaseException:
            for copy in kept:
                copy.unlink(missing_ok=True)
            raise
        return target

    def _check(self) -> None:
        for path in self.seen.paths:
            refuse_if_open(path)
        self.seen.check()


def keep(path: Path, stamp: datetime) -> Path:
    """Keep a dated copy of a file that is to be replaced; return it."""
    names = free_names(path, f"-{stamp:%Y-%m-%d-%H%M%S}", path.suffix)
    return save_under_free_name(names, lambda new: _copy(path, new))


def _copy(path: Path, new: Path) -> None:
    shutil.copyfile(path, new)


def _refuse_out(out: Path, read: Sequence[Path]) -> None:
    """Refuse a place for the result that is no workbook, or one of the files that are read."""
    if out.suffix.casefold() not in WORKBOOKS:
        raise InputError("out_not_xlsx", path=out.name)
    if out.exists() and out.resolve() in {path.resolve() for path in read}:
        raise InputError("out_is_book", path=out.name)


def _free_names(book: Path) -> Callable[[int], Path]:
    """Return the names beside a book; a folder, pattern or pipe has no file of its own."""
    return free_names(_named(book), SUFFIX, _ending(book))


def _ending(book: Path) -> str:
    """Return the ending of a result: that of a workbook."""
    return book.suffix if book.suffix.casefold() in WORKBOOKS else ".xlsx"


def _named(book: Path) -> Path:
    """Return what the result of a file is called after."""
    if str(book) == PIPE:
        return Path("stdin.csv")
    if book.is_dir():
        folder = book.resolve()
        return folder.parent / f"{folder.name or _NO_NAME}.csv"
    packed = book.suffix.casefold() in (".gz", ".zip")
    plain = book.with_suffix("") if packed else book
    stem = _NOT_IN_NAMES.sub("", plain.stem) or _NO_NAME
    return plain.with_name(f"{stem}{plain.suffix or '.csv'}")
