"""One function from the command line: literals, columns and tables of files in, CSV or JSON out."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from xlclv.columns import CellError, as_cells
from xlclv.errors import InputError
from xlclv.hosts.answer import answer, function_of
from xlclv.hosts.ranges import Block
from xlclv.hosts.shell.cell import as_text
from xlclv.reading.source import Sheet, read_source
from xlclv.reading.textcells import typed
from xlclv.registry import Argument
from xlclv.tables import ARGUMENT_TABLES, ORDERS, Place, RawTable, match_headers, plain

OMITTED = "_"
PERCENT = re.compile(r"[-+]?\d+(\.\d+)?%$")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
RISKY = tuple("=+-@\t\r")  # a spreadsheet would take a text that begins so for a formula


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gave.

    Args:
        block: Rows of cells.
        messages: What every error cell means, each once.
    """

    block: Block
    messages: tuple[str, ...]

    def as_csv(self) -> str:
        """Write the rows as CSV, a single cell as it is."""
        if len(self.block) == 1 and len(self.block[0]) == 1:
            return as_text(self.block[0][0])
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\n")
        writer.writerows([[_safe(cell) for cell in row] for row in self.block])
        return target.getvalue().rstrip("\n")

    def as_json(self) -> str:
        """Write the rows as JSON, a single cell as a value."""
        rows = [[_json(cell) for cell in row] for row in self.block]
        single = len(rows) == 1 and len(rows[0]) == 1
        return json.dumps(rows[0][0] if single else rows, ensure_ascii=False)


def called(name: str, texts: Sequence[str]) -> Answer:
    """Call a function with arguments as they are typed in a shell.

    Args:
        name: Of the function, in capital or small letters.
        texts: Literals (50, 40%, 2026-01-31, TRUE, text), @file.csv:column, @file.csv, or _ for
            an omitted argument.

    Raises:
        InputError: There is no such function, file or column, or an argument too many.
    """
    function = function_of(name)
    if len(texts) > len(function.arguments):
        raise InputError("too_many_arguments", given=len(texts), most=len(function.arguments))
    cells = [
        _argument(argument, text) for argument, text in zip(function.arguments, texts, strict=False)
    ]
    block = answer(function, cells)
    errors = [cell for row in block for cell in row if isinstance(cell, CellError)]
    return Answer(block, tuple(dict.fromkeys(cell.message or cell.code for cell in errors)))


def _argument(argument: Argument, text: str) -> object:
    if text == OMITTED:
        return None
    if text.startswith("@"):
        return _of_file(argument, text[1:])
    return _literal(argument, text)


def _literal(argument: Argument, text: str) -> object:
    """Read a literal; an argument that wants text gets the text as it is."""
    if argument.term.kind in ("text", "id"):
        return text
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    if PERCENT.match(text):
        return float(text[:-1]) / 100
    if ISO_DAY.match(text):
        return text
    try:
        return float(text) if re.match(r"[-+.\d]", text) else text
    except ValueError:
        return text


def _of_file(argument: Argument, text: str) -> Block:
    """Read @file.csv as a table, @file.csv:column as a column."""
    path, colon, column = text.rpartition(":")
    if colon and Path(path).exists():
        return _column(argument, Path(path), column)
    raw = _raw(Path(text))
    if argument.name in ARGUMENT_TABLES:
        spec = ARGUMENT_TABLES[argument.name]
        if spec is not ORDERS:  # an order table reads its texts itself
            raw, _ = typed(raw, match_headers(raw.headers, spec))
        columns = [as_cells(np.asarray(column)) for column in raw.columns]
        return [list(raw.headers), *map(list, zip(*columns, strict=True))]
    if len(raw.headers) == 1:
        return _column(argument, Path(text), raw.headers[0])
    raise InputError("which_column", path=text, name=argument.name, expected=", ".join(raw.headers))


def _column(argument: Argument, path: Path, column: str) -> Block:
    raw = _raw(path)
    places = {plain(header): at for at, header in enumerate(raw.headers)}
    if plain(column) not in places:
        raise InputError(
            "no_such_header", name=argument.name, value=column, expected=", ".join(raw.headers)
        )
    at = places[plain(column)]
    raw, _ = typed(raw, {argument.name: at})
    return [[cell] for cell in as_cells(np.asarray(raw.columns[at]))]


def _raw(path: Path) -> RawTable:
    """Return the first sheet of a file from its first row that is not blank."""
    sheet = read_source(path).sheets[0]
    row = next((at for at, cells in enumerate(sheet.cells) if any(map(_filled, cells))), 0)
    headers = ["" if cell is None else str(cell) for cell in sheet.cells[row]]
    return RawTable(headers, _columns(sheet, row, len(headers)), Place(path.name, row + 1))


def _columns(sheet: Sheet, header: int, width: int) -> list[Sequence[object]]:
    last = len(sheet.cells)
    return [sheet.column(column, header + 2, last) for column in range(1, width + 1)]


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""


def _safe(cell: object) -> str:
    """Write a cell of a CSV; a text that looks like a formula gets an apostrophe in front."""
    text = as_text(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(RISKY) else text


def _json(cell: object) -> object:
    if isinstance(cell, CellError):
        return {"error": cell.code, "message": cell.message}
    return cell.isoformat() if isinstance(cell, date) else cell
