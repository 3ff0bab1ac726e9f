"""The net amount of each row: which column is it, what is in it, what is taken off."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from xlclv.errors import NotEnoughData
from xlclv.reading.meaning.cells import Cells
from xlclv.reading.meaning.identities import (
    agree,
    close,
    constant_share,
    solve,
    tax_inside,
)
from xlclv.reading.meaning.money import Groups, Money, Scope, placed
from xlclv.reading.meaning.roles import BASES, Roles
from xlclv.reading.meaning.rules import Rules, money
from xlclv.reading.meaning.units import Evidence, evidence, matters
from xlclv.reading.question import Question
from xlclv.terms import BoolArray, FloatArray, IntArray
from xlclv.words import word

_TELLING: Final = 3  # orders of several lines that must agree before an amount is the order's
_COVERED: Final = 0.5  # of the rows that must have an amount before a column is the amount
GOODS: Final = ("amount_net", "subtotal", "line_total", "amount")
TOTALS: Final = ("order_total", "amount_gross")
PRICES: Final = ("unit_price", "unit_price_gross", "price")


@dataclass(frozen=True, slots=True)
class Amounts:
    """Money of each row, shape (n,) each.

    Args:
        net: Without tax, shipping and discount; refunds not yet taken off.
        known: Rows whose amount is known.
        tax: Tax on it.
        paid: What the customer paid for the order of the row, as it is told, for refunds in full.
        columns: The columns that make up the amount, the first gives currency and cells.
        scope: Whose amount it is.
    """

    net: FloatArray
    known: BoolArray
    tax: FloatArray
    paid: FloatArray
    columns: Sequence[int]
    of_order: bool


@dataclass(slots=True)
class Sums:
    """The columns of money of a table, by role.

    Args:
        cells: The table.
        roles: What its columns are.
        groups: The orders.
        columns: Its money.
        rules: What is told on the way.
        product: What was bought, -1 unknown, shape (n,).
        effects: Position to the key of what a column does.
    """

    cells: Cells
    roles: Roles
    groups: Groups
    columns: dict[int, Money]
    rules: Rules
    product: IntArray | None
    effects: dict[int, str] = field(default_factory=dict)

    def first(self, *names: str) -> Money | None:
        """Return the first column of some roles that is not wholly blank."""
        for at in self.roles.all(*names):
            if at in self.columns and self.columns[at].known.any():
                return self.columns[at]
        return None

    def header(self, column: Money) -> str:
        """Return the header of a column."""
        return " ".join(str(self.cells.raw.headers[column.at]).split())

    def beside(self, base: FloatArray, *names: str) -> FloatArray:
        """Return money beside an amount, with the sign of the amount; zeros without one.

        Of several columns of a role that agree in every order one counts.
        """
        found = np.zeros(self.cells.rows)
        seen: list[FloatArray] = []
        for at in self.roles.all(*names):
            column = self.columns.get(at)
            if column is None or column.empty:
                continue
            sums = self.groups.sums(np.abs(column.add))
            if any(close(sums, other).all() for other in seen):
                continue
            seen.append(sums)
            found += column.add
        back = self.groups.sums(base) < 0
        sign = np.where(back[self.groups.codes], -1.0, 1.0)
        line_back = np.where(base < 0, -1.0, np.where(base > 0, 1.0, sign))
        return np.where(found != 0, np.abs(found) * line_back, 0.0)


def amounts(sums: Sums) -> Amounts:
    """Return the net amount of each row.

    Raises:
        Question: Two readings give different sums, and nothing in the table tells which is meant.
    """
    base, v, chosen = _base(sums)
    result = _net(sums, base, v, chosen=chosen)
    return _spread(sums, result, base, v)


# --- which column ---


def _base(sums: Sums) -> tuple[Money, Money | None, bool]:
    """Return the column that is the amount, and price × quantity where there is such."""
    at = sums.roles.chosen(*BASES)
    if at is not None:
        return _chosen_base(sums, sums.columns[at])
    v = _units(sums)
    for name in GOODS:
        column = sums.first(name)
        if column is None or not _covers(sums, column) or _is_payout(sums, column):
            continue
        if name == "amount":
            column, v = _amount_or_price(sums, column, v)
        return _scoped(sums, column, v), v, False
    total = sums.first(*TOTALS)
    if total is not None and _covers(sums, total):
        total = _scoped(sums, total, v)
        if v is None or not _lines_explain(sums, total, v):
            return total, v, False
    if v is not None:
        return v, v, False
    column = sums.first(*PRICES, "before_discount", *GOODS, *TOTALS)
    if column is None:
        raise NotEnoughData("no_rows_count")
    return column, None, False


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
    return forced, _units(sums, ask=False), True


def _covers(sums: Sums, column: Money) -> bool:
    live = sums.groups.live
    return bool(column.known[live].mean() >= _COVERED) if live.any() else False


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


def _units(sums: Sums, *, ask: bool = True) -> Money | None:
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
        parts = _parts(sums, v.add)
        for variant in _variants(sums, other):
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
        qty=_header_of(sums, "qty"),
        times=money(v.total),
        plain=money(float(np.nansum(price.raw[live]))),
    )


def _header_of(sums: Sums, name: str) -> str:
    column = sums.first(name)
    return "" if column is None else sums.header(column)


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


# --- whose amount ---


def _variants(sums: Sums, column: Money) -> list[Money]:
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


def _scoped(sums: Sums, column: Money, v: Money | None) -> Money:
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
            others += _variants(sums, other)
    one, each = groups.sums(order.add), groups.sums(line.add)
    for other in others:
        known = several & groups.any(other.known) & ~close(one, each)
        total = groups.sums(other.add)
        parts = _parts(sums, other.add)
        ways = [
            any(solve(*pair, parts, known) is not None for pair in ((mine, total), (total, mine)))
            for mine in (one, each)
        ]
        if ways[0] != ways[1]:
            return "order" if ways[0] else "line"
    return None


def _differ_in_time(sums: Sums) -> bool:
    several = sums.groups.lines > 1
    return bool(several.any() and (~sums.groups.same_time[several]).mean() > _COVERED)


def _lines_explain(sums: Sums, total: Money, v: Money) -> bool:
    """Say whether the lines add up to a total, as far as columns beside it tell."""
    groups = sums.groups
    known = groups.any(total.known) & groups.any(v.known)
    found = solve(groups.sums(total.add), groups.sums(v.add), _parts(sums, v.add), known)
    if found is not None:
        return True
    gap = float(total.total - v.total)
    sums.rules.add(
        "lines_do_not_add_up",
        level="warning",
        amount=gap,
        at=total.at,
        total=money(total.total),
        lines=money(v.total),
        header=sums.header(total),
    )
    return False


# --- what is in it ---


def _parts(sums: Sums, base: FloatArray) -> dict[str, FloatArray]:
    """Return what may stand between goods and total, per order; discounts are negative."""
    groups = sums.groups
    return {
        "tax": groups.sums(sums.beside(base, "tax")),
        "shipping": groups.sums(sums.beside(base, "shipping")),
        "charged_fee": groups.sums(sums.beside(base, "charged_fee")),
        "tip": groups.sums(sums.beside(base, "tip")),
        "discount": -groups.sums(sums.beside(base, "discount")),
        "tax_elsewhere": groups.sums(sums.beside(base, "tax_elsewhere")),
    }


@dataclass(slots=True)
class _Off:
    """What is taken off an amount, and which columns told nothing."""

    names: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)


def _net(sums: Sums, base: Money, v: Money | None, *, chosen: bool) -> Amounts:
    """Take off the base what is no revenue."""
    total = sums.first(*TOTALS) if base.role not in TOTALS else base
    if total is not None and total.at != base.at and total.pattern == "constant":
        total = _best_variant(sums, total, base)
    off = _off(sums, base, v, total, chosen=chosen)
    net = base.add if chosen else _rate_discounted(sums, base, base.add, v)
    for name in sorted(off):
        part = sums.beside(base.add, name)
        net = net - part
        _tell_off(sums, name, part)
    tax = sums.beside(base.add, "tax")
    net, tax = _without_rate(sums, base, net, tax, off)
    paid = net + tax if total is None or base.role not in TOTALS else total.add
    if total is not None:
        paid = total.add
    groups = sums.groups
    return Amounts(
        net=net,
        known=base.known,
        tax=tax,
        paid=groups.sums(np.abs(paid))[groups.codes],
        columns=(base.at,),
        of_order=base.scope == "order" or base.pattern == "first",
    )


def _best_variant(sums: Sums, total: Money, base: Money) -> Money:
    """Return a total once per order or on every line, whichever its parts add up to."""
    groups = sums.groups
    parts, goods = _parts(sums, base.add), groups.sums(base.add)
    for variant in _variants(sums, total):
        known = groups.any(variant.known) & groups.any(base.known)
        if solve(groups.sums(variant.add), goods, parts, known) is not None:
            return variant
    return total


def _off(
    sums: Sums, base: Money, v: Money | None, total: Money | None, *, chosen: bool
) -> set[str]:
    """Return which columns are in the amount and no revenue."""
    present = {
        name
        for name in ("tax", "shipping", "charged_fee", "tip", "discount")
        if sums.beside(base.add, name).any()
    }
    if base.role in TOTALS:
        return _off_total(sums, base, v, present)
    if chosen and base.role in ("amount_net", "line_total", "amount"):
        return set()
    if base.role == "before_discount":
        return present & {"discount"}
    found = _off_by_total(sums, base, total, present)
    if found is not None:
        return found
    return _off_by_lines(sums, base, v, total, present, chosen=chosen)


def _off_total(sums: Sums, base: Money, v: Money | None, present: set[str]) -> set[str]:
    """Take tax, shipping and fees out of a total; a discount only where the lines show it."""
    off = present - {"discount"}
    if base.role == "amount_gross":
        off &= {"tax", "shipping", "charged_fee", "tip"}
    if "discount" in present and v is not None and v.at != base.at:
        groups = sums.groups
        known = groups.any(base.known) & groups.any(v.known)
        found = solve(groups.sums(base.add), groups.sums(v.add), _parts(sums, v.add), known)
        if found is not None and not found.parts.get("discount", True):
            off |= {"discount"}
    if "tax" not in present and not sums.roles.has("tax_rate", "unit_price_gross"):
        sums.rules.add("tax_may_be_in", at=base.at, header=sums.header(base))
    return off


def _off_by_total(
    sums: Sums, base: Money, total: Money | None, present: set[str]
) -> set[str] | None:
    """Tell from a total what is in the goods and what comes on top; None where nothing tells."""
    if total is None or total.at == base.at:
        return None
    groups = sums.groups
    known = groups.any(total.known) & groups.any(base.known)
    found = solve(groups.sums(total.add), groups.sums(base.add), _parts(sums, base.add), known)
    if found is None:
        return None
    sums.rules.add(
        "total_made_of",
        at=total.at,
        orders=found.holds,
        of=f"{found.of:,}",
        header=sums.header(total),
        goods=sums.header(base) if base.role != "units" else word("reading.lines"),
        parts="".join(f" {word(f'reading.part_{name}')}" for name, on in found.parts.items() if on),
    )
    off: set[str] = set()
    if "discount" in present and found.parts.get("discount", False):
        off |= {"discount"}
    if base.role == "amount_net":
        if "shipping" in present and not found.parts.get("shipping", True):
            off |= _if_shipping_inside(sums, base, known)
        return off
    if "tax" in present and not found.parts.get("tax", True):
        off |= {"tax"}
    inside = not found.parts.get("shipping", True) and found.parts.get("tax", True)
    if base.role in ("amount", "subtotal") and "shipping" in present and inside:
        off |= _if_shipping_inside(sums, base, known)
    return off


def _if_shipping_inside(sums: Sums, base: Money, known: BoolArray) -> set[str]:
    """Take shipping out of an amount, unless the lines alone add up to it."""
    v = _units(sums, ask=False)
    if v is not None and v.at != base.at:
        groups = sums.groups
        lines, goods = groups.sums(v.add), groups.sums(base.add)
        discount = groups.sums(sums.beside(v.add, "discount"))
        if agree(lines, goods, known) or agree(lines - discount, goods, known):
            return set()
    return {"shipping"}


def _off_by_lines(
    sums: Sums,
    base: Money,
    v: Money | None,
    total: Money | None,
    present: set[str],
    *,
    chosen: bool,
) -> set[str]:
    """Tell from the lines, and ask where they say nothing."""
    off: set[str] = set()
    groups = sums.groups
    explained = False
    if base.role == "units":
        off |= present & {"discount"}
    elif v is not None:
        known = groups.any(base.known) & groups.any(v.known)
        parts = {
            name: part
            for name, part in _parts(sums, v.add).items()
            if name in ("discount", "tax", "shipping")
        }
        found = solve(groups.sums(base.add), groups.sums(v.add), parts, known)
        if found is not None:
            explained = True
            _tell_lines(sums, base, found.holds, found.of)
            if "discount" in present and not found.parts.get("discount", True):
                off |= {"discount"}
            off |= {name for name in ("tax", "shipping") if found.parts.get(name, False)}
        else:
            rate = constant_share(groups.sums(base.add), groups.sums(v.add), known)
            if rate is not None and "tax" not in present and base.role == "amount":
                sums.rules.add(
                    "tax_in_amount", at=base.at, header=sums.header(base), rate=f"{rate - 1:.1%}"
                )
    if not explained:
        off |= _ask_discount(sums, base, present - off)
        off |= _ask_shipping(sums, base, present - off)
    off |= _tax_in(sums, base, present - off)
    if (
        total is not None
        and total.at != base.at
        and base.role == "amount"
        and not explained
        and not chosen
    ):
        _ask_total(sums, base, total)
    return off


def _tell_lines(sums: Sums, base: Money, holds: int, of: int) -> None:
    sums.rules.add("lines_add_up", at=base.at, orders=holds, of=f"{of:,}", header=sums.header(base))


def _ask_discount(sums: Sums, base: Money, present: set[str]) -> set[str]:
    if "discount" not in present or base.role in ("amount_net", "units"):
        return set()
    header, part = sums.header(base), sums.beside(base.add, "discount")
    raise Question(
        "discount_unclear",
        (("--map", "discount="),),
        rows=None,
        header=header,
        discount=_header_of(sums, "discount"),
        after=money(base.total),
        before=money(base.total - float(part.sum())),
    )


def _ask_shipping(sums: Sums, base: Money, present: set[str]) -> set[str]:
    if "shipping" not in present or base.role != "amount":
        return set()
    header, part = sums.header(base), sums.beside(base.add, "shipping")
    raise Question(
        "shipping_unclear",
        (("--map", "shipping="),),
        rows=None,
        header=header,
        shipping=_header_of(sums, "shipping"),
        without=money(base.total),
        inside=money(base.total - float(part.sum())),
    )


def _tax_in(sums: Sums, base: Money, present: set[str]) -> set[str]:
    """Say whether tax has to be taken off an amount whose header does not say it.

    Raises:
        Question: Nothing tells.
    """
    if "tax" not in present or base.role == "amount_net":
        return set()
    if sums.roles.taken[base.at].role == "unit_price_gross":
        return {"tax"}
    groups = sums.groups
    part = sums.beside(base.add, "tax")
    inside = tax_inside(groups.sums(base.add), groups.sums(part), groups.any(base.known))
    header = sums.header(base)
    if inside is None:
        raise Question(
            "tax_unclear",
            (("--map", f"amount_net={header}"),) if base.role != "units" else (("--map", "tax="),),
            rows=None,
            header=header,
            tax=_header_of(sums, "tax"),
            without=money(base.total),
            inside=money(base.total - float(part.sum())),
        )
    sums.rules.add(
        "tax_rate_shows",
        at=base.at,
        header=header,
        where=word("reading.tax_inside" if inside else "reading.tax_on_top"),
    )
    return {"tax"} if inside else set()


def _ask_total(sums: Sums, base: Money, total: Money) -> None:
    """Refuse an amount and a total that differ and nothing explains.

    Raises:
        Question: The two give different sums.
    """
    groups = sums.groups
    known = groups.any(total.known) & groups.any(base.known)
    if agree(groups.sums(total.add), groups.sums(base.add), known):
        return
    raise Question(
        "amount_or_total",
        (("--map", f"order_total={sums.header(total)}"),),
        rows=None,
        header=sums.header(base),
        other=sums.header(total),
        one=money(base.total),
        two=money(total.total),
    )


def _tell_off(sums: Sums, name: str, part: FloatArray) -> None:
    at = sums.roles.first(name)
    rows = part != 0
    sums.rules.add(
        f"{name}_taken_off",
        rows=rows,
        amount=part,
        orders=int(sums.groups.any(rows).sum()),
        at=at or 0,
        header=_header_of(sums, name),
    )
    for other in sums.roles.all(name):
        sums.effects[other] = "taken_off"


def _rate_discounted(sums: Sums, base: Money, net: FloatArray, v: Money | None) -> FloatArray:
    """Apply a rate of discount to price × quantity, or to an amount that is without it.

    Raises:
        Question: Nothing tells whether the amount is after discount.
    """
    column = sums.first("discount_rate")
    if column is None or column.empty or base.role in ("amount_net", *TOTALS):
        return net
    part = net * _as_rate(column.raw)
    if not part.any():
        return net
    if base.role != "units":
        groups = sums.groups
        known = groups.any(base.known) & groups.any(part != 0)
        lines = None if v is None else groups.sums(v.add)
        if lines is not None:
            less = groups.sums(v.add * (1 - _as_rate(column.raw))) if v is not None else lines
            if agree(groups.sums(base.add), less, known):
                return net
        if lines is None or not agree(groups.sums(base.add), lines, known):
            raise Question(
                "discount_unclear",
                (("--map", "discount_rate="),),
                rows=None,
                header=sums.header(base),
                discount=sums.header(column),
                after=money(base.total),
                before=money(base.total - float(part.sum())),
            )
    sums.effects[column.at] = "taken_off"
    sums.rules.add(
        "discount_rate_taken_off",
        rows=part != 0,
        amount=part,
        at=column.at,
        header=sums.header(column),
    )
    return net - part


def _as_rate(raw: FloatArray) -> FloatArray:
    rate = np.nan_to_num(raw)
    return rate / 100 if np.abs(rate).max(initial=0) > 1 else rate


def _without_rate(
    sums: Sums, base: Money, net: FloatArray, tax: FloatArray, off: set[str]
) -> tuple[FloatArray, FloatArray]:
    """Take tax out of a gross amount by a column of rates.

    Raises:
        Question: Nothing tells whether tax is in the amount.
    """
    column = sums.first("tax_rate")
    if column is None or column.empty or "tax" in off or tax.any() or base.role == "amount_net":
        return net, tax
    rate = _as_rate(column.raw)
    after = net / (1 + rate)
    gross = base.role in TOTALS or sums.roles.taken[base.at].role == "unit_price_gross"
    if not gross:
        raise Question(
            "tax_rate_unclear",
            (("--map", "tax_rate="),),
            rows=None,
            header=sums.header(base),
            tax=sums.header(column),
            without=money(float(net.sum())),
            inside=money(float(after.sum())),
        )
    sums.effects[column.at] = "taken_off"
    sums.rules.add(
        "tax_rate_taken_off",
        rows=rate != 0,
        amount=net - after,
        at=column.at,
        header=sums.header(column),
    )
    return after, net - after


# --- to the lines ---


def _spread(sums: Sums, found: Amounts, base: Money, v: Money | None) -> Amounts:
    """Spread what belongs to an order over its lines, as the lines are worth, to the cent."""
    if not found.of_order or not (sums.groups.lines > 1).any():
        return found
    weights = _weights(sums, base, v)
    if weights is None:
        return found
    groups = sums.groups
    return replace(
        found,
        net=spread(found.net, weights, groups),
        tax=spread(found.tax, weights, groups),
    )


def _weights(sums: Sums, base: Money, v: Money | None) -> FloatArray | None:
    if v is not None and v.at != base.at:
        return np.maximum(v.add, 0)
    line = next(
        (one for one in map(sums.first, ("line_total", "amount", "price")) if one is not None), None
    )
    if line is None or line.at == base.at or line.scope == "order":
        return None
    return np.maximum(line.add, 0)


def spread(values: FloatArray, weights: FloatArray, groups: Groups) -> FloatArray:
    """Spread the amount of each order over its rows by weight, in cents that add up to it."""
    total, whole = groups.sums(values), groups.sums(weights)
    has = (whole > 0)[groups.codes] & groups.live
    share = np.zeros(values.size)
    share[has] = weights[has] / whole[groups.codes[has]]
    parts = np.round(share * total[groups.codes], 2)
    rest = total - groups.sums(np.where(has, parts, 0.0))
    first = np.full(groups.count, -1)
    rows = np.flatnonzero(has)[::-1]
    first[groups.codes[rows]] = rows
    places = first[first >= 0]
    parts[places] += rest[groups.codes[places]]
    return np.where(has, np.round(parts, 6), values)
