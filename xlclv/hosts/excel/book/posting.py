"""A posting written into the Ledger of the open workbook: rows added, some cells changed.

Nothing else of the tab is touched, so all that a user marked, coloured or added there stays.
"""

import xlwings as xw

from xlclv.addresses import Box
from xlclv.errors import InputError
from xlclv.hosts.excel.book.entries import as_entry, put
from xlclv.hosts.excel.book.facts import OpenFacts
from xlclv.hosts.excel.book.filling import look_alike, resize
from xlclv.hosts.excel.book.journal import Journal
from xlclv.refresh.booking import Booking
from xlclv.schema import STATUS_ROW


def check_room(book: xw.Book, booking: Booking) -> None:
    """See that the rows to add have room.

    Raises:
        InputError: They have none.
    """
    box, facts = booking.box, OpenFacts(book)
    table = next((each for each in facts.tables(box.sheet) if each.name == box.table), None)
    if not booking.added:
        return
    if table is not None and table.totals_rows:
        raise InputError("table_has_totals", path=book.name, sheet=box.sheet)
    cells = facts.content(box.sheet, _added(booking))
    if cells:
        raise InputError("rows_in_way", path=book.name, sheet=box.sheet, cells=cells)


def post(book: xw.Book, booking: Booking, journal: Journal) -> None:
    """Write a posting."""
    box, sheet = booking.box, book.sheets[booking.box.sheet]
    for place, value in {**booking.changed, (STATUS_ROW, 1): booking.status}.items():
        cell = sheet.range(place)
        journal.keep(cell)
        put(cell, [[as_entry(value)]])
    if not booking.added:
        return
    added = _added(booking)
    block = sheet.range(added[:2], added[2:])
    if box.last > box.header:
        look_alike(block, sheet.range((box.last, box.first_column), (box.last, box.last_column)))
    for column in booking.added[0]:
        cells = sheet.range((added.first_row, column), (added.last_row, column))
        journal.keep(cells)
        put(cells, [[as_entry(row[column])] for row in booking.added])
    if box.table:
        resize(sheet, box.table, added._replace(first_row=box.header), journal)


def _added(booking: Booking) -> Box:
    box = booking.box
    return Box(box.last + 1, box.first_column, box.last + len(booking.added), box.last_column)
