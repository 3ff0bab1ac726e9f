"""Awards posted: the ledger with what a decision books, as a table to be written into the book.

Only posting writes into the ledger. It brings the rows there up to the day (pending becomes
active, active becomes expired, an expiry that restarted is moved) and adds what is due. Nothing
else of them changes, and no row is ever taken out.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from xlclv.analysis.results import Inputs, Results, compute
from xlclv.columns import as_cells, as_objects
from xlclv.errors import InputError
from xlclv.reading.gather import Book
from xlclv.rewards.ledger.entries import ledger_faults, read_ledger
from xlclv.rewards.ledger.restarts import brought_up
from xlclv.rewards.posting import postings
from xlclv.schema import BODY, TAB
from xlclv.tables import LEDGER, Place, RawTable, Table, read_table, title
from xlclv.terms import TERMS, Array, Frame, TextArray
from xlclv.words import counted, number, word

SHOWN = 5  # faults named in an error
Agreed = Callable[[str], bool]  # told what would be booked, says whether it may be


def post(
    book: Book, inputs: Inputs, results: Results, agreed: Agreed | None = None
) -> tuple[Book, Results]:
    """Book what was decided; return the book with its new ledger, and its results anew.

    Args:
        book: What was found in a workbook.
        inputs: What the results were computed from.
        results: The results, with the decision.
        agreed: Asked before anything is booked; None: nobody is asked.

    Raises:
        InputError: As of `due`, or it may not be booked.
    """
    rows = due(results)
    if agreed is not None and rows["customer_id"].size and not agreed(question(rows)):
        raise InputError("not_posted")
    ledger = _ledger(inputs.ledger, results, rows)
    after = compute(replace(inputs, ledger=ledger), results.stamp)
    return replace(book, redrawn=(*book.redrawn, "Ledger")), replace(after, booked=rows)


def due(results: Results) -> Frame:
    """Return the rows to be booked.

    Raises:
        InputError: No day is known to book them on, or rows of the ledger cannot be read: what
            they say was paid would be paid again.
    """
    if np.isnat(results.decisions.as_of):
        raise InputError("no_day_to_book")
    given = results.inputs.ledger
    faults = () if given is None else ledger_faults(given)
    if faults:
        raise InputError("ledger_at_fault", faults="; ".join(map(str, faults[:SHOWN])))
    return postings(results.decisions)


def question(rows: Frame) -> str:
    """Ask whether rows of the ledger may be booked, with their number and what they cost."""
    cost = float(np.nansum(rows["booked_cost"]))
    return counted("award.ask", rows["customer_id"].size, cost=number(cost, 2))


def booked(results: Results) -> str:
    """Say how many rows were added to the ledger."""
    count = results.booked["customer_id"].size
    return word("award.booked", count=number(count)) if count else word("award.none")


def _ledger(given: Table | None, results: Results, rows: Frame) -> Table:
    """Return the ledger with new rows at its end."""
    place = Place(TAB["Ledger"].name, header_row=BODY + 1)
    if given is None:
        headers, columns = [title(name) for name in LEDGER.columns], _cells(rows)
        return read_table(RawTable(headers, [columns[name] for name in columns], place), LEDGER)
    kept = _brought_up(given, results)
    new = _cells(rows)
    empty = np.full(rows["customer_id"].size, None, dtype=object)
    headers, table = [], []
    by_place = {at: name for name, at in given.index.items()}
    for at, header in enumerate(given.raw.headers):
        name = by_place.get(at, "")
        below = new.get(name, empty)
        headers.append(str(header or ""))
        table.append(np.concatenate([kept.get(name, as_objects(given.typed(at))), below]))
    for name in LEDGER.columns:  # a column that somebody took out
        if name not in given.index:
            headers.append(title(name))
            none = np.full(given.rows, None, dtype=object)
            table.append(np.concatenate([none, new[name]]))
    return read_table(RawTable(headers, table, place), LEDGER)


def _brought_up(given: Table, results: Results) -> Mapping[str, TextArray]:
    """Return the state and the last day of every row, brought up to the day of the decision."""
    day = results.decisions.as_of
    ledger = read_ledger(given)
    now = brought_up(ledger, day, *results.known.activity, results.known.restarts)
    counted = ledger.day <= day
    rows = np.flatnonzero(counted)  # `due` has refused a ledger with faults
    state = as_objects(given.typed(given.index["entry_state"])).copy()
    state[rows] = TERMS["entry_state"].all_said(now.state[counted])
    found = {"entry_state": state}
    if "expires_on" in given.index:
        expires = as_objects(given.typed(given.index["expires_on"])).copy()
        moved = now.expires_on[counted] != ledger.expires_on[counted]
        moved &= ~np.isnat(now.expires_on[counted])
        expires[rows[moved]] = _column(now.expires_on[counted][moved])
        found["expires_on"] = expires
    return found


def _cells(frame: Frame) -> dict[str, TextArray]:
    """Return columns as cells: days as dates, what is not known as nothing."""
    return {name: _column(TERMS[name].all_said(values)) for name, values in frame.items()}


def _column(values: Array) -> TextArray:
    return as_objects([None if cell == "" else cell for cell in as_cells(values)])
