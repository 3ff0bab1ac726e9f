"""Orders and their lines on two sheets or in two files become one table, by order number."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from xlclv import headers
from xlclv.columns import Cells, as_objects
from xlclv.reading.found import Found
from xlclv.reading.meaning.roles import BASES
from xlclv.reading.several.once import as_written
from xlclv.reading.several.places import Beside
from xlclv.reading.several.stack import roles_in
from xlclv.readings import Rule
from xlclv.tables import ORDERS, RawTable, TableSpec
from xlclv.terms import IntArray, TextArray
from xlclv.words import word

HEADS: Final = replace(ORDERS, required=("order_id", "customer_id", "order_date"))
LINES: Final = replace(ORDERS, required=("order_id",))
# What a line tells that its order does not.
OF_LINE: Final = frozenset(("product", "qty", *BASES))
_ENOUGH: Final = 0.9  # so many orders must have lines where the orders tell an amount themselves
_SOME: Final = 0.5
_LISTED: Final = 5

FindTable = Callable[[TableSpec, Collection[str]], Found | None]


def with_lines(orders: Found | None, find: FindTable, skip: Collection[str]) -> Found | None:
    """Return the orders with their lines beside them; without lines the orders as they are.

    Args:
        orders: The order table; None where none has a customer, a day and an amount.
        find: Finds a table of a spec, leaving out some sheets.
        skip: Sheets not to look at.

    Raises:
        InputError: As of `find`.
    """
    heads = orders or find(HEADS, skip)
    if heads is None or "order_id" not in heads.index:
        return orders
    ids = _ids(heads)
    if pd.Index(ids[ids != ""]).has_duplicates:
        return orders
    lines = _lines_of(find, {*skip, *heads.sheets})
    if lines is None:
        return orders
    covered = np.isin(ids, _ids(lines)).mean() if ids.size else 0.0
    if covered < (_SOME if orders is None else _ENOUGH):
        return orders
    return _joined(heads, lines, ids)


def _lines_of(find: FindTable, skip: set[str]) -> Found | None:
    """Find the table of lines: with an order number, without customer and day of its own."""
    while True:
        found = find(LINES, skip)
        if found is None:
            return None
        roles = set(roles_in(found).values())
        if not roles.isdisjoint(OF_LINE) and not roles >= {"order_date", "customer_id"}:
            return found
        skip |= found.sheets


def _ids(found: Found) -> TextArray:
    """Return the order number of each row as it is written, shape (n,)."""
    cells = as_objects(found.raw.columns[found.index["order_id"]])
    codes, different = pd.factorize(cells)
    texts = np.array([*map(as_written, different.tolist()), ""], dtype=object)
    named: TextArray = texts[codes]
    return named


def _joined(heads: Found, lines: Found, ids: TextArray) -> Found:
    """Put each order before its lines; lines without an order come last."""
    of_lines = _ids(lines)
    place = pd.Series(np.arange(ids.size), index=ids)
    head_of_line = place[place.index != ""].reindex(of_lines).fillna(-1).to_numpy().astype(np.int64)
    alone = np.setdiff1d(np.arange(ids.size), head_of_line)
    left = np.concatenate([head_of_line, alone])
    right = np.concatenate([np.arange(of_lines.size), np.full(alone.size, -1)])
    order = np.lexsort((right, np.where(left < 0, ids.size, left)))
    left, right = left[order], right[order]
    own = lines.index["order_id"]
    others = [at for at in range(len(lines.raw.headers)) if at != own]
    number = heads.index["order_id"]
    columns = [_taken(column, left) for column in heads.raw.columns]
    stray = left < 0
    with_number = as_objects(columns[number]).copy()
    with_number[stray] = of_lines[right[stray]]
    columns[number] = with_number
    columns += [_taken(lines.raw.columns[at], right) for at in others]
    width = len(heads.raw.headers)
    where = Beside(
        heads.raw.where.sheet,
        heads.raw.where.header_row,
        heads.raw.where.first_column,
        heads.raw.where,
        lines.raw.where,
        width,
        others,
        left,
        right,
    )
    texts = [
        *heads.raw.headers,
        *_apart(heads.raw.headers, [lines.raw.headers[at] for at in others]),
    ]
    index = dict(heads.index)
    for name, at in lines.index.items():
        if name not in index:
            index[name] = width + others.index(at)
    rules = tuple(filter(None, (_strays(of_lines, head_of_line), _without(ids, alone))))
    notes = [*heads.notes[: heads.places], *lines.notes[: lines.places]]
    notes.append(word("notes.lines_joined", lines=lines.span, orders=heads.span))
    return replace(
        heads,
        raw=RawTable(texts, columns, where),
        notes=(*notes, *heads.notes[heads.places :], *lines.notes[lines.places :]),
        places=len(notes),
        index=index,
        chosen={**lines.chosen, **heads.chosen},
        others=(*heads.others, lines.sheet, *lines.others),
        starts=(0,),
        rules=(*heads.rules, *lines.rules, *rules),
    )


def _taken(cells: Cells, rows: IntArray) -> TextArray:
    """Return some cells of a column, None for the row -1."""
    nothing = np.full(1, None, dtype=object)
    taken: TextArray = np.concatenate([as_objects(cells), nothing])[rows]
    return taken


def _apart(of_orders: Sequence[object], of_lines: Sequence[object]) -> list[str]:
    """Return the headers of the lines; one that the orders have too says whose it is."""
    taken = {headers.key(str(text)) for text in of_orders}
    return [
        word("reading.of_line", header=text) if headers.key(str(text)) in taken else str(text)
        for text in of_lines
    ]


def _strays(of_lines: TextArray, head_of_line: IntArray) -> Rule | None:
    names = of_lines[head_of_line < 0]
    return _rule("lines_without_order", names) if names.size else None


def _without(ids: TextArray, alone: IntArray) -> Rule | None:
    return _rule("orders_without_lines", ids[alone]) if alone.size else None


def _rule(name: str, ids: TextArray) -> Rule:
    named = list(dict.fromkeys(ids.tolist()))
    listed = ", ".join(named[:_LISTED]) + (" …" if len(named) > _LISTED else "")
    text = word(f"reading.{name}", rows=f"{ids.size:,}", listed=listed)
    return Rule(name, "warning", text, rows=int(ids.size))
