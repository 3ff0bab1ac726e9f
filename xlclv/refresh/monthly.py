"""A new export into an existing book: new orders below the others, changed ones in their rows.

The book's order table is changed in a copy, which is then refreshed like any other. Its rows and
those of the export are compared order by order, told by customer and order number: a row that is
there already changes nothing; one that differs takes the place of a row of the same order and day;
all others are added. So the same export twice changes nothing, an export that overlaps an earlier
one adds what is new, a refund of a later month joins its order, and an order that the export does
not have stays.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from xlclv.columns import CellError, as_date
from xlclv.errors import InputError
from xlclv.reading.answers import is_ours
from xlclv.reading.found import Found
from xlclv.reading.gather import Book
from xlclv.reading.several.once import as_written
from xlclv.readings import Rule, RuleLevel
from xlclv.tables import ORDERS, Table, title
from xlclv.terms import TERMS
from xlclv.words import word, yes_no
from xlclv.xlsx.fill_columns import FilledColumn, fill_columns
from xlclv.xlsx.package import Package
from xlclv.xlsx.put_rows import Box, put_rows

# Why a row of an export does not count, where a status in the book can say the same.
SAID_BY_STATUS: Final = ("", "ignored", "not_yet", "refunded", "test", "nobody")
NO_DAY: Final = np.datetime64(0, "D")
_LISTED: Final = 5
# What makes two rows of an order the same; all else stands beside it.
OF_ORDER: Final = (
    *("order_date", "amount_net", "discount", "tax", "cost", "product", "qty", "is_refund"),
    *("ref_order", "currency_code", "order_status"),
)
Row = dict[str, object]
Key = tuple[str, str]


@dataclass(slots=True)
class Merge:
    """What an export changes in an order table.

    Args:
        changed: Row of the table (from 0) to the new content of its columns, by name.
        added: Rows to add.
        rules: What was done, for the report.
    """

    changed: dict[int, Row] = field(default_factory=dict)
    added: list[Row] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


def put_orders(book: Book, export: Table, target: Path) -> list[Rule]:
    """Write a copy of a book with the orders of an export in it.

    Args:
        book: The book, read.
        export: The order table of the export, understood.
        target: Where the copy goes.

    Returns:
        What was added and changed, and what of the export was not put in.

    Raises:
        InputError: The book has no order table of ours, or it cannot be changed.
    """
    found, orders = book.found.get("orders"), book.inputs.orders
    if book.source.kind != "xlsx" or found is None or orders is None:
        raise InputError("no_orders_to_extend", path=book.source.path.name)
    if found.others or not is_ours(orders):
        raise InputError("orders_not_plain", path=book.source.path.name, place=found.span)
    merge = merged(orders, export)
    with Package(book.source.path) as package:
        _write(package, found, orders, merge)
        package.write(target)
    return merge.rules


# --- what an export changes -------------------------------------------------------------------


def merged(orders: Table, export: Table) -> Merge:
    """Compare an export with an order table.

    Args:
        orders: The table as it is.
        export: The export; its columns that the table lacks are added where they hold anything.
    """
    names = [name for name in ORDERS.columns if name in export.columns and export.has(name)]
    old, new = list(_rows(orders, names)), list(_rows(export, names))
    merge = Merge()
    reasons = export.values("left_out") if "left_out" in export.columns else None
    known: dict[Key, list[int]] = defaultdict(list)
    for at, row in enumerate(old):
        known[_key(row)].append(at)
    fresh: dict[Key, list[int]] = defaultdict(list)
    for at, row in enumerate(new):
        if reasons is None or reasons[at] in SAID_BY_STATUS:
            fresh[_key(row)].append(at)
    tally = _Tally()
    for key, rows in fresh.items():
        _compare(merge, tally, old, known.get(key, []), [new[at] for at in rows])
    merge.rules += tally.rules()
    merge.rules += _not_put_in(export)
    # Rows of the table are counted as on its sheet, blank ones too.
    merge.changed = {int(orders.used[at]): row for at, row in merge.changed.items()}
    return merge


def _rows(table: Table, names: Sequence[str]) -> Iterator[Row]:
    """Yield each row with what it has of some columns, as cells; None is blank."""
    columns = [_cells(table, name) for name in names]
    for cells in zip(*columns, strict=True):
        yield dict(zip(names, cells, strict=True))


def _cells(table: Table, name: str) -> list[object]:
    """Return a column that was understood, as cells; None is blank."""
    if name not in table.columns:
        return [None] * table.rows
    column = table.columns[name]
    values: Sequence[object] = column.values.tolist()
    if TERMS[name].kind == "date":
        values = [as_date(day) for day in np.where(column.blank, NO_DAY, column.values)]
    if TERMS[name].kind == "boolean":  # a mark that is not set says the same as none
        values = [value or None for value in values]
    blank = (column.blank | column.bad).tolist()
    return [None if empty else value for empty, value in zip(blank, values, strict=True)]


def _key(row: Row) -> Key:
    return as_written(row.get("customer_id") or ""), as_written(row.get("order_id") or "")


@dataclass(slots=True)
class _Tally:
    """Orders added and changed so far, with their money."""

    added: dict[str, float] = field(default_factory=dict)
    changed: dict[str, tuple[float, float]] = field(default_factory=dict)
    same: int = 0

    def rules(self) -> Iterator[Rule]:
        """Tell what was done."""
        money = sum(self.added.values())
        facts = {"orders": f"{len(self.added):,}", "same": f"{self.same:,}"}
        text = word("reading.orders_added", money=f"{money + 0.0:,.2f}", **facts)
        yield Rule("orders_added", "info", text, len(self.added), len(self.added), money)
        if self.changed:
            before, after = (sum(pair[at] for pair in self.changed.values()) for at in (0, 1))
            shown = [
                word("reading.order_changed", order=name, before=f"{old:,.2f}", after=f"{now:,.2f}")
                for name, (old, now) in self.changed.items()
            ]
            listed = ", ".join(shown[:_LISTED]) + (" …" if len(shown) > _LISTED else "")
            money = after - before
            facts = {"orders": f"{len(shown):,}", "listed": listed}
            text = word("reading.orders_updated", money=f"{money + 0.0:+,.2f}", **facts)
            yield Rule("orders_updated", "info", text, len(shown), len(shown), money)


def _compare(
    merge: Merge, tally: _Tally, old: Sequence[Row], known: Sequence[int], fresh: Sequence[Row]
) -> None:
    """Compare the rows of one order, or of a customer's orders without a number."""
    numbered = bool(fresh[0].get("order_id"))
    name = as_written(fresh[0].get("order_id") or fresh[0].get("customer_id") or "")
    there: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for at in known:
        there[_content(old[at])].append(at)
    left, beside = [], False
    for row in fresh:
        if same := there.get(_content(row)):
            beside |= _update_beside(merge, same.popleft(), old, row)
        elif not _is_nothing(row):
            left.append(row)
    days = {_day(row) for row in fresh}
    rest = sorted(at for rows in there.values() for at in rows if not _is_nothing(old[at]))
    outdated = [at for at in rest if numbered and _day(old[at]) in days]
    for at, row in zip(outdated, left, strict=False):
        merge.changed[at] = {key: cell for key, cell in row.items() if _counts(key, cell)}
    merge.added += left[len(outdated) :]
    for at in outdated[len(left) :]:
        merge.changed[at] = {key: 0.0 for key in ("amount_net", "qty") if old[at].get(key)}
    if outdated or beside:
        tally.changed[name] = (_money(old[at] for at in outdated), _money(left))
    elif left:
        tally.added[name] = tally.added.get(name, 0.0) + _money(left)
    else:
        tally.same += 1


def _update_beside(merge: Merge, at: int, old: Sequence[Row], row: Row) -> bool:
    """Bring up to date what stands beside an order, such as consent; a blank says nothing."""
    changed = {
        key: cell
        for key, cell in row.items()
        if key not in OF_ORDER and cell is not None and _text(cell) != _text(old[at][key])
    }
    if changed:
        merge.changed[at] = changed
    return bool(changed)


def _counts(name: str, cell: object) -> bool:
    """Say whether a cell of an export goes into the book; a blank takes nothing out of it."""
    return name in OF_ORDER or cell is not None


def _content(row: Row) -> tuple[str, ...]:
    return tuple(_text(row[name]) for name in OF_ORDER if name in row)


def _text(cell: object) -> str:
    return "" if cell is None else as_written(_rounded(cell))


def _rounded(cell: object) -> object:
    """Return a number without the noise of binary fractions."""
    return round(cell, 6) if isinstance(cell, float) else cell


def _is_nothing(row: Row) -> bool:
    """Say whether a row is a line that was taken out of its order: without money and pieces."""
    return row.get("amount_net") == 0 and not row.get("qty") and bool(row.get("order_id"))


def _day(row: Row) -> object:
    return row.get("order_date")


def _money(rows: Iterator[Row] | Sequence[Row]) -> float:
    amounts = (row.get("amount_net") for row in rows)
    return float(sum(amount for amount in amounts if isinstance(amount, float | int)))


def _not_put_in(export: Table) -> Iterator[Rule]:
    """Tell what of an export did not go into the book: what cannot be read or is no order."""
    if "left_out" not in export.columns:
        return
    reasons = export.values("left_out")
    out = ~np.isin(reasons, SAID_BY_STATUS)
    if out.any():
        unreadable = reasons == "unreadable"
        column = export.index.get("customer_id", 0)
        rows = np.flatnonzero(unreadable if unreadable.any() else out)[:_LISTED]
        cells = tuple(export.raw.where.cell(column, int(export.used[row])) for row in rows)
        money = float(np.nansum(export.values("amount_net")[out]))
        text = word(
            "reading.rows_not_put_in",
            rows=f"{int(out.sum()):,}",
            money=f"{money + 0.0:,.2f}",
            cells=", ".join(cells),
        )
        level: RuleLevel = "warning" if unreadable.any() else "info"
        yield Rule("rows_not_put_in", level, text, int(out.sum()), None, money, cells)


# --- into the book ----------------------------------------------------------------------------


def _write(package: Package, found: Found, orders: Table, merge: Merge) -> None:
    place = found.raw.where
    columns = {name: place.first_column + at for name, at in orders.index.items()}
    width = len(found.raw.headers)
    box = Box(
        found.sheet,
        "" if found.table is None else found.table.name,
        place.header_row,
        found.last_row,
        place.first_column,
        place.first_column + width - 1,
    )
    changed = {
        (place.header_row + 1 + row, columns[name]): shown(value)
        for row, cells in merge.changed.items()
        for name, value in cells.items()
        if name in columns
    }
    added = [
        {columns[name]: shown(value) for name, value in row.items() if name in columns}
        for row in merge.added
    ]
    put_rows(package, box, changed, added)
    lacking = _lacking(columns, merge)
    if lacking:
        rows = found.last_row - place.header_row
        filled = [
            FilledColumn(place.first_column + width + at, title(name), _values(merge, name, rows))
            for at, name in enumerate(lacking)
        ]
        last = found.last_row + len(merge.added)
        fill_columns(package, found.sheet, box.header, box.header + 1, last, filled)


def _lacking(columns: Mapping[str, int], merge: Merge) -> list[str]:
    """Return the columns of the export that the table has not, as far as they hold anything."""
    rows = [*merge.changed.values(), *merge.added]
    return [
        name
        for name in ORDERS.columns
        if name not in columns and any(row.get(name) is not None for row in rows)
    ]


def _values(merge: Merge, name: str, rows: int) -> list[object]:
    old = [shown(merge.changed.get(row, {}).get(name)) for row in range(rows)]
    return [*old, *(shown(row.get(name)) for row in merge.added)]


def shown(value: object) -> object:
    """Return a value as a cell of the order table shows it."""
    if isinstance(value, bool):
        return yes_no(answer=value)
    if isinstance(value, date | CellError | str | int | float) or value is None:
        return value
    return str(value)
