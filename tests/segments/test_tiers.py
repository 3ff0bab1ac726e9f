"""Tiers against a loop, and proposed cut-offs against counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.errors import InputError, NotEnoughData
from xlclv.segments.tiers import Tiers, gap_to_next, read_tiers, tier, tier_cuts, tier_gap
from xlclv.tables import TIERS, RawTable, Table, read_table

THRESHOLDS = st.lists(st.integers(-50, 500).map(float), min_size=1, max_size=6, unique=True)
VALUES = st.lists(st.integers(-100, 600).map(float) | st.floats(-100, 600), min_size=1, max_size=20)


def table(**columns: list[object]) -> Table:
    return read_table(RawTable(list(columns), list(columns.values())), TIERS)


THREE = table(tier=["Mid", "High-end", "Budget"], enter_at=[100, 300, 0])


def placed(value: float, thresholds: list[float]) -> tuple[str, float]:
    """Walk up the tiers: the last one reached, and what the next one lacks."""
    name = "No tier"
    for threshold in sorted(thresholds):
        if value < threshold:
            return name, threshold - value
        name = f"T{threshold:g}"
    return name, 0.0


@given(THRESHOLDS, VALUES)
def test_tier_and_gap_are_those_of_a_loop(thresholds: list[float], values: list[float]) -> None:
    tiers = Tiers.of([f"T{threshold:g}" for threshold in thresholds], thresholds)
    expected = [placed(value, thresholds) for value in values]
    given_values = np.array(values)
    assert tiers.place(given_values).tolist() == [name for name, _ in expected]
    assert gap_to_next(given_values, tiers).tolist() == [gap for _, gap in expected]


@pytest.mark.parametrize(
    ("value", "name", "gap"),
    [
        (-1, "No tier", 1),
        (0, "Budget", 100),
        (99.99, "Budget", 100 - 99.99),
        (100, "Mid", 200),
        (300, "High-end", 0),
        (1e9, "High-end", 0),
    ],
)
def test_a_threshold_belongs_to_the_tier_above(value: float, name: str, gap: float) -> None:
    assert tier(value, THREE) == name
    assert tier_gap(value, THREE) == gap


def test_a_column_gives_a_column_and_a_number_one_text() -> None:
    assert tier([50, 150], THREE).tolist() == ["Budget", "Mid"]
    assert np.shape(tier_gap(50, THREE)) == ()


def test_a_tier_table_is_read_with_all_it_says() -> None:
    tiers = read_tiers(
        table(
            tier=["Gold", "Silver"],
            enter_at=[9, 5],
            treatment=["Gift", None],
            measure=["orders", "Orders"],
            window=["calendar year", "Calendar year"],
        )
    )
    assert tiers.names.tolist() == ["Silver", "Gold"]
    assert tiers.treatments.tolist() == ["", "Gift"]
    assert (tiers.measure.code, tiers.window.code) == ("Orders", "Calendar year")


def test_a_table_that_does_not_say_measures_clv_over_a_lifetime() -> None:
    tiers = read_tiers(THREE)
    assert (tiers.measure.code, tiers.window.code) == ("CLV", "Lifetime")


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"tier": ["a", "b"], "enter_at": [1, 1]}, "V111"),
        ({"tier": ["a", "A"], "enter_at": [1, 2]}, "V112"),
        ({"tier": ["a", "b"], "enter_at": [1, 2], "measure": ["CLV", "Orders"]}, "V113"),
        ({"tier": ["a", "b"], "enter_at": [1, 2], "measure": ["CLV", "Net spend"]}, "V113"),
        ({"tier": [], "enter_at": []}, "V114"),
        ({"tier": ["a", "b"], "enter_at": [1, "many"]}, "V102"),
        ({"tier": ["a", "b"], "enter_at": [1, None]}, "V101"),
        ({"tier": ["a", "b"], "enter_at": [1, 2], "measure": ["CLV", "Luck"]}, "V105"),
    ],
)
def test_a_tier_table_at_fault_is_refused(columns: dict[str, list[object]], code: str) -> None:
    with pytest.raises(InputError, match=rf"\[{code}\]$"):
        read_tiers(table(**columns))


def test_the_message_names_the_cell_at_fault() -> None:
    with pytest.raises(InputError, match=r"^B3: Enter at \(≥\) is \"many\"; expected a number"):
        read_tiers(table(tier=["a", "b"], enter_at=[1, "many"]))


def test_cut_offs_of_ten_customers() -> None:
    cuts = tier_cuts(np.array([10, 20, 30, 40, 50, 60, 70, 80, 90, 1000.0]))
    assert cuts["tier"].tolist() == ["Gold", "Silver", "Bronze"]
    assert cuts["cut_off"].tolist() == [90, 60, 0]
    assert cuts["customer_count"].tolist() == [2, 3, 5]
    assert cuts["value_share"] == pytest.approx([1090 / 1450, 210 / 1450, 150 / 1450])


@given(
    st.lists(st.integers(-100, 10_000).map(float), min_size=20, max_size=60, unique=True),
    st.sampled_from([(0.2, 0.3, 0.5), (0.5, 0.5), (0.1, 0.2, 0.3, 0.4), (1.0,)]),
)
def test_cut_offs_place_every_customer_where_they_are_counted(
    values: list[float], shares: tuple[float, ...]
) -> None:
    names = [f"T{number}" for number in range(len(shares))]
    try:
        cuts = tier_cuts(np.array(values), shares, names)
    except NotEnoughData as error:
        assert error.key == "equal_values"  # noqa: PT017 - cuts below 0 may meet the last one
        assert min(values) < 0 or len(shares) > 1
        return
    tiers = Tiers.of(names, cuts["cut_off"].tolist())
    held = tiers.place(np.array(values)).tolist()
    assert [held.count(name) for name in names] == cuts["customer_count"].tolist()
    for name, share in zip(names, cuts["value_share"], strict=True):
        own = sum(value for value, at in zip(values, held, strict=True) if at == name)
        assert share * sum(values) == pytest.approx(own, abs=1e-6)
    ideal = np.cumsum(shares) * len(values)
    assert (np.abs(np.cumsum(cuts["customer_count"]) - ideal) <= 0.5 + 1e-9).all()


def test_equal_values_stay_together() -> None:
    cuts = tier_cuts(np.array([9, 9, 9, 5, 5, 1, 1, 1, 1, 1.0]))
    assert cuts["customer_count"].tolist() == [3, 2, 5]


def test_the_lowest_tier_takes_negative_values_in() -> None:
    assert tier_cuts(np.array([5.0, -3.0]), [0.5, 0.5], ["A", "B"])["cut_off"].tolist() == [5, -3]


def test_a_sum_of_0_has_no_shares() -> None:
    cuts = tier_cuts(np.array([5.0, -5.0]), [0.5, 0.5], ["A", "B"])
    assert cuts["value_share"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("values", "shares", "names", "error", "code"),
    [
        ([1, 2, 3], (0.2, 0.3, 0.4), None, InputError, "V115"),
        ([1, 2, 3], (0.5, 0.5), None, InputError, "V116"),
        ([1, 2, 3], (20, 30, 50), None, InputError, "V103"),
        ([1, 2], (0.2, 0.3, 0.5), None, NotEnoughData, "N202"),
        ([1, 2, 3, 4], (0.01, 0.49, 0.5), None, NotEnoughData, "N202"),
        ([7, 7, 7, 7, 7, 7, 7, 7, 7, 1], (0.2, 0.3, 0.5), None, NotEnoughData, "N203"),
    ],
)
def test_cut_offs_that_cannot_be_had_say_why(
    values: list[float],
    shares: tuple[float, ...],
    names: list[str] | None,
    error: type[Exception],
    code: str,
) -> None:
    with pytest.raises(error, match=rf"\[{code}\]$"):
        tier_cuts(np.array(values, float), shares, names)
