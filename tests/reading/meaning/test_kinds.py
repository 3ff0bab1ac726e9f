"""One small table per kind, and further ones of it: what each means, to the cent."""
# ruff: noqa: E501 - rows of tables are as long as they are

import csv
import io

import numpy as np
import pytest

from tests.reading.meaning.tables_of_amounts import OF_AMOUNTS
from tests.reading.meaning.tables_of_rows import OF_ROWS
from xlclv import headers
from xlclv.customers.lines import read_lines
from xlclv.errors import InputError
from xlclv.reading.choices import Choices
from xlclv.reading.meaning.understand import understand
from xlclv.reading.question import Question
from xlclv.tables import Place, RawTable, Table, title


def table_of(text: str, choices: Choices | None = None) -> Table:
    separator = ";" if ";" in text.splitlines()[0] else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    columns = [list(column) for column in zip(*rows[1:], strict=True)]
    return understand(RawTable(rows[0], columns, Place("orders")), choices)


def figures(table: Table) -> str:
    log = read_lines(table).log()
    revenue = round(float(np.sum(log.line_amount)), 2)
    return f"{log.ids.size}/{log.amount.size}/{revenue:g}"


def red(table: Table) -> set[str]:
    assert table.reading is not None
    return {rule.name for rule in table.reading.rules if rule.level != "info"}


READABLE = [*OF_AMOUNTS, *OF_ROWS]
ASKED = [
    (
        "t1 total const 3",
        "2/3/140",
        (
            "Order ID,Customer ID,Order Date,Product,Total\n"
            "1,C1,2023-01-05,Mug,60\n"
            "1,C1,2023-01-05,Plate,60\n"
            "2,C2,2023-02-05,Bowl,30\n"
            "3,C1,2023-03-05,Mug,50\n"
            "3,C1,2023-03-05,Plate,50\n"
        ),
    ),
    (
        "t13 amount,discount",
        "2/2/80",
        (
            "Order ID,Customer ID,Order Date,Amount,Discount\n"
            "1,C1,2023-01-05,50,5\n"
            "2,C2,2023-02-05,30,3\n"
        ),
    ),
    (
        "n2 disc pct",
        "2/2/80",
        (
            "Order ID,Customer ID,Order Date,Amount,Discount\n"
            "1,C1,2023-01-05,50,10%\n"
            "2,C2,2023-02-05,30,0%\n"
        ),
    ),
]
ALARMING = [
    (
        "status_unknown",
        (
            "Order ID,Customer ID,Order Date,Amount,Status\n"
            "1,C1,2023-01-05,10,Paid\n"
            "2,C2,2023-02-05,20,Zapped\n"
        ),
    ),
    (
        "ids_lost_digits",
        (
            "Order ID,Customer ID,Order Date,Amount\n"
            "1,1.23E+12,2023-01-05,10\n"
            "2,1.23E+12,2023-02-05,20\n"
            "3,C3,2023-03-05,30\n"
        ),
    ),
    (
        "column_unused",
        (
            "Order ID,Customer ID,Order Date,Amount,Handling tax extra amount\n"
            "1,C1,2023-01-05,10,2\n"
            "2,C2,2023-02-05,20,3\n"
        ),
    ),
]


@pytest.mark.parametrize(
    ("wanted", "text"), [case[1:] for case in READABLE], ids=[c[0] for c in READABLE]
)
def test_a_table_means_what_it_says(wanted: str, text: str) -> None:
    table = table_of(text)
    assert figures(table) == wanted
    assert red(table) == set()


@pytest.mark.parametrize(
    ("wanted", "text"), [case[1:] for case in ASKED], ids=[c[0] for c in ASKED]
)
def test_two_readings_are_asked_about_with_both_sums(wanted: str, text: str) -> None:
    with pytest.raises(Question) as asked:
        table_of(text)
    told = dict(pair.split("=", 1) for option, pair in asked.value.options if option == "--map")
    assert told
    assert figures(table_of(text, Choices(told))) == wanted


@pytest.mark.parametrize(("rule", "text"), ALARMING)
def test_what_nobody_knows_is_red(rule: str, text: str) -> None:
    assert rule in red(table_of(text))


def test_months_are_no_days() -> None:
    text = "Order ID,Customer ID,Order Date,Amount\n1,C1,202301,10\n2,C2,202302,10\n"
    with pytest.raises(InputError, match="is a month"):
        table_of(text)


def test_a_status_is_settled_by_the_user() -> None:
    text = "Order ID,Customer ID,Order Date,Amount,Status\n1,C1,2023-01-05,10,Paid\n2,C2,2023-02-05,20,Zapped\n"
    ignored = table_of(text, Choices(status={"Zapped": "ignore"}))
    assert (figures(ignored), red(ignored)) == ("1/1/10", set())
    counted = table_of(text, Choices(status={"zapped": "counts"}))
    assert (figures(counted), red(counted)) == ("2/2/30", set())


def test_a_column_can_be_named_as_the_workbook_does_or_left_out() -> None:
    text = "No,Who,Order Date,Gulden,Tax\n1,C1,2023-01-05,10,1\n2,C2,2023-02-05,20,2\n"
    named = {"Customer id": "Who", "amount_net": "Gulden"}
    assert figures(table_of(text, Choices(named))) == "2/2/30"
    text = "Order ID,Customer ID,Order Date,Amount,Tax\n1,C1,2023-01-05,100,9.37\n"
    with pytest.raises(Question):
        table_of(text)
    assert figures(table_of(text, Choices({"tax": ""}))) == "1/1/100"


def test_a_normal_form_read_again_says_the_same() -> None:
    for _, wanted, text in READABLE:
        table = table_of(text)
        names = [name for name in table.columns if name in table.spec.columns]
        columns = []
        for name in names:
            column = table.columns[name]
            cells = column.values.astype(object)
            cells[column.blank] = None
            columns.append(list(cells))
        again = understand(RawTable([title(name) for name in names], columns, Place("Orders")))
        assert figures(again) == wanted, text


def test_every_name_stands_once() -> None:
    for kind in ("orders", "customers"):
        seen: dict[str, str] = {}
        for language in headers.LANGUAGES:
            for column, listed in headers.listed(language)[kind].items():
                for name in listed:
                    assert seen.setdefault(headers.key(name), column) == column, name
