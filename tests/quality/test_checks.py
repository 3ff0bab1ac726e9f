"""The data-quality report: each check finds its fault, names the cell and says what to do."""

import re
from datetime import date

import numpy as np
import pytest

from xlclv.customers.people import people
from xlclv.errors import InputError
from xlclv.quality.checks import Check, check_table, problems, table_checks
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, ORDERS, RULES, TIERS, Place, RawTable, Table, read_table
from xlclv.words import catalogue, has

SPECS = {"orders": ORDERS, "customers": CUSTOMERS, "tiers": TIERS, "rules": RULES}
PLAIN = ["customer_id", "order_date", "amount_net"]
ORDER = ["a", "2026-01-01", 5]


def table(name: str, headers: list[str], *rows: list[object]) -> Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(headers)
    return read_table(RawTable(headers, columns, Place(name.title())), SPECS[name])


def checks_of(
    orders: Table | None = None, customers: Table | None = None, as_of: date | None = None
) -> dict[str, Check]:
    everybody = people(orders, customers, Settings(as_of=as_of))
    return {check.key: check for check in table_checks(orders, customers, everybody)}


def test_a_clean_book_passes_every_check() -> None:
    orders = table("orders", PLAIN, ORDER, ["b", "2026-01-02", 7])
    sheet = table("customers", ["customer_id"], ["a"], ["b"])
    found = checks_of(orders, sheet)
    assert {check.level for check in found.values()} == {"ok"}
    assert problems(list(found.values())) == 0
    assert {check.where + check.fix for check in found.values()} == {""}


@pytest.mark.parametrize(
    ("key", "headers", "rows", "level", "cells"),
    [
        ("orders_unreadable", PLAIN, [["b", "31.12.2025", 5]], "fault", "Orders!B3"),
        (
            "orders_repeated",
            [*PLAIN, "order_id"],
            [["a", "2026-01-01", 5, "1"]],
            "warning",
            "Orders!A3",
        ),
        (
            "orders_other_currency",
            [*PLAIN, "currency_code"],
            [["b", "2026-01-01", 5, "EUR"], ["b", "2026-01-01", 5, "USD"]],
            "fault",
            "Orders!A4",
        ),
        ("orders_future", PLAIN, [["a", "2026-02-02", 5]], "warning", "Orders!A3"),
        (
            "refunds_alone",
            [*PLAIN, "order_id", "ref_order"],
            [["a", "2026-01-01", -5, "2", "77"]],
            "info",
            "Orders!A3",
        ),
        ("ids_alike", PLAIN, [["A", "2026-01-01", 5]], "warning", "Orders!A2, Orders!A3"),
        ("as_of_late", PLAIN, [["a", "2025-12-01", 5]], "ok", ""),
    ],
)
def test_a_fault_in_the_orders_is_found(
    key: str, headers: list[str], rows: list[list[object]], level: str, cells: str
) -> None:
    extra = {"order_id": "1", "currency_code": "EUR"}
    first = [*ORDER, *(extra.get(name) for name in headers[3:])]
    orders = table("orders", headers, first, *rows)
    check = checks_of(orders, as_of=date(2026, 2, 1))[key]
    assert re.sub(r": .*", "", check.where) == cells
    assert check.level == level


@pytest.mark.parametrize(("day", "level"), [(date(2026, 2, 1), "ok"), (date(2026, 2, 2), "info")])
def test_an_old_last_order_is_noted_after_31_days(day: date, level: str) -> None:
    check = checks_of(table("orders", PLAIN, ORDER), as_of=day)["as_of_late"]
    assert check.level == level
    assert ("2026-01-01" in check.where) is (level == "info")


@pytest.mark.parametrize(
    ("ids", "alike"),
    [
        (["007", "7", "8"], ["007", "7"]),
        (["a b", "AB", "c"], ["a b", "AB"]),
        (["0", "00", "x"], ["0", "00"]),
        (["a", "a", "b"], []),
        (["10", "1", "100"], []),
        (["0", None, "x"], []),
    ],
)
def test_ids_that_differ_by_zeros_case_or_spaces_are_named(
    ids: list[str | None], alike: list[str]
) -> None:
    rows: list[list[object]] = [[name, "2026-01-01", 5] for name in ids]
    check = checks_of(table("orders", PLAIN, *rows))["ids_alike"]
    assert [ids[int(cell[-1]) - 2] for cell in check.cells] == alike


def test_faults_of_the_customer_sheet_are_found() -> None:
    rows = [["a", 50, 2], ["a", 50, 2], ["b", "many", 2], ["c", None, None]]
    sheet = table("customers", ["customer_id", "avg_value", "frequency"], *rows)
    found = checks_of(None, sheet)
    assert found["customers_twice"].where == "Customers!A3"
    assert found["customers_unreadable"].where.startswith("Customers!B4: ")
    assert found["no_clv"].where == "b, c"
    assert problems(list(found.values())) == 3


def test_customers_worth_less_than_nothing_are_named() -> None:
    headers = ["customer_id", "avg_value", "frequency", "lifespan", "acq_cost"]
    sheet = table("customers", headers, ["a", 5, 1, 1, 6], ["b", 5, 1, 1, 5])
    assert checks_of(None, sheet)["negative_clv"].where == "a"


def test_buyers_that_are_not_on_the_sheet_are_named() -> None:
    orders = table("orders", PLAIN, ORDER, ["b", "2026-01-02", 7])
    check = checks_of(orders, table("customers", ["customer_id"], ["b"]))["not_on_sheet"]
    assert (check.level, check.where) == ("info", "a")


def test_sums_that_disagree_are_a_fault() -> None:
    orders = table("orders", PLAIN, ORDER, ["b", "2026-01-02", 7])
    everybody = people(orders, None)
    everybody.revenue[0] += 1
    found = {check.key: check.level for check in table_checks(orders, None, everybody)}
    assert (found["revenue_adds_up"], found["customers_add_up"]) == ("fault", "ok")


def test_five_cells_are_named_and_the_rest_counted() -> None:
    rows = [["a", "someday", 5]] * 1200
    check = checks_of(table("orders", PLAIN, ORDER, *rows))["orders_unreadable"]
    assert len(check.cells) == 5
    assert check.where.endswith(" … (1,200 in all)")


def test_a_count_without_cells_is_in_rows() -> None:
    assert Check("rules", "fault", 1200).where == "1,200 rows"


def test_no_usable_order_is_a_fault() -> None:
    frame = check_table(table("orders", PLAIN, ["a", "someday", 5]))
    titles = frame["check"].tolist()
    assert frame["result"][titles.index("There is no order")] == "✖ Fix"


def test_without_a_table_there_is_nothing_to_check() -> None:
    frame = check_table()
    assert {name: column.size for name, column in frame.items()} == dict.fromkeys(
        ("check", "result", "rows", "how_to_fix"), 0
    )


def test_tiers_and_rules_are_checked_too() -> None:
    tiers = table("tiers", ["tier", "enter_at"], ["Low", 0], ["Low", 5])
    rules = table("rules", ["rule_id", "rule_name"], ["R1", "x"], ["R1", "y"])
    frame = check_table(tier_table=tiers, rule_table=rules)
    by_title = dict(zip(frame["check"], zip(*list(frame.values())[1:], strict=True), strict=True))
    result, where, fix = by_title["The tiers are not in order"]
    assert (result, where.endswith("[V112]"), bool(fix)) == ("✖ Fix", True, True)
    result, where, fix = by_title["6 cells of the reward rules are at fault"]
    assert (result, "[R401]" in where, bool(fix)) == ("✖ Fix", True, True)


def test_sound_tiers_pass() -> None:
    frame = check_table(tier_table=table("tiers", ["tier", "enter_at"], ["Low", 0]))
    assert frame["result"].tolist() == ["✔ OK"]


def test_a_fault_in_a_table_never_stops_the_report() -> None:
    orders = table("orders", PLAIN, ["a", "#REF!", "x"], [None, None, 5], ORDER)
    sheet = table("customers", ["customer_id", "margin"], [None, 40], ["a", "x"])
    frame = check_table(orders, sheet)
    assert np.isin(["✖ Fix"], frame["result"]).all()


def test_every_check_has_its_texts() -> None:
    keys = {key.split(".")[1] for key in catalogue() if re.match(r"checks\.\w+\.title$", key)}
    assert keys
    for key in keys:
        check = Check(key, "fault", 1, told="" if has(f"checks.{key}.fix") else "As read.")
        assert check.title
        assert check.fix.endswith(".")


def test_a_range_without_a_needed_column_is_refused() -> None:
    with pytest.raises(InputError, match=r"lacks the column Amount net"):
        table("orders", PLAIN[:2], ["a", "2026-01-01"])
