"""The fields a condition may name, and how each is taken from what is known of the customers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import ONE_DAY, next_birthday
from xlclv.customers.status import STATUSES
from xlclv.rewards import figures
from xlclv.rewards.facts import Facts
from xlclv.terms import Array, BoolArray, FloatArray, TextArray, Unit
from xlclv.words import word, words

NUMBER_TESTS = ("≥", ">", "≤", "<", "=", "≠", "between", "in list")
TEXT_TESTS = ("=", "≠", "in list")
CENTS = 2  # decimals
PERCENT, DIGITS = 100, 6


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a condition can ask about a customer.

    Args:
        key: Its name in code and catalogue.
        take: Column of it, shape (n,): floats with NaN, or texts with "" where unknown.
        unit: What a number counts.
        whole: Only whole numbers make sense to compare with.
        is_text: It is compared as text.
        choices: The texts it can be, if they are fixed.
    """

    key: str
    take: Callable[[Facts, np.datetime64], Array]
    unit: Unit = "none"
    whole: bool = False
    is_text: bool = False
    choices: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return the name a rule uses.

        >>> FIELDS["orders_12m"].title
        'Orders 12m'
        """
        return word(f"rewards.field.{self.key}")

    @property
    def tests(self) -> tuple[str, ...]:
        """Return the tests that make sense for it."""
        return TEXT_TESTS if self.is_text else NUMBER_TESTS

    def values(self, facts: Facts, as_of: np.datetime64) -> Array:
        """Return the column that is compared; money to the cent, as the sheets show it."""
        values = self.take(facts, as_of)
        return np.round(values, CENTS) if self.unit == "money" else values

    def unknown(self, values: Array) -> BoolArray:
        """Say where the value is not known, shape (n,)."""
        missing: BoolArray = values == "" if self.is_text else np.isnan(values)
        return missing

    def written(self, value: float | str) -> str:
        """Write a value the way a reason or sentence does."""
        if isinstance(value, str):
            return value
        return figures.money(value) if self.unit == "money" else figures.number(value)


def _days_to_birthday(facts: Facts, as_of: np.datetime64) -> FloatArray:
    days: FloatArray = (next_birthday(facts.birth_date, np.asarray(as_of)) - as_of) / ONE_DAY
    return days


def _yes_or_no(facts: Facts, _as_of: np.datetime64) -> TextArray:
    yes, no = words("choices.yes")[0], words("choices.no")[0]
    texts = np.full(facts.size, "", dtype=object)
    texts[facts.newsletter == True] = yes  # noqa: E712 - compares element by element
    texts[facts.newsletter == False] = no  # noqa: E712
    return texts


def _percent_used(facts: Facts, _as_of: np.datetime64) -> FloatArray:
    """Return percent, as the field is named; rounded, for 0.29 * 100 is not 29 in floats."""
    return np.round(facts.plan_usage * PERCENT, DIGITS)


def _fields() -> tuple[Field, ...]:
    yes_no = (words("choices.yes")[0], words("choices.no")[0])
    return (
        Field("tenure_years", Facts.tenure_years, "years", whole=True),
        Field("days_since", Facts.days_since, "days", whole=True),
        Field("orders_12m", lambda facts, _: facts.orders_12m, "count", whole=True),
        Field("orders_life", lambda facts, _: facts.orders_life, "count", whole=True),
        Field("spend_12m", lambda facts, _: facts.spend_12m, "money"),
        Field("spend_life", lambda facts, _: facts.spend_life, "money"),
        Field("avg_order", lambda facts, _: facts.avg_order, "money"),
        Field("clv", lambda facts, _: facts.clv, "money"),
        Field("net_clv", lambda facts, _: facts.net_clv, "money"),
        Field("p_alive", lambda facts, _: facts.p_alive, "fraction"),
        Field("status", lambda facts, _: facts.status, is_text=True, choices=STATUSES),
        Field("nps_score", lambda facts, _: facts.nps_score),
        Field("points", lambda facts, _: facts.points, "points"),
        Field("referrals", lambda facts, _: facts.referrals, "count", whole=True),
        Field("newsletter", _yes_or_no, is_text=True, choices=yes_no),
        Field("plan_usage", _percent_used),
        Field("channel", lambda facts, _: facts.channel, is_text=True),
        Field("birthday_in", _days_to_birthday, "days", whole=True),
    )


FIELDS = {field.key: field for field in _fields()}


def find_field(name: str) -> Field | None:
    """Return the field of that name, small and capital letters and spaces apart.

    >>> find_field("orders12M").key
    'orders_12m'
    """
    return next((field for field in FIELDS.values() if _plain(field.title) == _plain(name)), None)


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
