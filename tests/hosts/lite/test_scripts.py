"""The scripts of a Lite book, Refresh and Issue rewards, where all that Lite lacks is refused."""

import sys
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from python_calamine import CalamineWorkbook

from tests.hosts.excel.books import everything
from tests.hosts.lite.engine import LiteRange, host, run
from tests.hosts.same import cells_of, customers_of_a_user, headless
from xlclv.doors import lite
from xlclv.hosts.excel.book import journal, tasks
from xlclv.hosts.excel.book.drawn import read_drawn
from xlclv.hosts.excel.book.journal import Unsent
from xlclv.reading.sheets import read_sheets

POINTS = 1 / 5.25  # what rounding a width to points may cost, in characters


@pytest.fixture(autouse=True)
def _hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let xlwings find the host, and the log be written aside."""
    monkeypatch.setattr(xw.engines, "active", host())
    for module in (tasks, journal):
        monkeypatch.setattr(module, "log_to_file", lambda: tmp_path / "xlclv.log")


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    return customers_of_a_user(tmp_path / "customers.xlsx")


def test_refresh_needs_no_calamine(
    customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    out = tmp_path / "ours.xlsx"
    assert run(lite.refresh, customers, out).alerts == []
    monkeypatch.undo()
    assert "Summary" in cells_of(out)


@pytest.mark.parametrize("tells", [False, True])
def test_excel_computes_afterwards_as_before(customers: Path, tmp_path: Path, tells: bool) -> None:  # noqa: FBT001
    app = run(lite.refresh, customers, tmp_path / "ours.xlsx", tells_calculation=tells)
    assert app.modes == (["automatic", "manual", "automatic"] if tells else ["automatic"])
    assert app.display_alerts


def test_new_tabs_look_as_drawn(customers: Path, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.xlsx", headless(customers)
    run(lite.refresh, customers, ours)
    some, others = openpyxl.load_workbook(ours), openpyxl.load_workbook(theirs)
    for name in set(others.sheetnames) - {"My data"}:
        for row in others[name].iter_rows():
            for cell in row:
                if cell.value is not None:
                    shown = some[name][cell.coordinate].number_format
                    assert shown == cell.number_format, (name, cell.coordinate)
        for letter, column in others[name].column_dimensions.items():
            width = some[name].column_dimensions[letter].width
            assert width == pytest.approx(column.width, abs=POINTS), (name, letter)


def test_a_tab_that_was_there_gets_the_formats_of_longer_tables(
    customers: Path, tmp_path: Path
) -> None:
    first = headless(customers)
    book = openpyxl.load_workbook(first)
    for row in book["CustomerValues"].iter_rows(min_row=10):
        for cell in row:
            cell.number_format = "General"
    book["CustomerValues"].column_dimensions["A"].width = 50
    book.save(tmp_path / "plain.xlsx")
    run(lite.refresh, tmp_path / "plain.xlsx", tmp_path / "ours.xlsx")
    after = openpyxl.load_workbook(tmp_path / "ours.xlsx")["CustomerValues"]
    wanted = openpyxl.load_workbook(first)["CustomerValues"]
    assert [cell.number_format for cell in after[12]] == [cell.number_format for cell in wanted[12]]
    assert after.column_dimensions["A"].width == 50  # as the user has it


def test_what_is_due_is_booked_once(template: Path, tmp_path: Path) -> None:
    def ledger(path: Path) -> list[list[object]]:
        return CalamineWorkbook.from_path(path).get_sheet_by_name("Ledger").to_python()

    copied = tmp_path / "shop.xlsx"
    copied.write_bytes(template.read_bytes())
    theirs = ledger(headless(copied, post=True))
    # No window of Lite answers while a script runs, so the script once more is the answer.
    (told,) = run(lite.post_rewards, copied, tmp_path / "asked.xlsx").alerts
    assert "Issue these rewards?" in told
    assert ledger(tmp_path / "asked.xlsx") == ledger(template)
    (told,) = run(lite.post_rewards, copied, tmp_path / "once.xlsx").alerts
    assert "Rows added to the Ledger" in told
    assert ledger(tmp_path / "once.xlsx") == theirs
    (told,) = run(lite.post_rewards, tmp_path / "once.xlsx", tmp_path / "twice.xlsx").alerts
    assert "Nothing is due" in told
    assert ledger(tmp_path / "twice.xlsx") == theirs


def test_where_writing_fails_the_script_fails_and_nothing_is_written(
    customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_cells: object, _grid: object) -> None:
        raise RuntimeError("Lite is busy")

    monkeypatch.setattr(LiteRange, "raw_value", property(LiteRange.raw_value.fget, fail))
    with pytest.raises(Unsent, match="E611"):
        run(lite.refresh, customers, tmp_path / "ours.xlsx")
    monkeypatch.undo()
    assert everything(tmp_path / "ours.xlsx") == everything(customers)


def test_a_refusal_is_said_and_printed(
    customers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = openpyxl.load_workbook(customers)
    file["My data"]["G3"] = "mine"
    file.save(customers)
    (told,) = run(lite.refresh, customers, tmp_path / "ours.xlsx").alerts
    assert "My data!G3" in told
    assert "My data!G3" in capsys.readouterr().out
    assert everything(tmp_path / "ours.xlsx") == everything(customers)


def test_what_is_drawn_is_read_as_calamine_reads_it(template: Path) -> None:
    ours, names, _ = read_drawn(template)
    theirs, their_names = read_sheets(template)
    assert names == their_names
    assert [(sheet.name, sheet.tables) for sheet in ours] == [
        (sheet.name, sheet.tables) for sheet in theirs
    ]
