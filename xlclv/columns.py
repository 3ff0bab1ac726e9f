"""A column of cells, as a spreadsheet hands it over, becomes a typed array; nothing is guessed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlclv.errors import InputError, XlclvError
from xlclv.terms import Array, BoolArray, Kind, Term, out_of_range
from xlclv.words import meanings, word

# Errors that every spreadsheet knows, and those of later versions of Excel too.
OLD_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
EXCEL_ERRORS = OLD_ERRORS | {"#SPILL!", "#CALC!"}
LONGEST_TEXT = 32_767  # characters a cell holds
# Serial 1 is 1900-01-01; Excel's 1900 had a 29 February, so from serial 61 on this day 0 holds.
DAY_0 = date(1899, 12, 30)
EPOCH = np.datetime64(DAY_0, "D")
DAY_1970 = date(1970, 1, 1).toordinal()  # numpy counts days from there
FIRST_SERIAL, LAST_SERIAL = 61, 2_958_465  # 1900-03-01 to 9999-12-31
# Cells in order, or an array that already has the type its column needs.
Cells = Sequence[object] | Array
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$")


@dataclass(frozen=True, slots=True)
class CellError:
    """An error as a cell shows it, with the message behind it.

    Args:
        code: What the cell shows: "#VALUE!", "#N/A", "#NUM!" or an error that was handed in.
        message: Why, in the user's words.
    """

    code: str
    message: str = ""

    @classmethod
    def of(cls, error: XlclvError, row: int | None = None) -> "CellError":
        """Return the cell error for one row of an error."""
        return cls(error.cell_code, str(error) if row is None else error.at(row))


@dataclass(slots=True)
class Column:
    """Typed values of a column with what is wrong in it.

    Args:
        values: Shape (n,); meaningless where a row is blank or has a fault.
        blank: Which cells are empty, shape (n,).
        faults: The error of each row (from 0) that could not be read.
    """

    values: Array
    blank: BoolArray
    faults: dict[int, CellError] = field(default_factory=dict)

    @property
    def bad(self) -> BoolArray:
        """Say which rows have a fault, shape (n,)."""
        mask = np.zeros(self.blank.shape, bool)
        mask[list(self.faults)] = True
        return mask


def read_column(cells: Cells, name: str, term: Term) -> Column:
    """Read cells as what the term expects.

    Args:
        cells: Cells in order: numbers, Decimals, dates, text, booleans, None, CellError.
        name: How messages name the column.
        term: Kind and range of the values.

    Returns:
        Values of dtype float64, datetime64[D], bool or object, by the kind of the term.
    """
    if isinstance(cells, np.ndarray) and cells.dtype != object:
        return _typed(cells, name, term)
    raw = as_objects(cells)
    sorts = _sorts(raw)
    column = Column(_empty(term.kind, raw.size), sorts == _NOTHING)
    _pass_on_errors(raw, sorts, name, column)
    rest = _read_at_once(raw, sorts, term.kind, column.values)
    _read_one_by_one(raw, rest, name, term, column)
    _check_range(name, term, ~column.blank & ~column.bad, column)
    return column


def read_cell(cell: object, term: Term) -> object:
    """Read one cell as `read_column` does, without arrays.

    Returns:
        The value that the column would hold; None where there is more to say than a value: the
        cell is blank, holds an error or nothing that the term allows.

    >>> from xlclv.terms import TERMS
    >>> float(read_cell(0.4, TERMS["margin"])), read_cell(40, TERMS["margin"])
    (0.4, None)
    """
    if isinstance(cell, str):
        cell = cell.strip()
        if not cell or cell in EXCEL_ERRORS:
            return None
    value: Any = _READ_ONE[term.kind](cell)
    if value is None:
        return None
    if term.kind == "number":
        return None if term.refuses(value) else np.float64(value)
    if term.choices:
        return term.code(value)
    return np.bool_(value) if term.kind == "boolean" else value


def _typed(cells: Array, name: str, term: Term) -> Column:
    """Take over an array that already has the type of the term; NaN and NaT are blanks."""
    column = Column(
        cells, np.isnan(cells) if cells.dtype.kind in "fM" else np.zeros(cells.shape, bool)
    )
    _check_range(name, term, ~column.blank, column)
    return column


def as_objects(cells: Cells) -> NDArray[np.object_]:
    """Return cells as an object array of shape (n,), whatever they hold."""
    if isinstance(cells, np.ndarray) and cells.dtype == object:
        return cells
    raw = np.empty(len(cells), dtype=object)
    raw[:] = cells
    return raw


def _empty(kind: Kind, size: int) -> Array:
    if kind == "number":
        return np.zeros(size)
    if kind == "date":
        return np.full(size, np.datetime64("NaT"), dtype="datetime64[D]")
    if kind == "boolean":
        return np.zeros(size, dtype=bool)
    return np.full(size, "", dtype=object)


# What a cell holds, told once per cell so that the rest works on whole columns.
_NOTHING, _NUMBER, _DAY, _TEXT, _ERROR, _OTHER = range(6)
_SORTS: dict[type, int] = {
    type(None): _NOTHING,
    **dict.fromkeys((float, int, Decimal, np.float64, np.int64), _NUMBER),
    **dict.fromkeys((datetime, date), _DAY),
    str: _TEXT,
    CellError: _ERROR,
}
_AT_ONCE: dict[Kind, int] = {"number": _NUMBER, "date": _DAY, "text": _TEXT, "id": _TEXT}


def _sorts(raw: NDArray[np.object_]) -> NDArray[np.int8]:
    """Tell what each cell holds; blank text and NaN (an empty cell of some hosts) are nothing."""
    sorts = np.fromiter((_SORTS.get(type(cell), _OTHER) for cell in raw), np.int8, raw.size)
    texts = np.flatnonzero(sorts == _TEXT)
    stripped = [text.strip() for text in raw[texts]]
    sorts[texts[[not text for text in stripped]]] = _NOTHING
    sorts[texts[[text in EXCEL_ERRORS for text in stripped]]] = _ERROR
    numbers = np.flatnonzero(sorts == _NUMBER)
    sorts[numbers[np.isnan(raw[numbers].astype(float))]] = _NOTHING
    return sorts


def _pass_on_errors(
    raw: NDArray[np.object_], sorts: NDArray[np.int8], name: str, column: Column
) -> None:
    for row in np.flatnonzero(sorts == _ERROR):
        code = raw[row].code if isinstance(raw[row], CellError) else raw[row].strip()
        column.faults[int(row)] = CellError(code, word("errors.contains", name=name, code=code))


def _read_at_once(
    raw: NDArray[np.object_], sorts: NDArray[np.int8], kind: Kind, values: Array
) -> BoolArray:
    """Read the cells that already are what is asked for; say which others hold something."""
    easy = sorts == _AT_ONCE.get(kind, -1)
    if kind == "number":
        values[easy] = raw[easy].astype(float)
    elif kind == "date":
        values[easy] = raw[easy].astype("datetime64[D]")
    elif easy.any():
        values[easy] = [text.strip() for text in raw[easy]]
    rest: BoolArray = ~easy & (sorts != _NOTHING) & (sorts != _ERROR)
    return rest


def _read_one_by_one(
    raw: NDArray[np.object_], rest: BoolArray, name: str, term: Term, column: Column
) -> None:
    for row in np.flatnonzero(rest):
        value = _READ_ONE[term.kind](raw[row])
        if value is None:
            fault = _wrong_kind(name, term, raw[row])
            column.faults[int(row)] = CellError.of(fault)
        else:
            column.values[row] = value


def _wrong_kind(name: str, term: Term, cell: object) -> InputError:
    text_number = isinstance(cell, str) and term.kind in ("number", "date")
    hint = word(f"expected.text_{term.kind}_hint") if text_number else ""
    return InputError("wrong_kind", name=name, value=cell, expected=term.expected, hint=hint)


def _one_number(cell: object) -> float | None:
    """Text is never taken for a number, nor TRUE for 1: nobody can tell what was meant."""
    is_number = isinstance(cell, float | int | Decimal | np.number) and not isinstance(cell, bool)
    return float(cell) if is_number else None  # type: ignore[arg-type]


def _one_date(cell: object) -> np.datetime64 | None:
    if isinstance(cell, np.datetime64):
        day: np.datetime64 = cell.astype("datetime64[D]")
        return day
    if type(cell) is date or (type(cell) is datetime and cell.tzinfo is None):
        return np.datetime64(cell.toordinal() - DAY_1970, "D")
    if isinstance(cell, str) and ISO_DATE.match(cell.strip()):
        try:
            return np.datetime64(cell.strip()[:10], "D")
        except ValueError:
            return None  # 2026-02-30
    number = _one_number(cell)
    if number is None or not FIRST_SERIAL <= number <= LAST_SERIAL:
        return None
    return np.datetime64(int(number) + DAY_0.toordinal() - DAY_1970, "D")


def as_text(cell: object) -> str:
    """Return the text of a cell as a column of ids or names takes it, "" where it has none.

    >>> as_text(12.0), as_text(None)
    ('12', '')
    """
    return _one_text(cell) or ""


def _one_text(cell: object) -> str | None:
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell)).upper()
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, str):
        return cell.strip()
    number = _one_number(cell)
    if number is None:
        return None
    return str(int(number)) if number.is_integer() else repr(number)


def _one_boolean(cell: object) -> bool | None:
    """TRUE, FALSE, Yes and No; 1 and 0 too, for LibreOffice hands TRUE over as 1."""
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    if isinstance(cell, str):
        text = cell.strip().casefold()
        if text in meanings("choices.yes"):
            return True
        return False if text in meanings("choices.no") else None
    return {1.0: True, 0.0: False}.get(_one_number(cell) or 0.0) if _is_plain(cell) else None


def _is_plain(cell: object) -> bool:
    return _one_number(cell) is not None


_READ_ONE: dict[Kind, Callable[[object], object]] = {
    "number": _one_number,
    "date": _one_date,
    "text": _one_text,
    "id": _one_text,
    "boolean": _one_boolean,
}


def _check_range(name: str, term: Term, good: BoolArray, column: Column) -> None:
    """Refuse numbers outside the range of the term, and texts that are no choice of it."""
    values = column.values
    if term.kind == "number":
        refused = good & term.refuses(values.astype(float))
        if refused.any():
            error = out_of_range(name, term, values.astype(float), refused)
            column.faults |= {
                int(row): CellError.of(error, int(row)) for row in np.flatnonzero(refused)
            }
    elif term.choices:
        codes = {text: term.code(str(text)) for text in set(values[good].tolist())}
        for row in np.flatnonzero(good):
            match = codes[values[row]]
            if match is None:
                error = InputError(
                    "not_a_choice", name=name, value=values[row], expected=term.expected
                )
                column.faults[int(row)] = CellError.of(error)
            else:
                values[row] = match


def serial(days: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Return days as spreadsheet serial numbers, NaN where the day is unknown.

    >>> serial(np.array(["2026-01-31", "NaT"], "datetime64[D]"))
    array([46053.,    nan])
    """
    numbers = (days.astype("datetime64[D]") - EPOCH).astype(float)
    return np.where(np.isnat(days), np.nan, numbers)


def serial_of(day: date) -> float:
    """Return one day, without its time, as a spreadsheet serial number.

    >>> serial_of(date(2026, 1, 31))
    46053.0
    """
    return float((date(day.year, day.month, day.day) - DAY_0).days)


def as_cells(values: Array) -> list[object]:
    """Return an array as cells: no numpy types, blank where a number or day is unknown."""
    array = np.atleast_1d(values)
    if array.dtype.kind == "M":
        return [None if np.isnat(day) else as_date(day) for day in array]
    if array.dtype.kind == "f":
        unknown = np.isnan(array)
        return [None if gap else cell for gap, cell in zip(unknown, array.tolist(), strict=True)]
    return list(array.tolist())


def as_cell(value: object) -> object:
    """Return one value, or an array of one, as `as_cells` does.

    >>> as_cell(np.float64(2)), as_cell(np.datetime64("2026-01-31")), as_cell(np.array(np.nan))
    (2.0, datetime.date(2026, 1, 31), None)
    """
    plain = value.item() if isinstance(value, np.generic | np.ndarray) else value
    if type(plain) in (float, str, bool, date):
        return None if plain != plain else plain  # noqa: PLR0124 - NaN
    return as_cells(np.atleast_1d(value))[0]  # type: ignore[call-overload]


def as_date(day: np.datetime64) -> date:
    """Return one day as a Python date."""
    return date(1970, 1, 1) + timedelta(days=int(day.astype("datetime64[D]").astype(int)))
