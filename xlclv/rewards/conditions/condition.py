"""A condition: a field of the customer, a comparison and what it is compared with."""

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from xlclv.codes import Coded
from xlclv.customers.orders import MONEY_DECIMALS
from xlclv.rewards import figures
from xlclv.rewards.conditions.fields import Field
from xlclv.rewards.facts import Labels
from xlclv.terms import Array, BoolArray, FloatArray, TextArray
from xlclv.words import plural_key, word


class Comparison(Coded):
    """How a field is compared: the choices of the terms `test_1` to `test_3`."""

    AT_LEAST = "≥"
    ABOVE = ">"
    AT_MOST = "≤"
    BELOW = "<"
    EQUAL = "="
    OTHER = "≠"
    BETWEEN = "between"
    ONE_OF = "in list"

    @property
    def takes_list(self) -> bool:
        """Say whether it compares with several values, written with ; between them."""
        return self in (Comparison.BETWEEN, Comparison.ONE_OF)

    def holds(self, given: FloatArray, values: FloatArray) -> BoolArray:
        """Say which numbers pass, shape of given; a range has its ends, a list all its values."""
        low, high = values[0], values[-1]
        met: BoolArray
        match self:
            case Comparison.AT_LEAST:
                met = given >= low
            case Comparison.ABOVE:
                met = given > low
            case Comparison.AT_MOST:
                met = given <= low
            case Comparison.BELOW:
                met = given < low
            case Comparison.EQUAL:
                met = given == low
            case Comparison.OTHER:
                met = given != low
            case Comparison.BETWEEN:
                met = (given >= low) & (given <= high)
            case Comparison.ONE_OF:
                met = np.isin(given, values)
            case _:
                assert_never(self)
        return met


OF_NUMBERS = tuple(Comparison)
OF_TEXTS = (Comparison.EQUAL, Comparison.OTHER, Comparison.ONE_OF)
Values = tuple[float, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule; all conditions of a rule must hold.

    Args:
        field: What is asked about.
        test: How.
        values: One value, two (between, ends included) or several (in list); floats, or texts
            for a field that is text.
    """

    field: Field
    test: Comparison
    values: Values

    def holds(self, given: Array) -> BoolArray:
        """Say where the values of the field pass, shape (n,); an unknown one never does."""
        met = self._text_holds(given) if self.field.is_text else self._number_holds(given)
        return met & ~self.field.unknown(given)

    def _text_holds(self, given: TextArray) -> BoolArray:
        among = Labels.of(given).among(str(value) for value in self.values)
        return ~among if self.test is Comparison.OTHER else among

    def _number_holds(self, given: FloatArray) -> BoolArray:
        values = np.array(self.values, dtype=float)
        if self.field.unit == "money":
            values = np.round(values, MONEY_DECIMALS)
        return self.test.holds(given, values)

    def needed(self) -> str:
        """Say what passes, the way a reason ends: "60 or more"."""
        return self._worded("needed")

    def asked(self) -> str:
        """Say what is asked for, the way a sentence does: "at least 2 orders so far"."""
        key = f"rewards.asks.{self.field.key}"
        if len(self.values) == 1 and not self.field.is_text:
            key = plural_key(key, float(self.values[0]))
        return word(key, test=self._worded("test"))

    def _worded(self, kind: str) -> str:
        written = [self.field.written(value) for value in self.values]
        if self.test is Comparison.BETWEEN:
            return word(f"rewards.{kind}.between", low=written[0], high=written[1])
        named = self.field.is_text and self.test is not Comparison.OTHER
        key = "named" if named else self.test.key
        return word(f"rewards.{kind}.{key}", value=figures.listed(written, "or"))


def comparisons(field: Field) -> tuple[Comparison, ...]:
    """Return the comparisons that make sense for a field."""
    return OF_TEXTS if field.is_text else OF_NUMBERS
