"""The examples of the functions as cells: what a spreadsheet hands over for their references."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any

import openpyxl

from tests.refresh.books import rows_of
from xlclv.example import Example, Listed
from xlclv.functions import FUNCTIONS
from xlclv.hosts.answer import answer
from xlclv.registry import Function
from xlclv.schema import TAB
from xlclv.tables import title

TEMPLATE = Path(__file__).parents[1] / "workbook_templates" / "xlclv.xlsx"
DAY_0 = date(1899, 12, 30)


@cache
def _book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(TEMPLATE)


@cache
def table(tab: str) -> list[list[Any]]:
    """Return the cells of a table of the template, headers and spare rows included."""
    name = TAB[tab].table
    area = _book()[tab][_book()[tab].tables[name].ref]
    top, bottom, width = area[0][0].row, area[-1][0].row, len(area[0])
    rows = [[_plain(cell) for cell in row] for row in rows_of(TEMPLATE, tab)[top - 1 : bottom]]
    return rows + [[None] * width] * (bottom - top + 1 - len(rows))


def _plain(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.date()
    return None if cell == "" else cell


def listed(reference: Listed) -> list[list[Any]]:
    """Return the cells that a reference names."""
    head, *rows = table(reference.tab)
    if not reference.column:
        return [head, *rows]
    at = head.index(title(reference.column))
    return [[row[at]] for row in rows]


def handed(function: Function) -> list[object]:
    """Return what the formula of the example hands over, blocks as lists of rows."""
    return [_cells(given) for given in function.example.given]


def _cells(given: object) -> object:
    if isinstance(given, Listed):
        return listed(given)
    if isinstance(given, Function):
        return answer(given, handed(given))
    if isinstance(given, tuple | list):
        return [list(row) if isinstance(row, tuple | list) else [row] for row in given]
    return given


def by_host(function: Function) -> list[object]:
    """Return the same with days as the numbers that a spreadsheet keeps."""
    blocks = handed(function)
    return [
        [[as_number(cell) for cell in row] for row in block]
        if isinstance(block, list)
        else as_number(block)
        for block in blocks
    ]


def as_number(cell: object) -> object:
    """Return the serial number of a day, 1 or 0 for a truth value, anything else as it is."""
    if isinstance(cell, bool):
        return float(cell)
    return float((cell - DAY_0).days) if isinstance(cell, date) else cell


def shown(function: Function) -> object:
    """Return the cell that the example is about, as the function gives it."""
    row, column = function.example.at or (1, 1)
    return answer(function, handed(function))[row - 1][column - 1]


def made(name: str, compute: Callable[..., Any], *, headers: bool = False) -> Function:
    """Return a function of one's own, with an example that hands over every argument."""
    given = tuple(1.0 for _ in signature(compute).parameters)
    return Function(name, compute, "value", Example(given, 1.0), headers)


IDS = [function.name for function in FUNCTIONS]
