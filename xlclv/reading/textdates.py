"""Texts that may be dates: the day each names, by the order in which it would be read."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final, Literal

import numpy as np

from xlclv.columns import EPOCH, FIRST_SERIAL, LAST_SERIAL
from xlclv.terms import DateArray, FloatArray
from xlclv.words import words

Stamp = Literal["", "seconds", "milliseconds", "serial", "month"]

Order = Literal["dmy", "mdy", "ymd"]
Readings = Mapping[Order, date]

ORDERS: Final[tuple[Order, ...]] = ("dmy", "mdy", "ymd")
_FIRST_YEAR: Final = 1900  # as in a spreadsheet
_FIRST_OLD_YEAR: Final = 30  # as in Excel, 29 is 2029 and 30 is 1930
_EAST_ASIAN: Final = str.maketrans("年月年月년월／．\u00a0\u3000", "------/.  ", "日일")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([-/.]) ?([0-9]{1,2})\2 ?([0-9]{1,2})\.?")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4}|[0-9]{2})")
_SLASHED: Final = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_NAMED: Final = (
    re.compile(
        r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er)?[. /-]*(?P<month>[^\W\d_]+)[., /-]*"
        r"(?P<year>[0-9]{4}|[0-9]{2})"
    ),
    re.compile(
        r"(?P<month>[^\W\d_]+)[. /-]*(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[, /-]+"
        r"(?P<year>[0-9]{4}|[0-9]{2})"
    ),
    re.compile(r"(?P<year>[0-9]{4})[. /-]*(?P<month>[^\W\d_]+)[. /-]*(?P<day>[0-9]{1,2})"),
)
_MONTH_ONLY: Final = re.compile(r"([0-9]{4})[-/.]?(0[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.]([0-9]{4})")
_NAMED_MONTH: Final = re.compile(r"([^\W\d_]+)[. /-]*(?:[0-9]{4}|'[0-9]{2})")
_OF: Final = re.compile(r"(?<=[^\W\d_]|[0-9]) (?:de|del|of) (?=[^\W\d_]|[0-9])")
_WEEKDAY: Final = re.compile(
    r"([^\W\d_]{2,13})\.?,? +(?=.*[0-9])|(.*[0-9.日일]) ?[(（][^\W\d_]{1,4}[)）]"
)
_HALF_DAYS: Final = re.compile("(오전|오후|午前|午後|上午|下午) ?")
# Seconds since 1970 between 1990 and 2040; what else may be a day as a number.
_SECONDS: Final = (631_152_000, 2_208_988_800)
_USUAL_SERIALS: Final = (20_000, 80_000)  # 1954 to 2119
_HOUR: Final = re.compile(
    r"(.*[0-9.日일])(?:t|,? +(?:at |um |à |a las |alle |às |om )?)(?:[01]?[0-9]|2[0-3])"
)
_REST_OF_TIME: Final = re.compile(
    r"[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?( ?[ap]\.?m\.?)?"
    r"( ?(z|utc|gmt|uhr|[pmce][sd]t|ces?t|bst|jst|kst|[+-][0-9]{2}(:?[0-9]{2})?)){0,2}( \([^)]*\))?"
)


def without_times(texts: Sequence[str]) -> list[str]:
    """Take the time of day off texts; what only looks like one stays.

    >>> without_times(["2026-01-31T23:59:59+09:00", "1 Jan 2026 5:30 PM", "2026-01-31 25:00"])
    ['2026-01-31', '1 jan 2026', '2026-01-31 25:00']
    """
    parted = [_HALF_DAYS.sub("", text.casefold()).partition(":") for text in texts]
    # A million times of day have few hours and few minutes, so each is looked at once.
    times = {rest for _, _, rest in parted if rest}
    times = {rest for rest in times if _REST_OF_TIME.fullmatch(rest)}
    days = {head: _HOUR.fullmatch(head) for head, colon, _ in parted if colon}
    return [
        day[1] if rest in times and (day := days[head]) else text
        for (head, _, rest), text in zip(parted, texts, strict=True)
    ]


def is_dotted(text: str) -> bool:
    """Say whether a text is a date with points, in which the day always stands first."""
    return _DOTTED.fullmatch(text.translate(_EAST_ASIAN)) is not None


def readings(text: str) -> Readings:
    """Return the day that a text names, by the order in which it would be read.

    >>> readings("31/12/2026")
    {'dmy': datetime.date(2026, 12, 31)}
    """
    text = _without_weekday(text.casefold()).translate(_EAST_ASIAN)
    if found := _YEAR_FIRST.fullmatch(text):
        return _in_any_order(_day(found[1], found[3], found[4]))
    if found := _COMPACT.fullmatch(text):
        return _in_any_order(_day(*found.groups()))
    if found := _DOTTED.fullmatch(text):  # the point always means that the day stands first
        return _in_any_order(_day(found[3], found[2], found[1]))
    if found := _SLASHED.fullmatch(text):
        return _slashed(found[1], found[3], found[4])
    text = _OF.sub(" ", text)
    for pattern in _NAMED:
        found = pattern.fullmatch(text)
        if found and found["month"] in _months():
            return _in_any_order(_day(found["year"], _months()[found["month"]], found["day"]))
    return {}


def is_month_only(text: str) -> bool:
    """Say whether a text names a month and a year, but no day.

    >>> is_month_only("2026-01"), is_month_only("202613"), is_month_only("Jan 2026")
    (True, False, True)
    """
    plain = _OF.sub(" ", text.casefold())
    if _MONTH_ONLY.fullmatch(plain):
        return True
    named = _NAMED_MONTH.fullmatch(plain)
    return named is not None and named[1] in _months()


def stamps(numbers: FloatArray, *, texts: bool) -> tuple[DateArray, Stamp]:
    """Return the days that numbers stand for, and as what they were read.

    Args:
        numbers: Numbers of a column of days, shape (n,).
        texts: The numbers are spelled in a text file, so a serial number must look like one.

    Returns:
        Days, NaT where a number is none. "": they are digits such as 20260131, or no days.

    >>> stamps(np.array([1672928531.0]), texts=True)
    (array(['2023-01-05'], dtype='datetime64[D]'), 'seconds')
    """
    for name, factor in (("seconds", 1), ("milliseconds", 1000)):
        if ((numbers >= _SECONDS[0] * factor) & (numbers < _SECONDS[1] * factor)).all():
            since: DateArray = (numbers // factor).astype("datetime64[s]").astype("datetime64[D]")
            return since, name  # type: ignore[return-value]
    if all(_MONTH_ONLY.fullmatch(f"{number:.0f}") for number in numbers):
        return np.full(numbers.shape, np.datetime64("NaT"), "datetime64[D]"), "month"
    digits = np.array([_compact(number) for number in numbers], dtype="datetime64[D]")
    if not np.isnat(digits).any():
        return digits, ""
    first, last = _USUAL_SERIALS if texts else (FIRST_SERIAL, LAST_SERIAL)
    usual = (numbers >= first) & (numbers <= last)
    if usual.all() or not texts:
        whole = np.where(usual, numbers, 0).astype(np.int64).astype("timedelta64[D]")
        return np.where(usual, EPOCH + whole, digits), "serial" if usual.any() else ""
    return digits, ""


def _compact(number: float) -> date | None:
    found = _COMPACT.fullmatch(f"{number:.0f}")
    return _day(*found.groups()) if found and number.is_integer() else None


def _without_weekday(text: str) -> str:
    found = _WEEKDAY.match(text)
    if found is None:
        return text
    if found[2]:
        return found[2] if found.end() == len(text) else text
    return text[found.end() :] if found[1] in _weekdays() else text


def _slashed(first: str, second: str, third: str) -> Readings:
    days = {"dmy": _day(third, second, first), "mdy": _day(third, first, second)}
    if len(first) == len(third) == 2:  # noqa: PLR2004 - both may be a year of two digits
        days["ymd"] = _day(first, second, third)
    return {order: day for order in ORDERS if (day := days.get(order)) is not None}


def _in_any_order(day: date | None) -> Readings:
    return {} if day is None else dict.fromkeys(ORDERS, day)


def _day(year: str, month: str | int, day: str) -> date | None:
    full = int(year)
    if len(year) == 2:  # noqa: PLR2004 - digits
        full += 2000 if full < _FIRST_OLD_YEAR else 1900
    try:
        return date(full, int(month), int(day)) if full >= _FIRST_YEAR else None
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """Return the number of each name of a month."""
    return {
        name.casefold(): number
        for number, names in enumerate(words("choices.months"), start=1)
        for name in names.split()
    }


@cache
def _weekdays() -> frozenset[str]:
    named = frozenset(
        name for names in words("choices.weekdays") for name in names.casefold().split()
    )
    return named - frozenset(_months())  # mar is a Tuesday, and March
