"""What stands in the way of results is refused alike by every host, and nothing is lost."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from tests.hosts.calc.bed import Calc
from tests.hosts.excel.books import everything, saved
from tests.hosts.excel.engine import app_of, host, open_book
from tests.refresh.books import STAMP, refused
from xlclv.hosts.excel.book import tasks
from xlclv.hosts.setup import calc as install
from xlclv.refresh.refresh import RefreshRequest, refresh
from xlclv.xlsx.package import REL, Package

REMOTE = str(Path(__file__).with_name("calc") / "remote.py")
SHEET = "Cust"
HEADERS = ["Customer id", "Avg value", "Frequency", "Lifespan"]  # results go to E and on
Edit = Callable[[Worksheet], None]


def put(sheet: Worksheet, cells: dict[str, Any]) -> None:
    for address, value in cells.items():
        sheet[address] = value


def note(sheet: Worksheet) -> None:
    put(sheet, {"E3": "call him", "F4": "owes us"})


def formula_that_shows_nothing(sheet: Worksheet) -> None:
    put(sheet, {"F5": '=""'})


def note_beside_the_totals(sheet: Worksheet) -> None:
    put(sheet, {"A8": "Total", "E8": "mine"})
    table = Table(displayName="mine", ref="A1:D8")
    table.totalsRowCount = 1
    sheet.add_table(table)


def column_behind_a_gap(sheet: Worksheet) -> None:
    put(sheet, {"F1": "Price", "F2": 1, "F3": 2})


def table(sheet: Worksheet, reference: str = "F3:G6") -> None:
    for at, row in enumerate(sheet[reference]):
        for across, cell in enumerate(row):
            cell.value = f"Price {across}" if at == 0 else at
    sheet.add_table(Table(displayName="tblPrices", ref=reference))


def table_in_the_same_rows(sheet: Worksheet) -> None:
    sheet.add_table(Table(displayName="tblMine", ref="A1:D7"))
    table(sheet, "F1:G4")


def table_without_headers(sheet: Worksheet) -> None:
    listed = Table(displayName="tblPrices", ref="F3:G6", headerRowCount=0)
    listed._initialise_columns()  # noqa: SLF001 - openpyxl does so on saving, but with headers
    listed.autoFilter = None
    for column, name in zip(listed.tableColumns, ("a", "b"), strict=True):
        column.name = name
    put(sheet, {"F3": 1, "G3": 2, "F6": 3})
    sheet.add_table(listed)


def merged(reference: str) -> Edit:
    return lambda sheet: sheet.merge_cells(reference)


def array_formula(sheet: Worksheet) -> None:
    sheet["E1"] = "CLV"
    sheet["E2"] = ArrayFormula("E2:E7", "=B2:B7*2")


def table_of_our_name(sheet: Worksheet) -> None:
    assert sheet.parent is not None
    other = sheet.parent.create_sheet("Other")
    put(other, {"A1": "x", "A2": 1})
    other.add_table(Table(displayName="TBLvalues", ref="A1:A2"))


def name_of_our_table(sheet: Worksheet) -> None:
    assert sheet.parent is not None
    name = DefinedName("tblHistory", attr_text=f"{SHEET}!$A$1")
    sheet.parent.defined_names["tblHistory"] = name


CASES: dict[str, tuple[Edit, str, str]] = {
    "note": (note, "F326", "E3"),
    "formula that shows nothing": (formula_that_shows_nothing, "F326", "F5"),
    "note beside the totals": (note_beside_the_totals, "F326", "E8"),
    "column behind a gap": (column_behind_a_gap, "F350", "F1"),
    "table": (table, "F327", "F3:G6"),
    "table in the same rows": (table_in_the_same_rows, "F327", "F1:G4"),
    "table without headers": (table_without_headers, "F327", "F3:G6"),
    "merged block": (merged("F3:H5"), "F323", ""),
    "merged downwards": (merged("E3:E4"), "F323", ""),
    "merged from the left": (merged("D3:E3"), "F323", ""),
    "array formula": (array_formula, "F324", "E2"),
    "table of our name": (table_of_our_name, "F320", ""),
    "name of our table": (name_of_our_table, "F320", ""),
}


def book(path: Path, edit: Edit = lambda _: None) -> Path:
    file = openpyxl.Workbook()
    sheet = file.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    sheet.append(HEADERS)
    for row in range(1, 7):
        sheet.append([f"C{row}", 10.0 * row, 2, 3])
    edit(sheet)
    file.save(path)
    return path


# --- the hosts --------------------------------------------------------------------------------


class InExcel:
    """Excel, by its stand-in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def opened(self, path: Path) -> xw.Book:
        return open_book(path)

    def refuses(self, path: Path, arrange: Callable[[Any], None] | None = None) -> str:
        open_one = self.opened(path)
        if arrange:
            arrange(open_one)
        before = everything(saved(open_one, self.folder))
        tasks.refresh(open_one)
        assert everything(saved(open_one, self.folder)) == before
        (told,) = app_of(open_one).alerts
        return told


class InCalc:
    """A real Calc."""

    def __init__(self, calc: Calc, profile: Path) -> None:
        self.calc, self.log = calc, install.user_folder(profile) / install.LOG

    def refuses(self, path: Path, arrange: Callable[[Any], None] | None = None) -> str:
        self.calc.open(str(path))
        if arrange:
            arrange(self.calc)
        before = self.seen()
        self.calc.dispatch("vnd.xlclv:refresh")
        assert self.seen() == before
        return self.log.read_text(encoding="utf-8").splitlines()[-1]

    def seen(self) -> object:
        sheets = self.calc.sheets()
        return self.calc.call(REMOTE, "dump", sheets), self.calc.call(REMOTE, "state")


class OnTheCommandLine:
    """The command line, which writes a copy."""

    def refuses(self, path: Path, arrange: Callable[[Path], None] | None = None) -> str:
        if arrange:
            arrange(path)
        return refused(path)


@pytest.fixture
def in_excel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> InExcel:
    monkeypatch.setattr(xw.engines, "active", host())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")
    folder = tmp_path / "saved"
    folder.mkdir()
    return InExcel(folder)


@pytest.fixture
def in_calc(calc: Calc, profile: Path) -> InCalc:
    return InCalc(calc, profile)


@pytest.fixture
def on_the_command_line() -> OnTheCommandLine:
    return OnTheCommandLine()


HOSTS = ["on_the_command_line", "in_excel", "in_calc"]


@pytest.mark.parametrize("name", HOSTS)
@pytest.mark.parametrize(("edit", "code", "place"), CASES.values(), ids=list(CASES))
def test_every_host_refuses_alike(
    name: str, edit: Edit, code: str, place: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path = book(tmp_path / "cust.xlsx", edit)
    told = request.getfixturevalue(name).refuses(path)
    assert f"[{code}]" in told
    assert not place or f"{SHEET}!{place}" in told


# --- what a file of openpyxl cannot hold, or where a copy is no matter ------------------------


def refreshed(tmp_path: Path) -> Path:
    """Return a book that has our tabs."""
    out = tmp_path / "cust.xlsx"
    folder = tmp_path / "before"
    folder.mkdir()
    refresh(RefreshRequest(book(folder / "plain.xlsx"), out), STAMP)
    return out


def pivot_in_a_file(path: Path) -> None:
    with Package(path) as package:
        (summary,) = (tab.part for tab in package.sheets() if tab.name == "Summary")
        package.put("xl/pivotTables/pivotTable1.xml", b"<p/>", "application/x-pivot")
        package.relate(summary, f"{REL}/pivotTable", "xl/pivotTables/pivotTable1.xml")
        package.write(path.with_name("pivot.xlsx"))
    path.with_name("pivot.xlsx").replace(path)


def pivot_in_excel(open_one: xw.Book) -> None:
    open_one.impl.pivots.append("Summary")


def pivot_in_calc(calc: Calc) -> None:
    calc.call(REMOTE, "add_pivot", "Summary", "Cust.A1:D7")


PIVOTS = [
    ("on_the_command_line", pivot_in_a_file),
    ("in_excel", pivot_in_excel),
    ("in_calc", pivot_in_calc),
]


@pytest.mark.parametrize(("name", "arrange"), PIVOTS)
def test_a_pivot_table_on_a_tab_of_ours_is_refused(
    name: str, arrange: Callable[[Any], None], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    told = request.getfixturevalue(name).refuses(refreshed(tmp_path), arrange)
    assert "Summary" in told
    assert "[F319]" in told


@pytest.mark.parametrize("name", ["in_excel", "in_calc"])
@pytest.mark.parametrize("sheet", [SHEET, "Summary"])
def test_a_protected_sheet_is_refused_where_it_is_open(
    name: str, sheet: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    path = protected(refreshed(tmp_path), sheet)
    told = request.getfixturevalue(name).refuses(path)
    assert f"The sheet {sheet} is protected" in told
    assert "[E513]" in told


def test_a_copy_may_be_written_of_a_protected_sheet(tmp_path: Path) -> None:
    path = protected(book(tmp_path / "cust.xlsx"), SHEET)
    before = path.read_bytes()
    out, _ = refresh(RefreshRequest(path), STAMP)
    assert path.read_bytes() == before
    assert openpyxl.load_workbook(out)[SHEET].protection.sheet


def protected(path: Path, sheet: str) -> Path:
    file = openpyxl.load_workbook(path)
    file[sheet].protection.sheet = True
    file.save(path)
    return path


# --- what looks like an obstacle and is none --------------------------------------------------


def array_of_one_cell(sheet: Worksheet) -> None:
    sheet["E1"] = "CLV"
    sheet["E2"] = ArrayFormula("E2", "=SUM(B2:B3*C2:C3)")


def merged_title(sheet: Worksheet) -> None:
    sheet.insert_rows(1)
    sheet["A1"] = "Our customers"
    sheet.merge_cells("A1:K1")


def table_below(sheet: Worksheet) -> None:
    table(sheet, "F12:G14")


FREE: dict[str, Edit] = {
    "nothing": lambda _: None,
    "array formula of one cell": array_of_one_cell,
    "merged title": merged_title,
    "table below": table_below,
}


@pytest.mark.parametrize("edit", FREE.values(), ids=list(FREE))
def test_what_is_in_nobodys_way_is_not_refused(
    edit: Edit, in_excel: InExcel, in_calc: InCalc, tmp_path: Path
) -> None:
    path = book(tmp_path / "cust.xlsx", edit)
    out, _ = refresh(RefreshRequest(path), STAMP)
    assert "Summary" in openpyxl.load_workbook(out).sheetnames
    open_one = in_excel.opened(Path(shutil.copy(path, tmp_path / "excel.xlsx")))
    tasks.refresh(open_one)
    assert app_of(open_one).alerts == []
    in_calc.calc.open(str(path))
    in_calc.calc.dispatch("vnd.xlclv:refresh")
    assert "Summary" in in_calc.calc.sheets()
