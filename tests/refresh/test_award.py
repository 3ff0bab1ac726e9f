"""Awards posted: booked once, in a new file, with nothing of the ledger lost."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.refresh.books import (
    STAMP,
    a_csv,
    by_customer,
    customers,
    formulas_of,
    refreshed,
    refused,
    rows_of,
    sheets_of,
    switched_on,
    table_of,
)
from xlclv.analysis.results import Results
from xlclv.refresh.refresh import RefreshRequest, look_at
from xlclv.rewards.posting import postings
from xlclv.workbook.sample.tables import AS_OF
from xlclv.workbook.template import sample_results, write_book

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("award") / "shop.xlsx"
    write_book(path, sample_results(STAMP))
    return path


@pytest.fixture(scope="module")
def posted(sample: Path) -> tuple[Path, Results]:
    return refreshed(sample, post=True)


def due(book: Path, as_of: date | None = None) -> int:
    """Return how many rows posting a book would add."""
    results = look_at(RefreshRequest(book, as_of=as_of), STAMP)
    return postings(results.decisions)["customer_id"].size


def test_posting_adds_what_is_due_and_nothing_else(
    sample: Path, posted: tuple[Path, Results]
) -> None:
    path, results = posted
    before, after = table_of(sample, "Ledger", "Date"), table_of(path, "Ledger", "Date")
    added = len(after["Date"]) - len(before["Date"])
    assert added == results.booked["customer_id"].size == due(sample) > 100
    for header, cells in before.items():
        kept = after[header][: len(cells)]
        if header not in ("State", "Expires on"):  # brought up to the day
            assert kept == cells


def test_what_is_booked_is_not_due_again(posted: tuple[Path, Results]) -> None:
    path, results = posted
    assert due(path) == 0
    assert postings(results.decisions)["customer_id"].size == 0


def test_posting_twice_on_a_day_adds_nothing(posted: tuple[Path, Results]) -> None:
    path, _ = posted
    again, results = refreshed(path, post=True)
    assert results.booked["customer_id"].size == 0
    assert rows_of(again, "Ledger") == rows_of(path, "Ledger")


def test_a_plain_refresh_leaves_the_ledger_alone(sample: Path) -> None:
    path, results = refreshed(sample)
    assert results.booked == {}
    assert rows_of(path, "Ledger")[4:] == rows_of(sample, "Ledger")[4:]


def test_the_results_are_those_after_posting(posted: tuple[Path, Results]) -> None:
    path, results = posted
    (balance,) = (kpi.value for kpi in results.kpis if kpi.key == "points_open")
    lots = table_of(path, "Ledger", "Date")
    assert balance > 5000
    assert balance <= sum(points for points in lots["Points"] if points != "" and points > 0)
    assert "issued on 2026-01-05" in by_customer(path, "Reason")["C0132"]


def test_states_are_brought_up_to_the_day(posted: tuple[Path, Results]) -> None:
    path, _ = posted
    later, _ = refreshed(path, post=True, as_of=AS_OF + timedelta(days=30))
    before, after = table_of(path, "Ledger", "Date"), table_of(later, "Ledger", "Date")
    turned = Counter(
        pair for pair in zip(before["State"], after["State"], strict=False) if pair[0] != pair[1]
    )
    assert turned[("pending", "active")] > 10
    assert set(turned) <= {("pending", "active"), ("active", "expired"), ("pending", "expired")}


def test_a_columns_of_the_users_own_stay(sample: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sample)
    ledger = book["Ledger"]
    table = ledger.tables["tblLedger"]
    ledger.insert_cols(3)
    ledger.cell(5, 3).value = "Clerk"
    ledger.cell(6, 3).value = "=HYPERLINK(1)"
    ledger.cell(6, 3).data_type = "s"
    table.ref = table.ref.replace("K", "L")
    del ledger.tables["tblLedger"]
    mine = tmp_path / "mine.xlsx"
    book.save(mine)
    path, _ = refreshed(mine, post=True)
    after = table_of(path, "Ledger", "Date")
    assert after["Clerk"][0] == "=HYPERLINK(1)"
    assert set(after["Clerk"][1:]) == {""}
    assert not any("HYPERLINK" in formula for formula in formulas_of(path))
    assert due(path) == 0


def test_a_book_without_a_ledger_gets_one(tmp_path: Path) -> None:
    first = date(2026, 1, 1)
    lines = [f"c{at % 9},{first + timedelta(days=at)},{20 + at}.50" for at in range(60)]
    book = a_csv(tmp_path / "log.csv", "Customer id,Order date,Amount net", *lines)
    plain, _ = refreshed(book)
    assert "Ledger" not in sheets_of(plain)
    path, results = refreshed(switched_on(plain), post=True)
    ledger = table_of(path, "Ledger", "Date")
    assert len(ledger["Date"]) == results.booked["customer_id"].size > 0
    # Without order ids, points are booked by the day of the order.
    assert "2026-03-01" in ledger["Order or event"]
    assert due(path) == 0


def test_nothing_is_posted_that_nobody_switched_on(tmp_path: Path) -> None:
    book = a_csv(
        tmp_path / "log.csv", "Order id,Customer id,Order date,Amount net", "1,a,2026-06-01,99.99"
    )
    path, results = refreshed(book, post=True)
    assert results.booked["customer_id"].size == 0
    assert set(table_of(path, "RewardRules", "Rule id")["Active"]) == {"No"}
    assert any("Active = No" in note for note in results.notes)
    figures = {kpi.key: kpi.value for kpi in results.kpis}
    assert (figures["rewards"], figures["reward_cost"]) == (0, 0)
    assert np.isnan(figures["budget_used"])
    path, _ = refreshed(switched_on(path), post=True)
    ledger = table_of(path, "Ledger", "Date")
    points = dict(zip(ledger["Rule id"], ledger["Points"], strict=True))
    assert points["R01"] == 99  # rounded down
    assert due(path) == 0


def test_a_ledger_that_cannot_be_read_is_not_posted_to(sample: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sample)
    book["Ledger"]["E6"] = "many"
    broken = tmp_path / "broken.xlsx"
    book.save(broken)
    said = refused(broken, post=True)
    assert "Ledger!E6" in said
    assert "Nothing was issued" in said
    # A refresh still works, leaves the row as it is and says what is wrong with it.
    path, results = refreshed(broken)
    assert rows_of(path, "Ledger")[5][4] == "many"
    (check,) = (check for check in results.checks if check.key == "ledger_unreadable")
    assert check.level == "fault"
    assert "Ledger!E6" in check.where


def test_without_a_day_nothing_is_booked(tmp_path: Path) -> None:
    book = customers(tmp_path / "people.xlsx", ["a", 5000, 2, 3], ["b", 1, 1, 1])
    assert "no day is known" in refused(book, post=True)
    plain, _ = refreshed(book, as_of=date(2026, 1, 1))
    path, results = refreshed(switched_on(plain), post=True, as_of=date(2026, 1, 1))
    assert results.booked["customer_id"].size == len(table_of(path, "Ledger", "Date")["Date"]) > 0


def test_costs_are_booked_to_the_cent(posted: tuple[Path, Results]) -> None:
    _, results = posted
    cost = results.booked["booked_cost"]
    known = cost[~np.isnan(cost)]
    assert (np.round(known, 2) == known).all()
