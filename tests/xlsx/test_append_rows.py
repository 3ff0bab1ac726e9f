"""Long tables are appended as XML: the same cells as if they had been written one by one."""

from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.refresh.book_rules import faults
from tests.refresh.books import parts
from xlclv.columns import CellError
from xlclv.schema import BODY
from xlclv.terms import Frame
from xlclv.workbook.drawing import BULK_ROWS, Drawing

LONG = BULK_ROWS + 700


def drawn(path: Path, frame: Frame) -> Path:
    with Drawing(path) as drawing:
        sheet = drawing.tab("CustomerValues")
        drawing.table(sheet, "tblValues", frame)
        drawing.tab("Checks")
    assert faults(path) == []
    return path


def a_frame(rows: int) -> Frame:
    mixed = np.empty(rows, dtype=object)
    mixed[:] = [_mixed(at) for at in range(rows)]
    days = np.datetime64("2026-01-01") + np.arange(rows).astype("timedelta64[D]")
    days[5] = np.datetime64("NaT")
    amounts = np.arange(rows) / 3
    amounts[7] = np.nan
    return {
        "customer_id": np.array([f"{at:05d}" for at in range(rows)], dtype=object),
        "clv": amounts,
        "last_order": days,
        "status": np.array(["Active", "=1+1", " lead", "<&>"] * rows, dtype=object)[:rows],
        "label": mixed,
    }


def _mixed(at: int) -> object:
    cells = (None, "", True, 1, 2.5, date(2026, 1, 2), CellError("#N/A"), "tab\there", "Ünal")
    return cells[at % len(cells)]


def cells(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name("CustomerValues").to_python()


@pytest.mark.parametrize("rows", [BULK_ROWS, BULK_ROWS + 1, LONG])
def test_a_long_table_holds_the_same_cells(tmp_path: Path, rows: int) -> None:
    short = cells(drawn(tmp_path / "short.xlsx", a_frame(BULK_ROWS)))
    long = cells(drawn(tmp_path / "long.xlsx", a_frame(rows)))
    assert len(long) == BODY + 1 + rows
    for one, other in zip(long, short, strict=False):
        # XlsxWriter writes 16 digits of a number.
        assert [_rounded(cell) for cell in one] == [_rounded(cell) for cell in other]


def _rounded(cell: object) -> object:
    return float(f"{cell:.12g}") if isinstance(cell, float) else cell


def test_every_row_looks_like_the_first(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(drawn(tmp_path / "long.xlsx", a_frame(LONG)))
    sheet = book["CustomerValues"]
    first, last = BODY + 2, BODY + 1 + LONG
    for column in range(1, 5):
        looks = {
            (sheet.cell(row, column).number_format, sheet.cell(row, column).font.name)
            for row in (first, first + 1, first + 600, last)
        }
        assert len(looks) == 1
    assert sheet.cell(last, 3).number_format == "yyyy-mm-dd"
    assert sheet.tables["tblValues"].ref == f"A{BODY + 1}:E{last}"
    assert sheet.tables["tblValues"].autoFilter.ref == f"A{BODY + 1}:E{last}"
    assert sheet.dimensions == f"A1:E{last}"


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    path = drawn(tmp_path / "long.xlsx", a_frame(LONG))
    sheet = openpyxl.load_workbook(path)["CustomerValues"]
    suspects = [sheet.cell(row, 4) for row in range(BODY + 2, BODY + 2 + LONG)]
    assert {cell.data_type for cell in suspects} == {"s"}
    assert {cell.value for cell in suspects} == {"Active", "=1+1", " lead", "<&>"}


def test_what_is_not_known_is_an_empty_cell(tmp_path: Path) -> None:
    frame = a_frame(LONG)
    frame["clv"][BULK_ROWS + 3] = np.inf
    sheet = openpyxl.load_workbook(drawn(tmp_path / "long.xlsx", frame))["CustomerValues"]
    assert sheet.cell(BODY + 2 + 5, 3).value is None
    assert sheet.cell(BODY + 2 + 7, 2).value is None
    assert sheet.cell(BODY + 2 + BULK_ROWS + 3, 2).value is None


def test_control_characters_are_escaped_not_written(tmp_path: Path) -> None:
    frame = {"customer_id": np.array(["a\x0bb", "_x0041_", "c\r\nd"] * LONG, dtype=object)}
    path = drawn(tmp_path / "long.xlsx", frame)
    assert b"\x0b" not in parts(path)["xl/worksheets/sheet1.xml"]
    firsts = [row[0] for row in cells(path)[BODY + 1 + 900 : BODY + 1 + 903]]
    assert firsts == ["a\x0bb", "_x0041_", "c\r\nd"]


def test_moments_keep_their_time(tmp_path: Path) -> None:
    moment = datetime(2026, 7, 1, 9, 30)  # noqa: DTZ001 - cells have no zone
    stamps = np.full(LONG, moment, dtype=object)
    path = drawn(tmp_path / "long.xlsx", {"first_order": stamps})
    sheet = openpyxl.load_workbook(path)["CustomerValues"]
    assert sheet.cell(BODY + 1 + LONG, 1).value == moment
