"""The normal form: a row is a line of an order, with whose it is, its day and net amount."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from xlclv.columns import CellError, as_objects
from xlclv.columns import Column as TypedColumn
from xlclv.errors import InputError, NotEnoughData
from xlclv.reading.meaning.cells import Cells, Labels
from xlclv.reading.meaning.facts import Facts
from xlclv.reading.meaning.money.columns import Money
from xlclv.reading.meaning.report import columns_told, statuses_told
from xlclv.readings import Reading
from xlclv.tables import ORDERS, Fault, Table, title
from xlclv.terms import TERMS, FloatArray, IntArray
from xlclv.words import word


def normal_form(facts: Facts) -> Table:
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
        values = None if column is None else column.raw if name == "qty" else _once(column)
        found[name] = None if values is None else _number(values, used, there=True)
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


def _once(column: Money) -> FloatArray:
    """Return money such that what belongs to an order stands once, NaN where it is not known."""
    return np.where(column.known, column.add, np.nan)


def _cost(facts: Facts, used: IntArray) -> TypedColumn | None:
    """Return what the goods of each row cost: of the line, or of a piece times its quantity."""
    whole, each, qty = (facts.sums.first(name) for name in ("cost", "unit_cost", "qty"))
    if whole is not None:
        return _number(_once(whole), used, there=True)
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
    if name == "order_date" and cells.days(at).stand_in[row]:
        return CellError.of(InputError("stand_in_day", name=title(name), value=value))
    term = TERMS[name]
    if value is None or (isinstance(value, str) and not value.strip()):
        return CellError.of(InputError("empty", name=title(name), expected=term.expected))
    fault = InputError("wrong_kind", name=title(name), value=value, expected=term.expected, hint="")
    return CellError.of(fault)
