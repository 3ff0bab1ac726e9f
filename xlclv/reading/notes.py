"""What is said of an order table that was read: in the report, and on the tab Checks."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from xlclv.headers import key
from xlclv.reading.meaning.roles import role_title
from xlclv.readings import Reading, TakenColumn
from xlclv.tables import Table
from xlclv.words import word

if TYPE_CHECKING:
    from xlclv.reading.find import Found

# Columns that were understood, and of which there is nothing to say.
_SILENT = frozenset(("", "neutral", "recipient", "other_date", "order_time", "line_id"))


def order_notes(place: "Found", table: Table) -> list[str]:
    """Return where the order table stands, what its columns are, and which rules were applied."""
    reading = table.reading or Reading()
    found, *cut = place.notes
    return [found, *_of_columns(reading), *cut, *reading.notes, *_of_rules(reading)]


def _of_columns(reading: Reading) -> Iterator[str]:
    times = Counter(key(column.header) for column in reading.columns)
    taken = [column for column in reading.columns if column.role not in _SILENT]
    if taken:
        listed = ", ".join(_taken(column, times[key(column.header)]) for column in taken)
        yield word("notes.columns_taken", columns=listed)
    unused = [column.header for column in reading.columns if column.role in _SILENT]
    if unused:
        yield word("notes.columns_unused", headers=", ".join(unused))


def _taken(column: TakenColumn, times: int) -> str:
    name = role_title(column.role)
    place = "".join(sign for sign in column.cell.rpartition("!")[2] if sign.isalpha())
    which = "column_taken" if times == 1 else "column_first_taken"
    if column.header == name and which == "column_taken":
        which = "column_as_titled"
    return word(f"notes.{which}", name=name, header=column.header, column=place)


def _of_rules(reading: Reading) -> Iterator[str]:
    return (rule.text for rule in reading.rules)
