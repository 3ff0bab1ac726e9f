"""What is known about each customer on the day of the decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlclv.customers.dates import complete_units
from xlclv.terms import BoolArray, DateArray, FloatArray, TextArray

Rows = NDArray[np.intp]

_TEXTS = ("tier", "segment", "channel", "status", "tags")
_NUMBERS = (
    *("clv", "net_clv", "orders_life", "orders_12m", "spend_life", "spend_12m", "avg_order"),
    *("p_alive", "nps_score", "points", "referrals", "plan_usage"),
)
_DAYS = ("first_order", "last_order", "birth_date")


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A column of texts as codes: a list is compared once per distinct text, not per customer.

    Args:
        codes: Position in `parts` of each customer's text, shape (n,).
        parts: What a list may name of each distinct text, in small letters.
    """

    codes: Rows
    parts: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, texts: TextArray, separator: str | None = None) -> Self:
        """Collect the distinct texts; with a separator each holds several labels."""
        known: dict[str, int] = {}
        codes = np.fromiter((known.setdefault(text, len(known)) for text in texts), np.intp)
        pieces = (text.split(separator) if separator else [text] for text in known)
        parts = tuple(frozenset(clean(piece) for piece in piece_list) for piece_list in pieces)
        return cls(codes, parts)

    def among(self, entries: Iterable[str]) -> BoolArray:
        """Say which customers bear one of the labels, shape (n,)."""
        wanted = {clean(entry) for entry in entries}
        hits = np.array([not wanted.isdisjoint(part) for part in self.parts], dtype=bool)
        return hits[self.codes]

    def all(self) -> frozenset[str]:
        """Return every label that occurs, in small letters."""
        return frozenset().union(*self.parts)


def clean(label: str) -> str:
    """Reduce a label to what counts in a comparison."""
    return label.strip().casefold()


@dataclass(frozen=True, eq=False)
class Facts:
    """One row per customer; every column has shape (n,).

    Args:
        customer_id: Text, each once.
        tier: Text, "" if none.
        segment: Text, "" if none.
        channel: Text, "" if unknown.
        status: Active, At risk, Passive or Lost; "" if unknown.
        tags: Text, separated by ;.
        clv: Money, NaN unknown.
        net_clv: Money, NaN unknown.
        orders_life: Count, NaN unknown.
        orders_12m: Count in the 12 months up to the day, NaN unknown.
        spend_life: Money, NaN unknown.
        spend_12m: Money in the 12 months up to the day, NaN unknown.
        avg_order: Money per order, NaN unknown.
        p_alive: Chance that the customer still buys, 0 to 1, NaN unknown.
        nps_score: Latest answer, 0 to 10, NaN unknown.
        points: Points available, NaN unknown.
        referrals: Customers this one has referred, NaN unknown.
        plan_usage: Used part of the plan, 0.8 is 80 %, NaN unknown.
        first_order: Day, NaT unknown.
        last_order: Day, NaT unknown.
        birth_date: Day, NaT unknown.
        newsletter: True, False, or None if unknown.
        opt_in: False where a customer may not be contacted; True if unknown.
    """

    customer_id: TextArray
    tier: TextArray
    segment: TextArray
    channel: TextArray
    status: TextArray
    tags: TextArray
    clv: FloatArray
    net_clv: FloatArray
    orders_life: FloatArray
    orders_12m: FloatArray
    spend_life: FloatArray
    spend_12m: FloatArray
    avg_order: FloatArray
    p_alive: FloatArray
    nps_score: FloatArray
    points: FloatArray
    referrals: FloatArray
    plan_usage: FloatArray
    first_order: DateArray
    last_order: DateArray
    birth_date: DateArray
    newsletter: TextArray
    opt_in: BoolArray

    @classmethod
    def of(cls, customer_id: Sequence[str] | TextArray, **known: ArrayLike) -> Self:
        """Return facts in which every column that is not given is unknown.

        >>> Facts.of(["C1", "C2"], clv=[300, 120]).orders_life
        array([nan, nan])
        """
        size = len(customer_id)
        columns: dict[str, Any] = {
            **{name: np.full(size, "", dtype=object) for name in _TEXTS},
            **{name: np.full(size, np.nan) for name in _NUMBERS},
            **{name: np.full(size, "NaT", dtype="datetime64[D]") for name in _DAYS},
            "newsletter": np.full(size, None, dtype=object),
            "opt_in": np.ones(size, dtype=bool),
        }
        for name, given in known.items():
            columns[name] = np.asarray(given, dtype=columns[name].dtype)
        return cls(customer_id=np.asarray(customer_id, dtype=object), **columns)

    @property
    def size(self) -> int:
        """Return the number of customers."""
        return int(self.customer_id.size)

    def days_since(self, as_of: np.datetime64) -> FloatArray:
        """Return the days since the last order, NaN where it is unknown."""
        return complete_units(self.last_order, np.asarray(as_of, "datetime64[D]"), "days")

    def tenure_years(self, as_of: np.datetime64) -> FloatArray:
        """Return the complete years since the first order, NaN where it is unknown."""
        return complete_units(self.first_order, np.asarray(as_of, "datetime64[D]"), "years")

    @cached_property
    def tier_labels(self) -> Labels:
        """Return the tiers as labels."""
        return Labels.of(self.tier)

    @cached_property
    def segment_labels(self) -> Labels:
        """Return the segments as labels."""
        return Labels.of(self.segment)

    @cached_property
    def tag_labels(self) -> Labels:
        """Return the tags as labels, several to a customer."""
        return Labels.of(self.tags, ";")

    @cached_property
    def id_labels(self) -> Labels:
        """Return the customer ids as labels."""
        return Labels.of(self.customer_id)

    @cached_property
    def id_rank(self) -> Rows:
        """Return the place of each customer in the order of the ids, shape (n,)."""
        rank = np.empty(self.size, dtype=np.intp)
        rank[np.argsort(self.customer_id, kind="stable")] = np.arange(self.size)
        return rank

    def labels(self) -> frozenset[str]:
        """Return every segment, tag and id, in small letters: what a rule may name."""
        return self.segment_labels.all() | self.tag_labels.all() | self.id_labels.all()
