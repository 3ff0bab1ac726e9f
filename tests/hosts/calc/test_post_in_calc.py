"""The menu xlclv › Issue rewards in a real Calc books what `xlclv award --post` books."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.calc.bed import Calc
from xlclv.hosts.setup import calc as install
from xlclv.refresh.refresh import RefreshRequest, refresh
from xlclv.workbook.template import sample_results, write_book

REMOTE = str(Path(__file__).with_name("remote.py"))
POST = "vnd.xlclv:post"
SHEETS = ["Ledger", "Rewards", "Loyalty", "CustomerValues"]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "shop.xlsx"
    write_book(path, sample_results())
    return path


def values(calc: Calc) -> dict[str, Any]:
    found = calc.call(REMOTE, "dump", SHEETS)
    return {name: found[name]["values"] for name in SHEETS}


def said(profile: Path) -> list[str]:
    log = install.user_folder(profile) / install.LOG
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def test_what_is_due_is_booked_once(calc: Calc, profile: Path, sample: Path) -> None:
    copied = Path(shutil.copy(sample, sample.with_name("copied.xlsx")))  # Calc has the other open
    order = RefreshRequest(copied, sample.with_name("headless.xlsx"), post=True)
    path, results = refresh(order, datetime(2026, 1, 1))  # noqa: DTZ001
    calc.open(str(sample))
    before = len(said(profile))
    calc.dispatch(POST)
    ours = values(calc)
    count = results.booked["customer_id"].size
    assert any(f"Rows added to the Ledger: {count}." in line for line in said(profile)[before:])
    before = len(said(profile))
    calc.dispatch(POST)
    assert any("Nothing is due" in line for line in said(profile)[before:])
    assert values(calc)["Ledger"] == ours["Ledger"]
    calc.open(str(path))
    assert ours == values(calc)
