"""Which rows count, with which sign and in which currency."""

import numpy as np
import pandas as pd

from xlclv.headers import unit_of
from xlclv.reading.meaning.cells import Labels
from xlclv.reading.meaning.money.columns import Groups
from xlclv.reading.meaning.money.sums import Amounts, Sums
from xlclv.reading.meaning.people import Owners
from xlclv.reading.meaning.rows import Records, Runs
from xlclv.reading.meaning.status import IGNORE, NOT_YET, REFUNDED, Statuses
from xlclv.reading.textnumbers import currency_of
from xlclv.terms import Array, BoolArray, DateArray, FloatArray


def with_signs(sums: Sums, money: Amounts, said: Statuses) -> FloatArray:
    """Return net amounts, negative where the row is a refund by its type, mark or quantity."""
    net = money.net
    back = said.refund | pieces_back(sums)
    return np.where(back, -np.abs(net), net)


def pieces_back(sums: Sums) -> BoolArray:
    """Say which rows have a negative quantity, shape (n,)."""
    qty = sums.first("qty")
    if qty is None:
        return np.zeros(sums.cells.rows, bool)
    back: BoolArray = np.nan_to_num(qty.raw) < 0
    return back


def reasons(
    said: Statuses,
    groups: Groups,
    net: FloatArray,
    repeated: BoolArray,
    pieces_back: BoolArray,
) -> tuple[Array, BoolArray]:
    """Say why rows do not count by what is said of them; and which still do."""
    reason = np.full(net.size, "", dtype=object)
    bought = net >= 0
    live = groups.live
    # A negative row with a word of cancelling is itself the document that cancels.
    for use, name in ((IGNORE, "ignored"), (NOT_YET, "not_yet"), (REFUNDED, "refunded")):
        reason[(said.use == use) & (bought | (use == NOT_YET))] = name
    reason[said.transfer] = "transfer"
    reason[pieces_back & (net == 0)] = "refunded"  # goods that came back without money are no order
    reason[said.test] = "test"
    reason[repeated] = "repeated"
    # What was given back of an order that does not count is no refund of anything that counts.
    gone = groups.any(live & bought & np.isin(reason, ("ignored", "refunded", "test", "not_yet")))
    stays = groups.any(live & bought & (reason == ""))
    alone = live & ~bought & (reason == "") & (gone & ~stays)[groups.codes]
    reason[alone] = "ignored"
    return reason, live & (reason == "")


def later_reasons(
    reason: Array,
    rows: Records,
    day: DateArray,
    bad_amount: BoolArray,
    said: Statuses,
    owner: Owners,
) -> Array:
    """Add to the reasons those that hold only for rows that would count otherwise."""
    counted = rows.used & (reason == "")
    for mask, name in (
        (np.isnat(day) | bad_amount, "unreadable"),
        (said.gift_card, "gift_card"),
        (owner.codes < 0, "nobody"),
    ):
        reason = np.where(counted & mask & (reason == ""), name, reason)
    return reason


def currencies(sums: Sums, money: Amounts, run: Runs) -> Labels:
    """Return the currency of each row: of a column, else of the cells, else of the header."""
    cells, roles = sums.cells, sums.roles
    at = roles.first("currency_code")
    if at is not None:
        labels = run.filled(cells.labels(at)).renamed(_code)
        if labels.names:
            return labels
    base = money.columns[0]
    named = cells.numbers(base).currency
    if named is not None:
        codes, names = pd.factorize(named)
        return run.filled(Labels.of(codes.astype(np.int64), list(names)))
    unit = currency_of(unit_of(str(cells.raw.headers[base])))
    whole = unit if _is_currency(unit) else ""
    return Labels.of(np.zeros(cells.rows, np.int64), [whole])


def _code(name: str) -> str:
    return currency_of(name) if len(name) <= 3 else name.upper()  # noqa: PLR2004 - a code


def _is_currency(unit: str) -> bool:
    from xlclv.reading.textnumbers import CURRENCY  # noqa: PLC0415

    return CURRENCY.fullmatch(unit) is not None
