"""A condition: a field of the customer, a test and what it is compared with."""

from dataclasses import dataclass

import numpy as np

from xlclv.rewards import figures
from xlclv.rewards.facts import Labels
from xlclv.rewards.rules.fields import CENTS, FIELDS, Field, find_field
from xlclv.rewards.rules.rows import Row, plain_number
from xlclv.terms import Array, BoolArray, FloatArray, Term, TextArray
from xlclv.words import word, words

# The sign in the cell, and how the catalogue calls it.
TESTS = {
    "≥": "at_least",
    ">": "above",
    "≤": "at_most",
    "<": "below",
    "=": "equal",
    "≠": "other",
    "between": "between",
    "in list": "one_of",
}
Values = tuple[float, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule; all conditions of a rule must hold.

    Args:
        field: What is asked about.
        test: A key of TESTS.
        values: One value, two (between, ends included) or several (in list); floats, or texts
            for a field that is text.
    """

    field: Field
    test: str
    values: Values

    def holds(self, given: Array) -> BoolArray:
        """Say where the values of the field pass, shape (n,); an unknown one never does."""
        met = self._text_holds(given) if self.field.is_text else self._number_holds(given)
        return met & ~self.field.unknown(given)

    def _text_holds(self, given: TextArray) -> BoolArray:
        among = Labels.of(given).among(str(value) for value in self.values)
        return ~among if self.test == "≠" else among

    def _number_holds(self, given: FloatArray) -> BoolArray:
        values = np.array(self.values, dtype=float)
        if self.field.unit == "money":
            values = np.round(values, CENTS)
        low, high = values[0], values[-1]
        by_test = {
            "≥": given >= low,
            ">": given > low,
            "≤": given <= low,
            "<": given < low,
            "=": given == low,
            "≠": given != low,
            "between": (given >= low) & (given <= high),
            "in list": np.isin(given, values),
        }
        met: BoolArray = by_test[self.test]
        return met

    def needed(self) -> str:
        """Say what passes, the way a reason ends: "60 or more"."""
        return self._worded("needed")

    def asked(self) -> str:
        """Say what is asked for, the way a sentence does: "at least 2 orders so far"."""
        one = len(self.values) == 1 and self.values[0] == 1
        key = figures.form(f"rewards.asks.{self.field.key}", one=one)
        return word(key, test=self._worded("test"))

    def _worded(self, kind: str) -> str:
        written = [self.field.written(value) for value in self.values]
        if self.test == "between":
            return word(f"rewards.{kind}.between", low=written[0], high=written[1])
        named = self.field.is_text and self.test != "≠"
        key = "named" if named else TESTS[self.test]
        return word(f"rewards.{kind}.{key}", value=figures.listed(written, "or"))


def read_conditions(row: Row) -> tuple[Condition, ...]:
    """Read the three conditions of a row; what cannot be read is noted as its fault."""
    read = (_read(row, number) for number in (1, 2, 3))
    return tuple(condition for condition in read if condition is not None)


def _read(row: Row, number: int) -> Condition | None:
    field_name, test_name, value_name = (f"{part}_{number}" for part in ("field", "test", "value"))
    if row.blank(field_name) and row.blank(test_name) and row.blank(value_name):
        return None
    for name in (field_name, test_name, value_name):
        row.need(name, word("rewards.because.condition", number=number))
    field, test = _read_field(row, field_name), row.text(test_name)
    if field is None or not test:
        return None
    if test not in field.tests:
        expected = ", ".join(field.tests)
        row.refuse(
            test_name, "does_not_fit", value=test, because=field.title, expected=expected, hint=""
        )
        return None
    values = _read_values(row, value_name, field, test)
    return Condition(field, test, values) if values else None


def _read_field(row: Row, name: str) -> Field | None:
    text = row.text(name)
    field = find_field(text) if text else None
    if text and field is None:
        known = ", ".join(field.title for field in FIELDS.values())
        row.refuse(name, "unknown_entry", value=text, expected=known)
    return field


def _read_values(row: Row, name: str, field: Field, test: str) -> Values:
    """Return the values of a condition; none where one of them is of no use."""
    several = test in ("between", "in list")
    entries = row.items(name) if several else tuple(filter(None, [row.text(name)]))
    values = _texts(row, name, field, entries) if field.is_text else _numbers(field, entries)
    if entries and len(values) < len(entries) and not field.is_text:
        _refuse(row, name, field, Term("", whole=field.whole).expected)
        return ()
    if entries and test == "between" and (len(values) != 2 or values[0] > values[1]):  # type: ignore[operator]  # noqa: PLR2004
        _refuse(row, name, field, word("rewards.because.two_values"))
        return ()
    return values


def _refuse(row: Row, name: str, field: Field, expected: str) -> None:
    value = row.text(name)
    row.refuse(name, "does_not_fit", value=value, because=field.title, expected=expected, hint="")


def _numbers(field: Field, entries: tuple[str, ...]) -> tuple[float, ...]:
    numbers = (plain_number(entry) for entry in entries)
    return tuple(
        number
        for number in numbers
        if number is not None and (number.is_integer() or not field.whole)
    )


def _texts(row: Row, name: str, field: Field, entries: tuple[str, ...]) -> tuple[str, ...]:
    if not field.choices:
        return entries
    allowed = {text.casefold(): text for text in field.choices}
    if field.key == "newsletter":  # a cell that holds TRUE is read as that text
        for shown, other in zip(field.choices, ("yes", "no"), strict=True):
            allowed |= {text.casefold(): shown for text in words(f"choices.{other}")}
    row.choose(name, entries, allowed)
    return tuple(allowed[entry.casefold()] for entry in entries if entry.casefold() in allowed)
