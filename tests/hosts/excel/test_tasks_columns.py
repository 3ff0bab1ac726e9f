"""Where the macro Refresh has to ask, the tab Columns is written, and answers it."""

from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from tests.hosts.excel.engine import app_of, host, open_book
from xlclv.hosts.excel.book import tasks

CUSTOMERS = [["Nummer", "Bon", "Besuche", "Treue"], ["K1", 50, 4, 3], ["K2", 20, 2, 5]]
ANSWERS = ["Customer id", "Average purchase value", "Purchase frequency", "Lifespan"]


@pytest.fixture(autouse=True)
def _hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(xw.engines, "active", host())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")


@pytest.fixture
def book(tmp_path: Path) -> xw.Book:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Kunden"
    for row in CUSTOMERS:
        sheet.append(row)
    made.save(tmp_path / "kunden.xlsx")
    return open_book(tmp_path / "kunden.xlsx")


def test_a_question_is_answered_on_the_tab(book: xw.Book) -> None:
    tasks.refresh(book)
    (alert,) = app_of(book).alerts
    assert "Answer on the tab Columns and refresh again." in str(alert)
    assert "--" not in str(alert)  # nobody types a command here
    assert [sheet.name for sheet in book.sheets] == ["Kunden", "Columns"]
    assert book.sheets["Kunden"].range("E1").value is None
    columns = book.sheets["Columns"]
    headers = [columns.range(f"B{row}").value for row in range(7, 11)]
    assert headers == CUSTOMERS[0]
    for row, answer in enumerate(ANSWERS, start=7):
        columns.range(f"D{row}").value = answer
    app_of(book).alerts.clear()
    tasks.refresh(book)
    assert app_of(book).alerts == []
    assert [book.sheets["Kunden"].range(f"E{row}").value for row in (1, 2, 3)] == ["CLV", 600, 200]
    told = [[cell.value for cell in columns.range(f"C{row}:E{row}")] for row in (6, 7)]
    assert told[0][1:] == ["Customer id", "your answer"]


def test_where_the_tab_cannot_be_written_nothing_is_changed(
    book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(tasks, "write_book", fail)
    tasks.refresh(book)
    assert [sheet.name for sheet in book.sheets] == ["Kunden"]
    assert len(app_of(book).alerts) == 1
