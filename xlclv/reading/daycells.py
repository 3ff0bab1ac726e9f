"""Cells become days; in which order day and month stand, the whole column decides."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Final

import numpy as np

from xlclv.errors import InputError
from xlclv.reading.cellcolumns import NUMBERS, Column, Conventions
from xlclv.reading.question import Question
from xlclv.reading.textdates import (
    ORDERS,
    Order,
    Readings,
    is_dotted,
    is_month_only,
    readings,
    stamps,
    without_times,
)
from xlclv.terms import BoolArray, DateArray, IntArray
from xlclv.words import word

# What programs write for no day: the first or last one of their calendar, their day zero.
STAND_INS: Final = np.array(["1970-01-01", "2079-06-06", "2099-12-31"], "datetime64[D]")
FIRST_DAY, LAST_DAY = np.datetime64("1900-01-02"), np.datetime64("2149-12-31")
_LONG_YEAR: Final = re.compile("[0-9]{4}")
_NEARLY_ALL: Final = 0.9  # of the different cells of a column of days that are numbers


@dataclass(frozen=True, slots=True)
class Days:
    """A column of days: values of shape (n,), NaT where there is none; which cells are no day.

    A stand-in, such as 9999-12-31, is no day either.
    """

    values: DateArray
    bad: BoolArray
    stand_in: BoolArray


def days(
    column: Column, conventions: Conventions, fallback: Callable[[], Iterable[Order]] = tuple
) -> Days:
    """Read a column of dates.

    Args:
        column: The column.
        conventions: What the user says.
        fallback: Asked, where this column leaves it open, for the orders of day and month in the
            other columns of the table; they count if they agree.

    Raises:
        InputError: Nothing, or too much, tells in which order day and month stand; or the column
            holds months only.
    """
    values = np.full(len(column.different), np.datetime64("NaT"), "datetime64[D]")
    for number, cell in enumerate(column.different):
        if isinstance(cell, datetime | date | np.datetime64):
            values[number] = np.datetime64(cell).astype("datetime64[D]")
    numeric = np.array([_as_number(cell) for cell in column.different], dtype=float)
    filled = ~np.isnan(numeric)
    if filled.any() and (filled.mean() > _NEARLY_ALL or not _all_texts(column, filled)):
        stamped, kind = stamps(numeric[filled], texts=_all_texts(column, filled))
        if kind == "month":
            raise InputError("months_only", rows=None, **column.facts(int(np.argmax(filled))))
        values[filled] = np.where(np.isnat(values[filled]), stamped, values[filled])
        if kind not in ("", "serial") or (kind == "serial" and _all_texts(column, filled)):
            column.note(f"dates_{kind}", int(np.argmax(filled)))
    at, texts = column.texts()
    open_texts = np.isnat(values[at])
    at, texts = at[open_texts], [text for text, left in zip(texts, open_texts, strict=True) if left]
    if texts:
        values[at] = _text_days(column, at, texts, conventions, fallback)
    stands_in = _stands_in(values)
    values[stands_in] = np.datetime64("NaT")
    bad = column.marks(np.isnat(values))
    return Days(column.spread(values), bad, column.marks(stands_in))


def _stands_in(values: DateArray) -> BoolArray:
    """Say which days programs write where they know none; comparing with NaT gives no."""
    outside: BoolArray = (values < FIRST_DAY) | (values > LAST_DAY)
    return outside | np.isin(values, STAND_INS)


def _all_texts(column: Column, filled: BoolArray) -> bool:
    return all(isinstance(column.different[int(at)], str) for at in np.flatnonzero(filled))


def _as_number(cell: object) -> float:
    """Return the number that a cell holds or spells in digits alone, NaN otherwise."""
    if isinstance(cell, NUMBERS) and not isinstance(cell, bool | np.bool_):
        return float(cell)
    if isinstance(cell, str) and re.fullmatch(r"[0-9]{4,13}(\.[0-9]{1,10})?", cell):
        return float(cell)
    return np.nan


def _text_days(
    column: Column,
    at: IntArray,
    texts: list[str],
    conventions: Conventions,
    fallback: Callable[[], Iterable[Order]],
) -> DateArray:
    if any(":" in text for text in texts):
        short = without_times(texts)
        changed = next((n for n, day in enumerate(short) if day is not texts[n]), None)
        if changed is not None:
            column.note("times_left_out", int(at[changed]))
        texts = short
    known = {text: readings(text) for text in dict.fromkeys(texts)}
    found = [known[text] for text in texts]
    if all(is_month_only(text) for text in known):
        raise InputError("months_only", rows=None, **column.facts(int(at[0])))
    order = conventions.dates or _order(column, at, texts, found, fallback)
    named = [known_days.get(order) for known_days in found]
    short_year = (n for n, day in enumerate(named) if day and not _LONG_YEAR.search(texts[n]))
    if (n := next(short_year, None)) is not None:
        column.note("short_year", int(at[n]), day=named[n])
    return np.array(named, dtype="datetime64[D]")


def _order(
    column: Column,
    at: IntArray,
    texts: Sequence[str],
    found: Sequence[Readings],
    fallback: Callable[[], Iterable[Order]],
) -> Order:
    """Tell the order of day, month and year from the dates that allow one only."""
    unsure = [
        n
        for n, days in enumerate(found)
        if days and (len(days) < len(ORDERS) or len(set(days.values())) > 1)
    ]
    possible = [order for order in ORDERS if all(order in found[n] for n in unsure)]
    if not possible:
        not_day_first = int(at[next(n for n in unsure if "dmy" not in found[n])])
        not_month_first = int(at[next(n for n in unsure if "mdy" not in found[n])])
        other, other_cell = column.different[not_month_first], column.cell(not_month_first)
        facts = {"other": other, "other_cell": other_cell}
        likelier = max(ORDERS, key=lambda order: sum(order in found[n] for n in unsure))
        asked = (("--dates", likelier),)
        raise Question("dates_mixed", asked, rows=None, **column.facts(not_day_first), **facts)
    for n in unsure:
        meant = sorted({found[n][order] for order in possible})
        if len(meant) > 1:
            agreed = set(fallback()) & set(possible)
            if len(agreed) == 1:
                return agreed.pop()
            either = word("notes.or").join(day.isoformat() for day in meant)
            likelier = _likelier(found, possible)
            raise Question(
                "dates_unclear",
                (("--dates", likelier),),
                rows=None,
                either=either,
                **column.facts(int(at[n])),
            )
    if unsure:
        clearest = min(unsure, key=lambda n: len(found[n]))
        column.note("date_order", int(at[clearest]), order=word(f"notes.{possible[0]}"))
    elif (n := next((n for n, text in enumerate(texts) if is_dotted(text)), -1)) >= 0:
        column.note("date_order", int(at[n]), order=word("notes.dmy"))
    return possible[0]


def order_shown(column: Column) -> Order | None:
    """Return the order of day and month that the texts of a column show, None without."""
    _, texts = column.texts()
    found = [readings(text) for text in without_times(texts)]
    unsure = [days for days in found if days and len(set(days.values())) > 1]
    sure = [days for days in found if days and len(days) < len(ORDERS)]
    possible = [order for order in ORDERS if all(order in days for days in (*unsure, *sure))]
    return possible[0] if len(possible) == 1 and (unsure or sure) else None


def _likelier(found: Sequence[Readings], possible: Sequence[Order]) -> Order:
    """Return the order in which the days stand most in sequence; day first where none is better."""

    def in_sequence(order: Order) -> int:
        named = [days[order] for days in found if order in days]
        return sum(earlier <= later for earlier, later in pairwise(named))

    return max(possible, key=in_sequence)
