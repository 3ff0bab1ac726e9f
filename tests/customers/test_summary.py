"""One row per customer: the published CDNOW counts, and a loop over generated logs."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.customers.log import order_log
from xlclv.customers.summary import Customers, customer_table, customers_of, statuses
from xlclv.errors import InputError, NotEnoughData
from xlclv.terms import DAYS_PER_YEAR

DATA = Path(__file__).parents[1] / "data" / "cdnow_sample.csv"
END = date(1997, 9, 30)
# BTYD 2.4.3 walkthrough (CDNOW 1/10 sample, calibration to 1997-09-30), the printed counts.
CUSTOMERS, REPEATS, ZERO_REPEATS, MOST_REPEATS = 2357, 2457, 1411, 29
SUM_RECENCY, SUM_AGE = 112_949, 539_779  # days
FIRST_CUSTOMER = {"x": 2, "t_x": 30.428571, "T": 38.857143}  # weeks


def cdnow_rows() -> Iterator[tuple[str, date, float]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["customer_id"], date.fromisoformat(row["order_date"]), float(row["amount"])


@pytest.fixture(scope="module")
def cdnow() -> Customers:
    ids, days, amounts = zip(*cdnow_rows(), strict=True)
    log = order_log(np.array(ids, dtype=object), days, np.array(amounts), np.datetime64(END))
    return customers_of(log)


def test_cdnow_has_the_published_counts(cdnow: Customers) -> None:
    repeats = cdnow.orders - 1
    assert cdnow.ids.size == CUSTOMERS
    assert repeats.sum() == REPEATS
    assert (repeats == 0).sum() == ZERO_REPEATS
    assert repeats.max() == MOST_REPEATS


def test_cdnow_has_the_published_days(cdnow: Customers) -> None:
    recency = (cdnow.last - cdnow.first).astype(int)
    age = (cdnow.as_of - cdnow.first).astype(int)
    assert (recency.sum(), age.sum()) == (SUM_RECENCY, SUM_AGE)
    # Customer 1 is printed in weeks, to 6 decimals.
    assert cdnow.orders[0] - 1 == FIRST_CUSTOMER["x"]
    assert recency[0] / 7 == pytest.approx(FIRST_CUSTOMER["t_x"], abs=5e-7)
    assert age[0] / 7 == pytest.approx(FIRST_CUSTOMER["T"], abs=5e-7)


def test_the_published_counts_follow_from_the_file_without_the_log() -> None:
    days: dict[str, set[date]] = defaultdict(set)
    for customer, day, _ in cdnow_rows():
        if day <= END:
            days[customer].add(day)
    repeats = Counter(len(bought) - 1 for bought in days.values())
    assert len(days) == CUSTOMERS
    assert sum(x * count for x, count in repeats.items()) == REPEATS
    assert (repeats[0], max(repeats)) == (ZERO_REPEATS, MOST_REPEATS)
    assert sum((max(bought) - min(bought)).days for bought in days.values()) == SUM_RECENCY
    assert sum((END - min(bought)).days for bought in days.values()) == SUM_AGE


def test_cdnow_money_is_that_of_the_file(cdnow: Customers) -> None:
    spent: dict[str, float] = defaultdict(float)
    for customer, day, amount in cdnow_rows():
        if day <= END:
            spent[customer] += amount
    assert dict(zip(cdnow.ids, cdnow.revenue, strict=True)) == pytest.approx(spent)


AS_OF = date(2026, 6, 30)
LOGS = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.dates(date(2023, 1, 1), date(2026, 7, 10)),
        st.integers(-40, 100).map(lambda quarters: quarters / 4),
    ),
    min_size=1,
    max_size=30,
)


def one_by_one(
    rows: list[tuple[str, date, float]], margin: float, horizon: float
) -> dict[str, dict[str, object]]:
    """Summarise each customer in plain Python; all purchases of a day are one order."""
    people: dict[str, dict[str, object]] = {}
    spans: dict[str, tuple[int, int]] = {}
    for customer in dict.fromkeys(name for name, day, _ in rows if day <= AS_OF):
        own = [(day, money) for name, day, money in rows if name == customer and day <= AS_OF]
        days = []
        for day in sorted({day for day, _ in own}):
            money = [amount for when, amount in own if when == day]
            free = all(amount >= 0 for amount in money)
            if free or (sum(money) > 0 and max(money) >= 0):
                days.append(day)
        revenue = sum(money for _, money in own)
        years = (AS_OF - days[0]).days / DAYS_PER_YEAR if days else 0.0
        value = max(revenue, 0) / len(days) if days else 0.0
        per_year = len(days) / max(years, 1)
        spans[customer] = ((days[-1] - days[0]).days, len(days) - 1) if days else (0, 0)
        people[customer] = {
            "first_order": days[0] if days else None,
            "last_order": days[-1] if days else None,
            "order_count": len(days),
            "revenue": revenue,
            "avg_value": value,
            "orders_per_year": per_year,
            "tenure": years,
            "historic_clv": revenue * margin,
            "projected_clv": value * per_year * horizon * margin,
        }
    own_gaps = [span / gaps for span, gaps in spans.values() if gaps]
    typical = median(own_gaps) if own_gaps else DAYS_PER_YEAR
    for customer, person in people.items():
        span, gaps = spans[customer]
        last = person["last_order"]
        person["status"] = "No order"
        if isinstance(last, date):
            waiting = (AS_OF - last).days / ((span + typical) / (gaps + 1))
            names = ("Active", "At risk", "Passive", "Lost")
            person["status"] = names[sum(waiting >= limit for limit in (1.5, 3, 6))]
    return people


@given(LOGS, st.floats(-1, 1), st.floats(0, 10))
def test_the_table_is_that_of_a_loop_over_customers(
    rows: list[tuple[str, date, float]], margin: float, horizon: float
) -> None:
    expected = one_by_one(rows, margin, horizon)
    ids, days, amounts = zip(*rows, strict=True)
    if not expected:
        with pytest.raises(NotEnoughData, match=r"\[N201\]$"):
            customer_table(ids, days, amounts, AS_OF)  # type: ignore[arg-type]
        return
    table = customer_table(ids, days, amounts, AS_OF, margin, horizon)  # type: ignore[arg-type]
    assert table["customer_id"].tolist() == list(expected)
    for name in expected[ids[0]] if ids[0] in expected else next(iter(expected.values())):
        actual = table[name].tolist()
        wanted = [person[name] for person in expected.values()]
        if name in ("first_order", "last_order", "status"):
            assert actual == wanted
        else:
            assert actual == pytest.approx(wanted, rel=1e-12, abs=1e-12)


def summary(*rows: tuple[str, str, float], as_of: str = "2026-06-30") -> Customers:
    ids, days, amounts = zip(*rows, strict=True)
    return customers_of(
        order_log(np.array(ids, dtype=object), days, np.array(amounts), np.datetime64(as_of))
    )


def test_the_usual_gap_is_the_mean_of_own_gaps_and_a_typical_one() -> None:
    people = summary(
        *(("often", day, 1) for day in ("2026-01-01", "2026-01-11", "2026-01-21")),
        *(("seldom", day, 1) for day in ("2026-01-01", "2026-03-02")),
        ("once", "2026-01-01", 1),
    )
    typical = (10 + 60) / 2  # the median of 10 and 60 days
    assert people.gap.tolist() == [(20 + typical) / 3, (60 + typical) / 2, typical]


def test_the_usual_gap_is_a_year_if_nobody_ordered_twice() -> None:
    assert summary(("a", "2026-01-01", 1)).gap.tolist() == [DAYS_PER_YEAR]


def test_somebody_new_is_counted_over_a_whole_year() -> None:
    assert summary(("a", "2026-06-29", 1)).per_year.tolist() == [1]


def test_revenue_below_0_makes_no_negative_average() -> None:
    people = summary(("a", "2026-01-01", 10), ("a", "2026-02-01", -30))
    assert (people.orders.tolist(), people.avg_value.tolist()) == ([1], [0])
    assert people.revenue.tolist() == [-20]


def test_a_customer_whose_orders_were_cancelled_has_no_order() -> None:
    people = summary(("a", "2026-01-01", 10), ("a", "2026-01-01", -10))
    assert np.isnat([people.first[0], people.last[0]]).all()
    assert statuses(people).tolist() == ["No order"]
    assert people.tenure.tolist() == [0]


def test_a_customer_table_has_its_columns_in_order() -> None:
    table = customer_table(["a"], ["2026-01-01"], [5], "2026-01-01")  # type: ignore[arg-type,list-item]
    assert ",".join(table) == (
        "customer_id,first_order,last_order,order_count,revenue,avg_value,orders_per_year,tenure,"
        "historic_clv,projected_clv,status"
    )


def test_a_margin_out_of_range_is_refused() -> None:
    with pytest.raises(InputError, match=r"^margin is 40; .*Did you mean 40%\?"):
        customer_table(["a"], ["2026-01-01"], [5], "2026-01-01", 40)  # type: ignore[arg-type,list-item]
