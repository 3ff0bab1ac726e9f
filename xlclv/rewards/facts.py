"""What is known about each customer on the day of the decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlclv.customers.dates import complete_units
from xlclv.terms import Array, BoolArray, DateArray, FloatArray, TextArray

Rows = NDArray[np.intp]


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


_TEXTS = ("tier", "segment", "tags", "status")
_DAYS = ("first_order", "last_order", "birth_date", "joined")


@dataclass(frozen=True, eq=False)
class Facts:
    """One row per customer; every column has shape (n,).

    Args:
        customer_id: Text, each once.
        tier: Text, "" if none.
        segment: Text, "" if none.
        tags: Text, separated by ;.
        status: Active, At risk, Passive or Lost; "" if unknown.
        first_order: Day, NaT unknown.
        last_order: Day, NaT unknown.
        birth_date: Day, NaT unknown.
        joined: Day, NaT unknown; counts where it is earlier than the first order.
        opt_in: False where a customer is no member; True if unknown.
        asked: What else conditions may ask about, by the key of the field; floats with NaN, or
            texts with "" where unknown. What is not in it is not known of anybody.
    """

    customer_id: TextArray
    tier: TextArray
    segment: TextArray
    tags: TextArray
    status: TextArray
    first_order: DateArray
    last_order: DateArray
    birth_date: DateArray
    joined: DateArray
    opt_in: BoolArray
    asked: Mapping[str, Array] = field(default_factory=dict)

    @classmethod
    def of(cls, customer_id: Sequence[str] | TextArray, **known: ArrayLike) -> Self:
        """Return facts in which every column that is not given is unknown.

        >>> Facts.of(["C1", "C2"], clv=[300, 120]).number("orders_life")
        array([nan, nan])
        """
        size = len(customer_id)
        columns: dict[str, Any] = {
            **{name: np.full(size, "", dtype=object) for name in _TEXTS},
            **{name: np.full(size, "NaT", dtype="datetime64[D]") for name in _DAYS},
            "opt_in": np.ones(size, dtype=bool),
        }
        asked: dict[str, Array] = {}
        for name, given in known.items():
            if name in columns:
                columns[name] = np.asarray(given, dtype=columns[name].dtype)
            else:
                column = np.asarray(given)
                asked[name] = column.astype(object if column.dtype.kind in "OU" else float)
        return cls(customer_id=np.asarray(customer_id, dtype=object), asked=asked, **columns)

    def number(self, key: str) -> FloatArray:
        """Return the numbers of a field, NaN where they are not known, shape (n,)."""
        found = self.asked.get(key)
        return np.full(self.size, np.nan) if found is None else found

    def text(self, key: str) -> TextArray:
        """Return the texts of a field, "" where they are not known, shape (n,)."""
        found = self.asked.get(key)
        return np.full(self.size, "", dtype=object) if found is None else found

    @property
    def size(self) -> int:
        """Return the number of customers."""
        return int(self.customer_id.size)

    def days_since(self, as_of: np.datetime64) -> FloatArray:
        """Return the days since the last order, NaN where it is unknown."""
        return complete_units(self.last_order, np.asarray(as_of, "datetime64[D]"), "days")

    @property
    def customer_since(self) -> DateArray:
        """Return the first order, or the day joined where that is earlier, shape (n,)."""
        return np.fmin(self.first_order, self.joined)

    def tenure_years(self, as_of: np.datetime64) -> FloatArray:
        """Return the complete years as a customer, NaN where they are unknown."""
        return complete_units(self.customer_since, np.asarray(as_of, "datetime64[D]"), "years")

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
