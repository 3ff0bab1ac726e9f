"""A language made of English: every text stands in «», so that what is not from it shows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from xlclv.words import catalogue, install, speaking, uninstall

NAME = "zz"
# How the language writes numbers, days and counts: rules, not texts.
RULES = {f"language.{rule}" for rule in ("plural", "thousands", "decimal", "date", "percent")}
CODE = re.compile(r" \[[A-Z]\d{3}\]$")
TEXT = re.compile(r"[^\W\d_]{2}")  # two letters beside each other


def wrapped(text: str) -> str:
    """Wrap a text; the code of an error stays outside."""
    code = CODE.search(text)
    end = code.start() if code else len(text)
    return f"«{text[:end]}»{text[end:]}" if text[:end].strip() else text


def pseudo() -> Mapping[str, object]:
    """Return the language, by dotted keys."""
    return {
        key: _text(key, value) if isinstance(value, str) else [_text(key, each) for each in value]
        for key, value in catalogue().items()
    }


def _text(key: str, text: str) -> str:
    return text if key in RULES else wrapped(text)


@contextmanager
def installed() -> Iterator[None]:
    """Have the language for a while."""
    install(NAME, pseudo())
    try:
        yield
    finally:
        uninstall(NAME)


@contextmanager
def spoken() -> Iterator[None]:
    """Speak it for a while."""
    with installed(), speaking(NAME):
        yield


def plain(text: str) -> str:
    """Return a text as English says it."""
    return text.replace("«", "").replace("»", "")


def outside(text: str) -> str:
    """Return what of a text is not wrapped."""
    depth, rest = 0, []
    for sign in text:
        depth += sign == "«"
        if depth == 0:
            rest.append(sign)
        depth -= sign == "»"
    return "".join(rest)


def left_over(texts: Iterable[str], allowed: Iterable[str] = ()) -> list[str]:
    """Return the texts with a word that is neither wrapped nor allowed."""
    names = sorted(map(re.escape, allowed), key=len, reverse=True)
    known = re.compile(rf"(?<!\w)(?:{'|'.join(names) or '(?!)'})(?!\w)")
    found = (text for text in texts if TEXT.search(known.sub("", outside(text))))
    return list(dict.fromkeys(found))
