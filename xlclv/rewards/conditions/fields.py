"""The fields a condition may name, and how each is taken from what is known of the customers.

A field is one line here and its texts; what the book lacks is unknown, and a condition on it
never holds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xlclv.customers.dates import ONE_DAY, next_birthday
from xlclv.customers.orders import MONEY_DECIMALS
from xlclv.customers.status import STATUSES
from xlclv.customers.windows import ROLLING
from xlclv.rewards import figures
from xlclv.rewards.facts import Facts
from xlclv.rewards.known import Known
from xlclv.rewards.sources import REFERRALS, TABLES
from xlclv.terms import TERMS, Array, BoolArray, FloatArray, TextArray, Unit
from xlclv.words import every, meanings, word, yes_no

PERCENT, DIGITS = 100, 6
YES, NO = "Yes", "No"  # codes


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a condition can ask about a customer.

    Args:
        key: Its name in code and catalogue.
        unit: What a number counts.
        known: Column of it, shape (n,): floats with NaN, or texts with "" where unknown; None
            where the book does not hold it. Left out: it is told with the facts.
        derived: The same, from other facts on a day.
        whole: Only whole numbers make sense to compare with.
        is_text: It is compared as text.
        choices: The codes it can be, if they are fixed.
        source: What a book must have for it, where not every book has; a rule waits for it.
        lacking: The text that names this source to the user.
    """

    key: str
    unit: Unit = "none"
    known: Callable[[Known], Array | None] | None = None
    derived: Callable[[Facts, np.datetime64], Array] | None = None
    whole: bool = False
    is_text: bool = False
    choices: tuple[str, ...] = ()
    source: str = ""
    lacking: str = ""

    @property
    def title(self) -> str:
        """Return the name a rule uses.

        >>> FIELDS["orders_12m"].title
        'Orders 12m'
        """
        return word(f"rewards.field.{self.key}")

    def take(self, facts: Facts, as_of: np.datetime64) -> Array:
        """Return the column of it, shape (n,)."""
        if self.derived is not None:
            return self.derived(facts, as_of)
        return facts.text(self.key) if self.is_text else facts.number(self.key)

    def values(self, facts: Facts, as_of: np.datetime64) -> Array:
        """Return the column that is compared; money to the cent, as the sheets show it."""
        values = self.take(facts, as_of)
        return np.round(values, MONEY_DECIMALS) if self.unit == "money" else values

    def unknown(self, values: Array) -> BoolArray:
        """Say where the value is not known, shape (n,)."""
        missing: BoolArray = values == "" if self.is_text else np.isnan(values)
        return missing

    def said(self, code: str) -> str:
        """Return the word for one of its codes; a text that is none stays as it is."""
        if code in (YES, NO) and code in self.choices:
            return yes_no(answer=code == YES)
        return TERMS["status"].said(code) if code in self.choices else code

    def code(self, text: str) -> str | None:
        """Return the code that a cell means, by any word for it in any language."""
        if YES in self.choices:
            wanted = text.strip().casefold()
            named = {YES: meanings("choices.yes"), NO: meanings("choices.no")}
            return next((code for code, texts in named.items() if wanted in texts), None)
        return TERMS["status"].code(text)

    def written(self, value: float | str) -> str:
        """Write a value the way a reason or sentence does."""
        if isinstance(value, str):
            return self.said(value)
        return figures.money(value) if self.unit == "money" else figures.number(value)


def _days_to_birthday(facts: Facts, as_of: np.datetime64) -> FloatArray:
    days: FloatArray = (next_birthday(facts.birth_date, np.asarray(as_of)) - as_of) / ONE_DAY
    return days


def _newsletter(known: Known) -> TextArray | None:
    consent = known.everybody.consent
    if not consent.asked:
        return None
    asked = np.where(consent.agreed, YES, NO).astype(object)
    asked[~consent.answered] = ""
    return asked


def _percent_used(known: Known) -> FloatArray:
    """Return percent, as the field is named; rounded, for 0.29 * 100 is not 29 in floats."""
    return np.round(known.everybody.fact("plan_usage") * PERCENT, DIGITS)


def _orders_12m(known: Known) -> FloatArray | None:
    return None if known.everybody.log is None else known.everybody.order_count(ROLLING)


def _spend_12m(known: Known) -> FloatArray | None:
    return None if known.everybody.log is None else known.everybody.spend(ROLLING)


def _fields() -> tuple[Field, ...]:
    return (
        Field("tenure_years", "years", derived=Facts.tenure_years, whole=True),
        Field("days_since", "days", derived=Facts.days_since, whole=True),
        Field("orders_12m", "count", _orders_12m, whole=True),
        Field("orders_life", "count", lambda known: known.everybody.orders, whole=True),
        Field("spend_12m", "money", _spend_12m),
        Field("spend_life", "money", lambda known: known.everybody.revenue),
        Field("avg_order", "money", lambda known: known.everybody.avg_value),
        Field("clv", "money", lambda known: known.everybody.clv),
        Field("net_clv", "money", lambda known: known.everybody.clv - known.spent),
        Field("p_alive", "fraction", source="p_alive", lacking="forecast"),
        Field(
            "predicted",
            "money",
            lambda known: known.everybody.predicted,
            source="predicted",
            lacking="forecast",
        ),
        Field("status", derived=lambda facts, _: facts.status, is_text=True, choices=STATUSES),
        Field("nps_score", known=lambda known: known.nps, source="nps_score", lacking="nps_score"),
        Field("points", "points", lambda known: known.balances.available.astype(float)),
        Field(
            "referrals",
            "count",
            lambda known: known.friends,
            whole=True,
            source=REFERRALS,
            lacking="referrals_made",
        ),
        Field("newsletter", known=_newsletter, is_text=True, choices=(YES, NO)),
        Field("plan_usage", known=_percent_used, source="plan_usage", lacking="plan_usage"),
        Field("channel", known=lambda known: known.everybody.fact("acq_channel"), is_text=True),
        Field("birthday_in", "days", derived=_days_to_birthday, whole=True),
    )


FIELDS = {field.key: field for field in _fields()}
# The sources that are fields: a book has them once they are known of anybody.
SCARCE = tuple(field.source for field in FIELDS.values() if field.source not in ("", *TABLES))


def find_field(text: str) -> Field | None:
    """Return the field that a cell names by its key or title; capitals and spaces do not count.

    >>> find_field("orders12M").key, find_field("orders_12m").key
    ('orders_12m', 'orders_12m')
    """
    asked = _plain(text)
    return next((one for one in FIELDS.values() if asked in _names(one)), None)


def _names(field: Field) -> set[str]:
    """Return its key and its titles in every language, as they are compared."""
    return {_plain(name) for name in (field.key, *every(f"rewards.field.{field.key}"))}


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def facts_of(known: Known, tier: TextArray, p_alive: FloatArray | None = None) -> Facts:
    """Return what rules may ask about each customer.

    Args:
        known: The customers.
        tier: Name of each one's tier, "" if none, shape (n,).
        p_alive: Chance that each still buys, where there is a forecast, shape (n,).
    """
    people = known.everybody
    told = {} if p_alive is None else {"p_alive": p_alive}
    found = {field.key: field.known(known) for field in FIELDS.values() if field.known is not None}
    told |= {key: column for key, column in found.items() if column is not None}
    statuses = np.isin(people.status.astype(str), STATUSES)
    return Facts.of(
        people.ids,
        tier=tier,
        segment=people.fact("segment"),
        tags=people.fact("tags"),
        status=np.where(statuses, people.status, ""),
        first_order=people.first,
        last_order=people.last,
        birth_date=people.fact("birth_date"),
        joined=people.joined,
        opt_in=people.consent.member,
        **told,
    )
