"""Is an amount that all lines of an order share the order's, or that of each line?"""

from typing import Final

import numpy as np

from xlclv.reading.meaning.money.columns import Money, placed
from xlclv.reading.meaning.money.identities import (
    close,
    solve,
)
from xlclv.reading.meaning.money.sums import COVERED, GOODS, TOTALS, Sums, beside_goods
from xlclv.reading.meaning.rules import money
from xlclv.reading.question import Question

_TELLING: Final = 3  # orders of several lines that must agree before an amount is the order's


def either_way(sums: Sums, column: Money) -> list[Money]:
    """Return a column as its pattern says, and where that leaves it open the other way too."""
    if column.pattern != "constant":
        return [column]
    return [column, _with_scope(sums, column, "line" if column.scope == "order" else "order")]


def _with_scope(sums: Sums, column: Money, scope: str) -> Money:
    return placed(
        column.at,
        column.role,
        column.raw,
        sums.groups,
        scope,  # type: ignore[arg-type]
        column.pattern,
        column.informative,
    )


def whose(sums: Sums, column: Money, v: Money | None) -> Money:
    """Decide whether an amount that all lines of each order share is the order's or the line's.

    Raises:
        Question: So few orders have several lines that nobody can tell.
    """
    if column.pattern == "first":
        _tell_once(sums, column, "order_amount_first")
        return column
    if column.pattern != "constant" or column.role == "units":
        return column
    order, line = _with_scope(sums, column, "order"), _with_scope(sums, column, "line")
    scope = _scope_by_sums(sums, order, line, v)
    if scope is None and _says_order(sums, column):
        scope = "order"
    if scope is None and _differ_in_time(sums):
        scope = "line"
    if scope is None and column.role != "line_total":
        values = column.raw[sums.groups.live & (sums.groups.lines > 1)[sums.groups.codes]]
        several = np.unique(values[~np.isnan(values)]).size > 1
        scope = "order" if column.informative >= _TELLING and several else None
    if scope is None:
        header = sums.header(column)
        name = "line_total" if column.role == "line_total" else "order_total"
        raise Question(
            "scope_unclear",
            (("--map", f"{name}={header}"),),
            rows=None,
            header=header,
            once=money(order.total),
            each=money(line.total),
        )
    if scope == "order":
        _tell_once(sums, order, "order_amount_once")
        return order
    return line


def _tell_once(sums: Sums, column: Money, name: str) -> None:
    several = (sums.groups.lines > 1)[sums.groups.codes] & sums.groups.live
    repeated = several & (column.add == 0) & ~np.isnan(column.raw) & (column.raw != 0)
    orders = int((sums.groups.lines > 1).sum())
    shown = repeated if name == "order_amount_once" else several & np.isnan(column.raw)
    sums.rules.add(
        name,
        rows=shown,
        amount=column.raw,
        orders=orders,
        at=column.at,
        header=sums.header(column),
    )


_ORDER_WORDS: Final = frozenset(
    [
        "order",
        "invoice",
        "grand",
        "subtotal",
        "cart",
        "basket",
        "bestell",
        "rechnung",
        "gesamtsumme",
        "zwischensumme",
        "commande",
        "facture",
        "pedido",
        "factura",
        "ordine",
        "fattura",
        "encomenda",
        "bestelling",
        "factuur",
    ]
)
_ORDER_SIGNS: Final = ("注文", "請求", "総", "订单", "实付", "訂單", "주문", "결제", "小計", "小计")


def _says_order(sums: Sums, column: Money) -> bool:
    """Say whether a header names the order as that of which it is the amount."""
    from xlclv.headers import words_of  # noqa: PLC0415

    header = sums.header(column)
    words = words_of(header)
    named = any(word.startswith(tuple(_ORDER_WORDS)) for word in words)
    named |= any(sign in header for sign in _ORDER_SIGNS)
    return named or (
        sums.roles.taken[column.at].why in ("layout", "option")
        and column.role
        in (
            "order_total",
            "subtotal",
        )
    )


def _scope_by_sums(sums: Sums, order: Money, line: Money, v: Money | None) -> str | None:
    """Decide by what the lines add up to, or by a total the amount is part of."""
    groups = sums.groups
    several = groups.lines > 1
    others = [v] if v is not None else []
    for name in (*GOODS, *TOTALS):
        other = sums.first(name)
        if other is not None and other.at != order.at:
            others += either_way(sums, other)
    one, each = groups.sums(order.add), groups.sums(line.add)
    for other in others:
        known = several & groups.any(other.known) & ~close(one, each)
        total = groups.sums(other.add)
        parts = beside_goods(sums, other.add)
        ways = [
            any(solve(*pair, parts, known) is not None for pair in ((mine, total), (total, mine)))
            for mine in (one, each)
        ]
        if ways[0] != ways[1]:
            return "order" if ways[0] else "line"
    return None


def _differ_in_time(sums: Sums) -> bool:
    several = sums.groups.lines > 1
    return bool(several.any() and (~sums.groups.same_time[several]).mean() > COVERED)
