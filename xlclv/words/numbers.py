"""Numbers and days as texts show them, by the rule of the language in use.

What a cell holds stays a number: there the spreadsheet program writes it.
"""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from xlclv.words.catalogue import word

if TYPE_CHECKING:  # numpy is not loaded for a text
    import numpy as np
    from numpy.typing import NDArray

Number = Decimal | float | int
MILLIONTH = Decimal("0.000001")


def written(figures: str) -> str:
    """Write a number that stands as 1,234.5 with the marks of the language.

    >>> written("-1,234.50")
    '-1,234.50'
    """
    marks = {",": word("language.thousands"), ".": word("language.decimal")}
    return "".join(marks.get(sign, sign) for sign in figures)


def number(value: Number, decimals: int | None = None, *, sign: bool = False) -> str:
    """Write a number: thousands apart.

    Args:
        value: The number.
        decimals: How many there are; None: as many as it has, at most six.
        sign: A plus stands before what is not negative.

    >>> number(1234.5), number(60.0), number(1234.5, 2), number(3, 0, sign=True)
    ('1,234.5', '60', '1,234.50', '+3')
    """
    plus = "+" if sign else ""
    if decimals is not None:
        return written(f"{value:{plus},.{decimals}f}")
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    text = f"{exact.quantize(MILLIONTH, ROUND_HALF_EVEN):{plus},f}".rstrip("0").rstrip(".")
    return written("0" if text == "-0" else text)


def percent(fraction: float, decimals: int = 0, *, sign: bool = False) -> str:
    """Write a fraction as a percentage.

    >>> percent(0.125), percent(0.125, 1, sign=True)
    ('12%', '+12.5%')
    """
    plus = "+" if sign else ""
    figures = f"{fraction:{plus},.{decimals}%}".removesuffix("%")
    return word("language.percent", number=written(figures))


def day(value: "date | np.datetime64 | NDArray[np.datetime64]") -> str:
    """Write a day, "NaT" where it is not known; an array holds one.

    >>> day(date(2026, 1, 31))
    '2026-01-31'
    """
    text = str(value)[:10]
    if text == "NaT":
        return text
    year, month, of_month = text.split("-")
    return word("language.date", year=year, month=month, day=of_month)
