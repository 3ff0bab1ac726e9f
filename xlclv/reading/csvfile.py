"""Read a text file with separators: its letters, its separator, its rows; every cell as text."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Final

from xlclv.errors import InputError
from xlclv.reading.encodings import SAMPLE_BYTES, SAMPLE_ROWS, decoded
from xlclv.reading.grid import ByColumn, Sheet
from xlclv.words import readable, word

# Where two fit equally well the comma comes last: it stands in texts and numbers too.
_SEPARATORS: Final = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma"}
# So few that Python does not start to search them for garbage: a third of the time.
_ROWS_AT_ONCE: Final = 500
_MOST_COLUMNS: Final = 16_384  # as many as a sheet has
_MOST_CELLS: Final = 100_000_000
# A cell may hold a whole document; what is longer than a sheet's cell is cut when it is written.
csv.field_size_limit(2**31 - 1)
_LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")
_WEB_PAGE: Final = re.compile(r"\s*<(!doctype|html|table|\?xml|head|meta)\b", re.IGNORECASE)


def read_csv(path: Path, encoding: str | None = None) -> tuple[Sheet, tuple[str, ...]]:
    """Read a text file with separators as one sheet, named after the file.

    Returns:
        The sheet, each cell text (None where a line ended before) and what was detected.

    Raises:
        InputError: The file is empty, no text or cut off, or its letters cannot be told.
    """
    data = path.read_bytes()
    if not data.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise InputError("csv_empty", path=path.name)
    used, text = decoded(data, path.name, encoding)
    text = text.rstrip("\x1a")  # the end-of-file sign of DOS
    if "\0" in text:
        raise InputError("csv_not_text", path=path.name)
    if _WEB_PAGE.match(text[:200]):
        raise InputError("csv_web_page", path=path.name)
    separator = _separator(text)
    columns = _columns(text, separator, path.name)
    sheet = Sheet(readable(path.stem), ByColumn(columns))
    if sum(1 for _ in islice(filter(any, sheet.cells), 2)) < 2:  # noqa: PLR2004 - header, row
        raise InputError("csv_only_header", path=path.name)
    told = encoding is not None or used.startswith("utf")
    by = word(f"notes.{_SEPARATORS[separator]}")
    note = "notes.csv_read" if told else "notes.csv_guessed"
    return sheet, (word(note, path=path.name, encoding=used, separator=by),)


def _separator(text: str) -> str:
    """Return the separator that parts most rows into equally many cells, two or more."""

    def fit(separator: str) -> tuple[float, int]:
        rows = csv.reader(io.StringIO(text[: SAMPLE_BYTES * 4], newline=""), delimiter=separator)
        widths = Counter(len(row) for row in islice(_until_broken(rows), SAMPLE_ROWS) if row)
        total = widths.total()
        del widths[1]
        if not widths:
            return 0, 0
        width, times = widths.most_common(1)[0]
        return times / total, width

    return max(_SEPARATORS, key=fit)


def _until_broken(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error:
        return


def _columns(text: str, separator: str, name: str) -> list[list[object]]:
    """Part a text into columns of equal length, None where a line ended before.

    Raises:
        InputError: A quote is not closed, or a row has more cells than any sheet.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[list[object]] = []
    done = 0
    try:
        while rows := list(islice(reader, _ROWS_AT_ONCE)):
            cells: list[tuple[str | None, ...]] = list(zip_longest(*rows))
            if len(cells) > _MOST_COLUMNS or len(cells) * done > _MOST_CELLS:
                wide = next(at for at, row in enumerate(rows) if len(row) == len(cells))
                line = reader.line_num + 2 - line_of(rows[wide:], len(rows) - wide)
                raise InputError("csv_too_wide", path=name, line=line, cells=len(cells))
            columns += [[None] * done for _ in range(len(cells) - len(columns))]
            cells += [(None,) * len(rows)] * (len(columns) - len(cells))
            for column, values in zip(columns, cells, strict=True):
                column.extend(values)
            done += len(rows)
    except csv.Error as error:
        line = _line_of_bad_row(text, separator)
        raise InputError("csv_quote", path=name, line=line) from error
    return columns


def _line_of_bad_row(text: str, separator: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    for _ in _until_broken(reader):
        line = reader.line_num + 1
    return line


def line_of(rows: Iterable[Sequence[object]], row: int) -> int:
    r"""Return the line (from 1) in which a row (from 0) begins; a quoted cell may span lines.

    >>> line_of([["id", "note"], ["1", "two\nlines"], ["2", ""]], 2)
    4
    """
    cells = chain.from_iterable(islice(rows, row))
    return row + 1 + sum(len(_LINE_BREAK.findall(str(cell))) for cell in cells)
