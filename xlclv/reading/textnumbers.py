"""Texts that may be numbers: how they are written, all of them together decide.

The texts of a column are read at once: joined, each stands between two signs that no cell holds.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from xlclv.terms import BoolArray, FloatArray

Decimal = Literal[".", ","]
Dash = Literal["minus", "none"]

_END: Final = "\0"
_HEAD: Final = 20_000  # letters that mostly tell how all are written
_LOOKALIKES: Final = dict(
    zip(
        "０１２３４５６７８９．，（）％￥￦＄－\u2212\ufe63\u2013\u2014’\u00a0\u2007\u2009\u202f\u3000",
        "0123456789.,()%¥₩$-----'     ",
        strict=True,
    )
)
_MARK: Final = re.compile(r"[^0-9.,\-()%' \0]+")
CURRENCY: Final = re.compile(
    "AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|ISK|JPY|KES"
    "|KRW|KZT|MAD|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|QAR|RON|RSD|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH"
    "|USD|VND|ZAR|RMB|zł|Kč|kr|Ft|Fr|SFr|Rs|RM|Rp|円|元|圓|원|[A-Z]{0,3}[$€£¥₩₹₽₺₫₴₦₱฿₪₡¢]"
)
# The code of a sign that only one currency has.
_CODES: Final = {
    "€": "EUR",
    "£": "GBP",
    "₩": "KRW",
    "원": "KRW",
    "₹": "INR",
    "Rs": "INR",
    "zł": "PLN",
    "Kč": "CZK",
    "₽": "RUB",
    "₺": "TRY",
    "₫": "VND",
    "₴": "UAH",
    "₦": "NGN",
    "₱": "PHP",
    "฿": "THB",
    "₪": "ILS",
    "₡": "CRC",
    "円": "JPY",
    "元": "CNY",
    "圓": "TWD",
    "RMB": "CNY",
    "R$": "BRL",
    "US$": "USD",
    "CA$": "CAD",
    "C$": "CAD",
    "AU$": "AUD",
    "A$": "AUD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "NT$": "TWD",
    "S$": "SGD",
    "MX$": "MXN",
    "Fr": "CHF",
    "SFr": "CHF",
    "Ft": "HUF",
    "RM": "MYR",
    "Rp": "IDR",
    "CN¥": "CNY",
    "JP¥": "JPY",
}
# What is taken off a number when the sign in front is in the column.
_BRACKET: Final = ("(", re.compile(r"\0\(([^()\0]+)\)(?=\0)"), r"\0-\1")
# 20.- and 20,-- are whole amounts as shops write them.
_DASHED: Final = ("-", re.compile(r"(?<=[0-9])[.,] ?-+(?=\0)"), "")
_ALONE: Final = ("-", re.compile(r"\0-+(?=\0)"), "\0" + "0")
_BEHIND: Final = ("-", re.compile(r"\0([0-9.,][0-9.,' ]*?) ?-(?=\0)"), r"\0-\1")
_OFF: Final = ("-", re.compile(r"(?<=[0-9]) ?-(?=\0)"), "")
_WHOLE_BEHIND: Final = re.compile(r"\0[0-9][0-9.,' ]*? ?-(?=\0)")
_CENTS_BEHIND: Final = re.compile(r"[.,][0-9]{1,2} ?-(?=\0)")
_DRESS: Final = (
    ("-", re.compile(r"\0- +"), r"\0-"),
    (" ", re.compile(r" (?<=[0-9] )(?<![0-9]{4} )(?=[0-9]{3}(?![0-9]))"), ""),
    ("'", re.compile(r"'(?<=[0-9]')(?<![0-9]{4}')(?=[0-9]{3}(?![0-9]))"), ""),
)
OTHER: Final[dict[Decimal, Decimal]] = {".": ",", ",": "."}


def _spelling(decimal: Decimal) -> str:
    """Return the pattern of a number, its thousands grouped or not."""
    sign, group = re.escape(decimal), re.escape(OTHER[decimal])
    grouped = rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+"
    if decimal == ".":
        grouped += r"|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"  # as in India
    whole = rf"(?:{grouped}|[0-9]+)(?:{sign}[0-9]*)?"
    return rf"-?(?:{whole}|{sign}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?(?![^\0])"


_NUMBER: Final = {sign: re.compile(_spelling(sign)) for sign in OTHER}
_NO_NUMBER: Final = {sign: re.compile(rf"\0(?!\Z|{_spelling(sign)})") for sign in OTHER}
# A cell that is a number with this decimal sign, and none with the other one.
_EVIDENCE: Final = {
    sign: re.compile(rf"\0(?!{_spelling(other)}){_spelling(sign)}") for sign, other in OTHER.items()
}
_EITHER: Final = re.compile(r"\0(-?[1-9][0-9]{0,2}[.,][0-9]{3})(?=\0)")


@dataclass(frozen=True, slots=True)
class Written:
    """Texts without what is around their numbers: currency signs, brackets, blanks.

    Args:
        text: All texts, joined.
        marks: The currency signs and codes found, in the order of the alphabet.
        currency: The currency of each text, "" without one; None where no text has any.
        shares: Which texts had a percent sign, shape (n,); None where none had.
        sign: The decimal sign that a dash in place of cents shows, with the text; None without.
        dashes: The text that ends in a dash of which nobody knows what it means, -1 without.
    """

    text: str
    marks: tuple[str, ...]
    currency: NDArray[np.object_] | None
    shares: BoolArray | None = None
    sign: tuple[Decimal, int] | None = None
    dashes: int = -1

    def parts(self) -> list[str]:
        """Return the texts one by one."""
        return self.text[1:-1].split(_END)

    def number_at(self, place: int) -> int:
        """Return which text a place in the joined text belongs to."""
        return self.text.count(_END, 0, place)


def undressed(texts: Sequence[str], dash: Dash | None = None) -> Written:
    """Take off what stands around numbers.

    Args:
        texts: The texts, without blanks around them.
        dash: What a dash behind a whole number means, where the user says it.
    """
    text = f"{_END}{_END.join(texts)}{_END}"
    if not text.isascii():
        for sign, plain in _LOOKALIKES.items():
            text = text.replace(sign, plain)
    text, marks, currency = _without_currency(_take_off(text, _BRACKET))
    for dress in (_BRACKET, _ALONE):
        text = _take_off(text, dress)
    shown = _sign_before_dash(text)
    text = _take_off(text, _DASHED)
    text, dashes = _without_dashes(text, dash)
    for dress in _DRESS:
        text = _take_off(text, dress)
    shares = None
    if "%" in text:
        shares = np.array([cell.endswith("%") for cell in text[1:-1].split(_END)])
        text = text.replace(f" %{_END}", _END).replace(f"%{_END}", _END)
    return Written(text, marks, currency, shares, shown, dashes)


def _sign_before_dash(text: str) -> tuple[Decimal, int] | None:
    """Return the decimal sign of amounts such as 20,- if there are any that agree."""
    if "-\0" not in text:
        return None
    found = list(_DASHED[1].finditer(text))
    signs = {match[0][0] for match in found}
    if len(signs) != 1:
        return None
    sign: Decimal = "," if signs == {","} else "."
    return sign, text.count(_END, 0, found[0].start()) - 1


def _take_off(text: str, dress: tuple[str, re.Pattern[str], str]) -> str:
    sign, pattern, instead = dress
    return pattern.sub(instead, text) if sign in text else text


def _without_dashes(text: str, dash: Dash | None) -> tuple[str, int]:
    """Read the dashes behind numbers; say which text leaves open what its dash means.

    12.50- is a minus, as is 2,000- beside it. Where every amount ends so, it is none.
    """
    if "-\0" not in text:
        return text, -1
    whole = next((at for at in _WHOLE_BEHIND.finditer(text) if _is_whole(at[0])), None)
    if dash is None and whole is not None and not _CENTS_BEHIND.search(text):
        ends = len(_WHOLE_BEHIND.findall(text))
        if ends < sum(any(sign.isdigit() for sign in part) for part in text.split(_END)):
            return text, text.count(_END, 0, whole.start())
        dash = "none"
    return _take_off(text, _OFF if dash == "none" else _BEHIND), -1


def _is_whole(part: str) -> bool:
    return re.search(r"[.,][0-9]{1,2} ?-$", part) is None


def _without_currency(
    text: str,
) -> tuple[str, tuple[str, ...], NDArray[np.object_] | None]:
    """Take currency signs and codes off both ends of each cell."""
    if not text.encode().translate(None, b"0123456789.,-%()' \0"):
        return text, (), None
    marks = sorted(mark for mark in set(_MARK.findall(text)) if CURRENCY.fullmatch(mark))
    if not marks:
        return text, (), None
    before = text[1:-1].split(_END)
    for mark in sorted(marks, key=len, reverse=True):
        for dressed in (f"{mark}. ", f"{mark}.", f"{mark} ", mark):
            for front in (_END, f"{_END}-"):
                text = text.replace(f"{front}{dressed}", front)
        for dressed in (f" {mark}.", f"{mark}.", f" {mark}", mark):
            for end in (_END, f"-{_END}", f"){_END}"):
                text = text.replace(f"{dressed}{end}", end)
        text = text.replace(f"({mark}", "(").replace(f"{_END}- {_END}", f"{_END}-{_END}")
    return text, tuple(marks), _currencies(before, marks)


def _currencies(texts: list[str], marks: Sequence[str]) -> NDArray[np.object_]:
    """Return the currency that each text names, "" without one."""
    names = {mark: currency_of(mark) for mark in marks}
    named = np.full(len(texts), "", dtype=object)
    if len(set(names.values())) == 1:
        only = next(iter(names.values()))
        named[:] = [only if _MARK.search(text) else "" for text in texts]
        return named
    for at, text in enumerate(texts):
        named[at] = next((names[mark] for mark in _MARK.findall(text) if mark in names), "")
    return named


def currency_of(mark: str) -> str:
    """Return the code of a currency sign; a sign of several currencies stays as it is.

    >>> currency_of("€"), currency_of("$"), currency_of("chf")
    ('EUR', '$', 'CHF')
    """
    plain = mark.strip()
    return _CODES.get(plain, plain.upper() if plain.isascii() and plain.isalpha() else plain)


def decimal_of(written: Written) -> tuple[Decimal | None, int]:
    """Tell the decimal sign from texts that are numbers with one of the two only.

    Returns:
        The sign and the text that shows it (-1: no text has either sign). None and a text: that
        one can be read both ways, and no other tells.
    """
    text = written.text
    if written.sign is not None:
        return written.sign
    if "." not in text and "," not in text:
        return ".", -1
    for part in (text[: text.find(_END, _HEAD) + 1], text):
        for sign in OTHER:
            if found := _EVIDENCE[sign].search(part):
                return sign, written.number_at(found.start())
    if found := _EITHER.search(text):
        return None, written.number_at(found.start())
    return ".", -1


def as_numbers(written: Written, sign: Decimal) -> tuple[FloatArray, BoolArray]:
    """Return the number of each text and which texts are one."""
    values, good = _read(written.text, sign)
    if written.shares is not None:
        values[written.shares] /= 100
    return values, good


def _read(text: str, sign: Decimal) -> tuple[FloatArray, BoolArray]:
    simple = not text.encode().translate(None, b"0123456789-\0" + sign.encode())
    if simple or not _NO_NUMBER[sign].search(text):
        try:
            values = _floats(text, sign)
            return values, np.ones(values.shape, bool)
        except ValueError:
            pass  # "1-2" is made of the right signs, but no number
    cells = text[1:-1].split(_END)
    good = np.array([_NUMBER[sign].fullmatch(cell) is not None for cell in cells])
    values = np.full(good.shape, np.nan)
    if good.any():
        numbers = _END.join(cell for cell, fits in zip(cells, good, strict=True) if fits)
        values[good] = _floats(f"{_END}{numbers}{_END}", sign)
    return values, good


def _floats(text: str, sign: Decimal) -> FloatArray:
    plain = text.replace(OTHER[sign], "").replace(sign, ".")
    return np.array(plain[1:-1].split(_END), dtype=object).astype(float)


def written_otherwise(
    written: Written, sign: Decimal, good: BoolArray
) -> Iterator[tuple[int, int]]:
    """Yield the texts that are numbers with the other sign only, each with one with `sign`."""
    sure = _EVIDENCE[sign].search(written.text)
    if not sure or good.all():
        return
    shows = written.number_at(sure.start())
    cells = written.parts()
    for number in np.flatnonzero(~good):
        if _NUMBER[OTHER[sign]].fullmatch(cells[number]):
            yield int(number), shows
