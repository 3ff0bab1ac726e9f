"""Which columns may be what a table lacks, by their cells; only to propose them."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from xlclv.errors import InputError
from xlclv.reading.daycells import days
from xlclv.reading.meaning.cells import Cells
from xlclv.reading.meaning.roles import Roles

_CENTS: Final = re.compile(r"[.,][0-9]{2}(?![0-9])|[$€£¥₩₹]")
_SAMPLE: Final = 500
_MOST: Final = 0.8  # of the cells that must fit


def proposals(cells: Cells, roles: Roles, lacking: Sequence[str]) -> dict[str, str]:
    """Return for what is lacking the header of the likeliest column, if all of it is found.

    Args:
        cells: The table.
        roles: What its other columns are.
        lacking: "customer_id", "order_date", "amount_net".
    """
    found: dict[str, str] = {}
    free = [
        at for at in range(len(cells.raw.headers)) if at not in roles.taken and _named(cells, at)
    ]
    for name, fits in (
        ("order_date", (_days,)),
        ("amount_net", (_money, _whole_money)),
        ("customer_id", (_id,)),
    ):
        if name in lacking:
            at = next((at for fit in fits for at in free if fit(cells, at)), None)
            if at is None:
                return {}
            free.remove(at)
            found[name] = " ".join(str(cells.raw.headers[at]).split())
    return {name: found[name] for name in lacking}


def _named(cells: Cells, at: int) -> bool:
    return bool(str(cells.raw.headers[at] or "").strip()) and bool(cells.column(at).different)


def _days(cells: Cells, at: int) -> bool:
    column = cells.column(at)
    if cells.is_numeric(at) and not any(hasattr(cell, "year") for cell in column.different):
        return False
    try:
        read = days(column, cells.conventions)
    except InputError as error:
        return error.key == "dates_unclear"
    filled = ~column.blank
    return bool(filled.any() and (~np.isnat(read.values[filled])).mean() >= _MOST)


def _money(cells: Cells, at: int) -> bool:
    """Say whether a column may be money: most cells have cents or a currency sign."""
    if not cells.is_numeric(at):
        return False
    texts = [str(cell) for cell in cells.column(at).different[:_SAMPLE]]
    cents = sum(_CENTS.search(text) is not None for text in texts)
    return cents * 2 >= len(texts)


def _whole_money(cells: Cells, at: int) -> bool:
    """Say whether whole numbers may be money: they are no running numbers."""
    if not cells.is_numeric(at):
        return False
    values = cells.numbers(at).values
    known = values[~np.isnan(values)]
    return known.size > 0 and not (
        np.unique(known).size == known.size and (np.diff(known) > 0).all()
    )


def _id(cells: Cells, at: int) -> bool:
    """Say whether a column may name customers: some return, no single one is in most rows."""
    column = cells.column(at)
    filled = int((~column.blank).sum())
    counts = np.bincount(column.codes[column.codes >= 0], minlength=1)
    several = 1 < len(column.different) < filled
    return several and filled >= _MOST * cells.rows and int(counts.max()) <= _MOST * filled
