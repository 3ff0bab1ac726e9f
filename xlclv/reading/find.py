"""Find a table in any workbook or text file by its headers, and say what was taken for what."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from xlclv.addresses import letters
from xlclv.errors import InputError
from xlclv.reading.csvfile import line_of
from xlclv.reading.found import Found
from xlclv.reading.grid import ByColumn
from xlclv.reading.meaning.layouts import find_layout
from xlclv.reading.meaning.lexicon import is_total
from xlclv.reading.meaning.roles import order_index, position_of, role_of
from xlclv.reading.several.stack import stacked
from xlclv.reading.source import ListedTable, Sheet, Source
from xlclv.reading.totals import is_blank, is_total_row
from xlclv.tables import (
    ORDERS,
    Place,
    RawTable,
    TableSpec,
    match_headers,
    missing,
    plain,
    title,
    titles,
)
from xlclv.words import number, word

_HEADER_ROWS: Final = 60  # titles, notes and pictures may stand above a header
_NONE_CHOSEN: Final[Mapping[str, str]] = MappingProxyType({})

Enough = Callable[[Mapping[str, int]], bool]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A header row that may begin the table; rows and columns counted from 1."""

    sheet: Sheet
    headers: tuple[str, ...]
    header_row: int
    first_column: int
    table: ListedTable | None = None

    @property
    def last_column(self) -> int:
        return self.first_column + len(self.headers) - 1

    @property
    def place(self) -> Place:
        return Place(self.sheet.name, self.header_row, self.first_column)

    def row(self, row: int) -> Sequence[object]:
        return self.sheet.cells[row - 1][self.first_column - 1 : self.last_column]

    def last_filled(self, last: int) -> int:
        """Return the last row up to `last` that has a cell filled, at least the header row."""
        while last > self.header_row and all(map(is_blank, self.row(last))):
            last -= 1
        return last

    def last_row(self) -> int:
        end = len(self.sheet.cells)
        return self.last_filled(min(self.table.last_row, end) if self.table else end)


def find_table(
    source: Source,
    spec: TableSpec,
    *,
    chosen: Mapping[str, str] = _NONE_CHOSEN,
    sheet: str | None = None,
    skip: Collection[str] = (),
    listed: str | None = None,
    enough: Enough | None = None,
) -> Found | None:
    """Find the one table of a source whose headers have the required columns.

    Args:
        source: The workbook or text file.
        spec: The table looked for.
        chosen: Column name to header text, where the user says it; names of columns that the
            table does not have are left to other tables.
        sheet: The only sheet to look at, where the user says it.
        skip: Names of sheets not to look at.
        listed: Display name of a table that Excel lists; where there is one with rows, no other
            is looked for, and on the only sheet a blank body means that there is no table.
        enough: Says whether the columns found suffice, beyond those the table always needs.

    Returns:
        The table, or None where no header row has the columns or nothing stands below it.

    Raises:
        InputError: Several tables fit, a sheet or a chosen header is not there, or a line of a
            text file has more cells than its header.
    """
    sheets = _sheets(source, sheet, skip)
    wanted = {name: header for name, header in chosen.items() if header and _is_of(name, spec)}
    _refuse_unknown(wanted, sheets if sheet else source.sheets)
    tables = [candidate for one in sheets for candidate in _listed(one)]
    own = [one for one in tables if one.table and listed and one.table.name == listed]
    filled = [one for one in own if one.last_row() > one.header_row]
    if filled:
        return _found(source, filled[0], spec, wanted)
    if own and sheet:  # elsewhere an empty one of that name may be the user's
        return None
    fitting = [
        candidate
        for one in sheets
        for candidate in _fitting(one, spec, wanted, enough)
        if candidate.last_row() > candidate.header_row
    ]
    best = max((len(_present(one, wanted)) for one in fitting), default=0)
    fitting = [one for one in fitting if len(_present(one, wanted)) == best]
    if len(fitting) > 1:
        return _one_log(source, fitting, spec, wanted)
    return _found(source, fitting[0], spec, wanted) if fitting else None


def _one_log(
    source: Source, fitting: Sequence[_Candidate], spec: TableSpec, wanted: Mapping[str, str]
) -> Found:
    """Make one order table of several of one layout, each on a sheet of its own.

    Raises:
        InputError: They are not of one layout, or no orders.
    """
    sheets = {one.sheet.name for one in fitting}
    if spec.name == ORDERS.name and len(sheets) == len(fitting):
        whole = stacked([_found(source, one, spec, wanted) for one in fitting])
        if whole is not None:
            return whole
    raise _several(source, spec, fitting)


def _sheets(source: Source, sheet: str | None, skip: Collection[str]) -> list[Sheet]:
    if sheet is None:
        return [one for one in source.sheets if one.name not in skip]
    named = [one for one in source.sheets if one.name.casefold() == sheet.strip().casefold()]
    if not named:
        names = ", ".join(one.name for one in source.sheets)
        raise InputError("no_such_sheet", path=source.path.name, value=sheet, expected=names)
    return named


def _listed(sheet: Sheet) -> Iterator[_Candidate]:
    """Yield the tables that Excel lists on a sheet."""
    for table in sheet.tables:
        if table.header_row <= len(sheet.cells):
            row = sheet.cells[table.header_row - 1]
            headers = tuple(map(_header, row[table.first_column - 1 : table.last_column]))
            yield _Candidate(sheet, headers, table.header_row, table.first_column, table)


def _fitting(
    sheet: Sheet, spec: TableSpec, chosen: Mapping[str, str], enough: Enough | None
) -> list[_Candidate]:
    """Return the listed tables that fit and the plain ranges in the first row that has any."""

    def fits(candidate: _Candidate) -> bool:
        index = _index(candidate, spec, chosen)
        return not missing(index, spec) and (enough is None or enough(index))

    listed = [candidate for candidate in _listed(sheet) if fits(candidate)]
    for row in range(1, min(_HEADER_ROWS, len(sheet.cells)) + 1):
        ranges = [one for one in _ranges(sheet, row) if not _is_in_table(one)]
        # Cells after a gap belong to nothing, unless the table needs them.
        whole = [one for one in _whole_row(sheet, row) if not _is_in_table(one)]
        fitting = list(filter(fits, ranges)) or list(filter(fits, whole))
        if fitting:
            return listed + fitting
    return listed


def _ranges(sheet: Sheet, row: int) -> Iterator[_Candidate]:
    """Yield each run of filled cells of a row."""
    headers: list[str] = []
    cells = [*sheet.cells[row - 1], None]
    for column, cell in enumerate(cells, start=1):
        if not is_blank(cell):
            headers.append(_header(cell))
        elif headers:
            yield _Candidate(sheet, tuple(headers), row, column - len(headers))
            headers = []


def _whole_row(sheet: Sheet, row: int) -> Iterator[_Candidate]:
    cells = sheet.cells[row - 1]
    filled = [at for at, cell in enumerate(cells) if not is_blank(cell)]
    if filled:
        headers = tuple(map(_header, cells[filled[0] : filled[-1] + 1]))
        yield _Candidate(sheet, headers, row, filled[0] + 1)


def _is_in_table(candidate: _Candidate) -> bool:
    """Say whether a range overlaps a listed table, which then counts in its place."""
    return any(
        table.header_row <= candidate.header_row <= table.last_row + table.totals_rows
        and candidate.first_column <= table.last_column
        and candidate.last_column >= table.first_column
        for table in candidate.sheet.tables
    )


def _header(cell: object) -> str:
    """Return the text of a header; a number or a date is none."""
    return cell.strip() if isinstance(cell, str) else ""


def _present(candidate: _Candidate, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the chosen headers that a candidate has."""
    return {
        name: header
        for name, header in chosen.items()
        if position_of(candidate.headers, header) is not None
    }


def _is_of(name: str, spec: TableSpec) -> bool:
    """Say whether a column that the user names may be one of a table."""
    if spec.name != ORDERS.name:
        return name in spec.columns
    try:
        return bool(role_of(name))
    except InputError:
        return False


def _index(candidate: _Candidate, spec: TableSpec, chosen: Mapping[str, str]) -> dict[str, int]:
    present = _present(candidate, chosen)
    if spec.name != ORDERS.name:
        return match_headers(candidate.headers, spec, present)
    told = {
        at: role_of(name)
        for name, header in present.items()
        if (at := position_of(candidate.headers, header)) is not None
    }
    return order_index(candidate.headers, find_layout(candidate.headers), told)


def _refuse_unknown(chosen: Mapping[str, str], sheets: Sequence[Sheet]) -> None:
    """Refuse a chosen header that no sheet has; it may be meant for another table."""
    rows: list[list[str]] = [
        [_header(cell) for cell in row if _header(cell)]
        for sheet in sheets
        for row in [
            *sheet.cells[:_HEADER_ROWS],
            *(candidate.headers for candidate in _listed(sheet)),
        ]
    ]
    there = [header for row in rows for header in row]
    for name, header in chosen.items():
        if position_of(there, header) is None:
            longest = max(rows, key=len, default=[])
            listed = ", ".join(longest)
            raise InputError("no_such_header", name=name, value=header, expected=listed)


def _several(source: Source, spec: TableSpec, fitting: Sequence[_Candidate]) -> InputError:
    sheets = {one.sheet.name for one in fitting}
    key = "several_tables" if len(sheets) > 1 else "several_tables_on_sheet"
    if len({source.files.get(sheet, "") for sheet in sheets}) > 1:
        key = "several_layouts"
    places = ", ".join(one.place.cell(0, -1) for one in fitting)
    return InputError(key, name=word(f"tables.{spec.name}"), places=places)


def _found(
    source: Source, candidate: _Candidate, spec: TableSpec, wanted: Mapping[str, str]
) -> Found:
    if isinstance(candidate.sheet.cells, ByColumn):
        _refuse_long_lines(source, candidate)
    chosen = _present(candidate, wanted)
    index = _index(candidate, spec, wanted)
    last = _last_before_totals(candidate, index, spec)
    columns = [
        candidate.sheet.column(column, candidate.header_row + 1, last)
        for column in range(candidate.first_column, candidate.last_column + 1)
    ]
    raw = RawTable(candidate.headers, columns, candidate.place)
    notes = tuple(_notes(candidate, index, spec, last))
    span = _span(candidate, last)
    return Found(raw, candidate.sheet.name, candidate.table, last, notes, index, chosen, span)


def _refuse_long_lines(source: Source, candidate: _Candidate) -> None:
    """Refuse lines with more cells than the header, for their cells stand in wrong columns."""
    sheet, first = candidate.sheet, candidate.header_row
    header = sheet.cells[first - 1]
    width = sum(cell is not None for cell in header)
    long = {
        row
        for column in range(width + 1, len(header) + 1)
        for row, cell in enumerate(sheet.column(column, first + 1, len(sheet.cells)), start=first)
        if not is_blank(cell)
    }
    if long:
        cells = sum(cell is not None for cell in sheet.cells[min(long)])
        raise InputError(
            "csv_row_too_long",
            path=source.files.get(sheet.name, source.path.name),
            line=line_of(sheet.cells, min(long)),
            cells=cells,
            expected=width,
            long=len(long),
        )


def _last_before_totals(candidate: _Candidate, index: Mapping[str, int], spec: TableSpec) -> int:
    """Return the last row above the totals that were put below the table."""
    end = last = _last_before_notes(candidate)
    named = _total_in_the_middle(candidate, index, spec, end)
    if named:
        return candidate.last_filled(named - 1)
    while last > candidate.header_row and is_total_row(candidate.row(last), index, spec):
        last = candidate.last_filled(last - 1)
    return last if last > candidate.header_row else end


def _last_before_notes(candidate: _Candidate) -> int:
    """Return the last row above notes: rows of a single cell each, after a blank row."""
    end = row = candidate.last_row()
    while row > candidate.header_row and _filled(candidate, row) == 1:
        row -= 1
    blank_between = candidate.header_row < row < end and _filled(candidate, row) == 0
    return candidate.last_filled(row) if blank_between and len(candidate.headers) > 1 else end


def _filled(candidate: _Candidate, row: int) -> int:
    return sum(not is_blank(cell) for cell in candidate.row(row))


def _total_in_the_middle(
    candidate: _Candidate, index: Mapping[str, int], spec: TableSpec, end: int
) -> int | None:
    """Return the row of totals that ends the table though notes stand below it.

    It bears the name of a total in place of an identifier, and a blank row follows.
    """
    column = candidate.first_column + index.get(spec.filled[0], 0)
    cells = candidate.sheet.column(column, candidate.header_row + 1, end - 1)
    totals = {cell for cell in set(cells) if isinstance(cell, str) and is_total(cell)}
    if not totals:
        return None
    named = (row for row, cell in enumerate(cells, candidate.header_row + 1) if cell in totals)
    first = candidate.header_row + 1
    return next((row for row in named if row > first and not _filled(candidate, row + 1)), None)


def _notes(
    candidate: _Candidate, index: Mapping[str, int], spec: TableSpec, last: int
) -> Iterator[str]:
    """Say where the table stands and which header was taken for which column."""
    name = word(f"tables.{spec.name}")
    yield word("notes.table_found", name=name, place=_span(candidate, last))
    if spec.name != ORDERS.name:  # of these the reading tells
        yield from _of_columns(candidate, index, spec)
    rows = candidate.last_row() - last + (candidate.table.totals_rows if candidate.table else 0)
    if rows:
        yield word("notes.totals_cut", row=last + 1, sheet=candidate.sheet.name)
    if candidate.sheet.hidden_rows:
        hidden = number(candidate.sheet.hidden_rows)
        yield word("notes.hidden_rows", sheet=candidate.sheet.name, rows=hidden)


def _of_columns(candidate: _Candidate, index: Mapping[str, int], spec: TableSpec) -> Iterator[str]:
    yield word("notes.columns_taken", columns=", ".join(_taken(candidate, index)))
    ours = {plain(text) for result in spec.results for text in titles(result)}
    unused = [
        " ".join(header.split())
        for at, header in enumerate(candidate.headers)
        if header and at not in index.values() and plain(header) not in ours
    ]
    if unused:
        yield word("notes.columns_unused", headers=", ".join(unused))


def _span(candidate: _Candidate, last: int) -> str:
    return f"{candidate.place.cell(0, -1)}:{letters(candidate.last_column)}{last}"


def _taken(candidate: _Candidate, index: Mapping[str, int]) -> Iterator[str]:
    """Name each column taken, with its header where that reads otherwise."""
    times = Counter(map(plain, candidate.headers))
    for column, at in index.items():
        header = " ".join(candidate.headers[at].split())
        place = letters(candidate.first_column + at)
        key = "column_taken" if times[plain(header)] == 1 else "column_first_taken"
        if header in titles(column) and key == "column_taken":
            key = "column_as_titled"
        yield word(f"notes.{key}", name=title(column), header=header, column=place)
