"""The same books for every host, and what their cells look like after a refresh."""

import csv
import shutil
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from xlclv.columns import CellError
from xlclv.reading.grid import Sheet
from xlclv.reading.sheets import read_sheets
from xlclv.refresh.refresh import RefreshRequest, refresh

CDNOW: Final = Path(__file__).parents[1] / "data" / "cdnow_sample.csv"
STAMP: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - cells have no zone
STAMP_ROW: Final = 5  # of the first row of History, from 0
CUSTOMERS: Final = ["Customer", "Average value", "Frequency", "Lifespan", "Note"]
# What Excel would take for something else than a text.
NAMES: Final = (*("=1+1", "+49 30", "-x", "@home", "00123", "TRUE", "2026-01-31", "C0008", "'q"),)
Cells = list[list[Any]]


def edited(template: Path, path: Path) -> Path:
    """Save the template with another margin, another order, and stale cells."""
    book = openpyxl.load_workbook(template)
    place = book.defined_names["cfg_margin"].value.rpartition("!")[2].replace("$", "")
    book["Input"][place] = 0.25
    book["Orders"]["F6"] = 12_345.5
    book["CustomerValues"]["A400"] = "stale"
    book["Segments"]["K3"] = "stale"
    book.save(path)
    return path


def orders_of_cdnow(path: Path) -> Path:
    """Save a workbook with nothing but the orders of CDNOW."""
    with CDNOW.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    rows = [[line[0], datetime.fromisoformat(line[1]), *map(float, line[2:])] for line in lines]
    return plain_book(path, [header, *rows])


def customers_of_a_user(path: Path) -> Path:
    """Save a plain customer sheet with what Excel would take for something else."""
    rows = [[name, 20.0 + at, 2, 3, "mine"] for at, name in enumerate(NAMES)]
    return plain_book(path, [CUSTOMERS, *rows, ["C9", "?", 2, 3, None]])


def plain_book(path: Path, rows: list[list[Any]]) -> Path:
    """Save a workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "My data"
    for at, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column, value)
            if isinstance(value, str) and not value.startswith("#"):
                cell.data_type = "s"
    book.save(path)
    return path


def headless(path: Path, *, post: bool = False) -> Path:
    """Refresh the saved file by the command line."""
    copied = Path(shutil.copy(path, path.with_name("copied.xlsx")))  # a host has the other open
    out = path.with_name("headless.xlsx")
    return refresh(RefreshRequest(copied, out, replace_out=True, post=post), STAMP)[0]


def shown(cell: object, close: float = 1e-14) -> object:
    """Return a cell so that what looks the same is the same."""
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, datetime) and not cell.hour and not cell.minute and not cell.second:
        return cell.date()
    if isinstance(cell, float):
        return pytest.approx(cell, rel=close)
    return None if cell == "" else cell


def trimmed(sheet: Sheet, close: float = 1e-14) -> Cells:
    """Return the cells of a sheet without what is empty at the right end and below."""
    rows = [[shown(cell, close) for cell in row] for row in sheet.cells]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    if sheet.name == "History":
        for row in rows[STAMP_ROW:]:
            if row and isinstance(row[0], datetime | date):  # else a row of another table
                row[0] = "some time"
    return rows


def cells_of(path: Path, close: float = 1e-14) -> dict[str, Cells]:
    """Return the cells of every sheet of a file."""
    return {sheet.name: trimmed(sheet, close) for sheet in read_sheets(path)[0]}


def assert_same(ours: Path, theirs: Path, sheets: Collection[str], close: float = 1e-14) -> None:
    """Compare sheets of two files cell by cell; numbers may differ by so much."""
    some, others = cells_of(ours), cells_of(theirs, close)
    for name in sheets:
        for row, (own, other) in enumerate(zip(some[name], others[name], strict=True), start=1):
            assert own == other, (name, row)
