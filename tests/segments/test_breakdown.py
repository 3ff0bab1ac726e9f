"""Segments, top share, curve and classes against plain Python."""

import math
from collections import defaultdict
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.errors import InputError, UndefinedError
from xlclv.segments.breakdown import histogram, pareto, segments, top_share
from xlclv.terms import TextArray

MONEY = st.integers(-400, 4000).map(lambda quarters: quarters / 4)
ROWS = st.lists(st.tuples(st.sampled_from("abcde"), MONEY, MONEY), min_size=1, max_size=40)
POSITIVE = st.lists(st.integers(1, 1000).map(float), min_size=1, max_size=60)


def labels(*texts: str) -> TextArray:
    return np.array(texts, dtype=object)


@given(ROWS)
def test_segments_are_those_of_a_dictionary(rows: list[tuple[str, float, float]]) -> None:
    net: dict[str, list[float]] = defaultdict(list)
    for label, value, cost in rows:
        net[label].append(value - cost)
    names, values, costs = zip(*rows, strict=True)
    table = segments(np.array(values), labels(*names), np.array(costs))
    ranked = sorted(net, key=lambda label: -sum(net[label]))
    total = sum(value - cost for _, value, cost in rows)
    assert table["segment"].tolist() == ranked
    assert table["customer_count"].tolist() == [len(net[label]) for label in ranked]
    assert table["value_sum"].tolist() == [sum(net[label]) for label in ranked]
    assert table["value_mean"] == pytest.approx([mean(net[label]) for label in ranked])
    assert table["value_median"].tolist() == [median(net[label]) for label in ranked]
    shares = [sum(net[label]) / total if total else 0 for label in ranked]
    assert table["value_share"] == pytest.approx(shares)
    assert table["rank"].tolist() == list(range(1, len(ranked) + 1))


def test_segments_of_equal_sums_stand_in_the_order_of_the_rows() -> None:
    names = [f"{number * 7 % 400}" for number in range(400)]
    values = [float(number % 3) for number in range(400)]
    expected = sorted(names, key=lambda name: -values[names.index(name)])
    assert segments(np.array(values), labels(*names))["segment"].tolist() == expected


def test_segments_without_costs_are_gross() -> None:
    table = segments(np.array([300.0, 100, 200]), labels("web", "shop", "web"))
    assert table["value_sum"].tolist() == [500, 100]
    assert table["value_share"] == pytest.approx([5 / 6, 1 / 6])


@given(POSITIVE, st.integers(1, 100))
def test_the_top_share_is_that_of_a_sorted_list(values: list[float], percent: int) -> None:
    best = math.ceil(percent * len(values) / 100)
    expected = sum(sorted(values, reverse=True)[:best]) / sum(values)
    assert top_share(np.array(values), percent / 100) == pytest.approx(expected)


def test_twenty_percent_of_five_is_one() -> None:
    assert top_share(np.array([10, 20, 30, 40, 900.0])) == 0.9


def test_seven_percent_of_a_hundred_are_seven_whatever_the_floats_say() -> None:
    assert 0.07 * 100 > 7
    assert top_share(np.ones(100), 0.07) == 0.07


def test_the_best_bring_more_than_all_where_others_cost() -> None:
    assert top_share(np.array([100.0, -50.0]), 0.5) == 2


@pytest.mark.parametrize("values", [[0.0, 0.0], [5.0, -5.0], [-1.0]])
def test_a_total_of_0_or_less_has_no_share(values: list[float]) -> None:
    with pytest.raises(UndefinedError, match=r"\[U103\]$"):
        top_share(np.array(values), 0.2)


@pytest.mark.parametrize("top", [0, -0.2, 1.2])
def test_a_top_out_of_range_is_refused(top: float) -> None:
    with pytest.raises(InputError, match=r"^top is "):
        top_share(np.array([1.0]), top)


@given(POSITIVE)
def test_the_curve_rises_from_0_to_1_ever_less_steeply(values: list[float]) -> None:
    curve = pareto(np.array(values))
    share = curve["value_share"]
    assert (curve["customer_share"].size, share[0], share[-1]) == (21, 0, pytest.approx(1))
    assert (np.diff(share) >= -1e-12).all()
    assert (np.diff(share, 2) <= 1e-12).all()
    assert (share >= curve["customer_share"] - 1e-12).all()


@given(POSITIVE, st.integers(1, 20))
def test_the_curve_meets_the_top_share_where_it_counts_whole_customers(
    values: list[float], twentieths: int
) -> None:
    twenty = np.array(values * 20)
    reached = pareto(twenty)["value_share"][twentieths]
    assert reached == pytest.approx(top_share(twenty, twentieths / 20))


def test_the_curve_of_nothing_is_flat() -> None:
    assert pareto(np.zeros(3))["value_share"].tolist() == [0.0] * 21


@given(st.lists(st.integers(-2000, 5000).map(float), min_size=1, max_size=80), st.integers(3, 12))
def test_every_customer_stands_in_one_class(values: list[float], classes: int) -> None:
    table = histogram(np.array(values), classes)
    low, high = table["class_from"], table["class_to"]
    assert table["customer_count"].sum() == len(values)
    assert low[1:].tolist() == high[:-1].tolist()
    assert np.diff(low) == pytest.approx(np.full(low.size - 1, high[0] - low[0]))
    for start, end, count in list(zip(low, high, table["customer_count"], strict=True))[:-1]:
        assert sum(start <= value < end for value in values) == count
    assert sum(value >= low[-1] for value in values) == table["customer_count"][-1]


@given(st.lists(st.integers(0, 5000).map(float), min_size=1, max_size=80), st.integers(3, 12))
def test_classes_are_few_and_of_a_round_width(values: list[float], classes: int) -> None:
    table = histogram(np.array(values), classes)
    assert table["customer_count"].size == classes
    assert table["class_to"][-1] == np.inf
    width = float(table["class_to"][0] - table["class_from"][0])
    mantissa = width / 10 ** math.floor(math.log10(width) + 1e-9)
    assert min(abs(mantissa - step) for step in (1, 2, 2.5, 5)) < 1e-6


def test_one_giant_does_not_flatten_the_picture() -> None:
    table = histogram(np.append(np.arange(1000.0), 1e6))
    assert table["class_from"][-1] == 900
    assert table["customer_count"].tolist() == [100.0] * 9 + [101.0]
