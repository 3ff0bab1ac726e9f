"""Cells become numbers; which sign is decimal, the whole column decides."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlclv.reading.cellcolumns import NUMBERS, Column, Conventions
from xlclv.reading.question import Question
from xlclv.reading.textnumbers import (
    OTHER,
    Decimal,
    Written,
    as_numbers,
    decimal_of,
    undressed,
    written_otherwise,
)
from xlclv.terms import BoolArray, FloatArray, IntArray
from xlclv.words import word


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
        if isinstance(cell, NUMBERS) and not isinstance(cell, bool | np.bool_):
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
