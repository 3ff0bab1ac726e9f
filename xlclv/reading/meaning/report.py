"""What was understood of a table, told: rules with rows and money, and what each column does."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from xlclv.reading.meaning.bycells import untaken_but_telling
from xlclv.reading.meaning.people import KINDS
from xlclv.reading.meaning.roles import BASES, MARKS, MONEY, STATUS
from xlclv.readings import RuleLevel, TakenColumn
from xlclv.terms import BoolArray
from xlclv.words import has, word

if TYPE_CHECKING:
    from xlclv.reading.meaning.facts import Facts

# Reasons told with their money, in this order; what stays unreadable is a fault of its own.
_TOLD: Final = ("ignored", "not_yet", "refunded", "test", "transfer", "gift_card", "nobody")
# Money that stands beside and changes nothing, with what is said of it.
_FEW: Final = 10
_BESIDE: Final = (
    *("tax", "tax_part", "tax_elsewhere", "tax_rate", "shipping", "shipping_tax", "charged_fee"),
    *("tip", "discount", "discount_rate", "discount_info", "fee", "payout", "payment"),
    *("list_price", "profit", "cost", "unit_cost", "refund_qty"),
)


def tell(facts: "Facts") -> None:
    """Add the rules that concern rows as a whole."""
    _tell_layout(facts)
    _tell_rows(facts)
    _tell_customers(facts)
    _tell_orders(facts)
    _tell_left_out(facts)
    _tell_unknown_statuses(facts)
    _tell_money_beside(facts)
    _tell_unused(facts)


def _tell_layout(facts: "Facts") -> None:
    if facts.layout.title:
        facts.rules.add("layout", layout=facts.layout.title)


def _tell_rows(facts: "Facts") -> None:
    if facts.rows.header.any():
        facts.rules.add("headers_repeated", rows=facts.rows.header)
    if facts.rows.total.any():
        facts.rules.add("totals_between", rows=facts.rows.total)
    if facts.run.continued.any():
        facts.rules.add("rows_continued", rows=facts.run.continued)


def _tell_customers(facts: "Facts") -> None:
    owner, live = facts.owner, facts.rows.used & (facts.left_out == "")
    kinds = [kind for rank, kind in enumerate(KINDS) if (live & (owner.by == rank)).any()]
    if len(kinds) > 1:
        counts = ", ".join(
            f"{word(f'reading.kind_{kind}')}: {_rows_by(facts, live, kind):,}" for kind in kinds
        )
        rows = live & (owner.by != KINDS.index(kinds[0]))
        facts.rules.add("customers_by", rows=rows, amount=facts.net, counts=counts)
    elif kinds and kinds[0] != "customer_id":
        facts.rules.add("customers_by_one", kind=word(f"reading.kind_{kinds[0]}"))
    if owner.joined.any():
        facts.rules.add("customers_joined", rows=owner.joined, amount=facts.net)
    lossy = owner.lossy & facts.rows.used
    if lossy.any():
        at = facts.roles.first("customer_id") or 0
        facts.rules.add("ids_lost_digits", level="fault", rows=lossy, amount=facts.net, at=at)


def _rows_by(facts: "Facts", live: BoolArray, kind: str) -> int:
    return int((live & (facts.owner.by == KINDS.index(kind))).sum())


def _tell_orders(facts: "Facts") -> None:
    if facts.order is None:
        return
    if facts.keys.shared:
        facts.rules.add("order_numbers_shared", orders=facts.keys.shared)
    if facts.keys.by_day:
        facts.rules.add("order_numbers_daily")
    if facts.keys.returned:
        facts.rules.add("order_numbers_returned", orders=facts.keys.returned)


def _tell_left_out(facts: "Facts") -> None:
    amount = facts.money.net
    for reason in _TOLD:
        rows = (facts.left_out == reason) & facts.rows.used
        if rows.any():
            facts.rules.add(
                f"left_out_{reason}",
                rows=rows,
                amount=amount,
                orders=_orders(facts, rows),
                at=_cell_of(facts, reason),
                values=_values(facts, rows) if reason in ("ignored", "not_yet") else "",
            )


def _cell_of(facts: "Facts", reason: str) -> int:
    wanted = {
        "nobody": KINDS,
        "test": ("tags", "is_test"),
        "transfer": ("doc_type",),
        "gift_card": ("product",),
    }.get(reason, ("status", "stage", "cancelled_date"))
    at = facts.roles.first(*wanted)
    return facts.money.columns[0] if at is None else at


def _values(facts: "Facts", rows: BoolArray) -> str:
    """List the statuses of rows with how often each stands there."""
    words = facts.said.words
    if words is None:
        return ""
    codes = words.codes[rows]
    counts = np.bincount(codes[codes >= 0], minlength=len(words.names))
    listed = [f"{words.names[at]} ({counts[at]:,})" for at in np.argsort(-counts) if counts[at]]
    return f" ({', '.join(listed[:8])})" if listed else ""


def _orders(facts: "Facts", rows: BoolArray) -> int:
    return int(np.unique(facts.keys.codes[rows]).size)


def _tell_unknown_statuses(facts: "Facts") -> None:
    for unknown in facts.said.unknown:
        rows = unknown.rows & facts.rows.used & (facts.left_out == "")
        if rows.any():
            facts.rules.add(
                "status_unknown",
                level="fault",
                rows=rows,
                amount=facts.net,
                orders=_orders(facts, rows),
                at=unknown.column,
                value=unknown.value,
                header=_header(facts, unknown.column),
            )


def _tell_money_beside(facts: "Facts") -> None:
    """Name each column of money that is no revenue with its sum, so that none is silent."""
    for at in facts.roles.all(*_BESIDE):
        column = facts.sums.columns.get(at)
        if column is None or column.empty or facts.sums.effects.get(at) == "taken_off":
            continue
        role = column.role
        level: RuleLevel = "warning" if role == "refund_qty" else "info"
        facts.rules.add(
            f"beside_{role}",
            level=level,
            rows=column.add != 0,
            amount=column.add,
            at=at,
            header=_header(facts, at),
        )
    for at in facts.roles.all(*BASES):
        column = facts.sums.columns.get(at)
        if column is not None and not column.empty and at not in facts.money.columns:
            facts.rules.add(
                "compared",
                rows=column.add != 0,
                amount=column.add,
                at=at,
                header=_header(facts, at),
            )
    for at in facts.roles.all("newsletter", "opt_in"):
        labels = facts.cells.labels(at)
        tally = np.bincount(labels.codes[labels.codes >= 0], minlength=len(labels.names))
        counts = ", ".join(
            f"{name}: {count:,}" for name, count in zip(labels.names, tally, strict=True)
        )
        if counts and len(labels.names) <= _FEW:
            facts.rules.add("consent", at=at, header=_header(facts, at), counts=counts)
    qty = facts.sums.first("qty")
    if qty is not None:
        times = "reading.qty_times" if _multiplies(facts) else "reading.qty_plain"
        facts.rules.add(
            "quantity",
            rows=qty.add != 0,
            amount=qty.add,
            at=qty.at,
            header=_header(facts, qty.at),
            effect=word(times),
        )


def _multiplies(facts: "Facts") -> bool:
    return any(effect == "unit_price" for effect in facts.sums.effects.values())


def _tell_unused(facts: "Facts") -> None:
    for at in untaken_but_telling(facts.cells, facts.roles):
        if not facts.cells.is_numeric(at):
            rows = facts.rows.used & facts.cells.filled(at)
            facts.rules.add(
                "currencies_unused", level="fault", rows=rows, at=at, header=_header(facts, at)
            )
            continue
        values = facts.cells.numbers(at).values
        total = float(np.nansum(values[facts.rows.used]))
        facts.rules.add(
            "column_unused",
            level="fault",
            rows=facts.rows.used & (np.nan_to_num(values) != 0),
            amount=total,
            at=at,
            header=_header(facts, at),
        )


def _header(facts: "Facts", at: int) -> str:
    return " ".join(str(facts.cells.raw.headers[at]).split())


# --- columns ---


def columns_told(facts: "Facts") -> tuple[TakenColumn, ...]:
    """Return what each column was taken for and what it does."""
    return tuple(_columns(facts))


def _columns(facts: "Facts") -> Iterator[TakenColumn]:
    for at, header in enumerate(facts.cells.raw.headers):
        text = " ".join(str(header or "").split())
        if not text:
            continue
        taken = facts.roles.taken.get(at)
        role = "" if taken is None else taken.role
        yield TakenColumn(
            header=text,
            cell=facts.cells.raw.where.cell(at, -1),
            role=role,
            why="header" if taken is None else taken.why,
            effect=_effect(facts, at, role),
            total=_total(facts, at, role),
        )


def _total(facts: "Facts", at: int, role: str) -> float | None:
    column = facts.sums.columns.get(at)
    return round(column.total, 6) if column is not None and role in MONEY else None


def _effect(facts: "Facts", at: int, role: str) -> str:
    """Say what a column does to the figures."""
    if at in facts.money.columns and role in BASES:
        return word("reading.effect_amount")
    told = facts.sums.effects.get(at)
    if told is not None:
        return word(f"reading.effect_{told}")
    if role in BASES:
        return word("reading.effect_compared")
    if role in STATUS or role in MARKS:
        return word("reading.effect_counts")
    key = f"reading.effect_{role}"
    return word(key) if has(key) else word("reading.effect_none")
