"""From a table as it stands to rows in the normal form, with the reading that led there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from xlclv.errors import InputError, NotEnoughData
from xlclv.reading.choices import Choices
from xlclv.reading.meaning.bycells import roles_of
from xlclv.reading.meaning.cells import Cells, Labels
from xlclv.reading.meaning.counting import (
    currencies,
    later_reasons,
    pieces_back,
    reasons,
    with_signs,
)
from xlclv.reading.meaning.facts import Facts
from xlclv.reading.meaning.layouts import Layout, find_layout
from xlclv.reading.meaning.money.amounts import amounts
from xlclv.reading.meaning.money.columns import Groups, money_columns
from xlclv.reading.meaning.money.refunds import refunds
from xlclv.reading.meaning.money.sums import Sums
from xlclv.reading.meaning.normal import normal_form
from xlclv.reading.meaning.orders import OrderKeys, order_keys
from xlclv.reading.meaning.people import Owners, owners
from xlclv.reading.meaning.report import tell
from xlclv.reading.meaning.roles import (
    BASES,
    CUSTOMER,
    DATES,
    MONEY,
    Roles,
    position_of,
    role_of,
    role_title,
)
from xlclv.reading.meaning.rows import Runs, records, runs
from xlclv.reading.meaning.rules import Rules
from xlclv.reading.meaning.status import statuses
from xlclv.reading.question import Question
from xlclv.tables import RawTable, Table
from xlclv.terms import BoolArray, DateArray
from xlclv.words import word

_MOST_QUOTED: Final = 8


def understand(raw: RawTable, choices: Choices | None = None) -> Table:
    """Read an order table.

    Args:
        raw: The table as it stands.
        choices: What the user says about it.

    Returns:
        The table in the normal form: columns of ORDERS, besides "left_out", why a row does not
        count, and "order_key", the order of each row; its reading comes with it.

    Raises:
        InputError: A column is missing, or a cell cannot be told.
        Question: Two readings give different sums, and nothing in the table tells which is meant.
        NotEnoughData: No row is left.
    """
    try:
        facts = find_out(raw, choices or Choices())
    except Question as question:
        question.table = raw
        raise
    tell(facts)
    return normal_form(facts)


def find_out(raw: RawTable, choices: Choices) -> Facts:
    """Find out what the columns and the rows of a table mean."""
    layout = find_layout(raw.headers)
    cells = Cells(raw, choices.conventions)
    roles = _roles(cells, layout, choices)
    _refuse_missing(cells, layout, roles)
    cells.numeric = tuple(roles.all(*MONEY))
    cells.dated = tuple(roles.all(*DATES))
    rules = Rules(raw)
    day, bad_day, day_at = _days(cells, roles)
    rows = records(cells, roles, day)
    order = cells.ids(at) if (at := roles.first("order_id")) is not None else None
    if order is not None and order.blank.all():
        order = None
    run = runs(order, rows.used, _continues(cells, roles, order, day))
    day = run.days(day)
    repeated = _repeated(cells, rows.used) if order is not None else np.zeros(cells.rows, bool)
    said = statuses(cells, roles, run, layout, choices.status)
    owner = owners(cells, roles, run, _outgoing(cells, roles))
    order, owner = _with_references(cells, roles, order, run, owner)
    negative = _negative(cells, roles)
    keys = order_keys(order, owner.codes, day, rows.used & ~negative & ~said.refund)
    live = rows.used & ~repeated
    groups = _groups(cells, day_at, keys, live, numbered=order is not None)
    columns = {one.at: one for one in money_columns(cells, roles, groups, layout.line_amounts)}
    product = roles.first("product")
    sums = Sums(
        cells,
        roles,
        groups,
        columns,
        rules,
        None if product is None else cells.labels(product).codes,
    )
    money = amounts(sums)
    net = with_signs(sums, money, said)
    bad_amount = live & ~money.known
    left_out, counted = reasons(said, groups, net, repeated, pieces_back(sums))
    back = refunds(sums, replace(money, net=net), left_out == "refunded", counted, ~said.gift_card)
    left_out = np.where(back.whole & (left_out == ""), "refunded", left_out)
    return Facts(
        cells=cells,
        layout=layout,
        roles=roles,
        rules=rules,
        rows=rows,
        run=run,
        repeated=repeated,
        day=day,
        bad_day=bad_day,
        order=order,
        owner=owner,
        said=said,
        keys=keys,
        sums=sums,
        money=money,
        net=back.net,
        bad_amount=bad_amount,
        refunded=back.whole,
        currency=currencies(sums, money, run),
        left_out=later_reasons(left_out, rows, day, bad_amount, said, owner),
    )


def _roles(cells: Cells, layout: Layout, choices: Choices) -> Roles:
    chosen: dict[int, str] = {}
    dropped: list[str] = []
    for name, header in choices.columns.items():
        role = role_of(name)
        if not header:
            dropped.append(role)
            continue
        at = position_of(cells.raw.headers, header)
        if at is None:
            listed = ", ".join(str(text) for text in cells.raw.headers if text not in (None, ""))
            raise InputError("no_such_header", name=name, value=header, expected=listed)
        chosen[at] = role
    for header in choices.unused:
        at = position_of(cells.raw.headers, header)
        if at is not None:
            chosen[at] = "neutral"
    return roles_of(cells, layout, chosen, dropped)


def _refuse_missing(cells: Cells, layout: Layout, roles: Roles) -> None:
    """Refuse a table without customer, day or amount; say what it lacks and what looks like it."""
    if layout.refuse:
        raise InputError(layout.refuse, layout=layout.title)
    lacking = [
        name
        for name, wanted in (
            ("customer_id", (*CUSTOMER, "customer_name")),
            ("order_date", ("order_date", "paid_date")),
            ("amount_net", BASES),
        )
        if not roles.has(*wanted)
    ]
    if not lacking:
        return
    from xlclv.reading.meaning.proposals import proposals  # noqa: PLC0415 - only to refuse

    found = proposals(cells, roles, lacking)
    headers = [" ".join(str(text).split()) for text in cells.raw.headers if text not in (None, "")]
    raise Question(
        "order_columns_missing",
        tuple(("--map", f"{name}={header}") for name, header in found.items()),
        rows=None,
        missing=", ".join(role_title(name) for name in lacking),
        expected=", ".join(headers[:40]),
        likely=_likely(found),
        one=len(lacking) == 1,
    )


def _likely(found: Mapping[str, str]) -> str:
    if not found:
        return ""
    listed = ", ".join(f'"{header}" → {role_title(name)}' for name, header in found.items())
    return " " + word("reading.looks_like", columns=listed)


def _days(cells: Cells, roles: Roles) -> tuple[DateArray, BoolArray, int]:
    """Return the day of each row by the column that says most and has days."""
    best = None
    for at in roles.all("order_date", "paid_date"):
        days = cells.days(at)
        known = int((~np.isnat(days.values)).sum())
        if best is None or (known > 0 and best[0] == 0):
            best = (known, days, at)
        if known * 2 >= int(cells.filled(at).sum()) and known:
            best = (known, days, at)
            break
    if best is None:
        raise NotEnoughData("no_rows_count")
    return best[1].values, best[1].bad, best[2]  # noqa: PD011 - no data frame


def _continues(cells: Cells, roles: Roles, order: Labels | None, day: DateArray) -> BoolArray:
    """Say which rows say neither order nor customer nor day, but what was bought."""
    blank = np.isnat(day)
    if order is not None:
        blank &= order.blank
    for at in roles.all("customer_id", "email", "phone", "customer_name", "last_name"):
        blank &= ~cells.filled(at)
    bought = np.zeros(cells.rows, bool)
    for at in roles.all("product", "qty", "unit_price", "price", "line_total"):
        bought |= cells.filled(at)
    return blank & bought


def _repeated(cells: Cells, used: BoolArray) -> BoolArray:
    """Say which rows equal an earlier one in every column, the time of day too."""
    if not used.any():
        return used
    code = np.zeros(cells.rows, np.int64)
    for at in range(len(cells.raw.headers)):
        column = cells.column(at)
        code = pd.factorize(code * (len(column.different) + 1) + column.codes + 1)[0].astype(
            np.int64
        )
    again: BoolArray = (
        pd.Series(np.where(used, code, -1 - np.arange(code.size))).duplicated().to_numpy()
    )
    return again & used


def _outgoing(cells: Cells, roles: Roles) -> BoolArray | None:
    if not roles.has("email_to"):
        return None
    at = roles.first(*BASES)
    return None if at is None else np.nan_to_num(cells.numbers(at).values) < 0


def _negative(cells: Cells, roles: Roles) -> BoolArray:
    """Say which rows have a negative amount or quantity, whatever the amount is."""
    found = np.zeros(cells.rows, bool)
    for at in roles.all("qty", *BASES)[:3]:
        found |= np.nan_to_num(cells.numbers(at).values) < 0
    return found


def _with_references(
    cells: Cells, roles: Roles, order: Labels | None, run: Runs, owner: Owners
) -> tuple[Labels | None, Owners]:
    """Give a row the order it refers to, and a row of nobody the owner of its order."""
    at = roles.first("ref_order")
    if order is None:
        numbers = run.number if run.continued.any() else None
        if numbers is None:
            return None, owner
        return Labels(numbers, [str(one) for one in range(int(numbers.max()) + 1)]), owner
    order = run.filled(order)
    if at is not None:
        other = cells.ids(at)
        codes = np.where(other.codes >= 0, other.codes + len(order.names), order.codes)
        order = Labels.of(codes, [*order.names, *other.names])
    missing = (owner.codes < 0) & ~owner.nobody & (order.codes >= 0)
    if at is None or not missing.any():
        return order, owner
    low = np.full(len(order.names) + 1, np.iinfo(np.int64).max)
    high = np.full(len(order.names) + 1, -1, np.int64)
    has = (owner.codes >= 0) & (order.codes >= 0)
    np.minimum.at(low, order.codes[has], owner.codes[has])
    np.maximum.at(high, order.codes[has], owner.codes[has])
    found = np.where(low == high, high, -1)[order.codes]
    return order, replace(owner, codes=np.where(missing, found, owner.codes))


def _groups(
    cells: Cells, day_at: int, keys: OrderKeys, live: BoolArray, *, numbered: bool
) -> Groups:
    codes = keys.codes
    count = int(codes.max(initial=-1)) + 1
    stamp = cells.column(day_at).codes
    known = live & (stamp >= 0)
    low = np.full(count, np.iinfo(np.int64).max)
    high = np.full(count, -1, np.int64)
    np.minimum.at(low, codes[known], stamp[known])
    np.maximum.at(high, codes[known], stamp[known])
    return Groups(codes, count, live, numbered, low >= high)
