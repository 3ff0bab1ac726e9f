"""CLV_WHY: why a cell shows an error of a function.

A function of Calc does not learn which cell calls it, so no reason can be kept for a cell. But
every function gives the same answer again: the call in the cell is read, its arguments are looked
up, and the answer tells its error with the message.

Objects of UNO come in as arguments, so nothing here imports it. Rows and columns count from 0.
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from xlclv.columns import CellError
from xlclv.functions import BY_NAME
from xlclv.hosts.answer import answer
from xlclv.words import word

Uno = Any
# Calc writes a function of an extension with the name of its service before its own.
_CALL: Final = re.compile(
    rf"(?<![\w.])(?:ORG\.XLCLV\.FUNCTIONS\.)?({'|'.join(BY_NAME)})\(", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?%?", re.IGNORECASE)
_CELLS: Final = re.compile(
    r"(?:\$?(?P<sheet>'(?:[^']|'')+'|\w[^.']*)\.)?(?P<cells>\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)"
)
_LOGICAL: Final = {"TRUE": 1.0, "TRUE()": 1.0, "FALSE": 0.0, "FALSE()": 0.0}
_OPENING, _CLOSING, _BETWEEN = "({[", ")}]", ";,"  # a comma in formulas that fill cells


class _Unclear(Exception):  # noqa: N818 - says what the argument is
    """An argument that is neither a value nor cells."""


def why(cells: Uno) -> str:
    """Return the message of the error in a cell; empty where it shows none."""
    cell = cells.getCellByPosition(0, 0)
    if not cell.getError():
        return ""
    formula, row, column = _place(cell)
    calls = list(calls_in(formula))
    if not calls:
        return word("calc.why_none")
    for name, arguments in calls:
        try:
            given = [_given(cell, text) for text in arguments]
        except _Unclear as unclear:
            return word("calc.why_unclear", argument=unclear)
        block = answer(BY_NAME[name], given)
        found = block[min(row, len(block) - 1)][min(column, len(block[0]) - 1)]
        if isinstance(found, CellError) and found.message:
            return found.message
    return word("calc.why_gone")


def _place(cell: Uno) -> tuple[str, int, int]:
    """Return the formula behind a cell, and which of the cells it fills this one is."""
    if not cell.ArrayFormula:
        return str(cell.Formula), 0, 0
    cursor = cell.Spreadsheet.createCursorByRange(cell)
    cursor.collapseToCurrentArray()
    first, own = cursor.RangeAddress, cell.CellAddress
    formula = str(cell.ArrayFormula).strip("{}")
    return formula, own.Row - first.StartRow, own.Column - first.StartColumn


def calls_in(formula: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the calls of our functions with the texts of their arguments, the inner ones last.

    >>> list(calls_in('=IF(A1>0;CLV(A1;"a;b";);0)'))
    [('CLV', ['A1', '"a;b"', ''])]
    """
    for found in _CALL.finditer(formula):
        arguments = list(_arguments(formula[found.end() :]))
        yield found[1].upper(), [] if arguments == [""] else arguments


def _arguments(text: str) -> Iterator[str]:
    """Yield the texts of the arguments up to the bracket that closes the call."""
    depth, start, quote = 0, 0, ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in _OPENING:
            depth += 1
        elif sign in _CLOSING and depth:
            depth -= 1
        elif not depth and sign in (*_CLOSING, *_BETWEEN):
            yield text[start:at].strip()
            start = at + 1
            if sign in _CLOSING:
                return


def _given(cell: Uno, text: str) -> object:
    """Return an argument as Calc hands it over."""
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        return float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    if text.upper() in _LOGICAL:
        return _LOGICAL[text.upper()]
    if re.fullmatch(r'"(?:[^"]|"")*"', text):
        return text[1:-1].replace('""', '"')
    return _values(_cells_of(cell, text))


def _cells_of(cell: Uno, text: str) -> Uno:
    """Return the cells that an argument refers to."""
    sheet, document = cell.Spreadsheet, _document_of(cell)
    place = _CELLS.fullmatch(text)
    if place:
        if place["sheet"]:
            name = place["sheet"]
            name = name[1:-1].replace("''", "'") if name.startswith("'") else name
            if not document.Sheets.hasByName(name):
                raise _Unclear(text)
            sheet = document.Sheets.getByName(name)
        return sheet.getCellRangeByName(place["cells"])
    if document.NamedRanges.hasByName(text):
        referred = document.NamedRanges.getByName(text).getReferredCells()
        if referred is not None:
            return referred
    raise _Unclear(text)


def _document_of(cell: Uno) -> Uno:
    return cell.Spreadsheet.DrawPage.Forms.Parent


def _values(cells: Uno) -> object:
    """Return the values of cells: one by itself, empty as 0, several as rows."""
    rows: Sequence[Sequence[object]] = cells.getDataArray()
    known = [[math.nan if each is None else each for each in row] for row in rows]
    if len(known) == len(known[0]) == 1:
        return 0.0 if known[0][0] == "" else known[0][0]
    return tuple(map(tuple, known))
