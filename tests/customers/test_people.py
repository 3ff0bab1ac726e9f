"""Orders and customer sheet put together."""

from datetime import date

import numpy as np
import pytest

from xlclv.customers.people import days, people
from xlclv.customers.windows import CALENDAR_YEAR, LIFETIME, ROLLING
from xlclv.errors import NotEnoughData
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, ORDERS, RawTable, Table, TableSpec, read_table
from xlclv.value.simple import clv

TODAY = date(2026, 6, 30)
ON_TODAY = Settings(as_of=TODAY)


def _table(spec: TableSpec, columns: dict[str, list[object]]) -> Table:
    return read_table(RawTable(list(columns), list(columns.values())), spec)


def orders(*rows: tuple[str, str, float]) -> Table:
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    names = ("customer_id", "order_date", "amount_net")
    return _table(ORDERS, {name: list(cells) for name, cells in zip(names, columns, strict=True)})


def customers(**columns: list[object]) -> Table:
    return _table(CUSTOMERS, columns)


TWO_YEARS = [("a", "2024-06-30", 40.0), ("a", "2026-06-29", 60.0), ("b", "2025-12-31", 30.0)]


def test_orders_alone_give_clv_from_the_averages_and_the_horizon() -> None:
    everybody = people(orders(*TWO_YEARS), None, ON_TODAY)
    years = 730 / 365.25
    assert everybody.ids.tolist() == ["a", "b"]
    assert everybody.per_year == pytest.approx([2 / years, 1])
    assert everybody.avg_value.tolist() == [50, 30]
    assert everybody.lifespan.tolist() == [3, 3]
    assert everybody.clv == pytest.approx([50 * 2 / years * 3, 90])
    assert everybody.tenure == pytest.approx([years, 181 / 365.25])
    assert everybody.days_since.tolist() == [1, 181]
    assert everybody.next_order.tolist() == [date(2028, 6, 27), date(2027, 12, 30)]


def test_a_sheet_alone_gives_clv_from_its_columns() -> None:
    sheet = customers(
        customer_id=["a", "b"], avg_value=[50, 60], frequency=[2, 1], lifespan=[3, None]
    )
    everybody = people(None, sheet)
    assert everybody.clv.tolist() == [300, 180]
    assert everybody.gap.tolist() == [365.25 / 2, 365.25]
    assert everybody.status.tolist() == ["Unknown", "Unknown"]
    assert np.isnat(everybody.as_of)
    assert np.isnan(everybody.days_since).all()
    assert np.isnat(everybody.next_order).all()
    assert everybody.log is None


def test_orders_count_where_both_speak_and_the_sheet_adds_the_rest() -> None:
    sheet = customers(
        customer_id=["c", "b"],
        avg_value=[10, 999],
        frequency=[2, 999],
        lifespan=[5, 4],
        margin=[0.5, 0.5],
        acq_cost=[None, 7],
        last_order=["2026-06-01", "2020-01-01"],
    )
    everybody = people(orders(*TWO_YEARS), sheet, ON_TODAY)
    assert everybody.ids.tolist() == ["a", "b", "c"]
    assert everybody.sheet_row.tolist() == [-1, 1, 0]
    assert everybody.avg_value.tolist() == [50, 30, 10]
    assert everybody.lifespan.tolist() == [3, 4, 5]
    assert everybody.last.astype(str).tolist() == ["2026-06-29", "2025-12-31", "2026-06-01"]
    assert everybody.clv[1:].tolist() == [30 * 1 * 4 * 0.5 - 7, 10 * 2 * 5 * 0.5]
    assert np.isnan(everybody.orders[2])


def test_the_settings_stand_in_for_what_nobody_says() -> None:
    settings = Settings(
        as_of=TODAY, margin=0.4, discount_rate=0.1, timing=0.5, horizon=2, acq_cost=5
    )
    everybody = people(orders(("a", "2026-01-01", 100.0)), None, settings)
    assert everybody.clv.tolist() == [float(clv(100, 1, 2, 0.4, 0.1, 5, 0.5))]


def test_a_cell_that_cannot_be_read_leaves_no_clv() -> None:
    sheet = customers(customer_id=["a", "b"], avg_value=[50, 50], frequency=["often", 2])
    everybody = people(None, sheet)
    assert everybody.valued.tolist() == [False, True]
    noted = customers(
        customer_id=["a"], avg_value=[50], frequency=[2], birth_date=["some day in May"]
    )
    assert people(None, noted).clv.tolist() == [300]


def test_without_drivers_there_is_no_clv() -> None:
    assert np.isnan(people(None, customers(customer_id=["a"], avg_value=[50])).clv).all()


@pytest.mark.parametrize(
    ("last_order", "status"),
    [
        ("2026-06-29", "Active"),
        ("2025-12-31", "Active"),
        ("2025-06-30", "At risk"),
        ("2024-12-01", "Passive"),
        ("2023-01-01", "Lost"),
        (None, "Unknown"),
        ("2026-07-01", "Unknown"),
    ],
)
def test_the_status_of_a_sheet_goes_by_its_frequency(last_order: object, status: str) -> None:
    sheet = customers(customer_id=["a"], avg_value=[1], frequency=[2], last_order=[last_order])
    assert people(None, sheet, ON_TODAY).status.tolist() == [status]


def test_the_status_uses_the_multiples_of_the_settings() -> None:
    settings = Settings(as_of=TODAY, at_risk=0.1, passive=0.2, lost=0.3)
    assert people(orders(("a", "2026-01-01", 1.0)), None, settings).status.tolist() == ["Lost"]


def test_somebody_without_an_order_has_none() -> None:
    cancelled = [("a", "2026-01-01", 5.0), ("a", "2026-01-01", -5.0)]
    everybody = people(orders(*cancelled), customers(customer_id=["b"], order_count=[0]), ON_TODAY)
    assert everybody.status.tolist() == ["No order", "No order"]


def test_the_day_is_that_of_the_settings_else_of_the_orders_else_of_the_sheet() -> None:
    sheet = customers(customer_id=["a", "b"], last_order=["2026-05-01", "2026-04-01"])
    found = orders(("a", "2026-03-01", 1.0))
    assert people(found, sheet, ON_TODAY).as_of == np.datetime64(TODAY)
    assert people(found, sheet).as_of == np.datetime64("2026-03-01")
    assert people(None, sheet).as_of == np.datetime64("2026-05-01")


def test_of_twins_on_the_sheet_the_first_counts() -> None:
    sheet = customers(customer_id=["a", "b", "a"], avg_value=[1, 2, 3], frequency=[1, 1, 1])
    everybody = people(None, sheet)
    assert everybody.ids.tolist() == ["a", "b"]
    assert everybody.avg_value.tolist() == [1, 2]


def test_a_fact_is_a_column_of_the_sheet_for_each_customer() -> None:
    sheet = customers(customer_id=["c", "b"], tags=["x;y", None], opt_in=["No", None])
    everybody = people(orders(*TWO_YEARS), sheet, ON_TODAY)
    assert everybody.fact("tags").tolist() == ["", "", "x;y"]
    assert everybody.fact("opt_in", default=True).tolist() == [True, True, False]
    assert np.isnan(everybody.fact("churn")).all()
    alone = people(orders(*TWO_YEARS), None, ON_TODAY)
    assert alone.fact("tags").tolist() == ["", ""]


def test_windows_count_the_orders_and_money_inside() -> None:
    found = orders(
        ("a", "2025-06-30", 1.0),
        ("a", "2025-07-01", 2.0),
        ("a", "2025-12-31", 4.0),
        ("a", "2026-01-01", 8.0),
    )
    everybody = people(found, customers(customer_id=["b"]), ON_TODAY)
    spent = {
        window.code: everybody.spend(window)[0] for window in (LIFETIME, ROLLING, CALENDAR_YEAR)
    }
    assert spent == {"Lifetime": 15, "Rolling 12 months": 14, "Calendar year": 8}
    assert everybody.order_count()[0] == 4
    assert everybody.order_count(ROLLING)[0] == 3
    assert everybody.order_count(CALENDAR_YEAR)[0] == 1
    assert np.isnan([everybody.spend()[1], everybody.order_count()[1]]).all()


def test_without_orders_windows_fall_back_on_the_sheet() -> None:
    everybody = people(None, customers(customer_id=["a"], revenue=[9], order_count=[2]))
    assert (everybody.spend().tolist(), everybody.order_count().tolist()) == ([9], [2])


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        ("2024-02-29", "2023-02-28"),
        ("2025-02-28", "2024-02-28"),
        ("2026-01-01", "2025-01-01"),
        ("2026-12-31", "2025-12-31"),
    ],
)
def test_a_rolling_window_begins_after_the_same_day_a_year_earlier(day: str, earlier: str) -> None:
    assert ROLLING.opened(np.array([day], "M8[D]")).astype(str).tolist() == [earlier]


def test_days_to_or_from_an_unknown_day_are_unknown() -> None:
    known = np.array(["2026-06-01", "NaT"], "datetime64[D]")
    assert days(known, np.datetime64(TODAY)).tolist()[0] == 29
    assert np.isnan(days(known, np.datetime64(TODAY))[1])
    assert np.isnan(days(known, np.datetime64("NaT", "D"))).all()


def test_an_empty_order_table_counts_as_none() -> None:
    everybody = people(orders(), customers(customer_id=["a"]))
    assert everybody.lines is None


def test_nobody_at_all_says_so() -> None:
    with pytest.raises(NotEnoughData, match=r"\[N206\]$"):
        people(None, customers(customer_id=[]))
