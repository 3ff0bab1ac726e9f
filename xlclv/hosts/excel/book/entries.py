"""Cells as Excel takes them in: what it would take for a formula, a number or a day stays text."""

import math
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

import numpy as np
import xlwings as xw

from xlclv.columns import EXCEL_ERRORS, LONGEST_TEXT, OLD_ERRORS, CellError
from xlclv.hosts.excel.book.able import able

Grid = list[list[object]]

TEXT_SIGN: Final = "'"  # before a text; Excel keeps it apart from the text
LONGEST_DAY: Final = 60  # characters that any number or day may take
FIRST_YEAR: Final = 1900  # of Excel's days
SECONDS: Final = 86_400.0
# TRUE and FALSE in the languages of Excel that write them in letters.
BOOLEANS: Final = frozenset(
    (
        *("true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "vero"),
        *("verdadeiro", "waar", "onwaar", "sant", "falskt", "sann", "usann", "sand", "falsk"),
        *("tosi", "epätosi", "prawda", "fałsz", "pravda", "nepravda", "igaz", "hamis"),
        *("doğru", "yanliş", "yanlış", "истина", "ложь", "adevărat", "fals"),
    )
)


def as_entry(cell: object) -> object:
    """Return a value as it is to be entered; an error as the formula that gives it.

    >>> as_entry("=1+1"), as_entry("Gold"), as_entry("007"), as_entry(CellError("#N/A"))
    ("'=1+1", 'Gold', "'007", '=#N/A')
    """
    if isinstance(cell, CellError):
        return f"={cell.code if cell.code in OLD_ERRORS else '#VALUE!'}"
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    if isinstance(cell, str):
        return _text(cell[:LONGEST_TEXT])
    if isinstance(cell, np.datetime64):
        cell = None if np.isnat(cell) else cell.astype("datetime64[us]").item()
    if isinstance(cell, date):  # a datetime is one too
        return _day(cell)
    if isinstance(cell, time | timedelta):
        return _part_of_day(cell)
    return _number(cell)


def _text(text: str) -> str | None:
    if not text:
        return None
    return text if _is_plain(text) else TEXT_SIGN + text


def _is_plain(text: str) -> bool:
    """Say whether Excel takes a text for nothing but text, in any language."""
    if not text[0].isalpha():
        return False
    if len(text) > LONGEST_DAY:
        return True
    known = unicodedata.normalize("NFKC", text).strip().casefold()
    return known not in BOOLEANS and not any(letter.isdigit() for letter in known)


def _day(day: date) -> object:
    if day.year < FIRST_YEAR:
        return TEXT_SIGN + day.isoformat()
    if isinstance(day, datetime):
        return day.replace(tzinfo=None)
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - cells have no zone


def _part_of_day(cell: time | timedelta) -> float:
    if isinstance(cell, timedelta):
        return cell.total_seconds() / SECONDS
    return (cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6) / SECONDS


def _number(cell: object) -> object:
    if not isinstance(cell, int | float | Decimal | np.number):
        return None if cell is None else _text(str(cell))
    number = float(cell)
    if math.isnan(number):
        return None
    return number if math.isfinite(number) else "=#NUM!"


def entries(cells: Sequence[Sequence[object]], rows: int, columns: int) -> Grid:
    """Return cells as a block to enter, filled up with empty ones."""
    grid = [[as_entry(cell) for cell in row] + [None] * (columns - len(row)) for row in cells]
    return grid + [[None] * columns for _ in range(rows - len(grid))]


def kept(block: xw.Range) -> Grid:
    """Return what stands in a block as it was entered, formulas too, to be put back by `put`."""
    rows, columns = block.shape
    values: Grid = block.options(ndim=2, err_to_str=True).value
    formulas = able("formulas", lambda: as_grid(block.formula, rows, columns), otherwise=values)
    return [
        [_kept(value, formula) for value, formula in zip(*pair, strict=True)]
        for pair in zip(values, formulas, strict=True)
    ]


def _kept(value: object, formula: object) -> object:
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        return formula
    return as_entry(CellError(value) if value in EXCEL_ERRORS else value)


def as_grid(found: object, rows: int, columns: int) -> Sequence[Sequence[object]]:
    """Return what a host hands over for a block, which is a bare value for a single cell."""
    if rows == columns == 1:
        while isinstance(found, list | tuple):
            found = found[0]
        return [[found]]
    assert isinstance(found, list | tuple)  # noqa: S101 - as all hosts do
    if isinstance(found[0], list | tuple):
        return found
    return [found] if rows == 1 else [[cell] for cell in found]


def put(block: xw.Range, grid: Grid) -> None:
    """Enter a grid into a block of its size, at once."""
    block.options(ndim=2).value = grid
