"""Mail tools: which headers the import of each knows, and how it wants the cells."""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_ADDRESS: Final = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"()]+\.[^\s@,;<>\"()]+")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that takes a list of people.

    Args:
        headers: Column of a list to the header it gets, in order.
        needs_address: People without an e-mail address are left out.
        hashed: Every cell is hashed: who reads the file learns no name and no address.
        encoding: How letters are stored.
    """

    headers: Mapping[str, str]
    needs_address: bool = True
    hashed: bool = False
    encoding: str = "utf-8"


def _tools() -> dict[str, Tool]:
    text = files(__package__).joinpath("tools.toml").read_text("utf-8")
    return {name: Tool(**facts) for name, facts in tomllib.loads(text).items()}


TOOLS: Final[Mapping[str, Tool]] = _tools()


def is_address(text: str) -> bool:
    """Say whether a text is an e-mail address that no spreadsheet takes for a formula.

    >>> is_address("ann@example.com"), is_address("ann"), is_address("=ann@example.com")
    (True, False, False)
    """
    return bool(_ADDRESS.fullmatch(text)) and not text.startswith(RISKY)


def harmless(text: str) -> str:
    """Return a text that a spreadsheet opens as text: never as a formula.

    >>> harmless("=1+1"), harmless("Ann")
    ("'=1+1", 'Ann')
    """
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) else text


def split_name(name: str) -> tuple[str, str]:
    """Return first and last name where a name tells them apart; else all of it as the first.

    Two words of Latin letters are a first and a last name, and a comma stands behind a last name.
    Nothing else is guessed: in many languages the last name comes first.

    >>> split_name("Ada Prinz"), split_name("Prinz, Ada"), split_name("Ana de la Cruz")
    (('Ada', 'Prinz'), ('Ada', 'Prinz'), ('Ana de la Cruz', ''))
    """
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma and first and last and "," not in first:
        return first, last
    words = name.split()
    if len(words) == 2 and all(map(_is_latin, words)):  # noqa: PLR2004 - first and last
        return words[0], words[1]
    return name.strip(), ""


def _is_latin(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return bool(letters) and all("LATIN" in unicodedata.name(sign, "") for sign in letters)


def hashed(text: str) -> str:
    """Return a text as Meta compares it: small letters, no sign around it, SHA-256 in hex.

    >>> hashed(" Ann@Example.com ")[:12], hashed("")
    ('71d4f55f72fa', '')
    """
    plain = text.strip().casefold()
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""


def hashed_name(text: str) -> str:
    """Return a name as Meta compares it: letters only.

    >>> hashed_name("O'Neil") == hashed("oneil")
    True
    """
    return hashed("".join(sign for sign in text if sign.isalpha()))
