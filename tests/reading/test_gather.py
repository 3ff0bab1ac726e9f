"""What a book holds for a refresh: its tables, its settings, what it said before."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.refresh.books import (
    CUSTOMERS,
    ORDERS,
    STAMP,
    a_book,
    a_csv,
    customers,
    day,
    mapped,
    refreshed,
)
from xlclv.errors import InputError
from xlclv.reading.gather import Book, Choices, gather
from xlclv.reading.own import own_tabs
from xlclv.reading.source import read_source
from xlclv.schema import ADDED, TABS, WRITTEN
from xlclv.settings import Settings
from xlclv.workbook.template import sample_results, write_book

PEOPLE = [CUSTOMERS, ["C1", 50, 2, 3]]
LOG = [ORDERS, ["C1", date(2026, 1, 1), 10]]


def gathered(path: Path, choices: Choices | None = None) -> Book:
    return gather(read_source(path), choices)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gather") / "template.xlsx"
    write_book(path, sample_results())
    return path


def test_a_template_holds_everything(template: Path) -> None:
    book = gathered(template)
    assert list(book.own) == [tab.name for tab in TABS]
    tables = {"orders", "customers", "tiers", "rules", "ledger", "feedback"}
    assert set(book.found) == tables
    sample = sample_results().inputs
    assert book.inputs.settings == sample.settings
    for name in sorted(tables):
        table, made = getattr(book.inputs, name), getattr(sample, name)
        assert table.rows == made.rows
        assert table.faults == ()
        for column in made.columns:
            if made.has(column):
                assert list(table.values(column)) == pytest.approx(
                    list(made.values(column)), nan_ok=True
                ) or list(map(str, table.values(column))) == list(map(str, made.values(column)))


def test_a_plain_book_has_defaults_and_the_starter_rules(tmp_path: Path) -> None:
    book = gathered(a_book(tmp_path / "b.xlsx", {"People": PEOPLE}))
    assert book.own == {}
    assert set(book.found) == {"customers"}
    assert book.inputs.settings == Settings()
    assert book.inputs.orders is None
    assert book.inputs.tiers is None
    assert book.inputs.rules is not None
    assert book.inputs.rules.rows == 12
    assert not book.inputs.rules.values("active").any()
    assert any("starter rules" in note for note in book.inputs.notes)
    assert book.inputs.history == {}


def test_both_kinds_are_found_on_any_sheets(tmp_path: Path) -> None:
    book = gathered(a_book(tmp_path / "b.xlsx", {"x": LOG, "Notes": [["hello"]], "y": PEOPLE}))
    assert (book.found["orders"].sheet, book.found["customers"].sheet) == ("x", "y")


def test_a_list_of_ids_and_names_is_no_customer_sheet(tmp_path: Path) -> None:
    names = [["Customer id", "Label"], ["C1", "Ada"]]
    with pytest.raises(InputError) as caught:
        gathered(a_book(tmp_path / "b.xlsx", {"Names": names}))
    assert caught.value.key == "no_table"


def test_facts_beside_an_order_log_are_read(tmp_path: Path) -> None:
    facts = [["Customer id", "Birthday"], ["C1", date(1990, 5, 5)]]
    book = gathered(a_book(tmp_path / "b.xlsx", {"Log": LOG, "Facts": facts}))
    assert book.inputs.customers is not None
    assert book.inputs.customers.has("birth_date")


def test_a_chosen_header_comes_before_any_other(tmp_path: Path) -> None:
    rows = [["Customer id", "Order date", "Amount net", "Paid"], ["C1", date(2026, 1, 1), 10, 7]]
    path = a_book(tmp_path / "b.xlsx", {"Log": rows})
    inputs = gathered(path, mapped(amount_net="paid")).inputs
    assert inputs.orders is not None
    assert list(inputs.orders.values("amount_net")) == [7]


def test_output_tabs_are_never_taken_for_tables(tmp_path: Path) -> None:
    # CustomerValues has ids, average values and frequencies: a customer sheet, were it not ours.
    first, _ = refreshed(a_csv(tmp_path / "o.csv", ",".join(ORDERS), "a,2026-01-01,10"))
    book = gathered(first)
    assert set(book.found) == {"orders", "tiers", "rules"}


def test_our_tabs_are_known_by_their_names_not_by_their_titles(tmp_path: Path) -> None:
    first, _ = refreshed(customers(tmp_path / "c.xlsx", ["C1", 50, 2, 3]))
    shown = {*ADDED, *WRITTEN, "Columns"} - {"Contacts"}  # there is nobody to write to
    assert set(own_tabs(read_source(first))) == shown
    plain = a_book(tmp_path / "p.xlsx", {"Summary": [["mine"]], "People": PEOPLE})
    assert own_tabs(read_source(plain)) == {}


def test_history_is_read_back_in_order(tmp_path: Path) -> None:
    first, _ = refreshed(customers(tmp_path / "c.xlsx", ["C1", 50, 2, 3]))
    history = gathered(first).inputs.history
    assert history["stamp"] == [STAMP]
    assert history["equity"] == [300]


def test_a_setting_the_book_lacks_keeps_its_default(tmp_path: Path) -> None:
    first, _ = refreshed(customers(tmp_path / "c.xlsx", ["C1", 50, 2, 3]))
    book = openpyxl.load_workbook(first)
    sheet = book["Input"]
    rows = {sheet.cell(row, 1).value: row for row in range(1, 40)}
    sheet.cell(rows["Margin"], 1).value = "Something else"
    sheet.cell(rows["Margin"], 2).value = 0.1
    sheet.cell(rows["Horizon (years)"], 2).value = 7
    book.save(tmp_path / "edited.xlsx")
    settings = gathered(tmp_path / "edited.xlsx").inputs.settings
    assert (settings.margin, settings.horizon) == (1.0, 7)


def test_a_day_on_input_is_a_day(tmp_path: Path) -> None:
    first, _ = refreshed(customers(tmp_path / "c.xlsx", ["C1", 50, 2, 3]))
    book = openpyxl.load_workbook(first)
    sheet, cell = next(iter(book.defined_names["cfg_as_of"].destinations))
    book[sheet][cell].value = date(2026, 3, 31)
    book.save(tmp_path / "edited.xlsx")
    assert gathered(tmp_path / "edited.xlsx").inputs.settings.as_of == day("2026-03-31")
