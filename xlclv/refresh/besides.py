"""Settings that stand beside the tab Input: in a file beside the book, or in the command."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from xlclv.errors import InputError
from xlclv.settings import Settings, said, settings_of
from xlclv.tables import title
from xlclv.words import word

FILE: Final = "xlclv.toml"


def beside(book: Path) -> dict[str, object]:
    """Return the settings of the file beside a book, those that hold where Input says nothing.

    Raises:
        InputError: It is no TOML, names no setting, or a value is not allowed.
    """
    path = (book if book.is_dir() else book.parent) / FILE
    if not path.is_file():
        return {}
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError("settings_file", path=path.name, reason=error) from error
    return settings_of(given, f"{path.name}: ")


def told(
    settings: Settings, usual: Mapping[str, object], asked: Mapping[str, object]
) -> Iterator[str]:
    """Say which settings come from elsewhere than Input, and where that says another.

    Args:
        settings: Those of Input and, where it says nothing, of the file.
        usual: Those of the file.
        asked: Those of the command, which come first.
    """
    for name, value in usual.items():
        own = getattr(settings, name)
        if name not in asked:
            key = "besides.file" if own == value else "besides.file_unused"
            facts = {"value": said(name, value), "own": said(name, own), "file": FILE}
            yield word(key, setting=title(name), **facts)
    for name, value in asked.items():
        own = getattr(settings, name)
        key = "besides.command" if own == value else "besides.command_first"
        facts = {"value": said(name, value), "own": said(name, own) or "–"}
        yield word(key, setting=title(name), **facts)
