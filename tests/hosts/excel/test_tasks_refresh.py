"""The macro Refresh: what it leaves as it was, what it says, what it does when it fails."""

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.worksheet.table import Table

from tests.hosts.excel.books import everything, saved
from tests.hosts.excel.engine import app_of, host, open_book
from tests.hosts.same import cells_of, customers_of_a_user, edited
from xlclv.hosts.excel.book import tasks
from xlclv.schema import TABS, WRITTEN

pytestmark = pytest.mark.slow

INPUTS = tuple(tab.name for tab in TABS if tab.name not in WRITTEN)


@pytest.fixture(autouse=True)
def _hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let xlwings find the host of the tests, and the log be written aside."""
    monkeypatch.setattr(xw.engines, "active", host())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")


def refresh(book: xw.Book) -> None:
    """Run the macro; it must have nothing to say."""
    tasks.refresh(book)
    assert app_of(book).alerts == []


def no_copies(book: xw.Book) -> None:
    app_of(book).can_open = False


def copies(book: xw.Book) -> None:
    app_of(book).can_open = True


EITHER = pytest.mark.parametrize("setting", [no_copies, copies])


@pytest.fixture
def sample(template: Path, tmp_path: Path) -> Path:
    return edited(template, tmp_path / "sample.xlsx")


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    return customers_of_a_user(tmp_path / "customers.xlsx")


def test_the_sample_was_changed_by_it(sample: Path, tmp_path: Path) -> None:
    book = open_book(sample)
    refresh(book)
    ours, before = cells_of(saved(book, tmp_path)), cells_of(sample)
    for name in ("CustomerValues", "Summary", "Segments", "History", "Customers"):
        assert ours[name] != before[name], name


def test_inputs_are_not_touched(sample: Path, tmp_path: Path) -> None:
    before = openpyxl.load_workbook(sample)
    book = open_book(sample)
    refresh(book)
    after = openpyxl.load_workbook(saved(book, tmp_path))
    ours = {"Customers": 15, "Tiers": 7, "RewardRules": 36}
    for name in INPUTS:
        for row in before[name].iter_rows():
            for cell in row:
                if name == "Start" and cell.row in range(6, 12):
                    continue  # the steps, which name the program
                if cell.row == 3 or (cell.column or 0) > ours.get(name, 99):
                    continue  # the line about the checks, columns of ours
                assert after[name][cell.coordinate].value == cell.value, (name, cell.coordinate)


@EITHER
def test_a_second_refresh_adds_one_row_to_the_history(
    customers: Path, setting: Callable[[xw.Book], None], tmp_path: Path
) -> None:
    book = open_book(customers)
    setting(book)
    refresh(book)
    sheets = [sheet.name for sheet in book.sheets]
    first = cells_of(saved(book, tmp_path))["History"]
    refresh(book)
    second = cells_of(saved(book, tmp_path))["History"]
    assert [sheet.name for sheet in book.sheets] == sheets
    assert len(second) == len(first) + 1
    assert second[: len(first)] == first
    table = book.sheets["History"].tables["tblHistory"].range
    assert table.row + table.shape[0] - 1 == len(second)


def test_settings_and_selection_are_as_before(sample: Path) -> None:
    book = open_book(sample)
    app = app_of(book)
    app.calculation, app.enable_events = "semiautomatic", False
    book.sheets["Orders"].activate()
    book.sheets["Orders"].range("B7:C8").select()
    refresh(book)
    assert (app.calculation, app.enable_events) == ("semiautomatic", False)
    assert app.screen_updating
    assert app.display_alerts
    assert book.sheets.active.name == "Orders"
    selected = book.impl.selected
    assert (selected.sheet.name, selected.address) == ("Orders", "$B$7:$C$8")
    assert app.told[-1] is False
    assert len(app.told) == 4
    assert [each.name for each in app.books.all] == [book.name]


@pytest.mark.parametrize(
    ("which", "fail_at", "setting"),
    [
        ("customers", 2, no_copies),
        ("customers", 9, copies),
        ("customers", 9, no_copies),
        ("sample", 2, copies),
        ("sample", 12, no_copies),
    ],
)
def test_a_failure_in_the_middle_leaves_all_as_before(
    which: str,
    fail_at: int,
    setting: Callable[[xw.Book], None],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    path: Path = request.getfixturevalue(which)
    book = open_book(path)
    setting(book)
    app = app_of(book)
    before = everything(Path(shutil.copy(path, tmp_path / "before.xlsx")))
    app.fail_at = fail_at
    tasks.refresh(book)
    assert app.writes > fail_at  # some were taken back
    assert everything(saved(book, tmp_path)) == before
    (told,) = app.alerts
    assert "as they were before" in told
    assert (app.calculation, app.screen_updating, app.told[-1]) == ("automatic", True, False)
    assert [each.name for each in app.books.all] == [book.name]


def test_what_cannot_be_put_back_is_said(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_book(sample)
    app = app_of(book)

    def fail(self: object) -> None:
        del self
        app.writes += 1
        if app.writes >= 4:
            raise RuntimeError("Excel is busy")

    monkeypatch.setattr(type(app), "count_write", fail)
    tasks.refresh(book)
    assert "without saving" in app.alerts[0]


@EITHER
def test_text_stays_text(
    customers: Path, setting: Callable[[xw.Book], None], tmp_path: Path
) -> None:
    book = open_book(customers)
    setting(book)
    refresh(book)
    file = openpyxl.load_workbook(saved(book, tmp_path))
    for name in set(WRITTEN) & set(file.sheetnames):  # a tab without a row is left out
        assert [
            cell for row in file[name].iter_rows() for cell in row if cell.data_type == "f"
        ] == []
    texts = {cell.value for row in file["CustomerValues"].iter_rows() for cell in row}
    assert {"=1+1", "+49 30", "-x", "@home", "00123", "TRUE", "2026-01-31", "'q"} <= texts


def test_an_error_is_an_error(customers: Path, tmp_path: Path) -> None:
    book = open_book(customers)
    refresh(book)
    tab = openpyxl.load_workbook(saved(book, tmp_path))["My data"]
    at = [cell.value for cell in tab[1]].index("CLV")
    assert (tab[11][at].value, tab[11][at].data_type) == ("#VALUE!", "e")


def test_a_table_takes_in_its_new_columns(customers: Path) -> None:
    file = openpyxl.load_workbook(customers)
    file["My data"].add_table(Table(displayName="mine", ref="A1:E11"))
    file.save(customers)
    book = open_book(customers)
    refresh(book)
    assert book.sheets["My data"].tables["mine"].range.address == "$A$1:$K$11"


def test_formulas_of_the_user_that_point_at_results_stay(sample: Path, tmp_path: Path) -> None:
    file = openpyxl.load_workbook(sample)
    file["Input"]["G1"] = "=Summary!C6*2"
    file.save(sample)
    book = open_book(sample)
    refresh(book)
    assert openpyxl.load_workbook(saved(book, tmp_path))["Input"]["G1"].value == "=Summary!C6*2"


@pytest.mark.parametrize(
    ("cell", "value", "told"), [("G3", "mine", "My data!G3"), ("A1", "Nothing", "no")]
)
def test_a_fault_of_the_book_is_said_and_nothing_changes(
    customers: Path, cell: str, value: str, told: str, tmp_path: Path
) -> None:
    file = openpyxl.load_workbook(customers)
    file["My data"][cell] = value
    if value == "Nothing":
        file["My data"].delete_cols(2, 3)
    file.save(customers)
    before = everything(customers)
    book = open_book(customers)
    tasks.refresh(book)
    assert told in app_of(book).alerts[0]
    after = everything(saved(book, tmp_path))
    if value == "Nothing":  # where something is asked, the tab for the answer is all that is new
        del after["Columns"]
        assert after["names"].pop("tab_columns") == "'Columns'!$A$1"
    assert after == before


def test_the_macro_takes_the_book_that_calls(customers: Path) -> None:
    book = open_book(customers)
    book.set_mock_caller()
    try:
        tasks.refresh()
    finally:
        del xw.Book._mock_caller  # type: ignore[attr-defined]  # noqa: SLF001
    assert "Summary" in book.sheet_names


def test_a_bug_goes_to_the_log(
    customers: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(tasks, "prepare", broken)
    book = open_book(customers)
    tasks.refresh(book)
    assert "ZeroDivisionError" in caplog.text
    (told,) = app_of(book).alerts
    assert "E610" in told
    assert "ZeroDivision" not in told


def test_without_a_window_it_prints(
    customers: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = open_book(customers)

    def lacking(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(type(app_of(book)), "alert", lacking)
    monkeypatch.setattr(tasks, "prepare", None)
    tasks.refresh(book)
    assert "E610" in capsys.readouterr().out
