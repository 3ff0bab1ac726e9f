"""A CSV of orders becomes a workbook; its sums are those of the file, by an independent route."""

import csv
import math
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.refresh.books import (
    ORDERS,
    STAMP,
    a_csv,
    by_customer,
    checks_of,
    day,
    mapped,
    orders,
    refreshed,
    rows_of,
    sheets_of,
    table_of,
)
from xlclv.analysis.results import Results
from xlclv.reading.cellcolumns import Conventions
from xlclv.reading.choices import Choices
from xlclv.refresh.refresh import RefreshRequest, refresh

pytestmark = pytest.mark.slow

CDNOW = Path(__file__).parents[1] / "data" / "cdnow_sample.csv"
SIMPLE = "Simple CLV (formula)"
HEADER = "Customer id,Order date,Amount"
Written = tuple[Path, Results]


# --- CDNOW ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cdnow") / "cdnow.xlsx"
    before = CDNOW.read_bytes()
    refresh(RefreshRequest(CDNOW, out), STAMP)
    assert CDNOW.read_bytes() == before
    return out


def raw_rows() -> list[dict[str, str]]:
    with CDNOW.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_cdnow_has_the_customers_of_the_file(cdnow: Path) -> None:
    ids = {row["customer_id"] for row in raw_rows()}
    shown = table_of(cdnow, "CustomerValues")["Customer id"]
    assert len(shown) == len(ids) == 2357
    assert set(shown) == ids  # leading zeros and all


def test_cdnow_has_the_revenue_of_the_file(cdnow: Path) -> None:
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for row in raw_rows():
        spent[row["customer_id"]] += Decimal(row["amount"])
    shown = by_customer(cdnow, "Revenue")
    assert len(shown) == len(spent)
    for customer, amount in spent.items():
        assert shown[customer] == pytest.approx(float(amount), abs=1e-9)
    assert math.fsum(shown.values()) == pytest.approx(float(sum(spent.values())), abs=1e-6)


def test_cdnow_orders_are_days_with_a_purchase(cdnow: Path) -> None:
    days: dict[str, set[str]] = defaultdict(set)
    for row in raw_rows():
        days[row["customer_id"]].add(row["order_date"])
    shown = by_customer(cdnow, "Orders")
    assert shown == {customer: len(found) for customer, found in days.items()}
    first, last = by_customer(cdnow, "First order"), by_customer(cdnow, "Last order")
    assert {one: str(value) for one, value in first.items()} == {k: min(v) for k, v in days.items()}
    assert {one: str(value) for one, value in last.items()} == {k: max(v) for k, v in days.items()}


def test_cdnow_orders_stand_in_the_workbook_as_in_the_file(cdnow: Path) -> None:
    sheet = table_of(cdnow, "Orders", "Customer id")
    raw = raw_rows()
    assert sheet["Customer id"] == [row["customer_id"] for row in raw]
    assert sheet["Amount net"] == [float(row["amount"]) for row in raw]
    assert [str(value) for value in sheet["Order date"]] == [row["order_date"] for row in raw]


def test_cdnow_checks_and_summary(cdnow: Path) -> None:
    checks = checks_of(cdnow)
    for check in (
        "Revenue over customers equals revenue over order rows",
        "The number of customers equals the number of different ids",
        "Order rows can be read",
    ):
        assert checks[check] == ("✔ OK", "")
    book = openpyxl.load_workbook(cdnow)
    shown = {}
    for name in ("customers", "equity", "revenue_12m", "repeat_rate"):
        sheet, cell = next(iter(book.defined_names[f"out_{name}"].destinations))
        shown[name] = book[sheet][cell].value
    raw = raw_rows()
    year = [Decimal(row["amount"]) for row in raw if row["order_date"] > "1997-06-30"]
    again = defaultdict(set)
    for row in raw:
        again[row["customer_id"]].add(row["order_date"])
    repeat = sum(len(found) > 1 for found in again.values()) / len(again)
    assert shown["customers"] == 2357
    assert shown["revenue_12m"] == pytest.approx(float(sum(year)))
    assert shown["repeat_rate"] == pytest.approx(repeat)
    assert shown["equity"] == pytest.approx(math.fsum(by_customer(cdnow, SIMPLE).values()))


def test_cdnow_segments_add_up(cdnow: Path) -> None:
    rows = rows_of(cdnow, "Segments")
    headings = ["By tier", "By status", "By RFM segment"]
    total = math.fsum(by_customer(cdnow, "Predicted value").values())
    for heading in headings:
        top = next(at for at, row in enumerate(rows) if row[0] == heading) + 1
        count, worth = rows[top].index("Customers"), rows[top].index("Sum")
        body = rows[top + 1 :]
        body = body[: next(at for at, row in enumerate(body) if row[0] == "")]
        *groups, every = body
        assert every[0] == "All"
        assert sum(row[count] for row in groups) == every[count] == 2357
        assert math.fsum(row[worth] for row in groups) == pytest.approx(total)
        assert every[worth] == pytest.approx(total)


# --- how a CSV becomes a workbook -------------------------------------------------------------


def test_a_csv_becomes_a_workbook_that_can_be_refreshed(tmp_path: Path) -> None:
    book = a_csv(tmp_path / "o.csv", HEADER, "a,2026-01-01,10", "b,2026-01-02,20", "a,2026-02-01,5")
    first, _ = refreshed(book)
    assert first.name == "o-refreshed.xlsx"
    second, results = refreshed(first)
    assert by_customer(second, "Revenue") == by_customer(first, "Revenue") == {"a": 15, "b": 20}
    assert by_customer(second, SIMPLE) == by_customer(first, SIMPLE)
    assert results.inputs.orders is not None
    assert {"Orders", "Input", "Tiers", "RewardRules"} < set(sheets_of(first))
    assert "Customers" not in sheets_of(first)


def test_a_german_csv_is_read_as_german(tmp_path: Path) -> None:
    book = a_csv(
        tmp_path / "bestellungen.csv",
        "Kunde;Datum;Betrag",
        "Müller;31.01.2026;1.234,56",
        "Weiß;01.02.2026;-7,50",
        "Weiß;28.02.2026;1.000,00",
        encoding="cp1252",
    )
    columns = {"customer_id": "Kunde", "order_date": "Datum", "amount_net": "Betrag"}
    out, results = refreshed(book, choices=mapped(**columns))
    assert by_customer(out, "Revenue") == {"Müller": 1234.56, "Weiß": 992.5}
    assert by_customer(out, "Last order")["Müller"] == date(2026, 1, 31)
    told = " ".join(results.notes)
    assert "letters look like cp1252" in told
    assert "semicolons" in told
    assert "comma is the decimal sign" in told


def test_the_order_of_a_date_is_told_by_the_days_above_12(tmp_path: Path) -> None:
    book = a_csv(tmp_path / "o.csv", HEADER, "a,03/04/2026,1", "a,31/01/2026,2")
    out, results = refreshed(book)
    assert by_customer(out, "Last order") == {"a": date(2026, 4, 3)}
    assert 'day, month, year, as "31/01/2026" in o!B3 shows' in " ".join(results.notes)


@pytest.mark.parametrize(
    ("encoding", "said"), [("cp932", "cp932"), ("utf-16", "utf-16"), ("utf-8-sig", "utf-8")]
)
def test_japanese_letters_in_any_encoding(tmp_path: Path, encoding: str, said: str) -> None:
    lines = ["顧客番号,注文日,金額,備考", "山田太郎,2026-01-05,1200,新規顧客"]
    lines += ["鈴木花子,2026-02-10,800,会員", "山田太郎,2026-03-01,500,会員"]
    book = a_csv(tmp_path / "注文.csv", *lines, encoding=encoding)
    columns = {"customer_id": "顧客番号", "order_date": "注文日", "amount_net": "金額"}
    out, results = refreshed(book, choices=mapped(**columns))
    assert by_customer(out, "Revenue") == {"山田太郎": 1700, "鈴木花子": 800}
    assert said in results.notes[0]


def test_what_the_file_does_not_tell_the_user_may_say(tmp_path: Path) -> None:
    book = a_csv(tmp_path / "o.csv", HEADER, 'a,03/04/2026,"1,500"', 'a,05/06/2026,"2,250"')
    said = Choices(conventions=Conventions(".", "mdy"))
    out, _ = refreshed(book, choices=said)
    assert by_customer(out, "Revenue") == {"a": 3750}
    assert by_customer(out, "Last order") == {"a": date(2026, 5, 6)}


# --- which rows count, and how ----------------------------------------------------------------

FULL = ["Order id", *ORDERS, "Is refund", "Refund of order", "Currency"]


def figures(out: Path) -> dict[str, tuple[float, float]]:
    """Return orders and revenue by customer."""
    counts, money = by_customer(out, "Orders"), by_customer(out, "Revenue")
    return {customer: (counts[customer], money[customer]) for customer in counts}


def test_lines_of_one_order_are_one_order(tmp_path: Path) -> None:
    book = orders(
        tmp_path / "o.xlsx",
        ["R1", "a", day("2026-01-01"), 10],
        ["R1", "a", day("2026-01-01"), 15],
        ["R2", "a", day("2026-01-01"), 20],
        headers=FULL[:4],
    )
    assert figures(refreshed(book)[0]) == {"a": (2, 45)}


def test_without_order_ids_purchases_of_a_day_are_one_order(tmp_path: Path) -> None:
    rows = [["a", day("2026-01-01"), 10], ["a", day("2026-01-01"), 10], ["a", day("2026-01-02"), 5]]
    out, results = refreshed(orders(tmp_path / "o.xlsx", *rows))
    assert figures(out) == {"a": (2, 25)}  # equal rows may well be two purchases
    assert results.problems == 0


def test_a_refund_lowers_revenue_and_cancels_what_it_takes_back_whole(tmp_path: Path) -> None:
    book = orders(
        tmp_path / "o.xlsx",
        ["R1", "a", day("2026-01-01"), 30, None, None],
        ["R2", "a", day("2026-01-05"), 20, None, None],
        ["R2-back", "a", day("2026-01-09"), -20, None, "R2"],
        ["R3", "a", day("2026-02-01"), 50, None, None],
        ["R3-back", "a", day("2026-02-03"), 10, "Yes", "R3"],  # marked, not signed
        ["R9-back", "b", day("2026-02-03"), -4, None, "R0"],
        headers=FULL[:6],
    )
    out, _ = refreshed(book)
    assert figures(out) == {"a": (2, 70), "b": (0, -4)}
    assert by_customer(out, "Status")["b"] == "No order"
    result, where = checks_of(out)["Every refund names an order in the table"]
    assert (result, where) == ("ℹ For your information", "Export!B7")


def test_a_log_of_refunds_alone_is_no_fault_of_ours(tmp_path: Path) -> None:
    out, _ = refreshed(a_csv(tmp_path / "o.csv", HEADER, "a,2026-01-01,-5", "b,2026-01-02,-7"))
    assert figures(out) == {"a": (0, -5), "b": (0, -7)}


def test_rows_that_do_not_count_are_named(tmp_path: Path) -> None:
    book = orders(
        tmp_path / "o.xlsx",
        ["R1", "a", day("2026-01-01"), 10, None, None, "EUR"],
        ["R1", "a", day("2026-01-01"), 10, None, None, "EUR"],  # exact copy
        ["R2", "b", day("2026-01-02"), 20, None, None, "USD"],
        ["R3", None, day("2026-01-03"), 30, None, None, "EUR"],
        ["R4", "c", day("2030-01-01"), 40, None, None, "EUR"],
        ["R5", "d", "tomorrow", 50, None, None, "EUR"],
        ["R6", "e", day("2026-01-06"), "much", None, None, "EUR"],
        ["R7", "f", day("2026-01-07"), 60, None, None, None],
        headers=FULL,
    )
    out, results = refreshed(book, as_of=day("2026-01-31"))
    assert figures(out) == {"a": (1, 10), "f": (1, 60)}
    checks = checks_of(out)
    assert checks["1 order row stands twice"] == ("⚠ Review", "Export!B3")
    assert checks["1 order row is in another currency"] == ("✖ Fix", "Export!B4")
    assert checks["1 order row lies after the as-of date"] == ("⚠ Review", "Export!B6")
    result, where = checks["2 cells of order rows cannot be read"]
    assert result == "✖ Fix"
    assert checks["Revenue without a customer"] == ("ℹ For your information", "Export!B5")
    for cell in ('Export!C7: Order date is "tomorrow"', 'Export!D8: Amount net is "m'):
        assert cell in where
    assert any("EUR" in note for note in results.notes)
    assert results.problems == 4


def test_ids_keep_their_zeros_and_near_twins_are_named(tmp_path: Path) -> None:
    book = orders(
        tmp_path / "o.xlsx",
        ["007", day("2026-01-01"), 10],
        [7, day("2026-01-02"), 20],
        [7.0, day("2026-01-03"), 40],
        ["Ada ", day("2026-01-04"), 1],
        ["ADA", day("2026-01-05"), 2],
        ["C1", day("2026-01-06"), 3],
    )
    out, _ = refreshed(book)
    assert by_customer(out, "Revenue") == {"007": 10, "7": 60, "Ada": 1, "ADA": 2, "C1": 3}
    result, where = checks_of(out)["4 customer ids are almost like another"]
    assert result == "⚠ Review"
    assert where == "Export!A2, Export!A3, Export!A5, Export!A6"


def test_an_order_of_nothing_is_an_order(tmp_path: Path) -> None:
    out, _ = refreshed(a_csv(tmp_path / "o.csv", HEADER, "a,2026-01-01,0", "a,2026-02-01,30"))
    assert figures(out) == {"a": (2, 30)}


def test_a_long_log_names_the_first_cells_and_the_count(tmp_path: Path) -> None:
    lines = [f"c{at},2026-01-01,{'x' if at % 2 else at}" for at in range(1, 101)]
    out, _ = refreshed(a_csv(tmp_path / "o.csv", HEADER, *lines))
    checks = checks_of(out)
    [where] = [cells for title, (_, cells) in checks.items() if "order rows cannot be" in title]
    assert where.startswith("o!C2: ")
    assert where.endswith("(50 in all)")
