"""What a term is: an argument of a function or a column of a table, with unit and range."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from xlclv.terms.arrays import LARGEST, Array
from xlclv.words import has, meanings, number, percent, word

Kind = Literal["number", "date", "text", "id", "boolean", "table"]
Unit = Literal[
    "none", "money", "count", "fraction", "days", "periods", "years", "per period", "points"
]


def title(name: str) -> str:
    """Return what sheets call a column or setting; a mere argument keeps its name.

    >>> title("order_date"), title("order_dates")
    ('Order date', 'order_dates')
    """
    key = f"titles.{name}"
    return word(key) if has(key) else name


@dataclass(frozen=True, slots=True)
class Term:
    """What a name stands for, which values it allows and how they look.

    Its texts are in the catalogue: the meaning `terms.NAME`, and the title `titles.NAME` that a
    column or setting has on a sheet.

    Args:
        name: What code calls it; of an argument, what the user types.
        unit: What a number counts.
        kind: What a cell must hold; an `id` is text, and a whole number becomes its digits.
        at_least: Smallest value allowed.
        above: The value must be greater than this.
        at_most: Largest value allowed.
        below: The value must be less than this.
        whole: Only whole numbers are allowed.
        choices: The codes allowed; a cell holds one of them or a word for it in any language,
            matched without regard to case.
        codes: Of a result: codes of ours that may stand among texts of the user.
        endless: Infinity is allowed: "for ever".
        many: Of a function that does not answer row by row, the argument is a column all the
            same: "rows" where it goes row by row with others, "list" where it stands alone.
        long: Of a text: it runs over several lines.
        rounded: Of a number: it is shown with one decimal, whatever its unit.
        width: Characters that its column needs, where they are more than its look says.
    """

    name: str
    unit: Unit = "none"
    kind: Kind = "number"
    at_least: float = -math.inf
    above: float = -math.inf
    at_most: float = math.inf
    below: float = math.inf
    whole: bool = False
    choices: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    endless: bool = False
    many: Literal["no", "rows", "list"] = "no"
    long: bool = False
    rounded: bool = False
    width: float | None = None

    @property
    def meaning(self) -> str:
        """Say in a few words what it means, in the language in use.

        >>> from xlclv.terms import TERMS
        >>> TERMS["retention"].meaning
        '% of customers kept from one period to the next'
        """
        return word(f"terms.{self.name}")

    @property
    def title(self) -> str:
        """Return what a sheet calls it; what stands on no sheet keeps its name.

        >>> from xlclv.terms import TERMS
        >>> TERMS["order_date"].title, TERMS["order_dates"].title
        ('Order date', 'order_dates')
        """
        return title(self.name)

    @property
    def expected(self) -> str:
        """Say which values are allowed, as a message quotes it.

        >>> from xlclv.terms import TERMS
        >>> TERMS["margin"].expected
        'a number from -1 to 1'
        """
        if self.choices:
            return word("expected.choice", choices=", ".join(self.offered))
        if self.kind != "number":
            return word(f"expected.{self.kind}")
        noun = word("expected.whole" if self.whole else "expected.number")
        return " ".join([noun, *self._limits()])

    def _limits(self) -> Iterator[str]:
        low, high = max(self.at_least, self.above), min(self.at_most, self.below)
        if math.isinf(low) and math.isinf(high):
            return
        from_key = "above" if self.above >= self.at_least else "at_least"
        to_key = "below" if self.below <= self.at_most else "at_most"
        if math.isinf(high):
            yield word(f"expected.{from_key}", low=number(low))
        elif math.isinf(low):
            yield word(f"expected.{to_key}", high=number(high))
        else:
            yield word(f"expected.{from_key}_{to_key}", low=number(low), high=number(high))

    @property
    def offered(self) -> tuple[str, ...]:
        """Return the word for each choice in the language in use.

        >>> from xlclv.terms import TERMS
        >>> TERMS["unit"].offered
        ('years', 'months', 'days')
        """
        return tuple(map(self.said, self.choices))

    def said(self, code: str) -> str:
        """Return the word for a code; a text that is none stays as it is."""
        if code not in self.choices and code not in self.codes:
            return code
        key = slug(code)
        keys = (f"choice.{self.name}.{key}", f"choice.result.{key}")
        return next((word(each) for each in keys if has(each)), code)

    def all_said(self, values: Array) -> Array:
        """Return a column with the word for each code in it, shape of `values`."""
        if values.dtype != object or not (self.choices or self.codes):
            return values
        words = {code: self.said(code) for code in (*self.choices, *self.codes)}
        said = [words.get(cell, cell) if isinstance(cell, str) else cell for cell in values.flat]
        result = np.empty(values.size, dtype=object)
        result[:] = said
        return result.reshape(values.shape)

    def code(self, text: str) -> str | None:
        """Return the choice that a cell means by its code or its word in any language.

        >>> from xlclv.terms import TERMS
        >>> TERMS["measure"].code("net SPEND"), TERMS["measure"].code("luck")
        ('Net spend', None)
        """
        wanted = text.strip().casefold()
        known = {code.casefold(): code for code in self.choices}
        if wanted in known:
            return known[wanted]
        for code in self.choices:
            key = f"choice.{self.name}.{slug(code)}"
            if has(key) and wanted in meanings(key):
                return code
        return None

    def refuses(self, values: Any) -> Any:  # noqa: ANN401 - a float gives a bool, an array an array
        """Say which numbers are outside the range, shape of `values`.

        Plain operators only: one number costs no array.

        >>> from xlclv.terms import TERMS
        >>> TERMS["margin"].refuses(40.0), TERMS["margin"].refuses(np.array([0.4, 40.0]))
        (True, array([False,  True]))
        """
        outside = (values < self.at_least) | (values <= self.above)
        outside |= (values > self.at_most) | (values >= self.below) | (values != values)  # noqa: PLR0124 - NaN
        outside |= abs(values) > LARGEST
        if self.whole:
            outside |= np.floor(values) != values
        if self.endless:
            outside &= values != math.inf
        return outside

    def hint(self, value: object) -> str:
        """Guess what a user meant who typed 40 for 40 %; an empty text where there is no guess.

        >>> from xlclv.terms import TERMS
        >>> TERMS["margin"].hint(40.0)
        ' Did you mean 40%?'
        """
        if self.unit != "fraction" or not isinstance(value, float | int):
            return ""
        meant = self.refuses(np.atleast_1d(np.float64(value))).all() and 1 < abs(value) <= 100  # noqa: PLR2004
        if meant and not self.refuses(np.atleast_1d(np.float64(value / 100))).any():
            meant_as = percent(value / 100, 1 if value % 1 else 0)
            return word("expected.percent_hint", percent=meant_as)
        return ""


def slug(code: str) -> str:
    """Return what the catalogue calls a code."""
    return "_".join(re.findall(r"[a-z0-9]+", code.casefold()))


def money(name: str, **limits: float) -> Term:
    """Return a term for an amount of money."""
    return Term(name, unit="money", **limits)  # type: ignore[arg-type]


def column(
    name: str, kind: Kind = "number", unit: Unit = "none", at_least: float = -math.inf
) -> Term:
    """Return a term for an argument that is a column, read row by row with others."""
    return Term(name, kind=kind, unit=unit, at_least=at_least, many="rows")


def text(name: str, *choices: str, width: float | None = None) -> Term:
    """Return a term for a short text, or for one of a few."""
    return Term(name, kind="text", choices=choices, width=width)


def long_text(name: str, width: float | None = None) -> Term:
    """Return a term for a text of several lines."""
    return Term(name, kind="text", long=True, width=width)


def date(name: str) -> Term:
    """Return a term for a day."""
    return Term(name, kind="date")


def share(name: str, at_least: float = 0, at_most: float = 1) -> Term:
    """Return a term for a fraction of a whole."""
    return Term(name, unit="fraction", at_least=at_least, at_most=at_most)


def count(name: str, unit: Unit = "count", at_least: float = 0) -> Term:
    """Return a term for a whole number of things."""
    return Term(name, unit=unit, at_least=at_least, whole=True)


def rounded(name: str, unit: Unit) -> Term:
    """Return a term for a number that is shown with one decimal."""
    return Term(name, unit=unit, rounded=True)
