"""Every word a user reads: a folder per language, a file per subject.

A key names a text: `word("sheets.summary.title")`. It does not matter in which file of the folder
it stands. The meaning of an argument and the help of a function are written where they are
defined (`terms.py`, the docstring).
"""

import tomllib
from functools import cache
from importlib.resources import files

ENGLISH = "en"


@cache
def catalogue(language: str = ENGLISH) -> dict[str, str | list[str]]:
    """Return all texts of a language by dotted key.

    >>> catalogue()["sheets.start.title"]
    'Start here'
    """
    subjects = sorted(files(__name__).joinpath(language).iterdir(), key=lambda file: file.name)
    texts = (tomllib.loads(file.read_text(encoding="utf-8")) for file in subjects)
    return {key: text for subject in texts for key, text in _flat("", subject)}


def _flat(prefix: str, node: dict[str, object]) -> list[tuple[str, str | list[str]]]:
    flat: list[tuple[str, str | list[str]]] = []
    for key, value in node.items():
        if isinstance(value, dict):
            flat += _flat(f"{prefix}{key}.", value)
        elif isinstance(value, list):
            flat.append((prefix + key, [str(item) for item in value]))
        else:
            flat.append((prefix + key, str(value)))
    return flat


def has(key: str) -> bool:
    """Say whether the catalogue has a text of that key."""
    return key in catalogue()


def word(key: str, /, **facts: object) -> str:
    """Return the text of a key with its {placeholders} filled in.

    >>> word("errors.row_of", name="margin", row=7)
    'margin row 7'
    """
    text = catalogue()[key]
    if not isinstance(text, str):
        raise TypeError(key)
    return text.format(**facts) if facts else text


def words(key: str, /) -> list[str]:
    """Return the texts of a key that holds several, such as the aliases of a header.

    >>> words("choices.status")[0]
    'Active'
    """
    text = catalogue()[key]
    return [text] if isinstance(text, str) else text
