"""A posting as a change of the ledger that stands in a book: rows added, some cells changed.

Nothing else of the tab is touched, so all that a user marked, coloured or added there stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlclv.analysis.results import Results
from xlclv.columns import as_cells, as_objects
from xlclv.reading.gather import Book
from xlclv.schema import STATUS_ROW
from xlclv.tables import LEDGER
from xlclv.terms import Array
from xlclv.xlsx.fill_columns import FilledColumn, fill_columns
from xlclv.xlsx.package import Package
from xlclv.xlsx.put_rows import Box, put_rows

CHANGING = ("entry_state", "expires_on")  # all that posting changes in rows that are there


@dataclass(frozen=True, slots=True)
class Booking:
    """What a posting changes.

    Args:
        box: Where the ledger stands.
        changed: Row and column of the sheet to the new value.
        added: The rows to add, column of the sheet to value.
        status: The line of the tab about the checks.
    """

    box: Box
    changed: Mapping[tuple[int, int], object]
    added: Sequence[Mapping[int, object]]
    status: str

    def write(self, package: Package) -> None:
        """Write it into a book.

        Raises:
            InputError: As of `put_rows`.
        """
        put_rows(package, self.box, self.changed, self.added)
        line = FilledColumn(1, "", [self.status])
        rows = (STATUS_ROW - 1, STATUS_ROW, STATUS_ROW)
        fill_columns(package, self.box.sheet, *rows, [line])


def booking(book: Book, results: Results) -> Booking | None:
    """Return what posting changes in the ledger of a book; None where it has to be drawn.

    Args:
        book: The book, with the ledger as it stands.
        results: The results, with the ledger as it is to be.
    """
    given, now, found = book.inputs.ledger, results.inputs.ledger, book.found.get("ledger")
    posted = "Ledger" in book.redrawn
    if not posted or given is None or now is None or found is None or found.table is None:
        return None
    if any(name not in given.index for name in LEDGER.columns):
        return None
    place, rows = given.raw.where, given.rows
    changed: dict[tuple[int, int], object] = {}
    for name in CHANGING:
        at = given.index[name]
        column = place.first_column + at
        before, after = _cells(given.typed(at)), _cells(now.typed(now.index[name])[:rows])
        for used, old, new in zip(given.used.tolist(), before, after, strict=True):
            if old != new:
                changed[place.header_row + 1 + used, column] = new
    columns = {
        place.first_column + given.index[name]: _cells(now.typed(now.index[name])[rows:])
        for name in LEDGER.columns
    }
    added = [
        dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)
    ]
    table = found.table
    box = Box(
        found.sheet,
        table.name,
        table.header_row,
        table.last_row,
        table.first_column,
        table.last_column,
    )
    return Booking(box, changed, added, results.status)


def _cells(values: Array) -> list[object]:
    return [None if cell == "" else cell for cell in as_cells(as_objects(values))]
