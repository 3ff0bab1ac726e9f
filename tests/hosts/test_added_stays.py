"""What users add to our tabs stays in Excel and Lite as it does on the command line."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.comments import Comment
from openpyxl.workbook.workbook import Workbook

from tests.hosts.excel import engine as excel
from tests.hosts.excel.books import everything
from tests.hosts.excel.test_tasks_post import ledger
from tests.hosts.lite import engine as lite
from tests.refresh.kept.test_kept import (
    YELLOW,
    last_column,
    other_orders,
    results_with,
    row_of,
    with_column,
)
from xlclv.hosts.excel.book import tasks
from xlclv.workbook.template import sample_results, write_book

pytestmark = pytest.mark.slow
Run = Callable[[Path, Path], list[str]]


def in_excel(path: Path, out: Path) -> list[str]:
    book = excel.open_book(path)
    excel.app_of(book).can_open = True
    tasks.refresh(book)
    book.save(out)
    return list(excel.app_of(book).alerts)


def in_lite(path: Path, out: Path) -> list[str]:
    return list(lite.run(tasks.refresh, path, out).alerts)


@pytest.fixture(autouse=True)
def _hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(xw.engines, "active", excel.host())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")


EACH = pytest.mark.parametrize("run", [in_excel, in_lite])


def marked(book: Workbook) -> None:
    with_column(book)
    sheet = book["CustomerValues"]
    row = row_of(sheet, "c")
    sheet.cell(row, last_column(sheet) + 2).comment = Comment("asked for a refund", "Ann")
    sheet.cell(row, 2).fill = YELLOW
    book["Summary"]["K2"] = "for the board"
    book["Summary"]["A5"].fill = YELLOW


@EACH
def test_what_stands_beside_a_row_follows_it(tmp_path: Path, run: Run) -> None:
    path = results_with(tmp_path, marked)
    other_orders(path, "dxcba")
    assert run(path, tmp_path / "out.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    sheet = book["CustomerValues"]
    column = last_column(sheet)
    assert sheet.cell(5, column).value == "My note"
    for name in "abcd":
        row = row_of(sheet, name)
        assert sheet.cell(row, column).value == f"call {name}"
        assert sheet.cell(row, column + 2).value == f"=A{row}&$A$5"
    assert sheet.cell(row_of(sheet, "x"), column).value is None
    assert not any(cell.value for row in sheet.iter_rows(min_row=11) for cell in row)
    assert sheet.cell(row_of(sheet, "c"), column + 2).comment.text == "asked for a refund"
    assert book["Summary"]["K2"].value == "for the board"
    assert book["Summary"]["A5"].fill.fgColor.rgb == "FFFFFF00"
    if run is in_excel:  # Lite tells no colours
        yellow = [row for row in range(6, 11) if sheet.cell(row, 2).fill.fgColor.rgb == "FFFFFF00"]
        assert yellow == [row_of(sheet, "c")]


def mine_among_ours(book: Workbook) -> None:
    table = book["CustomerValues"].tables["tblValues"]
    table.tableColumns[2].name = "Mine"
    book["CustomerValues"].cell(5, 3).value = "Mine"


def below(book: Workbook) -> None:
    book["CustomerValues"]["B10"] = "my remark"


@EACH
@pytest.mark.parametrize(
    ("change", "names", "told"),
    [
        (with_column, "abx", "what you put there belongs"),
        (mine_among_ours, "abcd", 'your column "Mine" stands among ours'),
        (below, "abcdef", "B10: what you put there stands where results"),
    ],
)
def test_what_has_no_place_is_refused_in_the_same_words(
    tmp_path: Path, run: Run, change: Callable[[Workbook], None], names: str, told: str
) -> None:
    path = results_with(tmp_path, change)
    other_orders(path, names)
    before = everything(path)
    try:
        (said,) = run(path, tmp_path / "out.xlsx")
        assert told in said
    finally:
        if (tmp_path / "out.xlsx").exists():
            assert everything(tmp_path / "out.xlsx") == before


def marked_ledger(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Ledger"]
    row = sheet.max_row
    sheet.cell(row, 2).fill = YELLOW
    sheet.cell(row, sheet.max_column + 2).value = "paid by hand"
    book.save(path)


@EACH
def test_marks_in_the_ledger_stay(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shop.xlsx"
    write_book(path, sample_results())
    marked_ledger(path)
    before = openpyxl.load_workbook(path)["Ledger"]
    row, column = before.max_row, before.max_column
    monkeypatch.setattr(tasks, "refresh", tasks.post_rewards)
    monkeypatch.setattr(excel.app_of(excel.open_book(path)), "answer", "ok")
    for turn in range(2):  # where nobody can answer, the second time is the answer
        run(path, tmp_path / f"{turn}.xlsx")
        path = tmp_path / f"{turn}.xlsx"
    after = openpyxl.load_workbook(path)["Ledger"]
    assert after.cell(row, 2).fill.fgColor.rgb == "FFFFFF00"
    assert after.cell(row, column).value == "paid by hand"
    assert len(ledger(path)) > row
