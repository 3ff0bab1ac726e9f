"""Where the figures of a workbook come from: columns, orders, settings, tiers."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.refresh.books import (
    CUSTOMERS,
    ORDERS,
    a_book,
    by_customer,
    changed_cells,
    changed_parts,
    checks_of,
    customers,
    day,
    headed,
    refreshed,
    refused,
    rows_of,
    table_of,
)
from tests.refresh.plain_books import LISTS, LOG, a_plain_sheet, an_order_book, clv_of

pytestmark = pytest.mark.slow

# --- where average, frequency and lifespan come from ------------------------------------------


def test_revenue_and_orders_stand_in_for_averages(tmp_path: Path) -> None:
    headers = ["Client", "Total spent", "Number of orders", "Customer lifespan"]
    book = customers(tmp_path / "a.xlsx", ["C1", 600, 4, 3], ["C2", 90, 1, 2], headers=headers)
    out, _ = refreshed(book)
    # Nothing says since when, so the orders count as those of one year.
    assert clv_of(out) == [600 / 4 * 4 * 3, 90 * 1 * 2]


def test_churn_gives_the_lifespan(tmp_path: Path) -> None:
    headers = [*CUSTOMERS[:3], "Churn rate"]
    book = customers(tmp_path / "a.xlsx", ["C1", 50, 2, 0.25], ["C2", 50, 2, 0.5], headers=headers)
    out, _ = refreshed(book)
    assert clv_of(out) == [400, 200]


def test_churn_of_nobody_falls_back_on_the_horizon(tmp_path: Path) -> None:
    headers = [*CUSTOMERS[:3], "Churn rate"]
    out, _ = refreshed(customers(tmp_path / "a.xlsx", ["C1", 50, 2, 0], headers=headers))
    assert clv_of(out) == [300]


def test_first_and_last_order_tell_frequency_lifespan_and_status(tmp_path: Path) -> None:
    headers = ["Customer", "Revenue", "Orders", "First order", "Last order"]
    book = customers(
        tmp_path / "a.xlsx",
        ["C1", 1000, 10, day("2022-01-01"), day("2026-01-01")],
        ["C2", 400, 4, day("2022-01-01"), day("2024-01-01")],
        headers=headers,
    )
    out, results = refreshed(book)
    years = [(day(end) - day("2022-01-01")).days / 365.25 for end in ("2026-01-01", "2024-01-01")]
    assert str(results.people.as_of) == "2026-01-01"
    expected = [100 * 10 / years[0] * years[0], 100 * 4 / years[0] * years[1]]
    assert clv_of(out) == pytest.approx(expected)
    assert [row[8] for row in rows_of(out, "My customers")[1:]] == ["Active", "At risk"]


def test_a_negative_clv_is_shown_and_flagged(tmp_path: Path) -> None:
    headers = [*CUSTOMERS, "Profit margin", "CAC"]
    rows = [["C1", 50, 2, 3, 0.4, 20], ["C2", 10, 1, 1, 0.3, 45], ["C3", 50, 2, 3, -0.1, 0]]
    out, results = refreshed(customers(tmp_path / "a.xlsx", *rows, headers=headers))
    assert clv_of(out) == pytest.approx([100, -42, -30])
    result, where = checks_of(out)["2 customers have a negative CLV"]
    assert result == "⚠ Review"
    assert set(where.split(", ")) == {"C2", "C3"}
    assert {kpi.key: kpi.value for kpi in results.kpis}["negative"] == 2
    sheet = openpyxl.load_workbook(out)["CustomerValues"]
    marks = {
        str(found.sqref): [(rule.operator, rule.formula) for rule in found.rules]
        for found in sheet.conditional_formatting
    }
    heads = {cell.value: cell.column_letter for cell in sheet[5]}
    value, status = heads["Simple CLV (formula)"], heads["Status"]
    assert marks == {
        f"{value}6:{value}8": [("lessThan", ["0"])],
        f"{status}6:{status}8": [
            ("equal", [f'"{name}"']) for name in ("Active", "At risk", "Lapsed", "Lost")
        ],
    }


# --- orders -----------------------------------------------------------------------------------


def test_orders_on_any_sheet_below_a_title(tmp_path: Path) -> None:
    book = an_order_book(tmp_path / "shop.xlsx")
    out, results = refreshed(book)
    assert by_customer(out, "Orders") == {"C1": 3, "C2": 1}
    assert by_customer(out, "Revenue") == {"C1": 150, "C2": 25}
    assert by_customer(out, "First order")["C1"] == date(2025, 1, 10)
    assert by_customer(out, "Last order")["C1"] == date(2026, 1, 10)
    assert by_customer(out, "Simple CLV (formula)") == pytest.approx(
        {"C1": 450, "C2": 75}, rel=1e-3
    )
    assert "Sheet-Export 1!A4:D8" in " ".join(results.notes)
    assert changed_parts(book, out) <= LISTS
    for name in ("Notes", "Sheet-Export 1"):
        assert changed_cells(book, out, name) == set()


def test_the_last_order_is_the_day_unless_one_is_said(tmp_path: Path) -> None:
    book = an_order_book(tmp_path / "shop.xlsx")
    _, results = refreshed(book)
    assert str(results.people.as_of) == "2026-01-10"
    assert any("No as-of date is set" in note and "2026-01-10" in note for note in results.notes)
    _, results = refreshed(book, as_of=day("2026-06-30"))
    assert str(results.people.as_of) == "2026-06-30"
    assert not any("No as-of date" in note for note in results.notes)


def test_orders_count_and_the_customer_sheet_adds(tmp_path: Path) -> None:
    headers = ["Customer id", "Name", "Acquisition cost", "Margin", "Lifespan", "Birthday"]
    book = a_book(
        tmp_path / "both.xlsx",
        {
            "Log": [ORDERS, *LOG],
            "People": [
                headers,
                ["C1", "Ada", 30, 0.5, 4, date(1980, 1, 10)],
                ["C9", "Ben", 10, 0.5, 4, None],
            ],
        },
    )
    out, results = refreshed(book)
    assert sorted(results.people.ids) == ["C1", "C2", "C9"]
    clv = headed(out, "People", 1)["CLV"]
    # 50 an order, 3 orders in a year, 4 years, half of it profit, 30 to win her
    assert clv[2].value == pytest.approx(50 * 3 / _years("2025-01-10", "2026-01-10") * 4 * 0.5 - 30)
    assert clv[3].value == "#N/A"  # on the sheet, but nothing says what Ben is worth
    assert checks_of(out)["Every buyer is on the customer sheet"] == (
        "ℹ For your information",
        "C2",
    )
    assert by_customer(out, "Orders")["C1"] == 3


def _years(first: str, last: str) -> float:
    return max(1.0, (day(last) - day(first)).days / 365.25)


def test_averages_of_the_sheet_count_for_customers_without_orders(tmp_path: Path) -> None:
    book = a_book(
        tmp_path / "both.xlsx",
        {"Log": [ORDERS, *LOG], "People": [CUSTOMERS, ["C1", 999, 99, 3], ["W1", 200, 12, 2]]},
    )
    out, _ = refreshed(book)
    clv = headed(out, "People", 1)["CLV"]
    assert clv[2].value == pytest.approx(50 * 3 / _years("2025-01-10", "2026-01-10") * 3)
    assert clv[3].value == 200 * 12 * 2


# --- settings ---------------------------------------------------------------------------------


def with_settings(path: Path, **values: object) -> Path:
    """Set cells of the tab Input by their names."""
    book = openpyxl.load_workbook(path)
    for name, value in values.items():
        sheet, cell = next(iter(book.defined_names[f"cfg_{name}"].destinations))
        book[sheet][cell].value = value
    out = path.with_name("set.xlsx")
    book.save(out)
    return out


@pytest.fixture
def one_customer(tmp_path: Path) -> Path:
    """Return the result for a customer of 50 a purchase, 2 a year, 3 years."""
    return refreshed(customers(tmp_path / "one.xlsx", ["C1", 50, 2, 3]))[0]


@pytest.mark.parametrize(
    ("values", "clv"),
    [
        ({}, 300),
        ({"margin": 0.4}, 120),
        ({"discount_rate": 0.1}, 248.6852),
        ({"discount_rate": 0.1, "timing": 0.5}, 260.8232),
        ({"margin": 0.4, "acq_cost": 150}, -30),
        ({"margin": None}, 300),  # blank: the default
    ],
)
def test_settings_change_the_values(
    one_customer: Path, values: dict[str, object], clv: float
) -> None:
    out, _ = refreshed(with_settings(one_customer, **values))
    assert clv_of(out) == [pytest.approx(clv, abs=5e-5)]


def test_the_horizon_stands_in_for_an_unknown_lifespan(tmp_path: Path) -> None:
    first, _ = refreshed(customers(tmp_path / "a.xlsx", ["C1", 50, 2], headers=CUSTOMERS[:3]))
    assert clv_of(first) == [300]
    out, _ = refreshed(with_settings(first, horizon=5))
    assert clv_of(out) == [500]


def test_averages_may_be_per_month(one_customer: Path) -> None:
    # 50 twice a month for 3 months: still 300, but 24 purchases a year for a quarter.
    out, _ = refreshed(with_settings(one_customer, period="month"))
    assert clv_of(out) == [pytest.approx(300)]
    assert by_customer(out, "Orders per year") == {"C1": 24}
    assert by_customer(out, "Lifespan") == {"C1": 0.25}


def test_the_day_on_input_counts_unless_another_is_asked_for(tmp_path: Path) -> None:
    first, _ = refreshed(an_order_book(tmp_path / "shop.xlsx"))
    book = with_settings(first, as_of=date(2026, 3, 31))
    _, results = refreshed(book)
    assert str(results.people.as_of) == "2026-03-31"
    _, results = refreshed(book, as_of=day("2026-02-28"))
    assert str(results.people.as_of) == "2026-02-28"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("margin", 40, "Margin is 40; expected a number from -1 to 1. Did you mean 40%?"),
        ("discount_rate", 1, "Discount rate is 1"),
        ("horizon", "three", 'Horizon (years) is "three"'),
        ("as_of", "30.06.2026", "2026-01-31"),
        ("period", "week", "year, month"),
    ],
)
def test_a_setting_out_of_range_names_its_cell(
    one_customer: Path, name: str, value: object, said: str
) -> None:
    book = with_settings(one_customer, **{name: value})
    destination = openpyxl.load_workbook(book).defined_names[f"cfg_{name}"].attr_text
    message = refused(book)
    assert message.startswith(destination.replace("'", "").replace("$", ""))
    assert message.startswith("Input!B")
    assert said in message


def test_all_bad_settings_are_named_at_once(one_customer: Path) -> None:
    message = refused(with_settings(one_customer, margin=40, horizon=-1))
    assert len(message.splitlines()) == 2
    assert all(line.startswith("Input!B") for line in message.splitlines())


def test_multiples_that_do_not_rise_name_their_cells(tmp_path: Path) -> None:
    first, _ = refreshed(an_order_book(tmp_path / "shop.xlsx"))
    message = refused(with_settings(first, at_risk=5, passive=3))
    assert "must rise" in message
    assert message.startswith("Input!B")


# --- tiers and rules of the book --------------------------------------------------------------


def test_tiers_typed_into_the_result_count_next_time(tmp_path: Path) -> None:
    first, _ = refreshed(a_plain_sheet(tmp_path / "book.xlsx"))
    book = openpyxl.load_workbook(first)
    heads = {cell.value: cell.column for cell in book["Tiers"][5]}
    for row, (name, limit) in enumerate((("Gold", 300), ("Silver", 100), ("Bronze", 0)), start=6):
        book["Tiers"].cell(row, heads["Tier"]).value = name
        book["Tiers"].cell(row, heads["Enter at (≥)"]).value = limit
    book.save(tmp_path / "tiers.xlsx")
    out, _ = refreshed(tmp_path / "tiers.xlsx")
    values = table_of(out, "My customers")
    for clv, tier, gap in zip(
        values["CLV"], values["Tier"], values["Gap to next tier"], strict=True
    ):
        expected = "Gold" if clv >= 300 else "Silver" if clv >= 100 else "Bronze"
        next_at = 0 if clv >= 300 else 300 - clv if clv >= 100 else 100 - clv
        assert (tier, gap) == (expected, next_at)


def test_a_faulty_tier_table_is_named_and_tiers_are_proposed(tmp_path: Path) -> None:
    first, _ = refreshed(a_plain_sheet(tmp_path / "book.xlsx"))
    book = openpyxl.load_workbook(first)
    assert book["Tiers"]["E5"].value == "Enter at (≥)"
    book["Tiers"]["E7"].value = "lots"
    book.save(tmp_path / "tiers.xlsx")
    out, results = refreshed(tmp_path / "tiers.xlsx")
    assert results.proposed
    result, where = checks_of(out)["The tiers are not in order"]
    assert result == "✖ Fix"
    assert "Tiers!E7" in where
