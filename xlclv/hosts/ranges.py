"""Ranges as hosts hand them over: rows of cells, cut to what is used, read as tables."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from xlclv.hosts.kept import KeptTables
from xlclv.registry import Argument
from xlclv.tables import ARGUMENT_TABLES, ORDERS, Place, RawTable, Table, read_table

Block = list[list[object]]
FULL_COLUMN = 1_048_576  # rows of a sheet; a longer or shorter range is meant as it is
KEPT = KeptTables()


def as_block(cells: object) -> Block:
    """Return what a host hands over as a list of rows."""
    if not isinstance(cells, list | tuple):
        return [[cells]]
    return [list(row) if isinstance(row, list | tuple) else [row] for row in cells]


def block_size(block: Block) -> int:
    """Return the number of cells of a block."""
    return len(block) * len(block[0])


def is_blank(cells: object) -> bool:
    """Say whether a scalar or a range holds nothing, as `read_column` has it.

    >>> is_blank(" "), is_blank(float("nan")), is_blank([[None], [0]])
    (True, True, False)
    """
    if isinstance(cells, list | tuple):
        return all(map(is_blank, cells))
    if isinstance(cells, str):
        return not cells or cells.isspace()
    return cells is None or (isinstance(cells, float | Decimal) and cells != cells)  # noqa: PLR0124


def trim_full_columns(blocks: Sequence[Block]) -> None:
    """Cut references to whole columns back to the rows in use; other ranges stay aligned."""
    full = [block for block in blocks if len(block) >= FULL_COLUMN]
    others = [len(block) for block in blocks if len(block) < FULL_COLUMN]
    used = max([1, *others, *map(_used_rows, full)])
    for block in full:
        del block[used:]


def _used_rows(block: Block) -> int:
    blank_below = (row for row in range(len(block), 0, -1) if not is_blank(block[row - 1]))
    return next(blank_below, 0)


def table_of(argument: Argument, cells: Any) -> Table:  # noqa: ANN401 - whatever the host hands over
    """Read a range with its header row as the table that the argument stands for.

    Raises:
        InputError: It lacks a column.
    """
    return KEPT.get(argument.name, cells, lambda: _locked(_read(argument, cells)))


def _locked(table: Table) -> Table:
    """Return a table whose cells nobody can change, as others will ask for them."""
    for column in table.columns.values():
        column.values.flags.writeable = column.blank.flags.writeable = False
    return table


def _read(argument: Argument, cells: object) -> Table:
    block = as_block(cells)
    trim_full_columns([block])
    headers = ["" if cell is None else str(cell) for cell in block[0]]
    columns = list(zip(*block[1:], strict=True)) or [() for _ in headers]
    raw = RawTable(headers, columns, Place(argument.name))
    if ARGUMENT_TABLES[argument.name] is ORDERS:
        from xlclv.reading.meaning.understand import understand  # noqa: PLC0415 - only for these

        return understand(raw)
    return read_table(raw, ARGUMENT_TABLES[argument.name])
