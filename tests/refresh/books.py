"""Workbooks and text files as users have them, and what a refresh makes of them."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from tests.refresh.book_rules import MAIN, faults, parse
from xlclv.analysis.results import Results
from xlclv.errors import XlclvError
from xlclv.reading.choices import Choices
from xlclv.refresh.refresh import RefreshRequest, refresh

STAMP = datetime(2026, 7, 1, 9, 30)  # noqa: DTZ001 - cells have no zone
CLV_COLUMNS = ["CLV", "Tier", "Gap to next tier", "Status", "Reward", "Reason"]
CUSTOMERS = ["Customer id", "Average purchase value", "Purchase frequency", "Lifespan"]
ORDERS = ["Customer id", "Order date", "Amount net"]
Rows = Sequence[Sequence[object]]


# --- making books -----------------------------------------------------------------------------


def a_book(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write rows to the sheets of a workbook; text that begins with = stays text."""
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                put(sheet, at, column, value)
    book.save(path)
    return path


def put(sheet: Worksheet, row: int, column: int, value: object) -> Cell:
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str) and not value.startswith("#"):
        cell.data_type = "s"
    assert isinstance(cell, Cell)
    return cell


def customers(path: Path, *rows: Sequence[object], headers: Sequence[str] = CUSTOMERS) -> Path:
    """Write a plain customer sheet."""
    return a_book(path, {"My customers": [headers, *rows]})


def orders(path: Path, *rows: Sequence[object], headers: Sequence[str] = ORDERS) -> Path:
    """Write a plain order sheet."""
    return a_book(path, {"Export": [headers, *rows]})


def a_csv(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
    return path


def list_as_table(sheet: Worksheet, name: str, reference: str, totals: int = 0) -> Table:
    """Make cells an Excel table, the last row its totals if there are any."""
    table = Table(displayName=name, ref=reference)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
    if totals:
        table.totalsRowCount = totals
        first, _, last = reference.partition(":")
        column, row = re.match(r"([A-Z]+)(\d+)", last).groups()  # type: ignore[union-attr]
        table._initialise_columns()  # noqa: SLF001 - openpyxl does so on saving, but with totals
        assert table.autoFilter
        table.autoFilter.ref = f"{first}:{column}{int(row) - totals}"
        for listed, cell in zip(table.tableColumns, sheet[reference][0], strict=True):
            listed.name = str(cell.value)
    sheet.add_table(table)
    return table


def switched_on(path: Path) -> Path:
    """Set every rule of a book to Active = Yes, as its user may."""
    book = openpyxl.load_workbook(path)
    sheet = book["RewardRules"]
    headers = [cell.value for cell in sheet[5]]
    column = headers.index("Active") + 1
    for row in range(6, sheet.max_row + 1):
        if sheet.cell(row, 1).value:
            sheet.cell(row, column).value = "Yes"
    on = path.with_name(f"on-{path.name}")
    book.save(on)
    return on


# --- refreshing -------------------------------------------------------------------------------


def refreshed(book: Path, stamp: datetime = STAMP, **asked: Any) -> tuple[Path, Results]:  # noqa: ANN401
    """Refresh; nothing but the result may be new in the folder, and Excel must accept it."""
    before = folder(book.parent)
    path, results = refresh(RefreshRequest(book, **asked), stamp)
    after = folder(book.parent)
    after.pop(path.name, None)
    before.pop(path.name, None)
    assert after == before, "the folder holds something else"
    breaches = faults(path)
    assert not breaches, "\n".join(breaches)
    return path, results


def refused(book: Path, **asked: Any) -> str:  # noqa: ANN401 - whatever Order takes
    """Try to refresh; return why not. Nothing may be written or changed."""
    before = folder(book.parent)
    with pytest.raises(XlclvError) as caught:
        refresh(RefreshRequest(book, **asked), STAMP)
    assert folder(book.parent) == before, "the folder holds something else"
    return str(caught.value)


def mapped(**columns: str) -> Choices:
    """Return what --map says."""
    return Choices(columns)


def folder(path: Path) -> dict[str, str]:
    """Return name and digest of every file."""
    return {
        one.name: hashlib.sha256(one.read_bytes()).hexdigest()
        for one in path.iterdir()
        if one.is_file()
    }


# --- reading books ----------------------------------------------------------------------------


def rows_of(path: Path, sheet: str) -> list[list[Any]]:
    """Return the values of a sheet from A1, as calamine reads them; "" is an empty cell."""
    book = CalamineWorkbook.from_path(path)
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def sheets_of(path: Path) -> list[str]:
    return CalamineWorkbook.from_path(path).sheet_names


def table_of(path: Path, sheet: str, first_header: str = "Customer id") -> dict[str, list[Any]]:
    """Return the columns below the row that begins with a header, up to the first empty row."""
    rows = rows_of(path, sheet)
    top = next(at for at, row in enumerate(rows) if row and row[0] == first_header)
    headers = [header for header in rows[top] if header != ""]
    body = []
    for row in rows[top + 1 :]:
        if row[0] == "":
            break
        body.append(row)
    return {header: [row[at] for row in body] for at, header in enumerate(headers)}


def by_customer(path: Path, header: str, sheet: str = "CustomerValues") -> dict[str, Any]:
    """Return a column of the result by customer."""
    table = table_of(path, sheet)
    return dict(zip(table["Customer id"], table[header], strict=True))


def headed(
    path: Path, sheet: str, row: int, *, formulas: bool = True
) -> dict[str, dict[int, Cell]]:
    """Return the cells below each header of a row, by row number."""
    tab = openpyxl.load_workbook(path, data_only=not formulas)[sheet]
    return {
        str(head.value): {at: tab.cell(at, head.column) for at in range(row + 1, tab.max_row + 1)}
        for head in tab[row]
        if head.value is not None
    }


def checks_of(path: Path) -> dict[str, tuple[str, str]]:
    """Return result and place of each check on the tab Checks."""
    table = table_of(path, "Checks", "Check")
    rows = zip(table["Check"], table["Result"], table["Where"], strict=True)
    return {check: (result, where) for check, result, where in rows}


def look(cell: Cell) -> tuple[object, ...]:
    """Return all that makes up a cell."""
    return (
        cell.value,
        cell.data_type,
        cell.number_format,
        repr(cell.font),
        repr(cell.fill),
        repr(cell.border),
        repr(cell.alignment),
        repr(cell.protection),
        None if cell.hyperlink is None else cell.hyperlink.ref,
        None if cell.comment is None else cell.comment.text,
    )


def looks(path: Path, sheet: str) -> dict[str, tuple[object, ...]]:
    """Return every cell of a sheet that holds something or looks like something."""
    tab = openpyxl.load_workbook(path)[sheet]
    cells = (cell for row in tab.iter_rows() for cell in row)
    return {
        cell.coordinate: look(cell)  # type: ignore[arg-type]
        for cell in cells
        if cell.value is not None or cell.has_style
    }


def changed_cells(before: Path, after: Path, sheet: str) -> set[str]:
    """Return the addresses of cells that are not as they were."""
    old, new = looks(before, sheet), looks(after, sheet)
    return {place for place in {*old, *new} if old.get(place) != new.get(place)}


def columns_of(addresses: Collection[str]) -> set[str]:
    return {re.sub(r"\d", "", address) for address in addresses}


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed_parts(before: Path, after: Path) -> set[str]:
    """Return the parts of a workbook that its refresh changed or took out."""
    old, new = parts(before), parts(after)
    return {name for name in old if new.get(name) != old[name]}


def formulas_of(path: Path) -> list[str]:
    """Return every formula of a workbook."""
    found = []
    for name, xml in parts(path).items():
        if name.startswith("xl/worksheets/sheet"):
            found += [formula.text or "" for formula in parse(xml).iter(f"{MAIN}f")]
    return found


def day(text: str) -> date:
    return date.fromisoformat(text)
