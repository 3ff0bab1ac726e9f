"""Words in cells and what they mean, in many languages; data, no rules."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from xlclv.headers import key

Use = Literal["counts", "not_yet", "ignore", "refunded"]
Document = Literal["sale", "refund", "transfer"]

# What a status says; a word that stands in a longer value counts in this order.
USES: Final[tuple[Use, ...]] = ("refunded", "ignore", "not_yet", "counts")
_INSIDE: Final[tuple[Use, ...]] = ("ignore", "not_yet")
_SHORTEST_INSIDE: Final = 4  # letters; shorter words stand in others by chance


@cache
def listed(file: str, group: str) -> frozenset[str]:
    """Return the words of a group, small, as they are written."""
    return frozenset(word.casefold() for some in _read(file)[group].values() for word in some)


@cache
def keys(file: str, group: str) -> frozenset[str]:
    """Return the words of a group, reduced to letters and digits."""
    return frozenset(key(word) or word for word in listed(file, group))


@cache
def _read(file: str) -> Mapping[str, Mapping[str, list[str]]]:
    place = files("xlclv.reading") / "data" / f"{file}.toml"
    return tomllib.loads(place.read_text(encoding="utf-8"))


def status_use(text: str, extra: Mapping[str, Use]) -> Use | None:
    """Return what a status says of an order, None where nobody knows the word.

    Args:
        text: The status.
        extra: Further words by their key, which come first.

    >>> status_use("Cancelled by the customer", {}), status_use("Blue", {})
    ('ignore', None)
    """
    short = key(text)
    if short in extra:
        return extra[short]
    found = next((use for use in USES if short in keys("status", use)), None)
    return found or next((use for use in _INSIDE if _stands_in(text, use)), None)


def _stands_in(text: str, use: Use) -> bool:
    spaced = f" {' '.join(text.casefold().replace('_', ' ').split())} "
    for word in listed("status", use):
        if word.isascii() or word[0] < "\u0250":
            if len(word) >= _SHORTEST_INSIDE and f" {word} " in spaced:
                return True
        elif len(word) > 1 and word in spaced:
            return True
    return False


@cache
def document_kind(text: str) -> Document | None:
    """Return what kind of document a type names, None where nobody knows the word.

    >>> document_kind("Payment Refund"), document_kind("Stornorechnung"), document_kind("Blue")
    ('refund', 'refund', None)
    """
    kinds: tuple[Document, ...] = ("refund", "transfer", "sale")
    return next((kind for kind in kinds if key(text) in keys("documents", kind)), None)


@cache
def is_nobody(text: str) -> bool:
    """Say whether a text stands for a customer where there is none.

    >>> is_nobody("Walk-In"), is_nobody("0"), is_nobody("Ann")
    (True, True, False)
    """
    plain = text.strip().casefold()
    return plain in listed("lexicon", "nobody") or key(plain) in _nobody_keys()


@cache
def _nobody_keys() -> frozenset[str]:
    return frozenset(short for word in listed("lexicon", "nobody") if len(short := key(word)) > 2)  # noqa: PLR2004 - "na" is a name


def is_total(text: str) -> bool:
    """Say whether a text in place of an id names a row of sums."""
    short = key(text)
    return bool(short) and short in keys("lexicon", "total")


def says(text: str, group: str) -> bool:
    """Say whether a text is a word of a group of the lexicon."""
    return text.strip().casefold() in listed("lexicon", group) or key(text) in keys(
        "lexicon", group
    )


def names_gift_card(text: str) -> bool:
    """Say whether a product is a gift card.

    >>> names_gift_card("Gift Card 50 EUR"), names_gift_card("Gift box")
    (True, False)
    """
    plain = f" {' '.join(text.casefold().split())} "
    return any(
        (f" {word} " in plain) if word.isascii() else word in plain
        for word in listed("lexicon", "gift_card")
    )


def in_footer(texts: Iterable[str]) -> bool:
    """Say whether a line is what a program writes below a table."""
    line = " ".join(" ".join(texts).casefold().split())
    return any(word in line for word in listed("lexicon", "footer"))
