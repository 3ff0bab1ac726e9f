"""From a table as it stands to rows in the normal form, with the reading that led there.

In the normal form a row is a line of an order (or the order): whose it is, its day, its net
amount without tax, shipping and what was refunded, and why it does not count if it does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from xlclv.columns import CellError, as_objects
from xlclv.columns import Column as TypedColumn
from xlclv.errors import InputError, NotEnoughData
from xlclv.headers import unit_of
from xlclv.reading.choices import Choices
from xlclv.reading.meaning.amounts import Amounts, Sums, amounts
from xlclv.reading.meaning.cells import Cells, Labels
from xlclv.reading.meaning.layouts import Layout, find_layout
from xlclv.reading.meaning.money import Groups, money_columns
from xlclv.reading.meaning.orders import OrderKeys, order_keys
from xlclv.reading.meaning.people import Owners, owners
from xlclv.reading.meaning.refunds import refunds
from xlclv.reading.meaning.report import columns_told, statuses_told, tell
from xlclv.reading.meaning.roles import (
    BASES,
    CUSTOMER,
    DATES,
    MONEY,
    Roles,
    position_of,
    role_of,
    roles_of,
)
from xlclv.reading.meaning.rows import Records, Runs, records, runs
from xlclv.reading.meaning.rules import Rules
from xlclv.reading.meaning.status import IGNORE, NOT_YET, REFUNDED, Statuses, statuses
from xlclv.reading.question import Question
from xlclv.reading.textnumbers import currency_of
from xlclv.readings import Reading
from xlclv.tables import ORDERS, Fault, RawTable, Table, title
from xlclv.terms import TERMS, Array, BoolArray, DateArray, FloatArray, IntArray
from xlclv.words import word

_MOST_QUOTED: Final = 8


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything found out about the rows of a table; arrays of shape (n,), n all rows."""

    cells: Cells
    layout: Layout
    roles: Roles
    rules: Rules
    rows: Records
    run: Runs
    repeated: BoolArray
    day: DateArray
    bad_day: BoolArray
    order: Labels | None
    owner: Owners
    said: Statuses
    keys: OrderKeys
    sums: Sums
    money: Amounts
    net: FloatArray
    bad_amount: BoolArray
    refunded: BoolArray
    currency: Labels
    left_out: Array


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
    return _normal(facts)


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
    net = _signed(sums, money, said)
    bad_amount = live & ~money.known
    left_out, counted = _left_out(said, groups, net, repeated, _pieces_back(sums))
    back = refunds(sums, replace(money, net=net), left_out == "refunded", counted)
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
        currency=_currency(sums, money, run),
        left_out=_later_reasons(left_out, rows, day, bad_amount, said, owner),
    )


# --- columns ---


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
        missing=", ".join(title(name) for name in lacking),
        expected=", ".join(headers[:40]),
        likely=_likely(found),
        one=len(lacking) == 1,
    )


def _likely(found: Mapping[str, str]) -> str:
    if not found:
        return ""
    listed = ", ".join(f'"{header}" → {title(name)}' for name, header in found.items())
    return " " + word("reading.looks_like", columns=listed)


# --- rows ---


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


# --- amounts ---


def _signed(sums: Sums, money: Amounts, said: Statuses) -> FloatArray:
    """Return net amounts, negative where the row is a refund by its type, mark or quantity."""
    net = money.net
    back = said.refund | _pieces_back(sums)
    return np.where(back, -np.abs(net), net)


def _pieces_back(sums: Sums) -> BoolArray:
    qty = sums.first("qty")
    if qty is None:
        return np.zeros(sums.cells.rows, bool)
    back: BoolArray = np.nan_to_num(qty.raw) < 0
    return back


def _left_out(
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


def _later_reasons(
    reason: Array,
    rows: Records,
    day: DateArray,
    bad_amount: BoolArray,
    said: Statuses,
    owner: Owners,
) -> Array:
    counted = rows.used & (reason == "")
    for mask, name in (
        (np.isnat(day) | bad_amount, "unreadable"),
        (said.gift_card, "gift_card"),
        (owner.codes < 0, "nobody"),
    ):
        reason = np.where(counted & mask & (reason == ""), name, reason)
    return reason


def _currency(sums: Sums, money: Amounts, run: Runs) -> Labels:
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


# --- the normal form ---


def _normal(facts: Facts) -> Table:
    """Return the table in the normal form."""
    used = np.flatnonzero(facts.rows.used)
    if not used.size:
        raise NotEnoughData("no_rows_count")
    columns = {name: column for name, column in _columns(facts, used).items() if column is not None}
    index = _index(facts, columns)
    faults = _faults(facts, columns)
    reading = Reading(
        layout=facts.layout.title,
        columns=columns_told(facts),
        statuses=statuses_told(facts),
        rules=tuple(facts.rules.found),
        notes=tuple(facts.cells.notes()),
        currency=facts.currency.names[0] if len(facts.currency.names) == 1 else "",
    )
    return Table(ORDERS, columns, used, facts.cells.raw, index, faults, reading)


def _columns(facts: Facts, used: IntArray) -> dict[str, TypedColumn | None]:
    cells, roles = facts.cells, facts.roles
    owner = facts.owner
    names = np.append(owner.names, "")[owner.codes]
    lasting = np.where(facts.left_out == "unreadable", np.nan, facts.net)
    found: dict[str, TypedColumn | None] = {
        "order_id": _text(facts.run.filled(cells.ids(at)), used)
        if (at := roles.first("order_id")) is not None
        else None,
        "customer_id": TypedColumn(names[used], owner.codes[used] < 0),
        "order_date": TypedColumn(facts.day[used], np.isnat(facts.day[used])),
        "amount_net": TypedColumn(np.nan_to_num(lasting[used]), np.isnan(lasting[used])),
        "tax": _number(facts.money.tax, used, there=roles.has("tax", "tax_rate")),
        "currency_code": _text(facts.currency, used) if facts.currency.names else None,
        "order_status": _status(facts, used),
        "left_out": TypedColumn(facts.left_out[used], facts.left_out[used] == ""),
        "order_key": TypedColumn(facts.keys.codes[used].astype(float), np.zeros(used.size, bool)),
    }
    for name in ("discount", "qty"):
        column = facts.sums.first(name)
        found[name] = None if column is None else _number(column.raw, used, there=True)
    found["cost"] = _cost(facts, used)
    for name in ("channel", "campaign", "product", "tags"):
        at = roles.first(name)
        found[name] = None if at is None else _text(facts.run.filled(cells.labels(at)), used)
    for name, role in (
        ("ref_order", "ref_order"),
        ("customer_name", "customer_name"),
        ("customer_email", "email"),
    ):
        at = roles.first(role)
        found[name] = None if at is None else _text(cells.ids(at), used)
    for name in ("newsletter", "opt_in"):
        at = roles.first(name)
        found[name] = None if at is None else _boolean(facts.run.filled(cells.labels(at)), used)
    if roles.has("is_refund", "doc_type"):
        found["is_refund"] = TypedColumn(facts.said.refund[used], np.zeros(used.size, bool))
    return found


def _text(labels: Labels, used: IntArray) -> TypedColumn:
    values = labels.values()[used]
    return TypedColumn(values, labels.codes[used] < 0)


def _number(values: FloatArray, used: IntArray, *, there: bool) -> TypedColumn | None:
    if not there:
        return None
    picked = values[used]
    return TypedColumn(np.nan_to_num(picked), np.isnan(picked))


def _boolean(labels: Labels, used: IntArray) -> TypedColumn:
    from xlclv.reading.meaning.lexicon import says  # noqa: PLC0415

    yes = labels.where(lambda name: says(name, "yes"))
    no = labels.where(lambda name: says(name, "no"))
    return TypedColumn(yes[used], ~(yes | no)[used])


def _cost(facts: Facts, used: IntArray) -> TypedColumn | None:
    """Return what the goods of each row cost: of the line, or of a piece times its quantity."""
    whole, each, qty = (facts.sums.first(name) for name in ("cost", "unit_cost", "qty"))
    if whole is not None:
        return _number(np.where(whole.known, whole.add, np.nan), used, there=True)
    if each is None:
        return None
    pieces = np.ones(facts.cells.rows) if qty is None else qty.raw
    return _number(each.raw * pieces, used, there=True)


def _status(facts: Facts, used: IntArray) -> TypedColumn | None:
    """Return the status of each row, such that reading it again says the same."""
    words = facts.said.words
    values = np.full(facts.cells.rows, "", dtype=object) if words is None else words.values()
    told = np.array(["", "not_yet", "refunded", "ignored"], dtype=object)[facts.said.word_use]
    for reason, text in (
        ("ignored", word("reading.status_ignored")),
        ("not_yet", word("reading.status_not_yet")),
        ("refunded", word("reading.status_refunded")),
        ("test", word("reading.status_test")),
    ):
        differs = (facts.left_out == reason) & (told != reason)
        values[differs] = text
    picked = values[used]
    blank = picked == ""
    return None if blank.all() else TypedColumn(picked, blank)


def _index(facts: Facts, columns: Mapping[str, TypedColumn]) -> dict[str, int]:
    """Return where each column stands in the table, as far as one of its columns is it."""
    roles = facts.roles
    found = {name: at for name in columns if (at := roles.first(name)) is not None}
    found["amount_net"] = facts.money.columns[0]
    for name, role in (
        ("customer_id", KINDS),
        ("order_status", ("status", "stage")),
        ("customer_email", ("email",)),
    ):
        if name not in found and name in columns and (at := roles.first(*role)) is not None:
            found[name] = at
    return found


KINDS: Final = ("customer_id", "email", "phone", "customer_name", "last_name", "company")


def _faults(facts: Facts, columns: Mapping[str, TypedColumn]) -> tuple[Fault, ...]:
    """Return the cells that keep a row from counting that would count otherwise."""
    wanted = facts.left_out == "unreadable"
    place = np.cumsum(facts.rows.used) - 1
    found: list[Fault] = []
    days = wanted & np.isnat(facts.day)
    amount_at = facts.money.columns[0]
    day_at = next(iter(facts.roles.all("order_date", "paid_date")))
    for name, at, mask in (
        ("order_date", day_at, days),
        ("amount_net", amount_at, wanted & facts.bad_amount),
    ):
        column = columns[name]
        for row in np.flatnonzero(mask):
            error = _why(facts.cells, name, at, int(row))
            cell = facts.cells.raw.where.cell(at, int(row))
            fault = Fault(cell, int(place[row]), name, error)
            column.faults[int(place[row])] = error
            found.append(fault)
    return tuple(sorted(found, key=lambda fault: (fault.row, fault.name)))


def _why(cells: Cells, name: str, at: int, row: int) -> CellError:
    value = as_objects(cells.raw.columns[at])[row]
    if isinstance(value, CellError):
        return CellError(value.code, word("errors.contains", name=title(name), code=value.code))
    term = TERMS[name]
    if value is None or (isinstance(value, str) and not value.strip()):
        return CellError.of(InputError("empty", name=title(name), expected=term.expected))
    fault = InputError("wrong_kind", name=title(name), value=value, expected=term.expected, hint="")
    return CellError.of(fault)
