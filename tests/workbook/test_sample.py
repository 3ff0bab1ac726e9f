"""The sample shop: the same every time, and rich enough for every tab."""

from collections import Counter
from datetime import date
from itertools import groupby

import pytest

from xlclv.tables import CUSTOMERS, ORDERS, RULES, TIERS, Table, read_table
from xlclv.words import words
from xlclv.workbook.results import Results
from xlclv.workbook.sample import AS_OF, START, sample_customers, sample_orders, starter_table
from xlclv.workbook.template import sample_results


@pytest.fixture(scope="module")
def shop() -> Results:
    return sample_results()


@pytest.fixture(scope="module")
def orders() -> Table:
    return read_table(sample_orders(), ORDERS)


def test_it_is_the_same_every_time() -> None:
    for make in (sample_orders, sample_customers):
        first, second = make(), make()
        assert [list(column) for column in first.columns] == [list(c) for c in second.columns]


def test_every_cell_is_in_order() -> None:
    for raw, spec in (
        (sample_orders(), ORDERS),
        (sample_customers(), CUSTOMERS),
        (starter_table(TIERS), TIERS),
        (starter_table(RULES), RULES),
    ):
        table = read_table(raw, spec)
        assert table.faults == ()
        assert table.rows > 0
    with pytest.raises(KeyError):
        starter_table(ORDERS)


def test_orders_lie_in_the_life_of_the_shop(orders: Table) -> None:
    days = orders.values("order_date").astype(object)
    assert min(days) >= START
    assert max(days) <= AS_OF
    assert list(days) == sorted(days)


def test_lines_of_an_order_are_of_one_customer_on_one_day(orders: Table) -> None:
    lines = sorted(
        zip(
            orders.values("order_id"),
            orders.values("customer_id"),
            orders.values("order_date").astype(str),
            strict=True,
        )
    )
    for order, group in groupby(lines, key=lambda line: line[0]):
        if not order.endswith("-R"):
            assert len({line[1:] for line in group}) == 1


def test_refunds_name_an_order_and_are_negative(orders: Table) -> None:
    refund = orders.values("is_refund")
    assert refund.sum() > 10
    assert (orders.values("amount_net")[refund] < 0).all()
    assert set(orders.values("ref_order")[refund]) <= set(orders.values("order_id"))


def test_every_kind_of_customer_is_there(shop: Results) -> None:
    people = shop.people
    assert set(words("choices.status")) <= set(people.status)
    assert {*shop.tiers.names, "No tier"} == set(shop.placing.tier)
    assert "C0013" in set(people.ids[people.clv < 0])
    assert len(set(people.fact("segment"))) == 5
    assert len(set(people.fact("acq_channel"))) == 4
    assert (people.fact("referred_by") != "").any()
    assert (~people.fact("opt_in", default=True)).any()
    wholesale = [at for at, one in enumerate(people.ids) if one.startswith("W")]
    assert len(wholesale) == 4
    assert people.valued[wholesale].all()


def test_birthdays_include_today_and_a_leap_day(shop: Results) -> None:
    born = [day.astype(object) for day in shop.people.fact("birth_date")]
    assert date(1988, 2, 29) in born
    assert any(day and (day.month, day.day) == (AS_OF.month, AS_OF.day) for day in born)
    assert None in born


def test_most_rules_grant_something(shop: Results) -> None:
    granting = Counter(one.rule.trigger for one in shop.decisions.by_rule if one.count)
    assert {"Birthday", "Tenure", "Tier reached", "Passive", "Date range"} <= set(granting)


def test_the_only_problem_is_the_customer_worth_less_than_nothing(shop: Results) -> None:
    assert [check.key for check in shop.checks if check.level in ("warning", "fault")] == [
        "negative_clv"
    ]
