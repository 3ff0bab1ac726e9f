"""Every word a user reads: a folder per language, a file per subject.

A key names a text: `word("sheets.summary.title")`. It does not matter in which file of the folder
it stands. A key that a language lacks is said in English. What only code reads, such as the
choices of a term, are codes: they never change, and the catalogue says what people read instead.
"""

from xlclv.words.catalogue import (
    ENGLISH,
    UnknownLanguage,
    catalogue,
    every,
    find_language,
    has,
    in_book,
    install,
    language,
    languages,
    meanings,
    readable,
    speaking,
    uninstall,
    use,
    voice,
    word,
    words,
    yes_no,
)
from xlclv.words.numbers import day, number, percent, written
from xlclv.words.plurals import counted, plural_key

__all__ = [
    "ENGLISH",
    "UnknownLanguage",
    "catalogue",
    "counted",
    "day",
    "every",
    "find_language",
    "has",
    "in_book",
    "install",
    "language",
    "languages",
    "meanings",
    "number",
    "percent",
    "plural_key",
    "readable",
    "speaking",
    "uninstall",
    "use",
    "voice",
    "word",
    "words",
    "written",
    "yes_no",
]
