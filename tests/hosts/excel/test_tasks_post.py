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

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let xlwings find the host of the tests, and the log be written aside."""
    monkeypatch.setattr(xw.engines, "active", host())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")


def post(book: xw.Book, answer: str | None = "ok") -> list[str]:
    """Run the macro; return what it asks and says."""
    app_of(book).alerts.clear()
    app_of(book).answer = answer
    tasks.post_rewards(book)
    return list(app_of(book).alerts)


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
    asked, said = post(book)
    assert asked.startswith(f"Issue these rewards? {count} rows are added to the Ledger; cost ")
    assert f"Rows added to the Ledger: {count}." in said
    book.save(tmp_path / "ours.xlsx")
    assert ledger(tmp_path / "ours.xlsx") == ledger(theirs)
    (said,) = post(book)  # nothing to ask about
    assert "Nothing is due" in said
    book.save(tmp_path / "again.xlsx")
    assert ledger(tmp_path / "again.xlsx") == ledger(theirs)


def test_nothing_is_booked_before_somebody_agrees(tmp_path: Path) -> None:
    path = tmp_path / "shop.xlsx"
    write_book(path, sample_results())
    book = open_book(path)
    asked, said = post(book, "cancel")
    assert "cost " in asked
    assert "Nothing was issued" in said
    # A host whose windows cannot answer: the same command once more is the answer.
    asked, said = post(book, None)
    assert "Nothing is issued yet" in said
    book.save(tmp_path / "before.xlsx")
    assert ledger(tmp_path / "before.xlsx") == ledger(path)
    _, said = post(book, None)
    assert "Rows added to the Ledger: " in said
