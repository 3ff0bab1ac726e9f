"""The menu xlclv › Refresh in a real Calc gives what `xlclv refresh` gives for the saved file."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.calc.bed import Calc
from tests.hosts.same import cells_of, customers_of_a_user, headless, orders_of_cdnow, plain_book
from xlclv.hosts.setup import calc as install
from xlclv.schema import TABS, WRITTEN
from xlclv.workbook.tabs.start import known_steps

REMOTE = str(Path(__file__).with_name("remote.py"))
REFRESH = "vnd.xlclv:refresh"
STEPS = {shown for step in known_steps() for shown in (step, repr(step))}
INPUTS = tuple(tab.name for tab in TABS if tab.name not in WRITTEN)
STAMP_ROW, STAMP_COLUMN = 5, 0  # of the first row of History, from 0


def dump(calc: Calc, sheets: Collection[str]) -> dict[str, Any]:
    found: dict[str, Any] = calc.call(REMOTE, "dump", list(sheets))
    return found


def written(calc: Calc) -> list[str]:
    """Return the tabs that a refresh writes; one without a row is left out."""
    return [name for name in WRITTEN if name in calc.sheets()]


def without_stamps(found: dict[str, Any]) -> dict[str, Any]:
    """Leave out when the refreshes ran."""
    for kind in ("values", "formulas"):
        for row in found.get("History", {kind: []})[kind][STAMP_ROW:]:
            row[STAMP_COLUMN] = "some time"
    return found


def refresh_in_calc(calc: Calc, profile: Path) -> None:
    """Choose the command in the menu; it must say that it is done and nothing else."""
    log = install.user_folder(profile) / install.LOG
    before = len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0
    calc.dispatch(REFRESH)
    (told,) = log.read_text(encoding="utf-8").splitlines()[before:]
    assert "The results stand in the workbook (" in told


def assert_same(calc: Calc, ours: dict[str, Any], file: Path) -> None:
    """Compare all that can be seen with the same sheets of a file."""
    calc.open(str(file))
    theirs = without_stamps(dump(calc, ours))
    assert_equal(without_stamps(ours), theirs)


def assert_equal(some: dict[str, Any], others: dict[str, Any]) -> None:
    """Compare sheets aspect by aspect, so that a failure names it."""
    for sheet, seen in some.items():
        for what, found in seen.items():
            assert found == others[sheet][what], f"{what} of {sheet}"


@pytest.fixture
def sample(calc: Calc, template: Path, tmp_path: Path) -> Path:
    """The template, open and saved, with another margin and another order."""
    calc.open(str(template))
    calc.put(calc.call(REMOTE, "names")["cfg_margin"].replace("$", ""), [[0.25]])
    calc.put(calc.call(REMOTE, "below", "Orders", "Amount net"), [[12_345.5]])
    calc.save(str(tmp_path / "edited.xlsx"))
    calc.open(str(tmp_path / "edited.xlsx"))  # numbers in a file have 15 digits
    return tmp_path / "edited.xlsx"


def test_the_sample_is_refreshed_as_its_file_is(calc: Calc, profile: Path, sample: Path) -> None:
    before = dump(calc, written(calc))
    refresh_in_calc(calc, profile)
    ours = dump(calc, written(calc))
    for sheet in ("CustomerValues", "Summary", "Segments", "History"):
        assert ours[sheet]["values"] != before[sheet]["values"]
    assert_same(calc, ours, headless(sample))


def test_inputs_stay_as_they_are(calc: Calc, profile: Path, sample: Path) -> None:
    del sample
    calc.put("Customers.P6", [["my tier"]])  # a column of ours, to be written again
    calc.recalculate()
    before = dump(calc, INPUTS)
    refresh_in_calc(calc, profile)
    after = dump(calc, INPUTS)
    for name in INPUTS:
        for seen in (before, after):
            cells = [seen[name].pop("values"), seen[name].pop("formulas")]
            seen[name].pop("links")  # the line about the checks
            for each in cells:
                each[2][0] = "the line about the checks"
            if name == "Start":  # its steps become those of Calc
                cells = [[[each in STEPS or each for each in row] for row in one] for one in cells]
            if name == "Customers":
                cells = [[row[:15] for row in each] for each in cells]
            seen[name]["cells"] = cells
        assert before[name] == after[name], name


def test_undo_and_redo_take_one_step(calc: Calc, profile: Path, sample: Path) -> None:
    del sample
    seen = ("CustomerValues", "Summary", "Tiers")
    before = dump(calc, seen)
    refresh_in_calc(calc, profile)
    after = dump(calc, seen)
    assert calc.undo() == ["xlclv refresh"]
    assert_equal(dump(calc, seen), before)
    calc.redo()
    assert_equal(dump(calc, seen), after)


def test_what_does_not_belong_goes_and_what_is_drawn_over_it_stays(
    calc: Calc, profile: Path, sample: Path
) -> None:
    calc.put("CustomerValues.A400", [["stale"]])
    calc.put("Segments.K3", [["stale"]])
    calc.call(REMOTE, "filter_rows", "CustomerValues", "tblValues", 3, "Lost")
    calc.dispatch(".uno:TableSelectAll")
    charts = len(dump(calc, ["Details"])["Details"]["charts"])
    refresh_in_calc(calc, profile)
    ours = dump(calc, written(calc))
    assert len(ours["Details"]["charts"]) == charts == 7
    assert_same(calc, ours, headless(sample))


def test_another_tier_reaches_the_chart(calc: Calc, profile: Path, sample: Path) -> None:
    calc.put("Tiers.A9", [["Diamond", "CLV", 2000]])
    calc.save(str(sample.with_name("tiers.xlsx")))
    before = dump(calc, ["Details"])["Details"]["charts"]
    refresh_in_calc(calc, profile)
    ours = dump(calc, written(calc))
    assert ours["Details"]["charts"] != before
    assert_same(calc, ours, headless(sample.with_name("tiers.xlsx")))


def test_a_renamed_sheet_keeps_its_name(calc: Calc, profile: Path, sample: Path) -> None:
    sheets = calc.sheets()
    calc.call(REMOTE, "rename", "Summary", "Our figures, 2026")
    calc.save(str(sample.with_name("renamed.xlsx")))
    refresh_in_calc(calc, profile)
    assert len(calc.sheets()) == len(sheets)
    ours = dump(calc, ["Our figures, 2026"])
    assert_same(calc, ours, headless(sample.with_name("renamed.xlsx")))


def test_a_fault_in_the_input_is_said_and_nothing_changes(
    calc: Calc, profile: Path, sample: Path
) -> None:
    del sample
    calc.put("Input.B15", [[12]])
    seen = ("Input", "CustomerValues", "Summary", "History")
    before = dump(calc, seen), calc.call(REMOTE, "state")
    log = install.user_folder(profile) / install.LOG
    calc.dispatch(REFRESH)
    assert "Input!B15" in log.read_text(encoding="utf-8").splitlines()[-1]
    assert (dump(calc, seen), calc.call(REMOTE, "state")) == before


# --- workbooks that are not ours --------------------------------------------------------------


def test_cdnow_gets_the_sheets_that_its_file_gets(
    calc: Calc, profile: Path, tmp_path: Path
) -> None:
    cdnow = orders_of_cdnow(tmp_path / "cdnow.xlsx")
    calc.open(str(cdnow))
    before = dump(calc, ["My data"])
    refresh_in_calc(calc, profile)
    added = calc.sheets()[1:]
    assert {"Summary", "CustomerValues"} < {*added}
    assert dump(calc, ["My data"]) == before
    assert len(dump(calc, ["Summary"])["Summary"]["charts"]) == 1
    assert len(dump(calc, ["Details"])["Details"]["charts"]) >= 4
    assert calc.call(REMOTE, "state")["undo"] == ["xlclv refresh"]
    names = calc.call(REMOTE, "names")
    ours = dump(calc, added)
    calc.save(str(cdnow.with_name("saved.xlsx")))
    theirs = headless(cdnow)
    assert added == list(cells_of(theirs))[1:]
    assert_same(calc, ours, theirs)
    assert calc.call(REMOTE, "names") == names


def test_a_second_refresh_finds_the_sheets_of_the_first(
    calc: Calc, profile: Path, tmp_path: Path
) -> None:
    rows = [[f"C{row % 7}", datetime(2026, 1, 1 + row), 20.0 + row] for row in range(25)]  # noqa: DTZ001
    path = plain_book(tmp_path / "shop.xlsx", [["Customer", "Order date", "Amount"], *rows])
    calc.open(str(path))
    refresh_in_calc(calc, profile)
    sheets = calc.sheets()
    calc.put(calc.call(REMOTE, "names")["cfg_margin"].replace("$", ""), [[0.25]])
    calc.save(str(path))
    calc.open(str(path))
    refresh_in_calc(calc, profile)
    assert calc.sheets() == sheets
    assert_same(calc, dump(calc, written(calc)), headless(path))


def test_columns_are_filled_beside_a_customer_sheet(
    calc: Calc, profile: Path, tmp_path: Path
) -> None:
    path = customers_of_a_user(tmp_path / "customers.xlsx")
    calc.open(str(path))
    before = calc.cells("A1:E11")
    refresh_in_calc(calc, profile)
    assert calc.cells("A1:E11") == before
    ours = dump(calc, calc.sheets())
    calc.undo()
    assert calc.cells("F1:F2") == [[None], [None]]
    calc.open(str(headless(path)))
    theirs = dump(calc, calc.sheets())
    assert ours.keys() == theirs.keys()
    for sheet in ours:
        for what in ("values", "formulas"):  # looks are those of the cells on the left, roughly
            assert without_stamps(ours)[sheet][what] == without_stamps(theirs)[sheet][what], sheet
