"""What is in an amount and no revenue: tax, shipping, fees, discount. Arithmetic tells."""

from xlclv.reading.meaning.money.bases import price_times_quantity
from xlclv.reading.meaning.money.columns import Money
from xlclv.reading.meaning.money.doubts import ask_discount, ask_shipping, ask_total
from xlclv.reading.meaning.money.identities import (
    agree,
    constant_share,
    solve,
    tax_inside,
)
from xlclv.reading.meaning.money.sums import TOTALS, Sums, beside_goods, header_of
from xlclv.reading.meaning.rules import money
from xlclv.reading.question import Question
from xlclv.terms import BoolArray
from xlclv.words import number, word


def what_is_in(
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
        found = solve(groups.sums(base.add), groups.sums(v.add), beside_goods(sums, v.add), known)
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
    found = solve(
        groups.sums(total.add), groups.sums(base.add), beside_goods(sums, base.add), known
    )
    if found is None:
        return None
    sums.rules.add(
        "total_made_of",
        at=total.at,
        orders=found.holds,
        of=number(found.of),
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
    v = price_times_quantity(sums, ask=False)
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
            for name, part in beside_goods(sums, v.add).items()
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
        off |= ask_discount(sums, base, present - off)
        off |= ask_shipping(sums, base, present - off)
    off |= _tax_in(sums, base, present - off)
    if (
        total is not None
        and total.at != base.at
        and base.role == "amount"
        and not explained
        and not chosen
    ):
        ask_total(sums, base, total)
    return off


def _tell_lines(sums: Sums, base: Money, holds: int, of: int) -> None:
    sums.rules.add(
        "lines_add_up", at=base.at, orders=holds, of=number(of), header=sums.header(base)
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
            tax=header_of(sums, "tax"),
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
