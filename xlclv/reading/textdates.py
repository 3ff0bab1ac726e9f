"""Texts that may be dates: the day each names, by the order in which it would be read."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final, Literal

from xlclv.words import words

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
        r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[. /-]*(?P<month>[^\W\d_]+)[., /-]*"
        r"(?P<year>[0-9]{4}|[0-9]{2})"
    ),
    re.compile(
        r"(?P<month>[^\W\d_]+)\.? *(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? +(?P<year>[0-9]{4})"
    ),
)
_HOUR: Final = re.compile(r"(.*[0-9.日일])(?:t|,? +)(?:[01]?[0-9]|2[0-3])")
_REST_OF_TIME: Final = re.compile(
    r"[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?( ?[ap]\.?m\.?)?"
    r"( ?(z|utc|gmt|[+-][0-9]{2}(:?[0-9]{2})?)){0,2}"
)


def without_times(texts: Sequence[str]) -> list[str]:
    """Take the time of day off texts; what only looks like one stays.

    >>> without_times(["2026-01-31T23:59:59+09:00", "1 Jan 2026 5:30 PM", "2026-01-31 25:00"])
    ['2026-01-31', '1 jan 2026', '2026-01-31 25:00']
    """
    parted = [text.casefold().partition(":") for text in texts]
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
    text = text.translate(_EAST_ASIAN).casefold()
    if found := _YEAR_FIRST.fullmatch(text):
        return _in_any_order(_day(found[1], found[3], found[4]))
    if found := _COMPACT.fullmatch(text):
        return _in_any_order(_day(*found.groups()))
    if found := _DOTTED.fullmatch(text):  # the point always means that the day stands first
        return _in_any_order(_day(found[3], found[2], found[1]))
    if found := _SLASHED.fullmatch(text):
        return _slashed(found[1], found[3], found[4])
    for pattern in _NAMED:
        found = pattern.fullmatch(text)
        if found and found["month"] in _months():
            return _in_any_order(_day(found["year"], _months()[found["month"]], found["day"]))
    return {}


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
