"""The macro Refresh gives the cells that `xlclv refresh` gives for the saved file."""

import csv
import shutil
from collections.abc import Callable, Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.worksheet.table import Table

from tests.hosts.excel.books import everything, saved
from tests.hosts.excel.engine import app_of, host, open_book
from xlclv.columns import CellError
from xlclv.hosts.excel.book import tasks
from xlclv.reading.grid import Sheet
from xlclv.reading.sheets import read_sheets
from xlclv.refresh.refresh import RefreshRequest
from xlclv.refresh.refresh import refresh as refresh_file
from xlclv.schema import TABS, WRITTEN
from xlclv.workbook.template import sample_results, write_book

CDNOW = Path(__file__).parents[2] / "data" / "cdnow_sample.csv"
STAMP_ROW = 5  # of the first row of History, from 0
INPUTS = tuple(tab.name for tab in TABS if tab.name not in WRITTEN)
CUSTOMERS = ["Customer", "Average value", "Frequency", "Lifespan", "Note"]
Cells = list[list[Any]]


@pytest.fixture(autouse=True)
def _hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let xlwings find the host of the tests, and the log be written aside."""
    monkeypatch.setattr(xw.engines, "active", host())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")


def shown(cell: object) -> object:
    """Return a cell so that what looks the same is the same."""
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, datetime) and not cell.hour and not cell.minute and not cell.second:
        return cell.date()
    if isinstance(cell, float):
        return pytest.approx(cell, rel=1e-14)
    return None if cell == "" else cell


def trimmed(sheet: Sheet) -> Cells:
    """Return the cells of a sheet without what is empty at the right end and below."""
    rows = [[shown(cell) for cell in row] for row in sheet.cells]
    for row in rows:
        while row and row[-1] is None:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    if sheet.name == "History":
        for row in rows[STAMP_ROW:]:
            assert isinstance(row[0], datetime | date)
            row[0] = "some time"
    return rows


def cells_of(path: Path) -> dict[str, Cells]:
    return {sheet.name: trimmed(sheet) for sheet in read_sheets(path)[0]}


def headless(path: Path) -> Path:
    """Refresh the saved file without Excel."""
    copied = Path(shutil.copy(path, path.with_name("copied.xlsx")))
    order = RefreshRequest(copied, path.with_name("headless.xlsx"), replace_out=True)
    return refresh_file(order, datetime(2026, 1, 1))[0]  # noqa: DTZ001


def refresh(book: xw.Book) -> None:
    """Run the macro; it must have nothing to say."""
    tasks.refresh(book)
    assert app_of(book).alerts == []


def assert_same(ours: Path, theirs: Path, sheets: Collection[str]) -> None:
    some, others = cells_of(ours), cells_of(theirs)
    for name in sheets:
        assert some[name] == others[name], name


def plain_book(path: Path, rows: list[list[Any]]) -> Path:
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


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "xlclv.xlsx"
    write_book(path, sample_results())
    return path


@pytest.fixture
def sample(template: Path, tmp_path: Path) -> Path:
    """The template with another margin, another order, and stale cells."""
    path = tmp_path / "sample.xlsx"
    book = openpyxl.load_workbook(template)
    place = book.defined_names["cfg_margin"].value.rpartition("!")[2].replace("$", "")
    book["Input"][place] = 0.25
    book["Orders"]["F6"] = 12_345.5
    book["CustomerValues"]["A400"] = "stale"
    book["Segments"]["K3"] = "stale"
    book.save(path)
    return path


@pytest.fixture
def cdnow(tmp_path: Path) -> Path:
    """A workbook with nothing but the orders of CDNOW."""
    with CDNOW.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    rows = [[line[0], datetime.fromisoformat(line[1]), *map(float, line[2:])] for line in lines]
    return plain_book(tmp_path / "cdnow.xlsx", [header, *rows])


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """A plain customer sheet with what Excel would take for something else."""
    names = ["=1+1", "+49 30", "-x", "@home", "00123", "TRUE", "2026-01-31", "C0008", "'q"]
    rows = [[name, 20.0 + at, 2, 3, "mine"] for at, name in enumerate(names)]
    return plain_book(tmp_path / "customers.xlsx", [CUSTOMERS, *rows, ["C9", "?", 2, 3, None]])


def no_copies(book: xw.Book) -> None:
    app_of(book).can_open = False


def copies(book: xw.Book) -> None:
    app_of(book).can_open = True


EITHER = pytest.mark.parametrize("setting", [no_copies, copies])


@EITHER
@pytest.mark.parametrize("which", ["sample", "cdnow", "customers"])
def test_the_cells_are_those_of_the_headless_refresh(
    which: str, setting: Callable[[xw.Book], None], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path: Path = request.getfixturevalue(which)
    book = open_book(path)
    setting(book)
    refresh(book)
    theirs = headless(path)
    added = set(cells_of(theirs)) - set(cells_of(path))
    filled = {"Customers", "Tiers", "RewardRules"} if which == "sample" else {"My data"}
    assert_same(saved(book, tmp_path), theirs, {*WRITTEN, *added, *filled})


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
    for name in WRITTEN:
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
    assert everything(saved(book, tmp_path)) == before


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
