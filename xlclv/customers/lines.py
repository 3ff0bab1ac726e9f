"""Which rows of an order table count. What is left out is reported, never dropped in silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from xlclv.customers.log import NO_KEY, OrderLog, order_log, repeated
from xlclv.errors import NotEnoughData
from xlclv.tables import Table
from xlclv.terms import BoolArray, FloatArray, IntArray, TextArray
from xlclv.words import day

# "ignored", "not_yet", "refunded", "transfer", "test", "gift_card", "nobody" are those of a
# reading, which may come to have others.
Reason = str
# Columns a row cannot do without; a fault elsewhere is reported but the row counts.
NEEDED: Final = ("order_id", "customer_id", "order_date", "amount_net", "is_refund", "ref_order")


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of an order table that count, and those that do not.

    Args:
        table: The table.
        counts: Which rows count, shape (n,).
        left_out: Which rows do not, by reason, each of shape (n,).
        currency: The currency counted where the table names several, else "".
        as_of: The day up to which rows count.
    """

    table: Table
    counts: BoolArray
    left_out: Mapping[Reason, BoolArray]
    currency: str
    as_of: np.datetime64

    def log(self) -> OrderLog:
        """Return the log of the rows that count."""
        table, counts = self.table, self.counts
        return order_log(
            table.values("customer_id")[counts],
            table.values("order_date")[counts],
            signed_amounts(table)[counts],
            self.as_of,
            self.keys(),
        )

    def keys(self) -> IntArray | None:
        """Return a number of the order of each row that counts; None without order ids.

        NO_KEY stands where a row has no order id.
        """
        table = self.table
        if not table.has("order_id"):
            return None
        ids = order_ids(table)[self.counts]
        if "order_key" in table.columns:
            codes = table.values("order_key")[self.counts].astype(np.int64)
        else:
            owner = pd.factorize(table.values("customer_id")[self.counts])[0].astype(np.int64)
            number = pd.factorize(ids)[0].astype(np.int64)
            codes = number * (int(owner.max(initial=0)) + 1) + owner
        return np.where(ids != "", codes, NO_KEY)


def read_lines(table: Table, as_of: np.datetime64 | None = None) -> Lines:
    """Decide which rows count.

    - A row that the reading of the table has left out does not: of an order that was cancelled,
      refunded in full or not yet paid, of a test, a transfer, a gift card, of nobody.
    - A row with an unreadable id, day or amount does not.
    - A row that repeats another in every column does not, if the table has order ids; without
      them two equal rows may well be two purchases.
    - Of several currencies the most frequent counts: sums over two make no sense.
    - A row after `as_of` does not. Without `as_of` the last day in the table is taken.

    Raises:
        NotEnoughData: No row is left.
    """
    left_out: dict[Reason, BoolArray] = {}
    counts = np.ones(table.rows, bool)
    if "left_out" in table.columns:
        codes, names = pd.factorize(table.columns["left_out"].values)
        left_out = {name: codes == number for number, name in enumerate(names) if name}
        counts = table.columns["left_out"].blank.copy()
        left_out.setdefault("unreadable", np.zeros(table.rows, bool))
        if table.has("order_id"):
            left_out.setdefault("repeated", np.zeros(table.rows, bool))
    else:
        left_out["unreadable"] = table.bad_rows(NEEDED)
        counts = ~left_out["unreadable"]
        if table.has("order_id"):
            left_out["repeated"] = counts & _repeated(table)
            counts &= ~left_out["repeated"]
    currency = _main_currency(table, counts)
    if currency:
        other = (table.values("currency_code") != currency) & ~table.blank("currency_code")
        left_out["other_currency"] = counts & other
        counts &= ~left_out["other_currency"]
    days = table.values("order_date")
    if not counts.any():
        raise NotEnoughData("no_rows_count")
    last = days[counts].max() if as_of is None else as_of
    left_out["future"] = counts & (days > last)
    counts &= ~left_out["future"]
    if not counts.any():
        raise NotEnoughData("no_orders", as_of=day(last))
    return Lines(table, counts, left_out, currency, last)


def _repeated(table: Table) -> BoolArray:
    return repeated([np.asarray(column, dtype=object)[table.used] for column in table.raw.columns])


def _main_currency(table: Table, counts: BoolArray) -> str:
    """Return the currency of most rows; a row without one belongs to it."""
    if not table.has("currency_code"):
        return ""
    codes, names = pd.factorize(table.values("currency_code"))
    named = codes[counts & ~table.blank("currency_code")]
    sizes = np.bincount(named, minlength=len(names))
    if (sizes > 0).sum() <= 1:
        return ""
    most = np.flatnonzero(sizes == sizes.max())
    return min(str(names[at]) for at in most)


def signed_amounts(table: Table) -> FloatArray:
    """Return net amounts; a row marked as a refund counts as negative, shape (n,)."""
    amounts: FloatArray = table.values("amount_net")
    refund = table.values("is_refund", default=False)
    return np.where(refund, -np.abs(amounts), amounts)


def order_ids(table: Table) -> TextArray:
    """Return the order of each row; a refund belongs to the order it names, shape (n,)."""
    ids: TextArray = table.values("order_id")
    if not table.has("ref_order"):
        return ids
    original = table.values("ref_order")
    return np.where(original == "", ids, original)
