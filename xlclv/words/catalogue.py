"""The texts of all languages, and which language is spoken."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import count
from pathlib import Path

ENGLISH = "en"
Texts = Mapping[str, str | list[str]]

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)
_is_in_book: ContextVar[bool] = ContextVar("in_book", default=False)
_installed: dict[str, Texts] = {}
_editions = count()  # of all languages together: what was said in an earlier one may not hold now
_edition = next(_editions)


class UnknownLanguage(LookupError):  # noqa: N818 - reads better where it is raised
    """There are no words in the language asked for; the text says which languages there are."""

    def __init__(self, asked: str) -> None:
        there = ", ".join(f"{name} ({own_name(name)})" for name in languages())
        super().__init__(word("errors.unknown_language", value=asked, expected=there))


def languages() -> tuple[str, ...]:
    """Return the names of all languages, English first.

    >>> languages()[0]
    'en'
    """
    return (ENGLISH, *sorted({*_folders(), *_installed} - {ENGLISH}))


@cache
def _folders() -> frozenset[str]:
    folders = files("xlclv.words").iterdir()
    return frozenset(folder.name for folder in folders if _is_language(folder))


def _is_language(folder: Traversable) -> bool:
    return folder.is_dir() and folder.joinpath("language.toml").is_file()


def own_name(name: str) -> str:
    """Return what a language calls itself.

    >>> own_name("en")
    'English'
    """
    return str(_own(name).get("language.name", name))


def find_language(asked: str) -> str:
    """Return the language that a text names by its code or by its own name.

    Raises:
        UnknownLanguage: There is none.

    >>> find_language("english")
    'en'
    """
    wanted = asked.strip().casefold()
    for name in languages():
        if wanted in (name.casefold(), own_name(name).casefold()):
            return name
    raise UnknownLanguage(asked)


def language() -> str:
    """Return the language in use."""
    return _spoken.get()


def voice() -> tuple[str, int]:
    """Return the language in use and the edition of the texts: what a text that is kept hangs on.

    What a cell means hangs on it too, as words in any language are understood.

    >>> voice() == voice()
    True
    """
    return _spoken.get(), _edition


def use(asked: str) -> None:
    """Speak a language from now on.

    Raises:
        UnknownLanguage: There are no words in it.
    """
    _spoken.set(find_language(asked))


@contextmanager
def speaking(asked: str) -> Iterator[None]:
    """Speak a language for a while.

    Raises:
        UnknownLanguage: There are no words in it.
    """
    before = _spoken.set(find_language(asked))
    try:
        yield
    finally:
        _spoken.reset(before)


@contextmanager
def in_book() -> Iterator[None]:
    """Speak to somebody who works in a spreadsheet, and not on the command line, for a while.

    Then a text `KEY_in_book` is said in place of `KEY`; it names no options.
    """
    before = _is_in_book.set(True)
    try:
        yield
    finally:
        _is_in_book.reset(before)


def install(name: str, source: Path | Mapping[str, object]) -> None:
    """Add a language that is not part of the package, or put another in its place.

    Args:
        name: Its code, such as "de".
        source: A folder of TOML files like that of English, or their contents as one mapping.
            Keys that it lacks are said in English.
    """
    _installed[name] = _read(source) if isinstance(source, Path) else dict(_flat("", source))
    _forget()


def uninstall(name: str) -> None:
    """Take away a language that was added; one that it replaced is there again."""
    del _installed[name]
    _forget()


def _forget() -> None:
    global _edition  # noqa: PLW0603 - the texts of a process are one
    _edition = next(_editions)
    catalogue.cache_clear()
    meanings.cache_clear()


@cache
def catalogue(language: str = ENGLISH) -> Texts:
    """Return all texts of a language by dotted key, those it lacks in English.

    >>> catalogue()["sheets.start.title"]
    'Start here'
    """
    return _own(language) if language == ENGLISH else {**_own(ENGLISH), **_own(language)}


def _own(language: str) -> Texts:
    """Return the texts that a language has itself."""
    return _installed[language] if language in _installed else _shipped(language)


@cache
def _shipped(language: str) -> Texts:
    return _read(files("xlclv.words").joinpath(language))


def _read(folder: Traversable) -> Texts:
    subjects = sorted(folder.iterdir(), key=lambda file: file.name)
    found: dict[str, str | list[str]] = {}
    for file in subjects:
        if file.name.endswith(".toml"):
            found |= _flat("", tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def _flat(prefix: str, node: Mapping[str, object]) -> Iterator[tuple[str, str | list[str]]]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{prefix}{key}.", value)
        elif isinstance(value, list):
            yield prefix + key, [str(item) for item in value]
        else:
            yield prefix + key, str(value)


def has(key: str) -> bool:
    """Say whether the catalogue has a text of that key."""
    return key in catalogue(language())


def says_itself(key: str) -> bool:
    """Say whether the language in use has a text of that key of its own."""
    return key in _own(language())


def word(key: str, /, **facts: object) -> str:
    """Return the text of a key with its {placeholders} filled in.

    >>> word("errors.row_of", name="margin", row=7)
    'margin row 7'
    """
    text = catalogue(language())[_said_here(key)]
    if not isinstance(text, str):
        raise TypeError(key)
    return readable(text.format(**facts)) if facts else text


def readable(text: str) -> str:
    r"""Return a text that any file can hold: names of files may have bytes that are no letters.

    >>> readable("or\udce9.csv")
    'or?.csv'
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _said_here(key: str) -> str:
    """Return the key of the text for the place where it is read."""
    here = f"{key}_in_book"
    own = _is_in_book.get() and has(here) and (says_itself(here) or not says_itself(key))
    return here if own else key


def words(key: str, /, name: str | None = None) -> list[str]:
    """Return the texts of a key that holds several, such as the steps of the Start tab.

    Args:
        key: The key.
        name: A language; None: the one in use.

    >>> words("choices.yes")[0]
    'Yes'
    """
    return _listed(catalogue(name or language())[key])


def yes_no(*, answer: bool) -> str:
    """Return what a cell shows for Yes or No.

    >>> yes_no(answer=True)
    'Yes'
    """
    return words("choices.yes" if answer else "choices.no")[0]


def every(key: str, /) -> list[str]:
    """Return the texts of a key in every language, those of the one in use first.

    What somebody wrote in one language is understood in all.

    >>> every("titles.tier")[0]
    'Tier'
    """
    spoken = dict.fromkeys((language(), *languages()))
    return [text for name in spoken if key in _own(name) for text in _listed(_own(name)[key])]


@cache
def meanings(key: str, /) -> frozenset[str]:
    """Return what a cell may hold for a key: its texts in every language, small.

    >>> "yes" in meanings("choices.yes")
    True
    """
    return frozenset(text.strip().casefold() for text in every(key))


def _listed(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text
