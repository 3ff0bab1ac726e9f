"""What a host lacks is passed over, what it refuses is logged, and a fault of ours is neither."""

import logging
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest
import xlwings as xw
from openpyxl.worksheet.table import Table

from tests.hosts.excel.books import everything, saved
from tests.hosts.excel.engine import app_of, host, open_book
from tests.hosts.excel.engine_cells import Range, Tables
from xlclv.errors import InputError
from xlclv.hosts.excel.book import tasks
from xlclv.hosts.excel.book.able import REFUSING, able, attempt
from xlclv.hosts.excel.book.reading import read_book
from xlclv.reading.sheets import read_sheets
from xlclv.refresh.refresh import RefreshRequest
from xlclv.refresh.refresh import refresh as refresh_file

HEADERS = ["Customer id", "Avg value", "Frequency", "Lifespan"]


def raising(error: BaseException) -> object:
    raise error


@pytest.fixture(params=list(REFUSING))
def refusal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Exception:
    """What Excel raises where it refuses, as the module that only its host has."""
    module = ModuleType(request.param)
    name = REFUSING[request.param]
    vars(module)[name] = type(name, (Exception,), {})
    monkeypatch.setitem(sys.modules, request.param, module)
    error: Exception = vars(module)[name]("Excel says no")
    return error


@pytest.mark.parametrize(
    "error", [NotImplementedError(), AttributeError("merge_cells"), xw.XlwingsError("on a Mac")]
)
def test_what_a_host_lacks_is_passed_over(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "xlclv")
    assert able("merged cells", lambda: raising(error), otherwise=False) is False
    assert able("merged cells", lambda: raising(error)) is None
    assert {record.levelname for record in caplog.records} == {"DEBUG"}
    assert "merged cells" in caplog.text


def test_what_excel_refuses_is_logged(refusal: Exception, caplog: pytest.LogCaptureFixture) -> None:
    assert able("size of a table", lambda: raising(refusal)) is None
    (record,) = caplog.records
    assert (record.levelname, record.exc_info and record.exc_info[1]) == ("WARNING", refusal)
    assert "size of a table" in record.getMessage()


@pytest.mark.parametrize(
    "fault",
    [
        ValueError(),
        TypeError(),
        KeyError(),
        RuntimeError(),
        InputError("no_day_to_book"),
        OSError(),
    ],
)
def test_a_fault_is_no_lack(fault: Exception) -> None:
    with pytest.raises(type(fault)):
        able("anything", lambda: raising(fault))


def test_an_attribute_is_set_where_it_can_be() -> None:
    class Owner:
        __slots__ = ("here",)

    owner = Owner()
    attempt("something", owner, "here", 1)
    attempt("something", owner, "not_here", 1)
    assert owner.here == 1


# --- a book -----------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(xw.engines, "active", host())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")
    file = openpyxl.Workbook()
    file.active.title = "Cust"
    for row in (HEADERS, *([f"C{at}", 10.0 * at, 2, 3] for at in range(1, 7))):
        file.active.append(row)
    file.active.add_table(Table(displayName="mine", ref="A1:D7"))
    path = tmp_path / "cust.xlsx"
    file.save(path)
    return path


def test_tables_that_cannot_be_told_are_never_taken_for_none(
    book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = open_book(book)
    before = everything(saved(opened, tmp_path))
    monkeypatch.setattr(Tables, "__iter__", lambda _: raising(NotImplementedError()))
    with pytest.raises(InputError, match=r"Cust.*E616"):
        read_book(opened)
    tasks.refresh(opened)
    monkeypatch.undo()
    assert "E616" in app_of(opened).alerts[0]
    assert everything(saved(opened, tmp_path)) == before


def test_a_host_that_tells_no_formats_and_formulas_gets_the_same_cells(
    book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Lite is one: whatever it was not told before a script begins, it cannot tell."""
    stamp = datetime(2026, 1, 1)  # noqa: DTZ001 - cells have no zone
    theirs, _ = refresh_file(RefreshRequest(book, tmp_path / "theirs.xlsx"), stamp)
    opened = open_book(book)
    app_of(opened).can_open = False
    for name in ("formula", "number_format", "merge_cells", "has_array"):
        there = getattr(Range, name)
        lacking = property(lambda _: raising(NotImplementedError()), there.fset)
        monkeypatch.setattr(Range, name, lacking)
    tasks.refresh(opened)
    assert app_of(opened).alerts == []
    for sheet in ("Cust", "CustomerValues"):
        ours = next(each for each in read_sheets(saved(opened, tmp_path))[0] if each.name == sheet)
        wanted = next(each for each in read_sheets(theirs)[0] if each.name == sheet)
        assert [row[:8] for row in ours.cells[1:7]] == [row[:8] for row in wanted.cells[1:7]]
