"""The vocabulary: every argument, setting and column, with unit and range, defined once.

A file per subject; the meanings and titles stand in the catalogue.
"""

from xlclv.terms.arrays import (
    A_LIFE,
    DAYS_PER_MONTH,
    DAYS_PER_YEAR,
    LARGEST,
    Array,
    BoolArray,
    DateArray,
    FloatArray,
    Frame,
    IntArray,
    TextArray,
)
from xlclv.terms.checking import choice, dates, numbers, one_day, out_of_range, texts
from xlclv.terms.listed import TERMS
from xlclv.terms.term import Kind, Term, Unit

__all__ = [
    "A_LIFE",
    "DAYS_PER_MONTH",
    "DAYS_PER_YEAR",
    "LARGEST",
    "TERMS",
    "Array",
    "BoolArray",
    "DateArray",
    "FloatArray",
    "Frame",
    "IntArray",
    "Kind",
    "Term",
    "TextArray",
    "Unit",
    "choice",
    "dates",
    "numbers",
    "one_day",
    "out_of_range",
    "texts",
]
