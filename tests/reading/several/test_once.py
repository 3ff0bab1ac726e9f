"""Orders that stand in several files of one log count once."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.reading.gather import gather
from xlclv.reading.several.once import as_written
from xlclv.reading.source import read_sources
from xlclv.tables import Table

HEADER = "Order number,Customer id,Order date,Product,Net amount"
Row = tuple[str, str, str, str, int]


def log(folder: Path, *parts: list[Row]) -> Table:
    paths = []
    for at, rows in enumerate(parts):
        path = folder / f"part{at}.csv"
        lines = [",".join(map(str, row)) for row in rows]
        path.write_text("\n".join([HEADER, *lines]) + "\n")
        paths.append(path)
    orders = gather(read_sources(paths)).inputs.orders
    assert orders is not None
    return orders


def rows_of(table: Table) -> list[tuple[str, str, float]]:
    numbers = table.values("order_id") if table.has("order_id") else [""] * table.rows
    return sorted(
        zip(numbers, table.values("customer_id"), table.values("amount_net"), strict=True)
    )


def rules_of(table: Table) -> dict[str, str]:
    assert table.reading is not None
    return {rule.name: rule.level for rule in table.reading.rules}


MUG = ("1", "a", "2023-01-05", "Mug", 10)
PLATE = ("2", "b", "2023-01-31", "Plate", 20)


def test_the_same_order_counts_once(tmp_path: Path) -> None:
    table = log(tmp_path, [MUG, PLATE], [PLATE, ("3", "a", "2023-02-03", "Mug", 30)])
    assert rows_of(table) == [("1", "a", 10), ("2", "b", 20), ("3", "a", 30)]
    assert rules_of(table)["orders_in_several"] == "info"


def test_of_a_changed_order_the_later_file_counts_whatever_its_name(tmp_path: Path) -> None:
    new = ("2", "b", "2023-01-31", "Plate", 15)
    later = [new, ("3", "a", "2023-02-03", "Mug", 30)]
    for parts in ([MUG, PLATE], later), (later, [MUG, PLATE]):
        table = log(tmp_path, *parts)
        assert rows_of(table) == [("1", "a", 10), ("2", "b", 15), ("3", "a", 30)]
        assert rules_of(table)["orders_changed_later"] == "info"


def test_of_two_files_that_end_alike_the_one_named_later_counts(tmp_path: Path) -> None:
    table = log(tmp_path, [MUG, PLATE], [MUG, ("2", "b", "2023-01-31", "Plate", 15)])
    assert rows_of(table) == [("1", "a", 10), ("2", "b", 15)]


def test_a_number_of_another_customer_is_another_order(tmp_path: Path) -> None:
    table = log(tmp_path, [MUG], [("1", "b", "2023-01-05", "Mug", 10)])
    assert rows_of(table) == [("1", "a", 10), ("1", "b", 10)]


def test_a_refund_in_a_later_file_replaces_no_order(tmp_path: Path) -> None:
    table = log(tmp_path, [MUG], [("1", "a", "2023-02-01", "Mug", -4), PLATE])
    assert rows_of(table) == [("1", "a", -4), ("1", "a", 10), ("2", "b", 20)]
    assert "orders_on_other_days" not in rules_of(table)


def test_an_order_under_another_day_is_kept_and_looked_at(tmp_path: Path) -> None:
    table = log(tmp_path, [MUG], [("1", "a", "2023-01-09", "Mug", 10), PLATE])
    assert len(rows_of(table)) == 3
    assert rules_of(table)["orders_on_other_days"] == "warning"


def test_lines_of_an_order_in_two_files_are_kept_and_looked_at(tmp_path: Path) -> None:
    table = log(tmp_path, [MUG], [("1", "a", "2023-01-05", "Bowl", 5), PLATE])
    assert rows_of(table) == [("1", "a", 5), ("1", "a", 10), ("2", "b", 20)]
    assert rules_of(table)["orders_parted"] == "warning"


def test_rows_without_a_number_that_stand_in_two_files_are_looked_at(tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    header, row = "Customer id,Order date,Net amount", "a,2023-01-05,10"
    first.write_text(f"{header}\n{row}\n{row}\nb,2023-01-06,10\n")
    second.write_text(f"{header}\n{row}\na,2023-02-01,10\n")
    table = gather(read_sources([first, second])).inputs.orders
    assert table is not None
    assert [amount for *_, amount in rows_of(table)] == [10, 10, 10, 10]
    assert rules_of(table)["rows_in_several"] == "warning"


def test_rules_name_cells_of_the_files(tmp_path: Path) -> None:
    table = log(tmp_path, [MUG, PLATE], [PLATE])
    assert table.reading is not None
    rule = next(rule for rule in table.reading.rules if rule.name == "orders_in_several")
    assert (rule.rows, rule.orders, rule.money, rule.cells) == (1, 1, 20, ("part1!A2",))


def test_equal_cells_of_different_files_are_written_alike() -> None:
    assert as_written(date(2023, 1, 5)) == as_written("2023-01-05 ")
    assert as_written(7.0) == as_written("7")
    assert as_written(7.5) == "7.5"


@st.composite
def months(draw: st.DrawFn) -> list[list[Row]]:
    """Make exports of months that overlap: an order has one customer, day, product and amount."""
    size = draw(st.integers(1, 12))
    orders = [
        (
            str(at),
            draw(st.sampled_from("abc")),
            f"2023-01-{at + 1:02}",
            "Mug",
            draw(st.integers(1, 9)),
        )
        for at in range(size)
    ]
    parts = draw(
        st.lists(st.lists(st.sampled_from(orders), min_size=1, unique=True), min_size=2, max_size=4)
    )
    return [sorted(part, key=lambda row: row[2]) for part in parts]


@given(months())
def test_overlapping_exports_give_every_order_once(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[Row]]
) -> None:
    table = log(tmp_path_factory.mktemp("log"), *parts)
    seen = {row for part in parts for row in part}
    assert Counter(rows_of(table)) == Counter((row[0], row[1], float(row[4])) for row in seen)
