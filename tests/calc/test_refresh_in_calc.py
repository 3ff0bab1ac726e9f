"""The menu xlclv › Refresh in a real Calc gives what `xlclv refresh` gives for the saved file."""

import csv
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlclv.hosts import install
from xlclv.workbook.refresh import Order, refresh
from xlclv.workbook.schema import TABS, WRITTEN
from xlclv.workbook.template import sample_results, write_book

from .bed import Calc

REMOTE = str(Path(__file__).with_name("remote.py"))
CDNOW = Path(__file__).parents[1] / "data" / "cdnow_sample.csv"
REFRESH = "vnd.xlclv:refresh"
INPUTS = tuple(tab.name for tab in TABS if tab.name not in WRITTEN)
STAMP_ROW, STAMP_COLUMN = 5, 0  # of the first row of History, from 0
# Chart data are written beside the page; their widths and the order of charts are no results.
SHEETS = {"Sheet1": "Sheet1"}


def dump(calc: Calc, sheets: Collection[str]) -> dict[str, Any]:
    found: dict[str, Any] = calc.call(REMOTE, "dump", list(sheets))
    return found


def without_stamps(found: dict[str, Any]) -> dict[str, Any]:
    """Leave out when the refreshes ran."""
    for kind in ("values", "formulas"):
        for row in found.get("History", {kind: []})[kind][STAMP_ROW:]:
            row[STAMP_COLUMN] = "some time"
    return found


def refresh_in_calc(calc: Calc, profile: Path) -> None:
    """Choose the command in the menu; it must have nothing to say."""
    log = install.user_folder(profile) / install.LOG
    before = log.read_text(encoding="utf-8") if log.exists() else ""
    calc.dispatch(REFRESH)
    after = log.read_text(encoding="utf-8") if log.exists() else ""
    assert after == before


def headless(path: Path) -> Path:
    """Refresh the saved file without Calc."""
    order = Order(path, path.with_name("headless.xlsx"), replace_out=True)
    return refresh(order, datetime(2026, 1, 1))[0]  # noqa: DTZ001


def assert_same(calc: Calc, ours: dict[str, Any], file: Path) -> None:
    """Compare all that can be seen with the same sheets of a file."""
    calc.open(str(file))
    theirs = without_stamps(dump(calc, ours))
    for sheet, seen in without_stamps(ours).items():
        for what, found in seen.items():
            assert found == theirs[sheet][what], f"{what} of {sheet}"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "xlclv.xlsx"
    write_book(path, sample_results())
    return path


@pytest.fixture
def sample(calc: Calc, template: Path, tmp_path: Path) -> Path:
    """The template, open and saved, with another margin and another order."""
    calc.open(str(template))
    calc.put(calc.call(REMOTE, "names")["cfg_margin"].replace("$", ""), [[0.25]])
    calc.put("Orders.D6", [[12_345.5]])
    calc.save(str(tmp_path / "edited.xlsx"))
    return tmp_path / "edited.xlsx"


def test_the_sample_is_refreshed_as_its_file_is(calc: Calc, profile: Path, sample: Path) -> None:
    before = dump(calc, WRITTEN)
    refresh_in_calc(calc, profile)
    ours = dump(calc, calc.sheets())
    for sheet in ("CustomerValues", "Summary", "Segments", "History"):
        assert ours[sheet]["values"] != before[sheet]["values"]
    assert_same(calc, {name: ours[name] for name in WRITTEN}, headless(sample))


def test_inputs_stay_as_they_are(calc: Calc, profile: Path, sample: Path) -> None:
    del sample
    calc.put("Customers.P6", [["my tier"]])  # a column of ours, to be written again
    before = dump(calc, INPUTS)
    refresh_in_calc(calc, profile)
    after = dump(calc, INPUTS)
    for name in INPUTS:
        for seen in (before, after):
            cells = seen[name].pop("values"), seen[name].pop("formulas")
            seen[name].pop("links")  # the line about the checks
            for each in cells:
                each[2][0] = "the line about the checks"
            if name == "Customers":
                cells = tuple([row[:15] for row in each] for each in cells)
            seen[name]["cells"] = cells
        assert before[name] == after[name], name
