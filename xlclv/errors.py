"""What can go wrong, in the user's words. Texts stand in the catalogue under `errors.KEY`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xlclv.words import day, word

LONGEST_QUOTE = 40


class XlclvError(Exception):
    """A fault to show to the user.

    Args:
        key: Text `errors.KEY` of the catalogue.
        rows: Which rows of a column have the fault, shape (n,); None where it is no column.
        **facts: What the text names. An array of shape (n,) gives each row its own fact.
    """

    cell_code: ClassVar[str] = "#VALUE!"

    def __init__(
        self, key: str, /, *, rows: NDArray[np.bool_] | None = None, **facts: object
    ) -> None:
        super().__init__(key)
        self.key = key
        self.rows = rows
        self.facts: Mapping[str, object] = facts

    def at(self, row: int | None) -> str:
        """Return the message for one row (counted from 0), without naming the row."""
        return self._text(self.facts, row)

    def _text(self, facts: Mapping[str, object], row: int | None) -> str:
        texts = {name: _quoted(name, _pick(fact, row)) for name, fact in facts.items()}
        return word(f"errors.{self.key}", **texts)

    def __str__(self) -> str:
        """Return the message for the first row that has the fault, naming that row."""
        if self.rows is None:
            return self.at(None)
        first = int(np.flatnonzero(self.rows)[0])
        if self.rows.size == 1 or "name" not in self.facts:
            return self.at(first)
        named = word("errors.row_of", name=self.facts["name"], row=first + 1)
        return self._text({**self.facts, "name": named}, first)


class InputError(XlclvError):
    """What was given is of the wrong kind, out of range, unknown or missing."""


class NotEnoughData(XlclvError):  # noqa: N818 - reads better where it is raised
    """The question makes sense, but what was given cannot answer it."""

    cell_code = "#N/A"


class UndefinedError(XlclvError):
    """The number does not exist: an infinite sum, a division by zero."""

    cell_code = "#NUM!"


def shown(value: object) -> str:
    """Write a value the way a message quotes it.

    >>> shown(40.0), shown("abc"), shown(None)
    ('40', 'abc', 'empty')
    """
    if value is None:
        return word("errors.nothing")
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).upper()
    if isinstance(value, float | np.floating):
        return f"{value:.10g}"
    if isinstance(value, datetime | date):
        return day(value)
    return str(value)


def _quoted(name: str, fact: object) -> str:
    """Put what a cell holds in quotes if it is text; never quote a page of it."""
    text = shown(fact)
    if name != "value" or not isinstance(fact, str):
        return text
    return f'"{text}"' if len(text) <= LONGEST_QUOTE else f'"{text[:LONGEST_QUOTE]}…"'


def _pick(fact: object, row: int | None) -> object:
    if isinstance(fact, np.ndarray):
        return fact.flat[row or 0] if fact.size > 1 else fact.flat[0]
    return fact
