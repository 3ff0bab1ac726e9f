"""Which column is the amount of a row."""

import numpy as np

from xlclv.errors import NotEnoughData
from xlclv.reading.meaning.money.columns import Money, Scope, placed
from xlclv.reading.meaning.money.identities import (
    agree,
    close,
    solve,
)
from xlclv.reading.meaning.money.scopes import either_way, whose
from xlclv.reading.meaning.money.sums import (
    COVERED,
    GOODS,
    PRICES,
    TOTALS,
    Sums,
    beside_goods,
    header_of,
)
from xlclv.reading.meaning.money.units import Evidence, evidence, matters
from xlclv.reading.meaning.roles import BASES
from xlclv.reading.meaning.rules import money
from xlclv.reading.question import Question


def base_of(sums: Sums) -> tuple[Money, Money | None, bool]:
    """Return the column that is the amount, and price × quantity where there is such."""
    at = sums.roles.chosen(*BASES)
    if at is not None:
        return _chosen_base(sums, sums.columns[at])
    v = price_times_quantity(sums)
    for name in GOODS:
        column = sums.first(name)
        if column is None or not _covers(sums, column) or _is_payout(sums, column):
            continue
        if name == "amount":
            column, v = _amount_or_price(sums, column, v)
        column = whose(sums, column, v)
        total = _wins(sums, column) if name in ("line_total", "amount") else None
        return (column if total is None else total), v, False
    total = sums.first(*TOTALS)
    if total is not None and _covers(sums, total):
        total = whose(sums, total, v)
        if v is None or not _lines_explain(sums, total, v):
            return total, v, False
    if v is not None:
        return v, v, False
    column = sums.first(*PRICES, "before_discount", *GOODS, *TOTALS)
    if column is None:
        raise NotEnoughData("no_rows_count")
    return column, None, False


def _wins(sums: Sums, lines: Money) -> Money | None:
    """Return the total of each order that stands on all its lines, where these do not add up."""
    total = sums.first("order_total")
    if total is None or total.at == lines.at or total.pattern != "constant":
        return None
    return None if _lines_explain(sums, total, lines) else total


def _chosen_base(sums: Sums, column: Money) -> tuple[Money, Money | None, bool]:
    if column.role in ("unit_price", "unit_price_gross"):
        v = _times_quantity(sums, column)
        return v, v, True
    scope: Scope = "order" if column.role in ("order_total", "subtotal") else "line"
    pattern = column.pattern
    if column.role in ("amount_net", "amount_gross", "before_discount", "amount"):
        scope = column.scope
    forced = placed(
        column.at, column.role, column.raw, sums.groups, scope, pattern, column.informative
    )
    return forced, price_times_quantity(sums, ask=False), True


def _covers(sums: Sums, column: Money) -> bool:
    live = sums.groups.live
    return bool(column.known[live].mean() >= COVERED) if live.any() else False


def _is_payout(sums: Sums, net: Money) -> bool:
    """Say whether a "net" is what is left after fees, as a payment service pays it out."""
    if net.role != "amount_net":
        return False
    groups = sums.groups
    for name in ("fee",):
        fee = sums.first(name)
        if fee is None or fee.empty:
            continue
        fees = np.abs(groups.sums(fee.add))
        for other in ("order_total", "amount_gross", "amount"):
            gross = sums.first(other)
            if gross is None:
                continue
            gap = np.abs(groups.sums(gross.add) - groups.sums(net.add))
            charged = fees > 0
            if charged.any() and agree(gap, fees, charged):
                sums.effects[net.at] = "payout"
                return True
    return False


def price_times_quantity(sums: Sums, *, ask: bool = True) -> Money | None:
    """Return price × quantity where the price is one of a piece.

    Raises:
        Question: Nothing tells what the price is, it makes a difference, and no other column
            holds the amount.
    """
    price, qty = sums.first(*PRICES), sums.first("qty")
    if price is None or qty is None:
        if price is not None and price.role == "unit_price" and ask and not _others(sums):
            options = (("--map", f"amount_net={sums.header(price)}"),)
            raise Question("unit_price_alone", options, rows=None, header=sums.header(price))
        return None
    live = sums.groups.live
    if not matters(price.raw, qty.raw, live):
        return _times_quantity(sums, price)
    found = evidence(price.raw, qty.raw, sums.product, live)
    verdict = _verdict(sums, price, found)
    if verdict == "unit":
        return _times_quantity(sums, price, found)
    if verdict is None and ask and not _others(sums):
        _ask_about_price(sums, price)
    return None


def _others(sums: Sums) -> bool:
    return sums.first(*GOODS, *TOTALS) is not None


def _verdict(sums: Sums, price: Money, found: Evidence) -> str | None:
    """Say what a price is: by other columns it adds up to, else by its rows, else its header."""
    v, groups = _times_quantity(sums, price), sums.groups
    both = groups.sums(v.add), groups.sums(np.where(groups.live, price.add, 0.0))
    unlike = ~close(*both)
    for name in (*GOODS, *TOTALS):
        other = sums.first(name)
        if other is None or not unlike.any():
            continue
        parts = beside_goods(sums, v.add)
        for variant in either_way(sums, other):
            total = groups.sums(variant.add)
            as_unit = solve(total, both[0], parts, unlike)
            as_line = solve(total, both[1], parts, unlike)
            if (as_unit is None) != (as_line is None):
                return "unit" if as_unit is not None else "line"
    if price.role == "price":
        return found.verdict
    return "unit" if found.verdict in ("unit", None) and found.line <= found.unit else None


def _ask_about_price(sums: Sums, price: Money) -> None:
    v = _times_quantity(sums, price)
    live = sums.groups.live
    header = sums.header(price)
    raise Question(
        "price_unclear",
        (("--map", f"unit_price={header}"),),
        rows=None,
        header=header,
        qty=header_of(sums, "qty"),
        times=money(v.total),
        plain=money(float(np.nansum(price.raw[live]))),
    )


def _times_quantity(sums: Sums, price: Money, found: Evidence | None = None) -> Money:
    """Return price × quantity of each row, as a column of its own."""
    qty = sums.first("qty")
    pieces = np.ones(sums.cells.rows) if qty is None else qty.raw
    raw = price.raw * pieces
    if found is not None:
        sums.effects[price.at] = "unit_price"
    return placed(price.at, "units", raw, sums.groups, "line", "varied", 0)


def _amount_or_price(sums: Sums, amount: Money, v: Money | None) -> tuple[Money, Money | None]:
    """Take an amount for the price of a piece where its rows show that it is one."""
    qty = sums.first("qty")
    if v is not None or qty is None or not matters(amount.raw, qty.raw, sums.groups.live):
        return amount, v
    product = sums.product
    found = evidence(np.abs(amount.raw), np.abs(qty.raw), product, sums.groups.live)
    if found.verdict == "unit" and amount.pattern not in ("first", "constant"):
        v = _times_quantity(sums, amount, found)
        return v, v
    return amount, v


def _lines_explain(sums: Sums, total: Money, v: Money) -> bool:
    """Say whether the lines add up to a total, as far as columns beside it tell."""
    groups = sums.groups
    known = groups.any(total.known) & groups.any(v.known)
    found = solve(groups.sums(total.add), groups.sums(v.add), beside_goods(sums, v.add), known)
    if found is not None:
        return True
    gap = float(total.total - v.total)
    sums.rules.add(
        "lines_do_not_add_up",
        amount=gap,
        at=total.at,
        total=money(total.total),
        lines=money(v.total),
        header=sums.header(total),
    )
    return False
