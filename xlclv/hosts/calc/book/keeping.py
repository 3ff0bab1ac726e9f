"""What a user added to tabs of ours in Calc, put aside while they are drawn and back after it.

Objects of UNO come in as arguments, so nothing here imports it. UNO counts from 0, a `Box` from 1.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from xlclv.addresses import Box
from xlclv.hosts.calc.book.reading import names_of, read_cells, tables_of, used
from xlclv.reading.grid import Sheet
from xlclv.reading.sheets import read_sheets
from xlclv.refresh.outcome import Drawn, told_by
from xlclv.refresh.staying import Place, Staying, areas_of
from xlclv.schema import TAB

Uno = Any
Step = Callable[[], AbstractContextManager[None]]
PARTS: Final = 50  # copies in a part of a step of undo, which has room for a hundred
# Of com.sun.star.sheet.CellFlags: numbers, dates, texts, notes, formulas, both kinds of formats,
# formats within a text.
CELLS: Final = 1 | 2 | 4 | 8 | 16 | 32 | 64 | 256


def standing(document: Uno, outcome: Drawn) -> dict[str, Staying]:
    """Return what stays on the tabs that are there, by their names.

    Raises:
        InputError: Something that the user added has no place any more.
    """
    own, names = told_by(), dict(names_of(document))
    drawn = {sheet.name: sheet for sheet in read_sheets(outcome.drawn)[0]}
    listed = list(tables_of(document))
    found = {}
    for tab, name in outcome.tabs.items():
        marker = TAB[tab].marker
        if document.Sheets.hasByName(name) and marker not in own.carried:
            sheet = document.Sheets.getByName(name)
            at = sheet.RangeAddress.Sheet
            tables = tuple(table for index, table in listed if index == at)
            before = Sheet(name, _seen(document, sheet), tables)
            areas = areas_of(names.get(marker, ""))
            found[name] = Staying(document.Title, before, drawn[name], areas, own.titles)
    return found


def _seen(document: Uno, sheet: Uno) -> list[list[object]]:
    """Return the cells of a sheet; a formula that shows nothing is seen as well."""
    formulas = used(sheet).getFormulaArray()
    return [
        [formula if cell in (None, "") else cell for cell, formula in zip(*pair, strict=True)]
        for pair in zip(read_cells(document, sheet), formulas, strict=False)
    ]


def put_aside(sheet: Uno, stays: Staying, step: Step) -> Callable[[], None]:
    """Put what stays below all cells of a sheet; return what puts it where it goes."""
    blocks = stays.blocks()
    below = max(len(stays.before.cells), len(stays.drawn.cells)) + 2
    stage = [box.moved_to(box.first_row + below, box.first_column) for box, _ in blocks]
    _copy(sheet, [box for box, _ in blocks], [box[:2] for box in stage], step)

    def put_back() -> None:
        _copy(sheet, stage, [place for _, place in blocks], step)
        if stage:
            last = max(box.last_row for box in stage), max(box.last_column for box in stage)
            with step():
                area(sheet, Box(below, 1, *last)).clearContents(CELLS)

    return put_back


def _copy(sheet: Uno, boxes: Sequence[Box], places: Sequence[Place], step: Step) -> None:
    pairs = list(zip(boxes, places, strict=True))
    for start in range(0, len(pairs), PARTS):
        with step():
            for box, (row, column) in pairs[start : start + PARTS]:
                target = sheet.getCellByPosition(column - 1, row - 1).CellAddress
                sheet.copyRange(target, area(sheet, box).RangeAddress)


def area(sheet: Uno, box: Box) -> Uno:
    """Return the cells of a box."""
    corners = box.first_column - 1, box.first_row - 1, box.last_column - 1, box.last_row - 1
    return sheet.getCellRangeByPosition(*corners)
