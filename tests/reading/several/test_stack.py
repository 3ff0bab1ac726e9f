"""Tables of one layout are one log; orders and their lines on two sheets are one table."""

from pathlib import Path

import pytest

from xlclv.errors import InputError
from xlclv.reading.gather import Book, gather
from xlclv.reading.source import read_sources
from xlclv.tables import Table

HEADER = "Order number,Customer id,Order date,Net amount"


def book(folder: Path, **files: str) -> Book:
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.write_text(text)
        paths.append(path)
    return gather(read_sources(paths))


def orders(read: Book) -> Table:
    assert read.inputs.orders is not None
    return read.inputs.orders


def warnings_of(table: Table) -> list[str]:
    assert table.reading is not None
    return [rule.name for rule in table.reading.rules if rule.level != "info"]


def test_columns_may_stand_in_another_order(tmp_path: Path) -> None:
    table = orders(
        book(
            tmp_path,
            jan=f"{HEADER}\n1,a,2023-01-15,60\n",
            feb="net amount,customer_id,Order number,Order date\n40,b,2,2023-02-15\n",
        )
    )
    assert list(table.values("amount_net")) == [60, 40]
    assert list(table.values("customer_id")) == ["a", "b"]
    assert warnings_of(table) == []


def test_every_file_is_named_and_faults_name_their_own_cell(tmp_path: Path) -> None:
    read = book(
        tmp_path,
        jan=f"{HEADER}\n1,a,2023-01-15,60\n",
        feb=f"{HEADER}\n2,b,2023-02-15,40\n3,b,2023-02-16,much\n",
    )
    notes = "\n".join(read.inputs.notes)
    assert "jan!A1:D2: 1 rows." in notes
    assert "feb!A1:D3: 2 rows." in notes
    assert [fault.cell for fault in orders(read).faults] == ["feb!D3"]


def test_a_column_that_may_change_figures_and_is_missing_asks_for_a_look(tmp_path: Path) -> None:
    jan, feb = f"{HEADER}\n1,a,2023-01-15,60\n", f"{HEADER},{{}}\n2,b,2023-02-15,40,{{}}\n"
    assert warnings_of(orders(book(tmp_path, jan=jan, feb=feb.format("Status", "paid")))) == [
        "part_lacks_column"
    ]
    assert warnings_of(orders(book(tmp_path, jan=jan, feb=feb.format("Note", "gift")))) == []


def test_other_columns_make_another_layout(tmp_path: Path) -> None:
    jan = f"{HEADER}\n1,a,2023-01-15,60\n"
    for other in ("Order number,Customer id,Order date,Total", f"{HEADER},Total"):
        row = "2,b,2023-02-15,40" + ",50" * (other.count(",") - 3)
        with pytest.raises(InputError) as caught:
            book(tmp_path, jan=jan, feb=f"{other}\n{row}\n")
        assert caught.value.key == "several_layouts"


def test_a_file_that_is_not_used_asks_for_a_look(tmp_path: Path) -> None:
    jan, stock = f"{HEADER}\n1,a,2023-01-15,60\n", "Item,Stock\nMug,4\n"
    table = orders(book(tmp_path, jan=jan, stock=stock))
    assert warnings_of(table) == ["source_unused"]


def test_orders_and_customers_in_two_files(tmp_path: Path) -> None:
    read = book(
        tmp_path,
        orders=f"{HEADER}\n1,a,2023-01-15,60\n",
        customers="Customer id,Birth date,Joined\na,1990-05-01,2020-01-01\n",
    )
    assert read.inputs.customers is not None
    assert read.inputs.customers.rows == orders(read).rows == 1
    assert warnings_of(orders(read)) == []


# --- orders and their lines -------------------------------------------------------------------

HEADS = "Order number,Customer id,Order date\n1,a,2023-01-15\n2,b,2023-02-17\n3,a,2023-03-01\n"
LINES = (
    "Order number,Product,Quantity,Unit price\n2,Mug,2,20\n1,Bowl,1,30\n1,Mug,1,20\n3,Mug,3,20\n"
)


def test_lines_are_joined_by_order_number_in_any_order(tmp_path: Path) -> None:
    for files in ({"heads": HEADS, "lines": LINES}, {"lines": LINES, "heads": HEADS}):
        read = book(tmp_path, **files)
        table = orders(read)
        assert list(table.values("order_id")) == ["1", "1", "2", "3"]
        assert list(table.values("customer_id")) == ["a", "a", "b", "a"]
        assert list(table.values("amount_net")) == [30, 20, 40, 60]
        assert list(table.values("product")) == ["Bowl", "Mug", "Mug", "Mug"]
        assert "joined by order number" in "\n".join(read.inputs.notes)
        assert warnings_of(table) == []


def test_cells_are_named_in_the_table_they_are_from(tmp_path: Path) -> None:
    table = orders(book(tmp_path, heads=HEADS, lines=LINES.replace("3,Mug,3,20", "3,Mug,3,?")))
    assert [fault.cell for fault in table.faults] == ["lines!D5"]


def test_lines_without_an_order_and_orders_without_lines_are_told(tmp_path: Path) -> None:
    table = orders(book(tmp_path, heads=f"{HEADS}4,c,2023-03-02\n", lines=f"{LINES}9,Mug,1,20\n"))
    assert {"lines_without_order", "orders_without_lines"} <= set(warnings_of(table))
    counted = table.columns["left_out"].blank
    assert table.values("amount_net")[counted].sum() == 150


def test_lines_and_orders_of_two_months(tmp_path: Path) -> None:
    first, *rest = HEADS.splitlines()
    table = orders(
        book(
            tmp_path,
            heads1="\n".join([first, *rest[:2], ""]),
            heads2="\n".join([first, *rest[1:], ""]),
            lines1=LINES,
            lines2=LINES,
        )
    )
    assert list(table.values("amount_net")) == [30, 20, 40, 60]


def test_a_table_of_returns_is_no_table_of_lines(tmp_path: Path) -> None:
    heads = "Order number,Customer id,Order date,Net amount\n" + "".join(
        f"{number},a,2023-01-{number:02},10\n" for number in range(1, 21)
    )
    returns = "Order number,Product,Amount\n3,Mug,5\n"
    table = orders(book(tmp_path, heads=heads, returns=returns))
    assert table.rows == 20
    assert warnings_of(table) == ["source_unused"]
