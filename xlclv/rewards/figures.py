"""Numbers, days and lists the way a sentence writes them."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from xlclv.words import counted, day, number, word, written

__all__ = [
    "CENT",
    "cents",
    "counted",
    "day",
    "exact",
    "listed",
    "money",
    "number",
    "percent",
]
CENT = Decimal("0.01")


def exact(value: float) -> Decimal:
    """Return the decimal number a cell shows: 0.1 is a tenth, not its nearest binary fraction."""
    return Decimal(repr(float(value)))


def cents(value: Decimal) -> Decimal:
    """Round money to the cent, half a cent up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def money(value: Decimal | float) -> str:
    """Write money: thousands apart, cents only where there are any.

    >>> money(2000.0), money(12.5), money(-0.001)
    ('2,000', '12.50', '0')
    """
    amount = cents(value if isinstance(value, Decimal) else exact(value))
    whole = amount == amount.to_integral_value()
    return written(f"{int(amount):,}" if whole else f"{amount:,.2f}")


def percent(fraction: Decimal) -> str:
    """Write a fraction as a percentage.

    >>> percent(Decimal("0.125"))
    '12.5%'
    """
    return word("rewards.figure.percent", number=number(fraction * 100))


def listed(items: Sequence[str], link: str) -> str:
    """Write a list: "a, b and c"; `link` is "and" or "or".

    >>> listed(["Silver", "Gold"], "and"), listed(["a", "b", "c"], "or")
    ('Silver and Gold', 'a, b or c')
    """
    if len(items) < 2:  # noqa: PLR2004 - a list of one needs no link
        return "".join(items)
    return word(f"rewards.figure.{link}", items=", ".join(items[:-1]), last=items[-1])
