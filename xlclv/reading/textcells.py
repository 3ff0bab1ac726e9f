"""Columns of cells become numbers and days; how texts are written, the whole column decides.

Nothing is guessed: a column whose cells all allow two readings is an error that names the option
that decides, and a cell that allows none stays the text it is, to be reported with its row. A text
in a workbook is read as one in a text file; a number or a day that is one already stays.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal as Exact
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xlclv.columns import EXCEL_ERRORS, CellError, Cells, as_objects
from xlclv.errors import InputError
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
from xlclv.reading.textnumbers import (
    OTHER,
    Dash,
    Decimal,
    Written,
    as_numbers,
    decimal_of,
    undressed,
    written_otherwise,
)
from xlclv.tables import Place, RawTable, title
from xlclv.terms import TERMS, Array, BoolArray, DateArray, FloatArray, IntArray, Kind
from xlclv.words import word

_LONG_YEAR: Final = re.compile("[0-9]{4}")
_NEARLY_ALL: Final = 0.9  # of the different cells of a column of days that are numbers
_NUMBERS: Final = (float, int, Exact, np.floating, np.integer)


@dataclass(frozen=True, slots=True)
class Conventions:
    """How numbers and dates are written, where the user says it; None: the cells tell.

    Args:
        decimal: The decimal sign.
        dates: The order of day, month and year in dates such as 03/04/26.
        dash: What a dash behind a whole amount means.
    """

    decimal: Decimal | None = None
    dates: Order | None = None
    dash: Dash | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers.

    Args:
        values: Shape (n,), NaN where there is none.
        bad: Which cells are filled, but no number, shape (n,).
        currency: The currency that each cell names, "" without one, shape (n,); None: no cell does.
    """

    values: FloatArray
    bad: BoolArray
    currency: NDArray[np.object_] | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """A column of days: values of shape (n,), NaT where there is none; which cells are no day."""

    values: DateArray
    bad: BoolArray


@dataclass(frozen=True, slots=True)
class Column:
    """The different cells of a column.

    Args:
        name: How messages name the column.
        where: Where the table stands.
        at: Position of the column in it.
        cells: The cells as they were, shape (n,).
        codes: Which of `different` each cell holds, -1 where it is blank, shape (n,).
        different: Each different cell once; texts without the spaces around them.
    """

    name: str
    where: Place
    at: int
    cells: Cells
    codes: IntArray
    different: Sequence[object]
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, cells: Cells, name: str, where: Place, at: int) -> "Column":
        """Find the different cells of a column."""
        raw = cells if isinstance(cells, np.ndarray) else as_objects(cells)
        codes, found = pd.factorize(raw)
        different = [cell.strip() if isinstance(cell, str) else cell for cell in found.tolist()]
        if any(isinstance(cell, str) and not cell for cell in different):
            filled = np.array([cell != "" for cell in different], dtype=bool)
            codes = np.append(np.where(filled, np.cumsum(filled) - 1, -1), -1)[codes]
            different = [cell for cell in different if cell != ""]
        return cls(name, where, at, cells, codes.astype(np.int64), different)

    @property
    def blank(self) -> BoolArray:
        """Say which cells hold nothing, shape (n,)."""
        empty: BoolArray = self.codes < 0
        return empty

    def texts(self) -> tuple[IntArray, list[str]]:
        """Return which of the different cells are texts, and these texts."""
        at = [number for number, cell in enumerate(self.different) if isinstance(cell, str)]
        return np.array(at, dtype=np.int64), [str(self.different[number]) for number in at]

    def cell(self, number: int) -> str:
        """Name the first cell that holds one of the different cells."""
        return self.where.cell(self.at, int(np.flatnonzero(self.codes == number)[0]))

    def note(self, key: str, number: int, **facts: object) -> None:
        """Note what one of the different cells shows."""
        value, cell = self.different[number], self.cell(number)
        self.notes.append(word(f"notes.{key}", name=self.name, value=value, cell=cell, **facts))

    def facts(self, number: int) -> dict[str, object]:
        """Return what an error says about one of the different cells."""
        return {"name": self.name, "value": self.different[number], "cell": self.cell(number)}

    def spread(self, values: Array) -> Array:
        """Give each cell the value of what it holds; NaN and NaT where it is blank.

        Args:
            values: The value of each of the different cells, shape (len(different),).
        """
        blank = np.full(1, np.nan).astype(values.dtype)
        spread: Array = np.concatenate([values, blank])[self.codes]
        return spread

    def marks(self, marked: BoolArray) -> BoolArray:
        """Say which cells hold one of the different cells that are marked, shape (n,)."""
        spread: BoolArray = np.append(marked, False)[self.codes]
        return spread


def typed(
    raw: RawTable, index: Mapping[str, int], conventions: Conventions = Conventions()
) -> tuple[RawTable, tuple[str, ...]]:
    """Turn the text columns that hold numbers or dates into such.

    Args:
        raw: A table; "" or None is a blank.
        index: Column name to position (from 0).
        conventions: What the user says about the way of writing.

    Returns:
        The table with columns of dtype float64 or datetime64[D], NaN and NaT being blanks; a
        column with cells that cannot be read holds objects, and those cells what they held. And
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
            column = Column.of(raw.columns[at], title(name), raw.where, at)
            columns[at] = _with_bad_cells(column, *read(column, conventions))
            notes += column.notes
    return replace(raw, columns=columns), tuple(notes)


def _with_bad_cells(column: Column, values: Array, bad: BoolArray) -> Cells:
    if not bad.any():
        return values
    objects: NDArray[np.object_] = values.astype(object)
    objects[bad] = as_objects(column.cells)[bad]
    return objects


# --- numbers ---


def numbers(
    column: Column, conventions: Conventions, fallback: Callable[[], Iterable[Decimal]] = tuple
) -> Numbers:
    """Read a column of numbers.

    Args:
        column: The column.
        conventions: What the user says.
        fallback: Asked, where this column leaves it open, for the decimal signs of the other
            columns of the table; they count if they agree.

    Raises:
        InputError: Nothing, or too much, tells whether the point or the comma is decimal, or
            what a dash behind an amount means.
    """
    values = np.full(len(column.different), np.nan)
    good = np.zeros(len(column.different), bool)
    for number, cell in enumerate(column.different):
        if isinstance(cell, _NUMBERS) and not isinstance(cell, bool | np.bool_):
            values[number], good[number] = float(cell), True
    at, texts = column.texts()
    currency = None
    if texts:
        written = undressed(texts, conventions.dash)
        if written.marks:
            marks = ", ".join(written.marks)
            column.notes.append(word("notes.currency_left_out", name=column.name, marks=marks))
        if written.dashes >= 0:
            asked = (("--dash", "minus"), ("--dash", "none"))
            raise Question(
                "dash_unclear", asked[:1], rows=None, **column.facts(int(at[written.dashes]))
            )
        sign = conventions.decimal or _decimal_sign(column, at, written, fallback)
        values[at], good[at] = as_numbers(written, sign)
        if conventions.decimal is None:
            _refuse_mixture(column, at, written, sign, good[at])
        if written.shares is not None:
            column.note("percent_read", int(at[np.argmax(written.shares)]))
        currency = _currency(column, at, written)
    return Numbers(column.spread(values), column.marks(~good), currency)


def _currency(column: Column, at: IntArray, written: Written) -> NDArray[np.object_] | None:
    if written.currency is None:
        return None
    named = np.full(len(column.different) + 1, "", dtype=object)
    named[at] = written.currency
    spread: NDArray[np.object_] = named[column.codes]
    return spread


def _decimal_sign(
    column: Column, at: IntArray, written: Written, fallback: Callable[[], Iterable[Decimal]]
) -> Decimal:
    sign, shown = decimal_of(written)
    if sign is None:
        agreed = set(fallback())
        if len(agreed) == 1:
            return agreed.pop()
        text = written.parts()[shown]
        small, large = text.replace(",", "."), re.sub("[.,]", "", text)
        likelier = OTHER["." if "." in text else ","]  # three digits behind it are thousands
        raise Question(
            "decimal_unclear",
            (("--decimal", likelier),),
            rows=None,
            small=small,
            large=large,
            **column.facts(int(at[shown])),
        )
    if shown >= 0:
        key = "decimal_point" if sign == "." else "decimal_comma"
        column.note(key, int(at[shown]))
    return sign


def decimal_shown(column: Column, conventions: Conventions) -> Decimal | None:
    """Return the decimal sign that the texts of a column show, None where they show none."""
    _, texts = column.texts()
    if not texts:
        return None
    sign, shown = decimal_of(undressed(texts, conventions.dash))
    return sign if shown >= 0 else None


def _refuse_mixture(
    column: Column, at: IntArray, written: Written, sign: Decimal, good: BoolArray
) -> None:
    """Refuse a column that has the decimal point in some cells and the comma in others."""
    for number, other in written_otherwise(written, sign, good):
        facts = {"other": column.different[at[other]], "other_cell": column.cell(int(at[other]))}
        asked = (("--decimal", sign),)
        raise Question("decimal_mixed", asked, rows=None, **column.facts(int(at[number])), **facts)


# --- dates ---


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
    return Days(column.spread(values), column.marks(np.isnat(values)))


def _all_texts(column: Column, filled: BoolArray) -> bool:
    return all(isinstance(column.different[int(at)], str) for at in np.flatnonzero(filled))


def _as_number(cell: object) -> float:
    """Return the number that a cell holds or spells in digits alone, NaN otherwise."""
    if isinstance(cell, _NUMBERS) and not isinstance(cell, bool | np.bool_):
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


# --- all columns ---


def _numbers_typed(column: Column, conventions: Conventions) -> tuple[Array, BoolArray]:
    read = numbers(column, conventions)
    return read.values, read.bad  # noqa: PD011 - no data frame


def _days_typed(column: Column, conventions: Conventions) -> tuple[Array, BoolArray]:
    read = days(column, conventions)
    return read.values, read.bad  # noqa: PD011 - no data frame


_READERS: Final[Mapping[Kind, Callable[[Column, Conventions], tuple[Array, BoolArray]]]] = {
    "number": _numbers_typed,
    "date": _days_typed,
}


def is_error(cell: object) -> bool:
    """Say whether a cell holds an error value of a spreadsheet."""
    return isinstance(cell, CellError) or (isinstance(cell, str) and cell in EXCEL_ERRORS)
