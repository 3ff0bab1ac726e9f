"""Every customer's tier by what the tier table measures."""

from datetime import date

import numpy as np
import pytest

from xlclv.customers.orders import single_orders
from xlclv.customers.people import People, people
from xlclv.errors import InputError
from xlclv.segments.placing import place
from xlclv.segments.tiers import Tiers, read_tiers
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, ORDERS, TIERS, RawTable, Table, TableSpec, read_table


def table(spec: TableSpec, **columns: list[object]) -> Table:
    return read_table(RawTable(list(columns), list(columns.values())), spec)


def tiers(measure: str, window: str = "Lifetime") -> Tiers:
    names: list[object] = ["Low", "High"]
    return read_tiers(
        table(TIERS, tier=names, enter_at=[1, 10], measure=[measure] * 2, window=[window] * 2)
    )


@pytest.fixture
def everybody() -> People:
    orders = table(
        ORDERS,
        customer_id=["a", "a", "b"],
        order_date=["2024-01-01", "2026-06-01", "2020-01-01"],
        amount_net=[8, 4, 5],
    )
    sheet = table(CUSTOMERS, customer_id=["c", "d"], avg_value=[2, None], frequency=[1, None])
    return people(orders, sheet, Settings(as_of=date(2026, 6, 30)))


@pytest.mark.parametrize(
    ("measure", "window", "placed", "gaps"),
    [
        ("Net spend", "Lifetime", ["High", "Low"], [0, 5]),
        ("Net spend", "Rolling 12 months", ["Low", "No tier"], [6, 1]),
        ("Orders", "Lifetime", ["Low", "Low"], [8, 9]),
        ("Orders", "Calendar year", ["Low", "No tier"], [9, 1]),
    ],
)
def test_spend_and_orders_of_a_window_decide(
    everybody: People, measure: str, window: str, placed: list[str], gaps: list[float]
) -> None:
    placing = place(everybody, tiers(measure, window))
    assert placing.tier.tolist() == [*placed, "", ""]
    assert placing.gap[:2].tolist() == gaps
    assert np.isnan(placing.gap[2:]).all()


def test_clv_decides_where_nothing_else_is_said(everybody: People) -> None:
    placing = place(everybody, Tiers.of(["Low", "High"], [1, 10]))
    assert placing.value.tolist()[:3] == everybody.clv.tolist()[:3]
    assert placing.tier.tolist() == ["High", "Low", "Low", ""]
    assert placing.gap[2] == 10 - 2 * 1 * 3
    assert np.isnan([placing.value[3], placing.gap[3]]).all()


def test_points_are_not_known_yet(everybody: People) -> None:
    with pytest.raises(InputError, match=r'^The tiers measure "Points earned".*\[V121\]$'):
        place(everybody, tiers("Points earned"))


def test_points_decide_where_they_are_known(everybody: People) -> None:
    points = np.array([9.0, 10.0, 0.0, np.nan])
    placing = place(everybody, tiers("Points earned"), points_earned=points)
    assert placing.tier.tolist() == ["Low", "High", "No tier", ""]
    assert placing.gap.tolist()[:3] == [1, 0, 1]


def test_a_tier_once_reached_stays_until_it_is_lost() -> None:
    orders = table(
        ORDERS,
        customer_id=["a", "a", "b"],
        order_date=["2025-01-10", "2026-02-01", "2024-01-10"],
        amount_net=[20, 4, 12],
    )
    everybody = people(orders, None, Settings(as_of=date(2026, 2, 15)))
    placing = place(everybody, tiers("Net spend", "Rolling 12 months"))
    assert placing.value.tolist() == [4, 0]
    assert placing.tier.tolist() == ["High", "Low"]  # High is in grace, Low was lost to
    assert placing.gap.tolist() == [0, 10]
    assert str(placing.standing.grace_until[0]) == "2026-03-02"
    assert [str(day) for day in placing.standing.moves.day] == [
        *("2024-01-10", "2025-01-10", "2025-03-03"),
    ]


def test_orders_may_be_handed_over(everybody: People) -> None:
    assert everybody.lines is not None
    assert everybody.log is not None
    orders = single_orders(everybody.lines, everybody.log)
    given = place(everybody, tiers("Net spend"), orders=orders)
    assert given.tier.tolist() == place(everybody, tiers("Net spend")).tier.tolist()


@pytest.mark.parametrize("measure", ["Net spend", "Orders", "CLV"])
def test_the_customer_sheet_may_say_which_tier_a_customer_has(measure: str) -> None:
    orders = table(
        ORDERS, customer_id=["a", "b"], order_date=["2026-06-01"] * 2, amount_net=[0.01, 0.01]
    )
    sheet = table(
        CUSTOMERS,
        customer_id=["x", "b", "y"],
        current_tier=["high", "High", "Platin"],
        tier_since=["2026-06-10", "2026-06-10", "2026-06-10"],
    )
    everybody = people(orders, sheet, Settings(as_of=date(2026, 6, 30)))
    placing = place(everybody, tiers(measure, "Rolling 12 months"))
    assert everybody.ids.tolist() == ["a", "b", "x", "y"]
    assert placing.tier[1:].tolist() == ["High", "High", ""]
    assert placing.unknown_tier.tolist() == [False, False, False, True]
    assert str(placing.standing.since[2]) == "2026-06-10"
    assert np.isnan(placing.value[2])


def test_without_a_day_a_tier_given_has_no_end() -> None:
    sheet = table(
        CUSTOMERS,
        customer_id=["x", "y"],
        avg_value=[1, 1],
        frequency=[1, 1],
        current_tier=["High", ""],
        tier_since=["2001-06-10", None],
    )
    placing = place(people(None, sheet), tiers("CLV"))
    assert placing.tier.tolist() == ["High", "Low"]
    assert np.isnat(placing.standing.valid_until).all()
