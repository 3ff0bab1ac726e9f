"""The choices of a term as objects: what stands in a cell names one of them by its code.

A code never changes, for users' books hold it; what people read instead of it may.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Protocol, TypeVar

from xlclv.terms import TERMS


class HasCode(Protocol):
    """What a choice stands for."""

    @property
    def code(self) -> str:
        """Return the choice, as the term has it."""
        ...


class Coded(Enum):
    """Choices of a term; the value of each is its code."""

    @property
    def code(self) -> str:
        """Return the choice, as the term has it."""
        return str(self.value)

    @property
    def key(self) -> str:
        """Return what the catalogue calls it."""
        return self.name.casefold()


def said(term: str, one: HasCode) -> str:
    """Return the word for a choice of a term in the language in use."""
    return TERMS[term].said(one.code)


T = TypeVar("T", bound=HasCode)


def by_code(term: str, objects: Iterable[T]) -> dict[str, T]:
    """Return what the choices of a term stand for, by code, in the order of the choices.

    Raises:
        ValueError: A choice stands for no object, an object for no choice, or two for one.
    """
    given = list(objects)
    found = {one.code: one for one in given}
    choices = TERMS[term].choices
    if len(found) < len(given) or found.keys() != set(choices):
        codes = ", ".join(one.code for one in given)
        raise ValueError(f"{term} may be {', '.join(choices)}; there are objects for {codes}")
    return {code: found[code] for code in choices}
