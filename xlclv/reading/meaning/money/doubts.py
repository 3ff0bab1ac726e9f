"""What nothing in a table tells is asked, with both sums."""

from xlclv.reading.meaning.money.columns import Money
from xlclv.reading.meaning.money.identities import (
    agree,
)
from xlclv.reading.meaning.money.sums import Sums, header_of
from xlclv.reading.meaning.rules import money
from xlclv.reading.question import Question


def ask_discount(sums: Sums, base: Money, present: set[str]) -> set[str]:
    """Ask whether an amount is before or after discount.

    Raises:
        Question: Unless its header says it.
    """
    if "discount" not in present or base.role in ("amount_net", "units"):
        return set()
    header, part = sums.header(base), sums.beside(base.add, "discount")
    raise Question(
        "discount_unclear",
        (("--map", "discount="),),
        rows=None,
        header=header,
        discount=header_of(sums, "discount"),
        after=money(base.total),
        before=money(base.total - float(part.sum())),
    )


def ask_shipping(sums: Sums, base: Money, present: set[str]) -> set[str]:
    """Ask whether shipping is part of an amount.

    Raises:
        Question: Unless its header says it.
    """
    if "shipping" not in present or base.role != "amount":
        return set()
    header, part = sums.header(base), sums.beside(base.add, "shipping")
    raise Question(
        "shipping_unclear",
        (("--map", "shipping="),),
        rows=None,
        header=header,
        shipping=header_of(sums, "shipping"),
        without=money(base.total),
        inside=money(base.total - float(part.sum())),
    )


def ask_total(sums: Sums, base: Money, total: Money) -> None:
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
