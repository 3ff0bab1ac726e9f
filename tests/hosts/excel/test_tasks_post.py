"""The macro PostRewards books what `xlclv award --post` books, and only once."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
import xlwings as xw
from python_calamine import CalamineWorkbook

from tests.hosts.excel.engine import app_of, host, open_book
from xlclv.hosts.excel.book import tasks
from xlclv.refresh.refresh import RefreshRequest, refresh
from xlclv.workbook.template import sample_results, write_book


@pytest.fixture(autouse=True)
def _hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let xlwings find the host of the tests, and the log be written aside."""
    monkeypatch.setattr(xw.engines, "active", host())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")


def post(book: xw.Book) -> str:
    """Run the macro; return the one thing it says."""
    app_of(book).alerts.clear()
    tasks.post_rewards(book)
    (said,) = app_of(book).alerts
    return said


def ledger(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name("Ledger").to_python()


def test_what_is_due_is_booked_once(tmp_path: Path) -> None:
    path = tmp_path / "shop.xlsx"
    write_book(path, sample_results())
    copied = Path(shutil.copy(path, tmp_path / "copied.xlsx"))
    order = RefreshRequest(copied, tmp_path / "headless.xlsx", post=True)
    theirs, results = refresh(order, datetime(2026, 1, 1))  # noqa: DTZ001
    book = open_book(path)
    count = results.booked["customer_id"].size
    assert f"Rows added to the Ledger: {count}." in post(book)
    book.save(tmp_path / "ours.xlsx")
    assert ledger(tmp_path / "ours.xlsx") == ledger(theirs)
    assert "Nothing is due" in post(book)
    book.save(tmp_path / "again.xlsx")
    assert ledger(tmp_path / "again.xlsx") == ledger(theirs)
