"""What a customer sheet says of the drivers of CLV, and which source comes first."""

import numpy as np
import pytest

from xlclv.customers.sheet import Averages, averages, says_value, twins
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, RawTable, Table, read_table

TODAY = np.datetime64("2026-01-01")


def table(**columns: list[object]) -> Table:
    size = len(next(iter(columns.values())))
    ids: list[object] = [f"c{row}" for row in range(size)]
    given = {"customer_id": ids, **columns}
    return read_table(RawTable(list(given), list(given.values())), CUSTOMERS)


def drivers(settings: Settings | None = None, **cells: object) -> tuple[float, float, float]:
    found: Averages = averages(
        table(**{name: [cell] for name, cell in cells.items()}), settings or Settings(), TODAY
    )
    return float(found.avg_value[0]), float(found.frequency[0]), float(found.lifespan[0])


@pytest.mark.parametrize(
    ("names", "enough"),
    [
        ({"avg_value", "frequency"}, True),
        ({"avg_value", "order_count"}, True),
        ({"revenue", "order_count"}, True),
        ({"revenue", "frequency"}, False),
        ({"avg_value"}, False),
        ({"frequency"}, False),
        (set(), False),
    ],
)
def test_says_value_needs_a_value_and_a_frequency(names: set[str], enough: bool) -> None:  # noqa: FBT001
    assert says_value(names) is enough


def test_the_columns_themselves_come_first() -> None:
    cells = {"avg_value": 50, "frequency": 2, "lifespan": 3}
    other = {"revenue": 999, "order_count": 9, "churn": 0.5}
    assert drivers(**cells, **other) == (50, 2, 3)


def test_value_falls_back_on_revenue_per_order() -> None:
    assert drivers(revenue=300, order_count=4, frequency=2)[0] == 75
    assert np.isnan(drivers(revenue=300, order_count=0, frequency=2)[0])


@pytest.mark.parametrize(
    ("first_order", "per_year"),
    [("2024-01-01", 8 / (731 / 365.25)), ("2025-12-01", 8), (None, 8)],
)
def test_frequency_falls_back_on_orders_per_year(first_order: object, per_year: float) -> None:
    found = drivers(avg_value=50, order_count=8, first_order=first_order)
    assert found[1] == pytest.approx(per_year)


def test_without_a_day_the_years_end_at_the_last_order() -> None:
    sheet = table(avg_value=[50], order_count=[8], first_order=["2020-01-01"])
    assert averages(sheet, Settings(), None).frequency.tolist() == [8]
    dated = table(order_count=[8], first_order=["2020-01-01"], last_order=["2024-01-01"])
    assert averages(dated, Settings(), None).frequency == pytest.approx([8 / (1461 / 365.25)])


def test_lifespan_falls_back_on_churn_then_orders_then_the_horizon() -> None:
    days = {"first_order": "2022-01-01", "last_order": "2026-01-01"}
    assert drivers(churn=0.25, **days)[2] == 4
    assert drivers(churn=0, **days)[2] == pytest.approx(1461 / 365.25)
    assert drivers(first_order="2026-01-01", last_order="2026-01-01")[2] == 3
    assert drivers(Settings(horizon=7), avg_value=50)[2] == 7


def test_a_blank_cell_falls_through_row_by_row() -> None:
    sheet = table(avg_value=[50, None], revenue=[300, 300], order_count=[4, 4])
    assert averages(sheet, Settings(), TODAY).avg_value.tolist() == [50, 75]


def test_months_become_years() -> None:
    found = drivers(Settings(period="month"), avg_value=50, frequency=2, lifespan=36)
    assert found == (50, 24, 3)
    assert drivers(Settings(period="month"), churn=0.25)[2] == pytest.approx(4 / 12)


def test_what_the_sheet_does_not_say_is_unknown() -> None:
    value, frequency, lifespan = drivers(label="x")
    assert np.isnan([value, frequency]).all()
    assert lifespan == 3


def test_twins_are_the_later_rows_of_an_id() -> None:
    sheet = table(customer_id=["a", "b", "a", " a ", None, None], label=list("123456"))
    assert twins(sheet).tolist() == [False, False, True, True, False, False]
