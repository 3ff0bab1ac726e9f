"""A language made of English: every text stands in «», so that what is not from it shows."""

import re
from collections.abc import Mapping

from xlclv.words import catalogue

NAME = "zz"
# Texts that are rules or patterns, read by code, not by people.
RULES = {"language.plural", "language.thousands", "language.decimal", "language.date"}
BRACKETED = re.compile(r" \[[A-Z]\d{3}\]$")
# Sheet names cannot hold some signs, and the code of an error stays at its end.


def wrapped(text: str) -> str:
    """Wrap a text; the code of an error stays outside."""
    code = BRACKETED.search(text)
    end = code.start() if code else len(text)
    return f"«{text[:end]}»{text[end:]}" if text[:end].strip() else text


def pseudo() -> Mapping[str, object]:
    """Return the language."""
    return {
        key: _text(key, value) if isinstance(value, str) else [_text(key, each) for each in value]
        for key, value in catalogue("en").items()
    }


def _text(key: str, text: str) -> str:
    return text if key in RULES else wrapped(text)


def unwrapped(text: str) -> str:
    """Return what a text holds outside of «»: letters only, "" where it is all wrapped.

    Data of the user and facts in a wrapped text count as wrapped.
    """
    depth, rest = 0, []
    for sign in text:
        depth += sign == "«"
        if depth == 0:
            rest.append(sign)
        depth -= sign == "»"
    return "".join(rest).strip()
