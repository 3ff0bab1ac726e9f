"""The tables of the ranges handed over last, read once for all the cells that hand them over.

A range is known again by every one of its cells, value and type, never by where it stands: after
an edit it is another range, in whatever workbook. What is kept is bounded; the table that was not
asked for longest goes first, and with it all that was worked out from it.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import chain
from threading import RLock

from xlclv.errors import XlclvError
from xlclv.tables import Table
from xlclv.words import voice

MOST_TABLES = 64
MOST_CELLS = 4_000_000  # of all tables together; some 100 bytes each
PLAIN = frozenset({float, int, str, bool, type(None)})
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """A table that is kept.

    Args:
        table: The table, or why there is none.
        size: Cells of its range.
        source: The range itself where nobody can change it, else None.
    """

    table: Table | XlclvError
    size: int
    source: object


class KeptTables:
    """Tables by what they stand for and what their ranges hold.

    Args:
        most_tables: How many are kept.
        most_cells: How many cells their ranges may have together; one table is always kept.
    """

    def __init__(self, most_tables: int = MOST_TABLES, most_cells: int = MOST_CELLS) -> None:
        self._most_tables, self._most_cells = most_tables, most_cells
        self._entries: OrderedDict[Key, _Entry] = OrderedDict()
        self._same: dict[Key, Key] = {}  # the key of a range by its identity
        self._lock = RLock()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def cells(self) -> int:
        """Return how many cells the ranges of all tables have together."""
        return sum(entry.size for entry in self._entries.values())

    def get(self, name: str, cells: Sequence[object], read: Callable[[], Table]) -> Table:
        """Return the table of a range.

        Args:
            name: What it stands for: the argument that it is handed over for.
            cells: The range, rows of cells.
            read: Reads it, if it is not known.

        Raises:
            XlclvError: It cannot be read.
        """
        with self._lock:
            identity: Key = (name, id(cells), voice())
            try:
                key = self._same.get(identity) or (name, fingerprint(cells), voice())
            except (pickle.PicklingError, TypeError, AttributeError):
                return read()  # no cell of a sheet; whatever it is, it cannot be known again
            entry = self._entries.get(key)
            if entry is None:
                entry = _Entry(_outcome(read), _size(cells), cells if _is_frozen(cells) else None)
                self._entries[key] = entry
                if entry.source is not None:
                    self._same[identity] = key
                self._let_go()
            self._entries.move_to_end(key)
        if isinstance(entry.table, XlclvError):
            raise entry.table.with_traceback(None)
        return entry.table

    def _let_go(self) -> None:
        while len(self) > self._most_tables or (len(self) > 1 and self.cells > self._most_cells):
            key, entry = self._entries.popitem(last=False)
            if entry.source is not None:
                del self._same[key[0], id(entry.source), key[2]]


def _outcome(read: Callable[[], Table]) -> Table | XlclvError:
    try:
        return read()
    except XlclvError as error:
        return error


def fingerprint(cells: object) -> bytes:
    """Return what tells a range from every other: none that differs in a cell or its type has it.

    >>> fingerprint([["a", 1.0]]) == fingerprint([["a", 1.0]])
    True
    >>> fingerprint([["a", 1]]) == fingerprint([["a", True]])
    False
    """
    written = BytesIO()
    pickler = pickle.Pickler(written, pickle.HIGHEST_PROTOCOL)
    pickler.fast = True  # writes equal cells alike, whether or not they are one object
    pickler.dump(cells)
    return sha256(written.getbuffer()).digest()


def _rows(cells: object) -> Sequence[Sequence[object]]:
    rows = cells if isinstance(cells, list | tuple) else (cells,)
    return [row if isinstance(row, list | tuple) else (row,) for row in rows]


def _size(cells: object) -> int:
    return sum(map(len, _rows(cells)))


def _is_frozen(cells: object) -> bool:
    """Say whether nobody can change a range: tuples of plain cells."""
    return (
        isinstance(cells, tuple)
        and {*map(type, cells)} <= {tuple}
        and {*map(type, chain.from_iterable(cells))} <= PLAIN
    )
