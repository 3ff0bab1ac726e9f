"""RFM scores against the published R example, the segment grid and a loop over customers."""

import csv
import math
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.errors import InputError, NotEnoughData
from xlclv.segments.rfm import quantile_class, rfm_table, score_table, segment
from xlclv.terms import Frame

DATA = Path(__file__).parents[1] / "data" / "rfm_orders.csv"
# README of the R package rfm 0.3.0, analysis date 2006-12-31: days, orders, amount, score.
PRINTED = {
    "Abbey O'Reilly": (205, 6, 472, "343"),
    "Add Senger": (140, 3, 340, "412"),
    "Aden Lesch": (194, 4, 405, "323"),
    "Aden Murphy": (98, 7, 596, "544"),
    "Admiral Senger": (132, 5, 448, "433"),
}
ANALYSED = date(2006, 12, 31)
# Of the whole table, computed with that package.
CUSTOMERS, SCORE_SUMS = 995, {"r_score": 2990, "f_score": 2746, "m_score": 2977}
MOST_FREQUENT = {"111": 75, "555": 35, "455": 32}

# Common to most public RFM code: R down, F across, 1 to 5.
GRID = {
    "Hibernating": ("11", "12", "21", "22"),
    "At Risk": ("13", "14", "23", "24"),
    "Can't Lose Them": ("15", "25"),
    "About to Sleep": ("31", "32"),
    "Need Attention": ("33",),
    "Loyal Customers": ("34", "35", "44", "45"),
    "Promising": ("41",),
    "New Customers": ("51",),
    "Potential Loyalists": ("42", "43", "52", "53"),
    "Champions": ("54", "55"),
}


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, date, float]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return [
            (row["customer_id"], date.fromisoformat(row["order_date"]), float(row["revenue"]))
            for row in csv.DictReader(file)
        ]


def table_of(rows: list[tuple[str, date, float]], as_of: date, bins: int = 5) -> Frame:
    ids, days, amounts = zip(*rows, strict=True)
    return rfm_table(
        np.array(ids, dtype=object),
        np.array(days, dtype="datetime64[D]"),
        np.array(amounts),
        as_of.isoformat(),
        bins,
    )


def test_scores_are_those_printed_by_r(rows: list[tuple[str, date, float]]) -> None:
    table = table_of(rows, ANALYSED)
    codes = dict(zip(table["customer_id"], table["rfm_code"], strict=True))
    assert {name: codes[name] for name in PRINTED} == {
        name: printed[-1] for name, printed in PRINTED.items()
    }


def test_the_printed_days_orders_and_amounts_follow_from_the_file(
    rows: list[tuple[str, date, float]],
) -> None:
    for name, (days, orders, amount, _) in PRINTED.items():
        own = [(day, money) for customer, day, money in rows if customer == name]
        last = max(day for day, _ in own)
        assert ((ANALYSED - last).days, len(own)) == (days, orders)
        assert sum(money for _, money in own) == amount


def test_sums_of_scores_are_those_of_r(rows: list[tuple[str, date, float]]) -> None:
    table = table_of(rows, ANALYSED)
    assert table["customer_id"].size == CUSTOMERS
    assert {name: table[name].sum() for name in SCORE_SUMS} == SCORE_SUMS
    assert dict(Counter(table["rfm_code"]).most_common(3)) == MOST_FREQUENT


@pytest.mark.parametrize(
    ("pair", "name"), [(pair, name) for name, pairs in GRID.items() for pair in pairs]
)
def test_every_pair_of_scores_has_its_segment(pair: str, name: str) -> None:
    recency, frequency = (np.array([float(digit)]) for digit in pair)
    assert segment(recency, frequency).tolist() == [name]


def test_the_grid_covers_all_25_pairs_once() -> None:
    pairs = sorted(pair for pairs in GRID.values() for pair in pairs)
    assert pairs == [f"{r}{f}" for r, f in product(range(1, 6), repeat=2)]


def quantile(values: list[float], share: Fraction) -> Fraction:
    """Return the type-7 quantile, exactly: linear between the order statistics."""
    ranked = [Fraction(value) for value in sorted(values)]
    at = (len(ranked) - 1) * share
    low = math.floor(at)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (at - low) * (ranked[high] - ranked[low])


def r_class(value: float, values: list[float], bins: int) -> int:
    """Return the class as R does it: half-open between the quantiles plus 1."""
    edges = [quantile(values, Fraction(number, bins)) + 1 for number in range(1, bins)]
    return 1 + sum(value >= edge for edge in edges)


@given(st.lists(st.integers(0, 60).map(float), min_size=1, max_size=40), st.integers(2, 10))
def test_classes_of_whole_numbers_are_those_of_r(values: list[float], bins: int) -> None:
    expected = [r_class(value, values, bins) for value in values]
    assert quantile_class(np.array(values), bins).tolist() == expected


def test_rounding_of_a_quantile_moves_nobody() -> None:
    # The quantile 9/10 is 189, in floats a little more.
    values = [float(value) for value in range(0, 220, 10)]
    expected = [r_class(value, values, 10) for value in values]
    assert quantile_class(np.array(values), 10).tolist() == expected


@given(st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=40))
def test_fractions_of_money_are_parted_too(values: list[float]) -> None:
    classes = quantile_class(np.array(values), 5)
    assert classes.min() >= 1
    assert classes.max() <= 5
    by_value = sorted(zip(values, classes, strict=True))
    assert all(a[1] <= b[1] for a, b in pairwise(by_value))


AS_OF = date(2026, 6, 30)
LOGS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.dates(date(2025, 6, 1), date(2026, 7, 10)),
        st.integers(-20, 100).map(float),
    ),
    min_size=1,
    max_size=40,
)


@given(LOGS)
def test_the_table_is_that_of_a_loop_over_customers(rows: list[tuple[str, date, float]]) -> None:
    own: dict[str, list[tuple[date, float]]] = defaultdict(list)
    for customer, day, money in rows:
        if day <= AS_OF:
            own[customer].append((day, money))
    bought = {
        name: [day for day, money in lines if money >= 0]
        for name, lines in own.items()
        if any(money >= 0 for _, money in lines)
    }
    if not bought:
        with pytest.raises(NotEnoughData, match=r"\[N201\]$"):
            table_of(rows, AS_OF)
        return
    recency = [float((AS_OF - max(days)).days) for days in bought.values()]
    frequency = [float(len(days)) for days in bought.values()]
    money = [sum(amount for _, amount in own[name]) for name in bought]
    table = table_of(rows, AS_OF, 4)
    assert table["customer_id"].tolist() == list(bought)
    assert table["r_score"].tolist() == [5 - r_class(days, recency, 4) for days in recency]
    assert table["f_score"].tolist() == [r_class(count, frequency, 4) for count in frequency]
    assert table["m_score"].tolist() == [r_class(amount, money, 4) for amount in money]


def test_ten_classes_keep_both_digits_of_the_code() -> None:
    numbers = np.arange(100.0)
    table = score_table(numbers.astype(object), -numbers, numbers, numbers, 10)
    assert (table["rfm_code"][0], table["rfm_code"][-1]) == ("111", "101010")
    assert (table["rfm_segment"][0], table["rfm_segment"][-1]) == ("Hibernating", "Champions")


@pytest.mark.parametrize("bins", [1, 11, 2.5, 0])
def test_a_number_of_classes_out_of_range_is_refused(bins: float) -> None:
    with pytest.raises(InputError, match=rf"^bins is {bins:g}; expected a whole number from 2 to"):
        rfm_table(
            np.array(["a"], object), np.array(["2026-01-01"], "M8[D]"), np.ones(1), AS_OF, bins
        )
