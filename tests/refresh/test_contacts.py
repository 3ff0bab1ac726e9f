"""The tab Contacts in books: what people wrote into it outlives every refresh."""

from datetime import date, datetime
from pathlib import Path

import openpyxl

from xlclv.refresh.refresh import RefreshRequest, refresh

STAMP = datetime(2026, 7, 1)  # noqa: DTZ001 - local time
ROWS = ["ann,2026-01-05,10", "bob,2026-02-05,20", "ann,2026-03-05,30"]
HEADER = 5


def refreshed(book: Path, out: Path) -> Path:
    return refresh(RefreshRequest(book, out, replace_out=True), STAMP)[0]


def columns(path: Path) -> dict[str, list[object]]:
    """Return the columns of the tab by header."""
    sheet = openpyxl.load_workbook(path)["Contacts"]
    found = {}
    for cell in sheet[HEADER]:
        if cell.value is not None:
            below = range(HEADER + 1, sheet.max_row + 1)
            found[str(cell.value)] = [sheet.cell(row, cell.column).value for row in below]
    return found


def log_of(path: Path, customers: int) -> Path:
    """Write an order log in which so many customers have not come back since March."""
    rows = [
        f"c{number:04d},{day},10"
        for number in range(customers)
        for day in ("2026-01-05", "2026-02-04", "2026-03-06")
    ]
    path.write_text("Customer id,Order date,Amount net\n" + "\n".join([*rows, "last,2026-05-20,1"]))
    return path


def test_marks_and_columns_beside_are_kept(tmp_path: Path) -> None:
    first = refreshed(log_of(tmp_path / "log.csv", 6), tmp_path / "book.xlsx")
    before = columns(first)["Customer id"]
    book = openpyxl.load_workbook(first)
    sheet = book["Contacts"]
    headers = {cell.value: cell.column for cell in sheet[HEADER]}
    end = len(headers)
    sheet.cell(HEADER, end + 1, "Phone")  # beside the table
    sheet.cell(HEADER, end + 3, "Called")  # with a gap
    sheet.cell(8, headers["Owner"], "Eva")
    sheet.cell(9, headers["Done"], date(2026, 6, 30))
    sheet.cell(8, end + 1, "=1+1 is what she said")
    sheet.cell(8, end + 1).data_type = "s"
    sheet.cell(9, end + 3, datetime(2026, 6, 29, 10, 30))  # noqa: DTZ001 - local time
    sheet.insert_rows(1)  # and a line of somebody's above it all
    table = sheet.tables["tblContacts"]
    table.ref = table.autoFilter.ref = f"A6:{table.ref.partition(':')[2].rstrip('0123456789')}12"
    book.save(first)
    one = columns(refreshed(first, tmp_path / "one.xlsx"))
    two = columns(refreshed(tmp_path / "one.xlsx", tmp_path / "two.xlsx"))
    assert one == two
    assert one["Customer id"] == before
    assert one["Owner"] == [None, None, "Eva", None, None, None]
    assert one["Done"][3] == datetime(2026, 6, 30)  # noqa: DTZ001 - local time
    assert one["Phone"][2] == "=1+1 is what she said"
    assert one["Called"][3] == datetime(2026, 6, 29, 10, 30)  # noqa: DTZ001 - local time


def test_a_book_of_own_data_has_the_tab_once_it_has_rows(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("Customer id,Order date,Amount net\n" + "\n".join(ROWS))
    made = refreshed(log, tmp_path / "made.xlsx")
    assert "Contacts" not in openpyxl.load_workbook(made).sheetnames
    again = refreshed(made, tmp_path / "again.xlsx")
    assert "Contacts" not in openpyxl.load_workbook(again).sheetnames
    slipping = refreshed(log_of(log, 1), tmp_path / "slipping.xlsx")
    assert columns(slipping)["Customer id"] == ["c0000"]


def test_a_long_list_is_kept_as_a_short_one(tmp_path: Path) -> None:
    rows = 501  # from here on the drawing takes another way
    log = log_of(tmp_path / "log.csv", rows)
    book = openpyxl.load_workbook(refreshed(log, tmp_path / "made.xlsx"))
    sheet = book["Contacts"]
    headers = {cell.value: cell.column for cell in sheet[HEADER]}
    sheet.cell(HEADER, len(headers) + 1, "Mine")
    for row in range(HEADER + 1, sheet.max_row + 1):
        sheet.cell(row, len(headers) + 1, sheet.cell(row, headers["Customer id"]).value)
    book.save(tmp_path / "made.xlsx")
    found = columns(refreshed(tmp_path / "made.xlsx", tmp_path / "again.xlsx"))
    assert len(found["Mine"]) == rows
    assert found["Mine"] == found["Customer id"]
