"""Every customer's tier by what the tier table measures."""

from datetime import date

import numpy as np
import pytest

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
