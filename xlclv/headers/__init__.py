"""The names that the columns of order tables and customer sheets bear, in many languages.

One file per language, one list per column. What the columns are called in the workbook itself
stands in the words; here stands what others call them.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "nl", "ja", "zh-Hans", "zh-Hant", "ko")

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BRACKETS: Final = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_WORDS: Final = re.compile(r"[^\W_]+|[%#]")
# What may stand in brackets behind a header without telling one column from another.
_UNIT: Final = re.compile(
    r"[a-z]{3}|[a-z]{0,2}[$€£¥₩₹₽₺₫₴₦₱฿₪]|円|元|원|圓|utc.*|gmt.*|cest?|e[ds]t|p[ds]t|local time"
    r"|in [a-z]{3}|formatted|pcs|stk|optional|required|\W*|\?"
)
_TAX_WORDS: Final = frozenset(("tax", "vat", "gst", "inc", "net", "iva", "tva", "ttc"))


def names(table: str, column: str) -> tuple[str, ...]:
    """Return what a column is called, English first.

    >>> names("orders", "qty")[:2]
    ('Quantity', 'Qty')
    """
    return tuple(name for language in LANGUAGES for name in listed(language)[table].get(column, ()))


@cache
def by_key(table: str) -> Mapping[str, tuple[str, int]]:
    """Return for each name of a table, as `key` writes it, its column and its place in the list."""
    found: dict[str, tuple[str, int]] = {}
    for language in LANGUAGES:
        for column, those in listed(language)[table].items():
            for place, name in enumerate(those):
                found.setdefault(key(name), (column, place))
    return found


@cache
def listed(language: str) -> Mapping[str, Mapping[str, list[str]]]:
    """Return the names of a language by table and column."""
    text = files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def key(header: str) -> str:
    """Reduce a header to what counts in a comparison; what stands in brackets counts.

    >>> key("Order_Date"), key("Total (inc tax)"), key("Größe"), key("Order #")
    ('orderdate', 'totalinctax', 'grosse', 'order#')
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", header)).casefold()
    text = "".join(
        sign for sign in text if not unicodedata.combining(sign) or sign in "\u3099\u309a"
    )
    return "".join(_WORDS.findall(unicodedata.normalize("NFC", text)))


def keys(header: str) -> tuple[str, ...]:
    """Return the keys under which a header may be known, the surest first.

    A unit in brackets may be left out, and a prefix with a dot; nothing that tells two columns
    of a table apart, such as "(inc tax)" or "(billing)".

    >>> keys("Amount (USD)"), keys("Invoice.Total"), keys("Total (inc tax)")
    (('amountusd', 'amount'), ('invoicetotal', 'total'), ('totalinctax',))
    """
    known = [key(header)]
    bare = _BRACKETS.sub(lambda found: "" if is_unit(found[1]) else found[0], header)
    known.append(key(bare))
    if "." in bare.strip(".") and " " not in bare.strip():
        known.append(key(bare.rpartition(".")[2]))
    return tuple(dict.fromkeys(filter(None, known)))


def is_unit(text: str) -> bool:
    """Say whether a text in brackets is a unit, such as a currency or a time zone."""
    plain = text.strip().casefold()
    return plain not in _TAX_WORDS and _UNIT.fullmatch(plain) is not None


def unit_of(header: str) -> str:
    """Return the unit in brackets of a header, "" without one.

    >>> unit_of("Amount (USD)"), unit_of("Total (inc tax)")
    ('USD', '')
    """
    found = _BRACKETS.search(header)
    return found[1].strip() if found and is_unit(found[1]) else ""


def words_of(header: str) -> tuple[str, ...]:
    """Return the words of a header, small.

    >>> words_of("LineItem_priceNet")
    ('line', 'item', 'price', 'net')
    """
    parted = _CAMEL.sub(" ", unicodedata.normalize("NFKC", header))
    return tuple(found.casefold() for found in _WORDS.findall(parted))
