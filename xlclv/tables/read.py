"""How a range with headers becomes a table."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from xlclv.columns import CellError, Column, read_column
from xlclv.errors import InputError
from xlclv.tables.headers import match_headers, missing, title
from xlclv.tables.places import Place, RawTable
from xlclv.tables.specs import TableSpec
from xlclv.tables.table import Fault, Table
from xlclv.terms import TERMS
from xlclv.words import word


def read_table(raw: RawTable, spec: TableSpec, chosen: Mapping[str, str] | None = None) -> Table:
    """Read a range as a table; wholly blank rows are left out.

    Raises:
        InputError: A required column is missing; the message lists what is there.
    """
    index = match_headers(raw.headers, spec, chosen)
    lacking = missing(index, spec)
    if lacking:
        raise InputError(
            "missing_column",
            name=word(f"tables.{spec.name}"),
            missing=", ".join(lacking),
            expected=", ".join(str(text) for text in raw.headers if text not in (None, "")),
        )
    columns = {
        name: read_column(raw.columns[at], title(name), TERMS[name]) for name, at in index.items()
    }
    used = _used_rows(columns, raw.rows)
    columns = {name: _take(column, used) for name, column in columns.items()}
    for name in spec.filled:
        _refuse_blanks(columns[name], name)
    faults = _faults(columns, used, raw.where, index)
    return Table(spec, columns, used, raw, index, faults)


def _used_rows(columns: Mapping[str, Column], rows: int) -> NDArray[np.int64]:
    blank = np.ones(rows, bool)
    for column in columns.values():
        blank &= column.blank
    return np.flatnonzero(~blank)


def _take(column: Column, used: NDArray[np.int64]) -> Column:
    if used.size == column.blank.size:
        return column
    position = {int(row): new for new, row in enumerate(used)} if column.faults else {}
    faults = {position[row]: error for row, error in column.faults.items()}
    return Column(column.values[used], column.blank[used], faults)


def _refuse_blanks(column: Column, name: str) -> None:
    error = InputError("empty", name=title(name), expected=TERMS[name].expected)
    for row in np.flatnonzero(column.blank):
        column.faults[int(row)] = CellError.of(error)


def _faults(
    columns: Mapping[str, Column],
    used: NDArray[np.int64],
    where: Place,
    index: Mapping[str, int],
) -> tuple[Fault, ...]:
    found = [
        Fault(where.cell(index[name], int(used[row])), row, name, error)
        for name, column in columns.items()
        for row, error in column.faults.items()
    ]
    return tuple(sorted(found, key=lambda fault: (fault.row, index[fault.name])))
