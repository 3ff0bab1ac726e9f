"""What stands beside the money of an export, from the file to the tabs."""

from pathlib import Path
from typing import Any

import pytest

from tests.refresh.books import a_csv, formulas_of, orders, refreshed, rows_of, table_of
from xlclv.analysis.results import Results

HEADER = "Order id,Customer id,Order date,Amount net,Cost,Discount,Newsletter,Name,Email"


def shop(path: Path, share: float = 0.95) -> Path:
    """Write two orders of each of three customers: a said No at last, b Yes, c nothing."""
    cost = 100 * share
    return a_csv(
        path / "orders.csv",
        HEADER,
        f"1,a,2025-01-05,100.00,{cost},10.00,yes,Ann Old,a@x.example",
        f"2,a,2025-03-05,100.00,{cost},,no,=HYPERLINK(1),a@x.example",
        f"3,b,2025-02-05,100.00,{cost},5.00,yes,Bob,b@x.example",
        f"4,b,2025-04-05,100.00,{cost},,,Bob,b@x.example",
        f"5,c,2025-04-06,100.00,{cost},,,,",
        f"6,c,2025-04-06,100.00,{cost},,,,",
    )


def values(book: Path) -> dict[str, list[Any]]:
    return table_of(book, "CustomerValues")


@pytest.mark.parametrize("share", [0.95, 0.05])
def test_the_cost_of_the_goods_decides_what_a_customer_is_worth(
    share: float, tmp_path: Path
) -> None:
    path, results = refreshed(shop(tmp_path, share))
    frame = values(path)
    assert frame["Historic CLV"] == pytest.approx([200 * (1 - share)] * 3)
    assert frame["Simple CLV (formula)"] == pytest.approx([600 * (1 - share)] * 3)
    assert any("6 of 6 orders and 3 of 3 customers" in note for note in results.notes)
    assert any("Cost of the goods" in row for row in rows_of(path, "Checks"))


def test_names_addresses_and_discounts_stand_in_the_values(tmp_path: Path) -> None:
    path, results = refreshed(shop(tmp_path))
    frame = values(path)
    assert list(frame)[:3] == ["Customer id", "Customer name", "Customer e-mail"]
    rows = dict(zip(frame["Customer id"], frame["Customer name"], strict=True))
    assert rows == {"a": "=HYPERLINK(1)", "b": "Bob", "c": ""}
    assert not any("HYPERLINK" in formula for formula in formulas_of(path))
    given = dict(zip(frame["Customer id"], frame["Discounts given"], strict=True))
    assert given == {"a": 10, "b": 5, "c": 0}
    assert tile(results, "discounts") == 15
    assert any("Discounts given" in row for row in rows_of(path, "Details"))


def test_what_no_table_tells_has_no_column_and_no_tile(tmp_path: Path) -> None:
    book = orders(tmp_path / "book.xlsx", ["a", "2025-01-05", 100], ["b", "2025-02-05", 50])
    path, _ = refreshed(book)
    frame = values(path)
    assert not {"Customer name", "Customer e-mail", "Discounts given"} & set(frame)
    assert not any("Discounts given" in row for row in rows_of(path, "Details"))
    assert "Discounts given" in rows_of(path, "History")[4]  # so that its columns never change


@pytest.mark.parametrize(
    ("newsletter", "said"),
    [("Newsletter", "leave out 2 of 3 customers"), ("Remark", "Consent is unknown")],
)
def test_the_lists_say_whom_they_leave_out(newsletter: str, said: str, tmp_path: Path) -> None:
    book = shop(tmp_path)
    book.write_text(book.read_text().replace("Newsletter", newsletter))
    path, _ = refreshed(book)
    assert any(said in str(cell) for row in rows_of(path, "Loyalty") for cell in row)


def test_a_second_refresh_says_the_same(tmp_path: Path) -> None:
    first, before = refreshed(shop(tmp_path))
    second, after = refreshed(first)
    assert values(second) == values(first)
    assert after.people.consent.may_be_mailed.tolist() == [False, True, False]
    assert before.people.profit.tolist() == after.people.profit.tolist()
    assert {key: tile(after, key) for key in ("discounts", "equity", "rewards")} == {
        key: tile(before, key) for key in ("discounts", "equity", "rewards")
    }


def test_a_discount_of_the_whole_order_counts_once(tmp_path: Path) -> None:
    lines = [
        f"{order},{order},2025-01-0{order},{amount},{4 * order}.00,{7 * order}.00,{product}"
        for order in (1, 2, 3)
        for amount, product in ((10, "tea"), (30, "pot"))
    ]
    header = "Order number,Buyer,Date,Net amount,Order discount,Total cost,Product"
    _, results = refreshed(a_csv(tmp_path / "orders.csv", header, *lines))
    assert results.people.discounts is not None
    assert results.people.discounts.tolist() == [4, 8, 12]
    assert results.people.costs is not None
    assert results.people.costs.cost.tolist() == [7, 14, 21]


def tile(results: Results, key: str) -> float:
    return next(kpi.value for kpi in results.kpis if kpi.key == key)
