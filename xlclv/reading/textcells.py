"""Text columns of a file become numbers and dates; how they are written, the whole column decides.

Nothing is guessed: a column whose cells all allow two readings is an error that names the option
that decides, and a cell that allows none stays the text it is, to be reported with its row.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlclv.columns import Cells, as_objects
from xlclv.errors import InputError
from xlclv.reading.textdates import ORDERS, Order, Readings, is_dotted, readings, without_times
from xlclv.tables import Place, RawTable, title
from xlclv.terms import TERMS, Array, BoolArray, FloatArray, Kind
from xlclv.words import word

Decimal = Literal[".", ","]
_LONG_YEAR: Final = re.compile("[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Conventions:
    """How numbers and dates are written, where the user says it; None: the cells tell.

    Args:
        decimal: The decimal sign.
        dates: The order of day, month and year in dates such as 03/04/26.
    """

    decimal: Decimal | None = None
    dates: Order | None = None


def typed(
    raw: RawTable, index: Mapping[str, int], conventions: Conventions = Conventions()
) -> tuple[RawTable, tuple[str, ...]]:
    """Turn the text columns that hold numbers or dates into such.

    Args:
        raw: A table of text cells; "" or None is a blank.
        index: Column name to position (from 0).
        conventions: What the user says about the way of writing.

    Returns:
        The table with columns of dtype float64 or datetime64[D], NaN and NaT being blanks; a
        column with cells that cannot be read holds objects, and those cells their text. And
        what was detected, in plain sentences.

    Raises:
        InputError: A column can be read in two ways, or half of it in one and half in another.

    >>> cells = RawTable(["Amount"], [["1.234,50 €", "7", ""]])
    >>> typed(cells, {"amount_net": 0})[0].columns[0]
    array([1234.5,    7. ,    nan])
    """
    columns = list(raw.columns)
    notes: list[str] = []
    for name, at in index.items():
        kinds = {TERMS[other].kind for other in index if index[other] == at}
        read = _READERS.get(TERMS[name].kind)
        if read is not None and len(kinds) == 1:
            texts = _Texts.of(raw.columns[at], title(name), raw.where, at)
            columns[at] = read(texts, conventions, notes)
    return replace(raw, columns=columns), tuple(notes)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The different texts of a column.

    Args:
        name: How messages name the column.
        where: Where the table stands.
        at: Position of the column in it.
        cells: The cells as they were, shape (n,).
        codes: Which of `texts` each cell holds, -1 where it is blank, shape (n,).
        texts: Each different text once, without the spaces around it.
    """

    name: str
    where: Place
    at: int
    cells: NDArray[np.object_]
    codes: NDArray[np.int64]
    texts: Sequence[str]

    @classmethod
    def of(cls, column: Cells, name: str, where: Place, at: int) -> "_Texts":
        cells = as_objects(column)
        codes, different = pd.factorize(cells)
        texts = [str(text).strip() for text in different]
        if not all(texts):
            filled = np.array([bool(text) for text in texts])
            renumbered = np.where(filled, np.cumsum(filled) - 1, -1)
            codes = np.append(renumbered, -1)[codes]
            texts = [text for text in texts if text]
        return cls(name, where, at, cells, codes, texts)

    def cell(self, number: int) -> str:
        """Name the first cell that holds a text."""
        return self.where.cell(self.at, int(np.flatnonzero(self.codes == number)[0]))

    def note(self, key: str, number: int, **facts: object) -> str:
        """Return the note on what one of the texts shows."""
        value, cell = self.texts[number], self.cell(number)
        return word(f"notes.{key}", name=self.name, value=value, cell=cell, **facts)

    def fault(self, key: str, number: int, **facts: str) -> InputError:
        """Return the error that one of the texts gives rise to."""
        value, cell = self.texts[number], self.cell(number)
        named = {"name": self.name, "value": value, "cell": cell}
        return InputError(key, rows=None, **named, **facts)

    def spread(self, values: Array, good: BoolArray) -> Cells:
        """Give each cell the value of its text, or its text where that cannot be read.

        Args:
            values: The value of each text, shape (len(texts),).
            good: Which texts could be read, shape (len(texts),).
        """
        blank = np.full(1, np.nan).astype(values.dtype)
        column: Array = np.concatenate([values, blank])[self.codes]
        if good.all():
            return column
        bad = np.append(~good, False)[self.codes]
        objects: NDArray[np.object_] = column.astype(object)
        objects[bad] = self.cells[bad]
        return objects


# --- numbers ---

# The texts of a column are read at once: each stands between two signs that no cell holds.
_END: Final = "\0"
_HEAD: Final = 20_000  # letters that mostly tell how all are written
_LOOKALIKES: Final = dict(
    zip(
        "０１２３４５６７８９．，（）％￥￦＄－\u2212\ufe63\u2013’\u00a0\u2007\u2009\u202f\u3000",
        "0123456789.,()%¥₩$----'     ",
        strict=True,
    )
)
_MARK: Final = re.compile(r"[^0-9.,\-()%' \0]+")
_CURRENCY: Final = re.compile(
    "AED|ARS|AUD|BGN|BRL|CAD|CHF|CLP|CNY|COP|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|ISK|JPY|KES"
    "|KRW|KZT|MAD|MXN|MYR|NGN|NOK|NZD|PEN|PHP|PKR|PLN|QAR|RON|RSD|RUB|SAR|SEK|SGD|THB|TRY|TWD|UAH"
    "|USD|VND|ZAR|zł|Kč|kr|Ft|Fr|Rs|RM|Rp|円|元|圓|원|[A-Z]{0,2}[$€£¥₩₹₽₺₫₴₦₱฿₪₡¢]"
)
# What is taken off a number when the sign in front is in the column.
_DRESS: Final = (
    ("(", re.compile(r"\0\(([^()\0]+)\)(?=\0)"), r"\0-\1"),
    ("-", re.compile(r"\0([0-9.,][0-9.,' ]*?) ?-(?=\0)"), r"\0-\1"),
    ("-", re.compile(r"\0- +"), r"\0-"),
    (" ", re.compile(r" (?<=[0-9] )(?<![0-9]{4} )(?=[0-9]{3}(?![0-9]))"), ""),
    ("'", re.compile(r"'(?<=[0-9]')(?<![0-9]{4}')(?=[0-9]{3}(?![0-9]))"), ""),
)
_OTHER: Final[dict[Decimal, Decimal]] = {".": ",", ",": "."}


def _spelling(decimal: Decimal) -> str:
    """Return the pattern of a number, its thousands grouped or not."""
    sign, group = re.escape(decimal), re.escape(_OTHER[decimal])
    grouped = rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+"
    if decimal == ".":
        grouped += r"|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"  # as in India
    whole = rf"(?:{grouped}|[0-9]+)(?:{sign}[0-9]*)?"
    return rf"-?(?:{whole}|{sign}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?(?![^\0])"


_NUMBER: Final = {sign: re.compile(_spelling(sign)) for sign in _OTHER}
_NO_NUMBER: Final = {sign: re.compile(rf"\0(?!\Z|{_spelling(sign)})") for sign in _OTHER}
# A cell that is a number with this decimal sign, and none with the other one.
_EVIDENCE: Final = {
    sign: re.compile(rf"\0(?!{_spelling(other)}){_spelling(sign)}")
    for sign, other in _OTHER.items()
}
_EITHER: Final = re.compile(r"\0(-?[1-9][0-9]{0,2}[.,][0-9]{3})(?=\0)")


def _numbers(texts: _Texts, conventions: Conventions, notes: list[str]) -> Cells:
    """Read a column of numbers.

    Raises:
        InputError: Nothing, or too much, tells whether the point or the comma is decimal.
    """
    if not texts.texts:
        return np.full(texts.codes.shape, np.nan)
    text = _undressed(texts, notes)
    shares = np.array([cell.endswith("%") for cell in _parts(text)]) if "%" in text else None
    if shares is not None:
        text = text.replace(f" %{_END}", _END).replace(f"%{_END}", _END)
    sign = conventions.decimal or _decimal_sign(texts, text, notes)
    values, good = _as_numbers(text, sign)
    if conventions.decimal is None and not good.all():
        _refuse_mixture(texts, text, sign, good)
    if shares is not None:
        values[shares] /= 100
        notes.append(texts.note("percent_read", int(np.argmax(shares))))
    return texts.spread(values, good)


def _parts(text: str) -> list[str]:
    return text[1:-1].split(_END)


def _undressed(texts: _Texts, notes: list[str]) -> str:
    """Return the texts without currency, spaces and brackets around the numbers."""
    text = f"{_END}{_END.join(texts.texts)}{_END}"
    if not text.isascii():
        for sign, plain in _LOOKALIKES.items():
            text = text.replace(sign, plain)
    bracket, *others = _DRESS
    text = _without_currency(_take_off(text, bracket), texts.name, notes)
    for dress in others:
        text = _take_off(text, dress)
    return text


def _take_off(text: str, dress: tuple[str, re.Pattern[str], str]) -> str:
    sign, pattern, instead = dress
    return pattern.sub(instead, text) if sign in text else text


def _without_currency(text: str, name: str, notes: list[str]) -> str:
    """Take currency signs and codes off both ends of each cell, and say so."""
    if not text.encode().translate(None, b"0123456789.,-%()' \0"):
        return text
    marks = sorted(mark for mark in set(_MARK.findall(text)) if _CURRENCY.fullmatch(mark))
    for mark in marks:
        for dressed in (f"{mark}. ", f"{mark}.", f"{mark} ", mark):
            for front in (_END, f"{_END}-"):
                text = text.replace(f"{front}{dressed}", front)
        for dressed in (f" {mark}.", f"{mark}.", f" {mark}", mark):
            for end in (_END, f"-{_END}"):
                text = text.replace(f"{dressed}{end}", end)
    if marks:
        notes.append(word("notes.currency_left_out", name=name, marks=", ".join(marks)))
    return text


def _decimal_sign(texts: _Texts, text: str, notes: list[str]) -> Decimal:
    """Tell the decimal sign from the cells that are numbers with one of the two only."""
    if "." not in text and "," not in text:
        return "."
    for part in (text[: text.find(_END, _HEAD) + 1], text):
        for sign in _OTHER:
            if found := _EVIDENCE[sign].search(part):
                key = "decimal_point" if sign == "." else "decimal_comma"
                notes.append(texts.note(key, text.count(_END, 0, found.start())))
                return sign
    if found := _EITHER.search(text):
        number = text.count(_END, 0, found.start())
        small, large = found[1].replace(",", "."), re.sub("[.,]", "", found[1])
        raise texts.fault("decimal_unclear", number, small=small, large=large)
    return "."


def _as_numbers(text: str, sign: Decimal) -> tuple[FloatArray, BoolArray]:
    """Return the number of each text and which texts are one."""
    simple = not text.encode().translate(None, b"0123456789-\0" + sign.encode())
    if simple or not _NO_NUMBER[sign].search(text):
        try:
            values = _floats(text, sign)
            return values, np.ones(values.shape, bool)
        except ValueError:
            pass  # "1-2" is made of the right signs, but no number
    cells = _parts(text)
    good = np.array([_NUMBER[sign].fullmatch(cell) is not None for cell in cells])
    values = np.full(good.shape, np.nan)
    if good.any():
        numbers = _END.join(cell for cell, fits in zip(cells, good, strict=True) if fits)
        values[good] = _floats(f"{_END}{numbers}{_END}", sign)
    return values, good


def _floats(text: str, sign: Decimal) -> FloatArray:
    plain = text.replace(_OTHER[sign], "").replace(sign, ".")
    return np.array(_parts(plain), dtype=object).astype(float)


def _refuse_mixture(texts: _Texts, text: str, sign: Decimal, good: BoolArray) -> None:
    """Refuse a column that has the decimal point in some cells and the comma in others."""
    cells = _parts(text)
    sure = _EVIDENCE[sign].search(text)
    for number in np.flatnonzero(~good):
        if sure and _NUMBER[_OTHER[sign]].fullmatch(cells[number]):
            other = text.count(_END, 0, sure.start())
            facts = {"other": texts.texts[other], "other_cell": texts.cell(other)}
            raise texts.fault("decimal_mixed", int(number), **facts)


# --- dates ---


def _dates(texts: _Texts, conventions: Conventions, notes: list[str]) -> Cells:
    """Read a column of dates.

    Raises:
        InputError: Nothing, or too much, tells in which order day and month stand.
    """
    texts = _days_only(texts, notes)
    found = [readings(text) for text in texts.texts]
    order = conventions.dates or _order(texts, found, notes)
    days = [named.get(order) for named in found]
    short = (at for at, day in enumerate(days) if day and not _LONG_YEAR.search(texts.texts[at]))
    if (at := next(short, None)) is not None:
        notes.append(texts.note("short_year", at, day=days[at]))
    values = np.array(days, dtype="datetime64[D]")
    return texts.spread(values, ~np.isnat(values))


def _days_only(texts: _Texts, notes: list[str]) -> _Texts:
    if not any(":" in text for text in texts.texts):
        return texts
    days = without_times(texts.texts)
    at = next((at for at, day in enumerate(days) if day is not texts.texts[at]), None)
    if at is not None:
        notes.append(texts.note("times_left_out", at))
    codes, different = pd.factorize(as_objects(days))
    return replace(texts, codes=np.append(codes, -1)[texts.codes], texts=list(different))


def _order(texts: _Texts, found: Sequence[Readings], notes: list[str]) -> Order:
    """Tell the order of day, month and year from the dates that allow one only."""
    unsure = [
        at
        for at, days in enumerate(found)
        if days and (len(days) < len(ORDERS) or len(set(days.values())) > 1)
    ]
    possible = [order for order in ORDERS if all(order in found[at] for at in unsure)]
    if not possible:
        not_day_first = next(at for at in unsure if "dmy" not in found[at])
        not_month_first = next(at for at in unsure if "mdy" not in found[at])
        facts = {"other": texts.texts[not_month_first], "other_cell": texts.cell(not_month_first)}
        raise texts.fault("dates_mixed", not_day_first, **facts)
    for at in unsure:
        meant = sorted({found[at][order] for order in possible})
        if len(meant) > 1:
            either = word("notes.or").join(day.isoformat() for day in meant)
            raise texts.fault("dates_unclear", at, either=either)
    if unsure:
        clearest = min(unsure, key=lambda at: len(found[at]))
        notes.append(texts.note("date_order", clearest, order=word(f"notes.{possible[0]}")))
    elif (at := next((at for at, text in enumerate(texts.texts) if is_dotted(text)), -1)) >= 0:
        notes.append(texts.note("date_order", at, order=word("notes.dmy")))
    return possible[0]


_READERS: Final[Mapping[Kind, Callable[[_Texts, Conventions, list[str]], Cells]]] = {
    "number": _numbers,
    "date": _dates,
}
