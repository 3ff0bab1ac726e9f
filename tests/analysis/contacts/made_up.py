"""Small books with all that consent can be told by, and who refused in them, found another way.

Rows say Yes, No, nothing, or what nobody understands; ids stand twice, were merged into others or
are e-mail addresses; addresses are shared and written differently.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tests.refresh.books import STAMP
from xlclv.analysis.results import Inputs, Results, compute
from xlclv.rewards.rules.starter import starter_table
from xlclv.settings import Settings
from xlclv.tables import (
    CUSTOMERS,
    ORDERS,
    RULES,
    TIERS,
    Place,
    RawTable,
    Table,
    TableSpec,
    read_table,
    title,
)

AS_OF = date(2026, 6, 30)
PEOPLE = ("a", "b", "c", "d", "e", "f@x.com", "g")
MAILS = ("A@x.com", "a@x.com ", "b@x.com", "c@x.com", "f@x.com", "d@x.com", None)
SAID = ("Yes", "Yes", "Yes", "No", None, "perhaps")
Row = dict[str, object]


@dataclass(frozen=True)
class Book:
    """Rows of orders and of the customer sheet."""

    orders: list[Row]
    customers: list[Row]

    def results(self) -> Results:
        """Return what a refresh computes."""
        inputs = Inputs(
            Settings(as_of=AS_OF, contact_cap=None),
            orders=read_table(_raw(self.orders), ORDERS),
            customers=read_table(_raw(self.customers), CUSTOMERS),
            tiers=_starter(TIERS),
            rules=_starter(RULES),
        )
        return compute(inputs, STAMP)

    def refused(self) -> tuple[set[str], set[str]]:
        """Return ids and addresses of those who said No, row by row."""
        ids = {self._owner(row["customer_id"]) for row in self.customers if _says_no(row)}
        for who in {self._owner(row["customer_id"]) for row in self.orders}:
            if any(self._last_word(who, name) == "No" for name in ("newsletter", "opt_in")):
                ids.add(who)
        mails = {_mail(row) for row in self.customers if _says_no(row)}
        for row in (*self.customers, *self.orders):
            if self._owner(row["customer_id"]) in ids:
                mails.add(_mail(row))
        return ids, {*mails, *(who for who in ids if "@" in who)} - {""}

    def _last_word(self, who: str, name: str) -> object:
        """Return what the sheet says, else the latest order; of one day No counts."""
        own = [row for row in self.customers if row["customer_id"] == who]
        if own and own[0][name] in ("Yes", "No"):
            return own[0][name]
        said = [
            (row["order_date"], row[name] == "No")
            for row in self.orders
            if self._owner(row["customer_id"]) == who and row[name] in ("Yes", "No")
        ]
        return "No" if said and max(said)[1] else "Yes"  # type: ignore[type-var]

    def _owner(self, who: object) -> str:
        """Return who somebody is, through all that were merged."""
        steps = {
            str(row["customer_id"]): str(row["merged_into"])
            for row in self.customers
            if row["merged_into"] and row["merged_into"] != row["customer_id"]
        }
        at, seen = str(who), set()
        while at in steps and at not in seen:
            seen.add(at)
            at = steps[at]
        return str(who) if at in seen else at


@cache
def _starter(spec: TableSpec) -> Table:
    return read_table(starter_table(spec), spec)


def _says_no(row: Row) -> bool:
    return "No" in (row["newsletter"], row["opt_in"])


def _mail(row: Row) -> str:
    return str(row["customer_email"] or "").strip().casefold()


def made_up(seed: int) -> Book:
    """Return the book of a number."""
    source = random.Random(seed)  # noqa: S311 - made-up customers, no secret
    asked = source.random() < 0.8
    orders = [_order(source, number, asked=asked) for number in range(source.randint(1, 25))]
    customers = [_customer(source, asked=asked) for _ in range(source.randint(1, 9))]
    return Book(orders, customers)


def _said(source: random.Random, *, asked: bool) -> Row:
    """Return answers; a book may have asked nobody about mail."""
    news = source.choice(SAID) if asked else None
    return {"newsletter": news, "opt_in": source.choice((None, None, None, *SAID))}


def _order(source: random.Random, number: int, *, asked: bool) -> Row:
    return {
        "order_id": f"o{number}",
        "customer_id": source.choice(PEOPLE),
        "order_date": AS_OF - timedelta(days=source.randint(0, 500)),
        "amount_net": float(source.randint(1, 600)),
        "customer_email": source.choice(MAILS),
        **_said(source, asked=asked),
    }


def _customer(source: random.Random, *, asked: bool) -> Row:
    return {
        "customer_id": source.choice(PEOPLE),
        "birth_date": date(1980, 1, 1) + timedelta(days=source.randint(160, 220)),
        "customer_email": source.choice(MAILS),
        "merged_into": source.choice((*[None] * 8, *PEOPLE)),
        **_said(source, asked=asked),
    }


def _raw(rows: Iterable[Row]) -> RawTable:
    given = list(rows)
    columns = [[row[name] for row in given] for name in given[0]]
    return RawTable([title(name) for name in given[0]], columns, Place("Sheet"))
