"""A refresh in a real Calc that has to ask is answered on the tab Columns, without an option."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.hosts.calc.bed import Calc
from xlclv.hosts.setup import calc as install

REFRESH = "vnd.xlclv:refresh"
CUSTOMERS = [
    ["Nummer", "Ø Bon", "Besuche", "Treue"],
    ["K1", 50, 4, 3],
    ["K2", 20, 2, 5],
    ["K3", 80, 1, 2],
]
ORDERS = [
    ["Nr", "Wer", "Wann", "Geld", "Stand"],
    ["1", "K1", "03.01.2026", "1.250,50", "bezahlt"],
    ["2", "K2", "04.01.2026", "20,00", "Sonderfall"],
    ["3", "K1", "17.02.2026", "30,00", "bezahlt"],
]


def opened(calc: Calc, path: Path, sheet: str, rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    tab = book.active
    assert tab is not None
    tab.title = sheet
    for row in rows:
        tab.append(row)
    book.save(path)
    calc.open(str(path))


DONE = "The results stand in the workbook ("


def told(calc: Calc, profile: Path) -> str:
    """Choose the command in the menu; return what the user is told."""
    log = install.user_folder(profile) / install.LOG
    before = log.read_text(encoding="utf-8") if log.exists() else ""
    calc.dispatch(REFRESH)
    after = log.read_text(encoding="utf-8") if log.exists() else ""
    return after.removeprefix(before)


def answer(calc: Calc, answers: dict[str, str]) -> None:
    """Choose answers on the tab, as a user does, by what stands in the table."""
    rows = calc.cells("Columns.A6:D40")
    for at, row in enumerate(rows, start=6):
        text = row[1] or row[0]
        if text in answers:
            calc.put(f"Columns.D{at}", [[answers[text]]])


def test_a_german_customer_sheet_is_answered_and_refreshed(
    calc: Calc, profile: Path, tmp_path: Path
) -> None:
    opened(calc, tmp_path / "kunden.xlsx", "Kunden", CUSTOMERS)
    assert "Answer on the tab Columns and refresh again." in told(calc, profile)
    assert calc.cells("Kunden.A1:D4") == [
        [cell if isinstance(cell, str) else float(cell) for cell in row] for row in CUSTOMERS
    ]
    answer(
        calc,
        {
            "Nummer": "Customer id",
            "Ø Bon": "Average order value (AOV)",
            "Besuche": "Purchase frequency",
            "Treue": "Lifespan",
        },
    )
    assert DONE in told(calc, profile)
    assert calc.cells("Kunden.E1:E4") == [["CLV"], [600], [200], [160]]
    rows = {row[1]: row[2:5] for row in calc.cells("Columns.A6:E12") if row[1]}
    assert rows["Treue"] == ["Lifespan", "Lifespan", "your answer"]
    assert DONE in told(calc, profile)  # the answers stay


def test_a_german_order_table_is_answered_and_refreshed(
    calc: Calc, profile: Path, tmp_path: Path
) -> None:
    opened(calc, tmp_path / "bestellungen.xlsx", "Export", ORDERS)
    assert "Answer on the tab Columns" in told(calc, profile)
    answers = {
        "Nr": "Order id",
        "Wer": "Customer id",
        "Wann": "Order date",
        "Geld": "Amount net",
        "Stand": "Status",
    }
    answer(calc, answers)
    assert DONE in told(calc, profile)
    answer(calc, {"Sonderfall": "does not count"})
    assert DONE in told(calc, profile)
    values = calc.cells("CustomerValues.A5:Z7")
    revenue = values[0].index("Revenue")
    found = {row[0]: row[revenue] for row in values[1:] if row[0]}
    assert found["K1"] == pytest.approx(1280.5)
    assert not found.get("K2")


def test_a_question_is_one_step_that_can_be_undone(
    calc: Calc, profile: Path, tmp_path: Path
) -> None:
    opened(calc, tmp_path / "kunden.xlsx", "Kunden", CUSTOMERS)
    told(calc, profile)
    before = calc.cells("Columns.A5:F10")
    told(calc, profile)  # the tab is there already and is written again
    assert calc.cells("Columns.A5:F10") == before
    assert calc.cells("Kunden.E1:E2") == [[None], [None]]
