import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.table import Table

from xlclv.columns import CellError
from xlclv.errors import InputError
from xlclv.reading.grid import ByColumn, ListedTable, Sheet
from xlclv.reading.sheets import number_of, read_sheets


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part of a workbook by its bytes."""
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


def test_cells_keep_their_addresses_and_kinds(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["C4"], sheet["D4"], sheet["E4"] = "00123", dt.date(2026, 1, 31), True
    sheet["C5"], sheet["D5"], sheet["E5"] = 0.4, dt.datetime(2026, 1, 31, 8, 30), 7  # noqa: DTZ001
    sheet["C5"].number_format = "0%"
    sheet["C6"], sheet["D6"] = dt.time(8, 30), dt.timedelta(days=2)
    book.save(tmp_path / "kinds.xlsx")
    cells = read_sheets(tmp_path / "kinds.xlsx")[0][0].cells
    assert [list(row) for row in cells[:3]] == [[""] * 5] * 3
    assert list(cells[3]) == ["", "", "00123", dt.date(2026, 1, 31), True]
    assert list(cells[4]) == ["", "", 0.4, dt.datetime(2026, 1, 31, 8, 30), 7]  # noqa: DTZ001
    assert list(cells[5][2:4]) == [dt.time(8, 30), dt.timedelta(days=2)]


@pytest.mark.parametrize("since_1904", [False, True])
def test_dates_count_from_1900_or_1904(tmp_path: Path, *, since_1904: bool) -> None:
    book = xlsxwriter.Workbook(tmp_path / "dates.xlsx", {"date_1904": since_1904})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    book.add_worksheet().write_datetime("A1", dt.datetime(2026, 1, 31), day)  # noqa: DTZ001
    book.close()
    assert read_sheets(tmp_path / "dates.xlsx")[0][0].cells[0][0] == dt.date(2026, 1, 31)


def with_errors(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Fine").write("A1", 1)
    sheet = book.add_worksheet("Faulty")
    sheet.write("B2", "text")
    sheet.write_formula("C2", "=1/0", None, "#DIV/0!")
    sheet.write_formula("E5", "=NA()", None, "#N/A")
    book.close()
    return path


def test_hidden_rows_are_counted_and_read_like_the_others(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in range(1, 3001):  # more than is scanned at once
        book.active.append([row, "x" * 400])
        book.active.row_dimensions[row].hidden = row % 3 == 0
    book.save(tmp_path / "b.xlsx")
    ((sheet,), _) = read_sheets(tmp_path / "b.xlsx")
    assert sheet.hidden_rows == 1000
    assert [row[0] for row in sheet.cells] == list(range(1, 3001))


def test_error_cells_show_their_code(tmp_path: Path) -> None:
    _, faulty = read_sheets(with_errors(tmp_path / "errors.xlsx"))[0]
    assert list(faulty.cells[1]) == ["", "text", CellError("#DIV/0!"), "", ""]
    assert faulty.cells[4][4] == CellError("#N/A")
    assert len(faulty.cells) == 5


def test_error_cells_without_an_address_are_counted(tmp_path: Path) -> None:
    path = rewritten(
        with_errors(tmp_path / "errors.xlsx"),
        "xl/worksheets/sheet2.xml",
        lambda xml: xml.replace(b' r="C2"', b""),
    )
    assert read_sheets(path)[0][1].cells[1][2] == CellError("#DIV/0!")


def test_an_error_beyond_all_other_cells_widens_the_sheet(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "lone.xlsx")
    book.add_worksheet().write_formula("C3", "=NA()", None, "#N/A")
    book.close()
    cells = read_sheets(tmp_path / "lone.xlsx")[0][0].cells
    assert cells[2][2] == CellError("#N/A")


def test_tables_names_and_hidden_sheets_are_listed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Kunden & Käufe"
    for row in (["Customer id", "Amount"], ["C1", 5], ["C2", 6], ["Total", 11]):
        sheet.append([None, *row])
    table = Table(displayName="tblOrders", ref="B1:C4")
    table.totalsRowCount = 1
    sheet.add_table(table)
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.create_chartsheet("Chart")
    book.defined_names["in_margin"] = openpyxl.workbook.defined_name.DefinedName(
        "in_margin", attr_text="Hidden!$B$4"
    )
    sheet.print_area = "A1:C4"  # a name of this sheet only
    book.save(tmp_path / "listed.xlsx")
    sheets, names = read_sheets(tmp_path / "listed.xlsx")
    assert [one.name for one in sheets] == ["Kunden & Käufe", "Hidden"]
    assert sheets[0].tables == (ListedTable("tblOrders", 1, 2, 3, 3, totals_rows=1),)
    assert names == {"in_margin": "Hidden!$B$4"}


@pytest.mark.parametrize("address", ["XFD1048576", "C199999999999", "ZZZZZ7", "xfd1048576"])
def test_a_stray_cell_far_out_is_refused_before_it_takes_all_memory(
    tmp_path: Path, address: str
) -> None:
    path = rewritten(
        with_errors(tmp_path / "stray.xlsx"),
        "xl/worksheets/sheet2.xml",
        lambda xml: xml.replace(b'r="B2"', f'r = "{address}"'.encode()),
    )
    with pytest.raises(InputError) as caught:
        read_sheets(path)
    assert caught.value.key == "sheet_too_wide"
    assert "Faulty reaches to" in str(caught.value)


@pytest.mark.parametrize("broken", [b"<worksheet><sheetData><row", b"\xff\xfe\x00\x00"])
def test_a_sheet_of_broken_xml_is_refused(tmp_path: Path, broken: bytes) -> None:
    path = with_errors(tmp_path / "errors.xlsx")
    rewritten(path, "xl/worksheets/sheet2.xml", lambda xml: xml[: len(xml) // 2] + broken)
    with pytest.raises(InputError) as caught:
        read_sheets(path)
    assert caught.value.key == "damaged_workbook"


def test_a_zip_bomb_is_refused_unread(tmp_path: Path) -> None:
    path = with_errors(tmp_path / "errors.xlsx")
    rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * (65 * 2**20))
    with pytest.raises(InputError) as caught:
        read_sheets(path)
    assert caught.value.key == "workbook_part_inflates"


def test_rows_by_column_look_like_rows() -> None:
    cells = ByColumn([["a", "b", "c"], ["1", "2", None]])
    assert (len(cells), cells[0], cells[-1]) == (3, ["a", "1"], ["c", None])
    assert cells[1:] == [["b", "2"], ["c", None]]
    assert len(ByColumn([])) == 0
    assert Sheet("text", cells).column(2, 2, 3) == ["2", None]
    assert Sheet("rows", [["a", 1], ["b", 2]]).column(2, 1, 2) == [1, 2]


def test_column_letters_are_numbers() -> None:
    assert [number_of(letters) for letters in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16_384]
