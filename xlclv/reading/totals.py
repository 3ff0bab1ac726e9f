"""Rows below a table that add up the others."""

from collections.abc import Mapping, Sequence

from xlclv.reading.meaning.lexicon import is_total
from xlclv.tables import TableSpec
from xlclv.terms import TERMS


def is_blank(cell: object) -> bool:
    """Say whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_total_row(row: Sequence[object], index: Mapping[str, int], spec: TableSpec) -> bool:
    """Say whether a row is named a total, or is nothing but numbers that belong to nobody."""
    identifier = row[index[spec.filled[0]]] if spec.filled[0] in index else None
    if not is_blank(identifier):
        return is_total(str(identifier))
    if any(isinstance(cell, str) and is_total(cell) for cell in row):
        return True
    kinds = {at: TERMS[name].kind for name, at in index.items()}
    return all(is_blank(cell) or _counts(cell, kinds.get(at)) for at, cell in enumerate(row))


def _counts(cell: object, kind: str | None) -> bool:
    """Say whether a cell holds a number, as the text of a file may do."""
    if kind not in (None, "number") or isinstance(cell, bool):
        return False
    if isinstance(cell, str):
        return not any(sign.isalpha() for sign in cell)
    return isinstance(cell, int | float)
